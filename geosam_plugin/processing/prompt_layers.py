"""Point and polygon layers as prompts, in the raster's CRS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from qgis.core import (
    NULL,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
)

from geosam_plugin.processing.base import translate

XY = list[float]

OnProblem = Callable[[list[int], str], None]
"""Takes the ids of features that are one object, and why they say nothing, in a sentence."""

POINTS_AN_EDGE = 16
"""Of a box that is drawn in another CRS, where its edges are curves."""

INCLUDE_WORDS = frozenset({"", "include", "in", "+", "1", "true", "t", "yes", "y", "positive"})
EXCLUDE_WORDS = frozenset({"exclude", "out", "-", "0", "-1", "false", "f", "no", "n", "negative"})


class UnusablePrompt(Exception):  # noqa: N818 - one of many, which is reported and left out
    """Why a feature says nothing to the engine, in a sentence."""


@dataclass
class LayerPrompt:
    """What the engine is asked for one object.

    feature_ids: of the features that it was made from; their first one's attributes are kept
    include, exclude: points; box: of the worker's parameters `box` or `box_outline`
    """

    feature_ids: list[int]
    attributes: list[Any]
    include: list[XY] = field(default_factory=list)
    exclude: list[XY] = field(default_factory=list)
    box: dict[str, Any] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, Any]:
        """As the worker's `predict` takes them."""
        points = {"include": self.include, "exclude": self.exclude}
        return {**{name: value for name, value in points.items() if value}, **self.box}


@dataclass(frozen=True)
class PointReader:
    """Makes objects of points.

    on_problem: called for features that cannot be used
    label_field: index of the attribute that says include or exclude, -1 for none
    """

    transform: QgsCoordinateTransform
    on_problem: OnProblem
    label_field: int = -1

    def read(self, features: Iterable[QgsFeature]) -> Iterator[LayerPrompt]:
        """Every feature is an object."""
        for feature in features:
            prompt = LayerPrompt([], feature.attributes())
            try:
                self._add(feature, prompt)
            except UnusablePrompt as unusable:
                self.on_problem([feature.id()], str(unusable))
                continue
            yield prompt

    def read_groups(self, features: Iterable[QgsFeature], object_field: int) -> list[LayerPrompt]:
        """Those with the same value in a field, given by its index, are one object. In the order
        in which the objects' first points come."""
        objects: dict[Any, LayerPrompt] = {}
        for feature in features:
            value = feature.attribute(object_field)
            key = ("feature", feature.id()) if _is_null(value) else ("object", value)
            prompt = objects.get(key) or LayerPrompt([], feature.attributes())
            try:
                self._add(feature, prompt)
            except UnusablePrompt as unusable:
                self.on_problem([feature.id()], str(unusable))
            else:
                objects[key] = prompt
        return list(objects.values())

    def _add(self, feature: QgsFeature, prompt: LayerPrompt) -> None:
        """Raises UnusablePrompt, and leaves the prompt as it was."""
        points, includes = self._points(feature), self._includes(feature)
        (prompt.include if includes else prompt.exclude).extend(points)
        prompt.feature_ids.append(feature.id())

    def _points(self, feature: QgsFeature) -> list[XY]:
        points = [QgsPointXY(vertex) for vertex in _geometry(feature).vertices()]
        return _transformed(points, self.transform)

    def _includes(self, feature: QgsFeature) -> bool:
        if self.label_field < 0:
            return True
        return is_include(feature.attribute(self.label_field))


@dataclass(frozen=True)
class BoxReader:
    """Makes an object of every polygon: its extent is the box."""

    transform: QgsCoordinateTransform
    on_problem: OnProblem

    def read(self, features: Iterable[QgsFeature]) -> Iterator[LayerPrompt]:
        for feature in features:
            try:
                box = _box(_geometry(feature).boundingBox(), self.transform)
            except UnusablePrompt as unusable:
                self.on_problem([feature.id()], str(unusable))
                continue
            yield LayerPrompt([feature.id()], feature.attributes(), box=box)


def is_include(value: Any) -> bool:
    """What a label says; nothing counts as include, a number by its sign. Raises
    UnusablePrompt."""
    if _is_null(value):
        return True
    if isinstance(value, (bool, int, float)):
        return value > 0
    word = str(value).strip().lower()
    if word in INCLUDE_WORDS:
        return True
    if word in EXCLUDE_WORDS:
        return False
    raise UnusablePrompt(
        translate("GeoSAM", "“{}” means neither include nor exclude.").format(value)
    )


def outline_of(box: QgsRectangle, points_an_edge: int = POINTS_AN_EDGE) -> list[QgsPointXY]:
    """Points along a rectangle's edges, corners included."""
    corners = [
        (box.xMinimum(), box.yMinimum()),
        (box.xMaximum(), box.yMinimum()),
        (box.xMaximum(), box.yMaximum()),
        (box.xMinimum(), box.yMaximum()),
    ]
    return [
        QgsPointXY(x0 + (x1 - x0) * step / points_an_edge, y0 + (y1 - y0) * step / points_an_edge)
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1])
        for step in range(points_an_edge)
    ]


def _geometry(feature: QgsFeature) -> QgsGeometry:
    geometry = feature.geometry()
    if geometry.isEmpty():
        raise UnusablePrompt(translate("GeoSAM", "It has no geometry."))
    return geometry


def _box(extent: QgsRectangle, transform: QgsCoordinateTransform) -> dict[str, Any]:
    if transform.isShortCircuited():
        edges = extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
        return {"box": _finite(*edges)}
    return {"box_outline": _transformed(outline_of(extent), transform)}


def _transformed(points: list[QgsPointXY], transform: QgsCoordinateTransform) -> list[XY]:
    try:
        moved = [transform.transform(point) for point in points]
    except QgsCsException as error:
        raise UnusablePrompt(_say_no_place()) from error
    return [_finite(point.x(), point.y()) for point in moved]


def _finite(*numbers: float) -> list[float]:
    """Infinity, which PROJ may answer beyond a projection's reach, cannot even be put into a
    message to the engine."""
    if not all(map(isfinite, numbers)):
        raise UnusablePrompt(_say_no_place())
    return list(numbers)


def _say_no_place() -> str:
    return translate("GeoSAM", "It cannot be placed in the raster's CRS.")


def _is_null(value: Any) -> bool:
    return value is None or value == NULL
