"""A whole scene: plan it, place what stands on it, paint it, photograph it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from encoder_tool.errors import UsageError
from encoder_tool.scene.buildings import Sun, paint_building
from encoder_tool.scene.canvas import Canvas, jitter
from encoder_tool.scene.furniture import Furnishing, lot_furniture, paint_lot, street_cars
from encoder_tool.scene.geometry import (
    Ring,
    Warp,
    area,
    centroid,
    clip_to_canvas,
    long_axis,
    unit,
)
from encoder_tool.scene.ground import (
    BUSH,
    GRASS,
    PAVING,
    field_ring,
    paint_field,
    paint_road,
    paint_surface,
    paint_terrain,
    paint_water,
    pond_ring,
    river_rings,
)
from encoder_tool.scene.layout import Parcel, Plan, Use, Way, make_plan
from encoder_tool.scene.light import cast_shadows, photograph
from encoder_tool.scene.place import PlacedBuilding, mark_taken, place_buildings, plant_trees
from encoder_tool.scene.trees import paint_tree

CLASSES = ("building", "field", "water", "tree", "road")
"""The classes of the truth."""

_MARGIN_M = 20.0
"""Painted around the scene and cut off, so that shadows and objects come in from outside."""

_MIN_VISIBLE_PX = 12.0
"""Objects of which the scene's border leaves less are not in the truth."""


