"""Real imagery into a data pack: a folder of GeoTIFFs and building footprints beside them.

`NAME_0.tif`, `NAME_1.tif` … belong to `NAME.geojson` (or .gpkg): the footprints of a site, in
any CRS. Needs the engine's environment (rasterio, shapely, pyogrio).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import rasterio
import shapely

from encoder_tool.truth import read_truth
from training.pack import Rings, Site, write_pack

VALIDATION_ONLY = ("catanduanes",)
"""Sites that are never trained on."""

_SMALLEST_M2 = 4.0


def prepare(folder: Path, names: Sequence[str], out: Path, attribution: str) -> list[Site]:
    """Pack the sites `names` of `folder`. Raises ValueError for one that is not to be trained on
    or is not there."""
    for name in names:
        if name in VALIDATION_ONLY:
            raise ValueError(f"{name} is for validation only: it is never trained on.")
    sites = [site for name in names for site in read_sites(folder, name)]
    write_pack(out, sites, attribution)
    return sites


def read_sites(folder: Path, name: str) -> Iterator[Site]:
    """The rasters of a site with the footprints that lie on each."""
    rasters = sorted(folder.glob(f"{name}_*.tif"))
    vectors = [p for p in (folder / f"{name}.geojson", folder / f"{name}.gpkg") if p.exists()]
    if not rasters or not vectors:
        raise ValueError(f"There is no {name}_*.tif with {name}.geojson or .gpkg in {folder}.")
    for path in rasters:
        with rasterio.open(path) as raster:
            image = np.moveaxis(raster.read([1, 2, 3]), 0, -1)
            to_pixels, crs = ~raster.transform, raster.crs.to_wkt()
        a, b, c, d, e, f = to_pixels[:6]
        buildings: list[Rings] = []
        frame = shapely.box(0, 0, image.shape[1], image.shape[0])
        for item in read_truth(vectors[0], crs):
            if item.geometry.area < _SMALLEST_M2:
                continue
            polygon = shapely.affinity.affine_transform(item.geometry, (a, b, d, e, c, f))
            for part in shapely.get_parts(polygon):
                if part.intersects(frame):
                    buildings.append(_rings(part))
        yield Site(path.stem, np.ascontiguousarray(image), buildings)


def _rings(polygon: shapely.Polygon) -> Rings:
    rings = [polygon.exterior, *polygon.interiors]
    return [shapely.get_coordinates(ring)[:-1] for ring in rings]
