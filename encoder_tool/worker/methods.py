"""What requests do once they are executed; each method takes parameters and returns a result."""

from __future__ import annotations

import importlib.util
import logging
import platform
import re
import sys
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from encoder_tool.cache.source import raster_state
from encoder_tool.encode import EncodeProgress, EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import Cancelled
from encoder_tool.grid import DEFAULT_OVERLAP
from encoder_tool.model import REGISTRY
from encoder_tool.model.download import download_model
from encoder_tool.model.onnx_session import available_devices
from encoder_tool.model.resolve import DEFAULT_MODEL, checkpoint_directory
from encoder_tool.types import Remark
from encoder_tool.version import version
from encoder_tool.worker.ahead import prepare_ahead
from encoder_tool.worker.calls import Call, ParamReader, parse_focus
from encoder_tool.worker.describe import (
    describe_cache,
    describe_coverage,
    describe_patches,
    size_on_disk,
)
from encoder_tool.worker.opened import OpenedCaches
from encoder_tool.worker.predict import parse_predict, predict
from encoder_tool.worker.priority import lower_priority
from encoder_tool.worker.wire import PROTOCOL_VERSION

Result = dict[str, Any]
OnProgress = Callable[[Mapping[str, Any]], None]
ShouldStop = Callable[[], bool]

PACKAGES = ("numpy", "onnxruntime", "zarr", "rasterio", "pyproj", "shapely", "torch", "sam2")

PROGRESS_S = 0.2
"""Downloads report no more often than this."""

logger = logging.getLogger(__name__)


class Methods:
    """The methods that take time, and the caches that are open between them."""

    def __init__(self) -> None:
        self._caches = OpenedCaches()

    def execute(self, call: Call, on_progress: OnProgress, should_stop: ShouldStop) -> Result:
        """The result of a request; raises EngineError for whatever can be foreseen."""
        started = time.perf_counter()
        match call.method:
            case "hello":
                result = self._hello(call.params)
            case "open":
                result = self._open(call.params)
            case "predict":
                request = parse_predict(call.params)
                result = predict(request, self._caches.segmenter(request.cache), should_stop)
                result["timings_ms"]["total"] = round(1e3 * (time.perf_counter() - started), 3)
            case "encode":
                result = _encode(call, on_progress, should_stop)
            case "segment_all":
                # Imported late: clicks do without what it takes.
                from encoder_tool.worker.segment_all import execute_segment_all

                result = execute_segment_all(call.params, on_progress, should_stop)
            case "refine":
                from encoder_tool.worker.refine import execute_refine

                result = execute_refine(call.params, on_progress, should_stop)
            case "download":
                result = _download(call.params, on_progress, should_stop)
            case _:
                raise AssertionError(f"{call.method} is answered elsewhere")
        return result

    def prepare_ahead(self, call: Call) -> None:
        """Make ready what may be asked for after a call; raises as `ahead.prepare_ahead` does."""
        prepare_ahead(call, self._caches)

    def _hello(self, params: Mapping[str, Any]) -> Result:
        ParamReader("hello", params).finish()
        return {
            "protocol": PROTOCOL_VERSION,
            "engine": version(),
            "python": platform.python_version(),
            "executable": sys.executable,
            "packages": {name: found for name in PACKAGES if (found := _installed(name))},
            "capabilities": {
                "models": [_describe_model(name) for name in REGISTRY],
                "torch": _has_torch(),
                "devices": _devices(),
            },
        }

    def _open(self, params: Mapping[str, Any]) -> Result:
        reader = ParamReader("open", params)
        path, raster = Path(reader.required_text("cache")), reader.text("raster")
        wants_patches, wants_size = reader.flag("patches"), reader.flag("size")
        wants_coverage, wants_missing = reader.flag("coverage"), reader.flag("missing")
        reader.finish()
        cache = self._caches.reread(path)
        return {
            **describe_cache(cache),
            **({"raster_state": raster_state(cache.manifest, raster)} if raster else {}),
            **({"coverage": describe_coverage(cache)} if wants_coverage else {}),
            **({"patches": describe_patches(cache, wants_missing)} if wants_patches else {}),
            **({"size_bytes": size_on_disk(cache)} if wants_size else {}),
        }


