"""Where things lie: roads, blocks, fields and lots, as a recursive cutting of the plan.

The plan is a square in metres around the origin. Every cut takes a strip (a road, a track, a
river) out of a convex cell, so that parcels and strips tile the plan without overlaps; the
scene's `Warp` then bends it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from encoder_tool.scene.geometry import (
    Ring,
    Split,
    Vector,
    area,
    centroid,
    clip_convex,
    inset,
    long_axis,
    rectangle,
    split,
    unit,
)


class Use(Enum):
    """What a parcel of land is used for."""

    HOUSE = "house"
    HUT = "hut"
    FLATS = "flats"
    WORKS = "works"
    FIELD = "field"
    WOOD = "wood"
    LAKE = "lake"
    GREEN = "green"


class Way(Enum):
    """What a strip between parcels is."""

    MAIN_ROAD = "main road"
    STREET = "street"
    TRACK = "track"
    RIVER = "river"


@dataclass(frozen=True, eq=False)
class Parcel:
    """A convex piece of land in plan metres; `front` points to its street, if it has one."""

    use: Use
    outline: Ring
    front: Vector | None = None


@dataclass(frozen=True, eq=False)
class Strip:
    """A straight strip in plan metres with its centre line from `start` to `end`."""

    way: Way
    outline: Ring
    start: Vector
    end: Vector
    width_m: float


@dataclass(eq=False)
class Plan:
    """All parcels and strips; `pavements` are blocks whose margin is paved, `farmland` blocks
    whose margins are overgrown."""

    parcels: list[Parcel] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)
    pavements: list[Ring] = field(default_factory=list)
    farmland: list[Ring] = field(default_factory=list)


_Shares = Sequence[tuple[Use, float]]

_SHARES: _Shares = (
    (Use.HOUSE, 0.52), (Use.FIELD, 0.28), (Use.WORKS, 0.08), (Use.WOOD, 0.12),
)  # fmt: skip
_CROWDED_SHARES: _Shares = (
    (Use.HUT, 0.40), (Use.HOUSE, 0.24), (Use.FIELD, 0.14), (Use.WORKS, 0.10), (Use.WOOD, 0.12),
)  # fmt: skip


def make_plan(rng: np.random.Generator, side_m: float, *, crowded: bool = False) -> Plan:
    """Lay out a plan that covers at least the square of `side_m` metres around the origin.

    crowded: a good part of it is a settlement of small roofs, close together on bare soil
    """
    plan = Plan()
    domain = rectangle(side_m / 2, side_m / 2)
    offset = rng.uniform(-0.15, 0.15, 2) * side_m
    main = split(domain, offset, rng.normal(0, 0.08), rng.uniform(9, 12))
    _keep(plan, Way.MAIN_ROAD, main)
    halves = list(main.sides)
    if side_m > 150 and rng.random() < 0.7:
        halves = _cut_river(rng, plan, halves, offset + rng.uniform(-0.3, 0.3, 2) * side_m)
    districts = [
        cell
        for half in halves
        for cell in _subdivide(rng, plan, half, 52_000, Way.MAIN_ROAD, (8.0, 10.5), 0.12)
    ]
    shares = _CROWDED_SHARES if crowded else _SHARES
    for cell, use in zip(districts, _deal_uses(rng, districts, shares), strict=True):
        _FILLERS[use](rng, plan, cell)
    return plan


def _keep(plan: Plan, way: Way, cut: Split) -> None:
    if area(cut.strip) > 1.0:
        width = area(cut.strip) / max(float(np.hypot(*(cut.end - cut.start))), 1e-6)
        plan.strips.append(Strip(way, cut.strip, cut.start, cut.end, width))


def _cut_river(
    rng: np.random.Generator, plan: Plan, halves: Sequence[Ring], point: Vector
) -> list[Ring]:
    """The same strip cut from both halves: the main road between them is its bridge."""
    angle, width = np.pi / 2 + rng.normal(0, 0.25), rng.uniform(22, 42)
    banks: list[Ring] = []
    for half in halves:
        cut = split(half, point, angle, width)
        _keep(plan, Way.RIVER, cut)
        banks.extend(side for side in cut.sides if area(side) > 1.0)
    return banks


def _deal_uses(rng: np.random.Generator, districts: Sequence[Ring], shares: _Shares) -> list[Use]:
    """Uses in proportion to `shares` by area, dealt along the shuffled districts."""
    sizes = np.array([area(d) for d in districts])
    order = rng.permutation(len(districts))
    reached = (np.cumsum(sizes[order]) - 0.5 * sizes[order]) / sizes.sum()
    bounds = np.cumsum([share for _, share in shares])
    phase = rng.random() if len(districts) < 4 else 0.0
    uses = [shares[0][0]] * len(districts)
    for district, position in zip(order, (reached + phase) % 1.0, strict=True):
        uses[district] = shares[int(np.searchsorted(bounds[:-1], position))][0]
    return uses


def _subdivide(
    rng: np.random.Generator, plan: Plan, cell: Ring, target_m2: float,
    way: Way | None, width_m: tuple[float, float], tilt: float,
) -> list[Ring]:  # fmt: skip
    """Cut across the longer side, near the middle, until pieces are about `target_m2`.

    `way` names the strips; None leaves bare ground between the pieces.
    """
    pending, done = [cell], []
    while pending:
        piece = pending.pop()
        if len(piece) < 3 or area(piece) < 0.02 * target_m2:
            continue
        if area(piece) < target_m2 * rng.uniform(0.75, 1.5):
            done.append(piece)
            continue
        angle, length, _ = long_axis(piece)
        point = centroid(piece) + unit(angle) * length * rng.uniform(-0.13, 0.13)
        cut = split(piece, point, angle + np.pi / 2 + rng.normal(0, tilt), rng.uniform(*width_m))
        if way is not None:
            _keep(plan, way, cut)
        pending.extend(cut.sides)
    return done


def _fill_houses(rng: np.random.Generator, plan: Plan, cell: Ring) -> None:
    lot_m2 = rng.uniform(380, 680)
    for block in _subdivide(rng, plan, cell, 9_000, Way.STREET, (5.5, 7.5), 0.06):
        plan.pavements.append(block)
        inner = inset(block, rng.uniform(1.2, 2.2))
        kind = rng.random()
        if kind < 0.06:
            plan.parcels.append(Parcel(Use.GREEN, inner))
            continue
        if kind < 0.20:
            flats = _subdivide(rng, plan, inner, 2_600, None, (0.5, 1.5), 0.03)
            plan.parcels.extend(Parcel(Use.FLATS, lot) for lot in flats)
            continue
        plan.parcels.extend(_rows_of_lots(rng, inner, lot_m2))


def _rows_of_lots(rng: np.random.Generator, block: Ring, lot_m2: float) -> list[Parcel]:
    """Two rows back to back, each cut into lots across."""
    if len(block) < 3:
        return []
    angle, length, width = long_axis(block)
    rows = [block]
    if width > 30:
        rows = list(split(block, centroid(block), angle, 0.0).sides)
    widest = max(1, int(length / 14))
    lots = []
    for row in rows:
        if len(row) < 3:
            continue
        count = min(widest, max(1, round(area(row) / lot_m2)))
        shares = np.cumsum(rng.uniform(0.75, 1.25, count))
        shares = shares / shares[-1]
        outwards = (centroid(row) - centroid(block)) @ unit(angle + np.pi / 2)
        front = unit(angle + np.pi / 2) * (1.0 if outwards >= 0 else -1.0)
        along = (row - centroid(block)) @ unit(angle)
        positions = along.min() + shares[:-1] * (along.max() - along.min())
        rest = row
        for position in positions:
            point = centroid(block) + position * unit(angle)
            lots.append(Parcel(Use.HOUSE, clip_convex(rest, point, unit(angle)), front))
            rest = clip_convex(rest, point, -unit(angle))
        lots.append(Parcel(Use.HOUSE, rest, front))
    return [lot for lot in lots if area(lot.outline) > 0.3 * lot_m2]


def _fill_huts(rng: np.random.Generator, plan: Plan, cell: Ring) -> None:
    """Lots of 60 to 200 square metres, a path's width apart, that follow no street."""
    for block in _subdivide(rng, plan, cell, 5_000, Way.TRACK, (2.5, 4.5), 0.18):
        lot_m2 = rng.uniform(60, 200)
        for lot in _subdivide(rng, plan, inset(block, 0.8), lot_m2, None, (0.3, 2.0), 0.14):
            plan.parcels.append(Parcel(Use.HUT, lot))


