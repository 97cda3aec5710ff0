"""What changes to OpenStreetMap leave to the mapper, in words.

They are English, whoever reads them; the QGIS plugin has a translation of each.
"""

from __future__ import annotations

from enum import StrEnum


class Left(StrEnum):
    """Sentences; what stands in braces is filled in. building: `Way 12`; why: a `NotHeld`"""

    CHANGE = "{building} {why}: change it by hand."
    DELETE = "{building} is part of a relation: delete it by hand."
    OFF = (
        "{building} does not run over node {node} any more, which has tags, as an entrance has: "
        "move or delete the node, too."
    )
    DRAW = "A new building at {latitude}, {longitude} {why}: draw it by hand."


class NotHeld(StrEnum):
    """Why OpenStreetMap cannot hold an outline; goes on after the building's name."""

    OTHER_RINGS = "has another number of rings than its new outline"
    JOINED_WAYS = "has ways that make a ring together"
    SHARED_WAY = "shares a way with another building, whose outline is not the same"
    ANTIMERIDIAN = "crosses the antimeridian"
    TINY = "is smaller than OpenStreetMap's coordinates are exact"
    CORNERS = "has {corners} corners, and a way has at most {most} nodes"
