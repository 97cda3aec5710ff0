"""What a patch takes on disk by how its features are stored, and what that costs in masks.

    python benchmarks/cache_size.py [--model sam2.1-tiny=CHECKPOINT] [--scenes 6] [--objects 20]

Encodes a scene with each model, stores the same features as int8, float16 and float32, and tells
bytes, bits a value, and the time that loading and storing a patch take. Then asks nano's caches
of several procedural scenes for the same objects, each by its box and by a click (the candidate
scored best), and compares the masks with those of float32, and with the truth. Prints tables and
writes JSON; ends with an error when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.clicked_patch import ModelChoice, write_cache, write_raster
from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.needs_torch import require_torch
from benchmarks.support.tables import Table, milliseconds
from benchmarks.support.timing import take_turns
from encoder_tool.cache import layout
from encoder_tool.cache.manifest import DTYPES
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.metrics import innermost_point, iou, mask_of, truth_mask
from encoder_tool.scene import Scene, make_scene
from encoder_tool.segment import Segmenter
from encoder_tool.types import PATCH_SIZE, BoolArray, BoxPixel, PatchId, Prompt

MODELS = ("nano", "sam2.1-tiny")
REFERENCE = "float32"
PATCH = PatchId(0, 0, 0)

FIRST_SEED = 2_100_000
"""Training draws scenes below two million."""

SMALLEST_PX = 8.0
POOR_IOU = 0.95

MOST_BITS = 6.5
LEAST_MEAN_IOU = {"int8": 0.99, "float16": 0.998}
MOST_POOR = 0.01


def stored_alike(cache: FeatureCache, folder: Path) -> dict[str, FeatureCache]:
    """The features of a float32 cache in a cache of each dtype."""
    found = {}
    for dtype in DTYPES:
        manifest = replace(cache.manifest, dtype=dtype)
        path = folder / f"{cache.path.name}.{dtype}"
        with CacheWriter.create(path, manifest, cache.decoder_graphs()) as writer:
            for patch in cache.pyramid.patches():
                writer.write_patch(patch, cache.load(patch))
        found[dtype] = open_cache(path)
    return found


def sizes(caches: dict[str, FeatureCache], label: str, turns: int) -> list[dict[str, Any]]:
    """What a patch of each cache takes, and how long; loading from the system's page cache."""
    features = caches[REFERENCE].load(PATCH)
    values = sum(array.size for array in features.arrays().values())
    loads = take_turns({d: cache.load for d, cache in caches.items()}, [PATCH], turns)
    writers = {d: CacheWriter.open(cache.path) for d, cache in caches.items()}
    try:
        stores = take_turns(
            {d: partial(w.write_patch, features=features) for d, w in writers.items()},
            [PATCH],
            turns,
        )
    finally:
        for writer in writers.values():
            writer.close()
    rows = []
    for dtype, cache in caches.items():
        files = layout.patch_files(cache.path, PATCH, dtype).values()
        size = sum(file.stat().st_size for file in files)
        rows.append(
            {
                "model": label,
                "dtype": dtype,
                "bytes_per_patch": size,
                "bits_per_value": 8 * size / values,
                "load": loads[dtype].summary(),
                "store": stores[dtype].summary(),
            }
        )
    return rows


