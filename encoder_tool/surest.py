"""Which level knows best: where the model is unsure, the next coarser one is asked as well.

By a click on a roof of 200 pixels a small model may find a patch of it, with a low score; at half
the resolution the roof is of a size that it knows, with all that surrounds it in view.
`benchmarks/level_choice.py` measures what that is worth, docs/engine.md has its table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from encoder_tool.errors import CacheDamagedError, PromptError
from encoder_tool.locate import PatchIndex, absent_patch, choose_patch
from encoder_tool.prompts import PixelPrompt
from encoder_tool.types import Masks, PatchId

UNSURE = 0.5
"""The model is unsure of a mask whose IoU it puts below this itself."""

SURER = 0.1
"""So much higher is the score of a coarser answer that is taken: a finer one shows more."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a patch says to a prompt.

    missing: a patch one level up that might know better, and is not encoded
    """

    patch_id: PatchId
    masks: Masks
    missing: PatchId | None = None

    @property
    def score(self) -> float:
        return float(self.masks.iou_predictions.max())


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
    while answer.score < UNSURE and answer.patch_id.level + 1 < index.manifest.pyramid.levels:
        level = answer.patch_id.level + 1
        try:
            above = choose_patch(index, prompt, level, climb=False, exact=exact)
            coarser = Answer(above, ask(above))
        except PromptError:  # none that holds the prompts is encoded, or it has no data
            missing = absent_patch(index, prompt.reach, level, exact=exact)
            return replace(answer, missing=missing)
        except CacheDamagedError:  # there is an answer already
            return answer
        if coarser.score <= answer.score + SURER:
            return answer
        answer = coarser
    return answer
