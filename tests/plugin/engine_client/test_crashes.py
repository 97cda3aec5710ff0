"""Workers that crash, hang or do not start, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engine_client.asked_engine import (
    QUICK,
    Answers,
    click,
    defective,
    plugin_home,
    polygons,
    wait_until,
)
from processes import is_alive
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis_window import PATIENCE_S

from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.watch import Timing

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
    client = EngineClient(defective(command, "os.kill(os.getpid(), 9)"), timing=QUICK)
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
    client = EngineClient(defective(command, "time.sleep(60)"), timing=timing)
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
