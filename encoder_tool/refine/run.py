"""From a cache and a layer of buildings to the refined layer: a run from beginning to end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from encoder_tool.cache.store import FeatureCache
from encoder_tool.errors import Cancelled, NotEncodedError
from encoder_tool.model.seam import PromptDecoder
from encoder_tool.outline import Polygonal, PolygonOptions
from encoder_tool.refine.asking import Unasked
from encoder_tool.refine.buildings import (
    BuildingLayer,
    from_pixels,
    outlines_in_pixels,
    read_buildings,
)
from encoder_tool.refine.judging import Judged, judge
from encoder_tool.refine.mask_field import Move
from encoder_tool.refine.offsets import LayerOffset
from encoder_tool.refine.openstreetmap import (
    check_osm_request,
    is_osm_output,
    osm_original,
    write_osm_changes,
)
from encoder_tool.refine.protection import protected_rows
from encoder_tool.refine.refined_layer import CHANGED, RefinedFeature, Verdict, write_refined
from encoder_tool.refine.request import RefineRequest
from encoder_tool.refine.verdicts import Decision, decide, unasked
from encoder_tool.segment import Segmenter
from encoder_tool.types import XY
from encoder_tool.vector_out import check_output

Stage = Literal["asking", "writing"]

OnProgress = Callable[[Stage, int, int], None]
"""Told how many of how many questions are answered, then that the result is written."""

ShouldStop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class RefinePlan:
    """What will be done; everything that can be checked beforehand has been.

    footprints: of the layer in level-0 pixels of the raster, valid; None for features that have
        none, or no place there
    protected: rows of the layer that stay as they are
    """

    request: RefineRequest
    cache: FeatureCache
    layer: BuildingLayer
    footprints: tuple[Polygonal | None, ...]
    protected: frozenset[int]


@dataclass(frozen=True, eq=False)
class Refined:
    """The features in the layer's order, and by how much the layer is off as a whole."""

    layer: BuildingLayer
    features: tuple[RefinedFeature, ...]
    offset: LayerOffset


@dataclass(frozen=True, slots=True)
class RefineSummary:
    """What a run did.

    verdicts: how many features got each; renamed: added fields that are called otherwise because
    the layer has one of that name; left: sentences about what `out` could not hold
    """

    out: Path | None
    features: int
    verdicts: dict[str, int]
    trust: str
    offset: LayerOffset
    renamed: dict[str, str]
    left: tuple[str, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "out": None if self.out is None else str(self.out)}


def plan_refine(cache: FeatureCache, request: RefineRequest) -> RefinePlan:
    """Read the buildings and check everything that does not take the model.

    Raises UsageError, OutsideRasterError and OutputError.
    """
    if request.out is not None and not is_osm_output(request.out):
        check_output(str(request.out), overwrite=request.overwrite)
    check_osm_request(request)
    if request.level is not None:
        cache.pyramid.level(request.level)
    layer = read_buildings(request.buildings, request.layer)
    if request.out is not None and is_osm_output(request.out):
        osm_original(request, layer)
    footprints = tuple(outlines_in_pixels(layer, cache.manifest))
    return RefinePlan(
        request, cache, layer, footprints, protected_rows(layer, request.protect)
    )  # fmt: skip


def run_refine(
    plan: RefinePlan,
    on_progress: OnProgress,
    should_stop: ShouldStop,
    decoder: PromptDecoder | None = None,
) -> RefineSummary:
    """Refine the layer of a plan and write what came of it.

    decoder: None for the one that the cache carries
    Raises Cancelled, NotEncodedError when no building is on an encoded patch, CacheError and
    OutputError. What is written is there whole or not at all.
    """
    began = time.monotonic()
    refined = refine_layer(plan, on_progress, should_stop, decoder)
    out, renamed, left = plan.request.out, dict[str, str](), tuple[str, ...]()
    if out is not None:
        on_progress("writing", 0, 1)
        if is_osm_output(out):
            left = write_osm_changes(plan.request, refined.layer, refined.features)
        else:
            renamed = write_refined(
                refined.layer, refined.features, out, overwrite=plan.request.overwrite
            )
        on_progress("writing", 1, 1)
    counts = Counter(str(feature.verdict) for feature in refined.features)
    return RefineSummary(
        out, len(refined.features), {str(v): counts[v] for v in Verdict if v in counts},
        plan.request.trust, refined.offset, renamed, left, time.monotonic() - began,
    )  # fmt: skip


