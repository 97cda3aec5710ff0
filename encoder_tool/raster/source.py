"""Native pixels of a GDAL raster: colour values and which of them count.

A pixel is masked when

- a mask band, a per-dataset nodata or an alpha band (0) says so. A chosen band is data, also
  when the file calls it alpha;
- a chosen band is NaN or infinite;
- it has the nodata value: in all chosen bands for unsigned types, where the value (mostly 0 or
  255) is also a legitimate one of a dark or saturated band; in any of them for signed and
  floating types, where it is a sentinel such as -9999;
- its palette entry is transparent.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags, WktVersion
from rasterio.errors import CRSError, NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window as RasterioWindow

from encoder_tool.connection import is_connection
from encoder_tool.errors import BandError, MissingRasterError, RasterError
from encoder_tool.gdal import BLOCK_CACHE_BYTES, gdal_environment
from encoder_tool.raster.pixel_source import Region, Values
from encoder_tool.types import PATCH_SIZE, BoolArray, Remark, Window

MOST_BLOCK_CACHE_BYTES = 192 << 20
"""For strips, which are decoded over the raster's whole width, or again for every patch."""

MAX_BANDS = 3


class NativeSource:
    """A `PixelSource` of a raster that GDAL opens.

    colours: as many as bands, but 3 for a palette
    overviews: none: a VRT reads those of its sources uncalled for (see `resample`), and features
        must not change when somebody builds some
    """

    title: str | None = None
    identity: str | None = None
    most_tiles: int | None = None
    overviews = 0
    fetched = 0

    def __init__(self, path: str | os.PathLike[str], bands: Sequence[int] | None) -> None:
        """Raises MissingRasterError, RasterError, BandError."""
        self.path = os.fspath(path)
        self.notes: list[str] = []
        self._dataset = _open_dataset(self.path)
        try:
            self._describe(bands)
        except BaseException:
            self._dataset.close()
            raise

    def _describe(self, bands: Sequence[int] | None) -> None:
        dataset = self._dataset
        self.width: int = dataset.width
        self.height: int = dataset.height
        self.bands = _chosen_bands(dataset, bands, self.notes)
        self.dtype = _common_dtype(dataset, self.bands)
        self.work_dtype = np.dtype(
            np.float32 if self.dtype.itemsize < 4 or self.dtype == np.float32 else np.float64
        )
        self._palette = self._find_palette()
        self.colours = len(self.bands) if self._palette is None else MAX_BANDS
        self._nodata = [dataset.nodatavals[band - 1] for band in self.bands]
        self._alpha = next(
            (
                band
                for band, meaning in enumerate(dataset.colorinterp, 1)
                if meaning == ColorInterp.alpha and band not in self.bands
            ),
            None,
        )
        self._mask_bands = _mask_bands(dataset, self.bands)
        self.transform = _transform(dataset)
        if self.transform.is_degenerate:
            raise RasterError(f"The geotransform of {self.name} maps its pixels onto a line.")
        self.crs_wkt = wkt_of(dataset.crs)
        self.notes += _georeference_notes(dataset, self.transform)

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def nodata(self) -> float | None:
        """The first chosen band's nodata; None for NaN, which is masked in any case and which
        JSON cannot hold."""
        value = self._nodata[0]
        return None if value is None or np.isnan(value) else float(value)

    @property
    def attribution(self) -> str | None:
        """Whom to name, as TIFF's own field has it."""
        return self._dataset.tags().get("TIFFTAG_COPYRIGHT") or None

    @property
    def is_eight_bit(self) -> bool:
        return self.dtype.itemsize == 1

    @property
    def type_range(self) -> tuple[float, float]:
        """The values that the type can hold; 0 to 1 for floats."""
        if self.dtype.kind == "f":
            return 0.0, 1.0
        if self._palette is not None:
            return 0.0, 255.0
        tags = self._dataset.tags(self.bands[0], ns="IMAGE_STRUCTURE")
        if self.dtype.kind == "u" and "NBITS" in tags:
            return 0.0, float((1 << int(tags["NBITS"])) - 1)
        limits = np.iinfo(self.dtype)
        return float(limits.min), float(limits.max)

    @property
    def in_strips(self) -> bool:
        """Whether blocks span the raster's width, so that wide windows are cheaper."""
        return bool(self._dataset.block_shapes[self.bands[0] - 1][1] >= self.width)

    @property
    def block_cache_bytes(self) -> int:
        """What GDAL may keep of this raster: of strips those that a row of patches lies in."""
        if not self.in_strips:
            return BLOCK_CACHE_BYTES
        strip_rows: int = self._dataset.block_shapes[self.bands[0] - 1][0]
        row_bytes: int = self.width * self._dataset.count * self.dtype.itemsize
        wanted = row_bytes * (PATCH_SIZE + strip_rows)
        return min(max(wanted, BLOCK_CACHE_BYTES), MOST_BLOCK_CACHE_BYTES)

    def files_state(self) -> tuple[int, int]:
        """Total size in bytes and latest mtime in ns of all files that the raster consists of
        (a VRT's sources, masks, overviews …); (0, 0) when none is a local file."""
        files = map(Path, _all_files(self._dataset))
        states = [file.stat() for file in files if file.is_file()]
        return sum(s.st_size for s in states), max((s.st_mtime_ns for s in states), default=0)

    def tiles_to_fetch(self, _regions: Iterable[Region]) -> int:
        return 0

    def interrupt(self) -> None:
        """GDAL's reads are not waited for."""

    def read(self, window: Window, halvings: int = 0) -> tuple[Values, BoolArray]:
        """Native pixels of a window inside the raster: values [colours, h, w], valid [h, w].

        Values that are not valid are anything, NaN included. Raises RasterError when GDAL fails.
        """
        assert halvings <= self.overviews
        gdal_window = RasterioWindow(window.col_off, window.row_off, window.width, window.height)
        wanted = [*self.bands, self._alpha] if self._alpha else list(self.bands)
        try:
            with gdal_environment(self.block_cache_bytes):
                values = self._dataset.read(wanted, window=gdal_window, out_dtype=self.work_dtype)
                valid = np.ones((window.height, window.width), np.bool_)
                for band in self._mask_bands:
                    valid &= self._dataset.read_masks(band, window=gdal_window) > 0
        except RasterioError as error:
            raise RasterError(
                f"{self.name} cannot be read at columns {window.col_off} to {window.col_end}, "
                f"rows {window.row_off} to {window.row_end}; the file may be damaged or cut."
            ) from error
        if self._alpha:
            valid &= values[-1] > 0
            values = values[:-1]
        valid &= ~self._is_nodata(values)
        if self._palette is not None:
            colours = self._palette[:, values[0].astype(np.intp)]
            return colours[:3], valid & (colours[3] > 0)
        if self.dtype.kind == "f":
            valid &= np.isfinite(values).all(axis=0)
        return values, valid

    def _is_nodata(self, values: Values) -> BoolArray:
        # Cast first: the nodata of a float32 band is written as a float64 in some files.
        hits = [
            band == self.work_dtype.type(nodata)
            for band, nodata in zip(values, self._nodata, strict=True)
            if nodata is not None
        ]
        if not hits:
            return np.zeros(values.shape[1:], np.bool_)
        combine = np.all if self.dtype.kind == "u" else np.any
        return np.asarray(combine(hits, axis=0), np.bool_)

    def _find_palette(self) -> Values | None:
        """Colours of a single palette band as [4, entries] (RGBA), or None."""
        if len(self.bands) > 1 or self.dtype.kind != "u" or self.dtype.itemsize > 2:
            return None
        try:
            entries = self._dataset.colormap(self.bands[0])
        except ValueError:
            return None
        palette = np.zeros((4, 1 << (8 * self.dtype.itemsize)), np.float32)
        for index, rgba in entries.items():
            palette[:, index] = rgba
        band = self.bands[0]
        self.notes.append(
            Remark("palette", f"Band {band} has a palette, which is expanded to RGB.", band=band)
        )
        return palette

    def close(self) -> None:
        self._dataset.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _open_dataset(path: str) -> Any:
    name = Path(path).name or repr(path)
    try:
        exists = Path(path).exists()
    except OSError as error:
        raise RasterError(f"{name} cannot be read: {error.strerror}.") from error
    if not exists and not is_connection(path):
        raise MissingRasterError(f"There is no raster at {path}.")
    if Path(path).is_file() and not os.access(path, os.R_OK):
        raise RasterError(f"{name} cannot be read: permission denied.")
    try:
        with gdal_environment(), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(path)
    except RasterioError as error:
        raise RasterError(f"{name} is not a raster that GDAL can read.") from error
    if dataset.count == 0:
        parts = dataset.subdatasets
        dataset.close()
        raise RasterError(
            f"{name} holds no bands of its own.",
            f"Name one of its subdatasets, such as {parts[0]}." if parts else None,
        )
    return dataset


