import re

import numpy as np
import pyproj
import pytest
from affine import Affine

from encoder_tool.crs import transform_bounds
from encoder_tool.errors import OutsideRasterError, PromptError
from encoder_tool.prompts import MapPrompt, to_pixels
from encoder_tool.types import XY, BoundsMap, BoxPixel, Window
from tests.support.fake_cache import UTM, UTM_AFFINE, make_manifest

WEB = "EPSG:3857"
ROTATED = Affine.translation(431_000, 5_480_000) @ Affine.rotation(30) @ Affine.scale(0.3, -0.3)


def at(affine: Affine, x: float, y: float) -> XY:
    return XY(*(affine @ (x, y)))


class TestPrecision:
    """In float32 a UTM northing is good to 0.25 m, 8 pixels of a 3 cm drone image."""

    @pytest.mark.parametrize(
        ("transform", "crs"),
        [
            (Affine(0.03, 0, 431_000, 0, -0.03, 5_480_000), UTM),
            (Affine(0.03, 0, 19_900_000, 0, -0.03, 8_400_000), WEB),
            (Affine(3e-7, 0, 151.2, 0, -3e-7, -33.8), "EPSG:4326"),
        ],
    )
    def test_float64_until_patch_pixels(self, transform, crs):
        manifest = make_manifest(transform=transform, crs=crs)
        prompt = to_pixels(MapPrompt(include=(at(transform, 1234.567, 987.654),)), manifest)
        assert prompt.include.dtype == np.float64
        assert prompt.include[0] == pytest.approx((1234.567, 987.654), abs=1e-4)

    def test_from_another_crs(self):
        x, y = at(UTM_AFFINE, 1000.25, 900.75)
        lon, lat = pyproj.Transformer.from_crs(UTM, "EPSG:4326", always_xy=True).transform(x, y)
        prompt = to_pixels(MapPrompt(include=(XY(lon, lat),), crs="EPSG:4326"), make_manifest())
        assert prompt.include[0] == pytest.approx((1000.25, 900.75), abs=1e-4)

    def test_on_the_edge_is_inside(self):
        manifest = make_manifest(transform=ROTATED)
        corners = tuple(at(ROTATED, x, y) for x in (0, 3000) for y in (0, 2500))
        prompt = to_pixels(MapPrompt(include=corners), manifest)
        assert prompt.include.min() == 0
        assert prompt.reach == pytest.approx((0, 0, 3000, 2500))


class TestBox:
    def test_north_up(self):
        xmin, ymax = at(UTM_AFFINE, 100, 200)
        box = BoundsMap(xmin, ymax - 30, xmax=xmin + 60, ymax=ymax)
        prompt = to_pixels(MapPrompt(box=box), make_manifest())
        assert prompt.box == pytest.approx((100, 200, 300, 300), abs=1e-6)

    def test_on_a_rotated_raster_by_all_of_its_outline(self):
        # Two opposite corners alone would span a much smaller box in pixels.
        x, y = at(ROTATED, 1500, 1200)
        manifest = make_manifest(transform=ROTATED)
        box = to_pixels(MapPrompt(box=BoundsMap(x - 30, y - 30, x + 30, y + 30)), manifest).box
        half = 100 * (np.cos(np.pi / 6) + np.sin(np.pi / 6))
        assert box == pytest.approx((1500 - half, 1200 - half, 1500 + half, 1200 + half))

    def test_from_another_crs_by_its_densified_outline(self):
        # 120 km at 65 degrees north: the parallel of the box's north edge bulges in UTM, past
        # what its corners say.
        transform = Affine(30, 0, 300_000, 0, -30, 7_400_000)
        manifest = make_manifest(14_000, 14_000, transform)
        box = BoundsMap(13.0, 65.0, 17.0, 65.5)
        found = to_pixels(MapPrompt(box=box, crs="EPSG:4326"), manifest).box
        to_utm = pyproj.Transformer.from_crs("EPSG:4326", UTM, always_xy=True)
        lowest = to_utm.transform(15.0, 65.0)[1]  # on the central meridian
        corner = to_utm.transform(13.0, 65.0)[1]
        assert corner - lowest > 30
        assert found.ymax == pytest.approx((7_400_000 - lowest) / 30, abs=0.1)

    def test_only_what_lies_on_the_raster_counts(self):
        xmin, ymax = at(UTM_AFFINE, -100, 2400)
        box = BoundsMap(xmin, ymax - 90, xmin + 60, ymax)
        assert to_pixels(MapPrompt(box=box), make_manifest()).box == pytest.approx(
            (0, 2400, 100, 2500), abs=1e-6
        )


