"""OpenStreetMap in and out: what is read, what a change consists of, and how it is written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import osmium
import pyogrio.raw
import pytest
import shapely
from shapely.affinity import translate

from encoder_tool.crs import transform_points
from encoder_tool.errors import OutputError, UsageError
from encoder_tool.osm import Edits, ElementId, OsmChange, change_text, plan_change, read_osm
from encoder_tool.osm.elements import NOTHING, Building, OsmData
from encoder_tool.osm.layer import read_edits
from tests.support.cli import run_here
from tests.support.osm_rules import Item, parsed_josm, parsed_osc

METRE = 1e-5
"""About, in degrees."""

SHED, HOUSE, HALL, COURT = (
    ElementId("way", 10), ElementId("way", 11), ElementId("way", 12), ElementId("relation", 30),
)  # fmt: skip

NODES = {
    # The shed; the house beside it has two of its nodes, and one of those is an entrance.
    1: (0, 0), 2: (10, 0), 3: (10, 8), 4: (0, 8), 5: (25, 0), 6: (25, 8),
    # A hall that a fence ends at.
    7: (40, 0), 8: (60, 0), 9: (60, 20), 10: (40, 20), 11: (70, 0),
    # A court.
    21: (0, 40), 22: (40, 40), 23: (40, 80), 24: (0, 80),
    25: (10, 50), 26: (30, 50), 27: (30, 70), 28: (10, 70), 31: (90, 0), 32: (90, 9),
}  # fmt: skip
ENTRANCE, FENCED = 3, 8


def at(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude, as the database has them."""
    return round(15.0 + x * METRE, 7), round(42.0 + y * METRE, 7)


def polygon(*corners: tuple[float, float], holes: list | None = None) -> shapely.Polygon:
    return shapely.Polygon(
        [at(*c) for c in corners], [[at(*c) for c in hole] for hole in holes or []]
    )


def way(number: int, *refs: int, **tags: str) -> str:
    nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" version="4">{nds}{_tags(tags)}</way>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def town_xml() -> str:
    nodes = "".join(
        f'<node id="{number}" version="2" lon="{at(*place)[0]}" lat="{at(*place)[1]}">'
        f"{_tags({'entrance': 'yes'}) if number == ENTRANCE else ''}</node>"
        for number, place in NODES.items()
    )
    ways = (
        way(10, 1, 2, 3, 4, 1, building="shed", name="Söller &amp; Co")
        + way(11, 2, 5, 6, 3, 2, building="house")
        + way(12, 7, 10, 9, 8, 7, building="yes")  # clockwise
        + way(13, 8, 11, barrier="fence")
        + way(20, 21, 22, 23, 24, 21) + way(21, 25, 26, 27, 28, 25)
        + way(14, 31, 999, 32, 31, building="yes")  # a node of it is not in the file
    )  # fmt: skip
    court = (
        '<relation id="30" version="7"><member type="way" ref="20" role="outer"/>'
        '<member type="way" ref="21" role="inner"/>'
        f"{_tags({'type': 'multipolygon', 'building': 'apartments'})}</relation>"
    )
    return f'<osm version="0.6" generator="test">{nodes}{ways}{court}</osm>'


