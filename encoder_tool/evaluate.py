"""The yardstick: how well a cache's model finds known objects, by one click, a box, and clicks.

Each truth polygon that lies wholly on the raster is judged in one patch, the one that its box
would be answered from, at the finest level at which it is at most half a patch wide; so an
object larger than a patch is judged at the level where it fits. Masks and truth are compared
on the patch's 1024 x 1024 pixels. A mask is judged as it is answered: without the parts that
its prompt does not mean (`parts`), which nobody who asks gets to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from encoder_tool.errors import NotEncodedError, PromptError, UsageError
from encoder_tool.locate import choose_level, choose_patch
from encoder_tool.metrics import (
    MAX_CLICKS,
    NOC_THRESHOLDS,
    boundary_f,
    click_curve,
    clicks_needed,
    innermost_point,
    iou,
    mask_of,
    truth_mask,
)
from encoder_tool.parts import without_strays
from encoder_tool.prompts import EDGE_SLACK, PixelPrompt
from encoder_tool.segment import Segmenter
from encoder_tool.truth import TruthObject, read_truth
from encoder_tool.types import PATCH_SIZE, BoolArray, BoxPixel, Masks, PatchId, Prompt

OnProgress = Callable[[int, int], None]
"""Called with the objects done and their number."""

StopCallback = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ObjectScores:
    """What one object scored: IoU by one click and by its box, and after each click.

    polygon: the truth in pixels of the patch; boundary: F-score of the box's mask at 2 px
    predicted: the model's own estimate and the true IoU of each mask that the click (the three
        candidates) and the box gave
    curve: IoU after 1, 2 … clicks, ended when the highest NoC threshold was reached
    with_strays: IoU by one click, best-scored and best of three, and by the box, of the masks as
        the model makes them, parts that the prompt does not mean and all
    """

    class_name: str | None
    patch_id: PatchId
    polygon: shapely.Geometry
    click_best_scored: float
    click_best_of_three: float
    box: float
    boundary: float
    predicted: tuple[tuple[float, float], ...]
    curve: tuple[float, ...]
    with_strays: tuple[float, float, float]

    @property
    def side_px(self) -> float:
        """The longer side of its box, in pixels of its patch."""
        xmin, ymin, xmax, ymax = self.polygon.bounds
        return float(max(xmax - xmin, ymax - ymin))

    def iou_after(self, clicks: int) -> float:
        """IoU after a number of clicks; once it was enough, no more were made."""
        return self.curve[min(clicks, len(self.curve)) - 1]


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The scores of all objects; `skipped` truth polygons lie where nothing is encoded, or not
    wholly on the raster, or are too small to cover a pixel's centre.

    stopped: whether it was ended before its last object
    """

    scores: tuple[ObjectScores, ...]
    skipped: int
    stopped: bool = False

    @property
    def classes(self) -> list[str]:
        return sorted({s.class_name for s in self.scores if s.class_name is not None})

    def of_class(self, name: str) -> list[ObjectScores]:
        return [s for s in self.scores if s.class_name == name]

    def to_json(self) -> dict[str, Any]:
        """{"n", "click": {"best_scored": {"mean", "median"}, "best_of_three": …}, "box": …,
        "noc": {"80", "85", "90"}, "per_class": {NAME: the same without per_class}}."""
        per_class = {name: _summary(self.of_class(name)) for name in self.classes}
        return {**_summary(self.scores), "per_class": per_class}


def evaluate_cache(
    segmenter: Segmenter,
    truth_path: Path,
    layer: str | None = None,
    limit: int | None = None,
    on_progress: OnProgress | None = None,
    should_stop: StopCallback | None = None,
) -> EvaluationReport:
    """Judge a cache against the polygons of a vector file.

    layer: of the file; the first by default
    limit: at most so many objects, spread evenly over those that can be judged
    should_stop: asked after every object; the report has those that are done
    Raises UsageError when the truth cannot be read, or none of it lies on what is encoded.
    """
    truth = read_truth(truth_path, segmenter.manifest.raster.crs_wkt, layer)
    placed = list(_placed(segmenter, truth))
    skipped = len(truth) - len(placed)
    if not placed:
        raise UsageError(
            f"None of the {len(truth)} polygons of {truth_path} lies on the encoded part of the "
            f"raster.",
            "Do the truth's CRS and the cache's extent fit together?",
        )
    chosen = _spread(placed, limit)
    scores: dict[int, ObjectScores] = {}
    # Patch by patch, so that each is prepared once however few fit into memory.
    for done, i in enumerate(sorted(range(len(chosen)), key=lambda i: chosen[i].patch_id), 1):
        scores[i] = _judge(segmenter, chosen[i])
        if on_progress is not None:
            on_progress(done, len(chosen))
        if should_stop is not None and should_stop():
            break
    return EvaluationReport(
        tuple(scores[i] for i in sorted(scores)), skipped, stopped=len(scores) < len(chosen)
    )


