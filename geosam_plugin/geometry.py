"""Polygons made to fit a layer: its CRS, its geometry type, its neighbours."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDistanceArea,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication

WGS84_ELLIPSOID = "EPSG:7030"


class LayerError(Exception):
    """An object cannot go into a layer; one plain sentence for the user."""


@dataclass(frozen=True)
class Shape:
    """A geometry never goes without its CRS; an invalid one means that the raster has none."""

    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem


def transform_between(
    source: QgsCoordinateReferenceSystem,
    target: QgsCoordinateReferenceSystem,
    project: QgsProject,
) -> QgsCoordinateTransform:
    """The project's own transformation; none when a CRS is unknown."""
    if not source.isValid() or not target.isValid():
        return QgsCoordinateTransform()
    return QgsCoordinateTransform(source, target, project.transformContext())


def in_crs(shape: Shape, crs: QgsCoordinateReferenceSystem, project: QgsProject) -> QgsGeometry:
    """The shape in another CRS, valid; raises LayerError when it cannot be expressed there."""
    geometry = QgsGeometry(shape.geometry)
    try:
        geometry.transform(transform_between(shape.crs, crs, project))
    except QgsCsException as error:
        raise LayerError(_say_no_place(crs)) from error
    # Beyond a projection's reach PROJ may answer infinity rather than fail.
    if not geometry.isEmpty() and not geometry.boundingBox().isFinite():
        raise LayerError(_say_no_place(crs))
    return polygonal(geometry)


def _say_no_place(crs: QgsCoordinateReferenceSystem) -> str:
    return QCoreApplication.translate(
        "GeoSAM",
        "The object cannot be transformed into the layer's CRS ({crs}). Choose another target "
        "layer.",
    ).format(crs=crs.authid() or crs.description())


def polygonal(geometry: QgsGeometry) -> QgsGeometry:
    """Valid, and nothing but polygons: what repairs leave of lines and points goes."""
    if not geometry.isGeosValid():
        geometry = geometry.makeValid()
    kind = QgsWkbTypes.GeometryType.PolygonGeometry
    is_mixed = QgsWkbTypes.flatType(geometry.wkbType()) == QgsWkbTypes.Type.GeometryCollection
    if geometry.type() == kind and not is_mixed:
        return geometry
    geometry = QgsGeometry(geometry)
    is_collection = geometry.convertGeometryCollectionToSubclass(kind)
    return geometry if is_collection else QgsGeometry.fromWkt("Polygon EMPTY")


def difference(geometry: QgsGeometry, other: QgsGeometry) -> QgsGeometry:
    """Raises LayerError when it cannot be computed: that is not the same as nothing left."""
    return polygonal(_computed(geometry.difference(other)))


def union(geometries: Iterable[QgsGeometry]) -> QgsGeometry:
    """Raises LayerError when it cannot be computed."""
    return polygonal(_computed(QgsGeometry.unaryUnion(list(geometries))))


def without_overlaps(geometry: QgsGeometry, others: Iterable[QgsGeometry]) -> QgsGeometry:
    """What existing polygons leave of a geometry. Raises LayerError when that is nothing."""
    for other in others:
        if geometry.intersects(other):
            geometry = difference(geometry, polygonal(other))
    if geometry.isEmpty():
        raise LayerError(
            QCoreApplication.translate(
                "GeoSAM", "Existing polygons cover the whole object: nothing of it is left to save."
            )
        )
    return geometry


def _computed(geometry: QgsGeometry) -> QgsGeometry:
    """A null geometry is GEOS's failure; one without area is only empty."""
    if geometry.isNull():
        raise LayerError(
            QCoreApplication.translate(
                "GeoSAM",
                "The object could not be combined with existing polygons: {why}. Repair them with "
                "“Fix geometries”, or save it without avoiding overlaps.",
            ).format(why=geometry.lastError().strip().rstrip("."))
        )
    return geometry


def coerced(geometry: QgsGeometry, layer: QgsVectorLayer) -> list[QgsGeometry]:
    """The geometry in the layer's own type: several where the layer takes single parts only.
    M and Z that the layer has and the object has not are 0."""
    return [part for part in geometry.coerceToType(layer.wkbType()) if not part.isEmpty()]


def from_base64(wkb: str) -> QgsGeometry:
    """A geometry as the engine sends it."""
    geometry = QgsGeometry()
    geometry.fromWkb(base64.b64decode(wkb))
    return geometry


def crs_text(crs: QgsCoordinateReferenceSystem) -> str:
    """A text that says the CRS on any machine: what a user has defined has a number that is
    his own, and its WKT is told instead. "" for none."""
    authority = crs.authid()
    if authority and not authority.startswith("USER:"):
        return authority
    return crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)


def crs_from_text(text: str) -> QgsCoordinateReferenceSystem:
    """The CRS of a text by `crs_text`; an invalid one where it says none."""
    crs = QgsCoordinateReferenceSystem()
    crs.createFromString(text)
    return crs


class AreaMeasure:
    """Square metres on an ellipsoid: WGS 84's where the project has none, for on the plane a
    unit is what the CRS says."""

    def __init__(
        self,
        crs: QgsCoordinateReferenceSystem,
        transforms: QgsCoordinateTransformContext,
        ellipsoid: str,
    ) -> None:
        self._area: QgsDistanceArea | None = None
        if crs.isValid():
            self._area = QgsDistanceArea()
            self._area.setSourceCrs(crs, transforms)
            if not self._area.setEllipsoid(ellipsoid) or not self._area.willUseEllipsoid():
                self._area.setEllipsoid(WGS84_ELLIPSOID)

    @classmethod
    def of_project(cls, crs: QgsCoordinateReferenceSystem, project: QgsProject) -> AreaMeasure:
        return cls(crs, project.transformContext(), project.ellipsoid())

    def square_metres(self, geometry: QgsGeometry) -> float | None:
        """None without a CRS, and where the ellipsoid cannot be reached from it."""
        if self._area is None:
            return None
        try:
            area = float(self._area.measureArea(geometry))
        except QgsCsException:
            return None
        return area if math.isfinite(area) else None
