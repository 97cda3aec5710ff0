"""What is still to be encoded, in the order in which it is wanted."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from encoder_tool.cache.manifest import Manifest
from encoder_tool.grid import Pyramid
from encoder_tool.locate import level_of_box, level_of_pixel_size, patches_holding
from encoder_tool.types import BoxPixel, Focus, PatchId


class Agenda:
    """Patches that are to be encoded; taken from the front, and put in another order at will."""

    def __init__(self, manifest: Manifest, patches: Iterable[PatchId]) -> None:
        self._manifest = manifest
        self._left = deque(patches)

    def __len__(self) -> int:
        return len(self._left)

    def take(self) -> PatchId:
        """The next patch, which is on the agenda no more; raises IndexError when it is empty."""
        return self._left.popleft()

    def upcoming(self, count: int) -> list[PatchId]:
        """The next patches, at most `count`."""
        return list(islice(self._left, count))

    def refocus(self, focus: Focus) -> PatchId:
        """Put what is left in the order in which `focus` wants it; returns `focus_patch`."""
        wanted = focus_patch(self._manifest, focus)
        self._left = deque(by_focus(self._manifest, self._left, focus))
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


def _reach(manifest: Manifest, focus: Focus) -> BoxPixel:
    """The focus in level-0 pixels, clipped to the raster."""
    if focus.bounds is not None:
        xmin, ymin, xmax, ymax = focus.bounds
        corners = [(x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    else:
        assert focus.point is not None
        corners = [(focus.point.x, focus.point.y)]
    pixels = np.array([~manifest.affine @ corner for corner in corners])
    pixels = np.clip(pixels, 0, (manifest.pyramid.width, manifest.pyramid.height))
    return BoxPixel(*pixels.min(axis=0).tolist(), *pixels.max(axis=0).tolist())


def _level(manifest: Manifest, focus: Focus, reach: BoxPixel) -> int:
    if focus.level is not None:
        return min(max(focus.level, 0), manifest.pyramid.levels - 1)
    if focus.pixel_size is not None:
        return level_of_pixel_size(focus.pixel_size, manifest)
    return 0 if focus.bounds is None else level_of_box(reach, manifest.pyramid)
