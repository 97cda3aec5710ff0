"""Where the shape that is known fits what the image shows best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder_tool.outline import Polygonal
from encoder_tool.refine.mask_field import MaskField, Move, Moves, Outline
from encoder_tool.types import XY, CoordArray

MOST_STEPS = 12
"""From the middle of the search to its border: what is larger is searched by wider steps."""

ANGLES = np.arange(-40.0, 41.0, 8.0)
FACTORS = np.array([0.78, 0.86, 0.94, 1.0, 1.07, 1.15, 1.24])
"""That are tried first, about the best place of the shape as it is."""

ROUNDS = 6
"""Each with half the steps of the one before."""


@dataclass(frozen=True, slots=True)
class Fit:
    """move: of the shape; iou: its soft IoU with the field"""

    move: Move
    iou: float


def best_shift(field: MaskField, shape: Polygonal, reach: float) -> Fit:
    """The best place within `reach`, in level-0 pixels, of the shape as it is."""
    outline = field.outline(shape)
    step = max(field.cell, reach / MOST_STEPS)
    count = int(reach // step)
    sides = step * np.arange(-count, count + 1)
    shifts = np.stack(np.meshgrid(sides, sides), axis=-1).reshape(-1, 2)
    shifts = shifts[np.hypot(*shifts.T) <= reach]
    found = _best(field, outline, Moves.by(shifts))
    return _refined(field, outline, found, step / 2, turning=False)


def best_similarity(field: MaskField, shape: Polygonal, start: XY) -> Fit:
    """The best place, direction and size of the shape, from about a shift of it."""
    outline = field.outline(shape)
    sides = field.cell * np.array([-1.0, 0.0, 1.0])
    grids = np.meshgrid(sides, sides, ANGLES, FACTORS)
    dx, dy, angles, factors = (grid.ravel() for grid in grids)
    shifts = np.column_stack([dx, dy]) + np.array(start)
    found = _best(field, outline, Moves(shifts, angles, factors))
    return _refined(field, outline, found, field.cell / 2, turning=True)


def _best(field: MaskField, outline: Outline, moves: Moves) -> Fit:
    ious = field.soft_ious(outline, moves)
    best = int(ious.argmax())
    return Fit(moves.one(best), float(ious[best]))


def _refined(field: MaskField, outline: Outline, found: Fit, step: float, *, turning: bool) -> Fit:
    """A pattern search: to the best neighbour, with ever smaller steps."""
    angle, factor = (4.0, 0.04) if turning else (0.0, 0.0)
    for _ in range(ROUNDS):
        neighbours = _neighbours(found.move, step, angle, factor)
        better = _best(field, outline, neighbours)
        if better.iou > found.iou:
            found = better
        else:
            step, angle, factor = step / 2, angle / 2, factor / 2
    return found


def _neighbours(move: Move, step: float, angle: float, factor: float) -> Moves:
    sides = np.array([-1.0, 0.0, 1.0])
    dx, dy = (step * grid.ravel() for grid in np.meshgrid(sides, sides))
    here: CoordArray = np.array(move.shift)
    shifts = [np.column_stack([dx, dy]) + here]
    angles, factors = [np.full(9, move.angle)], [np.full(9, move.factor)]
    if angle:
        turned, scaled = (grid.ravel() for grid in np.meshgrid(sides, sides))
        shifts.append(np.tile(here, (9, 1)))
        angles.append(move.angle + angle * turned)
        factors.append(move.factor + factor * scaled)
    return Moves(np.concatenate(shifts), np.concatenate(angles), np.concatenate(factors))
