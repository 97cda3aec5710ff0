"""sam2's neck and the decoder's two detail projections as one: the same results, less work.

All of it is linear: 1 x 1 convolutions, enlarging, adding. So a level that only serves the
detail features needs no more channels than those have: on 256 x 256 cells 16 in place of 128.
"""

from __future__ import annotations

import torch
from sam2.modeling.backbones.image_encoder import FpnNeck
from torch import Tensor, nn

_FINE, _MIDDLE, _COARSE, _COARSEST = range(4)


class FoldedNeck(nn.Module):
    """The trunk's outputs, the finest first -> image_embed, high_res_0, high_res_1."""

    def __init__(self, neck: FpnNeck, conv_s0: nn.Conv2d, conv_s1: nn.Conv2d) -> None:
        super().__init__()
        levels = [neck.convs[3 - level].conv for level in range(4)]
        self.enlarged_by = neck.fpn_interp_model
        self.top_down = set(neck.fpn_top_down_levels)
        self.coarse, self.coarsest = levels[_COARSE], levels[_COARSEST]
        self.middle_to_s1 = _product(conv_s1, levels[_MIDDLE])
        self.fine_to_s0 = _product(conv_s0, levels[_FINE])
        self.coarse_to_s1 = _without_bias(conv_s1)
        self.coarse_to_s0 = _without_bias(conv_s0)
        self.middle_to_s0 = _product(self.coarse_to_s0, levels[_MIDDLE])

    def forward(self, outputs: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        coarse = self.coarse(outputs[_COARSE])
        if _COARSE in self.top_down:
            coarse = coarse + self._enlarged(self.coarsest(outputs[_COARSEST]))
        detail_1 = self.middle_to_s1(outputs[_MIDDLE])
        if _MIDDLE in self.top_down:
            detail_1 = detail_1 + self._enlarged(self.coarse_to_s1(coarse))
        detail_0 = self.fine_to_s0(outputs[_FINE])
        if _FINE in self.top_down:
            middle = self.middle_to_s0(outputs[_MIDDLE])
            if _MIDDLE in self.top_down:
                middle = middle + self._enlarged(self.coarse_to_s0(coarse))
            detail_0 = detail_0 + self._enlarged(middle)
        return coarse, detail_0, detail_1

    def _enlarged(self, level: Tensor) -> Tensor:
        corners = None if self.enlarged_by == "nearest" else False
        return nn.functional.interpolate(
            level, scale_factor=2.0, mode=self.enlarged_by, align_corners=corners
        )


def _product(after: nn.Conv2d, before: nn.Conv2d) -> nn.Conv2d:
    """The 1 x 1 convolution that does what `before` and then `after` do."""
    joint = nn.Conv2d(before.in_channels, after.out_channels, 1)
    outer, inner = after.weight.flatten(1), before.weight.flatten(1)
    bias = torch.zeros(after.out_channels) if after.bias is None else after.bias
    if before.bias is not None:
        bias = bias + outer @ before.bias
    joint.weight = nn.Parameter((outer @ inner)[..., None, None], requires_grad=False)
    joint.bias = nn.Parameter(bias, requires_grad=False)
    return joint


def _without_bias(conv: nn.Conv2d) -> nn.Conv2d:
    bare = nn.Conv2d(conv.in_channels, conv.out_channels, 1, bias=False)
    bare.weight = conv.weight
    return bare
