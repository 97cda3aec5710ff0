"""What makes a place look lived in and is not in the truth: gardens, hedges, pools, cars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from encoder_tool.scene.canvas import Canvas, Colour, jitter
from encoder_tool.scene.geometry import (
    Ring,
    Vector,
    Warp,
    centroid,
    densify,
    inset,
    long_axis,
    rectangle,
    round_corners,
    turn,
)
from encoder_tool.scene.ground import (
    ASPHALT,
    BUSH,
    DRY_GRASS,
    GRASS,
    GRAVEL,
    PAVING,
    SOIL,
    WHITE,
    paint_surface,
)
from encoder_tool.scene.layout import Parcel, Strip, Use, Way
from encoder_tool.scene.place import PlacedBuilding

_CAR_PAINT: tuple[Colour, ...] = (
    (0.85, 0.85, 0.85), (0.12, 0.12, 0.13), (0.45, 0.46, 0.48), (0.62, 0.12, 0.10),
    (0.13, 0.22, 0.45), (0.72, 0.72, 0.70),
)  # fmt: skip
_GLASS: Colour = (0.12, 0.14, 0.17)
_POOL: Colour = (0.32, 0.66, 0.74)


@dataclass(frozen=True, eq=False)
class Furnishing:
    """Flat shapes on top of each other, (ring, colour) in pixels; the first is the outline."""

    kind: str
    layers: tuple[tuple[Ring, Colour], ...]
    height_m: float = 0.0

    @property
    def outline_px(self) -> Ring:
        return self.layers[0][0]

    def paint(self, canvas: Canvas) -> None:
        for ring, colour in self.layers:
            canvas.fill([ring], colour)
        if self.height_m > 0:
            stencil = canvas.stencil(self.outline_px)
            if stencil is not None:
                canvas.raise_to(stencil, self.height_m)


def paint_lot(canvas: Canvas, rng: np.random.Generator, parcel: Parcel, warp: Warp) -> None:
    """The ground of a lot: a lawn, dry grass, gravel or a paved yard, perhaps hedged."""
    outline = parcel.outline
    if parcel.use is Use.FLATS:
        paint_surface(canvas, warp.ring(outline), jitter(rng, GRASS, 0.12), 0.10)
        return
    if parcel.use is Use.HUT:
        soil = (SOIL, SOIL, DRY_GRASS, GRAVEL)[rng.integers(4)]
        paint_surface(canvas, warp.ring(outline), jitter(rng, soil, 0.12), 0.16)
        return
    if parcel.use is Use.WORKS:
        yard = (ASPHALT, PAVING, GRAVEL)[rng.integers(3)]
        paint_surface(canvas, warp.ring(outline), jitter(rng, yard, 0.08), 0.07)
        return
    if rng.random() < 0.45:
        hedge = canvas.stencil(warp.ring(outline))
        inner = inset(outline, rng.uniform(0.5, 1.0))
        if hedge is not None and len(inner) >= 3:
            paint_surface(canvas, warp.ring(outline), jitter(rng, BUSH, 0.15), 0.25)
            canvas.raise_to(hedge, 1.4)
            outline = inner
    ground = (GRASS, GRASS, (0.34, 0.42, 0.24), DRY_GRASS, GRAVEL, PAVING)[rng.integers(6)]
    ring = warp.ring(outline)
    stencil = canvas.stencil(ring)
    if stencil is not None:
        paint_surface(canvas, ring, jitter(rng, ground, 0.10), 0.09)
        canvas.raise_to(stencil, 0.0)


def lot_furniture(
    rng: np.random.Generator, parcel: Parcel, warp: Warp, placed: Sequence[PlacedBuilding]
) -> list[Furnishing]:
    """A drive and perhaps a pool beside a house; rows of cars in the yard of a works."""
    if not placed:
        return []
    lot_px = warp.ring(parcel.outline)
    footprints = [p.footprint_px for p in placed]
    if parcel.use is Use.HUT:
        return []
    if parcel.use is not Use.HOUSE:
        return _parking(rng, lot_px, footprints, warp)
    found = []
    if parcel.front is not None:
        found += _drive(rng, parcel.outline, parcel.front, placed[0], warp)
    if rng.random() < 0.10:
        pool = _pool(rng, lot_px, [*footprints, *(f.outline_px for f in found)], warp.gsd_m)
        found += [pool] if pool is not None else []
    return found


def _drive(
    rng: np.random.Generator, lot: Ring, front: Vector, house: PlacedBuilding, warp: Warp
) -> list[Furnishing]:
    """A paved strip from the house to the street, with a car on it now and then."""
    axis_px = warp(centroid(lot)[None] + np.array([[0.0, 0.0], front]))
    outward = (axis_px[1] - axis_px[0]) * warp.gsd_m
    outward = outward / np.hypot(*outward)
    across = np.array([-outward[1], outward[0]])
    edge_m = float(((warp(lot) - house.centre_px) @ outward).max() * warp.gsd_m)
    front_m = float(((house.footprint_px - house.centre_px) @ outward).max() * warp.gsd_m)
    reach = float(((house.footprint_px - house.centre_px) @ across).max() * warp.gsd_m)
    shift = rng.uniform(-0.6, 0.6) * reach
    if edge_m - front_m < 2.5:
        return []
    middle, half = (front_m + edge_m) / 2 + 0.3, (edge_m - front_m) / 2 + 0.3
    angle = float(np.arctan2(outward[1], outward[0]))

    def at(along: float, ring: Ring) -> Ring:
        return turn(ring + np.array([along, shift]), angle) / warp.gsd_m + house.centre_px

    found = [Furnishing("drive", ((at(middle, rectangle(half, 1.6)), jitter(rng, PAVING, 0.08)),))]
    if half > 3.0 and rng.random() < 0.5:
        found.append(_car(rng, at(middle, rectangle(1, 1)).mean(axis=0), angle, warp.gsd_m))
    return found


def _pool(
    rng: np.random.Generator, lot_px: Ring, footprints: Sequence[Ring], gsd_m: float
) -> Furnishing | None:
    axis, length, width = long_axis(lot_px)
    for _ in range(6):
        centre = (
            centroid(lot_px)
            + turn(
                np.array([[rng.uniform(-0.38, 0.38) * length, rng.uniform(-0.38, 0.38) * width]]),
                axis,
            )[0]
        )
        basin = turn(rectangle(rng.uniform(2.5, 4.5), rng.uniform(1.5, 2.2)), axis)
        rim = centre + 1.25 * basin / gsd_m
        if _is_free(rim, lot_px, footprints, 0.8 / gsd_m):
            water = round_corners(centre + basin / gsd_m, 1.2 / gsd_m)
            layers = ((rim, jitter(rng, WHITE, 0.05)), (water, jitter(rng, _POOL, 0.06)))
            return Furnishing("pool", layers)
    return None


def _is_free(ring: Ring, lot_px: Ring, footprints: Sequence[Ring], margin_px: float) -> bool:
    outlines = [f.astype(np.float32) for f in footprints]
    lot = lot_px.astype(np.float32)
    return all(
        cv2.pointPolygonTest(lot, (float(x), float(y)), True) > margin_px
        and all(cv2.pointPolygonTest(f, (float(x), float(y)), True) < -margin_px for f in outlines)
        for x, y in densify(ring, 2 * margin_px)
    )


def _parking(
    rng: np.random.Generator, lot_px: Ring, footprints: Sequence[Ring], warp: Warp
) -> list[Furnishing]:
    """Bays along one direction wherever they are free, some taken by cars or containers."""
    axis, length, width = long_axis(lot_px)
    centre, found = centroid(lot_px), list[Furnishing]()
    for row in (-0.42, 0.42):
        for column in np.arange(-0.45 * length, 0.45 * length, 2.8 / warp.gsd_m):
            position = centre + turn(np.array([[column, row * width]]), axis)[0]
            bay = position + turn(rectangle(2.5, 1.3), axis + np.pi / 2) / warp.gsd_m
            if rng.random() < 0.45 and _is_free(bay, lot_px, footprints, 0.2 / warp.gsd_m):
                found.append(_car(rng, position, axis + np.pi / 2, warp.gsd_m))
    return found


def street_cars(rng: np.random.Generator, strip: Strip, warp: Warp) -> list[Furnishing]:
    """Cars under way or parked along a road."""
    if strip.way in (Way.TRACK, Way.RIVER):
        return []
    length = float(np.hypot(*(strip.end - strip.start)))
    along = (strip.end - strip.start) / max(length, 1e-9)
    across = np.array([-along[1], along[0]])
    found = []
    for _ in range(rng.poisson(length / 45)):
        position = strip.start + rng.uniform(6, max(length - 6, 6.1)) * along
        position = position + rng.choice([-1, 1]) * (strip.width_m / 4) * across
        here, ahead = warp(np.stack([position, position + along]))
        heading = float(np.arctan2(*(ahead - here)[::-1]))
        found.append(_car(rng, here, heading, warp.gsd_m))
    return found


def _car(rng: np.random.Generator, centre_px: Vector, angle: float, gsd_m: float) -> Furnishing:
    half_length, half_width = rng.uniform(1.9, 2.4), rng.uniform(0.8, 0.95)
    paint = jitter(rng, _CAR_PAINT[rng.integers(len(_CAR_PAINT))], 0.06)
    heading = angle + np.pi * int(rng.integers(2))

    def at(ring: Ring) -> Ring:
        return turn(ring, heading) / gsd_m + centre_px

    body = at(round_corners(rectangle(half_length, half_width), 0.5))
    front = at(rectangle(0.28, 0.72 * half_width) + np.array([0.38 * half_length, 0]))
    rear = at(rectangle(0.22, 0.70 * half_width) - np.array([0.60 * half_length, 0]))
    return Furnishing("car", ((body, paint), (front, _GLASS), (rear, _GLASS)), height_m=1.4)