@dataclass(frozen=True, eq=False)
class SceneObject:
    """One object of the truth, as far as it is visible: simple rings [N, 2] float64 in pixels
    (x, y), pixel (0, 0) covering [0, 1)². Objects do not overlap."""

    class_name: str
    exterior: Ring
    holes: tuple[Ring, ...] = ()


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and its exact truth. image: uint8 [H, W, 3], RGB.

    parts: what else could be meant by a click: roof planes, cars, pools, whole lots. They lie
    on objects and around them, and a tree's crown may hide a piece of them.
    """

    image: npt.NDArray[np.uint8]
    objects: tuple[SceneObject, ...]
    gsd_m: float
    parts: tuple[SceneObject, ...] = ()


def make_scene(
    size_px: int = 2048, seed: int = 0, gsd_m: float = 0.3, *, crowded: bool = False
) -> Scene:
    """An aerial picture of `size_px` squared at `gsd_m` metres per pixel, with its truth.

    crowded: with a settlement of small roofs, close together, in place of part of the town
    The same arguments give the same scene. Raises UsageError for a size under 64 pixels or a
    pixel size that is not positive.
    """
    if size_px < 64:
        raise UsageError(f"A scene needs at least 64 pixels a side, not {size_px}.")
    if not gsd_m > 0:
        raise UsageError(f"A scene's pixel size must be positive, not {gsd_m} m.")
    plan_rng, place_rng, paint_rng, lens_rng = (
        np.random.Generator(np.random.PCG64(s)) for s in np.random.SeedSequence(seed).spawn(4)
    )
    margin_px = int(np.ceil(_MARGIN_M / gsd_m))
    full_px = size_px + 2 * margin_px
    warp = _make_warp(plan_rng, full_px, gsd_m)
    plan = make_plan(plan_rng, 1.5 * full_px * gsd_m + 30, crowded=crowded)
    canvas = Canvas.blank(paint_rng, (full_px, full_px), gsd_m)
    elevation = np.deg2rad(paint_rng.uniform(40, 62))
    sun = Sun.at(float(paint_rng.uniform(0, 2 * np.pi)), float(elevation))
    frame_px = np.array([[margin_px] * 2, [margin_px + size_px] * 2], np.float64)
    builder = _Builder(canvas, plan, warp, sun, place_rng, paint_rng, frame_px)
    builder.build()
    inner = slice(margin_px, margin_px + size_px)
    image = photograph(lens_rng, canvas.colour[inner, inner])
    return Scene(
        image,
        tuple(_visible(builder.objects, margin_px, size_px)),
        gsd_m,
        tuple(_visible(builder.parts, margin_px, size_px)),
    )


def _make_warp(rng: np.random.Generator, full_px: int, gsd_m: float) -> Warp:
    lengths = rng.uniform(220, 650, 4)
    vectors = np.array([unit(a) for a in rng.uniform(0, 2 * np.pi, 4)])
    vectors *= (2 * np.pi / lengths)[:, None]
    # Each wave bends by at most 0.075 of its phase, 0.3 together: one to one.
    sizes = rng.uniform(0.02, 0.075, 4) / np.hypot(*vectors.T)
    amplitudes = np.array([unit(a) for a in rng.uniform(0, 2 * np.pi, 4)]) * sizes[:, None]
    return Warp(
        float(rng.uniform(0, 2 * np.pi)), vectors, amplitudes, rng.uniform(0, 2 * np.pi, 4),
        np.full(2, full_px / 2), gsd_m,
    )  # fmt: skip


@dataclass(eq=False)
class _Builder:
    """Paints a plan in the order in which things lie on each other, and keeps the truth."""

    canvas: Canvas
    plan: Plan
    warp: Warp
    sun: Sun
    place_rng: np.random.Generator
    paint_rng: np.random.Generator
    frame_px: Ring
    objects: list[SceneObject] = field(default_factory=list)
    parts: list[SceneObject] = field(default_factory=list)
    buildings: list[PlacedBuilding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken = np.zeros(self.canvas.shape, np.uint8)

    def build(self) -> None:
        paint_terrain(self.canvas, self.paint_rng)
        self._paint_margins()
        for parcel in self.plan.parcels:
            if len(parcel.outline) >= 3 and self._near(self.warp(parcel.outline)):
                self._build_parcel(parcel)
        self._build_strips()
        for placed in self.buildings:
            paint_building(self.canvas, placed.building, placed.angle, placed.centre_px, self.sun)
        for tree in plant_trees(self.place_rng, self.plan, self.warp, self.taken):
            paint_tree(self.canvas, self.paint_rng, tree, self.sun)
            self.objects.append(SceneObject("tree", tree.outline))
        cast_shadows(self.canvas, self.sun)

    def _near(self, ring: Ring) -> bool:
        low, high = ring.min(axis=0), ring.max(axis=0)
        return bool((high > 0).all() and (low < self.canvas.shape[0]).all())

    def _add(self, class_name: str, exterior: Ring, holes: tuple[Ring, ...] = ()) -> None:
        self.objects.append(SceneObject(class_name, exterior, holes))
        mark_taken(self.taken, [exterior])

    def _paint_margins(self) -> None:
        for block in self.plan.pavements:
            if self._near(self.warp(block)):
                colour = jitter(self.paint_rng, PAVING, 0.05)
                paint_surface(self.canvas, self.warp.ring(block), colour, 0.05)
        for block in self.plan.farmland:
            if self._near(self.warp(block)):
                colour = jitter(self.paint_rng, GRASS, 0.12)
                paint_surface(self.canvas, self.warp.ring(block), colour, 0.2, 0.7)

    def _build_parcel(self, parcel: Parcel) -> None:
        ring = self.warp.ring(parcel.outline)
        if parcel.use is Use.FIELD:
            rounded = self.warp.ring(field_ring(self.place_rng, parcel.outline))
            axis, _, _ = long_axis(rounded)
            paint_field(self.canvas, self.paint_rng, rounded, axis)
            self._add("field", rounded)
        elif parcel.use is Use.LAKE:
            bank = pond_ring(self.place_rng, parcel.outline, centroid(parcel.outline))
            middle = bank.mean(axis=0)
            water = self.warp(middle + 0.93 * (bank - middle))
            paint_water(self.canvas, self.paint_rng, water, self.warp(bank))
            self._add("water", water)
        elif parcel.use is Use.WOOD:
            paint_surface(self.canvas, ring, jitter(self.paint_rng, BUSH, 0.1), 0.25, 0.75)
        elif parcel.use is Use.GREEN:
            paint_surface(self.canvas, ring, jitter(self.paint_rng, GRASS, 0.1), 0.10)
        elif parcel.use in (Use.HOUSE, Use.HUT, Use.FLATS, Use.WORKS):
            self._build_lot(parcel)

    def _build_lot(self, parcel: Parcel) -> None:
        paint_lot(self.canvas, self.paint_rng, parcel, self.warp)
        placed = place_buildings(self.place_rng, parcel, self.warp, self.frame_px)
        self.buildings += placed
        for item in placed:
            holes = () if item.hole_px is None else (item.hole_px,)
            self._add("building", item.footprint_px, holes)
            self.parts += [SceneObject("roof plane", plane) for plane in item.planes_px()]
        lot = lot_furniture(self.place_rng, parcel, self.warp, placed)
        for furnishing in lot:
            self._furnish(furnishing)
            mark_taken(self.taken, [furnishing.outline_px])
        if placed and parcel.use in (Use.HOUSE, Use.WORKS):
            self.parts.append(SceneObject("lot", self.warp.ring(parcel.outline)))

    def _furnish(self, furnishing: Furnishing) -> None:
        furnishing.paint(self.canvas)
        self.parts.append(SceneObject(furnishing.kind, furnishing.outline_px))

    def _build_strips(self) -> None:
        for strip in self.plan.strips:
            if not self._near(self.warp.ring(strip.outline, 10.0)):
                continue
            if strip.way is Way.RIVER:
                water, bank = river_rings(self.place_rng, strip)
                ring = self.warp(water)
                paint_water(self.canvas, self.paint_rng, ring, self.warp(bank))
                self._add("water", ring)
            else:
                paint_road(self.canvas, self.paint_rng, strip, self.warp)
                self._add("road", self.warp.ring(strip.outline))
                for car in street_cars(self.place_rng, strip, self.warp):
                    self._furnish(car)


def _visible(objects: Sequence[SceneObject], margin_px: int, size_px: int) -> list[SceneObject]:
    seen = []
    for item in objects:
        exterior = item.exterior - margin_px
        whole = exterior.min() >= 0 and exterior.max() <= size_px
        if whole:
            holes = tuple(hole - margin_px for hole in item.holes)
            seen.append(SceneObject(item.class_name, exterior, holes))
            continue
        for part in clip_to_canvas(exterior, size_px, size_px):
            if area(part) >= _MIN_VISIBLE_PX:
                seen.append(SceneObject(item.class_name, part))
    return seen
