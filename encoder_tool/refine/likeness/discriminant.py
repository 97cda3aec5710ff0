"""How much something looks like the buildings that are known, learnt from them on the spot.

A linear discriminant with a shrunk covariance (Friedman 1989, "Regularized Discriminant
Analysis"), between descriptors of known buildings and of what is around them. What it says is
turned into a probability by how far apart the two lie for descriptors that it did not see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder_tool.types import CoordArray, FloatArray

SHRINKAGE = 0.1
"""Of the covariance, where there are many more samples than numbers in a descriptor."""

FOLDS = 5
"""Parts of which each is judged by what was learnt from the others."""

DOUBTFUL = 0.5
"""Background that is more likely than this to be a building is left out and the rest learnt
anew: the buildings that are missing are in it."""

SLOPE_LIMIT = 20.0
"""Of the logistic curve, per distance between the two middles: where nothing is misjudged, any
would do."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """middle, spread: of all descriptors; weights: of them in spreads
    slope, offset: of the logistic curve"""

    middle: CoordArray
    spread: CoordArray
    weights: CoordArray
    slope: float
    offset: float

    def of(self, descriptors: FloatArray) -> CoordArray:
        """The likeness [N] of descriptors [N, D], 0 to 1; 0.5 is as much the one as the other."""
        projected = _projected(descriptors, self.middle, self.spread, self.weights)
        return _logistic(self.slope * projected + self.offset)


def learn(
    known: FloatArray, background: FloatArray, seed: int = 0, shrinkage: float = SHRINKAGE
) -> Likeness:
    """What tells `known` [N, D] from `background` [M, D], each of at least `FOLDS`.

    Some of the background may be of the kind of `known`.
    shrinkage: share of a multiple of the identity in the covariance, 0 to 1
    """
    first = _learnt(known, background, seed, shrinkage)
    clear = background[first.of(background) <= DOUBTFUL]
    return first if len(clear) < FOLDS else _learnt(known, clear, seed, shrinkage)


def _learnt(known: FloatArray, background: FloatArray, seed: int, shrinkage: float) -> Likeness:
    unseen = [
        _of_unseen(mine, others, seed, shrinkage)
        for mine, others in ((known, background), (background, known))
    ]
    low, high = float(np.mean(-unseen[1])), float(np.mean(unseen[0]))
    spread = max(float(np.sqrt((np.var(unseen[0]) + np.var(unseen[1])) / 2)), 1e-9)
    # Two normal distributions of one spread are told apart by a logistic curve of this slope.
    slope = min((high - low) / spread**2, SLOPE_LIMIT / max(high - low, 1e-9))
    middle, scale, weights = _discriminant(known, background, shrinkage)
    return Likeness(middle, scale, weights, slope, -slope * (high + low) / 2)


def _of_unseen(mine: FloatArray, others: FloatArray, seed: int, shrinkage: float) -> CoordArray:
    """What is said of each of `mine` by what was learnt without it."""
    fold = np.random.default_rng(seed).permutation(len(mine)) % FOLDS
    said = np.empty(len(mine), np.float64)
    for number in range(FOLDS):
        left_out = fold == number
        learnt = _discriminant(mine[~left_out], others, shrinkage)
        said[left_out] = _projected(mine[left_out], *learnt)
    return said


def _discriminant(
    known: FloatArray, background: FloatArray, shrinkage: float
) -> tuple[CoordArray, CoordArray, CoordArray]:
    """Middle, spread and weights; both classes count the same."""
    everything = np.vstack([known, background]).astype(np.float64)
    middle, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-6
    ones, others = (known - middle) / spread, (background - middle) / spread
    covariance = (np.cov(ones.T, bias=True) + np.cov(others.T, bias=True)) / 2
    size = len(covariance)
    ridge = shrinkage * max(np.trace(covariance) / size, 1e-9)
    shrunk = (1 - shrinkage) * covariance + ridge * np.eye(size)
    means = ones.mean(axis=0), others.mean(axis=0)
    weights = np.linalg.solve(shrunk, means[0] - means[1])
    # Measured from halfway between the two.
    middle = middle + spread * (means[0] + means[1]) / 2
    return middle, spread, weights


def _projected(
    descriptors: FloatArray, middle: CoordArray, spread: CoordArray, weights: CoordArray
) -> CoordArray:
    return np.asarray(((descriptors - middle) / spread) @ weights)


def _logistic(values: CoordArray) -> CoordArray:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))))
