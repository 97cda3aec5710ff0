"""Output files are made whole in a hidden folder beside their place, and only then moved there."""

from __future__ import annotations

import errno
import glob
import os
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from encoder_tool.errors import DiskFullError, EngineError, OutputError

COMPANIONS = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"),
    ".png": (".wld",),
}
"""Files that belong to one of a suffix, and are written, or become stale, with it."""

MAKING = ".making"

FULL_BYTES = 16 << 20
"""A disk that has no more left counts as full: GDAL takes back some of what it has written when the
rest does not fit, and says of a full disk a dozen other things."""

NAME_CHARS = 30
"""Of a file's name in that of its folder, which names the computer and the process as well."""


def check_place(path: Path, *, overwrite: bool) -> None:
    """Raises OutputError when a file cannot or must not come to a path: its folder is missing or
    read-only, or it, or one of its companions, is there and `overwrite` is not given."""
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist.", "Make it first.")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"The folder {path.parent} cannot be written.", "Name a file elsewhere.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", "Name a file.")
    for there in (path, *_companions(path)):
        if there.exists() and not overwrite:
            raise OutputError(f"{there} exists already.", "Name another file, or give --overwrite.")


def check_not_read(path: Path, read: Iterable[Path | None]) -> None:
    """Raises OutputError for a path at which something lies that is read for what is written."""
    for source in read:
        if source is not None and _is_same(path, source):
            raise OutputError(
                f"{path} is read for what would be written there.", "Name another file."
            )


def check_distinct(paths: Sequence[Path]) -> None:
    """Raises OutputError where two files would be written to one path."""
    for number, path in enumerate(paths):
        if any(_is_same(path, other) for other in paths[:number]):
            raise OutputError(f"{path} is to be written twice.", "Name two files.")


def _is_same(one: Path, other: Path) -> bool:
    """Whatever they are called: links, and capital letters where these do not count."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """Where to make a file, and beside it its companions: a path of the same name in a folder
    that is gone afterwards. What a process that was killed has left of the same file is removed.

    Raises OutputError when it cannot be made.
    """
    with _told_of(path):
        prefix = f".{path.name[:NAME_CHARS]}.{platform.node()}-"
        for left in path.parent.glob(f"{glob.escape(prefix)}*{MAKING}"):
            process = left.name.removeprefix(prefix).partition("-")[0]
            if process.isdecimal() and not psutil.pid_exists(int(process)):
                shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(
            prefix=f"{prefix}{os.getpid()}-", suffix=MAKING, dir=path.parent
        ) as folder:
            yield Path(folder) / path.name


def not_written(made: Path, message: str, hint: str = "") -> EngineError:
    """The error for a file that could not be made; a full disk is named."""
    if shutil.disk_usage(made.parent).free <= FULL_BYTES:
        return _disk_full(made.name)
    return OutputError(message, hint)


def _disk_full(name: str) -> DiskFullError:
    return DiskFullError(
        f"There is no room on the disk for {name}.", "Make room, and run it again."
    )


def put_in_place(made: Path, path: Path) -> None:
    """Move what was made, the file itself last: its companions are there when it appears."""
    with _told_of(path):
        companions = [file for file in made.parent.iterdir() if file.is_file() and file != made]
        for file in companions:
            file.replace(path.with_name(file.name))
        fresh = {file.name for file in companions}
        for stale in _companions(path):
            if stale.name not in fresh:
                stale.unlink(missing_ok=True)
        made.replace(path)


def _companions(path: Path) -> list[Path]:
    return [path.with_suffix(suffix) for suffix in COMPANIONS.get(path.suffix.lower(), ())]


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except EngineError:  # some of them are OSErrors, too
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(path.name) from error
        raise OutputError(f"{path} cannot be written ({error.strerror or error}).") from error