def _all_files(dataset: Any) -> set[str]:
    """The files of a dataset and of the VRTs among them: GDAL names only a VRT's own sources."""
    found = set(dataset.files)
    nested = {name for name in found if name.lower().endswith(".vrt")} - {dataset.name}
    while nested:
        try:
            inner = _open_dataset(nested.pop())
        except RasterError:  # gone: reading it will tell
            continue
        with inner:
            fresh = set(inner.files) - found
        found |= fresh
        nested |= {name for name in fresh if name.lower().endswith(".vrt")}
    return found


def _chosen_bands(dataset: Any, bands: Sequence[int] | None, notes: list[str]) -> tuple[int, ...]:
    if bands is None:
        return _default_bands(dataset, notes)
    if not bands:
        raise BandError("No bands are chosen.", "Choose one to three, such as --bands 1,2,3.")
    if len(bands) > MAX_BANDS:
        raise BandError(f"{len(bands)} bands are chosen, but the model takes at most three.")
    for band in bands:
        if not 1 <= band <= dataset.count:
            has = "1 band" if dataset.count == 1 else f"{dataset.count} bands"
            raise BandError(f"There is no band {band}: {Path(dataset.name).name} has {has}.")
    return tuple(bands)


def _default_bands(dataset: Any, notes: list[str]) -> tuple[int, ...]:
    """Red, green and blue where the file names them, else the first three that are not alpha,
    else the first."""
    meanings = list(dataset.colorinterp)
    rgb = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    if all(meaning in meanings for meaning in rgb):
        chosen = tuple(meanings.index(meaning) + 1 for meaning in rgb)
        if chosen != (1, 2, 3):
            listed = ",".join(map(str, chosen))
            notes.append(
                Remark("bands", f"Bands {listed} are read: red, green and blue.", bands=listed)
            )
        return chosen
    data = [band for band, m in enumerate(meanings, 1) if m != ColorInterp.alpha]
    if len(data) >= MAX_BANDS:
        return tuple(data[:MAX_BANDS])
    return (data[0] if data else 1,)


