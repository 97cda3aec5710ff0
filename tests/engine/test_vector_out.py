import json
import os
import warnings

import numpy as np
import pyogrio
import pytest
import shapely
from affine import Affine

from encoder_tool.errors import OutputError
from encoder_tool.polygons import to_crs
from encoder_tool.segment import SegmentedObject
from encoder_tool.types import PatchId, Window
from encoder_tool.vector_out import (
    Provenance,
    check_output,
    driver_of,
    geojson_text,
    output_crs,
    write_objects,
)
from tests.support.full_disk import files_of_at_most

UTM = "EPSG:32633"
FROM = Provenance(model="nano", raster="scene.tif")
SQUARE = shapely.box(431_000.123456, 5_480_000, 431_010, 5_480_010)
COURT = SQUARE.difference(shapely.box(431_004, 5_480_004, 431_006, 5_480_006))
TWO = shapely.MultiPolygon([SQUARE, shapely.box(431_020, 5_480_000, 431_030, 5_480_010)])


def found(geometry: shapely.Geometry, crs: str | None = UTM, candidate: int = 2) -> SegmentedObject:
    return SegmentedObject(
        geometry=geometry, crs=crs, score=0.875, candidate=candidate, patch_id=PatchId(1, 0, 0),
        level=1, window=Window(0, 0, 1024, 1024), transform=Affine.scale(0.6), area_px=273.5,
    )  # fmt: skip


def read(path):
    meta, _, geometry, columns = pyogrio.raw.read(path)
    return meta, shapely.from_wkb(geometry), dict(zip(meta["fields"], columns, strict=True))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
class TestFormats:
    def test_geometry_crs_and_fields_come_back(self, tmp_path, suffix):
        path = tmp_path / f"out{suffix}"
        write_objects([found(COURT), found(TWO, candidate=0)], path, FROM)
        meta, geometries, fields = read(path)
        assert meta["crs"] == UTM
        for geometry, truth in zip(geometries, (COURT, TWO), strict=True):
            assert geometry.symmetric_difference(truth).area < 1e-6
        assert fields["score"].tolist() == [0.875, 0.875]
        assert fields["candidate"].tolist() == [2, 0]
        assert fields["level"].tolist() == [1, 1]
        assert fields["area_px"].tolist() == [273.5, 273.5]
        # UTM's scale is 0.9996 on its central meridian, one degree west of here a bit more.
        assert fields["area_m2"][0] == pytest.approx(COURT.area, rel=2e-3)
        assert fields["model"].tolist() == ["nano", "nano"]
        assert fields["raster"].tolist() == ["scene.tif", "scene.tif"]

    def test_without_crs(self, tmp_path, suffix):
        path = tmp_path / f"out{suffix}"
        write_objects([found(shapely.box(10, 20, 30, 40), None)], path, FROM)
        _, (geometry,), fields = read(path)
        assert geometry.bounds == (10, 20, 30, 40)
        assert np.isnan(fields["area_m2"].astype(float)[0])

    def test_refused_and_untouched_when_it_exists(self, tmp_path, suffix):
        path = tmp_path / f"out{suffix}"
        path.write_text("mine")
        with pytest.raises(OutputError, match="exists already") as caught:
            write_objects([found(SQUARE)], path, FROM)
        assert caught.value.exit_code == 14
        assert path.read_text() == "mine"
        write_objects([found(SQUARE)], path, FROM, overwrite=True)
        assert len(read(path)[1]) == 1

    def test_overwriting_leaves_nothing_of_the_old(self, tmp_path, suffix):
        path = tmp_path / f"out{suffix}"
        write_objects([found(SQUARE), found(TWO)], path, FROM)
        before = {file.name for file in tmp_path.iterdir()}
        write_objects([found(SQUARE, None)], path, FROM, overwrite=True)
        after = {file.name for file in tmp_path.iterdir()}
        assert after == before - {"out.prj"}
        assert len(read(path)[1]) == 1

    def test_a_failed_write_leaves_nothing(self, tmp_path, suffix, monkeypatch):
        def fail(*_args, **_kwargs):
            raise pyogrio.errors.DataSourceError("no space left")

        monkeypatch.setattr(pyogrio.raw, "write", fail)
        with pytest.raises(OutputError, match="no space left"):
            write_objects([found(SQUARE)], tmp_path / f"out{suffix}", FROM)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".geojson", ".shp"])
def test_the_last_bytes_do_not_fit_on_the_disk(tmp_path, suffix):
    """What drivers keep back is written when they close the file. (A GeoPackage then lacks its
    spatial index, and nothing else.)"""
    many = [found(shapely.Point(431_000 + x, 0).buffer(3)) for x in range(200)]
    write_objects(many, tmp_path / f"first{suffix}", FROM)
    size = max(file.stat().st_size for file in tmp_path.iterdir())
    path = tmp_path / "full" / f"out{suffix}"
    path.parent.mkdir()
    with files_of_at_most(size - 20), pytest.raises(OutputError):
        write_objects(many, path, FROM)
    assert list(path.parent.iterdir()) == []


