"""How long after a click the polygon is there, and how many clicks a second a patch answers.

    python benchmarks/click_latency.py [--model nano --model sam2.1-tiny …] [--threads 2]
    python benchmarks/click_latency.py --model sam2.1-tiny=CHECKPOINT.pt --markdown

Through the engine's Python API and through its worker, for patches that are prepared (warm) and
that still lie on disk, in the page cache (cold). Against `SAM2ImagePredictor.predict` and
`rasterio.features.shapes` on the same features in the same run; all take turns. A sam2.1 model
without a checkpoint gets seeded weights: they cost the same, and what they find, noise, is
replaced on both sides by the outline of the building that is clicked. What upstream does not
have, such as nano, is compared with its sam2.1-tiny. Prints tables, writes JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.asked_prompts import KINDS, Target, choose_targets
from benchmarks.support.click_rig import WARM, Rig
from benchmarks.support.click_tables import click_tables
from benchmarks.support.clicked_patch import (
    ModelChoice,
    Shapes,
    worker_command,
    write_cache,
    write_raster,
)
from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.needs_torch import require_torch
from benchmarks.support.timing import Series, take_turns, timed
from benchmarks.support.worker_client import WorkerClient, settle
from encoder_tool.errors import NothingFoundError
from encoder_tool.polygons import mask_to_polygon
from encoder_tool.scene import make_scene
from encoder_tool.types import PATCH_SIZE, PatchId, Prompt

if TYPE_CHECKING:
    from benchmarks.support.upstream_clicks import UpstreamClicks

MODELS = ("nano", "sam2.1-tiny")
YARDSTICK = "sam2.1-tiny"
"""Upstream's model that those are compared with which upstream does not have."""

SCENE_SEED = 3_000_000

GOLDEN = (3 - 5**0.5) / 2
"""Of a circle: steps of this share come near no place where they were lately."""

FEWEST_BATCHES, BATCHED_PROMPTS = 2, 64
"""Each size of a batch is asked for so often, and until it was so many clicks: upstream takes 10 s
for 64 of them."""


@dataclass(frozen=True)
class Settings:
    """How much is measured.

    side: of the grid of patches; one of them is the warm one
    """

    turns: int
    cold: int
    batches: tuple[int, ...]
    buildings: int
    threads: int

    @property
    def side(self) -> int:
        return int(np.ceil(np.sqrt(self.cold + 1)))


