"""`encoder-tool segment`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from encoder_tool.cli.on_demand import (
    DEFAULT_MODEL,
    encode_for_prompt,
    encode_more,
    names_raster,
    segment_whole,
)
from encoder_tool.cli.opening import encode_extent_command, open_given_cache
from encoder_tool.cli.options import (
    BOUNDS,
    NOT_NEGATIVE,
    POINT,
    POSITIVE,
    AutoOr,
    common_options,
    crs_option,
    json_option,
    overwrite_option,
    right_angles_option,
    simplify_option,
)
from encoder_tool.cli.session import current_session, print_json
from encoder_tool.errors import NotEncodedError, UsageError
from encoder_tool.types import XY, BoundsMap, PatchId

if TYPE_CHECKING:
    from encoder_tool.cache.manifest import Manifest
    from encoder_tool.segment import Candidate, SegmentedObject, SegmentResult

STDOUT = "-"

LOW_SCORE = 0.5
"""Below this, the model's own estimate of the IoU, there is a remark on what may do better."""

CUT_REMARKS = {
    "not_encoded": "The object goes on where nothing is encoded, and ends there; `encode` adds "
    "the rest.",
    "unsure": "The object may go on where it ends straight: the patch beside it shows nothing that "
    "fits. Another include point there may help.",
    "limit": "The object is larger than can be followed at this level, and ends there; a coarser "
    "--level or --gsd takes it as a whole.",
    "not_asked": "The object goes on beyond its patch; without --no-stitch it is followed.",
}
"""For each reason of `stitch.Cut` why an object is not complete."""


