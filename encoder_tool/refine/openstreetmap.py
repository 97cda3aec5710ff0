"""What refining proposes, as changes to OpenStreetMap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import shapely

from encoder_tool.crs import transform_points
from encoder_tool.errors import NothingChangesError, UsageError
from encoder_tool.osm import Edits, ElementId, OsmData, plan_change, read_osm, write_change
from encoder_tool.osm.change import require_known
from encoder_tool.osm.layer import CRS, element_of
from encoder_tool.osm.writing import SUFFIXES, check_change_output
from encoder_tool.outline import Polygonal, valid
from encoder_tool.refine.buildings import BuildingLayer
from encoder_tool.refine.footprints.verdicts import CHANGED, Verdict
from encoder_tool.refine.left import Left
from encoder_tool.refine.refined_layer import RefinedFeature
from encoder_tool.refine.request import RefineRequest
from encoder_tool.types import CoordArray


def is_osm_output(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def check_osm_request(request: RefineRequest) -> None:
    """Raises UsageError for options that mean nothing here, OutputError for a path that cannot or
    must not be written."""
    changes = [out for out in request.outs if is_osm_output(out)]
    for out in changes:
        check_change_output(out, overwrite=request.overwrite)
    if not changes and (request.osm is not None or request.delete_gone):
        raise UsageError(
            "The original OpenStreetMap file, and what is deleted in it, are for changes to it.",
            "Name a .osm or .osc file by --out.",
        )


def osm_original(request: RefineRequest, layer: BuildingLayer) -> OsmData:
    """The file that the layer's buildings come from.

    Raises UsageError when a plain layer has no CRS or no ids, has one twice, or comes without that
    file, and OutputError when that lacks one of its buildings, or their versions.
    """
    if layer.crs is None:
        raise UsageError(
            f"{layer.path} has no CRS, so its buildings have no place in OpenStreetMap.",
            "Say in its program which one it is in.",
        )
    known = [element for element in _elements(layer) if element is not None]
    if layer.osm is not None and request.osm is None:
        require_known(known, layer.osm)
        return layer.osm
    if request.osm is None:
        raise UsageError(
            f"{layer.path} has no nodes and versions, which changes to OpenStreetMap need.",
            "Name the .osm file that it was made from by --osm, or write a .gpkg.",
        )
    if not known:
        raise UsageError(
            f"{layer.path} has no ids of OpenStreetMap.",
            "Its features need osm_id, osm_way_id or full_id.",
        )
    twice = next((element for element, count in Counter(known).items() if count > 1), None)
    if twice is not None:
        raise UsageError(
            f"{layer.path} has {twice.kind} {twice.number} twice.",
            "Join the two, or take the id from the one that is new.",
        )
    data = read_osm(request.osm)
    require_known(known, data)
    return data


def write_osm_changes(
    request: RefineRequest, layer: BuildingLayer, features: Sequence[RefinedFeature]
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write what is proposed to the .osm and .osc files of a request; returns those that were
    written, and sentences about what they could not hold.

    Shifted and reshaped buildings keep their ids, new ones get none, and those that are gone are
    deleted if that is asked for. Raises OutputError, and NothingChangesError when nothing changes
    and no other file is asked for.
    """
    edits, without_id = _edits(request, layer, features)
    change = plan_change(edits, osm_original(request, layer))
    left = change.left
    if without_id:
        left += (Left.WITHOUT_ID.format(count=without_id),)
    outs = tuple(filter(is_osm_output, request.outs))
    if not change.is_empty:
        for out in outs:
            write_change(change, out, overwrite=request.overwrite)
        return outs, left
    if len(outs) == len(request.outs):
        hint = " ".join(left) or "So there is no file to open."
        raise NothingChangesError("Nothing changes in OpenStreetMap.", hint)
    return (), (*left, Left.NOTHING_CHANGES)


def _edits(
    request: RefineRequest, layer: BuildingLayer, features: Sequence[RefinedFeature]
) -> tuple[Edits, int]:
    """And how many features would change, if it were known which building they are."""
    elements, without_id = _elements(layer), 0
    reshaped: dict[ElementId, Polygonal] = {}
    removed, new = set[ElementId](), list[Polygonal]()
    for feature in features:
        if feature.geometry is None:
            continue
        if feature.row is None:
            new.append(_in_degrees(feature.geometry, layer))
            continue
        is_gone = feature.verdict is Verdict.GONE and request.delete_gone
        element = elements[feature.row]
        if element is None:
            without_id += is_gone or feature.verdict in CHANGED
        elif is_gone:
            removed.add(element)
        elif feature.verdict in CHANGED:
            reshaped[element] = _in_degrees(feature.geometry, layer)
    edits = Edits(reshaped, frozenset(removed), [(geometry, None) for geometry in new])
    return edits, without_id


def _elements(layer: BuildingLayer) -> list[ElementId | None]:
    table = layer.table()
    return [element_of(table, row) for row in range(len(layer))]


def _in_degrees(geometry: Polygonal, layer: BuildingLayer) -> Polygonal:
    crs = layer.crs
    assert crs is not None  # `osm_original` has seen to it

    def move(points: CoordArray) -> CoordArray:
        return transform_points(points, crs, CRS)

    return valid(shapely.transform(shapely.force_2d(geometry), move))
