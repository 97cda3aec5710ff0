"""Right angles for outlines whose shape that is, and for no others."""

from __future__ import annotations

import base64
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Polygon
from shapely.affinity import rotate

from benchmarks.right_angles import distance, found_masks, iou, judged, right_corners, vertices
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.locate import pixel_to_ground
from encoder_tool.outline import PolygonOptions, mask_to_pixels
from encoder_tool.right_angles import LEAST_IOU, TOLERANCE_PX, has_right_angles, with_right_angles
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.types import XY, BoxPixel
from tests.support.cli import run_here
from tests.support.fake_cache import FakeCache, make_manifest
from tests.support.oracle import Disc, OracleDecoder, Outline
from tests.support.rasters import NORTH_UP, write_raster
from tests.support.told_decoder import tell
from tests.support.worker import WorkerProcess

SQUARE = PolygonOptions(right_angles=True)

BAR = shapely.box(420, 460, 600, 540)
ELL = Polygon([(400, 400), (600, 400), (600, 470), (480, 470), (480, 600), (400, 600)])
TEE = Polygon(
    [(400, 400), (640, 400), (640, 480), (560, 480), (560, 600), (480, 600), (480, 480),
     (400, 480)]
)  # fmt: skip
COURT = shapely.box(380, 380, 640, 640).difference(shapely.box(450, 450, 570, 570))

PLANS = {"bar": BAR, "L": ELL, "T": TEE, "court": COURT}


def mask_of(shape: Polygon, seed: int = 0) -> np.ndarray:
    """Logits as a model has them: corners rounded off, the outline uneasy by half a pixel."""
    centres = 4.0 * (np.arange(256) + 0.5)
    distances = Outline(shape).signed_distance(*np.meshgrid(centres, centres))
    blurred = cv2.GaussianBlur(np.clip(distances, -20, 20).astype(np.float32), (0, 0), 1.0)
    rng = np.random.default_rng(seed)
    unease = cv2.GaussianBlur(rng.standard_normal((256, 256)).astype(np.float32), (0, 0), 2.0)
    return blurred + 0.5 * unease / unease.std()


@pytest.mark.parametrize("degrees", [0, 17, 45, 88])
@pytest.mark.parametrize("plan", PLANS)
def test_buildings_get_the_corners_that_they_have(plan: str, degrees: float) -> None:
    truth = rotate(PLANS[plan], degrees)
    logits = mask_of(truth)
    plain, squared = mask_to_pixels(logits), mask_to_pixels(logits, SQUARE)
    assert all(right_corners(squared)) and squared.is_valid
    assert has_right_angles(squared) and not has_right_angles(plain)
    assert vertices(squared) == vertices(truth)
    assert vertices(squared) <= vertices(plain) / 4
    assert iou(squared, plain) > 0.95
    assert iou(squared, truth) > 0.965


@pytest.mark.parametrize(
    "shape",
    [
        Disc(512, 512, 60).polygon,
        Disc(512, 512, 400).polygon,
        Polygon([(400, 400), (620, 420), (480, 600)]),
        Polygon([(400, 500), (450, 410), (550, 410), (600, 500), (550, 590), (450, 590)]),
        Polygon([(300, 300), (700, 340), (760, 420), (380, 480)]),
        shapely.LineString([(200, 200), (300, 420), (560, 460), (800, 820)]).buffer(20),
    ],
    ids=["crown", "pond", "triangle", "hexagon", "field", "bend"],
)
def test_other_shapes_are_left_alone(shape: Polygon) -> None:
    logits = mask_of(shape)
    assert mask_to_pixels(logits, SQUARE).equals(mask_to_pixels(logits))


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000), st.floats(2, 12))
def test_never_invalid_and_never_far(seed: int, coarseness: float) -> None:
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.standard_normal((256, 256)).astype(np.float32), (0, 0), coarseness)
    parts = shapely.get_parts(mask_to_pixels(noise, PolygonOptions(simplify_px=0)))
    # And shapes that have corners, some of them broken.
    box = rotate(shapely.box(*rng.uniform(0, 60, 2), *rng.uniform(70, 300, 2)), seed % 90)
    mixed = [piece for part in parts[:4] for piece in shapely.get_parts(box.difference(part))]
    assume(mixed)
    for part in (*parts[:4], *mixed):
        if not isinstance(part, Polygon) or part.is_empty:
            continue
        squared = with_right_angles(part)
        if squared is not None:
            assert squared.is_valid and all(right_corners(squared))
            assert distance(squared, part) <= TOLERANCE_PX
            assert iou(squared, part) >= LEAST_IOU


def test_small_holes_do_not_stand_in_the_way_and_large_ones_do() -> None:
    """A hole that is to be filled is none; one that stays has to have corners as well."""
    speck = BAR.difference(Disc(500, 500, 2).polygon)
    assert vertices(mask_to_pixels(_exact(speck), SQUARE)) == 4
    round_court = shapely.box(300, 300, 700, 700).difference(Disc(500, 500, 60).polygon)
    logits = _exact(round_court)
    assert mask_to_pixels(logits, SQUARE).equals(mask_to_pixels(logits))


def test_each_part_counts_for_itself() -> None:
    both = mask_of(BAR.union(Disc(800, 800, 50).polygon))
    bar, disc = sorted(
        mask_to_pixels(both, SQUARE).geoms, key=lambda part: part.centroid.x
    )  # fmt: skip
    assert vertices(bar) == 4 and all(right_corners(bar))
    assert vertices(disc) > 12


