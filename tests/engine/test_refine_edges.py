"""Edges of the image along outlines: how strong they are, what they add to a mask, and the pixels
that they are of."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio.features
import shapely
from affine import Affine
from shapely import affinity

from encoder_tool.cache.store import open_cache
from encoder_tool.refine.footprints.image_edges import ImageEdges
from encoder_tool.refine.footprints.mask_field import MaskField, Moves
from encoder_tool.refine.footprints.pixels import Pixels
from encoder_tool.refine.footprints.registration import (
    best_near,
    best_shift,
    best_similarity,
    best_turn,
    places_by_edges,
)
from encoder_tool.refine.footprints.sight import Sight
from encoder_tool.types import XY
from tests.support.grid_oracle import iou

ORIGIN = XY(1000.0, 2000.0)
SIDE = 160
HOUSE = shapely.box(1050, 2060, 1110, 2100)


def image_of(shape: shapely.Geometry, cell: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A light roof on dark, uneven ground, and where it is valid."""
    rng = np.random.default_rng(5)
    count = round(SIDE / cell)
    to_pixels = Affine.translation(*ORIGIN) @ Affine.scale(cell / 4)
    fine = rasterio.features.rasterize([shape], (4 * count, 4 * count), transform=to_pixels)
    covered = fine.reshape(count, 4, count, 4).mean(axis=(1, 3))
    image = 0.3 + 0.3 * covered + rng.normal(0, 0.02, (3, count, count))
    return image.astype(np.float32), np.ones((count, count), np.bool_)


def edges_of(shape: shapely.Geometry, cell: float = 1.0) -> ImageEdges:
    return ImageEdges.of(*image_of(shape, cell), ORIGIN, cell)


def along(edges: ImageEdges, shape: shapely.Geometry) -> float:
    walls = edges.walls(shape, coarse=False)
    return float(edges.along(walls, Moves.by(np.zeros((1, 2))), coarse=False)[0])


def mask_of(shape: shapely.Geometry) -> MaskField:
    """In cells of four pixels, as masks are."""
    count = SIDE // 4
    to_pixels = Affine.translation(*ORIGIN) @ Affine.scale(1.0)
    fine = rasterio.features.rasterize([shape], (SIDE, SIDE), transform=to_pixels)
    values = fine.reshape(count, 4, count, 4).mean(axis=(1, 3)).astype(np.float32)
    return MaskField(ORIGIN, 4.0, values)


class TestEdges:
    def test_they_are_strong_along_what_is_there_alone(self):
        edges = edges_of(HOUSE)
        assert along(edges, HOUSE) > 0.7
        assert along(edges, affinity.translate(HOUSE, 5, 5)) < 0.6 * along(edges, HOUSE)
        assert along(edges, affinity.scale(HOUSE, 0.85, 0.85)) < 0.6 * along(edges, HOUSE)

    def test_an_edge_that_runs_another_way_counts_for_nothing(self):
        edges = edges_of(shapely.box(0, 0, 1080, 9999))
        upright = shapely.box(1079.9, 2040, 1080.1, 2100)
        across = shapely.box(1079.9, 2040, 1080.1, 2100.0)
        assert along(edges, upright) > 0.7
        assert along(edges, affinity.rotate(across, 90)) < 0.4

    def test_pixels_may_be_larger_than_those_of_level_0(self):
        edges = edges_of(HOUSE, cell=2.0)
        assert along(edges, HOUSE) > 0.7
        assert along(edges, affinity.translate(HOUSE, 9, 9)) < 0.6 * along(edges, HOUSE)

    def test_moves_turn_the_direction_that_is_asked_for(self):
        turned = affinity.rotate(HOUSE, 27, "centroid")
        edges = edges_of(turned)
        walls = edges.walls(HOUSE, coarse=False)
        found = edges.along(walls, Moves.by(np.zeros((1, 2)), angle=27.0), coarse=False)
        assert found[0] == pytest.approx(along(edges, turned), abs=0.03)

    def test_what_is_mostly_off_the_image_has_none(self):
        edges = edges_of(HOUSE)
        assert along(edges, affinity.translate(HOUSE, -105, 0)) == 0

    def test_the_border_of_the_image_is_no_edge(self):
        image, valid = image_of(shapely.box(0, 0, 1, 1))
        valid[:, 80:] = False
        image[:, ~valid] = 0
        edges = ImageEdges.of(image, valid, ORIGIN, 1.0)
        ends = shapely.box(1020, 2020, 1080, 2060)
        assert along(edges, ends) < 0.5


