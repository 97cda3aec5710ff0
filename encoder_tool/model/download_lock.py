"""One download to a file at a time: what has come is kept in one place, for one to go on with.

The operating system's own lock, which ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from encoder_tool.errors import DownloadError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


@contextmanager
def sole_download(target: Path) -> Iterator[None]:
    """The right to download to `target`.

    Raises DownloadError while another process, or another thread, has it; OSError where its
    folder cannot be written.
    """
    file = target.with_name(f"{target.name}.lock")
    handle = _locked(file)
    try:
        yield
    finally:
        _release(file, handle)


def _locked(file: Path) -> IO[bytes]:
    while True:
        handle = file.open("ab")
        try:
            if not _try_lock(handle):
                raise DownloadError(
                    f"Another process is downloading {file.stem} just now.",
                    "Wait until it is done, then run the same command again.",
                )
            if _is_same(file, handle):
                return handle
        except BaseException:
            handle.close()
            raise
        handle.close()  # its holder has just removed it: the name may be another's by now


def _release(file: Path, handle: IO[bytes]) -> None:
    """Removed while it is still locked, where that is possible: whoever waits for it looks again
    whether it is there. Windows removes no open file."""
    try:
        file.unlink()
    except OSError:
        handle.close()
        with suppress(OSError):
            file.unlink(missing_ok=True)
    handle.close()


def _is_same(file: Path, handle: IO[bytes]) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(handle.fileno()))
    except FileNotFoundError:
        return False


def _try_lock(handle: IO[bytes]) -> bool:
    """False when it is held; a file system that knows no locks holds nobody up."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _HELD
    return True
