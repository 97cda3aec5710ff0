"""Requests for tiles from the server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from encoder_tool.tiles import TilesRequest, TilesSummary, plan_tiles, run_tiles
from encoder_tool.tiles.store import TILES_VARIABLE
from encoder_tool.tiles.web_client import Patience
from encoder_tool.types import BoundsMap
from tests.support.tile_server import TileServer, tile_server

ZOOM = 14
BBOX = BoundsMap(15.001, 41.993, 15.052, 42.021)
"""Four columns and three rows of tiles, cut within tiles on all sides."""

QUICK = Patience(attempts=3, first_wait_s=0.01, silence_s=5.0, whole_s=10.0)


@pytest.fixture
def tile_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TileServer]:
    """A tile server, and a cache of tiles that is empty."""
    monkeypatch.setenv(TILES_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with tile_server() as running:
        yield running


def asked(source: str, out: Path, **changes: object) -> TilesRequest:
    values: dict[str, object] = {"bbox": BBOX, "zoom": ZOOM, "source": source, "out": out}
    return TilesRequest(**{**values, **changes})  # type: ignore[arg-type]


def make(
    request: TilesRequest,
    patience: Patience = QUICK,
    should_stop: Callable[[], bool] = lambda: False,
) -> TilesSummary:
    return run_tiles(
        plan_tiles(request, patience), lambda stage, done, total: None, should_stop, patience
    )
