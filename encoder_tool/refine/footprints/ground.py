"""What pixels are on the ground around the footprints: distances are measured and shapes turned
there, since a degree of longitude is shorter than one of latitude."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from affine import Affine

from encoder_tool.cache.manifest import Manifest
from encoder_tool.locate import pixel_size_m, pixel_to_ground
from encoder_tool.outline import Polygonal
from encoder_tool.types import XY, CoordArray


@dataclass(frozen=True, eq=False)
class Frame:
    """Offsets in level-0 pixels against such on the ground, in pixels of the same area and with y
    downwards, too: where shapes keep their angles.

    to_ground: [2, 2], of determinant 1 for pixels that are not mirrored
    """

    to_ground: CoordArray

    def ground(self, pixels: CoordArray) -> CoordArray:
        """Offsets [..., 2]."""
        return np.asarray(pixels @ self.to_ground.T)

    def pixels(self, on_ground: CoordArray) -> CoordArray:
        return np.asarray(on_ground @ np.linalg.inv(self.to_ground).T)

    def in_pixels(self, matrices: CoordArray) -> CoordArray:
        """Matrices [..., 2, 2] that act on the ground as such that act on pixels."""
        return np.asarray(np.linalg.inv(self.to_ground) @ matrices @ self.to_ground)


SQUARE = Frame(np.eye(2))


@dataclass(frozen=True, eq=False)
class Ground:
    """pixel_m: side of a level-0 pixel in the middle of the footprints, in metres
    affine: the shape of a pixel there (see `locate.pixel_to_ground`)
    """

    pixel_m: float
    affine: Affine

    @property
    def shape(self) -> CoordArray:
        """[2, 2], offsets in pixels to (east, north) in metres."""
        a, b, _, d, e, _ = self.affine[:6]
        return self.pixel_m * np.array([[a, b], [d, e]])

    @property
    def frame(self) -> Frame:
        return Frame(np.diag([1.0, -1.0]) @ self.shape / self.pixel_m)

    @classmethod
    def below(cls, footprints: Sequence[Polygonal], manifest: Manifest) -> Ground:
        bounds = np.array([footprint.bounds for footprint in footprints])
        low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        size = np.array([manifest.pyramid.width, manifest.pyramid.height])
        middle = XY(*np.clip((low + high) / 2, 0, size).tolist())
        return cls(pixel_size_m(manifest, middle), pixel_to_ground(manifest, middle))

    def metres(self, pixels: CoordArray) -> CoordArray:
        """Offsets [..., 2]."""
        return np.asarray(pixels @ self.shape.T)

    def pixels(self, metres: CoordArray) -> CoordArray:
        return np.asarray(metres @ np.linalg.inv(self.shape).T)

    def lengths_m(self, pixels: CoordArray) -> CoordArray:
        """Of offsets [..., 2]."""
        return np.asarray(np.linalg.norm(self.metres(pixels), axis=-1))

    def most_px(self, length_m: float) -> float:
        """So many level-0 pixels a length is at most, whichever way it runs."""
        return float(length_m * np.linalg.norm(np.linalg.inv(self.shape), 2))
