"""How many of the buildings that a layer lacks are found, and how many of those found are any."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks.support.perturbed_layer import iou
from benchmarks.support.tables import Table
from encoder_tool.locate import pixel_size_m
from encoder_tool.outline import DEFAULT_OPTIONS, Polygonal
from encoder_tool.polygons import to_map
from encoder_tool.refine.likeness.roof_cells import CLEAR_M, RoofCells
from encoder_tool.refine.missing.search import find_missing
from encoder_tool.segment import Segmenter
from encoder_tool.types import XY

DELETED_SHARE = 0.25

LIKENESSES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

FOUND_IOU = 0.5
"""With a deleted building from which something found is that building."""

SMALL_M2 = 30.0


@dataclass(frozen=True, eq=False)
class FoundBuildings:
    """Of one place: deleted_m2 [D], areas of the buildings that were deleted; likeness [N] of what
    was found, which of the deleted it is [N] (-1 for none) and its IoU with that one [N]"""

    deleted_m2: np.ndarray
    likeness: np.ndarray
    hits: np.ndarray
    ious: np.ndarray
    seconds: float


def find_deleted(segmenter: Segmenter, buildings: Sequence[Polygonal], seed: int) -> FoundBuildings:
    """buildings: all that stand there, in the raster's CRS, of which a share is deleted by seed."""
    manifest = segmenter.manifest
    outlines = [to_map(outline, ~manifest.affine) for outline in buildings]
    is_deleted = np.random.default_rng(seed).random(len(outlines)) < DELETED_SHARE
    known = [o for o, deleted in zip(outlines, is_deleted, strict=True) if not deleted]
    missing = [o for o, deleted in zip(outlines, is_deleted, strict=True) if deleted]
    middle = XY(manifest.pyramid.width / 2, manifest.pyramid.height / 2)
    pixel_m = pixel_size_m(manifest, middle)
    began = time.monotonic()
    roofs = RoofCells(segmenter, known, CLEAR_M / pixel_m, lambda: None)
    found = find_missing(
        segmenter, known, roofs, least_likeness=min(LIKENESSES), options=DEFAULT_OPTIONS,
        on_share=lambda _share: None,
    )  # fmt: skip
    seconds = time.monotonic() - began
    found = found or []
    hits, ious = _matched([one.outline for one in found], missing)
    return FoundBuildings(
        pixel_m**2 * shapely.area(np.array(missing, object)),
        np.array([one.likeness for one in found]), hits, ious, seconds,
    )  # fmt: skip


def _matched(
    found: Sequence[Polygonal], missing: Sequence[Polygonal]
) -> tuple[np.ndarray, np.ndarray]:
    """Which one each is, none twice, and the IoU; those that come first choose."""
    hits, ious = np.full(len(found), -1), np.zeros(len(found))
    tree = shapely.STRtree(missing)
    for number, outline in enumerate(found):
        for other in tree.query(outline):
            value = iou(outline, missing[other])
            if value > max(ious[number], FOUND_IOU) and other not in hits[:number]:
                hits[number], ious[number] = other, value
    return hits, ious


def missing_table(places: Sequence[FoundBuildings]) -> Table:
    count = sum(len(place.deleted_m2) for place in places)
    table = Table(
        f"{count} buildings deleted, {len(places)} places",
        ("least likeness", "found", "precision", "recall", f"of {SMALL_M2:.0f} m² and more", "IoU"),
        f"{DELETED_SHARE:.0%} of all, by chance; found: at an IoU of {FOUND_IOU} and more, whose "
        f"mean is the last column. {sum(place.seconds for place in places):.0f} s.",
    )
    large = sum(np.count_nonzero(place.deleted_m2 >= SMALL_M2) for place in places)
    for least in LIKENESSES:
        said = [place.likeness >= least for place in places]
        right = [one & (place.hits >= 0) for one, place in zip(said, places, strict=True)]
        ious = np.concatenate([p.ious[one] for one, p in zip(right, places, strict=True)])
        found_large = sum(
            np.count_nonzero(place.deleted_m2[place.hits[one]] >= SMALL_M2)
            for one, place in zip(right, places, strict=True)
        )
        table.add(
            f"{least:.1f}", sum(map(np.count_nonzero, said)),
            f"{len(ious) / max(sum(map(np.count_nonzero, said)), 1):.2f}",
            f"{len(ious) / max(count, 1):.2f}", f"{found_large / max(large, 1):.2f}",
            f"{ious.mean() if len(ious) else 0:.2f}",
        )  # fmt: skip
    return table


def missing_numbers(places: Sequence[FoundBuildings]) -> list[dict[str, object]]:
    """As JSON holds it."""
    return [
        {
            "deleted_m2": place.deleted_m2.tolist(), "likeness": place.likeness.tolist(),
            "hits": place.hits.tolist(), "ious": place.ious.tolist(), "seconds": place.seconds,
        }
        for place in places
    ]  # fmt: skip
