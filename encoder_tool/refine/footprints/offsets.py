"""How far the features lie from what the image shows, as a whole and place by place.

Some features are off for themselves and some measurements fail, so the layer's offset is the
place where most agree (the mode, by mean shift), not a mean of all. Where the neighbours of a
feature agree on something else, that is believed as far as they are many (shrinkage).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from encoder_tool.types import BoolArray, CoordArray

BANDWIDTH_M = 1.0
"""Of the mode: what differs by less is the same offset, measured with the model's error."""

AGREES_M = 2.0
"""Measurements that are no further from the mode are of the layer's offset."""

MEAN_SHIFTS = 30
MAD_TO_SIGMA = 1.4826

NEIGHBOURS = 15
NEIGHBOURS_WITHIN_M = 250.0
SHRINKAGE = 10.0
"""So many neighbours count as much as the layer as a whole."""

SIGNIFICANT = 3.0
"""Standard errors by which neighbours must differ from the layer."""


@dataclass(frozen=True, slots=True)
class LayerOffset:
    """By how much the features would have to be moved to fit the image, in metres.

    dx_m: east, dy_m: north; spread_m: standard deviation of one measurement, robustly
    count: measurements that agree, of `measured`
    """

    dx_m: float
    dy_m: float
    spread_m: float
    count: int
    measured: int


NO_OFFSET = LayerOffset(0.0, 0.0, 0.0, 0, 0)


def layer_offset(offsets_m: CoordArray, weights: CoordArray) -> LayerOffset:
    """From measurements [N, 2] (east, north) and how much each counts [N]; no offset where there
    is none."""
    if not len(offsets_m) or not weights.sum() > 0:
        return NO_OFFSET
    mode = _mode(offsets_m, weights)
    near = np.hypot(*(offsets_m - mode).T) <= AGREES_M
    inner, counts = offsets_m[near], weights[near]
    middle = np.array([weighted_median(inner[:, i], counts) for i in (0, 1)])
    off = np.abs(inner - middle)
    east, north = (weighted_median(off[:, i], counts) for i in (0, 1))
    spread = MAD_TO_SIGMA * np.hypot(east, north)
    return LayerOffset(
        float(middle[0]), float(middle[1]), float(spread / np.sqrt(2)), int(near.sum()),
        len(offsets_m),
    )  # fmt: skip


def local_offsets(
    places_m: CoordArray, offsets_m: CoordArray, usable: BoolArray, layer: LayerOffset
) -> CoordArray:
    """The offset [N, 2] that each of the features has for being where it is.

    places_m: where they are [N, 2]; offsets_m: measured [N, 2], where `usable` [N]
    """
    everywhere = np.array([layer.dx_m, layer.dy_m])
    local = np.tile(everywhere, (len(places_m), 1))
    measured = np.flatnonzero(usable)
    if len(measured) <= NEIGHBOURS:
        return local
    tree = shapely.STRtree(shapely.points(places_m[measured]))
    for index, place in enumerate(places_m):
        near = measured[tree.query(shapely.Point(place).buffer(NEIGHBOURS_WITHIN_M))]
        near = near[near != index]
        distances = np.hypot(*(places_m[near] - place).T)
        near = near[np.argsort(distances, kind="stable")[:NEIGHBOURS]]
        if len(near) < NEIGHBOURS // 2:
            continue
        middle = np.median(offsets_m[near], axis=0)
        spread = MAD_TO_SIGMA * np.median(np.abs(offsets_m[near] - middle), axis=0)
        error = np.hypot(*np.maximum(spread, layer.spread_m)) / np.sqrt(len(near))
        if np.hypot(*(middle - everywhere)) > SIGNIFICANT * error:
            local[index] += len(near) / (len(near) + SHRINKAGE) * (middle - everywhere)
    return local


def _mode(offsets: CoordArray, weights: CoordArray) -> CoordArray:
    """Where the measurements lie densest, among the places that mean shift comes to."""

    def density(at: CoordArray) -> CoordArray:
        squares = ((offsets - at) ** 2).sum(axis=1)
        return np.asarray(weights * np.exp(-squares / (2 * BANDWIDTH_M**2)))

    best, highest = offsets[0], -1.0
    starts = [np.zeros(2), np.median(offsets, axis=0), *offsets[np.argsort(-weights)[:50]]]
    for start in starts:
        at = start
        for _ in range(MEAN_SHIFTS):
            near = density(at)
            if not near.sum() > 0:
                break
            at = (near[:, None] * offsets).sum(axis=0) / near.sum()
        found = float(density(at).sum())
        if found > highest + 1e-9:
            best, highest = at, found
    return np.asarray(best)


def weighted_median(values: CoordArray, weights: CoordArray) -> float:
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])
