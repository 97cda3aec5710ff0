"""Offsets of a layer from its image, and of places in it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine

from encoder_tool.refine.footprints.ground import Ground
from encoder_tool.refine.footprints.judging import _Work
from encoder_tool.refine.footprints.mask_field import Move
from encoder_tool.refine.footprints.offsets import NO_OFFSET, layer_offset, local_offsets
from encoder_tool.refine.footprints.registration import Fit
from encoder_tool.refine.parameters import RefineParameters
from encoder_tool.types import XY


class TestOffsets:
    def test_the_layer_is_where_most_agree_whatever_the_others_say(self):
        rng = np.random.default_rng(5)
        agreeing = rng.normal((1.8, -0.9), 0.25, (60, 2))
        others = rng.uniform(-6, 6, (40, 2))
        found = layer_offset(np.vstack([agreeing, others]), np.ones(100))
        assert (found.dx_m, found.dy_m) == pytest.approx((1.8, -0.9), abs=0.15)
        assert found.spread_m == pytest.approx(0.25, abs=0.15)
        assert 60 <= found.count <= 75 and found.measured == 100

    def test_without_measurements_there_is_none(self):
        assert layer_offset(np.empty((0, 2)), np.empty(0)) == NO_OFFSET
        assert layer_offset(np.ones((3, 2)), np.zeros(3)) == NO_OFFSET

    def test_a_quarter_with_an_offset_of_its_own_has_it(self):
        rng = np.random.default_rng(6)
        places = rng.uniform(0, 1000, (400, 2))
        is_east = places[:, 0] > 750
        offsets = rng.normal(0, 0.2, (400, 2)) + np.where(is_east, 3.0, 0.0)[:, None] * (1, 0)
        layer = layer_offset(offsets, np.ones(400))
        local = local_offsets(places, offsets, np.ones(400, np.bool_), layer)
        assert (layer.dx_m, layer.dy_m) == pytest.approx((0, 0), abs=0.1)
        far_east, far_west = places[:, 0] > 850, places[:, 0] < 650
        # Shrunk towards the layer's, by as much as 15 neighbours are not 25.
        assert local[far_east, 0] == pytest.approx(np.full(far_east.sum(), 1.8), abs=0.3)
        assert np.abs(local[far_west]).max() < 0.4

    def test_neighbours_that_are_off_for_themselves_are_no_offset_of_the_place(self):
        rng = np.random.default_rng(7)
        places = rng.uniform(0, 300, (200, 2))
        offsets = rng.normal(0, 0.2, (200, 2))
        off = rng.random(200) < 0.3
        offsets[off] += rng.uniform(-5, 5, (off.sum(), 2))
        layer = layer_offset(offsets, np.ones(200))
        local = local_offsets(places, offsets, np.ones(200, np.bool_), layer)
        assert np.median(np.hypot(*local.T)) < 0.1
        assert np.hypot(*local.T).max() < 1.0

    def test_few_neighbours_say_nothing(self):
        offsets = np.tile([3.0, 0.0], (10, 1))
        layer = layer_offset(np.zeros((5, 2)), np.ones(5))
        local = local_offsets(np.zeros((10, 2)), offsets, np.ones(10, np.bool_), layer)
        assert not local.any()


def test_a_layer_that_mostly_lies_beyond_the_raster_is_measured_by_what_fits():
    """What fits badly counts for nothing, however few are seen at all."""
    footprints = [shapely.box(40 * i, 0, 40 * i + 20, 20) for i in range(60)]
    ground = Ground(0.5, Affine.scale(1, -1))
    work = _Work(None, footprints, RefineParameters(), None, ground, lambda *_: None)
    seen = [Fit(Move(XY(4.0, 0.0)), 0.8)] * 12 + [Fit(Move(XY(-9.0, 9.0)), 0.1)] * 8
    layer, _ = work.offsets([*seen, *[None] * 40], np.full(60, 0.9))
    assert (layer.measured, layer.count) == (12, 12)
    assert (layer.dx_m, layer.dy_m) == (2.0, 0.0)
    nothing, _ = work.offsets([None] * 60, np.full(60, 0.9))
    assert nothing.measured == 0
