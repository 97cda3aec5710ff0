"""The engine's worker, but that every preset asks few points, and that it can be held. It does not
give way to other processes: somebody waits for the test.

    python everything_worker.py GATE

GATE: a file; the first patch of a row is looked at at once, the others when it is there
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

# At the end: the engine is the one that is to be tested.
sys.path.append(str(Path(__file__).resolve().parents[2]))

from encoder_tool.automatic import MaskParameters, parameters
from encoder_tool.automatic.run import AutomaticRun
from encoder_tool.types import PatchId
from encoder_tool.worker import segment_all
from encoder_tool.worker.__main__ import main

POINTS, THRESHOLD = 5, 0.4


def hold_later_columns(gate: Path) -> None:
    look_at = AutomaticRun._look_at

    def held(self: AutomaticRun, layer: Any, patch: PatchId, *more: Any) -> None:
        while patch.col > 0 and not gate.exists() and not self._should_stop():
            time.sleep(0.01)
        look_at(self, layer, patch, *more)

    AutomaticRun._look_at = held  # type: ignore[method-assign]


if __name__ == "__main__":
    parameters.PRESETS = dict.fromkeys(parameters.PRESETS, MaskParameters(points_per_side=POINTS))
    parameters.NANO_THRESHOLDS = dict.fromkeys(parameters.PRESETS, (THRESHOLD, THRESHOLD))
    segment_all.lower_priority = lambda: None
    hold_later_columns(Path(sys.argv[1]))
    sys.argv[1:] = []
    sys.exit(main())
