"""The map's side of clicking: the tool feeds the controller, the preview shows what it holds."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.map_tools import SegmentTool
from geosam_plugin.clicking.placing import MapView
from geosam_plugin.clicking.preview import Preview
from geosam_plugin.clicking.prompts import BOX, EXCLUDE, INCLUDE, SHAPE, Point

EDGE_POINTS = 16
"""On each side of what the map shows: where it goes into another CRS, the sides are bent."""


class MapOverlay(QObject):
    """Tool and preview on one canvas.

    hovers: whether shapes are previewed under the mouse
    viewMoved: the map shows another part, or another scale
    """

    viewMoved = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(self, canvas: QgsMapCanvas, controller: Controller) -> None:
        super().__init__(controller)
        self.hovers = True
        self._canvas = canvas
        self._controller = controller
        self._shows_coverage = False
        self._pending: tuple[object, ...] = ()
        self.preview = Preview(canvas)
        session = controller.session
        self.tool = SegmentTool(
            canvas,
            lambda: session.draft.history.can_undo,
            lambda: session.draft.history.can_redo,
        )
        self.tool.clicked.connect(self._on_click)
        self.tool.boxDragged.connect(self._on_box)
        self.tool.boxChanged.connect(self.preview.show_drag)
        self.tool.rested.connect(self._on_rest)
        self.tool.moved.connect(controller.clear_hover)
        self.tool.undoWanted.connect(controller.undo)
        self.tool.redoWanted.connect(controller.redo)
        self.tool.clearWanted.connect(controller.clear)
        self.tool.cycleWanted.connect(controller.cycle)
        controller.changed.connect(self.show)
        controller.cacheChanged.connect(self._show_coverage)
        controller.hoverChanged.connect(self._on_hover)
        canvas.destinationCrsChanged.connect(self._on_map_crs)
        canvas.extentsChanged.connect(self.viewMoved)

    @property
    def middle(self) -> QgsPointXY:
        """Of what the map shows."""
        return self._canvas.center()

    @property
    def outline(self) -> list[QgsPointXY]:
        """Of what the map shows: points along its edges."""
        corners = [QgsPointXY(point) for point in self._canvas.mapSettings().visiblePolygon()]
        shown = QgsGeometry.fromPolygonXY([[*corners, corners[0]]]).densifyByCount(EDGE_POINTS)
        return list(shown.asPolygon()[0])

    @property
    def view(self) -> MapView:
        settings = self._canvas.mapSettings()
        return MapView(
            settings.destinationCrs(), settings.mapUnitsPerPixel(), settings.rotation() == 0
        )

    def remove(self) -> None:
        """Take everything off the canvas, for good."""
        self._canvas.destinationCrsChanged.disconnect(self._on_map_crs)
        self._canvas.extentsChanged.disconnect(self.viewMoved)
        self._controller.changed.disconnect(self.show)
        self._controller.cacheChanged.disconnect(self._show_coverage)
        self._controller.hoverChanged.disconnect(self._on_hover)
        self.preview.remove()
        self.tool.deleteLater()

    def set_coverage(self, is_shown: bool) -> None:
        self._shows_coverage = is_shown
        self._controller.show_coverage(is_shown)
        self._show_coverage()

    def show(self) -> None:
        """Draw the object at hand."""
        prompts = self._controller.session.draft.prompts
        crs = self.view.crs
        to_map = self._controller.placing.to_map

        def places(kind: str) -> list[QgsPointXY]:
            found: list[Point] = []
            for prompt in prompts:
                if prompt.kind == kind:
                    found.extend(prompt.points)
            return to_map(found, crs)

        self.preview.show_clicks(places(INCLUDE), places(EXCLUDE))
        shapes = [prompt for prompt in prompts if prompt.kind == SHAPE]
        rings = [to_map(ring, crs) for shape in shapes for ring in shape.rings]
        self.preview.show_extent([ring for ring in [places(BOX), *rings] if ring])
        self._show_pending(crs)

    def _show_pending(self, map_crs: QgsCoordinateReferenceSystem) -> None:
        """Only a new one: a large shape takes 10 ms to be transformed."""
        pending = (self._controller.session.draft.candidate, self._controller.crs, map_crs)
        if pending != self._pending:
            self._pending = pending
            shape = self._controller.shape
            self.preview.show_pending(shape.geometry if shape else None, self._controller.crs)

    def _on_map_crs(self) -> None:
        """What is drawn is kept in the map's CRS."""
        self._controller.clear_hover()
        self._show_coverage()
        self.show()

    def _show_coverage(self) -> None:
        geometry = self._controller.image.coverage if self._shows_coverage else None
        self.preview.show_coverage(geometry, self._controller.crs)

    def _on_click(self, where: QgsPointXY, is_include: bool) -> None:
        self._controller.click(where, is_include, self.view)

    def _on_box(self, outline: list[QgsPointXY]) -> None:
        self._controller.drag_box(outline, self.view)

    def _on_rest(self, where: QgsPointXY) -> None:
        if self.hovers:
            self._controller.hover(where, self.view)

    def _on_hover(self, geometry: QgsGeometry | None) -> None:
        self.preview.show_hover(geometry, self._controller.crs)
