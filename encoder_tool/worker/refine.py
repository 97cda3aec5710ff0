"""`refine`: a layer of buildings compared with what a cache shows; see docs/refine.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.errors import UsageError
from encoder_tool.refine import (
    Protection,
    RefineParameters,
    RefineRequest,
    plan_refine,
    run_refine,
)
from encoder_tool.refine.request import LEAST_LIKENESS, TRUSTS
from encoder_tool.refine.run import Stage
from encoder_tool.worker.calls import ParamReader
from encoder_tool.worker.priority import lower_priority


@dataclass(frozen=True, slots=True)
class RefineCall:
    """What a request asks for."""

    cache: FeatureCache
    request: RefineRequest


def parse_refine(params: Mapping[str, Any]) -> RefineCall:
    """The parameters are `RefineRequest`'s fields; raises UsageError, and as `open_cache` does."""
    reader = ParamReader("refine", params)
    cache = open_cache(reader.required_text("cache"))
    outs = [path for name in ("out", "changes") if (path := _path(reader, name)) is not None]
    search, likeness = reader.number("search_m"), reader.number("min_likeness")
    trust = reader.text("trust") or TRUSTS[0]
    if trust not in TRUSTS:
        raise UsageError(f"The parameter 'trust' of refine must be one of {', '.join(TRUSTS)}.")
    request = RefineRequest(
        buildings=Path(reader.required_text("buildings")),
        out=outs[0] if outs else None,
        also=tuple(outs[1:]),
        overwrite=reader.flag("overwrite"),
        layer=reader.text("layer"),
        osm=_path(reader, "osm"),
        delete_gone=reader.flag("delete_gone"),
        trust=trust,
        level=reader.integer("level"),
        right_angles=reader.flag("right_angles"),
        snap=reader.flag("snap"),
        clean_walls=reader.flag("clean_walls"),
        min_area_m2=reader.number("min_area_m2") or 0.0,
        protect=tuple(Protection.parse(text) for text in reader.texts("protect")),
        find_missing=reader.flag("find_missing"),
        missing_points=_path(reader, "missing_points"),
        min_likeness=LEAST_LIKENESS if likeness is None else likeness,
        parameters=RefineParameters() if search is None else RefineParameters(search_m=search),
    )
    reader.finish()
    return RefineCall(cache, request)


def _path(reader: ParamReader, name: str) -> Path | None:
    text = reader.text(name)
    return None if text is None else Path(text)


def execute_refine(
    params: Mapping[str, Any],
    on_progress: Callable[[Mapping[str, Any]], None],
    should_stop: Callable[[], bool],
) -> dict[str, Any]:
    """Raises what `plan_refine` and `run_refine` raise."""
    call = parse_refine(params)
    lower_priority()
    plan = plan_refine(call.cache, call.request)

    def report(stage: Stage, done: int, total: int) -> None:
        on_progress({"stage": stage, "done": done, "total": total})

    return run_refine(plan, report, should_stop).to_json()
