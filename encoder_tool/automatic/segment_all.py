"""From a cache and a request to files with everything in them: a run from beginning to end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from encoder_tool.automatic.layers import Layer, make_layers
from encoder_tool.automatic.objects import AutomaticRequest, FoundObject
from encoder_tool.automatic.outputs import Outputs
from encoder_tool.automatic.run import (
    AutomaticProgress,
    AutomaticRun,
    FoundCallback,
    ProgressCallback,
    StopCallback,
    run_signature,
)
from encoder_tool.automatic.sieve import Sieve
from encoder_tool.automatic.upsampled import Notice, encode_upsampled
from encoder_tool.automatic.work_file import WorkFile, unfinished_work, work_file_of
from encoder_tool.cache.store import FeatureCache
from encoder_tool.crs import require_output_crs
from encoder_tool.errors import NothingFoundError
from encoder_tool.model.seam import PromptDecoder
from encoder_tool.staging import check_not_read
from encoder_tool.types import Window

APART = (
    "The patches of this cache do not overlap, so objects end at their borders. Encode with an "
    "--overlap to have them whole."
)


@dataclass(frozen=True, slots=True)
class AutomaticSummary:
    """What a run did.

    patches: of all layers; kept: how many of them an earlier run had been through
    missing: patches that are not encoded
    """

    out: Path | None
    objects: int
    patches: int
    kept: int
    missing: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "out": None if self.out is None else str(self.out)}


@dataclass(frozen=True, slots=True)
class Reports:
    """Who is told of a run, and who can end it.

    on_progress: after each patch; on_found: of objects as they are settled
    on_notice: of sentences for people; should_stop: asked before each patch
    """

    on_progress: ProgressCallback
    on_found: FoundCallback
    on_notice: Notice
    should_stop: StopCallback


def _silent() -> Reports:
    return Reports(_ignore_progress, _ignore_found, _ignore_notice, _go_on)


def segment_all(
    cache: FeatureCache,
    request: AutomaticRequest,
    outputs: Outputs,
    *,
    overwrite: bool = False,
    reports: Reports | None = None,
    decoder: PromptDecoder | None = None,
) -> AutomaticSummary:
    """Segment everything in a cache and write it.

    A run that was killed or stopped goes on when it is asked for again with the same cache,
    parameters and output; the result is that of a run without a break.
    decoder: None for the one that the cache carries

    Raises OutputError, UsageError, NotEncodedError, ExtentError before any work is done,
    NothingFoundError when there is no object, Cancelled, DiskFullError, CacheDamagedError, and
    CacheError when the cache is gone or was replaced.
    """
    began = time.monotonic()
    told = reports or _silent()
    outputs.check(overwrite=overwrite)
    for path in outputs.paths:
        check_not_read(path, _given_files(cache, request))
    if outputs.crs is not None:
        require_output_crs(outputs.crs, cache.manifest.raster.crs_wkt)

    def upsample(factor: int, window: Window) -> FeatureCache:
        return encode_upsampled(
            cache, factor, window, request.raster, told.on_notice, told.should_stop
        )

    with Sieve(request.filter, cache.manifest) as sieve:
        layers = make_layers(cache, request, sieve, upsample)
        patches, missing = _count(layers)
        if missing:
            told.on_notice(
                f"{missing} of {patches + missing} patches are not encoded: nothing is found there."
            )
        if patches > 1 and cache.manifest.pyramid.stride == cache.manifest.pyramid.patch:
            told.on_notice(APART)
        signature = run_signature(cache.manifest, request)
        with WorkFile(_work_path(cache, outputs, signature), signature) as work:
            # An earlier run may have looked elsewhere: an extent changes no patch's masks.
            known = work.kept_patches()
            kept = sum((one.number, patch) in known for one in layers for patch in one.patches)
            if kept:
                told.on_notice(f"Going on: {kept} of {patches} patches are done already.")
            AutomaticRun(
                layers,
                request,
                sieve,
                work,
                decoder=decoder,
                on_progress=told.on_progress,
                on_found=told.on_found,
                should_stop=told.should_stop,
            ).run()
            objects = work.object_count()
            if objects:
                with_class = request.filter.classes is not None
                outputs.write(work, cache.manifest, with_class=with_class, overwrite=overwrite)
            work.remove()
    if not objects:
        raise NothingFoundError(
            "No object was found.",
            "Lower the thresholds, take more points, or look at another level.",
        )
    return AutomaticSummary(
        outputs.polygons, objects, patches, kept, missing, time.monotonic() - began
    )


def _given_files(cache: FeatureCache, request: AutomaticRequest) -> list[Path | None]:
    """What no output replaces, overwriting or not."""
    raster = request.raster or cache.path.parent / cache.manifest.raster.name
    return [raster, request.filter.mask, request.filter.classes]


def _work_path(cache: FeatureCache, outputs: Outputs, signature: str) -> Path:
    if outputs.polygons is not None:
        return work_file_of(outputs.polygons)
    return unfinished_work(str(cache.path.absolute()), signature)


def _count(layers: Sequence[Layer]) -> tuple[int, int]:
    """Patches that are looked at, and patches that are not encoded."""
    return sum(len(layer.patches) for layer in layers), sum(layer.missing for layer in layers)


def _ignore_progress(_progress: AutomaticProgress) -> None:
    """For callers who want to know nothing of it."""


def _ignore_found(_objects: Sequence[FoundObject]) -> None:
    """For callers who want to know nothing of them."""


def _ignore_notice(_sentence: str) -> None:
    """For callers who want to know nothing of it."""


def _go_on() -> bool:
    return False
