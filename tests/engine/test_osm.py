"""OpenStreetMap in and out: what is read, what a change consists of, and how it is written."""

from __future__ import annotations

from pathlib import Path

import osmium
import pyogrio.raw
import pytest
import shapely
from shapely.affinity import translate

from encoder_tool.errors import OutputError, UsageError
from encoder_tool.osm import Edits, ElementId, OsmChange, change_text, plan_change, read_osm
from encoder_tool.osm.elements import OsmData
from tests.support.osm_town import (
    COURT,
    ENTRANCE,
    FENCED,
    HALL,
    HOUSE,
    METRE,
    SHED,
    _tags,
    at,
    building,
    polygon,
    town_xml,
    way,
    written,
)


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

    def test_an_entrance_that_its_buildings_leave_is_told(self, town: OsmData) -> None:
        """The shed and the house share it: as long as one of them stays, so does it."""
        away = {
            key: translate(building(town, key).geometry, 0, -50 * METRE) for key in (SHED, HOUSE)
        }
        assert not plan_change(Edits({SHED: away[SHED]}), town).left
        change = plan_change(Edits(away), town)
        assert len(change.left) == 2 and all(f"node {ENTRANCE} " in said for said in change.left)
        assert change.left[0].startswith("Way 10 ") and change.left[1].startswith("Way 11 ")
        assert ENTRANCE not in {element.id for element in change.deleted}
        removed = plan_change(Edits({SHED: away[SHED]}, frozenset({HOUSE})), town)
        assert removed.left == change.left

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
