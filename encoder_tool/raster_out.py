"""Writing objects as rasters, atomically and strip by strip: labels, foreground, overlay.

All have the pixels of level 0. Where objects lie on top of one another, the smaller one is seen.
"""

from __future__ import annotations

import colorsys
import tempfile
import warnings
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
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window as RasterWindow

from encoder_tool.cache.manifest import Manifest
from encoder_tool.errors import OutputError
from encoder_tool.outline import Polygonal
from encoder_tool.types import BoxPixel

RasterKind = Literal["labels", "foreground", "overlay"]

KINDS: tuple[RasterKind, ...] = get_args(RasterKind)

TIFF_SUFFIXES = (".tif", ".tiff")

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

    Raises OutputError for an unknown suffix, a missing folder, a file that exists.
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
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist.", "Make it first.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already.", "Name another file, or give --overwrite.")


def write_raster_output(
    output: RasterOutput, manifest: Manifest, objects_in: ObjectsIn, *, overwrite: bool = False
) -> None:
    """Draw the objects. The file is made beside its place and moved there when it is whole.

    Raises OutputError as `check_raster_output`, or when the file cannot be written.
    """
    check_raster_output(output, overwrite=overwrite)
    path = output.path
    try:
        with (
            tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder,
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            drawn = Path(folder) / "drawn.tif"
            _draw(drawn, output.kind, manifest, objects_in)
            made = _converted(drawn, output)
            for file in made.parent.glob(f"{made.stem}.*"):
                if file not in (made, drawn):  # a PNG's place on the map
                    file.replace(path.with_suffix(file.suffix))
            made.replace(path)
    except (RasterioError, OSError) as error:
        raise OutputError(f"{path} cannot be written ({error}).") from error


def _converted(drawn: Path, output: RasterOutput) -> Path:
    """What was drawn as the format that is asked for."""
    if output.path.suffix.lower() == ".png":
        made = drawn.with_name(f"{output.path.stem}.png")
        rasterio.shutil.copy(drawn, made, driver="PNG", WORLDFILE="YES")
        # GDAL's own notes on the CRS would lie beside the picture for good.
        made.with_name(f"{made.name}.aux.xml").unlink(missing_ok=True)
        return made
    if output.cog:
        made = drawn.with_name(output.path.name)
        resampling = "AVERAGE" if output.kind == "overlay" else "NEAREST"
        rasterio.shutil.copy(
            drawn, made, driver="COG", COMPRESS="DEFLATE", OVERVIEW_RESAMPLING=resampling
        )
        return made
    return drawn


def _draw(path: Path, kind: RasterKind, manifest: Manifest, objects_in: ObjectsIn) -> None:
    width, height = manifest.pyramid.width, manifest.pyramid.height
    with rasterio.open(path, "w", **_profile(kind, manifest)) as dataset:
        for top in range(0, height, STRIP_ROWS):
            rows = min(STRIP_ROWS, height - top)
            strip = BoxPixel(0, top, width, top + rows)
            labels = _labels(list(objects_in(strip)), width, rows, top)
            window = RasterWindow(0, top, width, rows)
            if kind == "labels":
                dataset.write(labels, 1, window=window)
            elif kind == "foreground":
                dataset.write((labels > 0).astype(np.uint8), 1, window=window)
            else:
                dataset.write(_colours(labels), window=window)


def _profile(kind: RasterKind, manifest: Manifest) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": manifest.pyramid.width,
        "height": manifest.pyramid.height,
        "transform": manifest.affine,
        "crs": manifest.raster.crs_wkt,
        "count": 4 if kind == "overlay" else 1,
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
    numbers, which = np.unique(labels, return_inverse=True)
    table = np.array([object_colour(int(number)) for number in numbers], np.uint8)
    return np.ascontiguousarray(table[which.reshape(labels.shape)].transpose(2, 0, 1))


def object_colour(number: int) -> tuple[int, int, int, int]:
    """The RGBA colour of an object, always the same one; nothing at all for number 0."""
    if number == 0:
        return 0, 0, 0, 0
    hue, bright = (number * GOLDEN_TURN) % 1.0, 0.75 + 0.25 * (number % 2)
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.85, bright))
    return red, green, blue, round(255 * OVERLAY_ALPHA)
