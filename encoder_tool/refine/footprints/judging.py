"""From footprints in pixels to what each is: where the model sees it, by how much the layer is
off, and what that says of each footprint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from encoder_tool.outline import Polygonal, PolygonOptions
from encoder_tool.refine.footprints.asking import Answer, Unasked, ask
from encoder_tool.refine.footprints.ground import Ground
from encoder_tool.refine.footprints.hypotheses import Hypotheses, hypotheses_of, mask_outline
from encoder_tool.refine.footprints.image_edges import ImageEdges
from encoder_tool.refine.footprints.mask_field import NO_SHIFT, MaskField, Move, Moves
from encoder_tool.refine.footprints.offsets import LayerOffset, layer_offset, local_offsets
from encoder_tool.refine.footprints.outline_bias import outline_biases
from encoder_tool.refine.footprints.pixels import Pixels
from encoder_tool.refine.footprints.registration import (
    FACTORS,
    Fit,
    best_near,
    best_shift,
    places_by_edges,
)
from encoder_tool.refine.footprints.sight import Sight
from encoder_tool.refine.likeness.roof_cells import CLEAR_M, RoofCells
from encoder_tool.refine.parameters import RefineParameters
from encoder_tool.segment import Segmenter
from encoder_tool.types import XY, CoordArray

ROUNDS = 3
"""So often a footprint is asked for, each time where it was found the last time: the box of a
footprint that is off cuts its building."""

ASKED_FIRST, FITTED, FITTED_AGAIN, ASKED_AGAIN = range(4)
ALONG_EDGES = ASKED_AGAIN + ROUNDS - 1
ASKED_BY_EDGES = ALONG_EDGES + 1
ASKED_AT_REST = ASKED_BY_EDGES + 1
WEIGHED = ASKED_AT_REST + 1
STEPS = WEIGHED + 1
"""Of each footprint, one after the other for all of them."""

TOLD_EVERY = 8
"""Footprints, where nothing is asked: in half a second."""

ASK_AGAIN_M = 0.5
"""Those that were found no further from where they were asked for are not asked for again."""

SITS_WITHIN_M = 1.0
"""What fits best there, or all but, sits where the offset puts it: nothing else is there."""

ALL_BUT = 0.03
HALF = 0.5
LEAST_SITTING = 0.3

OnAsked = Callable[[int, int], None]
"""Told how many of how many questions are answered; what it raises ends the work."""

OpenPixels = Callable[[float], Pixels | None]
"""Opens the image at a side of its level-0 pixels in metres, where it is at hand."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What was found out about footprints.

    found: of each [N]; why there is nothing, where it could not be asked
    local_px: the offset of the place of each [N, 2], in level-0 pixels
    layer: of all of them
    bias: the logit at which outlines run, the median
    roofs: what the ground under them looks like
    """

    found: list[Hypotheses | Unasked]
    local_px: CoordArray
    layer: LayerOffset
    ground: Ground
    bias: float
    roofs: RoofCells


def judge(
    segmenter: Segmenter,
    footprints: Sequence[Polygonal],
    parameters: RefineParameters,
    level: int | None,
    options: PolygonOptions,
    on_asked: OnAsked,
    open_pixels: OpenPixels = lambda _pixel_m: None,
) -> Judged:
    """footprints: valid, in level-0 pixels. Raises what `on_asked` raises."""
    ground = Ground.below(footprints, segmenter.manifest)
    pixels = open_pixels(ground.pixel_m)
    with nullcontext() if pixels is None else closing(pixels):
        work = _Work(segmenter, footprints, parameters, level, ground, on_asked, pixels)
        return _judged(work, segmenter, footprints, ground, options)


def _judged(
    work: _Work,
    segmenter: Segmenter,
    footprints: Sequence[Polygonal],
    ground: Ground,
    options: PolygonOptions,
) -> Judged:
    at_home = work.ask(footprints, ASKED_FIRST)
    work.biases = outline_biases(at_home, footprints)
    first = [work.fit(index, at_home[index]) for index in work.each(FITTED)]
    roofs = RoofCells(
        segmenter, footprints, CLEAR_M / ground.pixel_m, lambda: work.tell(len(footprints), FITTED)
    )
    likeness = roofs.of_known(footprints)
    layer, local_px = work.offsets(first, likeness)
    work.settle(at_home, first, local_px, likeness)
    answers, by_mask = work.followed(at_home, local_px)
    own, places = work.along_edges(answers, by_mask, local_px)
    work.ask_at(places, answers, own, local_px)
    likeness_moved = roofs.of_known(work.moved(own))
    layer, local_px = work.offsets(own, likeness_moved)
    work.put_at_rest(at_home, local_px)
    found: list[Hypotheses | Unasked] = []
    for index in work.each(WEIGHED):
        footprint, rest, moved = footprints[index], at_home[index], answers[index]
        fit, masked = own[index], by_mask[index]
        if isinstance(rest, Unasked):
            found.append(rest)
        elif fit is None or masked is None or isinstance(moved, Unasked):
            found.append(Unasked.OUTSIDE)
        else:
            resting = XY(*local_px[index].tolist())
            edges = work.edges(index, resting)
            found.append(
                hypotheses_of(
                    footprint, resting, Sight(work.field(index, rest), edges),
                    Sight(work.field(index, moved), edges), fit,
                    work.starts(fit, masked),
                    mask_outline(moved, options, float(work.biases[index]), ground.affine),
                    (float(likeness[index]), float(likeness_moved[index])), ground.frame,
                    is_elsewhere=work.are_apart(fit.move.shift, resting),
                )
            )  # fmt: skip
    return Judged(found, local_px, layer, ground, float(np.median(work.biases)), roofs)


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
        pixels: Pixels | None = None,
    ) -> None:
        self._segmenter = segmenter
        self._footprints = footprints
        self._parameters = parameters
        self._level = level
        self._ground = ground
        self._on_asked = on_asked
        self._pixels = pixels
        self._frame = ground.frame
        self._reach = parameters.search_m / ground.pixel_m
        self._reach_px = ground.most_px(parameters.search_m)
        self.biases = np.zeros(len(footprints))
        self._told = 0
        self._settled = shapely.STRtree([])
        self._settled_of: list[int] = []

    def tell(self, done: int, step: int) -> None:
        """done: of the footprints in a step; not all are asked for again"""
        count = len(self._footprints)
        self._told = max(self._told, step * count + min(done, count))
        self._on_asked(self._told, STEPS * count)

    def each(self, step: int) -> Iterator[int]:
        """The footprints' numbers, in a step in which nothing is asked."""
        for index in range(len(self._footprints)):
            if index % TOLD_EVERY == 0:
                self.tell(index, step)
            yield index

    def ask(self, shapes: Sequence[Polygonal], step: int) -> list[Answer | Unasked]:
        return ask(
            self._segmenter, shapes,
            margin_px=self._parameters.box_margin_m / self._ground.pixel_m,
            reach_px=self._reach_px,
            level=self._level, on_answered=lambda done: self.tell(done, step),
        )  # fmt: skip

    def field(self, index: int, answer: Answer) -> MaskField:
        """What an answer to a footprint says, without what other footprints sit on."""
        field = answer.field(float(self.biases[index]))
        near = self._settled.query(shapely.box(*field.bounds))
        others = [self._settled.geometries[i] for i in near if self._settled_of[i] != index]
        return field.without(others)

    def fit(self, index: int, answer: Answer | Unasked, around: XY = NO_SHIFT) -> Fit | None:
        if isinstance(answer, Unasked):
            return None
        sight = Sight(self.field(index, answer))
        return best_shift(sight, self._footprints[index], self._reach, around, self._frame)

    def edges(self, index: int, around: XY) -> ImageEdges | None:
        """Of the image around a footprint that is moved to a place; None where they are not
        known."""
        if self._pixels is None:
            return None
        footprint = self._footprints[index]
        xmin, ymin, xmax, ymax = footprint.bounds
        # Shapes are turned and grow, too.
        reach = self._reach_px + (max(FACTORS) - 1) * max(xmax - xmin, ymax - ymin)
        return self._pixels.edges(Move(around).of(footprint), reach)

    def along_edges(
        self,
        answers: Sequence[Answer | Unasked],
        fits: Sequence[Fit | None],
        local_px: CoordArray,
    ) -> tuple[list[Fit | None], list[tuple[int, XY]]]:
        """Where the footprints fit best by the answers and the edges of the image, what was found
        by the answers where those are not known; and the places of a footprint, by its number,
        where edges are clearly stronger along it than where it rests."""
        found, places = list(fits), list[tuple[int, XY]]()
        for index in self.each(ALONG_EDGES):
            answer, fit = answers[index], fits[index]
            if fit is None or isinstance(answer, Unasked):
                continue
            resting, footprint = XY(*local_px[index].tolist()), self._footprints[index]
            edges = self.edges(index, resting)
            if edges is None:
                continue
            sight = Sight(self.field(index, answer), edges)
            best = best_shift(
                sight, footprint, self._reach, resting, self._frame, also=[fit.move.shift]
            )
            found[index] = best
            by_edges = places_by_edges(sight, footprint, self._reach, resting, self._frame)
            there = sight.of(footprint).edges(Moves.by(np.array([resting])))
            least = there + self._parameters.least_edge_gain
            stronger = [one.move.shift for one in (best, *by_edges) if one.edges >= least]
            places += [(index, place) for place in self._apart(stronger)]
        return found, places

    def ask_at(
        self,
        places: Sequence[tuple[int, XY]],
        answers: list[Answer | Unasked],
        fits: list[Fit | None],
        local_px: CoordArray,
    ) -> None:
        """Ask for footprints at places, by their numbers. Where one fits better than where it was
        found so far, that takes its place: a mask that was asked for elsewhere speaks against the
        right place, too."""
        shapes = [Move(place).of(self._footprints[index]) for index, place in places]
        asked = self.ask(shapes, ASKED_BY_EDGES)
        for (index, place), answer in zip(places, asked, strict=True):
            before = fits[index]
            if before is None or isinstance(answer, Unasked):
                continue
            self.tell(len(self._footprints), ASKED_BY_EDGES)
            edges = self.edges(index, XY(*local_px[index].tolist()))
            sight = Sight(self.field(index, answer), edges)
            fit = best_near(sight, self._footprints[index], place, self._frame)
            if fit.score > before.score:
                answers[index], fits[index] = answer, fit

    def _apart(self, places: Sequence[XY]) -> list[XY]:
        """Those that are none of the same place."""
        found: list[XY] = []
        for place in places:
            if all(self.are_apart(place, other) for other in found):
                found.append(place)
        return found

    def starts(self, fit: Fit, by_mask: Fit) -> list[XY]:
        """Shifts about which a footprint is turned: where it fits best and, where that is
        elsewhere, what the mask alone says."""
        place, other = fit.move.shift, by_mask.move.shift
        return [place, other] if self.are_apart(place, other) else [place]

    def are_apart(self, one: XY, other: XY) -> bool:
        """Whether two shifts are of different places."""
        return bool(self._ground.lengths_m(np.array(one) - np.array(other)) > ASK_AGAIN_M)

    def settle(
        self,
        at_home: Sequence[Answer | Unasked],
        fits: Sequence[Fit | None],
        local_px: CoordArray,
        likeness: CoordArray,
    ) -> None:
        """Remember which footprints sit where the offset of their place puts them."""
        sitting = []
        for index, (answer, fit) in enumerate(zip(at_home, fits, strict=True)):
            if fit is None or isinstance(answer, Unasked) or likeness[index] < HALF:
                continue
            put = Move(XY(*local_px[index].tolist())).of(self._footprints[index])
            step_m = self._ground.lengths_m(np.array(fit.move.shift) - local_px[index])
            field = answer.field(float(self.biases[index]))
            fits_well = field.soft_iou(put) >= max(fit.score - ALL_BUT, LEAST_SITTING)
            if fits_well and step_m <= SITS_WITHIN_M:
                sitting.append((index, put))
        self._settled_of = [index for index, _ in sitting]
        self._settled = shapely.STRtree([put for _, put in sitting])

    def followed(
        self, at_home: Sequence[Answer | Unasked], local_px: CoordArray
    ) -> tuple[list[Answer | Unasked], list[Fit | None]]:
        """Answers to the footprints where they fit best, and how they fit there."""
        answers = list(at_home)
        places = [XY(*offset.tolist()) for offset in local_px]
        own = [self.fit(i, answers[i], places[i]) for i in self.each(FITTED_AGAIN)]
        asked_at = np.zeros((len(own), 2))
        for step in range(ASKED_AGAIN, ALONG_EDGES):
            shifts = np.array([(0.0, 0.0) if fit is None else fit.move.shift for fit in own])
            steps_m = self._ground.lengths_m(shifts - asked_at)
            again = np.flatnonzero(steps_m > ASK_AGAIN_M)
            for index, answer in self._ask_some(self.moved(own), again, step).items():
                fit = self.fit(index, answer, places[index])
                if fit is not None:
                    answers[index], own[index] = answer, fit
                    asked_at[index] = shifts[index]
        return answers, own

    def offsets(
        self, fits: Sequence[Fit | None], likeness: CoordArray
    ) -> tuple[LayerOffset, CoordArray]:
        """Of the layer as a whole, and of each footprint's place [N, 2] in level-0 pixels."""
        shifts_m = self._ground.metres(
            np.array([(0.0, 0.0) if fit is None else fit.move.shift for fit in fits])
        )
        ious = np.array([0.0 if fit is None else fit.score for fit in fits])
        # Of those that could be asked: of a layer most may lie beyond the raster.
        least = self._parameters.least_fit * np.median(ious[ious > 0]) if ious.any() else 0.0
        is_gone = likeness < self._parameters.gone_likeness
        usable = (ious > 0) & (ious >= least) & ~is_gone
        layer = layer_offset(shifts_m[usable], ious[usable])
        middles_m = self._ground.metres(
            np.array([footprint.centroid.coords[0] for footprint in self._footprints])
        )
        local_m = local_offsets(middles_m, shifts_m, usable, layer)
        return layer, self._ground.pixels(local_m)

    def put_at_rest(self, at_home: list[Answer | Unasked], local_px: CoordArray) -> None:
        """Answers to the footprints where the layer's offset puts them take the place of those
        that are not where they are."""
        steps_m = self._ground.lengths_m(local_px)
        shapes = [
            Move(XY(*offset.tolist())).of(footprint)
            for offset, footprint in zip(local_px, self._footprints, strict=True)
        ]
        put = np.flatnonzero(steps_m > ASK_AGAIN_M)
        for index, answer in self._ask_some(shapes, put, ASKED_AT_REST).items():
            at_home[index] = answer

    def moved(self, fits: Sequence[Fit | None]) -> list[Polygonal]:
        """The footprints where they fit best."""
        return [
            footprint if fit is None else fit.move.of(footprint)
            for fit, footprint in zip(fits, self._footprints, strict=True)
        ]

    def _ask_some(
        self, shapes: Sequence[Polygonal], chosen: npt.NDArray[np.intp], step: int
    ) -> dict[int, Answer | Unasked]:
        indices = chosen.tolist()
        answers = self.ask([shapes[index] for index in indices], step)
        return dict(zip(indices, answers, strict=True))
