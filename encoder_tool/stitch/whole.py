"""A mask of one patch becomes the whole object."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError, Cancelled
from encoder_tool.grid import LevelGrid
from encoder_tool.outline import EDGE_PAD
from encoder_tool.stitch.evidence import Ask, same_object
from encoder_tool.stitch.levels import finer_outline, mask_above, missing_above
from encoder_tool.stitch.masks import (
    DEFAULT_LIMITS,
    Cut,
    Limits,
    PatchAnswers,
    PatchMask,
    WholeMask,
    moved,
)
from encoder_tool.stitch.mosaic import cropped
from encoder_tool.stitch.strategy import Stitch
from encoder_tool.types import FloatArray, Masks, PatchId, Prompt

ShouldStop = Callable[[], bool]
"""Asked before every patch."""

NOTHING_KNOWN: Mapping[PatchId, FloatArray] = MappingProxyType({})


def whole_mask(
    answers: PatchAnswers,
    seed: PatchMask,
    limits: Limits = DEFAULT_LIMITS,
    *,
    finest: int | None = None,
    climb: bool = True,
    exact: bool = False,
    all_parts: bool = False,
    known: Mapping[PatchId, FloatArray] = NOTHING_KNOWN,
    should_stop: ShouldStop | None = None,
) -> WholeMask:
    """The object that a mask is a part of.

    It is continued in the patches that it reaches into. One that outgrows the limits is looked
    for on the next coarser level, and its outline refined on the finer ones again, as far as the
    limits allow.

    finest: the level to refine to; None for the seed's
    climb: False to stay on the seed's level
    exact: of a coarser level, only the patch that would be if everything were encoded
    all_parts: follow the parts that the prompt does not mean, too
    known: what other patches of the seed's level have answered already, [256, 256]
    Damaged patches count as not encoded. Raises Cancelled when `should_stop` says so.
    """
    work = _Work(answers, time.monotonic() + limits.seconds, should_stop)
    finest = seed.patch_id.level if finest is None else finest
    whole = _continued(work, seed, limits, all_parts, known)
    while climb and Cut.LIMIT in whole.cuts and not work.is_late:
        above = mask_above(work.answers, work.ask, seed, whole, exact=exact)
        if above is None:
            missing = missing_above(work.answers, seed, whole, exact=exact)
            whole = replace(whole, missing=(*whole.missing, *missing))
            break
        seed, whole = above, _continued(work, above, limits, all_parts)
    while whole.level > finest and not work.is_late:
        finer = finer_outline(work.answers, work.ask, whole, limits.patches, all_parts=all_parts)
        if finer is None:
            break
        whole = finer
    return _trimmed(whole, answers.manifest.pyramid.level(whole.level))


@dataclass(frozen=True, eq=False)
class _Work:
    """deadline: by `time.monotonic`"""

    answers: PatchAnswers
    deadline: float
    should_stop: ShouldStop | None

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline

    def ask(self, patch_id: PatchId) -> Ask:
        """How to ask a patch."""

        def decode(prompt: Prompt, multimask: bool) -> Masks:
            if self.should_stop is not None and self.should_stop():
                raise Cancelled("Stopped while the object was followed into other patches.")
            (masks,) = self.answers.decode_patch(patch_id, [prompt], multimask=multimask)
            return masks

        return decode


def _trimmed(whole: WholeMask, grid: LevelGrid) -> WholeMask:
    """Without the cells around it, but for those that tracing its outline takes."""
    logits, window = cropped(whole.logits, whole.window, grid, EDGE_PAD)
    prompt = None if whole.prompt is None else moved(whole.prompt, whole.window, window)
    return replace(whole, window=window, logits=logits.copy(), prompt=prompt)


def _continued(
    work: _Work,
    seed: PatchMask,
    limits: Limits,
    all_parts: bool,
    known: Mapping[PatchId, FloatArray] = NOTHING_KNOWN,
) -> WholeMask:
    """On the seed's level; `known` counts for no limit."""
    grid = work.answers.manifest.pyramid.level(seed.patch_id.level)
    stitch = Stitch(seed, grid, limits.patches + len(known), all_parts=all_parts)
    while not stitch.is_done:
        if work.is_late:
            whole = stitch.data
            return replace(whole, cuts=tuple(sorted({*whole.cuts, Cut.LIMIT})))
        patch = stitch.next_patch
        if patch in known:
            stitch.feed(known[patch])
            continue
        status = work.answers.state(patch)
        if status is not PatchStatus.PRESENT:
            stitch.pass_over(Cut.NOT_ENCODED if status is PatchStatus.ABSENT else None)
            continue
        evidence = stitch.evidence()
        prompt = evidence.prompt(stitch.prompt(stitch.window(patch)))
        try:
            answer = None if prompt is None else same_object(evidence, prompt, work.ask(patch))
        except CacheDamagedError:  # as good as not encoded; the prompt's own patch is sound
            stitch.pass_over(Cut.NOT_ENCODED)
            continue
        if answer is None:
            stitch.pass_over(Cut.UNSURE)
        else:
            stitch.feed(answer[0])
    return stitch.data