def _common_dtype(dataset: Any, bands: Sequence[int]) -> np.dtype[Any]:
    names = [dataset.dtypes[band - 1] for band in bands]
    if any(name.startswith("complex") for name in names):
        raise RasterError(
            f"{Path(dataset.name).name} has complex values, which have no brightness.",
            "Convert them first, for instance to amplitudes.",
        )
    return np.result_type(*names)


def _mask_bands(dataset: Any, bands: Sequence[int]) -> list[int]:
    """The bands whose GDAL mask says more than their nodata and the alpha band do."""
    found = []
    for band in bands:
        flags = dataset.mask_flag_enums[band - 1]
        shared = MaskFlags.per_dataset in flags
        known = MaskFlags.all_valid in flags or MaskFlags.alpha in flags
        if known or (MaskFlags.nodata in flags and not shared):
            continue
        found.append(band)
        if shared:
            break
    return found


def wkt_of(crs: CRS | None) -> str | None:
    """WKT 2 where the CRS can be written so; None without one."""
    if not crs:
        return None
    try:
        return str(crs.to_wkt(version=WktVersion.WKT2_2019))
    except CRSError:
        return str(crs.wkt)


def _transform(dataset: Any) -> Affine:
    """Pixel (x, y) to map; the identity where the file says nothing.

    rasterio 1.4 warns when there is no geotransform, and then returns memory that nobody has
    written to, for drivers that leave it so (PNM).
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", NotGeoreferencedWarning)
        dataset.read_transform()
        transform: Affine = dataset.transform
    return Affine.identity() if caught else transform


def _georeference_notes(dataset: Any, transform: Affine) -> list[str]:
    if transform != Affine.identity():
        if dataset.crs:
            return []
        return [
            Remark("no_crs", "The raster has no CRS: coordinates are in its own, unnamed units.")
        ]
    points = bool(dataset.gcps[0])
    if points or dataset.rpcs:
        means = "ground control points" if points else "RPCs"
        return [
            f"The raster is georeferenced by {means} only, which are not used: coordinates are "
            "pixels (x right, y down). Warp it first (gdalwarp) for map coordinates."
        ]
    return [
        Remark(
            "not_georeferenced",
            "The raster is not georeferenced: coordinates are pixels (x right, y down).",
        )
    ]
