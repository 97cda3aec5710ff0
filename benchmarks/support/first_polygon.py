"""`segment RASTER` on a raster that nobody has encoded, in a process of its own, which tells when
it was where: `first_polygon.py JSON`.
"""

from __future__ import annotations

import io
import json
import sys
import time
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import psutil

from encoder_tool.cli import run
from encoder_tool.encode import request
from encoder_tool.model import ResolvedModel, load_encoder, resolve_model
from encoder_tool.model.seam import FeatureEncoder
from encoder_tool.types import Features, FeatureShapes, FloatArray


@dataclass(frozen=True, slots=True)
class FirstClick:
    """raster: without a cache in its default place; checkpoint: None for the embedded model
    x, y: the click, in map coordinates; threads: of the image encoder"""

    raster: str
    model: str
    checkpoint: str | None
    x: float
    y: float
    threads: int | None

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def text(self) -> str:
        return json.dumps(asdict(self))


class Noted:
    """A `FeatureEncoder` that notes when it was called, and when it had answered."""

    def __init__(self, encoder: FeatureEncoder) -> None:
        self._encoder = encoder
        self.calls: list[tuple[float, float]] = []

    @property
    def device(self) -> str:
        return self._encoder.device

    @property
    def feature_shapes(self) -> FeatureShapes:
        return self._encoder.feature_shapes

    @property
    def fill_colour(self) -> tuple[float, float, float]:
        return self._encoder.fill_colour

    def encode(self, patches: FloatArray) -> list[Features]:
        began = time.time()
        found = self._encoder.encode(patches)
        self.calls.append((began, time.time()))
        return found


def first_polygon(asked: FirstClick) -> dict[str, Any]:
    """Run the command as the shell would, on the patch that holds the click alone.

    start_up_s: from the start of the process until the image encoder had the patch
    encode_s: what it took for that; first_polygon_s: from the start to the answer
    """
    noted: list[Noted] = []

    def load(model: ResolvedModel, device: str, threads: int | None) -> Noted:
        noted.append(Noted(load_encoder(model, device, threads or asked.threads)))
        return noted[-1]

    def resolve(name: str, checkpoint: Path | None) -> ResolvedModel:
        """The command itself takes nothing but published weights."""
        return resolve_model(name, Path(asked.checkpoint) if asked.checkpoint else checkpoint)

    answer = io.StringIO()
    with (
        patch.object(request, "load_encoder", load),
        patch.object(request, "resolve_model", resolve),
        redirect_stdout(answer),
    ):
        code = run(
            ["segment", asked.raster, "--model", asked.model, "--include",
             f"{asked.x},{asked.y}", "--no-stitch", "--largest-part", "--quiet", "--out", "-"]
        )  # fmt: skip
    ended, started = time.time(), psutil.Process().create_time()
    if code or not json.loads(answer.getvalue())["features"]:
        raise RuntimeError("The click found no polygon.")
    ((began, answered),) = [call for encoder in noted for call in encoder.calls]
    return {
        "start_up_s": began - started,
        "encode_s": answered - began,
        "first_polygon_s": ended - started,
    }


if __name__ == "__main__":
    told = first_polygon(FirstClick.parse(sys.argv[1]))
    print(json.dumps(told))
