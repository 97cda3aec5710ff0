"""What `segment` makes of a mask: its candidates, parts, holes and score, whatever the model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from encoder_tool.crs import transform_points
from tests.support.cli import run_apart, run_here
from tests.support.rasters import NORTH_UP, UTM_33N
from tests.support.told_cache import (
    HOLE_PX,
    PART_PX,
    RING_PX,
    SINGLE_PX,
    STRAY_PX,
    TOLD_PX,
    WHOLE_PX,
)

CENTRE = NORTH_UP @ TOLD_PX
CLICK = f"{CENTRE[0]},{CENTRE[1]}"

HIGH, LOW = "1", "2"
"""Candidates, by their scores."""


@pytest.fixture(scope="module")
def cache(told_cache: Path) -> Path:
    return told_cache


def disc_px(radius: float) -> object:
    """A disc's area, as near as an outline on cells of 4 pixels comes to it."""
    return pytest.approx(np.pi * radius**2, rel=0.02)


def found_px(capsys: pytest.CaptureFixture[str], *words: str | Path) -> float:
    """The area of the one object that `segment` finds."""
    (found,) = json.loads(run_here(capsys, "-q", "segment", *words, "--json").out)["objects"]
    area: float = found["area_px"]
    return area


def test_geojson_on_stdout_is_all_that_is_there(cache: Path) -> None:
    done = run_apart("segment", cache, "--include", CLICK, "--candidate", "all", "--out", "-")
    collection = json.loads(done.out)
    assert collection["type"] == "FeatureCollection"
    assert [f["properties"]["candidate"] for f in collection["features"]] == [1, 2, 3]
    part, ring, whole = shapely.from_geojson(done.out).geoms
    assert part.area / whole.area == pytest.approx((PART_PX / WHOLE_PX) ** 2, rel=0.02)
    assert [len(shapely.get_rings(found)) for found in (part, ring, whole)] == [1, 2, 1]
    ((longitude, latitude),) = transform_points(np.array([CENTRE]), UTM_33N, "EPSG:4326")
    tenth_of_a_pixel = 0.03 / 111_000
    for found in (part, whole):
        assert found.centroid.y == pytest.approx(latitude, abs=tenth_of_a_pixel)
        east = tenth_of_a_pixel / np.cos(np.radians(latitude))
        assert found.centroid.x == pytest.approx(longitude, abs=east)
    assert done.err == ""


def test_each_prompt_has_its_own_candidate(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = CENTRE
    box = ("--box", f"{x - 21},{y - 21},{x + 21},{y + 21}")
    assert found_px(capsys, cache, "--include", CLICK) == disc_px(PART_PX)
    assert found_px(capsys, cache, *box) == disc_px(SINGLE_PX)
    assert found_px(capsys, cache, *box, "--candidate", "best") == disc_px(PART_PX)
    assert found_px(capsys, cache, "--include", CLICK, "--candidate", "3") == disc_px(WHOLE_PX)


def test_largest_part_leaves_one_of_many(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (cache, "--include", CLICK, "--all-parts")
    many = run_here(capsys, "segment", *words)
    assert many.out.strip().endswith(", 2 parts; --largest-part keeps one")
    assert many.err == "No --out: nothing was written.\n"
    one = run_here(capsys, "-q", "segment", *words, "--largest-part")
    assert "part" not in one.out
    assert one.err == ""
    both, largest = found_px(capsys, *words), found_px(capsys, *words, "--largest-part")
    assert largest == disc_px(PART_PX)
    assert both - largest == disc_px(STRAY_PX)


def test_parts_away_from_the_prompt_are_left_out(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = run_here(capsys, "-q", "segment", cache, "--include", CLICK)
    assert "part" not in one.out
    assert one.err == ""
    assert found_px(capsys, cache, "--include", CLICK) == disc_px(PART_PX)


def test_min_hole_fills_holes(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (cache, "--include", CLICK, "--candidate", "2", "--min-hole")
    hole = np.pi * HOLE_PX**2
    with_hole, kept, filled = (
        found_px(capsys, *words, str(px)) for px in (0, 0.95 * hole, 1.05 * hole)
    )
    assert filled == disc_px(RING_PX)
    assert kept == with_hole
    assert filled - with_hole == disc_px(HOLE_PX)


def test_a_low_score_is_remarked_on(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("segment", cache, "--include", CLICK, "--json", "--candidate")
    low, high = (run_here(capsys, *words, candidate) for candidate in (LOW, HIGH))
    assert json.loads(low.out)["objects"][0]["score"] == pytest.approx(0.3)
    assert "The score is low" in low.err and "encoder-tool models list" in low.err
    assert "a box" in low.err and "--gsd" in low.err
    assert "The score is low" not in high.err
    assert run_here(capsys, "-q", *words, LOW).err == ""
