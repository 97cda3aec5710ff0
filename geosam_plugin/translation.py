"""The language that QGIS speaks: the plugin's own translations, and its help in that language.

Every text for the user is `translate("GeoSAM", "…")`, written out as a literal with this one
context: lupdate reads the source, and `QObject.tr` would ask under the class's name at run time,
a subclass's included. A number goes in as `%n` with the call's fourth argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from geosam_plugin.paths import resource, translations_directory


def install_translator() -> QTranslator:
    """From now on texts are in QGIS's language, where there is a translation; in English, which
    has a file for its plurals, elsewhere. Kept by the caller until `remove_translator`."""
    translator = QTranslator()
    folder = str(translations_directory())
    for language in (*_languages(), "en"):
        if translator.load(f"geosam_{language}", folder):
            break
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translator(translator: QTranslator) -> None:
    QCoreApplication.removeTranslator(translator)


def help_file(name: str) -> Path:
    """A page of resources/help in QGIS's language, else in English."""
    pages = (resource("help", language, name) for language in _languages())
    return next((page for page in pages if page.is_file()), resource("help", name))


def _languages() -> Iterator[str]:
    """As in names of files, the most specific first: "zh_Hans_CN", "zh_Hans", "zh"."""
    names = {name.replace("-", "_") for name in QLocale(_locale_name()).uiLanguages()}
    for name in sorted(names, key=len, reverse=True):
        while name:
            yield name
            name = name.rpartition("_")[0]


def _locale_name() -> str:
    """What QGIS itself was started with, by its settings or by `--lang`."""
    application = QgsApplication.instance()
    started_with = application.translation() if application is not None else ""
    if started_with:
        return started_with
    settings = QgsSettings()
    if settings.value("locale/overrideFlag", False, type=bool):
        return settings.value("locale/userLocale", "", type=str)
    return QLocale().name()
