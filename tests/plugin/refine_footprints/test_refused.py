"""What cannot be refined is said, and where a run is cancelled nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)
from reference import UTM, layer_with
from refine_footprints.town import Results, Run, buildings, moved, osm_file

from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.settings import EngineSettings


def problem(provider: GeoSamProvider, context: QgsProcessingContext, **parameters: Any) -> str:
    algorithm = provider.algorithm("refinefootprints").create()
    _, message = algorithm.checkParameterValues({"OUTPUT": "memory:", **parameters}, context)
    return str(message)


def test_what_cannot_be_refined_is_said_beforehand(
    provider: GeoSamProvider,
    context: QgsProcessingContext,
    cache: Path,
    truth: list[QgsGeometry],
    engine_python: str,
    tmp_path: Path,
) -> None:
    EngineSettings(python=engine_python, is_complete=True).save()
    few = buildings(truth[:2])

    def said(**parameters: Any) -> str:
        return problem(provider, context, CACHE=str(cache), **parameters)

    lines = layer_with("LineString", UTM, [("LINESTRING(0 0, 1 1)", ["", ""])])
    homeless = QgsVectorLayer("Polygon?field=name:string", "x", "memory")
    homeless.setCrs(QgsCoordinateReferenceSystem())
    assert said(INPUT=few) == ""
    assert "(INPUT): Choose a layer" in said()
    assert "(INPUT): A layer of polygons is needed" in said(INPUT=lines)
    assert "(INPUT): There are no features" in said(INPUT=buildings([]))
    assert "(INPUT): The layer has no CRS" in said(INPUT=homeless)
    assert "(OSM): There is no file" in said(OSM=str(tmp_path / "none.osm"))
    assert "OSM" in said(OSM=str(cache.with_name("truth.gpkg")))
    assert "(OSM): Changes to OpenStreetMap need" in said(
        INPUT=few, CHANGES=str(tmp_path / "c.osm")
    )
    original = osm_file(tmp_path / "town.osm", truth[:2])
    wrong = str(tmp_path / "c.xml")
    assert "(CHANGES): Name a .osm or .osc" in said(OSM=str(original), CHANGES=wrong)
    assert "(DELETE_GONE): Name a file for the changes" in said(INPUT=few, DELETE_GONE=True)
    assert "SEARCH" in said(INPUT=few, SEARCH=60)
    own = said(OSM=str(original), CHANGES=str(original))
    assert "(CHANGES): That file is the one that is read" in own
    assert "(MISSING_POINTS): A layer of points" in said(INPUT=few, MISSING_POINTS=lines)
    assert "(CACHE)" in problem(provider, context, INPUT=few, CACHE=str(tmp_path))


def test_what_only_the_engine_can_see_is_said_of_the_layer(
    run: Run, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    """Buildings elsewhere, a field that is not there, a building twice, a damaged file."""
    far = buildings([moved(outline, 90_000, 0) for outline in truth[:3]])
    with pytest.raises(QgsProcessingException, match=r"\(INPUT\).*Is its CRS the right one"):
        run(INPUT=far)
    few = buildings(truth[:3])
    few.setName("my town")
    with pytest.raises(QgsProcessingException, match="neither a field nor a tag 'checked'") as told:
        run(INPUT=few, PROTECT="checked")
    assert "buildings.gpkg" not in str(told.value)
    twice = QgsVectorLayer(f"Polygon?crs={UTM}&field=osm_id:string(20)", "twice", "memory")
    for outline in truth[:2]:
        feature = QgsFeature(twice.fields())
        feature.setGeometry(outline)
        feature.setAttributes(["1001"])
        assert twice.dataProvider().addFeature(feature)
    original = osm_file(tmp_path / "town.osm", truth[:2])
    with pytest.raises(QgsProcessingException, match="way 1001 twice"):
        run(INPUT=twice, OSM=str(original), CHANGES=str(tmp_path / "c.osm"))
    broken = tmp_path / "broken.osm"
    broken.write_text("<osm><node", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="cannot be read as OpenStreetMap"):
        run(OSM=str(broken))


def test_cancelled_nothing_is_written(
    provider: GeoSamProvider, context: QgsProcessingContext, cache: Path, truth: list[QgsGeometry]
) -> None:
    """And what is told of the way is told once, however often the engine tells it."""
    said: list[str] = []

    class Feedback(QgsProcessingFeedback):
        def setProgressText(self, text: str) -> None:  # noqa: N802
            said.append(text)

    feedback = Feedback()
    seen: list[float] = []
    feedback.progressChanged.connect(seen.append)

    class Engine:
        def request(self, method: str, params: Results, on_told: Any = None) -> Results:
            if method == "open":
                return {}
            assert method == "refine"
            assert QgsVectorLayer(params["buildings"]).featureCount() == 3
            for done in (1, 1, 2):
                on_told({"stage": "asking", "done": done, "total": 3})
            raise EngineError("Cancelled", "Stopped; nothing is written.")

    algorithm = provider.algorithm("refinefootprints").create()
    given = {"INPUT": buildings(truth[:3]), "CACHE": str(cache), "OUTPUT": "memory:"}
    with pytest.raises(EngineError, match="Stopped"):
        algorithm.execute(given, context, feedback, Engine())
    assert seen and 0 < seen[-1] < 50
    assert said == ["Comparing with the image: 33 %", "Comparing with the image: 66 %"]
