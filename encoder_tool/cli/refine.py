"""`encoder-tool refine`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from encoder_tool.cli.opening import encode_command, open_given_cache
from encoder_tool.cli.options import (
    NOT_NEGATIVE,
    PATH,
    AutoOr,
    cache_argument,
    common_options,
    json_option,
    overwrite_option,
    right_angles_option,
)
from encoder_tool.cli.progress import progress
from encoder_tool.cli.session import current_session, print_json, stop_switch
from encoder_tool.errors import NotEncodedError, UsageError

if TYPE_CHECKING:
    from encoder_tool.refine import RefineSummary
    from encoder_tool.refine.footprints.offsets import LayerOffset
    from encoder_tool.refine.request import Trust
    from encoder_tool.refine.run import Stage


@click.command()
@cache_argument
@click.argument("buildings", type=PATH)
@click.option(
    "--out", type=PATH, multiple=True, metavar="FILE",
    help="A .gpkg, .geojson or .shp file; or .osm or .osc for changes to OpenStreetMap; "
    "repeatable. Without it, only what was found is said.",
)  # fmt: skip
@click.option("--layer", metavar="NAME", help="Of BUILDINGS, if it has several; else the first.")
@click.option(
    "--trust", type=click.Choice(["features", "imagery"]), default="features", show_default=True,
    help="Which is right where they differ as a whole: features stay, or are moved to the image.",
)  # fmt: skip
@click.option(
    "--level", type=AutoOr(minimum=0), default="auto", show_default=True,
    help="Pyramid level to look at: 0 is the finest; auto: for large buildings a coarser one.",
)  # fmt: skip
@right_angles_option
@click.option(
    "--snap", is_flag=True, help="Turn new outlines to the direction that their neighbours have."
)
@click.option(
    "--clean-walls", is_flag=True,
    help="No overlaps and slivers between neighbours where one of them is changed.",
)  # fmt: skip
@click.option(
    "--min-area", type=NOT_NEGATIVE, default=0.0, metavar="M2",
    help="Propose no outline that is smaller, in square metres.",
)  # fmt: skip
@click.option(
    "--protect", multiple=True, metavar="FIELD[=VALUE]",
    help="Leave features alone that have that field or tag; repeatable.",
)  # fmt: skip
@click.option(
    "--find-missing", is_flag=True,
    help="Look for buildings that are missing: what looks like those that are there.",
)  # fmt: skip
@click.option(
    "--missing-points", type=PATH, metavar="POINTS",
    help="A layer of points: missing buildings are looked for at these only.",
)  # fmt: skip
@click.option(
    "--min-likeness", type=click.FloatRange(0, 1), metavar="0..1",
    help="How much a missing building must look like those that are there; 0.5 if not given.",
)  # fmt: skip
@click.option(
    "--search", type=NOT_NEGATIVE, metavar="METRES",
    help="How far from its place a building is looked for; 6 if not given.",
)  # fmt: skip
@click.option(
    "--osm", type=PATH, metavar="EXTRACT",
    help="The .osm file that BUILDINGS were made from, for a .osm or .osc file.",
)  # fmt: skip
@click.option(
    "--delete-gone",
    is_flag=True,
    help="In a .osm or .osc file, delete the buildings that are gone.",
)
@overwrite_option
@json_option
@common_options
def refine(
    cache: Path,
    buildings: Path,
    out: tuple[Path, ...],
    layer: str | None,
    trust: Trust,
    level: int | None,
    right_angles: bool,
    snap: bool,
    clean_walls: bool,
    min_area: float,
    protect: tuple[str, ...],
    find_missing: bool,
    missing_points: Path | None,
    min_likeness: float | None,
    search: float | None,
    osm: Path | None,
    delete_gone: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Compare BUILDINGS with the image in CACHE, and propose what to correct.

    BUILDINGS is a layer of polygons, or a .osm or .osm.pbf file. The refined layer has all of its
    features and fields, and a verdict on each: keep, shift, reshape, uncertain or gone;
    those that it lacks are added as new, if they are looked for.

    \b
    Examples:
      encoder-tool refine scene/scene.tif.nano.sam2.zarr buildings.gpkg --out refined.gpkg
      encoder-tool refine scene/scene.tif.nano.sam2.zarr buildings.gpkg --trust imagery \\
          --right-angles --clean-walls --min-area 10 --protect checked --out refined.gpkg
      encoder-tool refine scene/scene.tif.nano.sam2.zarr buildings.gpkg --find-missing \\
          --out refined.gpkg
      encoder-tool refine scene/scene.tif.nano.sam2.zarr town.osm --out for_josm.osm
    """
    from encoder_tool.refine import (
        Protection,
        RefineParameters,
        RefineRequest,
        plan_refine,
        run_refine,
    )
    from encoder_tool.refine.request import LEAST_LIKENESS

    session = current_session()
    if min_likeness is not None and not find_missing and missing_points is None:
        raise UsageError(
            "--min-likeness is for missing buildings.", "Give --find-missing or --missing-points."
        )
    request = RefineRequest(
        buildings=buildings,
        out=out[0] if out else None,
        also=out[1:],
        overwrite=overwrite,
        layer=layer,
        osm=osm,
        delete_gone=delete_gone,
        trust=trust,
        level=level,
        right_angles=right_angles,
        snap=snap,
        clean_walls=clean_walls,
        min_area_m2=min_area,
        protect=tuple(map(Protection.parse, protect)),
        find_missing=find_missing,
        missing_points=missing_points,
        min_likeness=LEAST_LIKENESS if min_likeness is None else min_likeness,
        parameters=RefineParameters() if search is None else RefineParameters(search_m=search),
    )
    opened = open_given_cache(cache)
    plan = plan_refine(opened, request)
    with (
        stop_switch(session, "patch") as should_stop,
        progress(session, "Refining", " steps") as bar,
    ):
        asked = 0

        def show(stage: Stage, done: int, total: int) -> None:
            nonlocal asked
            if stage == "asking":
                asked = total
                bar.reached(done, total)
            elif stage == "finding":
                bar.reached(asked + done, asked + total)

        try:
            summary = run_refine(plan, show, should_stop)
        except NotEncodedError as error:
            command = encode_command(opened.manifest, opened.manifest.raster.name)
            raise NotEncodedError(error.message, f"Encode it first: {command}") from error
    for old, new in summary.renamed.items():
        session.say(f"The field {old} is called {new} in what is written.")
    for sentence in summary.left:
        session.say(sentence)
    if as_json:
        print_json(summary.to_json())
    else:
        _show(summary)


def _show(summary: RefineSummary) -> None:
    offset = summary.offset
    if offset.count:
        click.echo(offset_said(offset))
    said = ", ".join(f"{count} {name}" for name, count in summary.verdicts.items())
    paths = ", ".join(str(path) for path in (summary.out, *summary.also) if path is not None)
    click.echo(f"{said}: {paths}" if paths else said)


def offset_said(offset: LayerOffset) -> str:
    """In a sentence, by directions in place of signs."""
    east, north = (f"{abs(metres):.2f} m" for metres in (offset.dx_m, offset.dy_m))
    return (
        f"The buildings would fit the image if they were moved {east} "
        f"{'west' if offset.dx_m < 0 else 'east'} and {north} "
        f"{'south' if offset.dy_m < 0 else 'north'} (spread {offset.spread_m:.2f} m, "
        f"{offset.count} of {offset.measured} agree)."
    )
