"""Pictures (matplotlib): how an evaluation went, and what prompts made of a scene."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine

from encoder_tool.errors import MissingDependencyError, OutputError
from encoder_tool.evaluate import EvaluationReport
from encoder_tool.metrics import MAX_CLICKS, NOC_THRESHOLDS
from encoder_tool.types import XY, BoundsMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_KINDS = (
    ("1 click, best scored", "click_best_scored", "#d95f02"),
    ("1 click, best of three", "click_best_of_three", "#7570b3"),
    ("box", "box", "#1b9e77"),
)
_TRUTH, _BOX, _CLICK = "#ffffff", "#00c8ff", "#ffb000"


def check_picture(path: Path) -> None:
    """Refuse a picture that cannot be made, before any work is done.

    Raises MissingDependencyError without matplotlib, OutputError when the suffix names no
    picture format, the folder is missing or cannot be written, or `path` is a folder.
    """
    figure = _figure(1, 1)
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in figure.canvas.get_supported_filetypes():
        raise _unknown_format(path)
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist.", "Make it first.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", "Name a file.")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"The folder {path.parent} cannot be written to.", "Name another one.")


def plot_evaluation(report: EvaluationReport, path: Path, title: str = "") -> None:
    """Write a picture: the share of objects that reach each IoU, mean IoU per class and kind of
    prompt, and mean IoU against the number of clicks.

    Raises MissingDependencyError without matplotlib, OutputError when `path` cannot be written.
    """
    figure = _figure(13, 4.2)
    axes = figure.subplots(1, 3, width_ratios=(1, 1.25, 1))
    _plot_reached(axes[0], report)
    _plot_classes(axes[1], report)
    _plot_clicks(axes[2], report)
    if title:
        figure.suptitle(title)
    _save(figure, path)


def _plot_reached(axes: Axes, report: EvaluationReport) -> None:
    for label, attribute, colour in _KINDS:
        values = np.sort([getattr(s, attribute) for s in report.scores])
        share = 1 - np.arange(len(values)) / len(values)
        axes.step([0, *values, values[-1]], [1, *share, 0], color=colour, label=label, where="pre")
    axes.set(xlabel="IoU", ylabel="share of objects that reach it", xlim=(0, 1), ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)


def _plot_classes(axes: Axes, report: EvaluationReport) -> None:
    groups = [("all", list(report.scores))]
    groups += [(name, report.of_class(name)) for name in report.classes]
    offsets = (np.arange(len(_KINDS)) - (len(_KINDS) - 1) / 2) * 0.27
    for (_, attribute, colour), offset in zip(_KINDS, offsets, strict=True):
        parts = axes.boxplot(
            [[getattr(s, attribute) for s in scores] for _, scores in groups],
            positions=np.arange(len(groups)) + offset, widths=0.22, showfliers=False,
            patch_artist=True, medianprops={"color": "black"},
        )  # fmt: skip
        for box in parts["boxes"]:
            box.set_facecolor(colour)
            box.set_alpha(0.75)
    labels = [f"{name}\n{len(scores)}" for name, scores in groups]
    axes.set_xticks(range(len(groups)), labels, fontsize=8)
    axes.set(ylabel="IoU (median, quartiles)", ylim=(0, 1))
    axes.grid(axis="y", alpha=0.3)


def _plot_clicks(axes: Axes, report: EvaluationReport) -> None:
    clicks = range(1, MAX_CLICKS + 1)
    groups = [("all", list(report.scores))]
    groups += [(name, report.of_class(name)) for name in report.classes]
    for name, scores in groups:
        means = [float(np.mean([s.iou_after(k) for s in scores])) for k in clicks]
        bold = {"color": "black", "linewidth": 2.2} if name == "all" else {"linewidth": 1.1}
        axes.plot(clicks, means, marker=".", label=name, **bold)
    for threshold in NOC_THRESHOLDS:
        axes.axhline(threshold, color="grey", linewidth=0.6, linestyle=":")
    axes.set(xlabel="clicks", ylabel="mean IoU", ylim=(0, 1), xticks=list(clicks))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", fontsize=8)


@dataclass(frozen=True, eq=False)
class PreviewLayers:
    """What a preview shows on top of the image; all in the image's CRS."""

    truth: Sequence[shapely.Geometry] = ()
    from_boxes: Sequence[shapely.Geometry] = ()
    from_clicks: Sequence[shapely.Geometry] = ()
    boxes: Sequence[BoundsMap] = ()
    clicks: Sequence[XY] = field(default=())


def plot_preview(
    image: npt.NDArray[np.uint8],
    pixel_to_map: Affine,
    layers: PreviewLayers,
    path: Path,
    title: str = "",
) -> None:
    """Write a picture of the image [H, W, 3] with prompts, polygons and truth.

    Raises MissingDependencyError without matplotlib, OutputError when `path` cannot be written.
    """
    height, width = image.shape[:2]
    figure = _figure(10.0, 10.0 * height / width + 0.3)
    axes = figure.subplots()
    axes.imshow(image, extent=(0, width, height, 0), interpolation="antialiased")
    to_pixels = ~pixel_to_map
    _draw(axes, layers.truth, to_pixels, _TRUTH, "truth", linewidth=0.9, linestyle=(0, (3, 2)))
    _draw(axes, layers.from_boxes, to_pixels, _BOX, "found by box", linewidth=1.4, fill=True)
    _draw(axes, layers.from_clicks, to_pixels, _CLICK, "found by click", linewidth=1.4, fill=True)
    outlines = [shapely.box(*bounds).exterior for bounds in layers.boxes]
    _draw(axes, outlines, to_pixels, _BOX, "box prompt", linewidth=0.7, linestyle=(0, (1, 1.5)))
    if layers.clicks:
        x, y = np.array([to_pixels @ point for point in layers.clicks]).T
        axes.plot(x, y, "o", color=_CLICK, markeredgecolor="black", markersize=5, label="click")
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[], title=title)
    axes.legend(loc="lower right", fontsize=8, facecolor="#303030", labelcolor="white")
    _save(figure, path)


def _draw(
    axes: Axes, geometries: Sequence[shapely.Geometry], to_pixels: Affine, colour: str, label: str,
    *, fill: bool = False, **line: Any,
) -> None:  # fmt: skip
    a, b, c, d, e, f = to_pixels[:6]
    for geometry in geometries:
        placed = shapely.affinity.affine_transform(geometry, (a, b, d, e, c, f))
        for polygon in shapely.get_parts(placed):
            if fill:
                outside = shapely.get_coordinates(polygon.exterior)
                axes.fill(*outside.T, facecolor=colour, alpha=0.18, linewidth=0)
            rings = shapely.get_rings(polygon) if polygon.geom_type == "Polygon" else [polygon]
            for ring in rings:
                axes.plot(*shapely.get_coordinates(ring).T, color=colour, label=label, **line)
                label = "_nolegend_"


def _figure(width: float, height: float) -> Figure:
    """Without pyplot: no display, no global state."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependencyError(
            "Pictures need matplotlib, which is not installed.",
            'Install it: pip install "geosam-encoder-tool[plot]".',
        ) from error
    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: Figure, path: Path) -> None:
    """Made beside its place and moved there when it is whole."""
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            made = Path(folder) / path.name
            figure.savefig(made, dpi=130)
            made.replace(path)
    except ValueError as error:
        raise _unknown_format(path) from error
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror or error}).") from error


def _unknown_format(path: Path) -> OutputError:
    return OutputError(f"{path} has no suffix that names a picture format.", "Use .png.")
