"""Prompts on the map, and their way to pixels: any CRS, raster CRS, level-0 pixels, patch pixels.

All of it in float64: in float32 a UTM northing is good to 0.25 m only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import crs_name, same_crs, transform_bounds, transform_points
from encoder_tool.errors import OutsideRasterError, PromptError, UsageError
from encoder_tool.outline import Polygonal, valid
from encoder_tool.shape_prompt import box_around, inner_points, shape_logits
from encoder_tool.types import XY, BoundsMap, BoxPixel, CoordArray, Prompt, Window

OUTLINE_POINTS = 64
"""Points on each edge of a box's outline when it is carried into pixel space."""

MIN_OUTLINE_POINTS = 4

EDGE_SLACK = 1e-3
"""Pixels by which rounding may put a point on the raster's edge outside it."""


@dataclass(frozen=True, slots=True)
class MapPrompt:
    """What the user says about one object, in `crs` (None: the raster's own).

    At least one include point, a box or a shape is needed.

    box_outline: in place of `box`, for one that was drawn in yet another CRS: enough points
        along its edges, in `crs`
    shape: in place of a box, what is known of the object's outline, such as an old footprint
        (see `shape_prompt`)
    """

    include: tuple[XY, ...] = ()
    exclude: tuple[XY, ...] = ()
    box: BoundsMap | None = None
    crs: str | None = None
    box_outline: tuple[XY, ...] = ()
    shape: Polygonal | None = None

    @property
    def has_extent(self) -> bool:
        """Whether the prompt itself says how large the object is."""
        return self.box is not None or bool(self.box_outline) or self.shape is not None

    def __post_init__(self) -> None:
        if self.box is not None and self.box_outline:
            raise PromptError("There are two boxes: give box or box_outline.")
        if self.shape is not None and (self.box is not None or self.box_outline):
            raise PromptError("There are a box and a shape: give one of them.")
        if self.shape is not None and not self.shape.area > 0:
            raise PromptError("The shape has no area.", "Give a polygon.")
        if self.box_outline and len(self.box_outline) < MIN_OUTLINE_POINTS:
            raise PromptError("The outline of a box has at least its four corners.")
        if not self.include and not self.has_extent:
            raise PromptError(
                "There is nothing to look for: no include point and no box.",
                "Give at least one of them; exclude points only refine.",
            )
        if self.box is not None and not (
            self.box.xmin < self.box.xmax and self.box.ymin < self.box.ymax
        ):
            raise PromptError(
                f"The box {_listed(self.box)} is empty.",
                "Give it as XMIN,YMIN,XMAX,YMAX, minima first.",
            )


@dataclass(frozen=True, eq=False)
class PixelPrompt:
    """A prompt in level-0 pixels of the raster, float64.

    include, exclude: [N, 2] as (x, y); with a shape, `include` has points inside it as well
    box: the part of the box that lies on the raster; with a shape, the box around that
    shape: the part of it that lies on the raster
    """

    include: CoordArray
    exclude: CoordArray
    box: BoxPixel | None
    shape: Polygonal | None = None

    @property
    def reach(self) -> BoxPixel:
        """The rectangle that holds every positive prompt; negative ones never decide."""
        corners = [self.include]
        if self.box is not None:
            corners.append(np.array(self.box).reshape(2, 2))
        points = np.vstack(corners)
        return BoxPixel(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())

    @property
    def centre(self) -> XY:
        xmin, ymin, xmax, ymax = self.reach
        return XY((xmin + xmax) / 2, (ymin + ymax) / 2)

    @classmethod
    def of_patch(cls, prompt: Prompt, level: int, window: Window) -> PixelPrompt:
        """A prompt in pixels of a window of some level."""
        scale = float(1 << level)
        origin = np.array([window.col_off, window.row_off], np.float64)
        points = (prompt.points + origin) * scale
        box = None
        if prompt.box is not None:
            corners = (np.array(prompt.box).reshape(2, 2) + origin) * scale
            box = BoxPixel(*corners.ravel().tolist())
        return cls(points[prompt.labels == 1], points[prompt.labels == 0], box)

    def in_window(self, level: int, window: Window) -> Prompt:
        """The prompt in pixels of a window of some level, wherever that lies."""
        scale = float(1 << level)
        origin = np.array([window.col_off, window.row_off], np.float64)
        points = np.vstack([self.include, self.exclude]) / scale - origin
        box = None
        if self.box is not None:
            box = BoxPixel(*(np.array(self.box).reshape(2, 2) / scale - origin).ravel().tolist())
        labels = np.repeat(np.array([1, 0], np.int64), [len(self.include), len(self.exclude)])
        return Prompt(points, labels, box)

    def in_patch(self, level: int, window: Window) -> Prompt:
        """The prompt as the decoder takes it: in pixels of a patch that holds its `reach`.

        Negative points outside the patch are left out: the model has never seen a point
        outside its image. A shape is the mask prompt.
        """
        prompt = self.in_window(level, window)
        inside = ((prompt.points >= 0) & (prompt.points <= (window.width, window.height))).all(1)
        kept = inside | (prompt.labels == 1)
        logits = None
        if self.shape is not None:
            scale = 1 / (1 << level)
            to_patch = (scale, 0.0, 0.0, scale, -window.col_off, -window.row_off)
            logits = shape_logits(shapely.affinity.affine_transform(self.shape, to_patch))
        return replace(
            prompt, points=prompt.points[kept], labels=prompt.labels[kept], mask_logits=logits
        )


