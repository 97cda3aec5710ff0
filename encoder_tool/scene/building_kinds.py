"""What kinds of buildings there are: dwellings, blocks of flats, halls, sheds."""

from __future__ import annotations

import numpy as np

from encoder_tool.scene.buildings import Building, Roof, Wing
from encoder_tool.scene.canvas import Colour, jitter
from encoder_tool.scene.geometry import Ring, rectangle

_TILES: tuple[Colour, ...] = (
    (0.62, 0.36, 0.26), (0.55, 0.31, 0.23), (0.47, 0.32, 0.26), (0.66, 0.45, 0.33),
    (0.38, 0.29, 0.26), (0.34, 0.34, 0.36), (0.44, 0.43, 0.44),
)  # fmt: skip
_METAL: tuple[Colour, ...] = (
    (0.72, 0.73, 0.74), (0.60, 0.62, 0.64), (0.45, 0.55, 0.66), (0.56, 0.40, 0.31),
    (0.42, 0.51, 0.44), (0.82, 0.81, 0.78),
)  # fmt: skip
_MEMBRANE: tuple[Colour, ...] = (
    (0.66, 0.65, 0.63), (0.80, 0.79, 0.76), (0.50, 0.49, 0.48), (0.58, 0.54, 0.49),
)  # fmt: skip
_SHEETS: tuple[Colour, ...] = (
    (0.66, 0.67, 0.68), (0.50, 0.48, 0.46), (0.48, 0.33, 0.25), (0.60, 0.47, 0.38),
    (0.38, 0.28, 0.24), (0.34, 0.44, 0.56), (0.58, 0.26, 0.22), (0.78, 0.76, 0.72),
)  # fmt: skip
_PANEL: Colour = (0.13, 0.16, 0.26)
_GLASS: Colour = (0.28, 0.34, 0.40)
_BRICK: Colour = (0.45, 0.28, 0.22)
_UNIT: Colour = (0.70, 0.71, 0.71)


