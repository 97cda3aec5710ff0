"""uv, which installs the engine: found in the package index as a wheel, pinned, checked by hash,
its one program taken out. Free of Qt; nothing here reads the network."""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from geosam_plugin.install.platform import Platform
from geosam_plugin.install.problems import Kind, Problem

DEFAULT_INDEX = "https://pypi.org/simple"

_TAGS = {
    ("linux", "x86_64"): re.compile(r"manylinux_2_\d+_x86_64"),
    ("linux", "arm64"): re.compile(r"manylinux_2_\d+_aarch64"),
    ("windows", "x86_64"): re.compile(r"win_amd64"),
    ("macos", "arm64"): re.compile(r"macosx_\d+_\d+_arm64"),
    ("macos", "x86_64"): re.compile(r"macosx_\d+_\d+_x86_64"),
}
_LINK = re.compile(r"<a\b[^>]*?\bhref\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)


@dataclass(frozen=True)
class UvPin:
    """The version of uv, and the sha256 of its files for all platforms."""

    version: str
    hashes: frozenset[str]

    @classmethod
    def read(cls, lock: Path) -> UvPin:
        """From a lock file that holds nothing but uv."""
        text = lock.read_text(encoding="utf-8")
        (version,) = re.findall(r"(?m)^uv==(\S+)", text)
        return cls(version, frozenset(re.findall(r"sha256:([0-9a-f]{64})", text)))


def program_name(platform: Platform) -> str:
    return "uv.exe" if platform.system == "windows" else "uv"


def index_page(index_url: str) -> str:
    """Address of uv's page in an index of PEP 503 or 691."""
    return f"{index_url.rstrip('/')}/uv/"


def wheel_urls(page: bytes, address: str) -> list[str]:
    """The addresses of all wheels that the page of an index, HTML or JSON, links to."""
    text = page.decode("utf-8", "replace")
    if text.lstrip().startswith("{"):
        try:
            links = [str(file["url"]) for file in json.loads(text)["files"]]
        except (ValueError, KeyError, TypeError):
            links = []
    else:
        links = [html.unescape(link) for link in _LINK.findall(text)]
    joined = (urljoin(address, link).split("#")[0] for link in links)
    return [url for url in joined if urlsplit(url).path.endswith(".whl")]


def choose_wheel(urls: list[str], pin: UvPin, platform: Platform, index_url: str) -> str:
    """The one for this machine; raises Problem when the index does not have it."""
    for url in urls:
        if fits(file_name(url), pin, platform):
            return url
    raise Problem(Kind.INDEX_HAS_NO_UV, index_url, pin.version)


def file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])


def fits(name: str, pin: UvPin, platform: Platform) -> bool:
    """Is this the name of the pinned uv's wheel for the platform?"""
    tag = _TAGS[platform.system, platform.machine]
    return name.startswith(f"uv-{pin.version}-") and tag.search(name) is not None


def find_wheel(folder: Path, pin: UvPin, platform: Platform) -> Path:
    """The wheel in a folder of wheels; raises Problem when it is not there."""
    for path in sorted(folder.glob(f"uv-{pin.version}-*.whl")):
        if fits(path.name, pin, platform):
            return path
    raise Problem(Kind.FOLDER_LACKS_UV, folder, f"uv-{pin.version}-*.whl")


def unpack(content: bytes, name: str, pin: UvPin, target: Path) -> None:
    """Put the program of the wheel `name` at `target`, in one step; raises Problem for a wheel
    that is not the pinned one."""
    if hashlib.sha256(content).hexdigest() not in pin.hashes:
        raise Problem(Kind.WRONG_HASH, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        unfinished.write_bytes(wheel.read(f"uv-{pin.version}.data/scripts/{target.name}"))
    unfinished.chmod(unfinished.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    unfinished.replace(target)
