"""What a cache says about itself: the group's attributes, as typed values.

docs/cache-format.md describes the same for third parties; `FORMAT_VERSION` changes whenever a
reader of the older version would misread the newer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from math import hypot, isfinite
from typing import Any

from affine import Affine

from encoder_tool.errors import CacheError, CacheVersionError
from encoder_tool.grid import Pyramid
from encoder_tool.model.seam import ModelRecord as ModelRecord
from encoder_tool.model.seam import StabilityRule
from encoder_tool.types import FEATURE_NAMES
from encoder_tool.types import RasterRecord as RasterRecord
from encoder_tool.types import StretchRecord as StretchRecord

FORMAT = "sam2-feature-cache"
FORMAT_VERSION = 2
"""The highest that is read and written. Quantised features came with 2; a cache without them is
written as version 1, which older releases read."""

QUANTISED = "int8"
"""Features as `quantise` makes them."""

DTYPES = (QUANTISED, "float16", "float32")
"""How features may be stored."""

DEFAULT_DTYPE = QUANTISED

SEAL = "sha256"
"""The attribute that seals the others: a flipped digit in a transform must not move polygons."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All attributes of a cache. `transform` maps level-0 pixels to the raster's CRS."""

    raster: RasterRecord
    bands: tuple[int, ...]
    stretch: StretchRecord
    transform: tuple[float, float, float, float, float, float]
    pyramid: Pyramid
    model: ModelRecord
    dtype: str
    producer: Mapping[str, str]

    @property
    def affine(self) -> Affine:
        """Level-0 pixel (x, y) to map."""
        return Affine(*self.transform)

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Width and height of a level-0 pixel in map units."""
        a, b, _, d, e, _ = self.transform
        return hypot(a, d), hypot(b, e)

    @property
    def format_version(self) -> int:
        """The lowest version whose readers understand this cache."""
        return 2 if self.dtype == QUANTISED else 1

    def level_affine(self, level: int) -> Affine:
        """Pixel (x, y) of `level` to map."""
        return self.affine @ Affine.scale(1 << level)

    def to_attributes(self) -> dict[str, Any]:
        pyramid = self.pyramid
        return {
            "format": FORMAT,
            "format_version": self.format_version,
            "raster": _raster_attributes(self.raster),
            "bands": list(self.bands),
            "stretch": _listed(asdict(self.stretch)),
            "grid": {
                "width": pyramid.width,
                "height": pyramid.height,
                "transform": list(self.transform),
                "patch": pyramid.patch,
                "stride": pyramid.stride,
                "levels": pyramid.levels,
            },
            "model": {
                "name": self.model.name,
                "checkpoint_sha256": self.model.checkpoint_sha256,
                "feature_shapes": {n: list(s) for n, s in self.model.feature_shapes.items()},
                "stability": asdict(self.model.stability) if self.model.stability else None,
            },
            "dtype": self.dtype,
            "producer": dict(self.producer),
        }

    @classmethod
    def from_attributes(cls, attributes: Mapping[str, Any]) -> Manifest:
        """Parse a cache's attributes.

        Raises CacheVersionError for a newer format, CacheError for anything else that is not
        a manifest of ours.
        """
        if attributes.get("format") != FORMAT:
            raise CacheError("This Zarr group is not a feature cache.")
        version = attributes.get("format_version")
        if not isinstance(version, int):
            raise CacheError("The cache's format version is unreadable.")
        if version > FORMAT_VERSION:
            raise CacheVersionError(
                f"The cache has format version {version}; this release reads up to "
                f"version {FORMAT_VERSION}.",
                "Update encoder-tool, or encode the raster again.",
            )
        if attributes.get(SEAL) != _digest(attributes):
            raise CacheError(
                "The cache's description is damaged (its checksum does not fit).",
                "Copy the cache again, or encode the raster again.",
            )
        try:
            return cls._parse(attributes)
        except (KeyError, TypeError, ValueError) as error:
            raise CacheError(f"The cache's description is damaged ({error}).") from error

    @classmethod
    def _parse(cls, attributes: Mapping[str, Any]) -> Manifest:
        raster, stretch = attributes["raster"], attributes["stretch"]
        grid, model = attributes["grid"], attributes["model"]
        stability = model["stability"]
        if attributes["dtype"] not in DTYPES:
            raise ValueError(f"features stored as {attributes['dtype']}")
        return cls(
            raster=RasterRecord(
                **{
                    **_known(RasterRecord, raster),
                    "transform": _six(raster["transform"]),
                    "nodata": None if raster["nodata"] is None else float(raster["nodata"]),
                }
            ),
            bands=tuple(attributes["bands"]),
            stretch=StretchRecord(stretch["method"], tuple(stretch["low"]), tuple(stretch["high"])),
            transform=_six(grid["transform"]),
            pyramid=Pyramid(
                width=grid["width"],
                height=grid["height"],
                levels=grid["levels"],
                patch=grid["patch"],
                stride=grid["stride"],
            ),
            model=ModelRecord(
                name=model["name"],
                checkpoint_sha256=model["checkpoint_sha256"],
                feature_shapes={n: tuple(model["feature_shapes"][n]) for n in FEATURE_NAMES},
                stability=StabilityRule(**_known(StabilityRule, stability)) if stability else None,
            ),
            dtype=attributes["dtype"],
            producer=dict(attributes["producer"]),
        )


def sealed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes as they are stored: with their checksum."""
    return {**attributes, SEAL: _digest(attributes)}


def _digest(attributes: Mapping[str, Any]) -> str:
    """sha256 of all attributes but the seal, as JSON without white space, keys sorted."""
    rest = {name: value for name, value in attributes.items() if name != SEAL}
    return hashlib.sha256(
        json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _known(record: type[Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that a record has fields for: a later release may write more, and an earlier
    one has written none where a field has a default."""
    return {
        field.name: attributes[field.name]
        for field in fields(record)
        if field.name in attributes or field.default is MISSING
    }


def _raster_attributes(raster: RasterRecord) -> dict[str, Any]:
    attributes = {**_listed(asdict(raster)), "nodata": _json_number(raster.nodata)}
    for optional in ("attribution", "title"):
        if attributes[optional] is None:
            del attributes[optional]
    return attributes


def _six(values: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = values
    return a, b, c, d, e, f


def _listed(record: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples; what is written must compare equal to what is read."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in record.items()}


def _json_number(value: float | None) -> float | str | None:
    """JSON has no NaN and no infinities: they are written as text, "nan", "inf" or "-inf"."""
    return value if value is None or isfinite(value) else str(float(value))
