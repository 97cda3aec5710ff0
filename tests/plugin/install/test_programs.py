"""The programs that the installer runs: how they end, are stopped, and fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from install.driven import Driven, put_uv, turn_until
from processes import is_alive
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent
from qgis_window import PATIENCE_S

from geosam_plugin.install import installer, run, work
from geosam_plugin.install.run import ProgramRunner
from geosam_plugin.install.steps import Source


@pytest.mark.parametrize("where", ["in the work", "on a thread", "while tidying up"])
def test_what_nobody_foresaw_ends_it_and_is_in_the_log(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Else the page would wait for it for ever, and no other installation could begin."""

    def fail(*_: object, **__: object) -> None:
        raise LookupError(f"unforeseen {where}")

    monkeypatch.setattr(work, "_make_room", lambda *_: None)
    if where == "in the work":
        monkeypatch.setattr(work, "_make_room", fail)
    elif where == "on a thread":
        monkeypatch.setattr(work, "remove_unused", fail)
    else:
        monkeypatch.setattr(installer, "remove_unused", fail)
    driven = Driven(root).install(Source(wheels=root))  # which has no uv
    succeeded, sentence = driven.wait()
    assert not succeeded
    assert ("An unexpected error" in sentence) == (where != "while tidying up")
    assert f"unforeseen {where}" in driven.installer.log_text
    assert not driven.installer.is_running
    monkeypatch.undo()
    assert Driven(root).install(Source(), python="/bin/true").wait()[0] is False


SPAWNS = """#!/bin/sh
sleep 300 &
echo $$ $! > "{pids}"
echo ready
wait
"""


class TestPrograms:
    """A program is ended with all that it started, however it comes to its end."""

    @pytest.fixture
    def script(self, tmp_path: Path) -> Path:
        script = tmp_path / "spawns.sh"
        script.write_text(SPAWNS.format(pids=tmp_path / "pids"))
        script.chmod(0o755)
        return script

    @pytest.fixture
    def runner(self, tmp_path: Path) -> ProgramRunner:
        return ProgramRunner(tmp_path)

    def start(self, runner: ProgramRunner, script: Path) -> list[int]:
        """The processes that run then."""
        lines: list[str] = []
        runner.line.connect(lines.append)
        runner.start(str(script), [], {"PATH": os.environ["PATH"]})
        turn_until(lambda: "ready" in lines)
        pids = [int(pid) for pid in (script.parent / "pids").read_text().split()]
        assert len(pids) == 2
        assert all(is_alive(pid) for pid in pids)
        return pids

    def test_cancelled(self, runner: ProgramRunner, script: Path) -> None:
        heard: list[str] = []
        runner.cancelled.connect(lambda: heard.append("cancelled"))
        runner.ended.connect(lambda *_: heard.append("ended"))
        pids = self.start(runner, script)
        runner.cancel()
        turn_until(lambda: bool(heard))
        turn_until(lambda: not any(is_alive(pid) for pid in pids))
        assert heard == ["cancelled"]

    def test_deleted_by_qt(self, runner: ProgramRunner, script: Path) -> None:
        """As when the plugin is unloaded."""
        pids = self.start(runner, script)
        runner.deleteLater()
        QgsApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        turn_until(lambda: not any(is_alive(pid) for pid in pids))

    def test_the_installer_is_deleted(self, root: Path, script: Path) -> None:
        put_uv(root)
        driven = Driven(root).install(Source(), python=str(script))
        driven.wait(lambda: "ready" in driven.installer.log_text)
        pids = [int(pid) for pid in (script.parent / "pids").read_text().split()]
        driven.installer.cancel()
        driven.installer.deleteLater()
        QgsApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        turn_until(lambda: not any(is_alive(pid) for pid in pids))
        assert driven.results == []
        assert Driven(root).install(Source(), python="/bin/true").wait()[1] == (
            "/bin/true is not a Python that can be run."
        ), "the lock is free again"

    def test_qgis_quits(self, script: Path) -> None:
        host = script.with_name("host.py")
        host.write_text(QUITS)
        home = str(Path(run.__file__).parents[2])
        done = subprocess.run(
            [sys.executable, str(host), home, str(script)],
            capture_output=True, text=True, timeout=PATIENCE_S, check=True,
        )  # fmt: skip
        assert "quitting" in done.stdout
        pids = [int(pid) for pid in (script.parent / "pids").read_text().split()]
        turn_until(lambda: not any(is_alive(pid) for pid in pids))

    def test_the_disk_is_not_asked_for_every_line(
        self, runner: ProgramRunner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[Path] = []
        monkeypatch.setattr(run, "free_bytes", lambda path: asked.append(path) or 10**12)
        ended: list[tuple[int, str]] = []
        runner.ended.connect(lambda *end: ended.append(end))
        runner.start("/bin/sh", ["-c", "seq 2000; printf 'Ende\\303\\244'; exit 3"], {})
        turn_until(lambda: bool(ended))
        assert ended == [(3, "\n".join(map(str, range(1, 2001))) + "\nEndeä")]
        assert len(asked) <= 2

    @pytest.mark.parametrize("is_there_at_first", [True, False])
    def test_a_drive_that_goes_ends_it_all_the_same(
        self, tmp_path: Path, is_there_at_first: bool
    ) -> None:
        drive = tmp_path / "drive"
        if is_there_at_first:
            drive.mkdir()
        runner = ProgramRunner(drive, idle_minutes=0.002)
        heard: list[str] = []
        runner.idle.connect(lambda: heard.append("idle"))
        runner.ended.connect(lambda code, _: heard.append(str(code)))
        runner.line.connect(lambda _: drive.rmdir())
        runner.start("/bin/sh", ["-c", "echo begun; sleep 300"], {"PATH": os.environ["PATH"]})
        turn_until(lambda: bool(heard))
        assert heard == (["idle"] if is_there_at_first else ["-1"])

    @pytest.mark.parametrize("program", ["/nowhere/at/all", "/etc/passwd"])
    def test_what_cannot_be_started(self, runner: ProgramRunner, program: str) -> None:
        ended: list[tuple[int, str]] = []
        runner.ended.connect(lambda *end: ended.append(end))
        runner.start(program, [], {})
        turn_until(lambda: bool(ended))
        assert ended == [(-1, "")]


QUITS = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from qgis.core import QgsApplication
from geosam_plugin.install.run import ProgramRunner

app = QgsApplication([], False)
app.initQgis()
script = Path(sys.argv[2])
runner = ProgramRunner(script.parent)
runner.line.connect(lambda _: (print("quitting", flush=True), app.quit()))
runner.start(str(script), [], {"PATH": "/usr/bin:/bin"})
app.exec_()
"""
