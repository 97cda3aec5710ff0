"""Requests as JSON: what is wrong with them by name, and answers that are made once for a place."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from encoder_tool.encode import run_encode
from encoder_tool.errors import CacheLockedError, OutputError, RequestError, UsageError
from encoder_tool.request import Answerer, read_request
from encoder_tool.request.places import PLACES_VARIABLE, Places
from encoder_tool.tiles.web_mercator import Tile, tile_bounds
from encoder_tool.types import XY, BoundsMap
from tests.support.cli import run_here
from tests.support.scene_tiles import FIRST, ZOOM, SceneTiles, box, latlng, request_for, to_pixels
from tests.support.tile_requests import QUICK
from tests.support.tile_server import Reply, TileServer, tile_png

SCENE = SceneTiles(side=4)

PUBLISHED = {
    "id": "a",
    "bbox": {"ne": {"lat": 46.17271, "lng": 9.401}, "sw": {"lat": 46.14, "lng": 9.29}},
    "prompt": [
        {"type": "point", "data": {"lat": 46.151, "lng": 9.31}, "label": 0},
        {"type": "point", "data": {"lat": 46.152, "lng": 9.32}, "label": 1},
        {"type": "rectangle", "data": {
            "ne": {"lat": 46.16, "lng": 9.33}, "sw": {"lat": 46.15, "lng": 9.30}}},
    ],
    "zoom": 13,
    "source_type": "OpenStreetMap",
}  # fmt: skip


def changed(path: str, value: object) -> str:
    """The published request with a field of another value; None takes it away."""
    document: Any = json.loads(json.dumps(PUBLISHED))
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    place = document
    for part in way:
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return json.dumps(document)


def test_the_published_form_is_read() -> None:
    request = read_request(json.dumps(PUBLISHED))
    assert request.bbox == BoundsMap(9.29, 46.14, 9.401, 46.17271)
    assert request.prompt.include == (XY(9.32, 46.152),)
    assert request.prompt.exclude == (XY(9.31, 46.151),)
    assert request.prompt.box == BoundsMap(9.30, 46.15, 9.33, 46.16)
    assert (request.zoom, request.source, request.id) == (13, "osm", "a")


def test_what_may_be_left_out_and_what_else_may_be_there() -> None:
    for field in ("source_type", "id"):
        assert read_request(changed(field, None)).source == "osm"
    assert read_request(changed("debug", True)).source == "osm"
    assert read_request(changed("zoom", 13.7)).zoom == 13
    assert read_request(changed("source_type", "USGS.USImagery")).source == "usgs-imagery"
    assert read_request(changed("source_type", "pdok-luchtfoto")).source == "pdok-luchtfoto"
    theirs = changed("source_type", "Esri.WorldImagery")
    assert read_request(theirs, "https://h.org/{q}").source == "https://h.org/{q}"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("bbox", None, "bbox is missing"),
        ("prompt", None, "prompt is missing"),
        ("zoom", None, "zoom is missing"),
        ("bbox", [1, 2, 3, 4], r"bbox must be an object, not \[1, 2, 3, 4\]"),
        ("bbox.ne", None, "bbox.ne is missing"),
        ("bbox.ne.lat", "46", 'bbox.ne.lat must be a number, not "46"'),
        ("bbox.ne.lat", True, "bbox.ne.lat must be a number, not true"),
        ("bbox.ne.lat", 91, "bbox.ne.lat must be from -90 to 90, not 91"),
        ("bbox.sw.lng", -181, "bbox.sw.lng must be from -180 to 180, not -181"),
        ("bbox.sw.lat", 50, "bbox.sw.lat must be less than bbox.ne.lat"),
        ("bbox.sw.lng", 10, "bbox.sw.lng must be less than bbox.ne.lng"),
        ("prompt", [], "prompt must be a list of one point"),
        ("prompt", {"type": "point"}, "prompt must be a list"),
        ("prompt.0", 5, r"prompt\[0\] must be an object, not 5"),
        ("prompt.1.type", "circle", r'prompt\[1\].type must be point or rectangle, not "circle"'),
        ("prompt.1.type", None, r"prompt\[1\].type is missing"),
        ("prompt.1.label", None, r"prompt\[1\].label is missing"),
        ("prompt.1.label", 2, r"prompt\[1\].label must be 1 \(include\) or 0"),
        ("prompt.1.data.lng", "x", r'prompt\[1\].data.lng must be a number, not "x"'),
        ("prompt.2.data.ne", None, r"prompt\[2\].data.ne is missing"),
        ("prompt.1", PUBLISHED["prompt"][2], r"prompt\[2\] is a second rectangle"),  # type: ignore[index]
        ("prompt", PUBLISHED["prompt"][:1], "points to leave out only"),  # type: ignore[index]
        ("bbox.ne.lat", 46.1505, r"prompt\[0\].data must lie within bbox"),
        ("prompt.1.data.lng", 9.402, r"prompt\[1\].data must lie within bbox"),
        ("prompt.2.data.sw.lng", 9.289, r"prompt\[2\].data must lie within bbox"),
        ("zoom", "13", 'zoom must be a number, not "13"'),
        ("zoom", 1e30, "zoom must be a number of the map"),
        ("source_type", "Bing", 'source_type "Bing" is not known'),
        ("source_type", "http://localhost/{z}/{x}/{y}", "source_type .* is not known"),
        ("source_type", "/etc/tiles.mbtiles", "source_type .* is not known"),
        ("id", 5, "id must be a text, not 5"),
    ],
)
def test_what_is_wrong_is_named(field: str, value: object, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        read_request(changed(field, value))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5", '"a"', "[" * 100_000, "{}"])
def test_what_is_no_request(text: str) -> None:
    with pytest.raises(RequestError):
        read_request(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(
    JSON,
    st.sampled_from(
        ["bbox", "bbox.ne", "bbox.sw.lat", "prompt", "prompt.0", "prompt.1.data", "prompt.1.label",
         "prompt.2.data.ne.lng", "zoom", "source_type", "id"]
    ),
)  # fmt: skip
def test_whatever_stands_in_a_field_is_read_or_named(value: Any, field: str) -> None:
    if value is None:
        return
    try:
        read_request(changed(field, value))
    except RequestError as error:
        assert field.split(".")[0] in error.message


@pytest.fixture
def site(tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TileServer:
    """The scene's tiles, and no places that were seen."""
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "places"))
    tile_site.reply_to = SCENE.reply
    return tile_site


