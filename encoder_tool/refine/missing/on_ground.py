"""Outlines of buildings where no building is known: what the ground looks like in their shapes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely import affinity

from encoder_tool.cache.manifest import Manifest
from encoder_tool.outline import Polygonal

NEAR, FAR = 1.0, 4.0
"""How far they are moved, in diagonals of their bounds: the ground beside buildings is what they
are to be told from."""

TRIES = 10
"""For each that is wanted."""


def on_ground(
    known: npt.NDArray[np.object_], count: int, manifest: Manifest, seed: int = 0
) -> list[Polygonal]:
    """Up to `count` of the known outlines, turned and moved by the seed to where they meet none.

    known: in level-0 pixels
    """
    rng = np.random.default_rng(seed)
    tree = shapely.STRtree(known)
    raster = shapely.box(0, 0, manifest.pyramid.width, manifest.pyramid.height)
    found: list[Polygonal] = []
    for _ in range(TRIES * count):
        if len(found) == count:
            break
        outline = known[rng.integers(len(known))]
        xmin, ymin, xmax, ymax = outline.bounds
        distance = rng.uniform(NEAR, FAR) * np.hypot(xmax - xmin, ymax - ymin)
        angle = rng.uniform(0, 2 * np.pi)
        turned = affinity.rotate(outline, rng.uniform(0, 360))
        moved = affinity.translate(turned, distance * np.cos(angle), distance * np.sin(angle))
        if raster.contains(moved) and not len(tree.query(moved, predicate="intersects")):
            found.append(moved)
    return found
