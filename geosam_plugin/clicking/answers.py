"""What the engine's answers to prompts say."""

from __future__ import annotations

from typing import Any

from geosam_plugin.clicking.draft import Candidate, PatchKey


def understood(result: dict[str, Any]) -> tuple[list[Candidate], float]:
    """Candidates, one at least, and the milliseconds of an answer to `predict`. Raises KeyError,
    TypeError or ValueError when it is none."""
    surer = result.get("surer")
    candidates = [
        Candidate(
            int(found["candidate"]),
            float(found["score"]),
            str(found["wkb"]),
            # Of the patch that answered, unless the object was followed to another one.
            int(found.get("level", result["level"])),
            tuple(str(cut) for cut in found.get("cuts", ())),
            tuple(_patch(key) for key in found.get("missing", ())),
            None if surer is None else _patch(surer),
        )
        for found in result["objects"]
    ]
    if not candidates:
        raise ValueError("no candidates")
    return candidates, float(result["timings_ms"]["total"])


def _patch(told: list[Any]) -> PatchKey:
    level, row, col = told
    return int(level), int(row), int(col)
