import cv2
import numpy as np
import pytest
import shapely
from affine import Affine
from contourpy import contour_generator
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder_tool.errors import OutputError, UsageError
from encoder_tool.polygons import (
    PolygonOptions,
    geodesic_area_m2,
    mask_to_pixels,
    mask_to_polygon,
    to_crs,
)
from encoder_tool.types import BoxPixel, Prompt
from tests.support.oracle import Disc, Outline, Shape, rectangle

EVERYTHING = PolygonOptions(simplify_px=0, min_area_px=0, min_hole_px=0)
UTM, WGS84 = "EPSG:32633", "EPSG:4326"


def logits_of(*shapes: Shape) -> np.ndarray:
    """The union's signed distance at the cell centres of a patch."""
    centres = 4.0 * (np.arange(256) + 0.5)
    x, y = np.meshgrid(centres, centres)
    return np.max([shape.signed_distance(x, y) for shape in shapes], axis=0).astype(np.float32)


def displacement(found: shapely.Geometry, truth: shapely.Geometry) -> float:
    """How far the outline is from the truth's on average, in pixels."""
    return float(found.symmetric_difference(truth).area / truth.length)


def cells(*rows: str) -> np.ndarray:
    """A patch of logits whose top left cells are drawn: # is +8, everything else -8."""
    logits = np.full((256, 256), -8, np.float32)
    for r, row in enumerate(rows):
        for c, mark in enumerate(row):
            logits[r, c] = 8 if mark == "#" else -8
    return logits


class TestPosition:
    @pytest.mark.parametrize("degrees", [0, 17, 45, 88])
    def test_straight_edges_are_exact(self, degrees):
        # A signed distance is linear along a straight edge, so the interpolation is exact
        # there; only within a cell of a corner it cuts about 3 px^2 off.
        shape = rectangle(500.3, 421.7, 420, 330, degrees)
        found = mask_to_pixels(logits_of(shape), EVERYTHING)
        assert displacement(found, shape.polygon) < 0.02
        assert found.centroid.distance(shape.polygon.centroid) < 0.01

    @pytest.mark.parametrize(("radius", "error"), [(20, 0.1), (50, 0.04), (250, 0.008)])
    def test_discs_are_centred_and_as_large_as_chords_allow(self, radius, error):
        # Chords between grid lines 4 px apart lie inside the circle by 4^2 / 8r, and the
        # interpolated crossings by about as much.
        shape = Disc(512.3, 500.7, radius)
        found = mask_to_pixels(logits_of(shape), EVERYTHING)
        assert found.centroid.distance(shapely.Point(512.3, 500.7)) < 0.02
        assert displacement(found, shape.polygon) < error

    def test_a_single_cell_is_a_diamond_about_its_centre(self):
        found = mask_to_pixels(cells("....", ".#..", "...."), EVERYTHING)
        assert found.equals(shapely.Polygon([(6, 4), (8, 6), (6, 8), (4, 6)]))

    def test_affine_goes_to_map_units_in_float64(self):
        shape = rectangle(500, 400, 300, 200)
        to_map = Affine(0.03, 0, 431_234.567, 0, -0.03, 5_487_654.321)
        found = mask_to_polygon(logits_of(shape), to_map, EVERYTHING)
        assert found.bounds == pytest.approx(
            (431_245.067, 5_487_639.321, 431_254.067, 5_487_645.321), abs=1e-6
        )

    def test_simplification_stays_within_its_tolerance(self):
        logits = logits_of(Disc(512, 512, 200))
        full = mask_to_pixels(logits, EVERYTHING)
        for tolerance in (0.25, 1.0, 4.0):
            simple = mask_to_pixels(logits, PolygonOptions(simplify_px=tolerance))
            assert shapely.hausdorff_distance(full, simple) <= tolerance + 1e-9
            assert len(simple.exterior.coords) < len(full.exterior.coords) / 2