class TestWithAMask:
    """The mask is off by half a cell to the east and half a cell too wide; edges are not."""

    def sight(self, now: shapely.Geometry) -> Sight:
        seen = affinity.translate(now.buffer(2, join_style="mitre"), 2, 0)
        return Sight(mask_of(seen), edges_of(now))

    @pytest.mark.parametrize("shift", [(0.0, 0.0), (9.5, -6.0), (-14.0, 3.0)])
    def test_a_shift_is_found_to_less_than_a_pixel(self, shift):
        old = affinity.translate(HOUSE, -shift[0], -shift[1])
        found = best_shift(self.sight(HOUSE), old, reach=20.0)
        assert np.hypot(*(np.array(found.move.shift) - shift)) < 0.75
        by_mask = best_shift(Sight(self.sight(HOUSE).mask), old, reach=20.0)
        assert np.hypot(*(np.array(by_mask.move.shift) - shift)) > 1.5

    @pytest.mark.parametrize("angle", [-24.0, 11.0])
    def test_a_turn_is_found(self, angle):
        old = affinity.rotate(HOUSE, -angle, "centroid")
        found = best_turn(self.sight(HOUSE), old, [XY(2.0, 0.0)])
        assert found.move.angle == pytest.approx(angle, abs=1.0)
        assert iou(found.move.of(old), HOUSE) > 0.97

    @pytest.mark.parametrize("factor", [0.84, 1.16])
    def test_the_size_is_nearer_that_of_the_edges(self, factor):
        old = affinity.scale(HOUSE, 1 / factor, 1 / factor, origin="centroid")
        found = best_similarity(self.sight(HOUSE), old, [XY(2.0, 0.0)])
        assert found.move.factor == pytest.approx(factor, rel=0.03)
        assert iou(found.move.of(old), HOUSE) > 0.93
        by_mask = best_similarity(Sight(self.sight(HOUSE).mask), old, [XY(2.0, 0.0)])
        assert by_mask.move.factor > 1.05 * factor

    def test_the_house_is_among_the_places_by_edges_whatever_the_mask_says(self):
        """The mask is of what the footprint lies on, 20 pixels from its house."""
        old = affinity.translate(HOUSE, 20, 0)
        misled = Sight(mask_of(old), edges_of(HOUSE))
        assert np.hypot(*best_shift(misled, old, reach=24.0).move.shift) < 4.0
        places = places_by_edges(misled, old, 24.0, XY(0.0, 0.0))
        assert max(iou(place.move.of(old), HOUSE) for place in places) > 0.95
        assert max(places, key=lambda place: place.edges).move.shift[0] == pytest.approx(-20, abs=1)
        assert all(np.hypot(*place.move.shift) < 28 for place in places)
        assert places_by_edges(Sight(misled.mask), old, 24.0, XY(0.0, 0.0)) == []
        there = best_near(Sight(mask_of(HOUSE), misled.edges), old, XY(-18.0, 1.0))
        assert iou(there.move.of(old), HOUSE) > 0.97
        assert there.edges == pytest.approx(along(misled.edges, there.move.of(old)), abs=1e-3)

    def test_edges_are_known_where_nothing_is_found_within_reach_too(self):
        far = affinity.translate(HOUSE, -30, 0)
        sight = Sight(mask_of(HOUSE), edges_of(HOUSE))
        found = best_shift(sight, far, reach=6.0, also=[XY(30.0, 0.0)])
        assert found.move.shift == (0.0, 0.0)
        assert found.edges == pytest.approx(along(sight.edges, far))

    def test_without_edges_a_score_is_the_masks_own(self):
        mask = mask_of(HOUSE)
        assert Sight(mask).score(HOUSE) == pytest.approx(mask.soft_iou(HOUSE))
        both = Sight(mask, edges_of(HOUSE))
        expected = (mask.soft_iou(HOUSE) + along(both.edges, HOUSE)) / 2
        assert both.score(HOUSE) == pytest.approx(expected)


class TestPixels:
    def test_those_of_the_raster_beside_its_cache(self, sample_cache: Path):
        cache = open_cache(sample_cache)
        pixels = Pixels.beside(cache, pixel_m=0.3)
        edges = pixels.edges(shapely.box(300, 300, 340, 330), reach_px=20.0)
        pixels.close()
        assert edges.cell == 1.0
        assert edges.origin == (272.0, 272.0)
        assert edges.fine.shape[1:] == (86, 96)

    def test_fine_pixels_are_taken_together(self, sample_cache: Path):
        pixels = Pixels.beside(open_cache(sample_cache), pixel_m=0.15)
        edges = pixels.edges(shapely.box(300, 300, 340, 330), reach_px=20.0)
        pixels.close()
        assert edges.cell == 2.0
        assert edges.origin == (264.0, 264.0)

    def test_there_are_none_of_a_raster_that_is_elsewhere_or_another_one(
        self, sample_cache: Path, tmp_path: Path
    ):
        alone = tmp_path / sample_cache.name
        shutil.copytree(sample_cache, alone)
        cache = open_cache(alone)
        assert Pixels.beside(cache, pixel_m=0.3) is None
        (tmp_path / cache.manifest.raster.name).write_bytes(b"no raster")
        assert Pixels.beside(cache, pixel_m=0.3) is None
