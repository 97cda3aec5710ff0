"""`encoder-tool encode`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from encoder_tool.cli.options import (
    BANDS,
    BOUNDS,
    PATH,
    POSITIVE,
    AutoOr,
    common_options,
    crs_option,
    json_option,
)
from encoder_tool.cli.progress import progress
from encoder_tool.cli.session import Session, current_session, print_json, stop_switch
from encoder_tool.errors import Cancelled, UsageError


def _cache_path(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> Path | None:
    if value is not None and value.strip() in ("", "-"):
        raise UsageError(
            f"A cache is a folder, and {value!r} names none.", "Leave --out away, or name one."
        )
    return None if value is None else Path(value)


@click.command()
@click.argument("raster")
@click.option(
    "--out", metavar="CACHE", callback=_cache_path,
    help="The cache; RASTER.MODEL.sam2.zarr beside the raster when not given.",
)  # fmt: skip
@click.option(
    "--model", default="nano", show_default=True, metavar="NAME",
    help="Model to encode with; `encoder-tool models list` names them.",
)  # fmt: skip
@click.option(
    "--checkpoint", type=PATH, metavar="FILE", help="Weights to use in the model's structure."
)
@click.option(
    "--bands", type=BANDS, help="One to three band numbers, as in 1,2,3; else the colour bands."
)
@click.option(
    "--stretch",
    help="auto, none, minmax, percentiles P,P or values LO:HI; else the cache's own, or auto.",
)
@click.option(
    "--resolution", type=POSITIVE, metavar="R",
    help="Size of a pixel of level 0, in units of the raster's CRS; else the raster's own.",
)  # fmt: skip
@click.option("--extent", type=BOUNDS, help="Encode only the patches that meet this.")
@crs_option("--extent-crs", "the extent")
@click.option(
    "--levels", type=AutoOr(minimum=1), default="auto", show_default=True,
    help="Number of pyramid levels, from the finest on; auto: until one patch holds the extent.",
)  # fmt: skip
@click.option(
    "--overlap", type=click.IntRange(min=0), default=256, show_default=True, metavar="PX",
    help="How far neighbouring patches overlap; without, objects end at their borders.",
)  # fmt: skip
@click.option(
    "--dtype", type=click.Choice(["int8", "float16", "float32"]),
    help="How features are stored; else as the cache's own, or int8. A cache that is there keeps "
    "its own, but with --restart.",
)  # fmt: skip
@click.option(
    "--device", type=click.Choice(["auto", "cpu", "cuda", "mps"]), default="auto",
    show_default=True, help="Where the model runs.",
)  # fmt: skip
@click.option(
    "--batch", type=click.IntRange(min=1), help="Patches at once; else what suits the device."
)
@click.option(
    "--threads", type=click.IntRange(min=1), help="CPU threads; all cores when not given."
)
@click.option("--restart", is_flag=True, help="Replace the cache that is there.")
@click.option(
    "--yes", "agreed", is_flag=True,
    help="Of web tiles (a .tiles.json file), fetch more than 1,000 without being asked.",
)  # fmt: skip
@json_option
@common_options
def encode(as_json: bool, **options: Any) -> None:
    """Encode RASTER into a feature cache, once.

    Goes on where an earlier run ended, extends the cache with another --extent, and encodes
    damaged patches again. Ctrl-C stops after the current batch and keeps what is done.

    nano is the quick default; for a larger model, get one by `encoder-tool models download
    sam2.1-tiny` and name it with --model.

    \b
    Examples:
      encoder-tool encode scene/scene.tif
      encoder-tool encode scene/scene.tif --resolution 0.6 --out coarse.sam2.zarr --json
      encoder-tool encode satellite.tif --bands 4,3,2 --stretch 0:3000
      encoder-tool encode scene/scene.tif --extent 15.000,41.9993,15.002,42.001 \\
          --extent-crs EPSG:4326
      encoder-tool encode scene/scene.tif --model sam2.1-small --device cuda --batch 16
      encoder-tool encode z18_x140160_y97408.tiles.json --extent 12.48,41.89,12.49,41.90 \\
          --extent-crs EPSG:4326
    """
    from encoder_tool.encode import EncodeRequest, plan_encode, run_encode

    session = current_session()
    request = EncodeRequest(**options)
    plan = plan_encode(request, on_notice=session.say)
    model = plan.manifest.model.name
    for sentence in plan.sentences():
        session.say(sentence)
    if plan.needs_consent and sys.stdin.isatty():
        if not click.confirm(f"Fetch {plan.tiles_to_fetch:,} tiles?", err=True):
            raise click.Abort
        plan = plan.agreed()
    with (
        stop_switch(session) as should_stop,
        progress(session, f"Encoding with {model}", " patch") as bar,
    ):
        summary = run_encode(
            plan, lambda told: bar.reached(told.done, told.total), should_stop, bar.say
        )
    if as_json:
        print_json(summary.to_json())
    if summary.stopped:
        raise Cancelled(summary.say_stopped(), "Run the same command again to go on.")
    if plan.todo:
        _say_done(session, summary.to_json())


def _say_done(session: Session, summary: dict[str, Any]) -> None:
    fresh = summary["encoded"] + summary["empty"]
    patches = "patch" if fresh == 1 else "patches"
    session.say(
        f"{summary['cache']}: {fresh} {patches} in {summary['seconds']:.1f} s, "
        f"{summary['bytes_on_disk'] / 2**20:.1f} MiB on disk."
    )
