"""In which order patches are encoded, when somebody waits for one of them."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder_tool.encode.agenda import Agenda, by_focus, focus_patch
from encoder_tool.locate import choose_level, choose_patch
from encoder_tool.prompts import MapPrompt, to_pixels
from encoder_tool.types import XY, BoundsMap, Focus, PatchId
from tests.support.fake_cache import UTM_AFFINE, FakeCache, make_manifest

# 5000 x 3000 pixels: 7 x 4 patches at level 0, 4 x 2 at level 1, 2 x 1 at 2, one at 3.
MANIFEST = make_manifest(5000, 3000)
ALL = list(MANIFEST.pyramid.patches())
TURNED = make_manifest(5000, 3000, UTM_AFFINE @ Affine.rotation(33))


def at(x: float, y: float) -> XY:
    """The map position of a level-0 pixel."""
    return XY(*(MANIFEST.affine @ (x, y)))


def bounds(xmin: float, ymin: float, xmax: float, ymax: float) -> BoundsMap:
    (left, top), (right, bottom) = at(xmin, ymin), at(xmax, ymax)
    return BoundsMap(left, bottom, right, top)


@settings(deadline=None)
@given(
    x=st.floats(0, 5000), y=st.floats(0, 3000),
    pixel_size=st.none() | st.floats(0.01, 10), turned=st.booleans(),
)  # fmt: skip
def test_the_patch_of_a_click_is_the_one_that_will_answer_it(
    x: float, y: float, pixel_size: float | None, turned: bool
) -> None:
    manifest = TURNED if turned else MANIFEST
    point = XY(*(manifest.affine @ (x, y)))
    prompt = to_pixels(MapPrompt(include=(point,)), manifest)
    # UTM: a metre on the map is one on the ground, but for 0.04 %.
    gsd_m = None if pixel_size is None else pixel_size
    level = choose_level(prompt, manifest, gsd_m=gsd_m)
    wanted = focus_patch(manifest, Focus(point=point, pixel_size=pixel_size))
    if pixel_size is None or abs(np.log2(pixel_size / 0.3) % 1 - 0.5) > 0.01:
        assert wanted == choose_patch(FakeCache(manifest), prompt, level)


@settings(deadline=None)
@given(
    x=st.tuples(st.floats(0, 4999), st.floats(0, 4999)),
    y=st.tuples(st.floats(0, 2999), st.floats(0, 2999)),
)
def test_the_patch_of_a_box_is_the_one_that_will_answer_it(
    x: tuple[float, float], y: tuple[float, float]
) -> None:
    box = bounds(min(x), min(y), max(x) + 1, max(y) + 1)
    prompt = to_pixels(MapPrompt(box=box), MANIFEST)
    expected = choose_patch(FakeCache(MANIFEST), prompt, choose_level(prompt, MANIFEST))
    assert focus_patch(MANIFEST, Focus(bounds=box)) == expected


def test_a_pinned_level_goes_before_the_size_of_a_screen_pixel() -> None:
    focus = Focus(point=at(2000, 1000), pixel_size=0.3, level=2)
    assert focus_patch(MANIFEST, focus).level == 2
    assert focus_patch(MANIFEST, Focus(point=at(2000, 1000), level=99)) == PatchId(3, 0, 0)


@pytest.mark.parametrize(("pixel_size", "level"), [(5e-324, 0), (1e-9, 0), (1e9, 3), (1.7e308, 3)])
def test_any_size_of_a_screen_pixel_has_its_level(pixel_size: float, level: int) -> None:
    focus = Focus(point=at(2000, 1000), pixel_size=pixel_size)
    assert focus_patch(MANIFEST, focus).level == level
    coarse = make_manifest(5000, 3000, Affine.scale(100, -100))
    fine = make_manifest(5000, 3000, Affine.scale(1e-6, -1e-6))
    for manifest in (coarse, fine):
        assert focus_patch(manifest, focus).level == level


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Focus(point=at(-9000, 1e6)), PatchId(0, 3, 0)),
        (Focus(point=at(5000, 0)), PatchId(0, 0, 6)),
        (Focus(bounds=bounds(-900, -900, 20, 20)), PatchId(0, 0, 0)),
        (Focus(bounds=bounds(-900, -900, -20, -20)), PatchId(0, 0, 0)),
    ],
)
def test_what_lies_outside_the_raster_means_its_border(place: Focus, expected: PatchId) -> None:
    assert focus_patch(MANIFEST, place) == expected


@settings(deadline=None)
@given(
    x=st.floats(0, 5000), y=st.floats(0, 3000), level=st.integers(0, 3),
    left=st.sets(st.sampled_from(ALL), min_size=1),
)  # fmt: skip
def test_what_is_wanted_comes_first_then_its_surroundings_then_other_levels(
    x: float, y: float, level: int, left: set[PatchId]
) -> None:
    focus = Focus(point=at(x, y), level=level)
    order = by_focus(MANIFEST, left, focus)
    assert sorted(order) == sorted(left)
    wanted = focus_patch(MANIFEST, focus)
    if wanted in left:
        assert order[0] == wanted
    levels = list(dict.fromkeys(patch.level for patch in order))
    assert levels == [k for k in [*range(level, 4), *reversed(range(level))] if k in levels]
    away = [_distance(patch, x, y) for patch in order if patch.level == level and patch != wanted]
    assert away == sorted(away)


def _distance(patch: PatchId, x: float, y: float) -> float:
    window = MANIFEST.pyramid.level(patch.level).window(patch.row, patch.col)
    centre = np.array([window.col_off + 512, window.row_off + 512]) * 2**patch.level
    return round(float(np.hypot(*(centre - (x, y)))), 6)


def test_an_agenda_can_be_put_in_another_order_at_any_time() -> None:
    agenda = Agenda(MANIFEST, ALL)
    assert agenda.upcoming(2) == ALL[:2]
    first = agenda.refocus(Focus(point=at(4900, 2900)))
    assert agenda.take() == first == PatchId(0, 3, 6)
    second = agenda.refocus(Focus(point=at(10, 10)))
    assert agenda.upcoming(99)[0] == second == PatchId(0, 0, 0)
    assert agenda.refocus(Focus(point=at(4900, 2900))) == first, "wanted, though it is taken"
    rest = [agenda.take() for _ in range(len(agenda))]
    assert sorted([first, *rest]) == sorted(ALL)
    assert agenda.upcoming(3) == []
