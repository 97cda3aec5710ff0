"""May this cache take what is asked for? Features of something else are refused, never mixed."""

from __future__ import annotations

from pathlib import Path

from encoder_tool.cache.manifest import Manifest, StretchRecord
from encoder_tool.encode.request import EncodeRequest
from encoder_tool.errors import CacheMismatchError
from encoder_tool.grid import Pyramid
from encoder_tool.model.seam import ModelRecord
from encoder_tool.raster import RasterReader
from encoder_tool.raster.sampling import is_quick


def require_match(
    path: Path, manifest: Manifest, request: EncodeRequest, raster: RasterReader, model: ModelRecord
) -> None:
    """Raises CacheMismatchError, naming everything in which cache and request differ.

    A request without a stretch or a dtype takes the cache's. Name, size and time of the raster
    may differ as long as its pixels do not (`RasterReader.matches`).
    """
    differences = [
        *_model_differences(manifest.model, model),
        *_raster_differences(manifest, raster, request),
    ]
    if request.dtype not in (None, manifest.dtype):
        differences.append(f"it is stored as {manifest.dtype}, not {request.dtype}")
    if differences:
        raise CacheMismatchError(
            f"The cache {path} does not fit: {'; '.join(differences)}.",
            "Encode to another --out to keep it, or with --restart to replace it.",
        )


def _model_differences(cached: ModelRecord, wanted: ModelRecord) -> list[str]:
    if cached.name != wanted.name:
        return [f"it was made with the model {cached.name}, not {wanted.name}"]
    if cached.checkpoint_sha256 != wanted.checkpoint_sha256:
        return [f"it was made with other weights of {cached.name}"]
    if cached != wanted:
        return [f"it was made with another structure of {cached.name}"]
    return []


def _raster_differences(
    manifest: Manifest, raster: RasterReader, request: EncodeRequest
) -> list[str]:
    if manifest.bands != raster.bands:
        return [f"it was made from bands {_listed(manifest.bands)}, not {_listed(raster.bands)}"]
    if not raster.matches(manifest.raster):
        name, other = manifest.raster.name, raster.record().name
        if name != other:
            return [f"it was made from {name}, of which {other} is no copy"]
        return [f"the raster's pixels or georeferencing are no longer those it was made from "
                f"({name})"]  # fmt: skip
    differences = []
    cached = manifest.pyramid
    if manifest.transform != tuple(raster.transform)[:6]:
        differences.append("it was made at another resolution")
    elif _overlap(cached) != request.overlap:
        differences.append(
            f"its patches overlap by {_overlap(cached)} pixels, not {request.overlap}"
        )
    if request.stretch is not None:
        quick = is_quick(manifest.raster.fingerprint)
        wanted = raster.sample_stretch(request.stretch, quick=quick)
        if not _same_stretch(manifest.stretch, wanted):
            differences.append(
                f"it was made with the stretch {_described(manifest.stretch)}, "
                f"not {_described(wanted)}"
            )
    return differences


def _same_stretch(cached: StretchRecord, wanted: StretchRecord) -> bool:
    """What a stretch does counts, not what it was called."""
    return (cached.low, cached.high) == (wanted.low, wanted.high)


def _described(stretch: StretchRecord) -> str:
    ranges = dict.fromkeys(zip(stretch.low, stretch.high, strict=True))
    return ",".join(f"{low:g}:{high:g}" for low, high in ranges)


def _overlap(pyramid: Pyramid) -> int:
    return pyramid.patch - pyramid.stride


def _listed(bands: tuple[int, ...]) -> str:
    return ",".join(map(str, bands))
