"""From a prompt on the map to georeferenced polygons, by decoding one cached patch."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np
from affine import Affine

from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import parse_crs
from encoder_tool.errors import NothingFoundError, OutputError, UsageError
from encoder_tool.locate import PatchIndex, choose_level, choose_patch
from encoder_tool.model.seam import DecoderGraphs, PatchState, PromptDecoder
from encoder_tool.outline import DEFAULT_OPTIONS, Polygonal, PolygonOptions, mask_to_pixels
from encoder_tool.polygons import to_crs, to_map
from encoder_tool.prompts import MapPrompt as MapPrompt
from encoder_tool.prompts import PixelPrompt, to_pixels
from encoder_tool.types import BoxPixel, Features, Masks, PatchId, Prompt, Window

Candidate = Literal["auto", "single", "best", "1", "2", "3", "all"]

CANDIDATES: tuple[Candidate, ...] = get_args(Candidate)

DEFAULT_MEMORY_BYTES = 512 * 2**20

OUTLINE_TOLERANCE_PX = 0.01
"""How far an edge may stray, in pixels of its level, when it goes into another CRS."""


class FeatureSource(PatchIndex, Protocol):
    """What is asked of a feature cache here."""

    def load(self, patch: PatchId, /) -> Features: ...

    def decoder_graphs(self) -> DecoderGraphs: ...

    def refresh(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SegmentRequest:
    """One object to find.

    level: None to let the prompts decide (see `locate`), or a pinned level
    gsd_m: wanted pixel size on the ground in metres; decides the level if none is pinned
    exact: no patch answers but the one that would if everything were encoded
    candidate: "auto" takes the best-scored of three for a single click, the single mask for
        all other prompts; "single" that mask always; "best" the best-scored of three always;
        "1", "2", "3" that one; "all" the three of them
    out_crs: of the polygons; None for the raster's
    """

    prompt: MapPrompt
    level: int | None = None
    gsd_m: float | None = None
    exact: bool = False
    candidate: Candidate = "auto"
    polygons: PolygonOptions = DEFAULT_OPTIONS
    out_crs: str | None = None

    def __post_init__(self) -> None:
        if self.candidate not in CANDIDATES:
            raise UsageError(
                f"There is no candidate {self.candidate!r}; choose one of {', '.join(CANDIDATES)}."
            )


@dataclass(frozen=True, eq=False)
class SegmentedObject:
    """A mask as a polygon, with what is needed to place and judge it.

    geometry: valid, never empty, in `crs` (None: the raster has no CRS)
    score: the model's own estimate of the mask's IoU
    candidate: 1 to 3, or 0 for the single mask
    window, transform: the patch's pixels of `level`, and its pixel (x, y) to the raster's CRS
    area_px: in pixels of `level`
    """

    geometry: Polygonal
    crs: str | None
    score: float
    candidate: int
    patch_id: PatchId
    window: Window
    transform: Affine
    area_px: float

    @property
    def level(self) -> int:
        return self.patch_id.level


@dataclass(frozen=True, eq=False)
class SegmentResult:
    """The objects found, in the order of their candidates; at least one.

    decode_ms: time for the prompts alone; prepare_ms: for reading and preparing the patch,
    0 when it was still in memory
    """

    objects: tuple[SegmentedObject, ...]
    patch_id: PatchId
    prepare_ms: float
    decode_ms: float


class PreparedPatches:
    """Patches made ready for prompts, the least recently used forgotten first.

    Their sum stays within `memory_bytes`, but for the latest, which is always kept.
    """

    def __init__(self, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self.nbytes = 0
        self._states: OrderedDict[PatchId, PatchState] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, patch_id: PatchId) -> bool:
        return patch_id in self._states

    def get(self, patch_id: PatchId) -> PatchState | None:
        state = self._states.get(patch_id)
        if state is not None:
            self._states.move_to_end(patch_id)
        return state

    def put(self, patch_id: PatchId, state: PatchState) -> None:
        replaced = self._states.pop(patch_id, None)
        self.nbytes += state.nbytes - (replaced.nbytes if replaced else 0)
        self._states[patch_id] = state
        while self.nbytes > self.memory_bytes and len(self._states) > 1:
            _, oldest = self._states.popitem(last=False)
            self.nbytes -= oldest.nbytes


class Segmenter:
    """Answers prompts from a feature cache; keeps the patches it prepared.

    decoder: None for the one that the cache carries, in ONNX Runtime
    """

    def __init__(
        self,
        cache: FeatureSource,
        decoder: PromptDecoder | None = None,
        memory_bytes: int = DEFAULT_MEMORY_BYTES,
    ) -> None:
        self.cache = cache
        self.patches = PreparedPatches(memory_bytes)
        self._decoder = decoder

    @property
    def manifest(self) -> Manifest:
        return self.cache.manifest

    @property
    def decoder(self) -> PromptDecoder:
        if self._decoder is None:
            self._decoder = _decoder_of(self.cache)
        return self._decoder

    def segment(self, request: SegmentRequest) -> SegmentResult:
        """Find the object that the request's prompts mean.

        Raises PromptError for prompts that cannot be placed, NothingFoundError when the mask is
        empty; NotEncodedError when no encoded patch holds them; CacheDamagedError when the patch's
        data are damaged; CacheError when the cache is gone or was replaced; OutputError when
        `out_crs` cannot express the polygon.
        """
        prompt, patch_id = self.place(request)
        window = self.window(patch_id)
        started = time.perf_counter()
        self.prepare(patch_id)
        prepared = time.perf_counter()
        patch_prompt = prompt.in_patch(patch_id.level, window)
        multimask = _wants_candidates(request.candidate, patch_prompt)
        (masks,) = self.decode_patch(patch_id, [patch_prompt], multimask=multimask)
        decoded = time.perf_counter()
        objects = self._objects(masks, patch_id, request, patch_prompt)
        if not objects:
            raise NothingFoundError(
                "The model found nothing at the prompts.",
                "Add an include point, draw a box, or ask for all candidates or smaller parts.",
            )
        return SegmentResult(
            tuple(objects), patch_id, 1e3 * (prepared - started), 1e3 * (decoded - prepared)
        )

    def place(self, request: SegmentRequest) -> tuple[PixelPrompt, PatchId]:
        """The request's prompts in pixels of level 0, and the patch that answers them.

        Raises PromptError, NotEncodedError and CacheError as `segment` does.
        """
        prompt = to_pixels(request.prompt, self.manifest)
        first_level = choose_level(prompt, self.manifest, request.level, request.gsd_m)
        # An encode that is still running may have committed a better patch since the last prompt.
        self.cache.refresh()
        patch_id = choose_patch(
            self.cache, prompt, first_level, climb=request.level is None, exact=request.exact
        )
        return prompt, patch_id

    def prepare(self, patch_id: PatchId) -> PatchState:
        """The patch made ready for prompts, from memory when it is there."""
        state = self.patches.get(patch_id)
        if state is None:
            state = self.decoder.prepare(self.cache.load(patch_id))
            self.patches.put(patch_id, state)
        return state

    def decode_patch(
        self, patch_id: PatchId, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        """Decode prompts in pixels of one patch; `multimask` as for `PromptDecoder.decode`."""
        return self.decoder.decode(self.prepare(patch_id), prompts, multimask=multimask)

    def window(self, patch_id: PatchId) -> Window:
        """The patch in pixels of its level."""
        return self.manifest.pyramid.level(patch_id.level).window(patch_id.row, patch_id.col)

    def transform(self, patch_id: PatchId) -> Affine:
        """Pixel (x, y) of the patch to the raster's CRS."""
        window = self.window(patch_id)
        to_level = Affine.translation(window.col_off, window.row_off)
        return self.manifest.level_affine(patch_id.level) @ to_level

    def raster_in_patch(self, patch_id: PatchId) -> BoxPixel:
        """The part of the patch that the raster covers, in patch pixels.

        Not whole pixels at higher levels, where the last one may be padded in part.
        """
        window, pyramid = self.window(patch_id), self.manifest.pyramid
        scale = 1 << patch_id.level
        return BoxPixel(
            0.0,
            0.0,
            min(float(window.width), pyramid.width / scale - window.col_off),
            min(float(window.height), pyramid.height / scale - window.row_off),
        )

    def _objects(
        self, masks: Masks, patch_id: PatchId, request: SegmentRequest, prompt: Prompt
    ) -> list[SegmentedObject]:
        window, transform = self.window(patch_id), self.transform(patch_id)
        raster_crs = self.manifest.raster.crs_wkt
        if request.out_crs is not None:
            require_output_crs(request.out_crs, self.manifest)
        crs = request.out_crs or raster_crs
        tolerance = OUTLINE_TOLERANCE_PX * float(np.sqrt(abs(transform.determinant)))
        objects = []
        for index in _chosen(request.candidate, masks):
            pixels = mask_to_pixels(
                masks.logits[index], request.polygons, self.raster_in_patch(patch_id), prompt
            )
            if pixels.is_empty:
                continue
            geometry = to_map(pixels, transform)
            if crs is not None and raster_crs is not None:
                geometry = to_crs(geometry, raster_crs, crs, tolerance)
            objects.append(
                SegmentedObject(
                    geometry=geometry,
                    crs=crs,
                    score=float(masks.iou_predictions[index]),
                    candidate=index + 1 if len(masks.iou_predictions) > 1 else 0,
                    patch_id=patch_id,
                    window=window,
                    transform=transform,
                    area_px=float(pixels.area),
                )
            )
        return objects


def require_output_crs(crs: str, manifest: Manifest) -> None:
    """Raises UsageError for a raster without a CRS, whose polygons cannot go into another one;
    OutputError for a CRS that is not known."""
    if manifest.raster.crs_wkt is None:
        raise UsageError(
            "The raster has no CRS, so its polygons cannot go into another one.",
            "Leave the output CRS out.",
        )
    try:
        parse_crs(crs)
    except UsageError as error:
        raise OutputError(error.message, error.hint) from error


def _wants_candidates(candidate: Candidate, prompt: Prompt) -> bool:
    if candidate == "auto":
        return prompt.is_single_click
    return candidate != "single"


def _chosen(candidate: Candidate, masks: Masks) -> list[int]:
    """Indices into `masks`."""
    if candidate == "all":
        return list(range(len(masks.iou_predictions)))
    if candidate in ("1", "2", "3"):
        return [int(candidate) - 1]
    return [masks.best]


def _decoder_of(cache: FeatureSource) -> PromptDecoder:
    # Imported late: with a decoder given, as in tests, ONNX Runtime is not needed.
    from encoder_tool.model.decoder import OnnxDecoder

    return OnnxDecoder(cache.decoder_graphs(), cache.manifest.model.stability)
