"""Changes as files: .osm as JOSM saves them, and .osc (osmChange) as the API takes them.

https://josm.openstreetmap.de/wiki/Help/FileFormat/OSM and
https://wiki.openstreetmap.org/wiki/OsmChange
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from encoder_tool.errors import OutputError
from encoder_tool.osm.change import OsmChange
from encoder_tool.osm.elements import DEGREE_UNITS, Node, Relation, Way
from encoder_tool.version import version

Element = Node | Way | Relation
Action = Literal["modify", "delete"]

API_VERSION = "0.6"
SUFFIXES = (".osm", ".osc")

_ORDER = (Node, Way, Relation)
"""What is referred to comes before what refers to it; deleted in reverse."""


def change_text(change: OsmChange, suffix: str) -> str:
    """The file's content; suffix: .osm or .osc"""
    root = _osc(change) if suffix == ".osc" else _josm(change)
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def check_change_output(path: Path, *, overwrite: bool = False) -> None:
    """Raises OutputError for a path that cannot or must not be written."""
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(
            f"{path} has no suffix of OpenStreetMap's files.",
            "Use .osm for JOSM, or .osc for an osmChange.",
        )
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist.", "Make it first.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already.", "Name another file, or give --overwrite.")


def write_change(change: OsmChange, path: Path, *, overwrite: bool = False) -> None:
    """Write the change to a file whose suffix names its format; it is there whole or not at all.

    Raises OutputError as `check_change_output`, or when the file cannot be written.
    """
    check_change_output(path, overwrite=overwrite)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(change_text(change, path.suffix.lower()), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written ({error.strerror or error}).") from error


def _josm(change: OsmChange) -> ElementTree.Element:
    """All elements in one list, each with what is to be done to it; those that stay as they are
    have no action."""
    root = _root("osm")
    actions: list[tuple[Element, Action | None]] = [
        *((node, None) for node in change.used),
        *((element, "modify") for element in (*change.created, *change.modified)),
        *((element, "delete") for element in change.deleted),
    ]
    for element, action in sorted(actions, key=lambda pair: _place_in_file(pair[0])):
        item = _element(root, element, is_deleted=action == "delete")
        if action is not None:
            item.set("action", action)
        item.set("visible", "true")
    return root


def _osc(change: OsmChange) -> ElementTree.Element:
    root = _root("osmChange")
    blocks: tuple[tuple[str, Iterable[Element], bool], ...] = (
        ("create", change.created, False),
        ("modify", change.modified, False),
        ("delete", change.deleted, True),
    )
    for name, elements, backwards in blocks:
        ordered = sorted(elements, key=_place_in_file, reverse=backwards)
        if not ordered:
            continue
        block = ElementTree.SubElement(root, name)
        if name == "delete":
            # An extract need not hold all that uses them.
            block.set("if-unused", "true")
        for element in ordered:
            _element(block, element, is_deleted=name == "delete")
    return root


def _place_in_file(element: Element) -> tuple[int, int]:
    """GDAL reads ids that grow only."""
    return _ORDER.index(type(element)), element.id


def _root(name: str) -> ElementTree.Element:
    return ElementTree.Element(name, version=API_VERSION, generator=f"GeoSAM {version()}")


def _element(
    parent: ElementTree.Element, element: Element, *, is_deleted: bool
) -> ElementTree.Element:
    """What is deleted has an id, a version and a place, and nothing that it refers to."""
    item = ElementTree.SubElement(parent, type(element).__name__.lower(), id=str(element.id))
    if element.version:
        item.set("version", str(element.version))
    if isinstance(element, Node):
        item.set("lat", _degrees(element.place.lat))
        item.set("lon", _degrees(element.place.lon))
    if is_deleted:
        return item
    if isinstance(element, Way):
        for ref in element.nodes:
            ElementTree.SubElement(item, "nd", ref=str(ref))
    if isinstance(element, Relation):
        for member in element.members:
            ElementTree.SubElement(
                item, "member", type=member.kind, ref=str(member.ref), role=member.role
            )
    for key, value in element.tags.items():
        ElementTree.SubElement(item, "tag", k=key, v=value)
    return item


def _degrees(units: int) -> str:
    """Exactly, with the seven decimals of the database."""
    sign, digits = "-" if units < 0 else "", abs(units)
    return f"{sign}{digits // DEGREE_UNITS}.{digits % DEGREE_UNITS:07d}"
