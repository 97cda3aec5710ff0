"""Running a plan: the cache it goes into, and what is said of it in the end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import directory_size
from encoder_tool.cache.verify import damages_decoder
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.encode.fallback import FallbackEncoder, Notice
from encoder_tool.encode.pipeline import (
    Pipeline,
    ProgressCallback,
    Steering,
    StopCallback,
    Tally,
    never,
)
from encoder_tool.encode.plan import Action, EncodePlan
from encoder_tool.encode.tiles_wanted import most_unasked
from encoder_tool.errors import CacheMismatchError, UsageError
from encoder_tool.raster import open_raster
from encoder_tool.types import PatchId, Remark


@dataclass(frozen=True, slots=True)
class EncodeSummary:
    """What an encode did.

    patches_total: those that the extent and the levels select
    encoded, empty: what this run stored, and what it found to be all nodata
    repaired: how many of those had been damaged
    skipped: what the cache had already
    stopped: whether the run was ended before its last patch
    model_seconds: the part of `seconds` that the image encoder took
    tiles_fetched: that came over the network
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
    tiles_fetched: int
    device: str | None
    batch: int | None
    model: str
    dtype: str
    stretch: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "cache": str(self.cache)}

    def say_stopped(self) -> str:
        """A sentence for who has stopped it."""
        kept = self.encoded + self.empty + self.skipped
        if not kept:
            return "Stopped before the first patch."
        return f"Stopped: {kept} of {self.patches_total} patches are in {self.cache}."


def run_encode(
    plan: EncodePlan,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCallback | None = None,
    on_notice: Notice | None = None,
    steering: Steering | None = None,
) -> EncodeSummary:
    """Do what a plan says.

    on_progress: told of every commit, and of every new order of the patches
    should_stop: asked before every batch and while it is read; whatever is encoded by then is kept
    on_notice: told, in sentences, of the device, of the expected time and of every retreat
    steering: looked at before every batch: which patches come next, and whether to wait

    Raises UsageError for more tiles than are fetched without consent, CacheLockedError when
    another process writes to the cache, CacheMismatchError when another one has replaced it since
    the plan was made, DiskFullError, TileError, and what reading the raster or the model may
    raise; what was committed until then is kept.
    """
    if plan.needs_consent:
        raise UsageError(
            f"{plan.tiles_to_fetch:,} tiles would be fetched, more than "
            f"{most_unasked(plan.tiles_to_fetch):,}.",
            "Encode with --yes if the provider's terms allow that; else take a smaller --extent.",
        )
    request = plan.request
    notice = on_notice or _ignore
    tally = Tally()
    # First of all: when the model cannot be loaded, no cache comes into being.
    encoder, tiles_fetched = None, 0
    if plan.todo:
        encoder = FallbackEncoder(
            plan.model, request.device, request.threads, _batch(plan), notice
        )  # fmt: skip
        name, device = plan.manifest.model.name, encoder.device
        notice(Remark("encoding", f"Encoding with {name} on {device}.", model=name, device=device))
    stop = should_stop or never
    if plan.action is not Action.RESUME and stop():
        tally.stopped = True  # before there is a cache, or another one in the place of the old
    elif plan.todo or plan.damage:
        with _open_writer(plan) as writer:
            if encoder is not None:
                with open_raster(
                    request.raster, plan.manifest.bands, request.resolution
                ) as raster:  # fmt: skip
                    Pipeline(
                        raster=raster,
                        most_wanted=plan.most_wanted,
                        manifest=plan.manifest,
                        todo=_still_missing(plan, writer),
                        encoder=encoder,
                        writer=writer,
                        tally=tally,
                        notice=notice,
                        focus=request.focus,
                        steering=steering,
                    ).run(on_progress or _ignore, stop)
                    tiles_fetched = raster.fetched
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
        tiles_fetched=tiles_fetched,
        device=encoder.device if encoder else None,
        batch=encoder.batch if encoder else None,
        model=plan.manifest.model.name,
        dtype=plan.manifest.dtype,
        stretch=asdict(plan.manifest.stretch),
    )


def _batch(plan: EncodePlan) -> int | None:
    """On demand, patch by patch: somebody waits for the next one, and may ask for another."""
    return plan.request.batch or (1 if plan.request.focus is not None else None)


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


def _ignore(told: object) -> None:
    """For callers who want to know nothing of it."""
