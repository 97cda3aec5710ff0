"""Small GeoTIFFs for tests."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.windows import Window

UTM_33N = "EPSG:32633"

NORTH_UP = Affine(0.3, 0, 500_000, 0, -0.3, 5_400_000)

TRANSFORMS: Mapping[str, Affine] = {
    "north-up": NORTH_UP,
    "north-down": Affine(0.3, 0, 500_000, 0, 0.3, 5_400_000),
    "rotated": Affine.translation(500_000, 5_400_000)
    @ Affine.rotation(30)
    @ Affine.scale(0.3, -0.3),
    "non-square": Affine(0.3, 0, 500_000, 0, -0.5, 5_400_000),
}
"""The kinds of geotransform that rasters come with, in metres of UTM_33N."""


def write_raster(
    path: Path,
    values: np.ndarray,
    *,
    transform: Affine | None = NORTH_UP,
    crs: str | None = UTM_33N,
    nodata: float | None = None,
    mask: np.ndarray | None = None,
    palette: Mapping[int, tuple[int, int, int, int]] | None = None,
    colours: Sequence[ColorInterp] | None = None,
    **profile: Any,
) -> Path:
    """Write values [bands, rows, columns] as a GeoTIFF (or `driver=…`).

    mask: [rows, columns], written as an internal mask band; colours: what each band means.
    `profile` takes any creation option, such as tiled=True or compress="deflate".
    """
    bands, height, width = values.shape
    options = {"driver": "GTiff", **profile}
    with warnings.catch_warnings(), rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(
            path, "w", width=width, height=height, count=bands, dtype=values.dtype,
            transform=transform, crs=crs, nodata=nodata, **options,
        ) as dataset:  # fmt: skip
            if colours is not None:
                dataset.colorinterp = tuple(colours)
            if palette is not None:
                dataset.write_colormap(1, dict(palette))
            dataset.write(values)
            if mask is not None:
                dataset.write_mask(mask)
    return path


def write_sparse(
    path: Path,
    width: int,
    height: int,
    content: np.ndarray,
    at: tuple[int, int],
    *,
    transform: Affine = NORTH_UP,
    nodata: float | None = None,
) -> Path:
    """A huge tiled GeoTIFF that takes no room: `content` [bands, rows, columns] at `at`
    (column, row), and no blocks elsewhere."""
    bands, rows, columns = content.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=bands, dtype=content.dtype,
        transform=transform, crs=UTM_33N, nodata=nodata, tiled=True, blockxsize=512,
        blockysize=512, sparse_ok=True, compress="deflate",
    ) as dataset:  # fmt: skip
        dataset.write(content, window=Window(*at, columns, rows))
    return path


def ramp(width: int, height: int, transform: Affine = NORTH_UP) -> np.ndarray:
    """Map x and map y of every pixel's centre, [2, rows, columns] float64."""
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    a, b, c, d, e, f = tuple(transform)[:6]
    return np.stack([a * x + b * y + c, d * x + e * y + f])


def noise(bands: int, width: int, height: int, dtype: str = "uint8", seed: int = 0) -> np.ndarray:
    """Reproducible random values over an unsigned type's range, or 0..1 for floats."""
    rng = np.random.default_rng(seed)
    shape = (bands, height, width)
    if np.dtype(dtype).kind == "f":
        return rng.random(shape).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)
