"""A run: from data and a recipe to weights, within a budget of minutes, resumable at any time."""

from __future__ import annotations

import time
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from encoder_tool.model.registry import get_spec
from training.answers import answered, find_strays
from training.crops import CropBatch, Targets, draw_crops, draw_targets
from training.dense import DenseHead, dense_loss
from training.exam import Exam, generator_for
from training.log import Log, Means
from training.losses import Judged, judge
from training.network import CropNetwork, initialise
from training.optimizer import Optimizer
from training.pack import read_pack, site_tiles
from training.prompts import Kind, first_prompts, further_prompts
from training.scenes import HELD_OUT_SEEDS, SceneFolder
from training.schedule import Now, Recipe, kind_of, now
from training.start import begin_from
from training.state import averaged_weights, load_state, save_state
from training.store import Stores, TileStore

STATE = "state"
LOG = "log.jsonl"
_SEEDS_PER_RUN = 20_000
_REAL_TILES = 96
_LOG_SECONDS, _LOG_STEPS = 15.0, 10
_TILES_PER_STEP = 4
_EXAMS, _EXAM_PAUSE = 14, 20
_CLIP = 1.0


@dataclass(frozen=True)
class Settings:
    """What one command asks for.

    minutes: the run's whole budget, over all the calls that resume it; steps: a budget that is
    the same everywhere, in its place; stop_after: minutes of this call
    pack: real imagery, or None; exam_site: of it, kept out of training to choose by
    first_weights: a checkpoint to begin from
    """

    out: Path
    structure: str
    recipe: Recipe
    minutes: float | None
    device: str
    seed: int = 0
    steps: int | None = None
    stop_after: float | None = None
    pack: Path | None = None
    exam_site: str = "kampala_0"
    processes: int = 2
    first_weights: Path | None = None


