"""Running a plan: read ahead, encode in batches, store; every batch is committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import directory_size
from encoder_tool.cache.verify import damages_decoder
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.encode.ahead import read_ahead
from encoder_tool.encode.committer import Committer, Stored
from encoder_tool.encode.fallback import FallbackEncoder, Notice
from encoder_tool.encode.plan import Action, EncodePlan
from encoder_tool.errors import CacheMismatchError
from encoder_tool.raster import RasterReader, open_raster
from encoder_tool.types import FloatArray, PatchId

ProgressCallback = Callable[[int, int, float, float], None]
"""Called after every commit with (patches done, patches to do, seconds so far, seconds left)."""

StopCallback = Callable[[], bool]

ReadPatch = tuple[PatchId, FloatArray | None]
"""A patch and its image [3, 1024, 1024]; None when it is all nodata."""

MAX_UNCOMMITTED = 64
"""Runs of nodata patches are committed in lots of about this many."""


@dataclass(frozen=True, slots=True)
class EncodeSummary:
    """What an encode did.

    patches_total: those that the extent and the levels select
    encoded, empty: what this run stored, and what it found to be all nodata
    repaired: how many of those had been damaged
    skipped: what the cache had already
    stopped: whether the run was ended before its last patch
    model_seconds: the part of `seconds` that the image encoder took
    device, batch: at the end of the run; None when there was nothing to encode
    """

    cache: Path
    action: str
    patches_total: int
    encoded: int
    empty: int
    repaired: int
    skipped: int
    stopped: bool
    seconds: float
    model_seconds: float
    bytes_on_disk: int
    device: str | None
    batch: int | None
    model: str
    dtype: str
    stretch: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "cache": str(self.cache)}


@dataclass
class _Tally:
    """What has been done so far, and where the time went."""

    started: float
    model_seconds: float = 0.0
    stopped: bool = False
    committed: Sequence[PatchId] = ()
    empty: int = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def run_encode(
    plan: EncodePlan,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCallback | None = None,
    on_notice: Notice | None = None,
) -> EncodeSummary:
    """Do what a plan says.

    should_stop: asked after every batch; whatever is encoded by then is kept
    on_notice: told, in sentences, of the device, of the expected time and of every retreat

    Raises CacheLockedError when another process writes to the cache, CacheMismatchError when
    another one has replaced it since the plan was made, DiskFullError, and what reading the
    raster or the model may raise; what was committed until then is kept.
    """
    request = plan.request
    notice = on_notice or _ignore
    tally = _Tally(started=time.monotonic())
    # First of all: when the model cannot be loaded, no cache comes into being.
    encoder = None
    if plan.todo:
        encoder = FallbackEncoder(
            plan.model, request.device, request.threads, request.batch, notice
        )  # fmt: skip
        notice(f"Encoding with {plan.manifest.model.name} on {encoder.device}.")
    if plan.todo or plan.damage:
        with _open_writer(plan) as writer:
            if encoder is not None:
                _encode_todo(plan, writer, encoder, tally, on_progress, should_stop, notice)
    lost = {damage.patch for damage in plan.damage}
    return EncodeSummary(
        cache=plan.path,
        action=plan.action.value,
        patches_total=len(plan.patches),
        encoded=len(tally.committed) - tally.empty,
        empty=tally.empty,
        repaired=len(lost.intersection(tally.committed)),
        skipped=plan.skipped,
        stopped=tally.stopped,
        seconds=tally.seconds,
        model_seconds=tally.model_seconds,
        bytes_on_disk=directory_size(plan.path),
        device=encoder.device if encoder else None,
        batch=encoder.batch if encoder else None,
        model=plan.manifest.model.name,
        dtype=plan.manifest.dtype,
        stretch=asdict(plan.manifest.stretch),
    )


def _encode_todo(
    plan: EncodePlan,
    writer: CacheWriter,
    encoder: FallbackEncoder,
    tally: _Tally,
    on_progress: ProgressCallback | None,
    should_stop: StopCallback | None,
    notice: Notice,
) -> None:
    request = plan.request
    todo = _still_missing(plan, writer)

    reported = 0

    def report(done: int) -> None:
        nonlocal reported
        if on_progress is not None and done > reported:
            seconds = tally.seconds
            on_progress(done, len(todo), seconds, seconds / done * (len(todo) - done))
        reported = done

    with ExitStack() as stack:
        raster = stack.enter_context(
            open_raster(request.raster, plan.manifest.bands, request.resolution)
        )
        # On a CPU, writing takes its cores from encoding, and a process that is killed would
        # lose two batches: the one being written and the one being encoded.
        committer = stack.enter_context(Committer(writer, overlaps=encoder.device != "cpu"))
        images = stack.enter_context(
            read_ahead(_read(raster, plan, todo, encoder.fill_colour), depth=2 * encoder.batch)
        )
        for batch in _batches(images, encoder):
            committer.submit(_encode(batch, encoder, tally, len(todo), notice))
            report(len(committer.committed))
            if should_stop is not None and should_stop():
                break
        committer.wait()
        report(len(committer.committed))
    tally.committed, tally.empty = committer.committed, committer.empty
    tally.stopped = len(tally.committed) < len(todo)


def _open_writer(plan: EncodePlan) -> CacheWriter:
    """The plan's cache, ready for writing: made, or repaired as far as that is possible."""
    if plan.action is not Action.RESUME:
        return CacheWriter.create(
            plan.path,
            plan.manifest,
            plan.model.decoder_graphs(),
            replace=plan.action is Action.REPLACE,
        )
    graphs = plan.model.decoder_graphs() if damages_decoder(plan.damage) else None
    writer = CacheWriter.open(plan.path)
    try:
        # As attributes: a nodata value of NaN does not equal itself.
        if writer.manifest.to_attributes() != plan.manifest.to_attributes():
            raise CacheMismatchError(
                f"The cache {plan.path} was replaced by another while this encode was prepared.",
                "Run the same command again.",
            )
        writer.repair(plan.damage, graphs)
    except BaseException:
        writer.close()
        raise
    return writer


