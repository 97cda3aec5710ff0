"""The section of the dock that has a layer of buildings compared with the image, and reviews what
comes of it."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import QgsMapLayerProxyModel, QgsProject, QgsVectorLayer
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeySequence, QPainter, QPen, QPixmap
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from geosam_plugin.engine.refine_sentences import in_words
from geosam_plugin.review import keys as review_keys
from geosam_plugin.review import outlines
from geosam_plugin.review.candidates import (
    GONE,
    NEW,
    RESHAPE,
    SHIFT,
    UNCERTAIN,
    VERDICTS,
    Candidate,
    field_names,
)
from geosam_plugin.review.decisions import State
from geosam_plugin.review.queue import ReviewQueue
from geosam_plugin.window.dock_sections import UnsavedRow, note, push_button

translate = QCoreApplication.translate

SWATCH_PX = (28, 12)


class ReviewSection(QgsCollapsibleGroupBox):
    """Shows what it is told and says what the user wants.

    refineWanted: the layer that is corrected is to be compared with the image
    beginWanted, endWanted: the review is to begin, or to be left
    wanted: one of the names of `review.keys`
    verdictChosen: only candidates of this verdict are wanted; "" for all
    acceptAllWanted: all that are undecided of the verdict that is chosen
    """

    refineWanted = pyqtSignal()  # noqa: N815 - Qt's way
    beginWanted = pyqtSignal()  # noqa: N815
    endWanted = pyqtSignal()  # noqa: N815
    wanted = pyqtSignal(str)
    verdictChosen = pyqtSignal(str)  # noqa: N815
    acceptAllWanted = pyqtSignal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Correct buildings"), parent)
        kinds = QgsMapLayerProxyModel.Filter
        self.target, self.refined = QgsMapLayerComboBox(), QgsMapLayerComboBox()
        flags = type(self.target.filters())
        self.target.setFilters(flags(kinds.PolygonLayer | kinds.WritableLayer))
        self.target.setToolTip(translate("GeoSAM", "What you accept goes into its edits."))
        self.refine = push_button(
            translate("GeoSAM", "Refine footprints…"), icon="refinefootprints"
        )
        self.refined.setFilters(kinds.PolygonLayer)
        self.refined.setAllowEmptyLayer(True)
        self.refined.setToolTip(
            translate("GeoSAM", "What “Refine footprints” has made: it has a field “verdict”.")
        )
        self.button = push_button("", icon="candidates")
        self.text = note()
        self.verdict = QComboBox()
        self.verdict.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.buttons = self._make_buttons()
        self.accept_all = push_button(
            translate("GeoSAM", "Accept all of this kind"),
            translate("GeoSAM", "Choose the kind in the list above. Each one can be taken back."),
        )
        for button in (self.refine, self.button, self.accept_all):
            # From the boxes above them; the mouse leaves the keyboard to the map.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        form = QFormLayout()
        form.addRow(translate("GeoSAM", "Layer"), self.target)
        form.addRow(self.refine)
        form.addRow(translate("GeoSAM", "Result"), self.refined)
        self.inner = QWidget()
        inner = QVBoxLayout(self.inner)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.verdict)
        inner.addWidget(self.text)
        inner.addLayout(_legend())
        grid = QGridLayout()
        for place, button in enumerate(self.buttons.values()):
            grid.addWidget(button, *divmod(place, 3))
        inner.addLayout(grid)
        inner.addWidget(self.accept_all)
        self.unsaved = UnsavedRow()
        self.unsaved.text.setText(translate("GeoSAM", "Its edits are not saved yet."))
        self.unsaved.hide()
        # In a widget of its own: what lies in the box itself is all shown when it is opened.
        holder = QWidget()
        held = QVBoxLayout(holder)
        held.setContentsMargins(0, 0, 0, 0)
        held.addWidget(self.inner)
        held.addWidget(self.unsaved)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.button)
        layout.addWidget(holder)
        self.refine.clicked.connect(lambda: self.refineWanted.emit())
        self.button.clicked.connect(self._on_button)
        self.accept_all.clicked.connect(lambda: self.acceptAllWanted.emit())
        self.verdict.activated.connect(
            lambda _: self.verdictChosen.emit(self.verdict.currentData())
        )
        self.refined.layerChanged.connect(lambda _: self._show_ready())
        self.target.layerChanged.connect(lambda _: self._show_ready())
        self._is_on = self._has_cache = False
        self.show_idle()

    def _make_buttons(self) -> Mapping[str, QPushButton]:
        """In the order in which they stand, by the names of `review.keys`."""
        texts = {
            review_keys.ACCEPT: translate("GeoSAM", "Accept ({key})"),
            review_keys.REJECT: translate("GeoSAM", "Reject ({key})"),
            review_keys.EDIT: translate("GeoSAM", "Edit ({key})"),
            review_keys.PREVIOUS: translate("GeoSAM", "Back ({key})"),
            review_keys.NEXT: translate("GeoSAM", "Next ({key})"),
            review_keys.UNDO: translate("GeoSAM", "Undo ({key})"),
        }
        tips = {
            review_keys.EDIT: translate(
                "GeoSAM", "Click on it as on any object; Enter saves it, and it counts as accepted."
            ),
            review_keys.UNDO: translate("GeoSAM", "Takes the last decision back."),
        }
        buttons = {}
        for name, text in texts.items():
            key = QKeySequence(review_keys.KEYS[name]).toString()
            buttons[name] = push_button(text.format(key=key), tips.get(name, ""))
            buttons[name].clicked.connect(lambda _, name=name: self.wanted.emit(name))
        return buttons

    # --- which layers

    def look_at_layers(self, project: QgsProject) -> None:
        """Offer those refined layers that there are, and to correct the others."""
        layers = list(project.mapLayers().values())
        refined = [
            layer
            for layer in layers
            if isinstance(layer, QgsVectorLayer) and field_names(layer.fields())
        ]
        self.refined.setExceptedLayerList([layer for layer in layers if layer not in refined])
        self.target.setExceptedLayerList(refined)
        if self.refined.currentLayer() is None and self.refined.count() > 1:
            self.refined.setCurrentIndex(1)
        self._show_ready()

    def show_unsaved(self, has_edits: bool) -> None:
        """Whether the layer that is corrected has edits."""
        self.unsaved.setVisible(has_edits)

    def choose(self, refined: QgsVectorLayer, target: QgsVectorLayer) -> None:
        """Both are in the project."""
        self.refined.setLayer(refined)
        self.target.setLayer(target)

    def set_ready(self, has_cache: bool) -> None:
        """Whether there is a cache that buildings can be compared with."""
        self._has_cache = has_cache
        self._show_ready()

    def _show_ready(self) -> None:
        refined, target = self.refined.currentLayer(), self.target.currentLayer()
        self.button.setEnabled(self._is_on or (refined is not None and target is not None))
        self.refine.setEnabled(self._has_cache and target is not None and not self._is_on)
        self.refine.setToolTip(
            translate("GeoSAM", "Compares each building of the layer with the image, and has you "
                      "review what it proposes.")
            if self._has_cache
            else translate("GeoSAM", "Encode the image first.")
        )  # fmt: skip

    # --- how it stands

    def show_idle(self) -> None:
        self._is_on = False
        self.button.setText(translate("GeoSAM", "Start review"))
        self.inner.hide()
        for box in (self.refined, self.target):
            box.setEnabled(True)
        self._show_ready()

    def show_reading(self) -> None:
        self._show_on(translate("GeoSAM", "Reading…"))

    def _show_on(self, text: str) -> None:
        self._is_on = True
        self.button.setText(text)
        for box in (self.refined, self.target):
            box.setEnabled(False)
        self._show_ready()

    def show_queue(self, queue: ReviewQueue, *, can_edit: bool, can_undo: bool) -> None:
        self._show_on(translate("GeoSAM", "Leave review"))
        self.inner.show()
        self._show_verdicts(queue)
        self.text.setText("\n".join([_say_progress(queue), *_say_candidate(queue)]))
        has_one = queue.current is not None
        for button in self.buttons.values():
            button.setEnabled(has_one)
        self.buttons[review_keys.EDIT].setEnabled(has_one and can_edit)
        self.buttons[review_keys.UNDO].setEnabled(can_undo)
        is_of_kind = queue.verdict not in ("", UNCERTAIN)  # of which nothing is proposed
        self.accept_all.setEnabled(is_of_kind and queue.counts()[State.PENDING] > 0)

    def _show_verdicts(self, queue: ReviewQueue) -> None:
        self.verdict.clear()
        text = translate("GeoSAM", "All ({count})")
        self.verdict.addItem(text.format(count=len(queue.candidates)), "")
        for verdict in VERDICTS:
            count = queue.count_of(verdict)
            if count:
                self.verdict.addItem(f"{_named(verdict)} ({count})", verdict)
        self.verdict.setCurrentIndex(self.verdict.findData(queue.verdict))

    def _on_button(self) -> None:
        (self.endWanted if self._is_on else self.beginWanted).emit()


def _legend() -> QHBoxLayout:
    legend = QHBoxLayout()
    for colour, style, text in (
        (outlines.OLD_COLOUR, outlines.OLD_STYLE, translate("GeoSAM", "in the layer")),
        (outlines.NEW_COLOUR, outlines.NEW_STYLE, translate("GeoSAM", "proposed")),
    ):
        swatch = QLabel()
        swatch.setPixmap(_swatch(colour, style))
        legend.addWidget(swatch)
        legend.addWidget(QLabel(text))
    legend.addStretch()
    return legend


def _swatch(colour: QColor, style: Qt.PenStyle) -> QPixmap:
    width, height = SWATCH_PX
    picture = QPixmap(width, height)
    picture.fill(QColor(90, 90, 90))  # the colours are made for images, not for white
    painter = QPainter(picture)
    painter.setPen(QPen(colour, outlines.WIDTH_PX, style))
    painter.drawLine(2, height // 2, width - 2, height // 2)
    painter.end()
    return picture


def _named(verdict: str) -> str:
    return {
        SHIFT: translate("GeoSAM", "moved"),
        RESHAPE: translate("GeoSAM", "another shape"),
        NEW: translate("GeoSAM", "missing"),
        GONE: translate("GeoSAM", "gone"),
        UNCERTAIN: translate("GeoSAM", "uncertain"),
    }[verdict]


def _say_progress(queue: ReviewQueue) -> str:
    number, total = queue.position
    counts = queue.counts()
    told = [translate("GeoSAM", "{number} of {total}").format(number=number, total=total)]
    for state, text in (
        (State.ACCEPTED, translate("GeoSAM", "{count} accepted")),
        (State.REJECTED, translate("GeoSAM", "{count} rejected")),
    ):
        if counts[state]:
            told.append(text.format(count=counts[state]))
    if total and not counts[State.PENDING]:
        told.append(translate("GeoSAM", "all decided"))
    return " · ".join(told)


def _say_candidate(queue: ReviewQueue) -> list[str]:
    one = queue.current
    if one is None:
        return []
    told = [_named(one.verdict)]
    if one.score is not None:
        told.append(translate("GeoSAM", "Score {score:.2f}").format(score=one.score))
    state = {
        State.PENDING: "",
        State.ACCEPTED: translate("GeoSAM", "accepted"),
        State.REJECTED: translate("GeoSAM", "rejected"),
    }[queue.state(one)]
    return [" · ".join([*told, *filter(None, [state])]), *_reason(one)]


def _reason(candidate: Candidate) -> list[str]:
    return [in_words(candidate.reason)] if candidate.reason else []
