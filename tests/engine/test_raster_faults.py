"""What is no raster, or none that can be read: one sentence each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.errors import MissingRasterError, RasterError, UsageError
from encoder_tool.raster import open_raster
from tests.support.rasters import noise, write_raster

REPOSITORY = Path(__file__).parents[2]


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingRasterError, match="There is no raster at"):
        open_raster(tmp_path / "absent.tif")
    # As a folder that may not be looked into, which root always may.
    with pytest.raises(RasterError, match="cannot be read: File name too long"):
        open_raster("a" * 300)


@pytest.mark.parametrize("content", [b"", b"hello", b"II*\0garbage"])
def test_not_a_raster(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(RasterError, match=r"^a\.tif is not a raster that GDAL can read\.$"):
        open_raster(tmp_path / "a.tif")
    with pytest.raises(RasterError, match="is not a raster"):
        open_raster(tmp_path)


@pytest.mark.parametrize("resolution", [0, -1, float("nan"), float("inf"), 1e-12])
def test_bad_resolutions(tmp_path: Path, resolution: float) -> None:
    path = write_raster(tmp_path / "a.tif", noise(1, 8, 8))
    with pytest.raises(UsageError, match="resolution"):
        open_raster(path, resolution=resolution)


def test_complex_values_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", np.ones((1, 8, 8), np.complex64))
    with pytest.raises(RasterError, match="complex"):
        open_raster(path)


CUT = """
import sys, threading
from encoder_tool.errors import RasterError
from encoder_tool.raster import open_raster
from encoder_tool.types import Window

def read():
    try:
        reader.read_patch(0, Window(0, 0, 512, 512), stretch, (0.5, 0.5, 0.5))
    except RasterError as error:
        print(error)

with open_raster(sys.argv[1]) as reader:
    stretch = reader.sample_stretch("none")
    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
"""


def test_a_cut_file_is_one_sentence_and_no_noise(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 512, 512))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(path)],
        check=True, capture_output=True, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    assert done.stdout.startswith("a.tif cannot be read at columns 0 to 512, rows")
    assert done.stderr == ""
