"""From a prompt on the map to georeferenced polygons, by decoding cached patches: the one that
the prompt is on, and those that the object reaches into."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, get_args

import numpy as np
from affine import Affine

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import require_output_crs
from encoder_tool.errors import NothingFoundError, UsageError
from encoder_tool.locate import PatchIndex, choose_level, choose_patch, pixel_to_ground
from encoder_tool.model.registry import is_nano
from encoder_tool.model.seam import DecoderGraphs, PatchState, PromptDecoder
from encoder_tool.outline import DEFAULT_OPTIONS, Polygonal, PolygonOptions, mask_to_pixels
from encoder_tool.polygons import to_crs, to_map
from encoder_tool.prepared_patches import PreparedPatches as PreparedPatches
from encoder_tool.prompts import MapPrompt as MapPrompt
from encoder_tool.prompts import PixelPrompt, to_pixels
from encoder_tool.second_look import look_again
from encoder_tool.stitch import (
    DEFAULT_LIMITS,
    Cut,
    Limits,
    PatchMask,
    ShouldStop,
    WholeMask,
    reaches_border,
    whole_mask,
)
from encoder_tool.surest import Answer, surest_answer
from encoder_tool.types import XY, BoxPixel, Features, Masks, PatchId, Prompt, Window

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

    level: None to let the prompts decide (see `locate`) and, where it is unsure, the model (see
        `surest`), or a pinned level
    gsd_m: wanted pixel size on the ground in metres, in place of the prompts
    exact: of a level that is asked, only the patch that would be if everything were encoded
    candidate: "auto" takes the best-scored of three for a single click, the single mask for
        all other prompts; "single" that mask always; "best" the best-scored of three always;
        "1", "2", "3" that one; "all" the three of them
    out_crs: of the polygons; None for the raster's
    stitch: continue objects that reach the border of their patch (see `stitch`)
    """

    prompt: MapPrompt
    level: int | None = None
    gsd_m: float | None = None
    exact: bool = False
    candidate: Candidate = "auto"
    polygons: PolygonOptions = DEFAULT_OPTIONS
    out_crs: str | None = None
    stitch: bool = True

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
    patch_id: that answered the prompt
    level: whose pixels the outline was found in
    window, transform: of the mask, in pixels of `level`, and its pixel (x, y) to the raster's CRS
    area_px: in pixels of `level`
    cuts: why it ends where it would go on; empty for a complete object
    missing: patches that are not encoded, or damaged, and would complete it
    """

    geometry: Polygonal
    crs: str | None
    score: float
    candidate: int
    patch_id: PatchId
    level: int
    window: Window
    transform: Affine
    area_px: float
    cuts: tuple[Cut, ...] = ()
    missing: tuple[PatchId, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.cuts


@dataclass(frozen=True, eq=False)
class SegmentResult:
    """The objects found, in the order of their candidates; at least one.

    patch_id: that answered
    surer: a patch of a coarser level that is not encoded and might know better: the model is
    unsure of what it found
    decode_ms: time for the prompts alone; prepare_ms: for reading and preparing the patch,
    0 when it was still in memory; outline_ms: for other patches that were asked, and the outlines
    """

    objects: tuple[SegmentedObject, ...]
    patch_id: PatchId
    surer: PatchId | None
    prepare_ms: float
    decode_ms: float
    outline_ms: float

    @property
    def missing(self) -> list[PatchId]:
        """Patches that are not encoded and into which the objects go on, each once."""
        return list(dict.fromkeys(patch for found in self.objects for patch in found.missing))


class Segmenter:
    """Answers prompts from a feature cache; keeps the patches it prepared.

    decoder: None for the one that the cache carries, in ONNX Runtime
    limits: how far an object is followed beyond its patch
    """

    def __init__(
        self,
        cache: FeatureSource,
        decoder: PromptDecoder | None = None,
        memory_bytes: int = DEFAULT_MEMORY_BYTES,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.cache = cache
        self.limits = limits
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

    def segment(
        self, request: SegmentRequest, should_stop: ShouldStop | None = None
    ) -> SegmentResult:
        """Find the object that the request's prompts mean.

        Raises PromptError for prompts that cannot be placed, NothingFoundError when the mask is
        empty; NotEncodedError when no encoded patch holds them; CacheDamagedError when the patch's
        data are damaged; CacheError when the cache is gone or was replaced; OutputError when
        `out_crs` cannot express the polygon; Cancelled when `should_stop` says so.
        """
        prompt, patch_id, finest = self._place(request)
        started = time.perf_counter()
        self.prepare(patch_id)
        prepared = time.perf_counter()

        def ask(patch_id: PatchId) -> Masks:
            patch_prompt = prompt.in_patch(patch_id.level, self.window(patch_id))
            multimask = _wants_candidates(request.candidate, patch_prompt)
            (masks,) = self.decode_patch(patch_id, [patch_prompt], multimask=multimask)
            return masks

        answer = Answer(patch_id, ask(patch_id))
        decoded = time.perf_counter()
        if request.level is None:
            answer = surest_answer(self.cache, prompt, answer, ask, exact=request.exact)
        in_patch = prompt.in_patch(answer.patch_id.level, self.window(answer.patch_id))
        answer = replace(answer, masks=self._looked_again(answer.patch_id, in_patch, answer.masks))
        seeds = self._seeds(request, answer, prompt)
        found = self._objects(seeds, request, finest, should_stop)
        if not found:
            raise NothingFoundError(
                "The model found nothing at the prompts.",
                "Add an include point, draw a box, or ask for all candidates or smaller parts.",
            )
        return SegmentResult(
            tuple(found),
            answer.patch_id,
            surer=answer.missing,
            prepare_ms=1e3 * (prepared - started),
            decode_ms=1e3 * (decoded - prepared),
            outline_ms=1e3 * (time.perf_counter() - decoded),
        )

    def place(self, request: SegmentRequest) -> tuple[PixelPrompt, PatchId]:
        """The request's prompts in pixels of level 0, and the patch that answers them.

        Raises PromptError, NotEncodedError and CacheError as `segment` does.
        """
        prompt, patch_id, _ = self._place(request)
        return prompt, patch_id

    def _place(self, request: SegmentRequest) -> tuple[PixelPrompt, PatchId, int]:
        """As `place`, and the level that was wanted, the patch's where none so fine answers."""
        prompt = to_pixels(request.prompt, self.manifest)
        wanted = choose_level(prompt, self.manifest, request.level, request.gsd_m)
        # An encode that is still running may have committed a better patch since the last prompt.
        self.cache.refresh()
        patch_id = choose_patch(
            self.cache, prompt, wanted, climb=request.level is None, exact=request.exact
        )
        return prompt, patch_id, min(wanted, patch_id.level)

    def state(self, patch_id: PatchId) -> PatchStatus:
        """Whether a patch is encoded."""
        return self.cache.state(patch_id)

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

    def answer(self, patch_id: PatchId, prompt: Prompt, *, multimask: bool | None = None) -> Masks:
        """What a patch says to one prompt in its pixels, in the end."""
        (masks,) = self.decode_patch(patch_id, [prompt], multimask=multimask)
        return self._looked_again(patch_id, prompt, masks)

    def _looked_again(self, patch_id: PatchId, prompt: Prompt, masks: Masks) -> Masks:
        """With nano, candidates of which it is unsure, after a second look."""
        if len(masks.iou_predictions) == 1 or not is_nano(self.manifest.model.name):
            return masks
        return look_again(prompt, masks, lambda p: self.answer(patch_id, p, multimask=False))

    def window(self, patch_id: PatchId) -> Window:
        """The patch in pixels of its level."""
        return self.manifest.pyramid.level(patch_id.level).window(patch_id.row, patch_id.col)

    def transform(self, patch_id: PatchId) -> Affine:
        """Pixel (x, y) of the patch to the raster's CRS."""
        return self._transform(patch_id.level, self.window(patch_id))

    def raster_in_patch(self, patch_id: PatchId) -> BoxPixel:
        """The part of the patch that the raster covers, in patch pixels.

        Not whole pixels at higher levels, where the last one may be padded in part.
        """
        return self._raster_in(patch_id.level, self.window(patch_id))

    def _transform(self, level: int, window: Window) -> Affine:
        to_level = Affine.translation(window.col_off, window.row_off)
        return self.manifest.level_affine(level) @ to_level

    def _raster_in(self, level: int, window: Window) -> BoxPixel:
        pyramid, scale = self.manifest.pyramid, 1 << level
        return BoxPixel(
            0.0,
            0.0,
            min(float(window.width), pyramid.width / scale - window.col_off),
            min(float(window.height), pyramid.height / scale - window.row_off),
        )

    def _to_ground(self, level: int, window: Window) -> Affine:
        centre = XY(window.col_off + window.width / 2, window.row_off + window.height / 2)
        return pixel_to_ground(self.manifest, XY(*((1 << level) * side for side in centre)))

    def _seeds(
        self, request: SegmentRequest, answer: Answer, prompt: PixelPrompt
    ) -> dict[int, PatchMask]:
        """The chosen masks by candidate number, 0 for the single mask; the best one first."""
        patch_id, masks = answer.patch_id, answer.masks
        # With what the user excludes in other patches.
        asked = prompt.in_window(patch_id.level, self.window(patch_id))
        chosen = sorted(_chosen(request.candidate, masks), key=lambda i: -masks.iou_predictions[i])
        has_candidates = len(masks.iou_predictions) > 1
        return {
            index + 1 if has_candidates else 0: PatchMask(
                patch_id, masks.logits[index], asked, float(masks.iou_predictions[index])
            )
            for index in chosen
        }

    def _objects(
        self,
        seeds: Mapping[int, PatchMask],
        request: SegmentRequest,
        finest: int,
        should_stop: ShouldStop | None,
    ) -> list[SegmentedObject]:
        """In the order of their candidates."""
        if request.out_crs is not None:
            require_output_crs(request.out_crs, self.manifest.raster.crs_wkt)
        deadline = time.monotonic() + self.limits.seconds
        found = []
        for candidate, seed in seeds.items():
            left_s = max(deadline - time.monotonic(), 0.0)
            limits = replace(self.limits, seconds=left_s)
            whole = self._whole(seed, request, finest, limits, should_stop)
            one = self._object(whole, candidate, seed.patch_id, request)
            if one is not None:
                found.append(one)
        return sorted(found, key=lambda one: one.candidate)

    def _whole(
        self,
        seed: PatchMask,
        request: SegmentRequest,
        finest: int,
        limits: Limits,
        should_stop: ShouldStop | None,
    ) -> WholeMask:
        level, all_parts = seed.patch_id.level, request.polygons.all_parts
        goes_on = reaches_border(seed, self.manifest.pyramid.level(level), all_parts=all_parts)
        if request.stitch and (goes_on or level > finest):
            return whole_mask(
                self, seed, limits, finest=finest, climb=request.level is None,
                exact=request.exact, all_parts=all_parts, should_stop=should_stop,
            )  # fmt: skip
        return WholeMask(
            level, self.window(seed.patch_id), seed.logits, seed.prompt, seed.score,
            patches=(seed.patch_id,), cuts=(Cut.NOT_ASKED,) if goes_on else (),
        )  # fmt: skip

    def _object(
        self, mask: WholeMask, candidate: int, patch_id: PatchId, request: SegmentRequest
    ) -> SegmentedObject | None:
        """None when nothing is left of it."""
        pixels = mask_to_pixels(
            mask.logits, request.polygons, self._raster_in(mask.level, mask.window), mask.prompt,
            self._to_ground(mask.level, mask.window) if request.polygons.right_angles else None,
        )  # fmt: skip
        if pixels.is_empty:
            return None
        transform = self._transform(mask.level, mask.window)
        raster_crs = self.manifest.raster.crs_wkt
        crs = request.out_crs or raster_crs
        geometry = to_map(pixels, transform)
        if crs is not None and raster_crs is not None:
            tolerance = OUTLINE_TOLERANCE_PX * float(np.sqrt(abs(transform.determinant)))
            geometry = to_crs(geometry, raster_crs, crs, tolerance)
        return SegmentedObject(
            geometry=geometry,
            crs=crs,
            score=mask.score,
            candidate=candidate,
            patch_id=patch_id,
            level=mask.level,
            window=mask.window,
            transform=transform,
            area_px=float(pixels.area),
            cuts=mask.cuts,
            missing=mask.missing,
        )


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
