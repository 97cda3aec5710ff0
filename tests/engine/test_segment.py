import numpy as np
import pytest
import shapely

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import NotEncodedError, NothingFoundError, OutputError, UsageError
from encoder_tool.model.seam import PatchState
from encoder_tool.polygons import PolygonOptions
from encoder_tool.segment import MapPrompt, PreparedPatches, Segmenter, SegmentRequest
from encoder_tool.types import XY, BoundsMap, PatchId, Prompt
from tests.support.fake_cache import UTM_AFFINE, FakeCache, make_manifest
from tests.support.oracle import PART_PX, SCORES, OracleDecoder, Outline, rectangle

HOUSE = rectangle(500, 400, 200, 150)
ON_IT = MapPrompt(include=(XY(*(UTM_AFFINE @ (500, 400))),))
IN_A_BOX = MapPrompt(box=BoundsMap(*(UTM_AFFINE @ (400, 475)), *(UTM_AFFINE @ (600, 325))))
ON_AND_OFF = MapPrompt(
    include=ON_IT.include, exclude=(XY(*(UTM_AFFINE @ (700, 400))),)
)  # fmt: skip


@pytest.fixture
def decoder() -> OracleDecoder:
    return OracleDecoder(HOUSE)


@pytest.fixture
def segmenter(decoder: OracleDecoder) -> Segmenter:
    return Segmenter(FakeCache(make_manifest()), decoder)


def area(grown: float) -> float:
    """Of the house in pixels, its walls moved outward."""
    if grown > 0:
        return float(HOUSE.polygon.buffer(grown).area)
    return (200 + 2 * grown) * (150 + 2 * grown)


class TestCandidates:
    @pytest.mark.parametrize(
        ("prompt", "candidate", "expected"),
        [
            (ON_IT, "auto", [2]),
            (IN_A_BOX, "auto", [0]),
            (ON_AND_OFF, "auto", [0]),
            (ON_IT, "single", [0]),
            (IN_A_BOX, "best", [2]),
            (IN_A_BOX, "1", [1]),
            (ON_IT, "3", [3]),
            (ON_IT, "all", [1, 2, 3]),
        ],
    )
    def test_which(self, segmenter, prompt, candidate, expected):
        result = segmenter.segment(SegmentRequest(prompt, candidate=candidate))
        assert [found.candidate for found in result.objects] == expected

    def test_each_has_its_own_outline_and_score(self, segmenter):
        request = SegmentRequest(ON_IT, candidate="all")
        part, itself, whole = segmenter.segment(request).objects
        assert [f.score for f in (part, itself, whole)] == pytest.approx(SCORES)
        assert part.area_px == pytest.approx(area(-PART_PX), rel=0.003)
        assert itself.area_px == pytest.approx(area(0), rel=0.003)
        assert whole.area_px == pytest.approx(area(PART_PX), rel=0.003)

    def test_empty_candidates_are_left_out(self):
        shed = rectangle(500, 400, 20, 20)  # its part, 12 px smaller all round, is nothing
        segmenter = Segmenter(FakeCache(make_manifest()), OracleDecoder(shed))
        result = segmenter.segment(SegmentRequest(ON_IT, candidate="all"))
        assert [found.candidate for found in result.objects] == [2, 3]

    def test_unknown(self):
        with pytest.raises(UsageError, match="'4'"):
            SegmentRequest(ON_IT, candidate="4")


class TestResult:
    def test_it_can_be_placed_without_more(self, segmenter):
        result = segmenter.segment(SegmentRequest(ON_IT, level=1))
        (found,) = result.objects
        assert result.patch_id == found.patch_id == PatchId(1, 0, 0)
        assert found.level == 1
        assert found.transform @ (250, 200) == pytest.approx(UTM_AFFINE @ (500, 400))
        assert found.area_px == pytest.approx(area(0) / 4, rel=0.01)
        assert found.geometry.area == pytest.approx(area(0) * 0.3**2, rel=0.01)
        assert found.crs == segmenter.manifest.raster.crs_wkt
        assert result.decode_ms > 0

    def test_the_prompt_decides_the_level(self, segmenter):
        assert segmenter.segment(SegmentRequest(ON_IT)).patch_id.level == 0
        assert segmenter.segment(SegmentRequest(ON_IT, gsd_m=1.2)).patch_id.level == 2

    def test_polygon_options_count(self, decoder):
        pond = Outline(HOUSE.polygon.difference(rectangle(450, 400, 30, 30).polygon))
        segmenter = Segmenter(FakeCache(make_manifest()), OracleDecoder(pond))

        def holes(size: float) -> int:
            options = PolygonOptions(min_hole_px=size)
            (found,) = segmenter.segment(SegmentRequest(ON_IT, polygons=options)).objects
            return len(found.geometry.interiors)

        assert (holes(100), holes(1000)) == (1, 0)

    def test_parts_away_from_the_prompts_are_kept_on_request_only(self):
        twins = Outline(HOUSE.polygon.union(rectangle(800, 400, 100, 100).polygon))
        segmenter = Segmenter(FakeCache(make_manifest()), OracleDecoder(twins))

        def parts(**options: bool) -> int:
            polygons = PolygonOptions(**options)
            (found,) = segmenter.segment(SegmentRequest(ON_IT, polygons=polygons)).objects
            return len(shapely.get_parts(found.geometry))

        assert (parts(), parts(all_parts=True)) == (1, 2)

    def test_negatives_outside_the_patch_do_not_reach_the_decoder(self, segmenter, decoder):
        exclude = (XY(*(UTM_AFFINE @ (2900, 2400))), XY(*(UTM_AFFINE @ (700, 400))))
        segmenter.segment(SegmentRequest(MapPrompt(include=ON_IT.include, exclude=exclude)))
        assert decoder.prompts[-1].labels.tolist() == [1, 0]
        assert decoder.prompts[-1].points == pytest.approx(np.array([[500, 400], [700, 400]]))


