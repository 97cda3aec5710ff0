"""What the plugin's tests share: the plugin, the engine's Python, a cache made with nano.

GEOSAM_PLUGIN_HOME: the folder that holds `geosam_plugin` (default: this tree)
GEOSAM_ENGINE_PYTHON: the engine's Python (default: .venv of this tree)
QT_QPA_PLATFORM: must be `offscreen` where there is no display; pytest-qgis starts Qt before this
    file is read
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("GEOSAM_PLUGIN_HOME") or REPOSITORY)

sys.path.insert(0, str(HOME))
sys.path.append(str(Path(__file__).parent))  # helpers that lie beside this file

from geosam_plugin.engine.command import EngineCommand, engine_command  # noqa: E402


def package_dir() -> Path:
    """Where `encoder_tool` lies: within the packed plugin, beside it in a checkout."""
    packed = HOME / "geosam_plugin" / "engine-src"
    return packed if (packed / "encoder_tool").is_dir() else HOME


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
    """A sample of 1024 pixels, EPSG:32633, 0.3 m."""
    folder = tmp_path_factory.mktemp("sample")
    _run_engine(command, "sample", str(folder), "--size", "1024")
    return folder / "scene.tif"


@pytest.fixture(scope="session")
def cache(scene: Path, command: EngineCommand) -> Path:
    """The sample's cache, made with nano: one patch."""
    _run_engine(command, "encode", str(scene), "--threads", "2")
    return scene.with_name("scene.tif.nano.sam2.zarr")


def _run_engine(command: EngineCommand, *arguments: str) -> None:
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", *arguments],
        env=dict(command.environment), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
