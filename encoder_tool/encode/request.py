"""What is asked of an encode: one frozen value, and the model it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from encoder_tool.cache.manifest import DTYPES
from encoder_tool.errors import UsageError
from encoder_tool.grid import DEFAULT_OVERLAP
from encoder_tool.model import ResolvedModel, decoder_graphs, load_encoder, resolve_model
from encoder_tool.model.seam import DecoderGraphs, FeatureEncoder, ModelRecord
from encoder_tool.types import BoundsMap, Focus

MAX_BANDS = 3


@dataclass(frozen=True, slots=True)
class EncodeRequest:
    """All options of an encode.

    raster: a path, also of a block of web tiles, or any name that GDAL opens (/vsicurl/…,
        NETCDF:"file":variable)
    out: the cache; None for `default_cache_path`
    checkpoint: weights to use in the structure of `model`
    bands, resolution: see `open_raster`
    stretch: see `raster.stretch`; None for the cache's own, or "auto" for a new cache
    extent: encode only what this touches, in `extent_crs` (None: the raster's CRS)
    levels: None to stop where the extent fits one patch, else how many from the finest on
    overlap: of neighbouring patches, in pixels, a multiple of 4
    dtype: how features are stored, one of DTYPES; None for the cache's own, or for a new one int8
    device: "auto", "cpu", "cuda" or "mps"
    batch: patches that are encoded at once; None for what suits the device
    threads: of the CPU; None for all
    restart: replace the cache that is there, whatever it was made from
    focus: encode on demand: what a prompt there would need comes first, patch by patch
    fill: with a focus, whether all that is selected follows, outward; else only what a focus
        wants. None: so for files, and not for web tiles, whose terms mostly forbid that
    agreed: somebody knows that more than `tiles.plan.ASK_ABOVE` tiles will be fetched
    """

    raster: str | Path
    out: Path | None = None
    model: str = "nano"
    checkpoint: Path | None = None
    bands: tuple[int, ...] | None = None
    stretch: str | None = None
    resolution: float | None = None
    extent: BoundsMap | None = None
    extent_crs: str | None = None
    levels: int | None = None
    overlap: int = DEFAULT_OVERLAP
    dtype: str | None = None
    device: str = "auto"
    batch: int | None = None
    threads: int | None = None
    restart: bool = False
    focus: Focus | None = None
    fill: bool | None = None
    agreed: bool = False

    def __post_init__(self) -> None:
        if self.bands is not None and not 1 <= len(self.bands) <= MAX_BANDS:
            raise UsageError(
                f"{len(self.bands)} bands are chosen; the model takes one to three.",
                "Choose them as in --bands 1,2,3.",
            )
        for name in ("levels", "batch", "threads"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"The option {name} must be 1 or more, not {value}.")
        if self.dtype not in (None, *DTYPES):
            raise UsageError(f"Features are stored as {', '.join(DTYPES)}, not {self.dtype}.")
        if self.extent_crs is not None and self.extent is None:
            raise UsageError("There is a CRS for the extent, but no extent.")
        if self.focus is not None and (self.focus.point is None) == (self.focus.bounds is None):
            raise UsageError("A focus is either a point or bounds.")
        if self.fill is False and self.focus is None:
            raise UsageError("Only what a focus wants is to be encoded, but there is no focus.")


class EncodeModel(Protocol):
    """What an encode needs of a model."""

    def record(self) -> ModelRecord:
        """What the cache will remember of it; cheap."""

    def load_encoder(self, device: str, threads: int | None) -> FeatureEncoder:
        """The image encoder, ready on a device."""

    def decoder_graphs(self) -> DecoderGraphs:
        """The prompt decoder that goes into the cache."""


class RegisteredModel:
    """A model of the registry, or a checkpoint in the structure of one."""

    def __init__(self, resolved: ResolvedModel) -> None:
        self._resolved = resolved

    @classmethod
    def of(cls, request: EncodeRequest) -> RegisteredModel:
        """Raises ModelError, ModelNotDownloadedError."""
        return cls(resolve_model(request.model, request.checkpoint))

    @property
    def is_embedded(self) -> bool:
        """Whether its decoder is at hand as well; that of a checkpoint has to be exported."""
        return self._resolved.weights is None

    def record(self) -> ModelRecord:
        return self._resolved.record()

    def load_encoder(self, device: str, threads: int | None) -> FeatureEncoder:
        return load_encoder(self._resolved, device, threads)

    def decoder_graphs(self) -> DecoderGraphs:
        return decoder_graphs(self._resolved)
