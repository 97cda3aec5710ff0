"""Which cache belongs to a raster, and that nobody waits for a slow disk to say so."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsSettings
from qgis_window import Window, raster_layer, settle, wait_for

from geosam_plugin import cache_finder
from geosam_plugin.cache_finder import CacheSearch, newest_cache, remember_cache
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.raster_file import raster_file, raster_path
from geosam_plugin.window.workspace import Workspace


@pytest.fixture
def project(qgis_app: object) -> Iterator[QgsProject]:
    QgsSettings().remove("geosam")
    project = QgsProject.instance()
    project.clear()
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    yield project
    project.clear()


def fake_cache(folder: Path, seconds: int = 0) -> Path:
    """What looks like a cache from outside, of an age."""
    folder.mkdir(parents=True)
    (folder / "zarr.json").write_text("{}")
    os.utime(folder, (1_700_000_000 + seconds,) * 2)
    return folder


@pytest.fixture
def bare(scene: Path, tmp_path: Path) -> Path:
    """The sample without a cache."""
    bare = tmp_path / "bare.tif"
    bare.write_bytes(scene.read_bytes())
    return bare


class Disk:
    """A disk that answers when it is let; counts who waits for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self._gates: dict[str, threading.Event] = {}
        self._search = newest_cache
        monkeypatch.setattr(cache_finder, "newest_cache", self)

    def __call__(self, raster: Path, chosen: Path | None) -> Path | None:
        self.asked.append(raster.name)
        self._gate(raster.name).wait()
        return self._search(raster, chosen)

    def let(self, name: str) -> None:
        self._gate(name).set()

    def _gate(self, name: str) -> threading.Event:
        return self._gates.setdefault(name, threading.Event())


# --- where caches are looked for


def test_the_newest_of_a_rasters_caches(bare: Path) -> None:
    assert newest_cache(bare) is None
    fake_cache(bare.with_name("other.tif.nano.sam2.zarr"), 99)
    (bare.with_name("bare.tif.sam2.1-large.sam2.zarr")).mkdir()  # nothing in it
    nano = fake_cache(bare.with_name("bare.tif.nano.sam2.zarr"), 10)
    assert newest_cache(bare) == nano
    own = fake_cache(bare.with_name("bare.tif.mine.sam2.zarr"), 20)
    assert newest_cache(bare) == own
    fake_cache(bare.with_name("bare.tif.sam2.1-tiny.sam2.zarr"), 15)
    assert newest_cache(bare) == own


def test_the_chosen_one_while_it_is_there(bare: Path, tmp_path: Path) -> None:
    near = fake_cache(bare.with_name("bare.tif.nano.sam2.zarr"), 10)
    chosen = fake_cache(tmp_path / "far" / "mine.sam2.zarr")
    assert newest_cache(bare, chosen) == chosen
    (chosen / "zarr.json").unlink()
    assert newest_cache(bare, chosen) == near


def test_brackets_in_a_name_are_no_pattern(scene: Path, tmp_path: Path) -> None:
    raster = tmp_path / "tile[1].tif"
    raster.write_bytes(scene.read_bytes())
    fake_cache(tmp_path / "tile1.tif.mine.sam2.zarr")
    assert newest_cache(raster) is None
    own = fake_cache(tmp_path / "tile[1].tif.mine.sam2.zarr")
    assert newest_cache(raster) == own


@pytest.mark.parametrize(
    ("source", "provider", "is_file"),
    [
        ("{file}", "gdal", True),
        ("{file}|option:NUM_THREADS=2", "gdal", True),
        ("{file}.gone", "gdal", False),
        ("/vsizip/{file}.zip/bare.tif", "gdal", None),
        ("/vsicurl/http://127.0.0.1:9/bare.tif", "gdal", None),
        ("GPKG:{file}.gpkg:bare", "gdal", None),
        ("type=xyz&url=http://127.0.0.1:9/{{z}}/{{x}}/{{y}}", "wms", None),
    ],
)
def test_the_file_behind_a_layer(
    project: QgsProject, bare: Path, source: str, provider: str, is_file: bool | None
) -> None:
    layer = QgsRasterLayer(source.format(file=bare), "x", provider)
    path = raster_path(layer)
    assert (path is None) == (is_file is None)
    assert raster_file(layer) == (bare if is_file else None)


def test_no_layer_has_no_file() -> None:
    assert raster_path(None) is None
    assert raster_file(None) is None


# --- away from the GUI thread


@pytest.fixture
def search(project: QgsProject) -> Iterator[tuple[CacheSearch, list[Any]]]:
    search = CacheSearch()
    found: list[Any] = []
    search.found.connect(lambda layer_id, cache: found.append((layer_id, cache)))
    yield search, found
    search.stop()
    search.deleteLater()
    settle()