class TestInPatch:
    def test_levels_and_offsets(self):
        manifest = make_manifest()
        prompt = to_pixels(
            MapPrompt(
                include=(at(UTM_AFFINE, 2001, 1502),),
                exclude=(at(UTM_AFFINE, 2100, 1600), at(UTM_AFFINE, 10, 10)),
                box=BoundsMap(*at(UTM_AFFINE, 1900, 1700), *at(UTM_AFFINE, 2200, 1400)),
            ),
            manifest,
        )
        patch = prompt.in_patch(1, Window(476, 228, 1024, 1024))
        # The exclude point far away from the patch is left out.
        assert patch.labels.tolist() == [1, 0]
        expected = [[2001 / 2 - 476, 1502 / 2 - 228], [2100 / 2 - 476, 1600 / 2 - 228]]
        assert patch.points == pytest.approx(np.array(expected))
        assert patch.box == pytest.approx(BoxPixel(474, 472, 624, 622))

    def test_negative_prompts_do_not_reach(self):
        prompt = to_pixels(
            MapPrompt(include=(at(UTM_AFFINE, 50, 60),), exclude=(at(UTM_AFFINE, 2900, 10),)),
            make_manifest(),
        )
        assert prompt.reach == pytest.approx((50, 60, 50, 60))


class TestRefusals:
    def refusal(self, prompt: MapPrompt, **raster) -> str:
        with pytest.raises(PromptError) as caught:
            to_pixels(prompt, make_manifest(**raster))
        assert caught.value.exit_code == 8
        assert caught.value.message.endswith(".")
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def test_nothing_asked_for(self):
        for given in ({}, {"exclude": (XY(1, 1),)}):
            with pytest.raises(PromptError, match="no include point and no box"):
                MapPrompt(**given)

    @pytest.mark.parametrize("box", [(5, 0, 5, 1), (5, 0, 4, 1), (0, 1, 1, 0), (0, 0, np.nan, 1)])
    def test_empty_box(self, box):
        with pytest.raises(PromptError, match="is empty"):
            MapPrompt(box=BoundsMap(*box))

    def test_point_outside_names_point_bounds_and_crs(self):
        said = self.refusal(MapPrompt(include=(XY(15.1, 49.5),)))
        for part in ("15.1, 49.5", "431000, 5479250, 431900, 5480000", "EPSG:32633", "CRS"):
            assert part in said

    def test_point_beside_a_rotated_raster_names_its_corners(self):
        beside = at(ROTATED, -500, 100)  # within the upright bounds
        said = self.refusal(MapPrompt(include=(beside,)), transform=ROTATED)
        assert "whose corners are 431000, 5480000; " in said
        assert "askew" in said

    def test_exclude_point_outside(self):
        inside = at(UTM_AFFINE, 10, 10)
        assert "point 7, 8" in self.refusal(MapPrompt(include=(inside,), exclude=(XY(7, 8),)))

    def test_box_outside(self):
        box = MapPrompt(box=BoundsMap(0, 0, 1, 1))
        assert "box 0, 0, 1, 1" in self.refusal(box)
        with pytest.raises(OutsideRasterError):
            to_pixels(box, make_manifest())

    def test_swapped_longitude_and_latitude(self):
        said = self.refusal(MapPrompt(include=(XY(49.47, 14.05),), crs="EPSG:4326"))
        assert "(EPSG:4326) lies outside the raster" in said

    def test_the_bounds_are_told_in_the_prompts_crs(self):
        said = self.refusal(MapPrompt(include=(XY(16, 42),), crs="EPSG:4326"))
        told = re.search(r"whose bounds in EPSG:4326 are ([-\d., e]+)\.", said)
        assert told, said
        xmin, ymin, xmax, ymax = map(float, told[1].split(","))
        raster = transform_bounds(BoundsMap(xmin, ymin, xmax, ymax), "EPSG:4326", "EPSG:32633")
        # The hull of a hull: a little larger, by how far the meridians are askew.
        assert raster == pytest.approx((431000, 5479250, 431900, 5480000), abs=30)

    def test_position_that_does_not_exist(self):
        said = self.refusal(MapPrompt(include=(XY(431_000, 5_480_000),), crs="EPSG:4326"))
        assert "does not exist" in said or "outside the raster" in said
        said = self.refusal(MapPrompt(include=(XY(1e7, 1e7),), crs="+proj=ortho +lat_0=0 +lon_0=0"))
        assert "does not exist in the raster's CRS, EPSG:32633" in said

    def test_unknown_crs(self):
        said = self.refusal(MapPrompt(include=(XY(0, 0),), crs="EPSG:nonsense"))
        assert "'EPSG:nonsense' is not known" in said

    def test_crs_for_a_raster_without_one(self):
        said = self.refusal(MapPrompt(include=(XY(5, 5),), crs="EPSG:4326"), crs=None)
        assert "has no CRS" in said
        assert "EPSG:4326" in said

    def test_infinite_coordinates(self):
        assert "finite" in self.refusal(MapPrompt(include=(XY(np.inf, 0),)))


def test_a_raster_without_crs_takes_its_own_coordinates():
    manifest = make_manifest(transform=Affine.identity(), crs=None)
    prompt = to_pixels(MapPrompt(include=(XY(12.5, 7.5),)), manifest)
    assert prompt.include.tolist() == [[12.5, 7.5]]