class Comparison:
    """The rigs and upstream's predictors, by their models' names, on one patch."""

    def __init__(
        self,
        rigs: Sequence[Rig],
        upstream: dict[str, UpstreamClicks],
        targets: Sequence[Target],
        settings: Settings,
    ) -> None:
        self._rigs = rigs
        self._upstream = upstream
        self._settings = settings
        self.targets = [target for target in targets if self._is_found(target)]
        if not self.targets:
            raise SystemExit("The models find none of the scene's buildings: nothing to time.")
        self._prompts = {kind: [t.prompt(kind) for t in self.targets] for kind in KINDS}

    def warm(self) -> list[dict[str, Any]]:
        return [row for kind in KINDS for row in self._warm(kind)]

    def cold(self) -> list[dict[str, Any]]:
        """Each turn in another patch, none of them next to the one before."""
        clicks = self._prompts["1 click"]
        parts = ("load", "prepare", "engine", "worker")
        found = {rig.name: {part: Series() for part in parts} for rig in self._rigs}
        for turn, patch in enumerate(far_apart(self._settings.side, self._settings.cold)):
            click = clicks[turn % len(clicks)]
            for rig in self._rigs:
                self._settle()
                series = found[rig.name]
                features = timed(series["load"], rig.load, patch)
                timed(series["prepare"], rig.prepare, features)
                timed(series["engine"], rig.engine_cold, click, patch)
                _ask_cold(rig, click, patch, series["worker"])
        return [
            {
                "model": rig.choice.label,
                **{part: s.summary() if s.wall else None for part, s in found[rig.name].items()},
            }
            for rig in self._rigs
        ]

    def decode_alone(self) -> list[dict[str, Any]]:
        return [row for kind in KINDS for row in self._decode_alone(kind)]

    def polygons(self) -> dict[str, float]:
        """From a building's logits to its polygon on the map."""
        trace = partial(mask_to_polygon, patch_to_map=self._rigs[0].transform)
        logits = [target.logits for target in self.targets]
        return take_turns({"trace": trace}, logits, 5 * self._settings.turns)["trace"].summary()

    def batches(self) -> list[dict[str, Any]]:
        return [row for size in self._settings.batches for row in self._batch(size)]

    def _warm(self, kind: str) -> Iterator[dict[str, Any]]:
        prompts = self._prompts[kind]
        works: dict[str, Callable[[Prompt], object]] = {}
        for name, theirs in self._upstream.items():
            works[f"upstream {name}"] = partial(theirs.click, transform=self._rigs[0].transform)
        for rig in self._rigs:
            works[f"engine {rig.name}"] = rig.engine
            if prompts[0].mask_logits is None:  # the protocol has none
                works[f"worker {rig.name}"] = rig.ask_worker
        found = take_turns(works, prompts, self._settings.turns, before=self._settle)
        for rig in self._rigs:
            worker = found.get(f"worker {rig.name}")
            yield {
                "model": rig.choice.label,
                "prompt": kind,
                "against": self._against(rig),
                "upstream": found[f"upstream {self._against(rig)}"].summary(),
                "engine": found[f"engine {rig.name}"].summary(),
                "worker": worker.summary() if worker else None,
                "iou_with_upstream": self._agreement(rig, prompts),
            }

    def _decode_alone(self, kind: str) -> Iterator[dict[str, Any]]:
        prompts = self._prompts[kind]
        works: dict[str, Callable[[list[Prompt]], object]] = {}
        for name, theirs in self._upstream.items():
            works[f"upstream {name}"] = theirs.decode
        for rig in self._rigs:
            works[f"engine {rig.name}"] = rig.decode
        singly = [[prompt] for prompt in prompts]
        found = take_turns(works, singly, self._settings.turns)
        for rig in self._rigs:
            yield {
                "model": rig.choice.label,
                "prompt": kind,
                "against": self._against(rig),
                "upstream": found[f"upstream {self._against(rig)}"].summary(),
                "engine": found[f"engine {rig.name}"].summary(),
                "largest_difference": self._difference(rig, prompts),
            }

    def _batch(self, size: int) -> Iterator[dict[str, Any]]:
        clicks = self._prompts["1 click"]
        batch = [clicks[i % len(clicks)] for i in range(size)]
        works: dict[str, Callable[[list[Prompt]], object]] = {}
        for name, theirs in self._upstream.items():
            works[f"predictor {name}"] = theirs.predict
            works[f"network {name}"] = theirs.decode
        for rig in self._rigs:
            works[f"decode {rig.name}"] = rig.decode
            works[f"polygons {rig.name}"] = rig.decode_to_polygons
        turns = min(self._settings.turns, max(FEWEST_BATCHES, BATCHED_PROMPTS // size))
        found = take_turns(works, [batch], turns)

        def per_second(name: str) -> float:
            return 1e3 * size / found[name].p50_ms

        for rig in self._rigs:
            yield {
                "model": rig.choice.label,
                "batch": size,
                "against": self._against(rig),
                "predictor_per_s": per_second(f"predictor {self._against(rig)}"),
                "network_per_s": per_second(f"network {self._against(rig)}"),
                "decode_per_s": per_second(f"decode {rig.name}"),
                "polygons_per_s": per_second(f"polygons {rig.name}"),
            }

    def _against(self, rig: Rig) -> str:
        """The name of upstream's model that a rig is compared with."""
        return rig.name if rig.name in self._upstream else YARDSTICK

    def _is_found(self, target: Target) -> bool:
        """By all models in all ways: a click that finds nothing ends early."""
        try:
            return all(
                not rig.engine(target.prompt(kind)).is_empty for rig in self._rigs for kind in KINDS
            )
        except NothingFoundError:
            return False

    def _agreement(self, rig: Rig, prompts: Sequence[Prompt]) -> float | None:
        """The least IoU of both sides' polygons, of which upstream's run along pixels; None where
        upstream has not this model."""
        if rig.name not in self._upstream:
            return None
        theirs = self._upstream[rig.name]
        pairs = [(rig.whole_mask(p), theirs.polygon(p, rig.transform)) for p in prompts]
        return min(float(a.intersection(b).area / a.union(b).area) for a, b in pairs)

    def _difference(self, rig: Rig, prompts: Sequence[Prompt]) -> float | None:
        """The largest one of any logit from upstream's, all candidates of all prompts."""
        if rig.name not in self._upstream:
            return None
        from benchmarks.support.upstream_clicks import LOGIT_LIMIT

        worst = 0.0
        for prompt in prompts:
            (ours,) = rig.decode([prompt], multimask=True)
            (theirs,) = self._upstream[rig.name].decode([prompt], multimask=True)
            limited = (np.clip(v, -LOGIT_LIMIT, LOGIT_LIMIT) for v in (ours.logits, theirs))
            worst = max(worst, float(np.abs(np.subtract(*limited)).max()))
        return worst

    def _settle(self) -> None:
        settle([rig.worker for rig in self._rigs])


def _ask_cold(rig: Rig, click: Prompt, patch: PatchId, series: Series) -> None:
    """Not counted when the worker has made the patch ready beforehand."""
    taken = Series()
    answer = timed(taken, rig.ask_worker, click, patch)
    if answer["timings_ms"]["prepare"] > 0:
        series.wall += taken.wall
        series.cpu += taken.cpu


def far_apart(side: int, wanted: int) -> list[PatchId]:
    """Patches of a square grid but the warm one, each once, and from one to the next far."""
    number = side * side
    start = round(GOLDEN * number)
    step = next(n for n in count(max(start, 1)) if np.gcd(n, number) == 1)
    cells = [PatchId(0, *divmod(i * step % number, side)) for i in range(number)]
    return [patch for patch in cells if patch != WARM][:wanted]


def measure(choices: Sequence[ModelChoice], settings: Settings, folder: Path) -> dict[str, Any]:
    import torch

    from benchmarks.support.upstream_clicks import UpstreamClicks
    from tests.support.upstream import CONFIGS

    torch.set_num_threads(settings.threads)
    scene = make_scene(PATCH_SIZE, SCENE_SEED)
    targets = choose_targets(scene, settings.buildings)
    raster = write_raster(scene, folder, settings.side)
    shapes = Shapes.of(targets)
    shapes_file = shapes.write(folder / "shapes.npz")
    with ExitStack() as stack:
        rigs, upstream = list[Rig](), dict[str, UpstreamClicks]()
        for choice in _with_yardstick(choices):
            print(f"Making a cache of {choice.label} …", file=sys.stderr, flush=True)
            stand_in = shapes if choice.is_seeded else None
            given = choice.with_weights(folder)
            place = folder / f"{choice.name}.sam2.zarr"
            cache = write_cache(raster, given, place, settings.threads)
            if choice.name in CONFIGS:
                upstream[choice.name] = UpstreamClicks(
                    choice.name, given.weights, cache.load(WARM), stand_in
                )
            if choice in choices:
                command = worker_command(shapes_file if choice.is_seeded else None)
                log = folder / f"{choice.name}.log"
                worker = stack.enter_context(WorkerClient(*command, log))
                rigs.append(Rig(choice, cache, stand_in, worker, settings.threads))
        comparison = Comparison(rigs, upstream, targets, settings)
        print(f"Clicking on {len(comparison.targets)} buildings …", file=sys.stderr, flush=True)
        return {
            "threads": settings.threads,
            "dtypes": {rig.name: rig.cache.manifest.dtype for rig in rigs},
            "prepared_mb": {rig.name: rig.state.nbytes / 1e6 for rig in rigs},
            "buildings": len(comparison.targets),
            "cold": comparison.cold(),
            "warm": comparison.warm(),
            "polygons": comparison.polygons(),
            "decode": comparison.decode_alone(),
            "batches": comparison.batches(),
        }


def _with_yardstick(choices: Sequence[ModelChoice]) -> list[ModelChoice]:
    from tests.support.upstream import CONFIGS

    needed = any(choice.name not in CONFIGS for choice in choices)
    there = any(choice.name == YARDSTICK for choice in choices)
    return [*choices, *([ModelChoice(YARDSTICK)] if needed and not there else [])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", action="append", type=ModelChoice.parse, metavar="NAME[=PATH]",
        help="what to measure, with a checkpoint's weights; repeatable; default nano, sam2.1-tiny",
    )  # fmt: skip
    parser.add_argument("--threads", type=int, default=2, help="of the engine and of torch")
    parser.add_argument("--turns", type=int, default=20, help="of each kind of prompt")
    parser.add_argument("--cold", type=int, default=16, help="patches that are clicked once")
    parser.add_argument("--batch", type=int, action="append", help="sizes; default 1 and 64")
    parser.add_argument("--buildings", type=int, default=10, help="that are clicked in turn")
    parser.add_argument("--markdown", action="store_true", help="print sections for a page")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/click_latency.json"), help="the JSON file"
    )
    options = parser.parse_args()
    require_torch()
    settings = Settings(
        turns=options.turns,
        cold=options.cold,
        batches=tuple(options.batch or (1, 64)),
        buildings=options.buildings,
        threads=options.threads,
    )
    facts = machine_facts()
    choices = options.model or [ModelChoice(name) for name in MODELS]
    with tempfile.TemporaryDirectory() as folder:
        found = {**facts, **measure(choices, settings, Path(folder))}
    print(f"{headline(facts)}\n{settings.threads} threads\n")
    for table in click_tables(found):
        print(table.markdown() if options.markdown else table.text())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Wrote {options.out}")


if __name__ == "__main__":
    main()
