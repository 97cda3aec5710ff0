"""What somebody sees who has just installed the plugin, up to the dock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsProject
from qgis.PyQt.QtWidgets import QPushButton
from qgis_window import Window, settle, wait_for

from geosam_plugin import classFactory
from geosam_plugin.install import installer
from geosam_plugin.install.installer import locks_directory
from geosam_plugin.install.state import EngineRecord, switch_current
from geosam_plugin.install.steps import Flavour, lock_uses, locks_hash
from geosam_plugin.plugin import GeoSamPlugin
from geosam_plugin.saving.journal import Journal, journal_folder
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.settings import EngineSettings

PAGE = "geosamOptions"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(installer.ROOT_VARIABLE, str(tmp_path))
    EngineSettings().save()
    return tmp_path


@pytest.fixture
def window(qgis_app: object, qgis_new_project: None) -> Iterator[Window]:
    window = Window()
    yield window
    window.close()


@pytest.fixture
def plugin(window: Window, root: Path) -> Iterator[GeoSamPlugin]:
    plugin = classFactory(window)
    plugin.initGui()
    yield plugin
    plugin.unload()
    settle()


def put_engine(root: Path) -> None:
    locks = locks_hash(locks_directory(), lock_uses(installer.this_platform(), Flavour.BASE))
    record = EngineRecord("engine-a", "bin/python", "3.12", "base", locks)
    record.python_path(root).parent.mkdir(parents=True)
    record.python_path(root).symlink_to(sys.executable)
    switch_current(root, record)


def test_closed_without_installing_it_offers_that_again(
    plugin: GeoSamPlugin, window: Window
) -> None:
    plugin.show_workspace()
    assert window.shown_pages == [PAGE]
    (item,) = window.bar.items()
    assert "needs its engine" in item.text()
    plugin._missing.messages.button.click()
    assert window.shown_pages == [PAGE, PAGE]
    assert len(window.bar.items()) == 1


def test_installed_meanwhile_the_dock_opens_by_itself(
    plugin: GeoSamPlugin, window: Window, root: Path
) -> None:
    plugin.show_workspace()
    put_engine(root)
    plugin.installer.finished.emit(True, "The engine is ready.")
    assert plugin.workspace is not None
    assert plugin.workspace.dock.isVisible()
    assert window.bar.items() == [], "what was missing is there"


def test_installed_for_its_own_sake_no_dock_opens(plugin: GeoSamPlugin, root: Path) -> None:
    put_engine(root)
    plugin.installer.finished.emit(True, "The engine is ready.")
    assert plugin.workspace is None


def test_closed_while_it_installs(
    plugin: GeoSamPlugin, window: Window, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = property(lambda _: True)
    monkeypatch.setattr(type(plugin.installer), "is_running", running)
    plugin.show_workspace()
    assert "is being installed" in window.bar.currentItem().text()
    plugin.installer.finished.emit(False, "The disk is too full.")
    (item,) = window.bar.items()
    assert item.text() == "The disk is too full."
    assert plugin._missing.messages.button.text() == "Install…"


def test_nothing_is_left_in_the_bar(window: Window, root: Path) -> None:
    plugin = classFactory(window)
    plugin.initGui()
    plugin.show_workspace()
    plugin.unload()
    settle()
    assert window.bar.items() == []


@pytest.fixture
def lost_layer(project: QgsProject) -> None:
    """QGIS was gone with two objects in memory."""
    layer = new_layer(QgsCoordinateReferenceSystem("EPSG:32633"), "roofs")
    journal = Journal(layer, journal_folder())
    layer.startEditing()
    for x in (0, 20):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(
            QgsGeometry.fromWkt(f"MultiPolygon((({x} 0, {x + 1} 0, {x} 1, {x} 0)))")
        )
        assert layer.addFeature(feature)
    journal.keep()


def test_what_a_crash_took_is_told_once_at_the_start(
    root: Path, lost_layer: None, window: Window
) -> None:
    put_engine(root)
    plugin = classFactory(window)
    plugin.initGui()
    try:
        assert window.bar.items() == []  # QGIS's start does not wait for the disk
        wait_for(lambda: bool(window.bar.items()))
        (item,) = window.bar.items()
        assert "2 object" in item.text() and "roofs" in item.text()
        item.findChild(QPushButton).click()
        settle()
        assert window.bar.items() == []
        dock = plugin.workspace.dock
        wait_for(lambda: dock.lost.isVisibleTo(dock))
        dock.restore.click()
        wait_for(lambda: dock.target.layer is not None)  # it may take more than one slice
        assert dock.target.layer.name() == "roofs"
        assert dock.target.layer.featureCount() == 2
    finally:
        plugin.unload()
        settle()


def test_where_nothing_was_lost_nothing_is_told(plugin: GeoSamPlugin, window: Window) -> None:
    wait_for(lambda: not plugin._lost._errands.is_busy)
    assert window.bar.items() == []
