"""The one test in QGIS's own window: the pictures of the documentation are taken, which encodes
through the dialog, clicks and saves."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from qgis.PyQt.QtGui import QImage
from qgis_window import PATIENCE_S

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "docs" / "screenshots" / "take.py"
QGIS = os.environ.get("QGIS") or "qgis"

pytestmark = pytest.mark.skipif(
    not (shutil.which("xvfb-run") and shutil.which(QGIS)), reason="needs QGIS's window and Xvfb"
)


@pytest.mark.slow
def test_pictures_are_taken(engine_python: str, tmp_path: Path) -> None:
    out = tmp_path / "not" / "there"
    done = subprocess.run(
        [engine_python, str(SCRIPT), "--out", str(out)],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    committed = REPOSITORY / "docs" / "images"
    taken = {path.name for path in out.glob("*.png")}
    assert taken == {path.name for path in committed.glob("*.png")} - {"preview.png"}
    for name in taken:
        ours, shown = QImage(str(out / name)), QImage(str(committed / name))
        # Other fonts make other sizes, but a dialog that is cut off is not half as large.
        assert ours.width() > shown.width() / 2, name
        assert ours.height() > shown.height() / 2, name
