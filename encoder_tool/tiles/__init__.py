"""Web tiles as a raster: an extent at a zoom, from a server or a file, as a GeoTIFF.

`plan_tiles` says what a request needs, `run_tiles` fetches and writes it.
"""

from encoder_tool.tiles.named_sources import NAMED_SOURCES as NAMED_SOURCES
from encoder_tool.tiles.plan import TilesPlan as TilesPlan
from encoder_tool.tiles.plan import plan_tiles as plan_tiles
from encoder_tool.tiles.plan import require_consent as require_consent
from encoder_tool.tiles.request import TilesRequest as TilesRequest
from encoder_tool.tiles.run import TilesSummary as TilesSummary
from encoder_tool.tiles.run import run_tiles as run_tiles
