"""`encoder-tool info`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from encoder_tool.cli.opening import cache_or_that_of_raster, open_given_cache
from encoder_tool.cli.options import PATH, common_options, json_option
from encoder_tool.cli.session import print_json, print_table

if TYPE_CHECKING:
    from encoder_tool.cache.manifest import Manifest, StretchRecord
    from encoder_tool.cache.store import CacheSummary, LevelSummary
    from encoder_tool.types import BoundsMap

SOURCE_SENTENCES = {  # by `raster_state`
    "unchanged": "beside the cache, unchanged",
    "changed": "beside the cache, but CHANGED since it was encoded",
    "unreadable": "beside the cache, but unreadable",
    "absent": "not beside the cache (prompts do not need it)",
}


@click.command()
@click.argument("cache", metavar="CACHE|RASTER", type=PATH)
@json_option
@common_options
def info(cache: Path, as_json: bool) -> None:
    """Tell what CACHE holds: raster, bands, stretch, model, levels and coverage.

    For a RASTER, its cache in the default place.

    \b
    Examples:
      encoder-tool info scene/scene.tif.nano.sam2.zarr
      encoder-tool info scene/scene.tif.nano.sam2.zarr --json
    """
    from encoder_tool.cache.source import raster_state

    summary = open_given_cache(cache_or_that_of_raster(cache)).summary()
    manifest = summary.manifest
    source = raster_state(manifest, summary.path.absolute().parent / manifest.raster.name)
    if as_json:
        print_json({**summary.to_json(), "pixel_size": list(manifest.pixel_size),
                    "bounds": list(_bounds(manifest)),
                    "source": source})  # fmt: skip
    else:
        print_table(_rows(summary, source))


def _rows(summary: CacheSummary, source: str) -> list[tuple[str, str]]:
    manifest = summary.manifest
    raster, pyramid = manifest.raster, manifest.pyramid
    x_size, y_size = manifest.pixel_size
    rows = [
        ("Cache", f"{summary.path} ({summary.size_bytes / 2**20:.1f} MiB)"),
        ("Raster", f"{raster.name}, {raster.width} x {raster.height} {raster.dtype}"),
        ("Source", SOURCE_SENTENCES[source]),
        ("CRS", _crs(raster.crs_wkt)),
        ("Bounds", ", ".join(f"{value:.10g}" for value in _bounds(manifest))),
        (
            "Encoded at",
            f"{pyramid.width} x {pyramid.height} pixels of {x_size:g} x {y_size:g}"
            f"{_unit(raster.crs_wkt)}",
        ),
        ("Bands", f"{', '.join(map(str, manifest.bands))}, stretch {_stretch(manifest.stretch)}"),
        ("Model", f"{manifest.model.name} (sha256 {manifest.model.checkpoint_sha256[:12]}…)"),
        ("Features", f"{manifest.dtype}, patches of {pyramid.patch} px every {pyramid.stride} px"),
    ]
    for name, text in (("Attribution", raster.attribution), ("Title", raster.title)):
        if text is not None:
            rows.insert(3, (name, text))
    rows += [(f"Level {level.level}", _coverage(level)) for level in summary.levels]
    if summary.writer is not None:
        rows.append(("Writer", f"process {summary.writer.pid} on {summary.writer.host}"))
    return rows


def _coverage(level: LevelSummary) -> str:
    total = level.rows * level.cols
    empty = f", {level.empty} of nodata only" if level.empty else ""
    share = (level.present + level.empty) / total
    patches = "patch" if total == 1 else "patches"
    return f"{level.present} of {total} {patches}{empty} ({share:.0%} done)"


def _crs(wkt: str | None) -> str:
    from encoder_tool.crs import crs_name

    return crs_name(wkt) if wkt else "none: coordinates are pixels or local"


def _stretch(stretch: StretchRecord) -> str:
    ranges = dict.fromkeys(zip(stretch.low, stretch.high, strict=True))
    return f"{stretch.method} ({', '.join(f'{low:g}:{high:g}' for low, high in ranges)})"


def _bounds(manifest: Manifest) -> BoundsMap:
    from encoder_tool.prompts import raster_bounds

    return raster_bounds(manifest)


def _unit(wkt: str | None) -> str:
    """The unit of map coordinates, after a space; empty where there is no CRS."""
    from encoder_tool.crs import parse_crs

    return f" {parse_crs(wkt).axis_info[0].unit_name}" if wkt else ""
