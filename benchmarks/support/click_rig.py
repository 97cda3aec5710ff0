"""A model with its cache, asked in all the ways that the benchmarks of clicking compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from benchmarks.support.asked_prompts import on_map
from benchmarks.support.clicked_patch import ModelChoice, ShapedDecoder, Shapes
from benchmarks.support.worker_client import WorkerClient
from encoder_tool.cache.store import FeatureCache
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.seam import PatchState, PromptDecoder
from encoder_tool.polygons import DEFAULT_OPTIONS, PolygonOptions, mask_to_polygon
from encoder_tool.prompts import MapPrompt
from encoder_tool.segment import Segmenter, SegmentRequest
from encoder_tool.types import Features, Masks, PatchId, Prompt

WARM = PatchId(0, 0, 0)
"""The patch that stays prepared."""

EVERYTHING = PolygonOptions(simplify_px=0, min_area_px=0, min_hole_px=0, all_parts=True)


class Rig:
    """shapes: of buildings, to take the place of seeded weights' noise; None to keep what the
    model finds."""

    def __init__(
        self,
        choice: ModelChoice,
        cache: FeatureCache,
        shapes: Shapes | None,
        worker: WorkerClient,
        threads: int,
    ) -> None:
        self.choice = choice
        self.cache = cache
        self.worker = worker
        self._plain = OnnxDecoder(
            cache.decoder_graphs(), cache.manifest.model.stability, threads
        )  # fmt: skip
        self._decoder: PromptDecoder = (
            self._plain if shapes is None else ShapedDecoder(self._plain, shapes)
        )
        self._segmenter = Segmenter(cache, self._decoder)
        # Keeps no patch but the latest.
        self._forgetful = Segmenter(cache, self._decoder, memory_bytes=0)
        self.state: PatchState = self._plain.prepare(cache.load(WARM))
        self.transform = self._segmenter.transform(WARM)

    @property
    def name(self) -> str:
        return self.choice.name

    def engine(self, prompt: Prompt) -> shapely.Geometry:
        """The polygon by the engine's API, the patch being prepared."""
        if prompt.mask_logits is None:
            return self._segment(self._segmenter, prompt, WARM)
        # No request has a mask: it goes in where the engine's own refinement does.
        return self._polygon(self._segmenter.decode_patch(WARM, [prompt])[0], prompt)

    def whole_mask(self, prompt: Prompt) -> shapely.Geometry:
        """As `engine`, but with all that upstream's masks have, strays and specks too."""
        if prompt.mask_logits is None:
            return self._segment(self._segmenter, prompt, WARM, EVERYTHING)
        return self._polygon(self._segmenter.decode_patch(WARM, [prompt])[0], prompt, EVERYTHING)

    def engine_cold(self, prompt: Prompt, patch: PatchId) -> shapely.Geometry:
        """The same from a patch that is on disk; each time another one."""
        return self._segment(self._forgetful, prompt, patch)

    def ask_worker(self, prompt: Prompt, patch: PatchId = WARM) -> dict[str, Any]:
        """What the worker says to `predict`, over the protocol."""
        placed = on_map(prompt, self._segmenter.transform(patch))
        return self.worker.ask("predict", cache=str(self.cache.path), level=0, **_params(placed))

    def load(self, patch: PatchId) -> Features:
        return self.cache.load(patch)

    def prepare(self, features: Features) -> PatchState:
        return self._plain.prepare(features)

    def decode(self, prompts: Sequence[Prompt], *, multimask: bool | None = None) -> list[Masks]:
        """What the model finds, never shapes."""
        return self._plain.decode(self.state, prompts, multimask=multimask)

    def decode_to_polygons(self, prompts: Sequence[Prompt]) -> list[shapely.Geometry]:
        answers = self._decoder.decode(self.state, prompts)
        return [self._polygon(*pair) for pair in zip(answers, prompts, strict=True)]

    def _polygon(
        self, masks: Masks, prompt: Prompt, options: PolygonOptions = DEFAULT_OPTIONS
    ) -> shapely.Geometry:
        best = masks.logits[masks.best]
        return mask_to_polygon(best, self.transform, options, prompt=prompt)

    def _segment(
        self,
        segmenter: Segmenter,
        prompt: Prompt,
        patch: PatchId,
        options: PolygonOptions = DEFAULT_OPTIONS,
    ) -> shapely.Geometry:
        placed = on_map(prompt, segmenter.transform(patch))
        request = SegmentRequest(placed, level=0, polygons=options)
        result = segmenter.segment(request)
        if result.patch_id != patch:
            raise RuntimeError(f"{result.patch_id} answered in place of {patch}.")
        return result.objects[0].geometry


def _params(prompt: MapPrompt) -> dict[str, Any]:
    """As parameters of `predict`."""
    found: dict[str, Any] = {
        "include": [list(place) for place in prompt.include],
        "exclude": [list(place) for place in prompt.exclude],
        "box": None if prompt.box is None else list(prompt.box),
    }
    return {name: value for name, value in found.items() if value}
