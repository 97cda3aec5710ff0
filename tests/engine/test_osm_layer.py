"""Layers of OpenStreetMap's buildings and the command line: in, edited, and out as a change."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely.affinity import translate

from encoder_tool.crs import transform_points
from encoder_tool.errors import OutputError, UsageError
from encoder_tool.osm.elements import NOTHING, OsmData
from encoder_tool.osm.layer import read_edits
from tests.support.cli import run_here
from tests.support.osm_rules import parsed_josm, parsed_osc
from tests.support.osm_town import COURT, HALL, METRE, building, polygon


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
        assert done.code == 16 and "changes nothing" in done.err
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
