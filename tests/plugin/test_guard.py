"""The tests' own guard: an exception in a slot fails the test in which it happens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from qgis_window import PATIENCE_S

TESTS = Path(__file__).parent

SLOTS = """
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QTimer
from qgis_window import wait_for

def test_slot():
    done = []
    def fail():
        done.append(1)
        raise RuntimeError("in a slot")
    QTimer.singleShot(0, fail)
    wait_for(lambda: done)

def test_log():
    text = "Traceback (most recent call last): told to the log"
    QgsApplication.messageLog().logMessage(text, "Plugins")

def test_without():
    pass
"""


def test_an_exception_in_a_slot_fails_its_test_and_no_other(tmp_path: Path) -> None:
    helpers = (path for path in TESTS.glob("*.py") if not path.name.startswith("test_"))
    for path in (*helpers, TESTS / "pytest.ini"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "test_slots.py").write_text(SLOTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", str(tmp_path)], capture_output=True, text=True,
        check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert "3 passed, 2 errors" in done.stdout, done.stdout + done.stderr
    assert "RuntimeError: in a slot" in done.stdout
    assert "Plugins: Traceback (most recent call last): told to the log" in done.stdout
    assert "ERROR test_slots.py::test_without" not in done.stdout
