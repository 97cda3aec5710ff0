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

MOST_OBJECTS = 32_000
"""Labels are stored as int16."""


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture and its labels.

    image: uint8 [T, T, 3], RGB
    labels: int16 [2, T, T], 0 where nothing is: an object in the first layer, a part of one or
        a whole lot in the second; numbered through both
    classes: uint8 [n + 1], of each label; 1 … for CLASSES and then PARTS, 0 for label 0
    fully_labelled: whether a pixel without a label is known to be none of CLASSES
    """

    image: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int16]
    classes: npt.NDArray[np.uint8]
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
    return Tile(image, labels, np.array(classes, np.uint8), fully_labelled)


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
            bool(content["fully_labelled"]),
        )


def _encoded(array: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """As PNG, quickly rather than small."""
    done, data = cv2.imencode(".png", array, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    return np.asarray(data, np.uint8)
