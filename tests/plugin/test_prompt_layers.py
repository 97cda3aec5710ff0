"""Layers of prompts, however long they are: read as they are asked, counted, and cut short."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingFeedback,
    QgsProject,
    QgsRectangle,
)

from geosam_plugin.field_types import text_field
from geosam_plugin.processing import progress
from geosam_plugin.processing.progress import told, until_cancelled
from geosam_plugin.processing.prompt_layers import BoxReader, PointReader

NAME, LABEL = 0, 1


class Problems(list):
    def __call__(self, feature_ids: list[int], sentence: str) -> None:
        self.append((feature_ids, sentence))


def point(number: int, name: str = "", label: str = "") -> QgsFeature:
    fields = QgsFields()
    for field in ("name", "label"):
        fields.append(text_field(field))
    feature = QgsFeature(fields, number)
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(number, -number)))
    feature.setAttributes([name or None, label or None])
    return feature


class Layer:
    """Features, and how many of them were taken."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.taken = 0

    def __iter__(self) -> Iterator[QgsFeature]:
        for number in range(1, self.count + 1):
            self.taken = number
            yield point(number)


def test_a_million_points_are_not_read_before_the_first_is_asked(qgis_app: QgsApplication) -> None:
    layer = Layer(1_000_000)
    objects = PointReader(QgsCoordinateTransform(), Problems()).read(layer)
    assert layer.taken == 0
    first, second = next(objects), next(objects)
    assert (first.feature_ids, second.feature_ids) == ([1], [2])
    assert (first.include, second.include) == ([[1.0, -1.0]], [[2.0, -2.0]])
    assert layer.taken == 2


def test_points_of_an_object_are_put_together(qgis_app: QgsApplication) -> None:
    problems = Problems()
    reader = PointReader(QgsCoordinateTransform(), problems, LABEL)
    features = [
        point(1, "a", "perhaps"), point(2, "b"), point(3, "a", "-"), point(4, "b", "exclude"),
        point(5, "a"), point(6), point(7),
    ]  # fmt: skip
    objects = reader.read_groups(features, NAME)
    assert [one.feature_ids for one in objects] == [[2, 4], [3, 5], [6], [7]]
    assert objects[1].params == {"include": [[5.0, -5.0]], "exclude": [[3.0, -3.0]]}
    assert objects[0].attributes[NAME] == "b"
    assert problems == [([1], "“perhaps” means neither include nor exclude.")]


def test_what_has_no_geometry_is_told_and_left_out(qgis_app: QgsApplication) -> None:
    problems = Problems()
    nothing, fine = QgsFeature(QgsFields(), 1), point(2)
    for read in (PointReader(QgsCoordinateTransform(), problems).read,
                 BoxReader(QgsCoordinateTransform(), problems).read):  # fmt: skip
        assert [one.feature_ids for one in read([nothing, fine])] == [[2]]
    assert problems == [([1], "It has no geometry.")] * 2


@pytest.mark.parametrize("target", ["EPSG:32633", "EPSG:3857"])
def test_coordinates_that_are_no_numbers_are_told_and_left_out(
    qgis_app: QgsApplication, target: str
) -> None:
    """No message to the engine can hold them: the first one would end the run."""
    problems = Problems()
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32633"),
        QgsCoordinateReferenceSystem(target),
        QgsProject.instance(),
    )
    far, endless, fine = (QgsFeature(QgsFields(), number) for number in (1, 2, 3))
    far.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(math.inf, 4e6)))
    endless.setGeometry(QgsGeometry.fromRect(QgsRectangle(5e5, 4e6, math.inf, math.inf)))
    fine.setGeometry(QgsGeometry.fromRect(QgsRectangle(5e5, 4e6, 6e5, 5e6)))
    points, boxes = PointReader(transform, problems), BoxReader(transform, problems)
    assert [one.feature_ids for one in points.read([far, endless, fine])] == [[3]]
    assert [one.feature_ids for one in boxes.read([endless, fine])] == [[3]]
    sentence = "It cannot be placed in the raster's CRS."
    assert problems == [([1], sentence), ([2], sentence), ([2], sentence)]


def test_a_box_keeps_its_corners_or_its_outline(qgis_app: QgsApplication) -> None:
    feature = QgsFeature(QgsFields(), 1)
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(14.0, 42.0, 14.001, 42.0005)))
    (upright,) = BoxReader(QgsCoordinateTransform(), Problems()).read([feature])
    assert upright.params == {"box": [14.0, 42.0, 14.001, 42.0005]}
    to_utm = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4326"),
        QgsCoordinateReferenceSystem("EPSG:32633"),
        QgsProject.instance(),
    )
    (turned,) = BoxReader(to_utm, Problems()).read([feature])
    outline = turned.params["box_outline"]
    assert len(outline) == 64
    width = max(x for x, _ in outline) - min(x for x, _ in outline)
    assert 80 < width < 90, "a thousandth of a degree at 42° north"


# --- how far it is


class Clock:
    """Ten seconds go by with every item."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(progress.time, "monotonic", lambda: self.now)

    def slow(self, count: int) -> Iterator[int]:
        for number in range(count):
            self.now += 10
            yield number


class Feedback(QgsProcessingFeedback):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def setProgressText(self, text: str) -> None:  # noqa: N802
        self.texts.append(text)


def test_the_time_left_is_told(qgis_app: QgsApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    feedback = Feedback()
    clock = Clock(monkeypatch)
    reached = []
    for number in told(clock.slow(20), 20, feedback):
        reached.append(feedback.progress())
        if number == 0:
            clock.now += 1000  # the engine starts
    assert reached == [5.0 * number for number in range(20)]
    assert feedback.progress() == 100
    assert feedback.texts[0] == "Prompts: 1 of 20"
    assert feedback.texts[1] == "Prompts: 2 of 20, 3 min left"
    assert feedback.texts[-2:] == ["Prompts: 19 of 20, 10 s left", "Prompts: 20 of 20"]


def test_of_unknown_number(qgis_app: QgsApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    feedback = Feedback()
    assert len(list(told(Clock(monkeypatch).slow(3), -1, feedback))) == 3
    assert feedback.texts == ["Prompts: 1", "Prompts: 2", "Prompts: 3"]
    assert feedback.progress() == 0


def test_a_cancel_ends_it(qgis_app: QgsApplication) -> None:
    feedback = Feedback()
    layer = Layer(1000)
    done = []
    for feature in told(layer, 1000, feedback):
        done.append(feature.id())
        if feature.id() == 3:
            feedback.cancel()
    assert done == [1, 2, 3]


def test_a_cancel_ends_the_reading_of_points_that_belong_together(qgis_app: QgsApplication) -> None:
    """All of them are read before the first is asked: of a million that takes a while."""
    layer, feedback = Layer(1_000_000), QgsProcessingFeedback()

    def read() -> Iterator[QgsFeature]:
        for feature in layer:
            if layer.taken == 5:
                feedback.cancel()
            yield feature

    reader = PointReader(QgsCoordinateTransform(), Problems())
    assert len(reader.read_groups(until_cancelled(read(), feedback), NAME)) == 4
    assert layer.taken == 5
