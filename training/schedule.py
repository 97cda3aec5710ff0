"""What is done when: phases by the share of the time that has passed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from training.prompts import Kind
from training.tile import TILE_SIZE


@dataclass(frozen=True)
class Phase:
    """Until which share of the time, and what.

    sizes: crop sizes and crops of each size in a batch, taken in turn
    prompts: things asked for in each crop; rounds: prompts to each thing, the first and then
    corrections; dense: weight of the encoder's own lessons; rate: of learning, at the beginning
    and the end; balanced: see `losses.judge`; joint: whether prompts are asked at all;
    scores_only: nothing but the score's head learns; least_px: of what is asked for;
    average: how much of the averaged weights a step keeps
    """

    name: str
    until: float
    sizes: Sequence[tuple[int, int]]
    prompts: int = 8
    rounds: tuple[int, ...] = (1,)
    dense: float = 0.0
    rate: tuple[float, float] = (1.0, 1.0)
    balanced: tuple[float, float] = (0.0, 0.0)
    joint: bool = True
    scores_only: bool = False
    ranking: bool = False
    least_px: int = 20
    average: float = 0.999


@dataclass(frozen=True)
class Recipe:
    """phases: in order, the last until 1; rate: of learning, where a phase says 1;
    scenes: tiles of procedural scenes, first_scenes: how many must be there to begin;
    exam_batches, exam_size, exam_scenes: what to judge by; tile_px: of scenes;
    real_share: of crops of real imagery; countryside_share: of countryside, of large crops;
    warm_up_steps: of each phase; save_seconds: between
    states written
    """

    phases: tuple[Phase, ...]
    rate: float
    scenes: int
    first_scenes: int
    exam_batches: int = 2
    exam_size: int = 512
    exam_scenes: int = 12
    tile_px: int = TILE_SIZE
    real_share: float = 0.3
    countryside_share: float = 0.3
    weight_decay: float = 0.03
    warm_up_steps: int = 100
    save_seconds: float = 150.0


_LARGE = ((512, 2), (512, 2), (1024, 1))
_MIXED = ((256, 8), *_LARGE)

CPU = Recipe(
    phases=(
        Phase("dense", 0.10, ((256, 8),), dense=1.0, joint=False, least_px=60),
        Phase(
            "joint", 0.45, ((256, 8), (256, 8), (512, 2)), 12, (1,), 0.5, balanced=(1.0, 0.3),
            least_px=40,
        ),
        Phase(
            "clicks", 0.82, _MIXED, 8, (1, 2, 3), 0.1, (1.0, 0.3), (0.3, 0.0), ranking=True,
            average=0.998,
        ),
        Phase("large", 0.94, _LARGE, 8, (1, 2), 0.0, (0.3, 0.02), ranking=True, average=0.99),
        Phase(
            "scores", 1.0, ((512, 2), (1024, 1)), 12, (1, 2), rate=(1.0, 0.1), scores_only=True,
            ranking=True, average=0.97,
        ),
    ),
    rate=6.0e-4,
    scenes=600,
    first_scenes=240,
)  # fmt: skip

FURTHER = Recipe(
    phases=(
        Phase(
            "clicks", 0.72, _MIXED, 8, (1, 2, 3), 0.05, (1.0, 0.35), (0.4, 0.4), ranking=True,
            average=0.998,
        ),
        Phase(
            "large", 0.93, _LARGE, 8, (1, 2), 0.0, (0.35, 0.02), (0.4, 0.4), ranking=True,
            average=0.99,
        ),
        Phase(
            "scores", 1.0, ((512, 2), (1024, 1)), 12, (1, 2), rate=(1.0, 0.1), scores_only=True,
            ranking=True, average=0.97,
        ),
    ),
    rate=4.0e-4,
    scenes=600,
    first_scenes=240,
)  # fmt: skip
"""From weights that follow prompts already."""

CUDA = Recipe(
    phases=(
        Phase("dense", 0.08, ((256, 192), (512, 48)), dense=1.0, joint=False, least_px=60),
        Phase(
            "joint", 0.30, ((256, 160), (512, 48)), 12, (1,), 0.5, balanced=(1.0, 0.3), least_px=40
        ),
        Phase(
            "clicks", 0.78, ((256, 128), (512, 40), (1024, 10)), 8, (1, 2, 3), 0.1, (1.0, 0.3),
            (0.3, 0.0), ranking=True,
        ),
        Phase(
            "large", 0.93, ((512, 40), (1024, 10)), 8, (1, 2, 3), 0.0, (0.3, 0.01), ranking=True,
            average=0.998,
        ),
        Phase(
            "scores", 1.0, ((512, 48), (1024, 12)), 12, (1, 2), rate=(1.0, 0.1), scores_only=True,
            ranking=True, average=0.99,
        ),
    ),
    rate=1.0e-3,
    scenes=6000,
    first_scenes=300,
    exam_batches=8,
    real_share=0.2,
    save_seconds=60.0,
)  # fmt: skip

SMOKE = Recipe(
    phases=(
        Phase("dense", 0.25, ((256, 2),), 4, dense=1.0, joint=False, average=0.8),
        Phase("joint", 0.85, ((256, 2),), 4, (1,), 0.3, (1.0, 0.3), (1.0, 1.0), average=0.8),
        Phase(
            "scores", 1.0, ((256, 2),), 4, (1, 2), scores_only=True, ranking=True, average=0.8
        ),
    ),
    rate=6.0e-4,
    scenes=4,
    first_scenes=4,
    exam_batches=1,
    exam_size=256,
    exam_scenes=2,
    warm_up_steps=5,
    tile_px=512,
)  # fmt: skip
"""A few scenes and a few minutes: does it learn at all?"""

RECIPES = {"cpu": CPU, "further": FURTHER, "cuda": CUDA, "smoke": SMOKE}


@dataclass(frozen=True)
class Now:
    """The phase that the time is in, and what changes within it."""

    phase: Phase
    rate: float
    balanced: float


def now(recipe: Recipe, passed: float, steps_in_phase: int = 10**6) -> Now:
    """passed: the share of the time that has passed, 0 … 1. Each phase's first steps are
    shorter: what learns in it for the first time has no moments yet."""
    start = 0.0
    for phase in recipe.phases:
        if passed < phase.until or phase is recipe.phases[-1]:
            break
        start = phase.until
    within = min((passed - start) / max(phase.until - start, 1e-9), 1.0)
    first, last = phase.rate
    cosine = last + (first - last) * (1 + math.cos(math.pi * within)) / 2
    warm = min(1.0, (steps_in_phase + 1) / recipe.warm_up_steps)
    heavy, light = phase.balanced
    return Now(phase, recipe.rate * cosine * warm, heavy + (light - heavy) * within)


def kind_of(draw: float) -> Kind:
    """How the things of a step are asked for first."""
    if draw < 0.48:
        return Kind.CLICK
    return Kind.BOX if draw < 0.86 else Kind.CLICKS
