"""The engine's worker, but that what seeded weights find is replaced by a building's shape
(see `clicked_patch`). It runs in the engine's Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # QGIS starts it by its path

from benchmarks.support.clicked_patch import SHAPES_VARIABLE, Shapes
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.seam import PatchState
from encoder_tool.types import Masks, Prompt
from encoder_tool.worker.__main__ import main

shapes = Shapes.read(os.environ[SHAPES_VARIABLE])
decode = OnnxDecoder.decode


def decode_shapes(
    self: OnnxDecoder,
    state: PatchState,
    prompts: Sequence[Prompt],
    *,
    multimask: bool | None = None,
) -> list[Masks]:
    found = decode(self, state, prompts, multimask=multimask)
    return [shapes.put(masks, prompt) for masks, prompt in zip(found, prompts, strict=True)]


OnnxDecoder.decode = decode_shapes

if __name__ == "__main__":
    sys.exit(main())
