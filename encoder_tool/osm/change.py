"""What edited buildings change in OpenStreetMap: which elements are new, modified or deleted.

A way whose outline changes keeps its id, version and tags. Its nodes are used again where they
did not move, and so are the nodes of other buildings at the same place; elsewhere it gets new
ones. No node is ever moved: an extract need not hold all ways that it belongs to. What is left
over without tags or another way is to be deleted, if nothing else uses it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
from encoder_tool.osm.left import Left, NotHeld
from encoder_tool.outline import Polygonal

HALF_TURN = 180.0

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
    What OpenStreetMap cannot hold is left with a sentence. Raises OutputError as `require_known`.
    """
    require_known((*edits.reshaped, *edits.removed), data)
    return _Planner(data).plan(edits)


def require_known(wanted: Iterable[ElementId], data: OsmData) -> None:
    """Raises OutputError for an element that the file does not hold as a building, or without the
    version that a change of it has to name."""
    versions = {building.id: building.version for building in data.buildings}
    for element in wanted:
        if element not in versions:
            raise OutputError(
                f"The original file has no building {element.kind} {element.number}.",
                "Give the .osm file that the layer was made from.",
            )
        if versions[element] < 1:
            raise OutputError(
                f"The original file has no version of {element.kind} {element.number}, and without "
                "one nothing can be uploaded.",
                "Download it with its metadata: JOSM does, Overpass by `out meta`.",
            )


Places = tuple[Place, ...]
"""A ring's corners, each once."""


class _Planner:
    def __init__(self, data: OsmData) -> None:
        self._data = data
        self._buildings = {building.id: building for building in data.buildings}
        self._users = _users(data)
        self._at = data.at()
        self._last_id = 0
        self._new_nodes: dict[int, Node] = {}
        self._created: list[Way | Relation] = []
        self._modified: dict[int, Way] = {}
        self._deleted: list[Way | Relation] = []
        self._left: list[str] = []

    def plan(self, edits: Edits) -> OsmChange:
        reshaped = {
            wanted: geometry for wanted, geometry in edits.reshaped.items()
            if wanted not in edits.removed
        }  # fmt: skip
        self._reshape_all(reshaped)
        for wanted in sorted(edits.removed):
            self._remove(self._buildings[wanted])
        for geometry, tags in edits.new:
            self._add(geometry, dict(NEW_TAGS if tags is None else tags))
        return self._change()

    # --- outlines of buildings that are there

    def _reshape_all(self, outlines: Mapping[ElementId, Polygonal]) -> None:
        wanted = dict[ElementId, dict[int, Places]]()
        for element, geometry in outlines.items():
            building = self._buildings[element]
            try:
                wanted[element] = self._rings_of_ways(building, geometry)
            except _NotHeldError as error:
                self._leave(building, str(error))
        # What is left may have been what another one agreed with.
        while contested := [one for one in wanted if self._is_contested(one, wanted)]:
            for element in contested:
                del wanted[element]
                self._leave(self._buildings[element], NotHeld.SHARED_WAY)
        for rings in wanted.values():
            for number, places in rings.items():
                way = self._data.ways[number]
                nodes = self._nodes_along(places, way)
                if nodes != way.nodes:
                    self._modified[number] = Way(number, way.version, nodes, way.tags)

    def _rings_of_ways(self, building: Building, geometry: Polygonal) -> dict[int, Places]:
        """The new ring of each way. Raises _NotHeldError."""
        rings, found = _rings_on_grid(geometry), dict[int, Places]()
        ways = self._closed_ways(building)
        for role in ("outer", "inner"):
            old = [way for way, own in ways if own == role]
            new = [places for places, own in rings if own == role]
            if len(old) != len(new):
                raise _NotHeldError(NotHeld.OTHER_RINGS)
            found |= self._matched(old, new)
        return found

    def _closed_ways(self, building: Building) -> list[tuple[Way, str]]:
        """Those that are its rings, outer or inner. Raises _NotHeldError when ways are not."""
        if building.id.kind == "way":
            return [(self._data.ways[building.id.number], "outer")]
        found = []
        for member in self._data.relations[building.id.number].members:
            way = self._data.ways.get(member.ref) if member.kind == "way" else None
            if way is not None and way.is_closed:
                found.append((way, "inner" if member.role == "inner" else "outer"))
            elif member.kind == "way":
                raise _NotHeldError(NotHeld.JOINED_WAYS)
        return found

    def _matched(self, ways: Sequence[Way], rings: Sequence[Places]) -> dict[int, Places]:
        """To each way the ring that is most like it, none twice."""
        left, found = list(rings), dict[int, Places]()
        for way in ways:
            old = shapely.LinearRing([self._place(ref) for ref in way.nodes])

            def unlike(places: Places, old: shapely.LinearRing = old) -> float:
                return float(shapely.hausdorff_distance(shapely.LinearRing(places), old))

            found[way.id] = min(left, key=unlike)
            left.remove(found[way.id])
        return found

    def _is_contested(
        self, element: ElementId, wanted: Mapping[ElementId, Mapping[int, Places]]
    ) -> bool:
        """Whether a way of it is another building's, too, and not to become the same there."""
        for number, places in wanted[element].items():
            here = tuple(self._place(ref) for ref in self._data.ways[number].nodes[:-1])
            for other in self._users[number] - {element}:
                if not _is_same_ring(wanted.get(other, {}).get(number, here), places):
                    return True
        return False

    def _leave(self, building: Building, why: str) -> None:
        self._left.append(Left.CHANGE.format(building=_named(building), why=why))

    # --- those that are gone, and new ones

    def _remove(self, building: Building) -> None:
        """With the ways that make up a relation and are nothing by themselves."""
        number = building.id.number
        if building.id.kind == "way":
            if self._data.members.get(number):
                self._left.append(Left.DELETE.format(building=_named(building)))
            else:
                self._deleted.append(self._data.ways[number])
            return
        if self._data.nested.get(number):
            self._left.append(Left.DELETE.format(building=_named(building)))
            return
        relation = self._data.relations[number]
        parts = [self._data.ways[m.ref] for m in relation.members if m.kind == "way"]
        own = [way for way in parts if not way.tags and self._data.members[way.id] == 1]
        self._deleted += [relation, *own]

    def _add(self, geometry: Polygonal, tags: dict[str, str]) -> None:
        try:
            rings = _rings_on_grid(geometry)
        except _NotHeldError as error:
            x, y = geometry.representative_point().coords[0]
            said = Left.DRAW.format(latitude=f"{y:.6f}", longitude=f"{x:.6f}", why=error)
            self._left.append(said)
            return
        if len(rings) == 1:
            nodes = self._nodes_along(rings[0][0])
            self._created.append(Way(self._next_id(), 0, nodes, tags))
            return
        members = []
        for places, role in rings:
            way = Way(self._next_id(), 0, self._nodes_along(places))
            self._created.append(way)
            members.append(Member("way", way.id, role))
        tags = {"type": "multipolygon", **tags}
        self._created.append(Relation(self._next_id(), 0, tuple(members), tags))

    # --- nodes

    def _nodes_along(self, ring: Places, old: Way | None = None) -> tuple[int, ...]:
        """The nodes of a closed way, in the sense and, where that stays, from the node of the
        way that it was."""
        places = list(ring)
        own = {} if old is None else {self._place(ref): ref for ref in old.nodes}
        if len(own) > 2 and _turns_left(places) != _turns_left(list(own)):
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
        self._tell_of_tagged({ref for ref in left_over if self._data.nodes[ref].tags}, gone)
        return OsmChange(
            created=(*self._new_nodes.values(), *self._created),
            modified=tuple(self._modified.values()),
            deleted=(*self._deleted, *(node for node in unused if not node.tags)),
            used=tuple(self._data.nodes[ref] for ref in sorted(still) if ref > 0),
            left=tuple(self._left),
        )

    def _tell_of_tagged(self, left_over: set[int], gone: set[int]) -> None:
        """Entrances, say, stay where they were: those that no building runs over any more."""
        if not left_over:
            return
        changed = {*self._modified, *gone}
        for number in self._users.keys() - changed:
            left_over -= set(self._data.ways[number].nodes)
        for number in sorted(changed):
            building = self._building_of(number)
            for ref in sorted(left_over & set(self._data.ways[number].nodes)):
                self._left.append(Left.OFF.format(building=_named(building), node=ref))

    def _building_of(self, way: int) -> Building:
        return self._buildings[min(self._users[way])]


