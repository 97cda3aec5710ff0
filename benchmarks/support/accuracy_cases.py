"""A picture of what a model finds: the worst things by their box and by a click, the middling and
the best."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import rasterio
from rasterio.windows import Window as RasterWindow

from encoder_tool.evaluate import ObjectScores
from encoder_tool.metrics import innermost_point, mask_of, truth_mask
from encoder_tool.parts import without_strays
from encoder_tool.segment import Segmenter
from encoder_tool.types import PATCH_SIZE, BoolArray, BoxPixel, Prompt

Rasters = Sequence[tuple[Path, Segmenter, Sequence[ObjectScores]]]

_PER_ROW = 6
_TILE_PX = 200
_TRUTH, _BOX, _CLICK = (255, 255, 255), (255, 200, 0), (0, 90, 255)
"""Of outlines, in RGB."""


def draw_cases(rasters: Rasters, path: Path) -> None:
    """Four rows: worst by the box, worst by one click, middling and best by the box. White: truth,
    yellow: by the box, blue: by one click (best scored)."""
    cases = [
        (score, raster, segmenter) for raster, segmenter, scores in rasters for score in scores
    ]
    by_click = sorted(cases, key=lambda case: case[0].click_best_scored)
    cases.sort(key=lambda case: case[0].box)
    middle = max(0, len(cases) // 2 - _PER_ROW // 2)
    rows = (
        cases[:_PER_ROW],
        by_click[:_PER_ROW],
        cases[middle : middle + _PER_ROW],
        cases[-_PER_ROW:],
    )
    pictures = []
    for row in rows:
        tiles = [_draw(*case) for case in row]
        tiles += [np.zeros_like(tiles[0])] * (_PER_ROW - len(tiles))
        pictures.append(np.hstack(tiles))
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.vstack(pictures)[..., ::-1])


def _draw(score: ObjectScores, raster: Path, segmenter: Segmenter) -> np.ndarray:
    polygon, patch_id = score.polygon, score.patch_id
    xmin, ymin, xmax, ymax = polygon.bounds
    side = max(xmax - xmin, ymax - ymin, 12) * 1.8
    left, top = (xmin + xmax - side) / 2, (ymin + ymax - side) / 2
    scale = _TILE_PX / side
    box = Prompt(box=BoxPixel(*polygon.bounds))
    click = Prompt(np.array([innermost_point(polygon)]), np.ones(1, np.int64))
    by_box = segmenter.answer(patch_id, box, multimask=False)
    by_click = segmenter.answer(patch_id, click, multimask=True)
    by_box, by_click = without_strays(by_box, box), without_strays(by_click, click)
    matrix = np.array([[scale, 0, -scale * left], [0, scale, -scale * top]])
    tile = cv2.warpAffine(_patch_picture(raster, segmenter, score), matrix, (_TILE_PX, _TILE_PX))
    masks = (
        (truth_mask(polygon), _TRUTH),
        (mask_of(by_click.logits[by_click.best]), _CLICK),
        (mask_of(by_box.logits[0]), _BOX),
    )
    for mask, colour in masks:
        _outline(tile, mask, matrix, colour)
    label = f"{score.class_name or ''} {score.box:.2f} {score.click_best_scored:.2f}"
    cv2.putText(tile, label, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 2, cv2.LINE_AA)
    cv2.putText(tile, label, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.38, _TRUTH, 1, cv2.LINE_AA)
    return tile


def _patch_picture(raster: Path, segmenter: Segmenter, score: ObjectScores) -> np.ndarray:
    """The patch's pixels, [1024, 1024, 3]; black beyond the raster."""
    window, factor = segmenter.window(score.patch_id), 1 << score.patch_id.level
    picture = np.zeros((PATCH_SIZE, PATCH_SIZE, 3), np.uint8)
    with rasterio.open(raster) as source:
        left, top = factor * window.col_off, factor * window.row_off
        width = min(factor * PATCH_SIZE, source.width - left)
        height = min(factor * PATCH_SIZE, source.height - top)
        shape = (3, -(-height // factor), -(-width // factor))
        part = source.read(
            [1, 2, 3], window=RasterWindow(left, top, width, height), out_shape=shape
        )
    picture[: shape[1], : shape[2]] = np.moveaxis(part, 0, -1)
    return picture


def _outline(
    tile: np.ndarray, mask: BoolArray, matrix: np.ndarray, colour: tuple[int, int, int]
) -> None:
    large = cv2.warpAffine(mask.astype(np.float32), matrix, (_TILE_PX, _TILE_PX)) > 0.5
    contours, _ = cv2.findContours(large.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(tile, contours, -1, colour, 1)
