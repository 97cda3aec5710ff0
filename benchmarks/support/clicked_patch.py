"""A cache to click in whose every patch has the same features: encoded once, stored many times.

A structure without weights at hand gets seeded random ones, which cost the same; what they find
is noise, whose outline takes longer to trace than any building's. Its logits are computed and
then replaced by those of the building that the prompt means (`Shapes`), on all sides alike.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from benchmarks.support.asked_prompts import Target
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.model import ResolvedModel, decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.registry import get_spec
from encoder_tool.model.seam import (
    DecoderGraphs,
    FeatureEncoder,
    ModelRecord,
    PatchState,
    PromptDecoder,
)
from encoder_tool.sample import write_scene
from encoder_tool.scene import Scene
from encoder_tool.types import PATCH_SIZE, Features, FeatureShapes, FloatArray, Masks, Prompt

SHAPES_VARIABLE = "CLICKED_SHAPES"
"""Environment variable that names the file of shapes for `shaped_worker`."""


@dataclass(frozen=True)
class ModelChoice:
    """A model by name. `checkpoint`: its weights; None for its own or, where it has none here,
    seeded ones."""

    name: str
    checkpoint: Path | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        name, _, path = text.partition("=")
        get_spec(name)
        return cls(name, Path(path) if path else None)

    @property
    def is_seeded(self) -> bool:
        return self.name != "nano" and self.checkpoint is None

    @property
    def weights(self) -> Path:
        """Raises ValueError for a model without a checkpoint (see `with_weights`)."""
        if self.checkpoint is None:
            raise ValueError(f"{self.name} has no checkpoint.")
        return self.checkpoint

    @property
    def label(self) -> str:
        return f"{self.name} (seeded weights)" if self.is_seeded else self.name

    def with_weights(self, folder: Path) -> ModelChoice:
        """With a checkpoint that upstream's code reads as well."""
        return replace(self, checkpoint=self._seeded(folder)) if self.is_seeded else self

    def _seeded(self, folder: Path) -> Path:
        # torch is imported only by those who measure such a model.
        from tests.support.checkpoints import random_tensors, write_checkpoint
        from tests.support.upstream import CONFIGS, video_tensors

        tensors = random_tensors(get_spec(self.name).structure)
        if self.name in CONFIGS:
            tensors = {**video_tensors(self.name), **tensors}
        return write_checkpoint(folder / f"{self.name}.pt", tensors)


@dataclass(frozen=True, eq=False)
class Shapes:
    """The masks that stand in for seeded weights' noise.

    centres: [K, 2] in patch pixels; logits: [K, 256, 256]
    """

    centres: FloatArray
    logits: FloatArray

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Self:
        return cls(
            np.array([target.centre for target in targets], np.float32),
            np.stack([target.logits for target in targets]),
        )

    @classmethod
    def read(cls, path: str) -> Self:
        with np.load(path) as content:
            return cls(content["centres"], content["logits"])

    def write(self, path: Path) -> Path:
        np.savez(path, centres=self.centres, logits=self.logits)
        return path

    def meant(self, prompt: Prompt) -> FloatArray:
        """The logits [256, 256] of the shape nearest to a prompt."""
        if prompt.box is not None:
            place = np.array(prompt.box).reshape(2, 2).mean(axis=0)
        else:
            place = prompt.points[prompt.labels == 1][0]
        return self.logits[np.argmin(np.hypot(*(self.centres - place).T))]

    def put(self, masks: Masks, prompt: Prompt) -> Masks:
        """The model's answer with the shape in place of what it found."""
        logits = np.broadcast_to(self.meant(prompt), masks.logits.shape).copy()
        return Masks(logits, masks.iou_predictions)


class ShapedDecoder:
    """A `PromptDecoder` that does all its work and then answers a shape."""

    def __init__(self, decoder: PromptDecoder, shapes: Shapes) -> None:
        self._decoder, self._shapes = decoder, shapes

    def prepare(self, features: Features) -> PatchState:
        return self._decoder.prepare(features)

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        found = self._decoder.decode(state, prompts, multimask=multimask)
        pairs = zip(found, prompts, strict=True)
        return [self._shapes.put(masks, prompt) for masks, prompt in pairs]


class _SameFeatures:
    """An `EncodeModel` and its `FeatureEncoder` that looks at its first patch only."""

    device = "cpu"

    def __init__(self, model: ResolvedModel, threads: int) -> None:
        self._model, self._threads = model, threads
        self._encoder: FeatureEncoder | None = None
        self._found: Features | None = None

    def record(self) -> ModelRecord:
        return self._model.record()

    def load_encoder(self, device: str, threads: int | None) -> Self:
        self._encoder = load_encoder(self._model, "cpu", self._threads)
        return self

    def decoder_graphs(self) -> DecoderGraphs:
        return decoder_graphs(self._model)

    @property
    def feature_shapes(self) -> FeatureShapes:
        return self._model.spec.feature_shapes

    @property
    def fill_colour(self) -> tuple[float, float, float]:
        return self._model.spec.mean

    def encode(self, patches: FloatArray) -> list[Features]:
        if self._found is None:
            assert self._encoder is not None
            (self._found,) = self._encoder.encode(patches[:1])
        return [self._found] * len(patches)


def write_raster(scene: Scene, folder: Path, side: int) -> Path:
    """The scene, one patch large, `side` times next to and below itself."""
    assert scene.image.shape[:2] == (PATCH_SIZE, PATCH_SIZE)
    repeated = replace(scene, image=np.tile(scene.image, (side, side, 1)))
    return write_scene(repeated, folder).scene


def write_cache(
    raster: Path, choice: ModelChoice, out: Path, threads: int, dtype: str | None = None
) -> FeatureCache:
    """A cache of a raster by `write_raster`: one level, patches side by side.

    choice: with weights
    dtype: None for what an encode takes when nothing is said
    """
    request = EncodeRequest(
        raster=raster, out=out, model=choice.name, checkpoint=choice.checkpoint, overlap=0,
        levels=1, device="cpu", **({} if dtype is None else {"dtype": dtype}),
    )  # fmt: skip
    model = _SameFeatures(resolve_model(choice.name, choice.checkpoint), threads)
    return open_cache(run_encode(plan_encode(request, model=model)).cache)


def worker_command(shapes: Path | None) -> tuple[list[str], dict[str, str]]:
    """Arguments for Python, and the environment, of a worker that answers shapes or, with None,
    what its model finds."""
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    if shapes is None:
        return ["-m", "encoder_tool.worker"], environment
    return ["-m", "benchmarks.support.shaped_worker"], {
        **environment, SHAPES_VARIABLE: str(shapes)
    }  # fmt: skip
