"""An installation from top to bottom. Free of Qt: it yields what it wants done, and whoever
drives it (`installer.Installer`, a test) does that and sends the outcome back."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Callable, Union

from geosam_plugin.engine.command import clean_environment
from geosam_plugin.install import uv_fetch
from geosam_plugin.install.platform import Platform
from geosam_plugin.install.problems import Kind, Problem
from geosam_plugin.install.python import (
    MANAGED,
    PythonFacts,
    candidates,
    check,
    probe_arguments,
    read_probe,
)
from geosam_plugin.install.state import (
    EngineRecord,
    free_directory,
    read_current,
    remove_unused,
    switch_current,
)
from geosam_plugin.install.steps import (
    DISK_GB,
    Flavour,
    Source,
    Stage,
    Step,
    check_python,
    fetch_model,
    fetch_python,
    lock_uses,
    locks_hash,
    package_steps,
    python_of,
    self_test,
    uv_environment,
)


@dataclass(frozen=True)
class InstallRequest:
    """python: to make the engine from, None to find one; model: to be downloaded as well;
    repair: install anew even when this very engine is there and whole."""

    flavour: Flavour
    source: Source = field(default_factory=Source)
    python: str | None = None
    model: str | None = None
    repair: bool = False


@dataclass(frozen=True)
class Place:
    """Where and with what: engines go into `root`, lock files lie in `locks`, and encoder_tool
    in `engine_source`."""

    root: Path
    locks: Path
    engine_source: Path
    platform: Platform


@dataclass(frozen=True)
class Ran:
    """What became of a program: its exit code, stdout, and all lines it wrote."""

    code: int
    output: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Fetch:
    """Wanted: a file from the network, as bytes. A str in its place says why there is none."""

    url: str


@dataclass(frozen=True)
class Aside:
    """Wanted: the outcome of something slow that is not a program."""

    work: Callable[[], Any]


Wish = Union[Step, Fetch, Aside]
Work = Generator[Wish, Any, Any]


def installation(request: InstallRequest, place: Place) -> Work:
    """Make an engine, test it, put it in the current one's place; returns its EngineRecord.

    Raises Problem; the current engine is then as it was before, unless the problem is one of
    the model.
    """
    uses = lock_uses(place.platform, request.flavour)
    locks = locks_hash(place.locks, uses)
    record = read_current(place.root)
    if (
        record is None
        or request.repair
        or not record.is_whole(place.root)
        or (record.locks, record.flavour) != (locks, request.flavour.value)
    ):
        record = yield from _new_engine(request, place, locks)
    if request.model is not None:
        step = fetch_model(
            str(record.python_path(place.root)),
            place.engine_source,
            request.model,
            request.source.network,
        )
        try:
            yield from _run(step, Kind.MODEL_FAILED)
        except Problem as problem:
            if problem.kind is Kind.CANCELLED:
                raise Problem(Kind.MODEL_CANCELLED) from problem
            raise
        record = replace(record, model=request.model)
        switch_current(place.root, record)
    return record


def verification(python: str, place: Place, flavour: Flavour) -> Work:
    """Test a Python that has the engine's packages already; raises Problem when it has not."""
    facts = yield from _probe(python)
    check(facts)
    yield from _run(self_test(python, place.engine_source, flavour), Kind.OWN_PYTHON_LACKS)


def _new_engine(request: InstallRequest, place: Place, locks: str) -> Work:
    root = place.root
    _make_room(root, DISK_GB[request.flavour])
    yield Aside(partial(remove_unused, root, downloads=False))
    environment = uv_environment(root, request.source)
    uv = yield from _uv(request.source, place)
    facts = yield from _python(request, place, uv)
    directory = free_directory(root, locks)
    steps = package_steps(
        uv, facts.executable, directory, place.locks,
        lock_uses(place.platform, request.flavour), request.source, place.platform, environment,
    )  # fmt: skip
    for step in steps:
        yield from _run(step, Kind.PACKAGES_FAILED)
    inside = python_of(place.platform)
    test = self_test(str(directory / inside), place.engine_source, request.flavour)
    yield from _run(test, Kind.SELF_TEST_FAILED)
    version = ".".join(str(part) for part in facts.version)
    before = read_current(root)
    model = before.model if before is not None else ""
    record = EngineRecord(directory.name, inside, version, request.flavour.value, locks, model)
    switch_current(root, record)
    return record


