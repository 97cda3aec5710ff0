"""Prompts on a raster: what they need of its cache is encoded first."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any

from encoder_tool.cli.opening import encode_command
from encoder_tool.cli.session import Session
from encoder_tool.connection import is_connection
from encoder_tool.errors import CacheLockedError, TileError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from encoder_tool.cache.manifest import Manifest
    from encoder_tool.cache.store import FeatureCache
    from encoder_tool.encode import EncodeRequest
    from encoder_tool.encode.request import RegisteredModel
    from encoder_tool.model.seam import ModelRecord, PromptDecoder
    from encoder_tool.segment import Segmenter, SegmentRequest, SegmentResult
    from encoder_tool.types import PatchId

DEFAULT_MODEL = "nano"


def names_raster(source: str) -> bool:
    """Whether a command's argument is a raster; a cache is a folder, whatever its name."""
    path = Path(source)
    return path.is_file() or (is_connection(source) and not path.is_dir())


def encode_for_prompt(
    raster: str, model: str, wanted: Callable[[Manifest], PatchId], session: Session
) -> tuple[FeatureCache, PromptDecoder | None]:
    """The raster's cache, made if there is none, with at least the patch that is `wanted` of it;
    and its decoder, where that was loaded meanwhile.

    Raises what planning and running an encode raise, and what `wanted` raises before anything is
    written.
    """
    from encoder_tool.cache.store import open_cache
    from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
    from encoder_tool.encode.request import RegisteredModel

    request = EncodeRequest(raster, model=model)
    registered = RegisteredModel.of(request)
    cache = _default_cache(raster, registered.record())
    if cache is not None:
        if _is_ready(cache, raster, wanted):
            return cache, None
        request = _as_made(cache.manifest, request)
    with ThreadPoolExecutor(1) as pool:
        decoder = pool.submit(_coming_decoder, registered, cache)
        plan = plan_encode(request, model=registered, choose=lambda manifest: [wanted(manifest)])
        summary = run_encode(plan)
    if summary.encoded or summary.empty:
        (patch,) = plan.patches
        session.say(
            f"Encoded patch {patch.row}, {patch.col} of level {patch.level} with {summary.model} "
            f"in {summary.seconds:.1f} s, into {summary.cache}; "
            f"`{encode_command(plan.manifest, raster)}` adds the rest."
        )
        elsewhere = plan.why_elsewhere()
        if elsewhere is not None:
            session.say(elsewhere)
    return open_cache(plan.path), decoder.result()


def _coming_decoder(model: RegisteredModel, cache: FeatureCache | None) -> PromptDecoder | None:
    """What a new cache will carry, loaded while another core plans and reads; None where it is not
    at hand: the large models' has to be exported, and a cache that is there has its own."""
    if cache is not None or not model.is_embedded:
        return None
    from encoder_tool.model.decoder import OnnxDecoder

    return OnnxDecoder(model.decoder_graphs(), model.record().stability)


def encode_more(
    raster: str, cache: FeatureCache, patches: Sequence[PatchId], session: Session
) -> None:
    """Patches that a cache in the default place lacks.

    Raises CacheLockedError while another process writes to it, and what encoding raises: TileError,
    which is told, where tiles cannot be had.
    """
    from encoder_tool.encode import EncodeRequest, plan_encode, run_encode

    request = _as_made(cache.manifest, EncodeRequest(raster, model=cache.manifest.model.name))
    try:
        summary = run_encode(plan_encode(request, choose=lambda _manifest: patches))
    except TileError as error:
        session.say(f"The object may go on where tiles are missing: {error.message}")
        raise
    session.say(
        f"Encoded {summary.encoded + summary.empty} more, into which the object goes on, in "
        f"{summary.seconds:.1f} s."
    )


def segment_whole(
    segmenter: Segmenter, request: SegmentRequest, encode: Callable[[Sequence[PatchId]], None]
) -> SegmentResult:
    """As `Segmenter.segment`; what the objects go on in is encoded, and they are asked for again.
    Where the model is unsure, a coarser level is not waited for.

    encode: makes some patches present, or raises CacheLockedError or TileError, with which the
    objects end where they do. On each level it is given as many at most as an object is followed
    through.
    """
    encoded = Counter[int]()
    while True:
        result = segmenter.segment(request)
        wanted = []
        for patch in result.missing:
            if encoded[patch.level] < segmenter.limits.patches:
                encoded[patch.level] += 1
                wanted.append(patch)
        if not wanted:
            return result
        try:
            encode(wanted)
        except CacheLockedError:
            return result
        except TileError:  # some of them may be there all the same
            return segmenter.segment(request)


def _default_cache(raster: str, model: ModelRecord) -> FeatureCache | None:
    """The cache of these weights in the default place; None where there is something else, of
    which the plan says what it is."""
    from encoder_tool.cache.location import default_cache_path
    from encoder_tool.cache.store import is_cache, open_cache

    path = default_cache_path(raster, model.name)
    if not path.exists() or not is_cache(path):
        return None
    cache = open_cache(path)
    return cache if cache.manifest.model == model else None


def _is_ready(
    cache: FeatureCache, raster: str, wanted: Callable[[Manifest], PatchId]
) -> bool:  # fmt: skip
    """Whether it answers as it is; asks for no lock, so another process may write to it."""
    from encoder_tool.cache.layout import PatchStatus
    from encoder_tool.raster import open_raster

    if cache.state(wanted(cache.manifest)) is PatchStatus.ABSENT:
        return False
    with open_raster(raster, cache.manifest.bands) as reader:
        return reader.matches(cache.manifest.raster)


def _as_made(manifest: Manifest, request: EncodeRequest) -> EncodeRequest:
    """The request with the options that the cache was made with."""
    changed: dict[str, Any] = {
        "bands": manifest.bands,
        "overlap": manifest.pyramid.patch - manifest.pyramid.stride,
        "dtype": manifest.dtype,
    }
    if manifest.transform != manifest.raster.transform:
        # As it was typed: the transform has it but for rounding.
        changed["resolution"] = float(f"{hypot(manifest.affine.a, manifest.affine.d):.12g}")
    return replace(request, **changed)
