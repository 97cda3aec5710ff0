"""What an encode takes from a tile server, and whether it may: web tiles are somebody's."""

from __future__ import annotations

from collections.abc import Sequence

from encoder_tool.cache.manifest import Manifest
from encoder_tool.encode.request import EncodeRequest
from encoder_tool.errors import TileError
from encoder_tool.raster import RasterReader
from encoder_tool.types import PatchId

TILES_A_PATCH = 25
"""Of 256 pixels, at most: where a patch begins within a tile, it meets five a side."""

MOST_TILES_A_PATCH = 100
"""Somebody waits for: those of one level beyond the coarsest zoom are 81 at most."""

MOST_PATCHES_WANTED = 25
"""By one focus, however large its extent: what a large screen shows is on 15 or so."""


def is_filled(request: EncodeRequest, raster: RasterReader) -> bool:
    """Whether all that the request selects is to be encoded, not only what its focus wants."""
    if request.fill is not None:
        return request.fill
    return request.focus is None or not raster.is_fetched


def most_patches_wanted(raster: RasterReader) -> int:
    """That a focus may want at once."""
    if raster.most_tiles is None:
        return MOST_PATCHES_WANTED
    return min(max(raster.most_tiles // TILES_A_PATCH, 1), MOST_PATCHES_WANTED)


def tiles_to_fetch(raster: RasterReader, manifest: Manifest, patches: Sequence[PatchId]) -> int:
    """How many tiles the patches need that are not in the tiles' cache; 0 for files.

    Raises UsageError when they need more than the source's terms allow at once.
    """
    if not raster.is_fetched:
        return 0
    return raster.tiles_to_fetch(
        (patch.level, manifest.pyramid.level(patch.level).window(patch.row, patch.col))
        for patch in patches
    )


def require_few(raster: RasterReader, manifest: Manifest, patch: PatchId) -> None:
    """Raises TileError for a patch that takes far more tiles than patches do: one that is averaged,
    because the server has no zoom as coarse."""
    tiles = tiles_to_fetch(raster, manifest, [patch])
    if tiles > MOST_TILES_A_PATCH:
        raise TileError(
            f"A patch of level {patch.level} would take {tiles:,} tiles, because the server has no "
            "zoom as coarse.",
            "Zoom the map in, or pin a finer level.",
        )


def most_unasked(tiles: int) -> int | None:
    """How many tiles are fetched without consent, where so many are more; else None."""
    if not tiles:
        return None
    # Imported late: files do without what fetching takes.
    from encoder_tool.tiles.plan import ASK_ABOVE

    return ASK_ABOVE if tiles > ASK_ABOVE else None
