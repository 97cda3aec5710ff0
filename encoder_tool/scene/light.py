"""Light and lens: shadows from the surface height, then what a camera does to the picture."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.scene.buildings import Sun
from encoder_tool.scene.canvas import Canvas, Image

_SHADOW_TINT = np.array([0.47, 0.51, 0.58], np.float32)


def cast_shadows(canvas: Canvas, sun: Sun) -> None:
    """Darken what the sun does not reach, and a little what stands beside high things.

    M(p), the height below which p lies in shadow, is the maximum over distances t towards the
    sun of height(p + t) - t tan(elevation); it doubles its reach with each pass.
    """
    horizontal = float(np.hypot(sun.x, sun.y))
    step_x, step_y = sun.x / horizontal, sun.y / horizontal
    drop_per_px = canvas.gsd_m * sun.up / horizontal
    reach_px = float(canvas.height.max()) / drop_per_px
    shaded_below = _moved(canvas.height, step_x, step_y)
    shaded_below -= np.float32(drop_per_px)
    covered = 1.0
    while covered < reach_px:
        further = _moved(shaded_below, covered * step_x, covered * step_y)
        further -= np.float32(covered * drop_per_px)
        np.maximum(shaded_below, further, out=shaded_below)
        covered *= 2
    shadow = np.clip((shaded_below - canvas.height) / np.float32(0.6), 0, 1)
    crowding = cv2.GaussianBlur(canvas.height, (0, 0), 1.6 / canvas.gsd_m) - canvas.height
    occlusion = 1 - 0.14 * np.clip(crowding / 2.5, 0, 1)
    light = 1 - shadow[..., None] * (1 - _SHADOW_TINT)
    canvas.colour[...] *= light * occlusion[..., None]


def _moved(field: Image, dx: float, dy: float) -> Image:
    """field(p + (dx, dy)), zero from outside."""
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float64)
    size = (field.shape[1], field.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(field, matrix, size, flags=flags), np.float32)


def photograph(rng: np.random.Generator, colour: Image) -> npt.NDArray[np.uint8]:
    """Haze, exposure, colour cast, blur and noise; uint8 [H, W, 3]."""
    haze = rng.uniform(0.0, 0.07)
    gain = rng.uniform(0.92, 1.1) * (1 + rng.normal(0, 0.025, 3))
    picture = colour * ((1 - haze) * gain).astype(np.float32)
    picture += (haze * np.array([0.72, 0.76, 0.82])).astype(np.float32)
    # The lens: symmetric, so that no edge moves.
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.45, 0.75))))
    noise = rng.standard_normal(picture.shape, dtype=np.float32)
    picture += noise * (0.008 + 0.010 * np.sqrt(np.clip(picture, 0, 1)))
    return np.clip(np.rint(picture * 255), 0, 255).astype(np.uint8)
