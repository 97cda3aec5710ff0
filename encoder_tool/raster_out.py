"""Writing objects as rasters, strip by strip: labels, foreground, overlay.

All have the pixels of level 0. Where objects lie on top of one another, the smaller one is seen.
"""

from __future__ import annotations

import colorsys
import tempfile
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.features
import rasterio.shutil
from affine import Affine
from rasterio._err import CPLE_BaseError  # copying raises GDAL's errors as they are
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window as RasterWindow

from encoder_tool.cache.manifest import Manifest
from encoder_tool.errors import EngineError, OutputError
from encoder_tool.outline import Polygonal
from encoder_tool.staging import check_place, not_written
from encoder_tool.types import BoxPixel

RasterKind = Literal["labels", "foreground", "overlay"]

KINDS: tuple[RasterKind, ...] = get_args(RasterKind)

TIFF_SUFFIXES = (".tif", ".tiff")

OVERLAY_BANDS = 4

OVERLAY_ALPHA = 0.35

STRIP_ROWS = 512
"""Rows that are drawn at a time; a whole number of the file's blocks."""

BLOCK = 256

GOLDEN_TURN = 0.618033988749895
"""Hues that are this part of a turn apart never come close to one another soon."""

Numbered = tuple[int, Polygonal]
"""An object's number, from 1, and its outline in level-0 pixels."""

ObjectsIn = Callable[[BoxPixel], Iterator[Numbered]]
"""The objects that may meet a box of level-0 pixels, the largest first."""


@dataclass(frozen=True, slots=True)
class RasterOutput:
    """A raster to write.

    kind: "labels": each object's number, 0 where there is none; "foreground": 1 and 0;
        "overlay": a colour for each object, 35 % opaque, as RGBA
    cog: a cloud-optimised GeoTIFF in place of a plain one
    """

    path: Path
    kind: RasterKind
    cog: bool = False


def check_raster_output(output: RasterOutput, *, overwrite: bool = False) -> None:
    """Refuse what cannot or must not be written, before any work is done.

    Raises OutputError for an unknown suffix, and as `staging.check_place`.
    """
    path = output.path
    suffixes = (*TIFF_SUFFIXES, ".png") if output.kind == "overlay" else TIFF_SUFFIXES
    if path.suffix.lower() not in suffixes:
        raise OutputError(
            f"{path} has no suffix that names a known raster format.",
            f"Use one of {', '.join(suffixes)}.",
        )
    if output.cog and path.suffix.lower() == ".png":
        raise OutputError(f"{path} is a PNG file, which is no GeoTIFF.", "Use the suffix .tif.")
    check_place(path, overwrite=overwrite)


