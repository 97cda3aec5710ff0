"""The engine's installer: the real thing in a real QGIS.

The fresh installation takes its packages from the public index; without a network those tests
are skipped with a reason.
"""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from install.driven import ENDS_IN_THE_MIDDLE, INTEL_MAC, LINUX, MAC, WINDOWS, Driven, put_uv
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent
from qgis_window import PATIENCE_S

from geosam_plugin.engine.command import engine_command
from geosam_plugin.install import installer, run, steps, uv_fetch, work
from geosam_plugin.install.installer import EngineStatus, engine_status, find_engine
from geosam_plugin.install.python import candidates
from geosam_plugin.install.state import read_current
from geosam_plugin.install.steps import Flavour, Source, lock_uses, locks_hash
from geosam_plugin.paths import engine_source, locks_directory


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, qgis_app: object) -> tuple[Path, Driven]:
    """The base flavour, fresh from the package index, in a place that is hard on programs."""
    folder = tmp_path_factory.mktemp("geosam") / "Größe und Maß 測試"
    root = folder / ("x" * max(1, 200 - len(str(folder))))
    assert len(str(root)) >= 200
    if not is_reachable(f"{uv_fetch.DEFAULT_INDEX}/uv/"):
        pytest.skip(f"NOT TESTED, the package index is out of reach: {uv_fetch.DEFAULT_INDEX}")
    driven = Driven(root).install(Source())
    succeeded, _ = driven.wait()
    assert succeeded, driven.installer.log_text
    return root, driven


