"""`encoder-tool segment`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from encoder_tool.cli.opening import open_given_cache
from encoder_tool.cli.options import (
    BOUNDS,
    NOT_NEGATIVE,
    POINT,
    POSITIVE,
    AutoOr,
    cache_argument,
    common_options,
    crs_option,
    json_option,
    overwrite_option,
)
from encoder_tool.cli.session import current_session, print_json
from encoder_tool.errors import UsageError
from encoder_tool.types import XY, BoundsMap

if TYPE_CHECKING:
    from encoder_tool.segment import Candidate, SegmentedObject, SegmentResult

STDOUT = "-"


@click.command()
@cache_argument
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
    "--candidate", type=click.Choice(["auto", "single", "best", "1", "2", "3", "all"]),
    default="auto", show_default=True,
    help="auto: the best-scored of three for a single click, else the single mask.",
)  # fmt: skip
@click.option(
    "--simplify", type=NOT_NEGATIVE, metavar="PX",
    help="Tolerance when vertices are left out, a quarter of a pixel if not given; 0 keeps all.",
)  # fmt: skip
@click.option(
    "--min-area", type=NOT_NEGATIVE, metavar="PX",
    help="Drop parts smaller than this, in pixels; 16 if not given.",
)  # fmt: skip
@click.option(
    "--out", metavar="FILE",
    help="A .gpkg, .geojson or .shp file; - for GeoJSON on stdout.",
)  # fmt: skip
@crs_option("--out-crs", "the polygons")
@overwrite_option
@json_option
@common_options
def segment(
    cache: Path,
    include: tuple[XY, ...],
    exclude: tuple[XY, ...],
    box: BoundsMap | None,
    crs: str | None,
    level: int | None,
    gsd: float | None,
    candidate: Candidate,
    simplify: float | None,
    min_area: float | None,
    out: str | None,
    out_crs: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Turn clicks and boxes on CACHE into the polygon of one object.

    Needs neither the raster nor the model nor torch. GeoJSON is written in longitude and
    latitude unless --out-crs says otherwise, as its standard asks; other formats in the
    raster's CRS.

    \b
    Examples:
      encoder-tool segment scene/scene.tif.nano.sam2.zarr --include 500132,4649768 --out -
      encoder-tool segment scene/scene.tif.nano.sam2.zarr --box 500168,4649736,500206,4649774
      encoder-tool segment scene/scene.tif.nano.sam2.zarr --include 15.0016,41.99993 \\
          --crs EPSG:4326 --candidate all --json
    """
    from encoder_tool.polygons import PolygonOptions
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
    prompt = MapPrompt(include=include, exclude=exclude, box=box, crs=crs)
    if out is not None:
        check_output(out, overwrite=overwrite)
    opened = open_given_cache(cache)
    options: dict[str, Any] = {"simplify_px": simplify, "min_area_px": min_area}
    request = SegmentRequest(
        prompt=prompt,
        level=level,
        gsd_m=gsd,
        candidate=candidate,
        polygons=PolygonOptions(**{k: v for k, v in options.items() if v is not None}),
        out_crs=output_crs(out, out_crs, opened.manifest.raster.crs_wkt),
    )
    result = Segmenter(opened).segment(request)
    provenance = Provenance.of(opened.manifest)
    if out == STDOUT:
        click.echo(geojson_text(result.objects, provenance))
        return
    if out is not None:
        write_objects(result.objects, Path(out), provenance, overwrite=overwrite)
        current_session().say(f"Wrote {out}.")
    if as_json:
        print_json(_document(result, out))
    else:
        for found in result.objects:
            click.echo(_line(found))


def _document(result: SegmentResult, out: str | None) -> dict[str, Any]:
    return {
        "out": out,
        "level": result.patch_id.level,
        "patch": [result.patch_id.row, result.patch_id.col],
        "timings_ms": {
            "prepare": round(result.prepare_ms, 3),
            "decode": round(result.decode_ms, 3),
        },
        "objects": [
            {
                "candidate": found.candidate,
                "score": found.score,
                "area_px": found.area_px,
                "area_m2": _area_m2(found),
                "bounds": list(found.geometry.bounds),
            }
            for found in result.objects
        ],
    }


def _line(found: SegmentedObject) -> str:
    name = f"candidate {found.candidate}" if found.candidate else "single mask"
    area = _area_m2(found)
    size = f"{found.area_px:.0f} px" if area is None else f"{area:.1f} m2"
    return f"{name}: score {found.score:.3f}, {size}, level {found.level}"


def _area_m2(found: SegmentedObject) -> float | None:
    from encoder_tool.polygons import geodesic_area_m2

    area = geodesic_area_m2(found.geometry, found.crs)
    return None if area is None or math.isnan(area) else area