def _still_missing(plan: EncodePlan, writer: CacheWriter) -> list[PatchId]:
    """What is to do, less what another process has done since the plan was made."""
    cache = writer.reader()
    return [patch for patch in plan.todo if cache.state(patch) is PatchStatus.ABSENT]


def _read(
    raster: RasterReader,
    plan: EncodePlan,
    todo: Sequence[PatchId],
    fill: tuple[float, float, float],
) -> Iterator[ReadPatch]:
    for patch in todo:
        window = plan.manifest.pyramid.level(patch.level).window(patch.row, patch.col)
        read = raster.read_patch(patch.level, window, plan.manifest.stretch, fill)
        yield patch, read.image if read.valid.any() else None


def _batches(images: Iterable[ReadPatch], encoder: FallbackEncoder) -> Iterator[list[ReadPatch]]:
    """Lots with as many images as the device takes at once, as it does by then."""
    batch: list[ReadPatch] = []
    for read in images:
        batch.append(read)
        full = sum(image is not None for _, image in batch) >= encoder.batch
        if full or len(batch) >= max(MAX_UNCOMMITTED, encoder.batch):
            yield batch
            batch = []
    if batch:
        yield batch


def _encode(
    batch: Sequence[ReadPatch],
    encoder: FallbackEncoder,
    tally: _Tally,
    total: int,
    notice: Notice,
) -> list[Stored]:
    full = [(patch, image) for patch, image in batch if image is not None]
    stored: list[Stored] = [(patch, None) for patch, image in batch if image is None]
    if full:
        started = time.monotonic()
        features = encoder.encode(np.stack([image for _, image in full]))
        seconds = time.monotonic() - started
        if tally.model_seconds == 0 and total > len(batch):
            rest = total - len(batch)
            notice(
                f"The first {_patches(len(full))} took {seconds:.1f} s: about "
                f"{_duration(seconds / len(full) * rest)} for the {_patches(rest)} to come."
            )
        tally.model_seconds += seconds
        stored += [(patch, found) for (patch, _), found in zip(full, features, strict=True)]
    return stored


def _ignore(sentence: str) -> None:
    """For callers who want no notices."""


def _patches(count: int) -> str:
    return "patch" if count == 1 else f"{count} patches"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