@pytest.fixture
def answerer(site: TileServer) -> Iterator[Answerer]:
    yield Answerer(source=site.template, patience=QUICK)


def answered(answerer: Answerer, document: dict[str, Any]) -> dict[str, Any]:
    answer = answerer.answer(read_request(json.dumps(document)))
    json.dumps(answer, allow_nan=False)
    return answer


def overlap(answer: dict[str, Any], truth: Any) -> float:
    """IoU of the answer's polygon and an object of the scene."""
    (feature,) = answer["features"]
    found, true = to_pixels(shape(feature["geometry"])), shapely.Polygon(truth.exterior)
    return float(found.intersection(true).area / found.union(true).area)


@pytest.mark.slow
def test_polygons_lie_on_what_was_asked_for_and_a_seen_place_costs_nothing(
    site: TileServer, answerer: Answerer
) -> None:
    one, other = SCENE.buildings(2)
    first = answered(answerer, request_for(one))
    assert first["type"] == "FeatureCollection" and first["id"] == "mine"
    assert overlap(first, one) > 0.7
    assert first["tiles_fetched"] == len(site.asked) == 16, "a block of tiles: a patch"
    assert first["patches_encoded"] == 1
    properties = first["features"][0]["properties"]
    assert 0 < properties["score"] <= 1
    area_m2 = shapely.Polygon(one.exterior).area * 0.3**2
    assert properties["area_m2"] == pytest.approx(area_m2, rel=0.35)
    ring = shape(first["features"][0]["geometry"]).exterior
    assert shapely.is_ccw(ring)
    assert set(first["timings_ms"]) == {"tiles", "encode", "decode", "polygons", "total"}

    # Another prompt on the same patch, by another kind: neither tiles nor features are made anew.
    second = answered(answerer, request_for(other))
    assert overlap(second, other) > 0.7
    clicked = answered(answerer, request_for(other, "point"))
    for later in (second, clicked):
        assert (later["tiles_fetched"], later["patches_encoded"]) == (0, 0)
    # A map that was moved a little, and another process.
    moved = {**request_for(one), "bbox": box(100, 90, 1000, 1010)}
    again = answered(Answerer(source=site.template, patience=QUICK), moved)
    assert (again["tiles_fetched"], again["patches_encoded"]) == (0, 0)
    assert again["features"] == first["features"]
    assert set(site.counts.values()) == {1}