def test_it_ends_at_the_raster_as_ever() -> None:
    found = mask_to_pixels(mask_of(rotate(BAR, 20)), SQUARE, BoxPixel(0, 0, 500.5, 1024))
    assert found.bounds[2] == 500.5 and found.is_valid
    assert found.area == pytest.approx(BAR.area * 0.45, rel=0.1)


class TestGround:
    """Angles are right on the ground, where a pixel need not be square."""

    PER_PIXEL = 1e-5
    """Degrees: 1.1 m north, and at 60 degrees half of it east."""

    @pytest.fixture
    def segmenter(self) -> Segmenter:
        manifest = make_manifest(
            transform=Affine(self.PER_PIXEL, 0, 10, 0, -self.PER_PIXEL, 60), crs="EPSG:4326"
        )
        to_ground = pixel_to_ground(manifest, XY(500, 500))
        on_ground = rotate(shapely.box(-60, -35, 60, 35), 30)
        middle = np.array([500.0, 500.0])
        a, b, _, d, e, _ = (~to_ground)[:6]
        squeezed = shapely.transform(
            on_ground, lambda xy: xy @ np.array([[a, d], [b, e]]) + middle
        )  # fmt: skip
        return Segmenter(FakeCache(manifest), OracleDecoder(Outline(squeezed)))

    def found(self, segmenter: Segmenter) -> Polygon:
        click = XY(*(segmenter.manifest.affine @ (500, 500)))
        request = SegmentRequest(MapPrompt(include=(click,)), polygons=SQUARE)
        (found,) = segmenter.segment(request).objects
        assert isinstance(found.geometry, Polygon)
        return found.geometry

    def test_in_degrees(self, segmenter: Segmenter) -> None:
        corners = shapely.get_coordinates(self.found(segmenter).exterior)
        assert len(corners) == 5
        geod = Geod(ellps="WGS84")
        bearings = [geod.inv(*start, *end)[0] for start, end in pairwise(corners)]
        turns = np.diff([*bearings, bearings[0]]) % 180
        assert turns == pytest.approx([90] * 4, abs=0.1)

    def test_the_same_pixels_without_the_ground_are_no_rectangle(
        self, segmenter: Segmenter
    ) -> None:
        shape = segmenter.decoder.shapes[0].polygon
        assert not any(right_corners(shape))

    def test_a_pixel_keeps_its_area(self) -> None:
        for manifest in (make_manifest(), make_manifest(transform=Affine(3, 1, 0, 0, -2, 0))):
            assert abs(pixel_to_ground(manifest, XY(9, 9)).determinant) == pytest.approx(1)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It answers every prompt with the same bar."""
    folder = tmp_path_factory.mktemp("bar")
    raster = write_raster(folder / "plain.tif", np.full((3, 1024, 1024), 90, np.uint8))
    made = run_encode(plan_encode(EncodeRequest(raster))).cache
    tell(made, np.stack([mask_of(rotate(BAR, 17))] * 4), np.full(4, 0.9, np.float32))
    return made


def test_by_the_command_line(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = NORTH_UP @ (510, 500)
    asked = ("-q", "segment", cache, "--include", f"{x},{y}", "--out-crs", "EPSG:32633")
    plain, squared = (
        shapely.from_geojson(run_here(capsys, *asked, "--out", "-", *more).out).geoms[0]
        for more in ((), ("--right-angles",))
    )
    assert vertices(squared) == 4 < vertices(plain) / 4
    assert all(right_corners(squared)) and iou(squared, plain) > 0.95


def test_of_everything(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    out = tmp_path / "all.geojson"
    asked = ("auto", cache, "--points-per-side", "8", "--stability-score-thresh", "0")
    done = run_here(capsys, "-q", *asked, "--right-angles", "--out", out, "--out-crs", "EPSG:32633")
    assert done.code == 0, done.err
    (found,) = shapely.from_geojson(out.read_text()).geoms
    assert vertices(found) == 4 and all(right_corners(found))


def test_by_the_worker(cache: Path, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path / "log") as worker:
        asked = {"cache": str(cache), "include": [NORTH_UP @ (510, 500)], "right_angles": True}
        (found,) = worker.result("predict", **asked)["objects"]
        worker.result(
            "segment_all", cache=str(cache), points_per_side=8, stability_score_thresh=0,
            right_angles=True,
        )  # fmt: skip
        progress = [message.get("progress", {}) for message in worker.messages]
        told = [one for said in progress for one in said.get("found", [])]
    for wkb in (found["wkb"], told[0]["wkb"]):
        assert vertices(shapely.from_wkb(base64.b64decode(wkb))) == 4


@pytest.mark.slow
def test_buildings_of_scenes_by_the_model_that_ships() -> None:
    """What is asked of right angles; docs/right-angles.md has the figures of more scenes."""
    masks = list(found_masks(3, only="building"))
    done = [row for row in judged(masks, with_right_angles) if row["squared"]]
    assert len(done) >= len(masks) / 2 >= 30
    assert np.mean(np.concatenate([row["right"] for row in done])) >= 0.95
    assert np.mean([row["iou"] for row in done]) >= 0.93
    assert np.mean([row["vertices"] for row in done]) <= 0.25
    assert max(row["distance_px"] for row in done) <= TOLERANCE_PX


def _exact(shape: Polygon) -> np.ndarray:
    centres = 4.0 * (np.arange(256) + 0.5)
    return Outline(shape).signed_distance(*np.meshgrid(centres, centres)).astype(np.float32)