class _NotHeldError(Exception):
    """An outline is `NotHeld`."""


def _rings_on_grid(geometry: Polygonal) -> list[tuple[Places, str]]:
    """The rings of an outline in whole units, valid there, each with its role.

    Raises _NotHeldError when nothing is left of it, a ring has too many corners, or longitudes go
    beyond 180.
    """
    if max(map(abs, geometry.bounds[::2])) > HALF_TURN:
        raise _NotHeldError(NotHeld.ANTIMERIDIAN)
    in_units = shapely.transform(geometry, lambda points: points * DEGREE_UNITS)
    found = []
    # What is thinner than a unit, a spike say, would be a way that runs over a node twice.
    for part in shapely.get_parts(shapely.set_precision(in_units, 1.0)):
        for number, ring in enumerate(shapely.get_rings(part)):
            corners = shapely.get_coordinates(ring)[:-1].tolist()
            found.append((tuple(Place(round(x), round(y)) for x, y in corners), number > 0))
    if not found:
        raise _NotHeldError(NotHeld.TINY)
    most = max(len(places) for places, _ in found)
    if most + 1 > MAX_WAY_NODES:
        raise _NotHeldError(NotHeld.CORNERS.format(corners=most, most=MAX_WAY_NODES))
    return [(places, "inner" if is_hole else "outer") for places, is_hole in found]


def _is_same_ring(one: Places, other: Places) -> bool:
    """Wherever they begin, and whichever way they run."""
    if len(one) < 3 or len(other) < 3:
        return set(one) == set(other)
    rings = (shapely.normalize(shapely.Polygon(places)) for places in (one, other))
    return bool(shapely.equals_exact(*rings, tolerance=0.0))


def _users(data: OsmData) -> Mapping[int, set[ElementId]]:
    """Of each way, the buildings that it is an outline of."""
    users = defaultdict[int, set[ElementId]](set)
    for building in data.buildings:
        number = building.id.number
        if building.id.kind == "way":
            users[number].add(building.id)
        else:
            for member in data.relations[number].members:
                if member.kind == "way":
                    users[member.ref].add(building.id)
    return users


def _turns_left(places: Sequence[Place]) -> bool:
    return bool(shapely.is_ccw(shapely.LinearRing([*places, places[0]])))


def _named(building: Building) -> str:
    return f"{building.id.kind.capitalize()} {building.id.number}"
