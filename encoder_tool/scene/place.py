"""Placing what stands on the ground, without overlaps: buildings in lots, then trees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.scene.building_kinds import make_flats, make_hall, make_house, make_hut, make_shed
from encoder_tool.scene.buildings import Building, Roof
from encoder_tool.scene.geometry import (
    Ring,
    Vector,
    Warp,
    area,
    centroid,
    densify,
    long_axis,
    rectangle,
    unit,
)
from encoder_tool.scene.layout import Parcel, Plan, Use, Way
from encoder_tool.scene.trees import Tree, make_tree


@dataclass(frozen=True, eq=False)
class PlacedBuilding:
    """A building with its place on the canvas; `footprint_px` is its outline there."""

    building: Building
    angle: float
    centre_px: Vector
    footprint_px: Ring
    hole_px: Ring | None
    gsd_m: float

    def planes_px(self) -> list[Ring]:
        """The roof planes of a building that is one gable: its two halves along the ridge."""
        (wing, *others) = self.building.wings
        if others or wing.roof is not Roof.GABLE:
            return []
        half = rectangle(wing.half_length, 0.5 * wing.half_width)
        return [
            self.building.placed(
                half + np.array([0.0, side]), self.angle, self.centre_px, self.gsd_m
            )
            for side in (-0.5 * wing.half_width, 0.5 * wing.half_width)
        ]


def place_buildings(
    rng: np.random.Generator, parcel: Parcel, warp: Warp, within_px: Ring
) -> list[PlacedBuilding]:
    """The buildings of one lot: a house and perhaps a shed, or a hall.

    A building with a courtyard stands whole within the `within_px` square or not at all.
    """
    lot_px = warp.ring(parcel.outline)
    if parcel.use in (Use.WORKS, Use.FLATS):
        if rng.random() < 0.12:
            return []
        size, make = (
            (_hall_size, make_hall) if parcel.use is Use.WORKS else (_flats_size, make_flats)
        )
        hall = _try_place(rng, lot_px, warp, size, make, 2.5)
        if hall is None or (hall.hole_px is not None and not _contains(within_px, hall)):
            return []
        return [hall]
    if rng.random() < 0.06:
        return []
    if parcel.use is Use.HUT:
        hut = _try_place(rng, lot_px, warp, _hut_size, make_hut, 0.25, spread=0.04)
        return [] if hut is None else [hut]
    house = _try_place(rng, lot_px, warp, _house_size, make_house, 1.2)
    if house is None:
        return []
    placed = [house]
    if rng.random() < 0.35:
        shed = _try_place(rng, lot_px, warp, _shed_size, make_shed, 0.6, spread=0.36)
        if shed is not None and _apart(shed, house, 1.0 / warp.gsd_m):
            placed.append(shed)
    return placed


_Size = Callable[[np.random.Generator, float, float], tuple[float, float]]


def _house_size(rng: np.random.Generator, length: float, width: float) -> tuple[float, float]:
    return (
        float(min(rng.uniform(4.8, 9.5), 0.38 * length)),
        float(min(rng.uniform(4.0, 6.5), 0.38 * width)),
    )


def _hut_size(rng: np.random.Generator, length: float, width: float) -> tuple[float, float]:
    return float(rng.uniform(0.30, 0.46) * length), float(rng.uniform(0.30, 0.46) * width)


def _hall_size(rng: np.random.Generator, length: float, width: float) -> tuple[float, float]:
    return (
        float(min(rng.uniform(11, 30), 0.36 * length)),
        float(min(rng.uniform(7, 19), 0.36 * width)),
    )


def _flats_size(rng: np.random.Generator, length: float, width: float) -> tuple[float, float]:
    if min(length, width) > 34 and rng.random() < 0.7:
        return float(min(rng.uniform(13, 22), 0.4 * length)), float(rng.uniform(12, 14.5))
    return float(min(rng.uniform(13, 28), 0.4 * length)), float(rng.uniform(5.5, 7.5))


def _shed_size(rng: np.random.Generator, length: float, width: float) -> tuple[float, float]:
    return float(rng.uniform(1.8, 3.4)), float(rng.uniform(1.4, 2.4))


def _try_place(
    rng: np.random.Generator, lot_px: Ring, warp: Warp, size: _Size,
    make: Callable[[np.random.Generator, float, float], Building],
    setback_m: float, spread: float = 0.1,
) -> PlacedBuilding | None:  # fmt: skip
    """A building that keeps `setback_m` from the lot's border, or None after a few tries."""
    axis, length_px, width_px = long_axis(lot_px)
    length, width = length_px * warp.gsd_m, width_px * warp.gsd_m
    middle = centroid(lot_px)
    border = lot_px.astype(np.float32)
    for attempt in range(6):
        crosswise = rng.random() < 0.4
        room = (width, length) if crosswise else (length, width)
        shrink = 0.88**attempt
        half_length, half_width = (shrink * s for s in size(rng, *room))
        if min(half_length, half_width) < 1.2:
            return None
        angle = axis + (np.pi / 2 if crosswise else 0.0) + rng.normal(0, 0.02)
        angle += np.pi * int(rng.integers(2))
        centre = middle + spread * (
            rng.uniform(-1, 1) * length_px * unit(axis)
            + rng.uniform(-1, 1) * width_px * unit(axis + np.pi / 2)
        )
        building = make(rng, half_length, half_width)
        footprint = building.placed(building.footprint, angle, centre, warp.gsd_m)
        clearance = min(
            cv2.pointPolygonTest(border, (float(x), float(y)), True) for x, y in footprint
        )
        if clearance >= setback_m / warp.gsd_m:
            hole = building.hole
            placed_hole = None if hole is None else building.placed(hole, angle, centre, warp.gsd_m)
            return PlacedBuilding(building, angle, centre, footprint, placed_hole, warp.gsd_m)
    return None


