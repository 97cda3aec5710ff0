"""Geometries and fields of saved objects."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsGeometry,
)
from saving.saver_story import UTM, square

from geosam_plugin.geometry import (
    AreaMeasure,
    LayerError,
    crs_from_text,
    crs_text,
    difference,
    union,
)
from geosam_plugin.result_fields import FIELDS, result_fields
from geosam_plugin.saving.layers import new_layer


def test_the_crs_of_a_user_is_told_as_wkt(qgis_app: object) -> None:
    crs = QgsCoordinateReferenceSystem()
    crs.createFromProj("+proj=tmerc +lat_0=1 +lon_0=2 +x_0=3 +y_0=4 +ellps=GRS80 +units=m")
    QgsApplication.createDatabase()  # the user's, where a CRS of his own is kept
    QgsApplication.coordinateReferenceSystemRegistry().addUserCrs(crs, "Works")
    assert crs.authid().startswith("USER:")
    assert "USER" not in crs_text(crs)
    assert crs_from_text(crs_text(crs)).toProj() == crs.toProj()
    assert crs_text(UTM) == "EPSG:32633"
    assert crs_from_text("EPSG:32633") == UTM
    assert crs_text(QgsCoordinateReferenceSystem()) == ""
    assert not crs_from_text("").isValid()


@pytest.mark.parametrize("ellipsoid", ["EPSG:7030", "NONE", "", "nonsense"])
def test_areas_are_on_an_ellipsoid_whatever_the_project_says(
    qgis_app: object, ellipsoid: str
) -> None:
    measure = AreaMeasure(UTM, QgsCoordinateTransformContext(), ellipsoid)
    assert measure.square_metres(square(0, 100)) == pytest.approx(1e4 / 0.9996**2, rel=1e-4)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    measure = AreaMeasure(degrees, QgsCoordinateTransformContext(), ellipsoid)
    cell = QgsGeometry.fromWkt("Polygon((0 0, 1 0, 1 1, 0 1, 0 0))")
    # 111.32 km by 110.57 km at the equator
    assert measure.square_metres(cell) == pytest.approx(1.2309e10, rel=1e-3)


def test_without_a_crs_there_is_no_area(qgis_app: object) -> None:
    measure = AreaMeasure(QgsCoordinateReferenceSystem(), QgsCoordinateTransformContext(), "NONE")
    assert measure.square_metres(square(0)) is None


def test_a_failure_of_geos_is_not_told_as_nothing_left(qgis_app: object) -> None:
    bow = QgsGeometry.fromWkt("Polygon((0 0, 1 1, 1 0, 0 1, 0 0))")
    other = QgsGeometry.fromWkt("Polygon((0.2 0, 1 1, 1 0, 0.2 1, 0.2 0))")
    with pytest.raises(LayerError, match=r"could not be combined.*TopologyException"):
        difference(bow, other)
    with pytest.raises(LayerError, match="could not be combined"):
        union([bow, other])
    assert difference(square(0), square(-5, 50)).isEmpty()


def test_the_fields_of_results_are_those_of_a_new_layer(qgis_app: object) -> None:
    layer = new_layer(UTM, "objects")
    assert result_fields().names() == layer.fields().names() == [name for name, _ in FIELDS]
    assert result_fields(without=("class", "raster")).names() == [
        name for name, _ in FIELDS if name not in ("class", "raster")
    ]
