"""The engine's installer: the real thing in a real QGIS, and its parts.

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
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent
from qgis_window import PATIENCE_S

from geosam_plugin.engine.command import engine_command
from geosam_plugin.install import installer, run, steps, uv_fetch, work
from geosam_plugin.install.installer import (
    EngineStatus,
    Installer,
    downloaded_model,
    engine_status,
    find_engine,
)
from geosam_plugin.install.messages import describe, scrub
from geosam_plugin.install.platform import Platform, this_platform
from geosam_plugin.install.problems import Kind, Problem
from geosam_plugin.install.python import PythonFacts, candidates, check
from geosam_plugin.install.run import ProgramRunner
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

LINUX = Platform("linux", "x86_64")
WINDOWS = Platform("windows", "x86_64")
MAC = Platform("macos", "arm64", (15, 1))
INTEL_MAC = Platform("macos", "x86_64", (15, 1))

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture(autouse=True)
def own_settings(qgis_new_project: None, monkeypatch: pytest.MonkeyPatch) -> None:
    EngineSettings().save()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(installer.ROOT_VARIABLE, str(tmp_path / "engines"))
    return tmp_path / "engines"


class Driven:
    """An installer with what it said."""

    def __init__(self, root: Path, *, locks: Path | None = None, idle_minutes: float = 5) -> None:
        place = Place(root, locks or locks_directory(), engine_source(), this_platform())
        self.installer = Installer(place, idle_minutes)
        self.steps: list[str] = []
        self.results: list[tuple[bool, str]] = []
        self.installer.progress.connect(self.steps.append)
        self.installer.finished.connect(lambda *result: self.results.append(result))

    def install(self, source: Source, flavour: Flavour = Flavour.BASE, **more: object) -> Driven:
        self.installer.install(InstallRequest(flavour, source, **more))
        return self

    def wait(self, until: object = None, seconds: float = PATIENCE_S) -> tuple[bool, str]:
        """Turn the event loop until the end, or until `until` says so."""
        end = time.monotonic() + seconds
        while not self.results and time.monotonic() < end:
            QgsApplication.processEvents()
            time.sleep(0.005)
            if callable(until) and until():
                return False, ""
        assert self.results, self.installer.log_text
        return self.results[-1]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, qgis_app: object) -> tuple[Path, Driven]:
    """The base flavour, fresh from the package index, in a place that is hard on programs."""
    folder = tmp_path_factory.mktemp("geosam") / "Größe und Maß 測試"
    root = folder / ("x" * max(1, 200 - len(str(folder))))
    assert len(str(root)) >= 200
    if not _is_reachable(f"{uv_fetch.DEFAULT_INDEX}/uv/"):
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
    if _is_reachable(f"{steps.PYTORCH_CPU}/torch/"):
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
        _put_uv(root)
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


ENDS_IN_THE_MIDDLE = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from qgis.core import QgsApplication
from geosam_plugin.install.installer import Installer
from geosam_plugin.install.platform import this_platform
from geosam_plugin.install.steps import Flavour
from geosam_plugin.install.work import InstallRequest, Place
from geosam_plugin.paths import engine_source, locks_directory

app = QgsApplication([], False)
app.initQgis()
place = Place(Path(sys.argv[2]), locks_directory(), engine_source(), this_platform())
installer = Installer(place)


def go_on(text):
    if "Installing packages" in text:
        print("ending", flush=True)
        {end}


installer.progress.connect(go_on)
installer.install(InstallRequest(Flavour.BASE, repair=True))
app.exec_()
"""


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
        text = (Path(__file__).parents[2] / "docs" / "install-engine.md").read_text("utf-8")
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
        _put_uv(root)
        driven = Driven(root, idle_minutes=0.02)
        succeeded, sentence = driven.install(Source(wheels=wheels), python=str(sleeper)).wait()
        assert not succeeded
        assert "Nothing has happened for 0.02 min," in sentence


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
        _put_uv(root)
        succeeded, sentence = Driven(root).install(Source(), python=str(old)).wait()
        assert not succeeded
        assert sentence.startswith(f"{old} is Python 3.9; the engine needs 3.11 or newer.")

    def test_not_a_python_gets_a_sentence(self, root: Path, tmp_path: Path) -> None:
        _put_uv(root)
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
        uv = _put_uv(root)
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


def _is_reachable(url: str) -> bool:
    """Asked without anything of ours, so that no fault of ours passes for a missing network."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status == 200
    except OSError:
        return False


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def turn_until(is_done: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Let the event loop turn until something has happened."""
    end = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < end, "it did not happen in time"
        QgsApplication.processEvents()
        time.sleep(0.005)


def _put_uv(root: Path) -> Path:
    """As if uv had been fetched before."""
    pin = uv_fetch.UvPin.read(locks_directory() / "uv.lock")
    path = root / "uv" / pin.version / "uv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


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
