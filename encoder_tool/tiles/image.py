"""Tile images as pixels: PNG, JPEG, WebP and GIF, in colour, grey, with palette or alpha.

GDAL decodes, told which format it is by the first bytes, so that nothing a server sends can be
opened as anything else.
"""

from __future__ import annotations

import re
import threading
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile

from encoder_tool.gdal import gdal_environment

RgbaArray = npt.NDArray[np.uint8]
"""[4, size, size]: red, green, blue, and how opaque a pixel is; 0 where there is no image."""

MIN_TILE_PX, MAX_TILE_PX = 64, 4096

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"RIFF": "WEBP",
    b"GIF8": "GIF",
}

_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9"}
"""GDAL fills what is missing of a cut PNG with black, and says nothing."""

_END_BYTES = 1024
"""Some writers pad what follows the end."""

_SNIPPET = 60

_DECODING = threading.Lock()
"""rasterio warns of each image that it has no place on the map, and Python's filter of warnings is
not a thread's own."""


class NotATileError(Exception):
    """What came is no image of a tile; its text continues a sentence such as `the server sent`."""


def decode_tile(body: bytes) -> RgbaArray:
    """Raises NotATileError for anything but a whole, square image of a supported format."""
    driver = next((name for start, name in _SIGNATURES.items() if body.startswith(start)), None)
    if driver is None:
        raise NotATileError(_what_else(body))
    end = _ENDS.get(driver)
    if end is not None and end not in body[-_END_BYTES:]:
        raise NotATileError(f"a {driver} image that is cut")
    try:
        with (
            _DECODING,
            warnings.catch_warnings(),
            gdal_environment(),
            MemoryFile(body) as memory,
        ):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with memory.open(driver=driver) as dataset:
                _require_square(dataset)
                return _rgba(dataset)
    except RasterioError as error:
        raise NotATileError(f"a damaged {driver} image") from error


def _require_square(dataset: Any) -> None:
    width, height = dataset.width, dataset.height
    if width != height or not MIN_TILE_PX <= width <= MAX_TILE_PX:
        raise NotATileError(
            f"an image of {width} x {height} pixels, where tiles are square and have "
            f"{MIN_TILE_PX} to {MAX_TILE_PX}"
        )


def _rgba(dataset: Any) -> RgbaArray:
    meanings = dataset.colorinterp
    if meanings[0] == ColorInterp.palette:
        entries = np.zeros((256, 4), np.uint8)
        for index, colour in dataset.colormap(1).items():
            entries[index] = colour
        return np.ascontiguousarray(entries[dataset.read(1)].transpose(2, 0, 1))
    values = np.stack([_eight_bit(dataset, band) for band in dataset.indexes])
    if meanings[-1] == ColorInterp.alpha:
        colours, alpha = values[:-1], values[-1]
    else:
        # A PNG can name one colour that is transparent: GDAL's nodata.
        colours, alpha = values, dataset.dataset_mask()
    if len(colours) == 1:
        colours = np.repeat(colours, 3, axis=0)
    if len(colours) != 3:
        raise NotATileError(f"an image of {dataset.count} bands")
    return np.concatenate([colours, alpha[None].astype(np.uint8)])


def _eight_bit(dataset: Any, band: int) -> npt.NDArray[np.uint8]:
    """A band's values stretched from its own bits to 8."""
    values = dataset.read(band)
    bits = int(dataset.tags(band, ns="IMAGE_STRUCTURE").get("NBITS", 8 * values.itemsize))
    if bits == 8:
        return np.asarray(values, np.uint8)
    return np.asarray(values.astype(np.uint32) * 255 // ((1 << bits) - 1), np.uint8)


def _what_else(body: bytes) -> str:
    """What came in place of an image, with its first words: a server mostly says what is wrong."""
    if not body:
        return "nothing"
    text = body[:4096].decode("utf-8", "replace")
    if "\x00" in text or "\ufffd" in text[:_SNIPPET]:
        return "something that is no PNG, JPEG, WebP or GIF image"
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.DOTALL | re.IGNORECASE)
    words = " ".join(re.sub(r"<[^>]*>", " ", title[1] if title else text).split())
    kind = "a web page" if "<html" in text.lower() else "a text"
    if not words:
        return kind
    return f"{kind} ({words[:_SNIPPET]}{'…' if len(words) > _SNIPPET else ''})"
