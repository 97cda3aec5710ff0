"""`geosam:cacheinfo`, models of QGIS's modeller, and that all agrees with the engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from algorithms.algorithm_runs import Feedback, Run, features_of
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelParameter,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
)
from qgis_window import PATIENCE_S
from reference import UTM, centre, layer_with, write_tiff

from geosam_plugin.cache_paths import default_cache_path
from geosam_plugin.clicking.options import Options
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.models import MODELS
from geosam_plugin.processing.provider import GeoSamProvider


def test_cacheinfo(
    run: Run, context: QgsProcessingContext, scene: Path, cache: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    results = run(
        "cacheinfo",
        {
            "CACHE": str(cache),
            "RASTER": str(scene),
            "OUTPUT_HTML_FILE": str(report),
            "COVERAGE": "memory:",
        },
    )
    assert results["MODEL"] == "nano"
    assert (results["RASTER_NAME"], results["RASTER_STATE"]) == ("scene.tif", "unchanged")
    assert (results["CRS"], results["LEVELS"]) == (UTM, 1)
    assert (results["PATCHES"], results["EMPTY"], results["MISSING"]) == (1, 0, 0)
    stored = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
    assert results["SIZE_BYTES"] == stored
    text = report.read_text("utf-8")
    assert "1024 x 1024 pixels of 0.3 x 0.3" in text
    assert "it is the raster that was encoded" in text
    _, patches = features_of(results, context, "COVERAGE")
    assert len(patches) == 1


@pytest.mark.parametrize("name", ["cacheinfo", "segmentprompts"])
def test_a_raster_will_do_where_it_has_a_cache(
    provider: GeoSamProvider, context: QgsProcessingContext, tmp_path: Path, name: str
) -> None:
    raster = tmp_path / "bare.tif"
    write_tiff(raster, np.zeros((1, 8, 8), np.uint8))
    algorithm = provider.algorithm(name)
    given = {"CACHE": str(raster), "INPUT": layer_with("Point", UTM, []), "OUTPUT": "memory:"}
    is_fine, message = algorithm.checkParameterValues(given, context)
    assert not is_fine
    assert f"(CACHE): {raster} is a file for which no feature cache was found" in message
    made = raster.with_name("bare.tif.nano.sam2.zarr")
    made.mkdir()
    (made / "zarr.json").write_text("{}")
    is_fine, message = algorithm.checkParameterValues(given, context)
    assert is_fine, message
    assert algorithm.cache_path(given, context) == made


def test_cacheinfo_finds_the_cache_of_a_raster(run: Run, scene: Path, cache: Path) -> None:
    results = run("cacheinfo", {"CACHE": str(scene)})
    assert (Path(results["CACHE"]), results["PATCHES"]) == (cache, 1)


def test_cacheinfo_sees_a_changed_raster(run: Run, cache: Path, sample: Path) -> None:
    dataset = gdal.Open(str(sample), gdal.GA_Update)
    dataset.WriteArray(np.zeros((3, 50, 50), np.uint8), 100, 100)
    dataset = None
    results = run("cacheinfo", {"CACHE": str(cache), "RASTER": str(sample)})
    assert results["RASTER_STATE"] == "changed"


def test_a_model_encodes_and_segments(
    provider: GeoSamProvider, context: QgsProcessingContext, sample: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    model = QgsProcessingModelAlgorithm("clicks", "tests")
    for parameter in (
        QgsProcessingParameterRasterLayer("RASTER", "Raster"),
        QgsProcessingParameterFeatureSource("POINTS", "Points"),
    ):
        model.addModelParameter(parameter, QgsProcessingModelParameter(parameter.name()))
    source = QgsProcessingModelChildParameterSource
    encode = QgsProcessingModelChildAlgorithm("geosam:encoderaster")
    encode.setChildId("encode")
    encode.addParameterSources("INPUT", [source.fromModelParameter("RASTER")])
    model.addChildAlgorithm(encode)
    segment = QgsProcessingModelChildAlgorithm("geosam:segmentprompts")
    segment.setChildId("segment")
    segment.addParameterSources("INPUT", [source.fromModelParameter("POINTS")])
    segment.addParameterSources("CACHE", [source.fromChildOutput("encode", "OUTPUT")])
    segment.addParameterSources("OUTPUT", [source.fromStaticValue("memory:")])
    model.addChildAlgorithm(segment)
    points = layer_with("Point", UTM, [(centre(b).asWkt(12), ["", ""]) for b in buildings[:2]])
    feedback = Feedback()
    results, is_fine = model.run(
        {"RASTER": str(sample), "POINTS": points}, context, feedback, catchExceptions=False
    )
    assert is_fine
    assert results["CHILD_RESULTS"]["encode"]["ENCODED"] == 1
    assert results["CHILD_RESULTS"]["segment"]["POLYGONS"] == 2


def test_models_are_those_of_the_engine(qgis_app: QgsApplication, command: EngineCommand) -> None:
    hello = EngineProcess(command).run_blocking("hello", {}, allow_gui_thread=True)
    assert tuple(model["name"] for model in hello["capabilities"]["models"]) == MODELS


def test_defaults_are_those_of_the_engine(provider: GeoSamProvider, command: EngineCommand) -> None:
    """The dialog and the dock start with what the command line does."""
    code = (
        "import dataclasses, json; from encoder_tool.polygons import DEFAULT_OPTIONS as options; "
        "print(json.dumps(dataclasses.asdict(options)))"
    )
    told = subprocess.run(
        [command.program, "-c", code], env=dict(command.environment), capture_output=True,
        text=True, timeout=PATIENCE_S, check=True,
    ).stdout  # fmt: skip
    theirs = json.loads(told)
    parameters = provider.algorithm("segmentprompts").parameterDefinition
    assert theirs == {
        "simplify_px": parameters("SIMPLIFY").defaultValue(),
        "min_area_px": parameters("MIN_AREA").defaultValue(),
        "min_hole_px": parameters("MIN_HOLE").defaultValue(),
        "largest_part_only": parameters("LARGEST_PART").defaultValue(),
        "all_parts": False,  # not offered in QGIS
        "right_angles": parameters("RIGHT_ANGLES").defaultValue(),
    }
    clicked = Options().params()
    assert clicked == {name: theirs[name] for name in clicked}


def test_caches_lie_where_the_engine_looks(
    command: EngineCommand, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    elsewhere = Path("/vsicurl/nowhere/far.tif")
    code = (
        "import sys; from encoder_tool.cache.location import default_cache_path as f; "
        "print('\\n'.join(str(f(path, 'nano')) for path in sys.argv[1:]))"
    )
    told = subprocess.run(
        [command.program, "-c", code, str(sample), str(elsewhere)],
        env={**command.environment, "XDG_CACHE_HOME": str(tmp_path / "user")},
        capture_output=True, text=True, timeout=PATIENCE_S, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert [str(default_cache_path(path, "nano")) for path in (sample, elsewhere)] == told


def test_algorithms_present_themselves(provider: GeoSamProvider) -> None:
    algorithms = provider.algorithms()
    assert {a.name() for a in algorithms} == {
        "layertoraster", "encoderaster", "segmentprompts", "segmentall", "refinefootprints",
        "cacheinfo",
    }  # fmt: skip
    assert not provider.icon().isNull()
    for algorithm in algorithms:
        assert Path(algorithm.svgIconPath()).is_file()
        assert algorithm.group()
        assert len(algorithm.shortHelpString()) > 200
        for parameter in algorithm.parameterDefinitions():
            assert parameter.help() or parameter.isDestination(), parameter.name()


@pytest.mark.parametrize(
    ("name", "parameter", "words", "shown"),
    [
        ("refinefootprints", "TRUST", ("features", "imagery"), ("The buildings", "The image")),
        ("segmentall", "PRESET", ("default", "detailed", "fast"), ("Standard", "Detailed", "Fast")),
        ("segmentall", "USE_M2M", ("preset", "yes", "no"), ("As the preset", "Yes", "No")),
    ],
)
def test_choices_are_shown_in_the_users_words_and_scripts_have_ours(
    provider: GeoSamProvider, context: QgsProcessingContext, cache: Path,
    name: str, parameter: str, words: tuple[str, ...], shown: tuple[str, ...],
) -> None:  # fmt: skip
    algorithm = provider.algorithm(name).create()
    options = algorithm.parameterDefinition(parameter).options()
    assert [option.partition(":")[0] for option in options] == list(shown)
    for number, word in enumerate(words):
        for given in (word, number, str(number)):
            assert algorithm.choice({parameter: given}, parameter, context) == word
    assert algorithm.choice({}, parameter, context) == words[0]
    square = layer_with("Polygon", UTM, [("POLYGON((0 0, 9 0, 9 9, 0 0))", ["", ""])])
    others = {"CACHE": str(cache), "INPUT": square, "OUTPUT": "memory:"}
    for given, is_taken in ((words[-1], True), (len(words) - 1, True), ("else", False)):
        is_fine, message = algorithm.checkParameterValues({**others, parameter: given}, context)
        assert is_fine == is_taken, message
