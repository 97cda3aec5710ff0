"""A model whose features are block means of the patch, and caches made of noise."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.errors import DeviceMemoryError
from encoder_tool.model.seam import DecoderGraphs, ModelRecord
from encoder_tool.types import Features, FloatArray, PatchId
from tests.support.fake_cache import make_manifest

SHAPES = {"image_embed": (3, 16, 16), "high_res_0": (1, 64, 64), "high_res_1": (2, 32, 32)}

GRAPHS = DecoderGraphs(prepare=b"prepare" * 100, decode=b"decode" * 200)

FILL = (0.485, 0.456, 0.406)


def block_means(channels: FloatArray, side: int) -> FloatArray:
    """[C, 1024, 1024] to [C, side, side]."""
    step = channels.shape[-1] // side
    return channels.reshape(len(channels), side, step, side, step).mean(axis=(2, 4))


def expected_features(image: FloatArray) -> Features:
    """What the fake encoder says of an image [3, 1024, 1024]."""
    return Features(
        image_embed=block_means(image, 16),
        high_res_0=block_means(image[:1], 64),
        high_res_1=block_means(image[1:], 32),
    )


@dataclass
class FakeEncoder:
    """Fails with DeviceMemoryError above `capacity` patches; notes every batch in `log`."""

    device: str = "cpu"
    capacity: int = 1000
    delay_s: float = 0.0
    log: Path | None = None
    feature_shapes: Mapping[str, tuple[int, int, int]] = field(default_factory=lambda: SHAPES)
    fill_colour: tuple[float, float, float] = FILL
    batches: list[int] = field(default_factory=list)

    def encode(self, patches: FloatArray) -> list[Features]:
        if len(patches) > self.capacity:
            raise DeviceMemoryError(f"{self.device} is out of memory.")
        self.batches.append(len(patches))
        if self.log is not None:
            with self.log.open("a") as log:
                log.write("x" * len(patches))
        time.sleep(self.delay_s)
        return [expected_features(image) for image in patches]


@dataclass
class FakeModel:
    """An EncodeModel; `capacity` holds patches per device, for devices other than the CPU."""

    name: str = "fake"
    sha256: str = "a" * 64
    capacity: dict[str, int] = field(default_factory=dict)
    delay_s: float = 0.0
    log: Path | None = None
    encoders: list[FakeEncoder] = field(default_factory=list)
    is_embedded: bool = False

    def record(self) -> ModelRecord:
        return ModelRecord(self.name, self.sha256, SHAPES, None)

    def load_encoder(self, device: str, threads: int | None) -> FakeEncoder:
        del threads
        device = "cpu" if device == "auto" else device
        encoder = FakeEncoder(device, self.capacity.get(device, 1000), self.delay_s, self.log)
        self.encoders.append(encoder)
        return encoder

    def decoder_graphs(self) -> DecoderGraphs:
        return GRAPHS


def noise_features(patch: PatchId) -> Features:
    """Features that no other patch has, exact in float16."""
    rng = np.random.default_rng([*patch])
    return Features(
        **{
            name: rng.normal(size=shape).astype(np.float16).astype(np.float32)
            for name, shape in SHAPES.items()
        }
    )


def small_manifest(dtype: str = "float16", width: int = 1800, height: int = 1500) -> Manifest:
    """Two levels of 3 x 2 (1800 x 1500 pixels) and 1 patches, of the fake model."""
    manifest = make_manifest(width, height)
    return replace(manifest, model=FakeModel().record(), dtype=dtype)


def noise_cache(path: Path, dtype: str = "float16") -> Path:
    """A complete cache of `small_manifest` with noise in every patch."""
    manifest = small_manifest(dtype)
    with CacheWriter.create(path, manifest, GRAPHS) as writer:
        for patch in manifest.pyramid.patches():
            writer.write_patch(patch, noise_features(patch))
    return path


def same_features(one: Features, other: Features) -> bool:
    return all(
        np.array_equal(values, other.arrays()[name]) for name, values in one.arrays().items()
    )


def flip_byte(file: Path, at: int = 20) -> None:
    """Change one byte of a file in place."""
    content = bytearray(file.read_bytes())
    content[at] ^= 0x10
    file.write_bytes(content)


def tree_bytes(root: Path) -> dict[str, bytes]:
    """Every file below a directory, to see that nothing was touched."""
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def present(cache: FeatureCache) -> list[PatchId]:
    return [patch for patch in cache.pyramid.patches() if cache.is_present(patch)]
