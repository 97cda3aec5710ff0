"""Buildings that the layer lacks: what the model sees at places that look like roofs, or at those
of a point layer, and what is like the buildings that are known.

What is like them is learnt from the model's own answers: at known buildings, those that agree with
the layer are what is wanted, those that do not are not, nor is most of what it answers elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine

from encoder_tool.locate import level_of_box
from encoder_tool.outline import Polygonal, PolygonOptions
from encoder_tool.refine.footprints.asking import Answer, ask
from encoder_tool.refine.footprints.hypotheses import mask_outline
from encoder_tool.refine.likeness.descriptors import describe
from encoder_tool.refine.likeness.discriminant import FOLDS, Likeness, learn
from encoder_tool.refine.likeness.roof_cells import RoofCells
from encoder_tool.refine.missing.candidates import Candidate, candidates_at
from encoder_tool.refine.missing.likely_places import likely_places
from encoder_tool.refine.missing.on_ground import on_ground
from encoder_tool.refine.request import LEAST_LIKENESS
from encoder_tool.segment import Segmenter
from encoder_tool.types import LOGIT_CELL, BoolArray, BoxPixel, CoordArray, FloatArray

AGREES, DISAGREES = 0.6, 0.4
"""IoU with a known building from which an outline is one, and below which it is none."""

BESIDE = 0.2
"""Of an outline, that may lie on known buildings."""

OVERLAP = 0.3
"""Of the smaller of two outlines, beyond which they are one building."""

LEAST_KNOWN = 4 * FOLDS
"""Fewer answers that agree with the layer do not say what a building looks like."""

LEAST_OTHERS = 400

SAMPLES_A_NUMBER = 3.0
"""The covariance is shrunk the more, the fewer samples there are to a number of a descriptor: by a
tenth at three, by a quarter at one. Measured on scenes of 78 and of 200 buildings: by a tenth
always, the small one's recall is 0.1 for 0.6."""

LEARNT_FROM = 200
"""Places inside known buildings, and elsewhere where a point layer is given, that are learnt
from: more say the same."""

SIZES = (0.3, 3.0)
"""A building is at least this much of the smallest known one, at most this much of the largest."""

BOX_MARGIN_PX = 2.0
"""By which the box around an outline is grown that is asked last, in pixels of its level."""


AROUND_CELLS = 16
"""Logit cells around an outline that its last answer is looked at in."""


@dataclass(frozen=True, eq=False)
class MissingBuilding:
    """outline: in level-0 pixels, where the image shows it
    likeness: to the known buildings; predicted_iou: the model's own estimate of its outline
    """

    outline: Polygonal
    likeness: float
    predicted_iou: float

    @property
    def score(self) -> float:
        return self.likeness * self.predicted_iou


OnShare = Callable[[float], None]
"""Told what share of the work is done; what it raises ends the work."""

LOOKED, ANSWERED = 0.1, 0.9
"""Shares of the work until places are known, and until all of them are answered."""


def find_missing(
    segmenter: Segmenter,
    known: Sequence[Polygonal],
    roofs: RoofCells,
    *,
    points: CoordArray | None = None,
    level: int | None = None,
    least_likeness: float = LEAST_LIKENESS,
    min_area_px: float = 0.0,
    options: PolygonOptions,
    bias: float = 0.0,
    to_ground: Affine | None = None,
    on_share: OnShare,
) -> list[MissingBuilding] | None:
    """The buildings that are missing, the best first; None where too few known ones are seen to
    say what one looks like.

    known: in level-0 pixels, where the image shows them; roofs: what was learnt of them
    points: [N, 2] in level-0 pixels, the only places that are looked at; None for all that look
        like roofs
    level: pinned, None for the one at which most known buildings are seen best
    least_likeness: from 0 to 1; bias: the logit at which outlines run; to_ground: as for
        `mask_to_pixels`
    """
    if not known:
        return None
    search = _Search(segmenter, known, options, level, min_area_px, to_ground)
    everywhere = likely_places(segmenter, roofs, lambda share: on_share(LOOKED * share))
    in_known = search.in_known(everywhere)
    elsewhere = everywhere[~in_known]
    asked, others = elsewhere, elsewhere[:0]
    if points is not None:
        asked, others = points, _spread(elsewhere, LEARNT_FROM)
    places = np.concatenate([asked, _spread(everywhere[in_known], LEARNT_FROM), others])

    def on_answered(count: int) -> None:
        on_share(LOOKED + (ANSWERED - LOOKED) * count / max(len(places), 1))

    answers = search.answers(places, on_answered)
    if answers is None:
        return None
    wanted = answers.is_wanted(len(asked), least_likeness)
    chosen = _apart(answers, np.flatnonzero(wanted))

    def on_asked(count: int) -> None:
        on_share(ANSWERED + (1 - ANSWERED) * count / max(len(chosen), 1))

    return search.finished(answers, chosen, bias, on_asked)


