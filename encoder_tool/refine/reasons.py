"""Why a feature got its verdict: the sentences of the refined layer.

They are English in the file, whoever reads it; the QGIS plugin has a translation of each.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What stands in braces is filled in."""

    FITS = "It fits."
    PROTECTED = "It is protected."

    AWAY = "It fits {metres} m away."
    MOVED_ALONG = "It fits where the layer's offset puts it."

    OTHER_OUTLINE = "Another outline fits clearly better."
    OTHER_SIZE = "In another size it fits clearly better."
    TURNED = "Turned it fits clearly better."

    BARE = "Nothing there looks like the other buildings."

    OUTSIDE = "Too little of it is on the image."
    NOT_ENCODED = "The image is not encoded there."
    NO_DATA = "The image has no data there."
    DAMAGED = "The cache is damaged there."
    NO_OUTLINE = "It has no outline on the image."
    TOO_SMALL_TO_SEE = "It is too small to be seen."
    UNLIKE_OTHERS = "What is there looks like none of the other buildings."
    RARELY_OFF = "It may be off, in a layer where hardly another one is."
    NO_GOOD_FIT = "The image shows nothing that fits it well."
    TOO_SMALL = "The outline that fits is smaller than what is asked for."

    LACKING = "The layer has nothing here; it looks like its buildings ({percent}%)."

    STILL_OVERLAPS = "It overlaps a neighbour."
    """Follows on another one."""


UNSEEN = frozenset({Reason.OUTSIDE, Reason.NOT_ENCODED, Reason.NO_DATA})
"""Of features that the image says nothing about."""
