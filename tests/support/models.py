"""Models to test with, each made once per session. torch is imported when one is asked for:
most tests do without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from encoder_tool.model import decoder_graphs, resolve_model
from encoder_tool.model.registry import get_spec
from encoder_tool.model.resources import NANO_WEIGHTS, models_directory
from encoder_tool.model.seam import DecoderGraphs
from encoder_tool.scene import Scene, make_scene
from encoder_tool.types import FloatArray
from tests.support.made_once import made_once

if TYPE_CHECKING:
    from encoder_tool.model.build import ImageModel

TINY = "sam2.1-tiny"
NANO = "nano"

SMALL = replace(get_spec(TINY).structure, width=128, mlp_width=512)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole sam2.1-tiny checkpoint, video half included, with seeded random weights."""
    from tests.support.checkpoints import random_tensors, write_checkpoint
    from tests.support.upstream import video_tensors

    def write(folder: Path) -> None:
        tensors = {**video_tensors(TINY), **random_tensors(get_spec(TINY).structure)}
        write_checkpoint(folder / "tiny.pt", tensors)

    return made_once(tmp_path_factory, "tiny", write) / "tiny.pt"


@pytest.fixture(scope="session")
def tiny_graphs(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> DecoderGraphs:
    """That checkpoint's decoder."""

    def export(folder: Path) -> None:
        graphs = decoder_graphs(resolve_model(TINY, tiny_checkpoint))
        (folder / "prepare.onnx").write_bytes(graphs.prepare)
        (folder / "decode.onnx").write_bytes(graphs.decode)

    folder = made_once(tmp_path_factory, "tiny-graphs", export)
    return DecoderGraphs(
        (folder / "prepare.onnx").read_bytes(), (folder / "decode.onnx").read_bytes()
    )


@pytest.fixture(scope="session")
def small_model() -> ImageModel:
    """sam2.1's structure in a smaller size, with seeded random weights."""
    from encoder_tool.model.build import outline
    from tests.support.checkpoints import random_tensors

    model = outline(SMALL)
    model.load_state_dict(random_tensors(SMALL), assign=True)
    return model.requires_grad_(False)


@pytest.fixture(scope="session")
def seeded_nano_model() -> ImageModel:
    """nano's structure with seeded random weights, which find more faults than trained ones."""
    from encoder_tool.model.build import outline
    from tests.support.checkpoints import random_tensors

    structure = get_spec(NANO).structure
    model = outline(structure)
    model.load_state_dict(random_tensors(structure), assign=True)
    return model.requires_grad_(False)


@pytest.fixture(scope="session")
def nano_model() -> ImageModel:
    from encoder_tool.model.checkpoint import load_image_model

    return load_image_model(get_spec("nano"), models_directory() / NANO_WEIGHTS)


@pytest.fixture(scope="session")
def scene() -> Scene:
    """One patch of procedural roofs, fields and trees, with its truth."""
    return make_scene(1024, seed=1)


@pytest.fixture(scope="session")
def patch(scene: Scene) -> FloatArray:
    """The scene as an encoder takes it, [1, 3, 1024, 1024]."""
    planes = scene.image.transpose(2, 0, 1)[np.newaxis]
    return np.ascontiguousarray(planes, dtype=np.float32) / 255
