"""How the engine's process is started: which Python, and with what of QGIS's environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

# QGIS sets these for its own libraries and Python; another Python would load the wrong ones.
FOREIGN_PREFIXES = (
    "PYTHON",
    "PROJ_",
    "GDAL_",
    "OGR_",
    "CPL_",
    "QT_",
    "QGIS",
    "GRASS",
    "OSGEO4W",
    "LD_",
    "DYLD_",
    "CONDA_",
)
FOREIGN_NAMES = ("VIRTUAL_ENV", "GEOTIFF_CSV", "__PYVENV_LAUNCHER__")

OWN_VARIABLES = {
    "PYTHONNOUSERSITE": "1",  # packages of the user's would shadow the engine's
    "PYTHONSAFEPATH": "1",  # and so would files in QGIS's current directory
    "PYTHONUTF8": "1",
}


@dataclass(frozen=True)
class EngineCommand:
    """A process that speaks the worker's protocol."""

    program: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


def with_variables(command: EngineCommand, variables: Mapping[str, str]) -> EngineCommand:
    """The same with more in its environment, in place of what has such a name in any case: of
    http_proxy and HTTP_PROXY, programs take the one that they look for first."""
    names = {name.upper() for name in variables}
    kept = {name: value for name, value in command.environment.items() if name.upper() not in names}
    return replace(command, environment={**kept, **variables})


def engine_command(python: str, package_dir: str) -> EngineCommand:
    """The engine in the environment that `python` belongs to.

    package_dir: the folder in which `encoder_tool` lies
    """
    environment = clean_environment(os.environ)
    environment.update(OWN_VARIABLES, PYTHONPATH=package_dir)
    return EngineCommand(python, ("-m", "encoder_tool.worker"), environment)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that are not QGIS's own; its folders are taken out of PATH on Windows, where
    DLLs are looked for in them."""
    kept = {
        name: value
        for name, value in environment.items()
        # On Windows names may come in any case.
        if not name.upper().startswith(FOREIGN_PREFIXES) and name.upper() not in FOREIGN_NAMES
    }
    root = environment.get("OSGEO4W_ROOT")
    if root:
        for name in [name for name in kept if name.upper() == "PATH"]:
            folders = kept[name].split(os.pathsep)
            kept[name] = os.pathsep.join(f for f in folders if not _is_within(f, root))
    return kept


def _is_within(folder: str, root: str) -> bool:
    inner, outer = (os.path.normcase(os.path.normpath(path)) for path in (folder, root))
    return inner == outer or inner.startswith(outer + os.sep)
