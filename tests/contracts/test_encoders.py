"""The feature encoders, each against the contract. (sam2.1's structures: test_parity.py.)"""

from __future__ import annotations

import pytest

from encoder_tool.model import load_encoder, resolve_model
from encoder_tool.model.resources import NANO_WEIGHTS, models_directory
from encoder_tool.model.seam import FeatureEncoder
from tests.contracts.feature_encoder import FeatureEncoderContract


@pytest.fixture(scope="module")
def onnx_encoder() -> FeatureEncoder:
    return load_encoder(resolve_model("nano"))


@pytest.fixture(scope="module")
def torch_encoder() -> FeatureEncoder:
    return load_encoder(resolve_model("nano", models_directory() / NANO_WEIGHTS), "cpu")


class TestOnnxEncoder(FeatureEncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls, onnx_encoder: FeatureEncoder) -> FeatureEncoder:
        return onnx_encoder

    @pytest.fixture(scope="class")
    @classmethod
    def reference(cls, torch_encoder: FeatureEncoder) -> FeatureEncoder:
        return torch_encoder


class TestTorchEncoder(FeatureEncoderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls, torch_encoder: FeatureEncoder) -> FeatureEncoder:
        return torch_encoder

    @pytest.fixture(scope="class")
    @classmethod
    def reference(cls, onnx_encoder: FeatureEncoder) -> FeatureEncoder:
        return onnx_encoder
