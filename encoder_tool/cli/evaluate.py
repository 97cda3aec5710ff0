"""`encoder-tool evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from encoder_tool.cli.opening import open_given_cache
from encoder_tool.cli.options import PATH, cache_argument, common_options, json_option
from encoder_tool.cli.progress import progress
from encoder_tool.cli.session import current_session, print_json, print_table, stop_switch
from encoder_tool.errors import Cancelled

if TYPE_CHECKING:
    from encoder_tool.evaluate import EvaluationReport


@click.command()
@cache_argument
@click.argument("truth", type=PATH)
@click.option("--layer", help="Layer of TRUTH; its only or first one when not given.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Take at most N polygons, spread out."
)
@click.option("--plot", type=PATH, metavar="FILE", help="Draw the results into this PNG.")
@json_option
@common_options
def evaluate(
    cache: Path, truth: Path, layer: str | None, limit: int | None, plot: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Measure how well CACHE answers prompts, against the polygons of TRUTH.

    For every polygon that the raster holds: IoU with one click (best-scored candidate, best of
    three), IoU with its box, and NoC@80, 85, 90: the clicks needed, at most 10.

    \b
    Examples:
      encoder-tool evaluate scene/scene.tif.nano.sam2.zarr scene/truth.gpkg --limit 20
      encoder-tool evaluate scene/scene.tif.nano.sam2.zarr scene/truth.gpkg --json \\
          --plot accuracy.png
    """
    from encoder_tool.evaluate import evaluate_cache
    from encoder_tool.segment import Segmenter

    session = current_session()
    if plot is not None:
        # matplotlib is wanted for pictures only, and takes a while to import.
        from encoder_tool.plot import check_picture

        check_picture(plot)
    segmenter = Segmenter(open_given_cache(cache))
    with (
        stop_switch(session, "object") as should_stop,
        progress(session, "Evaluating", " object") as bar,
    ):
        report = evaluate_cache(
            segmenter, truth, layer, limit, on_progress=bar.reached, should_stop=should_stop
        )
    if report.skipped:
        session.say(
            f"{report.skipped} of the polygons are not wholly on the encoded raster: left out."
        )
    if as_json:
        print_json(report.to_json())
    else:
        print_table(_rows(report))
    if plot is not None:
        from encoder_tool.plot import plot_evaluation

        manifest = segmenter.manifest
        plot_evaluation(report, plot, f"{manifest.model.name} on {manifest.raster.name}")
        session.say(f"Wrote {plot}.")
    if report.stopped:
        raise Cancelled(
            f"Stopped: these are the first {len(report.scores)} objects only, patch by patch.",
            "A --limit takes fewer, spread over all of them.",
        )


def _rows(report: EvaluationReport) -> list[tuple[str, str]]:
    document = report.to_json()
    heading = ("", "    n  click: best-scored  best of three    box  NoC@80  NoC@85  NoC@90")
    named = {"all": document, **document["per_class"]}
    return [heading] + [
        (
            name,
            f"{scores['n']:5d}{scores['click']['best_scored']['mean']:20.3f}"
            f"{scores['click']['best_of_three']['mean']:15.3f}{scores['box']['mean']:7.3f}"
            + "".join(f"{scores['noc'][key]:8.2f}" for key in ("80", "85", "90")),
        )
        for name, scores in named.items()
    ]
