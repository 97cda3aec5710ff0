"""What a .osm file for JOSM and an osmChange have to be like, read by nothing but the XML.

By https://wiki.openstreetmap.org/wiki/OSM_XML, https://wiki.openstreetmap.org/wiki/OsmChange and
https://josm.openstreetmap.de/wiki/Help/FileFormat/OSM.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

KINDS = ("node", "way", "relation")


@dataclass(frozen=True)
class Item:
    """One element; action: create, modify, delete, or None for one that stays as it is"""

    kind: str
    id: int
    version: int | None
    action: str | None
    place: tuple[str, str] | None
    refs: tuple[int, ...]
    members: tuple[tuple[str, int, str], ...]
    tags: dict[str, str]


def parsed_josm(text: str) -> dict[tuple[str, int], Item]:
    """Raises AssertionError for what JOSM or the API would not take."""
    root = ElementTree.fromstring(text.encode())
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert root.tag == "osm" and root.get("version") == "0.6" and root.get("generator")
    items = [_item(element, element.get("action")) for element in root]
    for element, item in zip(root, items, strict=True):
        assert element.get("visible") == "true"
        assert item.action in (None, "modify", "delete")
        if item.id < 0:
            assert item.action == "modify", "what is new is to be uploaded"
    order = [KINDS.index(item.kind) for item in items]
    assert order == sorted(order), "nodes, then ways, then relations"
    found = _unique(items)
    kept = {key: item for key, item in found.items() if item.action != "delete"}
    for item in kept.values():
        for ref in item.refs:
            assert ("node", ref) in kept, f"way {item.id} refers to node {ref}, which is not there"
        for kind, ref, _ in item.members:
            assert (kind, ref) in kept, f"relation {item.id} refers to a {kind} {ref}"
    needed = {ref for item in kept.values() for ref in item.refs}
    for item in found.values():
        if item.action is None:
            assert item.kind == "node" and item.id in needed, "untouched, and there for nothing"
    _check(kept)
    return found


def parsed_osc(text: str) -> dict[tuple[str, int], Item]:
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "osmChange" and root.get("version") == "0.6" and root.get("generator")
    names = [block.tag for block in root]
    assert names == [name for name in ("create", "modify", "delete") if name in names]
    items = []
    for block in root:
        found = [_item(element, block.tag) for element in block]
        assert found
        order = [KINDS.index(item.kind) for item in found]
        assert order == sorted(order, reverse=block.tag == "delete")
        for item in found:
            assert (item.id < 0) == (block.tag == "create")
        if block.tag == "delete":
            assert block.get("if-unused") == "true"
        items += found
    found_all = _unique(items)
    deleted = {key for key, item in found_all.items() if item.action == "delete"}
    for item in found_all.values():
        if item.action != "delete":
            for ref in item.refs:
                assert ref > 0 or ("node", ref) in found_all
                assert ("node", ref) not in deleted
    _check({k: item for k, item in found_all.items() if item.action != "delete"})
    return found_all


def _item(element: ElementTree.Element, action: str | None) -> Item:
    assert element.tag in KINDS
    number, version = int(element.attrib["id"]), element.get("version")
    assert number != 0
    if number > 0:
        assert version is not None and int(version) >= 1, "versions are kept"
    else:
        assert version is None, "what is new has no version"
    place = None
    if element.tag == "node":
        place = (element.attrib["lat"], element.attrib["lon"])
        assert abs(float(place[0])) <= 90 and abs(float(place[1])) <= 180
        assert all(len(text.partition(".")[2]) <= 7 for text in place)
    keys = [tag.attrib["k"] for tag in element.findall("tag")]
    assert len(keys) == len(set(keys)) and all(keys)
    return Item(
        element.tag, number, None if version is None else int(version), action, place,
        tuple(int(nd.attrib["ref"]) for nd in element.findall("nd")),
        tuple(
            (m.attrib["type"], int(m.attrib["ref"]), m.attrib["role"])
            for m in element.findall("member")
        ),
        {tag.attrib["k"]: tag.attrib["v"] for tag in element.findall("tag")},
    )  # fmt: skip


def _unique(items: list[Item]) -> dict[tuple[str, int], Item]:
    found = {(item.kind, item.id): item for item in items}
    assert len(found) == len(items), "an element is there twice"
    return found


def _check(kept: dict[tuple[str, int], Item]) -> None:
    places = [item.place for item in kept.values() if item.kind == "node"]
    assert len(places) == len(set(places)), "two nodes at one place"
    for item in kept.values():
        if item.kind == "way":
            assert 4 <= len(item.refs) <= 2000 and item.refs[0] == item.refs[-1]
            assert all(a != b for a, b in pairwise(item.refs)), "a node twice in a row"
            assert len(set(item.refs)) == len(item.refs) - 1, "a way that meets itself"
        if item.kind == "relation":
            assert item.members and item.tags["type"] == "multipolygon"
            assert {role for _, _, role in item.members} <= {"outer", "inner"}
