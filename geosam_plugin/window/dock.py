"""The dock: one column that says what to do next."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsUnitTypes
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
from qgis.PyQt.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.draft import Candidate, Draft
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.window.dock_sections import (
    ImageSection,
    PromptSection,
    TargetSection,
    note,
    push_button,
)
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.everything_section import EverythingSection
from geosam_plugin.window.next_step import NextStep
from geosam_plugin.window.options_section import OptionsSection
from geosam_plugin.window.review_section import ReviewSection

translate = QCoreApplication.translate

SPACING_PX, SIDE_PX = 3, 9
"""So that all fits into a window of 860 pixels."""

DOUBTFUL = 0.5
"""A shape whose IoU the model itself puts below this is not to be saved without a look."""


class GeoSamDock(QgsDockWidget):
    """Sections, a line that says what to do next, and one about the engine."""

    def __init__(self, settings: DockSettings, parent: QWidget | None = None) -> None:
        super().__init__("GeoSAM", parent)
        self.setObjectName("GeoSamDock")
        self.settings = settings
        self.next_step = NextStep()
        self.lost = QWidget()
        self.lost_text = note()
        self.restore = push_button(translate("GeoSAM", "Bring back"))
        self.discard = push_button(translate("GeoSAM", "Discard"))
        lost = QHBoxLayout(self.lost)
        lost.setContentsMargins(0, 0, 0, 0)
        lost.addWidget(self.lost_text, 1)
        lost.addWidget(self.restore)
        lost.addWidget(self.discard)
        self.lost.hide()
        self.image = ImageSection()
        self.prompt = PromptSection()
        self.target = TargetSection(settings)
        self.options = OptionsSection(settings)
        self.options.setCollapsed(True)
        self.everything = EverythingSection(settings)
        self.everything.setCollapsed(True)
        self.review = ReviewSection()
        self.review.setCollapsed(True)
        self.counters = note()
        self.engine = note()
        self.engine_button = push_button(translate("GeoSAM", "Log…"))
        # One below the other beside the button, which is as high.
        foot = QGridLayout()
        foot.setColumnStretch(0, 1)
        foot.setVerticalSpacing(0)
        foot.addWidget(self.counters, 0, 0)
        foot.addWidget(self.engine, 1, 0)
        foot.addWidget(self.engine_button, 0, 1, 2, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setSpacing(SPACING_PX)
        column.setContentsMargins(SIDE_PX, SPACING_PX, SIDE_PX, SPACING_PX)
        for widget in (
            self.next_step, self.lost, self.image, self.prompt, self.target, self.review,
            self.everything, self.options,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addLayout(foot)
        column.addStretch()
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        # A click on what takes no keyboard gives it to whatever around it does.
        for around in (scroll, self.review, self.everything, self.options):
            around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumWidth(
            inner.sizeHint().width() + scroll.verticalScrollBar().sizeHint().width()
        )
        self.setWidget(scroll)

    def reveal(self, widget: QWidget) -> None:
        """Scroll to something that has just been shown, or has grown."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # up to its real height
        self._scroll.ensureWidgetVisible(widget)

    def show_cache(self, controller: Controller, is_looking: bool = False) -> None:
        """What is known of the image's cache; is_looking: whether there is one is not known yet."""
        described, layer = controller.described, self.image.raster.currentLayer()
        self.image.coverage.setEnabled(bool(described))
        self.prompt.clicking.setEnabled(bool(controller.cache))
        levels = described.get("levels", [])
        unit = QgsUnitTypes.toAbbreviatedString(controller.crs.mapUnits())
        if described:  # else those of the last image: a pinned one stays until it is known better
            self.options.set_levels([level["pixel_size"][0] for level in levels], unit)
        if is_looking:
            text = translate("GeoSAM", "Looking for its cache…")
        elif not controller.cache:
            text = self.image.why_not or translate("GeoSAM", "Not encoded yet.")
        elif not described and controller.image.is_filling:
            text = translate("GeoSAM", "Its first part is being encoded…")
        elif not described:
            text = translate("GeoSAM", "Opening its cache…")
        elif controller.image.is_block:
            text = translate("GeoSAM", "Encoded with {model}, as far as you have looked.")
            text = text.format(model=described["model"])
        else:
            text = translate(
                "GeoSAM", "Encoded with {model}, pixels of {size}, {share} of the image."
            ).format(
                model=described["model"],
                size=f"{described['pixel_size'][0]:.3g} {unit}".strip(),
                share=_share(levels[0]),
            )
        if layer is None:
            text = translate("GeoSAM", "Add a raster layer to the project.")
        self.image.encode.setText(
            translate("GeoSAM", "Encode more…")
            if controller.cache
            else translate("GeoSAM", "Encode…")
        )
        is_web_map = self.image.file is not None and self.image.file.block is not None
        self.image.encode.setEnabled(layer is not None and not is_web_map)
        self.image.choose.setEnabled(layer is not None and not is_web_map)
        self.image.state.setText(text)
        self.image.state.setToolTip(controller.cache)
        self.show_session(controller)

    def show_session(self, controller: Controller) -> None:
        """The object at hand, the counters, and the next step."""
        session, draft = controller.session, controller.session.draft
        history = draft.history
        self.prompt.undo.setEnabled(history.can_undo)
        self.prompt.redo.setEnabled(history.can_redo)
        self.prompt.clear.setEnabled(bool(draft.prompts))
        self.prompt.cycle.setEnabled(draft.can_be_asked)
        self.target.save.setEnabled(draft.can_be_asked)
        self.prompt.candidate.setText(_say_candidate(controller))
        self.prompt.set_aside(len(session.aside))
        self.target.set_correcting(draft.replaces is not None)
        counters = translate("GeoSAM", "Saved: {count}").format(count=session.saved)
        if session.last_ms is not None:
            counters += " · " + translate("GeoSAM", "last answer: {ms:.0f} ms").format(
                ms=session.last_ms
            )
        if session.waits_to_save:
            counters += " · " + translate("GeoSAM", "waiting to be saved: {count}").format(
                count=session.waits_to_save
            )
        self.counters.setText(counters)
        self.next_step.show_step(self._next_step(controller))

    def show_lost(self, count: int, names: list[str]) -> None:
        """Objects that could be brought back."""
        self.lost.setVisible(count > 0)
        self.lost_text.setText(
            translate(
                "GeoSAM", "%n object(s) in no file, of a layer that is gone: {layers}", None, count
            ).format(layers=", ".join(names))
        )

    def show_engine(self, state: str) -> None:
        sentences = {
            "stopped": translate("GeoSAM", "Engine: asleep"),
            "starting": translate("GeoSAM", "Engine: starting…"),
            "ready": translate("GeoSAM", "Engine: ready"),
            "restarting": translate("GeoSAM", "Engine: starting again…"),
            "failed": translate("GeoSAM", "Engine: not working"),
        }
        self.engine.setText(sentences[state])

    def remember(self) -> None:
        """Keep what is set for the next time."""
        settings, options = self.settings, self.options
        settings.hover = options.hover.isChecked()
        settings.simplify_px = options.simplify.value()
        settings.min_area_px = options.min_area.value()
        settings.largest_part_only = options.largest.isChecked()
        settings.right_angles = options.right_angles.isChecked()
        settings.avoid_overlaps = options.avoid.isChecked()
        choice = self.everything.choice
        settings.everything_preset = choice.preset
        settings.everything_in_view = choice.in_view
        settings.everything_min_area = choice.min_area
        settings.class_name = self.target.class_name.currentText().strip()
        settings.save()

    def _next_step(self, controller: Controller) -> str:
        draft, layer = controller.session.draft, self.image.raster.currentLayer()
        if layer is None:
            return "image"
        if not controller.cache:
            if self.image.file is None:
                return "file"
            return "cache" if self.image.file.block is None else "web"
        if not self.prompt.clicking.isChecked():
            return "clicking"
        if not draft.prompts:
            return "prompt"
        if not draft.can_be_asked:
            return "include"
        if draft.waits_for:
            return draft.waits_for
        if draft.has_failed:
            return "other"
        if draft.candidate is None:
            return "answer"
        cut = _cut_of(draft, draft.candidate)
        if cut:
            return cut
        if self.target.save_mode is SaveMode.REPLACE:
            return "replace"
        return "save" if draft.candidate.score >= DOUBTFUL else "doubtful"


def _cut_of(draft: Draft, candidate: Candidate) -> str:
    """Which step tells that there may be more of the object, or a better shape; "" when not."""
    if draft.missing and draft.image.is_filling:
        return "growing" if candidate.missing else "surer"
    cuts = ("not_encoded", "limit", "unsure")
    return next((cut for cut in cuts if cut in candidate.cuts), "")


def _say_candidate(controller: Controller) -> str:
    draft = controller.session.draft
    if draft.candidate is None:
        return ""
    told = [translate("GeoSAM", "Score {score:.2f}").format(score=draft.candidate.score)]
    if len(draft.candidates) > 1:
        told.insert(
            0,
            translate("GeoSAM", "Shape {number} of {count}").format(
                number=draft.chosen + 1, count=len(draft.candidates)
            ),
        )
    shape = controller.shape
    parts = shape.geometry.constGet().partCount() if shape and shape.geometry else 0
    if parts > 1:  # some may be far away, where nobody looks
        told.append(translate("GeoSAM", "%n part(s)", None, parts))
    return " · ".join(told)


def _share(level: dict[str, Any]) -> str:
    done = level["present"] + level["empty"]
    return f"{100 * done / (level['rows'] * level['cols']):.0f} %"
