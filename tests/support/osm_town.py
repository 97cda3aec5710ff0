"""A small town as OpenStreetMap has it, and changes to it as their formats' rules read them."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from encoder_tool.osm import ElementId, OsmChange, change_text, read_osm
from encoder_tool.osm.elements import Building, OsmData
from tests.support.osm_rules import Item, parsed_josm, parsed_osc

METRE = 1e-5
"""About, in degrees."""

SHED, HOUSE, HALL, COURT = (
    ElementId("way", 10), ElementId("way", 11), ElementId("way", 12), ElementId("relation", 30),
)  # fmt: skip

NODES = {
    # The shed; the house beside it has two of its nodes, and one of those is an entrance.
    1: (0, 0), 2: (10, 0), 3: (10, 8), 4: (0, 8), 5: (25, 0), 6: (25, 8),
    # A hall that a fence ends at.
    7: (40, 0), 8: (60, 0), 9: (60, 20), 10: (40, 20), 11: (70, 0),
    # A court.
    21: (0, 40), 22: (40, 40), 23: (40, 80), 24: (0, 80),
    25: (10, 50), 26: (30, 50), 27: (30, 70), 28: (10, 70), 31: (90, 0), 32: (90, 9),
}  # fmt: skip
ENTRANCE, FENCED = 3, 8


def at(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude, as the database has them."""
    return round(15.0 + x * METRE, 7), round(42.0 + y * METRE, 7)


def polygon(*corners: tuple[float, float], holes: list | None = None) -> shapely.Polygon:
    return shapely.Polygon(
        [at(*c) for c in corners], [[at(*c) for c in hole] for hole in holes or []]
    )


def way(number: int, *refs: int, **tags: str) -> str:
    nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" version="4">{nds}{_tags(tags)}</way>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def town_xml() -> str:
    nodes = "".join(
        f'<node id="{number}" version="2" lon="{at(*place)[0]}" lat="{at(*place)[1]}">'
        f"{_tags({'entrance': 'yes'}) if number == ENTRANCE else ''}</node>"
        for number, place in NODES.items()
    )
    ways = (
        way(10, 1, 2, 3, 4, 1, building="shed", name="Söller &amp; Co")
        + way(11, 2, 5, 6, 3, 2, building="house")
        + way(12, 7, 10, 9, 8, 7, building="yes")  # clockwise
        + way(13, 8, 11, barrier="fence")
        + way(20, 21, 22, 23, 24, 21) + way(21, 25, 26, 27, 28, 25)
        + way(14, 31, 999, 32, 31, building="yes")  # a node of it is not in the file
    )  # fmt: skip
    court = (
        '<relation id="30" version="7"><member type="way" ref="20" role="outer"/>'
        '<member type="way" ref="21" role="inner"/>'
        f"{_tags({'type': 'multipolygon', 'building': 'apartments'})}</relation>"
    )
    return f'<osm version="0.6" generator="test">{nodes}{ways}{court}</osm>'


@pytest.fixture(scope="module")
def town_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "town.osm"
    path.write_text(town_xml(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def town(town_file: Path) -> OsmData:
    return read_osm(town_file)


def building(town: OsmData, wanted: ElementId) -> Building:
    (found,) = [b for b in town.buildings if b.id == wanted]
    return found


def written(change: OsmChange) -> dict[tuple[str, int], Item]:
    """By the rules of both formats, which say the same."""
    josm = parsed_josm(change_text(change, ".osm"))
    osc = parsed_osc(change_text(change, ".osc"))
    changed = {key for key, item in josm.items() if item.action is not None}
    assert changed == set(osc)
    for key in changed:
        assert josm[key].tags == osc[key].tags and josm[key].refs == osc[key].refs
        assert josm[key].version == osc[key].version
    return josm
