"""The memory that an encode takes: of a patch, not of a raster."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rasterio.shutil import copy as copy_raster

from encoder_tool.cache.store import open_cache
from tests.support.cli import REPOSITORY, environment
from tests.support.fakes import present
from tests.support.memory import require_peak_memory
from tests.support.rasters import NORTH_UP, noise, write_sparse

MEASURE = """
import json, sys
from pathlib import Path
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.types import BoundsMap
from tests.support.memory import peak_memory_bytes

raster, out, *bounds = sys.argv[1:]
extent = BoundsMap(*map(float, bounds))
request = EncodeRequest(Path(raster), Path(out), extent=extent, threads=2)
summary = run_encode(plan_encode(request))
peak = peak_memory_bytes()
print(json.dumps({**summary.to_json(), "peak": peak, "torch": "torch" in sys.modules}))
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_raster(tmp_path: Path) -> None:
    """1,500 pixels of 30,000 x 30,000, with nano, in less than 2 GB and without torch."""
    require_peak_memory()
    content = noise(3, 1500, 1500)
    write_sparse(tmp_path / "large.tif", 30_000, 30_000, content, at=(15_000, 0))
    vrt = tmp_path / "large.vrt"
    copy_raster(tmp_path / "large.tif", vrt, driver="VRT")
    x0, y0 = NORTH_UP @ (15_000, 0)
    bounds = (x0, y0 - 450, x0 + 450, y0)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(vrt), str(tmp_path / "cache"), *map(str, bounds)],
        cwd=REPOSITORY, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    summary = json.loads(done.stdout)
    assert not summary["torch"]
    assert summary["peak"] < 2e9
    cache = open_cache(tmp_path / "cache")
    assert cache.pyramid.levels == 6
    assert len(present(cache)) == summary["encoded"] == summary["patches_total"]
    # At levels 1 and 2 it lies across the border of two patches.
    assert {patch.level for patch in present(cache)} == {0, 1, 2, 3}


GROWTH = """
import sys
from pathlib import Path
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.raster import source
from tests.support.fakes import FakeModel
from tests.support.memory import peak_memory_bytes

source.BLOCK_CACHE_BYTES = 16 << 20
request = EncodeRequest(Path(sys.argv[1]), Path(sys.argv[2]))
summary = run_encode(plan_encode(request, model=FakeModel()))
print(summary.encoded + summary.empty, peak_memory_bytes())
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_what_is_encoded(tmp_path: Path) -> None:
    """All of it, with GDAL's own cache kept small: 9 and 36 megapixels, in tiles."""
    require_peak_memory()
    peaks = []
    for side, patches in ((3000, 16 + 4 + 1), (6000, 64 + 16 + 4 + 1)):
        raster = tmp_path / f"{side}.tif"
        write_sparse(raster, side, side, noise(3, 512, 512), at=(0, 0))
        done = subprocess.run(
            [sys.executable, "-c", GROWTH, str(raster), str(tmp_path / f"{side}.sam2.zarr")],
            cwd=REPOSITORY, env=environment(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        encoded, peak = map(int, done.stdout.split())
        assert encoded == patches
        peaks.append(peak)
    # Three images of a patch; the larger raster has 80 MB more of pixels.
    assert peaks[1] - peaks[0] < 40e6
