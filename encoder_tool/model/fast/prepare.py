"""Once per patch."""

from __future__ import annotations

from torch import Tensor, nn

from encoder_tool.model.build import ImageModel
from encoder_tool.model.fast.layout import as_cells
from encoder_tool.model.fast.prompts import unpictured
from encoder_tool.model.fast.transformer import FastTransformer
from encoder_tool.model.fast.upscaling import FastUpscaling

PREPARED_NAMES = ("cells", "position", "fine", "middle")
FIRST_LOOK_NAMES = ("first_keys", "first_values", "first_queries")


def prepared_names(model: ImageModel) -> tuple[str, ...]:
    """What `FastPrepare` returns. nano draws every prompt into the cells, so for it there is no
    first look that prompts have in common."""
    return PREPARED_NAMES if model.structure.draws_prompt else PREPARED_NAMES + FIRST_LOOK_NAMES


class FastPrepare(nn.Module):
    """Features of one patch -> `prepared_names`:

    cells [1, 4096, C], `prompts.unpictured` included; their positions [1, 4096, C];
    the two maps of detail as `FastUpscaling.prepare` gives them;
    and what layer 0 sees of a patch when the prompt has no picture, `transformer.FirstLook`.
    """

    def __init__(self, model: ImageModel) -> None:
        super().__init__()
        self.prompt_encoder = model.sam_prompt_encoder
        self.no_mem_embed = model.no_mem_embed
        self.unpictured = unpictured(model)
        self.upscaling = FastUpscaling(model.sam_mask_decoder)
        self.transformer = FastTransformer(model.sam_mask_decoder.transformer)
        self.takes_first_look = not model.structure.draws_prompt

    def forward(
        self, image_embed: Tensor, high_res_0: Tensor, high_res_1: Tensor
    ) -> tuple[Tensor, ...]:
        added = self.unpictured
        if self.no_mem_embed is not None:
            added = added + self.no_mem_embed.reshape(-1)
        cells = as_cells(image_embed) + added
        position = as_cells(self.prompt_encoder.get_dense_pe())
        prepared = (cells, position, *self.upscaling.prepare(high_res_0, high_res_1))
        if self.takes_first_look:
            return (*prepared, *self.transformer.prepare(cells, position))
        return prepared
