"""What the dock does with objects: they are saved, counted, refused, and taken up again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.correction import correction_of, correction_of_shape
from geosam_plugin.clicking.draft import Draft
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import LayerError, Shape
from geosam_plugin.review.edited import Edited
from geosam_plugin.saving.layers import is_in_memory, is_target
from geosam_plugin.saving.picking import Picking
from geosam_plugin.saving.provenance import prompts_of, taken_up
from geosam_plugin.saving.saver import How, Saver, source_of
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.messages import Messages

translate = QCoreApplication.translate


class ObjectSaving(QObject):
    """Between the dock's target layer, the controller's objects and the saver."""

    def __init__(
        self,
        iface: QgisInterface,
        controller: Controller,
        saver: Saver,
        dock: GeoSamDock,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._iface = iface
        self._controller = controller
        self._saver = saver
        self._dock = dock
        self._messages = messages
        self._project = QgsProject.instance()
        self._target: QgsVectorLayer | None = None
        self._picking = Picking(self._project, self)
        self._picking.picked.connect(self._take_up)
        self._picking.missed.connect(messages.say)
        dock.target.save.clicked.connect(lambda: self.save())
        dock.target.correctWanted.connect(self._correct)
        dock.target.target.layerChanged.connect(self._on_target)
        controller.finished.connect(self._on_finished)
        controller.cacheChanged.connect(self._on_selection)
        saver.refused.connect(self._on_refused)
        saver.counted.connect(self._on_counted)
        saver.targetMade.connect(self._on_target_made)
        saver.exported.connect(lambda *_: self._on_target(dock.target.layer))
        self._on_target(dock.target.layer)

    def close(self) -> None:
        self._watch_selection(None)
        self._picking.close()

    # --- objects

    def save(self, mode: SaveMode | None = None) -> None:
        """Save the object at hand, now or as soon as its shape is known."""
        target, controller = self._dock.target, self._controller
        layer = target.layer
        class_name = target.class_name.currentText().strip()
        mode = mode or target.save_mode
        how = How(
            layer.id() if layer is not None else "",
            mode,
            class_name,
            self._dock.options.avoid.isChecked(),
            source_of(controller.described, controller.crs, controller.options),
            tuple(layer.selectedFeatureIds()) if layer is not None else (),
        )
        if controller.save(how) and class_name and mode is not SaveMode.REPLACE:
            settings = self._dock.settings
            settings.use_class(class_name)
            target.set_classes(settings.class_names)
            self._dock.remember()

    def _on_finished(self, draft: Draft) -> None:
        image = draft.image
        source = source_of(image.described, image.crs, draft.options)
        draft.how = replace(draft.how, source=source)
        shape = self._controller.shape_of(draft)
        if isinstance(draft.replaces, Edited) and draft.how.mode is SaveMode.REPLACE:
            try:
                draft.replaces.save(shape)
            except LayerError as error:
                self._on_refused(draft, str(error))
        else:
            self._saver.save(draft, shape)

    def _on_refused(self, draft: Draft, why: str) -> None:
        self._controller.give_back(draft)
        self._messages.say(self._controller.say_kept(draft, why))

    def _on_counted(self, saved: int) -> None:
        self._controller.session.saved = saved
        self._controller.changed.emit()

    # --- taken up again

    def take_up_at(self, where: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> None:
        """Go on with the polygon of the target layer that lies at a place of the map."""
        layer = self._dock.target.layer
        if not self._controller.cache:
            return
        if is_target(layer):
            self._picking.pick(layer, where, crs)
        else:
            self._messages.say(
                translate("GeoSAM", "Choose the layer of the polygon under “Save to” first.")
            )

    def _correct(self) -> None:
        """Go on with the selected feature."""
        layer = self._dock.target.layer
        (feature,) = layer.getSelectedFeatures()
        self._take_up(layer, feature)

    def _take_up(self, layer: QgsVectorLayer, feature: QgsFeature) -> None:
        """Go on with a feature in the cache that is open: with the clicks that it was made by, or
        else with its shape."""
        taken, prompts = taken_up(layer, feature), prompts_of(feature)
        if prompts:
            draft = correction_of(prompts, taken, self._controller.image, self._project)
        else:
            shape = Shape(feature.geometry(), layer.crs())
            draft = correction_of_shape(shape, taken, self._controller.image, self._project)
        self._dock.target.set_correcting(False)  # whatever the last one was to be saved as
        if draft is None or not self._controller.correct(draft):
            text = (
                translate("GeoSAM", "That feature is of “{raster}”. Choose this image first.")
                if prompts
                else translate("GeoSAM", "That feature is not on this image. Choose its own first.")
            )
            self._messages.say(text.format(raster=prompts.get("raster", "")))
            return
        layer.removeSelection()  # its colour would hide what is corrected
        self._dock.prompt.clicking.setChecked(True)

    # --- the target layer

    def _watch_selection(self, layer: QgsVectorLayer | None) -> None:
        if self._target is not None and not sip.isdeleted(self._target):
            self._target.selectionChanged.disconnect(self._on_selection)
        self._target = layer
        if layer is not None:
            layer.selectionChanged.connect(self._on_selection)
        self._on_selection()

    def _on_selection(self) -> None:
        layer = self._dock.target.layer
        can = (
            bool(self._controller.cache) and layer is not None and layer.selectedFeatureCount() == 1
        )
        self._dock.target.correct.setEnabled(can)

    def _on_target(self, layer: Any) -> None:
        if layer is None:
            self._saver.start_new_layer()
        self._watch_selection(layer)
        self._dock.target.export.setEnabled(is_in_memory(layer))

    def _on_target_made(self, layer_id: str) -> None:
        layer = self._project.mapLayer(layer_id)
        self._dock.target.set_layer(layer)
        self._iface.setActiveLayer(layer)  # so that QGIS's undo is about it
