"""The two layers in which tokens and cells look at each other, and the tokens' last look."""

from __future__ import annotations

from typing import NamedTuple

from sam2.modeling.sam.transformer import TwoWayAttentionBlock, TwoWayTransformer
from torch import Tensor, nn

from encoder_tool.model.fast.attention import ImageToTokens, SelfAttention, TokensToImage
from encoder_tool.model.fast.layout import CELLS


class FirstLook(NamedTuple):
    """What layer 0 needs of cells that no prompt has changed: `TokensToImage.prepare`'s keys and
    values, `ImageToTokens.prepare`'s queries."""

    keys: Tensor
    values: Tensor
    queries: Tensor


class FastLayer(nn.Module):
    """One of upstream's `TwoWayAttentionBlock`s."""

    def __init__(self, block: TwoWayAttentionBlock) -> None:
        super().__init__()
        self.block = block
        self.among_tokens = SelfAttention(block.self_attn)
        self.to_image = TokensToImage(block.cross_attn_token_to_image)
        self.to_tokens = ImageToTokens(block.cross_attn_image_to_token)

    def prepare(self, cells: Tensor, position: Tensor) -> FirstLook:
        placed = cells + position
        keys, values = self.to_image.prepare(cells, placed)
        return FirstLook(keys, values, self.to_tokens.prepare(placed))

    def forward(
        self,
        tokens: Tensor,
        prompt: Tensor,
        cells: Tensor,
        position: Tensor,
        first_look: FirstLook | None,
    ) -> tuple[Tensor, Tensor]:
        """tokens and prompt (the tokens' positions) [B, T, C]; cells [1 or B, P, C]; position
        [1, P, C]. With `first_look` the cells are those that it was prepared of."""
        block = self.block
        if block.skip_first_layer_pe:
            tokens = block.norm1(self.among_tokens(tokens, tokens))
        else:
            tokens = block.norm1(tokens + self.among_tokens(tokens + prompt, tokens))
        if first_look is not None:
            read = self.to_image.of_prepared(tokens + prompt, first_look.keys, first_look.values)
        else:
            placed = cells + position
            read = self.to_image(tokens + prompt, cells, placed)
        tokens = block.norm2(tokens + read)
        tokens = block.norm3(tokens + block.mlp(tokens))
        if first_look is not None:
            told = self.to_tokens.of_prepared(first_look.queries, tokens + prompt, tokens)
        else:
            told = self.to_tokens(placed, tokens + prompt, tokens)
        return tokens, _normalised(cells + told, block.norm4)


class FastTransformer(nn.Module):
    """Upstream's `TwoWayTransformer`."""

    def __init__(self, transformer: TwoWayTransformer) -> None:
        super().__init__()
        self.layers = nn.ModuleList(FastLayer(block) for block in transformer.layers)
        self.last_look = TokensToImage(transformer.final_attn_token_to_image)
        self.norm = transformer.norm_final_attn

    def prepare(self, cells: Tensor, position: Tensor) -> FirstLook:
        first = self.layers[0]
        assert isinstance(first, FastLayer)
        return first.prepare(cells, position)

    def forward(
        self, prompt: Tensor, cells: Tensor, position: Tensor, first_look: FirstLook | None
    ) -> tuple[Tensor, Tensor]:
        """The tokens [B, T, C] and cells [B, P, C] after both layers."""
        tokens = prompt
        for index, layer in enumerate(self.layers):
            look = first_look if index == 0 else None
            tokens, cells = layer(tokens, prompt, cells, position, look)
        read = self.last_look(tokens + prompt, cells, cells + position)
        return self.norm(tokens + read), cells


def _normalised(sums: Tensor, norm: nn.LayerNorm) -> Tensor:
    # The change of shape is there to be in the way: ONNX Runtime (1.20 to 1.31) would fuse a sum
    # and the norm after it into an operator that takes 5.2 ms for these cells, apart 0.8.
    square = sums.reshape(-1, CELLS, CELLS, sums.shape[-1])
    normed: Tensor = norm(square).reshape(-1, CELLS**2, sums.shape[-1])
    return normed
