"""What an automatic run writes, read back and compared with what was found."""

from __future__ import annotations

import os
import tracemalloc
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import rasterio.features
import shapely
from affine import Affine
from rasterio.enums import ColorInterp

from encoder_tool import raster_out
from encoder_tool.automatic.objects import FoundObject, ObjectFilter
from encoder_tool.automatic.outputs import Outputs, style_path
from encoder_tool.automatic.sieve import Sieve
from encoder_tool.automatic.work_file import WorkFile
from encoder_tool.errors import DiskFullError, OutputError, RasterError, UsageError
from encoder_tool.polygons import geodesic_area_m2, to_map
from encoder_tool.raster_out import RasterOutput, object_colour
from encoder_tool.types import BoundsMap, BoxPixel
from tests.support.fake_cache import UTM_AFFINE, make_manifest
from tests.support.full_disk import files_of_at_most
from tests.support.grid_oracle import iou
from tests.support.rasters import write_raster

FIELD = shapely.box(100, 100, 900, 700)
POND = shapely.Point(300, 300).buffer(100)
BARN = shapely.box(950, 1100, 1190, 1500)  # across the first strip's end
OBJECTS = [FIELD, POND, BARN]
MANIFEST = make_manifest(1200, 1600)


def found(number, geometry, object_class=None):
    return FoundObject(number, geometry, 0.9, 0.97, 0, object_class)


@pytest.fixture
def work(tmp_path):
    with WorkFile(tmp_path / "work.sqlite", "test") as work:
        work.add_objects(found(n, g) for n, g in enumerate(OBJECTS, 1))
        yield work


def write(work, outputs, *, with_class=False, overwrite=False):
    outputs.write(work, MANIFEST, with_class=with_class, overwrite=overwrite)


class TestPolygons:
    @pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
    def test_round_trip(self, work, tmp_path, suffix):
        path = tmp_path / f"out{suffix}"
        write(work, Outputs(path, crs="EPSG:32633"))
        meta, _, wkb, fields = pyogrio.raw.read(path)
        assert meta["crs"] == "EPSG:32633"
        for geometry, pixels in zip(shapely.from_wkb(wkb), OBJECTS, strict=True):
            assert iou(geometry, to_map(pixels, UTM_AFFINE)) > 0.99999
        values = dict(zip(meta["fields"], fields, strict=True))
        assert values["id"].tolist() == [1, 2, 3]
        assert values["score"] == pytest.approx([0.9] * 3)
        assert values["stability"] == pytest.approx([0.97] * 3)
        assert values["area_px"] == pytest.approx([g.area for g in OBJECTS], rel=1e-6)
        # On the ellipsoid: UTM's scale is 0.9996 and more.
        assert values["area_m2"] == pytest.approx([0.09 * g.area for g in OBJECTS], rel=2e-3)

    def test_geojson_is_in_longitude_and_latitude(self, work, tmp_path):
        path = tmp_path / "out.geojson"
        write(work, Outputs(path))
        meta, _, wkb, _ = pyogrio.raw.read(path)
        assert meta["crs"] == "EPSG:4326"
        areas = [geodesic_area_m2(g, "EPSG:4326") for g in shapely.from_wkb(wkb)]
        assert areas == pytest.approx([0.09 * g.area for g in OBJECTS], rel=2e-3)

    @pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
    def test_more_than_one_batch(self, tmp_path, suffix, monkeypatch):
        monkeypatch.setattr("encoder_tool.automatic.outputs.BATCH", 2)
        path = tmp_path / f"many{suffix}"
        with WorkFile(tmp_path / "many.sqlite", "test") as work:
            squares = [shapely.box(10 * n, 0, 10 * n + 5, 5) for n in range(7)]
            work.add_objects(found(n, g) for n, g in enumerate(squares, 1))
            write(work, Outputs(path, crs="EPSG:32633"))
        _, _, wkb, fields = pyogrio.raw.read(path, columns=["id"])
        assert fields[0].tolist() == [1, 2, 3, 4, 5, 6, 7]
        assert shapely.from_wkb(wkb)[6].bounds == pytest.approx(
            to_map(squares[6], UTM_AFFINE).bounds
        )

    def test_an_unknown_class_is_null(self, tmp_path):
        with WorkFile(tmp_path / "classes.sqlite", "test") as work:
            work.add_objects([found(1, POND, 7), found(2, BARN, None)])
            write(work, Outputs(tmp_path / "out.gpkg"), with_class=True)
        _, _, _, fields = pyogrio.raw.read(tmp_path / "out.gpkg", columns=["class"])
        assert fields[0][0] == 7
        assert np.isnan(fields[0][1])


