"""What a run could not do or write, in words.

They are English, whoever reads them; the QGIS plugin has a translation of each.
"""

from __future__ import annotations

from enum import StrEnum


class Left(StrEnum):
    """Sentences; what stands in braces is filled in."""

    MEASURES = "The measures (M) of the coordinates are not in what is written."
    UNSEEN = (
        "Not compared, since too little of them is on the image, or it is not encoded or empty "
        "there: {count} features."
    )
    TOO_FEW_KNOWN = (
        "Too few buildings of the layer are seen on the image to say what one looks like: nothing "
        "was looked for that it lacks."
    )
    NOTHING_DRAWN = "No outline was drawn anew, so none was given right angles."
    NOTHING_SQUARED = (
        "No outline that was drawn anew has the shape that right angles are for: {count} have "
        "their own."
    )
    WITHOUT_ID = (
        "Without an id of OpenStreetMap, so not in the changes to it: {count} features that would "
        "change."
    )
    NOTHING_CHANGES = "Nothing changes in OpenStreetMap, so there is no file to open."
