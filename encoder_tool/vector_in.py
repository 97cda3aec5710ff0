"""Reading a layer of a vector file, whatever it holds."""

from __future__ import annotations

import shlex
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio.errors
import pyogrio.raw
import shapely

from encoder_tool.errors import UsageError


@dataclass(frozen=True, eq=False)
class Column:
    """dtype: of the file, by numpy's name; values: [N], whole numbers as floats where some are
    missing"""

    name: str
    dtype: str
    values: npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class VectorLayer:
    """The features of a layer in their order.

    fids: [N], as OGR and QGIS tell them
    geometries: [N], as the file has them; None where a feature has none
    told: GDAL's and pyogrio's warnings
    """

    crs: str | None
    fids: npt.NDArray[np.int64]
    geometries: npt.NDArray[np.object_]
    columns: tuple[Column, ...]
    told: tuple[str, ...]

    @property
    def table(self) -> dict[str, npt.NDArray[Any]]:
        """Values by name."""
        return {column.name: column.values for column in self.columns}


def read_vector(
    path: Path,
    layer: str | None = None,
    *,
    wanted: str,
    columns: Sequence[str] | None = None,
    force_2d: bool = True,
) -> VectorLayer:
    """A layer of a file, by default the first one.

    wanted: what the file should be, for a hint; columns: None for all, names that the layer lacks
        are left out
    Raises UsageError when there is no such file or layer, or it cannot be read.
    """
    if not path.exists():
        raise UsageError(f"There is no file {path}.", f"Give {wanted}.")
    try:
        # A filter that makes errors of warnings does not reach the caller through GDAL.
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            meta, fids, wkb, values = pyogrio.raw.read(
                path, layer=layer or 0, columns=columns, force_2d=force_2d, return_fids=True
            )
    except pyogrio.errors.DataSourceError as error:
        raise UsageError(
            f"{path} cannot be read as a vector layer ({error}).",
            f"Give {wanted}, such as a .gpkg, .geojson or .shp file.",
        ) from error
    except pyogrio.errors.DataLayerError as error:
        raise UsageError(
            f"{path} cannot be read as a vector layer ({error}).",
            f"Its layers are listed by `ogrinfo {shlex.quote(str(path))}`; choose one by --layer.",
        ) from error
    except pyogrio.errors.GeometryError as error:
        raise _unreadable(path, error) from error
    try:
        shapes = shapely.from_wkb([None] * len(fids) if wkb is None else wkb)
    except shapely.errors.GEOSException as error:
        raise _unreadable(path, error) from error
    found = zip(meta["fields"], meta["dtypes"], values, strict=True)
    return VectorLayer(
        meta["crs"], fids.astype(np.int64), np.asarray(shapes, object),
        tuple(Column(str(name), str(dtype), one) for name, dtype, one in found),
        tuple(str(one.message) for one in told),
    )  # fmt: skip


def read_column(path: Path, layer: str | None, name: str, **options: Any) -> npt.NDArray[Any]:
    """One field of a layer that `read_vector` has read; options: of `pyogrio.raw.read`."""
    with warnings.catch_warnings(record=True):  # the same as of the whole file
        warnings.simplefilter("always")
        _, _, _, (values,) = pyogrio.raw.read(
            path, layer=layer or 0, columns=[name], read_geometry=False, **options
        )
    return np.asarray(values)


def _unreadable(path: Path, error: Exception) -> UsageError:
    return UsageError(f"{path} holds geometries that cannot be read ({error}).")