def test_a_cache_is_found(
    search: tuple[CacheSearch, list[Any]], project: QgsProject, scene: Path, cache: Path,
    bare: Path, tmp_path: Path,
) -> None:  # fmt: skip
    looking, found = search
    layer, other = raster_layer(scene, project), raster_layer(bare, project)
    looking.look_for(layer)
    wait_for(lambda: not looking.is_looking)
    looking.look_for(other)
    wait_for(lambda: not looking.is_looking)
    assert found == [(layer.id(), cache), (other.id(), None)]
    chosen = fake_cache(tmp_path / "far" / "mine.sam2.zarr")
    remember_cache(other, chosen)
    looking.look_for(other)
    wait_for(lambda: not looking.is_looking)
    assert found[2:] == [(other.id(), chosen)]


def test_a_cache_is_remembered_for_a_name_that_is_no_text(
    search: tuple[CacheSearch, list[Any]], project: QgsProject, tmp_path: Path
) -> None:
    """A file of another system's encoding."""
    looking, found = search
    layer = QgsRasterLayer(os.fsdecode(b"/nowhere/caf\xe9.tif"), "x")
    remember_cache(layer, fake_cache(tmp_path / "mine.sam2.zarr"))
    looking.look_for(layer)
    wait_for(lambda: not looking.is_looking)
    assert found == [(layer.id(), tmp_path / "mine.sam2.zarr")]


def test_a_slow_disk_is_not_waited_for_and_the_last_question_counts(
    search: tuple[CacheSearch, list[Any]], project: QgsProject, scene: Path, cache: Path,
    bare: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    disk = Disk(monkeypatch)
    looking, found = search
    layer, other = raster_layer(scene, project), raster_layer(bare, project)
    looking.look_for(other)
    assert looking.is_looking
    looking.look_for(layer)
    assert (looking.is_looking, found) == (True, [])
    disk.let("scene.tif")
    wait_for(lambda: bool(found))
    disk.let("bare.tif")
    settle()
    assert (found, looking.is_looking) == ([(layer.id(), cache)], False)
    assert disk.asked == ["bare.tif", "scene.tif"]


def test_nothing_is_told_after_a_stop(
    search: tuple[CacheSearch, list[Any]], project: QgsProject, scene: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    disk = Disk(monkeypatch)
    looking, found = search
    looking.look_for(raster_layer(scene, project))
    looking.look_for(None)
    disk.let("scene.tif")
    settle()
    assert (found, looking.is_looking) == ([], False)


def test_what_is_no_file_has_no_cache(
    search: tuple[CacheSearch, list[Any]], project: QgsProject
) -> None:
    looking, found = search
    layer = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}", "tiles", "wms")
    looking.look_for(layer)
    assert found == [(layer.id(), None)]


def test_a_folder_that_gives_way_counts_as_none(
    search: tuple[CacheSearch, list[Any]], project: QgsProject, scene: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def gone(raster: Path, chosen: Path | None) -> Path | None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(cache_finder, "newest_cache", gone)
    looking, found = search
    layer = raster_layer(scene, project)
    looking.look_for(layer)
    wait_for(lambda: not looking.is_looking)
    assert found == [(layer.id(), None)]


def test_the_dock_says_that_it_is_looking_and_clicking_goes_on(
    project: QgsProject, command: EngineCommand, scene: Path, cache: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The image is switched while the tool is active: to one on a drive that takes its time."""
    window = Window()
    workspace = Workspace(window, command)
    dock = workspace.dock
    first = raster_layer(scene, project)
    wait_for(lambda: bool(workspace.controller.described))
    dock.prompt.clicking.setChecked(True)
    slow = tmp_path / "slow.tif"
    slow.write_bytes(scene.read_bytes())
    (tmp_path / "slow.tif.nano.sam2.zarr").symlink_to(cache, target_is_directory=True)
    disk = Disk(monkeypatch)
    second = raster_layer(slow, project)
    dock.image.raster.setLayer(second)
    assert dock.image.state.text() == "Looking for its cache…"
    assert workspace.controller.cache == "", "clicks must not go to the image before"
    disk.let("slow.tif")
    wait_for(lambda: "nano" in dock.image.state.text())
    assert workspace.controller.cache == str(tmp_path / "slow.tif.nano.sam2.zarr")
    assert window.canvas.mapTool() is workspace.overlay.tool
    project.removeMapLayer(second)
    assert dock.image.raster.currentLayer() is first
    disk.let("scene.tif")
    wait_for(lambda: workspace.controller.cache == str(cache))
    workspace.close()
    window.close()
    settle()