def _make_room(root: Path, needed_gb: float) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True)
        (root / ".writable").touch()
        (root / ".writable").unlink()
    except OSError as error:
        raise Problem(Kind.CANNOT_WRITE, root) from error
    free_gb = shutil.disk_usage(root).free / 1e9
    if free_gb < needed_gb:
        raise Problem(Kind.DISK_FULL, root, f"{needed_gb:.0f}", f"{free_gb:.1f}")


def _uv(source: Source, place: Place) -> Work:
    """The path of uv, fetched if need be."""
    pin = uv_fetch.UvPin.read(place.locks / "uv.lock")
    target = place.root / "uv" / pin.version / uv_fetch.program_name(place.platform)
    if target.is_file():
        return str(target)
    if source.wheels is not None:
        wheel = uv_fetch.find_wheel(source.wheels, pin, place.platform)
        yield Aside(lambda: uv_fetch.unpack(wheel.read_bytes(), wheel.name, pin, target))
        return str(target)
    index = source.index_url or uv_fetch.DEFAULT_INDEX
    address = uv_fetch.index_page(index)
    page = yield from _fetch(address, index)
    urls = uv_fetch.wheel_urls(page, address)
    url = uv_fetch.choose_wheel(urls, pin, place.platform, index)
    content = yield from _fetch(url, index)
    name = uv_fetch.file_name(url)
    yield Aside(partial(uv_fetch.unpack, content, name, pin, target))
    return str(target)


def _fetch(url: str, index: str) -> Work:
    content = yield Fetch(url)
    if isinstance(content, str):
        raise Problem(Kind.INDEX_UNREACHABLE, index, content)
    return content


def _python(request: InstallRequest, place: Place, uv: str) -> Work:
    """The facts of the Python to use: the user's, else the system's, else one that uv fetches."""
    if request.python is not None:
        facts = yield from _probe(request.python)
        check(facts)
        check_python(place.platform, request.flavour, facts.executable, facts.version)
        return facts
    for path in candidates(place.platform):
        try:
            facts = yield from _probe(path)
            check(facts)
        except Problem:
            continue
        return facts
    environment = uv_environment(place.root, request.source)
    for step in fetch_python(uv, environment):
        ran: Ran = yield step
        if ran.code:
            raise Problem(Kind.NO_PYTHON_DOWNLOAD, MANAGED)
    return (yield from _probe(ran.output.strip().splitlines()[-1]))


def _probe(path: str) -> Generator[Wish, Any, PythonFacts]:
    environment = clean_environment(os.environ)
    ran: Ran = yield Step(Stage.FIND_PYTHON, path, tuple(probe_arguments()), environment)
    if ran.code:
        raise Problem(Kind.PYTHON_UNUSABLE, path)
    return read_probe(path, ran.output)


def _run(step: Step, kind: Kind) -> Work:
    ran: Ran = yield step
    if ran.code:
        raise _reason(kind, list(ran.lines))


def _reason(kind: Kind, lines: list[str]) -> Problem:
    """The problem that the last words of a program tell of."""
    text = "\n".join(lines)
    mismatch = re.search(r"(?i)hash mismatch for `?([^`\s]+)", text)
    if mismatch:
        return Problem(Kind.WRONG_HASH, mismatch[1])
    errors = [line for line in lines if re.match(r"(?i)\s*(error|cause|caused by)\b", line)]
    last = (errors or [line for line in lines if line.strip()] or [""])[-1]
    said = re.sub(r"(?i)^\s*(error|cause|caused by):\s*", "", last).strip()
    # uv 0.13 puts no quotes around the address any more.
    unreachable = re.search(r"(?i)failed to fetch: `?([^`\s]+)", text)
    if unreachable:
        return Problem(Kind.INDEX_UNREACHABLE, unreachable[1], said)
    return Problem(kind, said if said.endswith(".") else f"{said}.")