class TestBorder:
    """What the patch or the raster cuts ends exactly there, and stays closed."""

    @pytest.mark.parametrize("simplify", [0.0, 0.25, 2.0])
    @pytest.mark.parametrize(
        "box",
        [(-50, 200, 300, 400), (800, 200, 1100, 400), (200, -50, 300, 300), (-9, -9, 1e4, 1e4)],
    )
    def test_patch(self, box, simplify):
        shape = Outline(shapely.box(*box))
        options = PolygonOptions(simplify_px=simplify)
        found = mask_to_pixels(logits_of(shape), options)
        truth = shape.polygon.intersection(shapely.box(0, 0, 1024, 1024))
        assert found.is_valid
        cut = [i for i, (a, b) in enumerate(zip(box, truth.bounds, strict=True)) if a != b]
        assert [found.bounds[i] for i in cut] == [truth.bounds[i] for i in cut]
        assert displacement(found, truth) < 0.02 + simplify / 2

    def test_raster_edge_inside_the_patch_is_not_on_a_cell(self):
        shape = rectangle(700, 300, 400, 200, 0)
        found = mask_to_pixels(logits_of(shape), EVERYTHING, BoxPixel(0, 0, 801.5, 333.25))
        assert found.bounds[2:] == (801.5, 333.25)
        assert displacement(found, shapely.box(500, 200, 801.5, 333.25)) < 0.02

    def test_an_object_beyond_the_raster_is_nothing(self):
        found = mask_to_pixels(logits_of(Disc(900, 500, 50)), clip=BoxPixel(0, 0, 800, 1024))
        assert found.is_empty

    def test_a_weak_cell_at_the_border_ends_at_the_border_too(self):
        # Were the patch closed by a fixed value, the contour would depend on the logit here.
        for logit in (0.1, 30.0):
            logits = np.full((256, 256), -1, np.float32)
            logits[100:120, :3] = logit
            found = mask_to_pixels(logits, EVERYTHING)
            assert found.bounds[0] == 0
            assert shapely.LineString([(0, 402), (0, 478)]).within(found.boundary)


class TestParts:
    def test_courtyards_are_kept(self):
        yard = rectangle(500, 500, 100, 80, 30).polygon
        shape = Outline(rectangle(500, 500, 400, 300, 30).polygon.difference(yard))
        found = mask_to_pixels(logits_of(shape), EVERYTHING)
        assert len(found.interiors) == 1
        assert shapely.Polygon(found.interiors[0]).area == pytest.approx(yard.area, rel=0.01)
        assert displacement(found, shape.polygon) < 0.02

    def test_small_parts_and_small_holes_go(self):
        logits = logits_of(rectangle(300, 300, 200, 200), rectangle(700, 700, 40, 40))
        logits[75, 75] = -20
        assert mask_to_pixels(logits, EVERYTHING).geom_type == "MultiPolygon"
        options = PolygonOptions(simplify_px=0, min_area_px=2000, min_hole_px=100)
        found = mask_to_pixels(logits, options)
        assert found.geom_type == "Polygon"
        assert len(found.interiors) == 0
        assert found.centroid.distance(shapely.Point(300, 300)) < 0.02

    def test_largest_part_only(self):
        logits = logits_of(rectangle(300, 300, 100, 100), rectangle(700, 700, 140, 140))
        found = mask_to_pixels(logits, PolygonOptions(largest_part_only=True))
        assert found.geom_type == "Polygon"
        assert found.centroid.distance(shapely.Point(700, 700)) < 0.05

    def test_an_island_in_a_courtyard(self):
        ring = shapely.Point(500, 500).buffer(200).difference(shapely.Point(500, 500).buffer(120))
        found = mask_to_pixels(logits_of(Outline(ring), Disc(500, 500, 60)), EVERYTHING)
        assert len(found.geoms) == 2
        assert found.area == pytest.approx(ring.area + np.pi * 60**2, rel=0.005)

    @pytest.mark.parametrize("value", [-3.0, 0.0, np.nan, -np.inf])
    def test_empty_mask(self, value):
        found = mask_to_polygon(np.full((256, 256), value, np.float32), Affine.identity())
        assert found.is_empty

    def test_nan_counts_as_outside(self):
        logits = logits_of(rectangle(500, 500, 400, 400))
        logits[:, 130:] = np.nan
        found = mask_to_pixels(logits, EVERYTHING)
        assert found.is_valid
        assert 518 <= found.bounds[2] <= 522

    def test_infinite_logits_do_not_break_the_outline(self):
        found = mask_to_pixels(np.where(cells("###", "###") > 0, np.inf, -np.inf), EVERYTHING)
        assert found.is_valid
        assert found.area == pytest.approx(12 * 8 - 2)  # a corner cut

    @pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
    @pytest.mark.parametrize("name", ["simplify_px", "min_area_px", "min_hole_px"])
    def test_impossible_options(self, name, value):
        with pytest.raises(UsageError, match=name):
            PolygonOptions(**{name: value})


