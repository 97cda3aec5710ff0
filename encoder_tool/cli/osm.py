"""`encoder-tool osm`."""

from __future__ import annotations

from pathlib import Path

import click

from encoder_tool.cli.options import PATH, common_options, json_option, overwrite_option
from encoder_tool.cli.session import current_session, print_json


@click.group()
@common_options
def osm() -> None:
    """Take buildings out of OpenStreetMap files, and bring corrected ones back.

    \b
    Examples:
      encoder-tool osm read town.osm --out buildings.gpkg
      encoder-tool osm write buildings.gpkg --original town.osm --out for_josm.osm
    """


@osm.command()
@click.argument("extract", type=PATH, metavar="EXTRACT")
@click.option(
    "--out", type=PATH, required=True, metavar="FILE",
    help="The buildings: a .gpkg, .geojson or .shp file.",
)  # fmt: skip
@overwrite_option
@json_option
@common_options
def read(extract: Path, out: Path, overwrite: bool, as_json: bool) -> None:
    """Buildings of EXTRACT, a .osm or .osm.pbf file, as a layer with their ids and tags.

    Closed ways and multipolygons with the key `building`, as polygons. Keep EXTRACT: `write`
    needs it, since a layer has no nodes.

    \b
    Examples:
      encoder-tool osm read town.osm --out buildings.gpkg
      encoder-tool osm read county.osm.pbf --out buildings.gpkg --overwrite
    """
    from encoder_tool.osm import read_osm
    from encoder_tool.osm.layer import write_layer
    from encoder_tool.staging import check_not_read
    from encoder_tool.vector_out import check_output

    check_output(str(out), overwrite=overwrite)
    check_not_read(out, [extract])
    data = read_osm(extract)
    write_layer(data, out, overwrite=overwrite)
    if as_json:
        print_json({"out": str(out), "buildings": len(data.buildings)})
    else:
        click.echo(f"{len(data.buildings)} buildings: {out}")


@osm.command()
@click.argument("buildings", type=PATH, metavar="LAYER")
@click.option(
    "--original", type=PATH, metavar="EXTRACT",
    help="The file that the buildings came from; without it, all are new.",
)  # fmt: skip
@click.option(
    "--out", type=PATH, required=True, metavar="FILE",
    help=".osm to be opened in JOSM, or .osc, an osmChange.",
)  # fmt: skip
@click.option("--layer", metavar="NAME", help="Of LAYER, if it has several; else the first one.")
@click.option(
    "--delete-missing", is_flag=True,
    help="Delete the buildings of EXTRACT that LAYER lacks; else they stay.",
)  # fmt: skip
@overwrite_option
@json_option
@common_options
def write(
    buildings: Path,
    original: Path | None,
    out: Path,
    layer: str | None,
    delete_missing: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """What LAYER changes in OpenStreetMap, as a file for JOSM.

    Only what differs is written. Ways keep their id, version and tags, and their nodes where
    these did not move; features without an id are new. Nothing is uploaded: open the file in
    JOSM, look at it, and upload it there by OpenStreetMap's rules (docs/osm.md).

    \b
    Examples:
      encoder-tool osm write buildings.gpkg --original town.osm --out for_josm.osm
      encoder-tool osm write buildings.gpkg --original town.osm --out changes.osc --delete-missing
      encoder-tool osm write roofs.gpkg --out new_buildings.osm
    """
    from encoder_tool.errors import NothingChangesError
    from encoder_tool.osm import plan_change, read_osm, write_change
    from encoder_tool.osm.elements import NOTHING
    from encoder_tool.osm.layer import read_edits
    from encoder_tool.osm.writing import check_change_output
    from encoder_tool.staging import check_not_read

    check_change_output(out, overwrite=overwrite)
    check_not_read(out, [buildings, original])
    data = NOTHING if original is None else read_osm(original)
    edits = read_edits(buildings, data, layer=layer, remove_missing=delete_missing)
    change = plan_change(edits, data)
    for sentence in change.left:
        current_session().say(sentence)
    if change.is_empty:
        raise NothingChangesError(
            f"{buildings} changes nothing in OpenStreetMap.", "So there is no file to open."
        )
    write_change(change, out, overwrite=overwrite)
    counts = {
        "new": len(edits.new), "reshaped": len(edits.reshaped), "removed": len(edits.removed),
        "left": len(change.left),
    }  # fmt: skip
    if as_json:
        print_json({"out": str(out), **counts})
    else:
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        click.echo(f"{said}: {out}")
