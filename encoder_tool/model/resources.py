"""The embedded model's files: where they lie, and whether they are whole."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from encoder_tool.errors import ModelError

NANO_WEIGHTS = "nano.safetensors"
NANO_ENCODER = "nano_encoder.onnx"
NANO_PREPARE = "nano_prepare.onnx"
NANO_DECODE = "nano_decode.onnx"
CHECKSUMS = "sha256.json"

_REINSTALL = "Install the package again."


@cache
def models_directory() -> Path:
    """The folder of the embedded model: inside an installed package or a plugin, else the
    source tree's."""
    package = Path(__file__).resolve().parents[1]
    for directory in (package / "resources" / "models", package.parent / "resources" / "models"):
        if directory.is_dir():
            return directory
    raise ModelError("The embedded model's files are missing from this installation.", _REINSTALL)


def expected_sha256(name: str) -> str:
    """What `name` should hash to."""
    try:
        checksums: dict[str, str] = json.loads((models_directory() / CHECKSUMS).read_text())
        return checksums[name]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError("The embedded model's checksums are unreadable.", _REINSTALL) from error


def read_resource(name: str) -> bytes:
    """The content of an embedded file; raises ModelError when it is missing or damaged."""
    try:
        data = (models_directory() / name).read_bytes()
    except OSError as error:
        raise ModelError(
            f"The embedded model's file {name} cannot be read ({error.strerror}).", _REINSTALL
        ) from error
    if hashlib.sha256(data).hexdigest() != expected_sha256(name):
        raise ModelError(f"The embedded model's file {name} is damaged.", _REINSTALL)
    return data
