"""The review of a refined layer: the queue between the dock, the map, the layer that is corrected
and the click tool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.correction import correction_of_shape
from geosam_plugin.geometry import LayerError, Shape, in_crs
from geosam_plugin.review import keys as review_keys
from geosam_plugin.review.accept_all import AcceptAll
from geosam_plugin.review.bare_layers import BareLayers
from geosam_plugin.review.candidates import NEW, UNCERTAIN, Candidate, overlap
from geosam_plugin.review.decisions import Decision, State
from geosam_plugin.review.edited import Edited
from geosam_plugin.review.history import Done, first_written, is_undone
from geosam_plugin.review.kept import KeptDecisions
from geosam_plugin.review.keys import ReviewKeys
from geosam_plugin.review.outlines import OLD_COLOUR, Outlines
from geosam_plugin.review.queue import ReviewQueue
from geosam_plugin.review.reading import ReadReview
from geosam_plugin.review.target import ReviewedLayer
from geosam_plugin.saving.keeper import Keeper
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.messages import Action, Messages

translate = QCoreApplication.translate


class Review(QObject):
    """One review at a time; left and begun again, it goes on where it was."""

    def __init__(
        self,
        canvas: QgsMapCanvas,
        controller: Controller,
        keeper: Keeper,
        dock: GeoSamDock,
        messages: Messages,
        save: Callable[[], None],
        offer_of_file: Callable[[QgsVectorLayer], Action],
        parent: QObject | None = None,
    ) -> None:
        """save: saves the object at hand, as Enter does
        offer_of_file: to make a layer a file's
        """
        super().__init__(parent)
        self._canvas = canvas
        self._controller = controller
        self._save, self._offer_of_file = save, offer_of_file
        self._keeper = keeper
        self._dock = dock
        self._messages = messages
        self._project = QgsProject.instance()
        self._task: ReadReview | None = None
        self._refined: QgsVectorLayer | None = None
        self._target: ReviewedLayer | None = None
        self._opening_words: list[str] = []
        self._done: list[Done] = []
        self._kept: KeptDecisions | None = None
        self.queue: ReviewQueue | None = None
        self.outlines = Outlines(canvas)
        self._bare = BareLayers(canvas, OLD_COLOUR)
        self._all = AcceptAll(self._accept_of_all, self)
        self._keys = ReviewKeys(canvas, self)
        self._keys.pressed.connect(self._do)
        self._section = dock.review
        self._section.beginWanted.connect(lambda: self.begin())
        self._section.endWanted.connect(self.end)
        self._section.wanted.connect(self._do)
        self._section.verdictChosen.connect(self._on_verdict)
        self._section.acceptAllWanted.connect(self._accept_all)
        self._project.layersAdded.connect(self._on_layers)
        self._project.layersRemoved.connect(self._on_layers)
        self._project.layersWillBeRemoved.connect(self._on_layers_removed)
        controller.cacheChanged.connect(self._show_section)
        canvas.destinationCrsChanged.connect(self._show_outlines)
        dock.closed.connect(self.end)
        self._on_layers()

    @property
    def is_on(self) -> bool:
        return self.queue is not None

    def close(self) -> None:
        self.end()
        self._project.layersAdded.disconnect(self._on_layers)
        self._project.layersRemoved.disconnect(self._on_layers)
        self._project.layersWillBeRemoved.disconnect(self._on_layers_removed)
        self._canvas.destinationCrsChanged.disconnect(self._show_outlines)
        self.outlines.remove()

    # --- beginning and leaving

    def begin(self, *opening_words: str) -> None:
        """Review what the section says.

        opening_words: sentences, told once it is known what there is to review
        """
        refined, target = self._section.refined.currentLayer(), self._section.target.currentLayer()
        if self.is_on or self._task is not None or refined is None or target is None:
            return
        self._opening_words = list(opening_words)
        self._refined = refined
        self._target = ReviewedLayer(target, self)
        self._target.changed.connect(self._on_changed)
        self._task = ReadReview(refined, target, self._project, self._on_read)
        self._section.show_reading()
        QgsApplication.taskManager().addTask(self._task)

    def end(self) -> None:
        """Leave it; what was decided is kept."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
            kept.deleteLater()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        self._all.stop()
        self._keys.stop()
        self._bare.end()
        self._forget_edited()
        if self._target is not None:
            self._target.close()
            self._target.deleteLater()
        self._refined = self._target = self.queue = None
        self._done = []
        self._show_outlines()
        self._section.show_idle()

    def _on_read(self, task: ReadReview) -> None:
        if task is not self._task or self._refined is None or self._target is None:
            return
        self._task = None
        if task.problem or task.isCanceled():
            self.end()
            if task.problem:
                self._messages.say(" ".join([*self._opening_words, task.problem]))
            return
        self._target.watch(task.candidates)
        self.queue = ReviewQueue(task.candidates, task.decisions)
        self._kept = KeptDecisions(self._refined, self.queue, self._project, self)
        self._keys.start()
        told = [*self._opening_words, *task.remarks]
        if told:
            is_kept = not self._refined.isTemporary()
            offer = None if is_kept else self._offer_of_file(self._refined)
            self._messages.say(" ".join(told), action=offer)
        self._bare.begin(self._target.layer, self._refined)
        self._go()
        self._dock.reveal(self._section.inner)

    def _on_layers(self, *_: object) -> None:
        self._section.look_at_layers(self._project)

    def _on_layers_removed(self, layer_ids: list[str]) -> None:
        target = self._target.layer if self._target is not None else None
        used = [layer for layer in (self._refined, target) if layer is not None]
        if any(sip.isdeleted(layer) or layer.id() in layer_ids for layer in used):
            self.end()

    # --- what the user wants

    def _do(self, name: str) -> None:
        """name: of `review.keys`"""
        if self.queue is None:
            return
        self._all.stop()
        one = self.queue.current
        if name == review_keys.UNDO:
            if not self._forget_edited():
                self._undo()
        elif one is None:
            return
        elif name == review_keys.ACCEPT:
            self._accept(one)
        elif name == review_keys.REJECT:
            self._reject(one)
        elif name == review_keys.EDIT:
            self._edit(one)
        else:
            self._forget_edited()
            self.queue.step(1 if name == review_keys.NEXT else -1)
            self._go()

    def _on_verdict(self, verdict: str) -> None:
        if self.queue is not None:
            self._all.stop()
            self._forget_edited()
            self.queue.show_only(verdict)
            self._go()
            self._canvas.setFocus()  # for the keys

    def _accept(self, one: Candidate) -> None:
        if self._is_open(one):
            self._save()
        elif self.queue is not None and self.queue.state(one) is State.ACCEPTED:
            self.queue.go_to_pending()
            self._go()
        elif one.verdict == UNCERTAIN:
            self._decide(one, Decision(is_accepted=True))
        else:
            try:
                self._write(one)
            except LayerError as error:
                self._messages.say(str(error))

    def _accept_all(self) -> None:
        """Those of the kind that is shown."""
        if self.queue is not None:
            self._forget_edited()
            self._all.begin(self.queue.pending())
            self._canvas.setFocus()  # for the keys, which stop it

    def _accept_of_all(self, one: Candidate) -> None:
        if self.queue is not None and self.queue.state(one) is State.PENDING:
            try:
                self._write(one)
            except LayerError as error:
                self._all.stop()
                self._messages.say(str(error))

    def _reject(self, one: Candidate) -> None:
        """What was accepted before is taken back."""
        assert self.queue is not None and self._target is not None
        self._forget_edited()
        if not self.queue.is_written(one):
            self._decide(one, Decision(is_accepted=False))
            return
        first = first_written(self._done, one)
        if first is None and one.verdict != NEW:
            self._messages.say(
                translate(
                    "GeoSAM",
                    "That was accepted when the project was open before: edit it, or change it "
                    "in the layer.",
                )
            )
            return
        accepted, steps = self._target.feature(one), self._target.step
        try:
            self._target.take_back(one, first.feature if first is not None else None)
        except LayerError as error:
            self._messages.say(str(error))
            return
        step = self._target.step
        self._decide(one, Decision(is_accepted=False), accepted, step if step != steps else None)

    def _edit(self, one: Candidate) -> None:
        """Open it in the click tool."""
        if self._target is None or self.queue is None or self._is_open(one):
            return
        shape = Shape(self.queue.outline(one), self._target.layer.crs())
        edited = Edited(one, lambda found: self._take_edited(one, found))
        draft = correction_of_shape(shape, edited, self._controller.image, self._project)
        self._dock.target.set_correcting(False)  # whatever the last one was to be saved as
        if draft is None or not self._controller.correct(draft):
            self._messages.say(
                translate("GeoSAM", "That feature is not on this image. Choose its own first.")
            )
            return
        self._dock.prompt.clicking.setChecked(True)

    def _take_edited(self, one: Candidate, found: Shape) -> None:
        """The outline of a candidate that was edited; raises LayerError."""
        if self._target is None or self.queue is None or one not in self.queue.candidates:
            raise LayerError(translate("GeoSAM", "The review of this object was left."))
        self._write(one, in_crs(found, self._target.layer.crs(), self._project))

    def _undo(self) -> None:
        """Take the last decision back."""
        if not self._done or self._target is None or self.queue is None:
            return
        last = self._done[-1]
        one = last.candidate
        try:
            if last.step is not None and not is_undone(last, self.queue.state(one)):
                if self._target.step == last.step:
                    self._target.layer.undoStack().undo()
                else:  # something else was edited since, or the edits were saved
                    self._target.take_back(one, last.feature)
        except LayerError as error:
            self._messages.say(str(error))
            return
        self._done.pop()
        self.queue.decide(one, last.before)
        self._keep()
        self.queue.go_to(one)
        self._go()

    # --- what comes of it

    def _write(self, one: Candidate, shape: QgsGeometry | None = None) -> None:
        """What is accepted, into the layer, as one undo step; raises LayerError."""
        assert self._target is not None and self.queue is not None
        before, layer = self._target.feature(one), self._target.layer
        accepted = one.proposed if shape is None else shape
        was = 0.0 if one.current is None else overlap(one.current, accepted)
        self._keeper.watch(layer)
        steps = self._target.step
        self._keeper.note(layer, self._target.apply(one, shape))
        step = self._target.step
        decision = Decision(
            is_accepted=True, shape=shape, overlap_before=was,
            target_id=one.target_id if one.verdict == NEW else None,
        )  # fmt: skip
        self._decide(one, decision, before, step if step != steps else None)

    def _decide(
        self,
        one: Candidate,
        decision: Decision,
        feature: QgsFeature | None = None,
        step: tuple[int, int] | None = None,
    ) -> None:
        assert self.queue is not None
        before, state = self.queue.decision(one), self.queue.state(one)
        self._done.append(Done(one, before, state, feature, step))
        self.queue.decide(one, decision)
        self._keep()
        if one is self.queue.current:
            self.queue.go_to_pending()
            self._go()
        else:
            self._show_section()

    def _on_changed(self, changed: list[Candidate]) -> None:
        """By QGIS's undo, by hand, or by ourselves."""
        if self.queue is None:
            return
        for one in changed:
            self.queue.look_again(one)
            decision = self.queue.decision(one)
            if one.verdict == NEW and decision is not None and decision.is_accepted:
                # In the file it has another id.
                self.queue.decide(one, replace(decision, target_id=one.target_id))
        self._keep()
        self._show_section()
        self._show_outlines()

    def _keep(self) -> None:
        if self._kept is not None:
            self._kept.keep_soon()

    # --- the click tool

    def _is_open(self, one: Candidate) -> bool:
        """Whether it is the object at hand."""
        edited = self._controller.session.draft.replaces
        return isinstance(edited, Edited) and edited.candidate is one

    def _forget_edited(self) -> bool:
        """Let the outline go that is at hand; False when there is none."""
        is_open = isinstance(self._controller.session.draft.replaces, Edited)
        if is_open:
            self._controller.clear()
        return is_open

    # --- what is shown

    def _go(self) -> None:
        """Show the current one on the map."""
        self._show_section()
        self._show_outlines()
        one = self.queue.current if self.queue is not None else None
        if one is None or self._target is None:
            return
        both = [outline for outline in (one.proposed, one.current) if outline is not None]
        self.outlines.zoom_to(both, self._target.layer.crs(), self._project)

    def _show_section(self) -> None:
        if self.queue is not None:
            self._section.show_queue(
                self.queue,
                can_edit=bool(self._controller.cache),
                can_undo=bool(self._done),
            )

    def _show_outlines(self) -> None:
        one = self.queue.current if self.queue is not None else None
        if one is None or self._target is None or self.queue is None:
            self.outlines.hide()
        else:
            self.outlines.show(one.current, self.queue.new_outline(one), self._target.layer.crs())
