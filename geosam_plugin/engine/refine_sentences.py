"""What the engine says of refined footprints, in the user's language.

In a refined layer's field `reason`, and in what a run leaves, its sentences are English: the file
is the same for everyone who gets it. Here they are known again, with the numbers in them.
"""

from __future__ import annotations

import re

from qgis.PyQt.QtCore import QCoreApplication

translate = QCoreApplication.translate

FOLLOWS = "It overlaps a neighbour."
"""Comes after a reason."""


def in_words(said: str) -> str:
    """The same in the user's language; as it is where the engine's version says something else."""
    first, _, rest = said.partition(f" {FOLLOWS}")
    if rest or first == said:
        return _in_words(said)
    return f"{_in_words(first)} {_in_words(FOLLOWS)}"


def _in_words(said: str) -> str:
    for english, own in (_reasons() | _left()).items():
        found = _pattern(english).fullmatch(said)
        if found is not None:
            filled = {name: _why(text) for name, text in found.groupdict().items()}
            return own.format(**filled)
    return said


def _why(said: str) -> str:
    for english, own in _not_held().items():
        found = _pattern(english).fullmatch(said)
        if found is not None:
            return own.format(**found.groupdict())
    return said


def _pattern(english: str) -> re.Pattern[str]:
    """Braces are filled with a word or a number, `why` with several."""
    escaped = re.escape(english).replace(r"\{why\}", "(?P<why>.+)")
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^\\s,%]+)", escaped))


def _reasons() -> dict[str, str]:
    return {
        "It fits.": translate("GeoSAM", "It fits."),
        "It is protected.": translate("GeoSAM", "It is protected."),
        "It fits {metres} m away.": translate("GeoSAM", "It fits {metres} m away."),
        "It fits where the layer's offset puts it.": translate(
            "GeoSAM", "It fits where the layer's offset puts it."
        ),
        "Another outline fits clearly better.": translate(
            "GeoSAM", "Another outline fits clearly better."
        ),
        "In another size it fits clearly better.": translate(
            "GeoSAM", "In another size it fits clearly better."
        ),
        "Turned it fits clearly better.": translate("GeoSAM", "Turned it fits clearly better."),
        "Nothing there looks like the other buildings.": translate(
            "GeoSAM", "Nothing there looks like the other buildings."
        ),
        "Too little of it is on the image.": translate(
            "GeoSAM", "Too little of it is on the image."
        ),
        "The image is not encoded there.": translate("GeoSAM", "The image is not encoded there."),
        "The image has no data there.": translate("GeoSAM", "The image has no data there."),
        "The cache is damaged there.": translate("GeoSAM", "The cache is damaged there."),
        "It has no outline on the image.": translate("GeoSAM", "It has no outline on the image."),
        "It is too small to be seen.": translate("GeoSAM", "It is too small to be seen."),
        "What is there looks like none of the other buildings.": translate(
            "GeoSAM", "What is there looks like none of the other buildings."
        ),
        "It may be off, in a layer where hardly another one is.": translate(
            "GeoSAM", "It may be off, in a layer where hardly another one is."
        ),
        "The image shows nothing that fits it well.": translate(
            "GeoSAM", "The image shows nothing that fits it well."
        ),
        "The outline that fits is smaller than what is asked for.": translate(
            "GeoSAM", "The outline that fits is smaller than what is asked for."
        ),
        "The layer has nothing here; it looks like its buildings ({percent}%).": translate(
            "GeoSAM", "The layer has nothing here; it looks like its buildings ({percent}%)."
        ),
        FOLLOWS: translate("GeoSAM", "It overlaps a neighbour."),
    }


def _left() -> dict[str, str]:
    return {
        "The measures (M) of the coordinates are not in what is written.": translate(
            "GeoSAM", "The measures (M) of the coordinates are not in what is written."
        ),
        "Not compared, since too little of them is on the image, or it is not encoded or empty "
        "there: {count} features.": translate(
            "GeoSAM",
            "Not compared, since too little of them is on the image, or it is not encoded or "
            "empty there: {count} features.",
        ),
        "Too few buildings of the layer are seen on the image to say what one looks like: nothing "
        "was looked for that it lacks.": translate(
            "GeoSAM",
            "Too few buildings of the layer are seen on the image to say what one looks like: "
            "nothing was looked for that it lacks.",
        ),
        "No outline was drawn anew, so none was given right angles.": translate(
            "GeoSAM", "No outline was drawn anew, so none was given right angles."
        ),
        "No outline that was drawn anew has the shape that right angles are for: {count} have "
        "their own.": translate(
            "GeoSAM",
            "No outline that was drawn anew has the shape that right angles are for: {count} have "
            "their own.",
        ),
        "Without an id of OpenStreetMap, so not in the changes to it: {count} features that would "
        "change.": translate(
            "GeoSAM",
            "Without an id of OpenStreetMap, so not in the changes to it: {count} features that "
            "would change.",
        ),
        "Nothing changes in OpenStreetMap, so there is no file to open.": translate(
            "GeoSAM", "Nothing changes in OpenStreetMap, so there is no file to open."
        ),
        "Way {id} {why}: change it by hand.": translate(
            "GeoSAM", "Way {id} {why}: change it by hand."
        ),
        "Relation {id} {why}: change it by hand.": translate(
            "GeoSAM", "Relation {id} {why}: change it by hand."
        ),
        "Way {id} is part of a relation: delete it by hand.": translate(
            "GeoSAM", "Way {id} is part of a relation: delete it by hand."
        ),
        "Relation {id} is part of a relation: delete it by hand.": translate(
            "GeoSAM", "Relation {id} is part of a relation: delete it by hand."
        ),
        "Way {id} does not run over node {node} any more, which has tags, as an entrance has: "
        "move or delete the node, too.": translate(
            "GeoSAM",
            "Way {id} does not run over node {node} any more, which has tags, as an entrance has: "
            "move or delete the node, too.",
        ),
        "Relation {id} does not run over node {node} any more, which has tags, as an entrance "
        "has: move or delete the node, too.": translate(
            "GeoSAM",
            "Relation {id} does not run over node {node} any more, which has tags, as an entrance "
            "has: move or delete the node, too.",
        ),
        "A new building at {latitude}, {longitude} {why}: draw it by hand.": translate(
            "GeoSAM", "A new building at {latitude}, {longitude} {why}: draw it by hand."
        ),
    }


def _not_held() -> dict[str, str]:
    """Why OpenStreetMap cannot hold an outline; goes on after the building's name."""
    return {
        "has another number of rings than its new outline": translate(
            "GeoSAM", "has another number of rings than its new outline"
        ),
        "has ways that make a ring together": translate(
            "GeoSAM", "has ways that make a ring together"
        ),
        "shares a way with another building, whose outline is not the same": translate(
            "GeoSAM", "shares a way with another building, whose outline is not the same"
        ),
        "crosses the antimeridian": translate("GeoSAM", "crosses the antimeridian"),
        "is smaller than OpenStreetMap's coordinates are exact": translate(
            "GeoSAM", "is smaller than OpenStreetMap's coordinates are exact"
        ),
        "has {corners} corners, and a way has at most {most} nodes": translate(
            "GeoSAM", "has {corners} corners, and a way has at most {most} nodes"
        ),
    }
