"""`encoder-tool sample`."""

from __future__ import annotations

from pathlib import Path

import click

from encoder_tool.cli.options import PATH, common_options, overwrite_option
from encoder_tool.cli.session import current_session


@click.command()
@click.argument("directory", type=PATH)
@click.option(
    "--size", type=click.IntRange(min=64), default=2048, show_default=True,
    help="Width and height in pixels.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True,
    help="The same seed gives the same scene.",
)  # fmt: skip
@overwrite_option
@common_options
def sample(directory: Path, size: int, seed: int, overwrite: bool) -> None:
    """Draw an aerial scene with exact truth into DIRECTORY.

    Writes scene.tif (EPSG:32633, 0.3 m, RGB) and truth.gpkg (layer `truth`, with a field
    `class`: building, field, water, tree or road).

    \b
    Examples:
      encoder-tool sample scene
      encoder-tool sample scene --size 1024 --seed 7
    """
    from encoder_tool.sample import write_sample

    written = write_sample(directory, size=size, seed=seed, overwrite=overwrite)
    current_session().say(f"Wrote {written.scene} and {written.truth}.")
