"""What of a raster layer's style says how its pixels are to be read: bands and their stretch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from qgis.core import (
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)

Limits = tuple[float, float]

_STRETCHING = (
    QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum,
    QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchAndClipToMinimumMaximum,
)


@dataclass(frozen=True)
class Appearance:
    """How a layer is displayed, as far as an encode can follow it.

    bands: band numbers, red first, or a single one; empty for styles that do not choose bands
        (palettes, hillshades), where the engine's own choice applies
    limits: by band number, the values that are drawn darkest and lightest; without those of
        bands that are drawn as they are
    """

    bands: tuple[int, ...] = ()
    limits: Mapping[int, Limits] = field(default_factory=dict)

    def stretch(self, bands: Sequence[int]) -> str | None:
        """The engine's `LO:HI,…` for these bands; None unless the style has values for all."""
        if not bands or any(band not in self.limits for band in bands):
            return None
        return ",".join("{!r}:{!r}".format(*self.limits[band]) for band in bands)


def appearance_of(layer: QgsRasterLayer) -> Appearance:
    """Read a layer's renderer; on the layer's own thread."""
    renderer = layer.renderer()
    if isinstance(renderer, QgsMultiBandColorRenderer):
        channels = (
            (renderer.redBand(), renderer.redContrastEnhancement()),
            (renderer.greenBand(), renderer.greenContrastEnhancement()),
            (renderer.blueBand(), renderer.blueContrastEnhancement()),
        )
    elif isinstance(renderer, QgsSingleBandGrayRenderer):
        channels = ((renderer.grayBand(), renderer.contrastEnhancement()),)
    elif isinstance(renderer, QgsSingleBandPseudoColorRenderer):
        band = renderer.band()
        limits = _proper(renderer.classificationMin(), renderer.classificationMax())
        return Appearance((band,), {band: limits} if limits else {})
    else:
        return Appearance()
    # Unset channels are -1. One band in several channels is grey: encoded once.
    shown = {band: _limits(enhancement) for band, enhancement in channels if band > 0}
    return Appearance(tuple(shown), {band: found for band, found in shown.items() if found})


def _limits(enhancement: QgsContrastEnhancement | None) -> Limits | None:
    if enhancement is None or enhancement.contrastEnhancementAlgorithm() not in _STRETCHING:
        return None
    return _proper(enhancement.minimumValue(), enhancement.maximumValue())


def _proper(low: float, high: float) -> Limits | None:
    return (low, high) if isfinite(low) and isfinite(high) and low < high else None