@dataclass(frozen=True, eq=False)
class _Placed:
    """A truth object in the pixels of the patch that it is judged in."""

    class_name: str | None
    patch_id: PatchId
    polygon: shapely.Geometry


def _placed(segmenter: Segmenter, truth: Iterable[TruthObject]) -> Iterator[_Placed]:
    manifest = segmenter.manifest
    a, b, c, d, e, f = (~manifest.affine)[:6]
    for item in truth:
        polygon = shapely.affinity.affine_transform(item.geometry, (a, b, d, e, c, f))
        box = BoxPixel(*polygon.bounds)
        if not _on_raster(box, manifest.pyramid.width, manifest.pyramid.height):
            continue
        box = _clipped(box, manifest.pyramid.width, manifest.pyramid.height)
        prompt = PixelPrompt(np.empty((0, 2)), np.empty((0, 2)), box)
        try:
            patch_id = choose_patch(segmenter.cache, prompt, choose_level(prompt, manifest))
        except (NotEncodedError, PromptError):
            continue
        window, scale = segmenter.window(patch_id), 1 / (1 << patch_id.level)
        in_patch = shapely.affinity.affine_transform(
            polygon, (scale, 0, 0, scale, -window.col_off, -window.row_off)
        )
        if truth_mask(in_patch).any():
            yield _Placed(item.class_name, patch_id, in_patch)


def _on_raster(box: BoxPixel, width: int, height: int) -> bool:
    return (
        box.xmin >= -EDGE_SLACK
        and box.ymin >= -EDGE_SLACK
        and box.xmax <= width + EDGE_SLACK
        and box.ymax <= height + EDGE_SLACK
    )


def _clipped(box: BoxPixel, width: int, height: int) -> BoxPixel:
    return BoxPixel(
        max(box.xmin, 0.0), max(box.ymin, 0.0),
        min(box.xmax, float(width)), min(box.ymax, float(height)),
    )  # fmt: skip


def _spread(placed: Sequence[_Placed], limit: int | None) -> list[_Placed]:
    if limit is None or limit >= len(placed):
        return list(placed)
    if limit < 1:
        raise UsageError(f"At least one object is needed, not {limit}.")
    return [placed[i * len(placed) // limit] for i in range(limit)]


def _judge(segmenter: Segmenter, item: _Placed) -> ObjectScores:
    truth, valid = truth_mask(item.polygon), _valid_pixels(segmenter, item.patch_id)
    first = innermost_point(item.polygon)

    def ask(prompt: Prompt, multimask: bool | None = None) -> Masks:
        return segmenter.answer(item.patch_id, prompt, multimask=multimask)

    def answer(prompt: Prompt) -> Masks:
        return without_strays(ask(prompt), prompt)

    def ious(masks: Masks) -> list[float]:
        return [iou(mask_of(logits) & valid, truth) for logits in masks.logits]

    click = Prompt(np.array([first]), np.ones(1, np.int64))
    box = Prompt(box=BoxPixel(*item.polygon.bounds))
    by_click, by_box = ask(click, multimask=True), ask(box, multimask=False)
    best, all_parts = by_click.best, ious(by_click)
    candidates, in_box = ious(without_strays(by_click, click)), without_strays(by_box, box)
    (box_iou,), (box_all_parts,) = ious(in_box), ious(by_box)
    estimates = [float(value) for value in (*by_click.iou_predictions, *by_box.iou_predictions)]
    return ObjectScores(
        class_name=item.class_name,
        patch_id=item.patch_id,
        polygon=item.polygon,
        click_best_scored=candidates[best],
        click_best_of_three=max(candidates),
        box=box_iou,
        boundary=boundary_f(mask_of(in_box.logits[0]) & valid, truth),
        predicted=tuple(zip(estimates, (*candidates, box_iou), strict=True)),
        curve=tuple(click_curve(answer, truth, valid, first)),
        with_strays=(all_parts[best], max(all_parts), box_all_parts),
    )


def _valid_pixels(segmenter: Segmenter, patch_id: PatchId) -> BoolArray:
    """The patch's pixels whose centre lies on the raster, [1024, 1024]."""
    area = segmenter.raster_in_patch(patch_id)
    centres = np.arange(PATCH_SIZE) + 0.5
    return (centres < area.ymax)[:, None] & (centres < area.xmax)[None, :]


def _summary(scores: Sequence[ObjectScores]) -> dict[str, Any]:
    return {
        "n": len(scores),
        "click": {
            "best_scored": _centre([s.click_best_scored for s in scores]),
            "best_of_three": _centre([s.click_best_of_three for s in scores]),
        },
        "box": _centre([s.box for s in scores]),
        "noc": {
            f"{100 * threshold:.0f}": float(
                np.mean([clicks_needed(s.curve, threshold, MAX_CLICKS) for s in scores])
            )
            for threshold in NOC_THRESHOLDS
        },
    }


def _centre(values: Sequence[float]) -> dict[str, float]:
    return {"mean": float(np.mean(values)), "median": float(np.median(values))}
