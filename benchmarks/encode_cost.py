"""What encoding costs per megapixel: seconds, memory, disk; and against upstream's way.

    python benchmarks/encode_cost.py [--model nano --model sam2.1-tiny=FILE …] [--side 1024 …]
        [--whole-up-to 2048] [--sample 16] [--threads 2] [--markdown]

Rasters of growing size are encoded with the defaults, each in a process of its own. Those larger
than --whole-up-to are encoded in part, --sample patches of level 0 and fewer of the others, spread
over them: reading, memory and disk are those of the large raster, its seconds are reckoned from
the patches that were encoded (marked ~). A model without a checkpoint is measured with seeded
weights, which cost the same.

Upstream's way is `SAM2ImagePredictor.set_image` on every 1024 x 1024 window at a stride of 512,
as other plugins overlap them, in this same run, before and after ours: the mean counts. It has
one level. The first polygon is that of `segment RASTER` on a raster without a cache, by the clock
of a process of its own: what it takes beyond starting up and encoding the patch. With a CUDA device
there are rows of patches per second as well. Prints tables and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.windows import Window

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.support.clicked_patch import ModelChoice
from benchmarks.support.encode_once import Order
from benchmarks.support.first_polygon import FirstClick
from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.needs_torch import require_torch
from benchmarks.support.tables import Table, times
from encoder_tool.grid import Pyramid, ceil_div, levels_to_fit
from encoder_tool.sample import write_sample
from encoder_tool.types import PATCH_SIZE

REPOSITORY = Path(__file__).resolve().parents[1]

UPSTREAM_STRIDE = 512
UPSTREAM_TURNS = 2

FIRST_TURNS = 3
FIRST_CLICK_PX = (700, 600)
"""Where the models find something, seeded weights too."""

GPU_MODELS = ("sam2.1-tiny", "sam2.1-large")
GPU_SAMPLE = 64


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one model and raster side; seconds without what is paid once (planning, loading).

    extrapolated: whether seconds and disk are reckoned from a part of the patches
    seconds_level_0, seconds: of level 0 alone, and of the whole pyramid
    overhead: wall time over the model's own
    upstream_seconds: at UPSTREAM_STRIDE; None where upstream has no such model
    """

    model: str
    side: int
    extrapolated: bool
    patches_level_0: int
    patches: int
    seconds_level_0: float
    seconds: float
    once_seconds: float
    overhead: float
    peak_bytes: int
    disk_bytes: float
    upstream_patches: int
    upstream_seconds: float | None

    @property
    def megapixels(self) -> float:
        return self.side**2 / 1e6

    def share_of_upstream(self, seconds: float) -> str:
        return "" if self.upstream_seconds is None else times(seconds / self.upstream_seconds)


def write_raster(path: Path, side: int) -> Path:
    """A sample scene again and again, in tiles and compressed as aerial images mostly are."""
    with (
        tempfile.TemporaryDirectory() as folder,
        rasterio.open(write_sample(Path(folder), size=PATCH_SIZE).scene) as source,
    ):
        scene = source.read()
    repeats = ceil_div(side, PATCH_SIZE)
    row = np.tile(scene, (1, 1, repeats))[:, :, :side]
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=3, dtype="uint8", tiled=True,
        blockxsize=512, blockysize=512, compress="deflate", crs="EPSG:32633",
        transform=Affine(0.3, 0, 500_000, 0, -0.3, 4_650_000), BIGTIFF="IF_SAFER",
    ) as raster:  # fmt: skip
        for top in range(0, side, PATCH_SIZE):
            height = min(PATCH_SIZE, side - top)
            raster.write(row[:, :height], window=Window(0, top, side, height))
    return path


def encode_apart(order: Order) -> dict[str, Any]:
    """What `encode_once` tells of an order."""
    return _told("encode_once", order.text())


def first_polygon_apart(asked: FirstClick) -> dict[str, Any]:
    """What `first_polygon` tells of a click."""
    return _told("first_polygon", asked.text())


