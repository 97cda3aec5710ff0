"""What models cost: seconds to encode a patch, to prepare it, to answer a click; size of files.

    python benchmarks/model_cost.py [--model nano --model nano-v0 …] [--threads 2]

Structures without weights here are measured with random ones, which cost the same. nano's kind
encodes by ONNX Runtime, sam2.1 by torch, as they run in use; clicks are ONNX Runtime's. Models
take turns, so that what else the machine does falls on all alike; the fastest turn counts.
Prints a table and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.needs_torch import require_torch
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.encoder_onnx import OnnxEncoder
from encoder_tool.model.registry import get_spec
from encoder_tool.types import FEATURE_NAMES, Features, Prompt

if TYPE_CHECKING:
    from encoder_tool.model.seam import FeatureEncoder
    from encoder_tool.model.spec import ModelSpec

MODELS = ("nano", "nano-v0", "sam2.1-tiny")
TURNS = {"encode": 4, "prepare": 8, "click": 15}


def encoder_of(spec: ModelSpec, threads: int) -> FeatureEncoder:
    from encoder_tool.model.build import ImageModel
    from encoder_tool.model.encoder_torch import TorchEncoder
    from encoder_tool.model.export import export_encoder

    if spec.name.startswith("nano"):
        return OnnxEncoder(export_encoder(ImageModel(spec.structure), spec), spec, "cpu", threads)
    return TorchEncoder(ImageModel(spec.structure), spec, "cpu")


def works_of(spec: ModelSpec, threads: int) -> dict[str, Callable[[], object]]:
    """What is timed, each as a function."""
    from encoder_tool.model.build import ImageModel
    from encoder_tool.model.export import export_decoder

    rng = np.random.default_rng(0)
    encoder = encoder_of(spec, threads)
    decoder = OnnxDecoder(export_decoder(ImageModel(spec.structure)), spec.stability, threads)
    patch = rng.random((1, 3, 1024, 1024), np.float32)
    maps = {name: rng.random(spec.feature_shapes[name], np.float32) for name in FEATURE_NAMES}
    features = Features(**maps)
    state = decoder.prepare(features)
    click = Prompt(np.array([[500.0, 430.0]]), np.ones(1, np.int64))
    return {
        "encode": lambda: encoder.encode(patch),
        "prepare": lambda: decoder.prepare(features),
        "click": lambda: decoder.decode(state, [click]),
    }


def fastest(works: dict[str, dict[str, Callable[[], object]]]) -> dict[str, dict[str, float]]:
    """Seconds of each model's fastest turn at each kind of work."""
    found: dict[str, dict[str, float]] = {name: {} for name in works}
    for kind, turns in TURNS.items():
        for _ in range(turns):
            for name, work in works.items():
                start = time.perf_counter()
                work[kind]()
                taken = time.perf_counter() - start
                found[name][kind] = min(found[name].get(kind, taken), taken)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", action="append", metavar="NAME",
        help="a structure to measure; repeatable; default nano, nano-v0 and sam2.1-tiny",
    )  # fmt: skip
    parser.add_argument("--threads", type=int, default=2, help="of the engine and of torch")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/model_cost.json"), help="the JSON file"
    )
    options = parser.parse_args()
    require_torch()
    import torch

    from encoder_tool.model.build import ImageModel

    torch.set_num_threads(options.threads)
    names = options.model or MODELS
    facts = machine_facts()
    found = fastest({name: works_of(get_spec(name), options.threads) for name in names})
    print(headline(facts), end="\n\n")
    print("| model | encode a patch | prepare | click | parameters | float16 file |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, seconds in found.items():
        parameters = sum(p.numel() for p in ImageModel(get_spec(name).structure).parameters())
        found[name]["parameters"] = parameters
        print(
            f"| {name} | {seconds['encode']:.2f} s | {1e3 * seconds['prepare']:.0f} ms "
            f"| {1e3 * seconds['click']:.0f} ms | {parameters / 1e6:.1f} M "
            f"| {2 * parameters / 1e6:.1f} MB |",
            flush=True,
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    told = {**facts, "threads": options.threads, "models": found}
    options.out.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
