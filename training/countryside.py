"""Countryside as seen from far: fields, lakes and roads that fill a tile, at pixels of 0.3 to 5 m.

Towns at up to a metre a pixel show fields of some 100 px among houses. In a view of a whole lake
or of large fields the model sees things of half a patch, with nothing in them to go by.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from encoder_tool.scene import SceneObject
from encoder_tool.scene.canvas import Canvas, jitter
from encoder_tool.scene.geometry import (
    Ring,
    area,
    centroid,
    clip_convex,
    long_axis,
    rectangle,
    round_corners,
    turn,
    unit,
)
from encoder_tool.scene.ground import (
    ASPHALT,
    BUSH,
    GRAVEL,
    paint_field,
    paint_surface,
    paint_terrain,
    paint_water,
    pond_ring,
)
from encoder_tool.scene.light import photograph
from training.tile import Tile, label_tile

FINEST_M, COARSEST_M = 0.3, 5.0

_SMALLEST_SIDE, _LARGEST_SIDE = 0.12, 0.9
"""Of parcels, in sides of the tile."""


def countryside_tile(seed: int, size: int) -> Tile:
    """Parcels of one size or another, a few of them lakes, woods and meadows; two sides of a
    track may bear the same crop."""
    rng = np.random.default_rng([seed, 11])
    pixel_m = float(np.exp(rng.uniform(np.log(FINEST_M), np.log(COARSEST_M))))
    side = size * float(np.exp(rng.uniform(np.log(_SMALLEST_SIDE), np.log(_LARGEST_SIDE))))
    canvas = Canvas.blank(rng, (size, size), pixel_m)
    paint_terrain(canvas, rng)
    angle = rng.uniform(0, np.pi)
    land = [size / 2 + turn(rectangle(0.75 * size, 0.75 * size), angle)]
    objects = []
    if rng.random() < 0.6:
        land, road = _road(canvas, rng, land[0], size, pixel_m)
        objects.append(SceneObject("road", road))
    track_px = max(float(rng.uniform(2.0, 7.0)) / pixel_m, float(rng.uniform(1.0, 4.0)))
    for parcel in (parcel for part in land for parcel in _split(rng, part, side)):
        inner = _drawn_in(parcel, track_px / 2)
        if area(inner) > (0.3 * side) ** 2 / 4:
            objects += _use(canvas, rng, inner)
    image = photograph(rng, canvas.colour)
    return label_tile(image, objects, fully_labelled=True)


def _split(rng: np.random.Generator, ring: Ring, side: float) -> Iterator[Ring]:
    """Convex parcels of about `side` squared, cut across their longer sides, not quite square."""
    if area(ring) < side**2 * float(rng.uniform(0.6, 2.0)):
        yield ring
        return
    angle, length, _ = long_axis(ring)
    point = centroid(ring) + unit(angle) * length * rng.uniform(-0.18, 0.18)
    normal = unit(angle + rng.normal(0, 0.06))
    yield from _split(rng, clip_convex(ring, point, normal), side)
    yield from _split(rng, clip_convex(ring, point, -normal), side)


def _drawn_in(ring: Ring, distance: float) -> Ring:
    """A convex ring without what is nearer to its edges."""
    middle, inner = centroid(ring), ring
    for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        along = end - start
        normal = np.array([along[1], -along[0]]) / max(float(np.hypot(*along)), 1e-9)
        if normal @ (start - middle) < 0:
            normal = -normal
        inner = clip_convex(inner, start - distance * normal, normal)
        if len(inner) < 3:
            return np.empty((0, 2))
    return inner


def _use(canvas: Canvas, rng: np.random.Generator, parcel: Ring) -> list[SceneObject]:
    draw = rng.random()
    if draw < 0.08:  # a meadow: as what lies around
        return []
    if draw < 0.13:  # a wood, which is not told tree by tree
        paint_surface(canvas, parcel, jitter(rng, BUSH, 0.1), 0.35)
        return []
    if draw < 0.28:
        ring = pond_ring(rng, parcel, centroid(parcel))
        middle = centroid(ring)
        bank = middle + (ring - middle) * float(rng.uniform(1.0, 1.06))
        paint_water(canvas, rng, ring, bank)
        return [SceneObject("water", ring)]
    angle = long_axis(parcel)[0]
    ring = round_corners(parcel, float(rng.uniform(2.0, 12.0)))
    paint_field(canvas, rng, ring, angle + rng.choice([0.0, np.pi / 2], p=[0.8, 0.2]))
    return [SceneObject("field", ring)]


def _road(
    canvas: Canvas, rng: np.random.Generator, land: Ring, size: int, pixel_m: float
) -> tuple[list[Ring], Ring]:
    """The land on both sides of a road that crosses the tile, and the road."""
    width_px = max(float(rng.uniform(6.0, 14.0)) / pixel_m, 2.5)
    angle, point = float(rng.uniform(0, np.pi)), size * rng.uniform(0.2, 0.8, 2)
    road = point + turn(rectangle(2.0 * size, width_px / 2), angle)
    paint_surface(canvas, road, jitter(rng, ASPHALT if rng.random() < 0.7 else GRAVEL, 0.05))
    normal = unit(angle + np.pi / 2)
    sides = [clip_convex(land, point - sign * normal * width_px / 2, sign * normal)
             for sign in (1, -1)]  # fmt: skip
    return [part for part in sides if len(part) >= 3], road
