"""Is the same thing found alike wherever it lies in the patch, and at other resolutions?"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import shapely

from encoder_tool.metrics import innermost_point, iou, mask_of
from encoder_tool.model import decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.seam import FeatureEncoder, PatchState
from encoder_tool.model.spec import IMAGENET_MEAN
from encoder_tool.parts import without_strays
from encoder_tool.scene import Scene, make_scene
from encoder_tool.types import PATCH_SIZE, BoolArray, BoxPixel, Prompt

SEEDS = (2_100_000, 2_100_001)
SCENE_PX = 1280
OFFSETS = ((0, 0), (37, 101), (64, 22), (90, 200), (128, 128), (171, 63), (203, 245), (256, 9))
"""Columns and rows that the patch begins at: multiples of the strides, and none."""

PER_SCENE = 16
_MARGIN = 24
_SMALLEST_PX, _LARGEST_PX = 16, 400


def consistency(name: str, checkpoint: Path | None) -> dict[str, float]:
    """Mean pairwise IoU of a thing's masks at `OFFSETS`, by its box and by one click (the
    candidate scored best), and of its box's masks at half and double resolution with the
    plain one."""
    model = resolve_model(name, checkpoint)
    finder = _Finder(load_encoder(model, "cpu"), OnnxDecoder(decoder_graphs(model), None))
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        scene = make_scene(SCENE_PX, seed)
        for key, values in _of_scene(finder, scene.image, _chosen(scene, seed)).items():
            found.setdefault(key, []).extend(values)
    means = {key: float(np.mean(values)) for key, values in found.items()}
    return {"offsets": len(OFFSETS), "things": len(found["box_offset"]), **means}


def _chosen(scene: Scene, seed: int) -> list[shapely.Polygon]:
    """Things that lie whole in the patch at each offset."""
    low = max(max(offset) for offset in OFFSETS) + _MARGIN
    high = PATCH_SIZE - _MARGIN
    polygons = []
    for item in scene.objects:
        points = item.exterior
        side = float(np.ptp(points, axis=0).max())
        if points.min() >= low and points.max() <= high and _SMALLEST_PX <= side <= _LARGEST_PX:
            polygons.append(shapely.Polygon(points, item.holes))
    order = np.random.default_rng(seed).permutation(len(polygons))[:PER_SCENE]
    return [polygons[i] for i in order]


class _Finder:
    """Masks of things in patches of a picture."""

    def __init__(self, encoder: FeatureEncoder, decoder: OnnxDecoder) -> None:
        self._encoder, self._decoder = encoder, decoder

    def patch(self, picture: np.ndarray) -> PatchState:
        planes = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / 255
        (features,) = self._encoder.encode(planes)
        return self._decoder.prepare(features)

    def masks(self, state: PatchState, polygon: shapely.Polygon) -> tuple[BoolArray, BoolArray]:
        """By the box, and by one click."""
        click = Prompt(np.array([innermost_point(polygon)]), np.ones(1, np.int64))
        box = Prompt(box=BoxPixel(*polygon.bounds))
        (by_box,) = self._decoder.decode(state, [box], multimask=False)
        (by_click,) = self._decoder.decode(state, [click], multimask=True)
        return (
            mask_of(without_strays(by_box, box).logits[0]),
            mask_of(without_strays(by_click, click).logits[by_click.best]),
        )


def _of_scene(
    finder: _Finder, image: np.ndarray, things: list[shapely.Polygon]
) -> dict[str, list[float]]:
    seen: list[list[tuple[BoolArray, BoolArray]]] = [[] for _ in things]
    for col, row in OFFSETS:
        state = finder.patch(image[row : row + PATCH_SIZE, col : col + PATCH_SIZE])
        for masks, thing in zip(seen, things, strict=True):
            moved = shapely.affinity.translate(thing, -col, -row)
            pair = finder.masks(state, moved)
            masks.append(tuple(_placed(mask, col, row) for mask in pair))
    plain = [masks[0][0][:PATCH_SIZE, :PATCH_SIZE] for masks in seen]
    return {
        "box_offset": [_agreement([pair[0] for pair in masks]) for masks in seen],
        "click_offset": [_agreement([pair[1] for pair in masks]) for masks in seen],
        "box_half": _at_half(finder, image, things, plain),
        "box_double": _at_double(finder, image, things, plain),
    }


def _placed(mask: BoolArray, col: int, row: int) -> BoolArray:
    """A patch's mask on the scene."""
    whole = np.zeros((SCENE_PX, SCENE_PX), np.bool_)
    whole[row : row + PATCH_SIZE, col : col + PATCH_SIZE] = mask
    return whole


def _agreement(masks: list[BoolArray]) -> float:
    return float(np.mean([iou(one, other) for one, other in combinations(masks, 2)]))


def _at_half(
    finder: _Finder, image: np.ndarray, things: list[shapely.Polygon], plain: list[BoolArray]
) -> list[float]:
    """The whole scene at half the size, padded to a patch."""
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    empty = np.round(255 * np.array(IMAGENET_MEAN)).astype(np.uint8)
    patch = np.full((PATCH_SIZE, PATCH_SIZE, 3), empty, np.uint8)
    patch[: small.shape[0], : small.shape[1]] = small
    state = finder.patch(patch)
    found = []
    for thing, reference in zip(things, plain, strict=True):
        mask = finder.masks(state, shapely.affinity.scale(thing, 0.5, 0.5, origin=(0, 0)))[0]
        large = cv2.resize(mask.astype(np.float32), None, fx=2, fy=2) > 0.5
        found.append(iou(large[:PATCH_SIZE, :PATCH_SIZE], reference))
    return found


def _at_double(
    finder: _Finder, image: np.ndarray, things: list[shapely.Polygon], plain: list[BoolArray]
) -> list[float]:
    """Each thing's surroundings at twice the size."""
    half, found = PATCH_SIZE // 2, []
    states: dict[tuple[int, int], PatchState] = {}
    for thing, reference in zip(things, plain, strict=True):
        # A coarse grid of places, so that neighbours share a patch.
        col, row = (
            int(np.clip(round((v - half / 2) / 128) * 128, 0, half))
            for v in (thing.centroid.x, thing.centroid.y)
        )
        xmin, ymin, xmax, ymax = thing.bounds
        if xmin < col or ymin < row or xmax > col + half or ymax > row + half:
            continue
        if (col, row) not in states:
            part = image[row : row + half, col : col + half]
            states[col, row] = finder.patch(cv2.resize(part, None, fx=2, fy=2))
        moved = shapely.affinity.translate(thing, -col, -row)
        mask = finder.masks(states[col, row], shapely.affinity.scale(moved, 2, 2, origin=(0, 0)))[0]
        small = cv2.resize(mask.astype(np.float32), None, fx=0.5, fy=0.5) > 0.5
        found.append(iou(small, reference[row : row + half, col : col + half]))
    return found
