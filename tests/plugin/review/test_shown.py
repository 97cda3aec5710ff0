"""What of a candidate the map shows, and what is no candidate."""

from __future__ import annotations

import json
import subprocess

from qgis.core import (
    QgsGeometry,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor
from qgis_window import PATIENCE_S, Window, settle
from review.refined_layers import (
    COUNT,
    VERDICTS,
    Key,
    Layers,
    begin,
    edit,
    go_to,
    moved,
    name_of,
)

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.review.candidates import UNSEEN, Candidate, overlap
from geosam_plugin.review.outlines import LEAST_SCALE, OLD_COLOUR
from geosam_plugin.window.workspace import Workspace


def test_what_is_uncertain_has_no_new_outline_until_it_is_edited(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    name = go_to(workspace, window, reviewed, "uncertain")
    review = workspace.review
    assert review.outlines.new.isEmpty()
    assert overlap(review.outlines.old, reviewed.old[name]) > 0.999
    one = review.queue.current
    edit(workspace, window, reviewed)
    while review.queue.current is not one:
        window.key(Key.Key_P)
    assert not review.outlines.new.isEmpty()


def test_of_a_small_one_the_map_shows_the_surroundings(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    canvas, queue = window.canvas, workspace.review.queue
    smallest = min(queue.candidates, key=lambda one: one.proposed.area())
    assert _closest(smallest) < 20, "all of it would be at a scale where pixels are blots"
    while queue.current is not smallest:
        window.key(Key.Key_N)
    assert canvas.scale() > 0.99 * LEAST_SCALE
    shown = reviewed.new[name_of(workspace, reviewed)]
    there = moved(shown, canvas.mapSettings().destinationCrs())
    assert canvas.extent().contains(there.boundingBox())


def _closest(one: Candidate) -> float:
    """Metres across, in UTM."""
    box = one.proposed.boundingBox()
    return float(max(box.width(), box.height()))


def test_what_the_image_does_not_show_is_not_reviewed(
    workspace: Workspace, window: Window, layers: Layers, command: EngineCommand
) -> None:
    known = (
        "import json; from encoder_tool.refine.reasons import UNSEEN; print(json.dumps([*UNSEEN]))"
    )
    told = subprocess.run(
        [command.program, "-c", known], env=dict(command.environment), capture_output=True,
        text=True, timeout=PATIENCE_S, check=True,
    ).stdout  # fmt: skip
    assert set(UNSEEN) == set(json.loads(told)), "as the engine writes them"
    reason = layers.refined.fields().lookupField("reason")
    unseen = [f.id() for f in layers.refined.getFeatures("\"verdict\" = 'uncertain'")]
    assert len(unseen) == VERDICTS.count("uncertain") > 1
    layers.refined.dataProvider().changeAttributeValues({unseen[0]: {reason: UNSEEN[0]}})
    begin(workspace, layers)
    queue = workspace.review.queue
    assert len(queue.candidates) == COUNT - 1 and queue.count_of("uncertain") == len(unseen) - 1
    assert unseen[0] not in {one.fid for one in queue.candidates}


def test_the_image_is_seen_where_the_layers_would_cover_it(
    workspace: Workspace, window: Window, layers: Layers
) -> None:
    """Of the layer that is corrected the map has outlines, of the proposals but the one at hand;
    afterwards both are drawn as before."""
    raster = workspace.dock.image.layer
    for layer in (layers.target, layers.refined):
        layer.renderer().symbol().setColor(QColor("magenta"))
    window.canvas.setLayers([layers.refined, layers.target, raster])
    styles = [
        layer.styleManager().style("default").xmlData() for layer in (layers.target, layers.refined)
    ]
    kept = [shape for name, shape in layers.old.items() if name.startswith("keep")]
    assert magenta(window, kept) == len(kept)
    begin(workspace, layers)
    settle()
    assert magenta(window, kept) == 0
    edge = kept[0].convertToType(QgsWkbTypes.GeometryType.LineGeometry).interpolate(1).asPoint()
    assert is_like(pixel_at(window, edge, kept[0]), OLD_COLOUR)
    workspace.dock.review.button.click()
    assert magenta(window, kept) == len(kept)
    assert [
        layer.styleManager().style("default").xmlData() for layer in (layers.target, layers.refined)
    ] == styles


def magenta(window: Window, shapes: list[QgsGeometry]) -> int:
    """Of how many the middle is drawn so."""
    middles = [shape.pointOnSurface().asPoint() for shape in shapes]
    found = [pixel_at(window, at, shape) for at, shape in zip(middles, shapes, strict=True)]
    return sum(is_like(colour, QColor("magenta")) for colour in found)


def is_like(colour: QColor, other: QColor) -> bool:
    """But for what a soft edge mixes in."""
    both = zip(colour.getRgb(), other.getRgb(), strict=True)
    return max(abs(one - another) for one, another in both) < 40


def pixel_at(window: Window, where: QgsPointXY, around: QgsGeometry) -> QColor:
    """As the canvas draws it, close enough to see what is about it."""
    settings = QgsMapSettings(window.canvas.mapSettings())
    settings.setExtent(around.boundingBox().buffered(4))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    place = settings.mapToPixel().transform(where)
    return job.renderedImage().pixelColor(round(place.x()), round(place.y()))