def to_pixels(prompt: MapPrompt, manifest: Manifest) -> PixelPrompt:
    """A map prompt in level-0 pixels.

    Raises PromptError when its CRS is unknown or cannot be related to the raster's, or when a
    point, or all of the box or the shape, lies outside the raster.
    """
    include = _points_to_pixels(prompt.include, prompt, manifest)
    exclude = _points_to_pixels(prompt.exclude, prompt, manifest)
    box = None
    if prompt.box is not None:
        box = _box_to_pixels(_outline(prompt.box), prompt.box, prompt, manifest)
    elif prompt.box_outline:
        outline = np.array(prompt.box_outline, np.float64)
        hull = BoundsMap(*outline.min(axis=0).tolist(), *outline.max(axis=0).tolist())
        box = _box_to_pixels(outline, hull, prompt, manifest)
    elif prompt.shape is not None:
        shape = _shape_to_pixels(prompt.shape, prompt, manifest)
        extent = BoxPixel(0.0, 0.0, float(manifest.pyramid.width), float(manifest.pyramid.height))
        include = np.vstack([include, inner_points(shape, exclude)])
        return PixelPrompt(include, exclude, box_around(shape, extent), shape)
    return PixelPrompt(include, exclude, box)


def _points_to_pixels(points: Sequence[XY], prompt: MapPrompt, manifest: Manifest) -> CoordArray:
    given = np.array(points, np.float64).reshape(-1, 2)
    pixels = _to_level_0(given, prompt.crs, manifest)
    inside = np.clip(pixels, 0, (manifest.pyramid.width, manifest.pyramid.height))
    outside = np.flatnonzero((np.abs(pixels - inside) > EDGE_SLACK).any(axis=1))
    if len(outside):
        raise _outside(f"point {_listed(given[outside[0]])}", prompt, manifest)
    return inside


def _box_to_pixels(
    outline: CoordArray, box: BoundsMap, prompt: MapPrompt, manifest: Manifest
) -> BoxPixel:
    """The pixel bounds of a box's outline [N, 2], which need not be straight or upright there.

    box: how it is called in messages
    """
    pixels = _to_level_0(outline, prompt.crs, manifest)
    low = np.maximum(pixels.min(axis=0), 0)
    high = np.minimum(pixels.max(axis=0), (manifest.pyramid.width, manifest.pyramid.height))
    if not (low < high).all():
        raise _outside(f"box {_listed(box)}", prompt, manifest)
    return BoxPixel(*low.tolist(), *high.tolist())


def _shape_to_pixels(shape: Polygonal, prompt: MapPrompt, manifest: Manifest) -> Polygonal:
    """The part of a shape that lies on the raster, in pixels; valid."""
    pixels = valid(
        shapely.transform(shape, lambda points: _to_level_0(points, prompt.crs, manifest))
    )
    raster = shapely.box(0, 0, manifest.pyramid.width, manifest.pyramid.height)
    inside = valid(pixels.intersection(raster))
    if inside.is_empty:
        raise _outside(f"shape within {_listed(shape.bounds)}", prompt, manifest)
    return inside


