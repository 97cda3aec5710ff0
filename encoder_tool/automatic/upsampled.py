"""Patches finer than the raster's own pixels: what crop layers below level 0 look at.

The raster is enlarged 2, 4 … times, and encoded where it is asked for into a cache of its own
that lies inside the raster's cache: it moves with it, and is there the next time.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isclose
from pathlib import Path

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import (
    CacheMismatchError,
    Cancelled,
    DiskFullError,
    RasterError,
    UsageError,
)
from encoder_tool.model import resolve_model
from encoder_tool.prompts import pixel_bounds_map
from encoder_tool.raster import open_raster
from encoder_tool.types import BoxPixel, Window

Notice = Callable[[str], None]
StopCallback = Callable[[], bool]


def upsampled_path(cache: Path, factor: int) -> Path:
    """Where a cache keeps the patches of its raster enlarged `factor` times."""
    return cache / f"upsampled-{factor}.sam2.zarr"


def encode_upsampled(
    cache: FeatureCache,
    factor: int,
    window: Window,
    raster: Path | None,
    on_notice: Notice,
    should_stop: StopCallback,
) -> FeatureCache:
    """The cache of the enlarged raster, with at least the patches that meet a window.

    window: in pixels of level 0; raster: None to look beside the cache

    Raises RasterError when the raster is not there or is another one, UsageError for pixels that
    are not square, ModelError when the model is not on this machine; Cancelled.
    """
    manifest = cache.manifest
    path = upsampled_path(cache.path, factor)
    if path.exists():
        known = open_cache(path)
        if _has_all(known, window, factor):
            return known
    width, height = manifest.pixel_size
    if not isclose(width, height, rel_tol=1e-6):
        raise UsageError(
            "A finer layer than the raster's own pixels needs square pixels, which it has not.",
            "Encode it with --resolution, or leave out crop layers below level 0.",
        )
    source = raster or cache.path.parent / manifest.raster.name
    _require_same(source, manifest)
    extent = pixel_bounds_map(
        BoxPixel(window.col_off, window.row_off, window.col_end, window.row_end), manifest
    )
    request = EncodeRequest(
        raster=source,
        out=path,
        model=manifest.model.name,
        bands=manifest.bands,
        stretch=_stretch_text(manifest),
        resolution=width / factor,
        extent=extent,
        levels=1,
        overlap=manifest.pyramid.patch - manifest.pyramid.stride,
        dtype=manifest.dtype,
    )
    try:
        plan = plan_encode(request)
    except DiskFullError as error:
        raise DiskFullError(
            error.message, "Make room, or ask for fewer crop layers or a smaller --extent."
        ) from error
    count = len(plan.todo)
    patches = "1 patch" if count == 1 else f"{count} patches"
    on_notice(f"Encoding {patches} of the raster enlarged {factor} times.")
    if run_encode(plan, should_stop=should_stop, on_notice=on_notice).stopped:
        raise Cancelled("Stopped while encoding.", "Run the same command again to go on.")
    return open_cache(path)


def _has_all(cache: FeatureCache, window: Window, factor: int) -> bool:
    enlarged = Window(
        factor * window.col_off, factor * window.row_off,
        factor * window.width, factor * window.height,
    )  # fmt: skip
    meeting = cache.pyramid.level(0).patches_meeting(enlarged)
    return all(cache.state(patch) is not PatchStatus.ABSENT for patch in meeting)


def _require_same(raster: Path, manifest: Manifest) -> None:
    """The raster, and the model, that the cache was made with."""
    if not raster.exists():
        raise RasterError(
            f"Crop layers below level 0 look at the raster itself, and there is no {raster}.",
            "Name it with --raster, leave out crop layers, or start at a higher --level.",
        )
    with open_raster(raster, manifest.bands) as opened:
        if not opened.matches(manifest.raster):
            raise CacheMismatchError(
                f"{raster} is not the raster that the cache was made from, or has changed.",
                "Encode it again, or leave out crop layers below level 0.",
            )
    record = resolve_model(manifest.model.name, None).record()
    if record.checkpoint_sha256 != manifest.model.checkpoint_sha256:
        raise CacheMismatchError(
            f"The cache was made with another {manifest.model.name} than this machine has.",
            "Encode the raster again, or leave out crop layers below level 0.",
        )


def _stretch_text(manifest: Manifest) -> str:
    """What parses to the cache's own stretch."""
    stretch = manifest.stretch
    if stretch.method == "none":
        return "none"
    pairs = list(zip(stretch.low, stretch.high, strict=True))[: len(manifest.bands)]
    return ",".join(f"{low!r}:{high!r}" for low, high in pairs)
