"""Where the shape that is known fits what the image shows best."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from encoder_tool.outline import Polygonal
from encoder_tool.refine.footprints.ground import SQUARE, Frame
from encoder_tool.refine.footprints.mask_field import NO_SHIFT, Move, Moves
from encoder_tool.refine.footprints.sight import SeenShape, Sight
from encoder_tool.types import XY, CoordArray

MOST_STEPS = 12
"""From the middle of the search to its border: what is larger is searched by wider steps."""

ANGLES = np.arange(-40.0, 41.0, 8.0)
FACTORS = np.array([0.78, 0.86, 0.94, 1.0, 1.07, 1.15, 1.24])
"""That are tried first, about the best place of the shape as it is."""

TURN_STEP, FACTOR_STEP = 4.0, 0.04
ROUNDS = 8
"""Of a search by steps; those that find nothing better halve them."""

TRIED_ON = 3
"""Of the first places, where edges are known: those that are near each other count as one. A mask
has one best place, edges have many."""

APART = 3.0, 6.0, 0.06
"""In steps, degrees and shares of the size: what is nearer is the same place."""

Score = Callable[[Moves], CoordArray]
"""How well a shape fits each way it is moved [T]."""

_SIDES = np.array([-1.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Fit:
    """move: of the shape; score: how well it fits there, 0 to 1
    edges: how strong the image's are along it there, 0 to 1; NaN where they are not known
    """

    move: Move
    score: float
    edges: float = math.nan


@dataclass(frozen=True, slots=True)
class _Steps:
    """Of a search: in level-0 pixels, degrees, and shares of the size."""

    shift: float
    angle: float = 0.0
    factor: float = 0.0


def best_shift(
    sight: Sight,
    shape: Polygonal,
    reach: float,
    around: XY = NO_SHIFT,
    frame: Frame = SQUARE,
    also: Sequence[XY] = (),
) -> Fit:
    """The best place of the shape as it is within `reach` of a shift, in pixels of the frame's
    ground; `around` in those of level 0. also: shifts about which it is looked for closely"""
    seen = sight.of(shape)
    step = max(sight.step, reach / MOST_STEPS)
    shifts = [_grid(reach, step, around, frame)]
    near = sight.step * np.stack(np.meshgrid(_SIDES, _SIDES), axis=-1).reshape(-1, 2)
    shifts += [near + np.array(place) for place in also]
    found = _searched(
        sight, seen, Moves.by(np.concatenate(shifts), frame=frame), _Steps(step / 2)
    )  # fmt: skip
    strayed = np.hypot(*frame.ground(np.array(found.move.shift) - np.array(around)))
    if strayed > reach + step:
        there = Moves.by(np.array([around]), frame=frame)
        return replace(_best(seen.scores, there), edges=seen.edges(there))
    return found


def places_by_edges(
    sight: Sight, shape: Polygonal, reach: float, around: XY, frame: Frame = SQUARE
) -> list[Fit]:
    """The places of the shape within `reach` of a shift where the image's edges along it are
    strongest, `TRIED_ON` at most, whatever the mask says; how well it fits is told by edges alone.
    """
    if sight.edges is None:
        return []
    seen = sight.of(shape)
    step = max(sight.step, reach / MOST_STEPS)
    moves = Moves.by(_grid(reach, step, around, frame), frame=frame)
    found = []
    for index in _peaks(moves, seen.along(moves, coarse=True), sight.step):
        first = _best(seen.along, _only(moves.one(index)))
        best = _refined(seen.along, first, _Steps(sight.step / 2))
        found.append(replace(best, edges=best.score))
    return found


def best_near(sight: Sight, shape: Polygonal, place: XY, frame: Frame = SQUARE) -> Fit:
    """The best place of the shape about a shift."""
    seen = sight.of(shape)
    found = _refined(
        seen.scores, _best(seen.scores, Moves.by(np.array([place]), frame=frame)),
        _Steps(sight.step / 2),
    )  # fmt: skip
    return replace(found, edges=seen.edges(_only(found.move)))


def best_turn(sight: Sight, shape: Polygonal, starts: Sequence[XY], frame: Frame = SQUARE) -> Fit:
    """The best place and direction of the shape, in its size, from about shifts of it."""
    steps = _Steps(sight.step / 2, TURN_STEP)
    return _turned(sight, shape, starts, np.ones(1), steps, frame)


def best_similarity(
    sight: Sight, shape: Polygonal, starts: Sequence[XY], frame: Frame = SQUARE
) -> Fit:
    """The best place, direction and size of the shape, from about shifts of it."""
    steps = _Steps(sight.step / 2, TURN_STEP, FACTOR_STEP)
    return _turned(sight, shape, starts, FACTORS, steps, frame)


def _grid(reach: float, step: float, around: XY, frame: Frame) -> CoordArray:
    """Shifts [T, 2] within `reach` of one, `step` from each other on the ground."""
    count = int(reach // step)
    sides = step * np.arange(-count, count + 1)
    grid = np.stack(np.meshgrid(sides, sides), axis=-1).reshape(-1, 2)
    return np.asarray(frame.pixels(grid[np.hypot(*grid.T) <= reach]) + np.array(around))


def _turned(
    sight: Sight,
    shape: Polygonal,
    starts: Sequence[XY],
    factors: CoordArray,
    steps: _Steps,
    frame: Frame,
) -> Fit:
    sides = sight.step * _SIDES
    dx, dy, angles, scales = (
        grid.ravel() for grid in np.meshgrid(sides, sides, ANGLES, factors)
    )  # fmt: skip
    shifts = np.concatenate([np.column_stack([dx, dy]) + np.array(start) for start in starts])
    count = len(starts)
    moves = Moves(shifts, np.tile(angles, count), np.tile(scales, count), frame)
    return _searched(sight, sight.of(shape), moves, steps)


def _searched(sight: Sight, seen: SeenShape, moves: Moves, steps: _Steps) -> Fit:
    """The best of what is found from the best of the moves."""
    if sight.edges is None:
        return _refined(seen.scores, _best(seen.scores, moves), steps)
    scores = seen.scores(moves, coarse=True)
    firsts = [moves.one(index) for index in _peaks(moves, scores, sight.step)]
    found = [_refined(seen.scores, _best(seen.scores, _only(move)), steps) for move in firsts]
    best = max(found, key=lambda fit: fit.score)
    return replace(best, edges=seen.edges(_only(best.move)))


def _peaks(moves: Moves, scores: CoordArray, step: float) -> list[int]:
    """The best of the moves that are none of the same place, `TRIED_ON` at most."""
    shift, angle, factor = APART
    left = scores.copy()
    found: list[int] = []
    while len(found) < TRIED_ON and (best := int(left.argmax())) >= 0 and left[best] > -np.inf:
        found.append(best)
        same = np.hypot(*(moves.shifts - moves.shifts[best]).T) < shift * step
        same &= np.abs(moves.angles - moves.angles[best]) < angle
        same &= np.abs(moves.factors - moves.factors[best]) < factor
        left[same] = -np.inf
    return found


def _only(move: Move) -> Moves:
    return Moves.by(np.array([move.shift]), move.angle, move.factor, move.frame)


def _best(score: Score, moves: Moves) -> Fit:
    scores = score(moves)
    best = int(scores.argmax())
    return Fit(moves.one(best), float(scores[best]))


def _refined(score: Score, found: Fit, steps: _Steps) -> Fit:
    """A pattern search: to the best neighbour, with ever smaller steps."""
    for _ in range(ROUNDS):
        better = _best(score, _neighbours(found.move, steps))
        if better.score > found.score:
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
