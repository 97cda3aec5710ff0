"""Reading buildings from .osm and .osm.pbf files, with what GDAL's reader drops: the ids and
versions of their nodes.

Outlines are put together here and not by osmium's areas, which know no ids below 0 and want the
elements in order: files that JOSM saves have the former, answers of Overpass often not the latter.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import osmium.osm
import shapely

from encoder_tool.errors import UsageError
from encoder_tool.osm.elements import (
    DEGREE_UNITS,
    Building,
    ElementId,
    Kind,
    Member,
    Node,
    OsmData,
    Place,
    Relation,
    Way,
)
from encoder_tool.outline import Polygonal, valid

KEY = "building"

_KINDS: dict[str, Kind] = {"n": "node", "w": "way", "r": "relation"}


def read_osm(path: Path) -> OsmData:
    """The buildings of a file: closed ways and multipolygons with the key `building`.

    The file is read once for each kind of element: which nodes are needed is known when the ways
    are. Buildings whose nodes or ways are not all in the file are left out.
    Raises UsageError when it cannot be read, or holds no building.
    """
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", "Give a .osm or .osm.pbf file.")
    try:
        data = _read(path)
    except RuntimeError as error:
        raise UsageError(
            f"{path} cannot be read as OpenStreetMap data ({error}).",
            "Give a .osm or .osm.pbf file, such as JOSM saves or Overpass sends (out meta).",
        ) from error
    if not data.buildings:
        raise UsageError(f"{path} holds no whole building.", "Is the key `building` in it?")
    return data


def _read(path: Path) -> OsmData:
    relations: dict[int, Relation] = {}
    members, nested = Counter[int](), Counter[int]()
    used = array("q")  # a country has 10^8 references: 8 bytes each, where a dictionary takes 100
    for relation in _all(path, osmium.osm.RELATION):
        parts = tuple(Member(_KINDS[m.type], m.ref, m.role) for m in relation.members)
        members.update({member.ref for member in parts if member.kind == "way"})
        nested.update({member.ref for member in parts if member.kind == "relation"})
        used.extend({member.ref for member in parts if member.kind == "node"})
        tags = _tags(relation)
        if _is_building(tags) and tags.get("type") == "multipolygon":
            relations[relation.id] = Relation(relation.id, relation.version, parts, tags)
    of_relations = {m.ref for r in relations.values() for m in r.members if m.kind == "way"}
    ways: dict[int, Way] = {}
    for found in _all(path, osmium.osm.WAY):
        nodes_of_way = tuple(n.ref for n in found.nodes)
        used.extend(set(nodes_of_way))
        if found.id in of_relations or _is_building(found.tags):
            way = Way(found.id, found.version, nodes_of_way, _tags(found))
            if way.id in of_relations or way.is_closed:
                ways[way.id] = way
    wanted = {ref for way in ways.values() for ref in way.nodes}
    nodes = {
        node.id: Node(node.id, node.version, Place.of(node.lon, node.lat), _tags(node))
        for node in _all(path, osmium.osm.NODE)
        if node.id in wanted
    }
    ways = {way.id: way for way in ways.values() if nodes.keys() >= set(way.nodes)}
    return OsmData(
        tuple(_buildings(nodes, ways, relations)), nodes, ways, relations,
        _counted(used, wanted), members, nested,
    )  # fmt: skip


def _counted(used: array[int], wanted: Set[int]) -> dict[int, int]:
    """How often each of the wanted ids is among those that are used."""
    ids, counts = np.unique(np.asarray(used, np.int64), return_counts=True)
    is_wanted = np.isin(ids, np.fromiter(wanted, np.int64, len(wanted)))
    return dict(zip(ids[is_wanted].tolist(), counts[is_wanted].tolist(), strict=True))


def _buildings(
    nodes: Mapping[int, Node], ways: Mapping[int, Way], relations: Mapping[int, Relation]
) -> Iterator[Building]:
    """Those that are whole."""
    lines = {
        way.id: shapely.LineString(
            [(place.lon / DEGREE_UNITS, place.lat / DEGREE_UNITS)
             for place in (nodes[ref].place for ref in way.nodes)]
        )
        for way in ways.values() if len(way.nodes) > 1
    }  # fmt: skip
    for way in ways.values():
        if _is_building(way.tags) and way.is_closed:
            outline = valid(shapely.Polygon(lines[way.id]))
            if not outline.is_empty:
                yield Building(ElementId("way", way.id), way.version, way.tags, outline)
    for relation in relations.values():
        parts = [member for member in relation.members if member.kind == "way"]
        if not all(member.ref in lines for member in parts):
            continue
        outline = _multipolygon(
            [lines[member.ref] for member in parts if member.role != "inner"],
            [lines[member.ref] for member in parts if member.role == "inner"],
        )
        if not outline.is_empty:
            key = ElementId("relation", relation.id)
            yield Building(key, relation.version, relation.tags, outline)


def _multipolygon(outer: list[shapely.LineString], inner: list[shapely.LineString]) -> Polygonal:
    """What the outer lines enclose, each closed or several together, without what the inner ones
    do; but an outer ring within an inner one is a building in a court."""
    faces = shapely.get_parts(shapely.polygonize(outer))
    courts = shapely.union_all(shapely.get_parts(shapely.polygonize(inner)))
    in_courts = faces[shapely.covered_by(faces, courts)]
    return valid(shapely.union_all([*faces]).difference(courts).union(shapely.union_all(in_courts)))


def _is_building(tags: Any) -> bool:
    """tags: ours or osmium's"""
    return bool(tags.get(KEY, "no") != "no")


def _all(path: Path, entities: Any) -> Iterator[Any]:
    yield from osmium.FileProcessor(str(path), entities)


def _tags(element: Any) -> dict[str, str]:
    tags = element.tags
    return {tag.k: tag.v for tag in tags} if len(tags) else {}
