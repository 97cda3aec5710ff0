"""Clicking by upstream's code: `SAM2ImagePredictor.predict`, then `rasterio.features.shapes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio.features
import shapely
import torch
from affine import Affine
from torch import Tensor, nn

from benchmarks.support.clicked_patch import Shapes
from encoder_tool.types import PATCH_SIZE, Features, FloatArray, Prompt
from tests.support.upstream import predictor

LOGIT_LIMIT = 32.0
"""Upstream clamps the logits that it returns."""


class UpstreamClicks:
    """Upstream's predictor over given features in place of an image that it encoded itself.

    shapes: of buildings, to take the place of seeded weights' noise; None to keep what is found
    """

    def __init__(
        self, name: str, checkpoint: Path, features: Features, shapes: Shapes | None
    ) -> None:
        self._predictor = predictor(name, checkpoint)
        self._model = self._predictor.model
        self._shapes = shapes
        self._set(features)

    def click(self, prompt: Prompt, transform: Affine) -> list[tuple[dict[str, Any], float]]:
        """The best mask's polygons as GeoJSON; `transform` takes patch pixels to the map."""
        with self._shaped([prompt]):
            masks, scores, _ = self._predict([prompt])
        best = masks[np.argmax(scores)].astype(np.uint8)
        return list(rasterio.features.shapes(best, mask=best > 0, transform=transform))

    def polygon(self, prompt: Prompt, transform: Affine) -> shapely.Geometry:
        """`click` as one geometry, to compare."""
        found = self.click(prompt, transform)
        return shapely.union_all([shapely.geometry.shape(geojson) for geojson, _ in found])

    def predict(self, prompts: Sequence[Prompt]) -> FloatArray:
        """Masks [B, C, 1024, 1024] of prompts of one kind, in one call."""
        masks, _, _ = self._predict(prompts)
        return masks

    def decode(self, prompts: Sequence[Prompt], *, multimask: bool | None = None) -> FloatArray:
        """Logits [B, C, 256, 256] of prompts of one kind: prompt encoder and mask decoder alone,
        as `_predict` calls them."""
        points, labels = _tokens(prompts)
        model, embedded = self._model, self._predictor._features
        with torch.no_grad():
            sparse, dense = model.sam_prompt_encoder(
                points=(points, labels), boxes=None, masks=_masks(prompts)
            )
            logits, *_ = model.sam_mask_decoder(
                image_embeddings=embedded["image_embed"],
                image_pe=model.sam_prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=_wants_candidates(prompts) if multimask is None else multimask,
                repeat_image=len(prompts) > 1,
                high_res_features=embedded["high_res_feats"],
            )
        return np.asarray(logits.numpy())

    def _predict(self, prompts: Sequence[Prompt]) -> tuple[FloatArray, FloatArray, FloatArray]:
        first, masks = prompts[0], _masks(prompts)
        given: dict[str, Any] = {}
        if len(first.labels):
            given["point_coords"] = np.stack([p.points for p in prompts]) - 0.5
            given["point_labels"] = np.stack([p.labels for p in prompts])
        if first.box is not None:
            given["box"] = np.array([p.box for p in prompts]) - 0.5
        if masks is not None:
            given["mask_input"] = masks.numpy()
        return self._predictor.predict(  # type: ignore[no-any-return]
            **given, multimask_output=_wants_candidates(prompts)
        )

    def _set(self, features: Features) -> None:
        """What `set_image` leaves behind; it adds `no_mem_embed`, which our cache does without."""
        maps = {name: torch.from_numpy(values)[None] for name, values in features.arrays().items()}
        no_memory = self._model.no_mem_embed.detach().reshape(1, -1, 1, 1)
        self._predictor._features = {
            "image_embed": maps["image_embed"] + no_memory,
            "high_res_feats": [maps["high_res_0"], maps["high_res_1"]],
        }
        self._predictor._orig_hw = [(PATCH_SIZE, PATCH_SIZE)]
        self._predictor._is_image_set = True

    @contextmanager
    def _shaped(self, prompts: Sequence[Prompt]) -> Iterator[None]:
        """The mask decoder does its work and answers shapes."""
        if self._shapes is None:
            yield
            return
        plain = self._model.sam_mask_decoder
        wanted = torch.from_numpy(np.stack([self._shapes.meant(p) for p in prompts]))[:, None]
        self._model.sam_mask_decoder = _Shaping(plain, wanted)
        try:
            yield
        finally:
            self._model.sam_mask_decoder = plain


class _Shaping(nn.Module):
    def __init__(self, decoder: nn.Module, wanted: Tensor) -> None:
        super().__init__()
        self._decoder, self._wanted = decoder, wanted

    def forward(self, *arguments: Any, **options: Any) -> tuple[Any, ...]:
        logits, *others = self._decoder(*arguments, **options)
        return (self._wanted.expand_as(logits).contiguous(), *others)


def _wants_candidates(prompts: Sequence[Prompt]) -> bool:
    """The engine's rule, so that both answer the same question."""
    return prompts[0].is_single_click


def _tokens(prompts: Sequence[Prompt]) -> tuple[Tensor, Tensor]:
    """Points [B, N, 2] and labels [B, N] as `_predict` makes them."""
    points = np.stack([p.points.reshape(-1, 2) for p in prompts])
    labels = np.stack([p.labels for p in prompts])
    if prompts[0].box is not None:
        corners = np.array([p.box for p in prompts]).reshape(-1, 2, 2)
        points = np.concatenate([corners, points], axis=1)
        labels = np.concatenate([np.tile([2, 3], (len(prompts), 1)), labels], axis=1)
    return (
        torch.as_tensor(points - 0.5, dtype=torch.float32),
        torch.as_tensor(labels, dtype=torch.int32),
    )


def _masks(prompts: Sequence[Prompt]) -> Tensor | None:
    """[B, 1, 256, 256]."""
    if prompts[0].mask_logits is None:
        return None
    return torch.from_numpy(np.stack([p.mask_logits for p in prompts]))[:, None]
