"""A procedural scene as the tiles of a web map, with the places of its objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import atan, degrees, pi, sinh
from typing import Any

import numpy as np
import shapely

from encoder_tool.scene import Scene, SceneObject, make_scene
from encoder_tool.tiles.web_mercator import Tile
from tests.support.tile_server import Reply, encoded

ZOOM = 18
FIRST = Tile(ZOOM, 140_000, 76_800)
"""At 59.9 degrees north, where a pixel of the zoom has the scene's 0.3 m; a multiple of four."""

TILE_PX = 256


@dataclass(frozen=True)
class SceneTiles:
    """side: tiles; the world around the scene is grey"""

    side: int = 8
    seed: int = 5
    pictures: dict[Tile, bytes] = field(default_factory=dict)

    @cached_property
    def scene(self) -> Scene:
        return make_scene(self.side * TILE_PX, self.seed)

    def reply(self, tile: Tile, nth: int) -> Reply:
        if tile not in self.pictures:
            row, col = TILE_PX * (tile.y - FIRST.y), TILE_PX * (tile.x - FIRST.x)
            pixels = np.full((TILE_PX, TILE_PX, 3), 128, np.uint8)
            if tile.zoom == ZOOM and row >= 0 and col >= 0:
                piece = self.scene.image[row : row + TILE_PX, col : col + TILE_PX]
                pixels[: piece.shape[0], : piece.shape[1]] = piece
            self.pictures[tile] = encoded(pixels, "JPEG", quality=92)
        return Reply(body=self.pictures[tile], kind="image/jpeg")

    def buildings(self, most: int) -> list[SceneObject]:
        """The largest that lie wholly in the scene's first patch, with room around them."""
        found = [
            one
            for one in self.scene.objects
            if one.class_name == "building" and one.exterior.min() > 60 and one.exterior.max() < 900
        ]
        return sorted(found, key=lambda one: -shapely.Polygon(one.exterior).area)[:most]


def latlng(x: float, y: float) -> dict[str, float]:
    """Where a pixel position of the scene lies, as requests say it."""
    size = TILE_PX << ZOOM
    across, down = (x + FIRST.x * TILE_PX) / size, (y + FIRST.y * TILE_PX) / size
    return {"lat": degrees(atan(sinh(pi * (1 - 2 * down)))), "lng": 360 * across - 180}


def box(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
    """A rectangle of pixels, as requests say it."""
    return {"ne": latlng(right, top), "sw": latlng(left, bottom)}


def to_pixels(geometry: shapely.Geometry) -> shapely.Geometry:
    """From degrees to the scene's pixels."""

    def move(places: Any) -> Any:
        size = TILE_PX << ZOOM
        x = (places[:, 0] / 360 + 0.5) * size - FIRST.x * TILE_PX
        latitude = np.radians(places[:, 1])
        y = (0.5 - np.arcsinh(np.tan(latitude)) / (2 * pi)) * size - FIRST.y * TILE_PX
        return np.column_stack([x, y])

    return shapely.transform(geometry, move)


def request_for(one: SceneObject, kind: str = "rectangle") -> dict[str, Any]:
    """What asks for an object of the scene, on a map that shows 900 pixels around it."""
    left, top = one.exterior.min(axis=0)
    right, bottom = one.exterior.max(axis=0)
    middle = shapely.Polygon(one.exterior).representative_point()
    prompts: dict[str, dict[str, Any]] = {
        "rectangle": {"type": "rectangle", "data": box(left, top, right, bottom)},
        "point": {"type": "point", "data": latlng(middle.x, middle.y), "label": 1},
    }
    return {
        "id": "mine",
        "bbox": box(20, 20, 980, 980),
        "prompt": [prompts[kind]],
        "zoom": ZOOM,
        "source_type": "OpenStreetMap",
    }
