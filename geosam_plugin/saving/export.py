"""A memory layer on its way into a GeoPackage."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from osgeo import gdal, ogr
from qgis.core import (
    QgsFeatureSink,
    QgsTask,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.attribution import name_source_in_file

translate = QCoreApplication.translate


class ExportError(Exception):
    """Why a file could not be written, in a sentence of its own."""


class ExportTask(QgsTask):
    """Writes a layer, and only when that is done puts it where it is wanted: a failure leaves an
    existing file as it was, and so does whoever cancels. Other layers of the file stay.

    was_edited: features were changed since, which are not in the file
    """

    def __init__(
        self, layer: QgsVectorLayer, path: Path, done: Callable[[ExportTask, str], None]
    ) -> None:
        """`done` is called on the GUI's thread, with what went wrong or with ""."""
        super().__init__(
            translate("GeoSAM", "Save “{layer}” as GeoPackage").format(layer=layer.name()),
            QgsTask.Flag.CanCancel,
        )
        self.layer_id, self.name, self.path = layer.id(), layer.name(), path
        self.was_edited = False
        self._done = done
        self._problem = ""
        self._source = QgsVectorLayerFeatureSource(layer)
        self._fields, self._type = layer.fields(), layer.wkbType()
        self._crs, self._transforms = layer.crs(), layer.transformContext()
        self._rights = layer.metadata().rights()
        layer.layerModified.connect(self._on_modified)

    @property
    def layer_name(self) -> str:
        return self.path.stem

    def _on_modified(self) -> None:
        self.was_edited = True

    def run(self) -> bool:
        try:
            with tempfile.TemporaryDirectory(prefix=".geosam-", dir=self.path.parent) as folder:
                written = Path(folder) / self.path.name
                count = self._write(written)
                if self.isCanceled():
                    return False
                # A disk that is full only when the file is closed is told by nobody.
                check_layer(written, self.layer_name, count)
                if self.path.exists():
                    put_layer(written, self.path, self.layer_name)
                    check_layer(self.path, self.layer_name, count)
                else:
                    written.replace(self.path)
                for attribution in self._rights:
                    name_source_in_file(self.path, self.layer_name, attribution)
        except ExportError as error:
            self._problem = str(error)
        except OSError as error:
            self._problem = error.strerror or _say_not_written()
        return not self._problem

    def finished(self, result: bool) -> None:
        if not result and not self._problem:
            self._problem = translate("GeoSAM", "Cancelled.")
        self._done(self, self._problem)

    def _write(self, path: Path) -> int:
        """How many features there are."""
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG"
        options.layerName = self.layer_name
        has_fid = self._fields.lookupField("fid") >= 0
        options.layerOptions = ["FID=geosam_fid" if has_fid else "FID=fid"]
        writer = QgsVectorFileWriter.create(
            str(path), self._fields, self._type, self._crs, self._transforms, options
        )
        count = 0
        for feature in self._source.getFeatures():
            if self.isCanceled() or writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
                break
            writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
            count += 1
        writer.flushBuffer()
        if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise ExportError(writer.errorMessage() or _say_not_written())
        del writer  # which closes the file
        return count


def check_layer(path: Path, name: str, count: int) -> None:
    """Raises ExportError unless a file has a layer of so many features, which can be read."""
    with _gdal_is_quiet():
        found = _count_features(path, name)
    if found != count:
        raise ExportError(_say_no_room())


def _count_features(path: Path, name: str) -> int:
    """Of a layer; -1 when it cannot be read."""
    file = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = file.GetLayerByName(name) if file is not None else None
    return sum(1 for _ in layer) if layer is not None else -1


def put_layer(source: Path, target: Path, name: str) -> None:
    """Put the only layer of a GeoPackage into another one, instead of any of that name there; as
    one transaction. Raises ExportError."""
    given = into = None
    with _gdal_is_quiet():
        try:
            given = gdal.OpenEx(str(source), gdal.OF_VECTOR)
            into = gdal.OpenEx(str(target), gdal.OF_VECTOR | gdal.OF_UPDATE, ["GPKG"])
            if given is None or into is None:
                raise ExportError(_say_not_a_geopackage(target))
            _replace_layer(given.GetLayer(0), into, name)
        finally:
            given = None  # which closes it
            _close(into)


def _close(dataset: gdal.Dataset | None) -> None:
    """GDAL 3.10 complains of triggers that are there already where a transaction was undone: not
    by an exception, which would come out of a destructor, or leave the dataset to be freed twice.
    What is missing in the file is found by `check_layer`."""
    if hasattr(dataset, "Close"):  # since GDAL 3.8
        with gdal.ExceptionMgr(useExceptions=False):
            dataset.Close()


def _replace_layer(layer: ogr.Layer, into: gdal.Dataset, name: str) -> None:
    into.StartTransaction()
    is_done = False
    try:
        for number in range(into.GetLayerCount()):
            if into.GetLayer(number).GetName() == name:
                into.DeleteLayer(number)
                break
        if not _has_all(_copied(layer, into, name), layer):
            raise ExportError(_say_not_written())
        is_done = True
    finally:
        if not is_done:
            into.RollbackTransaction()
    if into.CommitTransaction() != 0:
        raise ExportError(_say_not_written())


@contextmanager
def _gdal_is_quiet() -> Iterator[None]:
    """What it says is told in the sentence; what is undone lets it complain of triggers that are
    there already. Raises ExportError in place of GDAL's own exceptions."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    except RuntimeError as error:  # where some other plugin has GDAL raise
        raise ExportError(str(error)) from error
    finally:
        gdal.PopErrorHandler()


def _copied(layer: ogr.Layer, into: gdal.Dataset, name: str) -> ogr.Layer | None:
    """Not by CopyLayer, which begins a transaction of its own."""
    options = [f"FID={layer.GetFIDColumn()}", f"GEOMETRY_NAME={layer.GetGeometryColumn()}"]
    copy = into.CreateLayer(name, layer.GetSpatialRef(), layer.GetGeomType(), options)
    if copy is None:
        return None
    fields = layer.GetLayerDefn()
    for number in range(fields.GetFieldCount()):
        copy.CreateField(fields.GetFieldDefn(number))
    for given in layer:
        feature = ogr.Feature(copy.GetLayerDefn())
        feature.SetFrom(given)
        feature.SetFID(given.GetFID())
        if copy.CreateFeature(feature) != ogr.OGRERR_NONE:
            return None
    return copy


def _has_all(copy: ogr.Layer | None, layer: ogr.Layer) -> bool:
    return copy is not None and copy.GetFeatureCount() == layer.GetFeatureCount()


def _say_not_written() -> str:
    return gdal.GetLastErrorMsg() or _say_no_room()


def _say_no_room() -> str:
    return translate(
        "GeoSAM", "The file could not be written. Make room on the disk, or choose another folder."
    )


def _say_not_a_geopackage(path: Path) -> str:
    text = translate("GeoSAM", "{file} is not a GeoPackage that can be written to.")
    return text.format(file=path.name)
