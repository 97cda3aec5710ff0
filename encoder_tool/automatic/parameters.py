"""How masks are asked for and which of them are kept: sam2's automatic parameters, by its names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from encoder_tool.errors import UsageError
from encoder_tool.model.registry import is_nano

MAX_POINTS_PER_SIDE = 256
"""A point for each logit cell: more would ask the same again."""


@dataclass(frozen=True, slots=True)
class MaskParameters:
    """The parameters of sam2's `SAM2AutomaticMaskGenerator`, with its defaults and meaning.

    points_per_side: of the grid that is laid over each patch
    points_per_batch: points that are decoded together
    pred_iou_thresh: masks must be scored above it; 0 for all
    stability_score_thresh, stability_score_offset: the part of a mask that stays when the logits
        are cut at +offset in place of -offset must be at least this; 0 for all
    box_nms_thresh: of two masks of a patch whose boxes have a larger IoU, the better-scored stays
    crop_n_layers: how many finer levels are looked at as well; layer n has half the pixel size
        of layer n - 1
    crop_nms_thresh: of two objects of different patches or layers whose masks have a larger IoU,
        that of the finer layer stays, or else the one that was found first, or of those found
        together the better-scored
    crop_n_points_downscale_factor: layer n has points_per_side / factor^n points a side
    min_mask_region_area: holes and specks up to this many logit cells (4 x 4 pixels) go
    use_m2m: each mask is decoded once more, with itself as an earlier mask
    skip_covered: leave out the points that lie in masks which are accepted already (not sam2's)
    """

    points_per_side: int = 32
    points_per_batch: int = 64
    pred_iou_thresh: float = 0.8
    stability_score_thresh: float = 0.95
    stability_score_offset: float = 1.0
    box_nms_thresh: float = 0.7
    crop_n_layers: int = 0
    crop_nms_thresh: float = 0.7
    crop_n_points_downscale_factor: int = 1
    min_mask_region_area: int = 0
    use_m2m: bool = False
    skip_covered: bool = False

    def __post_init__(self) -> None:
        for name in ("points_per_side", "points_per_batch", "crop_n_points_downscale_factor"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} must be 1 or more, not {getattr(self, name)}.")
        if self.points_per_side > MAX_POINTS_PER_SIDE:
            raise UsageError(
                f"points_per_side must be at most {MAX_POINTS_PER_SIDE}, not "
                f"{self.points_per_side}.",
                "For smaller objects, look at a finer level or add a crop layer.",
            )
        for name in ("crop_n_layers", "min_mask_region_area", "stability_score_offset"):
            if not getattr(self, name) >= 0:
                raise UsageError(f"{name} must be 0 or more, not {getattr(self, name)}.")
        for name in (
            "pred_iou_thresh", "stability_score_thresh", "box_nms_thresh", "crop_nms_thresh",
        ):  # fmt: skip
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} must be between 0 and 1, not {getattr(self, name)}.")

    def points_of_layer(self, layer: int) -> int:
        """Points a side on the patches of crop layer `layer`, 0 being the wanted level itself.

        Raises UsageError when none are left.
        """
        points = int(self.points_per_side / self.crop_n_points_downscale_factor**layer)
        if points < 1:
            raise UsageError(
                f"With {self.points_per_side} points a side and a downscale factor of "
                f"{self.crop_n_points_downscale_factor}, crop layer {layer} has no points left.",
                "Take more points, fewer layers or a smaller factor.",
            )
        return points

    def with_changes(self, changes: Mapping[str, Any]) -> MaskParameters:
        """The same but for what `changes` names; those that are None leave theirs as it is."""
        return replace(self, **{k: v for k, v in changes.items() if v is not None})


PRESETS: Mapping[str, MaskParameters] = {
    "default": MaskParameters(),
    "detailed": MaskParameters(
        pred_iou_thresh=0.7,
        stability_score_thresh=0.92,
        stability_score_offset=0.7,
        crop_n_layers=1,
        crop_n_points_downscale_factor=2,
        min_mask_region_area=150,
        use_m2m=True,
    ),
    "fast": MaskParameters(points_per_side=24, points_per_batch=16, skip_covered=True),
}
"""sam2's own defaults; its example for fine detail; and a quick look."""

NANO_THRESHOLDS: Mapping[str, tuple[float, float]] = {
    "default": (0.65, 0.5),
    "detailed": (0.65, 0.8),
    "fast": (0.65, 0.5),
}
"""Least score and stability (docs/automatic.md): stricter than the best F1 on scenes, so that four
objects in five are found wherever the patches lie. nano's scores and logits are flatter than
sam2's: of six scenes, sam2's own thresholds leave no mask."""


def preset(name: str, model: str) -> MaskParameters:
    """A preset with the thresholds that suit a model.

    model: its name, as a cache gives it; raises UsageError for a name that is no preset
    """
    if name not in PRESETS:
        raise UsageError(f"There is no preset {name!r}; choose one of {', '.join(PRESETS)}.")
    if not is_nano(model):
        return PRESETS[name]
    score, stability = NANO_THRESHOLDS[name]
    return replace(PRESETS[name], pred_iou_thresh=score, stability_score_thresh=stability)
