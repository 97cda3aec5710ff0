"""Between the map, the session and the engine: what is clicked is asked, what comes back is
shown. It knows coordinates and CRSs; no widgets, no target layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from geosam_plugin import option_defaults as defaults
from geosam_plugin.clicking.placing import MapView, Placing
from geosam_plugin.clicking.session import (
    BOX,
    EXCLUDE,
    INCLUDE,
    Candidate,
    ClickSession,
    Point,
    Prompt,
    Prompts,
    Question,
)
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.geometry import Shape, from_base64

GONE = ("CacheNotFoundError", "CacheDamagedError", "CacheMismatchError", "CacheVersionError")

FAILED = "Failed"

SILENT = (FAILED, "Cancelled", "Superseded")
"""What the user is told elsewhere, or has done himself."""


@dataclass(frozen=True)
class Options:
    """How objects are found and outlined; None is "by itself"."""

    level: int | None = None
    simplify_px: float = defaults.SIMPLIFY_PX
    min_area_px: float = defaults.MIN_AREA_PX
    largest_part_only: bool = defaults.LARGEST_PART_ONLY

    def params(self) -> dict[str, Any]:
        params: dict[str, Any] = {
            "simplify_px": self.simplify_px,
            "min_area_px": self.min_area_px,
            "largest_part_only": self.largest_part_only,
        }
        if self.level is not None:
            params["level"] = self.level
        return params


class Controller(QObject):
    """One raster's cache, and the objects that are clicked in it.

    changed: prompts, candidates or counters
    cacheChanged: another cache, or more is known of it (`described`)
    hoverChanged: a QgsGeometry in the raster's CRS, or None
    finished: a Draft that is answered and was to be saved
    said: a sentence for the user
    notEncoded: a sentence, and the extent (raster's CRS) that would have to be encoded
    """

    changed = pyqtSignal()
    cacheChanged = pyqtSignal()  # noqa: N815 - Qt's way
    hoverChanged = pyqtSignal(object)  # noqa: N815
    finished = pyqtSignal(object)
    said = pyqtSignal(str)
    notEncoded = pyqtSignal(str, QgsRectangle)  # noqa: N815

    def __init__(
        self, client: EngineClient, project: QgsProject, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session = ClickSession()
        self.options = Options()
        self.cache = ""
        self.crs = QgsCoordinateReferenceSystem()
        self.described: dict[str, Any] = {}
        self._client = client
        self._project = project
        self._hover_id = 0
        self._parked: Prompts = ()

    # --- the cache

    def use_cache(self, path: str, crs: QgsCoordinateReferenceSystem, raster: str = "") -> None:
        """Click in this cache from now on; "" for none.

        crs: the raster layer's, which the user may have overridden
        raster: path of the raster, to see whether it is still the one that was encoded
        """
        if (path, crs) != (self.cache, self.crs):
            self.session.reset()
            self._parked = ()
            self.described = {}
        self.cache, self.crs = path, crs
        self.clear_hover()
        if path:
            params = {"cache": path, "patches": True, "raster": raster or None}
            self._client.request(
                "open", params, partial(self._on_opened, path), partial(self._on_not_opened, path)
            )
        self.cacheChanged.emit()
        self.changed.emit()

    def retry(self) -> None:
        """The engine is there again: ask what it left unanswered."""
        self.session.retry()
        self._go_on()

    def cache_grew(self) -> None:
        """More is encoded by now: repeat the click that was outside of it."""
        parked, self._parked = self._parked, ()
        if not self.session.draft.prompts:
            for prompt in parked:
                self.session.add(prompt)
        self.retry()

    def coverage(self) -> QgsGeometry:
        """What is encoded, in the raster's CRS, as one outline for each level-0 patch."""
        parts = [
            from_base64(patch["wkb"])
            for patch in self.described.get("patches", [])
            if patch["level"] == 0
        ]
        return QgsGeometry.collectGeometry(parts) if parts else QgsGeometry()

    def _on_opened(self, path: str, described: dict[str, Any]) -> None:
        if path == self.cache:
            self.described = described
            self.cacheChanged.emit()
            if described.get("raster_state") == "changed":
                self.said.emit(
                    QCoreApplication.translate(
                        "GeoSAM",
                        "The image has changed since it was encoded. Encode it again, or shapes "
                        "will follow the old image.",
                    )
                )

    def _on_not_opened(self, path: str, error: EngineError) -> None:
        if path == self.cache and error.type not in SILENT:
            self._lose_cache(error)

    def _lose_cache(self, error: EngineError) -> None:
        self.said.emit(str(error))
        self.use_cache("", self.crs)

    # --- the user

    def click(self, where: QgsPointXY, is_include: bool, view: MapView) -> None:
        points = self.placing.to_raster([where], view.crs)
        if not self._is_on_raster(points):
            return
        kind = INCLUDE if is_include else EXCLUDE
        size = self.placing.pixel_size(where, view)
        self.session.add(Prompt(kind, tuple(points), pixel_size=size))
        self._go_on()

    def drag_box(self, outline: Sequence[QgsPointXY], view: MapView) -> None:
        points = self.placing.to_raster(outline, view.crs)
        if not self._is_on_raster(points):
            return
        upright = view.is_upright and view.crs == self.crs
        size = self.placing.pixel_size(outline[0], view)
        self.session.add(Prompt(BOX, tuple(points), upright, size))
        self._go_on()

    def hover(self, where: QgsPointXY, view: MapView) -> None:
        """Preview what a click would find. Quiet where there is nothing: the mouse passes over
        all kinds of places."""
        if self.session.draft.prompts or not self.described:
            return
        points = self.placing.to_raster([where], view.crs)
        if not self._covers(points):
            self.clear_hover()
            return
        self._hover_id += 1
        params = {
            **self.options.params(),
            "cache": self.cache,
            "include": [list(points[0])],
            "pixel_size": self.placing.pixel_size(where, view),
        }
        self._client.hover(
            params,
            partial(self._on_hover, self._hover_id),
            partial(self._on_hover, self._hover_id, None),
        )

    def prewarm(self, where: QgsPointXY, view: MapView) -> None:
        """Have the engine make ready what the user looks at: the first click is as quick as the
        others then."""
        self.hover(where, view)
        self._hover_id += 1

    def clear_hover(self) -> None:
        self._hover_id += 1
        self.hoverChanged.emit(None)

    def undo(self) -> None:
        self.session.undo()
        self._go_on()

    def redo(self) -> None:
        self.session.redo()
        self._go_on()

    def clear(self) -> None:
        self._parked = ()
        self.session.clear()
        self._go_on()

    def cycle(self) -> None:
        self.session.cycle()
        self._go_on()

    def save(self, how: object) -> bool:
        """Hand the object over by `finished`, now or when its answer is there, with `how`."""
        could = self.session.save(how)
        self._go_on()
        return could

    def set_options(self, options: Options) -> None:
        if options != self.options:
            self.options = options
            if self.session.draft.prompts:
                self.session.draft.changed()
            self._go_on()

    # --- the engine

    def _go_on(self) -> None:
        """Ask what there is to ask, hand over what is finished, and show it."""
        for draft in self.session.take_finished():
            self.finished.emit(draft)
        question = self.session.next_question() if self.cache else None
        if question is not None:
            self.clear_hover()
            self._ask(question, question.params)
        self.changed.emit()

    def _ask(self, question: Question, prompts: dict[str, Any]) -> None:
        self._client.request(
            "predict",
            {**self.options.params(), **prompts, "cache": self.cache},
            partial(self._on_answer, question),
            partial(self._on_error, question, prompts),
        )

    def _on_answer(self, question: Question, result: dict[str, Any]) -> None:
        candidates = [
            Candidate(found["candidate"], found["score"], found["wkb"])
            for found in result["objects"]
        ]
        self.session.answer(question, candidates, result["level"])
        self.session.last_ms = result["timings_ms"]["total"]
        self._go_on()

    def _on_error(self, question: Question, asked: dict[str, Any], error: EngineError) -> None:
        prompts = question.draft.prompts
        outside = error.type == "NotEncodedError"
        if not self.session.is_open(question):
            return  # of another raster or cache
        if outside and "pixel_size" in asked and self.options.level is None:
            # Where only an extent is encoded, there is no coarse level for a map zoomed out.
            self._ask(question, {k: v for k, v in asked.items() if k != "pixel_size"})
            return
        concerns = self.session.fail(question, drop_prompt=outside, wait=error.type == FAILED)
        if concerns and error.type in GONE:
            self._lose_cache(error)
        elif concerns and outside:
            self._parked = prompts
            text = QCoreApplication.translate("GeoSAM", "The image is not encoded there yet.")
            self.notEncoded.emit(text, QgsRectangle(*error.details["extent"]))
        elif concerns and error.type not in SILENT:
            self.said.emit(str(error))
        self._go_on()

    def _on_hover(self, hover_id: int, result: dict[str, Any] | None, *_: object) -> None:
        if hover_id == self._hover_id and not self.session.draft.prompts:
            self.hoverChanged.emit(from_base64(result["objects"][0]["wkb"]) if result else None)

    # --- coordinates

    @property
    def shape(self) -> Shape | None:
        """The pending one."""
        candidate = self.session.draft.candidate
        return Shape(from_base64(candidate.wkb), self.crs) if candidate else None

    def shape_of(self, candidate: Candidate) -> Shape:
        return Shape(from_base64(candidate.wkb), self.crs)

    @property
    def placing(self) -> Placing:
        return Placing(self.crs, self._project)

    def _is_on_raster(self, points: Sequence[Point]) -> bool:
        """Says so when none of it is."""
        if self._covers(points):
            return True
        self.said.emit(
            QCoreApplication.translate(
                "GeoSAM", "That is outside the image. Click on the image that is chosen in GeoSAM."
            )
        )
        return False

    def _covers(self, points: Sequence[Point]) -> bool:
        if not points:
            return False  # the raster's CRS does not reach there
        if "bounds" not in self.described:
            return True  # not known yet: the engine will tell
        xs, ys = zip(*points)
        drawn = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
        return QgsRectangle(*self.described["bounds"]).intersects(drawn)
