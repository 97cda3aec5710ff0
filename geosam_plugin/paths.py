"""Where the plugin's own files are: in an installed plugin, and in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent

ENGINE_SOURCE_NAME = "engine-src"
"""Folder of encoder_tool inside an installed plugin. The hyphen keeps QGIS's Python from
importing the engine as a part of the plugin."""


def engine_source() -> Path:
    """What the engine's Python gets as PYTHONPATH: the folder that holds encoder_tool."""
    staged = PACKAGE / ENGINE_SOURCE_NAME
    return staged if staged.is_dir() else PACKAGE.parent


def locks_directory() -> Path:
    """The lock files of the engine's packages."""
    return PACKAGE / "locks"


def resource(*parts: str) -> Path:
    """A file of resources/, e.g. `resource("icons", "geosam.svg")`."""
    staged = PACKAGE / "resources"
    return (staged if staged.is_dir() else PACKAGE.parent / "resources").joinpath(*parts)


def icon(name: str) -> str:
    """Path of an icon, for QIcon."""
    return str(resource("icons", f"{name}.svg"))


def translations_directory() -> Path:
    """The compiled translations."""
    staged = PACKAGE / "i18n"
    return staged if staged.is_dir() else PACKAGE.parent / "i18n"