class TestRasters:
    def labels(self):
        """The smaller object on top."""
        return rasterio.features.rasterize(
            [(FIELD, 1), (POND, 2), (BARN, 3)], out_shape=(1600, 1200), dtype="uint32"
        )

    @pytest.mark.parametrize("cog", [False, True])
    def test_labels(self, work, tmp_path, cog):
        path = tmp_path / "labels.tif"
        write(work, Outputs(tmp_path / "o.gpkg", rasters=(RasterOutput(path, "labels", cog),)))
        with rasterio.open(path) as dataset:
            assert np.array_equal(dataset.read(1), self.labels())
            assert dataset.transform.almost_equals(UTM_AFFINE)
            assert dataset.crs.to_epsg() == 32633
            assert (dataset.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG") == cog

    def test_foreground(self, work, tmp_path):
        path = tmp_path / "mask.tif"
        write(work, Outputs(tmp_path / "o.gpkg", rasters=(RasterOutput(path, "foreground"),)))
        with rasterio.open(path) as dataset:
            values = dataset.read(1)
        assert np.array_equal(values, self.labels() > 0)
        assert values.sum() == pytest.approx(FIELD.area + BARN.area)

    @pytest.mark.parametrize("suffix", [".tif", ".png"])
    def test_overlay(self, work, tmp_path, suffix, caplog):
        path = tmp_path / f"overlay{suffix}"
        write(work, Outputs(tmp_path / "o.gpkg", rasters=(RasterOutput(path, "overlay"),)))
        assert not caplog.records, "GDAL takes all that it is told"
        with rasterio.open(path) as dataset:
            values = dataset.read()
            assert dataset.transform.almost_equals(UTM_AFFINE)
            assert dataset.colorinterp[3] is ColorInterp.alpha
        labels = self.labels()
        for number in (1, 2, 3):
            assert (object_colour(number) == values[:, labels == number].T).all()
        assert (values[3] == np.where(labels > 0, 89, 0)).all()  # 35 % of 255

    @pytest.mark.parametrize(
        ("name", "kind", "cog"),
        [
            ("drawn.tif", "labels", True), ("drawn.tif", "overlay", True),
            ("o[1].png", "overlay", False),
        ],
    )  # fmt: skip
    def test_any_name_will_do(self, work, tmp_path, name, kind, cog):
        write(work, Outputs(None, rasters=(RasterOutput(tmp_path / name, kind, cog),)))
        with rasterio.open(tmp_path / name) as dataset:
            assert np.count_nonzero(dataset.read(1)) == pytest.approx(FIELD.area + BARN.area)
            assert dataset.transform.almost_equals(UTM_AFFINE)

    @pytest.mark.parametrize(
        ("name", "kind", "cog"),
        [("o.tif", "labels", False), ("o.tif", "overlay", True), ("o.png", "overlay", False)],
    )  # fmt: skip
    @pytest.mark.parametrize("lacking", [20, 3000])
    def test_the_last_bytes_do_not_fit_on_the_disk(self, work, tmp_path, name, kind, cog, lacking):
        first = tmp_path / f"first{name}"
        write(work, Outputs(None, rasters=(RasterOutput(first, kind, cog),)))
        path = tmp_path / "full" / name
        path.parent.mkdir()
        limit = first.stat().st_size - lacking
        with files_of_at_most(limit), pytest.raises(OutputError):
            write(work, Outputs(None, rasters=(RasterOutput(path, kind, cog),)))
        assert list(path.parent.iterdir()) == []

    def test_a_world_file_of_another_picture_is_not_overwritten(self, tmp_path):
        (tmp_path / "o.wld").write_text("mine")
        picture = RasterOutput(tmp_path / "o.png", "overlay")
        with pytest.raises(OutputError, match=r"o\.wld exists already"):
            Outputs(None, rasters=(picture,)).check(overwrite=False)

    def test_a_folder_that_cannot_be_written_is_told_before(self, tmp_path, monkeypatch):
        monkeypatch.setattr("os.access", lambda _path, mode: not mode & os.W_OK)
        labels = RasterOutput(tmp_path / "l.tif", "labels")
        with pytest.raises(OutputError, match="cannot be written"):
            Outputs(None, rasters=(labels,)).check(overwrite=False)

    def test_an_overlay_takes_little_more_memory_than_its_strips(self, work, tmp_path):
        """Of a wide raster, whose strips are what it takes."""
        wide = make_manifest(20_000, 600)
        picture = RasterOutput(tmp_path / "o.tif", "overlay")
        tracemalloc.start()
        Outputs(None, rasters=(picture,)).write(work, wide, with_class=False, overwrite=False)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        labels, colours = 4 * 512 * 20_000, 4 * 512 * 20_000
        assert peak < 2 * (labels + colours)

    def test_colours_differ(self):
        colours = {object_colour(number)[:3] for number in range(1, 200)}
        assert len(colours) == 199

    def test_refusals(self, work, tmp_path):
        polygons = tmp_path / "o.gpkg"
        for raster, said in (
            (RasterOutput(tmp_path / "x.jpg", "overlay"), "no suffix"),
            (RasterOutput(tmp_path / "x.png", "labels"), "no suffix"),
            (RasterOutput(tmp_path / "x.png", "overlay", cog=True), "PNG"),
            (RasterOutput(tmp_path / "gone" / "x.tif", "labels"), "does not exist"),
        ):
            with pytest.raises(OutputError, match=said):
                Outputs(polygons, rasters=(raster,)).check(overwrite=False)
        same = (
            RasterOutput(tmp_path / "x.tif", "labels"),
            RasterOutput(tmp_path / "x.tif", "overlay"),
        )
        with pytest.raises(OutputError, match="written twice"):
            Outputs(polygons, rasters=same).check(overwrite=False)


class TestAllOrNothing:
    def test_what_cannot_be_made_leaves_the_others_out_too(self, work, tmp_path, monkeypatch):
        """So the same command can be run again, however far it came."""
        rasters = (
            RasterOutput(tmp_path / "l.tif", "labels"), RasterOutput(tmp_path / "o.png", "overlay"),
        )  # fmt: skip
        outputs = Outputs(tmp_path / "o.gpkg", rasters=rasters, style=True)

        def no_room(*_arguments, **_options):
            raise OSError(28, "No space left on device")

        def written():
            return {file.name for file in tmp_path.iterdir() if not file.name.startswith("work.")}

        for broken in ("raster_out._convert", "automatic.outputs.make_features"):
            with monkeypatch.context() as patched:
                patched.setattr(f"encoder_tool.{broken}", no_room)
                with pytest.raises(DiskFullError, match="no room on the disk"):
                    write(work, outputs)
            assert written() == set()
        write(work, outputs)
        assert written() == {"l.tif", "o.png", "o.wld", "o.gpkg", "o.qml"}


class TestFullDisk:
    """What GDAL itself does not tell of."""

    def test_a_geopackage_without_its_spatial_index_is_not_whole(self, work, tmp_path, monkeypatch):
        monkeypatch.setattr(
            "encoder_tool.vector_out._layer_options", lambda *_: {"SPATIAL_INDEX": "NO"}
        )
        path = tmp_path / "full" / "o.gpkg"
        path.parent.mkdir()
        with pytest.raises(OutputError, match=r"o\.gpkg could not be written whole"):
            write(work, Outputs(path))
        assert list(path.parent.iterdir()) == []

    def test_a_picture_without_its_place_is_not_whole(self, work, tmp_path, monkeypatch):
        convert = raster_out._convert

        def cut(drawn, made, *, cog):
            convert(drawn, made, cog=cog)
            made.with_suffix(".wld").write_text("")

        monkeypatch.setattr(raster_out, "_convert", cut)
        path = tmp_path / "full" / "o.png"
        path.parent.mkdir()
        with pytest.raises(OutputError, match=r"o\.png could not be written whole"):
            write(work, Outputs(None, rasters=(RasterOutput(path, "overlay"),)))
        assert list(path.parent.iterdir()) == []

    @pytest.mark.parametrize("name", ["o.gpkg", "o.shp", "o.geojson", "o.tif", "o.png"])
    def test_it_is_told_as_one(self, work, tmp_path, monkeypatch, name):
        """Whatever GDAL says of it."""
        monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=4096))
        path = tmp_path / "full" / name
        path.parent.mkdir()
        is_raster = path.suffix in (".tif", ".png")
        outputs = (
            Outputs(None, rasters=(RasterOutput(path, "overlay"),)) if is_raster else Outputs(path)
        )
        with files_of_at_most(200), pytest.raises(DiskFullError, match="no room on the disk") as e:
            write(work, outputs)
        assert e.value.exit_code == 13
        assert list(path.parent.iterdir()) == []