@click.command()
@click.argument("source", metavar="CACHE|RASTER")
@click.option("--include", type=POINT, multiple=True, help="A point on the object; repeatable.")
@click.option("--exclude", type=POINT, multiple=True, help="A point off the object; repeatable.")
@click.option("--box", type=BOUNDS, help="A box around the object.")
@crs_option("--crs", "the prompts")
@click.option(
    "--level", type=AutoOr(minimum=0), default="auto", show_default=True,
    help="Pyramid level to look at: 0 is the finest.",
)  # fmt: skip
@click.option(
    "--gsd", type=POSITIVE, metavar="METRES",
    help="Look at the level whose pixels are nearest to this size on the ground.",
)  # fmt: skip
@click.option(
    "--model", metavar="NAME",
    help="Model to encode a RASTER with, nano if not given; a CACHE has its own.",
)  # fmt: skip
@click.option(
    "--candidate", type=click.Choice(["auto", "single", "best", "1", "2", "3", "all"]),
    default="auto", show_default=True,
    help="auto: the best-scored of three for a single click, else the single mask.",
)  # fmt: skip
@simplify_option
@click.option(
    "--min-area", type=NOT_NEGATIVE, metavar="PX",
    help="Drop parts smaller than this, in pixels; 16 if not given.",
)  # fmt: skip
@click.option(
    "--min-hole", type=NOT_NEGATIVE, metavar="PX",
    help="Fill holes smaller than this, in pixels; 16 if not given.",
)  # fmt: skip
@right_angles_option
@click.option("--largest-part", is_flag=True, help="Keep one part only, the largest.")
@click.option(
    "--all-parts", is_flag=True,
    help="Keep the parts of the mask that lie away from the prompts, too.",
)  # fmt: skip
@click.option(
    "--no-stitch",
    is_flag=True,
    help="End objects at the border of their patch; else they are continued in its neighbours.",
)
@click.option(
    "--out", metavar="FILE",
    help="A .gpkg, .geojson or .shp file; - for GeoJSON on stdout.",
)  # fmt: skip
@crs_option("--out-crs", "the polygons")
@overwrite_option
@json_option
@common_options
def segment(
    source: str,
    include: tuple[XY, ...],
    exclude: tuple[XY, ...],
    box: BoundsMap | None,
    crs: str | None,
    level: int | None,
    gsd: float | None,
    model: str | None,
    candidate: Candidate,
    simplify: float | None,
    min_area: float | None,
    min_hole: float | None,
    right_angles: bool,
    largest_part: bool,
    all_parts: bool,
    no_stitch: bool,
    out: str | None,
    out_crs: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Turn clicks and boxes into the polygon of one object.

    On a CACHE that takes neither the raster nor the model nor torch. For a RASTER its cache is
    looked for in the default place, or begun, and the one patch that the prompts need is
    encoded if it is not there, with those that the object goes on in; `encode` adds the rest.
    GeoJSON is written in longitude and latitude unless --out-crs says otherwise, as its
    standard asks; other formats in the raster's CRS.

    \b
    Examples:
      encoder-tool segment scene/scene.tif.nano.sam2.zarr \\
          --box 500168,4649736,500206,4649774 --out house.gpkg
      encoder-tool segment scene/scene.tif.nano.sam2.zarr --include 500132,4649768 \\
          --largest-part --out -
      encoder-tool segment scene/scene.tif --include 500132,4649768 --out house.geojson
      encoder-tool segment scene/scene.tif.nano.sam2.zarr --include 15.0016,41.99993 \\
          --crs EPSG:4326 --candidate all --largest-part --out three.geojson --json
    """
    from encoder_tool.crs import require_output_crs
    from encoder_tool.locate import wanted_patch
    from encoder_tool.polygons import PolygonOptions
    from encoder_tool.prompts import to_pixels
    from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
    from encoder_tool.vector_out import (
        Provenance,
        check_output,
        geojson_text,
        output_crs,
        write_objects,
    )

    if as_json and out == STDOUT:
        raise UsageError("--json and --out - both write to stdout.", "Leave one of them out.")
    if level is not None and gsd is not None:
        raise UsageError("--level and --gsd both choose the level.", "Leave one of them out.")
    prompt = MapPrompt(include=include, exclude=exclude, box=box, crs=crs)
    if out is not None:
        check_output(out, overwrite=overwrite)
    if model is not None and not names_raster(source):
        raise UsageError(
            f"--model is for rasters, and {source} is none.", "A cache has its own model."
        )
    session = current_session()
    options: dict[str, Any] = {
        "simplify_px": simplify,
        "min_area_px": min_area,
        "min_hole_px": min_hole,
        "right_angles": right_angles,
        "largest_part_only": largest_part,
        "all_parts": all_parts,
    }
    polygons = PolygonOptions(**{k: v for k, v in options.items() if v is not None})

    def wanted(manifest: Manifest) -> PatchId:
        if out_crs is not None:
            require_output_crs(out_crs, manifest.raster.crs_wkt)
        return wanted_patch(to_pixels(prompt, manifest), manifest, level, gsd)

    if names_raster(source):
        opened, decoder = encode_for_prompt(source, model or DEFAULT_MODEL, wanted, session)
    else:
        opened, decoder = open_given_cache(Path(source)), None
    request = SegmentRequest(
        prompt=prompt,
        level=level,
        gsd_m=gsd,
        candidate=candidate,
        polygons=polygons,
        out_crs=output_crs(out, out_crs, opened.manifest.raster.crs_wkt),
        stitch=not no_stitch,
    )
    try:
        segmenter = Segmenter(opened, decoder)
        if names_raster(source):
            result = segment_whole(
                segmenter, request, lambda patches: encode_more(source, opened, patches, session)
            )
        else:
            result = segmenter.segment(request)
    except NotEncodedError as error:
        if error.extent is None:
            raise
        command = encode_extent_command(opened.path, opened.manifest, error.extent)
        raise NotEncodedError(error.message, f"Encode there: {command}", error.extent) from error
    provenance = Provenance.of(opened.manifest)
    if out == STDOUT:
        click.echo(geojson_text(result.objects, provenance))
    elif out is not None:
        write_objects(result.objects, Path(out), provenance, overwrite=overwrite)
    if as_json:
        print_json(_document(result, out))
    elif out != STDOUT:
        for found in result.objects:
            click.echo(_line(found))
    for remark in _remarks(result, out, provenance.model):
        session.say(remark)


def _remarks(result: SegmentResult, out: str | None, model: str) -> Iterator[str]:
    """What a person may want to know of the result."""
    from encoder_tool.vector_out import driver_of

    if out is None:
        yield "No --out: nothing was written."
    elif out != STDOUT:
        yield f"Wrote {out}."
    if out is not None and driver_of(out) == "GeoJSON" and result.objects[0].crs is None:
        yield (
            "The raster has no CRS, and readers of GeoJSON take its coordinates for longitude "
            "and latitude; a .gpkg file leaves them open."
        )
    cuts = {cut for found in result.objects for cut in found.cuts}
    yield from (sentence for cut, sentence in CUT_REMARKS.items() if cut in cuts)
    if max(found.score for found in result.objects) < LOW_SCORE:
        others = (
            "; nano is the quick default, best with buildings, and the SAM 2.1 models are the ones "
            "for accuracy (`encoder-tool models list`)"
            if model == "nano"
            else ""
        )
        yield (
            "The score is low: a box may do better, or a coarser look (a larger `--gsd`), or see "
            f"`--candidate all`{others}."
        )


def _document(result: SegmentResult, out: str | None) -> dict[str, Any]:
    from encoder_tool.vector_out import crs_text

    crs = result.objects[0].crs
    return {
        "out": out,
        "crs": None if crs is None else crs_text(crs),
        "level": result.patch_id.level,
        "patch": [result.patch_id.row, result.patch_id.col],
        "timings_ms": {
            "prepare": round(result.prepare_ms, 3),
            "decode": round(result.decode_ms, 3),
            "outline": round(result.outline_ms, 3),
        },
        "objects": [
            {
                "candidate": found.candidate,
                "score": found.score,
                "area_px": found.area_px,
                "area_m2": _area_m2(found),
                "parts": _parts(found),
                "level": found.level,
                "complete": found.is_complete,
                "cuts": list(found.cuts),
                "bounds": list(found.geometry.bounds),
            }
            for found in result.objects
        ],
    }


def _line(found: SegmentedObject) -> str:
    name = f"candidate {found.candidate}" if found.candidate else "single mask"
    area = _area_m2(found)
    size = f"{found.area_px:.0f} px" if area is None else f"{area:.1f} m2"
    parts = _parts(found)
    more = f", {parts} parts; --largest-part keeps one" if parts > 1 else ""
    return f"{name}: score {found.score:.3f}, {size}, level {found.level}{more}"


def _parts(found: SegmentedObject) -> int:
    from shapely import get_num_geometries

    return int(get_num_geometries(found.geometry))


def _area_m2(found: SegmentedObject) -> float | None:
    from encoder_tool.polygons import geodesic_area_m2

    area = geodesic_area_m2(found.geometry, found.crs)
    return None if area is None or math.isnan(area) else area
