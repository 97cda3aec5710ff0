"""Buildings that a layer lacks: what is learnt of those that are known, where it is looked, and
what is found on a scene with nano."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely import affinity

from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import OutsideRasterError, UsageError
from encoder_tool.refine import RefineRequest, Verdict, plan_refine, refine_layer
from encoder_tool.refine.left import Left
from encoder_tool.refine.likeness.descriptors import pooled
from encoder_tool.refine.likeness.discriminant import learn
from encoder_tool.refine.missing.likely_places import peaks
from encoder_tool.refine.missing.point_layer import read_points
from encoder_tool.sample import SAMPLE_CRS, write_sample
from encoder_tool.truth import read_truth
from encoder_tool.types import Features
from tests.support.cli import run_here
from tests.support.made_once import made_once
from tests.support.worker import WorkerProcess, kinds

TOWN = {"size": 1024, "seed": 5}
"""With 78 buildings."""


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Path:
    """The cache of a scene of one patch; the scene and its truth are beside it."""

    def encode(folder: Path) -> None:
        run_encode(plan_encode(EncodeRequest(str(write_sample(folder, **TOWN).scene), levels=1)))

    return made_once(tmp_path_factory, "town", encode) / "scene.tif.nano.sam2.zarr"


@pytest.fixture(scope="session")
def buildings(town) -> list[shapely.Polygon]:
    """In metres, the largest first."""
    truth = read_truth(town.with_name("truth.gpkg"), SAMPLE_CRS)
    found = [item.geometry for item in truth if item.class_name == "building"]
    return sorted(found, key=lambda outline: -outline.area)


@pytest.fixture(scope="session")
def deleted(buildings) -> list[shapely.Polygon]:
    """A quarter of them, of all sizes."""
    return buildings[2::4]


def iou(one, other) -> float:
    return one.intersection(other).area / one.union(other).area


def write(path: Path, outlines, kind: str = "Polygon", crs: str = SAMPLE_CRS) -> Path:
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb(np.array(outlines, object)), field_data=[], fields=[],
        driver="GPKG", layer="layer", geometry_type=kind, crs=crs,
    )  # fmt: skip
    return path


def refined(town, request: RefineRequest):
    plan = plan_refine(open_cache(town), request)
    return refine_layer(plan, lambda _stage, _done, _total: None, lambda: False)


def new_of(found):
    return [feature for feature in found.features if feature.verdict is Verdict.NEW]


# --- what is learnt


def test_likeness_is_a_probability_also_where_the_background_holds_what_is_known():
    """Two normal distributions, a fifth of the background being of the first: what is 0.5 lies
    halfway, and of what is said with 0.8 to 0.9 about so much is true."""
    rng = np.random.default_rng(7)
    ones, others = rng.normal(0.6, 1, (4000, 12)), rng.normal(-0.6, 1, (4000, 12))
    mixed = np.vstack([others[:1600], ones[:400]])
    found = learn(ones[400:2000].astype(np.float32), mixed.astype(np.float32))
    unseen, unlike = found.of(ones[2000:]), found.of(others[2000:])
    assert (unseen > 0.5).mean() > 0.95
    assert (unlike < 0.5).mean() > 0.95
    both = np.concatenate([unseen, unlike])
    is_one = np.repeat([True, False], [len(unseen), len(unlike)])
    said = (both > 0.7) & (both < 0.95)
    assert 0.6 < is_one[said].mean() < 0.98


def test_a_descriptor_is_what_is_inside_and_how_it_differs_from_around():
    embed, fine, middle = np.ones((2, 64, 64)), np.ones((1, 256, 256)), np.ones((1, 128, 128))
    embed[:, 16:32, 16:32] = 5.0  # pixels 256 to 512
    fine[:, 64:128, 64:128] = 3.0
    middle[:, 32:64, 32:64] = 2.0
    features = Features(*(values.astype(np.float32) for values in (embed, fine, middle)))
    whole = pooled(features, shapely.box(256, 256, 512, 512))
    # Image embedding, fine and middle map; then the same without the ring, where all is one.
    assert whole == pytest.approx([5, 5, 3, 2, 4, 4, 2, 1], abs=1e-6)
    half = pooled(features, shapely.box(128, 256, 384, 512))
    assert half[:4] == pytest.approx([3, 3, 2, 1.5], abs=1e-6)
    speck = pooled(features, shapely.box(300.1, 300.1, 300.4, 300.4))
    assert speck[:4] == pytest.approx([5, 5, 3, 2], abs=1e-6)


def test_places_are_the_likeliest_of_their_surroundings():
    likeness = np.zeros((256, 256), np.float32)
    likeness[40:52, 100:112] = 0.9
    likeness[200:206, 30:36] = 0.8
    likeness[120:126, 120:126] = 0.2
    found = np.column_stack(peaks(likeness))
    large = found[found[:, 0] < 100]
    assert 1 <= len(large) <= 4
    assert ((large >= (40, 100)) & (large < (52, 112))).all()
    (small,) = found[found[:, 0] > 150]
    assert np.abs(small - (202.5, 32.5)).max() <= 1
    assert len(found) == len(large) + 1


# --- what is found


OFF_M = (-2, 1)
"""The layer lies so far to the east and to the north of the image."""


@pytest.fixture(scope="session")
def known(buildings, deleted, tmp_path_factory) -> Path:
    layer = [affinity.translate(b, *OFF_M) for b in buildings if b not in deleted]
    return write(tmp_path_factory.mktemp("layers") / "known.gpkg", layer)


@pytest.fixture(scope="session")
def found(town, known):
    """Everywhere, where the image has it."""
    return refined(town, RefineRequest(known, find_missing=True, trust="imagery"))


@pytest.mark.slow
def test_missing_buildings_are_found(found, buildings, deleted):
    """Of those of 30 square metres and more most, and little else."""
    new = new_of(found)
    hits = {
        number
        for feature in new
        for number, outline in enumerate(deleted)
        if iou(feature.geometry, outline) > 0.5
    }
    large = [number for number, outline in enumerate(deleted) if outline.area >= 30]
    assert len(large) >= 12
    assert len(hits & set(large)) >= 0.5 * len(large)
    assert len(hits) >= 0.7 * len(new)
    others = [b for b in buildings if b not in deleted]
    assert not [f for f in new if any(iou(f.geometry, outline) > 0.3 for outline in others)]
    scores = [feature.score for feature in new]
    assert scores == sorted(scores, reverse=True) or max(np.diff(scores)) < 0.3
    assert all(0 < score <= 1 for score in scores)
    assert [f.row for f in found.features[-len(new) :]] == [None] * len(new)


def test_only_at_points_and_where_the_layer_has_them(
    town, known, found, buildings, deleted, tmp_path, capsys
):
    """By the command, with the points in degrees; the layer's features come first. It is trusted
    in place of the image, so what is found lies as far off as it does."""
    from encoder_tool.crs import transform_points

    wanted = [outline for outline in deleted if outline.area >= 60][:4]
    at = np.array([outline.representative_point().coords[0] for outline in wanted])
    degrees = transform_points(at, SAMPLE_CRS, "EPSG:4326")
    points = write(tmp_path / "points.gpkg", shapely.points(degrees), "Point", "EPSG:4326")
    out = tmp_path / "refined.gpkg"
    ran = run_here(
        capsys, "refine", town, known, "--missing-points", points, "--min-likeness", "0.3",
        "--out", out, "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    meta, _, wkb, columns = pyogrio.raw.read(out)
    table = dict(zip(meta["fields"], columns, strict=True))
    new = shapely.from_wkb(wkb)[table["verdict"] == "new"]
    assert told["verdicts"]["new"] == len(new) >= 3
    first = len(buildings) - len(deleted)
    assert told["features"] == first + len(new)
    assert np.isnan(table["source_fid"][first:]).all()
    by_image = [feature.geometry for feature in new_of(found)]
    moves = []
    for outline in new:
        there = affinity.translate(outline, -OFF_M[0], -OFF_M[1])
        assert max(iou(there, one) for one in wanted) > 0.5
        same = [one for one in by_image if iou(there, one) > 0.5]
        moves += [np.subtract(outline.centroid.coords, one.centroid.coords)[0] for one in same]
    assert len(moves) >= 2
    assert np.array(moves) == pytest.approx(np.tile(OFF_M, (len(moves), 1)), abs=0.7)


def test_too_few_buildings_say_nothing_of_what_one_looks_like(town, buildings, tmp_path):
    layer = write(tmp_path / "few.gpkg", buildings[:3])
    found = refined(town, RefineRequest(layer, find_missing=True))
    assert found.left == (Left.TOO_FEW_KNOWN,)
    assert len(found.features) == 3


@pytest.mark.parametrize(
    ("name", "shapes", "kind", "says"),
    [
        ("lines", [shapely.LineString([(0, 0), (1, 1)])], "LineString", "more than points"),
        ("nothing", [], "Point", "holds no points"),
    ],
)
def test_what_is_no_layer_of_points(town, tmp_path, name, shapes, kind, says):
    path = write(tmp_path / f"{name}.gpkg", shapes, kind)
    with pytest.raises(UsageError, match=says):
        read_points(path, open_cache(town).manifest)


def test_points_beside_the_raster_and_files_that_are_none(town, tmp_path):
    manifest = open_cache(town).manifest
    far = write(tmp_path / "far.gpkg", [shapely.Point(0, 0)], "Point")
    with pytest.raises(OutsideRasterError, match=r"No point of .* lies on the raster"):
        read_points(far, manifest)
    with pytest.raises(UsageError, match="There is no file"):
        read_points(tmp_path / "none.gpkg", manifest)
    text = tmp_path / "text.gpkg"
    text.write_text("points")
    with pytest.raises(UsageError, match="cannot be read"):
        read_points(text, manifest)


# --- in the worker


def test_the_worker_refines_and_stops(town, buildings, tmp_path):
    layer = write(tmp_path / "known.gpkg", buildings[:6])
    out, changes = tmp_path / "refined.gpkg", tmp_path / "changes.osm"
    with WorkerProcess(tmp_path / "log") as worker:
        told = worker.result("refine", cache=str(town), buildings=str(layer), out=str(out))
        assert told["features"] == 6
        assert sum(told["verdicts"].values()) == 6
        stages = [document["stage"] for document in kinds(worker.messages)]
        assert stages[0] == "asking"
        assert stages[-1] == "writing"
        assert len(pyogrio.raw.read(out)[2]) == 6
        refused = {
            "exists already": {},
            "no nodes and versions": {"out": None, "changes": str(changes)},
            "no parameter 'verdict'": {"overwrite": True, "verdict": 1},
            "'trust' of refine": {"overwrite": True, "trust": "nobody"},
            "must be a list of texts": {"overwrite": True, "protect": "checked"},
            "from 0 to 1": {"overwrite": True, "min_likeness": 2},
        }
        for sentence, params in refused.items():
            asked = {"cache": str(town), "buildings": str(layer), "out": str(out), **params}
            error = worker.error("refine", **asked)
            assert sentence in error["message"], sentence
        other = tmp_path / "stopped.gpkg"
        call = worker.send("refine", cache=str(town), buildings=str(layer), out=str(other))
        worker.wait_for(call, "progress")
        worker.send("cancel", id=call)
        assert worker.wait_for(call)["error"]["type"] == "Cancelled"
        assert not other.exists()