def refine_layer(
    plan: RefinePlan,
    on_progress: OnProgress,
    should_stop: ShouldStop,
    decoder: PromptDecoder | None = None,
) -> Refined:
    """As `run_refine`, without writing anything."""
    rows = [row for row, footprint in enumerate(plan.footprints) if footprint is not None]
    shapes = [shape for shape in plan.footprints if shape is not None]

    def on_asked(done: int, total: int) -> None:
        if should_stop():
            raise Cancelled("Stopped; nothing is written.", "Run the same command again.")
        on_progress("asking", done, total)

    segmenter = Segmenter(plan.cache, decoder)
    options = PolygonOptions(right_angles=plan.request.right_angles)
    judged = judge(
        segmenter, shapes, plan.request.parameters, plan.request.level, options, on_asked
    )
    _require_answers(judged, plan)
    decisions = _decisions(shapes, judged, plan)
    features: list[RefinedFeature] = [
        RefinedFeature(row, geometry, Verdict.UNCERTAIN, "It has no outline on the image.")
        for row, geometry in enumerate(plan.layer.geometries)
    ]
    for index, row in enumerate(rows):
        features[row] = _feature(
            row, decisions[index], shapes[index], judged.local_px[index], judged, plan
        )
    return Refined(plan.layer, tuple(features), judged.layer)


def _require_answers(judged: Judged, plan: RefinePlan) -> None:
    if all(found is Unasked.NOT_ENCODED or found is Unasked.OUTSIDE for found in judged.found):
        raise NotEncodedError(
            f"Nothing is encoded where the buildings of {plan.layer.path} are.",
            "Encode the raster there first.",
        )


def _decisions(shapes: Sequence[Polygonal], judged: Judged, plan: RefinePlan) -> list[Decision]:
    parameters = plan.request.parameters

    def all_of(is_mixed: bool) -> list[Decision]:
        return [
            unasked(found) if isinstance(found, Unasked) else decide(
                shape, found, XY(*local.tolist()), judged.ground.pixel_m, parameters,
                is_mixed=is_mixed,
            )
            for shape, found, local in zip(shapes, judged.found, judged.local_px, strict=True)
        ]  # fmt: skip

    sure = all_of(is_mixed=False)
    changed = sum(decision.verdict in CHANGED for decision in sure)
    if changed > parameters.mixed_share * len(sure):
        return all_of(is_mixed=True)
    return sure


def _feature(
    row: int,
    decision: Decision,
    footprint: Polygonal,
    local_px: np.ndarray,
    judged: Judged,
    plan: RefinePlan,
) -> RefinedFeature:
    """In the layer's CRS, on the side that is trusted."""
    old = plan.layer.geometries[row]
    assert old is not None
    offset_m = None
    if decision.offset is not None:
        offset_m = float(np.hypot(*judged.ground.metres(np.array(decision.offset))))
    if row in plan.protected:
        return RefinedFeature(
            row, old, Verdict.KEEP, "It is protected.", 1.0, offset_m, decision.score, 0.0
        )
    verdict, reason = decision.verdict, decision.reason
    shape = _proposed(decision, footprint, local_px, judged, plan)
    if shape is None:
        return RefinedFeature(row, old, verdict, reason, 1.0, offset_m, decision.score, 0.0)
    if verdict is Verdict.KEEP:
        verdict, reason = Verdict.SHIFT, "It fits where the layer's offset puts it."
    new = from_pixels(shape, plan.layer.crs, plan.cache.manifest)
    if old.has_z:
        new = shapely.force_3d(
            new, float(np.nanmean(shapely.get_coordinates(old, include_z=True)[:, 2]))
        )
    shared = shape.intersection(footprint).area
    return RefinedFeature(
        row, new, verdict, reason,
        float(shared / (shape.area + footprint.area - shared)), offset_m, decision.score,
        float(shape.area / footprint.area - 1),
    )  # fmt: skip


def _proposed(
    decision: Decision,
    footprint: Polygonal,
    local_px: np.ndarray,
    judged: Judged,
    plan: RefinePlan,
) -> Polygonal | None:
    """In level-0 pixels; None for the geometry that is there."""
    back = XY(*(-local_px).tolist())
    trusts_features = plan.request.trust == "features"
    if decision.verdict is Verdict.RESHAPE:
        assert decision.shape is not None
        return Move(back).of(decision.shape) if trusts_features else decision.shape
    if decision.move is None or (decision.verdict is Verdict.KEEP and trusts_features):
        return None
    shape = decision.move.of(footprint)
    if trusts_features:
        return Move(back).of(shape)
    moved_m = float(np.hypot(*judged.ground.metres(np.array(decision.move.shift))))
    is_worth_it = moved_m >= plan.request.parameters.least_layer_shift_m
    return shape if decision.verdict is not Verdict.KEEP or is_worth_it else None
