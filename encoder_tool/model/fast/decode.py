"""Per prompt."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from encoder_tool.model.build import ImageModel
from encoder_tool.model.fast.prompts import PromptLook, PromptPicture, PromptTokens
from encoder_tool.model.fast.score import FastMaskScore
from encoder_tool.model.fast.transformer import FastTransformer, FirstLook
from encoder_tool.model.fast.upscaling import FastUpscaling, Hypernetworks

_MASKS = 4


class FastDecode(nn.Module):
    """A prepared patch and B prompts of N tokens -> logits [B, 4, 256, 256], IoUs [B, 4].

    pictured: whether the batch has prompts with a picture. Without one nothing that layer 0 needs
    of the cells depends on the prompt, and their first look is prepared; nano always has one.
    What is prepared serves all prompts of the batch.
    """

    own_tokens: Tensor

    def __init__(self, model: ImageModel, pictured: bool) -> None:
        super().__init__()
        decoder = model.sam_mask_decoder
        own = [decoder.obj_score_token.weight, decoder.iou_token.weight, decoder.mask_tokens.weight]
        self.register_buffer("own_tokens", torch.cat(own))
        self.tokens = PromptTokens(model.sam_prompt_encoder)
        sampler, score = model.feature_sampler, model.mask_score
        self.look = None if sampler is None else PromptLook(model, sampler)
        self.picture = PromptPicture(model) if pictured else None
        self.transformer = FastTransformer(decoder.transformer)
        self.upscaling = FastUpscaling(decoder)
        self.hypernetworks = Hypernetworks(decoder)
        self.iou_head = decoder.iou_prediction_head
        self.score = None if score is None else FastMaskScore(model, score)

    def forward(
        self,
        cells: Tensor,
        position: Tensor,
        fine: Tensor,
        middle: Tensor,
        points: Tensor,
        labels: Tensor,
        mask_input: Tensor,
        has_mask: Tensor,
        *first_look: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """The prompts' inputs are those of `seam.DecoderGraphs.decode`; the others, and
        `FirstLook`'s three for structures that have them, what `FastPrepare` returns."""
        prompt = self.tokens(points, labels)
        if self.look is not None:
            prompt = prompt + self.look(points, labels, cells, fine, middle)
        own = self.own_tokens.expand(points.shape[0], -1, -1)
        if self.picture is None:
            shared = FirstLook(*first_look)
        else:
            cells = cells + self.picture(points, labels, mask_input, has_mask)
            shared = None
        tokens, cells = self.transformer(torch.cat([own, prompt], dim=1), cells, position, shared)
        mask_tokens = tokens[:, 2 : 2 + _MASKS]
        logits = self.upscaling(cells, self.hypernetworks(mask_tokens), fine, middle)
        iou_predictions = self.iou_head(tokens[:, 1])
        if self.score is not None:
            iou_predictions = self.score(logits, iou_predictions, mask_tokens, middle)
        return logits, iou_predictions
