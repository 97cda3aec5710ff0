"""What storing features as float16 instead of float32 costs in masks and saves on disk.

    python benchmarks/cache_dtype.py [--out out/bench/cache_dtype.json]

Encodes the sample scene twice with nano and asks both caches the same prompts, a box and a
click for each of the objects. Prints a table and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely

from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.locate import choose_level, choose_patch
from encoder_tool.metrics import innermost_point, iou, mask_of
from encoder_tool.prompts import MapPrompt, to_pixels
from encoder_tool.sample import write_sample
from encoder_tool.segment import Segmenter
from encoder_tool.truth import read_truth
from encoder_tool.types import XY, BoolArray, BoundsMap

OBJECTS = 60
WANTED_MEAN_IOU = 0.995


def encode(scene: Path, dtype: str) -> FeatureCache:
    path = scene.with_name(f"{dtype}.sam2.zarr")
    return open_cache(run_encode(plan_encode(EncodeRequest(scene, out=path, dtype=dtype))).cache)


def prompts_of(truth: list[shapely.Geometry]) -> list[MapPrompt]:
    """A box and a click for objects spread over the file, at least 8 pixels wide."""
    wide = [g for g in truth if min(np.ptp(shapely.get_coordinates(g), axis=0)) > 8 * 0.3]
    chosen = [wide[i * len(wide) // OBJECTS] for i in range(OBJECTS)]
    boxes = [MapPrompt(box=BoundsMap(*g.bounds)) for g in chosen]
    return boxes + [MapPrompt(include=(XY(*innermost_point(g)),)) for g in chosen]


def masks(cache: FeatureCache, prompts: list[MapPrompt]) -> list[BoolArray]:
    """Each prompt's mask (a click's best-scored candidate) on the pixels of its patch."""
    segmenter, found = Segmenter(cache), []
    for prompt in prompts:
        placed = to_pixels(prompt, cache.manifest)
        level = choose_level(placed, cache.manifest)
        patch_id = choose_patch(cache, placed, level)
        in_patch = placed.in_patch(patch_id.level, segmenter.window(patch_id))
        (answer,) = segmenter.decode_patch(patch_id, [in_patch])
        found.append(mask_of(answer.logits[answer.best]))
    return found


def cost(cache: FeatureCache) -> dict[str, float]:
    patches = [p for p in cache.pyramid.patches() if cache.is_present(p)]
    size = sum(
        (Path(folder) / name).stat().st_size
        for folder, _, names in os.walk(cache.path / "levels")
        for name in names
    )
    started = time.perf_counter()
    for patch in patches:
        cache.load(patch)
    seconds = time.perf_counter() - started
    return {
        "megabytes_per_patch": size / 1e6 / len(patches),
        "load_ms_per_patch": 1e3 * seconds / len(patches),
    }


def measure(folder: Path) -> dict[str, object]:
    sample = write_sample(folder)
    caches = {dtype: encode(sample.scene, dtype) for dtype in ("float32", "float16")}
    crs = caches["float32"].manifest.raster.crs_wkt
    prompts = prompts_of([item.geometry for item in read_truth(sample.truth, crs)])
    full, half = (masks(caches[dtype], prompts) for dtype in ("float32", "float16"))
    agreement = np.array([iou(a, b) for a, b in zip(full, half, strict=True)])
    return {
        "model": "nano",
        "prompts": len(prompts),
        "mask_iou": {
            "mean": float(agreement.mean()),
            "median": float(np.median(agreement)),
            "minimum": float(agreement.min()),
            "boxes_mean": float(agreement[:OBJECTS].mean()),
            "clicks_mean": float(agreement[OBJECTS:].mean()),
        },
        **{dtype: cost(cache) for dtype, cache in caches.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("out/bench/cache_dtype.json"))
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    print(f"{'':10}{'MB/patch':>10}{'ms to load':>12}")
    for dtype in ("float32", "float16"):
        row = found[dtype]
        print(f"{dtype:10}{row['megabytes_per_patch']:10.2f}{row['load_ms_per_patch']:12.1f}")
    agreement = found["mask_iou"]
    print(
        f"mask IoU of float16 against float32 over {found['prompts']} prompts: "
        f"mean {agreement['mean']:.5f}, minimum {agreement['minimum']:.5f}"
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Wrote {out}")
    if agreement["mean"] < WANTED_MEAN_IOU:
        raise SystemExit(f"The mean is below the {WANTED_MEAN_IOU} that is wanted.")


if __name__ == "__main__":
    main()
