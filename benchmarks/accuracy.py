"""The yardstick: how well models find known things, and how far their scores can be trusted.

    python benchmarks/accuracy.py                             the embedded model, on scenes
    python benchmarks/accuracy.py --model nano --model nano=out/training/nano/nano.safetensors
    python benchmarks/accuracy.py --folder FOLDER --site catanduanes
    python benchmarks/accuracy.py --cache CACHE --truth VECTOR
    python benchmarks/accuracy.py --read out/bench/accuracy.json     its tables once more

On (a) procedural scenes of fixed seeds that training never draws: towns at 0.3 m a pixel
(--towns), and towns and crowded settlements at 0.07 to 1 m (--scenes); (b) sites: FOLDER/NAME_*.tif
with FOLDER/NAME.geojson or .gpkg, or one raster of a site (--site NAME_0); (c) a cache with its
truth. One click (the candidate scored best, the best of three), the exact box, NoC, the outline at
2 px, per class and per size, of masks as they are answered (and once with their strays); the rank
correlation and error of predicted IoUs; with --consistency whether the same thing is found alike
wherever it lies in the patch, and at half and double resolution. Prints tables in Markdown, those
of several models side by side as well; writes JSON, and a picture of the worst, middling and best
cases (--picture).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.accuracy_cases import draw_cases
from benchmarks.support.accuracy_consistency import consistency
from benchmarks.support.accuracy_tables import side_by_side, table
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.evaluate import EvaluationReport, ObjectScores, evaluate_cache
from encoder_tool.metrics import MAX_CLICKS, NOC_THRESHOLDS, clicks_needed
from encoder_tool.sample import write_scene
from encoder_tool.scene import Scene, SceneObject, make_scene
from encoder_tool.segment import Segmenter
from encoder_tool.types import PATCH_SIZE

FIRST_SEED = 2_000_000
"""Training draws scenes below a million and chooses by those from a million on."""

TOWN_M = 0.3
PIXEL_SIZES_M = (0.30, 0.10, 0.60, 0.18, 1.0, 0.07)
SCENE_PX = 1024
PER_CLASS = 8
SMALLEST_PX = 8.0
_EDGE_PX = 1.0
OUTLINELESS = ("road",)
"""Of a road, where it ends is drawn nowhere."""
_VECTORS = (".geojson", ".gpkg")
SIZE_BUCKETS_PX = (8, 16, 32, 64, 128, 256, 1024)

Found = dict[str, dict[str, Any]]
"""Figures by model and kind of image."""


@dataclass(frozen=True)
class Model:
    """A model by name, with the weights to use or its own."""

    name: str
    checkpoint: Path | None = None

    @classmethod
    def parse(cls, text: str) -> Model:
        name, _, path = text.partition("=")
        return cls(name, Path(path) if path else None)

    @property
    def label(self) -> str:
        return self.name if self.checkpoint is None else f"{self.name} ({self.checkpoint})"

    @property
    def file_name(self) -> str:
        """For what is written of it: two sets of weights may have the same name."""
        return re.sub(r"[^\w.-]+", "_", self.label).rstrip("_")


@dataclass(frozen=True)
class Judged:
    """A raster with its report, for the picture."""

    raster: Path
    segmenter: Segmenter
    report: EvaluationReport


def town(index: int) -> Scene:
    """As `encoder-tool sample` draws them."""
    seed = FIRST_SEED + 1000 + index
    return _with_some_things(make_scene(SCENE_PX, seed, TOWN_M), seed)


def scene_of_any_kind(index: int) -> Scene:
    """They take turns in pixel size and in being crowded."""
    seed = FIRST_SEED + index
    size = PIXEL_SIZES_M[index % len(PIXEL_SIZES_M)]
    crowded = bool(index // len(PIXEL_SIZES_M) % 2)
    return _with_some_things(make_scene(SCENE_PX, seed, size, crowded=crowded), seed)


def _with_some_things(scene: Scene, seed: int) -> Scene:
    """Of each class as many things as `PER_CLASS` are asked for, drawn by the scene's seed."""
    rng, chosen = np.random.default_rng(seed), list[SceneObject]()
    for name in sorted({item.class_name for item in scene.objects}):
        wide = [o for o in scene.objects if o.class_name == name and _side(o) >= SMALLEST_PX]
        order = rng.permutation(len(wide))[:PER_CLASS]
        chosen += [wide[i] for i in order]
    return replace(scene, objects=tuple(chosen))


