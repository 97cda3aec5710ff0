"""Which level and which patch answer a prompt.

The level: the pinned one; else the one whose pixel is nearest to a ground sample distance, such
as that of the map's scale; else the finest at which a box, with the clicks that belong to it, is
at most half a patch wide, so that the model sees what surrounds the object; else level 0. The
patch: among the encoded ones that hold every positive prompt, the one in which they lie furthest
from a border that is not the raster's own. When none holds them, the next level up is asked;
when none of those does, the next one down.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from affine import Affine
from pyproj import Geod

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import geodetic_crs, parse_crs, transform_points
from encoder_tool.errors import NoImageDataError, NotEncodedError, PromptError, UsageError
from encoder_tool.grid import LevelGrid, Pyramid
from encoder_tool.prompts import PixelPrompt, pixel_bounds_map
from encoder_tool.types import XY, BoxPixel, CoordArray, PatchId, Window

BOX_SHARE = 0.5
"""The longer side of a box takes at most this share of a patch's."""

ENCODE_MARGIN = 0.125
"""What is offered to be encoded reaches this share of a patch beyond the prompts."""


class PatchIndex(Protocol):
    """What must be known of a cache to choose a patch."""

    @property
    def manifest(self) -> Manifest: ...

    def state(self, patch: PatchId, /) -> PatchStatus: ...


def choose_level(
    prompt: PixelPrompt, manifest: Manifest, level: int | None = None, gsd_m: float | None = None
) -> int:
    """The level at which to look first.

    Raises UsageError for a pinned level that does not exist, or a ground sample distance that
    is not a positive number.
    """
    pyramid = manifest.pyramid
    if level is not None:
        return pyramid.level(level).level
    if gsd_m is not None:
        return _level_of_gsd(gsd_m, prompt.centre, manifest)
    if prompt.box is not None:
        return level_of_box(prompt.reach, pyramid)
    return 0


def _level_of_gsd(gsd_m: float, position: XY, manifest: Manifest) -> int:
    if not (math.isfinite(gsd_m) and gsd_m > 0):
        raise UsageError(f"A ground sample distance is a positive number, not {gsd_m}.")
    level = round(math.log2(gsd_m / pixel_size_m(manifest, position)))
    return min(max(level, 0), manifest.pyramid.levels - 1)


def level_of_pixel_size(pixel_size: float, manifest: Manifest) -> int:
    """The level whose pixels are nearest to a size in units of the raster's CRS: what
    `choose_level` says of the same size in metres, wherever on the raster."""
    native = math.sqrt(abs(manifest.affine.determinant))
    coarsest = 1 << (manifest.pyramid.levels - 1)
    # Clipped first: of any positive number, the quotient may be 0 or infinite.
    return round(math.log2(min(max(pixel_size / native, 1.0), coarsest)))


def level_of_box(box: BoxPixel, pyramid: Pyramid) -> int:
    """The finest level at which a box of level-0 pixels leaves room for what surrounds it."""
    side = max(box.xmax - box.xmin, box.ymax - box.ymin)
    fitting = (k for k in range(pyramid.levels) if side / (1 << k) <= BOX_SHARE * pyramid.patch)
    return next(fitting, pyramid.levels - 1)


def pixel_size_m(manifest: Manifest, position: XY) -> float:
    """The side, in metres on the ground, of the level-0 pixel at a position in pixels.

    Measured on the ellipsoid, for degrees and for projections that stretch (a web map's metre
    at 60 degrees north is half a metre). A local CRS counts by its unit, no CRS as metres. For
    a pixel that is not square, the geometric mean of its sides.
    """
    return math.sqrt(math.prod(np.hypot(*_pixel_sides(manifest, position).T)))


def pixel_to_ground(manifest: Manifest, position: XY) -> Affine:
    """The shape on the ground of the level-0 pixel at a position in pixels, its size left out:
    pixels to (east, north), of determinant 1 or -1.

    Measured as by `pixel_size_m`: a degree of longitude is shorter than one of latitude.
    """
    (x_east, x_north), (y_east, y_north) = _pixel_sides(manifest, position)
    size = math.sqrt(abs(x_east * y_north - y_east * x_north))
    return Affine(x_east / size, y_east / size, 0.0, x_north / size, y_north / size, 0.0)


def _pixel_sides(manifest: Manifest, position: XY) -> CoordArray:
    """What a pixel's step in x and one in y are on the ground: [2, 2] as (east, north), metres."""
    affine, crs = manifest.affine, manifest.raster.crs_wkt
    geodetic = None if crs is None else geodetic_crs(crs)
    x, y = position
    cross = np.array(
        [affine @ at for at in ((x - 0.5, y), (x + 0.5, y), (x, y - 0.5), (x, y + 0.5))]
    )
    if crs is not None and geodetic is not None:
        lon, lat = transform_points(cross, crs, geodetic).T
        geod = parse_crs(geodetic).get_geod() or Geod(ellps="WGS84")
        azimuths, _, sides = geod.inv(lon[::2], lat[::2], lon[1::2], lat[1::2])
        turns = np.deg2rad(azimuths)
        return np.column_stack([sides * np.sin(turns), sides * np.cos(turns)])
    unit = 1.0 if crs is None else parse_crs(crs).axis_info[0].unit_conversion_factor
    return np.asarray(unit * (cross[1::2] - cross[::2]))