def parse_encode(params: Mapping[str, Any]) -> EncodeRequest:
    """The parameters are EncodeRequest's fields; raises UsageError."""
    reader = ParamReader("encode", params)
    out, checkpoint = reader.text("out"), reader.text("checkpoint")
    overlap, focus = reader.integer("overlap"), reader.members("focus")
    request = EncodeRequest(
        raster=reader.required_text("raster"),
        out=Path(out) if out else None,
        model=reader.text("model") or DEFAULT_MODEL,
        checkpoint=Path(checkpoint) if checkpoint else None,
        bands=reader.integers("bands"),
        stretch=reader.text("stretch"),
        resolution=reader.number("resolution"),
        extent=reader.bounds("extent"),
        extent_crs=reader.text("extent_crs"),
        levels=reader.integer("levels"),
        overlap=DEFAULT_OVERLAP if overlap is None else overlap,
        dtype=reader.text("dtype"),
        device=reader.text("device") or "auto",
        batch=reader.integer("batch"),
        threads=reader.integer("threads"),
        restart=reader.flag("restart"),
        focus=None if focus is None else parse_focus(focus),
        fill=reader.optional_flag("fill"),
        agreed=reader.flag("agreed"),
    )
    reader.finish()
    return request


def _encode(call: Call, on_progress: OnProgress, should_stop: ShouldStop) -> Result:
    """Raises Cancelled when it was stopped before its last patch; what is done is kept."""
    request = parse_encode(call.params)
    lower_priority()

    def notice(sentence: str) -> None:
        logger.info("%s", sentence)
        meant = (
            {"kind": sentence.kind, "values": sentence.values}
            if isinstance(sentence, Remark)
            else {}
        )
        on_progress({"notice": sentence, **meant})

    def report(progress: EncodeProgress) -> None:
        on_progress(_describe_progress(progress))

    plan = plan_encode(request, on_notice=notice)
    for sentence in plan.sentences():
        notice(sentence)
    if should_stop():
        raise Cancelled("Stopped before the first patch.", "Run the same again to encode.")
    total = len(plan.todo) if plan.most_wanted is None else 0  # what will be wanted, nobody knows
    report(EncodeProgress(done=0, total=total, seconds=0.0, eta_s=0.0))
    summary = run_encode(plan, report, should_stop, notice, call.steering)
    if summary.stopped:
        raise Cancelled(summary.say_stopped(), "Run the same again to go on.")
    return summary.to_json()


def _describe_progress(progress: EncodeProgress) -> Result:
    """eta_s: null before the first patch"""
    told: Result = {
        "done": progress.done,
        "total": progress.total,
        "seconds": progress.seconds,
        "eta_s": progress.eta_s if progress.done else None,
        "committed": [list(patch) for patch in progress.committed],
    }
    if progress.focus is not None:
        patch, committed = progress.focus
        told["focus"] = {"patch": list(patch), "committed": committed}
    return told


def _download(
    params: Mapping[str, Any], on_progress: OnProgress, should_stop: ShouldStop
) -> Result:
    """Raises Cancelled when it was stopped; what has come is kept and gone on from."""
    reader = ParamReader("download", params)
    model, url = reader.required_text("model"), reader.text("url")
    reader.finish()
    reported = 0.0

    def report(done: int, total: int | None) -> None:
        nonlocal reported
        if should_stop():
            raise Cancelled("The download was stopped.", "Run it again to go on.")
        if time.monotonic() - reported >= PROGRESS_S or done == total:
            reported = time.monotonic()
            on_progress({"done": done, "total": total})

    return {"path": str(download_model(model, url, report))}


def _describe_model(name: str) -> Result:
    """available: whether its weights are on this machine; usable: and can encode here."""
    spec = REGISTRY[name]
    embedded = spec.remote is None
    available = spec.remote is None or (checkpoint_directory() / spec.remote.filename).is_file()
    return {
        "name": name,
        "summary": spec.summary,
        "embedded": embedded,
        "available": available,
        "usable": available and (embedded or _has_torch()),
        "download_bytes": None if spec.remote is None else spec.remote.size,
    }


def _has_torch() -> bool:
    """Whether sam2's encoders can be loaded; found out without the seconds that importing takes."""
    return all(importlib.util.find_spec(name) is not None for name in ("torch", "sam2"))


def _devices() -> list[str]:
    """What may be asked for; whether a CUDA or MPS device is there, only torch could tell."""
    devices = dict.fromkeys(available_devices())
    if _has_torch():
        if sys.platform == "darwin" and platform.machine() == "arm64":
            devices["mps"] = None
        if _is_cuda_build():
            devices["cuda"] = None
    return list(devices)


def _is_cuda_build() -> bool:
    """What `torch.version.cuda` says, without importing torch."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    told = Path(spec.origin).with_name("version.py").read_text("utf-8")
    return re.search(r"^cuda\b.*=\s*['\"]", told, re.MULTILINE) is not None


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
