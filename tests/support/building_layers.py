"""Layers of buildings, as files, and what is read of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely

from encoder_tool.refine import RefinedFeature, Verdict
from tests.support.fake_cache import UTM

WEST, NORTH = 431_000.0, 5_480_000.0
HOUSE = shapely.box(WEST + 30, NORTH - 60, WEST + 45.123456789, NORTH - 50)
BARN = shapely.Polygon(
    [(WEST + 90, NORTH - 90), (WEST + 120, NORTH - 90), (WEST + 120, NORTH - 70),
     (WEST + 90, NORTH - 71)],
    [[(WEST + 100, NORTH - 85), (WEST + 105, NORTH - 85), (WEST + 105, NORTH - 80)]],
)  # fmt: skip
BOW_TIE = shapely.Polygon(
    [(WEST + 10, NORTH - 10), (WEST + 20, NORTH - 20), (WEST + 20, NORTH - 10),
     (WEST + 10, NORTH - 20)]
)  # fmt: skip


def write_layer(
    path: Path, geometries: list, crs: str | None = UTM, kind: str = "Unknown", **fields
):
    columns = {"name": np.array([f"b{i}" for i in range(len(geometries))], object), **fields}
    pyogrio.raw.write(
        path, geometry=shapely.to_wkb(np.array(geometries, object)), crs=crs,
        field_data=list(columns.values()), fields=list(columns), geometry_type=kind,
        field_mask=[
            np.array([v is None for v in c], np.bool_) if c.dtype == object else None
            for c in columns.values()
        ],
    )  # fmt: skip
    return path


def read(path: Path):
    meta, fids, geometry, columns = pyogrio.raw.read(path, return_fids=True)
    return (
        meta,
        fids,
        list(shapely.from_wkb(geometry)),
        dict(zip(meta["fields"], columns, strict=True)),
    )


def kept(row: int, geometry, **values) -> RefinedFeature:
    return RefinedFeature(row, geometry, Verdict.KEEP, "It fits.", 1.0, 0.2, 0.8, 0.0, **values)
