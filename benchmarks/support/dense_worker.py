"""The engine's worker, but that its polygons have 5,000 vertices: what previews cost at worst.

Started by gui_gap.py in the engine's Python.
"""

from __future__ import annotations

import dataclasses
import sys

import numpy as np
import shapely

from encoder_tool.segment import Segmenter, SegmentRequest, SegmentResult
from encoder_tool.stitch import ShouldStop
from encoder_tool.worker.__main__ import main

VERTICES = 5000


def dense(polygon: shapely.Geometry, wobble: float) -> shapely.Geometry:
    """The same outline with at least so many vertices, hardly one of which lies on a straight
    line: drawing must not get away with fewer."""
    fine = shapely.segmentize(polygon, polygon.length / VERTICES)
    # By the place alone: the last vertex of a ring moves as its first does.
    return shapely.transform(fine, lambda xy: xy + wobble * np.sin(xy[:, ::-1] * 7 / wobble))


def segment_densely(
    self: Segmenter, request: SegmentRequest, should_stop: ShouldStop | None = None
) -> SegmentResult:
    found = segment(self, request, should_stop)
    wobble = 0.2 * abs(self.manifest.affine.a)
    objects = [
        dataclasses.replace(item, geometry=dense(item.geometry, wobble)) for item in found.objects
    ]
    return dataclasses.replace(found, objects=tuple(objects))


segment = Segmenter.segment
Segmenter.segment = segment_densely

if __name__ == "__main__":
    sys.exit(main())
