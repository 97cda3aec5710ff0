"""Right angles: what is made of masks, and by which library.

    python benchmarks/right_angles.py
    python benchmarks/right_angles.py --libraries      those that are installed, beside ours

On procedural scenes of fixed seeds that training never draws: the masks that the embedded model
finds by the boxes of things, outlined as they are by default, and the same with right angles.
The libraries are no dependencies: `pip install buildingregulariser cartagen` for a comparison.
Prints tables, writes JSON.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.border_objects import encoded
from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.tables import Table
from encoder_tool.errors import NothingFoundError
from encoder_tool.right_angles import with_right_angles
from encoder_tool.sample import write_scene
from encoder_tool.scene import make_scene
from encoder_tool.segment import MapPrompt, PolygonOptions, Segmenter, SegmentRequest
from encoder_tool.truth import read_truth
from encoder_tool.types import BoundsMap

FIRST_SEED = 2_007_000
"""Training draws scenes below a million and chooses by those from a million on."""

SCENE_PX = 1024
PIXEL_SIZES_M = (0.3, 0.1, 0.15)
"""Scenes take turns."""

SMALLEST_PX = 16.0
"""Four logit cells across: what is smaller has no corners in a mask."""

RIGHT_WITHIN = 5.0
"""Degrees."""

TOLERANCES_PX = (1, 2, 4)
"""That libraries are tried with."""

Square = Callable[[Polygon], Polygon | None]


@dataclass(frozen=True, eq=False)
class Mask:
    """traced: as it comes out of the logits; outline: as it is saved by default; truth: of the
    thing. All in pixels."""

    class_name: str
    traced: Polygon
    outline: Polygon
    truth: shapely.Geometry


def found_masks(scenes: int, only: str | None = None) -> Iterator[Mask]:
    """Of each thing that has one, the largest part; only: things of that class"""
    for index in range(scenes):
        size = PIXEL_SIZES_M[index % len(PIXEL_SIZES_M)]
        with tempfile.TemporaryDirectory() as folder:
            paths = write_scene(make_scene(SCENE_PX, FIRST_SEED + index, size), Path(folder))
            segmenter = encoded(paths.scene, "nano", None, levels=1)
            yield from _masks_of(segmenter, paths.truth, only)
        print(f"scene {index}", file=sys.stderr, flush=True)


def _masks_of(segmenter: Segmenter, truth: Path, only: str | None) -> Iterator[Mask]:
    manifest = segmenter.manifest
    a, b, c, d, e, f = (~manifest.affine)[:6]

    def to_pixels(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack([a * xy[:, 0] + b * xy[:, 1] + c, d * xy[:, 0] + e * xy[:, 1] + f])

    for item in read_truth(truth, manifest.raster.crs_wkt):
        thing = shapely.transform(item.geometry, to_pixels)
        xmin, ymin, xmax, ymax = thing.bounds
        if max(xmax - xmin, ymax - ymin) < SMALLEST_PX or only not in (None, item.class_name):
            continue
        prompt = MapPrompt(box=BoundsMap(*item.geometry.bounds))
        outlines = []
        for options in (PolygonOptions(simplify_px=0), PolygonOptions()):
            try:
                (found,) = segmenter.segment(SegmentRequest(prompt, polygons=options)).objects
            except NothingFoundError:
                break
            parts = shapely.get_parts(shapely.transform(found.geometry, to_pixels))
            outlines.append(max(parts, key=lambda part: part.area))
        else:
            yield Mask(item.class_name or "", *outlines, thing)


def judged(masks: Sequence[Mask], square: Square) -> list[dict[str, Any]]:
    """A row for each mask; those that are left alone have no figures."""
    rows = []
    for mask in masks:
        started = time.perf_counter()
        try:
            squared = square(mask.traced)
        except Exception as error:  # noqa: BLE001 - a library's own; that it fails is the figure
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            squared = None
        row: dict[str, Any] = {
            "class": mask.class_name, "ms": 1e3 * (time.perf_counter() - started),
            "squared": isinstance(squared, Polygon) and squared.is_valid and squared.area > 0,
        }  # fmt: skip
        if row["squared"]:
            row |= {
                "right": right_corners(squared),
                "iou": iou(squared, mask.outline),
                "vertices": vertices(squared) / vertices(mask.outline),
                "distance_px": distance(squared, mask.traced),
                "truth": iou(squared, mask.truth),
                "truth_before": iou(mask.outline, mask.truth),
            }
        rows.append(row)
    return rows


def right_corners(polygon: Polygon) -> list[bool]:
    """Of each vertex, whether the outline turns there by a right angle."""
    found: list[bool] = []
    for ring in shapely.get_rings(polygon):
        steps = np.diff(shapely.get_coordinates(ring), axis=0)
        before = np.roll(steps, 1, axis=0)
        cross = before[:, 0] * steps[:, 1] - before[:, 1] * steps[:, 0]
        turns = np.degrees(np.arctan2(cross, (before * steps).sum(axis=1)))
        found += (np.abs(np.abs(turns) - 90) <= RIGHT_WITHIN).tolist()
    return found


def vertices(polygon: Polygon) -> int:
    return int(shapely.get_num_coordinates(polygon)) - len(shapely.get_rings(polygon))


def iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def distance(one: Polygon, other: Polygon) -> float:
    lines = [shapely.segmentize(polygon.boundary, 1.0) for polygon in (one, other)]
    return float(shapely.hausdorff_distance(*lines))


def libraries() -> dict[str, Square]:
    """What is installed of them, with parameters that suit pixels."""
    found: dict[str, Square] = {"shapely oriented_envelope": shapely.oriented_envelope}
    regulariser = _installed("buildingregulariser.coordinator")
    squaring = _installed("cartagen.algorithms.buildings.squaring")
    for px in TOLERANCES_PX:
        if regulariser is not None:
            found[f"buildingregulariser, {px} px"] = _regulariser(regulariser, px)
        if squaring is not None:
            for name in ("square_polygon_orthogonal", "square_polygon_ls"):
                found[f"cartagen {name}, {px} px"] = _cartagen(getattr(squaring, name), px)
    return found


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _regulariser(module: Any, px: float) -> Square:
    import geopandas

    def square(polygon: Polygon) -> Polygon | None:
        frame = module.regularize_geodataframe(
            geopandas.GeoDataFrame(geometry=[polygon]), parallel_threshold=2 * px,
            simplify_tolerance=px, allow_45_degree=False, allow_circles=False, num_cores=1,
        )  # fmt: skip
        return None if frame.empty else max(frame.geometry, key=lambda part: part.area)

    return square


def _cartagen(function: Any, px: float) -> Square:
    """It takes outlines that are simple already, and no holes."""
    return lambda polygon: function(Polygon(polygon.exterior).simplify(px))


def table_of(title: str, named: Mapping[str, Sequence[dict[str, Any]]], note: str) -> Table:
    table = Table(
        title,
        ("", "n", "squared", "corners within 5° of 90°", "IoU with the mask", "vertices",
         "furthest, px (95th percentile)", "IoU with the truth (before)", "ms"),
        note,
    )  # fmt: skip
    for name, rows in named.items():
        done = [row for row in rows if row["squared"]]
        cells = [f"{len(done) / len(rows):.2f}"] + ["-"] * 5
        if done:
            right = np.concatenate([row["right"] for row in done])

            def mean(key: str, done: Sequence[dict[str, Any]] = done) -> float:
                return float(np.mean([row[key] for row in done]))

            far = float(np.percentile([row["distance_px"] for row in done], 95))
            cells[1:] = [
                f"{right.mean():.3f}", f"{mean('iou'):.3f}", f"{mean('vertices'):.2f}",
                f"{far:.1f}", f"{mean('truth'):.3f} ({mean('truth_before'):.3f})",
            ]  # fmt: skip
        table.add(name, len(rows), *cells, f"{np.mean([row['ms'] for row in rows]):.0f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenes", type=int, default=12, metavar="N", help="that are encoded")
    parser.add_argument("--libraries", action="store_true", help="also those that are installed")
    parser.add_argument("--markdown", action="store_true", help="print sections for a page")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/right_angles.json"), help="the JSON file"
    )
    options = parser.parse_args()
    facts = machine_facts()
    masks = list(found_masks(options.scenes))
    buildings = [mask for mask in masks if mask.class_name == "building"]
    by_class = {
        name: judged([mask for mask in masks if mask.class_name == name], with_right_angles)
        for name in sorted({mask.class_name for mask in masks})
    }
    tables = [
        table_of(
            "Things of all kinds", by_class,
            "Means over those that were squared; the others keep their outline.",
        )
    ]  # fmt: skip
    by_library = {"encoder_tool.right_angles": by_class["building"]}
    if options.libraries:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            by_library |= {name: judged(buildings, f) for name, f in libraries().items()}
        tables.append(table_of("Libraries, on buildings", by_library, "As above."))
    print(f"{headline(facts)}\n")
    for table in tables:
        print(table.markdown() if options.markdown else table.text())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    found = {**facts, "classes": by_class, "libraries": by_library}
    options.out.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Wrote {options.out}")


if __name__ == "__main__":
    main()