def choose_patch(
    index: PatchIndex, prompt: PixelPrompt, level: int, *, climb: bool = True, exact: bool = False
) -> PatchId:
    """The encoded patch that answers the prompt, at `level` or, with `climb`, at the next level
    above it where there is one, else below it: where only an extent was encoded, a map that is
    zoomed out asks for levels that are not there.

    exact: only the one that would answer if everything were encoded

    Raises NoImageDataError where the raster has no data, PromptError when the prompts are on no
    single patch of a pinned level; NotEncodedError when no patch that holds them is encoded.
    """
    pyramid = index.manifest.pyramid
    levels = [level]
    if climb:
        levels += [*range(level + 1, pyramid.levels), *range(level - 1, -1, -1)]
    held = False
    for candidate in levels:
        holders = patches_holding(pyramid.level(candidate), prompt.reach)
        held = held or bool(holders)
        states = {patch_id: index.state(patch_id) for patch_id in holders}
        if PatchStatus.EMPTY in states.values():
            raise NoImageDataError(
                "There is no image data at the prompts, only nodata.",
                "Put them on the image.",
            )
        present = [p for p in holders if states[p] is PatchStatus.PRESENT]
        if present and (present[0] == holders[0] or not exact):
            return present[0]
        if holders and exact:
            break
    if not held and not climb:
        raise PromptError(
            f"No patch of level {level} holds all the prompts.",
            "Leave the level to be chosen, or take a higher one.",
        )
    raise _not_encoded(index.manifest, prompt, level, climb=climb)


def wanted_patch(
    prompt: PixelPrompt, manifest: Manifest, level: int | None = None, gsd_m: float | None = None
) -> PatchId:
    """The patch that answers the prompt where everything is encoded; level and gsd_m as for
    `choose_level`.

    Raises as `choose_level` does, and PromptError when the prompts are on no single patch of a
    pinned level.
    """
    first_level = choose_level(prompt, manifest, level, gsd_m)
    return choose_patch(_Complete(manifest), prompt, first_level, climb=level is None)


@dataclass(frozen=True)
class _Complete:
    """A cache in which nothing is missing."""

    manifest: Manifest

    def state(self, _patch: PatchId, /) -> PatchStatus:
        return PatchStatus.PRESENT


def patches_holding(grid: LevelGrid, reach: BoxPixel) -> list[PatchId]:
    """The patches of a level that hold `reach` (level-0 pixels), the best first: the one in
    which it lies furthest from a border that is not the raster's."""
    reach = BoxPixel(*(value / (1 << grid.level) for value in reach))
    return sorted(
        _patches_holding(grid, reach),
        key=lambda p: _clearance(grid, grid.window(p.row, p.col), reach),
        reverse=True,
    )


def absent_patch(
    index: PatchIndex, reach: BoxPixel, level: int, *, exact: bool = False
) -> PatchId | None:
    """The patch of a level that would answer what takes up `reach` (level-0 pixels), if it is
    not encoded, nor, but with `exact`, any other that could; None where none holds it."""
    holders = patches_holding(index.manifest.pyramid.level(level), reach)
    asked = holders[:1] if exact else holders
    absent = all(index.state(patch) is PatchStatus.ABSENT for patch in asked)
    return holders[0] if holders and absent else None


def _patches_holding(grid: LevelGrid, reach: BoxPixel) -> Iterator[PatchId]:
    for row, top in enumerate(grid.row_origins):
        if not top <= reach.ymin <= reach.ymax <= top + grid.patch:
            continue
        for col, left in enumerate(grid.col_origins):
            if left <= reach.xmin <= reach.xmax <= left + grid.patch:
                yield PatchId(grid.level, row, col)


def _clearance(grid: LevelGrid, window: Window, reach: BoxPixel) -> float:
    """Distance from the prompts to the nearest patch border that is not the raster's."""
    return min(
        reach.xmin - window.col_off if window.col_off > 0 else math.inf,
        reach.ymin - window.row_off if window.row_off > 0 else math.inf,
        window.col_end - reach.xmax if window.col_end < grid.width else math.inf,
        window.row_end - reach.ymax if window.row_end < grid.height else math.inf,
    )


def _not_encoded(
    manifest: Manifest, prompt: PixelPrompt, level: int, *, climb: bool
) -> NotEncodedError:
    pyramid = manifest.pyramid
    margin = ENCODE_MARGIN * pyramid.patch * (1 << level)
    xmin, ymin, xmax, ymax = prompt.reach
    around = BoxPixel(
        max(xmin - margin, 0), max(ymin - margin, 0),
        min(xmax + margin, pyramid.width), min(ymax + margin, pyramid.height),
    )  # fmt: skip
    extent = pixel_bounds_map(around, manifest)
    listed = ",".join(f"{value:.10g}" for value in extent)
    where = "" if climb else f" at level {level}"
    return NotEncodedError(
        f"Nothing is encoded{where} that holds the prompts.",
        f"Encode there: encode {manifest.raster.name} --extent {listed} with the same cache.",
        extent,
    )
