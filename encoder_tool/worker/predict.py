"""`predict`: prompts in the raster's CRS, polygons in the raster's CRS."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import shapely
from shapely import Polygon

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.locate import pixel_size_m
from encoder_tool.outline import DEFAULT_OPTIONS, Polygonal, PolygonOptions, valid
from encoder_tool.prompts import MapPrompt, to_pixels
from encoder_tool.segment import Candidate, SegmentedObject, Segmenter, SegmentRequest
from encoder_tool.stitch import ShouldStop
from encoder_tool.types import XY
from encoder_tool.worker.calls import HOVER, ParamReader
from encoder_tool.worker.describe import to_base64


@dataclass(frozen=True, slots=True)
class PredictRequest:
    """A prompt for one cache.

    pixel_size: side of a screen pixel in units of the raster's CRS: the level whose pixels are
        nearest to it answers, unless `level` pins one, or a box or a shape tells how large the
        object is
    exact, stitch: see SegmentRequest
    """

    cache: Path
    prompt: MapPrompt
    level: int | None
    pixel_size: float | None
    exact: bool
    stitch: bool
    candidate: Candidate
    polygons: PolygonOptions

    def to_segment(self, manifest: Manifest) -> SegmentRequest:
        """As `Segmenter` takes it."""
        gsd_m = None
        decides = self.level is None and not self.prompt.has_extent
        if self.pixel_size is not None and decides:
            gsd_m = self._ground_size(self.pixel_size, manifest)
        return SegmentRequest(
            self.prompt,
            level=self.level,
            gsd_m=gsd_m,
            exact=self.exact,
            candidate=self.candidate,
            polygons=self.polygons,
            stitch=self.stitch,
        )

    def _ground_size(self, pixel_size: float, manifest: Manifest) -> float:
        """Metres on the ground: map units and metres grow alike from the raster's own pixel."""
        native = math.sqrt(abs(manifest.affine.determinant))
        centre = to_pixels(self.prompt, manifest).centre
        return pixel_size / native * pixel_size_m(manifest, centre)


def parse_predict(params: Mapping[str, Any]) -> PredictRequest:
    """Raises UsageError, and PromptError for prompts that say nothing."""
    reader = ParamReader("predict", params)
    is_hover = reader.flag(HOVER)
    given = {
        "simplify_px": reader.number("simplify_px"),
        "min_area_px": reader.number("min_area_px"),
        "min_hole_px": reader.number("min_hole_px"),
    }
    request = PredictRequest(
        cache=Path(reader.required_text("cache")),
        prompt=MapPrompt(
            include=reader.points("include"),
            exclude=reader.points("exclude"),
            box=reader.bounds("box"),
            box_outline=reader.points("box_outline"),
            shape=_shape(reader.rings("shape")),
        ),
        level=reader.integer("level"),
        pixel_size=reader.positive("pixel_size"),
        exact=reader.flag("exact"),
        # Under the mouse, what is quick counts; a click will tell the whole.
        stitch=reader.flag("stitch", default=True) and not is_hover,
        # SegmentRequest refuses what is no candidate.
        candidate=cast(Candidate, reader.text("candidate") or "auto"),
        polygons=PolygonOptions(
            largest_part_only=reader.flag("largest_part_only") or DEFAULT_OPTIONS.largest_part_only,
            all_parts=reader.flag("all_parts") or DEFAULT_OPTIONS.all_parts,
            right_angles=reader.flag("right_angles"),
            **{name: value for name, value in given.items() if value is not None},
        ),
    )
    reader.finish()
    return request


def _shape(rings: Sequence[Sequence[XY]]) -> Polygonal | None:
    """What an odd number of the rings surround: polygons with their holes, in any order. None
    without rings."""
    if not rings:
        return None
    surrounded = [valid(Polygon(ring)) for ring in rings]
    return valid(shapely.symmetric_difference_all(surrounded))


def predict(
    request: PredictRequest, segmenter: Segmenter, should_stop: ShouldStop
) -> dict[str, Any]:
    """Raises what `Segmenter.segment` raises."""
    result = segmenter.segment(request.to_segment(segmenter.manifest), should_stop)
    return {
        "objects": [_describe(found, segmenter) for found in result.objects],
        "level": result.patch_id.level,
        "patch": [result.patch_id.row, result.patch_id.col],
        "surer": None if result.surer is None else list(result.surer),
        "timings_ms": {
            "prepare": round(result.prepare_ms, 3),
            "decode": round(result.decode_ms, 3),
            "outline": round(result.outline_ms, 3),
        },
    }


def _describe(found: SegmentedObject, segmenter: Segmenter) -> dict[str, Any]:
    # Nobody is to wait for a damaged one: an encode that is running has it behind it.
    to_come = [one for one in found.missing if segmenter.state(one) is PatchStatus.ABSENT]
    return {
        "candidate": found.candidate,
        "score": found.score,
        "area_px": found.area_px,
        "level": found.level,
        "complete": found.is_complete,
        "cuts": list(found.cuts),
        "missing": [list(patch) for patch in to_come],
        "wkb": to_base64(shapely.to_wkb(found.geometry)),
    }
