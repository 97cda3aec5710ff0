"""nano's masks lie where the buildings are: no half pixel is lost between click and polygon.

A roof's dark side pulls a weak model's outline towards the light: on this sample by 0.1 to 0.3
pixels, the same way for every building: as much as what is looked for. So each building is
found twice, in the scene and in the scene turned by 180 degrees with its georeference: on the
map the light pulls both the same way, whereas a slip in the pixel convention (a box half a
pixel off, logit cells misplaced) turns with the pixels. Half the difference is the slip.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import PromptError
from encoder_tool.prompts import MapPrompt
from encoder_tool.sample import SAMPLE_GSD_M, write_sample
from encoder_tool.segment import Segmenter, SegmentRequest
from encoder_tool.truth import TruthObject, read_truth
from encoder_tool.types import BoundsMap

WELL_SEGMENTED = 0.7
"""Below this IoU a mask tells about the model's confusion, not about positions."""

SMALLEST_M2 = 27.0


@pytest.mark.slow
def test_buildings_found_by_their_box_have_no_common_offset(tmp_path: Path):
    sample = write_sample(tmp_path)
    turned = write_turned(sample.scene, tmp_path / "turned.tif")
    truth = [
        item
        for item in read_truth(sample.truth, None, "truth")
        if item.class_name == "building" and item.geometry.area > SMALLEST_M2
    ]
    upright_found, turned_found = (found_by_box(path, truth) for path in (sample.scene, turned))
    both = sorted(upright_found.keys() & turned_found.keys())
    assert len(both) >= 50
    pairs = np.array([[upright_found[i], turned_found[i]] for i in both])
    slips = (pairs[:, 0] - pairs[:, 1]) / 2
    # To pixels: y on the map points up.
    dx, dy = slips.mean(axis=0) / SAMPLE_GSD_M * (1, -1)
    assert abs(dx) < 0.15 and abs(dy) < 0.15


def write_turned(scene: Path, path: Path) -> Path:
    """The same pixels at the same places on the map, stored from the other end."""
    with rasterio.open(scene) as raster:
        profile, image = raster.profile, raster.read()
        corner = raster.transform @ (raster.width, raster.height)
        profile["transform"] = Affine(-SAMPLE_GSD_M, 0, corner[0], 0, SAMPLE_GSD_M, corner[1])
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(image[:, ::-1, ::-1])
    return path


def found_by_box(scene: Path, truth: list[TruthObject]) -> dict[int, tuple[float, float]]:
    """The offset on the map of each well-segmented building's centroid, by its index."""
    plan = plan_encode(EncodeRequest(scene, levels=1, overlap=0))
    segmenter = Segmenter(open_cache(run_encode(plan).cache))
    offsets = {}
    for i, item in enumerate(truth):
        prompt = MapPrompt(box=BoundsMap(*item.geometry.bounds))
        try:
            found = segmenter.segment(SegmentRequest(prompt)).objects[0].geometry
        except PromptError:
            continue
        overlap = found.intersection(item.geometry).area / found.union(item.geometry).area
        if overlap >= WELL_SEGMENTED:
            centre, want = found.centroid, item.geometry.centroid
            offsets[i] = (centre.x - want.x, centre.y - want.y)
    return offsets
