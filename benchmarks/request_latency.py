"""What the first request on a place of a web map costs, and what the later ones do.

    python benchmarks/request_latency.py [--objects 20] [--delay-ms 50]

A tile server on loopback gives a procedural scene as tiles, each after a delay as a far server
has. The first request fetches the tiles, encodes the patch with nano and decodes; later ones ask
for other objects, by boxes and clicks in turn, and decode only; then each is asked by a process
of its own, the command `encoder-tool request`. Prints tables and writes JSON; ends with an error
when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.support.machine import headline, machine_facts
from benchmarks.support.tables import Table, milliseconds, times
from benchmarks.support.timing import Series, timed
from encoder_tool.request import Answerer, read_request
from encoder_tool.request.places import PLACES_VARIABLE
from encoder_tool.tiles.store import TILES_VARIABLE
from encoder_tool.tiles.web_mercator import Tile
from tests.support.scene_tiles import SceneTiles, request_for
from tests.support.tile_server import Reply, tile_server

MOST_LATER_MS = 150.0
LEAST_RATIO = 20.0
"""The first request takes at least so many times as long as a later one."""

SEEDS = (5, 6, 7)
"""A first request can be measured once a place."""

PARTS = ("tiles", "encode", "decode", "polygons")


def measure(objects: int, delay_ms: float, folder: Path) -> dict[str, Any]:
    first, later, commands = Series(), Series(), Series()
    told: dict[str, list[dict[str, float]]] = {"first": [], "later": []}
    for seed in SEEDS:
        scene = SceneTiles(side=4, seed=seed)
        os.environ[TILES_VARIABLE] = str(folder / str(seed) / "tiles")
        os.environ[PLACES_VARIABLE] = str(folder / str(seed) / "places")
        wanted = [
            read_request(json.dumps(request_for(one, kind)))
            for one in scene.buildings(objects)
            for kind in ("rectangle", "point")
        ]
        with tile_server() as server:

            def reply(tile: Tile, nth: int, scene: SceneTiles = scene) -> Reply:
                return replace(scene.reply(tile, nth), delay_s=delay_ms / 1e3)

            server.reply_to = reply
            for tile in [Tile(18, 140_000 + x, 76_800 + y) for x in range(4) for y in range(4)]:
                scene.reply(tile, 1)  # the picture itself costs the first request nothing
            answerer = Answerer(source=server.template)
            told["first"].append(timed(first, answerer.answer, wanted[0])["timings_ms"])
            for request in wanted[1:]:
                answer = timed(later, answerer.answer, request)
                assert answer["tiles_fetched"] == answer["patches_encoded"] == 0
                told["later"].append(answer["timings_ms"])
            file = folder / f"{seed}.json"
            file.write_text(json.dumps(request_for(scene.buildings(2)[1])))
            command = [sys.executable, "-m", "encoder_tool", "request", str(file), "--source",
                       server.template, "--quiet"]  # fmt: skip
            timed(commands, subprocess.run, command, check=True, capture_output=True)
    return {
        "delay_ms": delay_ms,
        "first": {**first.summary(), "parts": _parts(told["first"])},
        "later": {**later.summary(), "parts": _parts(told["later"])},
        "command": commands.summary(),
        "ratio": first.p50_ms / later.p50_ms,
    }


def _parts(told: list[dict[str, float]]) -> dict[str, float]:
    return {part: float(np.median([one[part] for one in told])) for part in PARTS}


def table(found: dict[str, Any]) -> Table:
    shown = Table(
        "Requests on a web map",
        ("request", "median ms", "95 %", *PARTS),
        f"nano, 16 tiles, {found['delay_ms']:g} ms each, four at once; the parts are medians. A "
        f"first request takes {times(found['ratio'])} times as long as a later one.",
    )
    for name, title in (("first", "the first on a place"), ("later", "a later one")):
        row = found[name]
        shown.add(
            title,
            milliseconds(row["p50_ms"]),
            milliseconds(row["p95_ms"]),
            *(milliseconds(row["parts"][part]) for part in PARTS),
        )
    command = found["command"]
    shown.add("a later one, as a command", milliseconds(command["p50_ms"]),
              milliseconds(command["p95_ms"]), "", "", "", "")  # fmt: skip
    return shown


def missed_targets(found: dict[str, Any]) -> list[str]:
    """Sentences that say which targets are missed."""
    missed = []
    if found["later"]["p50_ms"] > MOST_LATER_MS:
        missed.append(f"A later request takes {found['later']['p50_ms']:.0f} ms.")
    if found["ratio"] < LEAST_RATIO:
        missed.append(f"A first request takes only {found['ratio']:.1f} times as long.")
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=20, help="of each scene, at most")
    parser.add_argument("--delay-ms", type=float, default=50.0, help="of each tile")
    parser.add_argument("--markdown", action="store_true", help="print a section for a page")
    parser.add_argument(
        "--out", type=Path, default=Path("out/bench/request_latency.json"), help="the JSON file"
    )
    options = parser.parse_args()
    facts = machine_facts()
    os.environ["no_proxy"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as folder:
        found = {**facts, **measure(options.objects, options.delay_ms, Path(folder))}
    print(f"{headline(facts)}\n")
    shown = table(found)
    print(shown.markdown() if options.markdown else shown.text())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Wrote {options.out}")
    if missed := missed_targets(found):
        raise SystemExit(" ".join(missed))


if __name__ == "__main__":
    main()
