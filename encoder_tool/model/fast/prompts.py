"""What a prompt adds: its tokens, and for a prompt with a picture what that adds to the cells.

A picture is an earlier mask's logits, or what nano draws of clicks and boxes.
"""

from __future__ import annotations

import torch
from sam2.modeling.sam.prompt_encoder import PromptEncoder
from torch import Tensor, nn
from torch.nn import functional

from encoder_tool.model.build import ImageModel
from encoder_tool.model.fast.layout import CELLS, as_cells
from encoder_tool.model.prompting import DrawnPrompt, FeatureSampler
from encoder_tool.types import PATCH_SIZE


class PromptTokens(nn.Module):
    """`PromptEncoder._embed_points`: a token's position (none for padding) and label's vector."""

    by_label: Tensor

    def __init__(self, encoder: PromptEncoder) -> None:
        super().__init__()
        self.positions = encoder.pe_layer
        vectors = [encoder.not_a_point_embed.weight]
        vectors += [embedding.weight for embedding in encoder.point_embeddings]
        self.register_buffer("by_label", torch.cat(vectors))

    def forward(self, points: Tensor, labels: Tensor) -> Tensor:
        """[B, N, C] for points [B, N, 2] in patch pixels (GDAL convention), labels from -1 to 3."""
        positions = self.positions._pe_encoding(points / PATCH_SIZE)
        is_somewhere = (labels >= 0).unsqueeze(-1).to(positions.dtype)
        tokens: Tensor = is_somewhere * positions + functional.embedding(labels + 1, self.by_label)
        return tokens


def unpictured(model: ImageModel) -> Tensor:
    """What a prompt's picture adds to every cell alike, [C]: prepared with the cells.

    nano's decoder always gets a picture, so it is the bias of what is made of one; others get
    `no_mask_embed` where there is none.
    """
    encoder = model.sam_prompt_encoder
    of_picture: Tensor = encoder.mask_downscaling[-1].bias
    of_none: Tensor = encoder.no_mask_embed.weight.reshape(-1)
    return of_picture if model.structure.draws_prompt else of_none


class PromptPicture(nn.Module):
    """What the picture adds to each cell beyond `unpictured`, [B, 4096, C].

    Its last step is a 1 x 1 convolution, that is a product with 16 columns; so what comes before
    it is arranged as cells, not what comes out.
    """

    def __init__(self, model: ImageModel) -> None:
        super().__init__()
        encoder = model.sam_prompt_encoder
        self.drawing = DrawnPrompt() if model.structure.draws_prompt else None
        self.downscaling = encoder.mask_downscaling[:-1]
        last = encoder.mask_downscaling[-1]
        self.weight, self.bias = last.weight, last.bias
        self.no_mask_embed = encoder.no_mask_embed.weight

    def forward(
        self, points: Tensor, labels: Tensor, mask_input: Tensor, has_mask: Tensor
    ) -> Tensor:
        to_channels = self.weight.flatten(1).T
        if self.drawing is not None:
            picture = self.drawing(points, labels, mask_input, has_mask.reshape(-1, 1, 1, 1))
            drawn: Tensor = as_cells(self.downscaling(picture)) @ to_channels
            return drawn
        masked = has_mask.reshape(-1, 1, 1)
        shown = as_cells(self.downscaling(mask_input)) * masked
        added: Tensor = shown @ to_channels + masked * (self.bias - self.no_mask_embed)
        return added


class PromptLook(nn.Module):
    """`FeatureSampler` on prepared features: a few rows of them are looked up."""

    prepared_with: Tensor

    def __init__(self, model: ImageModel, sampler: FeatureSampler) -> None:
        super().__init__()
        self.sampler = sampler
        first, _, _, second, _ = model.sam_mask_decoder.output_upscaling
        added = torch.cat([unpictured(model), first.bias, second.bias])
        self.register_buffer("prepared_with", added)

    def forward(
        self, points: Tensor, labels: Tensor, cells: Tensor, fine: Tensor, middle: Tensor
    ) -> Tensor:
        """The addition to the tokens, [B, N, C]."""
        maps = ((cells, 1), (middle, 2), (fine, 4))

        def look(places: Tensor) -> Tensor:
            found = [_at(places, rows, lines) for rows, lines in maps]
            # The shares of the four neighbours sum to one: what was added to all is there once.
            return torch.cat(found, dim=-1) - self.prepared_with

        return self.sampler.added(points, labels, look)


def _at(points: Tensor, prepared: Tensor, lines: int) -> Tensor:
    """Features [B, N, C] at points [B, N, 2], bilinear between the centres of the pixels, which
    lie as `layout` says: `lines` of them to a cell."""
    side = lines * CELLS
    rows = prepared.reshape(side * side, -1)
    places = (points * (side / PATCH_SIZE) - 0.5).clamp(0, side - 1)
    low = places.floor()
    share = places - low
    first = low.to(torch.int64)
    second = (first + 1).clamp(max=side - 1)
    found = torch.zeros_like(share[..., :1])
    for row, row_share in ((first, 1 - share), (second, share)):
        y = row[..., 1]
        line = (y % lines * CELLS + torch.div(y, lines, rounding_mode="floor")) * side
        for column, column_share in ((first, 1 - share), (second, share)):
            weight = (row_share[..., 1] * column_share[..., 0]).unsqueeze(-1)
            found = found + weight * functional.embedding(line + column[..., 0], rows)
    return found
