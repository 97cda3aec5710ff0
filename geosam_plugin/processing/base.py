"""What the algorithms share: the engine, the parameters that more than one has, and how they
look in the toolbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsSettings,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from geosam_plugin.attribution import attribution_in
from geosam_plugin.cache_finder import cache_of
from geosam_plugin.cache_paths import is_cache
from geosam_plugin.engine.command import engine_command
from geosam_plugin.engine.process import EngineProcess, EngineSession
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import tell
from geosam_plugin.install.installer import find_engine
from geosam_plugin.paths import engine_source, icon, locks_directory
from geosam_plugin.processing.finishing import name_output
from geosam_plugin.translation import help_file

translate = QCoreApplication.translate

Results = dict[str, Any]

CACHE = "CACHE"
COVERAGE = "COVERAGE"

OF_CACHES = (
    "CacheDamagedError",
    "CacheError",
    "CacheLockedError",
    "CacheMismatchError",
    "CacheNotFoundError",
    "CacheVersionError",
)
"""The engine's errors about a feature cache."""


class PluginAlgorithm(QgsProcessingAlgorithm):
    """A subclass is a name, its parameters, what may be wrong with them, and its work.

    Runs on Processing's background thread, or on the main thread of a program without windows.

    NAME: of the algorithm; its icon and its help file are called the same
    """

    NAME: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._choices: dict[str, tuple[str, ...]] = {}

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        """What is wrong with parameters that are each of their kind; see `complaint`."""
        raise NotImplementedError

    # --- as Processing calls it

    def name(self) -> str:
        return self.NAME

    def createInstance(self) -> PluginAlgorithm:
        return type(self)()

    def icon(self) -> QIcon:
        return QIcon(icon(self.NAME))

    def svgIconPath(self) -> str:
        return icon(self.NAME)

    def shortHelpString(self) -> str:
        # The dialog takes each line of the text for a paragraph.
        return " ".join(help_file(f"{self.NAME}.html").read_text(encoding="utf-8").split())

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        is_fine, message = super().checkParameterValues(self._numbered(parameters), context)
        if is_fine:
            # Of an exception while it runs, `qgis_process` prints the sentence three times.
            message = self.problem(parameters, context) or ""
        return not message, message

    # --- for subclasses

    def add(self, parameter: QgsProcessingParameterDefinition, help_text: str) -> None:
        parameter.setHelp(help_text)
        self.addParameter(parameter)

    def add_advanced(self, parameter: QgsProcessingParameterDefinition, help_text: str) -> None:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.add(parameter, help_text)

    def add_choice(
        self,
        name: str,
        description: str,
        options: Mapping[str, str],
        help_text: str,
        *,
        is_advanced: bool = False,
    ) -> None:
        """A choice that dialogs show in the user's words; scripts may give ours, or its number.

        options: theirs by ours; the first one is the default
        """
        self._choices[name] = tuple(options)
        parameter = QgsProcessingParameterEnum(
            name, description, options=list(options.values()), defaultValue=0
        )
        (self.add_advanced if is_advanced else self.add)(parameter, help_text)

    def choice(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        """Our word for what was chosen."""
        numbered = self._numbered(parameters)
        return self._choices[name][self.parameterAsEnum(numbered, name, context)]

    def _numbered(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """The same with numbers in place of our words, as QGIS takes them."""
        numbers = {
            name: words.index(parameters[name])
            for name, words in self._choices.items()
            if parameters.get(name) in words
        }
        return {**parameters, **numbers}

    def add_large_consent(self, name: str) -> None:
        self.add_advanced(
            QgsProcessingParameterBoolean(
                name, translate("GeoSAM", "Agree to a large raster"), defaultValue=False
            ),
            translate(
                "GeoSAM",
                "More than 65 million pixels, a thousand tiles. Most providers of web maps do not "
                "allow that.",
            ),
        )

    def is_given(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> bool:
        """Whether an optional parameter has a value: each dialog has its own way of having none."""
        value = parameters.get(name)
        if isinstance(value, QgsProcessingOutputLayerDefinition):
            value, _ = value.sink.valueAsString(context.expressionContext())
        return not (value is None or value == NULL or value == "")

    def optional_number(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> float | None:
        if not self.is_given(parameters, name, context):
            return None
        return self.parameterAsDouble(parameters, name, context)

    def optional_int(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> int | None:
        if not self.is_given(parameters, name, context):
            return None
        return self.parameterAsInt(parameters, name, context)

    def extent_box(
        self,
        parameters: dict[str, Any],
        name: str,
        context: QgsProcessingContext,
        crs: QgsCoordinateReferenceSystem,
    ) -> QgsRectangle | None:
        """An extent in `crs`, by its densified outline; None for everything."""
        if self.parameterAsExtent(parameters, name, context).isNull():
            return None
        return self.parameterAsExtentGeometry(parameters, name, context, crs).boundingBox()

    def referenced_extent(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsReferencedRectangle | None:
        """An extent in the CRS that it is given in; None for everything."""
        if not self.is_given(parameters, name, context):
            return None
        return QgsReferencedRectangle(
            self.parameterAsExtent(parameters, name, context),
            self.parameterAsExtentCrs(parameters, name, context),
        )

    def say_unreadable(self) -> str:
        return translate("GeoSAM", "There is no such layer, or it cannot be read.")

    def complaint(self, name: str, sentence: str) -> str:
        """A sentence about a parameter, which it names as the dialog and as scripts do."""
        description = self.parameterDefinition(name).description()
        return f"{description} ({name}): {sentence}"


class EngineAlgorithm(PluginAlgorithm):
    """One whose work, `execute`, is the engine's.

    BLAMED: by the type of an error of the engine's, the parameter that it is about
    """

    BLAMED: ClassVar[Mapping[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self._to_be_named: dict[str, str] = {}

    def execute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        engine: EngineSession,
    ) -> Results:
        """Do the work; EngineError and QgsProcessingException end it with their sentence."""
        raise NotImplementedError

    def advice(self) -> dict[str, str]:
        """What to do about errors of the engine's, by their type, where the usual advice does not
        fit: sentences that name parameters."""
        return {}

    # --- as Processing calls it

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        is_fine, message = super().checkParameterValues(parameters, context)
        if is_fine:
            message = _without_engine()
        return not message, message

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> Results:
        try:
            with _engine(feedback) as engine:
                return self.execute(parameters, context, feedback, engine)
        except EngineError as error:
            text, name = tell(error, self.advice()), self.BLAMED.get(error.type)
            raise QgsProcessingException(self.complaint(name, text) if name else text) from error

    def postProcessAlgorithm(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Results:
        for layer_id, attribution in self._to_be_named.items():
            name_output(context, layer_id, attribution)
        return {}  # the results stay as they are

    # --- for subclasses

    def name_later(self, layer_id: str | None, described: Mapping[str, Any]) -> None:
        """Have an output of polygons name whom its raster names, once it is written.

        described: what the engine's `open` tells of the cache
        """
        attribution = attribution_in(described)
        if layer_id and attribution:
            self._to_be_named[layer_id] = attribution

    def add_cache(self) -> None:
        self.add(
            QgsProcessingParameterFile(
                CACHE,
                translate("GeoSAM", "Feature cache"),
                behavior=QgsProcessingParameterFile.Behavior.Folder,
            ),
            translate(
                "GeoSAM",
                "The folder that encoding made; its name ends in .sam2.zarr. Scripts may give the "
                "raster instead.",
            ),
        )

    def add_coverage(self) -> None:
        sink = QgsProcessingParameterFeatureSink(
            COVERAGE,
            translate("GeoSAM", "Coverage"),
            QgsProcessing.SourceType.TypeVectorPolygon,
            optional=True,
        )
        sink.setCreateByDefault(False)
        self.add(
            sink,
            translate(
                "GeoSAM",
                "A layer with one rectangle for each patch: its level, and whether it is encoded, "
                "missing, or empty for want of pixels.",
            ),
        )

    def cache_path(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path:
        """What is given; in place of a raster, its cache, if it has one."""
        path = Path(self.parameterAsString(parameters, CACHE, context))
        return (cache_of(path) if path.is_file() else None) or path

    def cache_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> str | None:
        path = self.cache_path(parameters, context)
        if path.is_file():
            text = translate(
                "GeoSAM", "{} is a file for which no feature cache was found. Encode it first."
            )
        elif not path.is_dir():
            text = translate("GeoSAM", "There is no folder {}.")
        elif not is_cache(path):
            text = translate(
                "GeoSAM", "{} is not a feature cache. Encode a raster first, then choose its cache."
            )
        else:
            return None
        return self.complaint(CACHE, text.format(path))


def _without_engine() -> str:
    """What to do where there is no engine; "" where there is one."""
    if find_engine() is not None:
        return ""
    if QgsApplication.platform() == "qgis_process":
        return translate(
            "GeoSAM",
            "GeoSAM's engine is not installed. Install it in QGIS's window, under Settings > "
            "Options > GeoSAM. On a server without a window: make a Python environment, install "
            "{packages} into it with pip, and name its Python in {settings}, under [geosam]: "
            "engine\\python=…, engine\\is_complete=true.",
        ).format(packages=locks_directory() / "base.lock", settings=QgsSettings().fileName())
    return translate(
        "GeoSAM",
        "GeoSAM's engine is not installed. Install it under Settings > Options > GeoSAM.",
    )


_running: set[QgsProcessingFeedback] = set()


def cancel_runs() -> None:
    """Have every algorithm stop that is running, as its own Cancel button does."""
    for feedback in tuple(_running):
        feedback.cancel()


@contextmanager
def cancelled_with_plugin(feedback: QgsProcessingFeedback) -> Iterator[None]:
    """A run that has to stop when the plugin goes."""
    _running.add(feedback)
    try:
        yield
    finally:
        _running.discard(feedback)


@contextmanager
def _engine(feedback: QgsProcessingFeedback) -> Iterator[EngineSession]:
    """A worker of this run's own; its log is shown when it fails in a way nobody foresaw."""
    python = find_engine()
    if python is None:
        raise QgsProcessingException(_without_engine())
    process = EngineProcess(engine_command(python, str(engine_source())))
    try:
        # Whoever runs an algorithm on the main thread has chosen to wait for it.
        session = process.session(feedback.isCanceled, allow_gui_thread=True)
        with cancelled_with_plugin(feedback), session as engine:
            yield engine
    except EngineError as error:
        if error.type in ("Crashed", "Internal", "MissingDependencyError"):
            feedback.pushConsoleInfo(process.log_text)
        raise
