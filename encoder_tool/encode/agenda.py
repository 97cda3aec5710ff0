"""What is still to be encoded, in the order in which it is wanted."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import islice
from math import ceil, floor

import numpy as np

from encoder_tool.cache.manifest import Manifest
from encoder_tool.grid import Pyramid, shrink_window
from encoder_tool.locate import level_of_box, level_of_pixel_size, patches_holding
from encoder_tool.types import BoundsMap, BoxPixel, Focus, PatchId, Window


class Agenda:
    """Patches that are to be encoded; taken from the front, and put in another order at will.

    most_wanted: then only what the focus wants is on the agenda, so many patches at most: its own,
        and those of the level that meet its extent. None: everything, outward from the focus
    taken: how many were taken, and not put off
    """

    def __init__(
        self, manifest: Manifest, patches: Iterable[PatchId], most_wanted: int | None = None
    ) -> None:
        self._manifest = manifest
        self._most_wanted = most_wanted
        self._left = dict.fromkeys(patches)
        self._next = deque(self._left if most_wanted is None else ())
        self._put_off: set[PatchId] = set()
        self.taken = 0

    def __len__(self) -> int:
        return len(self._next)

    @property
    def may_grow(self) -> bool:
        """Whether another focus may put more on it."""
        return self._most_wanted is not None and bool(self._left)

    def take(self) -> PatchId:
        """The next patch, which is on the agenda no more; raises IndexError when it is empty."""
        patch = self._next.popleft()
        del self._left[patch]
        self.taken += 1
        return patch

    def put_back(self, patch: PatchId) -> None:
        """What was taken last was not encoded: it comes next."""
        self._left[patch] = None
        self._next.appendleft(patch)
        self.taken -= 1

    def put_off(self, patch: PatchId) -> None:
        """What was taken cannot be encoded now: it comes again only as a focus' own patch."""
        self._left[patch] = None
        self._put_off.add(patch)
        self.taken -= 1

    def upcoming(self, count: int) -> list[PatchId]:
        """The next patches, at most `count`."""
        return list(islice(self._next, count))

    def refocus(self, focus: Focus) -> PatchId:
        """Put what is left in the order in which `focus` wants it; returns `focus_patch`."""
        wanted = focus_patch(self._manifest, focus)
        ordered = by_focus(self._manifest, self._left, focus)
        if self._most_wanted is not None:
            seen = _seen(self._manifest, focus, wanted.level)
            ordered = [patch for patch in ordered if patch == wanted or patch in seen]
            ordered = ordered[: self._most_wanted]
        self._next = deque(p for p in ordered if p == wanted or p not in self._put_off)
        return wanted


def focus_patch(manifest: Manifest, focus: Focus) -> PatchId:
    """The patch that would answer a prompt at the focus if everything were encoded."""
    pyramid, reach = manifest.pyramid, _reach(manifest, focus)
    for level in range(_level(manifest, focus, reach), pyramid.levels):
        holders = patches_holding(pyramid.level(level), reach)
        if holders:
            return holders[0]
    return PatchId(pyramid.levels - 1, 0, 0)  # it holds the raster


def by_focus(manifest: Manifest, patches: Iterable[PatchId], focus: Focus) -> list[PatchId]:
    """Patches in the order in which `focus` wants them.

    The level of `focus_patch` first, then coarser ones, then finer ones: as prompts look for
    another level. Within a level the patch that a prompt there would use, then outward.
    """
    wanted = focus_patch(manifest, focus).level
    levels = [*range(wanted, manifest.pyramid.levels), *range(wanted - 1, -1, -1)]
    reach = _reach(manifest, focus)
    by_level: dict[int, list[PatchId]] = defaultdict(list)
    for patch in patches:
        by_level[patch.level].append(patch)
    return [
        patch
        for level in levels
        if level in by_level
        for patch in _outward(manifest.pyramid, level, by_level[level], reach)
    ]


def _outward(
    pyramid: Pyramid, level: int, patches: Sequence[PatchId], reach: BoxPixel
) -> list[PatchId]:
    """Patches of one level by the distance of their centres from that of `reach`."""
    grid, scale = pyramid.level(level), 1 << level
    address = np.array(patches)
    middle = np.array([reach.xmin + reach.xmax, reach.ymin + reach.ymax]) / (2 * scale)
    left = np.array(grid.col_origins)[address[:, 2]]
    top = np.array(grid.row_origins)[address[:, 1]]
    centre = np.column_stack([left, top]) + grid.patch / 2
    distance = np.hypot(*(centre - middle).T)
    # Not always the nearest: towards the raster's own border there is no border to keep off.
    for best in patches_holding(grid, reach)[:1]:
        distance[(address == best).all(axis=1)] = -1
    return [patches[at] for at in np.argsort(distance, kind="stable")]


def _seen(manifest: Manifest, focus: Focus, level: int) -> set[PatchId]:
    """The patches of a level that meet the extent of a focus, if it has one on the raster."""
    if focus.extent is None:
        return set()
    xmin, ymin, xmax, ymax = _in_pixels(manifest, focus.extent)
    left, top, right, bottom = floor(xmin), floor(ymin), ceil(xmax), ceil(ymax)
    if left >= right or top >= bottom:
        return set()
    window = Window(left, top, right - left, bottom - top)
    return set(manifest.pyramid.level(level).patches_meeting(shrink_window(window, level)))


def _reach(manifest: Manifest, focus: Focus) -> BoxPixel:
    """The focus in level-0 pixels, clipped to the raster."""
    if focus.bounds is not None:
        return _in_pixels(manifest, focus.bounds)
    assert focus.point is not None
    return _in_pixels(manifest, BoundsMap(*focus.point, *focus.point))


def _in_pixels(manifest: Manifest, bounds: BoundsMap) -> BoxPixel:
    """Bounds in level-0 pixels, clipped to the raster."""
    xmin, ymin, xmax, ymax = bounds
    corners = [(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    pixels = np.array([~manifest.affine @ corner for corner in corners])
    pixels = np.clip(pixels, 0, (manifest.pyramid.width, manifest.pyramid.height))
    return BoxPixel(*pixels.min(axis=0).tolist(), *pixels.max(axis=0).tolist())


def _level(manifest: Manifest, focus: Focus, reach: BoxPixel) -> int:
    if focus.level is not None:
        return min(max(focus.level, 0), manifest.pyramid.levels - 1)
    if focus.pixel_size is not None:
        return level_of_pixel_size(focus.pixel_size, manifest)
    return 0 if focus.bounds is None else level_of_box(reach, manifest.pyramid)
