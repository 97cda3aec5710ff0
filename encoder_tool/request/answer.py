"""Answering requests: tiles, features and polygons, each made once for a place."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import shapely
from shapely.geometry import mapping

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.location import default_cache_path
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache, is_cache, open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheLockedError
from encoder_tool.locate import wanted_patch
from encoder_tool.polygons import geodesic_area_m2
from encoder_tool.prompts import to_pixels
from encoder_tool.raster import open_raster
from encoder_tool.request.form import CRS, MapRequest
from encoder_tool.request.places import Places
from encoder_tool.segment import SegmentedObject, Segmenter, SegmentRequest
from encoder_tool.tiles.web_client import PATIENCE, Patience
from encoder_tool.types import PatchId
from encoder_tool.vector_out import DEGREE_DECIMALS

MAX_OPEN = 4
"""Places whose features are kept ready in memory."""

LOCKED_S = 60.0
"""So long another process may write to the cache of a place."""

LOCK_POLL_S = 0.05

Encoded = TypeVar("Encoded")


@dataclass(frozen=True, slots=True)
class Timings:
    """What each part of an answer took, in milliseconds."""

    tiles: float
    encode: float
    decode: float
    polygons: float

    def to_json(self) -> dict[str, float]:
        parts = {name: round(getattr(self, name), 1) for name in self.__slots__}
        return {**parts, "total": round(sum(getattr(self, name) for name in self.__slots__), 1)}


class Answerer:
    """Answers requests, and keeps what the next one may need; one thread at a time."""

    def __init__(
        self, model: str = "nano", source: str | None = None, patience: Patience = PATIENCE
    ) -> None:
        """source: of tiles, in place of those that requests name"""
        self._model = model
        self._source = source
        self._patience = patience
        self._places: dict[str, Places] = {}
        self._segmenters: OrderedDict[Path, Segmenter] = OrderedDict()

    def answer(self, request: MapRequest) -> dict[str, Any]:
        """The object that the request means, as a GeoJSON FeatureCollection.

        Raises what fetching tiles, encoding and segmenting raise.
        """
        began = time.perf_counter()
        place = self._places_of(self._source or request.source).at(request.bbox, request.zoom)
        if place.is_new:
            self._segmenters.pop(place.raster, None)
        at_place = time.perf_counter()
        segmenter, encoded = _patiently(lambda: self._encoded(place.raster, request))
        wanted = SegmentRequest(prompt=request.prompt, out_crs=CRS)
        encode_s = time.perf_counter() - at_place
        result = segmenter.segment(wanted)
        if missing := result.missing:
            before = time.perf_counter()
            encoded += _patiently(lambda: self._encode(place.raster, lambda _manifest: missing))
            encode_s += time.perf_counter() - before
            result = segmenter.segment(wanted)
        before = time.perf_counter()
        features = [_feature(found, segmenter.manifest) for found in result.objects]
        timings = Timings(
            tiles=1e3 * (at_place - began),
            encode=1e3 * encode_s,
            decode=result.prepare_ms + result.decode_ms,
            polygons=result.outline_ms + 1e3 * (time.perf_counter() - before),
        )
        return {
            "type": "FeatureCollection",
            "id": request.id,
            "features": features,
            "attribution": segmenter.manifest.raster.attribution,
            "tiles_fetched": place.fetched,
            "patches_encoded": encoded,
            "timings_ms": timings.to_json(),
        }

    def _places_of(self, source: str) -> Places:
        if source not in self._places:
            self._places[source] = Places(source, self._patience)
        return self._places[source]

    def _encoded(self, raster: Path, request: MapRequest) -> tuple[Segmenter, int]:
        """Ready for the prompts, and how many patches had to be encoded for that."""

        def wanted(manifest: Manifest) -> list[PatchId]:
            return [wanted_patch(to_pixels(request.prompt, manifest), manifest)]

        segmenter = self._opened(raster)
        encoded = 0
        if segmenter is None:
            encoded = self._encode(raster, wanted, restart=True)
            segmenter = Segmenter(open_cache(self._cache_path(raster)))
            self._keep(raster, segmenter)
        (patch,) = wanted(segmenter.manifest)
        if segmenter.cache.state(patch) is PatchStatus.ABSENT:
            encoded += self._encode(raster, lambda _manifest: [patch])
            segmenter.cache.refresh()
        return segmenter, encoded

    def _cache_path(self, raster: Path) -> Path:
        return default_cache_path(raster, self._model)

    def _opened(self, raster: Path) -> Segmenter | None:
        """None where nothing is encoded yet, or only an earlier raster of the place."""
        if raster not in self._segmenters:
            cache = self._cache_of(raster)
            if cache is None:
                return None
            self._keep(raster, Segmenter(cache))
        self._segmenters.move_to_end(raster)
        segmenter = self._segmenters[raster]
        segmenter.cache.refresh()
        return segmenter

    def _cache_of(self, raster: Path) -> FeatureCache | None:
        path = self._cache_path(raster)
        if not is_cache(path):
            return None
        cache = open_cache(path)
        with open_raster(raster, cache.manifest.bands) as reader:
            return cache if reader.matches(cache.manifest.raster) else None

    def _keep(self, raster: Path, segmenter: Segmenter) -> None:
        self._segmenters[raster] = segmenter
        while len(self._segmenters) > MAX_OPEN:
            self._segmenters.popitem(last=False)

    def _encode(
        self, raster: Path, choose: Callable[[Manifest], Sequence[PatchId]], restart: bool = False
    ) -> int:
        request = EncodeRequest(str(raster), model=self._model, restart=restart)
        summary = run_encode(plan_encode(request, choose=choose))
        return summary.encoded + summary.empty


def _patiently(encode: Callable[[], Encoded]) -> Encoded:
    """Another process may be at the same place: it is waited for, and looked for what it made."""
    until = time.monotonic() + LOCKED_S
    while True:
        try:
            return encode()
        except CacheLockedError:
            if time.monotonic() > until:
                raise
        time.sleep(LOCK_POLL_S)


def _feature(found: SegmentedObject, manifest: Manifest) -> dict[str, Any]:
    """Rings run as RFC 7946 asks: the outer ones counter-clockwise."""
    rounded = shapely.transform(found.geometry, lambda xy: xy.round(DEGREE_DECIMALS))
    return {
        "type": "Feature",
        "properties": {
            "score": round(found.score, 4),
            "area_m2": geodesic_area_m2(found.geometry, found.crs),
            "complete": found.is_complete,
            "level": found.level,
            "model": manifest.model.name,
        },
        "geometry": mapping(shapely.orient_polygons(rounded)),
    }
