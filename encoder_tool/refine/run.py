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
from encoder_tool.refine.buildings import BuildingLayer, outlines_in_pixels, read_buildings
from encoder_tool.refine.footprints.asking import Unasked
from encoder_tool.refine.footprints.judging import Judged, judge
from encoder_tool.refine.footprints.offsets import LayerOffset
from encoder_tool.refine.footprints.pixels import Pixels
from encoder_tool.refine.footprints.verdicts import Decision, LayerFit, Verdict, decide, unasked
from encoder_tool.refine.left import Left
from encoder_tool.refine.missing.point_layer import read_points
from encoder_tool.refine.new_features import missing_buildings, new_features
from encoder_tool.refine.openstreetmap import (
    check_osm_request,
    is_osm_output,
    osm_original,
    write_osm_changes,
)
from encoder_tool.refine.proposals import feature_of, propose
from encoder_tool.refine.protection import protected_rows
from encoder_tool.refine.reasons import UNSEEN, Reason
from encoder_tool.refine.refined_layer import RefinedFeature, field_names, write_refined
from encoder_tool.refine.request import RefineRequest
from encoder_tool.right_angles import has_right_angles
from encoder_tool.segment import Segmenter
from encoder_tool.staging import check_distinct, check_not_read
from encoder_tool.types import XY, CoordArray
from encoder_tool.vector_out import check_output

Stage = Literal["asking", "finding", "writing"]

OnProgress = Callable[[Stage, int, int], None]
"""Told how many of how many questions are answered, then how many hundredths of the search for
what is missing are done, then that the result is written."""

HUNDREDTHS = 100

ShouldStop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class RefinePlan:
    """What will be done; everything that can be checked beforehand has been.

    footprints: of the layer in level-0 pixels of the raster, valid; None for features that have
        none, or no place there
    protected: rows of the layer that stay as they are
    points: [N, 2] in level-0 pixels, where missing buildings are looked for; None for everywhere
    """

    request: RefineRequest
    cache: FeatureCache
    layer: BuildingLayer
    footprints: tuple[Polygonal | None, ...]
    protected: frozenset[int]
    points: CoordArray | None


