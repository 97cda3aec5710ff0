"""One writer at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from encoder_tool.cache import lock as lock_module
from encoder_tool.cache.lock import LOCK_FILE, SETTLING_S, WriterLock, current_writer
from encoder_tool.errors import CacheLockedError


def write_lock(cache: Path, **changes: object) -> Path:
    """A lock file as this very process would write it, but for the changes."""
    lock = WriterLock.acquire(cache)
    file = cache / LOCK_FILE
    content = json.loads(file.read_text())
    lock.release()
    file.write_text(json.dumps({**content, "token": "old", **changes}))
    return file


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_held_lock_refuses_others_until_it_is_released(tmp_path: Path) -> None:
    lock = WriterLock.acquire(tmp_path)
    with pytest.raises(CacheLockedError, match=f"process {os.getpid()} on {lock.owner.host}"):
        WriterLock.acquire(tmp_path)
    assert current_writer(tmp_path) == lock.owner
    lock.release()
    assert current_writer(tmp_path) is None
    WriterLock.acquire(tmp_path).release()
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    write_lock(tmp_path, pid=dead_pid())
    assert current_writer(tmp_path) is None
    lock = WriterLock.acquire(tmp_path)
    assert current_writer(tmp_path) == lock.owner
    assert [file.name for file in tmp_path.iterdir()] == [LOCK_FILE]


def test_the_lock_of_a_reused_process_id_is_taken_over(tmp_path: Path) -> None:
    started = psutil.Process().create_time()
    write_lock(tmp_path, started=started - 3600)
    WriterLock.acquire(tmp_path).release()
    write_lock(tmp_path, started=started + 1)  # the clock was set by a second: the same process
    with pytest.raises(CacheLockedError):
        WriterLock.acquire(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombies")
def test_the_lock_of_a_killed_child_that_nobody_waited_for_is_taken_over(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        child = psutil.Process(process.pid)
        write_lock(tmp_path, pid=process.pid, started=child.create_time())
        with pytest.raises(CacheLockedError):
            WriterLock.acquire(tmp_path)
        process.kill()
        while child.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        WriterLock.acquire(tmp_path).release()


def test_the_lock_of_another_host_is_respected(tmp_path: Path) -> None:
    file = write_lock(tmp_path, host="elsewhere", pid=dead_pid())
    with pytest.raises(CacheLockedError, match="elsewhere") as caught:
        WriterLock.acquire(tmp_path)
    assert str(file) in str(caught.value)
    assert json.loads(file.read_text())["host"] == "elsewhere"


def test_a_lock_without_content_is_respected_while_it_may_be_in_the_making(tmp_path: Path) -> None:
    file = tmp_path / LOCK_FILE
    file.touch()
    with pytest.raises(CacheLockedError, match="just locking"):
        WriterLock.acquire(tmp_path)
    old = time.time() - SETTLING_S - 1
    os.utime(file, (old, old))
    assert current_writer(tmp_path) is None
    WriterLock.acquire(tmp_path).release()


def test_releasing_leaves_a_lock_that_is_not_ones_own(tmp_path: Path) -> None:
    lock = WriterLock.acquire(tmp_path)
    file = tmp_path / LOCK_FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), "token": "another"}))
    lock.release()
    assert file.exists()


@pytest.mark.parametrize("stale", [True, False])
def test_of_many_that_want_the_lock_at_once_one_gets_it(tmp_path: Path, stale: bool) -> None:
    pid = dead_pid()
    for attempt in range(30):
        cache = tmp_path / str(attempt)
        cache.mkdir()
        if stale:
            write_lock(cache, pid=pid)
        holders: list[WriterLock] = []
        barrier = threading.Barrier(8)

        def contend(cache: Path = cache, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            try:
                holders.append(WriterLock.acquire(cache))  # noqa: B023 - joined below
            except CacheLockedError:
                return

        threads = [threading.Thread(target=contend) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (holder,) = holders
        assert current_writer(cache) == holder.owner
        assert [file.name for file in cache.iterdir()] == [LOCK_FILE]


def test_a_lock_that_goes_while_it_is_looked_at_is_not_taken_for_an_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there a moment later is another's, and fresh."""
    file = tmp_path / LOCK_FILE
    file.touch()
    read = lock_module._read

    def read_while_it_is_released(path: Path) -> lock_module.LockOwner | None:
        path.unlink(missing_ok=True)
        return read(path)

    monkeypatch.setattr(lock_module, "_read", read_while_it_is_released)
    assert not lock_module._is_still(file, None)
