"""Segmenting everything: patch by patch, row by row, layer by layer.

In memory there are the masks of the rows of patches that the next one can meet, a few prepared
patches, and where each object lies; everything else goes into the work file. So the memory grows
with the raster's width, and hardly with its height.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import shapely

from encoder_tool.automatic.blending import JoinedMask, logits_by_patch
from encoder_tool.automatic.cells import in_cells, in_pixels
from encoder_tool.automatic.joining import CutObject, Joiner
from encoder_tool.automatic.layers import Layer
from encoder_tool.automatic.objects import AutomaticRequest, FoundObject
from encoder_tool.automatic.patch_masks import find_patch_masks
from encoder_tool.automatic.settling import Settler
from encoder_tool.automatic.sieve import Sieve
from encoder_tool.automatic.work_file import WorkFile
from encoder_tool.cache.manifest import Manifest
from encoder_tool.errors import Cancelled
from encoder_tool.locate import pixel_to_ground
from encoder_tool.model.seam import PromptDecoder
from encoder_tool.outline import Polygonal, mask_to_pixels
from encoder_tool.segment import Segmenter
from encoder_tool.stitch import Cut, Limits, PatchMask, whole_mask
from encoder_tool.types import LOGIT_CELL, XY, BoxPixel, PatchId, Prompt

PREPARED_BYTES = 128 << 20
"""Patches that are kept prepared: neighbours are asked again for objects that a border cuts."""

FOLLOW = Limits(patches=24, seconds=math.inf)
"""How far such an object is followed; not by the clock, or a run that goes on would differ."""


@dataclass(frozen=True, slots=True)
class AutomaticProgress:
    """How far a run has come: patches of all layers, and objects so far."""

    done: int
    total: int
    objects: int


ProgressCallback = Callable[[AutomaticProgress], None]
FoundCallback = Callable[[Sequence[FoundObject]], None]
StopCallback = Callable[[], bool]


def run_signature(manifest: Manifest, request: AutomaticRequest) -> str:
    """What the masks of patches depend on, as text: a run goes on only with its like."""
    described = {
        "cache": manifest.to_attributes(),
        "parameters": asdict(request.parameters),
        "level": request.level,
        "all_parts": request.polygons.all_parts,
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


class AutomaticRun:
    """One run over the layers of a raster.

    decoder: None for the one that the cache carries
    on_progress: told after each patch; on_found: told of objects as they are settled
    should_stop: asked before each patch
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        request: AutomaticRequest,
        sieve: Sieve,
        work: WorkFile,
        *,
        decoder: PromptDecoder | None = None,
        on_progress: ProgressCallback,
        on_found: FoundCallback,
        should_stop: StopCallback,
    ) -> None:
        self._layers = layers
        self._request = request
        self._sieve = sieve
        self._work = work
        self._decoder = decoder
        self._on_progress = on_progress
        self._on_found = on_found
        self._should_stop = should_stop
        self._settler = Settler(work, request.parameters.crop_nms_thresh)
        self._done = 0
        self._objects = 0

    def run(self) -> None:
        """Find everything; the objects are in the work file afterwards.

        Raises Cancelled, CacheDamagedError, and CacheError for a cache that is gone or was
        replaced; what was found by then is kept.
        """
        for layer in self._layers:
            segmenter = Segmenter(layer.source, self._decoder, PREPARED_BYTES)
            joiner = Joiner(layer.grid, frozenset(layer.patches), layer.is_encoded)
            for patch in layer.patches:
                self._look_at(layer, patch, segmenter, joiner)
                finished = joiner.take_finished(patch)
                followed = (self._followed(cut, layer, segmenter) for cut in finished.cut)
                self._settle(layer, finished.whole + [mask for mask in followed if mask])
            layer.source.refresh()

    def _look_at(
        self, layer: Layer, patch: PatchId, segmenter: Segmenter, joiner: Joiner
    ) -> None:  # fmt: skip
        if self._should_stop():
            raise self._stopped()
        layer.source.refresh()  # of another cache in its place, nothing is taken
        if self._work.masks(layer.number, patch) is None:
            self._find_masks(layer, patch, segmenter)
        # Read back also when they are new: a run that goes on has to meet the same.
        joiner.feed(patch, self._work.masks(layer.number, patch) or [])
        self._done += 1
        self._on_progress(AutomaticProgress(self._done, self._total, self._objects))

    def _stopped(self) -> Cancelled:
        return Cancelled(
            f"Stopped: {self._done} of {self._total} patches are done.",
            "Run the same command again to go on.",
        )

    @property
    def _total(self) -> int:
        return sum(len(layer.patches) for layer in self._layers)

    def _find_masks(self, layer: Layer, patch: PatchId, segmenter: Segmenter) -> None:
        parameters = self._request.parameters
        masks = find_patch_masks(
            segmenter.decoder,
            segmenter.prepare(patch),
            parameters,
            parameters.points_of_layer(layer.number),
            segmenter.raster_in_patch(patch),
            all_parts=self._request.polygons.all_parts,
        )
        self._work.keep_masks(layer.number, patch, masks)

    def _followed(self, cut: CutObject, layer: Layer, segmenter: Segmenter) -> JoinedMask | None:
        """The object that a patch's border cuts, by asking the neighbours that have no mask of it
        for the rest. None for a piece of which they are not sure, as sam2 leaves out what the
        border of a crop cuts."""
        first = cut.fragments[0]
        origin = in_pixels(first.cells)
        points = cut.joined.points - np.array([origin.col_off, origin.row_off], np.float64)
        known = logits_by_patch(cut.fragments)
        seed = PatchMask(
            patch_id=first.patch,
            logits=known.pop(first.patch),
            prompt=Prompt(points, np.ones(len(points), np.int64)),
            score=cut.joined.score,
        )
        try:
            whole = whole_mask(
                segmenter, seed, FOLLOW, climb=False, known=known,
                all_parts=self._request.polygons.all_parts, should_stop=self._should_stop,
            )  # fmt: skip
        except Cancelled:
            raise self._stopped() from None
        if cut.is_piece and Cut.UNSURE in whole.cuts:
            return None
        return replace(cut.joined, logits=whole.logits, window=in_cells(whole.window))

    def _settle(self, layer: Layer, masks: Sequence[JoinedMask]) -> None:
        """Make objects of masks, keep those that are wanted and new, and tell of them."""
        candidates = []
        for mask in masks:
            geometry = self._outline(layer, mask)
            if not geometry.is_empty and self._sieve.keeps(geometry):
                candidates.append(
                    FoundObject(
                        number=0,
                        geometry=geometry,
                        score=mask.score,
                        stability=mask.stability,
                        level=self._request.level - layer.number,
                        object_class=self._sieve.class_of(geometry),
                        made_of=tuple(
                            f"{layer.number}.{patch.row}.{patch.col}.{order}"
                            for patch, order in mask.made_of
                        ),
                    )
                )
        added = self._settler.add(candidates)
        self._objects += len(added)
        if added:
            self._on_found(added)

    def _outline(self, layer: Layer, mask: JoinedMask) -> Polygonal:
        """A joined mask in level-0 pixels."""
        pyramid, scale = self._layers[-1].source.manifest.pyramid, layer.scale
        left, top = LOGIT_CELL * mask.window.col_off, LOGIT_CELL * mask.window.row_off
        raster = BoxPixel(-left, -top, pyramid.width / scale - left, pyramid.height / scale - top)
        origin = np.array([left, top], np.float64)
        points = mask.points - origin
        prompt = Prompt(points, np.ones(len(points), np.int64))
        options, to_ground = self._request.polygons, None
        if options.right_angles:
            middle = scale * mask.points.mean(axis=0)
            to_ground = pixel_to_ground(self._layers[-1].source.manifest, XY(*middle))
        pixels = mask_to_pixels(mask.logits, options, raster, prompt, to_ground)
        return shapely.transform(pixels, lambda xy: scale * (xy + origin))