@dataclass(frozen=True, eq=False)
class Refined:
    """The features in the layer's order, then those that it lacks, the best first; by how much the
    layer is off as a whole; and sentences about what could not be done."""

    layer: BuildingLayer
    features: tuple[RefinedFeature, ...]
    offset: LayerOffset
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefineSummary:
    """What a run did.

    verdicts: how many features got each; renamed: fields that are called otherwise, because
    there is one of that name already or the format has no room for it; left: sentences about what
    could not be done, or written; out, also: the files that were written
    """

    out: Path | None
    also: tuple[Path, ...]
    features: int
    verdicts: dict[str, int]
    trust: str
    offset: LayerOffset
    renamed: dict[str, str]
    left: tuple[str, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        paths = {"out": None if self.out is None else str(self.out), "also": [*map(str, self.also)]}
        return {**asdict(self), **paths}


def plan_refine(cache: FeatureCache, request: RefineRequest) -> RefinePlan:
    """Read the buildings and check everything that does not take the model.

    Raises UsageError, OutsideRasterError and OutputError.
    """
    for out in request.outs:
        if not is_osm_output(out):
            check_output(str(out), overwrite=request.overwrite)
        check_not_read(out, (request.buildings, request.osm, request.missing_points))
    check_distinct(request.outs)
    check_osm_request(request)
    if request.level is not None:
        cache.pyramid.level(request.level)
    layer = read_buildings(request.buildings, request.layer)
    for out in request.outs:
        if not is_osm_output(out):
            field_names([field.name for field in layer.fields], out)
    if any(map(is_osm_output, request.outs)):
        osm_original(request, layer)
    footprints = tuple(outlines_in_pixels(layer, cache.manifest))
    points = request.missing_points
    return RefinePlan(
        request, cache, layer, footprints, protected_rows(layer, request.protect),
        None if points is None else read_points(points, cache.manifest),
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
    on_progress("writing", 0, 1)
    written = _write(refined, plan.request)
    on_progress("writing", 1, 1)
    counts = Counter(str(feature.verdict) for feature in refined.features)
    return RefineSummary(
        written.paths[0] if written.paths else None, written.paths[1:], len(refined.features),
        {str(v): counts[v] for v in Verdict if v in counts},
        plan.request.trust, refined.offset, written.renamed, (*refined.left, *written.left),
        time.monotonic() - began,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Written:
    """renamed, left: as in a `RefineSummary`"""

    paths: tuple[Path, ...]
    renamed: dict[str, str]
    left: tuple[str, ...]


def _write(refined: Refined, request: RefineRequest) -> _Written:
    """The plain layers first: changes to OpenStreetMap may turn out to be none."""
    plain = [out for out in request.outs if not is_osm_output(out)]
    renamed = dict[str, str]()
    for out in plain:
        renamed |= write_refined(refined.layer, refined.features, out, overwrite=request.overwrite)
    if len(plain) == len(request.outs):
        return _Written(request.outs, renamed, ())
    changes, left = write_osm_changes(request, refined.layer, refined.features)
    written = {*plain, *changes}
    paths = tuple(out for out in request.outs if out in written)
    return _Written(paths, renamed, left)


def refine_layer(
    plan: RefinePlan,
    on_progress: OnProgress,
    should_stop: ShouldStop,
    decoder: PromptDecoder | None = None,
) -> Refined:
    """As `run_refine`, without writing anything."""
    rows = [row for row, footprint in enumerate(plan.footprints) if footprint is not None]
    shapes = [shape for shape in plan.footprints if shape is not None]

    def tell(stage: Stage, done: int, total: int) -> None:
        if should_stop():
            raise Cancelled("Stopped; nothing is written.", "Run the same command again.")
        on_progress(stage, done, total)

    segmenter = Segmenter(plan.cache, decoder)
    options = PolygonOptions(right_angles=plan.request.right_angles)
    judged = judge(
        segmenter, shapes, plan.request.parameters, plan.request.level, options,
        lambda done, total: tell("asking", done, total),
        lambda pixel_m: Pixels.beside(plan.cache, pixel_m),
    )  # fmt: skip
    _require_answers(judged, plan)
    decisions = _decisions(shapes, judged, plan)
    features: list[RefinedFeature] = [
        RefinedFeature(row, geometry, Verdict.UNCERTAIN, Reason.NO_OUTLINE)
        for row, geometry in enumerate(plan.layer.geometries)
    ]
    proposals = propose(
        decisions, shapes, [row in plan.protected for row in rows], judged, plan.request
    )
    for row, proposal, shape in zip(rows, proposals, shapes, strict=True):
        features[row] = feature_of(row, proposal, shape, judged, plan.layer, plan.cache.manifest)
    left = (*plan.layer.left, *_unseen(features))
    drawn = [
        proposal.decision.shape for proposal in proposals
        if proposal.decision.reason.startswith(Reason.OTHER_OUTLINE)
    ]  # fmt: skip
    if plan.request.wants_missing:
        placed = [
            shape if proposal.shape is None else proposal.shape
            for proposal, shape in zip(proposals, shapes, strict=True)
        ]
        found = missing_buildings(
            segmenter, decisions, shapes, judged, plan.request, options, plan.points,
            lambda share: tell("finding", round(HUNDREDTHS * share), HUNDREDTHS),
        )  # fmt: skip
        left += () if found is not None else (Left.TOO_FEW_KNOWN,)
        if found:
            drawn += [building.outline for building in found]
            features += new_features(
                found, decisions, shapes, placed, judged, plan.layer, plan.request,
                plan.cache.manifest,
            )  # fmt: skip
    if plan.request.right_angles:
        left += _without_right_angles([shape for shape in drawn if shape is not None], judged)
    return Refined(plan.layer, tuple(features), judged.layer, left)


def _unseen(features: Sequence[RefinedFeature]) -> tuple[str, ...]:
    """What to say of those that the image says nothing about."""
    count = sum(feature.reason in UNSEEN for feature in features)
    return (Left.UNSEEN.format(count=count),) if count else ()


def _without_right_angles(drawn: Sequence[Polygonal], judged: Judged) -> tuple[str, ...]:
    """What to say where they were asked for and nothing has them.

    drawn: anew, in level-0 pixels
    """
    if not drawn:
        return (Left.NOTHING_DRAWN,)
    parts = shapely.get_parts(np.array(drawn, object))
    if any(has_right_angles(part, judged.ground.affine) for part in parts):
        return ()
    return (Left.NOTHING_SQUARED.format(count=len(drawn)),)


def _require_answers(judged: Judged, plan: RefinePlan) -> None:
    if all(found is Unasked.NOT_ENCODED or found is Unasked.OUTSIDE for found in judged.found):
        raise NotEncodedError(
            f"Nothing is encoded where the buildings of {plan.layer.path} are.",
            "Encode the raster there first.",
        )


def _decisions(shapes: Sequence[Polygonal], judged: Judged, plan: RefinePlan) -> list[Decision]:
    parameters = plan.request.parameters
    layer = LayerFit.of(judged.found, parameters)
    return [
        unasked(found) if isinstance(found, Unasked) else decide(
            shape, found, XY(*local.tolist()), judged.ground, layer, parameters
        )
        for shape, found, local in zip(shapes, judged.found, judged.local_px, strict=True)
    ]  # fmt: skip
