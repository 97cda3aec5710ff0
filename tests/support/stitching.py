"""Objects on a raster that is only made up, asked for by the oracle, and judged in pixels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

from encoder_tool.grid import Pyramid
from encoder_tool.segment import MapPrompt, SegmentedObject, Segmenter, SegmentRequest
from encoder_tool.stitch import Limits
from encoder_tool.types import XY
from tests.support.fake_cache import UTM_AFFINE, FakeCache, make_manifest
from tests.support.oracle import OracleDecoder, Outline, Shape

PATIENT = Limits(seconds=600)
"""A busy machine is no fault of the code."""


def oracle_segmenter(
    *shapes: Shape, width: int = 5000, height: int = 4000, limits: Limits = PATIENT
) -> Segmenter:
    manifest = make_manifest(width, height)
    return Segmenter(FakeCache(manifest), OracleDecoder(*shapes), limits=limits)


def on_map(*points: tuple[float, float]) -> tuple[XY, ...]:
    """Level-0 pixels in the raster's CRS."""
    return tuple(XY(*(UTM_AFFINE @ point)) for point in points)


def clicked(
    segmenter: Segmenter,
    *include: tuple[float, float],
    exclude: Iterable[tuple[float, float]] = (),
    **options: Any,
) -> SegmentedObject:
    """The one object at clicks in level-0 pixels."""
    prompt = MapPrompt(include=on_map(*include), exclude=on_map(*exclude))
    (found,) = segmenter.segment(SegmentRequest(prompt, **options)).objects
    return found


def in_pixels(geometry: shapely.Geometry) -> shapely.Geometry:
    """From the raster's CRS to level-0 pixels."""
    a, b, c, d, e, f = (~UTM_AFFINE)[:6]
    return shapely.transform(
        geometry,
        lambda xy: np.column_stack(
            [a * xy[:, 0] + b * xy[:, 1] + c, d * xy[:, 0] + e * xy[:, 1] + f]
        ),
    )


def iou(found: SegmentedObject, truth: shapely.Geometry) -> float:
    pixels = in_pixels(found.geometry)
    return float(pixels.intersection(truth).area / pixels.union(truth).area)


def road(width: float, *places: tuple[float, float]) -> Outline:
    """A strip along a line, in level-0 pixels."""
    return Outline(shapely.LineString(places).buffer(width / 2, cap_style="flat"))


def longest_run_on_border(geometry: shapely.Geometry, pyramid: Pyramid) -> float:
    """How much of an outline (level-0 pixels) lies along one border between patches, of any
    level, that is not the raster's."""
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(geometry)), return_index=True
    )
    same = ring[1:] == ring[:-1]
    starts, ends = points[:-1][same], points[1:][same]
    longest = 0.0
    for level in range(pyramid.levels):
        grid = pyramid.level(level)
        for axis, origins, end in (
            (0, grid.col_origins, grid.width),
            (1, grid.row_origins, grid.height),
        ):
            edges = {*origins, *(origin + grid.patch for origin in origins)}
            for edge in (e * 2**level for e in edges if 0 < e < end):
                near = (abs(starts[:, axis] - edge) < 1) & (abs(ends[:, axis] - edge) < 1)
                run = np.hypot(*(ends[near] - starts[near]).T).sum()
                longest = max(longest, float(run))
    return longest
