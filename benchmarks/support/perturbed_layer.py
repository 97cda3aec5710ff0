"""Footprints as maps have them: some true, some shifted, turned, scaled, merged, invented or
missing, each with what is true of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, affinity

from encoder_tool.outline import Polygonal, valid

SHARES = {
    "true": 0.40, "shifted": 0.20, "turned": 0.08, "scaled": 0.08, "all three": 0.10,
    "missing": 0.07, "invented": 0.07,
}  # fmt: skip
"""What is done to buildings, by their share; `merged` takes what lies close together first."""

MERGED_SHARE = 0.06
LARGEST_SHIFT_M = 5.0
LARGEST_TURN = 30.0
SCALES = (0.8, 1.2)
MERGED_WITHIN_M = 6.0
CLEAR_M = 3.0
"""Between an invented footprint and everything that is true."""


@dataclass(frozen=True, eq=False)
class Perturbed:
    """A footprint of the layer.

    kind: what was done to it
    old: as the layer has it; truth: as it should be, None where there is nothing
    """

    kind: str
    old: Polygonal
    truth: Polygonal | None

    @property
    def old_iou(self) -> float:
        return iou(self.old, self.truth)


@dataclass(frozen=True, eq=False)
class PerturbedLayer:
    """missing: true ones that the layer lacks"""

    footprints: tuple[Perturbed, ...]
    missing: tuple[Polygonal, ...]


def perturbed_layer(
    truth: Sequence[Polygonal], obstacles: Sequence[shapely.Geometry], seed: int
) -> PerturbedLayer:
    """Drawn by the seed; all in one CRS in metres.

    obstacles: where no footprint is invented, besides the truth
    """
    rng = np.random.default_rng(seed)
    left = [truth[i] for i in rng.permutation(len(truth))]
    footprints = [
        Perturbed("merged", merged, shapely.union_all(pair))
        for pair, merged in _merged(left, round(MERGED_SHARE * len(truth) / 2))
    ]
    names = list(SHARES)
    # Exact numbers of each rather than draws: small layers have some of all.
    ends = np.round(np.cumsum(list(SHARES.values())) / sum(SHARES.values()) * len(left))
    kinds = [names[int(np.searchsorted(ends, i, side="right"))] for i in range(len(left))]
    missing, taken = [], shapely.union_all([*truth, *obstacles])
    for kind, shape in zip(kinds, left, strict=True):
        if kind == "missing":
            missing.append(shape)
        elif kind == "invented":
            footprints.append(Perturbed("true", shape, shape))
            invented = _invented(shape, taken, shapely.union_all(truth).bounds, rng)
            if invented is not None:
                footprints.append(Perturbed("invented", invented, None))
                taken = taken.union(invented)
        else:
            footprints.append(Perturbed(kind, _changed(kind, shape, rng), shape))
    order = rng.permutation(len(footprints))
    return PerturbedLayer(tuple(footprints[i] for i in order), tuple(missing))


def iou(one: shapely.Geometry | None, other: shapely.Geometry | None) -> float:
    """0 where one of them is not there."""
    if one is None or other is None:
        return 0.0
    return float(one.intersection(other).area / one.union(other).area)


def _changed(kind: str, shape: Polygonal, rng: np.random.Generator) -> Polygonal:
    changed = shape
    if kind in ("scaled", "all three"):
        factor = rng.uniform(*SCALES)
        changed = affinity.scale(changed, factor, factor, origin="centroid")
    if kind in ("turned", "all three"):
        changed = affinity.rotate(changed, rng.uniform(-LARGEST_TURN, LARGEST_TURN), "centroid")
    if kind in ("shifted", "all three"):
        length, way = rng.uniform(0, LARGEST_SHIFT_M), rng.uniform(0, 2 * np.pi)
        changed = affinity.translate(changed, length * np.cos(way), length * np.sin(way))
    return changed


def _merged(
    left: list[Polygonal], count: int
) -> list[tuple[tuple[Polygonal, Polygonal], Polygonal]]:
    """Pairs of neighbours with the one footprint that is drawn around both; they are taken out of
    `left`."""
    near = sorted(
        (a.distance(b), i, j)
        for (i, a), (j, b) in combinations(enumerate(left), 2)
        if a.distance(b) <= MERGED_WITHIN_M
    )
    found, used = [], set[int]()
    for _, i, j in near:
        if len(found) == count:
            break
        if {i, j} & used:
            continue
        both = shapely.union_all([left[i], left[j]])
        around = valid(shapely.oriented_envelope(both))
        if any(around.intersects(left[k]) for k in range(len(left)) if k not in (i, j)):
            continue
        used |= {i, j}
        found.append(((left[i], left[j]), around))
    left[:] = [shape for k, shape in enumerate(left) if k not in used]
    return found


def _invented(
    shape: Polygonal,
    taken: shapely.Geometry,
    bounds: tuple[float, float, float, float],
    rng: np.random.Generator,
) -> Polygonal | None:
    """The shape, turned, at a place where nothing is; None where none is found."""
    xmin, ymin, xmax, ymax = bounds
    for _ in range(200):
        turned = affinity.rotate(shape, rng.uniform(0, 360), "centroid")
        x, y = rng.uniform(xmin, xmax), rng.uniform(ymin, ymax)
        placed = affinity.translate(turned, x - turned.centroid.x, y - turned.centroid.y)
        inside = shapely.box(*bounds).contains(placed)
        if inside and placed.distance(taken) >= CLEAR_M and _is_polygonal(placed):
            return placed
    return None


def _is_polygonal(geometry: shapely.Geometry) -> bool:
    return isinstance(geometry, Polygon | MultiPolygon)
