"""What is said before QGIS is started for pictures and for benchmarks of its window."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.cli import REPOSITORY


def test_without_compiled_translations_it_ends_with_that_sentence_alone(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / ".ci", tmp_path / ".ci")
    (tmp_path / "i18n").mkdir()
    (tmp_path / "i18n" / "geosam_de.ts").touch()
    script = tmp_path / "script.py"
    script.touch()
    done = subprocess.run(
        [sys.executable, str(tmp_path / ".ci" / "in_qgis.py"), str(script)],
        capture_output=True, text=True, check=False, env={"PATH": "", "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert "geosam_de.qm is not there; run `make translations` first." in sentence
