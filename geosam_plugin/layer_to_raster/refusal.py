"""Why a layer is not made a raster."""

from __future__ import annotations

LAYER, EXTENT, RESOLUTION, ZOOM = "layer", "extent", "resolution", "zoom"
SIZE, OUTPUT = "size", "output"
"""What a refusal is about: whoever asked has parameters of other names."""


class RefusedError(Exception):
    """One plain sentence.

    about: one of the words above
    """

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about
