"""What click_latency.py found, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.support.tables import Table, milliseconds, times


def click_tables(found: dict[str, Any]) -> list[Table]:
    return [
        _warm(found["warm"]),
        _cold(found["cold"], found["polygons"]),
        _decode(found["decode"]),
        _batches(found["batches"]),
    ]


def _warm(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(
        "Prompt to polygon, patch in memory",
        (
            "model",
            "prompt",
            "upstream",
            "engine",
            "worker",
            "engine : upstream",
            "p95 : p50",
            "IoU",
        ),
        "Milliseconds, p50 / p95. Upstream: `SAM2ImagePredictor.predict` and "
        "`rasterio.features.shapes`. IoU: the least one of both sides' polygons, of which "
        "upstream's run along pixels.",
    )  # fmt: skip
    for row in rows:
        engine, upstream = row["engine"], row["upstream"]
        table.add(
            row["model"], row["prompt"], _pair(upstream), _pair(engine), _pair(row["worker"]),
            times(engine["p50_ms"] / upstream["p50_ms"]),
            times(engine["p95_ms"] / engine["p50_ms"]), _or_dash(row["iou_with_upstream"], ".3f"),
        )  # fmt: skip
    return table


def _cold(rows: Sequence[dict[str, Any]], polygons: dict[str, float]) -> Table:
    parts = ("load", "prepare", "engine", "worker")
    table = Table(
        "One click to polygon, patch on disk",
        ("model", *parts),
        "Milliseconds, p50 / p95, each time another patch, from the system's page cache. "
        f"To make a building's logits a polygon takes {_pair(polygons)} ms.",
    )
    for row in rows:
        table.add(row["model"], *(_pair(row[part]) for part in parts))
    return table


def _decode(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(
        "Decoding alone",
        ("model", "prompt", "upstream", "engine", "speed-up", "difference"),
        "Milliseconds from prompt to logits, p50 / p95; the largest difference of any logit.",
    )
    for row in rows:
        table.add(
            row["model"], row["prompt"], _pair(row["upstream"]), _pair(row["engine"]),
            times(row["upstream"]["p50_ms"] / row["engine"]["p50_ms"]),
            _or_dash(row["largest_difference"], ".1e"),
        )  # fmt: skip
    return table


def _batches(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(
        "Clicks a second on one patch",
        ("model", "batch", "predictor", "its network", "decode", "with polygons",
         "decode : predictor", "decode : network"),
        "Upstream's predictor gets the same batch and answers masks of 1024 x 1024; its network "
        "alone, as the engine's decode, answers logits of 256 x 256.",
    )  # fmt: skip
    for row in rows:
        rates = [row[f"{what}_per_s"] for what in ("predictor", "network", "decode", "polygons")]
        table.add(
            row["model"], row["batch"], *(f"{rate:.1f}" for rate in rates),
            times(rates[2] / rates[0]), times(rates[2] / rates[1]),
        )  # fmt: skip
    return table


def _or_dash(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _pair(summary: dict[str, float] | None) -> str:
    if summary is None:
        return "-"
    return f"{milliseconds(summary['p50_ms'])} / {milliseconds(summary['p95_ms'])}"
