"""From patches that are to be encoded to committed ones: read ahead, encode in batches, store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from shutil import disk_usage
from typing import Protocol

import numpy as np

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.encode.agenda import Agenda
from encoder_tool.encode.ahead import ReadAhead
from encoder_tool.encode.committer import Committer, Stored
from encoder_tool.encode.fallback import FallbackEncoder, Notice
from encoder_tool.encode.nodata import EmptyMap
from encoder_tool.encode.tiles_wanted import require_few
from encoder_tool.errors import DiskFullError, MissingTilesError
from encoder_tool.raster import RasterReader
from encoder_tool.types import FloatArray, Focus, PatchId, Remark

StopCallback = Callable[[], bool]

ReadPatch = tuple[PatchId, FloatArray | None]
"""A patch and its image [3, 1024, 1024]; None when it is all nodata."""

MAX_UNCOMMITTED = 64
"""Runs of nodata patches are committed in lots of about this many."""

RESERVE_BYTES = 1 << 30
"""On demand an encode goes on by itself: it does not take the last of the disk."""

HOLD_POLL_S = 0.05
"""While it is held, or waits for pixels, an encode looks this often whether it may go on, or has to
end."""


@dataclass(frozen=True, slots=True)
class EncodeProgress:
    """How far an encode has come.

    done, total: patches; seconds: since it began; eta_s: seconds left
    committed: the patches that are safe since the last report
    focus: the patch that a prompt at the focus would use, and whether it is in the cache;
        None without a focus
    """

    done: int
    total: int
    seconds: float
    eta_s: float
    committed: tuple[PatchId, ...] = ()
    focus: tuple[PatchId, bool] | None = None


ProgressCallback = Callable[[EncodeProgress], None]


class Steering(Protocol):
    """What somebody else, in another thread, wants of a running encode."""

    @property
    def focus(self) -> Focus | None:
        """Where the next prompt is expected, as of the latest wish; None without one."""

    @property
    def held_s(self) -> float:
        """For how many seconds no further patch may be begun; 0 or less: go on."""


@dataclass
class Tally:
    """What has been done so far, and where the time went."""

    started: float = field(default_factory=time.monotonic)
    model_seconds: float = 0.0
    held_seconds: float = 0.0
    stopped: bool = False
    committed: Sequence[PatchId] = ()
    empty: int = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def eta_s(self, done: int, total: int) -> float:
        """Seconds left if it goes on as it did; waiting is no sign of what is to come."""
        busy = self.seconds - self.held_seconds
        return busy / done * (total - done) if done else 0.0


class Pipeline:
    """Encodes what is to do, in the order in which it is wanted.

    raster: read in one thread; todo: in the order that holds without a focus
    tally: what is done is counted here
    most_wanted: of `todo`, only what the focus wants is encoded (see `Agenda`); once that is there,
        and while somebody steers, another focus is waited for
    """

    def __init__(
        self,
        *,
        raster: RasterReader,
        manifest: Manifest,
        todo: Sequence[PatchId],
        encoder: FallbackEncoder,
        writer: CacheWriter,
        tally: Tally,
        notice: Notice,
        focus: Focus | None,
        steering: Steering | None,
        most_wanted: int | None = None,
    ) -> None:
        self._raster = raster
        self._manifest = manifest
        self._encoder = encoder
        self._writer = writer
        self._tally = tally
        self._notice = notice
        self._steering = steering
        self._agenda = Agenda(manifest, todo, most_wanted)
        self._is_bounded = most_wanted is not None
        self._empty = EmptyMap(manifest.pyramid)
        self._focus: Focus | None = None
        self._wanted: PatchId | None = None
        self._first_focus = focus
        self._reported = 0
        self._unread: dict[PatchId, MissingTilesError] = {}

    def run(self, on_progress: ProgressCallback, should_stop: StopCallback) -> None:
        """Until all is encoded, or `should_stop` says so before a batch or while it is read: what
        is read of it by then is its last.

        Raises MissingTilesError at once for the patch of the focus, and when all else is done for
        others: not where only what a focus wants is encoded, which the next focus tries again.
        """
        with ExitStack() as stack:
            committer = stack.enter_context(Committer(self._writer))
            ahead = stack.enter_context(ReadAhead(self._read))
            stack.callback(self._raster.interrupt)
            while self._has_more and self._may_go_on(committer, ahead, on_progress, should_stop):
                self._keep_reserve()
                batch = self._next_batch(ahead, should_stop)
                if batch:
                    committer.submit(self._encode(batch))
                # A batch is stored while the next one is encoded, so a process that is killed
                # may lose two. Not on demand: somebody waits for it.
                if self._focus is not None:
                    committer.wait()
                self._report(committer, on_progress)
            committer.wait()
            self._report(committer, on_progress)
            self._tally.committed, self._tally.empty = committer.committed, committer.empty
        self._tally.stopped = len(self._tally.committed) < self._total
        if self._unread and not self._is_bounded and not self._tally.stopped:
            raise _left_out(self._unread)

    @property
    def _total(self) -> int:
        """Patches that are done or wanted by now."""
        return self._agenda.taken + len(self._agenda)

    @property
    def _has_more(self) -> bool:
        """Whether there is something to do, or may be."""
        is_open = self._steering is not None or self._focus is None
        return bool(self._agenda) or (is_open and self._agenda.may_grow)

    def _may_go_on(
        self,
        committer: Committer,
        ahead: ReadAhead[PatchId, FloatArray | None],
        on_progress: ProgressCallback,
        should_stop: StopCallback,
    ) -> bool:
        """Look where the focus is, and wait while the encode is held; False when it is to end."""
        self._follow_focus(committer, ahead, on_progress)
        began = time.monotonic()
        while not should_stop():
            held_s = self._held_s
            if held_s <= 0 and (self._agenda or not self._has_more):
                self._tally.held_seconds += time.monotonic() - began
                return bool(self._agenda)
            committer.wait()
            self._report(committer, on_progress)
            time.sleep(min(held_s, HOLD_POLL_S) if held_s > 0 else HOLD_POLL_S)
            self._follow_focus(committer, ahead, on_progress)
        return False

    @property
    def _held_s(self) -> float:
        return self._steering.held_s if self._steering else 0.0

    def _keep_reserve(self) -> None:
        if self._focus is not None and disk_usage(self._writer.path).free < RESERVE_BYTES:
            raise DiskFullError(
                f"The disk that holds {self._writer.path} is nearly full.",
                "Make room and go on: what was committed is kept.",
            )

    def _follow_focus(
        self,
        committer: Committer,
        ahead: ReadAhead[PatchId, FloatArray | None],
        on_progress: ProgressCallback,
    ) -> None:
        """Put the agenda in order when the focus is another than before; what does not come soon
        any more is not read, which may mean fetched."""
        focus = self._latest_focus
        if focus is None or focus == self._focus:
            return
        self._focus = focus
        self._wanted = self._agenda.refocus(focus)
        ahead.forget_but(self._agenda.upcoming(2 * self._encoder.batch))
        self._tell(committer, on_progress)

    @property
    def _latest_focus(self) -> Focus | None:
        return (self._steering.focus if self._steering else None) or self._first_focus

    def _report(self, committer: Committer, on_progress: ProgressCallback) -> None:
        if len(committer.committed) > self._reported:
            self._tell(committer, on_progress)

    def _tell(self, committer: Committer, on_progress: ProgressCallback) -> None:
        done = len(committer.committed)
        on_progress(
            EncodeProgress(
                done=done,
                total=self._total,
                seconds=self._tally.seconds,
                eta_s=self._tally.eta_s(done, self._total),
                committed=tuple(committer.committed[self._reported :]),
                focus=None if self._wanted is None else (self._wanted, self._has(self._wanted)),
            )
        )
        self._reported = done

    def _has(self, patch: PatchId) -> bool:
        return self._writer.reader().state(patch) is not PatchStatus.ABSENT

    def _next_batch(
        self, ahead: ReadAhead[PatchId, FloatArray | None], should_stop: StopCallback
    ) -> list[ReadPatch]:
        """As many images as the device takes at once, as it does by now."""
        batch: list[ReadPatch] = []
        images = 0
        while self._agenda and images < self._encoder.batch and len(batch) < self._lot:
            if batch and (self._is_awaited(batch[-1][0]) or should_stop()):
                break
            patch = self._agenda.take()
            ahead.expect([patch, *self._agenda.upcoming(2 * self._encoder.batch)])
            if not self._is_worth_waiting(ahead, patch, should_stop):
                self._agenda.put_back(patch)
                break
            try:
                image = ahead.take(patch)
            except MissingTilesError as error:
                self._put_off(patch, error)
                continue
            self._unread.pop(patch, None)
            images += image is not None
            batch.append((patch, image))
        return batch

    def _is_worth_waiting(
        self,
        ahead: ReadAhead[PatchId, FloatArray | None],
        patch: PatchId,
        should_stop: StopCallback,
    ) -> bool:
        """Wait until a patch is read; False when that takes long and is not wanted any more."""
        while not ahead.is_ready(patch, HOLD_POLL_S):
            if should_stop() or self._latest_focus != self._focus:
                return False
        return True

    def _put_off(self, patch: PatchId, error: MissingTilesError) -> None:
        """Some tiles of a patch could not be had: it stays absent, to be tried again."""
        if patch == self._wanted:
            raise error
        self._agenda.put_off(patch)
        self._unread[patch] = error

    def _is_awaited(self, last: PatchId) -> bool:
        """Whether a batch is to end here, though it might be larger: its last patch is the one at
        the focus, or there are other wishes by now. Reading 64 coarse ones may take a minute."""
        return last == self._wanted or self._held_s > 0 or self._latest_focus != self._focus

    @property
    def _lot(self) -> int:
        return max(MAX_UNCOMMITTED, self._encoder.batch)

    def _read(self, patch: PatchId) -> FloatArray | None:
        if self._empty.covers(patch):
            return None
        if self._is_bounded:
            require_few(self._raster, self._manifest, patch)
        window = self._manifest.pyramid.level(patch.level).window(patch.row, patch.col)
        read = self._raster.read_patch(
            patch.level, window, self._manifest.stretch, self._encoder.fill_colour
        )
        if not read.valid.all() and self._raster.is_averaged(patch.level):
            self._empty.learn(patch, read.valid)
        return read.image if read.valid.any() else None

    def _encode(self, batch: Sequence[ReadPatch]) -> list[Stored]:
        full = [(patch, image) for patch, image in batch if image is not None]
        stored: list[Stored] = [(patch, None) for patch, image in batch if image is None]
        if full:
            started = time.monotonic()
            features = self._encoder.encode(np.stack([image for _, image in full]))
            seconds = time.monotonic() - started
            if self._tally.model_seconds == 0 and self._total > len(batch):
                rest = self._total - len(batch)
                expected = seconds / len(full) * rest
                self._notice(
                    Remark(
                        "expected_time",
                        f"The first {_patches(len(full))} took {seconds:.1f} s: about "
                        f"{_duration(expected)} for the {_patches(rest)} to come.",
                        patches=len(full),
                        seconds=seconds,
                        rest=rest,
                        expected_s=expected,
                    )
                )
            self._tally.model_seconds += seconds
            stored += [(patch, found) for (patch, _), found in zip(full, features, strict=True)]
        return stored


def _left_out(unread: Mapping[PatchId, MissingTilesError]) -> MissingTilesError:
    """One error for all patches that could not be read."""
    first = next(iter(unread.values()))
    tiles = dict.fromkeys(tile for error in unread.values() for tile in error.tiles)
    return MissingTilesError(
        f"{_patches(len(unread))} could not be encoded, for lack of {len(tiles)} tiles: "
        f"{first.message}",
        "All else is done: run the same again to try these again.",
        list(tiles),
    )


def never() -> bool:
    """For callers who stop nothing."""
    return False


def _patches(count: int) -> str:
    return "patch" if count == 1 else f"{count} patches"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
