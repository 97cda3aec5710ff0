"""What is installed: records, switching, what is removed, what is told."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from install.driven import LINUX, Driven, put_uv
from qgis_window import PATIENCE_S

from geosam_plugin.install import installer, run, work
from geosam_plugin.install.installer import (
    EngineStatus,
    downloaded_model,
    engine_status,
    find_engine,
)
from geosam_plugin.install.messages import describe, scrub
from geosam_plugin.install.problems import Kind, Problem
from geosam_plugin.install.state import (
    EngineRecord,
    free_directory,
    read_current,
    remove_unused,
    switch_current,
)
from geosam_plugin.install.steps import Flavour, Source, lock_uses, locks_hash
from geosam_plugin.install.work import InstallRequest, Place
from geosam_plugin.paths import engine_source, locks_directory
from geosam_plugin.settings import EngineSettings


class TestIdle:
    def test_nothing_for_too_long_ends_it(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run, "free_bytes", lambda _: 10**12)
        sleeper = tmp_path / "python3.11"
        sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
        sleeper.chmod(0o755)
        wheels = tmp_path / "wheels"
        wheels.mkdir()
        put_uv(root)
        driven = Driven(root, idle_minutes=0.02)
        succeeded, sentence = driven.install(Source(wheels=wheels), python=str(sleeper)).wait()
        assert not succeeded
        assert "Nothing has happened for 0.02 min," in sentence


class TestState:
    record = EngineRecord("engine-a", "bin/python", "3.12", "base", "a")

    def test_unused_engines_go_and_used_ones_stay(self, root: Path) -> None:
        for name in ("engine-a", "engine-b", "engine-c", "engine-d.going"):
            (root / name / "bin").mkdir(parents=True)
        switch_current(root, self.record)
        python = root / "engine-c" / "bin" / "python"
        python.symlink_to(sys.executable)
        running = subprocess.Popen(
            [str(python), "-c", "print(flush=True); input()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            running.stdout.readline()  # just after its birth a process has no command line
            assert remove_unused(root, downloads=True, patience_s=0.1) == [root / "engine-c"]
            assert sorted(path.name for path in root.glob("engine-*")) == ["engine-a", "engine-c"]
        finally:
            running.communicate(b"\n")
        remove_unused(root, downloads=True)
        assert [path.name for path in root.glob("engine-*")] == ["engine-a"]

    def test_an_unreadable_pointer_is_no_engine(self, root: Path) -> None:
        root.mkdir()
        for text in ("", "{", "[]", '{"directory": "x"}', "null"):
            (root / "current.json").write_text(text)
            assert read_current(root) is None

    def test_built_beside_the_current_one(self, root: Path) -> None:
        assert free_directory(root, "a").name == "engine-a"
        (root / "engine-a").mkdir(parents=True)
        assert free_directory(root, "a").name == "engine-a-2"

    def test_status(self, root: Path) -> None:
        assert engine_status() is EngineStatus.MISSING
        root.mkdir()
        switch_current(root, self.record)
        assert engine_status() is EngineStatus.BROKEN
        assert find_engine() is None
        python = self.record.python_path(root)
        python.parent.mkdir(parents=True)
        python.touch()
        assert engine_status() is EngineStatus.OUTDATED
        assert find_engine() == str(python)

    def test_the_model_that_came_with_it(self, root: Path) -> None:
        root.mkdir()
        assert downloaded_model() == ""
        tiny = replace(self.record, flavour="full", model="sam2.1-tiny")
        for record, model in ((self.record, ""), (tiny, "sam2.1-tiny")):
            switch_current(root, record)
            assert read_current(root) == record
            assert downloaded_model() == model
        # torch is gone with the full flavour
        switch_current(root, replace(tiny, flavour="base"))
        assert downloaded_model() == ""

    def test_a_model_is_remembered_once_it_is_there(self, root: Path) -> None:
        place = Place(root, locks_directory(), engine_source(), LINUX)
        full = self.made(root, Flavour.FULL)
        request = InstallRequest(Flavour.FULL, model="sam2.1-tiny")

        failing = work.installation(request, place)
        assert next(failing).arguments[-1] == "sam2.1-tiny"
        with pytest.raises(Problem, match="model failed"):
            failing.send(work.Ran(1, "", ("Error: it cannot be reached.",)))
        assert read_current(root) == full

        going = work.installation(request, place)
        next(going)
        with pytest.raises(StopIteration):
            going.send(work.Ran(0, "", ()))
        assert read_current(root) == replace(full, model="sam2.1-tiny")

    def test_a_cancelled_model_leaves_an_engine_and_says_so(self, root: Path) -> None:
        full = self.made(root, Flavour.FULL)
        place = Place(root, locks_directory(), engine_source(), LINUX)
        going = work.installation(InstallRequest(Flavour.FULL, model="sam2.1-tiny"), place)
        next(going)
        with pytest.raises(Problem) as problem:
            going.throw(Problem(Kind.CANCELLED))
        assert "The engine is ready" in describe(problem.value)
        assert "Nothing has changed" not in describe(problem.value)
        assert read_current(root) == full

    def test_cancel_while_the_model_is_downloaded(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = self.made(root, Flavour.FULL)
        python = full.python_path(root)
        python.write_text("#!/bin/sh\necho fetching\nexec sleep 60\n")
        python.chmod(0o755)
        driven = Driven(root).install(Source(), Flavour.FULL, model="sam2.1-tiny")
        driven.wait(lambda: "fetching" in driven.installer.log_text)
        driven.installer.cancel()
        succeeded, sentence = driven.wait()
        assert (succeeded, driven.installer.is_running) == (False, False)
        assert sentence == describe(Problem(Kind.MODEL_CANCELLED))
        assert read_current(root) == full

    def made(self, root: Path, flavour: Flavour) -> EngineRecord:
        """An engine that is whole, as far as files tell."""
        locks = locks_hash(locks_directory(), lock_uses(LINUX, flavour))
        record = replace(self.record, flavour=flavour.value, locks=locks)
        record.python_path(root).parent.mkdir(parents=True)
        record.python_path(root).touch()
        switch_current(root, record)
        return record

    def test_a_removal_that_has_begun_is_no_more_cancelled(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.made(root, Flavour.BASE)
        forget, begun, may_end = installer.forget_current, threading.Event(), threading.Event()

        def slow(root: Path) -> None:
            begun.set()
            assert may_end.wait(PATIENCE_S)
            forget(root)

        monkeypatch.setattr(installer, "forget_current", slow)
        driven = Driven(root)
        driven.installer.remove()
        driven.wait(begun.is_set)
        driven.installer.cancel()
        may_end.set()
        assert driven.wait() == (True, "The engine was removed.")
        assert engine_status() is EngineStatus.MISSING

    def test_removal(self, root: Path) -> None:
        python = self.record.python_path(root)
        python.parent.mkdir(parents=True)
        python.touch()
        switch_current(root, self.record)
        driven = Driven(root)
        driven.installer.remove()
        assert driven.wait()[0]
        assert engine_status() is EngineStatus.MISSING
        assert not list(root.glob("engine-*"))

    def test_the_users_own_python(self, root: Path) -> None:
        EngineSettings(python=sys.executable, is_complete=True).save()
        assert find_engine() == sys.executable
        assert engine_status() is EngineStatus.OWN
        EngineSettings(python="/nowhere/python", is_complete=True).save()
        assert find_engine() is None
        assert engine_status() is EngineStatus.BROKEN


@pytest.mark.parametrize(
    "lines",
    [
        ["error: Request failed after 3 retries in 10.1s",
         "  cause: Failed to fetch: https://torch.example/whl/torch/",
         "  cause: client error (Connect)", "  cause: Name or service not known"],
        ["error: Failed to fetch: `https://torch.example/whl/torch/`",
         "  Caused by: Name or service not known"],
    ],
)  # fmt: skip
def test_an_index_out_of_reach_is_told_as_such(lines: list[str]) -> None:
    problem = work._reason(Kind.PACKAGES_FAILED, lines)
    assert problem.kind is Kind.INDEX_UNREACHABLE
    assert "https://torch.example/whl/torch/ cannot be reached (Name or service" in describe(
        problem
    )


def test_the_last_words_of_a_program_are_told() -> None:
    lines = ["Resolved 5 packages", "error: No space left on device (os error 28)", ""]
    problem = work._reason(Kind.PACKAGES_FAILED, lines)
    assert describe(problem) == (
        "The packages could not be installed: No space left on device (os error 28). The log says "
        "more."
    )


def test_logs_hold_no_passwords() -> None:
    log = "GET https://ann:s3cret@mirror.example/simple/ via http://bob:pw@proxy:8080; token=abc123"
    clean = scrub(log)
    assert "mirror.example/simple/" in clean
    assert "proxy:8080" in clean
    for secret in ("ann", "s3cret", "bob", "pw@", "abc123"):
        assert secret not in clean
