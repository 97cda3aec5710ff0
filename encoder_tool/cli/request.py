"""`encoder-tool request`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from encoder_tool.cli.options import PATH, common_options, overwrite_option
from encoder_tool.cli.session import current_session
from encoder_tool.errors import RequestError
from encoder_tool.staging import check_place, put_in_place, staged

STDIN = STDOUT = "-"


@click.command()
@click.argument("file", type=PATH)
@click.option(
    "--out", type=PATH, metavar="GEOJSON", help="Where the answer goes; stdout if not given, or -."
)
@click.option(
    "--source", metavar="NAME|URL",
    help="Take the tiles from here, whatever the request says: as `encoder-tool tiles --source`.",
)  # fmt: skip
@click.option("--model", default="nano", show_default=True, metavar="NAME")
@overwrite_option
@common_options
def request(file: Path, out: Path | None, source: str | None, model: str, overwrite: bool) -> None:
    """Answer a request in JSON (FILE, or - for stdin) with polygons as GeoJSON.

    The request names a box on a web map, a zoom, a source of tiles and prompts, in the form that
    SamGIS has published. Its tiles are fetched and its patch is encoded once: further requests on
    the same place are answered from what is there.

    \b
    Examples:
      encoder-tool request here.json --out here.geojson
      encoder-tool request - --source usgs-imagery
    """
    from encoder_tool.request import Answerer, read_request

    if out is not None and str(out) == STDOUT:
        out = None
    if out is not None:
        check_place(out, overwrite=overwrite)
    asked = read_request(_text(file), source)
    answer = Answerer(model, source).answer(asked)
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    if out is None:
        click.echo(text)
    else:
        _write(out, text)
    timings = answer["timings_ms"]
    session = current_session()
    session.say(
        f"{answer['tiles_fetched']} tiles fetched, {answer['patches_encoded']} patches encoded, "
        f"{timings['total']:.0f} ms."
    )
    if answer["attribution"] is not None:
        session.say(f"Name the source: {answer['attribution']}.")


def _text(file: Path) -> bytes:
    if str(file) == STDIN:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise RequestError(f"{file} cannot be read ({error.strerror}).") from error


def _write(out: Path, text: str) -> None:
    with staged(out) as made:
        made.write_text(text, encoding="utf-8")
        put_in_place(made, out)