@dataclass(frozen=True, eq=False)
class _Answers:
    """candidates, with their likeness to known buildings [N], and how much of each lies on known
    ones [N]"""

    candidates: list[Candidate]
    likeness: CoordArray
    on_known: CoordArray

    @property
    def outlines(self) -> npt.NDArray[np.object_]:
        return np.array([candidate.outline for candidate in self.candidates], object)

    @property
    def scores(self) -> CoordArray:
        scores = [candidate.score for candidate in self.candidates]
        return np.asarray(self.likeness * np.array(scores))

    def is_wanted(self, asked: int, least_likeness: float) -> BoolArray:
        """asked: of the places, so many from the first on"""
        places = np.array([candidate.place for candidate in self.candidates], np.intp)
        is_new = (places < asked) & (self.on_known < BESIDE)
        return np.asarray(is_new & (self.likeness >= least_likeness))


class _Search:
    """level: pinned; None for the one at which most known buildings are seen best"""

    def __init__(
        self,
        segmenter: Segmenter,
        known: Sequence[Polygonal],
        options: PolygonOptions,
        level: int | None,
        min_area_px: float,
        to_ground: Affine | None,
    ) -> None:
        self._segmenter = segmenter
        self._known = np.array(known, object)
        self._tree = shapely.STRtree(self._known)
        self._options = options
        self._to_ground = to_ground
        self._level = self._usual_level() if level is None else level
        areas = shapely.area(self._known)
        least, most = SIZES
        self._areas_px = max(min_area_px, least * float(areas.min())), most * float(areas.max())

    def _usual_level(self) -> int:
        pyramid = self._segmenter.manifest.pyramid
        bounds = shapely.bounds(self._known)
        return int(np.median([level_of_box(BoxPixel(*box), pyramid) for box in bounds]))

    def in_known(self, places: CoordArray) -> BoolArray:
        """Which of the places [N, 2] lie in known buildings."""
        inside = np.zeros(len(places), np.bool_)
        inside[self._tree.query(shapely.points(places), predicate="intersects")[0]] = True
        return inside

    def answers(self, places: CoordArray, on_answered: Callable[[int], None]) -> _Answers | None:
        """None where too few answers agree with known buildings to learn from them."""
        found = candidates_at(
            self._segmenter, places, level=self._level, areas_px=self._areas_px,
            options=self._options, to_ground=self._to_ground, before_batch=on_answered,
        )  # fmt: skip
        outlines = [candidate.outline for candidate in found]
        described, is_described = describe(self._segmenter.cache, outlines, self._level)
        found = [one for one, described_too in zip(found, is_described, strict=True)
                 if described_too]  # fmt: skip
        if not found:
            return None
        scores = np.array([[candidate.score] for candidate in found], np.float32)
        features = np.hstack([described[is_described], scores])
        agreement, on_known = self._agreement(np.array([one.outline for one in found], object))
        agrees = agreement >= AGREES
        is_other = ~agrees & ((on_known < BESIDE) | (agreement < DISAGREES))
        if agrees.sum() < LEAST_KNOWN:
            return None
        likeness = self._learnt(features[agrees], features[is_other])
        return _Answers(found, likeness.of(features), on_known)

    def _learnt(self, wanted: FloatArray, others: FloatArray) -> Likeness:
        """From answers that agree with known buildings, and all others: if these are few, what is
        missing is much of them, so that known outlines are put on ground that has none."""
        wanting = LEAST_OTHERS - len(others)
        if wanting > 0:
            displaced = on_ground(self._known, wanting, self._segmenter.manifest)
            described, is_described = describe(self._segmenter.cache, displaced, self._level)
            ground = described[is_described]
            # Nobody was asked about them: the model's estimate is to say nothing of them.
            scores = np.resize(others[:, -1:] if len(others) else wanted[:, -1:], (len(ground), 1))
            others = np.vstack([others, np.hstack([ground, scores]).reshape(-1, wanted.shape[1])])
        size = wanted.shape[1]
        samples = len(wanted) + len(others)
        return learn(wanted, others, shrinkage=size / (size + SAMPLES_A_NUMBER * samples))

    def _agreement(self, outlines: npt.NDArray[np.object_]) -> tuple[CoordArray, CoordArray]:
        """Of each outline the best IoU [N] with a known building, and its share [N] on any."""
        one, other = self._tree.query(outlines, predicate="intersects")
        shared = shapely.area(shapely.intersection(outlines[one], self._known[other]))
        areas = shapely.area(outlines)
        ious = shared / (areas[one] + shapely.area(self._known[other]) - shared)
        best, covered = np.zeros(len(outlines)), np.zeros(len(outlines))
        np.maximum.at(best, one, ious)
        np.add.at(covered, one, shared)
        return best, covered / areas

    def finished(
        self,
        answers: _Answers,
        chosen: Sequence[int],
        bias: float,
        on_asked: Callable[[int], None],
    ) -> list[MissingBuilding]:
        """Each asked for once more by the box around it, which outlines it better than a point;
        what comes back as something else stays as it was."""
        outlines = answers.outlines[list(chosen)]
        again = ask(
            self._segmenter, list(outlines), margin_px=BOX_MARGIN_PX * (1 << self._level),
            reach_px=float(AROUND_CELLS * LOGIT_CELL << self._level), level=self._level,
            on_answered=on_asked,
        )  # fmt: skip
        found = []
        for index, outline, answer in zip(chosen, outlines, again, strict=True):
            score = answers.candidates[index].score
            if isinstance(answer, Answer):
                better = mask_outline(answer, self._options, bias, self._to_ground)
                if better is not None and self._is_the_same(outline, better):
                    outline, score = better, max(score, answer.score)
            found.append(MissingBuilding(outline, float(answers.likeness[index]), score))
        return found

    def _is_the_same(self, outline: Polygonal, better: Polygonal) -> bool:
        _, (on_known,) = self._agreement(np.array([better], object))
        return _iou(outline, better) >= AGREES and bool(on_known < BESIDE)


def _apart(answers: _Answers, wanted: npt.NDArray[np.intp]) -> list[int]:
    """Of outlines that overlap the best, in the order of their scores."""
    outlines, scores = answers.outlines, answers.scores
    areas = shapely.area(outlines)
    tree = shapely.STRtree(outlines)
    taken, kept = np.zeros(len(outlines), np.bool_), []
    for index in wanted[np.argsort(-scores[wanted], kind="stable")]:
        if taken[index]:
            continue
        kept.append(int(index))
        near = tree.query(outlines[index], predicate="intersects")
        shared = shapely.area(shapely.intersection(outlines[near], outlines[index]))
        taken[near[shared > OVERLAP * np.minimum(areas[near], areas[index])]] = True
    return kept


def _spread(places: CoordArray, most: int) -> CoordArray:
    """Some of the places, spread over all."""
    return places[:: max(1, -(-len(places) // most))]


def _iou(one: Polygonal, other: Polygonal) -> float:
    shared = one.intersection(other).area
    return float(shared / (one.area + other.area - shared))
