"""Layers of buildings on their way to the engine and back.

The engine sees outlines and the few fields that say something to it; attributes never leave QGIS,
so that a refined feature has those of the layer, of whatever type, to the bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication, QDate, QDateTime, Qt, QTime

from geosam_plugin.field_types import double_field, long_field, text_field

translate = QCoreApplication.translate

OSM_FIELDS = ("full_id", "osm_type", "osm_way_id", "osm_id", "tags", "building")
"""By which the engine knows what a feature is in OpenStreetMap."""

ROW = "geosam_row"
"""The key of the engine's file: a field of the layer may be called fid."""

SAME = ("keep", "uncertain", "gone")
"""Verdicts whose features stay as the layer has them."""


def verdict_fields() -> QgsFields:
    """As the engine adds them."""
    fields = QgsFields()
    for field in (
        long_field("source_fid"),
        text_field("verdict"),
        text_field("reason"),
        double_field("iou_old_new"),
        double_field("offset_m"),
        double_field("score"),
        double_field("area_change"),
    ):
        fields.append(field)
    return fields


def refined_fields(own: QgsFields) -> tuple[QgsFields, dict[str, str]]:
    """A layer's fields and those that are added, and what is called otherwise because the layer has
    a field of that name."""
    fields, renamed = QgsFields(own), {}
    for field in verdict_fields():
        name, number = field.name(), 1
        while fields.lookupField(name) >= 0:
            name = f"{field.name()}_{number}"
            number += 1
        if name != field.name():
            renamed[field.name()] = name
            field.setName(name)
        fields.append(field)
    return fields, renamed


def read_all(source: QgsProcessingFeatureSource) -> list[QgsFeature]:
    """By their ids: those that are selected come in any order. Features that are not saved yet have
    ids below 0 and come last. Invalid outlines are among them: the engine mends them for itself."""
    flag = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    found = source.getFeatures(QgsFeatureRequest(), flag)
    return sorted(found, key=lambda feature: (feature.id() < 0, abs(feature.id())))


def write_for_engine(
    name: str,
    features: Iterable[QgsFeature],
    source: QgsProcessingFeatureSource,
    wanted: Sequence[str],
    context: QgsProcessingContext,
) -> str:
    """Features as a file that the engine can read, whatever they come from; its path.

    name: of the file, without a suffix; wanted: fields that go with them, where there are some
    Raises QgsProcessingException.
    """
    path = QgsProcessingUtils.generateTempFilename(f"{name}.gpkg")
    kept = _indices(source.fields(), wanted)
    fields = QgsFields()
    for index in kept:
        field = source.fields().at(index)
        fields.append(field if _is_plain(field) else text_field(field.name()))
    kind = QgsWkbTypes.multiType(QgsWkbTypes.linearType(source.wkbType()))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerOptions = [f"FID={ROW}"]
    writer = QgsVectorFileWriter.create(
        path, fields, kind, source.sourceCrs(), context.transformContext(), options
    )
    for feature in features:
        copy = QgsFeature(fields)
        copy.setGeometry(fitting(feature.geometry(), kind))
        copy.setAttributes([_plain_value(feature.attribute(index)) for index in kept])
        writer.addFeature(copy, QgsFeatureSink.Flag.FastInsert)
    if writer.hasError():
        raise QgsProcessingException(writer.errorMessage())
    del writer  # closes the file
    return str(path)


def _indices(fields: QgsFields, wanted: Sequence[str]) -> list[int]:
    names = {name.casefold() for name in wanted}
    return [index for index, field in enumerate(fields) if field.name().casefold() in names]


def _is_plain(field: QgsField) -> bool:
    """Numbers and texts: all others go as text, since a GeoPackage cannot hold some."""
    return bool(field.isNumeric() or field.type() == text_field("").type())


def _plain_value(value: Any) -> Any:
    """Flags, dates and lists as the engine would read them of a file."""
    if value in (None, NULL) or isinstance(value, (int, float, str)):
        return str(value).lower() if isinstance(value, bool) else value
    if isinstance(value, (QDate, QDateTime, QTime)):
        return value.toString(Qt.DateFormat.ISODate)
    return str(value)


def fitting(geometry: QgsGeometry, kind: QgsWkbTypes.Type) -> QgsGeometry:
    """A geometry as a layer of a type takes it; one that is of it already stays the same."""
    if geometry.isNull() or geometry.wkbType() == kind:
        return geometry
    return QgsGeometry(geometry.coerceToType(kind)[0])


@dataclass(frozen=True)
class RefinedFeatures:
    """What the engine found, as features of the output.

    fields: of the output; kind: of its geometries
    """

    fields: QgsFields
    kind: QgsWkbTypes.Type
    crs: QgsCoordinateReferenceSystem
    features: list[QgsFeature]


def of_layer(
    path: str, source: QgsProcessingFeatureSource, before: Sequence[QgsFeature]
) -> tuple[RefinedFeatures, dict[str, str]]:
    """before: the features that were written for the engine, in their order
    Returns also what is called otherwise, as `refined_fields`.
    """
    fields, renamed = refined_fields(source.fields())
    found = list(_read(path).getFeatures())
    kind = _kind_of(source.wkbType(), found)
    features = []
    for number, one in enumerate(found):
        old = before[number] if number < len(before) else None
        feature = QgsFeature(fields)
        is_same = old is not None and one["verdict"] in SAME
        feature.setGeometry(fitting((old if is_same else one).geometry(), kind))
        own = [NULL] * source.fields().count() if old is None else old.attributes()
        added = [one[field.name()] for field in verdict_fields()]
        added[0] = NULL if old is None else old.id()
        feature.setAttributes([*own, *added])
        features.append(feature)
    return RefinedFeatures(fields, kind, source.sourceCrs(), features), renamed


def of_osm_file(path: str) -> RefinedFeatures:
    """Of a run on a file of OpenStreetMap: with the fields that the engine gives its buildings."""
    layer = _read(path)
    fields = QgsFields()
    indices = [index for index, field in enumerate(layer.fields()) if field.name() != "fid"]
    for index in indices:
        fields.append(layer.fields().at(index))
    kind = QgsWkbTypes.Type.MultiPolygon
    return RefinedFeatures(fields, kind, layer.crs(), list(_plain(layer, fields, indices, kind)))


def _plain(
    layer: QgsVectorLayer, fields: QgsFields, indices: Sequence[int], kind: QgsWkbTypes.Type
) -> Iterator[QgsFeature]:
    for one in layer.getFeatures():
        feature = QgsFeature(fields)
        feature.setGeometry(fitting(one.geometry(), kind))
        feature.setAttributes([one.attribute(index) for index in indices])
        yield feature


def _read(path: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(path, "refined", "ogr")
    if not layer.isValid():
        raise QgsProcessingException(
            translate("GeoSAM", "What the engine wrote cannot be read: {}").format(path)
        )
    return layer


def _kind_of(own: QgsWkbTypes.Type, found: Iterable[QgsFeature]) -> QgsWkbTypes.Type:
    """The layer's own type; without curves, and with several parts if something has them."""
    kind = QgsWkbTypes.linearType(own)
    if QgsWkbTypes.isMultiType(kind):
        return kind
    parts = [one.geometry().constGet().partCount() for one in found if one.hasGeometry()]
    return QgsWkbTypes.multiType(kind) if max(parts, default=1) > 1 else kind
