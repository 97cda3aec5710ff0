"""What an encode is going to do, found out before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import zarr

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.location import default_cache_path
from encoder_tool.cache.lock import require_unlocked
from encoder_tool.cache.manifest import DEFAULT_DTYPE, Manifest
from encoder_tool.cache.store import FeatureCache, is_cache, open_cache
from encoder_tool.cache.verify import (
    Damage,
    damaged_flags,
    find_damage,
    sound_patches,
)
from encoder_tool.crs import extent_in_raster_crs
from encoder_tool.encode.fallback import Notice
from encoder_tool.encode.matching import require_match
from encoder_tool.encode.plan_sentences import sentences_of, why_elsewhere
from encoder_tool.encode.request import EncodeModel, EncodeRequest, RegisteredModel
from encoder_tool.encode.room import (
    DiskUsage,
    decoder_bytes,
    free_bytes,
    patch_bytes,
    require_room,
)
from encoder_tool.encode.tiles_wanted import (
    is_filled,
    most_patches_wanted,
    most_unasked,
    tiles_to_fetch,
)
from encoder_tool.errors import ExtentError, OutputError
from encoder_tool.grid import LevelGrid, Pyramid, levels_to_fit, shrink_window
from encoder_tool.raster import RasterReader, open_raster
from encoder_tool.types import PATCH_SIZE, PatchId, Remark, Window
from encoder_tool.version import version

FOCUSSED_PATCHES = 16
"""On demand the disk must hold so many patches at least: more may never be wanted."""

MAX_FOCUSSED_PATCHES = 1_000_000
"""Beyond this, a slip in the resolution is likelier than a wish."""

PatchChoice = Callable[[Manifest], Sequence[PatchId]]
"""The patches that are wanted of a cache of such a description, the most wanted first."""


class Action(Enum):
    CREATE = "create"
    RESUME = "resume"
    REPLACE = "replace"


@dataclass(frozen=True, eq=False)
class EncodePlan:
    """All that `run_encode` needs.

    patches: those that the extent and the levels select, the coarsest level first
    todo: the damaged ones, then those selected that the cache does not have
    bytes_needed, bytes_free: an upper estimate, and what the disk has
    notes: plain sentences about the raster
    most_wanted: only what a focus wants of `todo` is encoded, so many patches at once; None: all
    tiles_to_fetch: for all of `todo`, over the network; 0 where a focus decides
    """

    request: EncodeRequest
    model: EncodeModel
    path: Path
    action: Action
    manifest: Manifest
    patches: tuple[PatchId, ...]
    todo: tuple[PatchId, ...]
    damage: tuple[Damage, ...]
    bytes_needed: int
    bytes_free: int
    notes: tuple[str, ...]
    most_wanted: int | None = None
    tiles_to_fetch: int = 0

    @property
    def needs_consent(self) -> bool:
        """Whether somebody has to agree to so many tiles, and nobody has."""
        return not self.request.agreed and most_unasked(self.tiles_to_fetch) is not None

    def agreed(self) -> EncodePlan:
        """The same, with somebody's consent."""
        return replace(self, request=replace(self.request, agreed=True))

    @property
    def skipped(self) -> int:
        """Selected patches that the cache has already."""
        return len(self.patches) - len(set(self.patches) & set(self.todo))

    def why_elsewhere(self) -> Remark | None:
        """Why the default place of the cache is not beside the raster, where it is not."""
        return why_elsewhere(self)

    def sentences(self) -> list[str]:
        """What is going to happen, for people; also as `Remark`s say it to programs."""
        return sentences_of(self)


