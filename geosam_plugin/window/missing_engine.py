"""From "there is no engine" to the dock, without the user having to know what an engine is."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QApplication

from geosam_plugin.install.installer import Installer, find_engine
from geosam_plugin.window.messages import Messages

translate = QCoreApplication.translate


class MissingEngine(QObject):
    """Asks for the engine to be installed, and tells when that is done.

    ready: there is an engine now, and somebody has waited for it
    """

    ready = pyqtSignal()

    def __init__(
        self,
        bar: QgsMessageBar,
        installer: Installer,
        show_page: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._installer = installer
        self._show_page = show_page
        self._is_wanted = False
        self.messages = Messages(bar)
        installer.finished.connect(self._on_finished)

    def ask(self) -> None:
        """Show the page that installs it; `ready` follows, at once or when it is installed."""
        self._is_wanted = True
        self._show_page()  # QGIS's options are modal: this returns when they are closed
        if find_engine() is not None:
            self._go_on()
        elif self._installer.is_running:
            self.messages.say(
                translate("GeoSAM", "The engine is being installed. GeoSAM opens when it is done."),
                Qgis.MessageLevel.Info,
            )
        else:
            self._say_missing(
                translate("GeoSAM", "GeoSAM needs its engine, which is not installed yet.")
            )

    def close(self) -> None:
        self.messages.clear()
        self.deleteLater()

    def _on_finished(self, succeeded: bool, sentence: str) -> None:
        if succeeded:
            if find_engine() is not None:
                self._go_on()
        elif QApplication.activeModalWidget() is None:  # else the page itself shows it
            self._say_missing(sentence)

    def _go_on(self) -> None:
        self.messages.clear()
        if self._is_wanted:
            self._is_wanted = False
            self.ready.emit()

    def _say_missing(self, text: str) -> None:
        self.messages.say(
            text, Qgis.MessageLevel.Warning, (translate("GeoSAM", "Install…"), self.ask)
        )
