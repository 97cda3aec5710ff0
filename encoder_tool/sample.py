"""The sample: a procedural scene as a GeoTIFF, and its exact truth as a GeoPackage."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import rasterio
import shapely
from affine import Affine

from encoder_tool.errors import OutputError
from encoder_tool.scene import Scene, make_scene

SAMPLE_CRS = "EPSG:32633"
SAMPLE_GSD_M = 0.3
TRUTH_LAYER = "truth"
CLASS_FIELD = "class"

_WEST_M, _NORTH_M = 500_000.0, 4_650_000.0
"""Where the scene lies in UTM 33N: a plausible place, so that coordinates have their real size."""


@dataclass(frozen=True, slots=True)
class SamplePaths:
    """The sample's two files."""

    scene: Path
    truth: Path


def write_sample(
    directory: Path, size: int = 2048, seed: int = 0, *, overwrite: bool = False
) -> SamplePaths:
    """Write `scene.tif` and `truth.gpkg` into `directory`, which is made if need be.

    Raises UsageError for an impossible size, and what `write_scene` does.
    """
    return write_scene(make_scene(size, seed, SAMPLE_GSD_M), directory, overwrite=overwrite)


def write_scene(scene: Scene, directory: Path, *, overwrite: bool = False) -> SamplePaths:
    """Write a scene's picture and truth into `directory`, which is made if need be.

    A file that is there already and has the same content is left alone. Raises OutputError
    when one has other content and `overwrite` is not given, or when nothing can be written.
    """
    paths = SamplePaths(directory / "scene.tif", directory / "truth.gpkg")
    transform = Affine(scene.gsd_m, 0.0, _WEST_M, 0.0, -scene.gsd_m, _NORTH_M)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sample.", dir=directory) as folder:
            made = SamplePaths(Path(folder) / "scene.tif", Path(folder) / "truth.gpkg")
            _write_scene(scene, transform, made.scene)
            _write_truth(scene, transform, made.truth)
            _move_into_place(made, paths, overwrite=overwrite)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputError(f"{directory} is not a folder.", "Name another one.") from error
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"The folder {directory} cannot be written to ({error.strerror or error})."
        ) from error
    return paths


def truth_polygons(scene: Scene, transform: Affine) -> list[shapely.Polygon]:
    """The scene's objects in map units."""
    a, b, c, d, e, f = transform[:6]
    linear, shift = np.array([[a, b], [d, e]]), np.array([c, f])
    return [
        shapely.Polygon(
            item.exterior @ linear.T + shift, [hole @ linear.T + shift for hole in item.holes]
        )
        for item in scene.objects
    ]


def _write_scene(scene: Scene, transform: Affine, path: Path) -> None:
    height, width, bands = scene.image.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=bands, dtype="uint8",
        crs=SAMPLE_CRS, transform=transform, photometric="RGB", interleave="pixel",
        tiled=True, blockxsize=256, blockysize=256, compress="deflate", predictor=2,
    ) as raster:  # fmt: skip
        raster.write(np.moveaxis(scene.image, -1, 0))


def _write_truth(scene: Scene, transform: Affine, path: Path) -> None:
    with _fixed_gpkg_date():
        pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb(np.array(truth_polygons(scene, transform), dtype=object)),
            field_data=[np.array([item.class_name for item in scene.objects], dtype=object)],
            fields=[CLASS_FIELD],
            layer=TRUTH_LAYER,
            driver="GPKG",
            geometry_type="Polygon",
            crs=SAMPLE_CRS,
        )


@contextmanager
def _fixed_gpkg_date() -> Iterator[None]:
    """A GeoPackage holds the time of its making; fixed, equal samples are equal files."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2025-01-01T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _move_into_place(made: SamplePaths, paths: SamplePaths, *, overwrite: bool) -> None:
    pairs = [(made.scene, paths.scene), (made.truth, paths.truth)]
    changed = [
        (new, old)
        for new, old in pairs
        if not (old.is_file() and filecmp.cmp(new, old, shallow=False))
    ]
    for _, old in changed:
        if old.exists() and not overwrite:
            raise OutputError(
                f"{old} exists already and is another scene.",
                "Name another folder, or give --overwrite.",
            )
    for new, old in changed:
        new.replace(old)
