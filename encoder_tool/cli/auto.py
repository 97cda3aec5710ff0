"""`encoder-tool auto`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from encoder_tool.cli.opening import encode_command, open_given_cache
from encoder_tool.cli.options import (
    BOUNDS,
    NOT_NEGATIVE,
    PATH,
    cache_argument,
    common_options,
    crs_option,
    json_option,
    overwrite_option,
    right_angles_option,
    simplify_option,
)
from encoder_tool.cli.progress import progress
from encoder_tool.cli.session import current_session, print_json, stop_switch
from encoder_tool.errors import NotEncodedError, OutputError, RasterError, UsageError
from encoder_tool.types import BoundsMap

if TYPE_CHECKING:
    from encoder_tool.automatic import AutomaticProgress
    from encoder_tool.automatic.outputs import Outputs
    from encoder_tool.cache.manifest import Manifest

SHARE = click.FloatRange(0, 1)
COUNT = click.IntRange(min=1)
MASK_OPTIONS = (
    "points_per_side", "points_per_batch", "pred_iou_thresh", "stability_score_thresh",
    "stability_score_offset", "box_nms_thresh", "crop_n_layers", "crop_nms_thresh",
    "crop_n_points_downscale_factor", "min_mask_region_area", "use_m2m", "skip_covered",
)  # fmt: skip


@click.command()
@cache_argument
@click.option(
    "--out", type=PATH, required=True, metavar="FILE",
    help="The polygons: a .gpkg, .geojson or .shp file.",
)  # fmt: skip
@click.option(
    "--preset", type=click.Choice(["default", "detailed", "fast"]), default="default",
    show_default=True, help="Values of the mask options; those that are given count.",
)  # fmt: skip
@click.option("--points-per-side", type=COUNT, help="Points along a side of a patch.")
@click.option("--points-per-batch", type=COUNT, help="Points that are decoded together.")
@click.option("--pred-iou-thresh", type=SHARE, help="Masks must be scored above this.")
@click.option("--stability-score-thresh", type=SHARE, help="Least stability of a mask.")
@click.option(
    "--stability-score-offset", type=NOT_NEGATIVE, help="Logits that stability shifts the cut by."
)
@click.option("--box-nms-thresh", type=SHARE, help="Box IoU of duplicates within a patch.")
@click.option(
    "--crop-n-layers", type=click.IntRange(min=0),
    help="Finer levels that are looked at, too; below level 0 the raster is enlarged.",
)  # fmt: skip
@click.option("--crop-nms-thresh", type=SHARE, help="Mask IoU of duplicates among patches.")
@click.option(
    "--crop-n-points-downscale-factor", type=COUNT, help="Fewer points by this at each finer level."
)
@click.option(
    "--min-mask-region-area", type=click.IntRange(min=0),
    help="Holes and specks up to this many logit cells of 4 x 4 pixels go.",
)  # fmt: skip
@click.option("--use-m2m/--no-m2m", default=None, help="Decode each mask once more.")
@click.option(
    "--skip-covered/--ask-covered", default=None, help="Leave out points in accepted masks."
)
@click.option(
    "--level", type=click.IntRange(min=0), default=0, show_default=True,
    help="Pyramid level to look at: 0 is the finest.",
)  # fmt: skip
@click.option(
    "--raster", type=PATH, metavar="FILE",
    help="Where the raster lies, if not beside the cache; for layers below level 0 only.",
)  # fmt: skip
@click.option("--extent", type=BOUNDS, help="Only objects in here.")
@crs_option("--extent-crs", "the extent")
@click.option("--mask", type=PATH, metavar="FILE", help="Only objects in these polygons.")
@click.option("--min-area", type=NOT_NEGATIVE, metavar="M2", help="Least area, in square metres.")
@click.option("--max-area", type=NOT_NEGATIVE, metavar="M2", help="Largest area.")
@click.option(
    "--classes", type=PATH, metavar="RASTER",
    help="A raster of classes: each object gets the one that most of it has.",
)  # fmt: skip
@simplify_option
@right_angles_option
@click.option(
    "--all-parts", is_flag=True, help="Keep the parts of a mask that lie away from its point, too."
)
@click.option("--labels", type=PATH, metavar="TIF", help="Also a raster of the objects' numbers.")
@click.option(
    "--foreground", type=PATH, metavar="TIF", help="Also a raster with 1 where an object is."
)
@click.option(
    "--overlay", type=PATH, multiple=True, metavar="FILE",
    help="Also a picture of the objects in colours, .png or .tif; repeatable.",
)  # fmt: skip
@click.option("--cog", is_flag=True, help="Write GeoTIFFs cloud-optimised.")
@click.option("--style", is_flag=True, help="Put a QGIS style beside the polygons.")
@crs_option("--out-crs", "the polygons")
@overwrite_option
@json_option
@common_options
def auto(
    cache: Path,
    preset: str,
    level: int,
    raster: Path | None,
    extent: BoundsMap | None,
    extent_crs: str | None,
    simplify: float | None,
    right_angles: bool,
    all_parts: bool,
    overwrite: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Segment everything in CACHE, each object once, also across the borders of patches.

    Takes neither the raster nor the model, but for crop layers finer than the raster. Ctrl-C
    stops after the current patch; the same command goes on from there.

    \b
    Examples:
      encoder-tool auto scene/scene.tif.nano.sam2.zarr --out everything.gpkg --style
      encoder-tool auto scene/scene.tif.nano.sam2.zarr --preset fast --min-area 20 \\
          --out roofs.geojson --labels roofs.tif --overlay roofs.png
      encoder-tool auto scene/scene.tif.nano.sam2.zarr --points-per-side 16 --use-m2m \\
          --extent 500100,4649700,500250,4649800 --out part.gpkg --json
    """
    from encoder_tool.automatic import AutomaticRequest, ObjectFilter
    from encoder_tool.automatic import preset as preset_named
    from encoder_tool.automatic.segment_all import Reports, segment_all
    from encoder_tool.outline import DEFAULT_OPTIONS, PolygonOptions

    session = current_session()
    outputs = _outputs(options)
    outputs.check(overwrite=overwrite)
    opened = open_given_cache(cache)
    if raster is not None and not raster.exists():
        raise RasterError(f"There is no raster {raster}.", "Name the one that was encoded.")
    changes = {name: options[name] for name in MASK_OPTIONS}
    request = AutomaticRequest(
        parameters=preset_named(preset, opened.manifest.model.name).with_changes(changes),
        level=level,
        filter=ObjectFilter(
            extent=_in_raster_crs(extent, extent_crs, opened.manifest),
            mask=options["mask"],
            min_area=options["min_area"] or 0.0,
            max_area=options["max_area"],
            classes=options["classes"],
        ),
        polygons=PolygonOptions(
            simplify_px=DEFAULT_OPTIONS.simplify_px if simplify is None else simplify,
            all_parts=all_parts,
            right_angles=right_angles,
        ),
        raster=raster,
    )
    with (
        stop_switch(session, "patch") as should_stop,
        progress(session, "Segmenting", " patch") as bar,
    ):

        def show(told: AutomaticProgress) -> None:
            bar.reached(told.done, told.total)

        reports = Reports(show, lambda _found: None, bar.say, should_stop)
        try:
            summary = segment_all(opened, request, outputs, overwrite=overwrite, reports=reports)
        except NotEncodedError as error:
            command = encode_command(opened.manifest, opened.manifest.raster.name)
            raise NotEncodedError(error.message, f"Encode it first: {command}") from error
    if as_json:
        print_json(summary.to_json())
    else:
        objects = _counted(summary.objects, "object")
        click.echo(f"{objects} from {_counted(summary.patches, 'patch')}: {summary.out}")


