"""From decisions in pixels of the image to features of the layer, on the side that is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from encoder_tool.cache.manifest import Manifest
from encoder_tool.outline import Polygonal
from encoder_tool.refine.buildings import BuildingLayer, from_pixels
from encoder_tool.refine.footprints.judging import Judged
from encoder_tool.refine.footprints.mask_field import Move
from encoder_tool.refine.footprints.verdicts import (
    CHANGED,
    Decision,
    Verdict,
    in_layer,
    overlapping,
    protected,
)
from encoder_tool.refine.neighbours import SLIVER_M, along_neighbours, with_clean_walls
from encoder_tool.refine.refined_layer import RefinedFeature
from encoder_tool.refine.request import RefineRequest
from encoder_tool.types import XY, CoordArray

OVERLAPS = 0.01
"""Of an outline: what less of it lies on a neighbour is told of as nothing."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """shape: in level-0 pixels of the raster, where the layer will have it; None for what the
    layer has"""

    decision: Decision
    shape: Polygonal | None = None


def propose(
    decisions: Sequence[Decision],
    footprints: Sequence[Polygonal],
    are_protected: Sequence[bool],
    judged: Judged,
    request: RefineRequest,
) -> list[Proposal]:
    """decisions, are_protected: of the footprints, which are in level-0 pixels"""
    proposals = [
        Proposal(protected(decision))
        if is_protected
        else _proposal(decision, footprint, judged.local_px[index], judged, request)
        for index, (decision, footprint, is_protected) in enumerate(
            zip(decisions, footprints, are_protected, strict=True)
        )
    ]
    return _among_neighbours(proposals, footprints, judged, request)


def _proposal(
    decision: Decision,
    footprint: Polygonal,
    local_px: CoordArray,
    judged: Judged,
    request: RefineRequest,
) -> Proposal:
    outline = decision.outline_of(footprint)
    if outline is None:
        return Proposal(decision)
    stays = request.trust == "features"
    decision = in_layer(
        decision,
        area_m2=outline.area * judged.ground.pixel_m**2, min_area_m2=request.min_area_m2,
        moved_m=None if stays else float(judged.ground.lengths_m(local_px)),
        least_moved_m=request.parameters.least_layer_shift_m,
    )  # fmt: skip
    if decision.verdict not in CHANGED:
        return Proposal(decision)
    return Proposal(decision, Move(XY(*(-local_px).tolist())).of(outline) if stays else outline)


def _among_neighbours(
    proposals: list[Proposal],
    footprints: Sequence[Polygonal],
    judged: Judged,
    request: RefineRequest,
) -> list[Proposal]:
    shapes = [
        footprint if proposal.shape is None else proposal.shape
        for proposal, footprint in zip(proposals, footprints, strict=True)
    ]
    if request.snap:
        reshaped = [proposal.decision.verdict is Verdict.RESHAPE for proposal in proposals]
        shapes = along_neighbours(shapes, np.array(reshaped, np.bool_), judged.ground.shape)
    if request.clean_walls:
        return _with_clean_walls(proposals, shapes, SLIVER_M / judged.ground.pixel_m)
    return [
        proposal if proposal.shape is None else replace(proposal, shape=shape)
        for proposal, shape in zip(proposals, shapes, strict=True)
    ]


def _with_clean_walls(
    proposals: list[Proposal], shapes: list[Polygonal], sliver_px: float
) -> list[Proposal]:
    """What is gone ends nobody's walls; where cleaning would take too much, that is said."""
    stays = [
        index for index, one in enumerate(proposals) if one.decision.verdict is not Verdict.GONE
    ]
    changed = np.array([proposals[index].shape is not None for index in stays], np.bool_)
    cleaned = with_clean_walls([shapes[index] for index in stays], changed, sliver_px)
    tree = shapely.STRtree(cleaned)
    found = list(proposals)
    for place in np.flatnonzero(changed).tolist():
        shape, old = cleaned[place], proposals[stays[place]]
        near = tree.query(shape, predicate="intersects")
        beside = [cleaned[i] for i in near if i != place]
        decision = old.decision
        if shape.intersection(shapely.union_all(beside)).area > OVERLAPS * shape.area:
            decision = overlapping(decision)
        found[stays[place]] = Proposal(decision, shape)
    return found


def feature_of(
    row: int,
    proposal: Proposal,
    footprint: Polygonal,
    judged: Judged,
    layer: BuildingLayer,
    manifest: Manifest,
) -> RefinedFeature:
    """row: of the layer; footprint: in level-0 pixels"""
    decision, old = proposal.decision, layer.geometries[row]
    assert old is not None
    offset_m = None
    if decision.offset is not None:
        offset_m = float(np.hypot(*judged.ground.metres(np.array(decision.offset))))
    if proposal.shape is None:
        return RefinedFeature(
            row, old, decision.verdict, decision.reason, 1.0, offset_m, decision.score, 0.0
        )
    shape = proposal.shape
    new = from_pixels(shape, layer.crs, manifest)
    if old.has_z:
        height = np.nanmean(shapely.get_coordinates(old, include_z=True)[:, 2])
        new = shapely.force_3d(new, float(height))
    shared = shape.intersection(footprint).area
    return RefinedFeature(
        row, new, decision.verdict, decision.reason,
        float(shared / (shape.area + footprint.area - shared)), offset_m, decision.score,
        float(shape.area / footprint.area - 1),
    )  # fmt: skip
