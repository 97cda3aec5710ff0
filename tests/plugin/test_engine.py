"""The plugin's side of the door, with real workers: crashes, hangs, order, environment."""

from __future__ import annotations

import ast
import base64
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import package_dir
from osgeo import gdal
from qgis.core import QgsApplication, QgsGeometry, QgsTask, QgsTaskManager
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QObject, QThreadPool, QTimer
from qgis_window import PATIENCE_S

from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand, clean_environment, engine_command
from geosam_plugin.engine.log import EngineLog
from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.engine.protocol import EngineError, FrameReader, ProtocolError, encode_frame
from geosam_plugin.engine.sentences import tell, what_happened
from geosam_plugin.engine.watch import Timing

HERE = Path(__file__).parent
BUILDING = (500_150.0, 4_649_850.0)

QUICK = Timing(ping_ms=100, missed=50, start_ms=120_000, restart_ms=50)
"""On a computer that has much else to do, an engine may be silent for a second."""


def wait_until(is_done: Callable[[], bool], what: str = "the engine") -> None:
    """Let Qt work until something has happened."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_done():
        assert time.monotonic() < deadline, f"{what} took too long"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def plugin_home() -> Path:
    """The folder of the package that is tested."""
    return Path(sys.modules["geosam_plugin.engine.client"].__file__).parents[1]


class Answers:
    """Records what comes back, and all that the client tells."""

    def __init__(self, client: EngineClient) -> None:
        self.client = client
        self.results: list[dict[str, Any]] = []
        self.errors: list[EngineError] = []
        self.states: list[str] = []
        self.told: list[str] = []
        client.stateChanged.connect(self.states.append)
        client.restarted.connect(self.told.append)
        client.failed.connect(self.told.append)

    @property
    def count(self) -> int:
        return len(self.results) + len(self.errors)

    def ask(self, method: str, **params: Any) -> int:
        return self.client.request(method, params, self.results.append, self.errors.append)

    def wait(self, count: int) -> None:
        wait_until(lambda: self.count >= count, f"answer {count}")


@pytest.fixture
def client(qgis_app: QgsApplication, command: EngineCommand) -> Iterator[EngineClient]:
    made = EngineClient(command, timing=QUICK)
    yield made
    pid = made.process_id
    made.shutdown()
    wait_until(lambda: not is_alive(pid), "the end of the worker")


@pytest.fixture
def answers(client: EngineClient) -> Answers:
    return Answers(client)


def click(cache: Path, dx: float = 0.0) -> dict[str, Any]:
    return {"cache": str(cache), "include": [[BUILDING[0] + dx, BUILDING[1]]], "candidate": "all"}


def polygons(result: dict[str, Any]) -> list[QgsGeometry]:
    found = []
    for described in result["objects"]:
        geometry = QgsGeometry()
        geometry.fromWkb(base64.b64decode(described["wkb"]))
        found.append(geometry)
    return found


# --- asking


def test_a_click_becomes_polygons(answers: Answers, cache: Path) -> None:
    asked = answers.ask("predict", **click(cache))
    assert asked > 0 and not answers.count, "callbacks never come at once"
    answers.wait(1)
    (result,) = answers.results
    found = polygons(result)
    assert len(found) == len(result["objects"]) >= 1
    assert all(geometry.isGeosValid() and geometry.area() > 1 for geometry in found)
    assert any(geometry.intersects(QgsGeometry.fromWkt(f"POINT({BUILDING[0]} {BUILDING[1]})"))
               for geometry in found)  # fmt: skip
    assert answers.states == ["starting", "ready"]
    assert answers.client.hello["capabilities"]["models"][0]["name"] == "nano"
    assert not answers.told


def test_requests_are_answered_in_order(answers: Answers, cache: Path) -> None:
    order: list[int] = []
    for number in range(12):
        answers.client.request(
            "predict", click(cache, number), lambda _result, n=number: order.append(n)
        )
    wait_until(lambda: len(order) == 12)
    assert order == list(range(12))


def test_the_engines_errors_arrive_as_they_are(answers: Answers, tmp_path: Path) -> None:
    answers.ask("predict", cache=str(tmp_path / "none"), include=[[1, 2]])
    answers.ask("predict", cache=str(tmp_path / "none"))
    answers.wait(2)
    assert [error.type for error in answers.errors] == ["CacheNotFoundError", "PromptError"]
    assert all(error.message and error.hint for error in answers.errors)


def test_of_a_burst_of_previews_the_first_and_the_last_are_answered(
    answers: Answers, cache: Path
) -> None:
    answers.ask("open", cache=str(cache))
    answers.wait(1)
    came: list[int] = []
    for number in range(100):
        answers.client.hover(click(cache, number / 10), lambda _r, n=number: came.append(n))
    answers.ask("predict", **click(cache))
    wait_until(lambda: answers.client.pending == 0)
    assert came == [0, 99]


def test_what_waits_can_be_cancelled(answers: Answers, cache: Path) -> None:
    first = answers.ask("predict", **click(cache))
    second = answers.ask("predict", **click(cache))
    hovered: list[Any] = []
    hover = answers.client.hover(click(cache), hovered.append, hovered.append)
    answers.client.cancel(second)
    answers.client.cancel(hover)
    answers.client.cancel(first + 1000)
    answers.wait(2)
    wait_until(lambda: len(hovered) == 1)
    assert len(answers.results) == 1
    assert [error.type for error in (*answers.errors, *hovered)] == ["Cancelled"] * 2


# --- crashes and hangs


def test_a_click_survives_the_crash_of_the_worker(answers: Answers, cache: Path) -> None:
    answers.ask("predict", **click(cache))
    answers.wait(1)
    killed = answers.client.process_id
    os.kill(killed, signal.SIGSTOP)  # so that the click is in flight for sure
    answers.ask("predict", **click(cache))
    QCoreApplication.processEvents()
    os.kill(killed, signal.SIGKILL)
    answers.wait(2)
    assert not answers.errors
    first, second = (polygons(result)[0] for result in answers.results)
    assert first.intersection(second).area() > 0.999 * first.area()
    assert answers.client.process_id != killed
    assert len(answers.told) == 1
    assert answers.states == ["starting", "ready", "restarting", "starting", "ready"]


def test_three_crashes_in_a_row_are_the_end(answers: Answers, cache: Path) -> None:
    answers.ask("hello")
    answers.wait(1)
    for _ in range(3):
        wait_until(lambda: answers.client.state == "ready")
        pid = answers.client.process_id
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda gone=pid: answers.client.process_id != gone)
    assert answers.client.state == "failed"
    assert len(answers.told) == 3
    assert "3 time(s) in a row" in answers.told[-1]
    answers.ask("predict", **click(cache))
    assert not answers.errors
    answers.wait(2)
    assert answers.errors[0].type == "Failed"
    assert answers.client.process_id == 0, "no loop"

    answers.client.start()
    answers.ask("predict", **click(cache))
    answers.wait(3)
    assert len(answers.results) == 2, "the user may start it again"


def test_a_request_that_always_crashes_is_not_sent_a_third_time(
    qgis_app: QgsApplication, command: EngineCommand
) -> None:
    client = EngineClient(_defective(command, "os.kill(os.getpid(), 9)"), timing=QUICK)
    answers = Answers(client)
    answers.ask("open", cache="deadly")
    answers.ask("hello")
    answers.wait(2)
    assert [error.type for error in answers.errors] == ["Crashed"]
    assert len(answers.results) == 1, "the next request is answered"
    assert len(answers.told) == 2
    client.shutdown()


def test_a_worker_that_hangs_is_ended_and_started_again(answers: Answers, cache: Path) -> None:
    answers.ask("predict", **click(cache))
    answers.wait(1)
    hung = answers.client.process_id
    os.kill(hung, signal.SIGSTOP)
    answers.ask("predict", **click(cache))
    answers.wait(2)
    assert len(answers.results) == 2
    assert not is_alive(hung)
    (told,) = answers.told
    assert "did not answer" in told


def test_a_request_that_takes_too_long_is_a_hang(
    qgis_app: QgsApplication, command: EngineCommand
) -> None:
    timing = Timing(ping_ms=100, missed=50, start_ms=120_000, busy_s=0.5, restart_ms=50)
    client = EngineClient(_defective(command, "time.sleep(60)"), timing=timing)
    answers = Answers(client)
    answers.ask("open", cache="slow")
    answers.wait(1)
    assert answers.errors[0].type == "Crashed"
    assert "too long" in answers.told[0]
    client.shutdown()


@pytest.mark.parametrize(
    ("program", "next_step"),
    [("/nowhere/python", "Repair the engine"), ("/bin/false", "not started again")],
)
def test_an_engine_that_does_not_start_is_told_once(
    qgis_app: QgsApplication, command: EngineCommand, program: str, next_step: str
) -> None:
    client = EngineClient(EngineCommand(program, (), command.environment), timing=QUICK)
    failed: list[str] = []
    client.failed.connect(failed.append)
    answers = Answers(client)
    answers.ask("hello")
    answers.wait(1)
    assert answers.errors[0].type == "Failed"
    assert len(failed) == 1
    assert next_step in failed[0]
    assert client.state == "failed"


def test_an_engine_of_another_version_is_refused(
    qgis_app: QgsApplication, command: EngineCommand
) -> None:
    future = EngineCommand(
        command.program,
        ("-c", "import encoder_tool.worker.wire as wire; wire.PROTOCOL_VERSION = 2\n"
               "from encoder_tool.worker.__main__ import main; main()"),
        command.environment,
    )  # fmt: skip
    client = EngineClient(future, timing=QUICK)
    answers = Answers(client)
    answers.ask("hello")
    answers.wait(1)
    assert len(answers.told) == 1
    assert "does not belong to this version" in answers.told[0]
    with pytest.raises(EngineError, match="does not belong"):
        EngineProcess(future).run_blocking("hello", {}, allow_gui_thread=True)


def _defective(command: EngineCommand, what: str) -> EngineCommand:
    """An engine that does `what` when a cache is opened."""
    code = (
        "import os, sys, time\n"
        "from encoder_tool.worker.methods import Methods\n"
        "from encoder_tool.worker.__main__ import main\n"
        f"Methods._open = lambda self, params: {what}\n"
        "sys.exit(main())"
    )
    return EngineCommand(command.program, ("-c", code), command.environment)


# --- ending


def test_shutdown_ends_the_worker_without_waiting(answers: Answers, cache: Path) -> None:
    answers.ask("hello")
    answers.wait(1)
    pid = answers.client.process_id
    answers.ask("predict", **click(cache))
    started = time.perf_counter()
    answers.client.shutdown()
    print(f"shutdown took {1e3 * (time.perf_counter() - started):.1f} ms")
    assert answers.client.state == "stopped"
    wait_until(lambda: not is_alive(pid), "the end of the worker")
    assert answers.count == 1, "callbacks of what was pending are not called"
    answers.ask("hello")
    answers.wait(2)
    assert answers.client.process_id != pid


HOST = """
import json, os, sys, threading
from pathlib import Path

