import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import NoImageDataError, NotEncodedError, PromptError, UsageError
from encoder_tool.locate import choose_level, choose_patch, pixel_size_m
from encoder_tool.prompts import PixelPrompt
from encoder_tool.types import XY, BoxPixel, PatchId
from tests.support.fake_cache import UTM, UTM_AFFINE, FakeCache, make_manifest

# 3000 x 2500 pixels: level 0 has patches at x 0, 768, 1536, 1976 and y 0, 768, 1476;
# level 1 (1500 x 1250) at x 0, 476 and y 0, 228; level 2 (750 x 625) is one patch.
MANIFEST = make_manifest()


def click(*points: tuple[float, float], box: BoxPixel | None = None, exclude=()) -> PixelPrompt:
    return PixelPrompt(
        np.array(points, np.float64).reshape(-1, 2),
        np.array(exclude, np.float64).reshape(-1, 2),
        box,
    )


class TestLevel:
    def test_a_click_looks_at_the_finest(self):
        assert choose_level(click((5, 5)), MANIFEST) == 0

    @pytest.mark.parametrize(
        ("side", "level"), [(10, 0), (512, 0), (513, 1), (1024, 1), (1025, 2), (2500, 2)]
    )
    def test_a_box_takes_half_a_patch_at_most(self, side, level):
        assert choose_level(click(box=BoxPixel(0, 0, side, 9)), MANIFEST) == level
        assert choose_level(click(box=BoxPixel(0, 0, 9, side)), MANIFEST) == level

    @pytest.mark.parametrize(
        ("gsd", "level"), [(0.01, 0), (0.3, 0), (0.42, 0), (0.43, 1), (0.84, 1), (0.86, 2), (50, 2)]
    )
    def test_gsd_takes_the_nearest(self, gsd, level):
        # Level 0 has 0.3 m pixels; between levels the geometric middle decides.
        assert choose_level(click((5, 5)), MANIFEST, gsd_m=gsd) == level

    def test_gsd_before_box_and_pin_before_gsd(self):
        prompt = click(box=BoxPixel(0, 0, 2500, 9))
        assert choose_level(prompt, MANIFEST, gsd_m=0.3) == 0
        assert choose_level(prompt, MANIFEST, level=1, gsd_m=0.3) == 1

    def test_refusals(self):
        with pytest.raises(UsageError, match="no level 3; levels are 0 to 2"):
            choose_level(click((5, 5)), MANIFEST, level=3)
        for gsd in (0.0, -1.0, float("nan"), float("inf")):
            with pytest.raises(UsageError, match="positive number"):
                choose_level(click((5, 5)), MANIFEST, gsd_m=gsd)


class TestPixelSize:
    @pytest.mark.parametrize(
        ("transform", "crs", "metres"),
        [
            (UTM_AFFINE, UTM, 0.3),
            # A degree is 111.3 km along the equator, 55.8 km along the 60th parallel.
            (Affine(1e-5, 0, 10, 0, -1e-5, 0.012), "EPSG:4326", 1.11),
            (Affine(2e-5, 0, 10, 0, -1e-5, 60.01), "EPSG:4326", 1.115),
            # A web map's metre at 60 degrees north is half a metre.
            (Affine(1, 0, 1e6, 0, -1, 8_400_000), "EPSG:3857", 0.5),
            (Affine(1, 0, 2e6, 0, -1, 1e6), "EPSG:2263", 0.3048),  # New York, US survey feet
            (Affine(0.2, 0, 0, 0, -0.8, 0), None, 0.4),
            (Affine(1, 0, 0, 0, -1, 0), 'LOCAL_CS["site",UNIT["foot",0.3048]]', 0.3048),
        ],
    )
    def test_metres_on_the_ground(self, transform, crs, metres):
        manifest = make_manifest(transform=transform, crs=crs)
        assert pixel_size_m(manifest, XY(1500, 1250)) == pytest.approx(metres, rel=0.01)

    def test_rotation_does_not_matter(self):
        turned = UTM_AFFINE @ Affine.rotation(33)
        assert pixel_size_m(make_manifest(transform=turned), XY(9, 9)) == pytest.approx(
            0.3, rel=1e-3
        )


