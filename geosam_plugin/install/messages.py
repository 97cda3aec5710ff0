"""The installer's words: problems, steps, and what must not be shown of either."""

from __future__ import annotations

import re

from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.install.problems import Kind, Problem
from geosam_plugin.install.steps import Stage

translate = QCoreApplication.translate

_CREDENTIALS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/@\s'\"]*@", re.IGNORECASE)
_TOKENS = re.compile(r"(?i)\b((?:token|password|passwd|api[_-]?key|secret)\s*[=:]\s*)[^\s&'\"]+")


def scrub(text: str) -> str:
    """`text` without the names and passwords in its addresses."""
    return _TOKENS.sub(r"\1***", _CREDENTIALS.sub(r"\g<scheme>***@", text))


def describe(problem: Problem) -> str:
    """What happened and what can be done, for people."""
    template = _templates()[problem.kind]
    return scrub(template.format(*problem.values))


def title(stage: Stage) -> str:
    """What is being done, while it is."""
    return {
        Stage.FETCH_PYTHON: translate("GeoSAM", "Downloading Python…"),
        Stage.FIND_PYTHON: translate("GeoSAM", "Looking for Python…"),
        Stage.ENVIRONMENT: translate("GeoSAM", "Making the engine's folder…"),
        Stage.PACKAGES: translate("GeoSAM", "Installing packages…"),
        Stage.TORCH: translate("GeoSAM", "Installing torch (this is the large one)…"),
        Stage.SAM2: translate("GeoSAM", "Installing SAM 2…"),
        Stage.SELF_TEST: translate("GeoSAM", "Testing: encode and click…"),
        Stage.MODEL: translate("GeoSAM", "Downloading the model…"),
    }[stage]


def _templates() -> dict[Kind, str]:
    return {
        Kind.ANOTHER_INSTALLATION: translate(
            "GeoSAM",
            "Another QGIS is installing the engine (process {0} on {1}). Wait until it is done.",
        ),
        Kind.CANCELLED: translate("GeoSAM", "Cancelled. Nothing has changed."),
        Kind.CANNOT_WRITE: translate(
            "GeoSAM",
            "The folder {0} cannot be written to. Name another one in the environment variable"
            " GEOSAM_ENGINE_DIR.",
        ),
        Kind.DISK_FULL: translate(
            "GeoSAM", "The disk of {0} is too full: {1} GB are needed and {2} GB are free."
        ),
        Kind.FOLDER_LACKS_UV: translate(
            "GeoSAM",
            "The folder {0} has no {1} for this computer. Add it, or install from the internet.",
        ),
        Kind.IDLE: translate(
            "GeoSAM",
            "Nothing has happened for {0} min, so the installation was ended. Check the"
            " network connection and try again; what was downloaded is kept.",
        ),
        Kind.INDEX_HAS_NO_UV: translate(
            "GeoSAM",
            "The package index {0} has no uv {1} for this computer. Check the address of the"
            " mirror.",
        ),
        Kind.INDEX_UNREACHABLE: translate(
            "GeoSAM",
            "The package index {0} cannot be reached ({1}). Check the network, the proxy in"
            " QGIS's settings, or the address of the mirror.",
        ),
        Kind.INTEL_MAC_NO_TORCH: translate(
            "GeoSAM",
            "There is no current torch for Macs with an Intel processor. Install the small"
            " engine: it segments in every cache, also in those made with large models elsewhere.",
        ),
        Kind.LIBC_TOO_OLD: translate(
            "GeoSAM", "This Linux is too old: its C library is {0}, and the packages need {1}."
        ),
        Kind.MACOS_TOO_OLD: translate(
            "GeoSAM", "This is macOS {0}; the packages need macOS {1} or newer."
        ),
        Kind.MODEL_CANCELLED: translate(
            "GeoSAM",
            "Cancelled. The engine is ready, but the model is not downloaded yet; what came of it"
            " is kept.",
        ),
        Kind.MODEL_FAILED: translate(
            "GeoSAM",
            "The engine is ready, but the model could not be downloaded: {0}",
        ),
        Kind.NO_CUDA_BUILD: translate(
            "GeoSAM",
            "CUDA does not exist on macOS. Choose the full engine: it uses Apple's graphics.",
        ),
        Kind.NO_PYTHON_DOWNLOAD: translate(
            "GeoSAM",
            "Python {0} could not be downloaded from github.com. Install Python {0} yourself and"
            " choose it under “Use this Python”.",
        ),
        Kind.OWN_PYTHON_LACKS: translate(
            "GeoSAM",
            "This Python cannot run the engine: {0} Untick “as it is” to have it made ready.",
        ),
        Kind.PACKAGES_FAILED: translate(
            "GeoSAM", "The packages could not be installed: {0} The log says more."
        ),
        Kind.PLATFORM_UNSUPPORTED: translate(
            "GeoSAM", "There are no packages for this kind of computer ({0}, {1})."
        ),
        Kind.PYTHON_NOT_64_BIT: translate(
            "GeoSAM", "{0} is a 32-bit Python; the engine needs 64 bits."
        ),
        Kind.PYTHON_NOT_CPYTHON: translate(
            "GeoSAM", "{0} is {1}; the engine needs the usual Python."
        ),
        Kind.PYTHON_TOO_NEW: translate(
            "GeoSAM",
            "{0} is Python {1}, for which not all packages exist yet. Choose one up to {2}.",
        ),
        Kind.PYTHON_TOO_OLD: translate(
            "GeoSAM",
            "{0} is Python {1}; the engine needs {2} or newer. Choose another one, or leave the"
            " field empty.",
        ),
        Kind.PYTHON_UNUSABLE: translate("GeoSAM", "{0} is not a Python that can be run."),
        Kind.PYTHON_WRONG_FOR_CUDA: translate(
            "GeoSAM",
            "{0} is Python {1}; here this engine needs {2}. Leave the field empty to have it"
            " downloaded.",
        ),
        Kind.SELF_TEST_FAILED: translate(
            "GeoSAM", "The new engine does not work: {0} The engine you had before is kept."
        ),
        Kind.UNEXPECTED: translate(
            "GeoSAM", "An unexpected error ended this ({0}). The log says more; try again."
        ),
        Kind.WRONG_HASH: translate(
            "GeoSAM",
            "{0} is not the file that was published (its checksum differs), so it was not used."
            " Check the mirror or the folder it came from.",
        ),
    }
