"""Files are made beside their place; what a killed process leaves there is removed by the next."""

from __future__ import annotations

import subprocess
import sys

import pytest

from encoder_tool.errors import OutputError
from encoder_tool.staging import put_in_place, staged
from tests.support.cli import environment
from tests.support.patience import PATIENCE_S

KILLED = """
import os, signal, sys
from pathlib import Path
from encoder_tool.staging import staged

with staged(Path(sys.argv[1])) as made:
    made.write_text("half of it")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while_making(path):
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, path], env=environment(), capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert ended.returncode == -9, ended.stderr


@pytest.mark.parametrize("name", ["roofs[1].gpkg", "dächer" * 30 + ".gpkg"])
def test_what_a_killed_process_has_left_is_removed(tmp_path, name):
    path = tmp_path / name
    killed_while_making(path)
    (left,) = tmp_path.iterdir()
    assert [file.read_text() for file in left.iterdir()] == ["half of it"]
    with staged(path) as made:
        made.write_text("whole")
        put_in_place(made, path)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(name, "whole")]


def test_what_others_have_there_stays(tmp_path):
    """A process that is still making the same file, one that makes another, and the user."""
    path = tmp_path / "roofs.gpkg"
    killed_while_making(tmp_path / "roads.gpkg")
    mine = tmp_path / ".roofs.gpkg.mine"
    mine.mkdir()
    with staged(path) as first:
        first.write_text("slowly")
        with staged(path) as second:
            second.write_text("quickly")
            put_in_place(second, path)
        assert first.read_text() == "slowly"
    names = sorted(file.name for file in tmp_path.iterdir())
    assert len(names) == 3
    assert {"roofs.gpkg", ".roofs.gpkg.mine"} < set(names)


def test_companions_come_with_it_and_stale_ones_go(tmp_path):
    path = tmp_path / "roofs.shp"
    for suffix in (".shp", ".sbn", ".qml"):
        path.with_suffix(suffix).write_text("old")
    with staged(path) as made:
        for suffix in (".shp", ".dbf"):
            made.with_suffix(suffix).write_text("new")
        put_in_place(made, path)
    found = {file.suffix: file.read_text() for file in tmp_path.iterdir()}
    assert found == {".shp": "new", ".dbf": "new", ".qml": "old"}


def test_a_folder_that_is_gone(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"), staged(tmp_path / "no" / "a.gpkg"):
        raise AssertionError("there is no place for it")
