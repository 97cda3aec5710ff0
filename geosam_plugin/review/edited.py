"""A candidate that is open in the click tool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geosam_plugin.geometry import Shape
from geosam_plugin.review.candidates import Candidate


@dataclass(frozen=True, eq=False)
class Edited:
    """Whose outline is replaced when the object is saved (`Draft.replaces`).

    save: takes the new outline; raises LayerError
    """

    candidate: Candidate
    save: Callable[[Shape], None]
