"""What `geosam:segmentprompts` gives: features with attributes of the prompt and of the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFields,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QCoreApplication, QDateTime

from geosam_plugin.field_types import integer_field
from geosam_plugin.geometry import AreaMeasure
from geosam_plugin.processing.prompt_layers import LayerPrompt
from geosam_plugin.raster_axes import RasterAxes
from geosam_plugin.result_fields import CLASS, Source, prompts_text, result_fields

translate = QCoreApplication.translate

CANDIDATE = "candidate"

MAX_WARNINGS = 20
"""Of single prompts; of more, only the number is told."""


def output_fields(of_prompts: QgsFields) -> QgsFields:
    """The prompts' own fields first. Nobody has said what class the objects are of."""
    fields = result_fields(without=(CLASS,))
    fields.append(integer_field(CANDIDATE))
    return QgsProcessingUtils.combineFields(of_prompts, fields)


@dataclass(frozen=True)
class ResultFeatures:
    """fields: those of `output_fields`"""

    fields: QgsFields
    axes: RasterAxes
    source: Source
    area: AreaMeasure

    def of(self, prompt: LayerPrompt, answer: dict[str, Any]) -> list[QgsFeature]:
        """One for each object that the engine has found for a prompt."""
        return [
            self._feature(prompt, found, found.get("level", answer["level"]))
            for found in answer["objects"]
        ]

    def _feature(self, prompt: LayerPrompt, found: dict[str, Any], level: int) -> QgsFeature:
        geometry = self.axes.geometry(found["wkb"])
        geometry.convertToMultiType()
        values = {
            "score": round(found["score"], 4),
            "area_m2": self.area.square_metres(geometry),
            "n_include": len(prompt.include),
            "n_exclude": len(prompt.exclude),
            "box": int(bool(prompt.box)),
            "model": self.source.model,
            "level": level,
            "raster": self.source.raster,
            "created": QDateTime.currentDateTime(),
            "prompts": prompts_text(
                self.source,
                prompt.params,
                candidate=found["candidate"],
                level=level,
                pixel_size=None,
            ),
            CANDIDATE: found["candidate"],
        }
        feature = QgsFeature(self.fields)
        feature.setGeometry(geometry)
        # By position: the prompts may have fields of these names.
        feature.setAttributes([*prompt.attributes, *values.values()])
        return feature


@dataclass(frozen=True)
class Failure:
    """A prompt that gave no polygon: the features that it was made from, and why."""

    feature_ids: list[int]
    sentence: str


class Failures:
    """Prompts that gave no polygon: reported, counted, and fatal only when there is no other."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._first = ""
        self.count = 0

    def add(self, failure: Failure) -> None:
        self.count += 1
        told = translate("GeoSAM", "Feature {}: {}").format(
            ", ".join(map(str, failure.feature_ids)), failure.sentence
        )
        self._first = self._first or told
        if self.count <= MAX_WARNINGS:
            self._feedback.pushWarning(told)

    def conclude(self, polygons: int, was_cancelled: bool) -> None:
        """Raises QgsProcessingException when all have failed."""
        if self.count and not polygons and not was_cancelled:
            raise QgsProcessingException(
                translate("GeoSAM", "No prompt gave a polygon. {}").format(self._first)
            )
        if self.count:
            self._feedback.pushWarning(
                translate("GeoSAM", "Prompts without a polygon, left out: {}.").format(self.count)
            )
