"""What refining proposes, as changes to OpenStreetMap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from encoder_tool.errors import NothingChangesError, OutputError, UsageError
from encoder_tool.osm import ElementId, read_osm
from encoder_tool.refine.buildings import read_buildings
from encoder_tool.refine.footprints.verdicts import Verdict
from encoder_tool.refine.left import Left
from encoder_tool.refine.openstreetmap import check_osm_request, osm_original, write_osm_changes
from encoder_tool.refine.refined_layer import RefinedFeature
from encoder_tool.refine.request import RefineRequest
from encoder_tool.staging import check_distinct, check_not_read
from tests.engine.test_osm import SHED, town_xml
from tests.support.building_layers import HOUSE, kept, write_layer
from tests.support.osm_rules import parsed_josm


class TestOpenStreetMap:
    @pytest.fixture
    def town(self, tmp_path) -> Path:
        path = tmp_path / "town.osm"
        path.write_text(town_xml(), encoding="utf-8")
        return path

    def refined(self, layer, changed: dict[ElementId, tuple[Verdict, float]]):
        """Those that are named with a verdict, moved east by so many degrees."""
        features = []
        for row, building in enumerate(layer.osm.buildings):
            verdict, east = changed.get(building.id, (Verdict.KEEP, 0.0))
            geometry = shapely.affinity.translate(building.geometry, east, 0)
            features.append(RefinedFeature(row, geometry, verdict, "For the test."))
        return features

    def test_shifted_ways_keep_id_version_and_tags(self, town, tmp_path):
        out = tmp_path / "for_josm.osm"
        request = RefineRequest(town, out)
        layer = read_buildings(town)
        features = self.refined(layer, {SHED: (Verdict.SHIFT, 2e-5)})
        assert write_osm_changes(request, layer, features) == ((out,), ())
        items = parsed_josm(out.read_text(encoding="utf-8"))
        modified = {key for key, item in items.items() if item.action == "modify" and key[1] > 0}
        assert modified == {("way", SHED.number)}
        shed = items["way", SHED.number]
        assert shed.version == 4 and shed.tags["name"] == "Söller & Co"

    def test_what_is_gone_is_deleted_if_that_is_asked_for(self, town, tmp_path):
        layer = read_buildings(town)
        features = self.refined(layer, {SHED: (Verdict.GONE, 0.0)})
        with pytest.raises(NothingChangesError, match="Nothing changes"):
            write_osm_changes(RefineRequest(town, tmp_path / "a.osm"), layer, features)
        assert not (tmp_path / "a.osm").exists()
        request = RefineRequest(town, tmp_path / "b.osm", delete_gone=True)
        write_osm_changes(request, layer, features)
        items = parsed_josm((tmp_path / "b.osm").read_text(encoding="utf-8"))
        assert items["way", SHED.number].action == "delete"

    def test_a_plain_layer_needs_ids_and_the_original(self, town, tmp_path):
        out = tmp_path / "for_josm.osm"
        data = read_osm(town)
        ids = np.array([b.id.number for b in data.buildings], np.int64)
        kinds = np.array([b.id.kind for b in data.buildings], object)
        shapes = [building.geometry for building in data.buildings]
        plain = read_buildings(
            write_layer(tmp_path / "b.gpkg", shapes, crs="EPSG:4326", osm_id=ids, osm_type=kinds)
        )
        with pytest.raises(UsageError, match="no nodes and versions"):
            osm_original(RefineRequest(plain.path, out), plain)
        request = RefineRequest(plain.path, out, osm=town)
        assert osm_original(request, plain).ways == data.ways
        features = [
            RefinedFeature(row, shapely.affinity.translate(shape, 2e-5, 0), Verdict.SHIFT, "Test.")
            if data.buildings[row].id == SHED else kept(row, shape)
            for row, shape in enumerate(shapes)
        ]  # fmt: skip
        write_osm_changes(request, plain, features)
        assert parsed_josm(out.read_text(encoding="utf-8"))["way", SHED.number].action == "modify"
        twice = read_buildings(
            write_layer(
                tmp_path / "c.gpkg", shapes[:2], crs="EPSG:4326", osm_id=ids[[0, 0]],
                osm_type=kinds[[0, 0]],
            )
        )  # fmt: skip
        with pytest.raises(UsageError, match="twice"):
            osm_original(request, twice)
        nameless = read_buildings(write_layer(tmp_path / "d.gpkg", shapes[:1], crs="EPSG:4326"))
        with pytest.raises(UsageError, match="no ids of OpenStreetMap"):
            osm_original(request, nameless)

    def test_what_the_original_lacks_is_said_before_the_work(self, town, tmp_path):
        shapes = [HOUSE]
        request = RefineRequest(tmp_path / "b.gpkg", tmp_path / "for_josm.osm", osm=town)
        ids = np.array([77], np.int64)
        other = read_buildings(write_layer(request.buildings, shapes, osm_id=ids))
        with pytest.raises(OutputError, match="no building way 77"):
            osm_original(request, other)
        bare = tmp_path / "bare.osm"
        bare.write_text(town_xml().replace(' version="4"', ""), encoding="utf-8")
        with pytest.raises(OutputError, match="no version of way"):
            osm_original(RefineRequest(bare, tmp_path / "for_josm.osm"), read_buildings(bare))

    def test_without_a_crs_there_is_no_place_in_openstreetmap(self, town, tmp_path):
        with pytest.warns(UserWarning, match="crs"):
            path = write_layer(
                tmp_path / "b.gpkg", [HOUSE], crs=None, osm_id=np.array([SHED.number])
            )
        request = RefineRequest(path, tmp_path / "for_josm.osm", osm=town)
        with pytest.raises(UsageError, match="has no CRS"):
            osm_original(request, read_buildings(path))

    def test_what_changes_without_an_id_is_counted(self, town, tmp_path):
        data = read_osm(town)
        shapes = [building.geometry for building in data.buildings]
        ids = np.array([SHED.number, *[0] * (len(shapes) - 1)], np.int64)
        path = write_layer(tmp_path / "b.gpkg", shapes, crs="EPSG:4326", osm_id=ids)
        layer, out = read_buildings(path), tmp_path / "for_josm.osm"
        features = [
            RefinedFeature(row, shapely.affinity.translate(shape, 2e-5, 0), Verdict.SHIFT, "Test.")
            for row, shape in enumerate(shapes)
        ]
        written, left = write_osm_changes(RefineRequest(path, out, osm=town), layer, features)
        assert written == (out,)
        assert left[-1] == Left.WITHOUT_ID.format(count=len(shapes) - 1)

    def test_nothing_changes_beside_a_layer_and_why(self, town, tmp_path):
        """What is left is told all the same, and no file is named that is not there."""
        layer = read_buildings(town)
        court = shapely.box(15.0, 42.0, 15.001, 42.001)
        features = [
            RefinedFeature(row, court, Verdict.RESHAPE, "Test.")
            if building.id.kind == "relation" else kept(row, building.geometry)
            for row, building in enumerate(layer.osm.buildings)
        ]  # fmt: skip
        alone = RefineRequest(town, tmp_path / "for_josm.osm")
        with pytest.raises(NothingChangesError) as raised:
            write_osm_changes(alone, layer, features)
        assert "number of rings" in raised.value.hint
        both = RefineRequest(town, tmp_path / "for_josm.osm", (tmp_path / "refined.gpkg",))
        written, left = write_osm_changes(both, layer, features)
        assert written == () and len(left) == 2 and "Nothing changes" in left[-1]

    @pytest.mark.parametrize("name", ["town.osm", "link.osm"])
    def test_what_is_read_is_never_written(self, town, tmp_path, name):
        """Whatever the file is called; and none is written twice."""
        (tmp_path / "link.osm").symlink_to(town)
        own = tmp_path / name
        with pytest.raises(OutputError, match="is read for"):
            check_not_read(own, [None, town])
        check_not_read(tmp_path / "other.osm", [None, town])
        with pytest.raises(OutputError, match="written twice"):
            check_distinct([tmp_path / "a.gpkg", own, tmp_path / ".." / tmp_path.name / "a.gpkg"])

    def test_options_of_changes_are_for_changes(self, town, tmp_path):
        with pytest.raises(UsageError, match="changes to it"):
            check_osm_request(RefineRequest(town, tmp_path / "out.gpkg", delete_gone=True))
        with pytest.raises(OutputError, match="exists already"):
            check_osm_request(RefineRequest(town, town))
