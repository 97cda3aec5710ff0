"""What the dock remembers of a user."""

from __future__ import annotations

from dataclasses import dataclass

from geosam_plugin import option_defaults as defaults
from geosam_plugin.settings import Settings

MAX_CLASSES = 20


@dataclass
class DockSettings(Settings):
    """classes: names used lately, one a line, the newest first
    everything_…: what the section that segments everything was set to
    """

    hover: bool = True
    simplify_px: float = defaults.SIMPLIFY_PX
    min_area_px: float = defaults.MIN_AREA_PX
    largest_part_only: bool = defaults.LARGEST_PART_ONLY
    right_angles: bool = defaults.RIGHT_ANGLES
    avoid_overlaps: bool = False
    class_name: str = ""
    classes: str = ""
    everything_preset: str = "default"
    everything_in_view: bool = True
    everything_min_area: float = 0.0

    def section(self) -> str:
        return "dock"

    @property
    def class_names(self) -> list[str]:
        return self.classes.splitlines()

    def use_class(self, name: str) -> None:
        names = [name, *(other for other in self.class_names if other != name)]
        self.classes = "\n".join(names[:MAX_CLASSES])
