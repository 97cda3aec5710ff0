"""The canvas a scene is painted on, and exact area coverage of polygons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.scene.geometry import Ring, Vector, signed_area

Image = npt.NDArray[np.float32]
Colour = tuple[float, float, float]


class Stencil(NamedTuple):
    """The share of each pixel that a polygon covers, within the polygon's bounding rows/cols."""

    rows: slice
    cols: slice
    alpha: Image

    def pixel_centres(self) -> tuple[Image, Image]:
        """x [1, W] and y [H, 1] of the pixel centres."""
        x = np.arange(self.cols.start, self.cols.stop) + 0.5
        y = np.arange(self.rows.start, self.rows.stop) + 0.5
        return x[None, :].astype(np.float32), y[:, None].astype(np.float32)


def coverage(rings: Sequence[Ring], shape: tuple[int, int]) -> Stencil | None:
    """Exact area coverage of a polygon (exterior, then holes), pixel (0, 0) being [0, 1)².

    Each edge is cut at pixel borders; a piece adds its height to the pixels right of it and
    the matching trapezium to its own (the accumulation rasteriser of font renderers). Exact in
    float64, so that painted edges lie where the truth says. None when nothing is visible.
    """
    height, width = shape
    exterior = rings[0]
    left, top = np.maximum(np.floor(exterior.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(exterior.max(axis=0)).astype(int), (width, height))
    cols, rows = int(right - left), int(bottom - top)
    if cols <= 0 or rows <= 0:
        return None
    total = np.zeros(rows * (cols + 2))
    for index, ring in enumerate(rings):
        orientation = np.sign(signed_area(ring)) * (1.0 if index == 0 else -1.0)
        # With y downwards, an edge going down with the interior on its right is negative.
        total -= orientation * _accumulate(ring - (left, top), rows, cols)
    alpha = np.cumsum(total.reshape(rows, cols + 2), axis=1)[:, :cols]
    return Stencil(
        slice(int(top), int(bottom)),
        slice(int(left), int(right)),
        np.clip(alpha, 0, 1).astype(np.float32),
    )


def _accumulate(ring: Ring, rows: int, cols: int) -> Vector:
    start = ring.copy()
    end = np.roll(ring, -1, axis=0)
    edges = np.arange(len(ring))
    cuts_edge, cuts_share = [edges, edges], [np.zeros(len(ring)), np.ones(len(ring))]
    for axis in (0, 1):
        low = np.floor(np.minimum(start[:, axis], end[:, axis])).astype(int) + 1
        high = np.ceil(np.maximum(start[:, axis], end[:, axis])).astype(int) - 1
        count = np.maximum(high - low + 1, 0)
        edge = np.repeat(edges, count)
        step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        line = low[edge] + step
        cuts_edge.append(edge)
        cuts_share.append((line - start[edge, axis]) / (end - start)[edge, axis])
    edge, share = np.concatenate(cuts_edge), np.concatenate(cuts_share)
    order = np.lexsort((share, edge))
    edge, share = edge[order], share[order]
    points = start[edge] + share[:, None] * (end - start)[edge]
    same = edge[1:] == edge[:-1]
    one, other = points[:-1][same], points[1:][same]
    middle, rise = 0.5 * (one + other), other[:, 1] - one[:, 1]
    kept = (middle[:, 1] >= 0) & (middle[:, 1] < rows)
    middle, rise = middle[kept], rise[kept]
    x = np.clip(middle[:, 0], 0, cols)
    row, col = np.floor(middle[:, 1]), np.floor(x)
    beyond = rise * (x - col)
    cell = (row * (cols + 2) + col).astype(np.intp)
    size = rows * (cols + 2)
    own, right = np.bincount(cell, rise - beyond, size), np.bincount(cell + 1, beyond, size)
    return np.asarray(own + right, np.float64)


def fractal(
    rng: np.random.Generator, shape: tuple[int, int], scales_px: Sequence[float], gain: float = 0.6
) -> Image:
    """Smooth noise summed over scales (the coarsest first, each next weighing `gain` times),
    with mean 0 and standard deviation 1."""
    total = np.zeros(shape, np.float32)
    weight = 1.0
    for scale in scales_px:
        grid = tuple(max(2, int(np.ceil(n / scale)) + 2) for n in shape)
        coarse = rng.standard_normal(grid, dtype=np.float32)
        total += weight * cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
        weight *= gain
    total -= total.mean()
    deviation = float(total.std())
    normalised: Image = total / np.float32(max(deviation, 1e-6))
    return normalised


@dataclass(frozen=True, eq=False)
class Canvas:
    """Colour [H, W, 3] (0..1), surface height above ground [H, W] in metres, and noise fields
    [H, W] of unit variance: `grain` per pixel, `fine` (about a metre), `mottle` (several
    metres), `drift` (tens of metres)."""

    colour: Image
    height: Image
    grain: Image
    fine: Image
    mottle: Image
    drift: Image
    gsd_m: float

    @classmethod
    def blank(cls, rng: np.random.Generator, shape: tuple[int, int], gsd_m: float) -> Canvas:
        metre = 1 / gsd_m
        return cls(
            colour=np.zeros((*shape, 3), np.float32),
            height=np.zeros(shape, np.float32),
            grain=rng.standard_normal(shape, dtype=np.float32),
            fine=fractal(rng, shape, (max(1.5, 1.2 * metre), max(1.2, 0.6 * metre))),
            mottle=fractal(rng, shape, (8 * metre, 4 * metre, 2 * metre)),
            drift=fractal(rng, shape, (90 * metre, 45 * metre, 22 * metre, 11 * metre)),
            gsd_m=gsd_m,
        )

    @property
    def shape(self) -> tuple[int, int]:
        return self.height.shape

    def stencil(self, *rings: Ring) -> Stencil | None:
        return coverage(rings, self.shape)

    def fill(self, rings: Sequence[Ring], colour: Colour, opacity: float = 1.0) -> None:
        """Paint a polygon in one colour."""
        stencil = coverage(rings, self.shape)
        if stencil is not None:
            self.blend(stencil, np.asarray(colour, np.float32), opacity)

    def blend(self, stencil: Stencil, colour: Image, opacity: float = 1.0) -> None:
        """Mix `colour` (broadcast to [H, W, 3]) in by coverage."""
        target = self.colour[stencil.rows, stencil.cols]
        target += (opacity * stencil.alpha)[..., None] * (colour - target)

    def raise_to(self, stencil: Stencil, height_m: Image | float) -> None:
        """Set the surface height by coverage."""
        target = self.height[stencil.rows, stencil.cols]
        target += stencil.alpha * (height_m - target)


def tint(colour: Colour, brightness: Image) -> Image:
    """`colour` times a brightness field [H, W], as [H, W, 3]."""
    return np.asarray(colour, np.float32) * brightness[..., None]


def jitter(rng: np.random.Generator, colour: Colour, spread: float) -> Colour:
    """A colour near the given one: common brightness and a little hue."""
    factor = (1 + rng.normal(0, spread)) * (1 + rng.normal(0, spread / 3, 3))
    r, g, b = np.clip(np.asarray(colour) * factor, 0.01, 1.0)
    return float(r), float(g), float(b)