def test_the_table_of_a_shapefile_does_not_fit_on_the_disk(tmp_path):
    """Of triangles it is larger than the shapes."""
    corner = shapely.Polygon([(0, 0), (1, 0), (0, 1)])
    many = [found(shapely.affinity.translate(corner, 431_000 + x)) for x in range(200)]
    write_objects(many, tmp_path / "first.shp", FROM)
    table = (tmp_path / "first.dbf").stat().st_size
    assert table > (tmp_path / "first.shp").stat().st_size
    # Of the numbers that do not fit, pyogrio says that they are too large for their field.
    with (
        warnings.catch_warnings(action="ignore", category=RuntimeWarning),
        files_of_at_most(table - 20),
        pytest.raises(OutputError, match="whole"),
    ):
        write_objects(many, tmp_path / "out.shp", FROM)
    assert not list(tmp_path.glob("out*"))


class TestGeoJson:
    @pytest.mark.parametrize("name", ["part.geojson", "out.part.geojson", "out.part.json"])
    def test_any_name_will_do(self, tmp_path, name):
        write_objects([found(SQUARE), found(TWO)], tmp_path / name, FROM)
        assert len(read(tmp_path / name)[1]) == 2
        assert [file.name for file in tmp_path.iterdir()] == [name]

    def test_degrees_follow_rfc_7946(self):
        geometry = to_crs(COURT, UTM, "EPSG:4326", 0.003)
        document = json.loads(geojson_text([found(geometry, "EPSG:4326")], FROM))
        assert document["type"] == "FeatureCollection"
        assert "crs" not in document
        (feature,) = document["features"]
        outer, hole = feature["geometry"]["coordinates"]
        assert shapely.LinearRing(outer).is_ccw
        assert not shapely.LinearRing(hole).is_ccw
        assert feature["properties"]["score"] == 0.875
        back = to_crs(shapely.geometry.shape(feature["geometry"]), "EPSG:4326", UTM)
        # 9 decimals: 0.1 mm; 7, GDAL's default, would be 11 mm.
        assert shapely.hausdorff_distance(back, COURT) < 2e-4

    def test_the_collection_has_the_files_name(self, tmp_path):
        write_objects([found(SQUARE)], tmp_path / "house.geojson", FROM)
        assert json.loads((tmp_path / "house.geojson").read_text())["name"] == "house"

    def test_another_crs_is_named(self):
        document = json.loads(geojson_text([found(SQUARE)], FROM))
        assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::32633"
        ring = document["features"][0]["geometry"]["coordinates"][0]
        assert min(x for x, _ in ring) == pytest.approx(431_000.123456, abs=1e-9)

    def test_missing_area_is_null(self):
        document = json.loads(geojson_text([found(shapely.box(0, 0, 1, 1), None)], FROM))
        assert document["features"][0]["properties"]["area_m2"] is None


class TestChecks:
    def test_drivers(self):
        assert [driver_of(out) for out in ("-", "a.GPKG", "a.b.geojson", "x/y.shp")] == [
            "GeoJSON", "GPKG", "GeoJSON", "ESRI Shapefile",
        ]  # fmt: skip

    @pytest.mark.parametrize("out", ["a.kml", "a", "gpkg"])
    def test_unknown_suffix(self, out):
        with pytest.raises(OutputError, match="no suffix that names a known format"):
            check_output(out)

    def test_folders(self, tmp_path):
        with pytest.raises(OutputError, match="does not exist"):
            check_output(str(tmp_path / "none" / "a.gpkg"))
        (tmp_path / "a.gpkg").mkdir()
        with pytest.raises(OutputError, match="is a folder"):
            check_output(str(tmp_path / "a.gpkg"), overwrite=True)

    def test_a_folder_that_cannot_be_written(self, tmp_path, monkeypatch):
        monkeypatch.setattr(
            "os.access", lambda path, mode: not (path == tmp_path and mode & os.W_OK)
        )
        with pytest.raises(OutputError, match=f"folder {tmp_path} cannot be written"):
            check_output(str(tmp_path / "a.gpkg"))
        assert list(tmp_path.iterdir()) == []

    def test_what_would_be_overwritten_with_it(self, tmp_path):
        """A table of the same name is the user's."""
        table = tmp_path / "roofs.dbf"
        table.write_text("mine")
        with pytest.raises(OutputError, match=r"roofs\.dbf exists already"):
            check_output(str(tmp_path / "roofs.shp"))
        check_output(str(tmp_path / "roofs.shp"), overwrite=True)
        check_output(str(tmp_path / "roofs.gpkg"))
        assert table.read_text() == "mine"

    def test_nothing_to_write(self, tmp_path):
        with pytest.raises(OutputError, match="no objects"):
            write_objects([], tmp_path / "a.gpkg", FROM)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("out", "wanted", "raster", "expected"),
        [
            ("-", None, UTM, "EPSG:4326"),
            ("a.geojson", None, UTM, "EPSG:4326"),
            ("a.geojson", "EPSG:3857", UTM, "EPSG:3857"),
            ("a.gpkg", None, UTM, None),
            ("a.shp", "EPSG:3857", UTM, "EPSG:3857"),
            (None, None, UTM, None),
            ("-", None, None, None),
            ("-", None, 'LOCAL_CS["site",UNIT["metre",1]]', None),
        ],
    )
    def test_output_crs(self, out, wanted, raster, expected):
        assert output_crs(out, wanted, raster) == expected
