"""The yardstick end to end, against an oracle whose answers are known."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from affine import Affine

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import transform_points
from encoder_tool.errors import MissingDependencyError, OutputError, UsageError
from encoder_tool.evaluate import EvaluationReport, evaluate_cache
from encoder_tool.plot import plot_evaluation
from encoder_tool.segment import Segmenter
from encoder_tool.truth import read_truth
from encoder_tool.types import PatchId
from tests.support.fake_cache import UTM, FakeCache, make_manifest
from tests.support.oracle import Disc, OracleDecoder, Outline, rectangle

HOUSE = rectangle(700, 600, 120, 80, 20)
TREE = Disc(1500, 900, 40)
LAKE = Disc(1500, 1200, 800)
COURT = Outline(
    shapely.Polygon(
        shapely.box(2300, 300, 2500, 460).exterior, [shapely.box(2360, 350, 2440, 410).exterior]
    )
)


def on_map(polygon: shapely.Geometry, manifest: Manifest) -> shapely.Geometry:
    a, b, c, d, e, f = manifest.transform
    return shapely.affinity.affine_transform(polygon, (a, b, d, e, c, f))


def write_truth(
    path: Path,
    polygons: Sequence[shapely.Geometry],
    classes: Sequence[str | None] | None = None,
    crs: str | None = UTM,
) -> Path:
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(polygons, dtype=object)),
        field_data=[] if classes is None else [np.array(classes, dtype=object)],
        fields=[] if classes is None else ["class"],
        layer="truth",
        geometry_type="Unknown",
        crs=crs,
    )
    return path


@pytest.fixture
def manifest() -> Manifest:
    return make_manifest()


def test_an_oracle_scores_one_and_needs_one_click(tmp_path: Path, manifest: Manifest):
    shapes = (HOUSE, TREE, COURT)
    truth = write_truth(
        tmp_path / "truth.gpkg",
        [on_map(s.polygon, manifest) for s in shapes],
        ["building", "tree", "building"],
    )
    seen: list[tuple[int, int]] = []
    segmenter = Segmenter(FakeCache(manifest), OracleDecoder(*shapes))
    report = evaluate_cache(
        segmenter, truth, on_progress=lambda done, total: seen.append((done, total))
    )
    figures = report.to_json()
    assert figures["n"] == 3 and report.skipped == 0
    assert figures["box"]["mean"] > 0.98 and figures["click"]["best_scored"]["median"] > 0.98
    assert figures["noc"] == {"80": 1.0, "85": 1.0, "90": 1.0}
    for score in report.scores:
        assert score.boundary > 0.99
        assert [round(true, 1) for _, true in score.predicted].count(1.0) >= 2
        assert score.predicted[-1][1] == score.box
    assert [round(score.side_px) for score in report.scores] == [140, 80, 200]
    assert {k: v["n"] for k, v in figures["per_class"].items()} == {"building": 2, "tree": 1}
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_the_json_has_the_fixed_form(tmp_path: Path, manifest: Manifest):
    truth = write_truth(tmp_path / "truth.gpkg", [on_map(HOUSE.polygon, manifest)], ["building"])
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(HOUSE)), truth)
    whole = form(report.to_json())
    centre = {"mean": float, "median": float}
    one = {
        "n": int,
        "click": {"best_scored": centre, "best_of_three": centre},
        "box": centre,
        "noc": {"80": float, "85": float, "90": float},
    }
    assert whole == {**one, "per_class": {"building": one}}


def form(value: object) -> object:
    return {k: form(v) for k, v in value.items()} if isinstance(value, dict) else type(value)


def test_the_best_scored_and_the_best_of_three_are_told_apart(tmp_path: Path, manifest: Manifest):
    """The truth is the part that the oracle scores lowest: 12 px within the disc."""
    part = Disc(1500, 900, 28)
    truth = write_truth(tmp_path / "truth.gpkg", [on_map(part.polygon, manifest)])
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(TREE)), truth)
    (scores,) = report.scores
    assert scores.click_best_of_three > 0.95
    assert scores.click_best_scored == pytest.approx((28 / 40) ** 2, abs=0.02)
    assert scores.box == pytest.approx((28 / 40) ** 2, abs=0.02)
    assert report.to_json()["noc"] == {"80": 10.0, "85": 10.0, "90": 10.0}
    assert report.to_json()["per_class"] == {}


def test_truth_in_another_crs_finds_its_place(tmp_path: Path, manifest: Manifest):
    geographic = shapely.transform(
        on_map(HOUSE.polygon, manifest), lambda p: transform_points(p, UTM, "EPSG:4326")
    )
    truth = write_truth(tmp_path / "truth.geojson", [geographic], crs="EPSG:4326")
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(HOUSE)), truth)
    assert report.scores[0].box > 0.97


def test_an_object_larger_than_a_patch_is_judged_where_it_fits(tmp_path: Path, manifest: Manifest):
    truth = write_truth(tmp_path / "truth.gpkg", [on_map(LAKE.polygon, manifest)])
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(LAKE)), truth)
    (scores,) = report.scores
    assert scores.patch_id == PatchId(2, 0, 0)
    assert scores.box > 0.98


def test_a_rotated_raster_is_judged_in_its_own_pixels(tmp_path: Path):
    turned = Affine.translation(431_000, 5_480_000) @ Affine.rotation(33) @ Affine.scale(0.3, -0.3)
    manifest = make_manifest(transform=turned)
    truth = write_truth(tmp_path / "truth.gpkg", [on_map(HOUSE.polygon, manifest)])
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(HOUSE)), truth)
    assert report.scores[0].box > 0.98


def test_what_cannot_be_judged_is_skipped_and_counted(tmp_path: Path, manifest: Manifest):
    crossing_the_edge = shapely.box(-10, 50, 60, 120)
    beyond = shapely.box(5000, 5000, 5100, 5100)
    speck = shapely.box(800.6, 800.6, 800.9, 800.9)
    polygons = [HOUSE.polygon, crossing_the_edge, beyond, speck, COURT.polygon]
    truth = write_truth(tmp_path / "truth.gpkg", [on_map(p, manifest) for p in polygons])
    cache = FakeCache(manifest)
    cache.states = {
        patch: PatchStatus.ABSENT
        for patch in manifest.pyramid.patches()
        if patch != PatchId(0, 0, 0)
    }
    report = evaluate_cache(Segmenter(cache, OracleDecoder(HOUSE)), truth)
    assert (len(report.scores), report.skipped) == (1, 4)


def test_the_raster_s_own_edge_does_not_count_as_an_error(tmp_path: Path):
    """The oracle's mask reaches beyond a small raster, into the padding of its only patch."""
    manifest = make_manifest(width=600, height=500)
    shape = rectangle(560, 250, 200, 100)
    visible = shape.polygon.intersection(shapely.box(0, 0, 600, 500))
    truth = write_truth(tmp_path / "truth.gpkg", [on_map(visible, manifest)])
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(shape)), truth)
    assert report.scores[0].box > 0.97


