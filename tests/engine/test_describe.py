"""The outline of what is encoded: one shape, whatever is done, and wherever the raster lies."""

import base64

import numpy as np
import pytest
import shapely
from affine import Affine

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.worker.describe import describe_coverage, describe_patches
from tests.support.fake_cache import UTM_AFFINE, make_manifest


class Encoded:
    """As much of a cache as is described: 3 rows of 4 patches at level 0, the last ones shifted
    inward."""

    def __init__(self, done: np.ndarray, transform: Affine = UTM_AFFINE) -> None:
        self.manifest = make_manifest(transform=transform)
        self.pyramid = self.manifest.pyramid
        self._done = done

    def presence(self, level: int) -> np.ndarray:
        grid = self.pyramid.level(level)
        shape = len(grid.row_origins), len(grid.col_origins)
        return self._done if level == 0 else np.full(shape, PatchStatus.ABSENT)


def outline(wkb: str) -> shapely.Geometry:
    return shapely.from_wkb(base64.b64decode(wkb))


@pytest.mark.parametrize("transform", [UTM_AFFINE, UTM_AFFINE @ Affine.rotation(33)])
@pytest.mark.parametrize("seed", range(12))
def test_coverage_is_the_union_of_the_patches(seed: int, transform: Affine) -> None:
    rng = np.random.default_rng(seed)
    done = rng.choice([PatchStatus.ABSENT, PatchStatus.PRESENT, PatchStatus.EMPTY], (3, 4))
    cache = Encoded(done, transform)
    patches = shapely.union_all([outline(patch["wkb"]) for patch in describe_patches(cache)])
    coverage = outline(describe_coverage(cache))
    assert coverage.is_valid
    assert coverage.symmetric_difference(patches).area < 1e-6 * patches.area


def test_neighbours_have_no_seam() -> None:
    whole = outline(describe_coverage(Encoded(np.full((3, 4), PatchStatus.PRESENT))))
    assert whole.geom_type == "Polygon"
    assert whole.area == pytest.approx(3000 * 2500 * 0.3**2)
    apart = np.full((3, 4), PatchStatus.ABSENT)
    apart[0, 0] = apart[2, 3] = PatchStatus.PRESENT
    assert outline(describe_coverage(Encoded(apart))).geom_type == "MultiPolygon"


def test_nothing_is_encoded_yet() -> None:
    assert outline(describe_coverage(Encoded(np.full((3, 4), PatchStatus.ABSENT)))).is_empty
