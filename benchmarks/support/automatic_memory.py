"""The most memory that segmenting everything takes on a raster of so many pixels a side.

    python automatic_memory.py SIDE POINTS

All patches have the features of one scene's patch, by nano, with a grid of POINTS a side.
Prints megabytes.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from encoder_tool.automatic import AutomaticRequest, preset
from encoder_tool.automatic.outputs import Outputs
from encoder_tool.automatic.segment_all import segment_all
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.grid import Pyramid, levels_to_fit
from encoder_tool.model.seam import DecoderGraphs
from encoder_tool.sample import write_sample
from encoder_tool.types import Features, PatchId
from tests.support.memory import peak_memory_bytes


class Repeated:
    """A cache all of whose patches are the same."""

    def __init__(self, cache: FeatureCache, side: int) -> None:
        self.path = cache.path
        self._features = cache.load(PatchId(0, 0, 0))
        self._graphs = cache.decoder_graphs()
        pyramid = Pyramid(side, side, levels_to_fit(side, side))
        self.manifest: Manifest = replace(cache.manifest, pyramid=pyramid)

    def state(self, _patch: PatchId) -> PatchStatus:
        return PatchStatus.PRESENT

    def refresh(self) -> None:
        """Nothing is added."""

    def load(self, _patch: PatchId) -> Features:
        return self._features

    def decoder_graphs(self) -> DecoderGraphs:
        return self._graphs


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample = write_sample(folder, size=1024, seed=4_000)
        summary = run_encode(plan_encode(EncodeRequest(sample.scene)))
        cache: Any = Repeated(open_cache(summary.cache), int(sys.argv[1]))
        changes = {"points_per_side": int(sys.argv[2])}
        parameters = preset("default", "nano").with_changes(changes)
        segment_all(cache, AutomaticRequest(parameters), Outputs(folder / "all.gpkg"))
    print(f"{peak_memory_bytes() / 1e6:.1f}")


if __name__ == "__main__":
    main()
