"""`encoder-tool verify`."""

from __future__ import annotations

from pathlib import Path

import click

from encoder_tool.cli.opening import open_given_cache
from encoder_tool.cli.options import cache_argument, common_options, json_option
from encoder_tool.cli.progress import progress
from encoder_tool.cli.session import current_session, print_json
from encoder_tool.errors import CacheDamagedError

NAMED = 5
"""Damages that are named one by one in the summary; --json has them all."""


@click.command()
@cache_argument
@json_option
@common_options
def verify(cache: Path, as_json: bool) -> None:
    """Check every chunk of CACHE against its checksum.

    Ends with exit code 6 when something is damaged. `encode`, with the same raster and --out,
    repairs just that.

    \b
    Examples:
      encoder-tool verify scene/scene.tif.nano.sam2.zarr
      encoder-tool verify scene/scene.tif.nano.sam2.zarr --json
    """
    from encoder_tool.cache.verify import find_damage

    session = current_session()
    opened = open_given_cache(cache)
    with progress(session, "Checking", " patch") as bar:
        damage = find_damage(opened, on_progress=bar.reached)
    if as_json:
        print_json(
            {
                "path": str(cache),
                "sound": not damage,
                "patches_checked": bar.done,
                "damage": [entry.to_json() for entry in damage],
            }
        )
    if damage:
        named = "; ".join(str(entry) for entry in damage[:NAMED])
        more = f"; and {len(damage) - NAMED} more" if len(damage) > NAMED else ""
        plural = "" if len(damage) == 1 else "s"
        raise CacheDamagedError(
            f"The cache {cache} is damaged in {len(damage)} place{plural} ({named}{more}).",
            "Run `encode` again with the same raster and --out: it repairs what is damaged.",
        )
    if not as_json:
        pyramid = opened.pyramid
        grids = [pyramid.level(k) for k in range(pyramid.levels)]
        total = sum(grid.rows * grid.cols for grid in grids)
        click.echo(
            f"{cache}: sound; the decoder and the patches that are encoded, {bar.done} of {total}, "
            "were checked."
        )
