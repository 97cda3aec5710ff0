"""Masks of overlapping patches that are one object, joined by how they agree in the overlap.

Logit cells of neighbouring patches coincide, so two masks are compared cell by cell where both
patches look. Those that agree are one object. What a patch's border cuts, and the neighbour beyond
has no mask of, is told apart: the neighbour has to be asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from encoder_tool.automatic.blending import JoinedMask, blend
from encoder_tool.automatic.cells import in_cells, in_pixels, placed, shared
from encoder_tool.automatic.fragment import Fragment, agreement, shared_part
from encoder_tool.automatic.patch_masks import FoundMask
from encoder_tool.grid import LevelGrid
from encoder_tool.types import LOGIT_CELL, BoolArray, PatchId, Window

LEAST_AGREEMENT = 0.5
"""From here on, two masks are one object."""

AGREEMENT_STEPS = 20
"""Agreements that differ by less than a step count as equal: of a part and a whole that look
the same in the overlap, wholes go with wholes."""

APART = 0.1
"""Two masks of one patch are both parts of an object only if they share at most this much of the
smaller one: else one is a part of the other, and stays an object of its own."""

MOST_CUT = 0.5
"""An object of whose cells at patch borders more than this share is continued nowhere is but a
piece."""


@dataclass(eq=False)
class Component:
    """Masks that are one object; several of one patch are disjoint parts of it.

    last: the last patch that one of them can meet
    """

    fragments: list[Fragment]
    last: PatchId

    def can_take(self, other: Component) -> bool:
        """Whether no two masks of one patch would be joined of which one is part of the other."""
        return not any(
            mine.patch == theirs.patch and shared_part(mine, theirs) > APART
            for mine in self.fragments
            for theirs in other.fragments
        )


class CutObject(NamedTuple):
    """An object that goes on where a patch looks that has no mask of it.

    fragments: its masks, the largest first; joined: what they are together
    is_piece: most of what borders cut of it is continued nowhere
    """

    fragments: list[Fragment]
    joined: JoinedMask
    is_piece: bool


class Finished(NamedTuple):
    """Objects that no later patch can add to, in the order in which they were begun."""

    whole: list[JoinedMask]
    cut: list[CutObject]


@dataclass
class Joiner:
    """A strategy: `feed` it the masks of patch after patch, row by row; `take_finished` gives
    the objects that no later patch can add to. It keeps the masks that a later patch can meet,
    and those joined to them.

    grid: of the level; present: the patches that are going to be fed
    is_encoded: of any patch of the level, whether it can be asked where an object goes on
    """

    grid: LevelGrid
    present: frozenset[PatchId]
    is_encoded: Callable[[PatchId], bool]
    _live: dict[PatchId, list[Fragment]] = field(default_factory=dict)
    _component_of: dict[Fragment, Component] = field(default_factory=dict)
    _components: dict[Component, None] = field(default_factory=dict)

    def feed(self, patch: PatchId, masks: Iterable[FoundMask]) -> None:
        """Join the masks of a patch to those that agree with them in its earlier neighbours."""
        fragments = [Fragment.of(mask, self.grid, patch, order) for order, mask in enumerate(masks)]
        for fragment in fragments:
            component = Component([fragment], self._last_patch_meeting(fragment))
            self._component_of[fragment] = component
            self._components[component] = None
        pairs = [
            (likeness, mine, theirs)
            for mine, theirs in self._meeting(patch, fragments)
            if (likeness := agreement(mine, theirs)) >= LEAST_AGREEMENT
        ]
        for _, mine, theirs in sorted(pairs, key=_best_first):
            self._join(self._component_of[theirs], self._component_of[mine])
        self._live[patch] = fragments

    def _last_patch_meeting(self, fragment: Fragment) -> PatchId:
        meeting = self.grid.patches_meeting(in_pixels(fragment.reach))
        return max((patch for patch in meeting if patch in self.present), default=fragment.patch)

    def _meeting(
        self, patch: PatchId, fragments: Sequence[Fragment]
    ) -> Iterator[tuple[Fragment, Fragment]]:
        """Each of a patch's masks with each earlier one that lies where both patches look."""
        cells = in_cells(self.grid.window(patch.row, patch.col))
        for neighbour, others in self._live.items():
            other_cells = in_cells(self.grid.window(neighbour.row, neighbour.col))
            if shared(cells, other_cells) is None:
                continue
            seen_there = [mine for mine in fragments if shared(mine.reach, other_cells)]
            for theirs in others:
                if shared(theirs.reach, cells):
                    for mine in seen_there:
                        yield mine, theirs

    def _join(self, one: Component, other: Component) -> None:
        if one is other or not one.can_take(other):
            return
        one.fragments += other.fragments
        one.last = max(one.last, other.last)
        for fragment in other.fragments:
            self._component_of[fragment] = one
        del self._components[other]

    def take_finished(self, patch: PatchId) -> Finished:
        """What no patch after this one, which was just fed, can add to."""
        finished = [component for component in self._components if component.last <= patch]
        for component in finished:
            del self._components[component]
            for fragment in component.fragments:
                del self._component_of[fragment]
        live = {
            fed: [fragment for fragment in fragments if fragment in self._component_of]
            for fed, fragments in self._live.items()
        }
        self._live = {fed: fragments for fed, fragments in live.items() if fragments}
        overlap = (self.grid.patch - self.grid.stride) // LOGIT_CELL
        result = Finished([], [])
        for component in finished:
            joined, open_share = blend(component.fragments, overlap), self._open_share(component)
            if open_share:
                largest_first = sorted(component.fragments, key=lambda f: -f.mask.area_px)
                result.cut.append(CutObject(largest_first, joined, open_share > MOST_CUT))
            else:
                result.whole.append(joined)
        return result

    def _open_share(self, component: Component) -> float:
        """Of the cells where patch borders cut the object and another patch looks too, how many
        are in none of the other patches that have a mask of it."""
        cut, open_ends = 0, 0
        patches = list(dict.fromkeys(fragment.cells for fragment in component.fragments))
        for fragment in component.fragments:
            if fragment.at_border.any():
                others = [cells for cells in patches if cells != fragment.cells]
                continued = _seen(fragment, others)
                seen = continued | _seen(fragment, self._neighbours(fragment.cells))
                cut += int(np.count_nonzero(seen))
                open_ends += int(np.count_nonzero(seen & ~continued))
        return open_ends / cut if cut else 0.0

    def _neighbours(self, cells: Window) -> list[Window]:
        """The other patches that are encoded and overlap one, all in cells. They need not be among
        those that are fed: an object may reach beyond what is looked at."""
        meeting = self.grid.patches_meeting(in_pixels(cells))
        encoded = [self.grid.window(p.row, p.col) for p in meeting if self.is_encoded(p)]
        return [window for window in map(in_cells, encoded) if window != cells]


def _best_first(pair: tuple[float, Fragment, Fragment]) -> tuple[int, int]:
    likeness, mine, theirs = pair
    return -round(likeness * AGREEMENT_STEPS), -(mine.mask.area_px + theirs.mask.area_px)


def _seen(fragment: Fragment, patches: Sequence[Window]) -> BoolArray:
    """The cells at which its patch's border cuts the mask that lie in one of other patches."""
    seen = np.zeros_like(fragment.at_border)
    for patch in patches:
        whole = np.ones((patch.height, patch.width), np.bool_)
        seen |= placed(whole, patch, fragment.reach, fill=False)
    return seen & fragment.at_border
