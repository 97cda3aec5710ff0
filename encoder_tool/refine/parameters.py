"""The thresholds of refining, with defaults that were measured (docs/refine.md says how)."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from encoder_tool.errors import UsageError

MOST_SEARCH_M = 50.0
"""What is looked at around each footprint, and kept, grows with the square of the search."""


@dataclass(frozen=True, slots=True)
class RefineParameters:
    """Lengths in metres on the ground, angles in degrees; fits are soft IoUs, likenesses 0 to 1.

    search_m: how far from its place a footprint is looked for, at most `MOST_SEARCH_M`
    box_margin_m: by which the box of a footprint is grown
    gone_likeness: where the ground is less like the other roofs, and the footprint does not fit,
        nothing is there; least_area_px: in pixels of level 0, of what is smaller that is not said
    gone_edges: the same, where the image's edges are known: if those along it are weaker than this
        share of what is usual in the layer
    nowhere_fit, nowhere_edges: in a layer that is mixed, where the image's edges are known, nothing
        is there either, whatever the ground looks like, if both are below these shares of what is
        usual wherever the footprint is put and turned
    likeness_loss: no footprint is moved to where the ground is less like roofs by more
    least_edge_gain: nor to where the image's edges along it are not stronger by so much than along
        what is simpler: the footprint as it is, the same shifted, turned
    sure_edges: one that is changed to where the image's edges along it are so strong, as a share of
        what is usual in the layer, is there, whatever the ground looks like
    usual_fit, least_fit: shares of the fit that is usual in the layer: no footprint is moved to
        where it fits worse, and of one that fits worse nothing is told
    shift_share, turn_share, scale_share: the share of its misfit that a shift, a turn, another
        size must explain; with `_mixed`: in a layer that is mixed
    outline_share: the same for an outline drawn anew, in a layer that is mixed. nano's never fit
        clearly better than the footprint, moved, turned and scaled
    clear_share: the share that a shift or a turn explains of a footprint that is clearly off;
        clear_share_edges: the same, where the image's edges are known and stronger there, too.
        A layer is mixed where more than `mixed_share` of its footprints, and `mixed_count`, are;
        in others, those that are clearly off but are not changed are uncertain
    least_change: 1 - IoU of a footprint and the same, shifted; least_turn: by which it is turned;
        least_scale: by which it is larger or smaller. What is less is nothing
    most_scale: what fits larger or smaller by more is another building
    least_layer_shift_m: with the imagery trusted, an offset of the layer that is worth moving it
    """

    search_m: float = 6.0
    box_margin_m: float = 1.5
    gone_likeness: float = 0.2
    gone_edges: float = 0.85
    nowhere_fit: float = 0.63
    nowhere_edges: float = 0.9
    least_area_px: float = 64.0
    likeness_loss: float = 0.2
    least_edge_gain: float = 0.06
    sure_edges: float = 1.0
    usual_fit: float = 0.7
    least_fit: float = 0.5
    shift_share: float = 1.0
    shift_share_mixed: float = 0.12
    far_share: float = 0.3
    turn_share: float = 1.0
    turn_share_mixed: float = 0.12
    scale_share: float = 3.0
    scale_share_mixed: float = 0.3
    scale_share_edges: float = 0.1
    outline_share: float = 3.0
    clear_share: float = 0.6
    clear_share_edges: float = 0.3
    mixed_share: float = 0.08
    mixed_count: int = 3
    least_change: float = 0.11
    least_turn: float = 8.0
    least_scale: float = 0.06
    most_scale: float = 0.25
    least_layer_shift_m: float = 0.3

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise UsageError(f"{field.name} must be a number of at least 0, not {value}.")
        if self.search_m > MOST_SEARCH_M:
            raise UsageError(
                f"A building is looked for {self.search_m:g} m from its place, and at most "
                f"{MOST_SEARCH_M:g} m are possible.",
                "Where the image is off by more, move the layer as a whole first.",
            )


DEFAULT_PARAMETERS = RefineParameters()
