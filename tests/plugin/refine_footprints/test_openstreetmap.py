"""A file of OpenStreetMap in, and changes for JOSM out."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
from reference import UTM, WGS84
from refine_footprints.town import Run, moved, osm_file


def test_a_file_of_openstreetmap_in_and_changes_for_josm_out(
    run: Run, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    outlines = [moved(o, 0, 3) if i % 3 == 2 else o for i, o in enumerate(truth[:15])]
    original = osm_file(tmp_path / "town.osm", outlines)
    changes = tmp_path / "for_josm.osm"
    results, refined = run(OSM=str(original), CHANGES=str(changes))
    assert results["CHANGES"] == str(changes)
    found = list(refined.getFeatures())
    assert refined.crs().authid() == WGS84
    assert [feature["osm_id"] for feature in found] == list(range(1001, 1016))
    changed = {f["osm_id"] for f in found if f["verdict"] in {"shift", "reshape"}}
    assert changed
    ways = ElementTree.parse(changes).getroot().findall("way")
    assert {int(way.get("id")) for way in ways} == changed
    for way in ways:
        assert (way.get("version"), way.get("action")) == ("7", "modify")
        assert way.find("tag").get("v") == "house"

    # The same from a layer that has the ids, as any program may have made it of the file.
    layer = QgsVectorLayer(f"Polygon?crs={UTM}&field=osm_id:string(20)", "town", "memory")
    for number, outline in enumerate(outlines, 1001):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(outline)
        feature.setAttributes([str(number)])
        assert layer.dataProvider().addFeature(feature)
    again = tmp_path / "changes.osc"
    _, refined = run(INPUT=layer, OSM=str(original), CHANGES=str(again))
    also = {int(f["osm_id"]) for f in refined.getFeatures() if f["verdict"] in {"shift", "reshape"}}
    root = ElementTree.parse(again).getroot()
    assert {int(way.get("id")) for way in root.findall("modify/way")} == also
    assert len(also ^ changed) <= 2  # a centimetre more or less


def test_where_nothing_changes_no_file_of_an_earlier_run_is_named(
    run: Run, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    original, changes = osm_file(tmp_path / "town.osm", truth[:3]), tmp_path / "for_josm.osm"
    changes.write_text("of an earlier run", encoding="utf-8")
    results, refined = run(OSM=str(original), CHANGES=str(changes), PROTECT="building")
    assert [feature["verdict"] for feature in refined.getFeatures()] == ["keep"] * 3
    assert "CHANGES" not in results
    assert changes.read_text(encoding="utf-8") == "of an earlier run"
