"""How objects are found and outlined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geosam_plugin.option_defaults import (
    LARGEST_PART_ONLY,
    MIN_AREA_PX,
    RIGHT_ANGLES,
    SIMPLIFY_PX,
)


@dataclass(frozen=True)
class Options:
    """`level`: None is "by the map's scale"."""

    level: int | None = None
    simplify_px: float = SIMPLIFY_PX
    min_area_px: float = MIN_AREA_PX
    largest_part_only: bool = LARGEST_PART_ONLY
    right_angles: bool = RIGHT_ANGLES

    def params(self) -> dict[str, Any]:
        """As parameters of the worker's `predict`."""
        params: dict[str, Any] = {
            "simplify_px": self.simplify_px,
            "min_area_px": self.min_area_px,
            "largest_part_only": self.largest_part_only,
            "right_angles": self.right_angles,
        }
        if self.level is not None:
            params["level"] = self.level
        return params
