"""Where polygons lie on the map, proven with a decoder that knows the truth.

The shapes are large in pixels of their level and have straight edges, along which a signed
distance is linear and its zero crossing exact; a corner loses about 3 px^2, which on outlines of
1,000 px and more is well below 0.02 px on average. Discs are compared by their centre only:
chords between cells 4 px apart make any traced disc smaller (see test_polygons).
"""

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from encoder_tool.polygons import PolygonOptions
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest, SegmentResult
from encoder_tool.types import XY, BoundsMap, PatchId
from tests.support.fake_cache import UTM, UTM_AFFINE, FakeCache, make_manifest
from tests.support.oracle import Disc, OracleDecoder, Outline, Shape, rectangle

EXACT_PX = 0.02
EVERYTHING = PolygonOptions(simplify_px=0)

RASTERS = {
    "north-up": (UTM_AFFINE, UTM),
    "rotated": (UTM_AFFINE @ Affine.rotation(33), UTM),
    "north-down": (Affine(0.3, 0, 431_000, 0, 0.3, 5_480_000), UTM),
    "mirrored": (Affine(-0.3, 0, 431_900, 0, -0.3, 5_480_000), UTM),
    "non-square": (Affine(0.5, 0, 431_000, 0, -0.2, 5_480_000), UTM),
    "rotated non-square": (UTM_AFFINE @ Affine.rotation(-71) @ Affine.scale(1, 1.7), UTM),
    "3 cm": (Affine(0.03, 0, 431_000, 0, -0.03, 9_280_000), UTM),
    "30 m": (Affine(30, 0, 300_000, 0, -30, 7_400_000), UTM),
    "web map": (Affine(0.03, 0, 19_900_000, 0, -0.03, 8_400_000), "EPSG:3857"),
    "degrees": (Affine(3e-6, 0, 151.2, 0, -3e-6, -33.8), "EPSG:4326"),
    "no CRS": (Affine.identity(), None),
}


def framed(x: float, y: float, scale: float = 1.0, degrees: float = 12.0) -> Outline:
    """A building with a courtyard, 400 x 300 px at `scale` 1."""
    outer = rectangle(x, y, 400 * scale, 300 * scale, degrees).polygon
    return Outline(outer.difference(rectangle(x, y, 150 * scale, 120 * scale, degrees).polygon))


def wall_of(shape: Outline, scale: float = 1.0, degrees: float = 12.0) -> XY:
    """A point on the left wing of a `framed` building (its middle is a courtyard)."""
    x, y = shape.polygon.centroid.coords[0]
    turn = np.deg2rad(degrees)
    return XY(x - 130 * scale * np.cos(turn), y - 130 * scale * np.sin(turn))


def segment(
    shape: Shape, click: XY, transform: Affine, crs: str | None, *, size=(3000, 2500), **request
) -> SegmentResult:
    """Click, in level-0 pixels, on the raster that only the oracle's shape lies on."""
    cache = FakeCache(make_manifest(*size, transform, crs))
    at = XY(*(transform @ click))
    asked = SegmentRequest(MapPrompt(include=(at,)), polygons=EVERYTHING, **request)
    return Segmenter(cache, OracleDecoder(shape)).segment(asked)


def on_level(geometry: shapely.Geometry, transform: Affine, level: int) -> shapely.Geometry:
    """From the map back to pixels of a level."""
    a, b, c, d, e, f = (Affine.scale(0.5**level) @ ~transform)[:6]
    return shapely.affinity.affine_transform(geometry, [a, b, d, e, c, f])


def assert_exact(found: shapely.Geometry, truth: shapely.Geometry) -> None:
    """Both in pixels of the level."""
    assert found.is_valid
    assert found.centroid.distance(truth.centroid) < EXACT_PX
    assert abs(found.area - truth.area) / truth.length < EXACT_PX
    # Corners count double here, where those of the hole do not make up for the others.
    assert found.symmetric_difference(truth).area / truth.length < 1.5 * EXACT_PX