def _fill_works(rng: np.random.Generator, plan: Plan, cell: Ring) -> None:
    for block in _subdivide(rng, plan, cell, 16_000, Way.STREET, (7.0, 9.0), 0.05):
        plan.pavements.append(block)
        for lot in _subdivide(rng, plan, inset(block, 2.5), 5_000, None, (0.5, 2.0), 0.03):
            plan.parcels.append(Parcel(Use.WORKS, lot))


def _fill_fields(rng: np.random.Generator, plan: Plan, cell: Ring) -> None:
    size_m2 = rng.uniform(2_800, 5_500)
    for block in _subdivide(rng, plan, cell, 22_000, Way.TRACK, (3.0, 4.2), 0.1):
        plan.farmland.append(block)
        for piece in _subdivide(rng, plan, inset(block, 1.5), size_m2, None, (1.5, 5.0), 0.09):
            if rng.random() < 0.06:
                plan.parcels.append(Parcel(Use.LAKE, piece))
            elif rng.random() < 0.07:
                plan.parcels.append(Parcel(Use.WOOD, piece))
            else:
                plan.parcels.append(Parcel(Use.FIELD, piece))


def _fill_wood(rng: np.random.Generator, plan: Plan, cell: Ring) -> None:
    for piece in _subdivide(rng, plan, cell, 14_000, None, (0.0, 0.5), 0.2):
        use = (Use.WOOD, Use.LAKE, Use.GREEN)[rng.choice(3, p=[0.45, 0.3, 0.25])]
        plan.parcels.append(Parcel(use, inset(piece, 2.0)))


_FILLERS = {
    Use.HOUSE: _fill_houses,
    Use.HUT: _fill_huts,
    Use.WORKS: _fill_works,
    Use.FIELD: _fill_fields,
    Use.WOOD: _fill_wood,
}