class TestRefusals:
    def test_nothing_found(self, segmenter):
        bare = MapPrompt(include=(XY(*(UTM_AFFINE @ (100, 900))),))
        with pytest.raises(NothingFoundError, match="found nothing") as caught:
            segmenter.segment(SegmentRequest(bare))
        assert caught.value.hint

    def test_everything_too_small(self, segmenter):
        with pytest.raises(NothingFoundError, match="found nothing"):
            segmenter.segment(SegmentRequest(ON_IT, polygons=PolygonOptions(min_area_px=1e6)))

    def test_not_encoded(self, segmenter):
        segmenter.cache.keep_only()
        with pytest.raises(NotEncodedError):
            segmenter.segment(SegmentRequest(ON_IT))

    def test_output_crs(self, segmenter, decoder):
        with pytest.raises(OutputError, match="'EPSG:x' is not known"):
            segmenter.segment(SegmentRequest(ON_IT, out_crs="EPSG:x"))
        without = Segmenter(FakeCache(make_manifest(crs=None)), decoder)
        with pytest.raises(UsageError, match="has no CRS"):
            without.segment(SegmentRequest(ON_IT, out_crs="EPSG:4326"))


def test_patches_committed_by_a_running_encode_are_seen(segmenter):
    segmenter.cache.keep_only()
    segmenter.cache.committed_later = {PatchId(0, 0, 0): PatchStatus.PRESENT}
    assert segmenter.segment(SegmentRequest(ON_IT)).patch_id == PatchId(0, 0, 0)


def test_a_finer_patch_takes_over_as_soon_as_it_is_committed(segmenter):
    """An encode begins with the coarsest level, which answers until there is better."""
    top = PatchId(segmenter.manifest.pyramid.levels - 1, 0, 0)
    segmenter.cache.keep_only(top)
    assert segmenter.segment(SegmentRequest(ON_IT)).patch_id == top
    segmenter.cache.committed_later = {PatchId(0, 0, 0): PatchStatus.PRESENT}
    assert segmenter.segment(SegmentRequest(ON_IT)).patch_id == PatchId(0, 0, 0)


def test_patches_are_prepared_once(segmenter, decoder):
    first = segmenter.segment(SegmentRequest(ON_IT))
    second = segmenter.segment(SegmentRequest(IN_A_BOX))
    segmenter.decode_patch(first.patch_id, [Prompt(np.array([[500.0, 400.0]]), np.array([1]))])
    assert decoder.prepared == 1
    assert segmenter.cache.loads == [PatchId(0, 0, 0)]
    assert second.patch_id == first.patch_id


def test_decode_patch_follows_the_output_rule(segmenter):
    click = Prompt(np.array([[500.0, 400.0]]), np.array([1]))
    two = Prompt(np.array([[500.0, 400.0], [700.0, 400.0]]), np.array([1, 0]))
    masks = segmenter.decode_patch(PatchId(0, 0, 0), [click, two])
    assert [m.logits.shape for m in masks] == [(3, 256, 256), (1, 256, 256)]


class TestPreparedPatches:
    def test_the_least_recently_used_goes_first(self):
        patches = PreparedPatches(250)
        a, b, c = (PatchId(0, 0, col) for col in range(3))
        patches.put(a, PatchState({}, 100))
        patches.put(b, PatchState({}, 100))
        assert patches.get(a) is not None
        patches.put(c, PatchState({}, 100))
        assert [p in patches for p in (a, b, c)] == [True, False, True]
        assert patches.nbytes == 200
        assert patches.get(b) is None

    def test_putting_again_replaces(self):
        patches = PreparedPatches(250)
        for nbytes in (100, 150):
            patches.put(PatchId(0, 0, 0), PatchState({}, nbytes))
        assert (len(patches), patches.nbytes) == (1, 150)

    def test_the_latest_is_kept_whatever_its_size(self):
        patches = PreparedPatches(10)
        for col in range(3):
            patches.put(PatchId(0, 0, col), PatchState({}, 100))
        assert (len(patches), patches.nbytes) == (1, 100)
        assert PatchId(0, 0, 2) in patches

    def test_the_segmenter_stays_within_its_memory(self, decoder):
        segmenter = Segmenter(FakeCache(make_manifest()), decoder, memory_bytes=3500)
        for col in range(4):
            for row in range(3):
                segmenter.prepare(PatchId(0, row, col))
        assert segmenter.patches.nbytes == 3000  # a prepared patch of the oracle is 1000


def test_polygons_are_valid_on_the_map(segmenter):
    for found in segmenter.segment(SegmentRequest(ON_IT, candidate="all")).objects:
        assert found.geometry.is_valid
        assert isinstance(found.geometry, shapely.Polygon)
