"""The sample on disk: georeferenced, repeatable, never overwritten unasked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import rasterio
import shapely

from encoder_tool.errors import OutputError
from encoder_tool.sample import SamplePaths, write_sample
from encoder_tool.scene import make_scene


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SamplePaths:
    return write_sample(tmp_path_factory.mktemp("sample"), size=512, seed=5)


def test_the_scene_is_a_tiled_rgb_geotiff_at_30_cm(sample: SamplePaths):
    with rasterio.open(sample.scene) as raster:
        assert (raster.count, raster.height, raster.width) == (3, 512, 512)
        assert raster.crs.to_epsg() == 32633
        assert raster.res == pytest.approx((0.3, 0.3))
        assert raster.profile["tiled"] and raster.profile["compress"] == "deflate"
        assert np.array_equal(np.moveaxis(raster.read(), 0, -1), make_scene(512, 5).image)


def test_the_truth_lies_on_the_map_where_it_lies_in_the_picture(sample: SamplePaths):
    meta, _, wkb, (classes,) = pyogrio.raw.read(sample.truth, layer="truth")
    assert meta["crs"] == "EPSG:32633" and list(meta["fields"]) == ["class"]
    scene = make_scene(512, 5)
    assert Counter(classes) == Counter(o.class_name for o in scene.objects)
    with rasterio.open(sample.scene) as raster:
        to_pixels = ~raster.transform
    for geometry, item in zip(shapely.from_wkb(wkb), scene.objects, strict=True):
        corners = np.array([to_pixels @ tuple(p) for p in shapely.get_coordinates(geometry)])
        assert np.abs(corners[: len(item.exterior)] - item.exterior).max() < 1e-6


def test_writing_the_same_again_changes_nothing(sample: SamplePaths):
    before = [p.stat().st_mtime_ns for p in (sample.scene, sample.truth)]
    assert write_sample(sample.scene.parent, size=512, seed=5) == sample
    assert [p.stat().st_mtime_ns for p in (sample.scene, sample.truth)] == before
    assert sorted(p.name for p in sample.scene.parent.iterdir()) == ["scene.tif", "truth.gpkg"]


def test_another_scene_is_written_over_only_when_asked(tmp_path: Path):
    paths = write_sample(tmp_path, size=128, seed=1)
    kept = paths.scene.read_bytes(), paths.truth.read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        write_sample(tmp_path, size=128, seed=2)
    assert (paths.scene.read_bytes(), paths.truth.read_bytes()) == kept
    write_sample(tmp_path, size=128, seed=2, overwrite=True)
    assert paths.scene.read_bytes() != kept[0]


def test_a_foreign_file_in_the_way_is_kept(tmp_path: Path):
    (tmp_path / "truth.gpkg").write_text("mine")
    with pytest.raises(OutputError):
        write_sample(tmp_path, size=128)
    assert (tmp_path / "truth.gpkg").read_text() == "mine"
    assert not (tmp_path / "scene.tif").exists()


def test_a_disk_that_gives_way_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("encoder_tool.sample._write_scene", fail)
    with pytest.raises(OutputError, match=r"cannot be written to \(Input/output error\)"):
        write_sample(tmp_path, size=128)
    assert list(tmp_path.iterdir()) == []


def test_a_file_for_a_folder_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="not a folder"):
        write_sample(tmp_path / "file", size=128)
