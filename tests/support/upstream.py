"""Meta's own predictor and generator of masks, to compare with.

`sam2.sam2_image_predictor` imports torchvision, of which there is no build for every torch and
which the engine does without; of torchvision it uses three transforms, given here, and
`sam2.automatic_mask_generator` two functions of boxes. For the
1024 x 1024 images of these tests `Resize` has nothing to do, and `Normalize` gets its constants
from upstream.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from encoder_tool.model.build import on_meta, outline
from encoder_tool.model.registry import get_spec


class _ToTensor:
    def __call__(self, image: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))).float() / 255


class _Resize(nn.Module):
    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.height, self.width = size

    def forward(self, image: Tensor) -> Tensor:
        assert image.shape[-2] == self.height
        assert image.shape[-1] == self.width
        return image


class _Normalize(nn.Module):
    def __init__(self, mean: list[float], std: list[float]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).reshape(-1, 1, 1))
        self.register_buffer("std", torch.tensor(std).reshape(-1, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        return (image - self.mean) / self.std


def box_area(boxes: Tensor) -> Tensor:
    """As `torchvision.ops.boxes.box_area`: of boxes [N, 4] as x0, y0, x1, y1."""
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def batched_nms(boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float) -> Tensor:
    """As `torchvision.ops.boxes.batched_nms` where all boxes are of one category, the only way
    in which sam2 calls it: indices of those that stay, the best-scored first."""
    assert not idxs.any()
    kept: list[int] = []
    for index in scores.sort(descending=True, stable=True).indices.tolist():
        others = boxes[kept]
        low = torch.maximum(others[:, :2], boxes[index, :2])
        high = torch.minimum(others[:, 2:], boxes[index, 2:])
        shared = (high - low).clamp(min=0).prod(dim=1)
        union = box_area(others) + box_area(boxes[index : index + 1]) - shared
        if not (shared / union > iou_threshold).any():
            kept.append(index)
    return torch.tensor(kept, dtype=torch.int64)


@contextmanager
def _transforms() -> Iterator[None]:
    """What sam2 takes from torchvision, under the names that it imports."""
    transforms, boxes = ModuleType("torchvision.transforms"), ModuleType("torchvision.ops.boxes")
    transforms.ToTensor, transforms.Resize = _ToTensor, _Resize  # type: ignore[attr-defined]
    transforms.Normalize = _Normalize  # type: ignore[attr-defined]
    boxes.batched_nms, boxes.box_area = batched_nms, box_area  # type: ignore[attr-defined]
    given = {
        "torchvision": ModuleType("torchvision"),
        "torchvision.transforms": transforms,
        "torchvision.ops": ModuleType("torchvision.ops"),
        "torchvision.ops.boxes": boxes,
    }
    saved = {name: sys.modules.get(name) for name in given}
    sys.modules.update(given)
    try:
        yield
    finally:
        for name, module in saved.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


CONFIGS = {
    "sam2.1-tiny": "configs/sam2.1/sam2.1_hiera_t.yaml",
    "sam2.1-small": "configs/sam2.1/sam2.1_hiera_s.yaml",
    "sam2.1-base-plus": "configs/sam2.1/sam2.1_hiera_b+.yaml",
    "sam2.1-large": "configs/sam2.1/sam2.1_hiera_l.yaml",
}
"""Upstream's configuration of each registered model."""


def predictor(name: str, checkpoint: Path) -> Any:
    """`SAM2ImagePredictor` over upstream's own model, built and loaded by upstream's code."""
    with _quietly(), _transforms():
        from sam2.build_sam import build_sam2
        from sam2.sam2_image_predictor import SAM2ImagePredictor

        return SAM2ImagePredictor(build_sam2(CONFIGS[name], str(checkpoint), device="cpu"))


def mask_generator(model: Any, **parameters: Any) -> Any:
    """`SAM2AutomaticMaskGenerator` over the model of a `predictor`."""
    with _quietly(), _transforms():
        from sam2.automatic_mask_generator import SAM2AutomaticMaskGenerator

        return SAM2AutomaticMaskGenerator(model, **parameters)


def upstream_outline(name: str) -> Any:
    """Upstream's own model, video half included, as names and shapes only."""
    with _quietly(), on_meta():
        from sam2.build_sam import build_sam2

        return build_sam2(CONFIGS[name], device="meta")


def video_tensors(name: str) -> dict[str, Tensor]:
    """The tensors of upstream's model that the image half does not have, of zeros."""
    ours = outline(get_spec(name).structure).state_dict()
    theirs: dict[str, Tensor] = upstream_outline(name).state_dict()
    return {k: torch.zeros(t.shape) for k, t in theirs.items() if k not in ours}


@contextmanager
def _quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        # hydra and torch.jit.script, which upstream uses, are deprecated in places.
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
