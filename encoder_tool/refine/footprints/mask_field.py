"""How likely each place around a footprint belongs to its building, and integrals of that over
shapes that are moved, turned and scaled.

By Green's theorem the integral over a polygon is one along its edges, of the field's sums along
its rows: thousands of moves of a shape are tried at once, and at less than a cell's precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import rasterio.features
import shapely
from affine import Affine
from shapely import affinity

from encoder_tool.outline import Polygonal
from encoder_tool.refine.footprints.ground import SQUARE, Frame
from encoder_tool.types import XY, BoxPixel, CoordArray, FloatArray

EDGE_STEP = 0.75
"""Longest piece of an edge that is taken as straight in the field, in cells."""


SUBCELLS = 4
"""Along a cell, when it is reckoned how much of it a shape covers."""

LEAST_SEEN = 0.6
"""Of a shape, on the raster: of what is cut by more, nothing can be said."""

NO_SHIFT = XY(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Moves:
    """Ways to move a shape, about its middle: turned by `angles` (degrees, as shapely counts
    them) and scaled by `factors` on the ground of the frame, then shifted. shifts: [T, 2], in
    level-0 pixels; angles, factors: [T]"""

    shifts: CoordArray
    angles: CoordArray
    factors: CoordArray
    frame: Frame = SQUARE

    @classmethod
    def by(
        cls, shifts: CoordArray, angle: float = 0.0, factor: float = 1.0, frame: Frame = SQUARE
    ) -> Moves:
        count = len(shifts)
        return cls(shifts, np.full(count, angle), np.full(count, factor), frame)

    def __len__(self) -> int:
        return len(self.shifts)

    def one(self, index: int) -> Move:
        return Move(
            XY(*self.shifts[index].tolist()), float(self.angles[index]), float(self.factors[index]),
            self.frame,
        )  # fmt: skip

    @property
    def matrices(self) -> CoordArray:
        """[T, 2, 2], by which offsets from a shape's middle are turned and scaled."""
        turns = np.deg2rad(self.angles)
        cos, sin = self.factors * np.cos(turns), self.factors * np.sin(turns)
        on_ground = np.stack([cos, -sin, sin, cos], axis=-1).reshape(-1, 2, 2)
        return self.frame.in_pixels(on_ground)


@dataclass(frozen=True, slots=True)
class Move:
    """One of them."""

    shift: XY = NO_SHIFT
    angle: float = 0.0
    factor: float = 1.0
    frame: Frame = SQUARE

    @property
    def is_shift(self) -> bool:
        return self.angle == 0 and self.factor == 1

    def of(self, shape: Polygonal) -> Polygonal:
        """The shape, moved."""
        if self.is_shift:
            return affinity.translate(shape, *self.shift)
        shift, middle = np.array(self.shift), np.array(shape.centroid.coords[0])
        (matrix,) = Moves.by(shift[np.newaxis], self.angle, self.factor, self.frame).matrices
        moved: Polygonal = shapely.transform(
            shape, lambda points: (points - middle) @ matrix.T + middle + shift
        )
        return moved


class Outline:
    """A shape's edges, cut into pieces that the field takes as straight.

    starts, ends: [E, 2] about `middle`, outer rings anticlockwise and holes clockwise (x right,
    y up; for y down both are the other way round, and so is the sign of what is summed)
    """

    def __init__(self, shape: Polygonal, step: float) -> None:
        self.area = float(shape.area)
        self.middle = np.array(shape.centroid.coords[0])
        starts, ends = [], []
        for part in shapely.get_parts(shapely.orient_polygons(shape)):
            for ring in shapely.get_rings(shapely.segmentize(part, step)):
                points = shapely.get_coordinates(ring) - self.middle
                starts.append(points[:-1])
                ends.append(points[1:])
        self.starts, self.ends = np.concatenate(starts), np.concatenate(ends)