def _contains(square: Ring, placed: PlacedBuilding) -> bool:
    low, high = square.min(axis=0), square.max(axis=0)
    points = placed.footprint_px
    return bool((points > low).all() and (points < high).all())


def _apart(one: PlacedBuilding, other: PlacedBuilding, distance_px: float) -> bool:
    outline = other.footprint_px.astype(np.float32)
    return all(
        cv2.pointPolygonTest(outline, (float(x), float(y)), True) < -distance_px
        for x, y in densify(one.footprint_px, distance_px)
    )


@dataclass(frozen=True)
class _Planting:
    """Trees wanted in a ring: one per `per_tree_m2`, with crown radii from a range in metres."""

    ring_px: Ring
    per_tree_m2: float
    radius_m: tuple[float, float]


_DENSITY: dict[Use, tuple[float, tuple[float, float]]] = {
    Use.HOUSE: (190.0, (1.3, 4.2)),
    Use.HUT: (420.0, (1.2, 3.6)),
    Use.FLATS: (260.0, (1.8, 4.5)),
    Use.WORKS: (900.0, (1.5, 3.5)),
    Use.WOOD: (14.0, (2.0, 5.5)),
    Use.LAKE: (120.0, (1.8, 4.5)),
    Use.GREEN: (130.0, (1.8, 5.0)),
}


def plant_trees(
    rng: np.random.Generator, plan: Plan, warp: Warp, taken: npt.NDArray[np.uint8]
) -> list[Tree]:
    """Trees where nothing else is: `taken` [H, W] is non-zero where something lies.

    A crown takes what room there is up to its wanted size, and touches neither what is taken
    nor another crown.
    """
    room_px = cv2.distanceTransform((taken == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    smallest_px = max(1.2 / warp.gsd_m, 2.0)
    centres, radii = np.empty((0, 2)), np.empty(0)
    trees: list[Tree] = []
    for point, wanted_m in _wanted_trees(rng, plan, warp):
        col, row = (int(v) for v in np.floor(point))
        if not (0 <= row < taken.shape[0] and 0 <= col < taken.shape[1]):
            continue
        radius = min(wanted_m / warp.gsd_m, float(room_px[row, col]) - 2.0)
        if len(radii):
            radius = min(radius, float((np.hypot(*(centres - point).T) - radii).min()) - 0.5)
        if radius >= smallest_px:
            tree = make_tree(rng, point, radius)
            trees.append(tree)
            centres, radii = np.vstack([centres, point]), np.append(radii, radius)
    return trees


def _wanted_trees(rng: np.random.Generator, plan: Plan, warp: Warp) -> list[tuple[Vector, float]]:
    wishes: list[tuple[Vector, float]] = []
    for parcel in plan.parcels:
        if parcel.use in _DENSITY and len(parcel.outline) >= 3:
            per_tree_m2, radius_m = _DENSITY[parcel.use]
            wishes += _scattered(rng, parcel.outline, per_tree_m2, radius_m, warp)
    for block in plan.farmland:
        wishes += _scattered(rng, block, 160.0, (1.3, 3.2), warp)
    for strip in plan.strips:
        if strip.way is Way.STREET and rng.random() < 0.5:
            wishes += _avenue(rng, strip.start, strip.end, strip.width_m / 2 + 1.0, warp)
    return wishes


def _scattered(
    rng: np.random.Generator, ring: Ring, per_tree_m2: float, radius_m: tuple[float, float],
    warp: Warp,
) -> list[tuple[Vector, float]]:  # fmt: skip
    count = rng.poisson(area(ring) / per_tree_m2)
    low, high = ring.min(axis=0), ring.max(axis=0)
    points = rng.uniform(low, high, (count * 2, 2))
    outline = ring.astype(np.float32)
    inside = [
        p for p in points if cv2.pointPolygonTest(outline, (float(p[0]), float(p[1])), False) > 0
    ]
    return [(warp(p[None])[0], float(rng.uniform(*radius_m))) for p in inside[:count]]


def _avenue(
    rng: np.random.Generator, start: Vector, end: Vector, offset_m: float, warp: Warp
) -> list[tuple[Vector, float]]:
    length = float(np.hypot(*(end - start)))
    along = (end - start) / max(length, 1e-9)
    across = np.array([-along[1], along[0]])
    return [
        (warp((start + s * along + side * offset_m * across)[None])[0], 1.9)
        for s in np.arange(6.0, length - 6.0, rng.uniform(9, 14))
        for side in (-1.0, 1.0)
    ]


def mark_taken(taken: npt.NDArray[np.uint8], rings: Sequence[Ring]) -> None:
    """Draw rings into an occupancy raster (to within a pixel; plant_trees keeps two)."""
    for ring in rings:
        cv2.fillPoly(taken, [np.rint((ring - 0.5) * 16).astype(np.int32)], 1, shift=4)