def test_a_map_that_was_moved_far_fetches_only_what_is_new(
    site: TileServer, answerer: Answerer
) -> None:
    (one,) = SCENE.buildings(1)
    answered(answerer, request_for(one))
    wider = {**request_for(one), "bbox": box(20, 20, 1200, 980)}
    answer = answered(answerer, wider)
    assert answer["tiles_fetched"] == 16
    assert set(site.counts.values()) == {1}
    assert overlap(answer, one) > 0.7
    # The smaller raster is not forgotten, and the larger one serves what lies beyond it.
    for left, right in ((20, 980), (1100, 1900)):
        places = Places(site.template, QUICK)
        corners = [latlng(left, 980), latlng(right, 20)]
        bbox = BoundsMap(*(corner[axis] for corner in corners for axis in ("lng", "lat")))
        assert places.at(bbox, ZOOM).fetched == 0


def test_a_place_that_was_deleted_is_seen_as_it_is_now(
    site: TileServer, answerer: Answerer, tmp_path: Path
) -> None:
    """Features of the earlier raster are not used, by the same process nor by another."""
    one = SCENE.buildings(1)[0]
    answered(answerer, request_for(one))
    later = SceneTiles(side=4, seed=6)
    other = later.buildings(1)[0]
    site.reply_to = later.reply
    for asking in (answerer, Answerer(source=site.template, patience=QUICK)):
        for kept in (*tmp_path.glob("places/*/*.tif"), *tmp_path.glob("kept/*")):
            kept.unlink()
        answer = answered(asking, request_for(other))
        assert overlap(answer, other) > 0.7
        assert answer["tiles_fetched"] == 16
    assert answer["patches_encoded"] == 0, "the same pixels as a moment ago"


