"""Each object once: of objects of different patches or layers that cover the same, one stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import shapely

from encoder_tool.automatic.objects import FoundObject
from encoder_tool.automatic.work_file import WorkFile
from encoder_tool.types import PATCH_SIZE, BoxPixel

Tile = tuple[int, int]


class Settler:
    """Adds objects to a work file, but for those that cover the same as one that is there.

    An object that is there stays: finer layers are added first, and are preferred as sam2 prefers
    smaller crops. Of objects that are added together the better-scored one stays. What is kept in
    memory of an object is where it lies.

    threshold: IoU of the masks above which two are the same
    """

    def __init__(self, work: WorkFile, threshold: float) -> None:
        self._work = work
        self._threshold = threshold
        self._places: dict[int, tuple[BoxPixel, float]] = {}
        self._tiles: dict[Tile, list[int]] = defaultdict(list)

    def add(self, objects: Iterable[FoundObject]) -> list[FoundObject]:
        """The objects that stay, with their numbers."""
        added = []
        for candidate in sorted(objects, key=lambda found: -found.score):
            if not self._is_known(candidate):
                found = replace(candidate, number=len(self._places) + 1)
                self._learn(found)
                self._work.add_objects([found])
                added.append(found)
        return added

    def _is_known(self, candidate: FoundObject) -> bool:
        box, area = BoxPixel(*candidate.geometry.bounds), candidate.area_px
        near = {number for tile in _tiles(box) for number in self._tiles[tile]}
        for number in sorted(near):
            other_box, other_area = self._places[number]
            # Masks share at most what their boxes do, and the smaller one.
            most = min(_shared_area(box, other_box), area, other_area)
            if most / max(area, other_area) > self._threshold:
                known = self._work.object(number).geometry
                common = shapely.intersection(candidate.geometry, known).area
                if common / (area + other_area - common) > self._threshold:
                    return True
        return False

    def _learn(self, found: FoundObject) -> None:
        box = BoxPixel(*found.geometry.bounds)
        self._places[found.number] = box, found.area_px
        for tile in _tiles(box):
            self._tiles[tile].append(found.number)


def _tiles(box: BoxPixel) -> Iterator[Tile]:
    """The squares of a patch's size that a box of level-0 pixels meets."""
    left, top, right, bottom = (int(side // PATCH_SIZE) for side in box)
    for row in range(top, bottom + 1):
        for col in range(left, right + 1):
            yield row, col


def _shared_area(one: BoxPixel, other: BoxPixel) -> float:
    width = min(one.xmax, other.xmax) - max(one.xmin, other.xmin)
    height = min(one.ymax, other.ymax) - max(one.ymin, other.ymin)
    return max(width, 0.0) * max(height, 0.0)
