"""`encoder-tool tiles`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from encoder_tool.cli.options import BBOX, PATH, common_options, json_option, overwrite_option
from encoder_tool.cli.progress import Progress, progress
from encoder_tool.cli.session import Session, current_session, print_json, stop_switch

if TYPE_CHECKING:
    from encoder_tool.tiles import TilesPlan, TilesSummary


def _list_sources(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from encoder_tool.tiles import NAMED_SOURCES

    for source in NAMED_SOURCES.values():
        click.echo(f"{source.name}  (zoom 0 to {source.max_zoom}, {source.licence})")
        click.echo(f"  {source.title}")
        click.echo(f"  {source.attribution}")
        click.echo(f"  {source.terms}")
    context.exit()


@click.command()
@click.option(
    "--bbox", type=BBOX, required=True, help="The extent, in degrees of longitude and latitude."
)
@click.option(
    "--zoom", type=int, required=True, metavar="Z",
    help="Zoom of the tiles: a pixel has 0.6 m at 18 on the equator, twice that at 17.",
)  # fmt: skip
@click.option(
    "--source", required=True, metavar="NAME|URL",
    help="A name that --list-sources shows, an address with {x}, {y} and {z}, "
    "WMTS:URL,layer=NAME, or an .mbtiles or .pmtiles file.",
)  # fmt: skip
@click.option("--out", type=PATH, required=True, metavar="TIF", help="The raster, a .tif file.")
@click.option(
    "--crs", metavar="CRS", help="Warp into this CRS, e.g. EPSG:32633; else EPSG:3857, unwarped."
)
@click.option("--cog", is_flag=True, help="Write a cloud-optimised GeoTIFF.")
@click.option(
    "--allow-missing", is_flag=True, help="Leave tiles that cannot be had transparent (nodata)."
)
@click.option(
    "--attribution", metavar="TEXT", help="Whom to name; else what the source says of itself."
)
@click.option(
    "--connections", type=click.IntRange(1, 16), metavar="N",
    help="Tiles to fetch at once, 4 if not given; some servers' terms allow less.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="Fetch more than 1,000 tiles without being asked.")
@overwrite_option
@click.option(
    "--list-sources", is_flag=True, is_eager=True, expose_value=False, callback=_list_sources,
    help="Name the free sources, with their licences, and end.",
)  # fmt: skip
@json_option
@common_options
def tiles(yes: bool, as_json: bool, **options: Any) -> None:
    """Make a georeferenced raster from the web tiles of an extent.

    Tiles are fetched once and kept; Ctrl-C keeps what came, and the same command goes on from
    there. Mind the provider's terms: most basemaps may not be downloaded.

    \b
    Examples:
      encoder-tool tiles --bbox -105.0,39.99,-104.98,40.0 --zoom 16 --source usgs-imagery \\
          --out denver.tif
      encoder-tool tiles --bbox 15.0,41.99,15.01,42.0 --zoom 17 --source drone.mbtiles \\
          --crs EPSG:32633 --out drone.tif
      encoder-tool tiles --bbox 4.88,52.36,4.9,52.37 --zoom 17 --cog --out here.tif \\
          --source 'https://tiles.example.org/{z}/{x}/{y}.png' --attribution 'Example'
    """
    from encoder_tool.tiles import TilesRequest, plan_tiles, run_tiles

    session = current_session()
    plan = plan_tiles(TilesRequest(**options))
    for sentence in plan.sentences():
        session.say(sentence)
    _ask(plan, yes)
    with stop_switch(session, "tile") as should_stop, _Bars(session) as bars:
        summary = run_tiles(plan, bars.reached, should_stop, on_notice=bars.say)
    if as_json:
        print_json(summary.to_json())
    _say_done(session, summary)


def _ask(plan: TilesPlan, yes: bool) -> None:
    from encoder_tool.tiles import require_consent

    if plan.needs_consent and not yes and sys.stdin.isatty():
        yes = click.confirm(f"Fetch {plan.to_fetch:,} tiles?", err=True)
        if not yes:
            raise click.Abort
    require_consent(plan, yes)


class _Bars:
    """A bar for what is fetched, then one for what is written."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stack = ExitStack()
        self._stage = ""
        self._bar: Progress | None = None

    def reached(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage or self._bar is None:
            self._stack.close()
            self._stage = stage
            what, unit = ("Fetching", " tile") if stage == "fetching" else ("Writing", " block")
            self._bar = self._stack.enter_context(
                progress(self._session, what, unit, resumes=stage == "fetching")
            )
        self._bar.reached(done, total)

    def say(self, sentence: str) -> None:
        if self._bar is not None:
            self._bar.say(sentence)

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()


def _say_done(session: Session, summary: TilesSummary) -> None:
    missing = len(summary.missing)
    empty = f", {missing} of them missing" if missing else ""
    session.say(
        f"{summary.out}: {summary.width} x {summary.height} pixels from {summary.tiles} tiles"
        f"{empty}, {summary.fetched} of them fetched now."
    )
    if summary.attribution is not None:
        session.say(f"Name the source: {summary.attribution}.")
    elif missing != summary.tiles:
        session.say("The source names no author; if it should, say --attribution.")
