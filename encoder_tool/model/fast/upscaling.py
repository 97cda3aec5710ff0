"""From cells at stride 16 to masks at stride 4: upstream's two transposed convolutions as matrix
products, pixels in lines (see `layout`)."""

from __future__ import annotations

import torch
from sam2.modeling.sam.mask_decoder import MaskDecoder
from torch import Tensor, nn
from torch.nn import functional

from encoder_tool.model.fast.layout import (
    CELLS,
    as_lines,
    as_lines_of_lines,
    as_picture,
    transposed_convolution,
)


class FastUpscaling(nn.Module):
    """`MaskDecoder.output_upscaling` and the product with the hypernetworks' outputs."""

    to_stride_8: Tensor
    to_stride_4: Tensor

    def __init__(self, decoder: MaskDecoder) -> None:
        super().__init__()
        first, norm, _, second, _ = decoder.output_upscaling
        self.first_bias, self.second_bias = first.bias, second.bias
        self.register_buffer("to_stride_8", transposed_convolution(first.weight))
        self.register_buffer("to_stride_4", transposed_convolution(second.weight))
        # Over the last axis, sam2's LayerNorm2d is a LayerNorm.
        self.norm_weight, self.norm_bias, self.norm_eps = norm.weight, norm.bias, norm.eps

    def prepare(self, detail_0: Tensor, detail_1: Tensor) -> tuple[Tensor, Tensor]:
        """The features that the convolutions' outputs are added to, their biases included:
        [1, 2, 2, 8192, 2 C0] at stride 4, [1, 2, 4096, 2 C1] at stride 8."""
        fine = as_lines_of_lines(detail_0 + self.second_bias.reshape(1, -1, 1, 1))
        return fine, as_lines(detail_1 + self.first_bias.reshape(1, -1, 1, 1))

    def forward(self, cells: Tensor, hyper: Tensor, fine: Tensor, middle: Tensor) -> Tensor:
        """Masks [B, M, 256, 256] of cells [B, 4096, C] and hypernetworks' outputs [B, M, C0]."""
        channels = self.norm_weight.shape[0]
        pixels = cells.unsqueeze(1) @ self.to_stride_8 + middle
        pixels = pixels.reshape(-1, 2, 2 * CELLS**2, channels)
        normed = functional.layer_norm(
            pixels, (channels,), self.norm_weight, self.norm_bias, self.norm_eps
        )
        pixels = functional.gelu(normed).unsqueeze(2) @ self.to_stride_4 + fine
        pixels = functional.gelu(pixels).reshape(-1, 4, 4 * CELLS**2, channels // 2)
        return as_picture(hyper.unsqueeze(1) @ pixels.transpose(2, 3))


class Hypernetworks(nn.Module):
    """`MaskDecoder.output_hypernetworks_mlps`: of four MLPs of one shape, each layer at once."""

    def __init__(self, decoder: MaskDecoder) -> None:
        super().__init__()
        mlps = decoder.output_hypernetworks_mlps
        self.depth = mlps[0].num_layers
        for depth in range(self.depth):
            weights = torch.stack([mlp.layers[depth].weight.T for mlp in mlps])
            biases = torch.stack([mlp.layers[depth].bias for mlp in mlps])
            self.register_buffer(f"weight_{depth}", weights)
            self.register_buffer(f"bias_{depth}", biases.unsqueeze(1))

    def forward(self, tokens: Tensor) -> Tensor:
        """[B, M, C] -> [B, M, C0]."""
        values = tokens.unsqueeze(2)
        for depth in range(self.depth):
            values = values @ self.get_buffer(f"weight_{depth}") + self.get_buffer(f"bias_{depth}")
            if depth < self.depth - 1:
                values = functional.relu(values)
        return values.flatten(2)
