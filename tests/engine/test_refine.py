"""Refining from a cache and a layer to files, with the embedded model on a sample scene."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.warp import Resampling, reproject, transform_bounds
from shapely import affinity

from encoder_tool.cache.store import open_cache
from encoder_tool.cli.refine import offset_said
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import Cancelled, NotEncodedError, UsageError
from encoder_tool.refine import (
    Refined,
    RefineRequest,
    Verdict,
    plan_refine,
    refine_layer,
    run_refine,
)
from encoder_tool.refine.footprints.judging import FITTED, FITTED_AGAIN, WEIGHED
from encoder_tool.refine.footprints.offsets import LayerOffset
from encoder_tool.refine.left import Left
from encoder_tool.truth import read_truth
from encoder_tool.types import BoundsMap
from tests.support.cli import run_here
from tests.support.grid_oracle import iou

UTM = "EPSG:32633"

OFF_M = (2.0, -1.0)
SHIFTED_M = 3.5

MOST = 30
SMALLEST_M2 = 25.0
"""Sheds are not what these tests are about."""


def write_layer(path: Path, shapes, crs: str = UTM) -> Path:
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb(np.array(shapes, object)), crs=crs, geometry_type="Polygon",
        field_data=[np.array([f"b{i}" for i in range(len(shapes))], object)], fields=["name"],
    )  # fmt: skip
    return path


def read(path: Path):
    meta, _, geometry, columns = pyogrio.raw.read(path)
    return list(shapely.from_wkb(geometry)), dict(zip(meta["fields"], columns, strict=True))


def refined(cache_path: Path, request: RefineRequest) -> Refined:
    plan = plan_refine(open_cache(cache_path), request)
    return refine_layer(plan, lambda _stage, _done, _total: None, lambda: False)


@pytest.fixture(scope="module")
def houses(sample_cache: Path) -> list[shapely.Polygon]:
    """Those in the middle of the sample, away from its border."""
    truth = read_truth(sample_cache.parent / "truth.gpkg", UTM)
    inner = shapely.box(500_020, 4_650_000 - 200, 500_240, 4_650_000 - 20)
    found = [
        item.geometry for item in truth
        if item.class_name == "building" and inner.contains(item.geometry)
        and item.geometry.area >= SMALLEST_M2
    ]  # fmt: skip
    # From north to south, so that those beside each other are among them.
    return sorted(found, key=lambda house: -house.centroid.y)[:MOST]


@pytest.fixture(scope="module")
def moved(houses, tmp_path_factory) -> Path:
    """The layer with the image off by `OFF_M`, as it is when the imagery is badly placed."""
    shapes = [affinity.translate(house, *OFF_M) for house in houses]
    return write_layer(tmp_path_factory.mktemp("moved") / "moved.gpkg", shapes)


@pytest.fixture(scope="module")
def by_default(sample_cache, moved) -> Refined:
    return refined(sample_cache, RefineRequest(moved))


class TestTheImageIsOff:
    def test_the_offset_is_found(self, by_default, houses):
        offset = by_default.offset
        assert (offset.dx_m, offset.dy_m) == pytest.approx((-OFF_M[0], -OFF_M[1]), abs=0.3)
        assert offset.count > 0.8 * offset.measured
        assert offset.spread_m < 0.5

    def test_no_existing_geometry_changes(self, by_default, moved):
        before, _ = read(moved)
        assert len(by_default.features) == len(before)
        for feature, old in zip(by_default.features, before, strict=True):
            assert feature.verdict not in (Verdict.SHIFT, Verdict.RESHAPE), feature.reason
            assert feature.geometry.equals_exact(old, 0)
        kept = [f for f in by_default.features if f.verdict is Verdict.KEEP]
        assert len(kept) > 0.9 * len(before)
        offsets = [feature.offset_m for feature in kept]
        assert np.median(offsets) == pytest.approx(np.hypot(*OFF_M), abs=0.3)

    def test_where_the_imagery_is_trusted_they_are_moved_to_it(self, sample_cache, moved, houses):
        found = refined(sample_cache, RefineRequest(moved, trust="imagery"))
        ious = [iou(f.geometry, house) for f, house in zip(found.features, houses, strict=True)]
        before = [iou(old, house) for old, house in zip(read(moved)[0], houses, strict=True)]
        assert np.median(before) < 0.75
        assert np.median(ious) > 0.95
        shifted = [f for f in found.features if f.verdict is Verdict.SHIFT]
        assert len(shifted) > 0.9 * len(houses)
        assert all(feature.area_change == pytest.approx(0, abs=1e-6) for feature in shifted)


@pytest.fixture(scope="module")
def some_off(houses, tmp_path_factory) -> Path:
    """Every third one is shifted, each another way; two stand where nothing is."""
    shapes = list(houses)
    for index in range(0, len(shapes), 3):
        way = 1.7 * index
        shapes[index] = affinity.translate(
            shapes[index], SHIFTED_M * np.cos(way), SHIFTED_M * np.sin(way)
        )
    return write_layer(tmp_path_factory.mktemp("some") / "some.gpkg", shapes)


@pytest.fixture(scope="module")
def out(sample_cache, some_off, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("refined") / "refined.gpkg"
    plan = plan_refine(open_cache(sample_cache), RefineRequest(some_off, path))
    told = []
    summary = run_refine(plan, lambda *stage: told.append(stage), lambda: False)
    assert summary.features == sum(summary.verdicts.values())
    asked = [done for stage, done, _ in told if stage == "asking"]
    assert asked == sorted(asked) and len(asked) > 4
    assert told[-1] == ("writing", 1, 1)
    return path


class TestSomeAreOff:
    def test_those_are_put_right_and_the_others_left(self, out, some_off, houses):
        after, fields = read(out)
        before, _ = read(some_off)
        off = np.arange(len(houses)) % 3 == 0
        ious = [np.array([iou(a, b) for a, b in zip(shapes, houses, strict=True)])
                for shapes in (before, after)]  # fmt: skip
        assert ious[1][off].mean() - ious[0][off].mean() > 0.25
        left = np.array([a.equals_exact(b, 0) for a, b in zip(after, before, strict=True)])
        assert left[~off].mean() > 0.9
        is_shift = fields["verdict"] == "shift"
        assert is_shift[off].mean() > 0.7
        assert (is_shift & off).sum() > 0.8 * is_shift.sum()
        assert fields["offset_m"][is_shift & off] == pytest.approx(SHIFTED_M, abs=1.5)
        assert (fields["iou_old_new"] == 1).tolist() == left.tolist()

    def test_the_layer_keeps_its_features_and_fields(self, out, some_off, houses):
        _, fields = read(out)
        assert fields["name"].tolist() == [f"b{i}" for i in range(len(houses))]
        assert fields["source_fid"].tolist() == list(range(1, len(houses) + 1))
        assert all(str(reason).endswith(".") for reason in fields["reason"])


@pytest.fixture(scope="module")
def invented(sample_cache: Path) -> list[shapely.Polygon]:
    """Four footprints where nothing stands."""
    truth = read_truth(sample_cache.parent / "truth.gpkg", UTM)
    standing = [item.geometry for item in truth if item.class_name != "field"]
    places = itertools.product(range(500_020, 500_240, 8), range(4_649_800, 4_649_985, 8))
    found: list[shapely.Polygon] = []
    for x, y in places:
        there = shapely.box(x - 6, y - 4, x + 6, y + 4)
        if not there.buffer(3).intersects(shapely.union_all([*standing, *found])):
            found.append(there)
    return found[:: len(found) // 4][:4]


@pytest.fixture(scope="module")
def drawn(houses) -> list[shapely.Polygon]:
    """Of four houses one is turned, and one is a quarter longer and wider."""
    shapes = list(houses)
    shapes[1::4] = [affinity.rotate(house, 25) for house in houses[1::4]]
    shapes[3::4] = [affinity.scale(house, 1.25, 1.25) for house in houses[3::4]]
    return shapes


@pytest.fixture(scope="module")
def corrected(sample_cache, drawn, invented, tmp_path_factory) -> Refined:
    path = tmp_path_factory.mktemp("wrong") / "wrong.gpkg"
    return refined(sample_cache, RefineRequest(write_layer(path, [*drawn, *invented])))


@pytest.mark.slow
class TestOthersAreWrong:
    """Some are turned, some drawn too large, and some stand where nothing is."""

    @pytest.mark.parametrize("first, least", [(1, 0.05), (3, -0.02)], ids=["turned", "scaled"])
    def test_outlines_get_nearer_to_the_houses(self, corrected, drawn, houses, first, least):
        after = [feature.geometry for feature in corrected.features[: len(houses)]]
        ious = [
            np.array([iou(one, house) for one, house in zip(shapes, houses, strict=True)])
            for shapes in (drawn, after)
        ]
        gained = (ious[1] - ious[0])[first::4]
        assert gained.mean() > least, gained

    def test_those_that_are_right_stay_so(self, corrected, houses):
        right = [iou(corrected.features[i].geometry, houses[i]) for i in range(0, len(houses), 2)]
        assert np.mean(right) > 0.95 and np.mean(np.array(right) > 0.9) >= 0.8


class TestBothAreOff:
    """The image as a whole, and some footprints for themselves: they are put where the others
    are, not where the image shows them."""

    def test_what_is_off_for_itself_is_moved_back_by_the_offset(
        self, sample_cache, some_off, houses, tmp_path
    ):
        shapes = [affinity.translate(shape, *OFF_M) for shape in read(some_off)[0]]
        path = write_layer(tmp_path / "both.gpkg", shapes)
        found = refined(sample_cache, RefineRequest(path))
        meant = [affinity.translate(house, *OFF_M) for house in houses]
        off = np.arange(len(houses)) % 3 == 0
        before = np.array([iou(a, b) for a, b in zip(shapes, meant, strict=True)])
        after = np.array([iou(f.geometry, b) for f, b in zip(found.features, meant, strict=True)])
        assert after[off].mean() - before[off].mean() > 0.2
        shifted = [i for i, f in enumerate(found.features) if f.verdict is Verdict.SHIFT]
        on_image = [iou(found.features[i].geometry, houses[i]) for i in shifted]
        assert np.median(after[shifted]) > np.median(on_image) + 0.1


@pytest.fixture(scope="module")
def cache_in_degrees(sample_cache: Path, tmp_path_factory) -> Path:
    """The sample's image in longitude and latitude, whose pixels are a quarter narrower than high
    on the ground."""
    path = tmp_path_factory.mktemp("degrees") / "degrees.tif"
    with rasterio.open(sample_cache.parent / "scene.tif") as scene:
        west, south, east, north = transform_bounds(scene.crs, "EPSG:4326", *scene.bounds)
        side = scene.res[1] / 111_320
        width, height = int((east - west) / side), int((north - south) / side)
        transform = Affine(side, 0, west, 0, -side, north)
        profile = {
            **scene.profile, "crs": "EPSG:4326", "transform": transform, "width": width,
            "height": height,
        }  # fmt: skip
        with rasterio.open(path, "w", **profile) as degrees:
            for band in range(1, scene.count + 1):
                reproject(
                    rasterio.band(scene, band), rasterio.band(degrees, band),
                    resampling=Resampling.bilinear,
                )  # fmt: skip
    return run_encode(plan_encode(EncodeRequest(path, levels=1))).cache


@pytest.mark.slow
def test_in_degrees_a_turned_building_keeps_its_shape(cache_in_degrees, houses, tmp_path):
    shapes = [affinity.rotate(h, 25) if i % 3 == 0 else h for i, h in enumerate(houses)]
    path = write_layer(tmp_path / "turned.gpkg", shapes)
    found = refined(cache_in_degrees, RefineRequest(path))
    turned = [
        (feature.geometry, shapes[index]) for index, feature in enumerate(found.features)
        if feature.reason.startswith("Turned")
    ]  # fmt: skip
    assert len(turned) >= 3
    for now, before in turned:
        sides = [np.hypot(*np.diff(shapely.get_coordinates(s), axis=0).T) for s in (now, before)]
        assert sides[0] == pytest.approx(sides[1], rel=0.01)


class TestCommand:
    def test_json_and_geojson(self, sample_cache, moved, houses, tmp_path, capsys):
        out = tmp_path / "refined.geojson"
        few = write_layer(tmp_path / "few.gpkg", read(moved)[0][:12])
        ran = run_here(
            capsys, "refine", sample_cache, few, "--out", out, "--right-angles", "--snap",
            "--clean-walls", "--min-area", "5", "--search", "5", "--protect", "name=b3",
            "--json", "-q",
        )  # fmt: skip
        assert ran.code == 0, ran.err
        told = json.loads(ran.out)
        assert told["features"] == 12 and told["trust"] == "features"
        assert (told["offset"]["dx_m"], told["offset"]["dy_m"]) == pytest.approx(
            (-OFF_M[0], -OFF_M[1]), abs=0.5
        )
        assert told["left"] == [Left.NOTHING_DRAWN]
        after, fields = read(out)
        assert len(after) == 12
        assert (fields["verdict"][3], fields["reason"][3]) == ("keep", "It is protected.")
        assert set(fields["verdict"]) <= {"keep", "shift", "reshape", "uncertain", "gone"}

    def test_how_many_are_not_on_the_image_is_told(
        self, sample_cache, moved, houses, tmp_path, capsys
    ):
        away = [affinity.translate(house, 1e4, 0) for house in houses[:4]]
        layer = write_layer(tmp_path / "wide.gpkg", [*read(moved)[0][:3], *away])
        ran = run_here(capsys, "refine", sample_cache, layer, "--json")
        assert ran.code == 0, ran.err
        (said,) = json.loads(ran.out)["left"]
        assert said == Left.UNSEEN.format(count=4) and said in ran.err

    @pytest.mark.parametrize("arguments, code, said", [
        (["no.gpkg"], 2, "There is no file"),
        (["far.gpkg"], 8, "No building of"),
        (["lines.gpkg"], 2, "no polygon"),
        (["good.gpkg", "--out", "there.gpkg"], 14, "exists already"),
        (["good.gpkg", "--out", "out.txt"], 14, "suffix"),
        (["good.gpkg", "--out", "out.osm"], 2, "no nodes and versions"),
        (["good.gpkg", "--out", "good.gpkg", "--overwrite"], 14, "is read for"),
        (["good.gpkg", "--out", "a.gpkg", "--out", "./a.gpkg"], 14, "written twice"),
        (["good.gpkg", "--level", "9"], 2, "no level 9"),
        (["good.gpkg", "--protect", "nothing"], 2, "neither a field nor a tag"),
        (["good.gpkg", "--delete-gone"], 2, "for changes to it"),
        (["good.gpkg", "--min-likeness", "0.3"], 2, "for missing buildings"),
    ])  # fmt: skip
    def test_bad_input_ends_in_a_sentence_and_nothing_is_written(
        self, sample_cache, houses, tmp_path, capsys, monkeypatch, arguments, code, said
    ):
        monkeypatch.chdir(tmp_path)
        write_layer(Path("good.gpkg"), houses[:3])
        write_layer(Path("far.gpkg"), [affinity.translate(houses[0], 1e5, 0)])
        pyogrio.raw.write(
            "lines.gpkg", geometry=shapely.to_wkb(np.array([houses[0].exterior], object)), crs=UTM,
            geometry_type="LineString", field_data=[], fields=[],
        )  # fmt: skip
        Path("there.gpkg").write_text("mine")
        before = {path.name for path in tmp_path.iterdir()}
        ran = run_here(capsys, "refine", sample_cache, *arguments)
        assert ran.code == code
        assert said in ran.sentence and ran.out == ""
        assert {path.name for path in tmp_path.iterdir()} == before
        assert Path("there.gpkg").read_text() == "mine"

    def test_it_can_be_stopped(self, sample_cache, moved, tmp_path):
        plan = plan_refine(open_cache(sample_cache), RefineRequest(moved, tmp_path / "r.gpkg"))
        with pytest.raises(Cancelled, match="nothing is written"):
            run_refine(plan, lambda *_: None, lambda: True)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("step", [FITTED, FITTED_AGAIN, WEIGHED])
    def test_it_can_be_stopped_while_nothing_is_asked(self, sample_cache, moved, houses, step):
        """Among the footprints of each step, and not only at its end."""
        plan, told = plan_refine(open_cache(sample_cache), RefineRequest(moved)), [0]
        begun = step * len(houses) + 1
        with pytest.raises(Cancelled):
            refine_layer(plan, lambda _, done, __: told.append(done), lambda: told[-1] >= begun)
        assert begun <= told[-1] < begun + len(houses) / 2


def test_a_cache_without_patches_there_says_so(sample_cache, houses, tmp_path):
    corner = BoundsMap(500_000, 4_650_000 - 384, 500_010, 4_650_000 - 374)
    request = EncodeRequest(
        sample_cache.parent / "scene.tif", out=tmp_path / "part.zarr", extent=corner, levels=1
    )
    cache = open_cache(run_encode(plan_encode(request)).cache)
    north = [house for house in houses if house.bounds[1] > 4_650_000 - 75][:3]
    plan = plan_refine(cache, RefineRequest(write_layer(tmp_path / "b.gpkg", north)))
    with pytest.raises(NotEncodedError, match="Nothing is encoded where"):
        refine_layer(plan, lambda *_: None, lambda: False)


def test_a_level_that_is_not_there_is_refused(sample_cache, moved):
    with pytest.raises(UsageError, match="no level 7"):
        plan_refine(open_cache(sample_cache), RefineRequest(moved, level=7))


@pytest.mark.parametrize("east, north, said", [
    (-2.01, 1.494, "moved 2.01 m west and 1.49 m north (spread 0.20 m, 80 of 94 agree)."),
    (0.3, -0.25, "moved 0.30 m east and 0.25 m south"),
])  # fmt: skip
def test_an_offset_is_said_by_directions(east, north, said):
    assert said in offset_said(LayerOffset(east, north, 0.2, 80, 94))
