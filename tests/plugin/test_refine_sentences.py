"""What the engine says of refined footprints is known to the plugin, sentence by sentence."""

from __future__ import annotations

import json
import subprocess

import pytest
from qgis.core import QgsGeometry
from qgis_window import PATIENCE_S

from geosam_plugin.engine import refine_sentences
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.refine_sentences import FOLLOWS, in_words
from geosam_plugin.review.candidates import Candidate
from geosam_plugin.window.review_section import _reason

SENTENCES = """
import json
from encoder_tool.osm.left import Left as LeftToMappers
from encoder_tool.osm.left import NotHeld
from encoder_tool.refine.left import Left
from encoder_tool.refine.reasons import Reason
values = {
    "metres": "3.2", "percent": 57, "count": 12, "corners": 2400, "most": 2000,
    "latitude": "1.500000", "longitude": "-2.250000", "node": 77,
}
told = [one.format(**values) for one in (*Reason, *Left)]
told += [
    one.format(building=name, why=why.format(**values), **values)
    for one in LeftToMappers for name in ("Way 12", "Relation 34") for why in NotHeld
]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def engine_sentences(command: EngineCommand) -> list[str]:
    """All that the engine says, filled in."""
    told = subprocess.run(
        [command.program, "-c", SENTENCES], env=dict(command.environment), capture_output=True,
        text=True, timeout=PATIENCE_S, check=True,
    ).stdout  # fmt: skip
    return list(json.loads(told))


@pytest.fixture
def _marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is translated stands in quotes."""
    monkeypatch.setattr(refine_sentences, "translate", lambda _context, text: f"«{text}»")


@pytest.mark.usefixtures("_marked")
def test_every_sentence_is_translated_with_what_is_filled_in(engine_sentences: list[str]) -> None:
    assert len(engine_sentences) > 50
    for sentence in engine_sentences:
        own = in_words(sentence)
        assert own.startswith("«") and own.endswith("»"), sentence
        assert own.replace("«", "").replace("»", "") == sentence
        has_why = "by hand" in sentence and "part of a relation" not in sentence
        assert own.count("«") == 1 + has_why, own


@pytest.mark.usefixtures("_marked")
def test_what_follows_a_reason() -> None:
    assert in_words(f"It fits 3.0 m away. {FOLLOWS}") == f"«It fits 3.0 m away.» «{FOLLOWS}»"


@pytest.mark.usefixtures("_marked")
def test_what_another_version_says_is_shown_as_it_is() -> None:
    for said in ("It is odd.", "", f"It is odd. {FOLLOWS} Twice."):
        assert in_words(said) == said


@pytest.mark.usefixtures("_marked")
def test_the_dock_shows_it_translated() -> None:
    shape = QgsGeometry.fromWkt("Polygon ((0 0, 1 0, 1 1, 0 0))")
    one = Candidate(1, 1, "shift", "It fits 3.0 m away.", 0.9, shape, (0.0, 0.0), {})
    assert _reason(one) == ["«It fits 3.0 m away.»"]
