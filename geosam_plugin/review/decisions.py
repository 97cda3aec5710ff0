"""What was decided of candidates, kept with the refined layer in its project."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from qgis.core import QgsGeometry, QgsVectorLayer

from geosam_plugin.geometry import from_base64
from geosam_plugin.review.candidates import GONE, NEW, SAME_NEW, UNCERTAIN, Candidate, overlap

PROPERTY = "geosam/review"
"""Custom property of a refined layer: the JSON of its decisions."""

VERSION = 1


class State(Enum):
    """ACCEPTED: and what was accepted is in the layer; an acceptance that was undone is PENDING"""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Decision:
    """shape: what was accepted in place of the proposal, an edited outline; None for the proposal
    overlap_before: IoU of what was accepted with the outline before
    target_id: of the feature that was added
    """

    is_accepted: bool
    shape: QgsGeometry | None = None
    overlap_before: float = 0.0
    target_id: int | None = None


def state_of(candidate: Candidate, decision: Decision | None) -> State:
    if decision is None:
        return State.PENDING
    if not decision.is_accepted:
        return State.REJECTED
    return State.ACCEPTED if _is_in_layer(candidate, decision) else State.PENDING


def _is_in_layer(candidate: Candidate, decision: Decision) -> bool:
    """Whether the feature is as it was accepted. A vertex that was moved since makes no other
    outline of it; nearer to what it was before, the acceptance was undone."""
    current = candidate.current
    if decision.shape is None and candidate.verdict == UNCERTAIN:
        return True
    if decision.shape is None and candidate.verdict == GONE:
        return current is None
    if current is None:
        return False
    accepted = candidate.proposed if decision.shape is None else decision.shape
    least = SAME_NEW if candidate.verdict == NEW else (1 + decision.overlap_before) / 2
    return overlap(current, accepted) >= least


def load(layer: QgsVectorLayer) -> dict[int, dict[str, Any]]:
    """What is kept of a refined layer, by the ids of its features; empty for what is unreadable."""
    try:
        found = json.loads(str(layer.customProperty(PROPERTY, "") or "{}"))
        if found.get("version") != VERSION:
            return {}
        return {int(fid): dict(one) for fid, one in found["decisions"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def decision_for(candidate: Candidate, kept: Mapping[str, Any] | None) -> Decision | None:
    """What was kept of a candidate; None when it was of another one: the file was made anew."""
    if kept is None or kept.get("of") != _identity(candidate):
        return None
    try:
        shape = kept.get("shape")
        target_id = kept.get("target")
        return Decision(
            bool(kept["accepted"]),
            from_base64(shape) if shape else None,
            float(kept.get("overlap_before", 0.0)),
            None if target_id is None else int(target_id),
        )
    except (ValueError, TypeError, KeyError):
        return None


def save(layer: QgsVectorLayer, decided: Mapping[int, tuple[Candidate, Decision]]) -> None:
    """Keep them in the layer's project, once that is saved."""
    kept = {str(fid): _kept(*both) for fid, both in decided.items()}
    text = json.dumps({"version": VERSION, "decisions": kept}, separators=(",", ":"))
    layer.setCustomProperty(PROPERTY, text)


def _kept(candidate: Candidate, decision: Decision) -> dict[str, Any]:
    kept: dict[str, Any] = {"of": _identity(candidate), "accepted": decision.is_accepted}
    if decision.shape is not None:
        kept["shape"] = base64.b64encode(bytes(decision.shape.asWkb())).decode("ascii")
    if decision.overlap_before:
        kept["overlap_before"] = decision.overlap_before
    if decision.target_id is not None:
        kept["target"] = decision.target_id
    return kept


def _identity(candidate: Candidate) -> list[Any]:
    return [candidate.verdict, candidate.source_fid, *candidate.corner]