def make_raster(
    made: Path, output: RasterOutput, manifest: Manifest, objects_in: ObjectsIn
) -> None:
    """Draw the objects into a new file; a PNG's place on the map comes to lie beside it.

    made: where to make it
    Raises OutputError when it cannot be written whole, DiskFullError when the disk is full.
    """
    try:
        with (
            tempfile.TemporaryDirectory(dir=made.parent) as folder,
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            drawn = Path(folder) / "drawn.tif"
            sums, place = _draw(drawn, output.kind, manifest, objects_in), _place(drawn)
            _convert(drawn, made, cog=output.cog)
            if _sums(made) != sums or not _place(made).almost_equals(place):
                raise _not_whole(made, output.path)
    except (RasterioError, CPLE_BaseError) as error:
        raise not_written(made, f"{output.path} cannot be written ({error}).") from error


def _not_whole(made: Path, path: Path) -> EngineError:
    return not_written(made, f"{path} could not be written whole.", "Is the disk full? Make room.")


def _convert(drawn: Path, made: Path, *, cog: bool) -> None:
    """What was drawn comes to `made`, in the format that is asked for."""
    if made.suffix.lower() == ".png":
        rasterio.shutil.copy(drawn, made, driver="PNG", WORLDFILE="YES")
        # GDAL's own notes on the CRS would lie beside the picture for good.
        made.with_name(f"{made.name}.aux.xml").unlink(missing_ok=True)
    elif cog:
        with rasterio.open(drawn) as dataset:
            resampling = "AVERAGE" if dataset.count == OVERLAY_BANDS else "NEAREST"
        rasterio.shutil.copy(
            drawn, made, driver="COG", COMPRESS="DEFLATE", OVERVIEW_RESAMPLING=resampling
        )
    else:
        drawn.replace(made)


def _draw(path: Path, kind: RasterKind, manifest: Manifest, objects_in: ObjectsIn) -> list[int]:
    """Strip by strip; a checksum of each."""
    width, height = manifest.pyramid.width, manifest.pyramid.height
    sums = []
    with rasterio.open(path, "w", **_profile(kind, manifest)) as dataset:
        for strip in _strips(width, height):
            box = BoxPixel(0, strip.row_off, width, strip.row_off + strip.height)
            labels = _labels(list(objects_in(box)), width, strip.height, strip.row_off)
            values = _values(labels, kind)
            dataset.write(values, window=strip)
            sums.append(zlib.crc32(values.data))
    return sums


def _sums(path: Path) -> list[int]:
    """Of what a file has, the checksums that `_draw` gives: GDAL says nothing when the last of
    it does not fit on the disk."""
    with rasterio.open(path) as dataset:
        strips = _strips(dataset.width, dataset.height)
        return [zlib.crc32(dataset.read(window=strip).data) for strip in strips]


def _place(path: Path) -> Affine:
    """Where a raster lies: a PNG's world file may not fit on the disk any more, either."""
    with rasterio.open(path) as dataset:
        transform: Affine = dataset.transform
    return transform


def _strips(width: int, height: int) -> Iterator[RasterWindow]:
    for top in range(0, height, STRIP_ROWS):
        yield RasterWindow(0, top, width, min(STRIP_ROWS, height - top))


def _values(labels: npt.NDArray[np.uint32], kind: RasterKind) -> npt.NDArray[Any]:
    """Of a strip of labels [rows, width], what the raster has there, [bands, rows, width]."""
    if kind == "overlay":
        return _colours(labels)
    values = labels if kind == "labels" else (labels > 0).astype(np.uint8)
    return np.ascontiguousarray(values[np.newaxis])


def _profile(kind: RasterKind, manifest: Manifest) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": manifest.pyramid.width,
        "height": manifest.pyramid.height,
        "transform": manifest.affine,
        "crs": manifest.raster.crs_wkt,
        "count": OVERLAY_BANDS if kind == "overlay" else 1,
        "dtype": "uint32" if kind == "labels" else "uint8",
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "compress": "deflate",
        "BIGTIFF": "IF_SAFER",
    }
    if kind == "overlay":
        return {**profile, "photometric": "RGB", "alpha": "NON-PREMULTIPLIED"}
    return {**profile, "nodata": 0} if kind == "labels" else profile


def _labels(
    objects: Sequence[Numbered], width: int, rows: int, top: int
) -> npt.NDArray[np.uint32]:  # fmt: skip
    """The objects' numbers [rows, width] of a strip that begins at row `top`."""
    if not objects:
        return np.zeros((rows, width), np.uint32)
    return np.asarray(
        rasterio.features.rasterize(
            [(geometry, number) for number, geometry in objects],
            out_shape=(rows, width),
            transform=Affine.translation(0, top),
            dtype="uint32",
        )
    )


def _colours(labels: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """[4, rows, width]: each object's colour, and nothing where there is none."""
    numbers = np.unique(labels)
    # Looked up by number: which of them a pixel has would take twice as much as all else.
    table = np.zeros((int(numbers[-1]) + 1, OVERLAY_BANDS), np.uint8)
    table[numbers] = [object_colour(int(number)) for number in numbers]
    return np.ascontiguousarray(table[labels].transpose(2, 0, 1))


def object_colour(number: int) -> tuple[int, int, int, int]:
    """The RGBA colour of an object, always the same one; nothing at all for number 0."""
    if number == 0:
        return 0, 0, 0, 0
    hue, bright = (number * GOLDEN_TURN) % 1.0, 0.75 + 0.25 * (number % 2)
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.85, bright))
    return red, green, blue, round(255 * OVERLAY_ALPHA)
