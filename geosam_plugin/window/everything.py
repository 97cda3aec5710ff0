"""Everything is segmented from the dock: a process of its own finds the objects, so that clicks are
answered meanwhile, and they come into a temporary layer as they are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.core import Qgis, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication, QObject

from geosam_plugin.attribution import attribution_in, name_source
from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.clicking.map_overlay import MapOverlay
from geosam_plugin.engine.client import FAILED, STOPPED, EngineClient
from geosam_plugin.engine.job import EngineJob
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import tell
from geosam_plugin.geometry import AreaMeasure
from geosam_plugin.processing.segment_all_results import (
    ObjectFeatures,
    say_missing,
    say_progress,
)
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.found_layer import FoundLayer, make_found_layer
from geosam_plugin.window.messages import Action, Messages

translate = QCoreApplication.translate

STOP_MS = 5_000
"""What a stopped run may take: a patch takes up to minutes, and a killed run goes on as well."""


@dataclass(eq=False)
class Run:
    """params: of the worker's `segment_all`
    image, raster_id: what is segmented, and its layer
    manifest: the cache's as the run began: another one may come to lie in its place
    done, total: patches; total is 0 until it is known
    missing: patches that are not encoded
    """

    params: dict[str, Any]
    image: ClickedImage
    raster_id: str
    manifest: dict[str, Any]
    done: int = 0
    total: int = 0
    missing: int = 0
    is_stopping: bool = False
    found: FoundLayer | None = None

    @property
    def is_enlarged(self) -> bool:
        """It looks at what is finer than the cache, too, which is encoded first."""
        return self.params["preset"] == "detailed" and self.params["level"] == 0

    @property
    def count(self) -> int:
        return self.found.count if self.found is not None else 0

    def is_like(self, other: Run) -> bool:
        """Whether both find the same objects: of a cache that has grown there are more patches."""
        mine, theirs = (self.params, self.manifest), (other.params, other.manifest)
        return mine == theirs and self.total == other.total


class Everything(QObject):
    """One run at a time. One that did not come to its end is gone on with by the next that asks for
    the same: the engine keeps what it has found, and the layer takes what is new."""

    def __init__(
        self,
        client: EngineClient,
        controller: Controller,
        overlay: MapOverlay,
        dock: GeoSamDock,
        messages: Messages,
        offer_of_file: Callable[[QgsVectorLayer], Action],
        parent: QObject | None = None,
    ) -> None:
        """offer_of_file: to make a layer a file's"""
        super().__init__(parent)
        self._client = client
        self._controller = controller
        self._overlay = overlay
        self._dock = dock
        self._messages = messages
        self._offer_of_file = offer_of_file
        self._project = QgsProject.instance()
        self._job: EngineJob | None = None
        self._run: Run | None = None
        self._unfinished: Run | None = None
        self._told_image: ClickedImage | None = None
        self._error: EngineError | None = None
        self._section = dock.everything
        self._section.beginWanted.connect(self.begin)
        self._section.stopWanted.connect(self.stop)
        self._project.layersWillBeRemoved.connect(self._on_layers_removed)
        controller.cacheChanged.connect(self._on_cache)
        client.stateChanged.connect(self._on_engine)
        dock.closed.connect(self.stop)  # nobody would see what keeps the computer busy
        self._on_cache()

    @property
    def is_on(self) -> bool:
        return self._run is not None

    @property
    def process_id(self) -> int:
        """0 when there is no process."""
        return self._job.process_id if self._job is not None else 0

    def close(self) -> None:
        """End it without waiting; what was found is kept."""
        self._project.layersWillBeRemoved.disconnect(self._on_layers_removed)
        if self._job is not None:
            self._job.release()
        if self._run is not None and self._run.found is not None:
            self._run.found.stop()
        self._job = self._run = None

    def begin(self) -> None:
        """Segment what the section says of the image that is clicked."""
        image, raster = self._controller.image, self._dock.image.layer
        if self.is_on or raster is None or not image.described:
            return
        params = self._params(image)
        if params is None:
            self._messages.say(
                translate("GeoSAM", "The map does not show the image that is chosen in GeoSAM.")
            )
            return
        self._dock.remember()
        self._messages.clear()  # of the run before
        self._error = None
        self._run = Run(params, image, raster.id(), image.described["manifest"])
        self._job = job = EngineJob(
            self._client.command, "segment_all", params, self, stop_ms=STOP_MS
        )
        job.progressed.connect(self._on_progress)
        job.ended.connect(self._on_ended)
        job.logged.connect(self._client.add_to_log)
        self._show()
        job.start()

    def stop(self) -> None:
        """What was found is kept, and so is what the engine needs to go on."""
        if self._run is not None:
            self._run.is_stopping = True
            if self._job is not None:
                self._job.stop()
            self._show()

    def _params(self, image: ClickedImage) -> dict[str, Any] | None:
        """Of the worker's `segment_all`; None when the map shows nothing of the image."""
        choice, options = self._section.choice, self._controller.options
        extent = None
        if choice.in_view:
            crs = self._overlay.view.crs
            points = self._controller.placing.to_raster(self._overlay.outline, crs)
            # What is too far for the image's CRS holds all of the image.
            if points:
                if not image.covers(points):
                    return None
                xs, ys = zip(*points)
                extent = image.axes.edges([min(xs), min(ys), max(xs), max(ys)])
        return {
            "cache": image.cache,
            "preset": choice.preset,
            "level": options.level or 0,
            "extent": extent,
            "min_area": choice.min_area,
            "simplify_px": options.simplify_px,
            "min_area_px": options.min_area_px,
            "raster": image.raster or None,
        }

    # --- the run

    def _on_progress(self, told: dict[str, Any]) -> None:
        run = self._run
        if run is None:
            return
        if "total" in told:
            is_first = not run.total
            run.done, run.total = told["done"], told["total"]
            if is_first:
                run.found = self._layer_of(run)
        if "found" in told:
            if run.found is None:
                run.found = self._make_layer(run)
            run.found.add(told["found"])
        self._show()

    def _layer_of(self, run: Run) -> FoundLayer | None:
        """That of the run which this one goes on with. One that took nothing more lacks what it
        was told of: all of that comes again, into another one."""
        before, self._unfinished = self._unfinished, None
        found = before.found if before is not None else None
        if before is None or found is None:
            return None
        if found.has_all and before.is_like(run):
            return found
        found.end()
        return None

    def _make_layer(self, run: Run) -> FoundLayer:
        described, crs = run.image.described, run.image.crs
        text = translate("GeoSAM", "Everything in {raster}")
        name = text.format(raster=described["raster"].rpartition(".")[0] or described["raster"])
        layer = make_found_layer(crs if crs.isValid() else self._project.crs(), name)
        name_source(layer, attribution_in(described))
        self._project.addMapLayer(layer)
        features = ObjectFeatures(
            run.image.axes,
            described["raster"],
            described["model"],
            AreaMeasure.of_project(crs, self._project),
        )
        found = FoundLayer(layer, features, self)
        found.emptied.connect(self._on_emptied)
        return found

    def _on_emptied(self) -> None:
        run = self._run
        if run is None or run.found is None:
            return
        if run.found.has_failed and not run.is_stopping:
            text = translate("GeoSAM", "The layer “{layer}” takes no more objects.")
            self._messages.say(text.format(layer=run.found.layer.name()))
            self.stop()
        if self._job is None:
            self._finish(run)

    def _on_ended(self, error: EngineError | None) -> None:
        run, job = self._run, self._job
        if run is None or job is None:
            return
        run.missing = int(job.result.get("missing", 0))
        job.deleteLater()
        self._job, self._error = None, error
        if run.found is None or not run.found.is_behind:
            self._finish(run)

    def _finish(self, run: Run) -> None:
        """The engine has nothing more to tell, and the layer has it all, unless it failed."""
        self._run, error = None, self._error
        self._told_image = run.image
        if error is None and (run.found is None or run.found.has_all):
            self._section.show_idle(say_progress(run.done, run.total, run.count))
            self._say_done(run)
            if run.found is not None:
                run.found.end()
        else:
            if run.total:  # else it has not even begun to go on with the one before
                self._unfinished = run
            self._section.show_idle(_say_stopped(run))
            if error is not None and not run.is_stopping:
                self._say_failed(run, error)
        self._on_cache()

    def _say_done(self, run: Run) -> None:
        text = translate("GeoSAM", "%n object(s) found, in a temporary layer.", None, run.count)
        if run.missing:
            text += " " + say_missing(run.missing)
        action = None
        if run.found is not None and not run.found.is_gone:
            action = self._offer_of_file(run.found.layer)
        self._messages.say(text, Qgis.MessageLevel.Success, action)

    def _say_failed(self, run: Run, error: EngineError) -> None:
        advice = {
            "NothingFoundError": translate(
                "GeoSAM", "Choose “Detailed”, or encode the image with a larger model."
            )
        }
        text = tell(error, advice)
        if run.done:
            kept = translate("GeoSAM", "{why} What was found is kept: the same run goes on there.")
            text = kept.format(why=text) if error.type != "NothingFoundError" else text
        self._messages.say(text)

    # --- around it

    def _show(self) -> None:
        run = self._run
        if run is None:
            return
        if run.is_stopping:
            text = translate("GeoSAM", "Stopping…")
        elif run.total:
            text = say_progress(run.done, run.total, run.count)
        elif run.is_enlarged:
            text = translate("GeoSAM", "Encoding the image enlarged, for small objects…")
        else:
            text = translate("GeoSAM", "Starting…")
        self._section.show_run(text, run.done, run.total, is_stopping=run.is_stopping)

    def _on_cache(self) -> None:
        """Another image was chosen, or more is known of it: a run that is on stays with its own."""
        if self._run is None and self._told_image is not self._controller.image:
            self._section.show_idle("")
        self._section.set_ready(bool(self._controller.described))
        self._section.show_unit(is_metric=self._controller.crs.isValid())

    def _on_layers_removed(self, layer_ids: list[str]) -> None:
        run = self._run
        if run is None or run.is_stopping:
            return
        layer = run.found.layer if run.found is not None and not run.found.is_gone else None
        if run.raster_id in layer_ids or (layer is not None and layer.id() in layer_ids):
            self._messages.say(
                translate("GeoSAM", "Its layer was removed: not everything has been segmented.")
            )
            self.stop()

    def _on_engine(self, state: str) -> None:
        """One that has been given up, or is replaced, may be about to be removed."""
        if state in (FAILED, STOPPED):
            self.stop()


def _say_stopped(run: Run) -> str:
    if not run.total:
        return translate("GeoSAM", "Stopped.")
    text = translate(
        "GeoSAM", "Stopped: {done} of {total} patches. The same run goes on from there."
    )
    return text.format(done=run.done, total=run.total)
