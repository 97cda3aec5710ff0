"""How long QGIS's window stands still while a raster is being encoded and the mouse moves.

    python benchmarks/gui_gap.py [--out out/bench/gui_gap.json] [--rests 100] [--profile]

In a real QGIS, with the plugin of this tree: `geosam:encoderaster` runs with all the threads it
takes, the mouse goes over the map, and each time it rests a preview of 5,000 vertices is shown.
A timer of 1 ms tells how long each turn of the event loop took. The same is measured without
an encode, and with QGIS's own pan tool in place of the plugin's, so that what comes from QGIS
and from the machine can be told from what comes from the plugin. Prints a table, writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # in QGIS, too

if TYPE_CHECKING:
    from benchmarks.support.qgis_mouse import Mouse

IDLE_S = 5.0
WANTED_MS = 50.0
PATIENCE_S = 240.0
"""For what happens sooner or later, on a busy machine too."""

LONG_MS = 25.0
"""`--profile` counts what the GUI thread was at in gaps longer than this."""


# --- outside of QGIS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/gui_gap.json"), help="the JSON file"
    )
    parser.add_argument("--rests", type=int, default=100, help="places where the mouse rests")
    parser.add_argument("--profile", action="store_true", help="tell where long gaps were spent")
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for words in (
            ["sample", folder, "--size", "2048", "--quiet"],
            ["encode", f"{folder}/scene.tif", "--quiet"],
        ):
            subprocess.run([sys.executable, "-m", "encoder_tool", *words], check=True)
        flags = ["profile"] if given.profile else []
        words = [folder, str(given.out.resolve()), str(given.rests), *flags]
        in_qgis = [sys.executable, str(ROOT / ".ci" / "in_qgis.py"), "--screen", "2400x1000"]
        command = [*in_qgis, __file__, *words]
        if subprocess.run(command, check=False).returncode:
            return 1
    report(json.loads(given.out.read_text(encoding="utf-8")))
    print(f"Wrote {given.out}")
    return 0


def report(found: dict[str, Any]) -> None:
    print(f"{found['cores']} cores, load {found['load_before']:.1f} before; gaps in ms")
    columns = "".join(f"{title:>9}" for title in ("99.9 %", "99 %", "median"))
    print(f"{'':34}{'longest':>9}{'computing':>11}{columns}{'previews':>10}")
    for phase in found["phases"]:
        numbers = [phase[name] for name in ("p999_ms", "p99_ms", "median_ms")]
        print(
            f"{phase['name']:34}{phase['longest_ms']:9.1f}{phase['most_computing_ms']:11.1f}"
            + "".join(f"{number:9.1f}" for number in numbers)
            + f"{phase['previews']:10}"
        )
        for line, count in phase.get("places", {}).items():
            print(f"    {count:4} {line}")
    longest = found["phases"][-1]["longest_ms"]
    verdict = "below" if longest < WANTED_MS else "NOT below"
    print(f"Longest with an encode and previews: {longest:.1f} ms, {verdict} {WANTED_MS:.0f} ms")


# --- inside of QGIS


class Gaps:
    """Measures the turns of the event loop while it is open.

    Linux also tells for how much of each the GUI's thread computed, and for how much it had work
    but no core to do it on. In the rest it waited: for a lock, a disk or the screen.
    """

    def __init__(self, name: str, profile: bool) -> None:
        from qgis.PyQt.QtCore import Qt, QTimer

        self.name = name
        self.latencies_ms: list[float] = []
        self._times: list[float] = []
        self._spent: list[tuple[int, int]] = []
        self._waiting = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self._samples: list[tuple[float, str]] = []
        self._sampler = threading.Thread(target=self._sample, daemon=True) if profile else None
        self._is_open = False

    def __enter__(self) -> Gaps:
        self._is_open = True
        self._file = os.open(self._waiting, os.O_RDONLY) if self._waiting.exists() else None
        self._timer.start()
        if self._sampler is not None:
            self._sampler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        self._timer.stop()
        if self._file is not None:
            os.close(self._file)

    def _tick(self) -> None:
        self._times.append(time.perf_counter())
        told = os.pread(self._file, 80, 0).split() if self._file is not None else (0, 0)
        self._spent.append((int(told[0]), int(told[1])))

    @property
    def result(self) -> dict[str, Any]:
        import numpy as np

        gaps = 1e3 * np.diff(self._times)
        computed, waited = np.diff(np.array(self._spent), axis=0).T / 1e6
        longest = np.argsort(gaps)[:-11:-1]
        found = {
            "name": self.name,
            "turns": len(gaps),
            "seconds": round(float(gaps.sum()) / 1e3, 1),
            "previews": len(self.latencies_ms),
            "preview_median_ms": float(np.median(self.latencies_ms or [0])),
            "longest_ms": float(gaps.max()),
            "most_computing_ms": float(computed.max()),
            "p999_ms": float(np.percentile(gaps, 99.9)),
            "p99_ms": float(np.percentile(gaps, 99)),
            "median_ms": float(np.median(gaps)),
            "ten_longest_ms": [round(float(gap), 1) for gap in gaps[longest]],
            "computing_ms": [round(float(spent), 1) for spent in computed[longest]],
            "waited_for_a_core_ms": [round(float(wait), 1) for wait in waited[longest]],
        }
        if self._sampler is not None:
            found["places"] = self._places()
        return found

    def _sample(self) -> None:
        gui = threading.main_thread().ident
        while self._is_open:
            time.sleep(0.004)
            frame = sys._current_frames().get(gui)
            stack = traceback.extract_stack(frame)[-2:] if frame is not None else []
            where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in stack[::-1])
            self._samples.append((time.perf_counter(), where))

    def _places(self) -> dict[str, int]:
        counted: Counter[str] = Counter()
        long = [
            (start, end)
            for start, end in zip(self._times, self._times[1:], strict=False)
            if 1e3 * (end - start) > LONG_MS
        ]
        for when, where in self._samples:
            if any(start < when < end for start, end in long):
                counted[where] += 1
        return dict(counted.most_common(8))


def run(iface: Any, arguments: list[str]) -> None:
    from qgis.core import QgsProject, QgsRasterLayer

    from benchmarks.support.qgis_mouse import Mouse, show_workspace

    folder, out, rests, *flags = arguments
    moves = int(rests)
    is_profiled = "profile" in flags
    load = os.getloadavg()[0]
    window = iface.mainWindow()
    window.move(0, 0)
    window.resize(1600, 1000)
    layer = QgsRasterLayer(f"{folder}/scene.tif", "scene")
    QgsProject.instance().addMapLayer(layer)
    iface.mapCanvas().setExtent(layer.extent())
    mouse = Mouse(iface)
    worker = str(ROOT / "benchmarks" / "support" / "dense_worker.py")
    hovering = Hovering(iface, mouse, show_workspace(worker))
    mouse.wait(3)
    phases = []

    def measure(name: str, work: Callable[[], object]) -> None:
        hovering.latencies_ms.clear()
        with Gaps(name, is_profiled) as gaps:
            work()
        gaps.latencies_ms = list(hovering.latencies_ms)
        phases.append(gaps.result)
        print(f"{name}: {gaps.result['longest_ms']:.1f} ms", file=sys.__stderr__, flush=True)

    measure("nothing done", lambda: mouse.wait(IDLE_S))
    measure("previews", lambda: hovering.move_about(moves // 2))
    encode = Encode(iface, mouse, Path(folder))
    measure("encode", lambda: mouse.wait(IDLE_S))
    measure("encode, mouse, QGIS's pan tool", lambda: hovering.move_about(moves // 2, ours=False))
    measure("encode, mouse, previews", lambda: hovering.move_about(moves))
    patches = encode.stop()
    found = {
        "cores": os.cpu_count(),
        "load_before": load,
        "load_after": os.getloadavg()[0],
        "canvas": [iface.mapCanvas().width(), iface.mapCanvas().height()],
        "encoded_meanwhile_percent": patches,
        "phases": phases,
    }
    Path(out).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


class Hovering:
    """A mouse that rests here and there until the preview is drawn."""

    def __init__(self, iface: Any, mouse: Mouse, workspace: Any) -> None:
        self.latencies_ms: list[float] = []
        self._iface = iface
        self._mouse = mouse
        self._workspace = workspace
        self._rested = 0.0
        self._is_shown = False
        workspace.controller.hoverChanged.connect(self._on_hover)

    def move_about(self, rests: int, ours: bool = True) -> None:
        """Rest at so many places, 8 mouse events apart, each time until the preview is there."""
        if ours:
            self._workspace.dock.prompt.clicking.setChecked(True)
            self._mouse.until(lambda: bool(self._workspace.controller.described), PATIENCE_S)
        else:
            self._iface.actionPan().trigger()
        for rest in range(rests):
            self._mouse.glide(rest)
            self._rested, self._is_shown = time.perf_counter(), False
            self._mouse.wait(0.3)
            if ours:  # the model may find nothing there
                self._mouse.turn(self._is_answered, 10)

    def _is_answered(self) -> bool:
        return self._is_shown or not self._workspace.client.pending

    def _on_hover(self, geometry: Any) -> None:
        if geometry is not None and not self._is_shown:
            if geometry.constGet().nCoordinates() < 5000:
                raise SystemExit("The preview has fewer vertices than it should.")
            self._is_shown = True
            self.latencies_ms.append(1e3 * (time.perf_counter() - self._rested))


class Encode:
    """`geosam:encoderaster` from the dialog that the dock opens, with patches that overlap so
    much that it lasts."""

    def __init__(self, iface: Any, mouse: Mouse, folder: Path) -> None:
        import processing
        from qgis.core import QgsProject

        (layer,) = QgsProject.instance().mapLayers().values()
        self._mouse = mouse
        self._ended = False
        parameters = {"INPUT": layer.id(), "OVERLAP": 992, "OUTPUT": str(folder / "big.sam2.zarr")}
        self._dialog = processing.createAlgorithmDialog("geosam:encoderaster", parameters)
        self._dialog.algorithmFinished.connect(self._on_finished)
        self._dialog.move(1650, 0)  # the mouse of this screen is a real one: not over the map
        self._dialog.show()
        mouse.wait(1)
        self._dialog.runButton().click()
        mouse.until(lambda: self._percent > 0, PATIENCE_S)

    @property
    def _percent(self) -> float:
        from qgis.PyQt.QtWidgets import QProgressBar

        return max(bar.value() for bar in self._dialog.findChildren(QProgressBar))

    def stop(self) -> float:
        """How many percent were encoded; it must have gone on all the time."""
        if self._ended:
            raise SystemExit("The encode ended before the measurement did.")
        percent = self._percent
        self._dialog.cancelButton().click()
        self._mouse.until(lambda: self._ended, PATIENCE_S)
        return percent

    def _on_finished(self, succeeded: bool, results: dict[str, Any]) -> None:
        self._ended = True


if __name__ == "__main__":
    sys.exit(main())