def _pick(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    return jitter(rng, colours[rng.integers(len(colours))], 0.08)


def _box(u: float, v: float, half_length: float, half_width: float) -> Ring:
    box: Ring = rectangle(half_length, half_width) + np.array([u, v])
    return box


def make_house(rng: np.random.Generator, half_length: float, half_width: float) -> Building:
    """A dwelling within the given half sides: plain, L, T or U; pitched or flat."""
    flat = rng.random() < 0.16
    roof = Roof.FLAT if flat else (Roof.GABLE if rng.random() < 0.58 else Roof.HIP)
    slope = float(rng.uniform(0.45, 0.95))
    shape = rng.choice(["plain", "L", "T", "U"], p=[0.52, 0.24, 0.14, 0.10])
    if min(half_length, half_width) < 3.8:
        shape = "plain"
    footprint, wings = _SHAPES[str(shape)](rng, half_length, half_width, roof, slope)
    metal = not flat and rng.random() < 0.18
    colour = _pick(rng, _MEMBRANE if flat else _METAL if metal else _TILES)
    eave = float(rng.uniform(2.8, 6.0))
    extras = _flat_extras(rng, wings[0], 1) if flat else _pitched_extras(rng, wings[0])
    return Building(
        footprint, wings, eave, colour, float(rng.uniform(0.8, 1.3)), metal, extras=extras
    )


def make_hall(rng: np.random.Generator, half_length: float, half_width: float) -> Building:
    """A works or warehouse hall, or a block of flats, now and then around a courtyard."""
    flat = rng.random() < 0.55
    roof = Roof.FLAT if flat else Roof.GABLE
    shape = "plain" if rng.random() < 0.6 else "L"
    slope = float(rng.uniform(0.1, 0.25))
    footprint, wings = _SHAPES[shape](rng, half_length, half_width, roof, slope)
    colour = _pick(rng, _MEMBRANE if flat else _METAL)
    if flat:
        extras = _flat_extras(rng, wings[0], int(rng.integers(2, 9)))
    else:
        extras = _roof_lights(rng, wings[0])
    return Building(
        footprint, wings, float(rng.uniform(6, 12)), colour, float(rng.uniform(1.0, 2.2)), True,
        extras=extras,
    )  # fmt: skip


def make_hut(rng: np.random.Generator, half_length: float, half_width: float) -> Building:
    """A small dwelling under sheets of iron, some of them of another age than the rest."""
    roof = (Roof.GABLE, Roof.SHED, Roof.HIP)[rng.choice(3, p=[0.5, 0.3, 0.2])]
    slope = float(rng.uniform(0.12, 0.45))
    shape = "L" if min(half_length, half_width) > 3.0 and rng.random() < 0.2 else "plain"
    footprint, wings = _SHAPES[shape](rng, half_length, half_width, roof, slope)
    wing = wings[0]
    patches = []
    for _ in range(int(rng.poisson(1.2))):
        half_u = wing.half_length * rng.uniform(0.08, 0.3)
        half_v = wing.half_width * rng.uniform(0.2, 0.45)
        u = wing.u + rng.uniform(-0.65, 0.65) * wing.half_length
        v = wing.v + rng.choice([-1.0, 1.0]) * 0.5 * wing.half_width
        patches.append((_box(float(u), float(v), half_u, half_v), _pick(rng, _SHEETS), 0.0))
    return Building(
        footprint, wings, float(rng.uniform(2.2, 3.2)), _pick(rng, _SHEETS),
        float(rng.uniform(0.7, 1.0)), True, extras=tuple(patches),
    )  # fmt: skip


def make_shed(rng: np.random.Generator, half_length: float, half_width: float) -> Building:
    """A garage or garden shed."""
    roof = Roof.SHED if rng.random() < 0.5 else Roof.GABLE
    wing = Wing(0, 0, half_length, half_width, roof, float(rng.uniform(0.15, 0.5)))
    colour = _pick(rng, _METAL if rng.random() < 0.6 else _TILES)
    return Building(rectangle(half_length, half_width), (wing,), 2.4, colour, 0.9, True)


def _plain(
    rng: np.random.Generator, a: float, b: float, roof: Roof, slope: float
) -> tuple[Ring, tuple[Wing, ...]]:
    return rectangle(a, b), (Wing(0, 0, a, b, roof, slope),)


def _ell(
    rng: np.random.Generator, a: float, b: float, roof: Roof, slope: float
) -> tuple[Ring, tuple[Wing, ...]]:
    """A wing along u at the bottom and one along v at the left."""
    depth_v = b * rng.uniform(0.95, 1.25)
    depth_u = a * rng.uniform(0.7, 1.0)
    footprint = np.array(
        [[-a, -b], [a, -b], [a, -b + depth_v], [-a + depth_u, -b + depth_v], [-a + depth_u, b],
         [-a, b]]
    )  # fmt: skip
    return footprint, (
        Wing(0, -b + depth_v / 2, a, depth_v / 2, roof, slope),
        Wing(-a + depth_u / 2, 0, depth_u / 2, b, roof, slope, across=True),
    )


def _tee(
    rng: np.random.Generator, a: float, b: float, roof: Roof, slope: float
) -> tuple[Ring, tuple[Wing, ...]]:
    """A wing along u at the bottom and a stem up from its middle."""
    depth = b * rng.uniform(1.05, 1.35)
    stem, shift = a * rng.uniform(0.3, 0.45), a * rng.uniform(-0.25, 0.25)
    left, right, base = shift - stem, shift + stem, -b + depth
    footprint = np.array(
        [[-a, -b], [a, -b], [a, base], [right, base], [right, b], [left, b], [left, base],
         [-a, base]]
    )  # fmt: skip
    return footprint, (
        Wing(0, -b + depth / 2, a, depth / 2, roof, slope),
        Wing(shift, 0, stem, b, roof, slope, across=True),
    )


def _u_shape(
    rng: np.random.Generator, a: float, b: float, roof: Roof, slope: float
) -> tuple[Ring, tuple[Wing, ...]]:
    """A wing along u at the bottom and one up at each end."""
    depth, arm = b * rng.uniform(0.9, 1.1), a * rng.uniform(0.55, 0.7)
    base = -b + depth
    footprint = np.array(
        [[-a, -b], [a, -b], [a, b], [a - arm, b], [a - arm, base], [-a + arm, base], [-a + arm, b],
         [-a, b]]
    )  # fmt: skip
    return footprint, (
        Wing(0, -b + depth / 2, a, depth / 2, roof, slope),
        Wing(-a + arm / 2, 0, arm / 2, b, roof, slope, across=True),
        Wing(a - arm / 2, 0, arm / 2, b, roof, slope, across=True),
    )


_SHAPES = {"plain": _plain, "L": _ell, "T": _tee, "U": _u_shape}


def make_flats(rng: np.random.Generator, half_length: float, half_width: float) -> Building:
    """A block of flats: around a courtyard where there is room, else a bar, L or U."""
    if min(half_length, half_width) > 11.5:
        return _make_court(rng, half_length, half_width)
    roof = Roof.FLAT if rng.random() < 0.5 else Roof.HIP
    slope = float(rng.uniform(0.35, 0.6))
    shape = "plain" if half_width < 8 else str(rng.choice(["L", "U"]))
    footprint, wings = _SHAPES[shape](rng, half_length, half_width, roof, slope)
    colour = _pick(rng, _MEMBRANE if roof is Roof.FLAT else _TILES)
    extras = _flat_extras(rng, wings[0], 3) if roof is Roof.FLAT else _pitched_extras(rng, wings[0])
    eave = float(rng.uniform(8, 15))
    return Building(footprint, wings, eave, colour, 1.1, False, extras=extras)


def _make_court(rng: np.random.Generator, a: float, b: float) -> Building:
    depth = float(rng.uniform(7.0, 8.5))
    flat = rng.random() < 0.4
    roof, slope = (Roof.FLAT, 0.0) if flat else (Roof.HIP, float(rng.uniform(0.4, 0.7)))
    half = depth / 2
    wings = (
        Wing(0, -b + half, a, half, roof, slope), Wing(0, b - half, a, half, roof, slope),
        Wing(-a + half, 0, half, b, roof, slope, across=True),
        Wing(a - half, 0, half, b, roof, slope, across=True),
    )  # fmt: skip
    colour = _pick(rng, _MEMBRANE if flat else _TILES)
    return Building(
        rectangle(a, b), wings, float(rng.uniform(6, 10)), colour, 1.1, False,
        hole=rectangle(a - depth, b - depth),
    )  # fmt: skip


_Extras = tuple[tuple[Ring, Colour, float], ...]


def _pitched_extras(rng: np.random.Generator, wing: Wing) -> _Extras:
    """Chimney, skylights, sometimes solar panels on one slope of a wing along u."""
    found: list[tuple[Ring, Colour, float]] = []
    a, b = wing.half_length, wing.half_width
    side = 1.0 if rng.random() < 0.5 else -1.0
    if rng.random() < 0.6:
        u = wing.u + a * rng.uniform(-0.7, 0.7)
        found.append((_box(u, wing.v + side * 0.25 * b, 0.45, 0.35), _BRICK, 1.1))
    if rng.random() < 0.25 and a > 4 and b > 3:
        rows = _box(wing.u + a * rng.uniform(-0.2, 0.2), wing.v - side * 0.5 * b, a * 0.45, b * 0.3)
        found.append((rows, _PANEL, 0.1))
    elif rng.random() < 0.4:
        for _ in range(rng.integers(1, 4)):
            u = wing.u + a * rng.uniform(-0.7, 0.7)
            found.append((_box(u, wing.v - side * 0.5 * b, 0.4, 0.6), _GLASS, 0.0))
    return tuple(found)


def _flat_extras(rng: np.random.Generator, wing: Wing, count: int) -> _Extras:
    """A parapet's inner shade, air-conditioning units, a stair head."""
    a, b = wing.half_length, wing.half_width
    found: list[tuple[Ring, Colour, float]] = []
    for _ in range(count):
        size = rng.uniform(0.7, 1.6, 2)
        u, v = wing.u + (a - 2.2) * rng.uniform(-1, 1), wing.v + (b - 2.2) * rng.uniform(-1, 1)
        found.append((_box(u, v, *size), jitter(rng, _UNIT, 0.1), float(rng.uniform(0.8, 2.0))))
    return tuple(found)


def _roof_lights(rng: np.random.Generator, wing: Wing) -> _Extras:
    """Translucent bands across a hall's slopes."""
    count = int(wing.half_length // 4)
    if rng.random() < 0.4 or count < 1:
        return ()
    positions = wing.u + wing.half_length * (np.arange(count) * 2 + 1 - count) / count
    return tuple(
        (_box(float(u), wing.v + side * 0.5 * wing.half_width, 0.6, 0.3 * wing.half_width), _UNIT,
         0.0)
        for u in positions for side in (-1, 1)
    )  # fmt: skip
