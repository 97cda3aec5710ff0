"""Writing pictures as one GeoTIFF, block by block: memory does not grow with the raster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QImage

from geosam_plugin.layer_to_raster.pixel_grid import PixelGrid

translate = QCoreApplication.translate

BANDS = 4

_TILED = ("TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "BIGTIFF=IF_SAFER")
_COLOURED = ("PHOTOMETRIC=RGB", "ALPHA=NON-PREMULTIPLIED")
# A quarter of the default level's time for 6 % more bytes.
_COMPRESSED = ("COMPRESS=DEFLATE", "PREDICTOR=2", "ZLEVEL=1")

_PIPELINE, _SWAPPED = "+proj=pipeline", " +step +proj=axisswap +order=2,1"

WARP_ERROR_PX = 0.01
"""How far GDAL may be from the exact place where it interpolates between exact ones."""


FLUSHED_BYTES = 256 * 2**20
"""Written so far before GDAL has to let go of it: by itself it keeps as much as a twentieth of the
computer's memory. Blocks of the file that are not full by then are written twice."""


class GeoTiffError(Exception):
    """A file could not be written; one plain sentence."""


class GeoTiff:
    """One that is being written: red, green, blue and alpha. It can be read once it is closed."""

    def __init__(self, path: Path, grid: PixelGrid, tags: Mapping[str, str]) -> None:
        """Raises GeoTiffError, as all functions of this module."""
        self._grid = grid
        self._unflushed = 0
        driver = gdal.GetDriverByName("GTiff")
        with _in_a_sentence():
            self._dataset = driver.Create(
                str(path), grid.columns, grid.rows, BANDS, gdal.GDT_Byte,
                options=[*_TILED, *_COLOURED, *_COMPRESSED],
            )  # fmt: skip
            if self._dataset is None:
                raise GeoTiffError(_say_not_written())
            self._dataset.SetGeoTransform(grid.geotransform)
            self._dataset.SetProjection(_wkt(grid.lattice.crs))
            self._dataset.SetMetadata(dict(tags))

    def put(self, block: PixelGrid, picture: QImage) -> None:
        """picture: RGBA of 8 bits"""
        bits = picture.constBits()
        bits.setsize(picture.sizeInBytes())
        with _in_a_sentence():
            status = self._dataset.WriteRaster(
                block.column - self._grid.column, block.row - self._grid.row,
                block.columns, block.rows, bytes(bits), block.columns, block.rows, gdal.GDT_Byte,
                buf_pixel_space=BANDS, buf_line_space=picture.bytesPerLine(), buf_band_space=1,
            )  # fmt: skip
            if status != gdal.CE_None:
                raise GeoTiffError(_say_not_written())
            self._unflushed += BANDS * block.count
            if self._unflushed > FLUSHED_BYTES:
                self._dataset.FlushCache()
                self._unflushed = 0

    def __enter__(self) -> GeoTiff:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Closes it. A disk that is full only now is told by GDAL's last message alone."""
        with _in_a_sentence():
            gdal.ErrorReset()
            self._dataset.FlushCache()
            self._dataset = None
            if kind is None and gdal.GetLastErrorType() >= gdal.CE_Failure:
                raise GeoTiffError(_say_not_written())


def warp(
    source: Path,
    target: Path,
    grid: PixelGrid,
    transform: QgsCoordinateTransform,
    middle: QgsPointXY,
    go_on: Callable[[float], bool],
) -> bool:
    """Resample once, by cubic convolution. The answer is whether all was done.

    middle: of the source, in its CRS
    go_on: is told the share that is done, and says whether to go on
    """
    is_whole = True

    def told(done: float, _message: str, _data: object) -> int:
        nonlocal is_whole
        is_whole = go_on(done)
        return int(is_whole)

    box = grid.extent
    options = gdal.WarpOptions(
        format="GTiff",
        srcSRS=_wkt(transform.sourceCrs()),
        dstSRS=_wkt(transform.destinationCrs()),
        coordinateOperation=_operation(transform, middle),
        outputBounds=(box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()),
        width=grid.columns,
        height=grid.rows,
        resampleAlg="cubic",
        errorThreshold=WARP_ERROR_PX,
        creationOptions=[*_TILED, *_COLOURED, *_COMPRESSED],
        callback=told,
    )
    with _in_a_sentence():
        gdal.ErrorReset()
        try:
            made = gdal.Warp(str(target), str(source), options=options)
            if made is not None:
                made.FlushCache()
            is_made = made is not None and gdal.GetLastErrorType() < gdal.CE_Failure
            made = None
        except RuntimeError:  # of whoever stops, too
            is_made = False
        if is_whole and not is_made:
            raise GeoTiffError(_say_not_written())
    return is_whole


def _operation(transform: QgsCoordinateTransform, place: QgsPointXY) -> str | None:
    """QGIS's own, of several that there may be between two datums: that of the project, or the one
    that it takes for the best. None where GDAL has to choose: it takes none backwards, and has no
    other in reserve where a grid ends, as QGIS has.

    place: of the raster
    """
    source, target = transform.sourceCrs(), transform.destinationCrs()
    said = transform.instantiatedCoordinateOperationDetails().proj
    transform.transform(place)
    if (
        not said
        or transform.fallbackOperationOccurred()
        or transform.context().mustReverseCoordinateOperation(source, target)
    ):
        return None
    steps = said[len(_PIPELINE) :] if said.startswith(_PIPELINE) else f" +step {said}"
    # In QGIS x comes first in any case, in GDAL's operations what the authority says.
    before = _SWAPPED if source.hasAxisInverted() else ""
    after = _SWAPPED if target.hasAxisInverted() else ""
    return f"{_PIPELINE}{before}{steps}{after}"


def _wkt(crs: QgsCoordinateReferenceSystem) -> str:
    return crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED_GDAL)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """What GDAL says is told by who calls. Raises GeoTiffError in place of GDAL's own exceptions,
    which there are where some other plugin asked for them."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    except RuntimeError as error:
        raise GeoTiffError(_say_not_written()) from error
    finally:
        gdal.PopErrorHandler()


def _say_not_written() -> str:
    return translate(
        "GeoSAM", "The raster could not be written. Make room on the disk, or choose another file."
    ) + (f" ({gdal.GetLastErrorMsg()})" if gdal.GetLastErrorMsg() else "")
