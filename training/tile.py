"""Tiles: square pictures with what is in them, as training draws crops from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.scene import SceneObject
from encoder_tool.scene.canvas import coverage

TILE_SIZE = 1024

CLASSES = ("building", "field", "water", "tree", "road")
"""Objects, of which no two overlap."""

PARTS = ("roof plane", "lot", "car", "drive", "pool")
"""What lies on objects or around them: the other readings of a click."""

OBJECT_LAYER, PART_LAYER = 0, 1

_LEAST_AREA_PX = 30

MOST_OBJECTS = 32_000
"""Labels are stored as int16."""


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture and its labels.

    image: uint8 [T, T, 3], RGB
    labels: int16 [2, T, T], 0 where nothing is: an object in the first layer, a part of one or
        a whole lot in the second; numbered through both
    classes: uint8 [n + 1], of each label; 1 … for CLASSES and then PARTS, 0 for label 0
    things: float32 [n, 4], (x, y) of the middle, longer side and class of all that is not tiny
    fully_labelled: whether a pixel without a label is known to be none of CLASSES
    """

    image: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int16]
    classes: npt.NDArray[np.uint8]
    things: npt.NDArray[np.float32]
    fully_labelled: bool


def label_tile(
    image: npt.NDArray[np.uint8],
    objects: Sequence[SceneObject],
    parts: Sequence[SceneObject] = (),
    *,
    fully_labelled: bool,
) -> Tile:
    """Burn rings in pixels into labels: a pixel belongs to what covers half of it."""
    kinds = (*CLASSES, *PARTS)
    labels = np.zeros((2, *image.shape[:2]), np.int16)
    classes = [0]
    for layer, items in ((OBJECT_LAYER, objects), (PART_LAYER, parts)):
        for item in items[: MOST_OBJECTS - len(classes)]:
            stencil = coverage([item.exterior, *item.holes], image.shape[:2])
            if stencil is None:
                continue
            labels[layer, stencil.rows, stencil.cols][stencil.alpha > 0.5] = len(classes)
            classes.append(1 + kinds.index(item.class_name))
    kinds_of = np.array(classes, np.uint8)
    return Tile(image, labels, kinds_of, _things(labels, kinds_of), fully_labelled)


def _things(
    labels: npt.NDArray[np.int16], classes: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float32]:
    """`Tile.things` of labels."""
    found = []
    for layer in labels:
        numbers = layer.astype(np.int32)
        rows, cols = np.nonzero(numbers)
        values = numbers[rows, cols]
        order = np.argsort(values, kind="stable")
        values, rows, cols = values[order], rows[order], cols[order]
        present, starts, counts = np.unique(values, return_index=True, return_counts=True)
        if not len(present):
            continue
        low_x, high_x = np.minimum.reduceat(cols, starts), np.maximum.reduceat(cols, starts) + 1
        low_y, high_y = np.minimum.reduceat(rows, starts), np.maximum.reduceat(rows, starts) + 1
        kept = counts >= _LEAST_AREA_PX
        side = np.maximum(high_x - low_x, high_y - low_y)
        row = np.stack([(low_x + high_x) / 2, (low_y + high_y) / 2, side, classes[present]])
        found.append(row.T[kept])
    return np.concatenate(found).astype(np.float32) if found else np.empty((0, 4), np.float32)


def write_tile(path: Path, tile: Tile) -> None:
    """One file, whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        np.savez(
            file,
            image=_encoded(tile.image[..., ::-1]),
            objects=_encoded(tile.labels[OBJECT_LAYER].astype(np.uint16)),
            parts=_encoded(tile.labels[PART_LAYER].astype(np.uint16)),
            classes=tile.classes,
            things=tile.things,
            fully_labelled=np.array(tile.fully_labelled),
        )
    partial.replace(path)


def read_tile(path: Path) -> Tile:
    with np.load(path) as content:
        layers = [
            cv2.imdecode(content[name], cv2.IMREAD_UNCHANGED) for name in ("objects", "parts")
        ]
        image = cv2.imdecode(content["image"], cv2.IMREAD_COLOR)
        return Tile(
            np.ascontiguousarray(image[..., ::-1]),
            np.stack(layers).astype(np.int16),
            content["classes"],
            content["things"],
            bool(content["fully_labelled"]),
        )


def _encoded(array: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """As PNG, quickly rather than small."""
    done, data = cv2.imencode(".png", array, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    return np.asarray(data, np.uint8)
