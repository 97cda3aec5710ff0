"""What stitching takes and gives: a mask of one patch, and a whole object on a mosaic of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

import numpy as np

from encoder_tool.locate import PatchIndex
from encoder_tool.types import BoxPixel, FloatArray, Masks, PatchId, Prompt, Window


class Cut(StrEnum):
    """Why an object ends where it would go on.

    NOT_ENCODED: nothing is encoded there; UNSURE: the model finds nothing there that agrees with
    what is known of the object; LIMIT: it is larger than the limits allow; NOT_ASKED: stitching
    is turned off
    """

    NOT_ENCODED = "not_encoded"
    UNSURE = "unsure"
    LIMIT = "limit"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far an object is followed.

    patches: that are asked on one level, the first one included
    seconds: for all levels together
    """

    patches: int = 24
    seconds: float = 10.0


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class PatchMask:
    """A mask that is known already.

    logits: [256, 256], positive inside
    prompt: what it answers, in pixels of the patch; points may lie beyond it, and count where
        they do. None for a mask all of whose parts are wanted
    score: the model's own estimate of its IoU
    """

    patch_id: PatchId
    logits: FloatArray
    prompt: Prompt | None
    score: float


@dataclass(frozen=True, eq=False)
class WholeMask:
    """An object on the patches that it reaches into.

    window: in pixels of `level`, around what is inside
    logits: [window.height / 4, window.width / 4], positive inside, NaN where no patch was asked
    prompt: in pixels of `window`
    patches: whose masks are in it, the first one first
    cuts: why it is not complete; empty when it is
    missing: patches that it goes on in, or that could answer for one that is too large for its
        level, and that are not encoded or damaged
    """

    level: int
    window: Window
    logits: FloatArray
    prompt: Prompt | None
    score: float
    patches: tuple[PatchId, ...]
    cuts: tuple[Cut, ...]
    missing: tuple[PatchId, ...] = ()


class PatchAnswers(PatchIndex, Protocol):
    """Who decodes prompts; `Segmenter` does."""

    def decode_patch(
        self, patch_id: PatchId, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]: ...


def moved(prompt: Prompt, source: Window, target: Window) -> Prompt:
    """A prompt in pixels of another window of the same level, without its mask."""
    dx, dy = source.col_off - target.col_off, source.row_off - target.row_off
    box = prompt.box
    if box is not None:
        box = BoxPixel(box.xmin + dx, box.ymin + dy, box.xmax + dx, box.ymax + dy)
    points = prompt.points + np.array([dx, dy], np.float64)
    return replace(prompt, points=points, box=box, mask_logits=None)