@st.composite
def blobs(draw, *, planted_zeros: bool):
    """Smoothed noise, from specks to continents, at any offset; some in steps, 0 among them."""
    seed = draw(st.integers(0, 2**32 - 1))
    sigma = draw(st.floats(1.0, 20))
    noise = np.random.default_rng(seed).normal(size=(256, 256)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), sigma)
    smooth = smooth / smooth.std() + draw(st.floats(-2.5, 1.5))
    if planted_zeros and draw(st.booleans()):
        smooth = np.round(smooth * 2) / 2
    return smooth.astype(np.float32)


class TestAnyMask:
    @settings(max_examples=25, deadline=None)
    @given(blobs(planted_zeros=True), st.sampled_from([0.0, 0.25, 1.0, 5.0]))
    def test_always_valid_polygons_within_the_patch(self, logits, simplify):
        found = mask_to_pixels(logits, PolygonOptions(simplify_px=simplify))
        assert found.is_valid
        assert found.geom_type in ("Polygon", "MultiPolygon")
        assert found.is_empty or shapely.box(0, 0, 1024, 1024).covers(found)

    @settings(max_examples=12, deadline=None)
    @given(blobs(planted_zeros=False))
    def test_area_is_that_of_the_mask(self, logits):
        found = mask_to_pixels(logits, EVERYTHING)
        fine = cv2.resize(logits, (1024, 1024), interpolation=cv2.INTER_LINEAR)
        area = float((fine > 0).sum())
        assert found.area == pytest.approx(area, abs=0.15 * found.length + 64)


def drawn_plainly(logits: np.ndarray, smallest: float, clip: BoxPixel) -> shapely.Geometry:
    """What `mask_to_pixels` does, step by step on the whole patch, without its short cuts and
    without leaving vertices out."""
    field = np.pad(np.pad(logits, 1, mode="edge"), 1, constant_values=-32.0)
    centres = 4.0 * (np.arange(260) - 1.5)
    generator = contour_generator(centres, centres, field, fill_type="OuterOffset")
    parts = []
    for points, offsets in zip(*generator.filled(0, np.inf), strict=True):
        outer, *holes = np.split(points, offsets[1:-1])
        large = [hole for hole in holes if shapely.Polygon(hole).area >= smallest]
        parts.append(shapely.make_valid(shapely.Polygon(outer, large)))
    cut = shapely.union_all(parts) & shapely.box(*clip)
    return shapely.union_all([part for part in shapely.get_parts(cut) if part.area >= smallest])