def _counted(count: int, what: str) -> str:
    plural = f"{what}es" if what.endswith("h") else f"{what}s"
    return f"1 {what}" if count == 1 else f"{count} {plural}"


def _outputs(options: dict[str, Any]) -> Outputs:
    from encoder_tool.automatic.outputs import Outputs
    from encoder_tool.raster_out import RasterOutput

    cog: bool = options["cog"]
    rasters = [
        RasterOutput(options[kind], kind, cog)
        for kind in ("labels", "foreground")
        if options[kind] is not None
    ]
    for path in options["overlay"]:
        rasters.append(RasterOutput(path, "overlay", cog and path.suffix.lower() != ".png"))
    if cog and not rasters:
        raise UsageError(
            "--cog is for rasters.", "Name one by --labels, --foreground or --overlay."
        )
    if str(options["out"]) == "-":
        raise OutputError("The polygons of a whole raster go into a file.", "Name one by --out.")
    return Outputs(options["out"], options["out_crs"], tuple(rasters), options["style"])


def _in_raster_crs(
    extent: BoundsMap | None, crs: str | None, manifest: Manifest
) -> BoundsMap | None:
    from encoder_tool.crs import extent_in_raster_crs

    if crs is None:
        return extent
    if extent is None:
        raise UsageError("There is a CRS for the extent, but no extent.")
    return extent_in_raster_crs(extent, crs, manifest.raster.crs_wkt)
