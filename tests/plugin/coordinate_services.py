"""A WMS, a WMTS and a WCS on loopback whose pixels say where they are, as those of served_tiles.py
do; in QGIS's own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from osgeo import gdal, osr
from qgis.PyQt.QtCore import QBuffer, QIODevice
from qgis.PyQt.QtGui import QImage
from served_tiles import HALF_WORLD_M, PIXEL_M, ZOOM

from tests.support.wms_capabilities import capabilities

WMTS = """<?xml version="1.0"?>
<Capabilities version="1.0.0" xmlns="http://www.opengis.net/wmts/1.0"
    xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink">
<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>
<ows:Get xlink:href="{url}/wmts?"><ows:Constraint name="GetEncoding"><ows:AllowedValues>
<ows:Value>KVP</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get>
</ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>
<Contents><Layer><ows:Title>ortho</ows:Title><ows:Identifier>ortho</ows:Identifier>
<ows:WGS84BoundingBox><ows:LowerCorner>-180 -85</ows:LowerCorner>
<ows:UpperCorner>180 85</ows:UpperCorner></ows:WGS84BoundingBox>
<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style>
<Format>image/png</Format><TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet></TileMatrixSetLink>
</Layer><TileMatrixSet><ows:Identifier>web</ows:Identifier>
<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>{matrices}</TileMatrixSet>
</Contents></Capabilities>"""

MATRIX = """<TileMatrix><ows:Identifier>{zoom}</ows:Identifier>
<ScaleDenominator>{scale!r}</ScaleDenominator><TopLeftCorner>-20037508.342789244 20037508.342789244
</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>
<MatrixWidth>{count}</MatrixWidth><MatrixHeight>{count}</MatrixHeight></TileMatrix>"""

WCS = """<?xml version="1.0"?>
<WCS_Capabilities version="1.0.0" xmlns="http://www.opengis.net/wcs"
    xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:gml="http://www.opengis.net/gml">
<Service><name>WCS</name><label>WCS</label></Service><Capability><Request>
{operations}</Request></Capability><ContentMetadata><CoverageOfferingBrief><name>ortho</name>
<label>ortho</label><lonLatEnvelope srsName="urn:ogc:def:crs:OGC:1.3:CRS84">
<gml:pos>5 35</gml:pos><gml:pos>25 55</gml:pos></lonLatEnvelope></CoverageOfferingBrief>
</ContentMetadata></WCS_Capabilities>"""

WCS_OPERATION = """<{name}><DCPType><HTTP><Get><OnlineResource xlink:href="{url}/wcs?"/></Get>
</HTTP></DCPType></{name}>"""

COVERAGE = """<?xml version="1.0"?>
<CoverageDescription version="1.0.0" xmlns="http://www.opengis.net/wcs"
    xmlns:gml="http://www.opengis.net/gml"><CoverageOffering><name>ortho</name><label>ortho</label>
<lonLatEnvelope srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>{west} {south}</gml:pos>
<gml:pos>{east} {north}</gml:pos></lonLatEnvelope><domainSet><spatialDomain>
<gml:Envelope srsName="EPSG:3857"><gml:pos>{left!r} {bottom!r}</gml:pos>
<gml:pos>{right!r} {top!r}</gml:pos></gml:Envelope>
<gml:RectifiedGrid dimension="2"><gml:limits><gml:GridEnvelope><gml:low>0 0</gml:low>
<gml:high>{last} {last}</gml:high></gml:GridEnvelope></gml:limits><gml:axisName>x</gml:axisName>
<gml:axisName>y</gml:axisName><gml:origin><gml:pos>{left!r} {top!r}</gml:pos></gml:origin>
<gml:offsetVector>{size!r} 0</gml:offsetVector><gml:offsetVector>0 -{size!r}</gml:offsetVector>
</gml:RectifiedGrid></spatialDomain></domainSet><rangeSet><RangeSet><name>Bands</name>
<label>bands</label><axisDescription><AxisDescription><name>band</name><label>band</label><values>
<singleValue>1</singleValue><singleValue>2</singleValue><singleValue>3</singleValue></values>
</AxisDescription></axisDescription></RangeSet></rangeSet>
<supportedCRSs><requestResponseCRSs>EPSG:3857</requestResponseCRSs>
<nativeCRSs>EPSG:3857</nativeCRSs></supportedCRSs>
<supportedFormats nativeFormat="GeoTIFF"><formats>GeoTIFF</formats></supportedFormats>
</CoverageOffering></CoverageDescription>"""

EXCEPTION = """<?xml version="1.0"?><ServiceExceptionReport version="1.3.0"
xmlns="http://www.opengis.net/ogc"><ServiceException>The roof is on fire</ServiceException>
</ServiceExceptionReport>"""

SIDE = 1000
LEFT, TOP = 8875 * 256, 6091 * 256
"""The coverage: so many pixels a side, from this column and row of the zoom's world."""