class TestPatch:
    @pytest.mark.parametrize(
        ("point", "row", "col"),
        [
            ((500, 500), 0, 0),
            ((890, 500), 0, 0),  # 134 from patch 0's right border, 122 from patch 1's left
            ((900, 500), 0, 1),  # 124 and 132
            ((900, 900), 1, 1),
            ((2990, 2490), 2, 3),
            ((2, 2), 0, 0),
            ((2200, 700), 0, 2),  # 200 from the last column's left border; 360 from patch 2's
            ((2300, 700), 0, 3),
        ],
    )
    def test_furthest_from_inner_borders(self, point, row, col):
        assert choose_patch(FakeCache(MANIFEST), click(point), 0) == PatchId(0, row, col)

    @pytest.mark.parametrize(
        ("point", "row", "col"),
        [((1000, 1), 0, 1), ((1, 1000), 1, 0), ((2999, 1000), 1, 3), ((1000, 2499), 2, 1)],
    )
    def test_raster_borders_do_not_count(self, point, row, col):
        # 1 px from the raster's edge in both patches, 24 and 232 px from their inner borders.
        assert choose_patch(FakeCache(MANIFEST), click(point), 0) == PatchId(0, row, col)

    def test_every_positive_prompt_and_the_box_decide(self):
        cache = FakeCache(MANIFEST)
        assert choose_patch(cache, click((700, 500), (1000, 500)), 0) == PatchId(0, 0, 0)
        assert choose_patch(cache, click((800, 500), (1100, 500)), 0) == PatchId(0, 0, 1)
        box = BoxPixel(780, 100, 1500, 400)
        assert choose_patch(cache, click((800, 300), box=box), 0) == PatchId(0, 0, 1)

    def test_negative_prompts_never_decide(self):
        prompt = click((500, 500), exclude=[(2900, 2400), (1020, 500)])
        assert choose_patch(FakeCache(MANIFEST), prompt, 0) == PatchId(0, 0, 0)

    def test_only_encoded_patches_count(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only(PatchId(0, 0, 1))
        assert choose_patch(cache, click((780, 500)), 0) == PatchId(0, 0, 1)

    def test_climbs_when_no_patch_holds_them_all(self):
        cache = FakeCache(MANIFEST)
        assert choose_patch(cache, click((100, 100), (1100, 100)), 0) == PatchId(1, 0, 0)
        assert choose_patch(cache, click((100, 100), (2900, 2400)), 0) == PatchId(2, 0, 0)

    def test_climbs_when_none_is_encoded(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only(PatchId(2, 0, 0))
        assert choose_patch(cache, click((100, 100)), 0) == PatchId(2, 0, 0)

    def test_goes_down_to_the_nearest_level_when_none_above_is_encoded(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only(PatchId(0, 0, 0))
        assert choose_patch(cache, click((100, 100)), 1) == PatchId(0, 0, 0)
        assert choose_patch(cache, click((100, 100)), 2) == PatchId(0, 0, 0)
        cache.keep_only(PatchId(0, 0, 0), PatchId(1, 0, 0))
        assert choose_patch(cache, click((100, 100)), 2) == PatchId(1, 0, 0)
        assert choose_patch(cache, click((100, 100)), 0) == PatchId(0, 0, 0)

    def test_goes_up_rather_than_down(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only(PatchId(0, 0, 0), PatchId(2, 0, 0))
        assert choose_patch(cache, click((100, 100)), 1) == PatchId(2, 0, 0)

    def test_not_down_to_a_patch_that_does_not_hold_all_prompts(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only(PatchId(0, 0, 0))
        with pytest.raises(NotEncodedError):
            choose_patch(cache, click((100, 100), (1100, 100)), 1)

    def test_a_pinned_level_does_not_go_down(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only(PatchId(0, 0, 0))
        with pytest.raises(NotEncodedError, match="at level 1"):
            choose_patch(cache, click((100, 100)), 1, climb=False)


class TestExact:
    """What is answered while an image is being encoded is what is answered when all of it is."""

    @given(st.data())
    def test_it_is_the_patch_of_a_full_cache_or_none(self, data):
        side = st.integers(0, 2300)
        prompt = click(*data.draw(st.lists(st.tuples(side, side), min_size=1, max_size=2)))
        level = data.draw(st.integers(0, 2))
        best = choose_patch(FakeCache(MANIFEST), prompt, level)
        everything = list(MANIFEST.pyramid.patches())
        cache = FakeCache(MANIFEST)
        kept = data.draw(st.sets(st.sampled_from(everything)))
        cache.keep_only(*kept)
        if best in kept:
            assert choose_patch(cache, prompt, level, exact=True) == best
        else:
            with pytest.raises(NotEncodedError):
                choose_patch(cache, prompt, level, exact=True)

    def test_a_patch_beside_the_best_one_does_not_do(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only(PatchId(0, 0, 1), PatchId(1, 0, 0))
        assert choose_patch(cache, click((900, 500)), 0) == PatchId(0, 0, 1)
        assert choose_patch(cache, click((900, 500)), 0, exact=True) == PatchId(0, 0, 1)
        assert choose_patch(cache, click((780, 500)), 0) == PatchId(0, 0, 1)
        with pytest.raises(NotEncodedError):
            choose_patch(cache, click((780, 500)), 0, exact=True)


class TestRefusals:
    def test_nothing_encoded_names_where_to_encode(self):
        cache = FakeCache(MANIFEST)
        cache.keep_only()
        with pytest.raises(NotEncodedError) as caught:
            choose_patch(cache, click((1000, 1000)), 0)
        assert caught.value.exit_code == 9
        extent = str(caught.value).split("--extent ")[1].split()[0]
        xmin, ymin, xmax, ymax = map(float, extent.split(","))
        x, y = UTM_AFFINE @ (1000, 1000)
        assert (xmin, xmax) == pytest.approx((x - 38.4, x + 38.4))
        assert (ymin, ymax) == pytest.approx((y - 38.4, y + 38.4))

    def test_a_pinned_level_does_not_climb(self):
        cache = FakeCache(MANIFEST)
        with pytest.raises(PromptError, match="No patch of level 0 holds all the prompts"):
            choose_patch(cache, click((100, 100), (2900, 2400)), 0, climb=False)
        cache.keep_only(PatchId(1, 0, 0))
        with pytest.raises(NotEncodedError, match="at level 0"):
            choose_patch(cache, click((100, 100)), 0, climb=False)

    def test_nodata_is_said_even_where_an_encoded_patch_overlaps(self):
        cache = FakeCache(MANIFEST, {PatchId(0, 0, 1): PatchStatus.EMPTY})
        for x in (900, 1200):
            with pytest.raises(NoImageDataError, match="no image data") as caught:
                choose_patch(cache, click((x, 300)), 0)
            assert not isinstance(caught.value, NotEncodedError)
        assert choose_patch(cache, click((500, 300)), 0) == PatchId(0, 0, 0)
