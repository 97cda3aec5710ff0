"""Encode with the fake model in a process of its own, to be killed:
`python -m tests.support.encode_process RASTER OUT LOG BATCH DELAY_S`."""

from __future__ import annotations

import sys
from pathlib import Path

from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from tests.support.fakes import FakeModel


def main(raster: str, out: str, log: str, batch: str, delay_s: str) -> None:
    model = FakeModel(log=Path(log), delay_s=float(delay_s))
    request = EncodeRequest(Path(raster), Path(out), batch=int(batch))
    run_encode(plan_encode(request, model=model))


if __name__ == "__main__":
    main(*sys.argv[1:])
