"""Whole objects: how well what lies across patch borders is put together.

    python benchmarks/stitch.py                               the embedded model
    python benchmarks/stitch.py --model nano=out/training/nano.safetensors

On procedural scenes of fixed seeds that training never draws: things that no single patch holds,
by one click and by their box, once stitched, once ended at the border (--no-stitch), and once in
a cache of their own in which a patch holds them whole. Then a field and a lake that are larger
than a patch, by single clicks at the map's scale that shows all of them. Prints tables, writes
JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.border_objects import BorderObject, border_objects, cut_out, encoded
from benchmarks.support.large_things import GSD_M, large_field, large_lake
from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.tables import Table, milliseconds
from encoder_tool.errors import NothingFoundError
from encoder_tool.metrics import innermost_point
from encoder_tool.sample import write_scene
from encoder_tool.scene import Scene, make_scene
from encoder_tool.segment import MapPrompt, SegmentedObject, Segmenter, SegmentRequest
from encoder_tool.truth import read_truth
from encoder_tool.types import XY

FIRST_SEED = 2_005_000
"""Training draws scenes below a million and chooses by those from a million on."""

SCENE_PX = 1792
"""Two by two patches."""

PIXEL_SIZES_M = (0.3, 0.1, 0.15)
"""Scenes take turns."""

FIELD_PX, LAKE_PX = 2500.0, 4000.0
VIEW_PX = 800
"""Pixels of the screen that the large thing takes in the view in which it is clicked."""

CLICKS = 5
"""On each large thing: its innermost point, and others at random."""

Row = dict[str, Any]


def judge_borders(
    model: tuple[str, Path | None], scenes: int, wanted: int, folder: Path
) -> list[Row]:
    """A row for each object and prompt."""
    rows = []
    for index in range(scenes):
        seed, size = FIRST_SEED + index, PIXEL_SIZES_M[index % len(PIXEL_SIZES_M)]
        paths = write_scene(make_scene(SCENE_PX, seed, size), folder / f"scene{index}")
        segmenter = encoded(paths.scene, *model, levels=None)
        found = list(border_objects(segmenter, paths.truth))
        chosen = np.random.default_rng(seed).permutation(len(found))[:wanted]
        for number in chosen:
            item = found[number]
            part = cut_out(paths.scene, item.polygon, folder / f"part{index}_{number}.tif")
            alone = encoded(part, *model, levels=1)
            rows += [_judge(item, kind, segmenter, alone) for kind in item.prompts]
            print(f"scene {index}: {item.class_name}", file=sys.stderr, flush=True)
    return rows


def _judge(item: BorderObject, kind: str, segmenter: Segmenter, alone: Segmenter) -> Row:
    prompt, row = item.prompts[kind], {"class": item.class_name, "prompt": kind}
    for name, answers, stitch in (
        ("stitched", segmenter, True), ("cut", segmenter, False), ("whole", alone, False),
    ):  # fmt: skip
        found, took_ms = _ask(answers, SegmentRequest(prompt, stitch=stitch))
        row[name] = 0.0 if found is None else iou(found.geometry, item.polygon)
        row[f"{name}_ms"] = took_ms
        if name == "stitched":
            row["complete"] = found is not None and found.is_complete
            row["run_px"] = 0.0 if found is None else run_on_border(found, segmenter)
        if name == "cut":
            row["cut_run_px"] = 0.0 if found is None else run_on_border(found, segmenter)
    return row


def judge_large(model: tuple[str, Path | None], folder: Path) -> list[Row]:
    """A row for each click."""
    rows = []
    things: Sequence[tuple[str, Callable[[int, float], Scene], float]] = (
        ("field", large_field, FIELD_PX), ("lake", large_lake, LAKE_PX),
    )  # fmt: skip
    for name, make, across_px in things:
        paths = write_scene(make(FIRST_SEED, across_px), folder / name)
        view_m = across_px * GSD_M / VIEW_PX
        # No click in that view asks a finer level.
        finest = round(math.log2(view_m / GSD_M))
        segmenter = encoded(paths.scene, *model, levels=None, first=finest)
        (truth,) = read_truth(paths.truth, segmenter.manifest.raster.crs_wkt)
        for number, click in enumerate(_clicks_on(truth.geometry)):
            answer = _three(segmenter, click, view_m, truth.geometry)
            rows.append({"thing": name, "click": number, **answer})
    return rows


def _three(segmenter: Segmenter, click: XY, view_m: float, truth: shapely.Geometry) -> Row:
    """What a click finds: by the candidate that the model scores best, and by the best of the
    three; with and without other patches."""
    asked = SegmentRequest(MapPrompt(include=(click,)), gsd_m=view_m, candidate="all")
    started = time.perf_counter()
    whole = segmenter.segment(asked).objects
    took_ms = 1e3 * (time.perf_counter() - started)
    cut = segmenter.segment(replace(asked, stitch=False)).objects
    chosen = max(whole, key=lambda found: found.score)
    return {
        "iou": iou(chosen.geometry, truth),
        "best_of_three": max(iou(found.geometry, truth) for found in whole),
        "best_of_three_cut": max(iou(found.geometry, truth) for found in cut),
        "level": chosen.level,
        "complete": chosen.is_complete,
        "ms": took_ms,
    }


def _clicks_on(polygon: shapely.Geometry) -> list[XY]:
    rng = np.random.default_rng(FIRST_SEED)
    (xmin, ymin, xmax, ymax), inner = polygon.bounds, polygon.buffer(-15)
    clicks = [innermost_point(polygon)]
    while len(clicks) < CLICKS:
        point = XY(float(rng.uniform(xmin, xmax)), float(rng.uniform(ymin, ymax)))
        if inner.contains(shapely.Point(point)):
            clicks.append(point)
    return clicks


def _ask(segmenter: Segmenter, request: SegmentRequest) -> tuple[SegmentedObject | None, float]:
    """The object, and how long its second answer takes, when the patches are prepared."""
    try:
        segmenter.segment(request)
        started = time.perf_counter()
        (found,) = segmenter.segment(request).objects
    except NothingFoundError:
        return None, 0.0
    return found, 1e3 * (time.perf_counter() - started)


def iou(found: shapely.Geometry, truth: shapely.Geometry) -> float:
    return float(found.intersection(truth).area / found.union(truth).area)


def run_on_border(found: SegmentedObject, segmenter: Segmenter) -> float:
    """The length, in pixels of its level, of what of its outline lies along a patch's border."""
    grid = segmenter.manifest.pyramid.level(found.level)
    a, b, c, d, e, f = (~segmenter.manifest.level_affine(found.level))[:6]
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(found.geometry)), return_index=True
    )
    x, y = points.T
    pixels = np.column_stack([a * x + b * y + c, d * x + e * y + f])
    same = ring[1:] == ring[:-1]
    starts, ends = pixels[:-1][same], pixels[1:][same]
    longest = 0.0
    for axis, origins, end in (
        (0, grid.col_origins, grid.width), (1, grid.row_origins, grid.height),
    ):  # fmt: skip
        for edge in {*origins, *(origin + grid.patch for origin in origins)}:
            if 0 < edge < end:
                near = (abs(starts[:, axis] - edge) < 0.5) & (abs(ends[:, axis] - edge) < 0.5)
                longest = max(longest, float(np.hypot(*(ends[near] - starts[near]).T).sum()))
    return longest


