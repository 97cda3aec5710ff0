"""Painting what is flat: terrain, fields, water and roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder_tool.scene.canvas import Canvas, Colour, jitter, tint
from encoder_tool.scene.geometry import (
    Ring,
    Vector,
    Warp,
    densify,
    radial_ring,
    round_corners,
    unit,
)
from encoder_tool.scene.layout import Strip, Way

GRASS: Colour = (0.36, 0.41, 0.24)
DRY_GRASS: Colour = (0.53, 0.49, 0.33)
SOIL: Colour = (0.47, 0.38, 0.29)
PAVING: Colour = (0.62, 0.60, 0.57)
ASPHALT: Colour = (0.36, 0.36, 0.37)
GRAVEL: Colour = (0.63, 0.57, 0.47)
BUSH: Colour = (0.20, 0.27, 0.14)
WHITE: Colour = (0.86, 0.86, 0.83)


def paint_terrain(canvas: Canvas, rng: np.random.Generator) -> None:
    """Meadow, from green to dry, with bare patches."""
    dryness = np.clip(0.5 + 0.28 * canvas.drift + 0.13 * canvas.mottle + rng.normal(0, 0.2), 0, 1)
    colour = (1 - dryness)[..., None] * np.asarray(jitter(rng, GRASS, 0.08), np.float32)
    colour += dryness[..., None] * np.asarray(jitter(rng, DRY_GRASS, 0.08), np.float32)
    bare = np.clip(0.6 * canvas.mottle + 0.4 * canvas.drift - 1.2, 0, 1)[..., None]
    colour += 0.6 * bare * (np.asarray(SOIL, np.float32) - colour)
    brightness = 1 + 0.05 * canvas.mottle + 0.06 * canvas.fine + 0.025 * canvas.grain
    canvas.colour[...] = colour * brightness[..., None]


def paint_surface(
    canvas: Canvas, ring: Ring, colour: Colour, roughness: float = 0.05, opacity: float = 1.0
) -> None:
    """A polygon of one material, mottled."""
    stencil = canvas.stencil(ring)
    if stencil is None:
        return
    box = stencil.rows, stencil.cols
    brightness = 1 + roughness * (
        0.5 * canvas.fine[box] + 0.6 * canvas.mottle[box] + 0.3 * canvas.grain[box]
    )
    canvas.blend(stencil, tint(colour, brightness), opacity)


@dataclass(frozen=True)
class Crop:
    """How a kind of field looks. `period_m` is the distance of its rows, `contrast` their
    brightness, `rough` the mottling; `gap` shows between the rows."""

    colour: Colour
    gap: Colour
    period_m: tuple[float, float]
    contrast: float
    rough: float
    tramlines: bool = False


CROPS = (
    Crop((0.68, 0.60, 0.36), (0.60, 0.51, 0.32), (0.9, 1.4), 0.5, 0.05, tramlines=True),  # wheat
    Crop((0.33, 0.44, 0.20), (0.41, 0.40, 0.26), (1.0, 1.6), 0.7, 0.06, tramlines=True),  # green
    Crop((0.22, 0.34, 0.15), (0.36, 0.32, 0.22), (1.5, 2.2), 0.9, 0.06),  # maize
    Crop((0.48, 0.37, 0.27), (0.39, 0.30, 0.22), (0.9, 2.0), 0.7, 0.07),  # ploughed
    Crop((0.64, 0.57, 0.43), (0.56, 0.49, 0.36), (2.5, 5.0), 0.5, 0.05),  # stubble
    Crop((0.43, 0.51, 0.27), (0.43, 0.51, 0.27), (4.0, 7.0), 0.2, 0.11),  # pasture
    Crop((0.66, 0.66, 0.25), (0.55, 0.56, 0.24), (0.9, 1.3), 0.4, 0.06, tramlines=True),  # rape
    Crop((0.24, 0.33, 0.16), (0.55, 0.47, 0.36), (2.2, 3.2), 1.0, 0.06),  # vineyard
)


def paint_field(canvas: Canvas, rng: np.random.Generator, ring: Ring, row_angle: float) -> None:
    """A field with rows at `row_angle` (canvas), a headland along its border and patches."""
    stencil = canvas.stencil(ring)
    if stencil is None:
        return
    crop = CROPS[rng.integers(len(CROPS))]
    metre = 1 / canvas.gsd_m
    box = stencil.rows, stencil.cols
    x, y = stencil.pixel_centres()
    across, along = unit(row_angle + np.pi / 2), unit(row_angle)
    drift, mottle = canvas.drift[box], canvas.mottle[box]
    position = (across[0] * x + across[1] * y).astype(np.float32) + 0.6 * drift
    period = rng.uniform(*crop.period_m) * metre
    # Rows finer than the sensor resolves fade instead of aliasing.
    visible = crop.contrast * np.clip((period - 2.0) / 2.0, 0.0, 1.0)
    rows = 0.5 + 0.5 * np.sin(position * (2 * np.pi / period))
    gap_share = visible * np.clip(rows + 0.15 * canvas.fine[box], 0, 1)
    base = np.asarray(jitter(rng, crop.colour, 0.08), np.float32)
    gap = np.asarray(jitter(rng, crop.gap, 0.05), np.float32)
    colour = base + gap_share[..., None] * (gap - base)
    patches = crop.rough * (0.9 * mottle + 0.8 * drift) + 0.03 * canvas.fine[box]
    if crop.tramlines:
        spacing = rng.uniform(12, 24) * metre
        phase = np.mod(position, spacing)
        wheel = np.minimum(np.abs(phase - 3 * metre), np.abs(phase - 4.8 * metre))
        patches = patches - 0.16 * np.clip(1.2 - wheel * (1.5 / metre), 0, 1)
    gradient = (along[0] * x + along[1] * y - float(ring.mean(axis=0) @ along)) / np.ptp(ring)
    patches = patches + rng.normal(0, 0.06) * gradient.astype(np.float32)
    canvas.blend(stencil, colour * (1 + patches + 0.03 * canvas.grain[box])[..., None])


def paint_water(canvas: Canvas, rng: np.random.Generator, ring: Ring, bank: Ring) -> None:
    """Water with faint ripples; first the bank around it, of reed and mud."""
    centre = ring.mean(axis=0)
    stencil = canvas.stencil(ring)
    if stencil is None:
        return
    paint_surface(canvas, bank, jitter(rng, BUSH, 0.08), 0.16, 0.55)
    paint_surface(canvas, 0.5 * (bank + ring), jitter(rng, SOIL, 0.08), 0.16, 0.6)
    box = stencil.rows, stencil.cols
    deep = jitter(rng, ((0.12, 0.20, 0.24), (0.17, 0.24, 0.20), (0.10, 0.15, 0.19))[
        rng.integers(3)], 0.10)  # fmt: skip
    x, y = stencil.pixel_centres()
    direction = unit(rng.uniform(0, np.pi)) * (2 * np.pi * canvas.gsd_m / rng.uniform(2.0, 4.0))
    ripple = np.sin(direction[0] * (x - centre[0]) + direction[1] * (y - centre[1])
                    + 0.9 * canvas.mottle[box])  # fmt: skip
    brightness = (
        1 + 0.10 * canvas.drift[box] + 0.035 * ripple * np.clip(canvas.drift[box] + 0.5, 0, 1)
        + 0.02 * canvas.fine[box]
    )  # fmt: skip
    canvas.blend(stencil, tint(deep, brightness.astype(np.float32)))


def pond_ring(rng: np.random.Generator, parcel: Ring, centre: Vector) -> Ring:
    """A smooth, star-shaped ring that stays within a convex parcel (plan metres)."""
    vertices = 96
    edges = np.roll(parcel, -1, axis=0) - parcel

    def reach(angles: Vector) -> Vector:
        rays = np.stack([np.cos(angles), np.sin(angles)], 1)
        normals = np.stack([edges[:, 1], -edges[:, 0]], 1)
        distance = ((parcel - centre) * normals).sum(axis=1)
        normals, distance = normals * np.sign(distance)[:, None], np.abs(distance)
        speed = rays @ normals.T
        with np.errstate(divide="ignore"):
            hits = np.where(speed > 1e-9, distance / speed, np.inf)
        limit: Vector = hits.min(axis=1)
        spectrum = np.fft.rfft(limit)
        spectrum[7:] = 0
        smooth = np.fft.irfft(spectrum, vertices)
        scale = float((limit / np.maximum(smooth, 1e-6)).clip(0).min())
        softened: Vector = np.maximum(smooth, 0.2 * limit.min()) * min(1.0, scale) * 0.65
        return softened

    return radial_ring(centre, reach, vertices, rng, roughness=0.10)


def river_rings(rng: np.random.Generator, strip: Strip) -> tuple[Ring, Ring]:
    """The water and its bank (plan metres), vertex by vertex: the strip, its long edges drawn
    in by smooth, random amounts, and the strip itself."""
    bank = densify(strip.outline, 2.0)
    along = strip.end - strip.start
    along = along / max(float(np.hypot(*along)), 1e-9)
    frame = np.stack([along, [-along[1], along[0]]], axis=1)
    corners, (reach, offset) = (
        (strip.outline - strip.start) @ frame,
        ((bank - strip.start) @ frame).T,
    )
    wavelengths = rng.uniform(25, 90, (2, 4))
    phases = rng.uniform(0, 2 * np.pi, (2, 4))
    side = (offset > 0).astype(int)
    waves = np.sin(reach[:, None] * 2 * np.pi / wavelengths[side] + phases[side]).mean(axis=1)
    drawn_in = offset * (1 - 0.22 - 0.22 * waves)
    # The ends may be slanted, where a road crosses: vertices keep their share of the way from
    # end to end, so that those on an end slide along it.
    first, last = _ends(corners, offset)
    share = (reach - first) / np.maximum(last - first, 1e-9)
    first, last = _ends(corners, drawn_in)
    water = np.stack([first + share * (last - first), drawn_in], axis=1)
    return strip.start + water @ frame.T, bank


def _ends(corners: Ring, offset: Vector) -> tuple[Vector, Vector]:
    """Where along a strip its two ends lie, at offsets across it."""
    low, high = corners[corners[:, 1] < 0], corners[corners[:, 1] >= 0]
    weight = (offset - low[0, 1]) / max(high[0, 1] - low[0, 1], 1e-9)
    first = low[:, 0].min() + weight * (high[:, 0].min() - low[:, 0].min())
    last = low[:, 0].max() + weight * (high[:, 0].max() - low[:, 0].max())
    return first, last


def field_ring(rng: np.random.Generator, parcel: Ring) -> Ring:
    """A parcel with rounded corners (plan metres)."""
    return round_corners(parcel, float(rng.uniform(1.0, 5.0)))


_ROAD_LOOK: dict[Way, tuple[Colour, float]] = {
    Way.MAIN_ROAD: (ASPHALT, 0.05),
    Way.STREET: ((0.43, 0.43, 0.44), 0.06),
    Way.TRACK: (GRAVEL, 0.09),
}


def paint_road(canvas: Canvas, rng: np.random.Generator, strip: Strip, warp: Warp) -> None:
    """Surface, worn wheel paths, patches of repair and markings."""
    colour, roughness = _ROAD_LOOK[strip.way]
    paint_surface(canvas, warp.ring(strip.outline), jitter(rng, colour, 0.04), roughness)
    line = _CentreLine(strip, warp)
    half = strip.width_m / 2
    if strip.way is Way.TRACK:
        line.stripe(canvas, 0.0, half * 0.5, DRY_GRASS, 0.45)
        return
    for lane in (-half / 2, half / 2):
        line.stripe(canvas, lane, half * 0.45, (0.30, 0.30, 0.31), 0.22)
    for _ in range(rng.poisson(line.length / 60)):
        start = rng.uniform(0, line.length)
        line.stripe(canvas, rng.uniform(-half, half) * 0.5, rng.uniform(1, 2.5), (0.27, 0.27, 0.28),
                    0.55, start, start + rng.uniform(2, 14))  # fmt: skip
    if strip.way is Way.MAIN_ROAD:
        for edge in (-half + 0.35, half - 0.35):
            line.stripe(canvas, edge, 0.22, WHITE, 0.75)
        for start in np.arange(2.0, line.length - 2, 9.0):
            line.stripe(canvas, 0.0, 0.22, WHITE, 0.85, start, start + 3.5)


class _CentreLine:
    """Stripes along a strip, placed by their distance along and across its centre line."""

    def __init__(self, strip: Strip, warp: Warp) -> None:
        self.length = float(np.hypot(*(strip.end - strip.start)))
        self._origin = strip.start
        self._along = (strip.end - strip.start) / max(self.length, 1e-9)
        self._across = np.array([-self._along[1], self._along[0]])
        self._warp = warp

    def stripe(
        self, canvas: Canvas, offset: float, width: float, colour: Colour, opacity: float,
        start: float = 0.0, end: float | None = None,
    ) -> None:  # fmt: skip
        end = self.length if end is None else min(end, self.length)
        if end <= start:
            return
        low, high = offset - width / 2, offset + width / 2
        corners = np.array([[start, low], [end, low], [end, high], [start, high]])
        plan = self._origin + corners[:, :1] * self._along + corners[:, 1:] * self._across
        canvas.fill([self._warp.ring(plan)], colour, opacity)
