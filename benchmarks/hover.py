"""How quickly QGIS shows what a click would find while the mouse goes over the map.

    python benchmarks/hover.py [--model nano --model sam2.1-tiny …] [--rests 60] [--markdown]

In a real QGIS, with the plugin of this tree and its real click tool: the mouse goes to a place in
steps of 16 ms and rests there until the preview is on the screen. Then the same without the rest
that the tool waits for, each move as soon as the one before is answered: moves answered in a
second. A sam2.1 model without a checkpoint is treated as in click_latency.py. Prints a table,
writes JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # in QGIS, too

if TYPE_CHECKING:
    from benchmarks.support.clicked_patch import ModelChoice
    from benchmarks.support.tables import Table

MODELS = ("nano", "sam2.1-tiny")
SCENE_SEED = 3_000_000
BUILDINGS = 10
SIDE = 2
"""The map shows so many patches squared: all of them are in memory after a few moves."""

WARM_UP = 8


# --- outside of QGIS


def main() -> int:
    from benchmarks.support.clicked_patch import ModelChoice
    from benchmarks.support.machine import headline, machine_facts
    from benchmarks.support.needs_torch import require_torch

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", action="append", type=ModelChoice.parse, metavar="NAME[=PATH]",
        help="what to measure, with a checkpoint's weights; repeatable; default nano, sam2.1-tiny",
    )  # fmt: skip
    parser.add_argument("--rests", type=int, default=60, help="places where the mouse rests")
    parser.add_argument("--threads", type=int, default=2, help="to encode with")
    parser.add_argument("--markdown", action="store_true", help="print a section for a page")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/hover.json"), help="the JSON file"
    )
    given = parser.parse_args()
    choices = given.model or [ModelChoice(name) for name in MODELS]
    if any(choice.name != "nano" for choice in choices):
        require_torch()
    facts = machine_facts()
    rows = []
    for choice in choices:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(choice, given.rests, given.threads, Path(folder))
        if found is None:
            return 1
        rows.append(found)
    shown = table(rows)
    print(headline(facts), end="\n\n")
    print(shown.markdown() if given.markdown else shown.text())
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps({**facts, "models": rows}, indent=2) + "\n")
    print(f"Wrote {given.out}")
    return 0


def measure(choice: ModelChoice, rests: int, threads: int, folder: Path) -> dict[str, Any] | None:
    """What QGIS found; None when it failed, which it has said."""
    from benchmarks.support.asked_prompts import choose_targets
    from benchmarks.support.clicked_patch import SHAPES_VARIABLE, Shapes, write_cache, write_raster
    from encoder_tool.cache.location import default_cache_path
    from encoder_tool.scene import make_scene

    scene = make_scene(1024, SCENE_SEED)
    raster = write_raster(scene, folder, SIDE)
    given = choice.with_weights(folder)
    write_cache(raster, given, default_cache_path(raster, choice.name), threads)
    asked: dict[str, Any] = {"raster": str(raster), "rests": rests, "out": str(folder / "found")}
    if choice.is_seeded:
        shapes = Shapes.of(choose_targets(scene, BUILDINGS)).write(folder / "shapes.npz")
        asked["worker"] = str(ROOT / "benchmarks" / "support" / "shaped_worker.py")
        asked["environment"] = {SHAPES_VARIABLE: str(shapes)}
    in_qgis = [sys.executable, str(ROOT / ".ci" / "in_qgis.py"), __file__, json.dumps(asked)]
    if subprocess.run(in_qgis, check=False).returncode:
        return None
    return {"model": choice.label, **json.loads(Path(asked["out"]).read_text(encoding="utf-8"))}


def table(rows: Sequence[dict[str, Any]]) -> Table:
    from benchmarks.support.tables import Table, milliseconds

    shown = Table(
        "Previews under the mouse, in QGIS",
        ("model", "rest to preview", "move to preview, without the rest", "moves answered a second",
         "previews"),
        f"Milliseconds until it is on the screen, p50 / p95; {rows[0]['rest_ms']} ms of the first "
        "column are the rest that the tool waits for. Where the model finds nothing there is no "
        "preview.",
    )  # fmt: skip
    for row in rows:
        pairs = (row["rests"], row["moves"])
        shown.add(
            row["model"],
            *(f"{milliseconds(p['p50_ms'])} / {milliseconds(p['p95_ms'])}" for p in pairs),
            f"{row['answered_per_s']:.1f}",
            f"{row['rests']['previews'] + row['moves']['previews']} of {2 * row['places']}",
        )
    return shown


# --- inside of QGIS


def run(iface: Any, arguments: list[str]) -> None:
    from qgis.core import QgsProject, QgsRasterLayer

    from benchmarks.support.qgis_mouse import Mouse, show_workspace
    from benchmarks.support.qgis_previews import Previews
    from benchmarks.support.timing import Series

    asked = json.loads(arguments[0])
    layer = QgsRasterLayer(asked["raster"], "scene")
    QgsProject.instance().addMapLayer(layer)
    iface.mapCanvas().setExtent(layer.extent())
    mouse = Mouse(iface)
    workspace = show_workspace(asked.get("worker"), asked.get("environment"))
    previews = Previews(iface, mouse, workspace)
    previews.begin()
    rest_ms = previews.rest_ms
    places = count()
    for _ in range(WARM_UP):
        previews.rest(next(places))

    def series_of(work: Callable[[int], float | None]) -> Series:
        taken = [work(next(places)) for _ in range(asked["rests"])]
        if not any(taken):
            raise SystemExit("No preview was shown: the model finds nothing in this scene.")
        return Series(wall=[seconds for seconds in taken if seconds is not None])

    rests = series_of(previews.rest)
    previews.ask_without_rest()
    started = time.perf_counter()
    moves = series_of(previews.move)
    seconds = time.perf_counter() - started
    found = {
        "rest_ms": rest_ms,
        "rests": {"p50_ms": rests.p50_ms, "p95_ms": rests.p95_ms, "previews": len(rests.wall)},
        "moves": {"p50_ms": moves.p50_ms, "p95_ms": moves.p95_ms, "previews": len(moves.wall)},
        "answered_per_s": asked["rests"] / seconds,
        "places": asked["rests"],
    }
    Path(asked["out"]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
