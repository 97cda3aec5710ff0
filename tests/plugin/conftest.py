"""What the plugin's tests share: the plugin, the engine's Python, a cache made with nano.

GEOSAM_PLUGIN_HOME: the folder that holds `geosam_plugin` (default: this tree)
GEOSAM_ENGINE_PYTHON: the engine's Python (default: .venv of this tree)
QT_QPA_PLATFORM: must be `offscreen` where there is no display; pytest-qgis starts Qt before this
    file is read
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsGeometry, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QSettings

REPOSITORY = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("GEOSAM_PLUGIN_HOME") or REPOSITORY)

sys.path.insert(0, str(HOME))
sys.path.append(str(Path(__file__).parent))  # helpers that lie beside this file

from by_hand import UTM, largest_objects  # noqa: E402
from layer_rasters import encode_layer, good_tiles, make_raster, tiles, user_cache  # noqa: E402, F401
from made_once import made_once  # noqa: E402
from qgis_window import PATIENCE_S, Window, raster_layer, settle, wait_for  # noqa: E402
from record import Record  # noqa: E402

from geosam_plugin.engine.command import EngineCommand, engine_command  # noqa: E402
from geosam_plugin.processing.provider import GeoSamProvider  # noqa: E402
from geosam_plugin.settings import EngineSettings  # noqa: E402

if TYPE_CHECKING:
    from geosam_plugin.window.workspace import Workspace

gdal.DontUseExceptions()  # GDAL wants to hear a choice; Processing of QGIS 3.40 makes another

TRACEBACK = "Traceback (most recent call last)"


def package_dir() -> Path:
    """Where `encoder_tool` lies: within the packed plugin, beside it in a checkout."""
    packed = HOME / "geosam_plugin" / "engine-src"
    return packed if (packed / "encoder_tool").is_dir() else HOME


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: tests in QGIS often wait for an engine or for a rest."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def settings_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Those of earlier runs, and of runs beside this one, are no business of the tests."""
    folder = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    QgsApplication.qgisSettingsDirPath = staticmethod(lambda: f"{folder}/")


@pytest.fixture(autouse=True)
def no_exception_goes_unseen(qgis_app: QgsApplication) -> Iterator[list[str]]:
    """In a slot or a callback it reaches no test: QGIS would show it, or put it into its log.

    A test that expects some takes them out of the list.
    """
    seen: list[str] = []

    def on_exception(
        kind: type[BaseException], value: BaseException, trace: TracebackType | None
    ) -> None:
        seen.append("".join(traceback.format_exception(kind, value, trace)))

    def on_message(text: str, tag: str, *_: object) -> None:
        if TRACEBACK in text:
            seen.append(f"{tag}: {text}")

    before, sys.excepthook = sys.excepthook, on_exception
    log = qgis_app.messageLog()
    log.messageReceived.connect(on_message)
    yield seen
    log.messageReceived.disconnect(on_message)
    sys.excepthook = before
    if seen:
        pytest.fail("\n".join(["An exception in a slot:", *seen]), pytrace=False)


@pytest.fixture
def project(qgis_app: QgsApplication) -> Iterator[QgsProject]:
    """QGIS's one project, empty, in UTM 33N, with an ellipsoid to measure on; nothing is set or
    left from before."""
    QgsSettings().remove("geosam")
    shutil.rmtree(Path(QgsApplication.qgisSettingsDirPath()) / "geosam", ignore_errors=True)
    project = QgsProject.instance()
    project.clear()
    project.setCrs(UTM)
    project.setEllipsoid("EPSG:7030")
    yield project
    project.clear()


@pytest.fixture
def window(project: QgsProject) -> Iterator[Window]:
    window = Window()
    yield window
    window.close()


@pytest.fixture
def with_processing(
    window: Window, command: EngineCommand, monkeypatch: pytest.MonkeyPatch
) -> Window:
    """The window with Processing in it, as QGIS has it, and an engine for its algorithms."""
    from processing.core.Processing import Processing

    Processing.initialize()
    for name in [name for name in sys.modules if name.startswith("processing.")]:
        if hasattr(sys.modules[name], "iface"):
            monkeypatch.setattr(sys.modules[name], "iface", window)
    EngineSettings(python=command.program, is_complete=True).save()
    return window


@pytest.fixture
def provider(qgis_app: QgsApplication) -> Iterator[GeoSamProvider]:
    provider = GeoSamProvider()
    qgis_app.processingRegistry().addProvider(provider)
    yield provider
    qgis_app.processingRegistry().removeProvider("geosam")  # by name: a test may have done it


@pytest.fixture
def encoded_image(scene: Path, cache: Path) -> Path:
    """What `workspace` shows: the scene; a module may give another one."""
    return scene


@pytest.fixture
def workspace(
    window: Window, project: QgsProject, encoded_image: Path, command: EngineCommand
) -> Iterator[Workspace]:
    """The dock open, clicking, the image on the map in UTM 33N, the scene's CRS."""
    from geosam_plugin.window.workspace import Workspace

    window.show_layer(raster_layer(encoded_image, project), UTM)
    workspace = Workspace(window, command)
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.prompt.clicking.setChecked(True)
    yield workspace
    workspace.close()
    settle()


@pytest.fixture(scope="session")
def objects(scene: Path, qgis_app: QgsApplication) -> list[QgsGeometry]:
    """What there is to be clicked, the largest first."""
    return largest_objects(scene)


@pytest.fixture(scope="session")
def engine_python() -> str:
    python = os.environ.get("GEOSAM_ENGINE_PYTHON") or str(REPOSITORY / ".venv" / "bin" / "python")
    if not Path(python).exists():
        pytest.fail(f"There is no engine's Python at {python}: run `make setup`.")
    return python


@pytest.fixture(scope="session")
def command(engine_python: str) -> EngineCommand:
    return engine_command(engine_python, str(package_dir()))


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory, command: EngineCommand) -> Path:
    """A sample of 1024 pixels, EPSG:32633, 0.3 m, with its cache."""

    def make(folder: Path) -> None:
        _run_engine(command, "sample", str(folder), "--size", "1024")
        _run_engine(command, "encode", str(folder / "scene.tif"), "--threads", "2")

    return made_once(tmp_path_factory, "sample", make) / "scene.tif"


@pytest.fixture(scope="session")
def cache(scene: Path) -> Path:
    """The sample's cache, made with nano: one patch."""
    return scene.with_name("scene.tif.nano.sam2.zarr")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """What the played engines of this test are asked."""
    return Record(tmp_path / "asked")


@pytest.fixture
def stub(record: Record) -> Callable[..., EngineCommand]:
    """A played engine; see stub_engine.py for how it can be."""
    program = str(Path(__file__).with_name("stub_engine.py"))

    def make(*how: str) -> EngineCommand:
        arguments = (program, str(record.file), *how)
        return EngineCommand(sys.executable, arguments, dict(os.environ))

    return make


def _run_engine(command: EngineCommand, *arguments: str) -> None:
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", *arguments],
        env=dict(command.environment), capture_output=True, text=True, timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