def _told(module: str, text: str) -> dict[str, Any]:
    """By a module of `benchmarks.support`, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.support.{module}", text],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(json.loads(done.stdout))


class UpstreamImages:
    """Seconds of reading a window and setting it as upstream's image; the first one, which also
    gets torch ready, is made here and not counted."""

    def __init__(self, model: ModelChoice, threads: int | None) -> None:
        import torch

        from tests.support.upstream import predictor

        if threads is not None:
            torch.set_num_threads(threads)
        self._predictor = predictor(model.name, model.weights)
        self._predictor.set_image(np.zeros((PATCH_SIZE, PATCH_SIZE, 3), np.uint8))

    def seconds(self, raster: Path, turns: int) -> list[float]:
        """Of so many windows."""
        found = []
        with rasterio.open(raster) as source:
            last = max(0, source.width - PATCH_SIZE)
            for turn in range(turns):
                began = time.perf_counter()
                offset = min(UPSTREAM_STRIDE * turn, last)
                window = Window(offset, offset, PATCH_SIZE, PATCH_SIZE)
                self._predictor.set_image(source.read(window=window).transpose(1, 2, 0))
                found.append(time.perf_counter() - began)
        return found


def upstream_patches(side: int) -> int:
    return (1 + ceil_div(max(0, side - PATCH_SIZE), UPSTREAM_STRIDE)) ** 2


def measure(
    model: ModelChoice,
    label: str,
    raster: Path,
    side: int,
    *,
    sample: int | None,
    threads: int | None,
    upstream: UpstreamImages | None,
) -> Cost:
    """model: with weights; label: as it was asked for; sample: None to encode all of it"""
    before = upstream.seconds(raster, UPSTREAM_TURNS) if upstream else []
    with tempfile.TemporaryDirectory() as folder:
        told = encode_apart(
            Order(
                str(raster),
                str(Path(folder) / "cache"),
                model.name,
                str(model.checkpoint) if model.checkpoint else None,
                "cpu",
                threads,
                sample,
            )
        )
    after = upstream.seconds(raster, UPSTREAM_TURNS) if upstream else []
    pyramid = Pyramid(side, side, levels_to_fit(side, side))
    level_0 = pyramid.level(0).rows * pyramid.level(0).cols
    patches = sum(1 for _ in pyramid.patches())
    encoded = told["encoded"]
    each = told["patch_seconds"] / encoded
    patch_bytes = (told["bytes_on_disk"] - told["decoder_bytes"]) / encoded
    return Cost(
        model=label,
        side=side,
        extrapolated=encoded < patches,
        patches_level_0=level_0,
        patches=patches,
        seconds_level_0=each * level_0,
        seconds=each * patches,
        once_seconds=told["once_seconds"],
        overhead=told["patch_seconds"] / told["model_seconds"],
        peak_bytes=told["peak_bytes"],
        disk_bytes=told["decoder_bytes"] + patch_bytes * patches,
        upstream_patches=upstream_patches(side),
        upstream_seconds=float(np.mean([*before, *after])) * upstream_patches(side)
        if upstream
        else None,
    )


def cost_table(costs: list[Cost]) -> Table:
    table = Table(
        "Encoding",
        ("model", "raster", "patches", "once, s", "s/MP level 0", "s/MP all levels", "wall/model",
         "peak MB", "disk MB/MP", "upstream s/MP", "level 0/upstream", "all/upstream"),
        "Per megapixel (MP) of the raster. Patches: of level 0 + of all coarser levels. Once: "
        "planning the encode and loading the model, in no other column. Wall/model: what the "
        "encode takes over what the model alone does. Disk: with the decoder that each cache "
        "carries, of sam2.1 about 15 MB. Upstream: set_image per patch at a stride of "
        f"{UPSTREAM_STRIDE}. ~: reckoned from a part of the patches.",
    )  # fmt: skip
    for cost in costs:
        mark = "~" if cost.extrapolated else ""
        theirs = cost.upstream_seconds
        table.add(
            cost.model,
            f"{cost.side} px",
            f"{cost.patches_level_0} + {cost.patches - cost.patches_level_0}",
            f"{cost.once_seconds:.1f}",
            f"{mark}{cost.seconds_level_0 / cost.megapixels:.2f}",
            f"{mark}{cost.seconds / cost.megapixels:.2f}",
            times(cost.overhead),
            f"{cost.peak_bytes / 1e6:.0f}",
            f"{mark}{cost.disk_bytes / cost.megapixels / 1e6:.1f}",
            "" if theirs is None else f"{mark}{theirs / cost.megapixels:.2f}",
            cost.share_of_upstream(cost.seconds_level_0),
            cost.share_of_upstream(cost.seconds),
        )
    return table


def first_polygon_row(
    model: ModelChoice, label: str, raster: Path, threads: int | None
) -> dict[str, Any]:
    """The turn with the middle share, of FIRST_TURNS; the raster has no cache before and after."""
    with rasterio.open(raster) as source:
        x, y = source.transform @ FIRST_CLICK_PX
    turns = []
    for _ in range(FIRST_TURNS):
        told = first_polygon_apart(
            FirstClick(
                str(raster),
                model.name,
                str(model.checkpoint) if model.checkpoint else None,
                x,
                y,
                threads,
            )
        )
        for cache in raster.parent.glob(f"{raster.name}.*.sam2.zarr"):
            shutil.rmtree(cache)
        turns.append({**told, "share": told["first_polygon_s"] / _least_seconds(told)})
    turns.sort(key=lambda told: told["share"])
    return {"model": label, **turns[len(turns) // 2]}


def _least_seconds(told: dict[str, Any]) -> float:
    """Before which there can be no polygon."""
    return float(told["start_up_s"] + told["encode_s"])


def first_polygon_table(rows: list[dict[str, Any]]) -> Table:
    table = Table(
        "First polygon of a raster that nobody has encoded",
        ("model", "start-up, s", "encoding the patch, s", "polygon after, s", "polygon/both"),
        "`segment RASTER`, from the start of its process. Start-up: imports, the raster's stretch "
        "and fingerprint, the model, the empty cache with its decoder.",
    )
    for row in rows:
        seconds = [f"{row[key]:.2f}" for key in ("start_up_s", "encode_s", "first_polygon_s")]
        table.add(row["model"], *seconds, times(row["share"]))
    return table


def gpu_rows(folder: Path, raster: Path) -> list[dict[str, Any]]:
    """Patches per second on a CUDA device, end to end and of the model alone; none without one."""
    import torch

    if not torch.cuda.is_available():
        return []
    rows = []
    for name in GPU_MODELS:
        model = ModelChoice(name).with_weights(folder)
        told = encode_apart(
            Order(
                str(raster),
                str(folder / f"{name}.sam2.zarr"),
                name,
                str(model.checkpoint),
                "cuda",
                None,
                GPU_SAMPLE,
            )
        )
        rows.append(
            {
                "model": ModelChoice(name).label,
                "batch": told["batch"],
                "end_to_end": told["encoded"] / told["patch_seconds"],
                "model_alone": told["encoded"] / told["model_seconds"],
            }
        )
    return rows


def gpu_table(rows: list[dict[str, Any]]) -> Table:
    table = Table("Encoding on CUDA", ("model", "batch", "patches/s", "model alone, patches/s"))
    for row in rows:
        table.add(row["model"], row["batch"], f"{row['end_to_end']:.1f}",
                  f"{row['model_alone']:.1f}")  # fmt: skip
    return table


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--model", type=ModelChoice.parse, action="append", metavar="NAME[=PATH]",
        help="what to measure, with a checkpoint's weights; repeatable; default nano, sam2.1-tiny",
    )  # fmt: skip
    parser.add_argument(
        "--side", type=int, action="append", metavar="PX",
        help="of a square raster; repeatable; default 1024, 2048, 4096 and 16384",
    )  # fmt: skip
    parser.add_argument(
        "--whole-up-to", type=int, default=2048, metavar="PX",
        help="larger rasters are encoded in part, and reckoned from that",
    )  # fmt: skip
    parser.add_argument(
        "--sample", type=int, default=16, metavar="PATCHES", help="how many of a larger raster"
    )
    parser.add_argument("--threads", type=int, default=2, help="of the engine and of torch")
    parser.add_argument("--markdown", action="store_true", help="print sections for a page")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/encode_cost.json"), help="the JSON file"
    )
    asked = parser.parse_args(arguments)
    require_torch()
    from tests.support.upstream import CONFIGS

    facts = machine_facts()
    print(headline(facts), end="\n\n")
    choices = asked.model or [ModelChoice("nano"), ModelChoice("sam2.1-tiny")]
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = [(choice.label, choice.with_weights(folder)) for choice in choices]
        upstream = {
            model: UpstreamImages(model, asked.threads)
            for _, model in models
            if model.name in CONFIGS
        }
        raster = folder / "raster.tif"
        for side in asked.side or [1024, 2048, 4096, 16384]:
            write_raster(raster, side)
            sample = None if side <= asked.whole_up_to else asked.sample
            for label, model in models:
                costs.append(
                    measure(
                        model, label, raster, side, sample=sample, threads=asked.threads,
                        upstream=upstream.get(model),
                    )
                )  # fmt: skip
        first = [first_polygon_row(model, label, raster, asked.threads) for label, model in models]
        gpu = gpu_rows(folder, raster)
    tables = [cost_table(costs), first_polygon_table(first), *([gpu_table(gpu)] if gpu else [])]
    for table in tables:
        print(table.markdown() if asked.markdown else table.text())
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    told = {
        **facts,
        "threads": asked.threads,
        "encoding": [asdict(cost) for cost in costs],
        "first_polygon": first,
        "cuda": gpu,
    }
    asked.out.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
