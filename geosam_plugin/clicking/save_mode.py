"""What becomes of an object that is saved."""

from __future__ import annotations

from enum import Enum


class SaveMode(Enum):
    """NEW: a feature of its own; ADD, MERGE: part of the selected feature or features; CUT: taken
    out of the selected features; REPLACE: the new shape of the feature that was taken up again"""

    NEW = "new"
    ADD = "add"
    CUT = "cut"
    MERGE = "merge"
    REPLACE = "replace"