class TestRasters:
    @pytest.mark.parametrize("level", [0, 1, 2])
    @pytest.mark.parametrize("name", RASTERS)
    def test_position_and_area_at_every_level(self, name, level):
        transform, crs = RASTERS[name]
        shape = framed(1100.3, 1200.6, scale=2.0**level)
        (found,) = segment(shape, wall_of(shape, 2.0**level), transform, crs, level=level).objects
        assert found.level == level
        truth = on_level(shape.polygon, Affine.identity(), level)
        assert_exact(on_level(found.geometry, transform, level), truth)
        assert len(found.geometry.interiors) == 1
        assert found.area_px == pytest.approx(truth.area, abs=EXACT_PX * truth.length)

    @pytest.mark.parametrize("name", RASTERS)
    def test_discs_are_centred(self, name):
        transform, crs = RASTERS[name]
        shape = Disc(1210.7, 333.1, 45)
        (found,) = segment(shape, XY(1200, 330), transform, crs).objects
        centre = on_level(found.geometry, transform, 0).centroid
        assert centre.distance(shapely.Point(1210.7, 333.1)) < EXACT_PX

    @pytest.mark.parametrize("name", RASTERS)
    def test_boxes_find_the_same(self, name):
        transform, crs = RASTERS[name]
        shape = rectangle(1300.3, 1280.6, 300, 200)
        on_map = shapely.affinity.affine_transform(
            shape.polygon, [transform.a, transform.b, transform.d, transform.e,
                            transform.c, transform.f]
        )  # fmt: skip
        cache = FakeCache(make_manifest(transform=transform, crs=crs))
        # On a rotated raster its upright box on the map is a larger one in pixels.
        prompt = MapPrompt(box=BoundsMap(*on_map.bounds))
        request = SegmentRequest(prompt, level=0, polygons=EVERYTHING)
        (found,) = Segmenter(cache, OracleDecoder(shape)).segment(request).objects
        assert found.candidate == 0
        assert_exact(on_level(found.geometry, transform, 0), shape.polygon)

    def test_default_simplification_moves_less_than_a_tenth_of_a_pixel(self):
        shape = framed(1300.3, 1200.6)
        cache = FakeCache(make_manifest())
        at = XY(*(UTM_AFFINE @ wall_of(shape)))
        segmenter = Segmenter(cache, OracleDecoder(shape))
        (found,) = segmenter.segment(SegmentRequest(MapPrompt(include=(at,)))).objects
        back = on_level(found.geometry, UTM_AFFINE, 0)
        assert back.centroid.distance(shape.polygon.centroid) < 0.1
        assert back.symmetric_difference(shape.polygon).area / shape.polygon.length < 0.1
        assert shapely.get_num_coordinates(back) < 40


class TestOutputCrs:
    @pytest.mark.parametrize("level", [0, 1, 2])
    @pytest.mark.parametrize("name", [name for name in RASTERS if name != "no CRS"])
    def test_degrees(self, name, level):
        transform, crs = RASTERS[name]
        shape = framed(1100.3, 1200.6, scale=2.0**level)
        result = segment(
            shape, wall_of(shape, 2.0**level), transform, crs, level=level, out_crs="EPSG:4326"
        )
        (found,) = result.objects
        assert found.crs == "EPSG:4326"
        back = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        in_raster_crs = shapely.transform(found.geometry, back.transform, interleaved=False)
        truth = on_level(shape.polygon, Affine.identity(), level)
        assert_exact(on_level(in_raster_crs, transform, level), truth)

    def test_simplified_edges_of_kilometres_stay_true(self):
        # 48 km without a vertex in between: straight in degrees it would stray by 0.4 px.
        transform, crs = RASTERS["30 m"]
        shape = rectangle(1100, 1200, 1600, 1200)
        segmenter = Segmenter(FakeCache(make_manifest(3000, 2500, transform)), OracleDecoder(shape))
        prompt = MapPrompt(include=(XY(*(transform @ (1100, 1200))),))
        found = [
            segmenter.segment(SegmentRequest(prompt, level=2, out_crs=out)).objects[0].geometry
            for out in (None, "EPSG:4326")
        ]
        back = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        moved = shapely.transform(
            shapely.segmentize(found[1], 0.01), back.transform, interleaved=False
        )
        stray = shapely.hausdorff_distance(found[0].boundary, moved.boundary, densify=0.01)
        assert stray / 120 < EXACT_PX

    def test_prompts_and_polygons_in_a_third_crs(self):
        shape = framed(1300.3, 1200.6)
        to_web = pyproj.Transformer.from_crs(UTM, "EPSG:3857", always_xy=True)
        click = XY(*to_web.transform(*(UTM_AFFINE @ wall_of(shape))))
        request = SegmentRequest(
            MapPrompt(include=(click,), crs="EPSG:3857"), polygons=EVERYTHING, out_crs="EPSG:3857"
        )
        segmenter = Segmenter(FakeCache(make_manifest()), OracleDecoder(shape))
        (found,) = segmenter.segment(request).objects
        back = pyproj.Transformer.from_crs("EPSG:3857", UTM, always_xy=True)
        in_utm = shapely.transform(found.geometry, back.transform, interleaved=False)
        assert_exact(on_level(in_utm, UTM_AFFINE, 0), shape.polygon)


