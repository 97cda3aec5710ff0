"""One writer at a time: a lock file inside the cache that names process and host.

A lock is stale when its process is gone: on the same host the process id is dead, or belongs to
a process that started at another time. A lock of another host cannot be judged from here, so it
is respected.
"""

from __future__ import annotations

import json
import math
import os
import socket
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from encoder_tool.errors import CacheLockedError

LOCK_FILE = "writer.lock"

START_TOLERANCE_S = 10.0
"""A process's start time is computed from the clock, so it moves when the clock is set."""

SETTLING_S = 10.0
"""A lock file younger than this may still be about to receive its content."""


@dataclass(frozen=True, slots=True)
class LockOwner:
    """The process that holds a lock. `started` is its start time, in seconds of the epoch."""

    pid: int
    started: float
    host: str
    token: str

    @classmethod
    def this_process(cls) -> LockOwner:
        return cls(
            pid=os.getpid(),
            started=psutil.Process().create_time(),
            host=socket.gethostname(),
            token=uuid.uuid4().hex,
        )

    @property
    def is_local(self) -> bool:
        return self.host == socket.gethostname()

    def is_stale(self) -> bool:
        """Whether the process is known to be gone."""
        if not self.is_local:
            return False
        try:
            process = psutil.Process(self.pid)
            started: float = process.create_time()
            if process.status() == psutil.STATUS_ZOMBIE:  # dead, and nobody asked after it
                return True
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False
        return abs(started - self.started) > START_TOLERANCE_S


class WriterLock:
    """The right to write to a cache, from `acquire` to `release`."""

    def __init__(self, file: Path, owner: LockOwner) -> None:
        self._file = file
        self.owner = owner

    @classmethod
    def acquire(cls, cache: Path) -> WriterLock:
        """Take the lock of a cache directory, a stale one included.

        Raises CacheLockedError when another process holds it.
        """
        owner = LockOwner.this_process()
        _take(cache / LOCK_FILE, owner)
        return cls(cache / LOCK_FILE, owner)

    def moved_to(self, cache: Path) -> WriterLock:
        """The same lock after its cache directory was renamed."""
        return WriterLock(cache / LOCK_FILE, self.owner)

    def release(self) -> None:
        if _read(self._file) == self.owner:
            self._file.unlink()


def current_writer(cache: Path) -> LockOwner | None:
    """Who writes to the cache now; None when nobody does (stale locks do not count)."""
    owner = _read(cache / LOCK_FILE)
    return None if owner is None or owner.is_stale() else owner


def require_unlocked(cache: Path) -> None:
    """Raises CacheLockedError when somebody writes to the cache."""
    owner = current_writer(cache)
    if owner is not None:
        raise _locked(cache / LOCK_FILE, owner)


def _take(file: Path, owner: LockOwner) -> None:
    """Create `file` for `owner`, replacing it when it is stale.

    Two processes may find the same stale lock, and the slower one must not remove the faster
    one's fresh lock. So a stale lock is replaced only by whoever holds the lock *on that very
    lock* (its name carries the stale lock's token), and only after looking again.
    """
    while not _create(file, owner):
        stale = _read(file)
        if stale is None:
            _wait_or_refuse(file)
            token = "unreadable"
        elif not stale.is_stale():
            raise _locked(file, stale)
        else:
            token = stale.token
        claim = file.with_name(f"{file.name}.{token}")
        _take(claim, owner)
        try:
            if _is_still(file, stale):
                file.unlink(missing_ok=True)
        finally:
            claim.unlink(missing_ok=True)


def _create(file: Path, owner: LockOwner) -> bool:
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    try:
        os.write(descriptor, json.dumps(asdict(owner)).encode())
    finally:
        os.close(descriptor)
    return True


def _read(file: Path) -> LockOwner | None:
    """None when there is no lock, or none that can be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return LockOwner(
            int(content["pid"]),
            float(content["started"]),
            str(content["host"]),
            str(content["token"]),
        )
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _is_still(file: Path, stale: LockOwner | None) -> bool:
    """Whether the lock found stale is there yet; one without content also has to be old.

    The age is asked first: a lock that goes while it is looked at reads as one without content,
    and must not count as infinitely old on top of that, since another's may be there by then.
    """
    age = _age_s(file)
    if math.isinf(age) or _read(file) != stale:
        return False
    return stale is not None or age >= SETTLING_S


def _age_s(file: Path) -> float:
    """Infinite for a file that is gone."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _wait_or_refuse(file: Path) -> None:
    """A lock without readable content: just being written, or left by a power cut."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        if not file.exists() or _read(file) is not None:
            return
        time.sleep(0.02)
    if _age_s(file) < SETTLING_S:
        raise CacheLockedError(
            f"Another process is just locking the cache {file.parent}.",
            f"Try again in {SETTLING_S:.0f} seconds.",
        )


def _locked(file: Path, owner: LockOwner) -> CacheLockedError:
    hint = "Wait for it to end, or encode to another --out."
    if not owner.is_local:
        hint += f" If that process is known to be gone, delete the file {file}."
    return CacheLockedError(
        f"The cache {file.parent} is being written by process {owner.pid} on {owner.host} "
        f"(lock file {file.name}).",
        hint,
    )
