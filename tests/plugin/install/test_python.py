"""Which Python and which packages an engine gets: versions, platforms, locks, uv."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from install.driven import INTEL_MAC, LINUX, MAC, WINDOWS, Driven, put_uv

from geosam_plugin.install import uv_fetch
from geosam_plugin.install.platform import Platform
from geosam_plugin.install.problems import Kind, Problem
from geosam_plugin.install.python import PythonFacts, check
from geosam_plugin.install.steps import Flavour, Source, lock_uses
from geosam_plugin.paths import locks_directory


class TestPython:
    def facts(self, **other: object) -> PythonFacts:
        values = {
            "executable": "/opt/python", "version": (3, 12), "implementation": "CPython",
            "bits": 64, "libc": ("glibc", "2.36"),
        }  # fmt: skip
        return PythonFacts(**{**values, **other})

    @pytest.mark.parametrize(
        ("other", "kind"),
        [
            ({"version": (3, 9)}, Kind.PYTHON_TOO_OLD),
            ({"version": (3, 10)}, Kind.PYTHON_TOO_OLD),
            ({"version": (3, 15)}, Kind.PYTHON_TOO_NEW),
            ({"bits": 32}, Kind.PYTHON_NOT_64_BIT),
            ({"implementation": "PyPy"}, Kind.PYTHON_NOT_CPYTHON),
            ({"libc": ("glibc", "2.17")}, Kind.LIBC_TOO_OLD),
        ],
    )
    def test_unfit(self, other: dict[str, object], kind: Kind) -> None:
        with pytest.raises(Problem) as problem:
            check(self.facts(**other))
        assert problem.value.kind is kind

    @pytest.mark.parametrize("version", [(3, 11), (3, 14)])
    def test_fit(self, version: tuple[int, int]) -> None:
        check(self.facts(version=version))

    def test_too_old_gets_a_sentence(self, root: Path, tmp_path: Path) -> None:
        old = tmp_path / "python3.9"
        answer = json.dumps(
            {"executable": str(old), "version": [3, 9], "implementation": "CPython",
             "bits": 64, "libc": ["glibc", "2.36"]}
        )  # fmt: skip
        old.write_text(f"#!/bin/sh\necho '{answer}'\n")
        old.chmod(0o755)
        put_uv(root)
        succeeded, sentence = Driven(root).install(Source(), python=str(old)).wait()
        assert not succeeded
        assert sentence.startswith(f"{old} is Python 3.9; the engine needs 3.11 or newer.")

    def test_not_a_python_gets_a_sentence(self, root: Path, tmp_path: Path) -> None:
        put_uv(root)
        for path in (str(tmp_path / "missing"), "/bin/true"):
            succeeded, sentence = Driven(root).install(Source(), python=path).wait()
            assert not succeeded
            assert sentence == f"{path} is not a Python that can be run."

    def test_an_own_python_without_packages_is_told(self, root: Path) -> None:
        driven = Driven(root)
        driven.installer.verify("/usr/bin/python3", Flavour.BASE)
        succeeded, sentence = driven.wait()
        assert not succeeded
        assert "No module named" in sentence


class TestLocks:
    @pytest.mark.parametrize("platform", [LINUX, Platform("linux", "arm64"), WINDOWS, MAC])
    @pytest.mark.parametrize("flavour", list(Flavour))
    def test_every_use_has_hashes(self, platform: Platform, flavour: Flavour) -> None:
        if platform is MAC and flavour is Flavour.CUDA:
            with pytest.raises(Problem, match="no cuda build"):
                lock_uses(platform, flavour)
            return
        uses = lock_uses(platform, flavour)
        names = []
        for use in uses:
            text = (locks_directory() / f"{use.name}.lock").read_text("utf-8")
            assert "://" not in text.replace("https://download.pytorch.org", "")
            pins = [line for line in text.splitlines() if line[:1].isalnum()]
            assert all("==" in pin and pin.endswith("\\") for pin in pins)
            names += [pin.split("==")[0] for pin in pins]
        has_torch = flavour is not Flavour.BASE
        assert ("torch" in names) == ("sam2" in names) == has_torch
        assert "onnxruntime" in names

    def test_full_on_linux_brings_no_cuda(self) -> None:
        names = {use.name for use in lock_uses(LINUX, Flavour.FULL)}
        assert "torch" not in names
        assert "nvidia" not in (locks_directory() / "full.lock").read_text()

    def test_intel_macs_get_the_base_and_a_sentence(self) -> None:
        assert [use.name for use in lock_uses(INTEL_MAC, Flavour.BASE)] == ["base-macos-x86_64"]
        with pytest.raises(Problem, match="intel mac"):
            lock_uses(INTEL_MAC, Flavour.FULL)

    @pytest.mark.parametrize(
        "platform",
        [Platform("freebsd13", "x86_64"), Platform("linux", "riscv64"),
         Platform("macos", "arm64", (13, 6))],
    )  # fmt: skip
    def test_other_machines_are_told(self, platform: Platform) -> None:
        with pytest.raises(Problem):
            lock_uses(platform, Flavour.BASE)


class TestUv:
    @pytest.mark.parametrize(
        "platform", [LINUX, Platform("linux", "arm64"), WINDOWS, MAC, INTEL_MAC]
    )
    def test_one_wheel_each(self, platform: Platform) -> None:
        pin = uv_fetch.UvPin("1.2.3", frozenset())
        tags = [
            "manylinux_2_17_x86_64.manylinux2014_x86_64", "manylinux_2_28_aarch64", "win_amd64",
            "win_arm64", "musllinux_1_1_x86_64", "macosx_11_0_arm64", "macosx_10_12_x86_64",
        ]  # fmt: skip
        names = [f"uv-{v}-py3-none-{tag}.whl" for v in ("1.2.30", "1.2.3") for tag in tags]
        assert sum(uv_fetch.fits(name, pin, platform) for name in names) == 1

    def test_html_and_json_pages(self) -> None:
        page = (
            b"<html><a class='x' href=\"../../p/uv-1-a%2Bb.whl#sha256=0\">uv</a><a href='x.tar.gz'>"
        )
        address = "https://index.example/simple/uv/"
        assert uv_fetch.wheel_urls(page, address) == ["https://index.example/p/uv-1-a%2Bb.whl"]
        page = json.dumps({"files": [{"url": "uv-1.whl"}, {"url": "/uv-1.tar.gz"}]}).encode()
        assert uv_fetch.wheel_urls(page, address) == [f"{address}uv-1.whl"]
        assert uv_fetch.wheel_urls(b"<h1>Log in</h1>", address) == []
