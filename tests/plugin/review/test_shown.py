"""What of a candidate the map shows, and what is no candidate."""

from __future__ import annotations

import json
import subprocess

from qgis_window import PATIENCE_S, Window
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
from geosam_plugin.review.outlines import LEAST_SCALE
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
