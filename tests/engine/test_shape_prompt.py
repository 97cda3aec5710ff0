"""A known shape as a prompt: what is derived of it, and what it is worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from shapely import affinity

from encoder_tool.cache.store import open_cache
from encoder_tool.errors import OutsideRasterError, PromptError
from encoder_tool.outline import mask_to_pixels
from encoder_tool.prompts import MapPrompt, to_pixels
from encoder_tool.segment import Segmenter, SegmentRequest
from encoder_tool.shape_prompt import box_around, inner_points, shape_logits, shape_prompt
from encoder_tool.truth import read_truth
from encoder_tool.types import XY, BoundsMap, BoxPixel, Window
from tests.support.fake_cache import UTM, UTM_AFFINE, make_manifest

PATCH = BoxPixel(0, 0, 1024, 1024)
L_SHAPE = shapely.Polygon(
    [(100, 100), (300, 100), (300, 160), (180, 160), (180, 340), (100, 340)]
)  # fmt: skip
COURT = shapely.box(400, 400, 640, 640).difference(shapely.box(480, 480, 560, 560))

SHIFT_M = 2.0


def on_map(shape: shapely.Geometry, transform: Affine = UTM_AFFINE) -> shapely.Geometry:
    a, b, c, d, e, f = transform[:6]
    return affinity.affine_transform(shape, (a, b, d, e, c, f))


def iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return one.intersection(other).area / one.union(other).area


class TestParts:
    """What is derived of a shape, in pixels of a patch."""

    @pytest.mark.parametrize("shape", [L_SHAPE, COURT, shapely.union(L_SHAPE, COURT)])
    def test_the_mask_has_the_shape(self, shape: shapely.Geometry) -> None:
        logits = shape_logits(shape)
        assert logits.shape == (256, 256) and logits.dtype == np.float32
        assert iou(mask_to_pixels(logits), shape) > 0.97

    def test_the_mask_is_surer_further_inside(self) -> None:
        logits = shape_logits(L_SHAPE)
        assert logits[30, 30] > logits[26, 30] > 0 > logits[23, 30] > logits[20, 30]

    def test_what_is_too_small_for_a_mask_has_none(self) -> None:
        assert shape_logits(shapely.box(100.5, 100.5, 101.5, 101.5)) is None
        assert shape_logits(affinity.translate(L_SHAPE, 2000)) is None

    def test_the_box_is_slightly_larger_and_on_the_raster(self) -> None:
        box = shapely.box(*box_around(L_SHAPE, PATCH))
        assert box.contains(L_SHAPE)
        assert iou(box, shapely.box(*L_SHAPE.bounds)) > 0.8
        at_border = affinity.translate(L_SHAPE, -100, -100)
        assert box_around(at_border, PATCH)[:2] == (0, 0)

    def test_there_is_a_point_in_every_large_part(self) -> None:
        speck = shapely.box(900, 900, 910, 910)
        points = inner_points(shapely.union_all([L_SHAPE, COURT, speck]))
        assert len(points) == 2
        assert COURT.contains(shapely.Point(points[0])), "the largest part comes first"
        assert L_SHAPE.contains(shapely.Point(points[1]))
        assert all(
            shape.boundary.distance(shapely.Point(point)) > 30
            for shape, point in zip((COURT, L_SHAPE), points, strict=True)
        )

    def test_points_keep_clear_of_what_the_user_excludes(self) -> None:
        (usual,) = inner_points(L_SHAPE)
        (other,) = inner_points(L_SHAPE, usual[None])
        assert np.hypot(*(other - usual)) > 12
        assert L_SHAPE.contains(shapely.Point(other))
        small = shapely.box(100, 100, 110, 110)
        assert inner_points(small, np.array([[105.0, 105.0]])).shape == (0, 2)


class TestOnTheMap:
    def test_from_another_crs_on_a_rotated_raster(self) -> None:
        rotated = Affine.translation(431_000, 5_480_000) @ Affine.rotation(30)
        manifest = make_manifest(transform=rotated @ Affine.scale(0.3, -0.3))
        to_degrees = pyproj.Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
        there = shapely.transform(
            on_map(COURT, manifest.affine),
            lambda points: np.column_stack(to_degrees.transform(*points.T)),
        )
        found = to_pixels(MapPrompt(shape=there, crs="EPSG:4326"), manifest)
        assert iou(found.shape, COURT) > 0.9999
        assert found.box == pytest.approx(box_around(COURT, PATCH), abs=1e-3)

    def test_in_a_patch_of_a_coarser_level(self) -> None:
        manifest = make_manifest(levels=2)
        prompt = to_pixels(MapPrompt(shape=on_map(COURT)), manifest)
        asked = prompt.in_patch(1, Window(0, 0, 1024, 1024))
        half = affinity.scale(COURT, 0.5, 0.5, origin=(0, 0))
        assert asked.box == pytest.approx([value / 2 for value in prompt.box])
        assert iou(mask_to_pixels(asked.mask_logits), half) > 0.95
        assert half.contains(shapely.MultiPoint(asked.points))

    def test_clicks_count_besides(self) -> None:
        exclude = XY(*(UTM_AFFINE @ (600, 600)))
        prompt = to_pixels(MapPrompt(exclude=(exclude,), shape=on_map(COURT)), make_manifest())
        assert prompt.exclude == pytest.approx(np.array([[600, 600]]), abs=1e-6)
        assert len(prompt.include) == 1

    def test_what_lies_on_the_raster_counts(self) -> None:
        manifest = make_manifest()
        beyond = affinity.translate(COURT, -500)
        found = to_pixels(MapPrompt(shape=on_map(beyond)), manifest)
        assert found.shape.area == pytest.approx(beyond.intersection(shapely.box(*PATCH)).area)
        with pytest.raises(OutsideRasterError, match="shape within"):
            to_pixels(MapPrompt(shape=on_map(affinity.translate(COURT, -5000))), manifest)

    def test_what_cannot_be_a_shape(self) -> None:
        with pytest.raises(PromptError, match="no area"):
            MapPrompt(shape=shapely.Polygon())
        with pytest.raises(PromptError, match="a box and a shape"):
            MapPrompt(shape=COURT, box=BoundsMap(0, 0, 1, 1))

    def test_a_patch_is_asked_as_in_bulk(self) -> None:
        manifest = make_manifest()
        asked = to_pixels(MapPrompt(shape=on_map(COURT)), manifest).in_patch(
            0, Window(0, 0, 1024, 1024)
        )
        wanted = shape_prompt(COURT, BoxPixel(0, 0, 3000, 2500))
        assert asked.points == pytest.approx(wanted.points, abs=1e-3)
        assert asked.box == pytest.approx(wanted.box, abs=1e-3)
        assert np.abs(asked.mask_logits - wanted.mask_logits).max() < 1e-3


@pytest.fixture(scope="module")
def segmenter(sample_cache: Path) -> Segmenter:
    return Segmenter(open_cache(sample_cache))


@pytest.fixture(scope="module")
def buildings(sample_cache: Path) -> list[shapely.Geometry]:
    inner = shapely.box(500_000, 4_650_000 - 384, 500_384, 4_650_000).buffer(-15)
    return [
        item.geometry
        for item in read_truth(sample_cache.with_name("truth.gpkg"), None, "truth")
        if item.class_name == "building" and inner.contains(item.geometry)
    ]


def found_by(segmenter: Segmenter, prompt: MapPrompt) -> shapely.Geometry:
    return segmenter.segment(SegmentRequest(prompt)).objects[0].geometry


class TestWorth:
    """With nano, on a scene."""

    def test_a_true_shape_is_as_good_as_its_box(
        self, segmenter: Segmenter, buildings: list[shapely.Geometry]
    ) -> None:
        """benchmarks/shape_prompt.py: both 0.870 on 68 buildings; here are fewer."""
        by_shape = [iou(found_by(segmenter, MapPrompt(shape=b)), b) for b in buildings]
        by_box = [
            iou(found_by(segmenter, MapPrompt(box=BoundsMap(*b.bounds))), b) for b in buildings
        ]
        assert len(buildings) >= 25
        assert np.mean(by_shape) >= np.mean(by_box) - 0.01

    def test_a_shifted_shape_finds_the_building(
        self, segmenter: Segmenter, buildings: list[shapely.Geometry]
    ) -> None:
        turns = np.arange(len(buildings)) * 2.4
        shifted = [
            affinity.translate(b, SHIFT_M * np.cos(turn), SHIFT_M * np.sin(turn))
            for b, turn in zip(buildings, turns, strict=True)
        ]
        was = [iou(old, b) for old, b in zip(shifted, buildings, strict=True)]
        now = [
            iou(found_by(segmenter, MapPrompt(shape=old)), b)
            for old, b in zip(shifted, buildings, strict=True)
        ]
        assert np.mean(now) >= np.mean(was) + 0.1
