"""Free imagery by name: tiles that anybody may fetch, keep and derive data from.

Each was chosen because its provider publishes the images under an open licence. What the
licences ask is the attribution, which goes along into everything that is made of the tiles.
OpenStreetMap's map is here because requests name it; its server's rule caps it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source of tiles.

    attribution: what its licence asks to be named
    terms: where that is written
    """

    name: str
    title: str
    template: str
    attribution: str
    licence: str
    terms: str
    max_zoom: int


_GEOPF_WMTS = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=ORTHOIMAGERY.ORTHOPHOTOS&STYLE=normal&FORMAT=image/jpeg"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)

NAMED_SOURCES = {
    source.name: source
    for source in (
        NamedSource(
            name="usgs-imagery",
            title="USGS The National Map, imagery of the United States",
            template="https://basemap.nationalmap.gov/arcgis/rest/services/USGSImageryOnly"
            "/MapServer/tile/{z}/{y}/{x}",
            attribution="U.S. Geological Survey, The National Map",
            licence="public domain",
            terms="https://www.usgs.gov/faqs/"
            "what-are-terms-uselicensing-map-services-and-data-national-map",
            max_zoom=20,
        ),
        NamedSource(
            name="ign-orthophotos",
            title="IGN, aerial images of France",
            template=_GEOPF_WMTS,
            attribution="© IGN, Géoplateforme",
            licence="Licence Ouverte 2.0",
            terms="https://geoservices.ign.fr/cgu-licences",
            max_zoom=19,
        ),
        NamedSource(
            name="pdok-luchtfoto",
            title="PDOK, aerial images of the Netherlands",
            template="https://service.pdok.nl/hwh/luchtfotorgb/wmts/v1_0/Actueel_orthoHR"
            "/EPSG:3857/{z}/{x}/{y}.jpeg",
            attribution="Luchtfoto © Beeldmateriaal Nederland, PDOK (CC BY 4.0)",
            licence="CC BY 4.0",
            terms="https://www.pdok.nl/copyright",
            max_zoom=21,
        ),
        NamedSource(
            name="basemap-at-orthofoto",
            title="basemap.at, aerial images of Austria",
            template="https://mapsneu.wien.gv.at/basemap/bmaporthofoto30cm/normal/google3857"
            "/{z}/{y}/{x}.jpeg",
            attribution="Datenquelle: basemap.at (CC BY 4.0)",
            licence="CC BY 4.0",
            terms="https://basemap.at/#lizenz",
            max_zoom=20,
        ),
        NamedSource(
            name="osm",
            title="OpenStreetMap's standard map: a drawing, not an image; a few tiles only",
            template="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
            attribution="© OpenStreetMap contributors (ODbL)",
            licence="ODbL 1.0",
            terms="https://operations.osmfoundation.org/policies/tiles/",
            max_zoom=19,
        ),
    )
}
