"""From a model's name to something that runs; torch is imported only where it is needed."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from encoder_tool.errors import MissingDependencyError, ModelError, ModelNotDownloadedError
from encoder_tool.model.registry import BY_CHECKPOINT, get_spec
from encoder_tool.model.resources import (
    NANO_DECODE,
    NANO_ENCODER,
    NANO_PREPARE,
    NANO_WEIGHTS,
    expected_sha256,
    read_resource,
)
from encoder_tool.model.seam import DecoderGraphs, FeatureEncoder, ModelRecord
from encoder_tool.model.spec import ModelSpec

MODELS_VARIABLE = "ENCODER_TOOL_MODELS"
"""Environment variable that names the directory of downloaded checkpoints."""

DEFAULT_MODEL = "nano"


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model with its weights at hand.

    weights: the checkpoint, or None for the embedded model's own files
    sha256: of the weights, whichever they are
    """

    spec: ModelSpec
    weights: Path | None
    sha256: str

    def record(self) -> ModelRecord:
        """What a cache remembers of the model."""
        return ModelRecord(
            name=self.spec.name,
            checkpoint_sha256=self.sha256,
            feature_shapes=self.spec.feature_shapes,
            stability=self.spec.stability,
        )


def checkpoint_directory() -> Path:
    """Where downloaded checkpoints lie: `ENCODER_TOOL_MODELS`, else the platform's place."""
    override = os.environ.get(MODELS_VARIABLE)
    if override:
        return Path(override)
    # Imported here: training imports this package where only torch is installed.
    from platformdirs import user_cache_path

    return user_cache_path("encoder-tool") / "models"


def _require_checkpoint(path: Path) -> None:
    """Refuse, by its first bytes, what torch need not be installed for to be refused."""
    try:
        with path.open("rb") as file:
            head = file.read(9)
    except OSError as error:
        raise _unreadable(path, error) from error
    safetensors = head[8:] == b"{"
    if not (safetensors or head.startswith((b"PK", b"\x80"))):
        raise ModelError(
            f"{path} is no checkpoint: it is neither a .pt nor a .safetensors file.",
            "--checkpoint takes weights in the structure of the model.",
        )


def resolve_model(name: str = DEFAULT_MODEL, checkpoint: Path | None = None) -> ResolvedModel:
    """Find the model's weights. With `checkpoint`, that file's, in the structure of `name`.

    Raises ModelNotDownloadedError when they are not on this machine, ModelError for an unknown
    name, a missing file, or a download that does not have the registered sha256.
    """
    spec = get_spec(name)
    if checkpoint is not None:
        if not checkpoint.is_file():
            raise ModelError(f"There is no checkpoint at {checkpoint}.")
        _require_checkpoint(checkpoint)
        return ResolvedModel(spec, checkpoint, sha256_of(checkpoint))
    if spec.name in BY_CHECKPOINT:
        raise ModelError(f"{name} comes without weights: give them as a checkpoint.")
    if spec.remote is None:
        return ResolvedModel(spec, None, expected_sha256(NANO_WEIGHTS))
    path = checkpoint_directory() / spec.remote.filename
    if not path.is_file():
        raise ModelNotDownloadedError(
            f"The model {name} has not been downloaded yet.",
            f"Run: encoder-tool models download {name}",
        )
    if sha256_of(path) != spec.remote.sha256:
        raise ModelError(
            f"{path} is not the file that was published as {name}.",
            f"Delete it and run: encoder-tool models download {name}",
        )
    return ResolvedModel(spec, path, spec.remote.sha256)


def sha256_of(path: Path) -> str:
    """The file's sha256 (about 0.3 s for the tiny model's checkpoint)."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> ModelError:
    return ModelError(f"{path} cannot be read ({error.strerror}).")


def load_encoder(
    model: ResolvedModel, device: str = "auto", threads: int | None = None
) -> FeatureEncoder:
    """The model's image encoder, ready on `device`: "auto", "cpu", "cuda" or "mps".

    Raises UsageError for a device that is not there, ModelError for a checkpoint that does not
    fit, MissingDependencyError when torch is needed and not installed.
    """
    if model.weights is None:
        from encoder_tool.model.encoder_onnx import OnnxEncoder

        return OnnxEncoder(read_resource(NANO_ENCODER), model.spec, device, threads)
    try:
        from encoder_tool.model.encoder_torch import load_torch_encoder
    except ImportError as error:
        raise _needs_torch(model.spec, error) from error
    return load_torch_encoder(model.spec, model.weights, device, threads)


def decoder_graphs(model: ResolvedModel) -> DecoderGraphs:
    """The model's prompt decoder as ONNX, checked against torch when it is exported anew.

    Raises ModelError for a checkpoint that does not fit or a failed export,
    MissingDependencyError when torch is needed and not installed.
    """
    if model.weights is None:
        return DecoderGraphs(read_resource(NANO_PREPARE), read_resource(NANO_DECODE))
    try:
        from encoder_tool.model.checkpoint import load_image_model
        from encoder_tool.model.export import export_decoder
    except ImportError as error:
        raise _needs_torch(model.spec, error) from error
    return export_decoder(load_image_model(model.spec, model.weights))


def _needs_torch(spec: ModelSpec, error: ImportError) -> MissingDependencyError:
    return MissingDependencyError(
        f"The model {spec.name} needs the Python package {error.name}, which is not installed.",
        "Install the extra `encode` (README.md says how), or use the embedded model nano.",
    )
