"""What a model is, apart from its weights: structure, normalisation, output rule, origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from encoder_tool.model.seam import StabilityRule
from encoder_tool.types import FeatureShapes

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class TrunkSpec:
    """The arguments of sam2's `Hiera` that differ between models, by their upstream names."""

    embed_dim: int
    num_heads: int
    stages: tuple[int, int, int, int]
    global_att_blocks: tuple[int, ...]
    window_pos_embed_bkg_spatial_size: tuple[int, int]
    window_spec: tuple[int, int, int, int]

    @property
    def channels(self) -> tuple[int, int, int, int]:
        """Channels of the trunk's four outputs, the coarsest first (upstream's order)."""
        base = self.embed_dim
        return (8 * base, 4 * base, 2 * base, base)


@dataclass(frozen=True, slots=True)
class Structure:
    """Everything that decides the names and shapes of a checkpoint's tensors.

    width: channels of the image embedding and of the mask decoder's transformer
    mlp_width: hidden channels of that transformer's MLPs
    has_no_mem_embed: sam2 adds a learned "no memory" vector to the image embedding
    top_down_levels: levels of the neck, finest first, that also see what coarser ones saw
    top_down_interpolation: how the coarser ones are enlarged for that
    draws_prompt: clicks and boxes are also painted into the mask-prompt input (nano only)
    samples_features: tokens also carry the features found at the prompt (nano only)
    scores_masks: the predicted IoU also reads the mask that it is of (nano only)
    """

    trunk: TrunkSpec
    width: int = 256
    mlp_width: int = 2048
    has_no_mem_embed: bool = True
    top_down_levels: tuple[int, ...] = (2, 3)
    top_down_interpolation: Literal["nearest", "bilinear"] = "nearest"
    draws_prompt: bool = False
    samples_features: bool = False
    scores_masks: bool = False

    @property
    def feature_shapes(self) -> FeatureShapes:
        return {
            "image_embed": (self.width, 64, 64),
            "high_res_0": (self.width // 8, 256, 256),
            "high_res_1": (self.width // 4, 128, 128),
        }


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A checkpoint that can be downloaded. `size` is None where its publisher gives none."""

    url: str
    sha256: str
    size: int | None = None

    @property
    def filename(self) -> str:
        return self.url.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model by name. `remote` is None for the embedded model, which ships with the package."""

    name: str
    summary: str
    structure: Structure
    stability: StabilityRule | None
    remote: RemoteFile | None
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD

    @property
    def feature_shapes(self) -> FeatureShapes:
        return self.structure.feature_shapes