class TestFreshInstall:
    def test_it_is_current_and_small(self, engine: tuple[Path, Driven]) -> None:
        root, driven = engine
        record = read_current(root)
        assert record is not None
        assert record.flavour == "base"
        assert [path.name for path in root.glob("engine-*")] == [record.directory]
        assert (
            record.directory
            == f"engine-{locks_hash(locks_directory(), lock_uses(LINUX, Flavour.BASE))}"
        )
        assert not (root / "downloads").exists(), "the downloads are of no use any more"
        assert any("Testing" in step for step in driven.steps)
        packages = {path.name for path in (root / record.directory).rglob("site-packages/*")}
        assert "onnxruntime" in packages
        assert not packages & {"torch", "sam2", "encoder_tool"}

    def test_it_encodes_and_clicks(self, engine: tuple[Path, Driven], tmp_path: Path) -> None:
        root, _ = engine
        record = read_current(root)
        assert record is not None
        command = engine_command(str(record.python_path(root)), str(engine_source()))
        done = subprocess.run(
            [command.program, "-m", "encoder_tool.selftest"],
            env=dict(command.environment), cwd=tmp_path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert json.loads(done.stdout)["iou"] > 0.85

    def test_qgis_finds_it(
        self, engine: tuple[Path, Driven], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root, _ = engine
        monkeypatch.setenv(installer.ROOT_VARIABLE, str(root))
        assert engine_status() is EngineStatus.READY
        found = find_engine()
        assert found is not None
        assert Path(found).is_relative_to(root)
        assert os.access(found, os.X_OK)

    def test_the_same_again_does_nothing(self, engine: tuple[Path, Driven]) -> None:
        root, _ = engine
        before = (root / "current.json").stat().st_mtime_ns
        again = Driven(root).install(Source())
        assert again.wait()[0]
        assert again.steps == []
        assert (root / "current.json").stat().st_mtime_ns == before

    def test_cut_in_the_middle_the_old_engine_stays(self, engine: tuple[Path, Driven]) -> None:
        root, _ = engine
        record, pointer = read_current(root), (root / "current.json").read_bytes()
        assert record is not None
        repair = Driven(root).install(Source(), repair=True)
        repair.wait(lambda: any("Installing packages" in step for step in repair.steps))
        time.sleep(0.3)
        repair.installer.cancel()
        assert repair.wait() == (False, "Cancelled. Nothing has changed.")
        assert (root / "current.json").read_bytes() == pointer
        assert [path.name for path in root.glob("engine-*")] == [record.directory]
        assert record.is_whole(root)
        assert not repair.installer.is_running

    @pytest.mark.parametrize("end", ["app.quit()", "os.kill(os.getpid(), 9)"])
    def test_qgis_ends_in_the_middle(
        self, engine: tuple[Path, Driven], tmp_path: Path, end: str
    ) -> None:
        root, _ = engine
        record, pointer = read_current(root), (root / "current.json").read_bytes()
        assert record is not None
        host = tmp_path / "host.py"
        host.write_text(ENDS_IN_THE_MIDDLE.format(end=end))
        home = str(Path(run.__file__).parents[2])
        done = subprocess.run(
            [sys.executable, str(host), home, str(root)],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        assert "ending" in done.stdout, done.stderr
        assert (root / "current.json").read_bytes() == pointer
        assert record.is_whole(root)
        again = Driven(root).install(Source())
        assert again.wait()[0], "the lock of a process that is gone does not count"
        if end == "app.quit()":
            assert [path.name for path in root.glob("engine-*")] == [record.directory]

    def test_a_running_installation_locks_others_out(self, engine: tuple[Path, Driven]) -> None:
        root, _ = engine
        first = Driven(root).install(Source(), repair=True)
        first.wait(lambda: bool(first.steps))
        succeeded, sentence = Driven(root).install(Source(), repair=True).wait()
        assert not succeeded
        assert f"process {os.getpid()}" in sentence
        first.installer.cancel()
        first.wait()


@pytest.mark.slow
def test_the_full_flavour_encodes_with_torch(
    engine: tuple[Path, Driven], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it from where users have it; torch from a wheel of this machine's that PyTorch
    published, where PyTorch's own index is out of reach."""
    shutil.copytree(engine[0] / "uv", root / "uv")
    python = shutil.which("python3.11")
    if is_reachable(f"{steps.PYTORCH_CPU}/torch/"):
        driven = Driven(root).install(Source(), Flavour.FULL)
        succeeded, _ = driven.wait(seconds=3 * PATIENCE_S)
    else:
        wheel = _torch_wheel()
        if wheel is None or python is None:
            pytest.skip(f"NOT TESTED, {steps.PYTORCH_CPU} is out of reach, and no wheel is here")
        page = tmp_path / "site" / "torch"
        page.mkdir(parents=True)
        (page / wheel.name).symlink_to(wheel)
        (page / "index.html").write_text(f'<a href="{quote(wheel.name)}">{wheel.name}</a>')
        with _server(tmp_path / "site") as address:
            monkeypatch.setattr(steps, "PYTORCH_CPU", address)
            driven = Driven(root).install(Source(), Flavour.FULL, python=python)
            succeeded, _ = driven.wait(seconds=3 * PATIENCE_S)
    assert succeeded, driven.installer.log_text
    record = read_current(root)
    assert record is not None
    assert record.flavour == "full"
    assert engine_status() is EngineStatus.READY
    packages = {path.name for path in (root / record.directory).rglob("site-packages/*")}
    assert {"torch", "sam2", "onnxruntime"} <= packages
    assert not packages & {"torchvision", "encoder_tool", "nvidia"}
    command = engine_command(str(record.python_path(root)), str(engine_source()))
    done = subprocess.run(
        [command.program, "-m", "encoder_tool.selftest", "--torch"],
        env=dict(command.environment), cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert said["iou"] > 0.85
    assert said["torch"].startswith("2.13.0")


def _torch_wheel() -> Path | None:
    """A wheel in the folders that pip looks into here, with one of the lock's checksums."""
    lock = (locks_directory() / "torch-cpu-linux.lock").read_text("utf-8")
    for folder in os.environ.get("PIP_FIND_LINKS", "").split():
        for path in sorted(Path(folder).glob("torch-*-cp311-*.whl")):
            if hashlib.sha256(path.read_bytes()).hexdigest() in lock:
                return path
    return None


def test_deleted_in_the_middle(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the plugin is unloaded: nothing is left running, and nothing is called back."""
    begun, may_end = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> list[Path]:
        begun.set()
        may_end.wait(PATIENCE_S)
        return []

    monkeypatch.setattr(work, "remove_unused", slow)
    driven = Driven(root).install(Source())
    driven.wait(begun.is_set)
    driven.installer.deleteLater()
    QgsApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    may_end.set()
    threads = [t for t in threading.enumerate() if t.name == "geosam-install"]
    for thread in threads:
        thread.join(PATIENCE_S)
    QgsApplication.processEvents()
    assert driven.results == []


class TestOtherSources:
    def test_folder_of_wheels_without_any_network(
        self, engine: tuple[Path, Driven], root: Path, tmp_path: Path
    ) -> None:
        wheels = tmp_path / "Wheels für alle"
        _download_wheels(engine[0], wheels)
        driven = Driven(root)
        dead = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
        driven.install(Source(wheels=wheels, network=dead))
        assert driven.wait()[0], driven.installer.log_text
        assert find_engine() is not None

    @pytest.mark.slow
    def test_the_source_packages_are_downloaded_as_documented(
        self, engine: tuple[Path, Driven], tmp_path: Path
    ) -> None:
        """Without a compiler, and without pip fetching torch to build them with."""
        text = (Path(__file__).parents[3] / "docs" / "install-engine.md").read_text("utf-8")
        commands = [line.split() for line in text.splitlines() if line.startswith("    pip ")]
        (setup,) = (words for words in commands if words[1] == "install")
        (download,) = (words for words in commands if "sources.lock" in words)
        python = shutil.which("python3.11") or shutil.which("python3")
        subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
        shutil.copytree(locks_directory(), tmp_path / "locks")
        for program, *arguments in (setup, download):
            subprocess.run(
                [str(tmp_path / "venv" / "bin" / program), *arguments],
                cwd=tmp_path / "locks", check=True, timeout=PATIENCE_S,
            )  # fmt: skip
        found = {path.name.rpartition("-")[0] for path in (tmp_path / "locks" / "wheels").iterdir()}
        assert found == {"antlr4-python3-runtime", "iopath", "sam2"}

    def test_a_folder_without_uv_says_so(self, root: Path, tmp_path: Path) -> None:
        succeeded, sentence = Driven(root).install(Source(wheels=tmp_path)).wait()
        assert not succeeded
        assert "has no uv-" in sentence
        assert read_current(root) is None

    def test_index_down(self, root: Path) -> None:
        succeeded, sentence = (
            Driven(root).install(Source(index_url="http://ann:secret@127.0.0.1:9/simple")).wait()
        )
        assert not succeeded
        assert "cannot be reached" in sentence
        assert "127.0.0.1:9" in sentence
        assert "secret" not in sentence

    def test_a_mirror_with_another_uv_is_refused(self, root: Path, tmp_path: Path) -> None:
        pin = uv_fetch.UvPin.read(locks_directory() / "uv.lock")
        name = f"uv-{pin.version}-py3-none-manylinux_2_17_x86_64.whl"
        site = tmp_path / "site" / "simple" / "uv"
        site.mkdir(parents=True)
        with zipfile.ZipFile(site / name, "w") as wheel:
            wheel.writestr(f"uv-{pin.version}.data/scripts/uv", "#!/bin/sh\ntouch /tmp/evil\n")
        digest = hashlib.sha256((site / name).read_bytes()).hexdigest()
        (site / "index.html").write_text(f'<a href="{name}#sha256={digest}">{name}</a>')
        with _server(tmp_path / "site") as address:
            driven = Driven(root).install(Source(index_url=f"{address}/simple"))
            succeeded, sentence = driven.wait()
        assert not succeeded
        assert name in sentence
        assert "checksum" in sentence
        assert not list(root.rglob("uv"))[1:], "nothing of it was unpacked"

    def test_a_wrong_package_is_refused(
        self, engine: tuple[Path, Driven], root: Path, tmp_path: Path
    ) -> None:
        """A lock that names other hashes stands for an index that has other files."""
        locks = tmp_path / "locks"
        locks.mkdir()
        for lock in locks_directory().iterdir():
            (locks / lock.name).write_text(lock.read_text())
        affine = f"affine==3.0.1 \\\n    --hash=sha256:{'0' * 64}\n"
        (locks / "base.lock").write_text(affine)
        driven = Driven(root, locks=locks).install(Source())
        succeeded, sentence = driven.wait()
        assert not succeeded
        assert "affine" in sentence
        assert "checksum" in sentence
        assert read_current(root) is None
        assert not list(root.glob("engine-*"))


class TestManagedPython:
    """Where there is no Python to be had, uv fetches one: from github.com, which may be shut."""

    @pytest.fixture(autouse=True)
    def no_python_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(work, "candidates", lambda _: [])

    def test_github_out_of_reach_gets_a_sentence(
        self, engine: tuple[Path, Driven], root: Path
    ) -> None:
        shutil.copytree(engine[0] / "uv", root / "uv")
        dead = {"HTTPS_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"}
        succeeded, sentence = Driven(root).install(Source(network=dead)).wait()
        assert not succeeded
        assert sentence.startswith("Python 3.12 could not be downloaded from github.com.")
        assert "Use this Python" in sentence

    def test_the_fetched_one_is_used(self, root: Path, tmp_path: Path) -> None:
        uv = put_uv(root)
        calls = tmp_path / "calls"
        uv.write_text(
            "#!/bin/sh\n"
            f'echo "$UV_PYTHON_INSTALL_DIR: $*" >> "{calls}"\n'
            f'case "$*" in *find*) echo "{sys.executable}";; *venv*) exit 1;; esac\n'
        )
        assert not Driven(root).install(Source()).wait()[0]
        install_call, find_call, venv_call = calls.read_text().splitlines()
        assert install_call == f"{root / 'python'}: python install 3.12"
        assert "--managed-python" in find_call
        assert "venv --no-project --python " in venv_call

    def test_windows_and_macs_never_look_for_others(self) -> None:
        assert candidates(WINDOWS) == candidates(MAC) == candidates(INTEL_MAC) == []


def is_reachable(url: str) -> bool:
    """Asked without anything of ours, so that no fault of ours passes for a missing network."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status == 200
    except OSError:
        return False


def _download_wheels(engine_root: Path, target: Path) -> None:
    """What docs/install-engine.md tells people without a network to do, elsewhere."""
    subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
            "--only-binary", ":all:", "--dest", str(target),
            "-r", str(locks_directory() / "base.lock"), "-r", str(locks_directory() / "uv.lock"),
        ],
        check=True,
    )  # fmt: skip


class _server:  # noqa: N801
    """Serves a folder on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments: object) -> None:
                super().__init__(*arguments, directory=str(folder))

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
