"""The reader in docs/cache-format.md reads what the engine writes, so the page is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder_tool.cache import layout
from encoder_tool.cache.manifest import FORMAT_VERSION
from encoder_tool.cache.store import open_cache
from encoder_tool.types import PatchId
from tests.support.cli import REPOSITORY
from tests.support.fakes import GRAPHS, flip_byte, noise_cache

PAGE = REPOSITORY / "docs" / "cache-format.md"


@pytest.fixture(scope="module")
def reader_class() -> Any:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(compile(source, str(PAGE), "exec"), namespace)
    return namespace["Reader"]


@pytest.mark.parametrize("dtype", ["int8", "float16", "float32"])
def test_the_pages_reader_reads_a_cache(reader_class: Any, tmp_path: Path, dtype: str) -> None:
    path = noise_cache(tmp_path / "c.sam2.zarr", dtype)
    cache, reader = open_cache(path), reader_class(path)
    seen = 0
    for level in range(reader.attributes["grid"]["levels"]):
        grid = cache.pyramid.level(level)
        for (row, col), origin in reader.patches(level):
            window = grid.window(row, col)
            assert origin == (window.col_off, window.row_off)
            features = cache.load(PatchId(level, int(row), int(col)))
            for name, values in reader.features(level, row, col).items():
                assert np.array_equal(values, features.arrays()[name])
            seen += 1
    assert seen == sum(1 for _ in cache.pyramid.patches())
    assert reader.decoder() == {"prepare": GRAPHS.prepare, "decode": GRAPHS.decode}
    flip_byte(layout.chunk_file(path, "levels/0/high_res_0", 0, 0, 0, 0, 0))
    with pytest.raises(ValueError, match="damaged"):
        reader.features(0, 0, 0)


def test_the_page_lists_the_attributes_that_are_written(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(\{\n.*?)```", page, re.DOTALL)
    attributes = open_cache(noise_cache(tmp_path / "c", "int8")).manifest.to_attributes()
    for group in (attributes, attributes["raster"], attributes["grid"], attributes["model"]):
        for name in group:
            assert f'"{name}"' in example
    assert f'"format_version": {FORMAT_VERSION}' in example
