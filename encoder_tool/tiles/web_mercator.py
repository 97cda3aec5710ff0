"""The tile grid of web maps: tiles, their other numberings, and the pixels of a zoom.

At zoom z the square world of EPSG:3857 is cut into 2^z x 2^z tiles, counted from its north-west
corner. A tile of `tile_px` pixels makes the world of that zoom `tile_px * 2^z` pixels wide, and
a raster is a window of whole pixels of it: so it is never shifted by a part of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asinh, atan, ceil, degrees, floor, pi, radians, sinh, tan
from typing import NamedTuple

from affine import Affine

from encoder_tool.types import XY, BoundsMap, Window

TILE_CRS = "EPSG:3857"

EARTH_RADIUS_M = 6_378_137.0
"""Of the sphere that EPSG:3857 projects from: WGS 84's semi-major axis."""

HALF_WORLD_M = pi * EARTH_RADIUS_M
"""From the middle of the square world to its edges."""

MAX_LATITUDE = degrees(atan(sinh(pi)))
"""Where the square world ends: 85.05 degrees."""

MAX_ZOOM = 30
"""Pixels of a millimetre; 2^30 tiles still fit a signed 32-bit number."""

EDGE_TOLERANCE = 2.0**-18
"""Of a tile, a thousandth of a pixel. A box that reaches less than this into a pixel does not have
it: degrees of the edge of a tile, rounded in their last digit, must not ask for the neighbour."""


class Tile(NamedTuple):
    """A tile as XYZ templates count: x from the west, y from the north."""

    zoom: int
    x: int
    y: int

    @property
    def row_from_south(self) -> int:
        """The row as TMS and MBTiles count."""
        return (1 << self.zoom) - 1 - self.y

    @property
    def quadkey(self) -> str:
        """Bing's name of the tile: one digit a zoom, 0 to 3; empty at zoom 0."""
        return "".join(
            str((self.x >> bit & 1) | (self.y >> bit & 1) << 1)
            for bit in reversed(range(self.zoom))
        )

    @property
    def parent(self) -> Tile:
        """The tile of the zoom above that holds this one."""
        return Tile(self.zoom - 1, self.x >> 1, self.y >> 1)

    def __str__(self) -> str:
        return f"{self.zoom}/{self.x}/{self.y}"


@dataclass(frozen=True, slots=True)
class TileRange:
    """A rectangle of tiles, all of one zoom."""

    zoom: int
    x_first: int
    y_first: int
    columns: int
    rows: int

    def __len__(self) -> int:
        return self.columns * self.rows

    def __iter__(self) -> Iterator[Tile]:
        """Row by row from the north-west."""
        for y in range(self.y_first, self.y_first + self.rows):
            for x in range(self.x_first, self.x_first + self.columns):
                yield Tile(self.zoom, x, y)

    @property
    def middle(self) -> Tile:
        return Tile(self.zoom, self.x_first + self.columns // 2, self.y_first + self.rows // 2)


def world_fraction(longitude: float, latitude: float) -> XY:
    """A place in the square world, (0, 0) in its north-west and (1, 1) in its south-east corner."""
    return XY(longitude / 360 + 0.5, 0.5 - asinh(tan(radians(latitude))) / (2 * pi))


def tile_bounds(tile: Tile) -> BoundsMap:
    """A tile's edges in degrees: west, south, east, north."""
    count = 1 << tile.zoom

    def latitude(row: int) -> float:
        return degrees(atan(sinh(pi * (1 - 2 * row / count))))

    return BoundsMap(
        tile.x / count * 360 - 180,
        latitude(tile.y + 1),
        (tile.x + 1) / count * 360 - 180,
        latitude(tile.y),
    )


def tile_edges(tile: Tile) -> BoundsMap:
    """A tile's edges in EPSG:3857."""
    tile_m = 2 * HALF_WORLD_M / (1 << tile.zoom)
    return BoundsMap(
        tile.x * tile_m - HALF_WORLD_M,
        HALF_WORLD_M - (tile.y + 1) * tile_m,
        (tile.x + 1) * tile_m - HALF_WORLD_M,
        HALF_WORLD_M - tile.y * tile_m,
    )


def window_of(bounds: BoundsMap, zoom: int, tile_px: int) -> Window:
    """The pixels of the zoom's world that meet a box in degrees; there is at least one.

    bounds: west < east and south < north, within the square world
    """
    size = tile_px << zoom
    left, top = world_fraction(bounds.xmin, bounds.ymax)
    right, bottom = world_fraction(bounds.xmax, bounds.ymin)
    tolerance_px = EDGE_TOLERANCE * tile_px
    col_off, col_end = _whole(left * size, right * size, size, tolerance_px)
    row_off, row_end = _whole(top * size, bottom * size, size, tolerance_px)
    return Window(col_off, row_off, col_end - col_off, row_end - row_off)


def _whole(start: float, end: float, size: int, tolerance: float) -> tuple[int, int]:
    first = min(max(floor(start + tolerance), 0), size - 1)
    return first, min(max(ceil(end - tolerance), first + 1), size)


def tiles_of(window: Window, zoom: int, tile_px: int) -> TileRange:
    """The tiles that a window of the zoom's world meets."""
    x_first, y_first = window.col_off // tile_px, window.row_off // tile_px
    return TileRange(
        zoom,
        x_first,
        y_first,
        columns=-(-window.col_end // tile_px) - x_first,
        rows=-(-window.row_end // tile_px) - y_first,
    )


def window_affine(window: Window, zoom: int, tile_px: int) -> Affine:
    """Pixel (x, y) of a window of the zoom's world to EPSG:3857."""
    pixel_m = 2 * HALF_WORLD_M / (tile_px << zoom)
    return Affine(
        pixel_m,
        0.0,
        window.col_off * pixel_m - HALF_WORLD_M,
        0.0,
        -pixel_m,
        HALF_WORLD_M - window.row_off * pixel_m,
    )
