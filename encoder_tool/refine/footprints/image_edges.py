"""How strongly the image's own edges run along an outline, wherever it is moved: walls and eaves
are seen to a pixel there, which a mask of cells four times as wide only says roughly.

The strength at a place is the gradient across the outline, over all colours, against the usual one
around the footprint: an edge that runs another way counts for nothing, and a very strong one not
for more than a clear one.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import shapely

from encoder_tool.outline import Polygonal
from encoder_tool.refine.footprints.mask_field import Moves
from encoder_tool.types import XY, BoolArray, CoordArray, FloatArray

DIRECTIONS = 16
"""Of gradients, over half a turn."""

FINE, COARSE = 1.0, 2.0
"""By so many pixels the image is blurred: edges are told to a fraction of a pixel in the one, and
found from a few pixels away in the other."""

CLEAR_PERCENTILE = 80
"""Of the gradients around a footprint, the one that counts one half."""

LEAST_GRADIENT = 1e-3
"""That does, of colours from 0 to 1: on plain ground noise is no edge."""

LEAST_WALLS = 0.3
"""Of an outline, on the image: one that the border of the image cuts is told by the rest."""

Indices = npt.NDArray[np.intp]


class Walls:
    """Places along a shape's outline.

    places: [S, 2] about `middle`, tangents: [S, 2] along the outline, in level-0 pixels
    """

    def __init__(self, shape: Polygonal, step: float) -> None:
        self.middle = np.array(shape.centroid.coords[0])
        places, tangents = [], []
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            points = shapely.get_coordinates(shapely.segmentize(ring, step)) - self.middle
            places.append((points[1:] + points[:-1]) / 2)
            tangents.append(np.diff(points, axis=0))
        self.places, self.tangents = np.concatenate(places), np.concatenate(tangents)


@dataclass(frozen=True, eq=False)
class ImageEdges:
    """origin: of the first pixel's corner, in level-0 pixels; cell: its side in them
    fine, coarse: [DIRECTIONS, H, W] strengths from 0 to 1 of edges across each direction; NaN
        where there is no image
    """

    origin: XY
    cell: float
    fine: FloatArray
    coarse: FloatArray

    @classmethod
    def of(cls, image: FloatArray, valid: BoolArray, origin: XY, cell: float) -> ImageEdges:
        """image: [3, H, W] from 0 to 1; valid: [H, W]"""
        return cls(
            origin, cell, _strengths(image, valid, FINE), _strengths(image, valid, COARSE)
        )  # fmt: skip

    def walls(self, shape: Polygonal, *, coarse: bool) -> Walls:
        return Walls(shape, (COARSE if coarse else FINE) * self.cell)

    def along(self, walls: Walls, moves: Moves, *, coarse: bool) -> CoordArray:
        """The mean strength [T] along each moved outline; 0 for those of which too little is on
        the image."""
        maps = self.coarse if coarse else self.fine
        bins, which = _directions(walls.tangents, moves)
        matrices = moves.matrices[..., np.newaxis]
        start = (walls.middle + moves.shifts - np.array(self.origin)) / self.cell
        places = walls.places / self.cell
        x = matrices[:, 0, 0] * places[:, 0] + matrices[:, 0, 1] * places[:, 1] + start[:, :1]
        y = matrices[:, 1, 0] * places[:, 0] + matrices[:, 1, 1] * places[:, 1] + start[:, 1:]
        found = _nearest(maps, bins[which], x, y) if coarse else _between(maps, bins[which], x, y)
        seen = ~np.isnan(found)
        counts = seen.sum(axis=1)
        means = np.where(seen, found, 0).sum(axis=1) / np.maximum(counts, 1)
        return np.asarray(np.where(counts >= LEAST_WALLS * len(places), means, 0.0))


def _directions(tangents: CoordArray, moves: Moves) -> tuple[Indices, Indices]:
    """The direction across each place of an outline [U, S] for each of the ways it is turned, and
    which of these each move has [T]."""
    matrices, which = np.unique(moves.matrices.reshape(-1, 4), axis=0, return_inverse=True)
    turned = np.einsum("uij,sj->usi", matrices.reshape(-1, 2, 2), tangents)
    across = np.arctan2(turned[..., 0], -turned[..., 1])
    return np.round(across * DIRECTIONS / np.pi).astype(np.intp) % DIRECTIONS, which.ravel()


def _nearest(maps: FloatArray, bins: Indices, x: CoordArray, y: CoordArray) -> FloatArray:
    """Of the maps `bins` at places [T, S] in pixels; NaN beyond."""
    _, height, width = maps.shape
    columns, rows = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    at = (bins * height + rows) * width + columns
    return np.where(inside, maps.ravel()[np.where(inside, at, 0)], np.float32(np.nan))


def _between(maps: FloatArray, bins: Indices, x: CoordArray, y: CoordArray) -> FloatArray:
    """The same, linear between the pixels' middles."""
    left, top = np.floor(x - 0.5), np.floor(y - 0.5)
    right, low = (x - 0.5 - left).astype(np.float32), (y - 0.5 - top).astype(np.float32)
    upper, lower = (
        (1 - right) * _nearest(maps, bins, left, row) + right * _nearest(maps, bins, left + 1, row)
        for row in (top, top + 1)
    )
    return np.asarray((1 - low) * upper + low * lower)


def _strengths(image: FloatArray, valid: BoolArray, blur: float) -> FloatArray:
    """[DIRECTIONS, H, W]"""
    xx, xy, yy = (np.zeros(valid.shape, np.float32) for _ in range(3))
    for colour in image:
        blurred = cv2.GaussianBlur(np.ascontiguousarray(colour, np.float32), (0, 0), blur)
        right = cv2.Sobel(blurred, cv2.CV_32F, 1, 0, scale=1 / 8)
        down = cv2.Sobel(blurred, cv2.CV_32F, 0, 1, scale=1 / 8)
        xx, xy, yy = xx + right * right, xy + right * down, yy + down * down
    # What the border of the image does to gradients is no edge of anything.
    width = 2 * int(np.ceil(2 * blur)) + 1
    known = cv2.erode(valid.astype(np.uint8), np.ones((width, width), np.uint8)) > 0
    if not known.any():
        return np.full((DIRECTIONS, *valid.shape), np.nan, np.float32)
    clear = float(np.percentile(np.sqrt((xx + yy)[known]), CLEAR_PERCENTILE))
    found = np.empty((DIRECTIONS, *valid.shape), np.float32)
    for index, angle in enumerate(np.pi / DIRECTIONS * np.arange(DIRECTIONS)):
        cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        squares = cos * cos * xx + 2 * cos * sin * xy + sin * sin * yy
        across = np.sqrt(np.maximum(squares, 0))
        found[index] = across / (across + np.float32(max(clear, LEAST_GRADIENT)))
    found[:, ~known] = np.nan
    return found
