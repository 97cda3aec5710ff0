"""Everything at once: its time against upstream's generator, what it finds, and its memory.

    python benchmarks/automatic.py [--parts time,found,shifted,memory] [--points 32] [--scenes 2]

time: masks of one patch by sam2's `SAM2AutomaticMaskGenerator` and by ours, in the same run on the
    same patch with seeded weights of sam2.1-tiny, after encoding; the fastest turn of each counts
found: recall of true objects at an IoU of 0.5, precision, and pairs of objects with an IoU above
    0.8, on procedural scenes encoded with nano, by preset
shifted: how many objects of a scene are found again, at an IoU of 0.8, in the same scene without
    its first half patch of columns and rows, whose patches so lie elsewhere
memory: the peak of a run on a raster of 4096 and of one of 16384 pixels a side, whose patches all
    have the features of one
Prints tables and writes JSON; parts that are left out stay in it as they were.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import rasterio
import shapely
from rasterio.windows import Window as RasterWindow

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.needs_torch import require_torch
from benchmarks.support.tables import Table, times
from benchmarks.support.timing import Series, timed
from encoder_tool.automatic import AutomaticRequest, MaskParameters, preset
from encoder_tool.automatic.outputs import Outputs
from encoder_tool.automatic.patch_masks import find_patch_masks
from encoder_tool.automatic.segment_all import segment_all
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.model import decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.registry import get_spec
from encoder_tool.sample import write_sample
from encoder_tool.scene import make_scene
from encoder_tool.types import PATCH_SIZE, BoxPixel

MODEL = "sam2.1-tiny"
PARTS = ("time", "found", "shifted", "memory")
PRESETS_MEASURED = ("default", "fast")
SEED = 2_004_000
"""Training draws scenes below a million and chooses by those from a million on."""

SIDES = (4096, 16384)

WHOLE_PATCH = BoxPixel(0, 0, PATCH_SIZE, PATCH_SIZE)


def times_by_preset(points: int, turns: int, threads: int, folder: Path) -> dict[str, Series]:
    """Of upstream with its defaults, and of ours; without encoding the patch."""
    import torch

    from tests.support.upstream import mask_generator, predictor

    torch.set_num_threads(threads)
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
    works |= {name: ours(name) for name in PRESETS_MEASURED}
    found = {name: Series() for name in works}
    for _ in range(turns):
        for name, work in works.items():
            timed(found[name], work)
    return found


def _checkpoint(folder: Path) -> Path:
    from tests.support.checkpoints import random_tensors, write_checkpoint
    from tests.support.upstream import video_tensors

    tensors = {**video_tensors(MODEL), **random_tensors(get_spec(MODEL).structure)}
    return write_checkpoint(folder / "tiny.pt", tensors)


def found_on_scenes(count: int, size: int, presets: Sequence[str]) -> dict[str, dict[str, float]]:
    """By preset: recall, precision, duplicates, objects and seconds, over all scenes."""
    told: dict[str, list[dict[str, float]]] = {name: [] for name in presets}
    for number in range(count):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sample = write_sample(folder, size=size, seed=SEED + number)
            cache = encoded(sample.scene)
            truth = shapely.from_wkb(pyogrio.raw.read(sample.truth)[2])
            for kind, results in told.items():
                objects, seconds = everything_in(cache, kind, folder / f"{kind}.gpkg")
                results.append({**scored(objects, truth), "seconds": seconds})
    return {
        kind: {key: float(np.mean([one[key] for one in results])) for key in results[0]}
        for kind, results in told.items()
    }


def encoded(raster: Path) -> FeatureCache:
    """With nano, the finest level alone."""
    return open_cache(run_encode(plan_encode(EncodeRequest(raster, levels=1))).cache)


def everything_in(cache: FeatureCache, kind: str, out: Path) -> tuple[np.ndarray, float]:
    """The objects [N] that a preset finds, in the raster's CRS, and the seconds that took."""
    request = AutomaticRequest(parameters=preset(kind, cache.manifest.model.name))
    run = segment_all(cache, request, Outputs(out))
    return shapely.from_wkb(pyogrio.raw.read(out)[2]), run.seconds


