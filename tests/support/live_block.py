"""A block of web tiles that is encoded on demand, and what is wished of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from encoder_tool.encode import EncodeProgress
from encoder_tool.tiles import live_tiles
from encoder_tool.tiles.web_mercator import Tile
from encoder_tool.types import BoundsMap, Focus, PatchId
from tests.support.tile_blocks import ZOOM, X, Y, place, write_block
from tests.support.tile_requests import QUICK
from tests.support.tile_server import Reply, TileServer, tile_png


@pytest.fixture
def block(tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """4096 pixels: 5 x 5 patches at level 0, 3 x 3 at level 1, one at level 2."""
    monkeypatch.setattr(live_tiles, "LIVE_PATIENCE", QUICK)
    return write_block(tmp_path / "b.tiles.json", tile_site.template)


@dataclass
class Wishes:
    """A `Steering`; `told` is called with every report, and `idle` when all that is wanted is
    there and the encode waits."""

    focus: Focus | None = None
    held_s: float = 0.0
    reports: list[EncodeProgress] = field(default_factory=list)
    told: Callable[[EncodeProgress], None] = lambda _: None
    stopped: bool = False

    def __call__(self, report: EncodeProgress) -> None:
        self.reports.append(report)
        self.told(report)

    def should_stop(self) -> bool:
        return self.stopped

    @property
    def order(self) -> list[PatchId]:
        return [patch for report in self.reports for patch in report.committed]


def looking(left: float, top: float, right: float, bottom: float, **where: object) -> Focus:
    """At a part of the block, in pixels, from its middle on."""
    xmin, ymax = place(left, top)
    xmax, ymin = place(right, bottom)
    point = place((left + right) / 2, (top + bottom) / 2)
    return Focus(point=point, extent=BoundsMap(xmin, ymin, xmax, ymax), **where)  # type: ignore[arg-type]


def fill_tiles(*patches: PatchId) -> set[Tile]:
    """The tiles that patches at multiples of 768 pixels meet."""
    found = set()
    for level, row, col in patches:
        x, y = (X >> level) + 3 * col, (Y >> level) + 3 * row
        found |= {Tile(ZOOM - level, x + i, y + j) for i in range(4) for j in range(4)}
    return found


def failing(*bad: Tile) -> Callable[[Tile, int], Reply]:
    return lambda tile, nth: Reply(500) if tile in bad else Reply(body=tile_png(tile))
