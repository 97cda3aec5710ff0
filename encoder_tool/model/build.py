"""sam2's image half, built from its own classes: no hydra configs, no torchvision, no memory.

Module names follow upstream, so that a sam2 checkpoint's keys fit as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from sam2.modeling.backbones.hieradet import Hiera
from sam2.modeling.backbones.image_encoder import FpnNeck, ImageEncoder
from sam2.modeling.sam.mask_decoder import MaskDecoder
from sam2.modeling.sam.prompt_encoder import PromptEncoder
from sam2.modeling.sam.transformer import TwoWayTransformer
from torch import nn
from torch.overrides import TorchFunctionMode

from encoder_tool.model.mask_score import MaskScore
from encoder_tool.model.prompting import FeatureSampler
from encoder_tool.model.spec import Structure
from encoder_tool.types import PATCH_SIZE

_EMBEDDING_SIZE = PATCH_SIZE // 16


class ImageModel(nn.Module):
    """Image encoder, prompt encoder and mask decoder of one structure, in evaluation mode.

    Weights are those the classes start with; load a checkpoint into it.
    """

    no_mem_embed: nn.Parameter | None

    def __init__(self, structure: Structure) -> None:
        super().__init__()
        self.structure = structure
        self.image_encoder = _image_encoder(structure)
        self.sam_prompt_encoder = PromptEncoder(
            embed_dim=structure.width,
            image_embedding_size=(_EMBEDDING_SIZE, _EMBEDDING_SIZE),
            input_image_size=(PATCH_SIZE, PATCH_SIZE),
            mask_in_chans=16,
        )
        self.sam_mask_decoder = _mask_decoder(structure)
        self.feature_sampler = (
            FeatureSampler(structure.width) if structure.samples_features else None
        )
        self.mask_score = MaskScore(structure.width) if structure.scores_masks else None
        if structure.has_no_mem_embed:
            self.no_mem_embed = nn.Parameter(torch.zeros(1, 1, structure.width))
        else:
            self.register_parameter("no_mem_embed", None)
        self.requires_grad_(False).eval()


def outline(structure: Structure) -> ImageModel:
    """The model on the meta device: names and shapes without memory or initialisation."""
    with on_meta():
        return ImageModel(structure)


@contextmanager
def on_meta() -> Iterator[None]:
    """Build sam2's modules in this block without memory or initialisation."""
    with torch.device("meta"), _CountsOnCpu():
        yield


class _CountsOnCpu(TorchFunctionMode):
    """Hiera reads its drop-path rates off a tensor, which a meta tensor cannot give."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        device = {"device": "cpu"} if func is torch.linspace else {}
        return func(*args, **{**(kwargs or {}), **device})


def _image_encoder(structure: Structure) -> ImageEncoder:
    trunk = structure.trunk
    return ImageEncoder(
        trunk=Hiera(
            embed_dim=trunk.embed_dim,
            num_heads=trunk.num_heads,
            stages=trunk.stages,
            global_att_blocks=trunk.global_att_blocks,
            window_pos_embed_bkg_spatial_size=trunk.window_pos_embed_bkg_spatial_size,
            window_spec=trunk.window_spec,
        ),
        neck=FpnNeck(
            # Only the video half reads the neck's sine encoding; upstream's module would fill
            # 67 MB per patch at level 0 for nobody.
            position_encoding=nn.Identity(),
            d_model=structure.width,
            backbone_channel_list=list(trunk.channels),
            fpn_top_down_levels=list(structure.top_down_levels),
            fpn_interp_model=structure.top_down_interpolation,
        ),
        scalp=1,
    )


def _mask_decoder(structure: Structure) -> MaskDecoder:
    """As `SAM2Base._build_sam_heads` builds it. The stability fallback is not the network's
    business here: `encoder_tool.model.decoder` applies it to the four masks."""
    return MaskDecoder(
        num_multimask_outputs=3,
        transformer=TwoWayTransformer(
            depth=2, embedding_dim=structure.width, mlp_dim=structure.mlp_width, num_heads=8
        ),
        transformer_dim=structure.width,
        iou_head_depth=3,
        iou_head_hidden_dim=256,
        use_high_res_features=True,
        iou_prediction_use_sigmoid=True,
        pred_obj_scores=True,
        pred_obj_scores_mlp=True,
        use_multimask_token_for_obj_ptr=True,
    )
