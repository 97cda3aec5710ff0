"""What the engine's answers to prompts say."""

from __future__ import annotations

from typing import Any

from geosam_plugin.clicking.draft import Candidate


def understood(result: dict[str, Any]) -> tuple[list[Candidate], float]:
    """Candidates, one at least, and the milliseconds of an answer to `predict`. Raises KeyError,
    TypeError or ValueError when it is none."""
    candidates = [
        Candidate(
            int(found["candidate"]),
            float(found["score"]),
            str(found["wkb"]),
            # Of the patch that answered, unless the object was followed to another one.
            int(found.get("level", result["level"])),
            tuple(str(cut) for cut in found.get("cuts", ())),
            tuple((int(level), int(row), int(col)) for level, row, col in found.get("missing", ())),
        )
        for found in result["objects"]
    ]
    if not candidates:
        raise ValueError("no candidates")
    return candidates, float(result["timings_ms"]["total"])
