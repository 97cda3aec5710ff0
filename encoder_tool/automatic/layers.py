"""Where a run looks: the wanted level of the cache, and a finer level for each crop layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from encoder_tool.automatic.objects import AutomaticRequest
from encoder_tool.automatic.sieve import Sieve
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache
from encoder_tool.errors import ExtentError, NotEncodedError, UsageError
from encoder_tool.grid import DEFAULT_OVERLAP, LevelGrid, Pyramid
from encoder_tool.prompts import raster_bounds
from encoder_tool.segment import FeatureSource
from encoder_tool.types import BoundsMap, BoxPixel, PatchId, Window

EXTENT_MARGIN = DEFAULT_OVERLAP // 2
"""Pixels of the level by which the patches that are looked at go beyond an extent or a mask layer:
of an object at its edge more should be seen than a strip along the border of the last patch."""

Upsample = Callable[[int, Window], FeatureCache]
"""The cache of the raster enlarged a number of times, encoded where a window of level 0 is."""


@dataclass(frozen=True, eq=False)
class Layer:
    """The patches of one crop layer.

    number: 0 is the wanted level, 1 one level finer …
    level: in `source`; scale: pixels of the raster's level 0 per pixel of the layer
    patches: the encoded ones that are looked at, row by row; missing: how many are not encoded;
    empty: how many have no data
    """

    number: int
    source: FeatureSource
    level: int
    scale: float
    patches: tuple[PatchId, ...]
    missing: int
    empty: int

    @property
    def grid(self) -> LevelGrid:
        return self.source.manifest.pyramid.level(self.level)

    def is_encoded(self, patch: PatchId) -> bool:
        """Of any patch of the level, whether it is looked at or not."""
        return self.source.state(patch) is PatchStatus.PRESENT


def make_layers(
    cache: FeatureSource, request: AutomaticRequest, sieve: Sieve, upsample: Upsample
) -> list[Layer]:
    """All layers of a run, the finest first.

    Raises UsageError for a level that does not exist, and for a mask layer or an extent beside
    the raster; NotEncodedError when nothing of the wanted level is encoded where something could
    be kept, ExtentError when there is no data, and what `upsample` raises.
    """
    manifest = cache.manifest
    manifest.pyramid.level(request.level)
    window = sieve.narrowed(extent_window(manifest, request))
    if window is None:
        raise _mask_elsewhere()
    layers = []
    for number in reversed(range(request.parameters.crop_n_layers + 1)):
        request.parameters.points_of_layer(number)
        level = request.level - number
        if level >= 0:
            layers.append(_layer(number, cache, level, 1 << level, window, sieve))
        else:
            factor = 1 << -level
            finer = upsample(factor, _with_margin(window, manifest.pyramid))
            layers.append(_layer(number, finer, 0, 1 / factor, window, sieve))
    _require_patches(layers[-1], manifest)
    return layers


def _require_patches(wanted: Layer, manifest: Manifest) -> None:
    if wanted.patches:
        return
    if wanted.missing:
        raise NotEncodedError(
            f"Nothing is encoded there at level {wanted.level}.",
            f"Encode it first: encode {manifest.raster.name}.",
        )
    if wanted.empty:
        raise ExtentError(
            "There is no image data there, only nodata.", "Choose another extent or mask layer."
        )
    raise _mask_elsewhere()


def _mask_elsewhere() -> UsageError:
    return UsageError(
        "Nothing of the mask layer lies on the raster, or in the extent.",
        "Are their CRSs the right ones?",
    )


def _layer(
    number: int, source: FeatureSource, level: int, scale: float, window: Window, sieve: Sieve
) -> Layer:
    source.refresh()
    grid = source.manifest.pyramid.level(level)
    margin = EXTENT_MARGIN * scale
    wanted = [
        patch
        for patch in grid.patches_meeting(_scaled(window, scale, margin))
        if sieve.may_keep_some_in(level_0_box(grid.window(patch.row, patch.col), scale), margin)
    ]
    states = [source.state(patch) for patch in wanted]
    present = [p for p, s in zip(wanted, states, strict=True) if s is PatchStatus.PRESENT]
    return Layer(
        number, source, level, scale, tuple(present),
        missing=states.count(PatchStatus.ABSENT), empty=states.count(PatchStatus.EMPTY),
    )  # fmt: skip


def level_0_box(window: Window, scale: float) -> BoxPixel:
    """A window of a layer's pixels in pixels of the raster's level 0."""
    return BoxPixel(
        scale * window.col_off,
        scale * window.row_off,
        scale * window.col_end,
        scale * window.row_end,
    )


def _scaled(window: Window, scale: float, margin: float) -> Window:
    """A window of level-0 pixels, grown by a margin, in whole pixels of a layer."""
    left, top = int((window.col_off - margin) // scale), int((window.row_off - margin) // scale)
    right = int(-(-(window.col_end + margin) // scale))
    bottom = int(-(-(window.row_end + margin) // scale))
    return Window(left, top, right - left, bottom - top)


def _with_margin(window: Window, pyramid: Pyramid) -> Window:
    """A window of level-0 pixels and what is looked at around it."""
    left, top = max(window.col_off - EXTENT_MARGIN, 0), max(window.row_off - EXTENT_MARGIN, 0)
    right = min(window.col_end + EXTENT_MARGIN, pyramid.width)
    bottom = min(window.row_end + EXTENT_MARGIN, pyramid.height)
    return Window(left, top, right - left, bottom - top)


def extent_window(manifest: Manifest, request: AutomaticRequest) -> Window:
    """The level-0 pixels that the request's extent touches; all without one.

    Raises UsageError for an extent beside the raster.
    """
    pyramid, extent = manifest.pyramid, request.filter.extent
    if extent is None:
        return Window(0, 0, pyramid.width, pyramid.height)
    to_pixel = ~manifest.affine
    corners = [to_pixel @ (x, y) for x in extent[0::2] for y in extent[1::2]]
    columns, rows = zip(*corners, strict=True)
    left, right = _clipped(columns, pyramid.width)
    top, bottom = _clipped(rows, pyramid.height)
    if left >= right or top >= bottom:
        raise UsageError(
            f"The extent {_listed(extent)} lies outside the raster, whose bounds are "
            f"{_listed(raster_bounds(manifest))}.",
            "Is it in the CRS that was named, x first?",
        )
    return Window(left, top, right - left, bottom - top)


def _clipped(positions: Sequence[float], length: int) -> tuple[int, int]:
    return max(int(min(positions) // 1), 0), min(int(-(-max(positions) // 1)), length)


def _listed(bounds: BoundsMap) -> str:
    return ", ".join(f"{value:.10g}" for value in bounds)
