"""Buildings that were found missing, as features of the refined layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely

from encoder_tool.cache.manifest import Manifest
from encoder_tool.outline import Polygonal, PolygonOptions
from encoder_tool.refine.buildings import BuildingLayer, from_pixels
from encoder_tool.refine.footprints.judging import Judged
from encoder_tool.refine.footprints.mask_field import Move
from encoder_tool.refine.footprints.verdicts import Decision, Verdict
from encoder_tool.refine.likeness.roof_cells import CLEAR_M, RoofCells
from encoder_tool.refine.missing.search import MissingBuilding, find_missing
from encoder_tool.refine.neighbours import SLIVER_M, with_clean_walls
from encoder_tool.refine.reasons import Reason
from encoder_tool.refine.refined_layer import RefinedFeature
from encoder_tool.refine.request import RefineRequest
from encoder_tool.segment import Segmenter
from encoder_tool.types import XY, CoordArray

LEARNT_WITHIN_M = 2.5
"""Up to this offset of the layer it will do what was learnt of roofs where the layer has them. Of
32 missing buildings in two towns as many hold a likely place at 2.2 m as when it is learnt where
the image shows them, 29; at 3.9 m three fewer, at 5.4 m eight."""


def missing_buildings(
    segmenter: Segmenter,
    decisions: Sequence[Decision],
    footprints: Sequence[Polygonal],
    judged: Judged,
    request: RefineRequest,
    options: PolygonOptions,
    points: CoordArray | None,
    on_share: Callable[[float], None],
) -> list[MissingBuilding] | None:
    """What the layer lacks, the best first; None where too few of its buildings are seen.

    decisions: on the footprints, which are in level-0 pixels as the layer has them
    points: as for `find_missing`
    """
    pixel_m = judged.ground.pixel_m
    known = [
        _in_image(decision, footprint, offset)
        for decision, footprint, offset in zip(decisions, footprints, judged.local_px, strict=True)
        if _stays(decision)
    ]
    if not known:
        return None
    roofs = judged.roofs
    if np.hypot(judged.layer.dx_m, judged.layer.dy_m) > LEARNT_WITHIN_M:
        roofs = RoofCells(segmenter, known, CLEAR_M / pixel_m, lambda: on_share(0.0))
    return find_missing(
        segmenter, known, roofs, points=points, level=request.level,
        least_likeness=request.min_likeness, min_area_px=request.min_area_m2 / pixel_m**2,
        options=options, bias=judged.bias, to_ground=judged.ground.affine, on_share=on_share,
    )  # fmt: skip


def new_features(
    found: Sequence[MissingBuilding],
    decisions: Sequence[Decision],
    footprints: Sequence[Polygonal],
    placed: Sequence[Polygonal],
    judged: Judged,
    layer: BuildingLayer,
    request: RefineRequest,
    manifest: Manifest,
) -> list[RefinedFeature]:
    """Features with the verdict `new` of what `missing_buildings` has found, in its order.

    placed: the footprints where the refined layer has them
    """
    outlines = [building.outline for building in found]
    if request.trust == "features":
        outlines = _back(outlines, footprints, judged.local_px)
    if request.clean_walls:
        others = [shape for shape, one in zip(placed, decisions, strict=True) if _stays(one)]
        is_new = np.repeat([False, True], [len(others), len(outlines)])
        sliver_px = SLIVER_M / judged.ground.pixel_m
        outlines = with_clean_walls([*others, *outlines], is_new, sliver_px)[len(others) :]
    return [
        RefinedFeature(
            None, from_pixels(outline, layer.crs, manifest), Verdict.NEW,
            Reason.LACKING.format(percent=round(100 * building.likeness)), score=building.score,
        )
        for outline, building in zip(outlines, found, strict=True)
    ]  # fmt: skip


def _stays(decision: Decision) -> bool:
    return decision.verdict is not Verdict.GONE


def _in_image(decision: Decision, footprint: Polygonal, local_px: CoordArray) -> Polygonal:
    """Where the image shows it, in level-0 pixels."""
    outline = decision.outline_of(footprint)
    return Move(XY(*local_px.tolist())).of(footprint) if outline is None else outline


def _back(
    outlines: Sequence[Polygonal], footprints: Sequence[Polygonal], local_px: CoordArray
) -> list[Polygonal]:
    """From where the image shows them to where the layer would have them: by the offset of the
    nearest footprint."""
    if not outlines:
        return []
    nearest = shapely.STRtree(footprints).nearest(np.array(outlines, object))
    return [
        Move(XY(*(-local_px[index]).tolist())).of(outline)
        for outline, index in zip(outlines, nearest, strict=True)
    ]