def plan_encode(
    request: EncodeRequest,
    *,
    model: EncodeModel | None = None,
    choose: PatchChoice | None = None,
    on_notice: Notice | None = None,
    disk_usage: DiskUsage = shutil.disk_usage,
) -> EncodePlan:
    """Look at raster, model, cache and disk; write nothing.

    model: in place of the one that the request names
    choose: the patches, in place of what the request's extent and levels select; somebody waits
        for them

    Raises RasterError, ModelError, UsageError, ExtentError for a request that cannot be met;
    CacheMismatchError, CacheLockedError, OutputError when the cache's place is taken by
    something else; DiskFullError when the disk cannot hold the result.
    """
    wanted = model or RegisteredModel.of(request)
    record = wanted.record()
    with open_raster(request.raster, request.bands, request.resolution) as raster:
        path = request.out or default_cache_path(request.raster, record.name)
        extent = _extent(request, raster)
        cache = _existing(path, request.restart)
        if cache is None:
            pyramid = Pyramid(
                raster.width,
                raster.height,
                levels_to_fit(raster.width, raster.height),
                stride=PATCH_SIZE - request.overlap,
            )
            quick = choose is not None or request.focus is not None
            manifest = _new_manifest(request, raster, pyramid, wanted, quick=quick)
        else:
            require_match(path, cache.manifest, request, raster, record)
            manifest = cache.manifest
        notes = tuple(raster.notes)
        most_wanted = None if is_filled(request, raster) else most_patches_wanted(raster)
        is_fetched = raster.is_fetched
    bytes_free = free_bytes(path, cache, disk_usage)
    if cache is None and choose is None:
        # Counted, not listed: a slip in the resolution asks for more than memory holds.
        selected = _selected_windows(manifest.pyramid, extent, request.levels)
        count = sum(grid.count_meeting(window) for grid, window in selected)
        bytes_needed = count * patch_bytes(manifest, cache) + decoder_bytes(manifest)
        if request.focus is None or count > MAX_FOCUSSED_PATCHES:
            require_room(path, count, bytes_needed, bytes_free)
    patches = tuple(
        select_patches(manifest.pyramid, extent, request.levels)
        if choose is None
        else choose(manifest)
    )
    damage: tuple[Damage, ...] = ()
    todo = patches
    if cache is not None:
        # On demand somebody waits, and a prompt finds damage where it meets it.
        thorough = patches if request.focus is None else ()
        damage = _find_damage(cache, thorough, on_notice)
        todo = _missing(cache, patches, damage)
        if choose is not None:  # other damaged ones become absent ones, for a later encode
            todo = tuple(patch for patch in todo if patch in patches)
        bytes_needed = len(todo) * patch_bytes(manifest, cache)
    else:
        bytes_needed = len(todo) * patch_bytes(manifest, cache) + decoder_bytes(manifest)
    tiles = 0
    if is_fetched and most_wanted is None:
        with open_raster(request.raster, manifest.bands, request.resolution) as raster:
            tiles = tiles_to_fetch(raster, manifest, todo)
    if request.focus is None:
        require_room(path, len(todo), bytes_needed, bytes_free)
    else:
        first = min(len(todo), FOCUSSED_PATCHES)
        less = (len(todo) - first) * patch_bytes(manifest, cache)
        require_room(path, first, bytes_needed - less, bytes_free)
    return EncodePlan(
        request=request,
        model=wanted,
        path=path,
        action=_action(path, cache),
        manifest=manifest,
        patches=patches,
        todo=todo,
        damage=damage,
        bytes_needed=bytes_needed,
        bytes_free=bytes_free,
        notes=notes,
        most_wanted=most_wanted,
        tiles_to_fetch=tiles,
    )


def select_patches(
    pyramid: Pyramid, extent: Window | None, levels: int | None
) -> list[PatchId]:  # fmt: skip
    """The patches that meet an extent (level-0 pixels; None: everything), coarsest level first.

    Coarsest first, because a click falls back to a coarser level: after the first patch every
    click has an answer, which then gets sharper, and all levels above 0 cost a third of it.

    levels: how many from the finest on, at most those of the pyramid; None to stop at the level
        where one patch holds the extent
    """
    selected = _selected_windows(pyramid, extent, levels)
    return [patch for grid, window in selected for patch in grid.patches_meeting(window)]


