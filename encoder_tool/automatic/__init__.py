"""Automatic segmentation: every object of an encoded raster, each once, without prompts.

A grid of points is decoded on each patch as sam2's `SAM2AutomaticMaskGenerator` does on an image
(`patch_masks`); masks of neighbouring patches that are one object are joined (`joining`), and of
objects that cover the same one is kept (`settling`). docs/automatic.md tells the whole.
"""

from encoder_tool.automatic.objects import AutomaticRequest, FoundObject, ObjectFilter
from encoder_tool.automatic.parameters import PRESETS, MaskParameters, preset
from encoder_tool.automatic.run import AutomaticProgress

__all__ = [
    "PRESETS",
    "AutomaticProgress",
    "AutomaticRequest",
    "FoundObject",
    "MaskParameters",
    "ObjectFilter",
    "preset",
]
