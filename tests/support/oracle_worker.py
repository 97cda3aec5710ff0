"""The engine's worker, but that it knows the truth: what it finds in any cache are given shapes.

    python oracle_worker.py [--gate FILE] WKT…

WKT: polygons in pixels of the raster
FILE: encodes wait for it before their second patch
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import shapely

# At the end: the engine is the one that is to be tested.
sys.path.append(str(Path(__file__).resolve().parents[2]))

from encoder_tool import segment
from encoder_tool.cache.store import FeatureCache
from encoder_tool.types import Features, PatchId
from encoder_tool.worker.__main__ import main
from tests.support.held_encode import hold_patch
from tests.support.oracle import OracleDecoder, Outline


def told_place(cache: FeatureCache, patch: PatchId) -> Features:
    """Which patch it is, in place of what is seen in it."""
    window = cache.pyramid.level(patch.level).window(patch.row, patch.col)
    told = np.array([[[patch.level, window.col_off, window.row_off]]], np.float32)
    return Features(told, told, told)


def see(*shapes: shapely.Polygon) -> None:
    """Have this process find these, wherever it looks."""
    FeatureCache.load = told_place
    segment._decoder_of = lambda _cache: OracleDecoder(*map(Outline, shapes))


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[0] == "--gate":
        hold_patch(2, Path(given[1]).exists)
        del given[:2]
    see(*map(shapely.from_wkt, given))
    sys.argv[1:] = []
    sys.exit(main())
