"""Whole objects: a mask that reaches the border of its patch is continued in the neighbours.

`reaches_border` tells, in microseconds, whether a `PatchMask` may go on beyond its patch;
`whole_mask` makes a `WholeMask` of it, to be traced once by `outline.mask_to_pixels` with its
own `prompt`. It works alike for clicks, boxes and masks that were found without either.
"""

from encoder_tool.stitch.masks import DEFAULT_LIMITS as DEFAULT_LIMITS
from encoder_tool.stitch.masks import Cut as Cut
from encoder_tool.stitch.masks import Limits as Limits
from encoder_tool.stitch.masks import PatchAnswers as PatchAnswers
from encoder_tool.stitch.masks import PatchMask as PatchMask
from encoder_tool.stitch.masks import WholeMask as WholeMask
from encoder_tool.stitch.strategy import reaches_border as reaches_border
from encoder_tool.stitch.whole import ShouldStop as ShouldStop
from encoder_tool.stitch.whole import whole_mask as whole_mask
