"""The elements of OpenStreetMap's data model, as far as buildings need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from encoder_tool.outline import Polygonal

Kind = Literal["node", "way", "relation"]

DEGREE_UNITS = 10**7
"""The database keeps coordinates as whole numbers of 1e-7 degrees, about a centimetre."""

MAX_WAY_NODES = 2000
"""The API takes no longer ways (https://wiki.openstreetmap.org/wiki/Way)."""


class ElementId(NamedTuple):
    """Ids count apart for each kind; those below 0 are new and get theirs on upload."""

    kind: Kind
    number: int


class Place(NamedTuple):
    """A position in whole units of 1e-7 degrees: two nodes there are at the same place."""

    lon: int
    lat: int

    @classmethod
    def of(cls, lon: float, lat: float) -> Place:
        return cls(round(lon * DEGREE_UNITS), round(lat * DEGREE_UNITS))


@dataclass(frozen=True, slots=True)
class Node:
    """version: 0 for a new one, as of all elements"""

    id: int
    version: int
    place: Place
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """nodes: their ids in order; of a closed way the last one is the first one"""

    id: int
    version: int
    nodes: tuple[int, ...]
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_closed(self) -> bool:
        return len(self.nodes) > 3 and self.nodes[0] == self.nodes[-1]


class Member(NamedTuple):
    kind: Kind
    ref: int
    role: str


@dataclass(frozen=True, slots=True)
class Relation:
    id: int
    version: int
    members: tuple[Member, ...]
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Building:
    """A closed way, or a multipolygon relation of ways.

    geometry: in longitude and latitude, as the file has it
    """

    id: ElementId
    version: int
    tags: Mapping[str, str]
    geometry: Polygonal


@dataclass(frozen=True, eq=False)
class OsmData:
    """The buildings of a file, and all of its elements that they consist of.

    users: of each node of a building, how many ways of the file have it; a relation that it is
        itself a member of counts as well
    members: of each way that is a member of relations of the file, of how many; nested: of each
        relation that is one
    """

    buildings: tuple[Building, ...]
    nodes: Mapping[int, Node]
    ways: Mapping[int, Way]
    relations: Mapping[int, Relation]
    users: Mapping[int, int]
    members: Mapping[int, int]
    nested: Mapping[int, int]

    def at(self) -> dict[Place, int]:
        """The node at each place; of several, the one with the lowest id."""
        places: dict[Place, int] = {}
        for node in sorted(self.nodes.values(), key=lambda node: node.id):
            places.setdefault(node.place, node.id)
        return places


NOTHING = OsmData((), {}, {}, {}, {}, {}, {})
"""No file: everything is new."""
