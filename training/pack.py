"""The data pack: real imagery with its footprints in one file, small enough to carry along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.scene import SceneObject
from encoder_tool.scene.geometry import Ring
from training.tile import TILE_SIZE, Tile, label_tile

Rings = Sequence[Ring]
"""A polygon in pixels: the exterior, then holes."""

_JPEG_QUALITY = 95
_STRIDE = 768


@dataclass(frozen=True, eq=False)
class Site:
    """A picture [H, W, 3], RGB, black where empty, and the buildings on it."""

    name: str
    image: npt.NDArray[np.uint8]
    buildings: Sequence[Rings]


def write_pack(path: Path, sites: Sequence[Site], attribution: str) -> None:
    """One .npz of JPEGs and polygons."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for index, site in enumerate(sites):
        quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
        done, data = cv2.imencode(".jpg", site.image[..., ::-1], quality)
        assert done
        rings = [ring for polygon in site.buildings for ring in polygon]
        arrays[f"{index}.image"] = np.asarray(data, np.uint8)
        arrays[f"{index}.vertices"] = np.concatenate(rings) if rings else np.empty((0, 2))
        arrays[f"{index}.lengths"] = np.array([len(ring) for ring in rings], np.int64)
        arrays[f"{index}.rings"] = np.array([len(p) for p in site.buildings], np.int64)
    about = {"sites": [site.name for site in sites], "attribution": attribution}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, about=np.array(json.dumps(about)), **arrays)


def read_pack(path: Path) -> list[Site]:
    with np.load(path) as content:
        names = json.loads(str(content["about"]))["sites"]
        return [_site(name, f"{index}.", content) for index, name in enumerate(names)]


def _site(name: str, prefix: str, content: Mapping[str, npt.NDArray[np.generic]]) -> Site:
    image = cv2.imdecode(np.asarray(content[f"{prefix}image"], np.uint8), cv2.IMREAD_COLOR)
    ends = np.cumsum(np.asarray(content[f"{prefix}lengths"], np.int64))
    rings = np.split(np.asarray(content[f"{prefix}vertices"], np.float64), ends[:-1])
    counts = np.cumsum(np.asarray(content[f"{prefix}rings"], np.int64))
    polygons = [rings[start:end] for start, end in zip([0, *counts[:-1]], counts, strict=True)]
    return Site(name, np.ascontiguousarray(image[..., ::-1]), polygons)


def site_tiles(site: Site) -> Iterator[Tile]:
    """Tiles that cover the site, each labelled with the buildings on it; those with hardly any
    picture or no building are left out. A smaller site is padded with black."""
    height, width = site.image.shape[:2]
    for top in _starts(height):
        for left in _starts(width):
            part = site.image[top : top + TILE_SIZE, left : left + TILE_SIZE]
            image = np.zeros((TILE_SIZE, TILE_SIZE, 3), np.uint8)
            image[: part.shape[0], : part.shape[1]] = part
            shift = np.array([left, top], np.float64)
            objects = [
                SceneObject("building", rings[0] - shift, tuple(r - shift for r in rings[1:]))
                for rings in site.buildings
            ]
            tile = label_tile(image, objects, fully_labelled=False)
            if len(tile.classes) > 1 and image.any(axis=2).mean() > 0.05:
                yield tile


def _starts(size: int) -> list[int]:
    last = max(size - TILE_SIZE, 0)
    return [*range(0, last, _STRIDE), last]
