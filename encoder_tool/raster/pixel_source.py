"""Where the pixels of a raster come from: a file that GDAL reads, or a block of web tiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from affine import Affine

from encoder_tool.types import BoolArray, Window

Values = npt.NDArray[np.floating[Any]]


class Region(NamedTuple):
    """A window of the pixels of a source that was halved so many times."""

    window: Window
    halvings: int


class PixelSource(Protocol):
    """A raster, reduced to the chosen bands. One thread at a time may use it.

    path: as it was given; name: that of its file
    bands: the chosen band numbers, from 1
    colours: values per pixel
    dtype: the type of the bands; work_dtype: the float type that holds their values
    transform: native pixel (x, y) to map
    notes: plain sentences about what is special
    title: what people call it, where the file's name does not tell
    identity: what tells it from others without a look at its pixels; None where they are sampled
    overviews: how many times it can be read halved, as it has the coarser pixels itself. They
        need not be means of the finer ones
    most_tiles: that its terms allow at once; None where they name no number
    in_strips: whether wide windows are cheaper than square ones
    fetched: tiles that have come over the network by now
    """

    path: str
    width: int
    height: int
    bands: tuple[int, ...]
    colours: int
    dtype: np.dtype[Any]
    work_dtype: np.dtype[Any]
    transform: Affine
    crs_wkt: str | None
    notes: list[str]
    title: str | None
    identity: str | None
    most_tiles: int | None
    overviews: int

    @property
    def name(self) -> str: ...

    @property
    def fetched(self) -> int: ...

    @property
    def nodata(self) -> float | None: ...

    @property
    def attribution(self) -> str | None: ...

    @property
    def is_eight_bit(self) -> bool: ...

    @property
    def type_range(self) -> tuple[float, float]: ...

    @property
    def in_strips(self) -> bool: ...

    def files_state(self) -> tuple[int, int]:
        """Size in bytes and latest mtime in ns; (0, 0) when they tell nothing."""

    def read(self, window: Window, halvings: int = 0) -> tuple[Values, BoolArray]:
        """Pixels of a window inside the raster: values [colours, h, w], valid [h, w].

        halvings: at most `overviews`. Values that are not valid are anything, NaN included.
        """

    def tiles_to_fetch(self, regions: Iterable[Region]) -> int:
        """How many would have to come over the network for all of these; 0 for a file.

        Raises UsageError when these are more than `most_tiles`.
        """

    def interrupt(self) -> None:
        """Called from another thread: a read that waits for a network ends, with Cancelled, and
        so does any later one."""

    def close(self) -> None: ...
