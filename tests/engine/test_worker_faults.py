"""The worker's errors: each of its request alone, and the next one is answered."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from encoder_tool.types import XY
from encoder_tool.worker.wire import MAX_FRAME_BYTES
from tests.support.worker import WorkerProcess
from tests.support.worker_caches import at, wide_encode


def test_a_click_outside_what_is_encoded_says_what_to_encode(
    shared: WorkerProcess, wide_raster: Path
) -> None:
    extent = [500_000, 5_390_000, 500_000 + 0.3 * 500, 5_400_000]
    encoded = shared.result("encode", **wide_encode(wide_raster), extent=extent)
    where = XY(500_000 + 0.3 * 3000, 5_400_000 - 0.3 * 100)
    error = shared.error("predict", cache=encoded["cache"], include=[where])
    assert error["type"] == "NotEncodedError"
    xmin, ymin, xmax, ymax = error["details"]["extent"]
    assert xmin < where.x < xmax and ymin < where.y < ymax
    more = shared.result("encode", **wide_encode(wide_raster), extent=error["details"]["extent"])
    assert more["encoded"] >= 1
    answer = shared.call("predict", cache=encoded["cache"], include=[where], candidate="all")
    # Noise holds no objects: that the prompt is answered at all is the point.
    assert answer.get("error", {"type": "NothingFoundError"})["type"] == "NothingFoundError"


def test_a_deleted_cache_is_not_answered_from_memory(
    shared: WorkerProcess, cache: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(cache, tmp_path / "copy.sam2.zarr"))
    asked = {"cache": str(copy), "include": [at(cache, 700, 700)]}
    shared.result("predict", **asked)
    shutil.rmtree(copy)
    assert shared.error("predict", **asked)["type"] == "CacheNotFoundError"


def test_a_cache_made_anew_is_read_anew(
    shared: WorkerProcess, cache: Path, wide_raster: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copytree(cache, tmp_path / "cache.sam2.zarr"))
    assert shared.result("open", cache=str(path))["raster"] == "scene.tif"
    shared.result("encode", **wide_encode(wide_raster), out=str(path), restart=True,
                  extent=[500_000, 5_390_000, 500_100, 5_400_000])  # fmt: skip
    assert shared.result("open", cache=str(path))["raster"] == "wide.tif"


@pytest.mark.parametrize(
    ("params", "kind", "named"),
    [
        ({}, "UsageError", "cache"),
        ({"cache": 7}, "UsageError", "cache"),
        ({"cache": ""}, "UsageError", "cache"),
        ({"cache": "c", "include": [[1, 2, 3]]}, "UsageError", "include"),
        ({"cache": "c", "include": [[1, True]]}, "UsageError", "include"),
        ({"cache": "c", "include": [1, 2]}, "UsageError", "include"),
        ({"cache": "c", "include": [[1, 10**400]]}, "UsageError", "include"),
        ({"cache": "c", "box": [1, 2, 3]}, "UsageError", "box"),
        ({"cache": "c", "shape": [[[0, 0], [1, 1]]]}, "UsageError", "shape"),
        ({"cache": "c", "box": [0, 0, 1, 1], "level": 1.5}, "UsageError", "level"),
        ({"cache": "c", "box": [0, 0, 1, 1], "pixel_size": 0}, "UsageError", "pixel_size"),
        ({"cache": "c", "box": [0, 0, 1, 1], "simplify_px": -1}, "UsageError", "simplify_px"),
        ({"cache": "c", "box": [0, 0, 1, 1], "candidates": "all"}, "UsageError", "candidates"),
        ({"cache": "c", "box": [1, 0, 0, 1]}, "PromptError", "empty"),
        ({"cache": "c"}, "PromptError", "nothing to look for"),
        ({"cache": "c", "box": [0, 0, 1, 1]}, "CacheNotFoundError", "no cache"),
    ],
)
def test_what_is_wrong_with_a_prompt_is_named(
    shared: WorkerProcess, params: dict[str, Any], kind: str, named: str
) -> None:
    error = shared.error("predict", **params)
    assert error["type"] == kind
    assert named in error["message"]
    assert set(error) == {"type", "message", "hint", "details"}


@pytest.mark.parametrize(
    ("content", "call_id", "named"),
    [
        (b"no json", None, "JSON"),
        (b"\xff\xfe", None, "JSON"),
        (b"", None, "JSON"),
        (b'{"id": 1, "method": "hello", "params": {"x": NaN}}', None, "JSON"),
        (b"[" * 100_000, None, "JSON"),
        (b"[]", None, "object"),
        (b'{"method": "hello"}', None, "id"),
        (b'{"id": true, "method": "hello"}', None, "id"),
        (b'{"id": 900001}', 900001, "method"),
        (b'{"id": 900002, "method": "evaluate"}', 900002, "method"),
        (b'{"id": 900003, "method": "hello", "params": []}', 900003, "params"),
        (b'{"id": 900004, "method": "hello", "parms": {}}', 900004, "parms"),
    ],
)
def test_what_is_no_request_is_answered_and_survived(
    shared: WorkerProcess, content: bytes, call_id: int | None, named: str
) -> None:
    before = len(shared.messages)
    shared.write(len(content).to_bytes(4, "little") + content)
    answer = shared.receive()
    assert len(shared.messages) == before + 1
    assert answer["id"] == call_id
    assert answer["error"]["type"] == "ProtocolError"
    assert named in answer["error"]["message"]
    assert shared.result("ping")["queued"] == 0


@pytest.mark.parametrize(
    ("content", "kept_open"),
    [
        ((MAX_FRAME_BYTES + 1).to_bytes(4, "little"), True),
        (b"GET / HTTP/1.1\r\n", True),
        (b"\x10\0\0\0{", False),
        (b"\x10", False),
    ],
)
def test_input_that_cannot_be_followed_ends_the_worker(
    tmp_path: Path, content: bytes, kept_open: bool
) -> None:
    with WorkerProcess(tmp_path / "log") as worker:
        worker.write(content)
        assert (worker.wait() if kept_open else worker.end_input()) == 1
        (message,) = worker.messages
        assert (message["id"], message["error"]["type"]) == (None, "FrameError")


DEFECT = """
import sys
from encoder_tool.segment import Segmenter
from encoder_tool.worker.__main__ import main

