"""Rings and convex polygons: the few constructions a scene is laid out with.

A ring is [N, 2] float64 as (x, y), not closed (the last vertex joins the first).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Ring = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]


def signed_area(ring: Ring) -> float:
    """Shoelace area; positive when x turns towards y along the ring."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def area(ring: Ring) -> float:
    return abs(signed_area(ring)) if len(ring) >= 3 else 0.0


def centroid(ring: Ring) -> Vector:
    """Centre of mass of the enclosed area."""
    points = ring - ring[0]
    following = np.roll(points, -1, axis=0)
    cross = points[:, 0] * following[:, 1] - following[:, 0] * points[:, 1]
    weighted: Vector = ((points + following) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    middle: Vector = ring[0] + weighted
    return middle


def unit(angle: float) -> Vector:
    return np.array([np.cos(angle), np.sin(angle)])


def rectangle(half_length: float, half_width: float) -> Ring:
    """Centred on the origin, sides along the axes."""
    a, b = half_length, half_width
    return np.array([[-a, -b], [a, -b], [a, b], [-a, b]], np.float64)


def turn(points: Ring, angle: float) -> Ring:
    """Rotate about the origin, x towards y."""
    c, s = np.cos(angle), np.sin(angle)
    turned: Ring = points @ np.array([[c, s], [-s, c]])
    return turned


def densify(ring: Ring, step: float) -> Ring:
    """Add vertices so that no edge is longer than `step`."""
    following = np.roll(ring, -1, axis=0)
    pieces = []
    for start, end in zip(ring, following, strict=True):
        count = max(1, int(np.ceil(np.hypot(*(end - start)) / step)))
        pieces.append(start + (end - start) * (np.arange(count) / count)[:, None])
    return np.concatenate(pieces)


def long_axis(ring: Ring) -> tuple[float, float, float]:
    """(angle, length, width) of the smallest rectangle around the ring; angle along length."""
    _, (side_a, side_b), degrees = cv2.minAreaRect((ring - ring[0]).astype(np.float32))
    angle = float(np.deg2rad(degrees))
    if side_a >= side_b:
        return angle, float(side_a), float(side_b)
    return angle + np.pi / 2, float(side_b), float(side_a)


def clip_convex(ring: Ring, point: Vector, normal: Vector) -> Ring:
    """The part of a convex ring on the side of a line that `normal` points away from.

    The line goes through `point`; the answer may be empty.
    """
    if len(ring) == 0:
        return ring
    distance = (ring - point) @ normal
    kept = []
    for i in range(len(ring)):
        j = (i + 1) % len(ring)
        if distance[i] <= 0:
            kept.append(ring[i])
        if (distance[i] < 0 < distance[j]) or (distance[j] < 0 < distance[i]):
            share = distance[i] / (distance[i] - distance[j])
            kept.append(ring[i] + share * (ring[j] - ring[i]))
    return np.array(kept).reshape(-1, 2)


def inset(ring: Ring, distance: float) -> Ring:
    """A convex ring with every edge moved inwards; may be empty."""
    sign = 1.0 if signed_area(ring) > 0 else -1.0
    shrunk = ring
    for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length > 0:
            outward = sign * np.array([along[1], -along[0]]) / length
            shrunk = clip_convex(shrunk, start - distance * outward, outward)
    return shrunk


def round_corners(ring: Ring, radius: float) -> Ring:
    """Replace each corner by a short curve that starts `radius` before it."""
    pieces = []
    for before, corner, after in zip(
        np.roll(ring, 1, axis=0), ring, np.roll(ring, -1, axis=0), strict=True
    ):
        to_before, to_after = before - corner, after - corner
        lengths = np.hypot(*to_before), np.hypot(*to_after)
        reach = min(radius, 0.45 * min(lengths))
        start = corner + to_before * (reach / max(lengths[0], 1e-9))
        end = corner + to_after * (reach / max(lengths[1], 1e-9))
        t = np.linspace(0, 1, 6)[:, None]
        pieces.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.concatenate(pieces)


@dataclass(frozen=True, eq=False)
class Split:
    """A convex ring cut by a strip: what lies on either side, and the strip between."""

    sides: tuple[Ring, Ring]
    strip: Ring
    start: Vector
    end: Vector


def split(ring: Ring, point: Vector, angle: float, width: float) -> Split:
    """Cut a convex ring along the line through `point` at `angle`; the strip is `width` wide."""
    along, normal = unit(angle), unit(angle + np.pi / 2)
    half = 0.5 * width * normal
    low = clip_convex(ring, point - half, normal)
    high = clip_convex(ring, point + half, -normal)
    strip = clip_convex(clip_convex(ring, point + half, normal), point - half, -normal)
    reach = (strip - point) @ along if len(strip) else np.zeros(1)
    return Split(
        (low, high), strip, point + reach.min() * along, point + reach.max() * along
    )  # fmt: skip


def clip_to_canvas(ring: Ring, width: float, height: float) -> list[Ring]:
    """The parts of a simple ring within [0, width] x [0, height], each a simple ring."""
    rings = [ring]
    for axis, limit, sign in ((0, 0.0, -1), (0, width, 1), (1, 0.0, -1), (1, height, 1)):
        rings = [part for whole in rings for part in _clip_axis(whole, axis, limit, sign)]
    return rings


def _clip_axis(ring: Ring, axis: int, limit: float, sign: int) -> list[Ring]:
    """Keep sign * coordinate < sign * limit.

    The ring crosses the line an even number of times; sorted along the line, the crossings
    bound in pairs the stretches of line inside the polygon, which close the kept chains.
    """
    distance = sign * (ring[:, axis] - limit)
    inside = distance < 0
    if inside.all():
        return [ring]
    if not inside.any():
        return []
    first = int(np.flatnonzero(inside & ~np.roll(inside, 1))[0])
    ring, distance = np.roll(ring, -first, axis=0), np.roll(distance, -first)
    chains: list[list[Vector]] = []
    for i in range(len(ring)):
        before, here = distance[i - 1], distance[i]
        if (before < 0) != (here < 0):
            crossing = ring[i - 1] + before / (before - here) * (ring[i] - ring[i - 1])
            crossing[axis] = limit
            if here < 0:
                chains.append([crossing])
            else:
                chains[-1].append(crossing)
        if here < 0:
            chains[-1].append(ring[i])
    return _close_chains([np.array(chain) for chain in chains], 1 - axis)


def _close_chains(chains: list[Ring], along: int) -> list[Ring]:
    ends = sorted(
        [(float(c[0, along]), i, True) for i, c in enumerate(chains)]
        + [(float(c[-1, along]), i, False) for i, c in enumerate(chains)]
    )
    follower: dict[int, int] = {}
    for one, other in zip(ends[::2], ends[1::2], strict=True):
        entry, leave = (one, other) if one[2] else (other, one)
        follower[leave[1]] = entry[1]
    rings, open_chains = [], set(range(len(chains)))
    while open_chains:
        start = here = min(open_chains)
        pieces = []
        while here in open_chains:
            open_chains.remove(here)
            pieces.append(chains[here])
            here = follower.get(here, start)
        rings.append(np.concatenate(pieces))
    return rings


@dataclass(frozen=True, eq=False)
class Warp:
    """Plan metres to canvas pixels: turn, bend gently, scale and shift.

    The bend is a sum of plane waves; as long as sum(|k| |amplitude|) < 1 it is one to one, so
    that what did not overlap in plan does not overlap on the canvas.
    """

    angle: float
    wave_vectors: Ring
    amplitudes: Ring
    phases: Vector
    centre_px: Vector
    gsd_m: float

    def __call__(self, points: Ring) -> Ring:
        waves = np.sin(points @ self.wave_vectors.T + self.phases)
        bent = points + waves @ self.amplitudes
        return turn(bent, self.angle) / self.gsd_m + self.centre_px

    def ring(self, ring: Ring, step_m: float = 2.0) -> Ring:
        return self(densify(ring, step_m))


def radial_ring(
    centre: Vector, radius: Callable[[Vector], Vector] | float, vertices: int,
    rng: np.random.Generator, roughness: float, harmonics: int = 5,
) -> Ring:  # fmt: skip
    """A star-shaped ring: `radius` (a number or a function of the angle) times a smooth,
    random, positive modulation."""
    angles: Vector = np.arange(vertices, dtype=np.float64) * (2 * np.pi / vertices)
    orders = np.arange(2, 2 + harmonics)
    weights = roughness * rng.normal(size=harmonics) / np.sqrt(orders)
    waves = np.sin(np.outer(angles, orders) + rng.uniform(0, 2 * np.pi, harmonics))
    modulation = np.clip(1 + waves @ weights, 0.55, 1.45)
    base = radius(angles) if callable(radius) else np.full(vertices, radius)
    rays = np.stack([np.cos(angles), np.sin(angles)], 1)
    ring: Ring = centre + (base * modulation)[:, None] * rays
    return ring