def _side(item: SceneObject) -> float:
    return float(np.ptp(item.exterior, axis=0).max())


def judge_scenes(
    model: Model, scenes: Callable[[int], Scene], count: int, folder: Path
) -> Iterator[Judged]:
    for index in range(count):
        place = folder / f"{scenes.__name__}{index}"
        paths = write_scene(scenes(index), place)
        yield judge_raster(model, paths.scene, paths.truth, place / model.file_name, levels=1)


def judge_site(
    model: Model, folder: Path, name: str, limit: int | None, work: Path
) -> Iterator[Judged]:
    rasters, truth = site_files(folder, name)
    for raster in rasters:
        yield judge_raster(model, raster, truth, work / f"{raster.stem}.{model.file_name}", limit)


def site_files(folder: Path, name: str) -> tuple[list[Path], Path]:
    """A site's rasters, or the one that is called so, and the truth of the site."""
    one = folder / f"{name}.tif"
    rasters = [one] if one.exists() else sorted(folder.glob(f"{name}_*.tif"))
    site = name.rpartition("_")[0] if one.exists() else name
    vectors = [folder / f"{stem}{suffix}" for stem in (name, site) for suffix in _VECTORS]
    truths = [path for path in vectors if path.is_file()]
    if not truths or not rasters:
        raise SystemExit(f"There is no {name}_*.tif with {name}.geojson or .gpkg in {folder}.")
    return rasters, truths[0]


def judge_raster(
    model: Model, raster: Path, truth: Path, cache: Path, limit: int | None = None,
    levels: int | None = None,
) -> Judged:  # fmt: skip
    # The pictures are 8-bit as they are to be seen.
    request = EncodeRequest(
        raster, out=cache, model=model.name, checkpoint=model.checkpoint, levels=levels,
        stretch="none", restart=True,
    )  # fmt: skip
    segmenter = Segmenter(open_cache(run_encode(plan_encode(request)).cache))
    return Judged(raster, segmenter, evaluate_cache(segmenter, truth, limit=limit))


def summary(scores: Sequence[ObjectScores]) -> dict[str, Any]:
    """All figures of some objects."""
    return {
        "n": len(scores),
        "click_best_scored": _mean([s.click_best_scored for s in scores]),
        "click_best_of_three": _mean([s.click_best_of_three for s in scores]),
        "box": _mean([s.box for s in scores]),
        "boundary": _mean([s.boundary for s in scores]),
        **{
            f"noc{100 * t:.0f}": _mean([clicks_needed(s.curve, t, MAX_CLICKS) for s in scores])
            for t in NOC_THRESHOLDS
        },
    }


def calibration(scores: Sequence[ObjectScores]) -> dict[str, float]:
    """Are predicted IoUs honest? Over the click's three candidates and the box's mask."""
    pairs = np.array([pair for score in scores for pair in score.predicted])
    predicted, true = pairs.T
    return {
        "rank_correlation": spearman(predicted, true),
        "mean_error": float(np.abs(predicted - true).mean()),
        "bias": float((predicted - true).mean()),
    }


def with_strays(scores: Sequence[ObjectScores]) -> dict[str, float]:
    """IoUs of the masks as the model makes them."""
    best_scored, best_of_three, box = np.mean([s.with_strays for s in scores], axis=0).tolist()
    return {"click_best_scored": best_scored, "click_best_of_three": best_of_three, "box": box}


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's rank correlation, ties sharing their mean rank."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


def is_whole(scores: ObjectScores) -> bool:
    """Not cut by the patch's edge, and no sliver: at least `SMALLEST_PX` either way."""
    xmin, ymin, xmax, ymax = scores.polygon.bounds
    inside = min(xmin, ymin) > _EDGE_PX and max(xmax, ymax) < PATCH_SIZE - _EDGE_PX
    return inside and min(xmax - xmin, ymax - ymin) >= SMALLEST_PX


def shown(item: Judged) -> list[ObjectScores]:
    """What the pictures choose from: what is whole and has an outline, if anything is, since what
    else there is fails for that reason."""
    outlined = [s for s in item.report.scores if s.class_name not in OUTLINELESS]
    return [s for s in outlined if is_whole(s)] or list(item.report.scores)


