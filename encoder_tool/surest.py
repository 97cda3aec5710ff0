"""Which level knows best: where the model is unsure, the next coarser one is asked as well.

By a click on a roof of 200 pixels a small model may find a patch of it, with a low score; at half
the resolution the roof is of a size that it knows, with all that surrounds it in view.
`benchmarks/level_choice.py` measures what that is worth, docs/engine.md has its table.
"""

from __future__ import annotations

from collections.abc import Callable

from encoder_tool.errors import CacheDamagedError, PromptError
from encoder_tool.locate import PatchIndex, choose_patch
from encoder_tool.prompts import PixelPrompt
from encoder_tool.types import Masks, PatchId

UNSURE = 0.5
"""The model is unsure of a mask whose IoU it puts below this itself."""

SURER = 0.1
"""So much higher is the score of a coarser answer that is taken: a finer one shows more."""

Answer = tuple[PatchId, Masks]


def surest_answer(
    index: PatchIndex,
    prompt: PixelPrompt,
    answer: Answer,
    ask: Callable[[PatchId], Masks],
    *,
    exact: bool = False,
) -> Answer:
    """The answer, or that of the first coarser level from which going further up does not pay.

    ask: the prompt's answer by a patch; only patches that are encoded are asked, and a damaged
        one counts as not encoded
    exact: as for `choose_patch`
    """
    patch_id, masks = answer
    while masks.iou_predictions.max() < UNSURE:
        above = _patch_above(index, prompt, patch_id, exact=exact)
        if above is None:
            break
        try:
            coarser = ask(above)
        except CacheDamagedError:  # there is an answer already
            break
        if coarser.iou_predictions.max() <= masks.iou_predictions.max() + SURER:
            break
        patch_id, masks = above, coarser
    return patch_id, masks


def _patch_above(
    index: PatchIndex, prompt: PixelPrompt, patch_id: PatchId, *, exact: bool
) -> PatchId | None:
    level = patch_id.level + 1
    if level >= index.manifest.pyramid.levels:
        return None
    try:
        return choose_patch(index, prompt, level, climb=False, exact=exact)
    except PromptError:  # none that holds the prompts is encoded, or it has no data
        return None
