"""What a WMS tells of itself."""

from __future__ import annotations

_WHOLE = """<?xml version="1.0"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms"
    xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>Town</Title><OnlineResource xlink:href="{url}"/></Service>
<Capability><Request>
{operations}
</Request><Exception><Format>XML</Format></Exception>
<Layer><Title>All</Title>{crs}
{layers}
</Layer></Capability></WMS_Capabilities>"""

_OPERATION = """<{name}><Format>{kind}</Format><DCPType><HTTP><Get>
<OnlineResource xlink:href="{url}"/></Get></HTTP></DCPType></{name}>"""

_LAYER = """<Layer><Name>{name}</Name><Title>{name}</Title><EX_GeographicBoundingBox>
<westBoundLongitude>5</westBoundLongitude><eastBoundLongitude>15</eastBoundLongitude>
<southBoundLatitude>47</southBoundLatitude><northBoundLatitude>62</northBoundLatitude>
</EX_GeographicBoundingBox>{dates}</Layer>"""

_DATES = """<Dimension name="time" units="ISO8601" default="2020-01-01">2019-01-01/2020-01-01/P1D
</Dimension>"""


def capabilities(url: str, systems: tuple[str, ...] = ("EPSG:3857", "EPSG:25832")) -> bytes:
    """Of a WMS at `url` with the layers ortho, names, and dated, in these CRSs."""
    operations = [
        _OPERATION.format(name=name, kind=kind, url=f"{url}?")
        for name, kind in (("GetCapabilities", "text/xml"), ("GetMap", "image/png"))
    ]
    layers = [
        _LAYER.format(name=name, dates=_DATES if name == "dated" else "")
        for name in ("ortho", "names", "dated")
    ]
    text = _WHOLE.format(
        url=url,
        operations="".join(operations),
        crs="".join(f"<CRS>{system}</CRS>" for system in systems),
        layers="".join(layers),
    )
    return text.encode()
