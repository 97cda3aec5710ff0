"""Room for QGIS: the worker runs at a low priority, and an encode at a lower one than clicks."""

from __future__ import annotations

import os
import sys

NICE_STEP = 3
"""On Linux two steps leave an encode a quarter of a core that others want: it must not starve."""


def lower_priority() -> None:
    """One step down, for good.

    On Linux that holds for the calling thread and for those it starts from now on.
    """
    if sys.platform == "win32":
        import psutil

        process = psutil.Process()
        is_lowered = process.nice() != psutil.NORMAL_PRIORITY_CLASS
        process.nice(
            psutil.IDLE_PRIORITY_CLASS if is_lowered else psutil.BELOW_NORMAL_PRIORITY_CLASS
        )
    else:
        os.nice(NICE_STEP)
