"""Checkpoints from the web: resumed when cut, checked, and put in place in one step.

urllib honours the proxy variables of the environment and the system's certificates.
"""

from __future__ import annotations

import errno
import http.client
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from encoder_tool.errors import DiskFullError, DownloadError, OutputError, UsageError
from encoder_tool.model.download_lock import sole_download
from encoder_tool.model.registry import get_spec
from encoder_tool.model.resolve import checkpoint_directory, sha256_of
from encoder_tool.model.spec import RemoteFile

ProgressCallback = Callable[[int, int | None], None]
"""Called with the bytes there are and the bytes there will be (None while unknown)."""

_TIMEOUT_S = 30.0
_BLOCK_BYTES = 1 << 20
_MEGABYTE = 1e6


def download_model(
    name: str,
    url: str | None = None,
    on_progress: ProgressCallback | None = None,
    directory: Path | None = None,
) -> Path:
    """Download a registered model's checkpoint into `directory` (the models' own by default).

    url: a mirror; the file's size and sha256 are checked all the same
    A file that is there and right is not fetched again.

    Raises ModelError for an unknown name, UsageError for a model that has nothing to download
    or a URL that is not http(s), and what `download_file` raises.
    """
    remote = get_spec(name).remote
    if remote is None:
        raise UsageError(f"The model {name} ships with the package: there is nothing to download.")
    if url is not None and not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"A model is downloaded from http or https, not from {url}.")
    target = (directory or checkpoint_directory()) / remote.filename
    if _is_there(remote, target):
        return target
    download_file(replace(remote, url=url or remote.url), target, on_progress)
    return target


def download_file(
    remote: RemoteFile, target: Path, on_progress: ProgressCallback | None = None
) -> None:
    """Fetch `remote` to `target`, going on from what an earlier, cut download left.

    What has come is kept beside the target as `.part` until it is whole and has the right
    sha256, which also finds a file that changed between two attempts.

    Raises DownloadError when the server refuses, the connection is cut (what came is kept), the
    file is not the published one (it is deleted), or another process is downloading it;
    DiskFullError; OutputError.
    """
    report = on_progress or (lambda done, total: None)
    part = target.with_name(f"{target.name}.part")
    with _writing_to(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        with sole_download(target):
            if _is_there(remote, target):  # by another process, which has just ended
                return
            _fetch(remote, part, report)
            _check(remote, part)
            part.replace(target)


def _is_there(remote: RemoteFile, target: Path) -> bool:
    return target.is_file() and sha256_of(target) == remote.sha256


def _fetch(remote: RemoteFile, part: Path, report: ProgressCallback) -> None:
    start = part.stat().st_size if part.is_file() else 0
    if start and start == remote.size:
        return
    try:
        response = _open(remote.url, start)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            # The part is whole (its sha256 will tell) or another file's.
            if sha256_of(part) != remote.sha256:
                part.unlink()
                _fetch(remote, part, report)
            return
        raise DownloadError(
            f"{remote.url} answered {error.code} {error.reason}.", "Try a mirror with --url."
        ) from error
    # urllib gives a bare ValueError for some URLs that cannot be.
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise DownloadError(
            f"{remote.url} cannot be reached ({reason}).",
            "Check the network and the proxy, or try a mirror with --url.",
        ) from error
    with response:
        if response.status != http.client.PARTIAL_CONTENT:
            start = 0  # the server does not know ranges: it sends the whole file
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdigit() else remote.size
        if remote.size is not None and total != remote.size:
            raise DownloadError(
                f"{remote.url} has {total} bytes where {remote.size} are published.",
                "Try again later, or a mirror with --url.",
            )
        _require_space(part.parent, (total or 0) - start)
        received = start
        report(received, total)
        try:
            with part.open("ab" if start else "wb") as file:
                for block in _blocks(response):
                    file.write(block)
                    received += len(block)
                    report(received, total)
        except _ConnectionBrokenError as error:
            raise _cut(received, total) from error
    if total is not None and received < total:
        raise _cut(received, total)


def _open(url: str, start: int) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={"User-Agent": "encoder-tool"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
    return response


class _ConnectionBrokenError(Exception):
    """For a file in chunks the only sign that it is not at its end."""


def _blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """What the connection gives until it ends; raises _ConnectionBrokenError when it breaks."""
    while True:
        try:
            block = response.read1(_BLOCK_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise _ConnectionBrokenError from error
        if not block:
            return
        yield block


def _check(remote: RemoteFile, part: Path) -> None:
    if sha256_of(part) == remote.sha256:
        return
    part.unlink()
    raise DownloadError(
        f"What came from {remote.url} is not the published file (its sha256 differs); "
        "it was deleted.",
        "Try again, or another mirror with --url.",
    )


def _cut(received: int, total: int | None) -> DownloadError:
    of_all = "" if total is None else f" of {total / _MEGABYTE:.1f}"
    return DownloadError(
        f"The download was cut after {received / _MEGABYTE:.1f}{of_all} MB.",
        "What came is kept: run the same command again to go on.",
    )


def _require_space(directory: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(directory).free
    if free < needed_bytes:
        raise DiskFullError(
            f"{directory} has {free / _MEGABYTE:.0f} MB free and the download needs "
            f"{needed_bytes / _MEGABYTE:.0f} MB."
        )


@contextmanager
def _writing_to(directory: Path) -> Iterator[None]:
    """Turn what the file system says into one sentence."""
    try:
        yield
    except (DownloadError, DiskFullError):
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFullError(f"The disk of {directory} is full.") from error
        raise OutputError(f"{directory} cannot be written ({error.strerror}).") from error
