"""The engine's one error tree.

Every error is one plain sentence (`message`), an optional `hint` that says what to do next,
and a process exit code. Errors that are also a natural builtin inherit from it, so that
`except FileNotFoundError` keeps working for callers who never heard of us.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class EngineError(Exception):
    """Base of everything the engine raises on purpose.

    `exit_code` is what the command line ends with; the codes are listed in README.md.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    @property
    def details(self) -> Mapping[str, Any]:
        """What a program needs to offer a way out, as JSON can hold it."""
        return {}


class UsageError(EngineError, ValueError):
    """The request contradicts itself or lacks something: no prompt, zero bands, bad number."""

    exit_code = 2


class RequestError(UsageError):
    """A request as JSON lacks a field, or one of its fields is not what it must be."""


class RasterError(EngineError):
    """The raster is missing, is no raster, or lacks the wanted band or extent."""

    exit_code = 3


class MissingRasterError(RasterError, FileNotFoundError):
    """There is no file at the given path."""


class BandError(RasterError, IndexError):
    """A band number is out of range, or none or too many were chosen."""


class ExtentError(RasterError, ValueError):
    """The wanted extent does not meet the raster."""


class CacheError(EngineError):
    """The feature cache cannot be read or does not fit the request."""

    exit_code = 4


class CacheNotFoundError(CacheError, FileNotFoundError):
    """There is no cache at the given path."""


class CacheVersionError(CacheError):
    """The cache was written by a newer release."""


class CacheMismatchError(CacheError):
    """The cache belongs to another raster, band choice, stretch, resolution, grid or model."""

    exit_code = 5


class CacheDamagedError(CacheError):
    """A chunk fails its checksum or is missing although it was committed."""

    exit_code = 6


class CacheLockedError(CacheError):
    """Another process is writing to the cache."""

    exit_code = 7


class PromptError(EngineError, ValueError):
    """A prompt is outside the raster, in an unusable CRS, or missing."""

    exit_code = 8


class OutsideRasterError(PromptError):
    """A prompt is not on the raster."""


class NoImageDataError(PromptError):
    """At the prompts the raster has no data, only nodata."""


class NothingFoundError(PromptError):
    """The model's mask at the prompts is empty."""


class NotEncodedError(PromptError):
    """No encoded patch, at any level, holds the prompts.

    extent: what to encode, (xmin, ymin, xmax, ymax) in the raster's CRS, where that is known
    """

    exit_code = 9

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        extent: tuple[float, float, float, float] | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.extent = extent

    @property
    def details(self) -> Mapping[str, Any]:
        return {} if self.extent is None else {"extent": list(self.extent)}


class ModelError(EngineError):
    """Unknown model, unusable checkpoint, failed export."""

    exit_code = 10


class ModelNotDownloadedError(ModelError, FileNotFoundError):
    """The model's checkpoint is not on this machine yet."""


class DownloadError(ModelError, OSError):
    """A download failed, was cut, or did not match its size or sha256."""


class MissingDependencyError(ModelError, ImportError):
    """An optional package (torch, sam2, matplotlib …) is needed and not installed."""

    exit_code = 11


class DeviceMemoryError(EngineError, MemoryError):
    """The device ran out of memory at the given batch size."""

    exit_code = 12


class DiskFullError(EngineError, OSError):
    """The disk cannot hold the result."""

    exit_code = 13


class OutputError(EngineError, OSError):
    """The output cannot be written: it exists, is unwritable, or its format is unknown."""

    exit_code = 14


class NothingChangesError(EngineError):
    """What was edited is as it was, so there is nothing to write."""

    exit_code = 16


class TileError(EngineError):
    """Map tiles cannot be had: the server refuses or fails, or a file of tiles is damaged."""

    exit_code = 15


class TileFileNotFoundError(TileError, FileNotFoundError):
    """There is no file of tiles at the given path."""


class MissingTilesError(TileError):
    """Some tiles are not there, or could not be fetched.

    tiles: which, as zoom/x/y
    """

    def __init__(self, message: str, hint: str | None, tiles: list[str]) -> None:
        super().__init__(message, hint)
        self.tiles = tiles

    @property
    def details(self) -> Mapping[str, Any]:
        return {"tiles": self.tiles}


class TileSizeError(TileError):
    """The tiles of a basemap have another number of pixels than its description says.

    tile_px: how many they have
    """

    def __init__(self, message: str, hint: str | None, tile_px: int) -> None:
        super().__init__(message, hint)
        self.tile_px = tile_px

    @property
    def details(self) -> Mapping[str, Any]:
        return {"tile_px": self.tile_px}


class Cancelled(EngineError):  # noqa: N818 - an outcome, not a fault
    """The user stopped the work; what was committed is kept."""

    exit_code = 130
