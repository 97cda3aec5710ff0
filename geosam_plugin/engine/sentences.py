"""The engine's errors in the user's language, with what can be done about them in QGIS.

The engine itself speaks English, and its hints name options of its command line: of what it says
only `message` is shown, and only where no sentence of ours can say as much.
"""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.engine.protocol import EngineError

translate = QCoreApplication.translate

OF_THIS_SIDE = frozenset({"Crashed", "Failed", "Refused", "Unsent", "Unused"})
"""Errors that the plugin raises itself, in sentences that are translated already."""


def tell(error: EngineError, advice: Mapping[str, str] | None = None) -> str:
    """What happened, and what to do next.

    advice: by the error's type, in place of the usual; for where there is something better to do
    """
    if error.type in OF_THIS_SIDE:
        return str(error)
    to_do = (advice or {}).get(error.type) or _what_to_do().get(error.type)
    if to_do is None:
        return what_happened(error)
    text = translate("GeoSAM", "{what_happened} {what_to_do}")
    return text.format(what_happened=what_happened(error), what_to_do=to_do)


def what_happened(error: EngineError) -> str:
    """The same without what to do, for lists of many."""
    if error.type in OF_THIS_SIDE:
        return error.message
    return _what_happened().get(error.type, "{details}").format(details=error.message)


def unsendable(reason: str) -> EngineError:
    """For a request that cannot be put into a message, such as one with a coordinate that is no
    number."""
    text = translate("GeoSAM", "The engine cannot be asked for that ({reason}).")
    return EngineError("Unsent", text.format(reason=reason))


def _what_happened() -> dict[str, str]:
    return {
        "BandError": translate("GeoSAM", "These bands cannot be used: {details}"),
        "CacheDamagedError": translate("GeoSAM", "The feature cache is damaged."),
        "CacheError": translate("GeoSAM", "The feature cache cannot be used: {details}"),
        "CacheLockedError": translate(
            "GeoSAM", "Another program is writing to the feature cache just now."
        ),
        "CacheMismatchError": translate(
            "GeoSAM", "The feature cache belongs to another raster or to other settings: {details}"
        ),
        "CacheNotFoundError": translate("GeoSAM", "The feature cache is gone."),
        "CacheVersionError": translate(
            "GeoSAM", "The feature cache was made by a newer version of GeoSAM."
        ),
        "Cancelled": translate("GeoSAM", "Cancelled."),
        "DeviceMemoryError": translate("GeoSAM", "There is not enough memory for the model."),
        "DiskFullError": translate("GeoSAM", "The disk is full: {details}"),
        "DownloadError": translate("GeoSAM", "The model could not be downloaded: {details}"),
        "ExtentError": translate("GeoSAM", "The extent does not fit the raster: {details}"),
        "FrameError": translate("GeoSAM", "GeoSAM and its engine misunderstood each other."),
        "Internal": translate("GeoSAM", "The engine met an unexpected error."),
        "MissingDependencyError": translate("GeoSAM", "The engine lacks a package: {details}"),
        "MissingRasterError": translate("GeoSAM", "The raster's file was not found: {details}"),
        "MissingTilesError": translate("GeoSAM", "Some map tiles are missing: {details}"),
        "ModelError": translate("GeoSAM", "The model cannot be used: {details}"),
        "ModelNotDownloadedError": translate("GeoSAM", "The model is not on this computer yet."),
        "NoImageDataError": translate(
            "GeoSAM", "There is nothing of the image there, only empty pixels (nodata)."
        ),
        "NotEncodedError": translate("GeoSAM", "The image is not encoded there yet."),
        "NothingChangesError": translate("GeoSAM", "Nothing changes, so no file is written."),
        "NothingFoundError": translate("GeoSAM", "No object was found there."),
        "OutputError": translate("GeoSAM", "The output cannot be written: {details}"),
        "OutsideRasterError": translate("GeoSAM", "That is outside the image."),
        "PromptError": translate("GeoSAM", "These prompts cannot be used: {details}"),
        "ProtocolError": translate("GeoSAM", "GeoSAM and its engine misunderstood each other."),
        "RasterError": translate("GeoSAM", "The raster cannot be used: {details}"),
        "RequestError": translate("GeoSAM", "The request cannot be understood: {details}"),
        "TileError": translate("GeoSAM", "The map tiles cannot be had: {details}"),
        "TileFileNotFoundError": translate(
            "GeoSAM", "The file of map tiles was not found: {details}"
        ),
        "TileSizeError": translate(
            "GeoSAM", "The map tiles are of another size than was expected: {details}"
        ),
        "UsageError": translate("GeoSAM", "The engine cannot do that: {details}"),
    }


def _what_to_do() -> dict[str, str]:
    encode_again = translate("GeoSAM", "Encode again, or choose another cache.")
    restart = translate("GeoSAM", "Restart QGIS; if that does not help, install the plugin again.")
    return {
        "CacheDamagedError": translate(
            "GeoSAM", "Encode the raster again: only what is damaged is made anew."
        ),
        "CacheError": encode_again,
        "CacheLockedError": translate("GeoSAM", "Wait until it is done."),
        "CacheMismatchError": encode_again,
        "CacheNotFoundError": encode_again,
        "CacheVersionError": translate("GeoSAM", "Update the plugin, or encode the raster again."),
        "DeviceMemoryError": translate(
            "GeoSAM", "Choose a smaller batch, a smaller model, or the processor as the device."
        ),
        "DiskFullError": translate(
            "GeoSAM", "Make room and do the same again: what was finished is kept."
        ),
        "DownloadError": translate("GeoSAM", "Check the network and the proxy, then try again."),
        "FrameError": restart,
        "Internal": translate("GeoSAM", "Its log says more."),
        "MissingDependencyError": translate(
            "GeoSAM", "Repair the engine, or install the full one, on GeoSAM's settings page."
        ),
        "ModelNotDownloadedError": translate(
            "GeoSAM", "Download it on GeoSAM's settings page, or use nano."
        ),
        "NoImageDataError": translate("GeoSAM", "Click on the image itself."),
        "NotEncodedError": translate("GeoSAM", "Encode that part first."),
        "NothingFoundError": translate(
            "GeoSAM", "Click on the middle of the object, or drag a box around it."
        ),
        "OutsideRasterError": translate("GeoSAM", "Click on the image that is chosen in GeoSAM."),
        "ProtocolError": restart,
    }
