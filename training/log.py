"""The run's log: one JSON object a line, and a picture of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor


class Log:
    """Appends to a file, and tells the same on stdout in a line."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def write(self, kind: str, **values: Any) -> None:
        """Numbers are kept to five digits."""
        entry = {"kind": kind, **{name: _rounded(value) for name, value in values.items()}}
        with self._path.open("a") as file:
            file.write(json.dumps(entry) + "\n")
        told = " ".join(f"{name}={value}" for name, value in entry.items() if name != "kind")
        print(f"{kind}: {told}", flush=True)


class Means:
    """Means of a run's numbers since they were last told. Tensors stay on their device until
    then."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._counts: Counter[str] = Counter()

    def add(self, values: Mapping[str, Tensor]) -> None:
        for name, value in values.items():
            self._sums[name] = value + self._sums[name] if name in self._sums else value
            self._counts[name] += 1

    def tell(self) -> dict[str, float]:
        """And begin anew."""
        means = {name: float(total) / self._counts[name] for name, total in self._sums.items()}
        self._sums, self._counts = {}, Counter()
        return means


def _rounded(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) else value


def read_log(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def plot_log(path: Path, picture: Path) -> None:
    """Loss, IoUs in training and the exams' figures over the minutes (needs matplotlib)."""
    import matplotlib.pyplot as plt

    entries = read_log(path)
    steps = [entry for entry in entries if entry["kind"] == "step"]
    exams = [entry for entry in entries if entry["kind"] == "exam"]
    figure, (above, below) = plt.subplots(2, 1, figsize=(9, 8), sharex=True)
    minutes = [entry["minutes"] for entry in steps]
    for name in ("loss", "score_loss", "dense_loss"):
        values = [entry.get(name, float("nan")) for entry in steps]
        above.plot(minutes, values, label=name)
    above.set_yscale("log")
    for name in ("click_best_scored", "click_best_of_three", "box"):
        for where, style in (("scenes", "-"), ("real", "--")):
            points = [(e["minutes"], e[f"{where}_{name}"]) for e in exams if f"{where}_{name}" in e]
            if points:
                below.plot(*zip(*points, strict=True), style, marker=".", label=f"{where}: {name}")
    below.set_xlabel("minutes")
    below.set_ylabel("IoU")
    for axes in (above, below):
        axes.legend()
        axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(picture, dpi=100)
    plt.close(figure)
