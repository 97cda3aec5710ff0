"""OpenStreetMap in and out: buildings of .osm and .osm.pbf files, and changes to them for JOSM.

`reading` takes the buildings out of a file, with the ids and versions that a change needs;
`change` works out what an edited layer of them changes; `writing` puts it down as JOSM and the
OSM API read it; `layer` is the buildings as a vector layer that any program can edit.
"""

from encoder_tool.osm.change import Edits, OsmChange, plan_change
from encoder_tool.osm.elements import Building, ElementId, OsmData
from encoder_tool.osm.reading import read_osm
from encoder_tool.osm.writing import change_text, write_change

__all__ = [
    "Building", "Edits", "ElementId", "OsmChange", "OsmData", "change_text", "plan_change",
    "read_osm", "write_change",
]  # fmt: skip