class TestPatches:
    @pytest.mark.parametrize(
        ("x", "y", "patch"),
        [
            (300, 250, PatchId(0, 0, 0)),
            (1200, 300, PatchId(0, 0, 1)),
            # 3003 x 2503 pixels: shifted to x 1980 and y 1480, up to 3 px of padding.
            (2700.4, 300.2, PatchId(0, 0, 3)),
            (300.7, 2200.1, PatchId(0, 2, 0)),
            (2700.6, 2200.8, PatchId(0, 2, 3)),
        ],
    )
    def test_shifted_edge_patches(self, x, y, patch):
        shape = framed(x, y)
        result = segment(shape, wall_of(shape), UTM_AFFINE, UTM, size=(3003, 2503))
        assert result.patch_id == patch
        assert_exact(on_level(result.objects[0].geometry, UTM_AFFINE, 0), shape.polygon)

    @pytest.mark.parametrize("level", [0, 1, 2])
    def test_objects_end_exactly_at_the_edge_of_the_raster(self, level):
        # 3003 / 4 = 750.75 pixels at level 2: the edge is not that of a whole pixel.
        width, height = 3003, 2503
        scale = 2.0**level
        truth = shapely.box(width - 330 * scale, height - 290 * scale, width, height)
        beyond = Outline(shapely.box(truth.bounds[0], truth.bounds[1], width + 999, height + 999))
        click = XY(width - 100, height - 100)
        result = segment(beyond, click, UTM_AFFINE, UTM, size=(width, height), level=level)
        found = on_level(result.objects[0].geometry, UTM_AFFINE, level)
        assert found.bounds[2:] == pytest.approx((width / scale, height / scale), abs=1e-6)
        assert_exact(found, on_level(truth, Affine.identity(), level))

    @pytest.mark.parametrize("size", [(700, 600), (523, 1024), (1024, 401)])
    def test_padded_small_rasters(self, size):
        shape = framed(size[0] / 2 + 0.3, size[1] / 2 - 0.4, degrees=0)
        result = segment(shape, wall_of(shape), UTM_AFFINE, UTM, size=size)
        assert result.patch_id == PatchId(0, 0, 0)
        assert_exact(on_level(result.objects[0].geometry, UTM_AFFINE, 0), shape.polygon)

    def test_a_mask_never_covers_padding(self):
        everything = Outline(shapely.box(-5000, -5000, 5000, 5000))
        result = segment(everything, XY(30, 20), UTM_AFFINE, UTM, size=(301, 203))
        found = on_level(result.objects[0].geometry, UTM_AFFINE, 0)
        assert found.symmetric_difference(shapely.box(0, 0, 301, 203)).area < 1e-3

    def test_neighbours_agree_where_they_overlap(self):
        shape = rectangle(896.2, 500.7, 180, 300, 5)
        found = []
        for patch in (PatchId(0, 0, 0), PatchId(0, 0, 1)):
            cache = FakeCache(make_manifest())
            cache.keep_only(patch)
            request = SegmentRequest(
                MapPrompt(include=(XY(*(UTM_AFFINE @ (896, 500))),)), polygons=EVERYTHING
            )
            result = Segmenter(cache, OracleDecoder(shape)).segment(request)
            assert result.patch_id == patch
            found.append(on_level(result.objects[0].geometry, UTM_AFFINE, 0))
        # Logit cells of neighbours coincide, so the outlines are the same.
        assert found[0].symmetric_difference(found[1]).area < 1e-2


@pytest.mark.parametrize("planted", ["half a pixel", "half a cell", "float32"])
def test_these_checks_fail_for_planted_errors(planted):
    shape = framed(1300.3, 1200.6)
    (found,) = segment(shape, wall_of(shape), UTM_AFFINE, UTM).objects
    geometry = found.geometry
    if planted == "float32":
        geometry = shapely.transform(geometry, lambda xy: xy.astype(np.float32).astype(np.float64))
    moved = on_level(geometry, UTM_AFFINE, 0)
    if planted != "float32":
        moved = shapely.affinity.translate(moved, 0.5 if "pixel" in planted else 2.0)
    with pytest.raises(AssertionError):
        assert_exact(moved, shape.polygon)