class TestStyle:
    def test_it_lies_beside_the_polygons(self, work, tmp_path):
        write(work, Outputs(tmp_path / "o.gpkg", style=True))
        assert (tmp_path / "o.qml").read_bytes() == style_path().read_bytes()
        with pytest.raises(OutputError, match=r"o\.qml exists"):
            Outputs(tmp_path / "o.shp", style=True).check(overwrite=False)

    def test_its_colours_are_those_of_the_overlay(self):
        """A third of a turn and more from one object to the next, and 35 % opaque."""
        text = style_path().read_text(encoding="utf-8")
        ElementTree.fromstring(text.partition("\n")[2])
        assert "* 222.49224) % 360, 85, 75 + 25 *" in text
        assert pytest.approx(222.49224, abs=1e-4) == 0.618033988749895 * 360
        assert "% 2), 89)" in text


class TestSieve:
    def test_an_object_on_the_common_edge_of_two_extents_belongs_to_one(self):
        left, top = UTM_AFFINE @ (0, 0)
        middle_x, middle_y = UTM_AFFINE @ (300, 300)
        square = shapely.box(200, 200, 400, 400)
        quarters = [
            BoundsMap(min(x, middle_x), min(y, middle_y), max(x, middle_x), max(y, middle_y))
            for x in (left, left + 1000)
            for y in (top, top - 1000)
        ]
        assert square.representative_point().coords[0] == (300, 300)
        kept = []
        for extent in quarters:
            with Sieve(ObjectFilter(extent=extent), MANIFEST) as sieve:
                kept.append(sieve.keeps(square))
        assert sum(kept) == 1

    def classes(self, folder):
        """Class 5 left of column 500, 9 right of it; nodata below row 1000."""
        values = np.full((1, 160, 120), 5, np.uint8)
        values[:, :, 50:] = 9
        values[:, 100:] = 0
        transform = UTM_AFFINE @ Affine.scale(10)
        return write_raster(folder / "classes.tif", values, transform=transform, nodata=0)

    def test_the_majority_class(self, tmp_path):
        with Sieve(ObjectFilter(classes=self.classes(tmp_path)), MANIFEST) as sieve:
            assert sieve.class_of(POND) == 5
            assert sieve.class_of(shapely.box(450, 100, 700, 300)) == 9
            assert sieve.class_of(shapely.box(301, 301, 304, 304)) == 5  # within a pixel
            assert sieve.class_of(shapely.box(300, 1100, 400, 1200)) is None
            assert sieve.class_of(shapely.box(5000, 5000, 5100, 5100)) is None

    def test_classes_of_another_side_of_the_earth_are_not_known(self, tmp_path):
        """Many CRSs have no place for what is far away; the run goes on."""
        path = write_raster(
            tmp_path / "far.tif", np.full((1, 10, 10), 5, np.uint8),
            crs="+proj=ortho +lat_0=-49 +lon_0=-165",
        )  # fmt: skip
        with Sieve(ObjectFilter(classes=path), MANIFEST) as sieve:
            assert sieve.class_of(POND) is None

    def test_half_of_an_object_in_any_polygons_of_a_mask_layer(self, tmp_path):
        """Polygons that overlap count once."""
        strips = [shapely.box(x, 0, x + 10, 1000) for x in range(0, 300, 20)]
        twice = [*strips, shapely.box(100, 0, 110, 500)]
        path = tmp_path / "mask.gpkg"
        wkb = np.array([shapely.to_wkb(to_map(g, UTM_AFFINE)) for g in twice], object)
        pyogrio.raw.write(
            path, wkb, [], [], driver="GPKG", geometry_type="Polygon", crs="EPSG:32633"
        )
        with Sieve(ObjectFilter(mask=path), MANIFEST) as sieve:
            assert sieve.keeps(shapely.box(100, 100, 190, 200))  # 50 of 90
            assert not sieve.keeps(shapely.box(110, 100, 200, 200))  # 40 of 90
            assert not sieve.keeps(shapely.box(96, 100, 118, 200))  # 10 of 22, twice
            assert not sieve.keeps(shapely.box(500, 100, 600, 200))
            assert sieve.may_keep_some_in(BoxPixel(290, 0, 400, 10), 15)
            assert not sieve.may_keep_some_in(BoxPixel(310, 0, 400, 10), 15)

    def test_a_mask_layer_without_polygons(self, tmp_path):
        path = tmp_path / "points.gpkg"
        point = np.array([shapely.to_wkb(shapely.Point(1, 1))])
        pyogrio.raw.write(
            path, point, [], [], driver="GPKG", geometry_type="Point", crs="EPSG:32633"
        )
        with pytest.raises(UsageError, match=r"no polygons\. Name a file of polygons"):
            Sieve(ObjectFilter(mask=path), MANIFEST)

    def test_a_class_raster_of_fractions_is_refused(self, tmp_path):
        path = write_raster(tmp_path / "c.tif", np.zeros((1, 10, 10), np.float32))
        with pytest.raises(RasterError, match="no whole numbers"):
            Sieve(ObjectFilter(classes=path), MANIFEST)

    def test_a_missing_mask_layer(self, tmp_path):
        with pytest.raises(UsageError, match="no mask layer"):
            Sieve(ObjectFilter(mask=tmp_path / "gone.gpkg"), MANIFEST)

    def test_area_limits_the_wrong_way_round(self):
        with pytest.raises(UsageError, match="No area"):
            ObjectFilter(min_area=10, max_area=5)
