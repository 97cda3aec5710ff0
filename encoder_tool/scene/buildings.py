"""Buildings: footprints, and roofs lit by the sun.

A building is a union of wings, each a rectangle with a gable, hip, shed or flat roof; where
wings meet, the higher roof shows, which gives ridges and valleys as on real roofs. All in the
building's own frame (metres, origin at its centre), turned and shifted to the canvas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import cv2
import numpy as np

from encoder_tool.scene.canvas import Canvas, Colour, Image, Stencil
from encoder_tool.scene.geometry import Ring, Vector, turn


class Roof(Enum):
    GABLE = "gable"
    HIP = "hip"
    SHED = "shed"
    FLAT = "flat"


@dataclass(frozen=True)
class Sun:
    """Where the light comes from, as a unit vector (canvas x, canvas y, up)."""

    x: float
    y: float
    up: float

    @classmethod
    def at(cls, azimuth: float, elevation: float) -> Sun:
        """`azimuth` is the canvas angle towards the sun (x towards y), both in radians."""
        c = np.cos(elevation)
        return cls(float(c * np.cos(azimuth)), float(c * np.sin(azimuth)), float(np.sin(elevation)))

    def shade(self, nx: Image, ny: Image, nz: Image) -> Image:
        """Brightness of a surface with unit normal n, flat ground being 1."""
        facing = np.clip(nx * self.x + ny * self.y + nz * self.up, 0, None) / self.up
        shade: Image = (0.42 + 0.58 * np.clip(facing, 0, 1.75)).astype(np.float32)
        return shade


@dataclass(frozen=True)
class Wing:
    """A rectangle around (u, v) with the ridge along u (or along v when `across`)."""

    u: float
    v: float
    half_length: float
    half_width: float
    roof: Roof
    slope: float
    across: bool = False

    def edge_distances(self, u: Image, v: Image) -> Image:
        """Distance inwards from the edges that carry a roof plane: [4, H, W], those without a
        plane infinite. Order: +v, -v, +u, -u."""
        far = np.full_like(u, np.inf)
        to_v = (self.v + self.half_width - v, v - self.v + self.half_width)
        to_u = (self.u + self.half_length - u, u - self.u + self.half_length)
        if self.roof is Roof.HIP:
            return np.stack([*to_v, *to_u])
        if self.roof is Roof.SHED:
            return np.stack([far, to_v[1], far, far])
        if self.across:
            return np.stack([far, far, *to_u])
        return np.stack([*to_v, far, far])

    def holds(self, u: Image, v: Image, margin: float) -> Image:
        inside: Image = (np.abs(u - self.u) <= self.half_length + margin) & (
            np.abs(v - self.v) <= self.half_width + margin
        )
        return inside


@dataclass(frozen=True, eq=False)
class Building:
    """Footprint rings and wings in metres around the centre; `eave_m` is the wall's height."""

    footprint: Ring
    wings: tuple[Wing, ...]
    eave_m: float
    colour: Colour
    courses_m: float
    courses_along_slope: bool
    hole: Ring | None = None
    extras: tuple[tuple[Ring, Colour, float], ...] = field(default=())

    def placed(self, ring: Ring, angle: float, centre_px: Vector, gsd_m: float) -> Ring:
        """A ring of the building's frame on the canvas."""
        return turn(ring, angle) / gsd_m + centre_px


def paint_building(
    canvas: Canvas, building: Building, angle: float, centre_px: Vector, sun: Sun
) -> None:
    """Roof planes, courses, ridges and what stands on the roof; sets the surface height."""
    rings = [building.placed(building.footprint, angle, centre_px, canvas.gsd_m)]
    if building.hole is not None:
        rings.append(building.placed(building.hole, angle, centre_px, canvas.gsd_m))
    stencil = canvas.stencil(*rings)
    if stencil is None:
        return
    colour, height = _roof_fields(canvas, building, stencil, angle, centre_px, sun)
    canvas.blend(stencil, colour)
    canvas.raise_to(stencil, height)
    for ring, paint, extra_height in building.extras:
        placed = building.placed(ring, angle, centre_px, canvas.gsd_m)
        part = canvas.stencil(placed)
        if part is not None:
            canvas.blend(part, np.asarray(paint, np.float32))
            roof = canvas.height[part.rows, part.cols]
            canvas.raise_to(part, roof + extra_height)


def _roof_fields(
    canvas: Canvas, building: Building, stencil: Stencil, angle: float, centre_px: Vector, sun: Sun
) -> tuple[Image, Image]:
    """Colour [H, W, 3] and height [H, W] over the stencil's box, sampled twice per pixel along
    each axis so that ridges and courses are smooth."""
    x, y = stencil.pixel_centres()
    fine_x = (np.repeat(x, 2, axis=1) + np.tile([-0.25, 0.25], x.shape[1])).astype(np.float32)
    fine_y = (np.repeat(y, 2, axis=0) + np.tile([-0.25, 0.25], y.shape[0])[:, None]).astype(
        np.float32
    )
    dx, dy = (fine_x - centre_px[0]) * canvas.gsd_m, (fine_y - centre_px[1]) * canvas.gsd_m
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    u, v = c * dx + s * dy, -s * dx + c * dy
    # Unit outward direction of each roof plane in canvas axes, in the order of edge_distances.
    outward = np.array([[-s, c], [s, -c], [c, s], [-c, -s]], np.float32)
    top = np.full(u.shape, -1.0, np.float32)
    shade = np.ones(u.shape, np.float32)
    along = np.zeros(u.shape, np.float32)
    down = np.zeros(u.shape, np.float32)
    for wing in building.wings:
        if wing.roof is Roof.FLAT:
            rise, wing_shade = np.zeros_like(u), np.ones_like(u)
            wing_along, wing_down = u, v
        else:
            distances = wing.edge_distances(u, v)
            plane = distances.argmin(axis=0)
            wing_down = distances.min(axis=0)
            rise = wing.slope * wing_down
            tilt = wing.slope / np.hypot(1, wing.slope)
            normals = tilt * outward[plane]
            upright = np.full_like(u, 1 / np.hypot(1, wing.slope))
            wing_shade = sun.shade(normals[..., 0], normals[..., 1], upright)
            wing_along = np.where(plane < 2, u, v)
        better = wing.holds(u, v, canvas.gsd_m) & (rise > top)
        top = np.where(better, rise, top)
        shade = np.where(better, wing_shade, shade)
        along = np.where(better, wing_along, along)
        down = np.where(better, wing_down, down)
    courses = along if building.courses_along_slope else down
    visible = 0.10 * np.clip((building.courses_m / canvas.gsd_m - 1.8) / 2, 0, 1)
    lines = visible * np.sin(courses * (2 * np.pi / building.courses_m))
    size = (stencil.alpha.shape[1], stencil.alpha.shape[0])
    brightness = cv2.resize(shade * (1 + lines), size, interpolation=cv2.INTER_AREA)
    height = cv2.resize(np.maximum(top, 0), size, interpolation=cv2.INTER_AREA)
    box = stencil.rows, stencil.cols
    weather = 1 + 0.05 * canvas.mottle[box] + 0.05 * canvas.fine[box] + 0.02 * canvas.grain[box]
    colour = np.asarray(building.colour, np.float32) * (brightness * weather)[..., None]
    return colour, building.eave_m + height