def test_a_place_that_another_process_encodes_is_waited_for(
    site: TileServer, answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What that one has made is not made anew."""
    (one,) = SCENE.buildings(1)
    turned_away: list[int] = []

    def locked(plan: Any) -> Any:
        turned_away.append(len(plan.todo))
        if len(turned_away) == 2:
            run_encode(plan)
        raise CacheLockedError("Another process is writing to the cache.")

    monkeypatch.setattr("encoder_tool.request.answer.run_encode", locked)
    answer = answered(answerer, request_for(one))
    assert turned_away == [1, 1]
    assert answer["patches_encoded"] == 0 and overlap(answer, one) > 0.7


def test_the_source_is_named_in_the_answer(site: TileServer, answerer: Answerer) -> None:
    (one,) = SCENE.buildings(1)
    assert answered(answerer, request_for(one))["attribution"] is None


def test_requests_that_cannot_be_answered(site: TileServer, answerer: Answerer) -> None:
    (one,) = SCENE.buildings(1)
    asked = request_for(one)
    cases: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({**asked, "zoom": 31}, UsageError, "no zoom 31"),
        ({**asked, "zoom": -1}, UsageError, "no zoom -1"),
        ({**asked, "zoom": 24}, UsageError, "a request may have 1,000"),
        ({**asked, "bbox": {"ne": {"lat": 89, "lng": 2}, "sw": {"lat": 88, "lng": 1}},
          "prompt": [{"type": "point", "data": {"lat": 88.5, "lng": 1.5}, "label": 1}]},
         UsageError, "end at 85.05"),
    ]  # fmt: skip
    outside = {**asked, "prompt": [{"type": "point", "data": latlng(985, 50), "label": 1}]}
    cases.append((outside, RequestError, "must lie within bbox"))
    for document, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            answered(answerer, document)
    assert not site.asked


def test_a_source_whose_terms_cap_tiles_gets_no_more_than_are_needed(
    site: TileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    places = Places(site.template, QUICK)
    monkeypatch.setattr(places, "_source", replace(places._source, max_tiles=10))
    request = read_request(json.dumps(PUBLISHED))
    site.reply_to = lambda tile, nth: Reply(body=tile_png(tile))
    assert 0 < places.at(request.bbox, 13).fetched <= 10


def test_a_long_box_is_not_widened_to_more_than_is_fetched_unasked(
    site: TileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row of eight tiles: blocks would be four."""
    monkeypatch.setattr("encoder_tool.request.places.ASK_ABOVE", 20)
    first, last = (tile_bounds(Tile(14, x, 6081)) for x in (8832, 8839))
    middle = (first.ymin + first.ymax) / 2
    bbox = BoundsMap(first.xmin + 1e-6, middle, last.xmax - 1e-6, middle + 1e-6)
    site.reply_to = lambda tile, nth: Reply(body=tile_png(tile))
    assert Places(site.template, QUICK).at(bbox, 14).fetched == len(site.asked) == 8


def test_places_that_cannot_be_kept(
    site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "file" / "places"))
    with pytest.raises(OutputError, match=PLACES_VARIABLE):
        Places(site.template, QUICK).at(BoundsMap(9.29, 46.14, 9.3, 46.15), 13)


def test_the_command(
    site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (one,) = SCENE.buildings(1)
    file, out = tmp_path / "r.json", tmp_path / "o.geojson"
    file.write_text(json.dumps({**request_for(one), "source_type": "my own map"}))
    told = run_here(capsys, "request", file, "--source", site.template, "--out", out)
    assert told.code == 0, told.err
    assert "16 tiles fetched, 1 patches encoded" in told.err
    assert overlap(json.loads(out.read_text("utf-8")), one) > 0.7

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    told = run_here(capsys, "request", "-", "--source", site.template, "--out", "-")
    assert told.code == 0 and json.loads(told.out)["tiles_fetched"] == 0

    told = run_here(capsys, "request", file, "--source", site.template, "--out", out)
    assert told.code == 14 and "exists already" in told.err

    asked = len(site.asked)
    elsewhere = {**request_for(one), "bbox": box(20, 20, 1900, 980), "id": "\ud800"}
    file.write_text(json.dumps(elsewhere))
    for place, sentence in ((tmp_path, "is a folder"), (tmp_path / "no" / "o", "does not exist")):
        told = run_here(capsys, "request", file, "--source", site.template, "--out", place)
        assert told.code == 14 and sentence in told.err
    assert len(site.asked) == asked, "nothing is fetched for an answer that has no place"
    told = run_here(capsys, "request", file, "--source", site.template, "--out", out, "--overwrite")
    assert told.code == 2 and told.sentence == "Error: id must be a text of whole characters."
    assert len(site.asked) == asked
    file.write_text(changed("bbox.ne.lat", "x"))
    told = run_here(capsys, "request", file)
    assert told.code == 2
    assert told.sentence == 'Error: bbox.ne.lat must be a number, not "x".'
    told = run_here(capsys, "request", tmp_path / "gone.json")
    assert told.code == 2 and "cannot be read" in told.sentence


def test_the_scene_lies_where_its_helpers_say() -> None:
    corner = latlng(0, 0)
    assert to_pixels(shapely.Point(corner["lng"], corner["lat"])).x == pytest.approx(0, abs=1e-3)
    assert FIRST.x % 4 == FIRST.y % 4 == 0
