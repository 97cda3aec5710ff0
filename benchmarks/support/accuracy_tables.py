"""The yardstick's figures as tables in Markdown, as docs/accuracy.md holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Figures = Mapping[str, Any]

_COLUMNS = (
    ("click_best_scored", "1 click, best scored", ".3f"),
    ("click_best_of_three", "best of 3", ".3f"),
    ("box", "box", ".3f"),
    ("boundary", "outline", ".3f"),
    ("noc80", "NoC80", ".2f"),
    ("noc85", "NoC85", ".2f"),
    ("noc90", "NoC90", ".2f"),
)
_PARTS = ("per_view", "per_class", "per_size")


def table(title: str, figures: Figures, other: Figures | None = None) -> str:
    """All figures of one model on one kind of image; another model's in brackets, if given."""
    head = ["", "n", *(label for _, label, _ in _COLUMNS)]
    lines = [f"### {title}", "", _row(head), _row(["---"] * len(head))]
    others = dict(_parts(other)) if other is not None else {}
    for name, part in _parts(figures):
        beside = others.get(name)
        cells = [_both(part, beside, key, form) for key, _, form in _COLUMNS]
        lines.append(_row([name, str(part["n"]), *cells]))
    lines += ["", _with_strays(figures, other), "", _calibration(figures, other)]
    if "consistency" in figures:
        lines += ["", _consistency(figures, other)]
    return "\n".join(lines) + "\n"


def side_by_side(found: Mapping[str, Mapping[str, Figures]]) -> Iterator[str]:
    """The first model's tables, each other model's figures in brackets where there are any; found:
    the figures by model, which is a name or "NAME (WEIGHTS)", and kind of image."""
    short = [label.partition(" (")[0] for label in found]
    labels = short if len(set(short)) == len(short) else list(found)
    first, *others = found.values()
    for name, figures in first.items():
        title = f"{name.capitalize()}: {labels[0]}"
        beside = [(i, other[name]) for i, other in enumerate(others, 1) if name in other]
        for i, other in beside:
            yield table(f"{title}, in brackets {labels[i]}", figures, other)
        if not beside:
            yield table(title, figures)


def _parts(figures: Figures) -> Iterator[tuple[str, Figures]]:
    yield "all", figures
    for part in _PARTS:
        yield from figures.get(part, {}).items()


def _both(figures: Figures, other: Figures | None, key: str, form: str) -> str:
    one = format(figures[key], form)
    return one if other is None else f"{one} ({format(other[key], form)})"


def _with_strays(figures: Figures, other: Figures | None) -> str:
    one, beside = figures["with_strays"], None if other is None else other["with_strays"]
    best_scored, best_of_three, box = (
        _both(one, beside, key, ".3f")
        for key in ("click_best_scored", "click_best_of_three", "box")
    )
    return (
        f"With the strays that an answer leaves out: 1 click, best scored {best_scored}, best of 3 "
        f"{best_of_three}, box {box}."
    )


def _calibration(figures: Figures, other: Figures | None) -> str:
    one, beside = figures["calibration"], None if other is None else other["calibration"]
    rank, error, bias = (
        _both(one, beside, key, form)
        for key, form in (("rank_correlation", ".2f"), ("mean_error", ".3f"), ("bias", "+.3f"))
    )
    return f"Predicted IoU: rank correlation {rank}, mean error {error}, bias {bias}."


def _consistency(figures: Figures, other: Figures | None) -> str:
    one, beside = figures["consistency"], None if other is None else other.get("consistency")
    box, click, half, double = (
        _both(one, beside, key, ".3f")
        for key in ("box_offset", "click_offset", "box_half", "box_double")
    )
    return (
        f"The same thing at {one['offsets']} offsets in the patch: masks agree to {box} (box), "
        f"{click} (click); at half and double resolution {half}, {double} (box)."
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