def border_table(rows: Sequence[Row]) -> Table:
    table = Table(
        "Across patch borders",
        ("things", "n", "whole in a patch", "stitched", "difference", "ended at the border",
         "complete", "longest run along a border, px", "ms", "ms ended"),
        "Mean IoU with the truth, of the same things by the same prompts; the run is the 95th "
        "percentile of outlines, with the same of those ended at the border.",
    )  # fmt: skip
    groups = [(kind, kind, None) for kind in ("click", "box")]
    groups += [
        (f"{name} by a {kind}", kind, name)
        for name in sorted({row["class"] for row in rows})
        for kind in ("click", "box")
    ]
    for label, kind, name in groups:
        part = [r for r in rows if r["prompt"] == kind and name in (None, r["class"])]
        if part:
            table.add(label, *_summary(part))
    return table


def _summary(rows: Sequence[Row]) -> list[str]:
    def mean(key: str) -> float:
        return float(np.mean([row[key] for row in rows]))

    runs = [float(np.percentile([r[key] for r in rows], 95)) for key in ("run_px", "cut_run_px")]
    return [
        str(len(rows)), f"{mean('whole'):.3f}", f"{mean('stitched'):.3f}",
        f"{mean('stitched') - mean('whole'):+.3f}", f"{mean('cut'):.3f}",
        f"{100 * mean('complete'):.0f} %", f"{runs[0]:.0f} ({runs[1]:.0f})",
        milliseconds(mean("stitched_ms")), milliseconds(mean("cut_ms")),
    ]  # fmt: skip


def large_table(rows: Sequence[Row]) -> Table:
    table = Table(
        "Larger than a patch, by one click at the scale that shows all of it",
        ("thing", "clicks", "level", "best scored", "best of three", "lowest of these",
         "best of three, ended at the border", "complete", "ms"),
        "Mean IoU with the truth.",
    )  # fmt: skip
    for name in sorted({row["thing"] for row in rows}):
        part = [row for row in rows if row["thing"] == name]
        mean = {key: float(np.mean([row[key] for row in part])) for key in _OF_LARGE}
        table.add(
            name, len(part), ", ".join(sorted({str(row["level"]) for row in part})),
            f"{mean['iou']:.3f}", f"{mean['best_of_three']:.3f}",
            f"{min(row['best_of_three'] for row in part):.3f}",
            f"{mean['best_of_three_cut']:.3f}", f"{100 * mean['complete']:.0f} %",
            milliseconds(mean["ms"]),
        )  # fmt: skip
    return table


_OF_LARGE = ("iou", "best_of_three", "best_of_three_cut", "complete", "ms")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", default="nano", metavar="NAME[=WEIGHTS]", help="whose masks are judged"
    )
    parser.add_argument("--scenes", type=int, default=6, metavar="N", help="0 for none")
    parser.add_argument("--objects", type=int, default=12, metavar="N", help="of a scene at most")
    parser.add_argument("--no-large", action="store_true", help="without the field and the lake")
    parser.add_argument("--markdown", action="store_true", help="print sections for a page")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/stitch.json"), help="the JSON file"
    )
    options = parser.parse_args()
    name, _, weights = options.model.partition("=")
    model = name, Path(weights) if weights else None
    facts = machine_facts()
    with tempfile.TemporaryDirectory() as work:
        borders = judge_borders(model, options.scenes, options.objects, Path(work))
        large = [] if options.no_large else judge_large(model, Path(work))
    print(f"{headline(facts)}\n")
    tables = [border_table(borders)] if borders else []
    tables += [large_table(large)] if large else []
    for table in tables:
        print(table.markdown() if options.markdown else table.text())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    found = {**facts, "model": options.model, "borders": borders, "large": large}
    options.out.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Wrote {options.out}")


if __name__ == "__main__":
    main()
