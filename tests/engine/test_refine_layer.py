"""The refined layer against the layer that it was made of: what is read, kept, protected, decided
and written."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

import numpy as np
import pyogrio.raw
import pytest
import shapely
from affine import Affine

from encoder_tool.errors import OutputError, OutsideRasterError, UsageError
from encoder_tool.osm import read_osm
from encoder_tool.refine.buildings import from_pixels, outlines_in_pixels, read_buildings, to_pixels
from encoder_tool.refine.footprints.verdicts import Verdict
from encoder_tool.refine.protection import protected_rows
from encoder_tool.refine.refined_layer import RefinedFeature, write_refined
from encoder_tool.refine.request import Protection
from tests.engine.test_osm import town_xml
from tests.support.building_layers import BARN, BOW_TIE, HOUSE, kept, read, write_layer
from tests.support.fake_cache import UTM, make_manifest


class TestReading:
    def test_features_keep_their_ids_fields_and_geometries(self, tmp_path):
        floors = np.array([2, 3, 0], np.int32)
        path = write_layer(tmp_path / "b.gpkg", [HOUSE, BARN, BOW_TIE], floors=floors)
        layer = read_buildings(path)
        assert layer.fids.tolist() == [1, 2, 3]
        assert [g.equals_exact(t, 0) for g, t in zip(layer.geometries, [HOUSE, BARN, BOW_TIE],
                                                     strict=True)] == [True] * 3  # fmt: skip
        assert layer.field("floors").values.dtype == np.int32
        assert layer.field("name").values.tolist() == ["b0", "b1", "b2"]

    @pytest.mark.parametrize("content, said", [
        ([shapely.LineString([(0, 0), (1, 1)])], "Feature 1 of"),
        ([], "holds no features"),
        ([None, None], "holds no geometries"),
    ])  # fmt: skip
    def test_what_is_no_layer_of_buildings_is_refused(self, tmp_path, content, said):
        with pytest.raises(UsageError, match=said):
            read_buildings(write_layer(tmp_path / "b.gpkg", content))

    def test_a_file_that_is_none_is_refused(self, tmp_path):
        with pytest.raises(UsageError, match="There is no file"):
            read_buildings(tmp_path / "b.gpkg")
        (tmp_path / "b.gpkg").write_text("no layer")
        with pytest.raises(UsageError, match="cannot be read"):
            read_buildings(tmp_path / "b.gpkg")
        whole = write_layer(tmp_path / "c.gpkg", [HOUSE])
        with pytest.raises(UsageError, match="cannot be read"):
            read_buildings(whole, "roofs")

    def test_ids_that_are_there_twice_are_refused(self, tmp_path):
        feature = {
            "type": "Feature", "id": 7, "properties": {},
            "geometry": json.loads(shapely.to_geojson(shapely.box(0, 0, 1, 1))),
        }  # fmt: skip
        path = tmp_path / "b.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * 2}))
        with pytest.raises(UsageError, match="id twice"):
            read_buildings(path)

    def test_an_osm_file_has_its_elements(self, tmp_path):
        path = tmp_path / "town.osm"
        path.write_text(town_xml(), encoding="utf-8")
        layer = read_buildings(path)
        data = read_osm(path)
        assert layer.osm is not None
        assert layer.field("osm_id").values.tolist() == [b.id.number for b in data.buildings]
        with pytest.raises(UsageError, match="has no layers"):
            read_buildings(path, "buildings")


class TestPlacing:
    def test_pixels_and_back(self, tmp_path):
        manifest = make_manifest()
        pixels = to_pixels(HOUSE, UTM, manifest)
        assert pixels.bounds == pytest.approx((100, 50 / 0.3, 45.123456789 / 0.3, 200), abs=1e-6)
        assert from_pixels(pixels, UTM, manifest).symmetric_difference(HOUSE).area < 1e-6

    def test_any_crs_and_invalid_outlines(self, tmp_path):
        manifest = make_manifest()
        path = write_layer(tmp_path / "b.gpkg", [HOUSE, BOW_TIE, None])
        in_utm = outlines_in_pixels(read_buildings(path), manifest)
        assert in_utm[1].is_valid and in_utm[1].area == pytest.approx(50 / 0.09)
        assert in_utm[2] is None
        degrees = [from_pixels(shape, "EPSG:4326", manifest) for shape in in_utm[:2]]
        other = write_layer(tmp_path / "d.gpkg", degrees, crs="EPSG:4326")
        for one, same in zip(outlines_in_pixels(read_buildings(other), manifest), in_utm,
                             strict=False):  # fmt: skip
            assert one.symmetric_difference(same).area < 1e-3

    def test_layers_elsewhere_or_without_a_place_are_refused(self, tmp_path):
        manifest = make_manifest()
        far = write_layer(tmp_path / "far.gpkg", [shapely.box(0, 0, 10, 10)])
        with pytest.raises(OutsideRasterError, match="bounds are 431000") as raised:
            outlines_in_pixels(read_buildings(far), manifest)
        assert "EPSG:32633" in str(raised.value)
        wrong = write_layer(tmp_path / "wrong.gpkg", [HOUSE], crs="EPSG:4326")
        with pytest.raises(OutsideRasterError):
            outlines_in_pixels(read_buildings(wrong), manifest)
        with pytest.warns(UserWarning, match="crs"):
            none = write_layer(tmp_path / "none.gpkg", [HOUSE], crs=None)
        with pytest.raises(UsageError, match="has no CRS"):
            outlines_in_pixels(read_buildings(none), manifest)
        bare = make_manifest(crs=None)
        with pytest.raises(UsageError, match="raster has no CRS"):
            outlines_in_pixels(read_buildings(far), bare)
        assert outlines_in_pixels(read_buildings(none), bare)[0] is not None

    def test_across_the_antimeridian_an_outline_stays_in_one_piece(self):
        west, north = 833_000.0, 100_000.0  # some metres of UTM zone 60 are beyond 180
        manifest = make_manifest(transform=Affine(1, 0, west, 0, -1, north), crs="EPSG:32660")
        edge = to_pixels(shapely.Point(180, 0.9).buffer(1e-5), "EPSG:4326", manifest).centroid
        house = edge.buffer(10, cap_style="square")
        degrees = from_pixels(house, "EPSG:4326", manifest)
        assert degrees.bounds[0] < 180 < degrees.bounds[2]
        assert degrees.bounds[2] - degrees.bounds[0] == pytest.approx(20 / 111_320, rel=0.02)
        back = to_pixels(degrees, "EPSG:4326", manifest)
        assert back.symmetric_difference(house).area < 0.01 * house.area


class TestWriting:
    @pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
    def test_everything_of_the_input_and_what_was_found(self, tmp_path, suffix):
        """Numbers that are missing, dates, words and geometries come back as they were."""
        built = np.array(["2001-02-03", "NaT", "1999-12-31"], "datetime64[D]")
        path = write_layer(tmp_path / "b.gpkg", [HOUSE, BARN, BOW_TIE], built=built)
        layer = read_buildings(path)
        moved = shapely.affinity.translate(BARN, 2, 1)
        features = [
            kept(0, layer.geometries[0]),
            RefinedFeature(1, moved, Verdict.SHIFT, "It fits 2.2 m away.", 0.8, 2.2, 0.9, 0.0),
            RefinedFeature(2, layer.geometries[2], Verdict.UNCERTAIN, "Why not."),
            RefinedFeature(None, HOUSE.buffer(1), Verdict.NEW, "It is new.", score=0.7),
        ]
        out = tmp_path / f"refined{suffix}"
        assert write_refined(layer, features, out) == {}
        meta, _, geometries, fields = read(out)
        assert meta["crs"] == UTM
        assert geometries[0].equals_exact(HOUSE, 0) and geometries[2].equals_exact(BOW_TIE, 0)
        assert geometries[1].equals_exact(moved, 0)
        assert fields["name"].tolist() == ["b0", "b1", "b2", None]
        assert fields["built"].astype("datetime64[D]").astype(str).tolist() == [
            "2001-02-03", "NaT", "1999-12-31", "NaT",
        ]  # fmt: skip
        assert fields["verdict"].tolist() == ["keep", "shift", "uncertain", "new"]
        assert fields["source_fid"][:3].tolist() == [1, 2, 3] and np.isnan(fields["source_fid"][3])
        assert fields["iou_old_new"][:2].tolist() == [1.0, 0.8] and np.isnan(fields["score"][2])
        assert fields["offset_m"][1] == 2.2 and fields["area_change"][1] == 0

    def test_whole_numbers_that_are_missing_stay_whole_numbers(self, tmp_path):
        source = tmp_path / "b.geojson"
        geometry = json.loads(shapely.to_geojson(shapely.box(15, 49, 15.001, 49.001)))
        rows = [{"floors": 2, "tags": ["a", "b"]}, {"floors": None, "tags": None}]
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": row, "geometry": geometry} for row in rows
        ]}))  # fmt: skip
        layer = read_buildings(source)
        out = tmp_path / "refined.gpkg"
        write_refined(layer, [kept(i, g) for i, g in enumerate(layer.geometries)], out)
        meta, _, _, fields = read(out)
        assert dict(zip(meta["fields"], meta["dtypes"], strict=True))["floors"] == "int32"
        assert fields["floors"][0] == 2 and np.isnan(fields["floors"][1])
        assert json.loads(fields["tags"][0]) == ["a", "b"] and fields["tags"][1] is None

    def test_a_field_of_the_same_name_is_left_and_the_added_one_renamed(self, tmp_path):
        verdict = np.array(["mine"], object)
        path = write_layer(tmp_path / "b.gpkg", [HOUSE], Verdict=verdict, score=np.array([3.5]))
        layer = read_buildings(path)
        out = tmp_path / "refined.gpkg"
        renamed = write_refined(layer, [kept(0, layer.geometries[0])], out)
        assert renamed == {"verdict": "verdict_1", "score": "score_1"}
        _, _, _, fields = read(out)
        assert (fields["Verdict"][0], fields["verdict_1"][0]) == ("mine", "keep")
        assert (fields["score"][0], fields["score_1"][0]) == (3.5, 0.8)

    def test_fields_that_are_called_as_a_geopackage_calls_its_own(self, tmp_path):
        """Nor is the order that of a field `fid`."""
        source = tmp_path / "b.geojson"
        geometry = json.loads(shapely.to_geojson(shapely.box(15, 49, 15.001, 49.001)))
        rows = [
            {"fid": 9, "geom": "a", "Name": "A", "name": "one"},
            {"fid": 7, "geom": "b", "Name": "B", "name": "two"},
            {"fid": 7, "geom": "c", "Name": "C", "name": "three"},
        ]
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": row, "geometry": geometry} for row in rows
        ]}))  # fmt: skip
        layer = read_buildings(source)
        features = [kept(i, g) for i, g in enumerate(layer.geometries)]
        out = tmp_path / "refined.gpkg"
        assert write_refined(layer, features, out) == {"name": "name_1"}
        _, _, _, fields = read(out)
        assert fields["fid"].tolist() == [9, 7, 7]
        assert fields["geom"].tolist() == ["a", "b", "c"]
        assert fields["Name"].tolist() == ["A", "B", "C"]
        assert fields["name_1"].tolist() == ["one", "two", "three"]
        assert write_refined(layer, features, tmp_path / "refined.geojson") == {}

    def test_lists_of_numbers_are_kept_as_text(self, tmp_path):
        source = tmp_path / "b.geojson"
        geometry = json.loads(shapely.to_geojson(shapely.box(15, 49, 15.001, 49.001)))
        rows = [{"heights": [3, 4], "walls": [2.5]}, {"heights": None, "walls": None}]
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": row, "geometry": geometry} for row in rows
        ]}))  # fmt: skip
        layer = read_buildings(source)
        assert layer.field("heights").values.tolist() == ["[3, 4]", None]
        assert layer.field("walls").values.tolist() == ["[2.5]", None]

    @pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
    def test_large_numbers_beside_gaps_and_time_zones(self, tmp_path, suffix):
        source = tmp_path / "b.geojson"
        geometry = json.loads(shapely.to_geojson(shapely.box(15, 49, 15.001, 49.001)))
        rows = [
            {"number": 2**53 + 1, "seen": "2020-01-02T10:00:00+02:00"},
            {"number": None, "seen": None},
            {"number": 2**60 + 1, "seen": "2020-01-02T10:00:00Z"},
            {"number": 4, "seen": "2020-07-02T10:00:00-03:30"},
        ]
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": row, "geometry": geometry} for row in rows
        ]}))  # fmt: skip
        layer = read_buildings(source)
        features = [kept(i, g) for i, g in enumerate(layer.geometries)]
        out = tmp_path / f"refined{suffix}"
        write_refined(layer, [*features, RefinedFeature(None, HOUSE, Verdict.NEW, "New.")], out)
        _, _, _, (numbers,) = pyogrio.raw.read(out, columns=["number"], where="number IS NOT NULL")
        assert numbers.tolist() == [row["number"] for row in rows if row["number"] is not None]
        _, _, _, (seen,) = pyogrio.raw.read(out, columns=["seen"], datetime_as_string=True)
        told = [None if text is None else datetime.fromisoformat(text) for text in seen]
        meant = [row["seen"] and datetime.fromisoformat(row["seen"]) for row in rows]
        assert told == [*meant, None]
        assert told[0].utcoffset() == timedelta(hours=2 if suffix == ".geojson" else 0)

    def test_measures_are_said_to_be_left(self, tmp_path):
        path = write_layer(tmp_path / "b.gpkg", [HOUSE], kind="Polygon")
        assert read_buildings(path).left == ()
        with sqlite3.connect(path) as database:
            database.execute("UPDATE gpkg_geometry_columns SET m = 1")
        assert "measures" in read_buildings(path).left[0]

    def test_a_shapefile_has_short_names_or_is_refused(self, tmp_path):
        path = write_layer(tmp_path / "b.gpkg", [HOUSE], roof_material_a=np.array(["tile"], object))
        layer = read_buildings(path)
        renamed = write_refined(layer, [kept(0, HOUSE)], tmp_path / "refined.shp")
        assert renamed == {
            "roof_material_a": "roof_mater", "iou_old_new": "iou_old_ne",
            "area_change": "area_chang",
        }  # fmt: skip
        _, _, _, fields = read(tmp_path / "refined.shp")
        assert fields["roof_mater"].tolist() == ["tile"] and fields["source_fid"].tolist() == [1]
        again = read_buildings(tmp_path / "refined.shp")
        with pytest.raises(OutputError, match="two fields 'source_fid'"):
            write_refined(again, [kept(0, HOUSE)], tmp_path / "again.shp")

    def test_heights_and_several_parts_stay(self, tmp_path):
        high = shapely.force_3d(HOUSE, 312.5)
        two = shapely.MultiPolygon([BARN, shapely.affinity.translate(BARN, 50, 0)])
        layer = read_buildings(write_layer(tmp_path / "b.gpkg", [high, two]))
        out = tmp_path / "refined.gpkg"
        write_refined(layer, [kept(i, g) for i, g in enumerate(layer.geometries)], out)
        _, _, geometries, _ = read(out)
        heights = shapely.get_coordinates(geometries[0], include_z=True)[:, 2]
        assert (heights == 312.5).all()
        assert len(geometries[1].geoms) == 2

    def test_nothing_is_replaced_unasked(self, tmp_path):
        layer = read_buildings(write_layer(tmp_path / "b.gpkg", [HOUSE]))
        out = tmp_path / "refined.gpkg"
        out.write_text("mine")
        with pytest.raises(OutputError, match="exists already"):
            write_refined(layer, [kept(0, HOUSE)], out)
        assert out.read_text() == "mine"
        write_refined(layer, [kept(0, HOUSE)], out, overwrite=True)
        assert len(read(out)[2]) == 1
        assert {p.name for p in tmp_path.iterdir()} == {"b.gpkg", "refined.gpkg"}


class TestProtection:
    def test_fields_values_and_tags(self, tmp_path):
        checked = np.array(["yes", "no", "", None], object)
        tags = np.array(
            ['{"building": "church"}', '{"building": "yes", "heritage": "2"}', None, None], object
        )
        path = write_layer(tmp_path / "b.gpkg", [HOUSE] * 4, checked=checked, tags=tags)
        layer = read_buildings(path)

        def rows(*texts: str) -> set[int]:
            return set(protected_rows(layer, [Protection.parse(text) for text in texts]))

        assert rows() == set()
        assert rows("checked") == {0}
        assert rows("checked=no") == {1}
        assert rows("heritage") == {1}
        assert rows("building=church", "name=b3") == {0, 3}
        with pytest.raises(UsageError, match="neither a field nor a tag 'cheked'"):
            rows("cheked")
        with pytest.raises(UsageError, match="names no field"):
            Protection.parse("=yes")

    def test_numbers_and_flags_are_what_they_say(self, tmp_path):
        """0.0 is nothing, 1.0 is 1, and so is true."""
        columns = {
            "real": np.array([0.0, 1.0, 2.5, np.nan]),
            "flag": np.array([True, False, True, False]),
            "text": np.array(["0.0", "1", "TRUE", None], object),
        }
        layer = read_buildings(write_layer(tmp_path / "b.gpkg", [HOUSE] * 4, **columns))

        def rows(*texts: str) -> set[int]:
            return set(protected_rows(layer, [Protection.parse(text) for text in texts]))

        assert rows("real") == {1, 2} and rows("real = 1") == {1} and rows("real=2.50") == {2}
        assert rows("flag") == {0, 2}
        assert rows("flag=1") == rows("flag = true") == {0, 2} and rows("flag=false") == {1, 3}
        assert rows("text") == rows("text=1") == {1, 2}
