"""One encode in a process of its own, which tells what it took: `encode_once.py JSON`.

Its peak of memory is its own then, and nothing is warm that would not be for a user.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import directory_size
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.encode.request import EncodeModel, RegisteredModel
from encoder_tool.grid import Pyramid
from encoder_tool.model.seam import DecoderGraphs, FeatureEncoder, ModelRecord
from encoder_tool.types import Features, FeatureShapes, FloatArray, PatchId


@dataclass(frozen=True, slots=True)
class Order:
    """What to encode. sample: patches of level 0 and at least one of each other level, spread over
    the raster; None for all."""

    raster: str
    out: str
    model: str
    checkpoint: str | None
    device: str
    threads: int | None
    sample: int | None

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def text(self) -> str:
        return json.dumps(asdict(self))


def run(order: Order) -> dict[str, Any]:
    """The summary of `encode --json`, and what was seen from outside of it."""
    request = EncodeRequest(
        order.raster,
        Path(order.out),
        model=order.model,
        checkpoint=Path(order.checkpoint) if order.checkpoint else None,
        device=order.device,
        threads=order.threads,
    )
    sample = order.sample
    choose = None if sample is None else lambda manifest: chosen_patches(manifest, sample)
    began = time.perf_counter()
    model = _Noted(RegisteredModel.of(request))
    summary = run_encode(plan_encode(request, model=model, choose=choose))
    return {
        **summary.to_json(),
        # Planning, loading the model and making the cache are paid once.
        "once_seconds": model.began - began,
        "patch_seconds": time.perf_counter() - model.began,
        "peak_bytes": peak_bytes(),
        # Once in a cache, however many patches it has.
        "decoder_bytes": directory_size(summary.cache / "decoder"),
    }


class _Noted:
    """An `EncodeModel`, and its `FeatureEncoder`, that notes when its first patch came."""

    def __init__(self, model: EncodeModel) -> None:
        self._model = model
        self._encoder: FeatureEncoder | None = None
        self.began = 0.0

    def record(self) -> ModelRecord:
        return self._model.record()

    def decoder_graphs(self) -> DecoderGraphs:
        return self._model.decoder_graphs()

    def load_encoder(self, device: str, threads: int | None) -> Self:
        self._encoder = self._model.load_encoder(device, threads)
        return self

    @property
    def loaded(self) -> FeatureEncoder:
        assert self._encoder is not None
        return self._encoder

    @property
    def device(self) -> str:
        return self.loaded.device

    @property
    def feature_shapes(self) -> FeatureShapes:
        return self.loaded.feature_shapes

    @property
    def fill_colour(self) -> tuple[float, float, float]:
        return self.loaded.fill_colour

    def encode(self, patches: FloatArray) -> list[Features]:
        self.began = self.began or time.perf_counter()
        return self.loaded.encode(patches)


def chosen_patches(manifest: Manifest, sample: int) -> list[PatchId]:
    """Spread evenly, the coarsest level first, in the proportion that the levels have."""
    pyramid = manifest.pyramid
    return [
        patch
        for level in reversed(range(pyramid.levels))
        for patch in _spread(_level_patches(pyramid, level), max(1, sample >> (2 * level)))
    ]


def _level_patches(pyramid: Pyramid, level: int) -> Sequence[PatchId]:
    return list(pyramid.level(level).patches())


def _spread(patches: Sequence[PatchId], count: int) -> list[PatchId]:
    count = min(count, len(patches))
    return [patches[(2 * i + 1) * len(patches) // (2 * count)] for i in range(count)]


def peak_bytes() -> int:
    """The most resident memory that this process has had."""
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text())
        if found is not None:
            return 1024 * int(found[1])
    told = psutil.Process().memory_info()
    return int(getattr(told, "peak_wset", told.rss))


if __name__ == "__main__":
    print(json.dumps(run(Order.parse(sys.argv[1]))))