def objects_of(scene: Scene, wanted: int) -> list[shapely.Polygon]:
    """Objects spread over the scene's list that lie whole in it, in pixels."""
    whole = shapely.box(0, 0, PATCH_SIZE, PATCH_SIZE)
    found = [shapely.Polygon(item.exterior, item.holes) for item in scene.objects]
    found = [
        polygon
        for polygon in found
        if polygon.is_valid
        and whole.contains(polygon)
        and min(np.ptp(shapely.get_coordinates(polygon), axis=0)) > SMALLEST_PX
    ]
    return [found[i * len(found) // wanted] for i in range(min(wanted, len(found)))]


def prompts_of(objects: Sequence[shapely.Polygon]) -> dict[str, list[Prompt]]:
    return {
        "box": [Prompt(box=BoxPixel(*polygon.bounds)) for polygon in objects],
        "click": [
            Prompt(points=np.array([innermost_point(polygon)]), labels=np.array([1]))
            for polygon in objects
        ],
    }


def masks(cache: FeatureCache, prompts: Sequence[Prompt]) -> list[BoolArray]:
    """Each prompt's mask, of the candidate scored best."""
    answers = Segmenter(cache).decode_patch(PATCH, prompts)
    return [mask_of(answer.logits[answer.best]) for answer in answers]


def agreements(scenes: int, objects: int, threads: int, folder: Path) -> list[dict[str, Any]]:
    """Of every dtype, each prompt's mask against that of float32 and against the truth."""
    kinds = ("box", "click")
    alike = {(dtype, kind): list[float]() for dtype in DTYPES for kind in kinds}
    true = {(dtype, kind): list[float]() for dtype in DTYPES for kind in kinds}
    for number in range(scenes):
        scene = make_scene(PATCH_SIZE, FIRST_SEED + number)
        place = folder / f"scene-{number}"
        raster = write_raster(scene, place, 1)
        cache = write_cache(raster, ModelChoice("nano"), place / "full", threads, REFERENCE)
        caches, truths = stored_alike(cache, place), objects_of(scene, objects)
        burnt = [truth_mask(polygon) for polygon in truths]
        for kind, prompts in prompts_of(truths).items():
            expected = masks(caches[REFERENCE], prompts)
            for dtype, stored in caches.items():
                found = masks(stored, prompts)
                alike[dtype, kind] += map(iou, found, expected)
                true[dtype, kind] += map(iou, found, burnt)
    return [
        {
            "dtype": dtype,
            "prompts": sum(len(alike[dtype, kind]) for kind in kinds),
            **_agreement(np.concatenate([alike[dtype, kind] for kind in kinds])),
            **{f"{kind}_mean": float(np.mean(alike[dtype, kind])) for kind in kinds},
            **{f"{kind}_true": float(np.mean(true[dtype, kind])) for kind in kinds},
        }
        for dtype in DTYPES
    ]


def _agreement(values: np.ndarray[Any, Any]) -> dict[str, float]:
    return {
        "mean": float(values.mean()),
        "minimum": float(values.min()),
        "poor": float(np.mean(values < POOR_IOU)),
    }


def measure(
    choices: Sequence[ModelChoice],
    scenes: int,
    objects: int,
    turns: int,
    threads: int,
    folder: Path,
) -> dict[str, Any]:
    rows = []
    for choice in choices:
        place = folder / choice.name
        place.mkdir()
        raster = write_raster(make_scene(PATCH_SIZE, FIRST_SEED), place, 1)
        weighted = choice.with_weights(place)
        cache = write_cache(raster, weighted, place / "full", threads, REFERENCE)
        rows += sizes(stored_alike(cache, place), choice.label, turns)
    return {"sizes": rows, "masks": agreements(scenes, objects, threads, folder)}


def tables(found: dict[str, Any]) -> list[Table]:
    size = Table(
        "A patch on disk",
        ("model, dtype", "MB", "bits a value", "load ms", "of CPU", "store ms", "of CPU"),
        "Median times; storing without waiting for the disk.",
    )
    for row in found["sizes"]:
        size.add(
            f"{row['model']}, {row['dtype']}",
            f"{row['bytes_per_patch'] / 1e6:.2f}",
            f"{row['bits_per_value']:.2f}",
            *(
                milliseconds(row[work][part])
                for work in ("load", "store")
                for part in ("p50_ms", "cpu_p50_ms")
            ),
        )
    prompts = found["masks"][0]["prompts"]
    mask = Table(
        "Masks by the type that features are stored in",
        ("dtype", "mean IoU", "boxes", "clicks", "lowest", f"below {POOR_IOU:g}",
         "IoU with truth, boxes", "clicks"),
        f"nano, {prompts} prompts on procedural scenes; the first five columns compare with the "
        f"masks of {REFERENCE}.",
    )  # fmt: skip
    for row in found["masks"]:
        mask.add(
            row["dtype"],
            *(f"{row[key]:.4f}" for key in ("mean", "box_mean", "click_mean", "minimum")),
            f"{100 * row['poor']:.1f} %",
            *(f"{row[key]:.4f}" for key in ("box_true", "click_true")),
        )
    return [size, mask]


def missed_targets(found: dict[str, Any]) -> list[str]:
    """Sentences that say which targets are missed."""
    missed = [
        f"{row['model']} takes {row['bits_per_value']:.2f} bits a value as int8."
        for row in found["sizes"]
        if row["dtype"] == "int8" and row["bits_per_value"] > MOST_BITS
    ]
    for row in found["masks"]:
        least = LEAST_MEAN_IOU.get(row["dtype"], 1.0)
        if row["mean"] < least:
            missed.append(f"The mean IoU of {row['dtype']}, {row['mean']:.4f}, is below {least}.")
        if row["poor"] > MOST_POOR:
            missed.append(
                f"{100 * row['poor']:.1f} % of the masks of {row['dtype']} are below {POOR_IOU:g}."
            )
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", action="append", type=ModelChoice.parse, metavar="NAME[=PATH]",
        help="what to measure, with a checkpoint's weights; repeatable; default nano, sam2.1-tiny",
    )  # fmt: skip
    parser.add_argument("--scenes", type=int, default=12, help="that are encoded")
    parser.add_argument("--objects", type=int, default=20, help="of each scene")
    parser.add_argument("--turns", type=int, default=20, help="of loading and storing")
    parser.add_argument("--threads", type=int, default=2, help="of the encoder")
    parser.add_argument("--markdown", action="store_true", help="print sections for a page")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/cache_size.json"), help="the JSON file"
    )
    options = parser.parse_args()
    choices = options.model or [ModelChoice(name) for name in MODELS]
    if any(choice.name != "nano" for choice in choices):
        require_torch()
    facts = machine_facts()
    with tempfile.TemporaryDirectory() as folder:
        found = {
            **facts,
            **measure(
                choices, options.scenes, options.objects, options.turns, options.threads,
                Path(folder),
            ),
        }  # fmt: skip
    print(f"{headline(facts)}\n")
    for table in tables(found):
        print(table.markdown() if options.markdown else table.text())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Wrote {options.out}")
    if missed := missed_targets(found):
        raise SystemExit(" ".join(missed))


if __name__ == "__main__":
    main()
