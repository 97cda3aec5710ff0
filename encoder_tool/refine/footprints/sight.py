"""What is seen around a footprint: what the model takes for its building and, where the pixels are
known, the image's edges. Both say how well a shape fits that is moved, turned and scaled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder_tool.outline import Polygonal
from encoder_tool.refine.footprints.image_edges import ImageEdges
from encoder_tool.refine.footprints.mask_field import MaskField, Moves
from encoder_tool.types import CoordArray

UNMOVED = Moves.by(np.zeros((1, 2)))


@dataclass(frozen=True, eq=False)
class Sight:
    """edges: None where only the mask is known"""

    mask: MaskField
    edges: ImageEdges | None = None

    @property
    def step(self) -> float:
        """How far places may lie apart when a shape is looked for, in level-0 pixels."""
        return self.mask.cell if self.edges is None else 2 * self.edges.cell

    def of(self, shape: Polygonal) -> SeenShape:
        return SeenShape(self, shape)

    def score(self, shape: Polygonal) -> float:
        """How well a shape fits where it is."""
        return float(self.of(shape).scores(UNMOVED)[0])


class SeenShape:
    """A shape that is tried at many places."""

    def __init__(self, sight: Sight, shape: Polygonal) -> None:
        self._sight = sight
        self._outline = sight.mask.outline(shape)
        edges = sight.edges
        self._walls = () if edges is None else tuple(
            edges.walls(shape, coarse=coarse) for coarse in (False, True)
        )  # fmt: skip

    def scores(self, moves: Moves, *, coarse: bool = False) -> CoordArray:
        """How well each moved shape fits [T], 0 to 1: its soft IoU with the mask; where edges are
        known, the mean of it and of how strong they are along the outline.

        coarse: of edges that are felt from a few pixels away
        """
        ious = self._sight.mask.soft_ious(self._outline, moves)
        edges = self._sight.edges
        if edges is None:
            return ious
        return np.asarray((ious + self.along(moves, coarse=coarse)) / 2)

    def along(self, moves: Moves, *, coarse: bool = False) -> CoordArray:
        """How strong the image's edges are along each moved shape [T], 0 to 1; NaN where they are
        not known."""
        edges = self._sight.edges
        if edges is None:
            return np.full(len(moves), np.nan)
        return edges.along(self._walls[int(coarse)], moves, coarse=coarse)

    def edges(self, move: Moves) -> float:
        """The same of one move."""
        return float(self.along(move)[0])
