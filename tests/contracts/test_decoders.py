"""The prompt decoders, each against the contract."""

from __future__ import annotations

import numpy as np
import pytest

from encoder_tool.model import decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.build import ImageModel
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.decoder_torch import TorchDecoder
from encoder_tool.model.export import export_decoder
from encoder_tool.model.registry import get_spec
from encoder_tool.model.seam import PromptDecoder, StabilityRule
from encoder_tool.types import FEATURE_NAMES, Features, FloatArray
from tests.contracts.prompt_decoder import PromptDecoderContract
from tests.support.models import NANO, SMALL


class _Small(PromptDecoderContract):
    """sam2.1 in a smaller size, on random features. (Its own sizes: test_parity.py.)"""

    @pytest.fixture(scope="class")
    @classmethod
    def features(cls) -> Features:
        rng, shapes = np.random.default_rng(5), SMALL.feature_shapes
        return Features(
            **{n: rng.normal(0, 2, shapes[n]).astype(np.float32) for n in FEATURE_NAMES}
        )

    @pytest.fixture(scope="class")
    @classmethod
    def reference(cls, small_model: ImageModel) -> PromptDecoder:
        return TorchDecoder(small_model, StabilityRule())


class TestSmallOnnx(_Small):
    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls, small_model: ImageModel) -> PromptDecoder:
        return OnnxDecoder(export_decoder(small_model), StabilityRule())


class TestSmallTorch(_Small):
    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls, reference: PromptDecoder) -> PromptDecoder:
        return reference


class _Nano(PromptDecoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def features(cls, patch: FloatArray) -> Features:
        (features,) = load_encoder(resolve_model("nano")).encode(patch)
        return features

    @pytest.fixture(scope="class")
    @classmethod
    def reference(cls, nano_model: ImageModel) -> PromptDecoder:
        return TorchDecoder(nano_model, None)


class TestNanoOnnx(_Nano):
    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls) -> PromptDecoder:
        return OnnxDecoder(decoder_graphs(resolve_model("nano")), None)


class TestNanoTorch(_Nano):
    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls, reference: PromptDecoder) -> PromptDecoder:
        return reference


class _SeededNano(PromptDecoderContract):
    """Tokens that carry features, and scores that read their mask: on random weights."""

    @pytest.fixture(scope="class")
    @classmethod
    def features(cls) -> Features:
        rng, shapes = np.random.default_rng(6), get_spec(NANO).feature_shapes
        return Features(
            **{n: rng.normal(0, 1, shapes[n]).astype(np.float32) for n in FEATURE_NAMES}
        )

    @pytest.fixture(scope="class")
    @classmethod
    def reference(cls, seeded_nano_model: ImageModel) -> PromptDecoder:
        return TorchDecoder(seeded_nano_model, None)


class TestSeededNanoOnnx(_SeededNano):
    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls, seeded_nano_model: ImageModel) -> PromptDecoder:
        return OnnxDecoder(export_decoder(seeded_nano_model), None)


class TestSeededNanoTorch(_SeededNano):
    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls, reference: PromptDecoder) -> PromptDecoder:
        return reference
