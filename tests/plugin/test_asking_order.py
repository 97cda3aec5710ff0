"""Prompts are asked patch by patch, and what comes of them is given in the layer's order."""

from __future__ import annotations

import random
from typing import Any

import pytest
from qgis.PyQt.QtGui import QTransform

from geosam_plugin.processing import asking_order
from geosam_plugin.processing.asking_order import LayerOrder, Places, by_place

PATCH, STRIDE = 1024, 768


def places(level: int | None = None, transform: QTransform | None = None) -> Places:
    return Places(transform or QTransform(), PATCH, STRIDE, levels=4, level=level)


def include(x: float, y: float) -> dict[str, Any]:
    return {"include": [[x, y]]}


@pytest.mark.parametrize(
    ("x", "col"),
    # Where two patches overlap, from 768 to 1024, the middle decides.
    [(0, 0), (500, 0), (890, 0), (900, 1), (1600, 1), (1660, 1), (1668, 2), (-5, 0)],
)
def test_a_point_is_asked_of_the_patch_with_the_nearest_middle(x: float, col: int) -> None:
    assert places()(include(x, 10)) == (0, 0, col)
    assert places()(include(10, x)) == (0, col, 0)


def test_a_box_is_asked_of_the_level_that_it_fits() -> None:
    def level(side: float) -> int:
        return places()({"box": [0, 0, side, side / 2]})[0]

    assert [level(side) for side in (10, 512, 513, 1024, 1025, 2049, 90_000)] == [
        0, 0, 1, 1, 2, 3, 3
    ]  # fmt: skip
    assert places(level=1)({"box": [0, 0, 10, 10]})[0] == 1
    outline = [[0, 0], [600, 0], [600, 20], [0, 20]]
    assert places()({"box_outline": outline})[0] == 1


def test_a_pinned_level_counts_in_its_own_pixels() -> None:
    assert places(level=1)(include(1700, 10)) == (1, 0, 0)
    assert places(level=1)(include(1900, 10)) == (1, 0, 1)


def test_coordinates_are_those_of_the_raster() -> None:
    described = {
        "transform": [0.3, 0.0, 500_000.0, 0.0, -0.3, 4_650_000.0],
        "manifest": {"grid": {"patch": PATCH, "stride": STRIDE, "levels": 4}},
    }
    found = Places.of(described, None)
    assert found(include(500_000 + 0.3 * 900, 4_650_000 - 0.3 * 1700)) == (0, 2, 1)
    assert found({"exclude": [[500_000, 4_650_000]]}) == (0, 0, 0)


def test_patches_are_asked_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_order, "AT_ONCE", 40)
    choice = random.Random(5)
    items = [(choice.randrange(3), choice.randrange(2), number) for number in range(100)]
    asked = list(by_place(items, lambda item: (0, *item[:2])))
    assert sorted(asked, key=lambda item: item[2]) == items
    for start in (0, 40, 80):
        some = asked[start : start + 40]
        assert sorted(items[start : start + 40]) == some, "by place, then in the layer's order"


def test_items_are_read_as_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_order, "AT_ONCE", 3)
    read: list[int] = []

    def items() -> Any:
        for number in range(10):
            read.append(number)
            yield number

    asked = by_place(items(), lambda number: (0, 0, -number))
    assert [next(asked), len(read)] == [2, 3]
    assert list(asked) == [1, 0, 5, 4, 3, 8, 7, 6, 9]


def test_outcomes_wait_for_those_before_them() -> None:
    order = LayerOrder()
    order.put(order.draw(), "unusable")
    numbers = [number for number, _ in order.numbered("abcd")]
    given = list(order.ready())
    for number in (3, 1, 4):
        order.put(number, numbers.index(number))
        given.append(list(order.ready()))
    assert given == ["unusable", [], [0], []]
    assert list(order.rest()) == [2, 3]
    assert list(order.rest()) == list(order.ready()) == []