sys.path.insert(0, sys.argv[1])
job = json.loads(sys.argv[2])
from qgis.core import QgsApplication
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.process import EngineProcess

app = QgsApplication([], False)
app.initQgis()
command = EngineCommand(job["program"], tuple(job["arguments"]), job["environment"])
client = EngineClient(command)
client.request("hello", {}, lambda _: print("worker", client.process_id, flush=True))


def encode():
    try:
        EngineProcess(command).run_blocking(
            "encode", job["encode"], lambda told: print("done", told.get("done", 0), flush=True)
        )
    finally:
        os._exit(1)  # it should have been killed before


threading.Thread(target=encode).start()
app.exec_()
"""


def test_workers_end_when_qgis_is_killed(
    command: EngineCommand, wide_raster: Path, tmp_path: Path
) -> None:
    job = {
        "program": command.program, "arguments": list(command.arguments),
        "environment": dict(command.environment),
        "encode": {"raster": str(wide_raster), "levels": 1, "batch": 1, "threads": 1},
    }  # fmt: skip
    home = str(plugin_home())
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(
        [sys.executable, "-c", HOST, home, json.dumps(job)],
        stdout=subprocess.PIPE, stderr=log, text=True,
    ) as host:  # fmt: skip
        said: list[str] = []
        for line in host.stdout:
            said.append(line)
            if any(x.startswith("worker") for x in said) and any(x == "done 1\n" for x in said):
                break
        workers = _children(host.pid)
        assert len(workers) == 2, (said, (tmp_path / "log").read_text())
        host.kill()
    killed = time.monotonic()
    while any(is_alive(pid) for pid in workers):
        assert time.monotonic() - killed < PATIENCE_S, "a worker outlives QGIS"
        time.sleep(0.05)
    print(f"workers were gone {time.monotonic() - killed:.1f} s after QGIS")
    summary = EngineProcess(command).run_blocking("encode", job["encode"], allow_gui_thread=True)
    assert summary["skipped"] >= 1, "what was encoded is kept"


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]


# --- encodes


class EncodeTask(QgsTask):
    """As Processing does it: off the GUI thread, cancelled from it."""

    def __init__(self, command: EngineCommand, params: dict[str, Any], patches: int = 0) -> None:
        super().__init__("encode", QgsTask.Flag.CanCancel)
        self.command = command
        self.params = params
        self.stop_after = patches
        self.progress_told: list[dict[str, Any]] = []
        self.result: dict[str, Any] = {}
        self.error: list[EngineError] = []

    def run(self) -> bool:
        try:
            self.result = EngineProcess(self.command).run_blocking(
                "encode", self.params, self.progress_told.append, self.is_cancelled
            )
        except EngineError as error:
            self.error.append(error)
            return False
        return True

    def is_cancelled(self) -> bool:
        done = max((told.get("done", 0) for told in self.progress_told), default=0)
        return self.isCanceled() or bool(self.stop_after and done >= self.stop_after)


@pytest.fixture
def wide_raster(tmp_path: Path) -> Path:
    """Three patches of noise in a row, at level 0."""
    width, height = 1024 + 2 * 768, 200
    raster = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "wide.tif"), width, height, 3)
    raster.SetGeoTransform((500_000, 0.3, 0, 4_650_000, 0, -0.3))
    raster.WriteRaster(0, 0, width, height, os.urandom(3 * width * height))
    raster.FlushCache()
    return tmp_path / "wide.tif"


def run_task(task: QgsTask) -> tuple[list[dict[str, Any]], bool]:
    ended: list[bool] = []
    task.taskCompleted.connect(lambda: ended.append(True))
    task.taskTerminated.connect(lambda: ended.append(False))
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: bool(ended), "the encode")
    return task.progress_told, ended[0]


def test_an_encode_in_a_task_is_cancelled_and_gone_on_with(
    qgis_app: QgsApplication, command: EngineCommand, wide_raster: Path
) -> None:
    # Many patches: while one is stored, the next ones are encoded.
    params = {"raster": str(wide_raster), "levels": 1, "batch": 1, "threads": 1, "overlap": 768}
    first = EncodeTask(command, params, patches=1)
    _, finished = run_task(first)
    assert not finished
    assert first.error[0].type == "Cancelled"
    second = EncodeTask(command, params)
    told, finished = run_task(second)
    assert finished
    total = second.result["patches_total"]
    assert total >= 6 and 1 <= second.result["skipped"] < total
    assert second.result["skipped"] + second.result["encoded"] == total
    done = [x["done"] for x in told if "done" in x]
    assert done == list(range(second.result["encoded"] + 1))


def test_an_encode_that_crashes_says_so(
    qgis_app: QgsApplication, command: EngineCommand, tmp_path: Path
) -> None:
    task = EncodeTask(_defective(command, "None"), {"raster": str(tmp_path / "none.tif")})
    run_task(task)
    assert task.error[0].type == "MissingRasterError"
    killed = EngineCommand(command.program, ("-c", "print('last words'); raise SystemExit(3)"),
                           command.environment)  # fmt: skip
    with pytest.raises(EngineError) as caught:
        EngineProcess(killed).run_blocking("encode", {}, allow_gui_thread=True)
    assert caught.value.type == "Crashed"
    missing = EngineCommand("/nowhere/python", (), command.environment)
    with pytest.raises(EngineError) as caught:
        EngineProcess(missing).run_blocking("encode", {}, allow_gui_thread=True)
    assert caught.value.type == "Failed"


@pytest.mark.parametrize("have_tasks_their_own", [False, True])
def test_engines_that_are_waited_for_leave_threads_to_others(
    qgis_app: QgsApplication, command: EngineCommand, monkeypatch: pytest.MonkeyPatch,
    have_tasks_their_own: bool,
) -> None:  # fmt: skip
    """To the map, and to what is read for an object that is saved. Since QGIS 3.34 tasks have
    threads of their own."""
    threads = QThreadPool() if have_tasks_their_own else QThreadPool.globalInstance()
    monkeypatch.delattr(QgsTaskManager, "threadPool", raising=False)
    if have_tasks_their_own:
        monkeypatch.setattr(QgsTaskManager, "threadPool", lambda _: threads, raising=False)
    before = threads.maxThreadCount()
    threads.setMaxThreadCount(2)
    begun, drawn, may_end = threading.Semaphore(0), threading.Event(), threading.Event()

    def encodes() -> None:
        with EngineProcess(command).session():
            begun.release()
            may_end.wait(PATIENCE_S)

    try:
        for _ in range(2):
            threads.start(encodes)
        assert all(begun.acquire(timeout=PATIENCE_S) for _ in range(2))
        threads.start(drawn.set)
        assert drawn.wait(PATIENCE_S)
    finally:
        may_end.set()
        threads.waitForDone()
        threads.setMaxThreadCount(before)


def test_nobody_waits_on_the_gui_thread(qgis_app: QgsApplication, command: EngineCommand) -> None:
    with pytest.raises(RuntimeError, match="freeze QGIS"):
        EngineProcess(command).run_blocking("hello", {})


def test_the_gui_stays_free_during_an_encode(
    answers: Answers, command: EngineCommand, cache: Path, wide_raster: Path
) -> None:
    """Prints the longest time between two turns of the event loop; the benchmark judges it."""
    answers.ask("predict", **click(cache))
    answers.wait(1)
    turns: list[float] = []
    ticker = QTimer()
    ticker.timeout.connect(lambda: turns.append(time.perf_counter()))
    task = EncodeTask(command, {"raster": str(wide_raster), "levels": 1, "batch": 1})
    hovers: list[Any] = []
    hoverer = QTimer()
    hoverer.timeout.connect(
        lambda: answers.client.hover(click(cache, len(turns) % 50 / 10), hovers.append)
    )
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: bool(task.progress_told), "the encode")
    ticker.start(1)
    hoverer.start(20)
    wait_until(lambda: bool(task.result or task.error), "the encode")
    hoverer.stop()
    ticker.stop()
    wait_until(lambda: answers.client.pending == 0)
    gaps = sorted(1e3 * (b - a) for a, b in itertools.pairwise(turns))
    print(f"event loop: longest gap {gaps[-1]:.1f} ms, 99.9 % under {gaps[-len(gaps) // 1000]:.1f} "
          f"ms, {len(turns)} turns, {len(hovers)} previews")  # fmt: skip
    assert task.result["encoded"] == 3
    assert hovers, "previews are answered while a raster is being encoded"


# --- environment, frames, log


def test_nothing_of_qgis_leaks_into_the_engine(
    monkeypatch: pytest.MonkeyPatch, qgis_app: QgsApplication, command: EngineCommand,
    tmp_path: Path, cache: Path,
) -> None:  # fmt: skip
    (tmp_path / "numpy.py").write_text("raise ImportError('a foreign NumPy')")
    for name in ("PYTHONPATH", "PYTHONHOME", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA",
                 "LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "PYTHONSTARTUP"):  # fmt: skip
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("GDAL_DRIVER_PATH", str(tmp_path))
    monkeypatch.setenv("GEOSAM_TEST_KEPT", "kept")
    monkeypatch.chdir(tmp_path)
    package = command.environment["PYTHONPATH"]
    hostile = engine_command(command.program, package)
    assert hostile.environment["PYTHONPATH"] == package
    assert hostile.environment["GEOSAM_TEST_KEPT"] == "kept"
    assert not [n for n, v in hostile.environment.items() if v == str(tmp_path) and n != "PWD"]
    result = EngineProcess(hostile).run_blocking("predict", click(cache), allow_gui_thread=True)
    assert result["objects"]


def test_on_windows_qgis_folders_leave_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    root = "/QGIS"
    folders = ["/QGIS/bin", "/system", root, "/QGIS-tools"]
    cleaned = clean_environment({
        "Path": os.pathsep.join(folders), "OSGEO4W_ROOT": root, "o4w_qt_prefix": root,
        "pythonhome": root, "SystemRoot": "/system",
    })  # fmt: skip
    assert cleaned["Path"] == os.pathsep.join(["/system", "/QGIS-tools"])
    assert "pythonhome" not in cleaned
    assert cleaned["SystemRoot"] == "/system"


def test_frames_are_put_together_from_any_pieces() -> None:
    messages = [{"id": 1, "text": "Zürich 北京"}, {"id": 2}, {"id": 3, "list": [0.1] * 1000}]
    stream = b"".join(encode_frame(message) for message in messages)
    for size in (1, 3, 7, 1000, len(stream)):
        reader = FrameReader()
        pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
        assert [m for piece in pieces for m in reader.feed(piece)] == messages
    for broken in (b"\xff\xff\xff\xff", b"\x02\0\0\0{x", b"\x02\0\0\0[]"):
        with pytest.raises(ProtocolError):
            FrameReader().feed(broken)


def test_the_log_is_bounded_and_keeps_whole_lines() -> None:
    log = EngineLog(limit=1000)
    for number in range(1000):
        log.append(f"line {number}\n".encode())
        assert len(log.text) <= 1000
    assert log.text.endswith("line 998\nline 999\n")
    assert log.text.startswith("line ")
    log.append(b"x" * 5000)
    assert len(log.text) <= 1000
    log.append(b"\nValueError: at last\n\n")
    log.note("ended")
    assert log.last_line == "ValueError: at last"


def test_the_engines_stderr_is_in_the_log(answers: Answers, command: EngineCommand) -> None:
    noisy = EngineCommand(
        command.program,
        ("-c", "import sys; print('from the engine', file=sys.stderr)\n"
               "from encoder_tool.worker.__main__ import main; main()"),
        command.environment,
    )  # fmt: skip
    client = EngineClient(noisy, timing=QUICK)
    lines: list[str] = []
    client.logged.connect(lines.append)
    done: list[Any] = []
    client.request("hello", {}, done.append)
    wait_until(lambda: bool(done and lines))
    assert "from the engine" in client.log_text
    client.shutdown()
    assert "".join(lines) == client.log_text, "what is told bit by bit is the whole"


def test_no_heavy_module_is_imported_into_qgis() -> None:
    heavy = {"torch", "sam2", "onnxruntime", "zarr", "rasterio", "encoder_tool"}
    code = (
        f"import sys; sys.path.insert(0, {str(plugin_home())!r})\n"
        "import geosam_plugin.engine.client\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- what callers do wrong


class Careless(QObject):
    """Asks, and falls over the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[EngineError] = []

    def on_result(self, _result: dict[str, Any]) -> None:
        raise RuntimeError("the answer came as a surprise")

    def on_error(self, error: EngineError) -> None:
        self.heard.append(error)
        raise RuntimeError("and so did the error")


