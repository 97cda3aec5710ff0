"""Between the map, the session and the engine: what is clicked is asked, what comes back is
shown. It knows coordinates and CRSs; no widgets, no target layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

from geosam_plugin.clicking.asking import SILENT, Asking
from geosam_plugin.clicking.draft import Draft
from geosam_plugin.clicking.hover import Hover
from geosam_plugin.clicking.image import ClickedImage, middle_of
from geosam_plugin.clicking.opening import Opening
from geosam_plugin.clicking.options import Options
from geosam_plugin.clicking.placing import MapView, Placing
from geosam_plugin.clicking.prompts import BOX, EXCLUDE, INCLUDE, Point, Prompt
from geosam_plugin.clicking.session import ClickSession
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import tell
from geosam_plugin.geometry import Shape
from geosam_plugin.raster_axes import RasterAxes

translate = QCoreApplication.translate


class Controller(QObject):
    """The objects that are clicked, in the image that is chosen and in those before it.

    changed: prompts, candidates or counters
    cacheChanged: another cache, or more is known of it (`described`)
    hoverChanged: a QgsGeometry in the raster's CRS, or None
    finished: a Draft that is answered and was to be saved
    said: a sentence for the user; noted: one that is no warning
    notEncoded: a sentence, and the extent (raster's CRS) that would have to be encoded
    asked: the engine is asked about a prompt
    elsewhere: an object is begun in another part of the web map, at a place in the raster's CRS: it
        is gone on with when that is the image (`use_cache`)
    hoverMissed: the mouse rests where an image that is filling has no patch yet: a place, as the
        worker's `focus` takes it
    """

    changed = pyqtSignal()
    cacheChanged = pyqtSignal()  # noqa: N815 - Qt's way
    hoverChanged = pyqtSignal(object)  # noqa: N815
    finished = pyqtSignal(object)
    said = pyqtSignal(str)
    noted = pyqtSignal(str)
    notEncoded = pyqtSignal(str, QgsRectangle)  # noqa: N815
    asked = pyqtSignal()
    elsewhere = pyqtSignal(QgsPointXY)
    hoverMissed = pyqtSignal(object)  # noqa: N815

    def __init__(
        self, client: EngineClient, project: QgsProject, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session = ClickSession()
        self.options = Options()
        self.image = ClickedImage()
        self._images: dict[str, ClickedImage] = {}
        self._carried: tuple[QgsPointXY, Callable[[], None]] | None = None
        self._client = client
        self._project = project
        self._asking = Asking(client, self.session, self)
        for inner, outer in (
            (self._asking.asked, self.asked),
            (self._asking.said, self.said),
            (self._asking.notEncoded, self.notEncoded),
        ):
            inner.connect(outer)
        self._asking.answered.connect(self.go_on)
        self._asking.cacheGone.connect(lambda: self.use_cache("", self.crs))
        self._hover = Hover(client, self)
        self._hover.shown.connect(self._on_hover)
        self._opening = Opening(client, self)
        self._opening.opened.connect(self._on_opened)
        self._opening.refused.connect(self._on_refused)
        self.session.use_image(self.image)

    @property
    def cache(self) -> str:
        return self.image.cache

    @property
    def crs(self) -> QgsCoordinateReferenceSystem:
        return self.image.crs

    @property
    def described(self) -> dict[str, Any]:
        return self.image.described

    # --- the image

    def use_cache(
        self,
        path: str,
        crs: QgsCoordinateReferenceSystem,
        raster: str = "",
        axes: RasterAxes = RasterAxes(),  # noqa: B008 - frozen
        core: QgsRectangle | None = None,
    ) -> None:
        """Click in this cache from now on; "" for none. What was begun in another one is kept
        with that, and what waits to be saved there is still asked for and saved.

        crs: the raster layer's, which the user may have overridden
        raster: path of the raster
        axes: how it lies for the engine
        core: of a part of a web map (see ClickedImage)
        """
        image = self._images.setdefault(path, ClickedImage(path)) if path else ClickedImage()
        image.crs, image.raster, image.axes = crs, raster if path else "", axes
        image.core = core
        self.image = image
        self.clear_hover()
        if self.session.use_image(image):
            self.noted.emit(
                translate(
                    "GeoSAM",
                    "The object that is not saved yet is kept: it is there again when you choose "
                    "its image again.",
                )
            )
        self._begin_carried()
        self._heed_options()
        self.describe()
        self.cacheChanged.emit()
        self.go_on()

    def retry(self) -> None:
        """The engine is there again: ask what it left unanswered."""
        if not self.described and not self.image.is_opening:
            self.describe()
        self.session.retry()
        self.go_on()

    def cache_grew(self) -> None:
        """More is encoded by now, or will be: repeat the click that was outside of it."""
        prompts, self.image.outside = self.image.outside, ()
        if not self.session.draft.prompts:
            for prompt in prompts:
                self.session.add(prompt)
        self.retry()

    def show_coverage(self, is_shown: bool) -> None:
        """Have `image.coverage` known from now on."""
        self._opening.wants_coverage = is_shown
        if is_shown:
            self.describe()

    def describe(self, *, with_raster: bool = True) -> None:
        """Have the engine tell what is encoded by now; with_raster: see `Opening.open`."""
        self._opening.open(self.image, with_raster=with_raster)

    def _on_opened(self, image: ClickedImage) -> None:
        if image is not self.image:
            return
        self.cacheChanged.emit()
        if image.described.get("raster_state") == "changed":
            self.said.emit(
                translate(
                    "GeoSAM",
                    "The image has changed since it was encoded. Encode it again, or shapes "
                    "will follow the old image.",
                )
            )

    def _on_refused(self, image: ClickedImage, error: EngineError) -> None:
        if image is self.image and error.type not in SILENT and not image.awaits(error):
            self.use_cache("", self.crs)
            self.said.emit(tell(error))

    # --- the user

    def click(self, where: QgsPointXY, is_include: bool, view: MapView) -> None:
        if not self.cache:
            return
        points = self.placing.to_raster([where], view.crs)
        kind = INCLUDE if is_include else EXCLUDE
        size = self.placing.pixel_size(where, view)
        self._add(Prompt(kind, tuple(points), pixel_size=size))

    def drag_box(self, outline: Sequence[QgsPointXY], view: MapView) -> None:
        if not self.cache:
            return
        points = self.placing.to_raster(outline, view.crs)
        upright = view.is_upright and view.crs == self.crs
        size = self.placing.pixel_size(outline[0], view)
        self._add(Prompt(BOX, tuple(points), upright, size))

    def _add(self, prompt: Prompt) -> None:
        def begin() -> None:
            self.session.begin(Draft(self.image))
            self.session.add(prompt)

        if self._is_elsewhere(prompt.points, begin):
            return
        if self._is_on_raster(prompt.points):
            self.session.add(prompt)
            self.go_on()

    def hover(self, where: QgsPointXY, view: MapView) -> None:
        """Preview what a click would find. Quiet where there is nothing: the mouse passes over
        all kinds of places."""
        if self.session.draft.prompts or not self.described:
            return
        points = self.placing.to_raster([where], view.crs)
        if not self.image.covers(points):
            self.clear_hover()
            return
        size = self.placing.pixel_size(where, view)
        params = {
            **self.options.params(),
            **self.image.params,
            **self.image.axes.params({"include": points}),
            "pixel_size": size,
        }
        place = self.image.focus(points, size, self.options)
        missed = partial(self._on_hover_missed, self.image, place)
        self._hover.ask(params, self.image.axes.geometry, missed)
        self.asked.emit()

    def prewarm(self, where: QgsPointXY, view: MapView) -> None:
        """Have the engine make ready what the user looks at, for the first click."""
        points = self.placing.to_raster([where], view.crs)
        if self.cache and self.image.covers(points):
            place = self.image.focus(points, self.placing.pixel_size(where, view), self.options)
            # Whatever may be wrong with the place, a click will tell.
            self._client.request("prefetch", {"cache": self.cache, **place}, lambda _: None)

    def clear_hover(self) -> None:
        self._hover.clear()

    def undo(self) -> None:
        self.session.undo()
        self.go_on()

    def redo(self) -> None:
        self.session.redo()
        self.go_on()

    def clear(self) -> None:
        self.image.outside = ()
        self.session.clear()
        self.go_on()

    def cycle(self) -> None:
        self.session.cycle()
        self.go_on()

    def save(self, how: object) -> bool:
        """Hand the object over by `finished`, now or when its answer is there, with `how`."""
        self.session.draft.options = self.options
        could = self.session.save(how)
        self.go_on()
        return could

    def take_up(self) -> None:
        """Go on with an object of this image that was set aside."""
        if self.session.take_up():
            self._heed_options()
            self.go_on()

    def correct(self, draft: Draft) -> bool:
        """Go on with a saved object (`correction.correction_of`); False when it is not on this
        image."""

        def begin() -> None:
            draft.image = self.image
            self.session.begin(draft)

        points = [point for prompt in draft.prompts for point in prompt.points]
        if self._is_elsewhere(points, begin):
            return True
        if not self.image.covers(points):
            return False
        begin()
        self.go_on()
        return True

    # --- parts of a web map

    @property
    def carried_to(self) -> QgsPointXY | None:
        """Where an object is to be begun, in the raster's CRS, once its part of the web map is the
        image; None for none."""
        return self._carried[0] if self._carried is not None else None

    def _is_elsewhere(self, points: Sequence[Point], begin: Callable[[], None]) -> bool:
        """Whether what begins at these points belongs to another part of the web map, by their
        middle: `begin` is called when that is the image. What is added to an object, or comes while
        one waits to be saved, does not: that would be left behind."""
        is_busy = self.session.draft.prompts or self.session.waits_to_save
        if is_busy or not points or self.image.is_home_of(middle := middle_of(points)):
            return False
        self._carried = middle, begin
        self.elsewhere.emit(middle)
        return True

    def _begin_carried(self) -> None:
        """Where the user has gone elsewhere meanwhile, it is forgotten."""
        if self._carried is not None and self.cache:
            (place, begin), self._carried = self._carried, None
            if self.image.is_block and self.image.is_home_of(place):
                begin()

    def set_options(self, options: Options) -> None:
        if options != self.options:
            self.options = options
            self._heed_options()
            self.go_on()

    def give_back(self, draft: Draft) -> None:
        """An object that was `finished` could not be saved."""
        self.session.give_back(draft)
        self._heed_options()
        self.go_on()

    def _heed_options(self) -> None:
        """What was found with other options than are set now is asked for again."""
        draft = self.session.draft
        if draft.prompts and draft.options not in (None, self.options):
            draft.changed()

    # --- the engine

    def go_on(self) -> None:
        """Ask what there is to ask, hand over what is finished, and show it."""
        for draft in self.session.take_finished():
            self.finished.emit(draft)
        question = self.session.next_question()
        if question is not None:
            self.clear_hover()
            if question.draft is self.session.draft:
                question.draft.options = self.options
            self._asking.ask(question)
        self.changed.emit()

    def say_kept(self, draft: Draft, why: str) -> str:
        """Why an object was not saved, and where it is now."""
        return self._asking.say_kept(draft, why)

    def _on_hover(self, geometry: QgsGeometry | None) -> None:
        if geometry is None or not self.session.draft.prompts:
            self.hoverChanged.emit(geometry)

    def _on_hover_missed(
        self, image: ClickedImage, place: dict[str, Any], error: EngineError
    ) -> None:
        if image is self.image and image.awaits(error):
            self.hoverMissed.emit(place)

    # --- coordinates

    @property
    def shape(self) -> Shape | None:
        """The pending one."""
        return self.shape_of(self.session.draft)

    def shape_of(self, draft: Draft) -> Shape | None:
        candidate = draft.candidate
        if candidate is None:
            return None
        return Shape(draft.image.axes.geometry(candidate.wkb), draft.image.crs)

    @property
    def placing(self) -> Placing:
        return Placing(self.crs, self._project)

    def _is_on_raster(self, points: Sequence[Point]) -> bool:
        """Says so when none of it is."""
        if self.image.covers(points):
            return True
        if not self.image.is_block:
            text = translate(
                "GeoSAM", "That is outside the image. Click on the image that is chosen in GeoSAM."
            )
        elif self.session.draft.prompts:
            text = translate(
                "GeoSAM",
                "That is in another part of the web map than the object at hand: save that first "
                "(Enter), or clear it (Esc).",
            )
        else:
            text = translate(
                "GeoSAM",
                "That is in another part of the web map: it can be clicked when the last object is "
                "saved.",
            )
        self.said.emit(text)
        return False
