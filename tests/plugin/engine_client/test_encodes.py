"""Encodes as processes of their own, beside QGIS's window and its other threads."""

from __future__ import annotations

import itertools
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from engine_client.asked_engine import Answers, click, defective, wait_until
from qgis.core import QgsApplication, QgsTask, QgsTaskManager
from qgis.PyQt.QtCore import QThreadPool, QTimer
from qgis_window import PATIENCE_S

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.engine.protocol import EngineError


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


def run_task(task: QgsTask) -> tuple[list[dict[str, Any]], bool]:
    ended: list[bool] = []
    task.taskCompleted.connect(lambda: ended.append(True))
    task.taskTerminated.connect(lambda: ended.append(False))
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: bool(ended), "the encode")
    return task.progress_told, ended[0]


@pytest.mark.slow
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
    task = EncodeTask(defective(command, "None"), {"raster": str(tmp_path / "none.tif")})
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
    hoverer.start(50)
    wait_until(lambda: bool(task.result or task.error), "the encode")
    hoverer.stop()
    ticker.stop()
    wait_until(lambda: answers.client.pending == 0)
    gaps = sorted(1e3 * (b - a) for a, b in itertools.pairwise(turns))
    print(f"event loop: longest gap {gaps[-1]:.1f} ms, 99.9 % under {gaps[-len(gaps) // 1000]:.1f} "
          f"ms, {len(turns)} turns, {len(hovers)} previews")  # fmt: skip
    assert task.result["encoded"] == 3
    assert hovers, "previews are answered while a raster is being encoded"
