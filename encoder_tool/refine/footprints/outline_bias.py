"""At which logit the outlines of a layer run: what a mask's zero is to its model, roof, eaves or
shadow, need not be what the layer's footprints are drawn around.

Most footprints have about the right size, so the masks of half of them are to be larger than they
are. nano draws things too large, and small ones more so: the question is asked for each footprint
of those of about its size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from encoder_tool.outline import Polygonal
from encoder_tool.refine.footprints.asking import Answer, Unasked
from encoder_tool.types import CoordArray

BIASES = np.linspace(-3.0, 6.0, 37)
"""Logits that are tried."""

OF_A_SIZE = 41
"""Footprints that say it for one, those nearest to it in size."""

SURE = 5.0
"""So many footprints count as much as the model's own word, which is zero."""


def outline_biases(
    answers: Sequence[Answer | Unasked], footprints: Sequence[Polygonal]
) -> CoordArray:
    """The logit [N] at which the outline of each footprint runs."""
    sizes = np.log([footprint.area for footprint in footprints])
    answered = [index for index, answer in enumerate(answers) if isinstance(answer, Answer)]
    if not answered:
        return np.zeros(len(footprints))
    answered.sort(key=lambda index: sizes[index])
    ratios = np.array([_log_ratios(answers[index], footprints[index]) for index in answered])
    by_size, biases = sizes[answered], np.empty(len(footprints))
    for index, size in enumerate(sizes):
        # The nearest are among so many on both sides: no layer is sorted once for each of its own.
        place = int(np.searchsorted(by_size, size))
        around = np.arange(max(place - OF_A_SIZE, 0), min(place + OF_A_SIZE, len(by_size)))
        near = around[np.argsort(np.abs(by_size[around] - size), kind="stable")[:OF_A_SIZE]]
        found = BIASES[np.abs(np.median(ratios[near], axis=0)).argmin()]
        biases[index] = found * len(near) / (len(near) + SURE)
    return biases


def _log_ratios(answer: Answer | Unasked, footprint: Polygonal) -> CoordArray:
    """Of the mask's area, cut at each of the logits, and the footprint's."""
    assert isinstance(answer, Answer)
    areas = np.array([answer.area_above(bias) for bias in BIASES])
    return np.asarray(np.log(np.maximum(areas / footprint.area, 1e-3)))
