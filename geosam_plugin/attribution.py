"""Whom to name for what a layer shows, where QGIS keeps that."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsException,
    QgsMapLayer,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
)

from geosam_plugin.group_layer import drawn_layers
from geosam_plugin.raster_axes import opened_quietly
from geosam_plugin.raster_file import raster_file

_MARKUP = re.compile(r"<[^>]*>")


def attribution_of(layer: QgsMapLayer) -> str:
    """What the layer's metadata say of rights, else its properties for QGIS Server, else its file,
    else what a group's layers say; without markup, "" where nobody is named."""
    properties = layer.serverProperties()
    # QGIS 3.38 moved it there.
    holder = properties if hasattr(properties, "attribution") else layer
    said = ", ".join(layer.metadata().rights()) or holder.attribution() or _of_file(layer)
    drawn = drawn_layers(layer)
    if not said and drawn != [layer]:
        return ", ".join(dict.fromkeys(filter(None, map(attribution_of, drawn))))
    return " ".join(html.unescape(_MARKUP.sub("", said)).split())


def attribution_in(described: Mapping[str, Any]) -> str:
    """described: what the engine's `open` tells of a cache; "" where nobody is named"""
    manifest = described.get("manifest") or {}
    return manifest.get("raster", {}).get("attribution") or ""


def name_source(layer: QgsMapLayer, attribution: str) -> None:
    """Have a layer's metadata name whom what it was made from names; others stay named."""
    metadata = layer.metadata()
    if attribution and attribution not in metadata.rights():
        metadata.setRights([*metadata.rights(), attribution])
        layer.setMetadata(metadata)


def name_source_in_file(path: Path, layer_name: str, attribution: str) -> bool:
    """The same in a GeoPackage, where QGIS finds it again whoever opens it; whether it was written:
    other formats have no place for it."""
    if not attribution or path.suffix.lower() != ".gpkg":
        return False
    source = f"{path}|layername={layer_name}"
    layer = QgsVectorLayer(source, layer_name, "ogr")
    if not layer.isValid():
        return False
    name_source(layer, attribution)
    try:
        is_saved, _ = QgsProviderRegistry.instance().saveLayerMetadata(
            "ogr", source, layer.metadata()
        )
    except QgsException:
        return False
    return is_saved


def _of_file(layer: QgsMapLayer) -> str:
    path = raster_file(layer) if isinstance(layer, QgsRasterLayer) else None
    dataset = opened_quietly(str(path)) if path is not None else None
    return (dataset.GetMetadataItem("TIFFTAG_COPYRIGHT") if dataset is not None else None) or ""
