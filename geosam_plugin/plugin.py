"""What QGIS loads: registers the plugin's parts, and takes them back."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from geosam_plugin.engine.command import EngineCommand, engine_command
from geosam_plugin.install.installer import Installer, find_engine
from geosam_plugin.paths import engine_source, icon
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.saving.journal import journal_folder
from geosam_plugin.translation import install_translator, remove_translator
from geosam_plugin.window.lost_notice import LostNotice
from geosam_plugin.window.missing_engine import MissingEngine
from geosam_plugin.window.settings_pages import PAGE_NAME, OptionsFactory
from geosam_plugin.window.workspace import Workspace

MENU = "GeoSAM"


class GeoSamPlugin:
    """installer: None while the plugin is not loaded
    workspace: the dock and all that belongs to it; None until it is first wanted
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._translator: QTranslator | None = None
        self._provider: GeoSamProvider | None = None
        self.installer: Installer | None = None
        self._missing: MissingEngine | None = None
        self._lost: LostNotice | None = None
        self._options: OptionsFactory | None = None
        self._actions: list[QAction] = []
        self.workspace: Workspace | None = None

    def initProcessing(self) -> None:
        """All that `qgis_process` needs."""
        self._translator = install_translator()
        self._provider = GeoSamProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        self.initProcessing()
        self.installer = Installer()
        self.installer.finished.connect(self._on_installed)
        self.installer.removing.connect(self._on_removing)
        self._missing = MissingEngine(self._iface.messageBar(), self.installer, self.show_settings)
        self._missing.ready.connect(self.show_workspace)
        self._options = OptionsFactory(self.installer)
        self._iface.registerOptionsWidgetFactory(self._options)
        translate = QCoreApplication.translate
        self._add_action("geosam", translate("GeoSAM", "Segment by clicks"), self.show_workspace)
        self._add_action("engine", translate("GeoSAM", "Settings…"), self.show_settings)
        self._iface.addToolBarIcon(self._actions[0])
        self._lost = LostNotice(self._iface.messageBar(), journal_folder(), self.show_workspace)

    def unload(self) -> None:
        self._close_workspace()
        for action in self._actions:
            self._iface.removePluginMenu(MENU, action)
            self._iface.removeToolBarIcon(action)
            action.deleteLater()
        self._actions = []
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._missing is not None:
            self._missing.close()
            self._missing = None
        self._close_notice()
        if self.installer is not None:
            self.installer.cancel()
            self.installer.deleteLater()
            self.installer = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            remove_translator(self._translator)
            self._translator = None

    def show_workspace(self) -> None:
        """The dock; while there is no engine, the page that installs it, and then the dock."""
        python = find_engine()
        if self.workspace is None and python is not None:
            self._close_notice()
            self.workspace = Workspace(self._iface, _command(python))
        if self.workspace is not None:
            self.workspace.dock.setUserVisible(True)
        elif self._missing is not None:
            self._missing.ask()

    def show_settings(self) -> None:
        self._iface.showOptionsDialog(self._iface.mainWindow(), PAGE_NAME)

    def _add_action(self, name: str, text: str, do: object) -> None:
        action = QAction(QIcon(icon(name)), text, self._iface.mainWindow())
        action.setObjectName(f"geosam_{name}")
        action.triggered.connect(lambda: do())
        self._iface.addPluginToMenu(MENU, action)
        self._actions.append(action)

    def _on_installed(self, succeeded: bool, _sentence: str) -> None:
        """The dock goes on with the new engine."""
        python = find_engine()
        if succeeded and python is not None and self.workspace is not None:
            self.workspace.client.use(_command(python))

    def _on_removing(self) -> None:
        """What is clicked stays, and is answered once there is an engine again."""
        if self.workspace is not None:
            self.workspace.client.give_up(
                QCoreApplication.translate(
                    "GeoSAM", "The engine is being removed. Install it again to go on."
                )
            )

    def _close_notice(self) -> None:
        if self._lost is not None:
            self._lost.close()
            self._lost.deleteLater()
            self._lost = None

    def _close_workspace(self) -> None:
        if self.workspace is not None:
            self.workspace.close()
            self.workspace = None


def _command(python: str) -> EngineCommand:
    return engine_command(python, str(engine_source()))
