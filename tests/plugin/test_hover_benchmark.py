"""benchmarks/hover.py in QGIS's own window, at its smallest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from qgis_window import PATIENCE_S

REPOSITORY = Path(__file__).resolve().parents[2]
QGIS = os.environ.get("QGIS") or "qgis"

pytestmark = pytest.mark.skipif(
    not (shutil.which("xvfb-run") and shutil.which(QGIS)), reason="needs QGIS's window and Xvfb"
)


@pytest.mark.slow
def test_previews_are_counted(engine_python: str, tmp_path: Path) -> None:
    out = tmp_path / "hover.json"
    done = subprocess.run(
        [engine_python, "benchmarks/hover.py", "--model=nano", "--rests=4", f"--out={out}"],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = json.loads(out.read_text(encoding="utf-8"))["models"]
    assert found["model"] == "nano" and found["places"] == 4
    rests, moves = found["rests"], found["moves"]
    assert 1 <= rests["previews"] <= 4 and 1 <= moves["previews"] <= 4
    # The tool waits for a rest in the first, and not in the second.
    assert rests["p50_ms"] >= found["rest_ms"] > 50
    assert 0 < found["answered_per_s"] <= 1e3 * 4 / (moves["previews"] * moves["p50_ms"] / 2)
    assert "Previews under the mouse" in done.stdout