def found_again(size: int) -> dict[str, float]:
    """Objects of a scene that lie well within it without its first half patch, and the share of
    them that is found there with an IoU of at least 0.8."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scene = write_sample(folder, size=size, seed=SEED).scene
        shifted = _without_first_half_patch(scene, folder / "shifted.tif")
        kinds = {"all": scene, "part": shifted}
        found = {
            kind: everything_in(encoded(raster), "default", folder / f"{kind}.gpkg")[0]
            for kind, raster in kinds.items()
        }
        with rasterio.open(shifted) as part:
            inner = shapely.box(*part.bounds).buffer(-2 * part.res[0])
    wanted = found["all"][shapely.contains(inner, found["all"])]
    return {"objects": len(wanted), "again": share_found_again(wanted, found["part"])}


def share_found_again(wanted: np.ndarray, found: np.ndarray) -> float:
    """Of objects [N] those that are among others [M] with an IoU of at least 0.8."""
    one, other = shapely.STRtree(found).query(wanted, predicate="intersects")
    again = one[_iou(wanted[one], found[other]) >= 0.8]
    return len(set(again.tolist())) / len(wanted)


def _without_first_half_patch(raster: Path, out: Path) -> Path:
    with rasterio.open(raster) as source:
        half = PATCH_SIZE // 2
        window = RasterWindow(half, half, source.width - half, source.height - half)
        profile = {
            **source.profile, "width": window.width, "height": window.height,
            "transform": source.window_transform(window),
        }  # fmt: skip
        with rasterio.open(out, "w", **profile) as target:
            target.write(source.read(window=window))
    return out


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


def time_table(series: dict[str, Series], points: int) -> Table:
    columns = ("", "s", "of upstream", "processor's s", "of upstream")
    table = Table("Masks of one patch", columns, f"{points} points a side.")
    first = series["upstream"]
    for name, one in series.items():
        wall, cpu = min(one.wall), min(one.cpu)
        table.add(
            name, f"{wall:.1f}", times(wall / min(first.wall)),
            f"{cpu:.1f}", times(cpu / min(first.cpu)),
        )  # fmt: skip
    return table


def found_table(found: dict[str, dict[str, float]], scenes: int, size: int) -> Table:
    columns = ("preset", "objects", "recall", "precision", "duplicates", "s")
    table = Table(f"{scenes} scenes of {size} pixels, nano", columns)
    for name, one in found.items():
        table.add(
            name, f"{one['objects']:.0f}", f"{one['recall']:.3f}", f"{one['precision']:.3f}",
            f"{one['duplicates']:.0f}", f"{one['seconds']:.0f}",
        )  # fmt: skip
    return table


def shifted_table(found: dict[str, float], size: int) -> Table:
    table = Table(f"A scene of {size} pixels, shifted by half a patch", ("objects", "found again"))
    table.add(f"{found['objects']:.0f}", f"{found['again']:.3f}")
    return table


def memory_table(peaks: dict[int, float], points: int) -> Table:
    table = Table("Peak memory", ("pixels a side", "MB"), f"{points} points a side.")
    for side, peak in peaks.items():
        table.add(side, f"{peak:.0f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--parts", default=",".join(PARTS), metavar="NAMES",
        help="of these, separated by commas; time needs torch",
    )  # fmt: skip
    parser.add_argument("--points", type=int, default=32, metavar="N", help="a side, for time")
    parser.add_argument("--turns", type=int, default=2, metavar="N", help="for time")
    parser.add_argument("--scenes", type=int, default=2, metavar="N", help="for found")
    parser.add_argument(
        "--presets", default=",".join(PRESETS_MEASURED), metavar="NAMES", help="for found"
    )
    parser.add_argument("--size", type=int, default=4096, metavar="PX", help="of scenes")
    parser.add_argument(
        "--memory-points", type=int, default=8, metavar="N", help="a side, for memory"
    )
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="of torch, for time")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/automatic.json"), help="the JSON file"
    )
    options = parser.parse_args()
    parts = options.parts.split(",")
    if not set(parts) <= set(PARTS):
        parser.error(f"--parts are some of {', '.join(PARTS)}")
    if "time" in parts:
        require_torch()
    facts = machine_facts()
    print(headline(facts), end="\n\n")
    told: dict[str, Any] = json.loads(options.out.read_text()) if options.out.exists() else {}
    for part in parts:
        table, numbers = _measured(part, options)
        print(table.text(), flush=True)
        told[part] = {**told.get(part, {}), **facts, **numbers}
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(told, indent=2) + "\n")


def _measured(part: str, options: argparse.Namespace) -> tuple[Table, dict[str, Any]]:
    if part == "time":
        with tempfile.TemporaryDirectory() as folder:
            series = times_by_preset(options.points, options.turns, options.threads, Path(folder))
        summaries = {name: one.summary() for name, one in series.items()}
        return time_table(series, options.points), {"points": options.points, **summaries}
    if part == "found":
        found = found_on_scenes(options.scenes, options.size, options.presets.split(","))
        return found_table(found, options.scenes, options.size), found
    if part == "shifted":
        again = found_again(options.size)
        return shifted_table(again, options.size), again
    peaks = peak_megabytes(options.memory_points)
    return memory_table(peaks, options.memory_points), {"peak_mb": peaks}


if __name__ == "__main__":
    main()
