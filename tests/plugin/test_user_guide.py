"""The commands and keys that the user guide tells are those of the plugin."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from qgis.core import QgsApplication

from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.result_fields import FIELDS

GUIDE_FILE = Path(__file__).resolve().parents[2] / "docs" / "user-guide.md"


@pytest.fixture(scope="module")
def guide() -> str:
    return GUIDE_FILE.read_text(encoding="utf-8")


@pytest.fixture
def provider(qgis_app: QgsApplication) -> GeoSamProvider:
    provider = GeoSamProvider()
    provider.refreshAlgorithms()
    return provider


def test_commands_name_algorithms_and_parameters(provider: GeoSamProvider, guide: str) -> None:
    commands = [
        shlex.split(line) for line in guide.splitlines() if line.startswith("qgis_process ")
    ]
    assert commands
    for _, run, algorithm_id, dashes, *values in commands:
        assert (run, dashes) == ("run", "--")
        provider_id, _, name = algorithm_id.partition(":")
        assert provider_id == provider.id()
        algorithm = provider.algorithm(name)
        assert algorithm is not None, name
        for value in values:
            parameter = value.partition("=")[0]
            assert algorithm.parameterDefinition(parameter) is not None, parameter


def test_algorithms_are_called_as_in_the_toolbox(provider: GeoSamProvider, guide: str) -> None:
    named = re.findall(r"^- \*(.+?)\*", guide, re.MULTILINE)
    assert set(named) == {algorithm.displayName() for algorithm in provider.algorithms()}


def test_the_table_of_fields_is_whole(guide: str) -> None:
    section = guide.partition("## Saving into your own layer")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    told = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert told == [name for name, _ in FIELDS]