@dataclass(frozen=True, eq=False)
class MaskField:
    """origin: of the first cell's corner, in level-0 pixels; cell: its side in them
    values: [H, W] from 0 to 1; 0 beyond
    raster: 1 where there is an image; None for everywhere. Of a shape that reaches beyond it, only
        what lies on it counts
    """

    origin: XY
    cell: float
    values: FloatArray
    raster: MaskField | None = None

    def __post_init__(self) -> None:
        sums = np.zeros((self.values.shape[0] + 2, self.values.shape[1] + 1), np.float64)
        sums[1:-1, 1:] = np.cumsum(self.values, axis=1, dtype=np.float64)
        object.__setattr__(self, "_sums", sums)

    @property
    def bounds(self) -> BoxPixel:
        height, width = self.values.shape
        x, y = self.origin
        return BoxPixel(x, y, x + width * self.cell, y + height * self.cell)

    @property
    def total(self) -> float:
        """Its integral, in square pixels of level 0."""
        return float(self.values.sum(dtype=np.float64)) * self.cell**2

    def without(self, shapes: Sequence[Polygonal]) -> MaskField:
        """The field where none of these shapes is, 0 below them."""
        if not shapes:
            return self
        fine = self.cell / SUBCELLS
        covered = rasterio.features.rasterize(
            [(shape, 1) for shape in shapes],
            (SUBCELLS * self.values.shape[0], SUBCELLS * self.values.shape[1]),
            transform=Affine.translation(*self.origin) @ Affine.scale(fine),
            dtype=np.uint8,
        )
        height, width = self.values.shape
        share = covered.reshape(height, SUBCELLS, width, SUBCELLS).mean(axis=(1, 3))
        return replace(self, values=(self.values * (1 - share)).astype(np.float32))

    def outline(self, shape: Polygonal) -> Outline:
        return Outline(shape, EDGE_STEP * self.cell)

    def integrals(self, outline: Outline, moves: Moves) -> CoordArray:
        """Over each moved shape [T], in square pixels of level 0."""
        matrices = moves.matrices[..., np.newaxis]
        middles = outline.middle + moves.shifts
        x: list[CoordArray] = []
        y: list[CoordArray] = []
        for points, gathered in ((outline.starts, x), (outline.ends, y)):
            turned_x = matrices[:, 0, 0] * points[:, 0] + matrices[:, 0, 1] * points[:, 1]
            turned_y = matrices[:, 1, 0] * points[:, 0] + matrices[:, 1, 1] * points[:, 1]
            gathered += [turned_x + middles[:, :1], turned_y + middles[:, 1:]]
        rise = (y[1] - x[1]) / self.cell
        across = ((x[0] + y[0]) / 2 - self.origin.x) / self.cell
        down = ((x[1] + y[1]) / 2 - self.origin.y) / self.cell
        return np.asarray((self._sums_at(across, down) * rise).sum(axis=1) * self.cell**2)

    def soft_ious(self, outline: Outline, moves: Moves) -> CoordArray:
        """IoU [T] of each moved shape with the object, every cell counting by its likelihood."""
        shared = self.integrals(outline, moves)
        areas = whole = outline.area * moves.factors**2
        if self.raster is not None:
            areas = self.raster.integrals(outline, moves)
        ious = shared / np.maximum(areas + self.total - shared, 1e-9)
        return np.asarray(np.where(areas >= LEAST_SEEN * whole, ious, 0.0))

    def soft_iou(self, shape: Polygonal) -> float:
        return float(self.soft_ious(self.outline(shape), Moves.by(np.zeros((1, 2))))[0])

    def mean_in(self, shape: Polygonal) -> float:
        """The mean likelihood inside a shape."""
        inside = self.integrals(self.outline(shape), Moves.by(np.zeros((1, 2))))[0]
        return float(inside / max(shape.area, 1e-9))

    def _sums_at(self, across: CoordArray, down: CoordArray) -> CoordArray:
        """The sum of a row up to a place in it, in cells, linear between the rows' middles."""
        sums: npt.NDArray[np.float64] = self._sums  # type: ignore[attr-defined]
        height, width = sums.shape
        # A row of zeros above and below, so that the field ends where its cells do.
        row = np.clip(down + 0.5, 0, height - 1)
        col = np.clip(across, 0, width - 1)
        top = np.minimum(row.astype(np.intp), height - 2)
        left = np.minimum(col.astype(np.intp), width - 2)
        lower, right = row - top, col - left
        flat, at = sums.ravel(), top * width + left
        upper_sums = flat[at] + right * (flat[at + 1] - flat[at])
        lower_sums = flat[at + width] + right * (flat[at + width + 1] - flat[at + width])
        return np.asarray(upper_sums + lower * (lower_sums - upper_sums))
