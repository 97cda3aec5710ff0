"""What every `FeatureEncoder` must do. Subclass, and give the fixtures."""

from __future__ import annotations

import numpy as np
import pytest

from encoder_tool.model.seam import FeatureEncoder
from encoder_tool.types import FEATURE_NAMES, Features, FloatArray


class FeatureEncoderContract:
    """Subclasses give `encoder` and `reference`, another encoder with the same weights."""

    @pytest.fixture(scope="class")
    @classmethod
    def encoder(cls) -> FeatureEncoder:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def reference(cls) -> FeatureEncoder:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def pair(cls, patch: FloatArray) -> FloatArray:
        """A patch and its mirror image, [2, 3, 1024, 1024]."""
        return np.concatenate([patch, patch[..., ::-1]])

    @pytest.fixture(scope="class")
    @classmethod
    def encoded(cls, encoder: FeatureEncoder, pair: FloatArray) -> list[Features]:
        return encoder.encode(pair)

    def test_shapes(self, encoder: FeatureEncoder, encoded: list[Features]) -> None:
        assert len(encoded) == 2
        for features in encoded:
            for name, array in features.arrays().items():
                assert array.shape == encoder.feature_shapes[name]
                assert array.dtype == np.float32
                assert np.isfinite(array).all()

    def test_a_batch_equals_its_patches(
        self, encoder: FeatureEncoder, encoded: list[Features], pair: FloatArray
    ) -> None:
        (second,) = encoder.encode(pair[1:])
        assert_equal_features(encoded[1], second)

    def test_agrees_with_the_reference(
        self, reference: FeatureEncoder, encoded: list[Features], patch: FloatArray
    ) -> None:
        (expected,) = reference.encode(patch)
        assert_equal_features(encoded[0], expected)

    def test_the_order_of_colours_matters(
        self, encoder: FeatureEncoder, encoded: list[Features], patch: FloatArray
    ) -> None:
        (bgr,) = encoder.encode(np.ascontiguousarray(patch[:, ::-1]))
        expected = encoded[0].image_embed
        assert np.abs(bgr.image_embed - expected).mean() > 0.05 * expected.std()

    def test_the_fill_colour_is_nothing_to_the_network(self, encoder: FeatureEncoder) -> None:
        """Zero after normalisation, as the convolutions' own padding is: no border shows."""
        colour = np.array(encoder.fill_colour, np.float32).reshape(1, 3, 1, 1)
        (blank,) = encoder.encode(np.broadcast_to(colour, (1, 3, 1024, 1024)).copy())
        # Up to position, which the trunk adds with the period of its windows.
        rows = blank.high_res_0[:, 128, ::8][:, 1:-1]
        border, middle = blank.high_res_0[:, 128, 0], rows.mean(axis=1)
        assert np.abs(border - middle).max() < 3 * np.abs(rows - middle[:, None]).max() + 1e-3

    def test_the_device_is_named(self, encoder: FeatureEncoder) -> None:
        assert encoder.device in {"cpu", "cuda", "mps"}


def assert_equal_features(ours: Features, theirs: Features) -> None:
    for name in FEATURE_NAMES:
        expected = getattr(theirs, name)
        worst = np.abs(getattr(ours, name) - expected).max()
        assert worst <= 1e-3 * expected.std(), name
