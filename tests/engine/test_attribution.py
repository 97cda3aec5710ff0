"""Whom to name goes from a raster's file into the cache, and on into the files of polygons."""

from __future__ import annotations

import json
from pathlib import Path

import pyogrio
import pytest
import rasterio

from encoder_tool.cache.manifest import Manifest, sealed
from encoder_tool.cache.store import open_cache
from encoder_tool.outline import Polygonal
from encoder_tool.sample import write_sample
from encoder_tool.types import BoolArray
from encoder_tool.vector_out import FeatureBatch, write_features
from encoder_tool.worker.describe import describe_cache
from tests.support.cli import run_here
from tests.support.fake_cache import make_manifest

NAMED = "© Ärial & Co, CC BY 4.0"


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = write_sample(tmp_path_factory.mktemp("named"), size=300).scene
    with rasterio.open(scene, "r+") as dataset:
        dataset.update_tags(TIFFTAG_COPYRIGHT=NAMED)
    return scene


def test_from_the_raster_to_the_polygons(raster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(capsys, "encode", raster, "--threads", "1").code == 0
    cache = raster.with_name("scene.tif.nano.sam2.zarr")
    assert NAMED in run_here(capsys, "info", cache).out
    told = json.loads(run_here(capsys, "info", cache, "--json").out)
    assert NAMED in json.dumps(told, ensure_ascii=False)
    described = describe_cache(open_cache(cache))
    assert described["manifest"]["raster"]["attribution"] == NAMED, "as the plugin reads it"

    box = "500010,4649920,500080,4649990"
    out = raster.with_name("o.gpkg")
    outcome = run_here(capsys, "segment", cache, "--box", box, "--out", out)
    assert outcome.code == 0, outcome.err
    metadata = pyogrio.read_info(out)["layer_metadata"]
    assert metadata["ATTRIBUTION"] == metadata["DESCRIPTION"] == NAMED
    outcome = run_here(capsys, "segment", cache, "--box", box, "--out", "-")
    assert json.loads(outcome.out)["description"] == NAMED


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_files_that_are_written_in_batches(tmp_path: Path, suffix: str) -> None:
    import numpy as np
    import shapely

    squares: list[Polygonal] = [shapely.box(i, 0, i + 0.5, 1) for i in range(4)]
    unknown: dict[str, BoolArray] = {}
    batches = [
        FeatureBatch(squares[i : i + 2], {"id": np.array([i, i + 1])}, unknown) for i in (0, 2)
    ]
    path = tmp_path / f"o{suffix}"
    write_features(batches, path, "EPSG:4326", NAMED)
    assert pyogrio.read_info(path)["features"] == 4
    if suffix == ".gpkg":
        assert pyogrio.read_info(path)["layer_metadata"]["ATTRIBUTION"] == NAMED
    if suffix == ".geojson":
        assert json.loads(path.read_text("utf-8"))["description"] == NAMED
    nameless = tmp_path / f"n{suffix}"
    write_features(batches, nameless, "EPSG:4326", None)
    assert "ATTRIBUTION" not in (pyogrio.read_info(nameless)["layer_metadata"] or {})


def test_caches_of_rasters_that_name_nobody_are_as_they_were() -> None:
    """Older caches have no such attribute, and older releases are given none."""
    attributes = make_manifest().to_attributes()
    assert "attribution" not in attributes["raster"]
    assert Manifest.from_attributes(sealed(attributes)).raster.attribution is None
    attributes["raster"]["attribution"] = NAMED
    assert Manifest.from_attributes(sealed(attributes)).raster.attribution == NAMED
    assert Manifest.from_attributes(sealed(attributes)).to_attributes() == attributes
