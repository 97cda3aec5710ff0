"""`make demo`: a sample scene, encoded with nano, and prompts turned into polygons.

Run as `python -m encoder_tool.demo --out out/demo`. Run again, it does again only what is
missing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import rasterio
import shapely

from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheMismatchError, EngineError, PromptError
from encoder_tool.metrics import innermost_point
from encoder_tool.plot import PreviewLayers, plot_preview
from encoder_tool.polygons import PolygonOptions
from encoder_tool.prompts import MapPrompt
from encoder_tool.sample import SAMPLE_GSD_M, SamplePaths, write_sample
from encoder_tool.segment import Candidate, SegmentedObject, Segmenter, SegmentRequest
from encoder_tool.truth import TruthObject, read_truth
from encoder_tool.types import BoundsMap
from encoder_tool.vector_out import Provenance, write_objects

PROMPTED = {"building": 48, "field": 14, "water": 4, "tree": 16}
"""How many objects of each class get a prompt: every other one a box, the rest a click."""

SMALLEST_PX = 12.0
"""Objects narrower than this are not prompted: hardly to be seen in the preview."""

POLYGONS = PolygonOptions(simplify_px=0.7, min_hole_px=60.0, largest_part_only=True)
"""One object, one outline: what a user who draws a map would ask for."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A truth object, the prompt it got, and what was made of it (nothing, if not found).

    best_of_three: the highest IoU among the candidates; with a box, that of the single mask
    """

    truth: TruthObject
    prompt: MapPrompt
    found: SegmentedObject | None
    iou: float
    best_of_three: float


def run_demo(out: Path, size: int = 2048) -> list[Trial]:
    """Write scene.tif, truth.gpkg, a cache, polygons.gpkg and preview.png into `out`."""
    started = time.perf_counter()
    click.echo("Drawing a scene with exact truth ...")
    sample = write_sample(out, size, overwrite=True)
    cache_path = _encode(sample.scene)
    segmenter = Segmenter(open_cache(cache_path))
    truth = read_truth(sample.truth, segmenter.manifest.raster.crs_wkt)
    before_prompts = time.perf_counter()
    trials = [_try(segmenter, item, prompt) for item, prompt in _prompts(truth)]
    seconds = time.perf_counter() - before_prompts
    polygons, preview = out / "polygons.gpkg", out / "preview.png"
    _write_polygons(trials, truth, polygons, Provenance.of(segmenter.manifest))
    _draw(sample, trials, preview)
    click.echo(f"{len(trials)} prompts took {seconds:.1f} s.")
    for line in _accuracy(trials):
        click.echo(line)
    click.echo(f"Wrote {polygons} ({time.perf_counter() - started:.0f} s in all).")
    click.echo(f"Open the picture {preview}: prompts, polygons and truth over the scene.")
    return trials


def _encode(scene: Path) -> Path:
    """Encode the scene; a cache of an earlier release's scene is replaced."""
    path = scene.with_name(f"{scene.name}.nano.sam2.zarr")
    request = EncodeRequest(scene, out=path)
    try:
        plan = plan_encode(request)
    except CacheMismatchError:
        plan = plan_encode(EncodeRequest(scene, out=path, restart=True))
    click.echo(f"Encoding {len(plan.todo)} of {len(plan.patches)} patches with nano ...")
    summary = run_encode(plan)
    click.echo(f"Encoded in {summary.seconds:.1f} s, {summary.bytes_on_disk / 2**20:.0f} MiB.")
    return summary.cache