def test_invalid_polygons_are_made_valid(tmp_path: Path, manifest: Manifest):
    overlapping = shapely.MultiPolygon(
        [shapely.box(640, 560, 720, 640), shapely.box(700, 560, 760, 640)]
    )
    want = Outline(shapely.box(640, 560, 760, 640))
    truth = write_truth(tmp_path / "truth.gpkg", [on_map(overlapping, manifest)])
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(want)), truth)
    assert report.scores[0].box > 0.98


def test_a_limit_spreads_over_the_file(tmp_path: Path, manifest: Manifest):
    discs = [Disc(300 + 400 * i, 300, 30) for i in range(6)]
    truth = write_truth(
        tmp_path / "truth.gpkg", [on_map(d.polygon, manifest) for d in discs], list("aabbcc")
    )
    report = evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(*discs)), truth, limit=3)
    assert [s.class_name for s in report.scores] == ["a", "b", "c"]


def test_of_several_layers_the_first_one_is_read(tmp_path: Path) -> None:
    path = write_truth(tmp_path / "truth.gpkg", [shapely.box(0, 0, 10, 10)])
    other = shapely.to_wkb(np.array([shapely.box(0, 0, 5, 5)] * 2, dtype=object))
    pyogrio.raw.write(
        path, geometry=other, field_data=[], fields=[], layer="other", append=True,
        geometry_type="Polygon", crs=UTM,
    )  # fmt: skip
    assert [item.geometry.area for item in read_truth(path, UTM)] == [100]
    assert [item.geometry.area for item in read_truth(path, UTM, "other")] == [25, 25]


def test_truth_that_is_of_no_use_is_said(tmp_path: Path, manifest: Manifest):
    segmenter = Segmenter(FakeCache(manifest), OracleDecoder(HOUSE))
    with pytest.raises(UsageError, match="no file"):
        evaluate_cache(segmenter, tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("no database")
    with pytest.raises(UsageError, match="cannot be read"):
        evaluate_cache(segmenter, tmp_path / "text.gpkg")
    points = write_truth(tmp_path / "points.gpkg", [shapely.Point(431_100, 5_479_900)])
    with pytest.raises(UsageError, match="holds no polygons"):
        evaluate_cache(segmenter, points)
    with pytest.raises(UsageError, match="cannot be read"):
        evaluate_cache(segmenter, points, layer="roads")
    elsewhere = write_truth(tmp_path / "far.gpkg", [shapely.box(0, 0, 10, 10)])
    with pytest.raises(UsageError, match="None of the 1 polygons"):
        evaluate_cache(segmenter, elsewhere)


@pytest.fixture
def report(tmp_path: Path, manifest: Manifest) -> EvaluationReport:
    shapes = (HOUSE, TREE)
    truth = write_truth(
        tmp_path / "truth.gpkg", [on_map(s.polygon, manifest) for s in shapes], ["house", "tree"]
    )
    return evaluate_cache(Segmenter(FakeCache(manifest), OracleDecoder(*shapes)), truth)


def test_the_plot_is_a_picture(tmp_path: Path, report: EvaluationReport):
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    plot_evaluation(report, tmp_path / "figure.png", "an oracle")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in tmp_path.glob("*figure*")] == ["figure.png"]


def test_a_plot_without_matplotlib_says_how_to_get_it(
    tmp_path: Path, report: EvaluationReport, monkeypatch: pytest.MonkeyPatch
):

    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependencyError, match="matplotlib"):
        plot_evaluation(report, tmp_path / "figure.png")


def test_a_plot_of_an_unknown_format_is_refused(tmp_path: Path, report: EvaluationReport):

    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    with pytest.raises(OutputError, match="picture format"):
        plot_evaluation(report, tmp_path / "figure.docx")