def full_summary(scores: Sequence[ObjectScores]) -> dict[str, Any]:
    classes = sorted({s.class_name for s in scores if s.class_name is not None})
    buckets = list(pairwise(SIZE_BUCKETS_PX))
    by_size = {f"{a}-{b} px": [s for s in scores if a <= s.side_px < b] for a, b in buckets}
    outlined = [s for s in scores if s.class_name not in OUTLINELESS]
    views = {
        "with an outline": outlined,
        "whole, outlined": [s for s in outlined if is_whole(s)],
    }
    return {
        **summary(scores),
        "calibration": calibration(scores),
        "with_strays": with_strays(scores),
        "per_view": {name: summary(part) for name, part in views.items() if part},
        "per_class": {c: summary([s for s in scores if s.class_name == c]) for c in classes},
        "per_size": {name: summary(part) for name, part in by_size.items() if part},
    }


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def judge_model(model: Model, options: argparse.Namespace, work: Path) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    datasets: dict[str, list[Judged]] = {}
    kinds = (("towns", town, options.towns), ("scenes", scene_of_any_kind, options.scenes))
    for name, scenes, count in kinds:
        if count:
            datasets[name] = list(judge_scenes(model, scenes, count, work))
    for name in options.site:
        datasets[name] = list(judge_site(model, options.folder, name, options.limit, work))
    for name, rasters in datasets.items():
        scores = [score for item in rasters for score in item.report.scores]
        figures[name] = full_summary(scores)
        if name == "towns" and options.consistency:
            figures[name]["consistency"] = consistency(model.name, model.checkpoint)
        print(table(f"{model.label} on {name}", figures[name]), flush=True)
        if options.picture is not None:
            path = options.picture / f"{model.file_name}_{name}.png"
            draw_cases([(item.raster, item.segmenter, shown(item)) for item in rasters], path)
    return figures


def judge_cache(options: argparse.Namespace) -> dict[str, Any]:
    segmenter = Segmenter(open_cache(options.cache))
    report = evaluate_cache(segmenter, options.truth, limit=options.limit)
    figures = full_summary(report.scores)
    name = segmenter.manifest.model.name
    print(table(f"{name} on {options.cache.name}", figures), flush=True)
    return {name: {options.cache.name: figures}}


def read_figures(paths: Sequence[Path]) -> Found:
    """What earlier runs wrote, by model and kind of image; the later file counts."""
    found: Found = {}
    for path in paths:
        for model, figures in json.loads(path.read_text()).items():
            found.setdefault(model, {}).update(figures)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", action="append", type=Model.parse, metavar="NAME[=WEIGHTS]",
        help="to judge, with other weights; repeatable, the last in brackets; default nano",
    )  # fmt: skip
    parser.add_argument("--towns", type=int, default=8, metavar="N", help="0 for none")
    parser.add_argument("--scenes", type=int, default=12, metavar="N", help="0 for none")
    parser.add_argument("--folder", type=Path, help="sites: NAME_*.tif with NAME.geojson")
    parser.add_argument("--site", action="append", default=[], metavar="NAME",
                        help="of the folder, or one raster of it; repeatable")  # fmt: skip
    parser.add_argument("--limit", type=int, help="objects of a raster at most")
    parser.add_argument("--cache", type=Path, help="judge this cache, with --truth")
    parser.add_argument("--truth", type=Path, help="the polygons of --cache")
    parser.add_argument(
        "--consistency", action="store_true",
        help="also whether a thing is found alike elsewhere, and at other scales",
    )  # fmt: skip
    parser.add_argument("--picture", type=Path, metavar="FOLDER", help="draw cases into it")
    parser.add_argument("--read", action="append", type=Path, metavar="JSON",
                        help="judge nothing: tables of earlier runs, taken together")  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/accuracy.json"), help="the JSON file"
    )
    options = parser.parse_args()
    if (options.cache is None) != (options.truth is None):
        parser.error("--cache and --truth go together")
    if options.site and options.folder is None:
        parser.error("--site needs --folder")
    if options.read:
        print(*side_by_side(read_figures(options.read)), sep="\n")
        return
    if options.cache is not None:
        found = judge_cache(options)
    else:
        with tempfile.TemporaryDirectory() as work:
            models = options.model or [Model("nano")]
            found = {m.label: judge_model(m, options, Path(work)) for m in models}
        if len(found) > 1:
            print(*side_by_side(found), sep="\n")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
