"""`segment_all`: everything in a cache; its objects are told as they are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import shapely

from encoder_tool.automatic import (
    AutomaticProgress,
    AutomaticRequest,
    FoundObject,
    MaskParameters,
    ObjectFilter,
    preset,
)
from encoder_tool.automatic.outputs import Outputs, map_geometry
from encoder_tool.automatic.segment_all import Reports, segment_all
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.outline import DEFAULT_OPTIONS, PolygonOptions
from encoder_tool.raster_out import KINDS, RasterOutput
from encoder_tool.worker.calls import ParamReader
from encoder_tool.worker.describe import to_base64
from encoder_tool.worker.priority import lower_priority

FOUND_AT_ONCE = 100
"""Objects of one message: frames stay small."""


@dataclass(frozen=True, slots=True)
class SegmentAllCall:
    """What a request asks for."""

    cache: FeatureCache
    request: AutomaticRequest
    outputs: Outputs
    overwrite: bool


def parse_segment_all(params: Mapping[str, Any]) -> SegmentAllCall:
    """The parameters are `auto`'s options; raises UsageError, and as `open_cache` does."""
    reader = ParamReader("segment_all", params)
    cache = open_cache(reader.required_text("cache"))
    changes = {field.name: _mask_option(reader, field.type, field.name) for field in _MASK_FIELDS}
    given: dict[str, Any] = {
        name: reader.number(name) for name in ("simplify_px", "min_area_px", "min_hole_px")
    }
    out = _path(reader, "out")
    cog = reader.flag("cog")
    rasters = tuple(
        RasterOutput(path, kind, cog and path.suffix.lower() != ".png")
        for kind in KINDS
        if (path := _path(reader, kind)) is not None
    )
    call = SegmentAllCall(
        cache=cache,
        request=AutomaticRequest(
            parameters=preset(
                reader.text("preset") or "default", cache.manifest.model.name
            ).with_changes(changes),
            level=reader.integer("level") or 0,
            filter=ObjectFilter(
                extent=reader.bounds("extent"),
                mask=_path(reader, "mask"),
                min_area=reader.number("min_area") or 0.0,
                max_area=reader.number("max_area"),
                classes=_path(reader, "classes"),
            ),
            polygons=PolygonOptions(
                all_parts=reader.flag("all_parts") or DEFAULT_OPTIONS.all_parts,
                right_angles=reader.flag("right_angles"),
                **{name: value for name, value in given.items() if value is not None},
            ),
            raster=_path(reader, "raster"),
        ),
        outputs=Outputs(out, reader.text("out_crs"), rasters, reader.flag("style")),
        overwrite=reader.flag("overwrite"),
    )
    reader.finish()
    return call


_MASK_FIELDS = fields(MaskParameters)


def _mask_option(reader: ParamReader, kind: Any, name: str) -> Any:
    """One of `MaskParameters`; None where it is not given, a flag too."""
    if kind == "bool":
        return reader.optional_flag(name)
    return reader.integer(name) if kind == "int" else reader.number(name)


def _path(reader: ParamReader, name: str) -> Path | None:
    text = reader.text(name)
    return None if text is None else Path(text)


def execute_segment_all(
    params: Mapping[str, Any],
    on_progress: Callable[[Mapping[str, Any]], None],
    should_stop: Callable[[], bool],
) -> dict[str, Any]:
    """Raises what `segment_all` raises."""
    call = parse_segment_all(params)
    lower_priority()
    cache = call.cache

    def report(told: AutomaticProgress) -> None:
        on_progress({"done": told.done, "total": told.total, "objects": told.objects})

    def tell_of(found: Sequence[FoundObject]) -> None:
        for start in range(0, len(found), FOUND_AT_ONCE):
            objects = found[start : start + FOUND_AT_ONCE]
            on_progress({"found": [_describe(one, cache.manifest) for one in objects]})

    def notice(sentence: str) -> None:
        on_progress({"notice": sentence})

    summary = segment_all(
        cache,
        call.request,
        call.outputs,
        overwrite=call.overwrite,
        reports=Reports(report, tell_of, notice, should_stop),
    )
    return summary.to_json()


def _describe(found: FoundObject, manifest: Manifest) -> dict[str, Any]:
    """Its outline is in the raster's CRS."""
    return {
        "number": found.number,
        "made_of": list(found.made_of),
        "score": found.score,
        "stability": found.stability,
        "level": found.level,
        "area_px": found.area_px,
        "class": found.object_class,
        "wkb": to_base64(shapely.to_wkb(map_geometry(found, manifest, manifest.raster.crs_wkt))),
    }