def _selected_windows(
    pyramid: Pyramid, extent: Window | None, levels: int | None
) -> list[tuple[LevelGrid, Window]]:
    """The extent in pixels of each level that is to be encoded, coarsest level first."""
    extent = extent or Window(0, 0, pyramid.width, pyramid.height)
    count = min(levels or _levels_to_hold(pyramid, extent), pyramid.levels)
    return [(pyramid.level(k), shrink_window(extent, k)) for k in reversed(range(count))]


def _levels_to_hold(pyramid: Pyramid, extent: Window) -> int:
    """How many levels until one patch holds the extent. The extent's size does not tell: a small
    one may lie across the borders of several patches. The top patch holds everything."""
    levels = range(pyramid.levels)
    return 1 + next(k for k in levels if pyramid.level(k).holds(shrink_window(extent, k)))


def _extent(request: EncodeRequest, raster: RasterReader) -> Window | None:
    if request.extent is None:
        return None
    bounds = request.extent
    # Before PROJ sees it, which takes xmin > xmax for a crossing of the 180th meridian.
    if not (bounds.xmin < bounds.xmax and bounds.ymin < bounds.ymax):
        raise ExtentError(
            "The extent is empty.", "It is given as xmin,ymin,xmax,ymax, minima first."
        )
    if request.extent_crs is not None:
        bounds = extent_in_raster_crs(bounds, request.extent_crs, raster.crs_wkt)
    return raster.extent_window(bounds)


def _existing(path: Path, restart: bool) -> FeatureCache | None:
    """The cache to go on with; None to make a new one."""
    if not path.exists():
        return None
    if not is_cache(path):
        raise OutputError(
            f"{path} exists and is not a readable feature cache; it is left as it is.",
            "Encode to another --out, or remove it yourself.",
        )
    require_unlocked(path)
    return None if restart else open_cache(path)


def _action(path: Path, cache: FeatureCache | None) -> Action:
    if cache is not None:
        return Action.RESUME
    return Action.REPLACE if path.exists() else Action.CREATE


def _new_manifest(
    request: EncodeRequest,
    raster: RasterReader,
    pyramid: Pyramid,
    model: EncodeModel,
    *,
    quick: bool,
) -> Manifest:
    a, b, c, d, e, f = tuple(raster.transform)[:6]
    return Manifest(
        raster=raster.record(quick=quick),
        bands=raster.bands,
        stretch=raster.sample_stretch(request.stretch or "auto", quick=quick),
        transform=(a, b, c, d, e, f),
        pyramid=pyramid,
        model=model.record(),
        dtype=request.dtype or DEFAULT_DTYPE,
        producer={"encoder-tool": version(), "zarr": zarr.__version__},
    )


def _find_damage(
    cache: FeatureCache, patches: Sequence[PatchId], on_notice: Notice | None
) -> tuple[Damage, ...]:
    if on_notice is not None:
        on_notice(Remark("checking", "Checking what is in the cache already."))
    return tuple(find_damage(cache, thorough=frozenset(patches)))


def _missing(
    cache: FeatureCache, patches: Sequence[PatchId], damage: Sequence[Damage]
) -> tuple[PatchId, ...]:
    """What is damaged, wherever it is, then what is selected and absent.

    Where a level's flags are damaged, the patches whose chunks are sound count as present.
    """
    lost = dict.fromkeys(d.patch for d in damage if d.patch is not None)
    flagless = damaged_flags(damage)
    sound = {patch for level in flagless for patch in sound_patches(cache, level)}
    absent = [
        patch
        for patch in patches
        if patch not in lost
        and (
            patch not in sound
            if patch.level in flagless
            else cache.state(patch) is PatchStatus.ABSENT
        )
    ]
    return (*lost, *absent)
