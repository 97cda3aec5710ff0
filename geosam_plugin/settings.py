"""The plugin's settings: typed, per user, in QGIS's own settings under "geosam"."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields
from typing import TypeVar

from qgis.core import QgsSettings

GROUP = "geosam"

S = TypeVar("S", bound="Settings")


@dataclass
class Settings:
    """Fields of str, bool, int or float, each a value under `geosam/<section>/`."""

    def section(self) -> str:
        raise NotImplementedError

    @classmethod
    def load(cls: type[S]) -> S:
        """What the user chose, the defaults elsewhere; a value of another type counts as none."""
        found, stored = cls(), QgsSettings()
        for item in fields(cls):
            default = getattr(found, item.name)
            with suppress(TypeError):  # what PyQt raises for a value of another type
                value = stored.value(found._key(item.name), default, type=type(default))
                setattr(found, item.name, value)
        return found

    def save(self) -> None:
        stored = QgsSettings()
        for item in fields(self):
            stored.setValue(self._key(item.name), getattr(self, item.name))

    def _key(self, name: str) -> str:
        return f"{GROUP}/{self.section()}/{name}"


@dataclass
class EngineSettings(Settings):
    """How the engine is installed and found.

    python: the user's own Python, "" to have one found
    is_complete: it has the engine's packages already and is used as it is
    flavour: "base", "full" or "cuda"
    wheels: folder to install from, "" for the network
    index_url: a mirror of the package index, "" for the public one
    """

    python: str = ""
    is_complete: bool = False
    flavour: str = "base"
    wheels: str = ""
    index_url: str = ""

    def section(self) -> str:
        return "engine"
