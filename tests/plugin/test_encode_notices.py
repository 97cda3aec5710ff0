"""What the engine remarks while it encodes is said in the user's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from geosam_plugin.paths import engine_source
from geosam_plugin.processing import encode_notices
from geosam_plugin.processing.encode_notices import say_notice

pytestmark = pytest.mark.usefixtures("qgis_app")


def remarks() -> Iterator[tuple[str, set[str]]]:
    """Kind and names of values of every remark in the engine's source."""
    for path in (engine_source() / "encoder_tool").rglob("*.py"):
        if "Remark(" not in path.read_text("utf-8"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Remark":
                yield node.args[0].value, {keyword.arg for keyword in node.keywords}


def test_every_remark_of_the_engine_has_words_that_fit_its_values() -> None:
    said, known = dict(remarks()), encode_notices._sentences()
    assert set(said) == set(known)
    for kind, template in known.items():
        wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
        assert wanted - {"time"} <= said[kind], kind
        assert ("time" in wanted) <= ("expected_s" in said[kind])


def test_values_are_in_the_sentence() -> None:
    told = {
        "notice": "12 patches to encode into /data/a.sam2.zarr; 3 more are there already.",
        "kind": "to_encode",
        "values": {"patches": 12, "there": 3, "cache": "/data/a.sam2.zarr"},
    }
    assert re.findall(r"\d+", say_notice(told)) == ["12", "3", "2"]
    disk = {"kind": "disk", "values": {"bytes_needed": 12_400_000, "bytes_free": 5e9}}
    assert "12 MB" in say_notice({**disk, "notice": ""}) and "5000 MB" in say_notice(disk)
    time = {"kind": "expected_time", "values": {"rest": 9, "expected_s": 150.0}}
    assert "9" in say_notice(time) and "2 min" in say_notice(time)


@pytest.mark.parametrize("told", [{}, {"kind": "of_tomorrow", "values": {"x": 1}}])
def test_what_has_no_words_here_is_said_as_it_comes(told: dict[str, object]) -> None:
    assert say_notice({"notice": "Something new.", **told}) == "Something new."
