"""What edited buildings change in OpenStreetMap: which elements are new, modified or deleted.

A way whose outline changes keeps its id, version and tags. Its nodes are used again where they
did not move, and so are the nodes of other buildings at the same place; elsewhere it gets new
ones. No node is ever moved: an extract need not hold all ways that it belongs to. What is left
over without tags or another way is to be deleted, if nothing else uses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from encoder_tool.errors import OutputError
from encoder_tool.osm.elements import (
    DEGREE_UNITS,
    MAX_WAY_NODES,
    NOTHING,
    Building,
    ElementId,
    Member,
    Node,
    OsmData,
    Place,
    Relation,
    Way,
)
from encoder_tool.outline import Polygonal

NEW_TAGS = {"building": "yes"}


@dataclass(frozen=True, eq=False)
class Edits:
    """What is wanted of buildings; geometries in longitude and latitude, valid.

    reshaped: the new outline of those that get one
    removed: those that are gone
    new: outlines of buildings that are missing, with their tags (None: building=yes)
    """

    reshaped: Mapping[ElementId, Polygonal] = field(default_factory=dict)
    removed: frozenset[ElementId] = frozenset()
    new: Sequence[tuple[Polygonal, Mapping[str, str] | None]] = ()


@dataclass(frozen=True, eq=False)
class OsmChange:
    """Elements as they shall be; those that are modified have the version that they replace.

    used: nodes that ways of it refer to and that stay as they are
    left: sentences about what could not be changed
    """

    created: tuple[Node | Way | Relation, ...]
    modified: tuple[Way | Relation, ...]
    deleted: tuple[Node | Way | Relation, ...]
    used: tuple[Node, ...]
    left: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.created or self.modified or self.deleted)


def plan_change(edits: Edits, data: OsmData = NOTHING) -> OsmChange:
    """Work out the elements that differ.

    data: the file that the buildings come from, for those that are in it
    Raises OutputError for an element that the file does not hold, for elements without a version,
    and for outlines that OpenStreetMap cannot hold.
    """
    return _Planner(data).plan(edits)


class _Planner:
    def __init__(self, data: OsmData) -> None:
        self._data = data
        self._buildings = {building.id: building for building in data.buildings}
        self._at = data.at()
        self._last_id = 0
        self._new_nodes: dict[int, Node] = {}
        self._created: list[Way | Relation] = []
        self._modified: dict[int, Way] = {}
        self._deleted: list[Way | Relation] = []
        self._left: list[str] = []

    def plan(self, edits: Edits) -> OsmChange:
        for wanted, geometry in edits.reshaped.items():
            if wanted not in edits.removed:
                self._reshape(self._building(wanted), geometry)
        for wanted in sorted(edits.removed):
            self._remove(self._building(wanted))
        for geometry, tags in edits.new:
            self._add(geometry, dict(NEW_TAGS if tags is None else tags))
        return self._change()

    def _building(self, wanted: ElementId) -> Building:
        building = self._buildings.get(wanted)
        if building is None:
            raise OutputError(
                f"The original file has no building {wanted.kind} {wanted.number}.",
                "Give the .osm file that the layer was made from.",
            )
        if building.version < 1:
            raise OutputError(
                f"The original file has no version of {wanted.kind} {wanted.number}, and without "
                "one nothing can be uploaded.",
                "Download it with its metadata: JOSM does, Overpass by `out meta`.",
            )
        return building

    # --- one building

    def _reshape(self, building: Building, geometry: Polygonal) -> None:
        ways = self._closed_ways(building)
        rings = [ring for part in shapely.get_parts(geometry) for ring in _rings(part)]
        if ways is None or len(ways) != len(rings):
            self._left.append(
                f"{_named(building)} has another number of rings than its new outline, or ways "
                "that make a ring together: change it by hand."
            )
            return
        for way, (ring, _) in zip(ways, self._matched(ways, rings), strict=True):
            nodes = self._nodes_along(ring, way)
            if nodes != way.nodes:
                self._modified[way.id] = Way(way.id, way.version, nodes, way.tags)

    def _closed_ways(self, building: Building) -> list[Way] | None:
        """Those that are its rings; None when they are not all closed."""
        if building.id.kind == "way":
            return [self._data.ways[building.id.number]]
        members = self._data.relations[building.id.number].members
        ways = [self._data.ways.get(member.ref) for member in members if member.kind == "way"]
        closed = [way for way in ways if way is not None and way.is_closed]
        return closed if len(closed) == len(ways) else None

    def _matched(
        self, ways: Sequence[Way], rings: Sequence[tuple[shapely.LinearRing, str]]
    ) -> list[tuple[shapely.LinearRing, str]]:
        """To each way the ring that is most like it, none twice."""
        left, found = list(rings), []
        for way in ways:
            places = [self._data.nodes[ref].place for ref in way.nodes]
            old = shapely.LinearRing(np.array(places) / DEGREE_UNITS)

            def unlike(
                ring: tuple[shapely.LinearRing, str], old: shapely.LinearRing = old
            ) -> float:
                return float(shapely.hausdorff_distance(ring[0], old))

            best = min(left, key=unlike)
            left.remove(best)
            found.append(best)
        return found

    def _remove(self, building: Building) -> None:
        """With the ways that make up a relation and are nothing by themselves."""
        number = building.id.number
        if building.id.kind == "way":
            if self._data.members.get(number):
                self._left.append(f"{_named(building)} is part of a relation: delete it by hand.")
            else:
                self._deleted.append(self._data.ways[number])
            return
        relation = self._data.relations[number]
        parts = [self._data.ways[m.ref] for m in relation.members if m.kind == "way"]
        own = [way for way in parts if not way.tags and self._data.members[way.id] == 1]
        self._deleted += [relation, *own]

    def _add(self, geometry: Polygonal, tags: dict[str, str]) -> None:
        rings = [ring for part in shapely.get_parts(geometry) for ring in _rings(part)]
        if len(rings) == 1:
            nodes = self._nodes_along(rings[0][0])
            self._created.append(Way(self._next_id(), 0, nodes, tags))
            return
        members = []
        for ring, role in rings:
            way = Way(self._next_id(), 0, self._nodes_along(ring))
            self._created.append(way)
            members.append(Member("way", way.id, role))
        tags = {"type": "multipolygon", **tags}
        self._created.append(Relation(self._next_id(), 0, tuple(members), tags))

    # --- nodes

    def _nodes_along(self, ring: shapely.LinearRing, old: Way | None = None) -> tuple[int, ...]:
        """The nodes of a closed way, in the sense and, where that stays, from the node of the
        way that it was."""
        places = [Place.of(lon, lat) for lon, lat in shapely.get_coordinates(ring)[:-1]]
        places = [place for place, before in zip(places, [places[-1], *places], strict=False)
                  if place != before]  # fmt: skip
        if len(set(places)) < 3:
            raise OutputError(
                "An outline is smaller than OpenStreetMap's coordinates are exact.",
                "Leave out what is so small.",
            )
        if len(places) + 1 > MAX_WAY_NODES:
            raise OutputError(
                f"An outline has {len(places)} vertices, and a way at most {MAX_WAY_NODES}.",
                "Simplify it.",
            )
        own = {} if old is None else {self._place(ref): ref for ref in old.nodes}
        if own and _turns_left(places) != _turns_left(list(own)):
            places.reverse()
        refs = [own.get(place) or self._node_at(place) for place in places]
        kept = [ref for ref in own.values() if ref in refs]
        start = refs.index(kept[0]) if kept else 0
        return (*refs[start:], *refs[:start], refs[start])

    def _place(self, ref: int) -> Place:
        return self._data.nodes[ref].place

    def _node_at(self, place: Place) -> int:
        """That of another building, or of an outline before, or else a new one."""
        if place not in self._at:
            node = Node(self._next_id(), 0, place)
            self._new_nodes[node.id] = node
            self._at[place] = node.id
        return self._at[place]

    def _next_id(self) -> int:
        self._last_id -= 1
        return self._last_id

    # --- the whole

    def _change(self) -> OsmChange:
        """With the nodes that are not needed any more, and those that only are referred to."""
        gone = {element.id for element in self._deleted if isinstance(element, Way)}
        after = [*self._modified.values(), *(w for w in self._created if isinstance(w, Way))]
        still = {ref for way in after for ref in way.nodes}
        users = dict(self._data.users)
        for number in (*self._modified, *gone):
            for ref in set(self._data.ways[number].nodes):
                users[ref] -= 1
        left_over = {
            ref for number in (*self._modified, *gone) for ref in self._data.ways[number].nodes
        } - still
        unused = [self._data.nodes[ref] for ref in sorted(left_over) if not users[ref]]
        return OsmChange(
            created=(*self._new_nodes.values(), *self._created),
            modified=tuple(self._modified.values()),
            deleted=(*self._deleted, *(node for node in unused if not node.tags)),
            used=tuple(self._data.nodes[ref] for ref in sorted(still) if ref > 0),
            left=tuple(self._left),
        )


def _rings(part: shapely.Polygon) -> list[tuple[shapely.LinearRing, str]]:
    return [(part.exterior, "outer"), *((hole, "inner") for hole in part.interiors)]


def _turns_left(places: Sequence[Place]) -> bool:
    return bool(shapely.is_ccw(shapely.LinearRing([*places, places[0]])))


def _named(building: Building) -> str:
    return f"{building.id.kind.capitalize()} {building.id.number}"
