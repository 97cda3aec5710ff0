"""Pixels on the map: a lattice of them, and the part of it that a raster has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, isclose

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle

EDGE_TOLERANCE_PX = 1e-3
"""A box that reaches less than this into a pixel does not have it: edges that were rounded in
their last digit must not ask for another row."""

SLACK = 1e-6
"""Relative: a size that was copied with so few digits is meant."""


@dataclass(frozen=True)
class Lattice:
    """x, y: where corners of pixels meet; width, height: of a pixel, in units of the CRS"""

    crs: QgsCoordinateReferenceSystem
    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of_multiples(cls, crs: QgsCoordinateReferenceSystem, size: float) -> Lattice:
        """Square pixels whose edges are at multiples of their size: neighbours fit together."""
        return cls(crs, 0.0, 0.0, size, size)

    def has_size(self, size: float) -> bool:
        return all(isclose(size, own, rel_tol=SLACK) for own in (self.width, self.height))

    def cover(self, box: QgsRectangle) -> PixelGrid:
        """The pixels that meet a box; there is at least one."""
        column, columns = _whole(
            (box.xMinimum() - self.x) / self.width, (box.xMaximum() - self.x) / self.width
        )
        row, rows = _whole(
            (self.y - box.yMaximum()) / self.height, (self.y - box.yMinimum()) / self.height
        )
        return PixelGrid(self, column, row, columns, rows)


@dataclass(frozen=True)
class PixelGrid:
    """column, row: of the upper left pixel, from the lattice's corner to the right and down"""

    lattice: Lattice
    column: int
    row: int
    columns: int
    rows: int

    @property
    def count(self) -> int:
        return self.columns * self.rows

    @property
    def extent(self) -> QgsRectangle:
        left, top = self._corner()
        return QgsRectangle(
            left,
            top - self.rows * self.lattice.height,
            left + self.columns * self.lattice.width,
            top,
        )

    @property
    def geotransform(self) -> tuple[float, float, float, float, float, float]:
        """As GDAL has it."""
        left, top = self._corner()
        return (left, self.lattice.width, 0.0, top, 0.0, -self.lattice.height)

    def blocks(self, side: int) -> Iterator[PixelGrid]:
        """Row by row, cut at multiples of a side from the lattice's corner: no tile of a web map
        lies in two of them."""
        lattice = self.lattice
        for row, rows in _cut(self.row, self.rows, side):
            for column, columns in _cut(self.column, self.columns, side):
                yield PixelGrid(lattice, column, row, columns, rows)

    def grown(self, margin: int) -> PixelGrid:
        """With so many more pixels on each side."""
        return PixelGrid(
            self.lattice,
            self.column - margin,
            self.row - margin,
            self.columns + 2 * margin,
            self.rows + 2 * margin,
        )

    def _corner(self) -> tuple[float, float]:
        lattice = self.lattice
        return lattice.x + self.column * lattice.width, lattice.y - self.row * lattice.height


def _whole(start: float, end: float) -> tuple[int, int]:
    """The first pixel, and how many."""
    first = floor(start + EDGE_TOLERANCE_PX)
    return first, max(ceil(end - EDGE_TOLERANCE_PX) - first, 1)


def _cut(start: int, count: int, side: int) -> Iterator[tuple[int, int]]:
    end = start + count
    while start < end:
        until = min((start // side + 1) * side, end)
        yield start, until - start
        start = until
