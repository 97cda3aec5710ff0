"""A field and a lake that are larger than a patch, in a countryside, with their exact truth."""

from __future__ import annotations

from itertools import product

import numpy as np

from encoder_tool.scene import Scene, SceneObject
from encoder_tool.scene.canvas import Canvas
from encoder_tool.scene.geometry import Ring, radial_ring, rectangle, round_corners, turn
from encoder_tool.scene.ground import paint_field, paint_terrain, paint_water
from encoder_tool.scene.light import photograph

GSD_M = 0.3
TRACK_PX = 14.0
"""Between fields."""


def large_field(seed: int, across_px: float) -> Scene:
    """Among others of its kind; the truth has the middle one alone."""
    size = int(1.4 * across_px)
    rng = np.random.default_rng(seed)
    canvas = Canvas.blank(rng, (size, size), GSD_M)
    paint_terrain(canvas, rng)
    half_length, half_width = across_px / 2, 0.36 * across_px
    angle, middle = float(rng.uniform(0.1, 0.4)), np.array([size / 2, size / 2])
    parcel = round_corners(rectangle(half_length, half_width), 30.0)
    step = np.array([2 * half_length + TRACK_PX, 2 * half_width + TRACK_PX])
    for place in product((-1, 0, 1), (-1, 0, 1)):
        ring = middle + turn(parcel + place * step, angle)
        paint_field(canvas, rng, ring, angle + rng.choice([0, np.pi / 2]))
    return _taken(rng, canvas, "field", middle + turn(parcel, angle))


def large_lake(seed: int, across_px: float) -> Scene:
    """In meadows."""
    size = int(1.25 * across_px)
    rng = np.random.default_rng(seed)
    canvas = Canvas.blank(rng, (size, size), GSD_M)
    paint_terrain(canvas, rng)
    middle = np.array([size / 2, size / 2])
    ring = radial_ring(middle, across_px / 2, 240, rng, roughness=0.12)
    # As wide as was asked for, whatever its bays.
    ring = ring - (ring.max(axis=0) + ring.min(axis=0)) / 2
    ring = middle + ring * across_px / np.ptp(ring, axis=0).max()
    bank = middle + (ring - middle) * (1 + 24 / across_px)
    paint_water(canvas, rng, ring, bank)
    return _taken(rng, canvas, "water", ring)


def _taken(rng: np.random.Generator, canvas: Canvas, name: str, ring: Ring) -> Scene:
    image = photograph(rng, canvas.colour)
    return Scene(image, (SceneObject(name, ring),), GSD_M)
