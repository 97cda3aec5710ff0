"""No text reaches the user but through the translator: with one that marks all it is asked for,
whatever a window shows is marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from qgis.core import QgsApplication, QgsProcessingAlgorithm
from qgis.gui import QgsFileWidget, QgsFilterLineEdit, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAction,
    QComboBox,
    QDialogButtonBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from translated_texts import has_words

from geosam_plugin.install.installer import Installer
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.engine_page import EnginePage

pytestmark = pytest.mark.usefixtures("marked")

MARK = "¤"


class Marker(QTranslator):
    def isEmpty(self) -> bool:  # noqa: N802
        return False

    def translate(
        self, context: str, text: str, _comment: str | None = None, _number: int = -1
    ) -> str:
        return f"{MARK}{text}{MARK}" if context == "GeoSAM" else ""


@pytest.fixture
def marked(qgis_app: object) -> Iterator[None]:
    marker = Marker()
    QCoreApplication.installTranslator(marker)
    yield
    QCoreApplication.removeTranslator(marker)


def is_marked(text: str) -> bool:
    return not has_words(re.sub(f"{MARK}[^{MARK}]*{MARK}", "", text))


def shown(widget: QWidget) -> Iterator[str]:
    """All texts of a widget and what lies in it, but for those of QGIS's and Qt's own widgets."""
    for one in [widget, *widget.findChildren(QWidget)]:
        if isinstance(one.parent(), (QgsMapLayerComboBox, QDialogButtonBox, QgsFilterLineEdit)):
            continue
        yield one.toolTip()
        yield one.windowTitle()
        if isinstance(one, QLabel) and isinstance(one.parent(), QgsFileWidget):
            continue  # the name of a file
        if isinstance(one, (QLabel, QAbstractButton)):
            yield one.text()
        elif isinstance(one, QGroupBox):
            yield one.title()
        elif isinstance(one, QComboBox) and not isinstance(one, QgsMapLayerComboBox):
            yield from (one.itemText(index) for index in range(one.count()))
        elif isinstance(one, QLineEdit):
            yield one.placeholderText()
        elif isinstance(one, QSpinBox):
            yield one.suffix()
    for action in widget.findChildren(QAction):
        yield action.text()


def assert_marked(texts: Iterator[str]) -> None:
    found = [text for text in texts if text]
    assert len(found) > 5
    assert [text for text in found if not is_marked(text)] == []


def test_the_rule_itself() -> None:
    assert is_marked(f"{MARK}Saved{MARK} · 12 ms") is False
    assert is_marked(f"{MARK}Saved{MARK} · 12 %")
    assert is_marked("GeoSAM")


def test_dock() -> None:
    dock = GeoSamDock(DockSettings())
    dock.show_lost(3, ["Objects"])
    for state in ("stopped", "starting", "ready", "restarting", "failed"):
        dock.show_engine(state)
        assert is_marked(dock.engine.text())
    assert_marked(shown(dock))
    dock.deleteLater()


def test_engine_page() -> None:
    installer = Installer()
    page = EnginePage(installer)
    assert_marked(shown(page))
    page.deleteLater()
    installer.deleteLater()


def test_algorithms() -> None:
    provider = GeoSamProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    try:
        algorithms = provider.algorithms()
        assert len(algorithms) >= 3
        for algorithm in algorithms:
            assert_marked(_texts_of(algorithm))
    finally:
        QgsApplication.processingRegistry().removeProvider(provider)


def _texts_of(algorithm: QgsProcessingAlgorithm) -> Iterator[str]:
    yield algorithm.displayName()
    yield algorithm.group()
    yield algorithm.shortDescription()
    for parameter in algorithm.parameterDefinitions():
        yield parameter.description()
        yield parameter.help()
    for output in algorithm.outputDefinitions():
        yield output.description()
