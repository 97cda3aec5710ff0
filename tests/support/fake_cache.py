"""A feature cache in memory whose features only say which patch they are of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from affine import Affine
from pyproj import CRS

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import Manifest, RasterRecord, StretchRecord
from encoder_tool.grid import Pyramid, levels_to_fit
from encoder_tool.model.seam import DecoderGraphs, ModelRecord
from encoder_tool.types import FEATURE_NAMES, Features, PatchId

UTM = "EPSG:32633"
UTM_AFFINE = Affine(0.3, 0, 431_000.0, 0, -0.3, 5_480_000.0)


def make_manifest(
    width: int = 3000,
    height: int = 2500,
    transform: Affine = UTM_AFFINE,
    crs: str | None = UTM,
    levels: int | None = None,
) -> Manifest:
    """The manifest of a cache of a raster of `width` x `height` pixels."""
    coefficients = tuple(transform[:6])
    return Manifest(
        raster=RasterRecord(
            name="scene.tif", size_bytes=1, mtime_ns=1, fingerprint="0" * 64,
            crs_wkt=None if crs is None else CRS.from_user_input(crs).to_wkt(),
            transform=coefficients, width=width, height=height, dtype="uint8", nodata=None,
        ),
        bands=(1, 2, 3),
        stretch=StretchRecord("none", (0, 0, 0), (255, 255, 255)),
        transform=coefficients,
        pyramid=Pyramid(width, height, levels or levels_to_fit(width, height)),
        model=ModelRecord(
            name="oracle", checkpoint_sha256="0" * 64, stability=None,
            feature_shapes=dict.fromkeys(FEATURE_NAMES, (1, 1, 3)),
        ),
        dtype="float32",
        producer={},
    )  # fmt: skip


class FakeCache:
    """All patches are present but for those in `states`."""

    def __init__(
        self, manifest: Manifest, states: Mapping[PatchId, PatchStatus] | None = None
    ) -> None:
        self.manifest = manifest
        self.path = Path("scene.tif.oracle.sam2.zarr")
        self.states = dict(states or {})
        self.committed_later: dict[PatchId, PatchStatus] = {}
        self.loads: list[PatchId] = []

    def state(self, patch: PatchId) -> PatchStatus:
        return self.states.get(patch, PatchStatus.PRESENT)

    def refresh(self) -> None:
        self.states.update(self.committed_later)

    def load(self, patch: PatchId) -> Features:
        self.loads.append(patch)
        window = self.manifest.pyramid.level(patch.level).window(patch.row, patch.col)
        told = np.array([[[patch.level, window.col_off, window.row_off]]], np.float32)
        return Features(told, told, told)

    def decoder_graphs(self) -> DecoderGraphs:
        raise AssertionError("the oracle needs no graphs")

    def keep_only(self, *patches: PatchId) -> None:
        """Everything else counts as not encoded."""
        self.states = {
            patch: PatchStatus.ABSENT
            for patch in self.manifest.pyramid.patches()
            if patch not in patches
        }