class Run:
    """Everything that learns, and what it learns from."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.recipe = settings.recipe
        self.device = torch.device(settings.device)
        self.log = Log(settings.out / LOG)
        spec = get_spec(settings.structure)
        torch.manual_seed(settings.seed)
        self.network = CropNetwork(spec)
        initialise(self.network.model)
        if settings.first_weights is not None:
            taken = begin_from(self.network.model, settings.first_weights)
            self.log.write("begin", weights=settings.first_weights.name, tensors=taken)
        self.network.to(self.device)
        self.dense = DenseHead(spec.structure.width).to(self.device)
        self.average = deepcopy(self.network).requires_grad_(False)
        self.optimizer = Optimizer(
            (self.network.model, self.dense), self.recipe.weight_decay, self.device.type == "cuda"
        )
        self.step, self.seconds = 0, 0.0
        self.phase, self.steps_in_phase = "", 0

    def resume(self) -> None:
        """Go on where the last call stopped, if there was one.

        Raises ValueError when that was a run of another structure.
        """
        state = load_state(self.settings.out / STATE)
        if state is None:
            return
        if state["structure"] != self.settings.structure:
            raise ValueError(
                f"{self.settings.out} is a run of {state['structure']}: name another --out."
            )
        self.network.model.load_state_dict(state["model"])
        self.average.model.load_state_dict(averaged_weights(state))
        self.dense.load_state_dict(state["dense"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]
        self.phase, self.steps_in_phase = state["phase"], state["steps_in_phase"]
        self.log.write("resume", step=self.step, minutes=self.seconds / 60)

    def save(self) -> None:
        plain = self.network.model.state_dict()
        content = {
            "model": plain,
            "average_off": {
                key: value - plain[key] for key, value in self.average.model.state_dict().items()
            },
            "dense": self.dense.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "phase": self.phase,
            "steps_in_phase": self.steps_in_phase,
            "structure": self.settings.structure,
        }
        save_state(self.settings.out / STATE, content)

    def _keep_weights(self, phase: str) -> None:
        """The averaged weights at the end of a phase, as a checkpoint in float16."""
        weights = {
            key: value.half().cpu() for key, value in self.average.model.state_dict().items()
        }
        torch.save({"model": weights}, self.settings.out / f"after-{phase}.pt")

    def train(self) -> None:
        """Until the budget, or this call's part of it, is used up."""
        settings = self.settings
        recipe = self.recipe
        first = settings.seed * _SEEDS_PER_RUN
        # A call that goes on begins with the scenes that the last one had not come to.
        turn = _TILES_PER_STEP * self.step
        scenes = SceneFolder(settings.out / "scenes", recipe.scenes, first, recipe.tile_px, turn)
        scenes.start(settings.processes)
        try:
            stores, exams = self._data(scenes)
            self._learn(scenes, stores, exams)
        finally:
            scenes.stop()

    def _data(self, scenes: SceneFolder) -> tuple[Stores, dict[str, Exam]]:
        settings, recipe = self.settings, self.recipe
        stores = Stores(
            TileStore(recipe.scenes, self.device, recipe.tile_px),
            TileStore(recipe.scenes // 2, self.device, recipe.tile_px),
            TileStore(_REAL_TILES, self.device),
            recipe.real_share,
            recipe.countryside_share,
        )
        print(
            f"First {self.recipe.first_scenes} scenes to learn from and {self.recipe.exam_scenes} "
            f"to be judged by, unless they are there: some seconds each on one core.",
            flush=True,
        )
        while stores.scenes < self.recipe.first_scenes:
            stores.add_scene(scenes.wait())
        held_out = self._held_out()
        batches, size = self.recipe.exam_batches, self.recipe.exam_size
        exams = {"scenes": Exam.of(held_out, 1, batches, size)}
        if settings.pack is not None:
            kept = TileStore(8, self.device)
            for site in read_pack(settings.pack):
                for tile in site_tiles(site):
                    (kept if site.name == settings.exam_site else stores.real).add(tile)
            if kept.count:
                exams["real"] = Exam.of(kept, 2, batches, size)
        self.log.write("data", scenes=stores.scenes, real=stores.real.count, exams=len(exams))
        return stores, exams

    def _held_out(self) -> TileStore:
        count, size = self.recipe.exam_scenes, self.recipe.tile_px
        store = TileStore(count, self.device, size)
        folder = SceneFolder(self.settings.out / "exam", count, HELD_OUT_SEEDS, size)
        folder.start(self.settings.processes)
        try:
            while not folder.is_exhausted:
                store.add(folder.wait())
        finally:
            folder.stop()
        return store

    def _learn(self, scenes: SceneFolder, stores: Stores, exams: dict[str, Exam]) -> None:
        settings = self.settings
        begun, before = time.monotonic(), self.seconds
        limit = 60 * settings.stop_after if settings.stop_after else float("inf")
        logged, saved, passed, means = 0.0, 0.0, 0.0, Means()
        # Where exams are slow there are fewer of them.
        next_exam, exam_not_before = self._passed() + 1 / _EXAMS, 0.0
        while not self.is_done and passed < limit:
            for tile in scenes.ready(_TILES_PER_STEP):
                stores.add_scene(tile)
            means.add(self._step(self._now(), stores))
            passed = time.monotonic() - begun
            self.seconds = before + passed
            self.step += 1
            if passed - logged > _LOG_SECONDS or self.step % _LOG_STEPS == 0:
                self.log.write(
                    "step",
                    step=self.step,
                    minutes=self.seconds / 60,
                    phase=self.phase,
                    scenes=stores.scenes,
                    **means.tell(),
                )
                logged = passed
            if passed - saved > self.recipe.save_seconds:
                self.save()
                saved = passed
            if self._passed() > next_exam and passed > exam_not_before:
                self.examine(exams)
                taken = time.monotonic() - begun - passed
                next_exam += 1 / _EXAMS
                exam_not_before = passed + _EXAM_PAUSE * taken
        self.save()
        self.examine(exams)

    def _now(self) -> Now:
        """What the time asks for; counts the steps of the phase."""
        share = self._passed()
        name = now(self.recipe, share).phase.name
        if name != self.phase and self.phase:
            self._keep_weights(self.phase)
        self.steps_in_phase = self.steps_in_phase + 1 if name == self.phase else 0
        self.phase = name
        return now(self.recipe, share, self.steps_in_phase)

    @property
    def is_done(self) -> bool:
        return self._passed() >= 1

    def _passed(self) -> float:
        """The share of the budget that is used up."""
        if self.settings.steps is not None:
            return self.step / self.settings.steps
        assert self.settings.minutes is not None
        return self.seconds / (60 * self.settings.minutes)

    def examine(self, exams: dict[str, Exam]) -> dict[str, float]:
        """The averaged weights' figures on what is held out."""
        network = self.average.eval()
        found = {
            f"{where}_{name}": value
            for where, exam in exams.items()
            for name, value in exam.take(network, self._autocast()).items()
        }
        self.log.write("exam", step=self.step, minutes=self.seconds / 60, **found)
        return found

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda")

    def _step(self, at: Now, stores: Stores) -> dict[str, Tensor]:
        phase = at.phase
        size, crops = phase.sizes[self.step % len(phase.sizes)]
        seed = (self.settings.seed, self.step)
        batch = draw_crops(stores.shares(size), seed, crops, size)
        targets = draw_targets(batch, seed, phase.prompts, phase.least_px)
        rng = np.random.default_rng((*seed, 2))
        choices = generator_for(self.device, int(rng.integers(2**62)))
        rounds = int(rng.choice(phase.rounds))
        with self._autocast(), torch.no_grad() if phase.scores_only else nullcontext():
            features = self.network.encode(batch.pictures, batch.origin)
        values: dict[str, Tensor] = {}
        loss = torch.zeros((), device=self.device)
        if phase.dense > 0:
            anchors = first_prompts(Kind.CLICK, targets, choices)
            with self._autocast():
                lesson = dense_loss(self.dense, features, batch, targets, anchors)
            loss = loss + phase.dense * lesson
            values["dense_loss"] = lesson.detach()
        if phase.joint:
            kind = kind_of(float(rng.random()))
            judged = self._ask(kind, rounds, at, batch, targets, features, choices)
            each = [item.score_loss if phase.scores_only else item.loss for item in judged]
            loss = loss + torch.stack(each).mean()
            values |= _told(kind, judged[0])
        self._descend(loss, at)
        return {"loss": loss.detach(), **values}

    def _ask(
        self, kind: Kind, rounds: int, at: Now, batch: CropBatch, targets: Targets,
        features: Any, choices: torch.Generator,
    ) -> list[Judged]:  # fmt: skip
        """Prompt, judge, correct, judge again."""
        asked = features.of(targets.crop)
        prompts = first_prompts(kind, targets, choices)
        judged: list[Judged] = []
        while True:
            with self._autocast():
                logits, scores = self.network.decode(asked, prompts, batch.origin)
            answers_as = Kind.CLICKS if judged else kind
            strays = find_strays(logits, prompts)
            judged.append(
                judge(
                    answers_as, logits, strays, scores, targets.masks, at.balanced,
                    at.phase.ranking,
                )
            )  # fmt: skip
            if len(judged) == rounds:
                return judged
            shown = _shown(answers_as, answered(logits.detach(), strays), scores.detach())
            prompts = further_prompts(prompts, shown, targets, choices)

    def _descend(self, loss: Tensor, at: Now) -> None:
        self.optimizer.zero_grad()
        loss.backward()
        if at.phase.scores_only:
            for name, parameter in self.network.model.named_parameters():
                if "mask_score" not in name and "iou_prediction_head" not in name:
                    parameter.grad = None
        learning = [p for p in self.optimizer.parameters if p.grad is not None]
        if not torch.nn.utils.clip_grad_norm_(learning, _CLIP).isfinite():
            self.log.write("skipped", step=self.step)
            return
        self.optimizer.step(at.rate)
        share = min(at.phase.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            ours, theirs = self.average.model.state_dict(), self.network.model.state_dict()
            torch._foreach_lerp_(list(ours.values()), list(theirs.values()), 1 - share)


def _shown(kind: Kind, logits: Tensor, scores: Tensor) -> Tensor:
    """The mask that the user would see: a click's candidate scored best, else the single one."""
    if kind is not Kind.CLICK:
        return logits[:, 0]
    best = 1 + scores[:, 1:].argmax(dim=1)
    return logits[torch.arange(len(logits), device=logits.device), best]


def _told(kind: Kind, judged: Judged) -> dict[str, Tensor]:
    ious = judged.ious
    shown = ious[:, 1:].amax(dim=1) if kind is Kind.CLICK else ious[:, 0]
    mean = (shown * judged.counts).sum() / judged.counts.sum().clamp_min(1)
    return {
        "mask_loss": judged.mask_loss.detach(),
        "score_loss": judged.score_loss.detach(),
        f"{kind.value}_iou": mean,
    }