def segment(self, request, should_stop=None):
    raise ZeroDivisionError("planted")

Segmenter.segment = segment
sys.exit(main())
"""


def test_a_bug_is_an_error_of_its_request_alone(cache: Path, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path / "log", DEFECT) as worker:
        error = worker.error("predict", cache=str(cache), include=[at(cache, 700, 700)])
        assert error["type"] == "Internal"
        assert "planted" in error["message"]
        assert worker.result("open", cache=str(cache))["model"] == "nano"
    assert "Traceback" in worker.log.read_text()


def test_a_name_that_is_not_utf8_is_answered(shared: WorkerProcess) -> None:
    """As Python tells the bytes of such a file name: with lone surrogates."""
    error = shared.error("open", cache="/nowhere/gr\udcfcn.sam2.zarr")
    assert error["type"] == "CacheNotFoundError"
    assert "gr\udcfcn" in error["message"]
    assert shared.result("ping")["queued"] == 0


BROKEN = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "onnxruntime":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from encoder_tool.worker.__main__ import main

sys.exit(main())
"""


def test_a_broken_environment_is_told_by_hello(tmp_path: Path) -> None:
    with WorkerProcess(tmp_path / "log", BROKEN) as worker:
        for _ in range(2):
            error = worker.error("hello")
            assert error["type"] == "MissingDependencyError"
            assert "onnxruntime" in error["message"]


NOISY = """
import os, subprocess, sys
from encoder_tool.segment import Segmenter
from encoder_tool.worker.__main__ import main

quiet = Segmenter.segment

def segment(self, request, should_stop=None):
    print("by Python")
    os.write(1, b"by a library\\n")
    subprocess.run([sys.executable, "-c", "print('by a child', input() if 0 else '')"])
    assert sys.stdin is None or not os.read(0, 1)
    return quiet(self, request)

Segmenter.segment = segment
sys.exit(main())
"""


def test_what_is_printed_goes_to_the_log(cache: Path, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path / "log", NOISY) as worker:
        for _ in range(2):
            answer = worker.result("predict", cache=str(cache), include=[at(cache, 700, 700)])
            assert answer["objects"]
        assert worker.end_input() == 0
    log = worker.log.read_text()
    assert all(log.count(f"by {who}") == 2 for who in ("Python", "a library", "a child"))


def test_clicking_leaves_torch_alone(cache: Path, tmp_path: Path) -> None:
    code = DEFECT.replace(
        'raise ZeroDivisionError("planted")', 'raise ZeroDivisionError("torch" in sys.modules)'
    )
    with WorkerProcess(tmp_path / "log", code) as worker:
        worker.result("hello")
        error = worker.error("predict", cache=str(cache), include=[at(cache, 700, 700)])
    assert "(ZeroDivisionError: False)" in error["message"]