@contextmanager
def coordinate_services() -> Iterator[str]:
    """Their address; layers are called ortho. The WMS's style `fire` answers with an exception,
    `broken` with status 500."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = f"http://{self.headers['Host']}"
            query = {key.upper(): value for key, value in parse_qsl(urlsplit(self.path).query)}
            status, kind, body = answer(url, urlsplit(self.path).path, query)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The tests' output is no place for an access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def answer(url: str, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
    """Status, kind and body."""
    asked = query.get("REQUEST", "")
    if path == "/wms" and asked == "GetCapabilities":
        # Theirs end in the north-west of here.
        told = capabilities(f"{url}/wms").replace(b"47</south", b"37</south")
        return 200, "text/xml", told.replace(b"15</east", b"25</east")
    if path == "/wms" and query.get("STYLES") == "fire":
        return 200, "text/xml", EXCEPTION.encode()
    if path == "/wms" and query.get("STYLES") == "broken":
        return 500, "text/plain", b"broken"
    if asked in ("GetMap", "GetCoverage"):
        box = [float(edge) for edge in query["BBOX"].split(",")]
        pixels = box_pixels(box, int(query["WIDTH"]), int(query["HEIGHT"]))
        if asked == "GetMap":
            return 200, "image/png", png(pixels)
        return 200, "image/tiff", tiff(pixels, box)
    if path == "/wmts" and asked == "GetTile":
        row, col, zoom = (int(query[name]) for name in ("TILEROW", "TILECOL", "TILEMATRIX"))
        size = PIXEL_M * 2.0 ** (ZOOM - zoom) * 256
        left, top = col * size - HALF_WORLD_M, HALF_WORLD_M - row * size
        return 200, "image/png", png(box_pixels([left, top - size, left + size, top], 256, 256))
    documents = {
        ("/wmts", "GetCapabilities"): wmts_capabilities(url),
        ("/wcs", "GetCapabilities"): WCS.format(
            operations="".join(
                WCS_OPERATION.format(name=name, url=url)
                for name in ("GetCapabilities", "DescribeCoverage", "GetCoverage")
            )
        ),
        ("/wcs", "DescribeCoverage"): coverage(),
    }
    found = documents.get((path, asked))
    return (404, "text/plain", b"") if found is None else (200, "text/xml", found.encode())


def wmts_capabilities(url: str) -> str:
    scale = PIXEL_M / 0.00028
    matrices = "".join(
        MATRIX.format(zoom=zoom, scale=scale * 2.0 ** (ZOOM - zoom), count=2**zoom)
        for zoom in (ZOOM - 1, ZOOM, ZOOM + 1)
    )
    return WMTS.format(url=url, matrices=matrices)


def coverage() -> str:
    left, top = LEFT * PIXEL_M - HALF_WORLD_M, HALF_WORLD_M - TOP * PIXEL_M
    side = SIDE * PIXEL_M
    return COVERAGE.format(
        left=left, right=left + side, bottom=top - side, top=top, size=PIXEL_M, last=SIDE - 1,
        west=15.0, east=15.09, south=41.9, north=42.0,
    )  # fmt: skip


def box_pixels(box: list[float], columns: int, rows: int) -> np.ndarray:
    """[rows, columns, 3] of a box in EPSG:3857: the pixels of the zoom's world that are nearest."""
    xmin, ymin, xmax, ymax = box
    x = xmin + (np.arange(columns) + 0.5) * (xmax - xmin) / columns
    y = ymax - (np.arange(rows) + 0.5) * (ymax - ymin) / rows
    column = np.floor((x + HALF_WORLD_M) / PIXEL_M).astype(np.int64) % 4096
    row = np.floor((HALF_WORLD_M - y) / PIXEL_M).astype(np.int64)[:, None] % 4096
    column, row = np.broadcast_arrays(column, row)
    return np.stack([column & 255, row & 255, (column >> 8) << 4 | row >> 8], -1).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    rows, columns, _ = pixels.shape
    content = np.ascontiguousarray(pixels).tobytes()
    image = QImage(content, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")
    return bytes(buffer.data())


def tiff(pixels: np.ndarray, box: list[float]) -> bytes:
    rows, columns, _ = pixels.shape
    path = f"/vsimem/coverage{threading.get_ident()}.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(path, columns, rows, 3, gdal.GDT_Byte)
    width, height = (box[2] - box[0]) / columns, (box[3] - box[1]) / rows
    dataset.SetGeoTransform((box[0], width, 0, box[3], 0, -height))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(3857)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.WriteArray(pixels.transpose(2, 0, 1))
    dataset = None  # closes it
    file = gdal.VSIFOpenL(path, "rb")
    content = gdal.VSIFReadL(1, gdal.VSIStatL(path).size, file)
    gdal.VSIFCloseL(file)
    gdal.Unlink(path)
    return bytes(content)