def _prompts(truth: Sequence[TruthObject]) -> Iterator[tuple[TruthObject, MapPrompt]]:
    """Objects spread evenly over the file, by turns a box and a click."""
    for class_name, count in PROMPTED.items():
        large = [
            t for t in truth
            if t.class_name == class_name and _width_px(t.geometry) >= SMALLEST_PX
        ]  # fmt: skip
        count = min(count, len(large))
        for i in range(count):
            item = large[i * len(large) // count]
            if i % 2 == 0:
                yield item, MapPrompt(box=BoundsMap(*item.geometry.bounds))
            else:
                yield item, MapPrompt(include=(innermost_point(item.geometry),))


def _width_px(geometry: shapely.Geometry) -> float:
    xmin, ymin, xmax, ymax = geometry.bounds
    return float(min(xmax - xmin, ymax - ymin)) / SAMPLE_GSD_M


def _try(segmenter: Segmenter, item: TruthObject, prompt: MapPrompt) -> Trial:
    """One prompt; of a click's three candidates the best-scored counts."""
    candidate: Candidate = "auto" if prompt.box is not None else "all"
    try:
        result = segmenter.segment(SegmentRequest(prompt, candidate=candidate, polygons=POLYGONS))
    except PromptError:
        return Trial(item, prompt, None, 0.0, 0.0)
    best = max(result.objects, key=lambda found: found.score)
    values = [_iou(found.geometry, item.geometry) for found in result.objects]
    return Trial(item, prompt, best, _iou(best.geometry, item.geometry), max(values))


def _iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def _write_polygons(
    trials: Sequence[Trial], truth: Sequence[TruthObject], path: Path, provenance: Provenance
) -> None:
    """What was found, each with its class, its prompt, and the truth that it stands for.

    truth_fid: of the feature in truth.gpkg
    """
    hits = [t for t in trials if t.found is not None]
    fields = {
        "class": np.array([t.truth.class_name for t in hits], dtype=object),
        "prompt": np.array(["box" if t.prompt.box else "click" for t in hits], dtype=object),
        "iou": np.array([t.iou for t in hits], np.float64),
        "truth_fid": np.array([truth.index(t.truth) + 1 for t in hits], np.int32),
    }
    found = [t.found for t in hits if t.found is not None]
    write_objects(found, path, provenance, overwrite=True, fields=fields)


def _draw(sample: SamplePaths, trials: Sequence[Trial], path: Path) -> None:
    with rasterio.open(sample.scene) as raster:
        image, transform = np.moveaxis(raster.read(), 0, -1), raster.transform
    boxed = [t for t in trials if t.prompt.box is not None]
    clicked = [t for t in trials if t.prompt.box is None]
    layers = PreviewLayers(
        truth=[t.truth.geometry for t in trials],
        from_boxes=[t.found.geometry for t in boxed if t.found is not None],
        from_clicks=[t.found.geometry for t in clicked if t.found is not None],
        boxes=[t.prompt.box for t in boxed if t.prompt.box is not None],
        clicks=[point for t in clicked for point in t.prompt.include],
    )
    title = (
        f"nano: mean IoU {_mean(boxed):.2f} over {len(boxed)} boxes, "
        f"{_mean(clicked):.2f} over {len(clicked)} clicks"
    )
    plot_preview(image, transform, layers, path, title)


def _mean(trials: Sequence[Trial]) -> float:
    return float(np.mean([t.iou for t in trials])) if trials else 0.0


def _accuracy(trials: Sequence[Trial]) -> Iterator[str]:
    """The table that is printed: mean IoU against the truth, by class and kind of prompt."""
    boxed = [t for t in trials if t.prompt.box is not None]
    clicked = [t for t in trials if t.prompt.box is None]
    yield "mean IoU        box   1 click (best of three)"
    for name in [*PROMPTED, "all"]:
        of_box = [t for t in boxed if name in (t.truth.class_name, "all")]
        of_click = [t for t in clicked if name in (t.truth.class_name, "all")]
        best = float(np.mean([t.best_of_three for t in of_click])) if of_click else 0.0
        yield (
            f"{name:10s} {_mean(of_box):8.3f}{_mean(of_click):10.3f} ({best:.3f})"
            f"   n = {len(of_box)} + {len(of_click)}"
        )


@click.command(help=__doc__)
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
def main(out: Path) -> None:
    try:
        run_demo(out)
    except EngineError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