@pytest.fixture(scope="module")
def town_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "town.osm"
    path.write_text(town_xml(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def town(town_file: Path) -> OsmData:
    return read_osm(town_file)


def building(town: OsmData, wanted: ElementId) -> Building:
    (found,) = [b for b in town.buildings if b.id == wanted]
    return found


def written(change: OsmChange) -> dict[tuple[str, int], Item]:
    """By the rules of both formats, which say the same."""
    josm = parsed_josm(change_text(change, ".osm"))
    osc = parsed_osc(change_text(change, ".osc"))
    changed = {key for key, item in josm.items() if item.action is not None}
    assert changed == set(osc)
    for key in changed:
        assert josm[key].tags == osc[key].tags and josm[key].refs == osc[key].refs
        assert josm[key].version == osc[key].version
    return josm


class TestReading:
    def test_buildings_with_ids_versions_tags_and_outlines(self, town: OsmData) -> None:
        assert {b.id for b in town.buildings} == {SHED, HOUSE, HALL, COURT}
        shed, court = building(town, SHED), building(town, COURT)
        assert (shed.version, court.version) == (4, 7)
        assert shed.tags == {"building": "shed", "name": "Söller & Co"}
        assert shed.geometry.equals(polygon((0, 0), (10, 0), (10, 8), (0, 8)))
        assert court.geometry.area == pytest.approx((1600 - 400) * METRE**2, rel=1e-6)
        assert town.users[ENTRANCE] == 2 and town.users[FENCED] == 2 and town.users[5] == 1
        assert town.nodes[ENTRANCE].tags == {"entrance": "yes"}

    def test_the_same_from_pbf(self, town_file: Path, town: OsmData, tmp_path: Path) -> None:
        path = tmp_path / "town.osm.pbf"
        reader = osmium.MergeInputReader()
        reader.add_file(str(town_file))
        with osmium.SimpleWriter(str(path)) as writer:
            reader.apply(writer)
        again = read_osm(path)
        assert {b.id: b.geometry.wkt for b in again.buildings} == {
            b.id: b.geometry.wkt for b in town.buildings
        }
        assert (again.nodes, again.ways, again.relations) == (town.nodes, town.ways, town.relations)

    def test_multipolygons_of_open_ways_and_of_several_rings(self, tmp_path: Path) -> None:
        """Two halves of an outer ring; a court; and a pavilion in the court. Ways come first."""
        places = {
            1: (0, 0), 2: (90, 0), 3: (90, 90), 4: (0, 90), 5: (20, 20), 6: (70, 20), 7: (70, 70),
            8: (20, 70), 9: (40, 40), 10: (50, 40), 11: (50, 50), 12: (40, 50),
        }  # fmt: skip
        nodes = "".join(
            f'<node id="{n}" version="1" lon="{at(*p)[0]}" lat="{at(*p)[1]}"/>'
            for n, p in places.items()
        )
        ways = way(4, 1, 2, 3) + way(3, 1, 4, 3) + way(2, 5, 6, 7, 8, 5) + way(1, 9, 10, 11, 12, 9)
        roles = {4: "outer", 3: "outer", 2: "inner", 1: "outer"}
        parts = "".join(
            f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in roles.items()
        )
        tags = _tags({"type": "multipolygon", "building": "yes"})
        relation = f'<relation id="9" version="1">{parts}{tags}</relation>'
        path = tmp_path / "court.osm"
        path.write_text(f'<osm version="0.6">{ways}{nodes}{relation}</osm>')
        (found,) = read_osm(path).buildings
        area = found.geometry.area / METRE**2
        assert area == pytest.approx(90 * 90 - 50 * 50 + 10 * 10, rel=1e-6)
        moved = translate(found.geometry, METRE, 0)
        assert "by hand" in plan_change(Edits({found.id: moved}), read_osm(path)).left[0]

    def test_what_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no file"):
            read_osm(tmp_path / "none.osm")
        for name, text, part in (
            ("torn.osm", town_xml()[:700], "cannot be read"),
            ("page.html", "<html></html>", "cannot be read"),
            ("empty.osm", '<osm version="0.6"></osm>', "no whole building"),
        ):
            (tmp_path / name).write_text(text)
            with pytest.raises(UsageError, match=part):
                read_osm(tmp_path / name)


class TestReshaping:
    def test_nothing_is_nothing(self, town: OsmData) -> None:
        same = {b.id: b.geometry for b in town.buildings}
        assert plan_change(Edits(), town).is_empty
        assert plan_change(Edits(reshaped=same), town).is_empty

    def test_nodes_that_did_not_move_are_used_again(self, town: OsmData) -> None:
        wider = polygon((0, 0), (10, 0), (10, 8), (-2, 8))
        found = written(plan_change(Edits({SHED: wider}), town))
        changed = found["way", 10]
        assert (changed.version, changed.action) == (4, "modify")
        assert changed.tags == {"building": "shed", "name": "Söller & Co"}
        assert changed.refs == (1, 2, 3, -1, 1)
        assert found["node", 4].action == "delete"
        assert [found["node", ref].action for ref in (1, 2, 3)] == [None] * 3
        assert found["node", 3].tags == {"entrance": "yes"}
        assert set(found) == {("way", 10), *(("node", ref) for ref in (1, 2, 3, 4, -1))}

    def test_shared_nodes_and_those_with_tags_stay_where_they_are(self, town: OsmData) -> None:
        away = translate(building(town, SHED).geometry, 0, -50 * METRE)
        found = written(plan_change(Edits({SHED: away}), town))
        assert found["way", 10].refs == (-1, -2, -3, -4, -1)
        deleted = {key for key, item in found.items() if item.action == "delete"}
        # 2 and 3 are the house's, and one of them is an entrance.
        assert deleted == {("node", 1), ("node", 4)}
        assert not any(key in found for key in (("node", 2), ("node", 3), ("way", 11)))

    def test_neighbours_that_move_together_keep_their_wall(self, town: OsmData) -> None:
        moved = {
            key: translate(building(town, key).geometry, 2 * METRE, METRE)
            for key in (SHED, HOUSE)
        }  # fmt: skip
        found = written(plan_change(Edits(moved), town))
        shed, house = set(found["way", 10].refs), set(found["way", 11].refs)
        assert len(shed & house) == 2 and len(shed | house) == 6
        assert max(shed | house) < 0

    def test_direction_and_first_node_stay(self, town: OsmData) -> None:
        grown = polygon((40, 0), (66, 0), (66, 20), (40, 20))
        found = written(plan_change(Edits({HALL: grown.reverse()}), town))
        assert found["way", 12].refs == (7, 10, -1, -2, 7)
        again = written(plan_change(Edits({HALL: grown}), town))
        assert again["way", 12].refs == (7, 10, -1, -2, 7)
        # The fence keeps its post.
        assert ("node", FENCED) not in found and found["node", 9].action == "delete"

    def test_a_relation_keeps_its_ways(self, town: OsmData) -> None:
        wider = polygon(
            (0, 40), (44, 40), (44, 80), (0, 80), holes=[[(10, 50), (30, 50), (30, 72), (10, 72)]]
        )
        found = written(plan_change(Edits({COURT: wider}), town))
        assert ("relation", 30) not in found, "it is the same relation of the same ways"
        assert len(set(found["way", 20].refs) & {21, 24}) == 2
        assert len(set(found["way", 21].refs) & {25, 26}) == 2

    def test_what_has_other_rings_is_left_with_a_sentence(self, town: OsmData) -> None:
        solid = polygon((0, 40), (40, 40), (40, 80), (0, 80))
        change = plan_change(Edits({COURT: solid}), town)
        assert change.is_empty and "by hand" in change.left[0] and "30" in change.left[0]

    def test_an_outline_in_two_parts_makes_no_building_of_a_court(self, town: OsmData) -> None:
        two = shapely.MultiPolygon(
            [polygon((0, 40), (40, 40), (40, 80), (0, 80)), polygon((50, 50), (60, 50), (60, 60))]
        )
        change = plan_change(Edits({COURT: two}), town)
        assert change.is_empty and "number of rings" in change.left[0]

    def test_a_way_of_two_buildings_is_changed_if_both_agree(self, tmp_path: Path) -> None:
        """The court's outer way is a wall of its own, too."""
        wall = way(20, 21, 22, 23, 24, 21)
        path = tmp_path / "shared.osm"
        path.write_text(town_xml().replace(wall, way(20, 21, 22, 23, 24, 21, building="yes")))
        town, own = read_osm(path), ElementId("way", 20)
        outer, hole = [(0, 40), (44, 40), (44, 80), (0, 80)], [(10, 50), (30, 50), (30, 70)]
        inner = [*hole, (10, 70)]
        for edits in ({COURT: polygon(*outer, holes=[inner])}, {own: polygon(*outer)}):
            change = plan_change(Edits(edits), town)
            assert change.is_empty and "shares a way" in change.left[0]
        both = {COURT: polygon(*outer, holes=[inner]), own: polygon(*reversed(outer))}
        change = plan_change(Edits(both), town)
        assert [found.id for found in change.modified] == [20] and not change.left
        fewer = {own: polygon(*outer), COURT: polygon(*outer)}
        assert len(plan_change(Edits(fewer), town).left) == 2, "what the other one is left with"

    def test_spikes_are_no_part_of_a_way(self, town: OsmData) -> None:
        """Thinner than the database's grid, they would lead over a node twice."""
        east, north = at(20, 0)
        spiked = shapely.Polygon(
            [at(10, 0), (east, north), (east + 2e-5, north + 1e-9), (east, north + 2e-9),
             at(20, 8), at(10, 8)]
        )  # fmt: skip
        refs = written(plan_change(Edits({HOUSE: spiked}), town))["way", 11].refs
        assert len(set(refs)) == len(refs) - 1 == 4

    def test_outlines_that_meet_themselves(self, tmp_path: Path) -> None:
        """In the file they may; what is written does not."""
        crossed = town_xml().replace(
            way(12, 7, 10, 9, 8, 7, building="yes"), way(12, 7, 9, 10, 8, 7, building="yes")
        )  # fmt: skip
        path = tmp_path / "crossed.osm"
        path.write_text(crossed)
        town = read_osm(path)
        assert building(town, HALL).geometry.is_valid
        mended = polygon((40, 0), (60, 0), (60, 20), (40, 20))
        found = written(plan_change(Edits({HALL: mended}), town))
        assert set(found["way", 12].refs) == {7, 8, 9, 10}

    def test_refusals(self, town: OsmData, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="no building way 77"):
            plan_change(Edits({ElementId("way", 77): polygon((0, 0), (1, 0), (1, 1))}), town)
        path = tmp_path / "bare.osm"
        path.write_text(town_xml().replace(' version="4"', "").replace(' version="2"', ""))
        bare = read_osm(path)
        with pytest.raises(OutputError, match="no version of way 10"):
            plan_change(Edits({SHED: polygon((0, 0), (1, 0), (1, 1))}), bare)


class TestRemoving:
    def test_with_the_nodes_that_nothing_else_needs(self, town: OsmData) -> None:
        found = written(plan_change(Edits(removed=frozenset([HOUSE, HALL])), town))
        assert {key for key, item in found.items() if item.action == "delete"} == {
            ("way", 11), ("way", 12), *(("node", ref) for ref in (5, 6, 7, 9, 10))
        }  # fmt: skip

    def test_a_relation_with_its_nameless_ways(self, town: OsmData) -> None:
        found = written(plan_change(Edits(removed=frozenset([COURT])), town))
        assert {key for key in found if key[0] != "node"} == {
            ("relation", 30), ("way", 20), ("way", 21)
        }  # fmt: skip
        assert sum(key[0] == "node" for key in found) == 8

    def test_parts_of_relations_are_left(self, tmp_path: Path) -> None:
        path = tmp_path / "site.osm"
        site = (
            '<relation id="40" version="1"><member type="way" ref="12" role=""/>'
            f"{_tags({'type': 'site'})}</relation>"
        )
        path.write_text(town_xml().replace("</osm>", f"{site}</osm>"))
        change = plan_change(Edits(removed=frozenset([HALL])), read_osm(path))
        assert change.is_empty and "part of a relation" in change.left[0]

    def test_a_relation_within_a_relation_is_left(self, tmp_path: Path) -> None:
        path = tmp_path / "site.osm"
        site = (
            '<relation id="40" version="1"><member type="relation" ref="30" role=""/>'
            f"{_tags({'type': 'site'})}</relation>"
        )
        path.write_text(town_xml().replace("</osm>", f"{site}</osm>"))
        change = plan_change(Edits(removed=frozenset([COURT])), read_osm(path))
        assert change.is_empty and "part of a relation" in change.left[0]


class TestNew:
    def test_what_no_way_can_hold_is_left_with_a_sentence(self) -> None:
        speck = shapely.Point(15, 42).buffer(1e-9)
        round_one = shapely.Point(15, 42).buffer(1, quad_segs=600)
        house = polygon((0, 0), (5, 0), (5, 5), (0, 5))
        date_line = shapely.box(179.9999, 42, 180.0001, 42.0001)
        new = [(shape, None) for shape in (speck, round_one, date_line, house)]
        change = plan_change(Edits(new=new))
        assert "42.000000, 15.000000 is smaller" in change.left[0]
        assert "at most 2000" in change.left[1] and "antimeridian" in change.left[2]
        assert len(written(change)) == 5, "the house and its corners alone"

    def test_it_takes_the_nodes_that_are_there(self, town: OsmData) -> None:
        lean_to = polygon((60, 0), (60, 20), (66, 20), (66, 0))
        found = written(plan_change(Edits(new=[(lean_to, {"building": "shed"})]), town))
        (made,) = [item for (kind, _), item in found.items() if kind == "way"]
        assert made.id < 0 and made.tags == {"building": "shed"}
        assert {8, 9} < set(made.refs) and len(set(made.refs)) == 4

    def test_two_new_ones_share_a_wall(self) -> None:
        new = [(polygon((0, 0), (5, 0), (5, 5), (0, 5)), None),
               (polygon((5, 0), (9, 0), (9, 5), (5, 5)), None)]  # fmt: skip
        found = written(plan_change(Edits(new=new)))
        assert sum(kind == "node" for kind, _ in found) == 6
        assert [i.tags for i in found.values() if i.kind == "way"] == [{"building": "yes"}] * 2

    def test_a_court_is_a_multipolygon(self) -> None:
        court = polygon(
            (0, 0), (30, 0), (30, 30), (0, 30), holes=[[(10, 10), (20, 10), (20, 20), (10, 20)]]
        )
        found = written(plan_change(Edits(new=[(court, {"building": "school"})])))
        (made,) = [item for item in found.values() if item.kind == "relation"]
        assert made.tags == {"type": "multipolygon", "building": "school"}
        assert [role for _, _, role in made.members] == ["outer", "inner"]
        assert not any(item.tags for item in found.values() if item.kind == "way")


def changed_town(town: OsmData) -> tuple[Edits, OsmChange]:
    edits = Edits(
        {HALL: polygon((40, 0), (66, 0.3), (65.7, 20), (40, 20)),
         HOUSE: polygon((10, 0), (22, 0), (22, 8), (10, 8))},
        frozenset([SHED]),
        [(polygon((100, 0), (110, 0), (110, 10), (100, 10)), None)],
    )  # fmt: skip
    return edits, plan_change(edits, town)


def test_osmium_reads_what_was_meant(town: OsmData, tmp_path: Path) -> None:
    edits, change = changed_town(town)
    path = tmp_path / "change.osm"
    path.write_text(change_text(change, ".osm"), encoding="utf-8")
    # What is deleted has no nodes any more, and is no building.
    again = {b.id: b for b in read_osm(path).buildings}
    assert set(again) == {HALL, HOUSE, *(key for key in again if key.number < 0)}
    for key, wanted in edits.reshaped.items():
        assert shapely.hausdorff_distance(again[key].geometry, wanted) < 1e-7
        assert again[key].tags == building(town, key).tags
        assert again[key].version == building(town, key).version
    (new,) = [b.geometry for key, b in again.items() if key.number < 0]
    assert new.equals(edits.new[0][0])


def test_gdal_reads_what_was_meant(town: OsmData, tmp_path: Path) -> None:
    edits, change = changed_town(town)
    path = tmp_path / "change.osm"
    path.write_text(change_text(change, ".osm"), encoding="utf-8")
    # GDAL's own index of nodes takes no ids below 0.
    pyogrio.set_gdal_config_options({"OSM_USE_CUSTOM_INDEXING": "NO"})
    try:
        meta, _, wkb, columns = pyogrio.raw.read(path, layer="multipolygons")
    finally:
        pyogrio.set_gdal_config_options({"OSM_USE_CUSTOM_INDEXING": None})
    fields = dict(zip(meta["fields"], columns, strict=True))
    found = dict(zip(fields["osm_way_id"], shapely.from_wkb(wkb), strict=True))
    for key, wanted in edits.reshaped.items():
        assert shapely.hausdorff_distance(found[str(key.number)], wanted) < 1e-7
    assert len(found) == 3
    assert "10" not in found


# --- layers, and the command line


def table_of(path: Path) -> tuple[dict[str, np.ndarray], np.ndarray, dict]:
    meta, _, wkb, columns = pyogrio.raw.read(path)
    return dict(zip(meta["fields"], columns, strict=True)), shapely.from_wkb(wkb), meta


def put(path: Path, fields: dict[str, np.ndarray], geometries: object, crs: str) -> Path:
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb(np.array(geometries, object)), fields=list(fields),
        field_data=list(fields.values()), crs=crs, geometry_type="Unknown",
        driver="GPKG",
    )  # fmt: skip
    return path


@pytest.fixture
def layer(town_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    out = tmp_path / "buildings.gpkg"
    assert run_here(capsys, "osm", "read", town_file, "--out", out).code == 0
    return out


def test_a_layer_knows_its_elements(layer: Path) -> None:
    fields, geometries, meta = table_of(layer)
    assert meta["crs"] == "EPSG:4326" and len(geometries) == 4
    rows = dict(zip(zip(fields["osm_type"], fields["osm_id"], strict=True),
                    fields["tags"], strict=True))  # fmt: skip
    assert json.loads(rows["way", 10]) == {"building": "shed", "name": "Söller & Co"}
    assert ("relation", 30) in rows


def test_there_and_back_is_no_change(
    layer: Path, town_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In another CRS as well: what is less than a centimetre off did not move."""
    fields, geometries, _ = table_of(layer)
    utm = [shapely.transform(g, lambda xy: transform_points(xy, "EPSG:4326", "EPSG:32633"))
           for g in geometries]  # fmt: skip
    for path in (layer, put(tmp_path / "utm.gpkg", fields, utm, "EPSG:32633")):
        out = tmp_path / "none.osm"
        done = run_here(capsys, "osm", "write", path, "--original", town_file, "--out", out)
        assert done.code == 8 and "changes nothing" in done.err
        assert not out.exists()


def test_edits_of_a_layer_become_a_change(
    layer: Path, town_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fields, geometries, _ = table_of(layer)
    rows = {int(number): row for row, number in enumerate(fields["osm_id"])}
    geometries[rows[12]] = translate(geometries[rows[12]], 3 * METRE, 0)
    keep = [row for number, row in rows.items() if number != 11]
    more = {name: np.append(values[keep], None) for name, values in fields.items()}
    more["tags"][-1] = '{"building": "garage"}'
    more |= {name: np.array([float(v or "nan") for v in more[name]]) for name in
             ("osm_id", "osm_vers")}  # fmt: skip
    new = polygon((100, 0), (105, 0), (105, 5), (100, 5))
    path = put(tmp_path / "edited.gpkg", more, [*geometries[keep], new], "EPSG:4326")
    asked = ("osm", "write", path, "--original", town_file)
    done = run_here(capsys, *asked, "--out", tmp_path / "a.osm", "--json")
    assert json.loads(done.out) == {
        "out": str(tmp_path / "a.osm"), "new": 1, "reshaped": 1, "removed": 0, "left": 0,
    }  # fmt: skip
    found = parsed_josm((tmp_path / "a.osm").read_text(encoding="utf-8"))
    assert {(item.kind, item.id) for item in found.values() if item.kind == "way"} == {
        ("way", 12), *(key for key in found if key[0] == "way" and key[1] < 0)
    }  # fmt: skip
    assert {"building": "garage"} in [item.tags for item in found.values()]
    assert run_here(capsys, *asked, "--out", tmp_path / "a.osm").code == 14, "not overwritten"
    done = run_here(capsys, *asked, "--out", tmp_path / "a.osc", "--delete-missing")
    assert "1 new, 1 reshaped, 1 removed" in done.out
    osc = parsed_osc((tmp_path / "a.osc").read_text(encoding="utf-8"))
    assert osc["way", 11].action == "delete"


@pytest.mark.parametrize(
    "fields",
    [
        {"full_id": ["w12"]}, {"osm_way_id": ["12"], "osm_id": [None]}, {"osm_id": ["12"]},
        {"osm_type": ["way"], "osm_id": [12]}, {"osm_id": [12.0]}, {"full_id": ["way/12"]},
    ],
    ids=["QuickOSM", "GDAL", "id alone", "ours", "a number with decimals", "overpass"],
)  # fmt: skip
def test_ids_of_other_programs(fields: dict[str, list], town: OsmData, tmp_path: Path) -> None:
    typed = {
        name: np.array(values, None if isinstance(values[0], int | float) else object)
        for name, values in fields.items()
    }
    moved = translate(building(town, HALL).geometry, METRE, 0)
    edits = read_edits(put(tmp_path / "l.gpkg", typed, [moved], "EPSG:4326"), town)
    assert set(edits.reshaped) == {HALL} and not edits.new


def test_relations_of_osm2pgsql_and_nodes(town: OsmData, tmp_path: Path) -> None:
    """Below 0 is a relation there; a node is no outline, whatever says so."""
    moved = [translate(building(town, COURT).geometry, METRE, 0)]
    negative = put(tmp_path / "p.gpkg", {"osm_id": np.array([-30])}, moved, "EPSG:4326")
    edits = read_edits(negative, town)
    assert set(edits.reshaped) == {COURT} and not edits.new
    for name, fields in enumerate((
        {"osm_type": ["node"], "osm_id": ["30"]}, {"full_id": ["n30"]}, {"full_id": ["node/30"]},
    )):  # fmt: skip
        typed = {key: np.array(values, object) for key, values in fields.items()}
        path = put(tmp_path / f"n{name}.gpkg", typed, moved, "EPSG:4326")
        with pytest.raises(UsageError, match="id of a node"):
            read_edits(path, town)


def test_an_extract_is_never_overwritten(
    layer: Path, town_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract = tmp_path / "own.osm"
    extract.write_bytes(town_file.read_bytes())
    fields, geometries, _ = table_of(layer)
    moved = [translate(geometry, METRE, 0) for geometry in geometries]
    edited = put(tmp_path / "edited.gpkg", fields, moved, "EPSG:4326")
    done = run_here(
        capsys, "osm", "write", edited, "--original", extract, "--out", extract, "--overwrite"
    )
    assert done.code == 14 and "is read for" in done.sentence
    assert extract.read_bytes() == town_file.read_bytes()


def test_layers_that_cannot_be_used(town: OsmData, tmp_path: Path) -> None:
    hall = building(town, HALL).geometry
    ids = {"osm_id": np.array([12, 12])}
    twice = put(tmp_path / "twice.gpkg", ids, [hall, hall], "EPSG:4326")
    lines = put(tmp_path / "lines.gpkg", ids, [hall.boundary] * 2, "EPSG:4326")
    text = tmp_path / "text.gpkg"
    text.write_text("no layer")
    for path, part in (
        (twice, "way 12 twice"), (lines, "is no polygon"), (text, "cannot be read"),
        (tmp_path / "none.gpkg", "no file"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=part):
            read_edits(path, town)
    odd = {"tags": np.array(["building=yes"], object)}
    with pytest.raises(OutputError, match="no JSON object"):
        read_edits(put(tmp_path / "odd.gpkg", odd, [hall], "EPSG:4326"), NOTHING)


def test_names_of_outputs(
    layer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    done = run_here(capsys, "osm", "write", layer, "--out", tmp_path / "x.gpkg")
    assert done.code == 14 and ".osc" in done.sentence
    done = run_here(capsys, "osm", "write", layer, "--out", tmp_path / "no" / "x.osm")
    assert done.code == 14 and "does not exist" in done.sentence
