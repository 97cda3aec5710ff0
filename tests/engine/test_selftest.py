"""The self-test that the plugin's installer trusts: it passes here, and fails when it should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from affine import Affine

from encoder_tool import selftest


def test_a_whole_engine_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert selftest.main([]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["iou"] > 0.85
    assert "torch" not in report


def test_it_fails_when_the_mask_is_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    draw = selftest._draw

    def draw_a_smaller_roof(path: Path, transform: Affine) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(selftest, "ROOF_PX", (105, 105, 145, 135))
            draw(path, transform)

    monkeypatch.setattr(selftest, "_draw", draw_a_smaller_roof)
    assert selftest.main([]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "IoU" in captured.err
