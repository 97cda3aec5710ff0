"""Old footprints as prompts: what their shape is worth besides their box.

    python benchmarks/shape_prompt.py
    python benchmarks/shape_prompt.py --scenes 2 --limit 20

On procedural scenes of fixed seeds that training never draws: buildings, and the same shifted, of
another size, turned, and all of that. Each is asked for by its box, by the box with a point inside,
and by its shape (encoder_tool/shape_prompt.py); IoU of the answer with the truth. Prints a table in
Markdown and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.random import Generator
from shapely import affinity

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.border_objects import encoded
from encoder_tool.errors import NothingFoundError, PromptError
from encoder_tool.metrics import innermost_point
from encoder_tool.sample import write_scene
from encoder_tool.scene import make_scene
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.truth import read_truth
from encoder_tool.types import BoundsMap

FIRST_SEED = 2_009_000
"""Training draws scenes below a million and chooses by those from a million on."""

SCENE_PX = 1024
PIXEL_SIZES_M = (0.3, 0.15, 0.1)
"""Scenes take turns."""

SHIFT_M, SCALE, TURN_DEG = (1.0, 4.0), (0.8, 1.2), 15.0

Perturb = Callable[[shapely.Geometry, Generator], shapely.Geometry]


def shifted(shape: shapely.Geometry, chance: Generator) -> shapely.Geometry:
    turn, far = chance.uniform(0, 2 * math.pi), chance.uniform(*SHIFT_M)
    return affinity.translate(shape, far * math.cos(turn), far * math.sin(turn))


def scaled(shape: shapely.Geometry, chance: Generator) -> shapely.Geometry:
    factor = chance.uniform(*SCALE)
    return affinity.scale(shape, factor, factor)


def turned(shape: shapely.Geometry, chance: Generator) -> shapely.Geometry:
    return affinity.rotate(shape, chance.uniform(-TURN_DEG, TURN_DEG))


def coarse(shape: shapely.Geometry, _chance: Generator) -> shapely.Geometry:
    return shapely.oriented_envelope(shape)


def all_of_it(shape: shapely.Geometry, chance: Generator) -> shapely.Geometry:
    return turned(scaled(shifted(shape, chance), chance), chance)


KINDS: dict[str, Perturb] = {
    "as it is": lambda shape, _chance: shape,
    "shifted 1 to 4 m": shifted,
    "0.8 to 1.2 of its size": scaled,
    "turned up to 15°": turned,
    "its bounding rectangle": coarse,
    "shifted, scaled and turned": all_of_it,
}

PROMPTS: dict[str, Callable[[shapely.Geometry], MapPrompt]] = {
    "box": lambda shape: MapPrompt(box=BoundsMap(*shape.bounds)),
    "box and point": lambda shape: MapPrompt(
        (innermost_point(shape),), (), BoundsMap(*shape.bounds)
    ),
    "shape": lambda shape: MapPrompt(shape=shape),
}


def judged(scenes: int, limit: int) -> Iterator[dict[str, Any]]:
    """A row for each building as it was perturbed: IoU of what is known, and of each answer."""
    for index in range(scenes):
        size = PIXEL_SIZES_M[index % len(PIXEL_SIZES_M)]
        chance = np.random.default_rng(index)
        with tempfile.TemporaryDirectory() as folder:
            paths = write_scene(make_scene(SCENE_PX, FIRST_SEED + index, size), Path(folder))
            segmenter = encoded(paths.scene, "nano", None, levels=None)
            for building in buildings(paths.truth, segmenter)[:limit]:
                for kind, perturb in KINDS.items():
                    known = perturb(building, chance)
                    row = {"scene": index, "kind": kind, "as it was": iou(known, building)}
                    for name, prompt in PROMPTS.items():
                        row[name] = answered(segmenter, prompt(known), building)
                    yield row
        print(f"scene {index}", file=sys.stderr, flush=True)


def buildings(truth: Path, segmenter: Segmenter) -> list[shapely.Geometry]:
    """With room around them to be shifted on the raster."""
    manifest = segmenter.manifest
    xs, ys = zip(*(manifest.affine @ at for at in ((0, 0), (SCENE_PX, SCENE_PX))), strict=True)
    inner = shapely.box(min(xs), min(ys), max(xs), max(ys)).buffer(-2 * SHIFT_M[1])
    return [
        item.geometry
        for item in read_truth(truth, manifest.raster.crs_wkt)
        if item.class_name == "building" and inner.contains(item.geometry)
    ]


def answered(segmenter: Segmenter, prompt: MapPrompt, truth: shapely.Geometry) -> float:
    try:
        (found,) = segmenter.segment(SegmentRequest(prompt)).objects
    except (NothingFoundError, PromptError):
        return 0.0
    return iou(found.geometry, truth)


def iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def table(rows: list[dict[str, Any]]) -> str:
    names = ["as it was", *PROMPTS]
    lines = [f"| known | n | {' | '.join(names)} |", "| --- " * (len(names) + 2) + "|"]
    for kind in KINDS:
        part = [row for row in rows if row["kind"] == kind]
        means = " | ".join(f"{np.mean([row[name] for row in part]):.3f}" for name in names)
        lines.append(f"| {kind} | {len(part)} | {means} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenes", type=int, default=6, metavar="N", help="default 6")
    parser.add_argument("--limit", type=int, default=30, help="buildings of a scene at most")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/shape_prompt.json"), help="the JSON file"
    )
    options = parser.parse_args()
    rows = list(judged(options.scenes, options.limit))
    print(table(rows))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
