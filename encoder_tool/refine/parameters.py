"""The thresholds of refining, with defaults that were measured (docs/refine.md says how)."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from encoder_tool.errors import UsageError


@dataclass(frozen=True, slots=True)
class RefineParameters:
    """Lengths in metres on the ground; fits are soft IoUs, likenesses and shares 0 to 1.

    search_m: how far from its place a footprint is looked for
    box_margin_m: by which the box of a footprint is grown
    least_shift_m: what is off by less is not off
    least_layer_shift_m: with the imagery trusted, an offset of the layer that is worth moving it
    least_fit: a footprint that fits less is told nothing of
    gone_likeness: where the ground is less like the other roofs, nothing is there
    shift_gain, reshape_gain: by which a shift, or another shape, must fit better than what is
        there; shift_gain_mixed, reshape_gain_mixed: the same in a layer of which more than
        `mixed_share` clearly are off for themselves
    """

    search_m: float = 8.0
    box_margin_m: float = 1.5
    least_shift_m: float = 0.8
    least_fit: float = 0.3
    gone_likeness: float = 0.35
    shift_gain: float = 0.15
    shift_gain_mixed: float = 0.06
    reshape_gain: float = 0.1
    reshape_gain_mixed: float = 0.05
    mixed_share: float = 0.04
    least_layer_shift_m: float = 0.3

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise UsageError(f"{field.name} must be a number of at least 0, not {value}.")


DEFAULT_PARAMETERS = RefineParameters()
