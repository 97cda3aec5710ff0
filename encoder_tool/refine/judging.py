"""From footprints in pixels to what each is: where the model sees it, by how much the layer is
off, and what that says of each footprint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from encoder_tool.cache.manifest import Manifest
from encoder_tool.locate import pixel_size_m, pixel_to_ground
from encoder_tool.outline import Polygonal, PolygonOptions
from encoder_tool.refine.asking import Answer, Unasked, ask
from encoder_tool.refine.hypotheses import Hypotheses, hypotheses_of
from encoder_tool.refine.mask_field import Move
from encoder_tool.refine.offsets import LayerOffset, layer_offset, local_offsets
from encoder_tool.refine.parameters import RefineParameters
from encoder_tool.refine.registration import Fit, best_shift
from encoder_tool.refine.roof_cells import CLEAR_M, RoofCells
from encoder_tool.segment import Segmenter
from encoder_tool.types import XY, BoolArray, BoxPixel, CoordArray

ROUNDS = 3
"""So often each footprint is asked for, each time where it was found the last time: the box of a
footprint that is off cuts its building."""

OnAsked = Callable[[int, int], None]
"""Told how many of how many questions are answered; what it raises ends the work."""


@dataclass(frozen=True, eq=False)
class Ground:
    """pixel_m: side of a level-0 pixel in the middle of the footprints, in metres
    shape: [2, 2], offsets in pixels to (east, north) in metres there"""

    pixel_m: float
    shape: CoordArray

    @classmethod
    def below(cls, footprints: Sequence[Polygonal], manifest: Manifest) -> Ground:
        bounds = np.array([footprint.bounds for footprint in footprints])
        low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        size = np.array([manifest.pyramid.width, manifest.pyramid.height])
        middle = XY(*np.clip((low + high) / 2, 0, size).tolist())
        side = pixel_size_m(manifest, middle)
        a, b, _, d, e, _ = pixel_to_ground(manifest, middle)[:6]
        return cls(side, side * np.array([[a, b], [d, e]]))

    def metres(self, pixels: CoordArray) -> CoordArray:
        """Offsets [..., 2]."""
        return np.asarray(pixels @ self.shape.T)

    def pixels(self, metres: CoordArray) -> CoordArray:
        return np.asarray(metres @ np.linalg.inv(self.shape).T)


@dataclass(frozen=True, eq=False)
class Judged:
    """What was found out about footprints.

    found: of each [N]; why there is nothing, where it could not be asked
    local_px: the offset of the place of each [N, 2], in level-0 pixels
    layer: of all of them
    """

    found: list[Hypotheses | Unasked]
    local_px: CoordArray
    layer: LayerOffset
    ground: Ground


def judge(
    segmenter: Segmenter,
    footprints: Sequence[Polygonal],
    parameters: RefineParameters,
    level: int | None,
    options: PolygonOptions,
    on_asked: OnAsked,
) -> Judged:
    """footprints: valid, in level-0 pixels. Raises what `on_asked` raises."""
    ground = Ground.below(footprints, segmenter.manifest)
    work = _Work(segmenter, footprints, parameters, level, ground, on_asked)
    at_home = work.ask(list(footprints), 0)
    own = [work.fit(i, answer) for i, answer in enumerate(at_home)]
    answers = at_home
    for number in range(1, ROUNDS):
        answers = work.ask(work.moved(own), number)
        own = [work.fit(i, answer) or own[i] for i, answer in enumerate(answers)]
    roofs = RoofCells(
        segmenter, footprints, CLEAR_M / ground.pixel_m, lambda: work.tell(len(footprints), ROUNDS)
    )
    places = work.moved(own)
    likeness = np.column_stack([roofs.of(footprints), roofs.of(places)])
    usable = work.usable(own, likeness)
    shifts_m = ground.metres(
        np.array([(0.0, 0.0) if fit is None else fit.move.shift for fit in own])
    )
    weights = np.array([0.0 if fit is None else fit.iou for fit in own])
    layer = layer_offset(shifts_m[usable], weights[usable])
    middles_m = ground.metres(np.array([f.centroid.coords[0] for f in footprints]))
    local_px = ground.pixels(local_offsets(middles_m, shifts_m, usable, layer))
    at_rest = work.ask_at_rest(at_home, local_px)
    found: list[Hypotheses | Unasked] = []
    for index, footprint in enumerate(footprints):
        rest, moved, fit = at_rest[index], answers[index], own[index]
        if isinstance(rest, Unasked):
            found.append(rest)
        elif fit is None or isinstance(moved, Unasked):
            found.append(Unasked.OUTSIDE)
        else:
            resting = XY(*local_px[index].tolist())
            found.append(
                hypotheses_of(
                    footprint,
                    resting,
                    rest,
                    moved,
                    fit,
                    (likeness[index, 0], likeness[index, 1]),
                    options,
                )
            )
    return Judged(found, local_px, layer, ground)


class _Work:
    """The questions of one run, and how far it has come."""

    def __init__(
        self,
        segmenter: Segmenter,
        footprints: Sequence[Polygonal],
        parameters: RefineParameters,
        level: int | None,
        ground: Ground,
        on_asked: OnAsked,
    ) -> None:
        self._segmenter = segmenter
        self._footprints = footprints
        self._parameters = parameters
        self._level = level
        self._on_asked = on_asked
        self._reach = parameters.search_m / ground.pixel_m
        self._margin = parameters.box_margin_m / ground.pixel_m
        self._least_move = parameters.least_shift_m / ground.pixel_m
        pyramid = segmenter.manifest.pyramid
        self._raster = BoxPixel(0, 0, pyramid.width, pyramid.height)

    def tell(self, done: int, number: int) -> None:
        """done: of the footprints of a round"""
        count = len(self._footprints)
        self._on_asked(number * count + done, (ROUNDS + 1) * count)

    def ask(self, shapes: Sequence[Polygonal], number: int) -> list[Answer | Unasked]:
        return ask(
            self._segmenter, shapes, margin_px=self._margin, reach_px=self._reach,
            level=self._level, before_patch=lambda done: self.tell(done, number),
        )  # fmt: skip

    def fit(self, index: int, answer: Answer | Unasked) -> Fit | None:
        if isinstance(answer, Unasked):
            return None
        return best_shift(answer.field, self._footprints[index], self._reach)

    def moved(self, fits: Sequence[Fit | None]) -> list[Polygonal]:
        """The footprints where they fit best; those that would leave the raster stay."""
        return [
            footprint if fit is None else self._on_raster(fit.move, footprint)
            for fit, footprint in zip(fits, self._footprints, strict=True)
        ]

    def _on_raster(self, move: Move, footprint: Polygonal) -> Polygonal:
        moved = move.of(footprint)
        xmin, ymin, xmax, ymax = moved.bounds
        r = self._raster
        inside = xmin >= r.xmin and ymin >= r.ymin and xmax <= r.xmax and ymax <= r.ymax
        return moved if inside else footprint

    def usable(self, fits: Sequence[Fit | None], likeness: CoordArray) -> BoolArray:
        """Whose shift says something of the layer's."""
        fit_well = np.array(
            [fit is not None and fit.iou >= self._parameters.least_fit for fit in fits]
        )
        not_gone = ~(likeness[:, 1] < self._parameters.gone_likeness)
        return np.asarray(fit_well & not_gone, np.bool_)

    def ask_at_rest(
        self, at_home: Sequence[Answer | Unasked], local_px: CoordArray
    ) -> list[Answer | Unasked]:
        """Answers to the footprints where the layer's offset puts them; those that are put where
        they are have theirs."""
        put = np.hypot(*local_px.T) >= self._least_move / 2
        if not put.any():
            return list(at_home)
        shapes = [
            self._on_raster(Move(XY(*offset.tolist())), footprint)
            for offset, footprint in zip(local_px, self._footprints, strict=True)
        ]
        answers = list(at_home)
        chosen = np.flatnonzero(put)
        asked = self.ask([shapes[index] for index in chosen], ROUNDS)
        for index, answer in zip(chosen, asked, strict=True):
            answers[index] = answer
        return answers
