"""The tile grid of web maps: how large pixels are at each zoom, and which zoom suits a map."""

from __future__ import annotations

from math import ceil, cosh, floor, log2, pi

EARTH_RADIUS_M = 6_378_137.0
HALF_WORLD_M = pi * EARTH_RADIUS_M
"""From the middle of the square world of EPSG:3857 to its edges."""

BUILDINGS_M = 0.6
"""Side of a pixel on the ground that shows buildings; fields and lakes are found on the coarser
levels of the same image."""

FINEST_M = 0.2
"""Finer ones are not proposed: each zoom takes four times the tiles, servers mostly enlarge, and
nano is at its best with things of 32 to 64 px (docs/accuracy.md): houses at 0.2 to 0.4 m."""

LEVELS_BELOW = 3
"""So much finer than the map an image may be: the levels above it still show what the map does."""

_SLACK = 1.01
"""Zoom 18 has 0.597 m on the equator: a target that is missed by less than this is met."""


def pixel_size(zoom: int, tile_px: int) -> float:
    """Side of a pixel in units of EPSG:3857."""
    return 2 * HALF_WORLD_M / (tile_px << zoom)


def ground_size(zoom: int, tile_px: int, y: float) -> float:
    """Side of a pixel in metres on the ground; y: of the place in EPSG:3857."""
    return pixel_size(zoom, tile_px) / cosh(y / EARTH_RADIUS_M)


def shows_buildings(zoom: int, tile_px: int, y: float) -> bool:
    """y: of the place in EPSG:3857"""
    return ground_size(zoom, tile_px, y) <= BUILDINGS_M * _SLACK


def proposed_zoom(map_pixel: float, y: float, zooms: range, tile_px: int) -> int:
    """The zoom that suits what the user looks at: the map's own, or a finer one that buildings
    need.

    map_pixel: side of a screen pixel in units of EPSG:3857
    y: of the middle of the map in EPSG:3857
    zooms: that there are
    """
    largest = 2 * HALF_WORLD_M / tile_px
    own = log2(largest / map_pixel)
    on_ground = largest / cosh(y / EARTH_RADIUS_M)
    for_buildings = ceil(log2(on_ground / (BUILDINGS_M * _SLACK)))
    finest = floor(log2(on_ground * _SLACK / FINEST_M))
    wanted = min(max(round(own), min(for_buildings, round(own) + LEVELS_BELOW)), finest)
    return min(max(wanted, zooms.start), zooms.stop - 1)