def test_a_callback_that_raises_keeps_nobody_waiting(
    answers: Answers, cache: Path, no_exception_goes_unseen: list[str]
) -> None:
    careless = Careless()
    answers.client.request("predict", click(cache), careless.on_result, careless.on_error)
    answers.ask("predict", **click(cache))
    answers.wait(1)
    assert len(answers.results) == 1
    assert answers.client.pending == 0
    assert [error.type for error in careless.heard] == ["Unused"], "who asked learns of it, once"
    first, second = no_exception_goes_unseen
    assert "came as a surprise" in first
    assert "so did the error" in second
    no_exception_goes_unseen.clear()


@pytest.mark.parametrize("bad", [float("nan"), object()])
def test_what_cannot_be_sent_is_told_and_the_next_is_answered(
    answers: Answers, cache: Path, bad: Any
) -> None:
    answers.ask("predict", cache=str(cache), include=[[bad, 1.0]])
    assert not answers.count, "callbacks never come at once"
    answers.ask("predict", **click(cache))
    answers.wait(2)
    assert [error.type for error in answers.errors] == ["Unsent"]
    assert len(answers.results) == 1
    with pytest.raises(EngineError) as caught:
        EngineProcess(answers.client._command).run_blocking(
            "predict", {"include": [[bad, 1.0]]}, allow_gui_thread=True
        )
    assert caught.value.type == "Unsent"


