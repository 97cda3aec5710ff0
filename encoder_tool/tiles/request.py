"""What is asked for: a box, a zoom, a source, and where the raster goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from encoder_tool.crs import parse_crs, same_crs
from encoder_tool.errors import OutputError, UsageError
from encoder_tool.tiles.web_mercator import MAX_LATITUDE, MAX_ZOOM, TILE_CRS
from encoder_tool.types import BoundsMap

SUFFIXES = (".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class TilesRequest:
    """Tiles as a raster.

    bbox: west, south, east, north in degrees (WGS 84)
    source: a named one, an address with placeholders, WMTS:URL,layer=NAME or a file of tiles
    crs: to warp the raster into; None for the tiles' own, EPSG:3857
    allow_missing: leave tiles that cannot be had as nodata
    attribution: in place of the source's own
    connections: at most; None for what is polite
    """

    bbox: BoundsMap
    zoom: int
    source: str
    out: Path
    crs: str | None = None
    cog: bool = False
    allow_missing: bool = False
    attribution: str | None = None
    connections: int | None = None
    overwrite: bool = False

    @property
    def target_crs(self) -> str | None:
        """None where nothing needs to be warped."""
        return None if self.crs is None or same_crs(self.crs, TILE_CRS) else self.crs

    def check(self) -> None:
        """Raises UsageError or OutputError for what cannot be, before anything is fetched."""
        if not 0 <= self.zoom <= MAX_ZOOM:
            raise UsageError(f"There is no zoom {self.zoom}: they go from 0 to {MAX_ZOOM}.")
        if self.crs is not None and not (
            parse_crs(self.crs).is_projected or parse_crs(self.crs).is_geographic
        ):
            raise UsageError(f"{self.crs} is no CRS that a map can have.")
        checked_bbox(self.bbox)
        _check_output(self.out, overwrite=self.overwrite)


def checked_bbox(bbox: BoundsMap) -> BoundsMap:
    """A box that tiles can show, cut off where the square world ends.

    Raises UsageError for a box that is empty, in another order, across the antimeridian, beyond
    the world, or wholly beyond 85.05 degrees.
    """
    west, south, east, north = bbox
    if max(abs(south), abs(north)) > 90:
        raise UsageError(
            f"The box reaches the latitude {max(south, north, key=abs):g}, and they end at 90.",
            "The order is west, south, east, north, in degrees.",
        )
    if south > north:
        raise UsageError(
            f"The box's south, {south:g}, is north of its north, {north:g}.",
            "The order is west, south, east, north.",
        )
    if west > east or west < -180 or east > 180:
        raise _beyond_antimeridian(bbox)
    if west == east or south == north:
        raise UsageError("The box is empty: it has no width or no height.")
    if south >= MAX_LATITUDE or north <= -MAX_LATITUDE:
        raise UsageError(
            f"Web tiles end at {MAX_LATITUDE:.2f} degrees north and south, and the box lies beyond."
        )
    return BoundsMap(west, max(south, -MAX_LATITUDE), east, min(north, MAX_LATITUDE))


def _beyond_antimeridian(bbox: BoundsMap) -> UsageError:
    west, south, east, north = bbox
    if max(abs(west), abs(east)) > 540:
        return UsageError(
            f"The box reaches from longitude {west:g} to {east:g}, and they go from -180 to 180."
        )
    left, right = (west + 180) % 360 - 180, (east + 180) % 360 - 180
    if west > east and left > right and 360 + right - left > 180:
        return UsageError(
            f"The box's west, {west:g}, lies east of its east, {east:g}.",
            "The order is west, south, east, north. A box across the antimeridian is asked for by "
            "its halves.",
        )
    return UsageError(
        f"The box crosses the antimeridian (west {west:g}, east {east:g}): a raster cannot.",
        f"Ask for its halves: {left:g},{south:g},180,{north:g} and -180,{south:g},{right:g},"
        f"{north:g}.",
    )


def _check_output(path: Path, *, overwrite: bool) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(
            f"{path} has no suffix that names a GeoTIFF.", f"Use one of {', '.join(SUFFIXES)}."
        )
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist.", "Make it first.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", "Name a file.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already.", "Name another file, or give --overwrite.")
