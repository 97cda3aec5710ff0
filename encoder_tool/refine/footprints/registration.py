"""Where the shape that is known fits what the image shows best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder_tool.outline import Polygonal
from encoder_tool.refine.footprints.ground import SQUARE, Frame
from encoder_tool.refine.footprints.mask_field import NO_SHIFT, MaskField, Move, Moves, Outline
from encoder_tool.types import XY, CoordArray

MOST_STEPS = 12
"""From the middle of the search to its border: what is larger is searched by wider steps."""

ANGLES = np.arange(-40.0, 41.0, 8.0)
FACTORS = np.array([0.78, 0.86, 0.94, 1.0, 1.07, 1.15, 1.24])
"""That are tried first, about the best place of the shape as it is."""

TURN_STEP, FACTOR_STEP = 4.0, 0.04
ROUNDS = 6
"""Of a search by steps; those that find nothing better halve them."""

_SIDES = np.array([-1.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Fit:
    """move: of the shape; iou: its soft IoU with the field"""

    move: Move
    iou: float


@dataclass(frozen=True, slots=True)
class _Steps:
    """Of a search: in level-0 pixels, degrees, and shares of the size."""

    shift: float
    angle: float = 0.0
    factor: float = 0.0


def best_shift(
    field: MaskField,
    shape: Polygonal,
    reach: float,
    around: XY = NO_SHIFT,
    frame: Frame = SQUARE,
) -> Fit:
    """The best place of the shape as it is within `reach` of a shift, in pixels of the frame's
    ground; `around` in those of level 0."""
    outline = field.outline(shape)
    step = max(field.cell, reach / MOST_STEPS)
    count = int(reach // step)
    sides = step * np.arange(-count, count + 1)
    shifts = np.stack(np.meshgrid(sides, sides), axis=-1).reshape(-1, 2)
    shifts = frame.pixels(shifts[np.hypot(*shifts.T) <= reach]) + np.array(around)
    found = _best(field, outline, Moves.by(shifts, frame=frame))
    found = _refined(field, outline, found, _Steps(step / 2))
    strayed = np.hypot(*frame.ground(np.array(found.move.shift) - np.array(around)))
    if strayed > reach + step:
        return _best(field, outline, Moves.by(np.array([around]), frame=frame))
    return found


def best_turn(field: MaskField, shape: Polygonal, start: XY, frame: Frame = SQUARE) -> Fit:
    """The best place and direction of the shape, in its size, from about a shift of it."""
    return _turned(field, shape, start, np.ones(1), _Steps(field.cell / 2, TURN_STEP), frame)


def best_similarity(field: MaskField, shape: Polygonal, start: XY, frame: Frame = SQUARE) -> Fit:
    """The best place, direction and size of the shape, from about a shift of it."""
    steps = _Steps(field.cell / 2, TURN_STEP, FACTOR_STEP)
    return _turned(field, shape, start, FACTORS, steps, frame)


def _turned(
    field: MaskField,
    shape: Polygonal,
    start: XY,
    factors: CoordArray,
    steps: _Steps,
    frame: Frame,
) -> Fit:
    outline = field.outline(shape)
    sides = field.cell * np.array([-1.0, 0.0, 1.0])
    grids = np.meshgrid(sides, sides, ANGLES, factors)
    dx, dy, angles, scales = (grid.ravel() for grid in grids)
    shifts = np.column_stack([dx, dy]) + np.array(start)
    found = _best(field, outline, Moves(shifts, angles, scales, frame))
    return _refined(field, outline, found, steps)


def _best(field: MaskField, outline: Outline, moves: Moves) -> Fit:
    ious = field.soft_ious(outline, moves)
    best = int(ious.argmax())
    return Fit(moves.one(best), float(ious[best]))


def _refined(field: MaskField, outline: Outline, found: Fit, steps: _Steps) -> Fit:
    """A pattern search: to the best neighbour, with ever smaller steps."""
    for _ in range(ROUNDS):
        better = _best(field, outline, _neighbours(found.move, steps))
        if better.iou > found.iou:
            found = better
        else:
            steps = _Steps(steps.shift / 2, steps.angle / 2, steps.factor / 2)
    return found


def _neighbours(move: Move, steps: _Steps) -> Moves:
    dx, dy = (steps.shift * grid.ravel() for grid in np.meshgrid(_SIDES, _SIDES))
    here: CoordArray = np.array(move.shift)
    shifts = [np.column_stack([dx, dy]) + here]
    angles, factors = [np.full(9, move.angle)], [np.full(9, move.factor)]
    if steps.angle:
        turned, scaled = (grid.ravel() for grid in np.meshgrid(_SIDES, _SIDES))
        shifts.append(np.tile(here, (9, 1)))
        angles.append(move.angle + steps.angle * turned)
        factors.append(move.factor + steps.factor * scaled)
    return Moves(
        np.concatenate(shifts), np.concatenate(angles), np.concatenate(factors), move.frame
    )