def test_nobody_is_called_back_after_the_end(answers: Answers, cache: Path) -> None:
    waits = answers.ask("predict", **click(cache))
    answers.client.cancel(waits)
    answers.ask("predict", cache=str(cache), include=[[float("nan"), 1.0]])
    answers.client.shutdown()
    for _ in range(20):
        QCoreApplication.processEvents()
    assert not answers.count


def test_whoever_has_gone_is_not_called(answers: Answers, cache: Path) -> None:
    careless = Careless()
    answers.client.request("predict", click(cache), partial(careless.on_result), careless.on_error)
    answers.client.request("none", {}, careless.on_result, partial(careless.on_error))
    sip.delete(careless)
    answers.ask("hello")
    answers.wait(1)
    assert careless.heard == []


# --- sentences


def test_every_error_of_the_engine_has_a_sentence(qgis_app: QgsApplication) -> None:
    source = (package_dir() / "encoder_tool" / "errors.py").read_text(encoding="utf-8")
    names = {node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    names |= {"Internal", "ProtocolError", "FrameError"}
    names -= {"EngineError"}  # the base of all
    assert len(names) > 20
    for name in names:
        error = EngineError.of(
            {"type": name, "message": "The particulars.", "hint": "Use `--restart`."}
        )
        told = tell(error)
        assert told.endswith("."), told
        assert told.replace("The particulars.", ""), name
        assert "--" not in told and "`" not in told, told
        assert what_happened(error) in told
    own = EngineError("Failed", "The engine cannot be started.", "Start it again.")
    assert tell(own) == "The engine cannot be started. Start it again."
    assert tell(EngineError("Brandnew", "Something else.", "--x")) == "Something else."
    error = EngineError.of({"type": "OutputError", "message": "/x cannot be written."})
    assert tell(error, {"OutputError": "Choose another output."}) == (
        "The output cannot be written: /x cannot be written. Choose another output."
    )


@pytest.mark.parametrize("is_deaf", [False, True])
@pytest.mark.parametrize("is_released", [False, True])
def test_the_engine_is_ended_in_order_when_qgis_quits(
    command: EngineCommand, is_deaf: bool, is_released: bool
) -> None:
    """Once the event loop is over no signal tells that it has ended; "deaf" is an engine that is
    busy and does not hear that its input is closed."""
    program, arguments = command.program, list(command.arguments)
    if is_deaf:
        arguments = ["-c", "import time; time.sleep(600)"]
    code = f"""
import sys
sys.path[:0] = {sys.path!r}
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QTimer
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand
application = QgsApplication([], False)
application.initQgis()
client = EngineClient(EngineCommand({program!r}, {arguments!r}, {command.environment!r}))
told = []
client.restarted.connect(told.append)
client.failed.connect(told.append)
def quit_once_it_runs():
    if client.process_id and ({is_deaf} or client.state == "ready"):
        print(client.process_id, flush=True)
        if {is_released}:
            client.shutdown()
        application.quit()
timer = QTimer()
timer.timeout.connect(quit_once_it_runs)
timer.start(10)
client.start()
application.exec()
assert not told, told
application.exitQgis()
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert "QProcess: Destroyed" not in done.stderr
    assert done.returncode == 0, done.stderr
    assert not Path(f"/proc/{int(done.stdout)}").exists()