def _outline(box: BoundsMap) -> CoordArray:
    """The four edges as points [4 * OUTLINE_POINTS, 2]."""
    xmin, ymin, xmax, ymax = box
    corners = np.array([(xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax)])
    along = np.linspace(0, 1, OUTLINE_POINTS, endpoint=False)[:, None]
    edges = [a + along * (b - a) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)]
    return np.vstack(edges)


def _to_level_0(points: CoordArray, crs: str | None, manifest: Manifest) -> CoordArray:
    """Points [N, 2] from a CRS (None: the raster's) to level-0 pixels, all finite."""
    if not np.isfinite(points).all():
        raise PromptError("A prompt's coordinates must be finite numbers.")
    raster_crs = manifest.raster.crs_wkt
    if crs is not None:
        points = _to_raster_crs(points, crs, raster_crs)
    x, y = points[:, 0], points[:, 1]
    a, b, c, d, e, f = (~manifest.affine)[:6]
    return np.column_stack([a * x + b * y + c, d * x + e * y + f])


def _to_raster_crs(points: CoordArray, crs: str, raster_crs: str | None) -> CoordArray:
    if raster_crs is None:
        raise PromptError(
            f"The raster has no CRS, so prompts in {_named(crs)} cannot be placed on it.",
            "Give them in the raster's own coordinates, without a CRS.",
        )
    try:
        moved = transform_points(points, crs, raster_crs)
    except UsageError as error:
        raise PromptError(error.message, error.hint) from error
    lost = np.flatnonzero(~np.isfinite(moved).all(axis=1))
    if len(lost):
        raise PromptError(
            f"The position {_listed(points[lost[0]])} in {_named(crs)} does not exist in the "
            f"raster's CRS, {crs_name(raster_crs)}.",
            "Is the prompts' CRS the right one, and is x the easting or longitude?",
        )
    return moved


def _outside(what: str, prompt: MapPrompt, manifest: Manifest) -> OutsideRasterError:
    crs = manifest.raster.crs_wkt
    given = f" ({_named(prompt.crs)})" if prompt.crs is not None else ""
    known = " (it has no CRS)" if crs is None else f" in {crs_name(crs)}"
    affine = manifest.affine
    bounds = raster_bounds(manifest)
    asked = prompt.crs
    there = None
    if asked is not None and crs is not None and not same_crs(asked, crs):
        there = transform_bounds(bounds, crs, asked)
    if asked is not None and there is not None and np.isfinite(there).all():
        place = f"bounds in {_named(asked)} are {_listed(there)}"
    elif affine.b == affine.d == 0:
        place = f"bounds are {_listed(bounds)}{known}"
    else:
        corners = "; ".join(_listed(corner) for corner in _corners_map(manifest))
        place = f"corners are {corners}{known}: it lies askew"
    return OutsideRasterError(
        f"The {what}{given} lies outside the raster, whose {place}.",
        "Are they the raster's own coordinates, x first?"
        if crs is None
        else "Is the prompts' CRS the right one, and is x the easting or longitude?",
    )


def _corners_map(manifest: Manifest) -> list[tuple[float, float]]:
    """The raster's four corners in its own CRS, going round."""
    width, height = manifest.pyramid.width, manifest.pyramid.height
    return [manifest.affine @ at for at in ((0, 0), (width, 0), (width, height), (0, height))]


def raster_bounds(manifest: Manifest) -> BoundsMap:
    """The raster's bounds in its own CRS (the upright hull of a rotated raster)."""
    return pixel_bounds_map(
        BoxPixel(0, 0, manifest.pyramid.width, manifest.pyramid.height), manifest
    )


def pixel_bounds_map(box: BoxPixel, manifest: Manifest) -> BoundsMap:
    """The map bounds of a box of level-0 pixels."""
    xmin, ymin, xmax, ymax = box
    corners = [(xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax)]
    x, y = zip(*(manifest.affine @ corner for corner in corners), strict=True)
    return BoundsMap(min(x), min(y), max(x), max(y))


def _named(crs: str) -> str:
    try:
        return crs_name(crs)
    except UsageError as error:
        raise PromptError(error.message, error.hint) from error


def _listed(values: Sequence[float] | CoordArray) -> str:
    return ", ".join(f"{value:.10g}" for value in values)
