"""Everything at once: its time against upstream's generator, what it finds, and its memory.

    python benchmarks/automatic.py [--points 32] [--scenes 2] [--size 4096] [--memory 8]

time: masks of one patch by sam2's `SAM2AutomaticMaskGenerator` and by ours, in the same run on the
    same patch with seeded weights of sam2.1-tiny, after encoding; the fastest turn of each counts
found: recall of true objects at an IoU of 0.5, precision, and pairs of objects with an IoU above
    0.8, on procedural scenes encoded with nano, by preset (0 scenes leave it out)
memory: the peak of a run on a raster of 4096 and of one of 16384 pixels a side, whose patches all
    have the features of one; with so many points a side, 0 leaves it out
Prints tables and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.tables import Table, times
from benchmarks.support.timing import Series, timed
from encoder_tool.automatic import AutomaticRequest, MaskParameters, preset
from encoder_tool.automatic.outputs import Outputs
from encoder_tool.automatic.patch_masks import find_patch_masks
from encoder_tool.automatic.segment_all import segment_all
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.model import decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.registry import get_spec
from encoder_tool.sample import write_sample
from encoder_tool.scene import make_scene
from encoder_tool.types import PATCH_SIZE, BoxPixel
from tests.support.checkpoints import random_tensors, write_checkpoint
from tests.support.upstream import mask_generator, predictor, video_tensors

MODEL = "sam2.1-tiny"
TURNS = 2
SEED = 4_000
"""Of scenes that nano was not trained on."""

SIDES = (4096, 16384)

WHOLE_PATCH = BoxPixel(0, 0, PATCH_SIZE, PATCH_SIZE)


def times_by_preset(points: int, folder: Path) -> dict[str, Series]:
    """Of upstream with its defaults, and of ours; without encoding the patch."""
    checkpoint = _checkpoint(folder)
    resolved = resolve_model(MODEL, checkpoint)
    image = make_scene(PATCH_SIZE, seed=SEED).image
    patch = np.ascontiguousarray(image.transpose(2, 0, 1)[np.newaxis], np.float32) / 255
    (features,) = load_encoder(resolved, "cpu").encode(patch)
    decoder = OnnxDecoder(decoder_graphs(resolved), resolved.spec.stability)
    state = decoder.prepare(features)
    generator = mask_generator(predictor(MODEL, checkpoint).model, points_per_side=points)
    encoded = generator.predictor
    encoded.set_image(image)
    # Its features are kept, as ours are: what is compared is all that comes after.
    encoded.set_image, encoded.reset_predictor = lambda _image: None, lambda: None

    def ours(name: str) -> Callable[[], object]:
        parameters = preset(name, MODEL)
        share = parameters.points_per_side / MaskParameters().points_per_side
        side = max(1, round(share * points))
        return lambda: find_patch_masks(
            decoder, state, parameters, side, WHOLE_PATCH, all_parts=True
        )

    works = {"upstream": lambda: generator.generate(image)}
    works |= {name: ours(name) for name in ("default", "fast")}
    found = {name: Series() for name in works}
    for _ in range(TURNS):
        for name, work in works.items():
            timed(found[name], work)
    return found


def _checkpoint(folder: Path) -> Path:
    tensors = {**video_tensors(MODEL), **random_tensors(get_spec(MODEL).structure)}
    return write_checkpoint(folder / "tiny.pt", tensors)


def found_on_scenes(count: int, size: int) -> dict[str, dict[str, float]]:
    """By preset: recall, precision, duplicates, objects and seconds, over all scenes."""
    told: dict[str, list[dict[str, float]]] = {"default": [], "fast": []}
    for number in range(count):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sample = write_sample(folder, size=size, seed=SEED + number)
            summary = run_encode(plan_encode(EncodeRequest(sample.scene, levels=1)))
            truth = shapely.from_wkb(pyogrio.raw.read(folder / "truth.gpkg")[2])
            cache = open_cache(summary.cache)
            for kind, results in told.items():
                out = folder / f"{kind}.gpkg"
                request = AutomaticRequest(parameters=preset(kind, cache.manifest.model.name))
                run = segment_all(cache, request, Outputs(out))
                objects = shapely.from_wkb(pyogrio.raw.read(out)[2])
                results.append({**scored(objects, truth), "seconds": run.seconds})
    return {
        kind: {key: float(np.mean([one[key] for one in results])) for key in results[0]}
        for kind, results in told.items()
    }


def scored(objects: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Recall and precision at an IoU of 0.5; duplicates: pairs above 0.8."""
    tree = shapely.STRtree(objects)
    of_truth, of_objects = tree.query(truth, predicate="intersects")
    good = _iou(truth[of_truth], objects[of_objects]) >= 0.5
    one, other = tree.query(objects, predicate="intersects")
    apart = one < other
    twice = _iou(objects[one[apart]], objects[other[apart]]) > 0.8
    return {
        "objects": len(objects),
        "recall": len(set(of_truth[good])) / len(truth),
        "precision": len(set(of_objects[good])) / len(objects),
        "duplicates": int(np.count_nonzero(twice)),
    }


def _iou(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    common = shapely.area(shapely.intersection(ones, others))
    return np.asarray(common / (shapely.area(ones) + shapely.area(others) - common))


def peak_megabytes(points: int) -> dict[int, float]:
    """Of a process of its own for each side of a raster."""
    script = str(Path(__file__).with_name("support") / "automatic_memory.py")
    return {
        side: float(
            subprocess.run(
                [sys.executable, script, str(side), str(points)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for side in SIDES
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=32)
    parser.add_argument("--scenes", type=int, default=2)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--memory", type=int, default=0, metavar="POINTS")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("out/bench/automatic.json"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    facts = machine_facts()
    print(headline(facts), end="\n\n")
    told: dict[str, Any] = {**facts, "points": options.points}
    if options.points:
        with tempfile.TemporaryDirectory() as folder:
            series = times_by_preset(options.points, Path(folder))
        told["time"] = {name: one.summary() for name, one in series.items()}
        columns = ("", "s", "of upstream", "processor's s", "of upstream")
        table = Table("Masks of one patch", columns, f"{options.points} points a side.")
        first = series["upstream"]
        for name, one in series.items():
            wall, cpu = min(one.wall), min(one.cpu)
            table.add(
                name, f"{wall:.1f}", times(wall / min(first.wall)),
                f"{cpu:.1f}", times(cpu / min(first.cpu)),
            )  # fmt: skip
        print(table.text(), flush=True)
    if options.scenes:
        told["found"] = found = found_on_scenes(options.scenes, options.size)
        columns = ("preset", "objects", "recall", "precision", "duplicates", "s")
        table = Table(f"{options.scenes} scenes of {options.size} pixels, nano", columns)
        for name, one in found.items():
            table.add(
                name, f"{one['objects']:.0f}", times(one["recall"]), times(one["precision"]),
                f"{one['duplicates']:.0f}", f"{one['seconds']:.0f}",
            )  # fmt: skip
        print(table.text(), flush=True)
    if options.memory:
        told["peak_mb"] = peaks = peak_megabytes(options.memory)
        table = Table("Peak memory", ("pixels a side", "MB"))
        for side, peak in peaks.items():
            table.add(side, f"{peak:.0f}")
        print(table.text(), flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
