"""Trees: crown outlines, and crowns lit by the sun."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder_tool.scene.buildings import Sun
from encoder_tool.scene.canvas import Canvas, Colour, jitter
from encoder_tool.scene.geometry import Ring, Vector, radial_ring

_LEAVES: tuple[Colour, ...] = (
    (0.25, 0.36, 0.15), (0.31, 0.41, 0.18), (0.20, 0.31, 0.15), (0.38, 0.43, 0.20),
    (0.17, 0.26, 0.15), (0.44, 0.42, 0.20),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Tree:
    """A crown on the canvas, in pixels."""

    centre_px: Vector
    radius_px: float
    outline: Ring
    conifer: bool


def make_tree(rng: np.random.Generator, centre_px: Vector, radius_px: float) -> Tree:
    """A crown that stays within `radius_px` of its centre."""
    conifer = bool(rng.random() < 0.2)
    vertices = int(np.clip(radius_px * 4, 16, 56))
    outline = radial_ring(
        centre_px, 1.0, vertices, rng, roughness=0.10 if conifer else 0.14, harmonics=7
    )
    reach = float(np.hypot(*(outline - centre_px).T).max())
    outline = centre_px + (outline - centre_px) * (radius_px / reach)
    return Tree(centre_px, radius_px, outline, conifer)


def paint_tree(canvas: Canvas, rng: np.random.Generator, tree: Tree, sun: Sun) -> None:
    """A lumpy dome (or a cone) of leaves; sets the surface height."""
    stencil = canvas.stencil(tree.outline)
    if stencil is None:
        return
    x, y = stencil.pixel_centres()
    u = (x - np.float32(tree.centre_px[0])) / np.float32(tree.radius_px)
    v = (y - np.float32(tree.centre_px[1])) / np.float32(tree.radius_px)
    squared = np.clip(u * u + v * v, 0, 1)
    radius_m = tree.radius_px * canvas.gsd_m
    if tree.conifer:
        dome, top_m = 1 - np.sqrt(squared), 3.2 * radius_m
    else:
        dome, top_m = np.sqrt(1 - 0.93 * squared), 1.6 * radius_m
    box = stencil.rows, stencil.cols
    lumps = 0.10 * canvas.fine[box] + 0.04 * canvas.mottle[box]
    surface = radius_m * (dome * (0.9 if tree.conifer else 0.8) + lumps)
    if min(surface.shape) < 2:
        return
    slope_y, slope_x = np.gradient(surface.astype(np.float32), canvas.gsd_m)
    length = np.sqrt(1 + slope_x**2 + slope_y**2)
    shade = sun.shade(-slope_x / length, -slope_y / length, 1 / length)
    colour = np.asarray(jitter(rng, _LEAVES[rng.integers(len(_LEAVES))], 0.1), np.float32)
    depth = (0.72 + 0.28 * dome) * (1 + 0.10 * canvas.fine[box] + 0.06 * canvas.grain[box])
    canvas.blend(stencil, colour * (shade * depth)[..., None])
    canvas.raise_to(stencil, (1.0 + top_m * dome).astype(np.float32))
