"""Clicks on things of all sizes: what the finest level makes of them, and the surest one.

    python benchmarks/level_choice.py                            on procedural towns of 0.1 m
    python benchmarks/level_choice.py --folder FOLDER --site zanzibar --limit 60
    python benchmarks/level_choice.py --model sam2.1-tiny=CHECKPOINT.pt

One click on the point furthest inside each building, answered by level 0 alone, and as it is
answered by default: where the model is unsure the next level up is asked too, and the surer one
answers (encoder_tool/surest.py). IoU of the polygon with the truth, by the building's size in
pixels of level 0. Prints a table in Markdown and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.accuracy import FIRST_SEED, Model, site_files
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import NothingFoundError, PromptError
from encoder_tool.metrics import innermost_point
from encoder_tool.sample import write_scene
from encoder_tool.scene import make_scene
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.truth import read_truth

TOWN_PX, TOWN_M = 3072, 0.1
SIZES_PX = (0, 40, 80, 160, math.inf)


@dataclass(frozen=True)
class Clicked:
    """IoU of one thing by the finest level alone and by the surest; side_px: of a square of its
    area; level: that answered by default"""

    side_px: float
    finest: float
    surest: float
    level: int


def click_all(model: Model, raster: Path, truth: Path, limit: int, work: Path) -> Iterator[Clicked]:
    request = EncodeRequest(
        raster, out=work / f"{raster.stem}.{model.file_name}", model=model.name,
        checkpoint=model.checkpoint, stretch="none", restart=True,
    )  # fmt: skip
    segmenter = Segmenter(open_cache(run_encode(plan_encode(request)).cache))
    manifest, left = segmenter.manifest, limit
    pixel = math.sqrt(abs(manifest.affine.determinant))
    for item in read_truth(truth, manifest.raster.crs_wkt, None):
        if item.class_name not in (None, "building") or not left:
            continue
        prompt = MapPrompt(include=(innermost_point(item.geometry),))
        try:
            finest, _ = _answer(segmenter, SegmentRequest(prompt, level=0), item.geometry)
            surest, level = _answer(segmenter, SegmentRequest(prompt), item.geometry)
        except PromptError:  # not on this raster
            continue
        yield Clicked(math.sqrt(item.geometry.area) / pixel, finest, surest, level)
        left -= 1


def _answer(
    segmenter: Segmenter, request: SegmentRequest, truth: shapely.Geometry
) -> tuple[float, int]:
    try:
        result = segmenter.segment(request)
    except NothingFoundError:
        return 0.0, 0
    found = result.objects[0].geometry
    return found.intersection(truth).area / found.union(truth).area, result.patch_id.level


def places(options: argparse.Namespace, work: Path) -> Iterator[tuple[Path, Path]]:
    """Rasters with their truth."""
    for site in options.site:
        rasters, truth = site_files(options.folder, site)
        yield from ((raster, truth) for raster in rasters)
    for index in range(0 if options.site else options.towns):
        place = work / f"town{index}"
        paths = write_scene(make_scene(TOWN_PX, FIRST_SEED + 2000 + index, TOWN_M), place)
        yield paths.scene, paths.truth


def table(clicked: list[Clicked]) -> str:
    lines = ["| side, px | n | level 0 alone | surest level | answered above level 0 |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for low, high in [(0.0, math.inf), *pairwise(SIZES_PX)]:
        part = [c for c in clicked if low <= c.side_px < high]
        if part:
            name = "all" if (low, high) == (0.0, math.inf) else f"{low:g}-{high:g}"
            lines.append(
                f"| {name} | {len(part)} | {np.mean([c.finest for c in part]):.3f} | "
                f"{np.mean([c.surest for c in part]):.3f} | {sum(c.level > 0 for c in part)} |"
            )
    return "\n".join(lines).replace("-inf", " and more")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", type=Model.parse, default=Model("nano"), metavar="NAME[=WEIGHTS]",
        help="whose levels are judged; default nano",
    )  # fmt: skip
    parser.add_argument("--towns", type=int, default=4, metavar="N", help="procedural ones")
    parser.add_argument("--folder", type=Path, help="sites: NAME_*.tif with NAME.geojson")
    parser.add_argument("--site", action="append", default=[], metavar="NAME",
                        help="of the folder; repeatable")  # fmt: skip
    parser.add_argument("--limit", type=int, default=60, help="buildings of a raster at most")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/level_choice.json"), help="the JSON file"
    )
    options = parser.parse_args()
    if options.site and options.folder is None:
        parser.error("--site needs --folder")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        clicked = [
            one
            for raster, truth in places(options, work)
            for one in click_all(options.model, raster, truth, options.limit, work)
        ]
    print(table(clicked))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([vars(one) for one in clicked], indent=1))


if __name__ == "__main__":
    main()
