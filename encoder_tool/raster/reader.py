"""Patches of a raster at any level and resolution, stretched to RGB in 0..1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, hypot, isclose, isfinite, log2, sqrt
from types import TracebackType
from typing import Self

import numpy as np
from affine import Affine

from encoder_tool.crs import crs_name, same_crs
from encoder_tool.errors import ExtentError, UsageError
from encoder_tool.grid import ceil_div
from encoder_tool.raster.pixel_source import PixelSource, Region, Values
from encoder_tool.raster.resample import EPSILON, Axis, resample
from encoder_tool.raster.sampling import (
    QUICK_PIXELS,
    QUICK_SAMPLES,
    SAMPLES,
    STATISTICS_PIXELS,
    fingerprint,
    is_quick,
    sample_windows,
)
from encoder_tool.raster.stretch import (
    SampleStatistics,
    apply_stretch,
    limits_for_rgb,
    make_record,
    parse_stretch,
)
from encoder_tool.types import BoolArray, BoundsMap, FloatArray, RasterRecord, StretchRecord, Window

CHUNK_PIXELS = 1 << 21
"""Native pixels held at a time: at level 5 a patch covers 32768 x 32768 of them."""

STATISTICS_STEP = 8
"""Percentiles use every 8th valid pixel of the sample: 2 million are plenty."""

MAX_SIDE = 1 << 24
"""Far beyond any raster: a resolution that asks for more is a slip of the unit."""


@dataclass(frozen=True, eq=False)
class Patch:
    """A window of a level, ready for the encoder.

    image: [3, H, W] RGB in 0..1; pixels that are not valid have the fill colour
    valid: [H, W], False for nodata and for what lies beyond the raster
    """

    image: FloatArray
    valid: BoolArray


class RasterReader:
    """A raster as a pyramid of levels; level 0 has `width` x `height` pixels.

    Level-0 pixels are native ones, or squares of `resolution`. One band is repeated; two are
    completed by their mean. A reader may be handed to another thread, but only one thread at a
    time may use it.

    transform: level-0 pixel (x, y) to map
    crs_wkt: WKT 2, or None; notes: plain sentences about what is special with this raster
    """

    def __init__(self, source: PixelSource, resolution: float | None = None) -> None:
        self._source = source
        self._fingerprints: dict[bool, str] = {}
        self.bands = source.bands
        self.crs_wkt = source.crs_wkt
        self.notes = source.notes
        native = source.transform
        self._scale_x = _scale(resolution, hypot(native.a, native.d))
        self._scale_y = _scale(resolution, hypot(native.b, native.e))
        self.transform: Affine = native @ Affine.scale(self._scale_x, self._scale_y)
        rows, cols = self._axes(0)
        self.width, self.height = cols.length, rows.length
        if max(self.width, self.height) > MAX_SIDE:
            at = "" if resolution is None else f" at a resolution of {resolution:g}"
            raise UsageError(
                f"The raster has {self.width} x {self.height} pixels{at}; at most {MAX_SIDE} a "
                "side can be handled.",
                "Give a coarser --resolution; it is in units of the raster's CRS.",
            )

    def _axes(self, level: int) -> tuple[Axis, Axis]:
        """Rows and columns of a level, over the pixels of the source, halved as it is for it."""
        halvings = self._halvings(level)
        factor, native = (1 << level) / (1 << halvings), 1 << halvings
        return (
            Axis(self._scale_y * factor, ceil_div(self._source.height, native)),
            Axis(self._scale_x * factor, ceil_div(self._source.width, native)),
        )

    def _halvings(self, level: int) -> int:
        """How many times the source is halved for a level, as far as it can be."""
        wanted = floor(log2(min(self._scale_x, self._scale_y)) + level + EPSILON)
        return min(max(wanted, 0), self._source.overviews)

    def is_averaged(self, level: int) -> bool:
        """Whether a pixel of the level is valid when any native pixel in it is: not so where the
        level is finer than the raster and its pixels lie between native ones, nor where the
        source has coarser pixels of its own."""
        rows, cols = self._axes(level)
        return not (rows.enlarges or cols.enlarges or self._source.overviews)

    @property
    def is_fetched(self) -> bool:
        """Whether its pixels come over a network, tile by tile."""
        return self._source.identity is not None

    @property
    def most_tiles(self) -> int | None:
        """What the source's terms allow to fetch at once; None where they name no number."""
        return self._source.most_tiles

    @property
    def fetched(self) -> int:
        """Tiles that have come over the network by now."""
        return self._source.fetched

    def tiles_to_fetch(self, windows: Iterable[tuple[int, Window]]) -> int:
        """How many tiles would have to come over the network for windows of levels.

        Raises UsageError when all of theirs are more than `most_tiles`.
        """
        return self._source.tiles_to_fetch(
            Region(_source_window(*axes, *chunk), self._halvings(level))
            for level, window in windows
            for axes in [self._axes(level)]
            for chunk in self._chunks(*axes, window)
        )

    def interrupt(self) -> None:
        """Called from another thread, as the last thing: what waits for a network ends."""
        self._source.interrupt()

    def record(self, *, quick: bool = False) -> RasterRecord:
        """What a cache keeps of the raster; samples the pixels the first time.

        quick: few of them, because somebody waits (see `sampling.fingerprint`)
        `size_bytes` and `mtime_ns` are over all files that the raster consists of, and 0 when
        none is a local file.
        """
        source = self._source
        if quick not in self._fingerprints:
            self._fingerprints[quick] = source.identity or fingerprint(source, quick=quick)
        size_bytes, mtime_ns = source.files_state()
        return RasterRecord(
            name=source.name,
            size_bytes=size_bytes,
            mtime_ns=mtime_ns,
            fingerprint=self._fingerprints[quick],
            crs_wkt=source.crs_wkt,
            transform=_six(source.transform),
            width=source.width,
            height=source.height,
            dtype=source.dtype.name,
            nodata=source.nodata,
            attribution=source.attribution,
            title=source.title,
        )

    def matches(self, record: RasterRecord) -> bool:
        """Whether the chosen bands have the pixels that `record` was made of.

        The files' size and time decide when both are as they were; the fingerprint otherwise.
        The bands must be those that `record` was made with: compare them first.
        """
        source = self._source
        structure = (source.width, source.height, source.dtype.name, _six(source.transform))
        if structure != (record.width, record.height, record.dtype, record.transform):
            return False
        if not same_crs(source.crs_wkt, record.crs_wkt):
            return False
        state = source.files_state()
        if state != (0, 0) and state == (record.size_bytes, record.mtime_ns):
            return True
        quick = is_quick(record.fingerprint)
        return self.record(quick=quick).fingerprint == record.fingerprint

    def sample_stretch(self, spec: str = "auto", *, quick: bool = False) -> StretchRecord:
        """The stretch that `spec` (see `stretch.parse_stretch`) means for this raster.

        quick: from few of its pixels, because somebody waits
        The record's method is `none`, `minmax`, percentiles or values: `auto` is made concrete.
        Raises UsageError for a spec that is not understood or does not fit the bands,
        RasterError when statistics are wanted and no sampled pixel is valid.
        """
        source = self._source
        stretch = parse_stretch(spec).resolved(source.is_eight_bit)
        if stretch.kind == "none":
            limits = [source.type_range] * 3
        elif stretch.kind == "limits":
            limits = limits_for_rgb(stretch.limits, source.colours)
        elif self.is_fetched:
            raise UsageError(
                f"{source.name} is of web tiles, which are not fetched for statistics.",
                "Leave the stretch away, or give values, as in --stretch 0:255.",
            )
        else:
            limits = self._statistics(quick=quick).limits(stretch.percentiles)
        return make_record(stretch.method, limits)

    def _statistics(self, *, quick: bool) -> SampleStatistics:
        """Few windows may all lie beside the data of a raster that is mostly nodata: then more
        are read, however quick it should be."""
        source, statistics = self._source, SampleStatistics()
        sample = (QUICK_PIXELS, QUICK_SAMPLES) if quick else (STATISTICS_PIXELS, SAMPLES)
        for window in sample_windows(source.width, source.height, *sample):
            values, valid = source.read(window)
            statistics.feed(_completed(values), valid, STATISTICS_STEP)
        return self._statistics(quick=False) if quick and statistics.is_empty else statistics

    def read_patch(
        self,
        level: int,
        window: Window,
        stretch: StretchRecord,
        fill: tuple[float, float, float],
    ) -> Patch:
        """Read a window of a level's pixels; beyond the raster it is filled and not valid.

        Raises RasterError when GDAL cannot read.
        """
        values, valid = self._read_level(level, window)
        rgb = np.broadcast_to(values, (3, *valid.shape)) if len(values) == 1 else values
        fill_pixel = np.array(fill, np.float32)[:, None, None]
        return Patch(np.where(valid, apply_stretch(rgb, stretch), fill_pixel), valid)

    def _read_level(self, level: int, window: Window) -> tuple[Values, BoolArray]:
        """Values [1 or 3, H, W] and valid [H, W] of a window, 0 where not valid."""
        rows, cols = self._axes(level)
        colours = 1 if self._source.colours == 1 else 3
        values = np.zeros((colours, window.height, window.width), self._source.work_dtype)
        valid = np.zeros((window.height, window.width), np.bool_)
        for row_range, col_range in self._chunks(rows, cols, window):
            here = (
                slice(row_range[0] - window.row_off, row_range[1] - window.row_off),
                slice(col_range[0] - window.col_off, col_range[1] - window.col_off),
            )
            native, counts = self._source.read(
                _source_window(rows, cols, row_range, col_range), self._halvings(level)
            )
            if rows.is_native and cols.is_native:
                chunk, chunk_valid = np.where(counts, native, 0), counts
            else:
                chunk, chunk_valid = resample(native, counts, rows, cols, row_range, col_range)
            values[:, *here], valid[here] = _completed(chunk), chunk_valid
        return values, valid

    def _chunks(
        self, rows: Axis, cols: Axis, window: Window
    ) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Row and column ranges that cover the raster's part of the window, each of about
        `CHUNK_PIXELS` native pixels, shaped like the file's blocks."""
        row_start, row_stop = max(window.row_off, 0), min(window.row_end, rows.length)
        col_start, col_stop = max(window.col_off, 0), min(window.col_end, cols.length)
        if row_start >= row_stop or col_start >= col_stop:
            return
        wide = (col_stop - col_start) * cols.scale
        native_rows = CHUNK_PIXELS / wide if self._source.in_strips else sqrt(CHUNK_PIXELS)
        row_step = max(1, floor(native_rows / rows.scale))
        col_step = max(1, floor(CHUNK_PIXELS / (row_step * rows.scale) / cols.scale))
        for row in range(row_start, row_stop, row_step):
            for col in range(col_start, col_stop, col_step):
                yield (
                    (row, min(row + row_step, row_stop)),
                    (col, min(col + col_step, col_stop)),
                )

    def extent_window(self, bounds: BoundsMap) -> Window:
        """The level-0 pixels that `bounds` (in the raster's CRS) touches.

        Raises ExtentError when it is empty or does not meet the raster.
        """
        if not all(map(isfinite, bounds)):
            raise ExtentError("The extent is not made of finite numbers.")
        if bounds.xmin >= bounds.xmax or bounds.ymin >= bounds.ymax:
            raise ExtentError(
                "The extent is empty.", "It is given as xmin,ymin,xmax,ymax in map units."
            )
        to_pixel = ~self.transform
        corners = [to_pixel @ (x, y) for x in bounds[0::2] for y in bounds[1::2]]
        left, right = _clipped([x for x, _ in corners], self.width)
        top, bottom = _clipped([y for _, y in corners], self.height)
        if left >= right or top >= bottom:
            raise self._outside(bounds)
        return Window(left, top, right - left, bottom - top)

    def _outside(self, bounds: BoundsMap) -> ExtentError:
        corners = [self.transform @ (x, y) for x in (0, self.width) for y in (0, self.height)]
        x, y = zip(*corners, strict=True)
        place = _listed((min(x), min(y), max(x), max(y)))
        where = " (it has no CRS)" if self.crs_wkt is None else f" in {crs_name(self.crs_wkt)}"
        askew = "" if self.transform.b == self.transform.d == 0 else ", where it lies askew"
        return ExtentError(
            f"The extent {_listed(bounds)} lies outside the raster, whose bounds are "
            f"{place}{where}{askew}.",
            "Is it in the raster's own coordinates, x first?"
            if self.crs_wkt is None
            else "Name the extent's CRS by --extent-crs if it is another one; x comes first.",
        )

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _source_window(
    rows: Axis, cols: Axis, row_range: tuple[int, int], col_range: tuple[int, int]
) -> Window:
    top, bottom = rows.source_span(*row_range)
    left, right = cols.source_span(*col_range)
    return Window(left, top, right - left, bottom - top)


def _scale(resolution: float | None, native: float) -> float:
    """Native pixels per level-0 pixel, whole where it is so but for rounding."""
    if resolution is None:
        return 1.0
    scale = resolution / native
    return float(round(scale)) if isclose(scale, round(scale), rel_tol=1e-9) else scale


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.10g}" for value in values)


def _six(transform: Affine) -> tuple[float, float, float, float, float, float]:
    return (transform.a, transform.b, transform.c, transform.d, transform.e, transform.f)


def _completed(values: Values) -> Values:
    """Two bands get their mean as the third; one and three stay."""
    if len(values) != 2:
        return values
    return np.concatenate([values, values.mean(axis=0, keepdims=True)])


def _clipped(positions: Sequence[float], length: int) -> tuple[int, int]:
    """Whole pixels that the positions span, within 0 and `length`."""
    low, high = floor(min(positions) + EPSILON), ceil(max(positions) - EPSILON)
    return max(low, 0), min(high, length)
