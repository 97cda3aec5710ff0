"""The package: what is in it, and that QGIS's "Install from ZIP" takes it."""

from __future__ import annotations

import ast
import configparser
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from qgis_window import PATIENCE_S

from geosam_plugin.engine.command import engine_command

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / ".ci" / "make_package.py"
SUPPORT = REPOSITORY / "tests" / "support"
ENGINE = "geosam_plugin/engine-src/"
LANGUAGES = ("de", "es", "fr", "zh_Hans")

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="needs the repository")


def make(*arguments: str) -> None:
    subprocess.run([sys.executable, str(SCRIPT), *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dist") / "geosam_plugin.zip"
    make("zip", str(path))
    return path


@pytest.fixture(scope="module")
def names(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as archive:
        return archive.namelist()


class TestContent:
    def test_everything_is_there(self, names: list[str]) -> None:
        needed = {
            "__init__.py", "LICENSE", "NOTICE", "metadata.txt", "locks/base.lock", "locks/uv.lock",
            "resources/icons/geosam.svg", "engine-src/encoder_tool/selftest.py",
            "engine-src/encoder_tool/__main__.py", "engine-src/resources/models/nano_encoder.onnx",
            "engine-src/resources/models/nano_prepare.onnx",
            "engine-src/resources/models/nano_decode.onnx", "resources/help/encoderaster.html",
            *(f"i18n/geosam_{language}.qm" for language in (*LANGUAGES, "en")),
            *(f"resources/help/{language}/encoderaster.html" for language in LANGUAGES),
        }  # fmt: skip
        assert not needed - {name.partition("/")[2] for name in names}

    def test_one_folder_and_no_foreign_things(self, names: list[str]) -> None:
        assert all(name.startswith("geosam_plugin/") for name in names)
        suffixes = {Path(name).suffix for name in names}
        assert not suffixes & {".pyc", ".so", ".pyd", ".dll", ".exe", ".dylib", ".whl", ".zip"}
        assert not [
            n
            for n in names
            if re.search(r"__pycache__|/\.|tests/|ruff|training|benchmarks|docs/", n)
        ]
        top = {name.split("/")[1] for name in names if name.count("/") > 1}
        assert top <= {
            "basemap", "clicking", "engine", "engine-src", "i18n", "install", "layer_to_raster",
            "locks", "processing", "resources", "review", "saving", "window",
        }  # fmt: skip
        assert {name.split("/")[2] for name in names if name.startswith(ENGINE)} == {
            "encoder_tool", "resources",
        }  # fmt: skip

    def test_under_20_mib(self, package: Path) -> None:
        assert package.stat().st_size < 20 * 2**20

    def test_reproducible(self, package: Path, tmp_path: Path) -> None:
        make("zip", str(tmp_path / "again.zip"))
        assert (tmp_path / "again.zip").read_bytes() == package.read_bytes()

    def test_metadata(self, package: Path, names: list[str]) -> None:
        parser = configparser.ConfigParser(interpolation=None)
        with zipfile.ZipFile(package) as archive:
            parser.read_string(archive.read("geosam_plugin/metadata.txt").decode())
        general = parser["general"]
        for key in ("name", "description", "about", "version", "author", "email", "repository"):
            assert general[key]
        assert general["qgisMinimumVersion"] == "3.22"
        assert general["qgisMaximumVersion"] == "4.99"
        # Without it, QGIS of Qt 6 refuses the plugin (pyplugin_installer of 3.40).
        assert general.getboolean("supportsQt6")
        assert general.getboolean("hasProcessingProvider")
        assert f"geosam_plugin/{general['icon']}" in names

    def test_qgis_takes_the_right_metadata(self, names: list[str]) -> None:
        """It takes the first of all metadata.txt in alphabetical order for the plugin's."""
        assert [n for n in names if n.endswith("metadata.txt")] == ["geosam_plugin/metadata.txt"]

    def test_the_engine_cannot_be_imported_as_a_part(self, names: list[str]) -> None:
        folders = {part for name in names if "encoder_tool" in name for part in name.split("/")[:2]}
        assert any(not folder.isidentifier() for folder in folders)

    def test_all_of_it_parses_as_python_3_9(self, package: Path, names: list[str]) -> None:
        with zipfile.ZipFile(package) as archive:
            for name in names:
                if name.endswith(".py") and not name.startswith(ENGINE):
                    ast.parse(archive.read(name), name, feature_version=(3, 9))


@pytest.fixture(scope="module")
def report(package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What QGIS's own "Install from ZIP" makes of it, in a QGIS with empty settings."""
    home = tmp_path_factory.mktemp("home")
    plugins = home / "plugins"
    done = subprocess.run(
        [sys.executable, str(SUPPORT / "install_from_zip.py"), str(package), str(plugins)],
        env={**os.environ, "HOME": str(home)}, cwd=home, capture_output=True, text=True,
        check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class TestInstallation:
    @pytest.fixture
    def installed(self, report: dict[str, object]) -> Path:
        return Path(str(report["package"]))

    def test_qgis_installs_and_loads_it(self, report: dict[str, object]) -> None:
        assert report["message"] == "<b>Plugin installed successfully</b>"
        assert report["name"] == "GeoSAM"
        assert report["available"] == ["geosam_plugin"]
        assert Path(str(report["package"])).parent.name == "plugins"
        assert report["engine"] == f"{report['package']}/engine-src"
        assert report["has_icon"]
        assert report["heavy"] == []

    def test_it_starts_and_unloads(self, report: dict[str, object]) -> None:
        if not report["has_entry"]:
            pytest.skip("there is no classFactory yet")
        assert report["active"] == ["geosam_plugin"]
        assert report["unloaded"]

    def test_the_engine_inside_runs(self, installed: Path, engine_python: str) -> None:
        command = engine_command(engine_python, str(installed / "engine-src"))
        done = subprocess.run(
            [command.program, "-m", "encoder_tool.selftest"],
            env=dict(command.environment), cwd=installed, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        version = re.search(r"(?m)^version=(\S+)", (installed / "metadata.txt").read_text())
        assert version is not None
        assert report["engine"] == version[1]
        assert report["iou"] > 0.85


def test_link_for_development(tmp_path: Path) -> None:
    make("link", str(tmp_path))
    make("link", str(tmp_path))
    linked = tmp_path / "geosam_plugin"
    assert (linked / "__init__.py").samefile(REPOSITORY / "geosam_plugin" / "__init__.py")
    assert (linked / "metadata.txt").samefile(REPOSITORY / "metadata.txt")
    assert (linked / "engine-src" / "encoder_tool" / "version.py").is_symlink()
