"""Which masks to keep: the embedded model's thresholds of score and stability, by the best F1.

    python benchmarks/automatic_thresholds.py                       preset default (and fast)
    python benchmarks/automatic_thresholds.py --preset detailed --points 14

All masks of single patches of procedural scenes at 0.1 to 0.3 m a pixel, asked with the preset's
parameters but without its thresholds; then for each pair of thresholds what would be left of them,
without overlapping boxes, against the true objects: recall and precision at an IoU of 0.5, mean
over the scenes. Seeds are those that training chooses by, not those that figures are measured on.
Prints tables in Markdown and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.features import rasterize

sys.path.insert(0, str(Path(__file__).parents[1]))

from affine import Affine

from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.tables import Table
from encoder_tool.automatic import preset
from encoder_tool.automatic.parameters import PRESETS
from encoder_tool.automatic.patch_masks import (
    FoundMask,
    find_patch_masks,
    full_resolution,
    without_overlapping_boxes,
)
from encoder_tool.model import decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.sample import truth_polygons
from encoder_tool.scene import make_scene
from encoder_tool.types import LOGIT_CELL, PATCH_SIZE, BoxPixel

MODEL = "nano"
FIRST_SEED = 1_004_000
PIXEL_SIZES_M = (0.3, 0.1, 0.15)
"""Scenes take turns."""

SCORES = (0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.62, 0.65, 0.7)
STABILITIES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
GOOD_IOU = 0.5


@dataclass(frozen=True, eq=False)
class Judged:
    """masks: all of a patch; iou: [N] with the object that each fits best; meant: [N] its index;
    objects: how many true ones the patch has"""

    masks: Sequence[FoundMask]
    iou: npt.NDArray[np.float64]
    meant: npt.NDArray[np.int64]
    objects: int


def judged_scene(number: int, kind: str, points: int) -> Judged:
    gsd_m = PIXEL_SIZES_M[number % len(PIXEL_SIZES_M)]
    scene = make_scene(PATCH_SIZE, FIRST_SEED + number, gsd_m)
    resolved = resolve_model(MODEL)
    decoder = OnnxDecoder(decoder_graphs(resolved), resolved.spec.stability)
    patch = scene.image.transpose(2, 0, 1)[np.newaxis].astype(np.float32) / np.float32(255)
    (features,) = load_encoder(resolved, "cpu").encode(patch)
    parameters = replace(
        preset(kind, MODEL), pred_iou_thresh=0.0, stability_score_thresh=0.0, box_nms_thresh=1.0,
        skip_covered=False,
    )  # fmt: skip
    whole = BoxPixel(0, 0, PATCH_SIZE, PATCH_SIZE)
    masks = find_patch_masks(
        decoder, decoder.prepare(features), parameters, points, whole, all_parts=False
    )
    truth = truth_polygons(scene, Affine.identity())
    shapes = ((polygon, index + 1) for index, polygon in enumerate(truth))
    labels = rasterize(shapes, out_shape=(PATCH_SIZE, PATCH_SIZE), fill=0, dtype=np.int32)
    areas = np.bincount(labels.ravel(), minlength=len(truth) + 1)
    fits = [_best_fit(mask, labels, areas) for mask in masks]
    iou, meant = (np.array(values) for values in zip(*fits, strict=True))
    return Judged(masks, iou, meant, int(np.count_nonzero(areas[1:])))


def _best_fit(
    mask: FoundMask, labels: npt.NDArray[np.int32], areas: npt.NDArray[np.int64]
) -> tuple[float, int]:
    """IoU with the object that a mask fits best, and its label."""
    inside = full_resolution(mask.logits) > 0
    top, left = LOGIT_CELL * mask.row, LOGIT_CELL * mask.col
    height, width = inside.shape
    shared = np.bincount(
        labels[top : top + height, left : left + width][inside], minlength=len(areas)
    )
    iou = shared / (areas + mask.area_px - shared)
    iou[0] = 0
    best = int(iou.argmax())
    return float(iou[best]), best


def kept_by(
    one: Judged, score: float, stability: float, box_nms_thresh: float
) -> tuple[float, float]:
    """Recall and precision of what two thresholds leave."""
    passing = [
        index
        for index, mask in enumerate(one.masks)
        if mask.score > score and mask.stability >= stability
    ]
    place = {id(one.masks[index]): index for index in passing}
    kept = without_overlapping_boxes([one.masks[index] for index in passing], box_nms_thresh)
    indices = [place[id(mask)] for mask in kept]
    good = one.iou[indices] >= GOOD_IOU
    found = len(set(one.meant[indices][good].tolist()))
    return found / one.objects, found / max(1, len(kept))


def by_thresholds(scenes: Sequence[Judged], box_nms_thresh: float) -> list[dict[str, float]]:
    """For each pair of thresholds recall, precision and F1: means over the scenes."""
    rows = []
    for score in SCORES:
        for stability in STABILITIES:
            pairs = [kept_by(one, score, stability, box_nms_thresh) for one in scenes]
            f1 = [2 * r * p / (r + p) if r + p else 0.0 for r, p in pairs]
            recall, precision = np.mean(pairs, axis=0)
            rows.append(
                {
                    "score": score,
                    "stability": stability,
                    "recall": float(recall),
                    "precision": float(precision),
                    "f1": float(np.mean(f1)),
                }
            )
    return rows


def facts_of(scenes: Sequence[Judged]) -> dict[str, float]:
    scores, stabilities, ious = (
        np.concatenate(parts)
        for parts in zip(
            *(([m.score for m in s.masks], [m.stability for m in s.masks], s.iou) for s in scenes),
            strict=True,
        )
    )
    return {
        "masks": len(scores),
        "objects": sum(one.objects for one in scenes),
        "median_score": float(np.median(scores)),
        "median_stability": float(np.median(stabilities)),
        "score_with_iou": float(np.corrcoef(scores, ious)[0, 1]),
        "stability_with_iou": float(np.corrcoef(stabilities, ious)[0, 1]),
    }


def table_of(rows: Sequence[dict[str, float]], now: tuple[float, float]) -> Table:
    """The ten best, none at all, and today's."""
    columns = ("score, stability", "recall", "precision", "F1")
    table = Table("Thresholds", columns, f"Today's: {now[0]}, {now[1]}.")
    ranked = sorted(rows, key=lambda row: -row["f1"])
    shown = ranked[:10]
    shown += [row for row in rows if row not in shown and _pair(row) in ((0.0, 0.0), now)]
    for row in shown:
        table.add(
            f"{row['score']}, {row['stability']}", f"{row['recall']:.3f}",
            f"{row['precision']:.3f}", f"{row['f1']:.3f}",
        )  # fmt: skip
    return table


def _pair(row: dict[str, float]) -> tuple[float, float]:
    return row["score"], row["stability"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--preset", choices=sorted(PRESETS), default="default", help="whose other parameters"
    )
    parser.add_argument("--scenes", type=int, default=6, metavar="N", help="a patch each")
    parser.add_argument("--points", type=int, default=24, metavar="N", help="a side")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the JSON file")
    options = parser.parse_args()
    out = options.out or Path(f"out/bench/automatic_thresholds_{options.preset}.json")
    today = preset(options.preset, MODEL)
    scenes = [
        judged_scene(number, options.preset, options.points) for number in range(options.scenes)
    ]
    rows = by_thresholds(scenes, today.box_nms_thresh)
    now = today.pred_iou_thresh, today.stability_score_thresh
    told: dict[str, Any] = {**machine_facts(), **facts_of(scenes), "rows": rows}
    print(headline(machine_facts()), end="\n\n")
    print({name: round(value, 2) for name, value in facts_of(scenes).items()}, end="\n\n")
    print(table_of(rows, now).text())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