class TestWhatIsMeant:
    """Strays that the model drew away from the prompts are dropped."""

    LOGITS = logits_of(
        rectangle(200, 200, 120, 120), rectangle(500, 200, 80, 80), rectangle(800, 800, 300, 300)
    )

    def parts(self, prompt: Prompt, **options) -> set[tuple[int, int]]:
        """The parts that are kept, by their centres."""
        found = mask_to_pixels(self.LOGITS, PolygonOptions(**options), prompt=prompt)
        centres = shapely.get_coordinates(shapely.centroid(shapely.get_parts(found)))
        return {(round(x), round(y)) for x, y in centres.tolist()}

    def clicks(self, *include: tuple[float, float], exclude=()) -> Prompt:
        labels = np.repeat([1, 0], [len(include), len(exclude)])
        return Prompt(np.array([*include, *exclude], np.float64), labels)

    def test_a_click_means_the_part_that_it_lies_on(self):
        assert self.parts(self.clicks((510, 190))) == {(500, 200)}

    def test_each_click_means_its_own(self):
        assert self.parts(self.clicks((510, 190), (700, 700))) == {(500, 200), (800, 800)}

    def test_a_click_on_nothing_means_the_part_next_to_it(self):
        assert self.parts(self.clicks((400, 200))) == {(500, 200)}

    def test_exclude_points_mean_nothing(self):
        assert self.parts(self.clicks((200, 200), exclude=[(800, 800)])) == {(200, 200)}

    def test_a_box_means_the_largest_part_that_it_meets(self):
        """The other one that it meets is less than half as large."""
        box = Prompt(box=BoxPixel(150, 150, 470, 250))
        assert self.parts(box) == {(200, 200)}

    def test_a_box_means_parts_that_are_alike(self):
        """A thing that a tree, say, cuts in two."""
        logits = logits_of(rectangle(200, 200, 120, 120), rectangle(500, 200, 100, 100))
        box = Prompt(box=BoxPixel(140, 140, 550, 260))
        assert len(shapely.get_parts(mask_to_pixels(logits, prompt=box))) == 2

    def test_a_box_on_nothing_means_the_part_next_to_it(self):
        assert self.parts(Prompt(box=BoxPixel(300, 300, 350, 350))) == {(200, 200)}

    def test_a_box_and_a_click_add_up(self):
        point = np.array([[800.0, 800.0]])
        both = Prompt(point, np.array([1]), BoxPixel(150, 150, 250, 250))
        assert self.parts(both) == {(200, 200), (800, 800)}

    @pytest.mark.parametrize("options", [{"all_parts": True}, {}])
    def test_all_are_kept_when_asked_for_or_when_nothing_says_which(self, options):
        prompt = self.clicks((200, 200)) if options else Prompt(mask_logits=self.LOGITS)
        assert self.parts(prompt, **options) == {(200, 200), (500, 200), (800, 800)}

    def test_the_largest_is_the_largest_of_those_that_are_meant(self):
        prompt = self.clicks((510, 190), (200, 200))
        assert self.parts(prompt, largest_part_only=True) == {(200, 200)}

    def test_a_speck_under_the_click_that_is_too_small_is_not_all_that_is_found(self) -> None:
        """Its area is 15 px, not 16; its length is why it is not dropped from the start."""
        logits = np.full((256, 256), -0.46, np.float32)
        logits[100:120, 100:130] = 1
        logits[110, 60] = 1
        prompt = self.clicks((4 * 60.5, 4 * 110.5))
        found = mask_to_pixels(logits, prompt=prompt)
        assert found.area > 4 * 4 * 500
        fine = mask_to_pixels(logits, PolygonOptions(min_area_px=1), prompt=prompt)
        assert 14 < fine.area < 16


class TestShortCuts:
    @settings(max_examples=20, deadline=None)
    @given(
        blobs(planted_zeros=False),
        st.sampled_from([(0.0, 0.0), (0.0, 16.0), (0.0, 400.0), (0.25, 0.0), (1.0, 0.0)]),
        st.sampled_from([1024.0, 700.5]),
    )
    def test_they_change_nothing(self, logits, options, end):
        simplify, smallest = options
        options = PolygonOptions(simplify, min_area_px=smallest, min_hole_px=smallest)
        clip = BoxPixel(0, 0, end, 1024)
        found = mask_to_pixels(logits, options, clip)
        plain = drawn_plainly(logits, smallest, clip)
        # The outline moves by at most the tolerance, and on average by far less.
        bound = 0.5 * simplify * plain.length + 1e-6
        assert found.symmetric_difference(plain).area <= bound

    def test_a_part_that_only_grows_to_the_smallest_size_is_kept(self):
        """Simplifying may add area: what is dropped before it must be too small for good."""
        logits = logits_of(Disc(512, 512, 30))
        traced = mask_to_pixels(logits, EVERYTHING).area
        for simplify in (0.25, 1.0, 3.0, 6.0):
            size = mask_to_pixels(logits, PolygonOptions(simplify, 0, 0)).area
            options = PolygonOptions(simplify, min_area_px=size)
            assert mask_to_pixels(logits, options).area == size
            assert size < traced + simplify * 2 * np.pi * 31


