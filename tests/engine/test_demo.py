"""The demo makes what it promises, and can be run again."""

from __future__ import annotations

from pathlib import Path

import pyogrio.raw
import pytest
import shapely

from encoder_tool.demo import run_demo

pytest.importorskip("matplotlib", reason="the preview needs matplotlib")


@pytest.mark.slow
def test_the_demo_turns_prompts_into_polygons_and_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    trials = run_demo(tmp_path / "demo", size=768)
    assert (tmp_path / "demo/preview.png").read_bytes().startswith(b"\x89PNG")
    meta, _, wkb, columns = pyogrio.raw.read(tmp_path / "demo/polygons.gpkg")
    polygons = shapely.from_wkb(wkb)
    assert meta["crs"] == "EPSG:32633"
    assert len(polygons) == sum(t.found is not None for t in trials) >= 15
    fields = dict(zip(meta["fields"], columns, strict=True))
    assert {"building", "field"} <= set(fields["class"])
    assert set(fields["prompt"]) == {"box", "click"}
    _, fids, truth, _ = pyogrio.raw.read(tmp_path / "demo/truth.gpkg", return_fids=True)
    true = dict(zip(fids, shapely.from_wkb(truth), strict=True))
    for polygon, fid, iou in zip(polygons, fields["truth_fid"], fields["iou"], strict=True):
        both = shapely.intersection(polygon, true[fid]).area
        assert iou == pytest.approx(both / (polygon.area + true[fid].area - both), abs=1e-6)
    boxed = [t.iou for t in trials if t.prompt.box is not None]
    assert sum(boxed) / len(boxed) > 0.5
    told = capsys.readouterr().out
    assert "mean IoU" in told
    assert f"picture {tmp_path / 'demo/preview.png'}" in told.splitlines()[-1]
    again = run_demo(tmp_path / "demo", size=768)
    assert [t.iou for t in again] == pytest.approx([t.iou for t in trials])
    assert "Encoding 0 of" in capsys.readouterr().out