class TestCrs:
    def test_edges_stay_true_in_degrees(self):
        # 60 km wide: as a straight line in degrees its north edge would stray by over 100 m.
        square = shapely.box(440_000, 6_500_000, 500_000, 6_560_000)
        moved = to_crs(square, UTM, WGS84, tolerance=0.01)
        back = to_crs(shapely.segmentize(moved, 0.01), WGS84, UTM)
        assert shapely.hausdorff_distance(back.boundary, square.boundary, densify=0.1) < 0.02
        assert len(moved.exterior.coords) < 2000

    def test_short_edges_get_no_vertices(self):
        square = shapely.box(440_000, 6_500_000, 440_010, 6_500_010)
        assert len(to_crs(square, UTM, WGS84, tolerance=0.003).exterior.coords) == 5

    def test_same_crs_and_empty_are_left_alone(self):
        square = shapely.box(0, 0, 1, 1)
        assert to_crs(square, UTM, UTM) is square
        assert to_crs(shapely.Polygon(), UTM, WGS84).is_empty

    def test_cut_at_the_180th_meridian(self):
        fiji = "EPSG:3832"  # Pacific: metres east of 150 degrees east
        x = 6_378_137 * np.deg2rad(30)
        square = shapely.box(x - 300, -2_000_200, x + 100, -1_999_800)
        moved = to_crs(square, fiji, WGS84)
        west, east = sorted(moved.geoms, key=lambda part: part.bounds[0])
        assert (west.bounds[0], east.bounds[2]) == (-180, 180)
        assert geodesic_area_m2(east, WGS84) == pytest.approx(
            3 * geodesic_area_m2(west, WGS84), rel=1e-3
        )
        whole = geodesic_area_m2(shapely.affinity.translate(square, -1e6), fiji)
        assert geodesic_area_m2(square, fiji) == pytest.approx(whole, rel=1e-6)
        back = to_crs(moved, WGS84, fiji)
        assert shapely.union_all(back.buffer(1e-3)).symmetric_difference(square).area < 5

    def test_a_projection_that_tears_does_not_drown_in_vertices(self):
        # The seam of this one runs through the square, where no vertex mends the edge.
        torn = to_crs(shapely.box(-10, -10, 10, 10), WGS84, "+proj=eqc +lon_0=180", 1e-6)
        assert torn.is_valid
        assert shapely.get_num_coordinates(torn) < 100_000

    def test_unknown_crs(self):
        with pytest.raises(OutputError, match="'EPSG:0' is not known"):
            to_crs(shapely.box(0, 0, 1, 1), UTM, "EPSG:0")

    def test_a_crs_that_cannot_express_it(self):
        with pytest.raises(OutputError, match="cannot be expressed"):
            to_crs(shapely.box(170, 0, 180, 10), WGS84, "+proj=ortho +lat_0=0 +lon_0=0")

    def test_area_on_the_ground(self):
        # At 60 degrees north a web map stretches lengths by two, areas by four.
        x, y = 1_000_000, 8_399_737.89
        web = shapely.box(x, y, x + 200, y + 200)
        assert geodesic_area_m2(web, "EPSG:3857") == pytest.approx(10_000, rel=0.01)
        yard = web.difference(shapely.box(x + 50, y + 50, x + 150, y + 150))
        assert geodesic_area_m2(yard, "EPSG:3857") == pytest.approx(7_500, rel=0.01)
        assert geodesic_area_m2(web, None) is None
        assert geodesic_area_m2(web, 'LOCAL_CS["site",UNIT["metre",1]]') is None
