"""The procedural scene: repeatable, its truth valid, disjoint and exactly where it is painted."""

from __future__ import annotations

import hashlib
from collections import Counter

import cv2
import numpy as np
import pytest
import shapely

from encoder_tool.errors import UsageError
from encoder_tool.scene import CLASSES, Scene, make_scene
from encoder_tool.scene.canvas import coverage
from encoder_tool.scene.geometry import area, centroid, clip_to_canvas, rectangle, turn


def digest(scene: Scene) -> str:
    found = hashlib.sha256(scene.image.tobytes())
    for item in scene.objects:
        found.update(item.class_name.encode())
        for ring in (item.exterior, *item.holes):
            found.update(ring.tobytes())
    return found.hexdigest()


def polygons(scene: Scene) -> np.ndarray:
    return np.array([shapely.Polygon(o.exterior, o.holes) for o in scene.objects])


@pytest.fixture(scope="module")
def scene() -> Scene:
    return make_scene(1024, seed=4)


def test_the_same_seed_gives_the_same_scene_whatever_the_threads():
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = digest(make_scene(512, seed=11))
        cv2.setNumThreads(4)
        together = digest(make_scene(512, seed=11))
    finally:
        cv2.setNumThreads(threads)
    assert alone == together
    assert digest(make_scene(512, seed=12)) != alone


def test_truth_is_valid_within_the_picture_and_disjoint(scene: Scene):
    truth = polygons(scene)
    assert shapely.is_valid(truth).all()
    assert all(item.class_name in CLASSES for item in scene.objects)
    xmin, ymin, xmax, ymax = shapely.total_bounds(truth)
    assert min(xmin, ymin) >= 0 and max(xmax, ymax) <= 1024
    one, other = shapely.STRtree(truth).query(truth, "intersects")
    pairs = one < other
    overlap = shapely.area(shapely.intersection(truth[one[pairs]], truth[other[pairs]]))
    # Roads abut along bent edges whose vertices differ: slivers, no more.
    assert overlap.max(initial=0) < 0.1


@pytest.fixture(scope="module")
def town() -> Scene:
    return make_scene(2048, seed=0)


def test_a_full_scene_holds_what_a_town_at_a_third_of_a_metre_holds(town: Scene):
    scene = town
    assert scene.image.shape == (2048, 2048, 3) and scene.image.dtype == np.uint8
    counts = Counter(item.class_name for item in scene.objects)
    assert 130 <= counts["building"] <= 400
    assert counts["field"] >= 15 and counts["tree"] >= 300
    assert counts["water"] >= 2 and counts["road"] >= 10
    buildings = [o for o in scene.objects if o.class_name == "building"]
    sides_m = [0.3 * max(np.ptp(o.exterior, axis=0)) for o in buildings]
    assert 8 <= np.median(sides_m) <= 25 and max(sides_m) <= 75


def test_courtyards_are_holes(town: Scene):
    holed = [item for item in town.objects if item.holes]
    assert holed
    for item in holed:
        polygon = shapely.Polygon(item.exterior, item.holes)
        assert polygon.is_valid
        assert item.class_name == "building"
        assert polygon.area < 0.95 * shapely.Polygon(item.exterior).area


def test_objects_look_unlike_what_is_around_them(scene: Scene):
    """A truth shifted or mirrored would not: fields differ in colour from their surroundings."""
    checked = 0
    for item in scene.objects:
        inner = shapely.Polygon(item.exterior).buffer(-2)
        if item.class_name != "water" or inner.area < 200:
            continue
        inside = mask_of(inner)
        around = mask_of(inner.buffer(12)) & ~mask_of(inner.buffer(5))
        blueness = scene.image[..., 2].astype(float) - scene.image[..., 0]
        assert blueness[inside].mean() > blueness[around].mean() + 10
        checked += 1
    assert checked


def mask_of(polygon: shapely.Polygon) -> np.ndarray:
    mask = np.zeros((1024, 1024), np.uint8)
    cv2.fillPoly(mask, [np.rint(shapely.get_coordinates(polygon)).astype(np.int32)], 1)
    return mask.astype(bool)


@pytest.mark.parametrize("angle", [0.0, 0.3, 1.2, 2.9])
def test_coverage_lies_where_the_polygon_does(angle: float):
    ring = turn(rectangle(23.4, 11.7), angle) + np.array([60.27, 48.61])
    hole = turn(rectangle(9.1, 4.2), angle) + np.array([62.0, 48.0])
    stencil = coverage([ring, hole], (100, 120))
    assert stencil is not None
    x, y = stencil.pixel_centres()
    total = stencil.alpha.sum(dtype=np.float64)
    truth = shapely.Polygon(ring, [hole])
    assert total == pytest.approx(truth.area, abs=1e-3)
    assert (stencil.alpha * x).sum() / total == pytest.approx(truth.centroid.x, abs=0.005)
    assert (stencil.alpha * y).sum() / total == pytest.approx(truth.centroid.y, abs=0.005)


def test_coverage_is_exact_at_single_pixels_and_at_the_border():
    half_pixel = np.array([[3.5, 2.0], [4.0, 2.0], [4.0, 3.0], [3.5, 3.0]])
    stencil = coverage([half_pixel], (8, 8))
    assert stencil is not None and stencil.alpha.tolist() == [[0.5]]
    assert (stencil.cols.start, stencil.rows.start) == (3, 2)
    beyond = np.array([[-5.0, -5.0], [2.25, -5.0], [2.25, 20.0], [-5.0, 20.0]])
    cut = coverage([beyond], (8, 8))
    assert cut is not None and cut.alpha.shape == (8, 3)
    assert np.allclose(cut.alpha, [[1, 1, 0.25]])
    assert coverage([half_pixel + 50], (8, 8)) is None


def test_painted_buildings_lie_where_the_truth_says():
    """In the picture itself, lens and light included: the gradient along roofs' long edges
    peaks on the truth's edges, without a shift in any direction."""
    offsets = []
    for seed in (4, 5):
        scene = make_scene(1024, seed)
        grey = cv2.cvtColor(scene.image, cv2.COLOR_RGB2GRAY).astype(np.float32)
        for item in scene.objects:
            if item.class_name == "field":
                offsets += edge_offsets(grey, item.exterior)
    offsets = np.array(offsets)
    assert len(offsets) > 300
    assert abs(np.median(offsets)) < 0.1


def edge_offsets(grey: np.ndarray, ring: np.ndarray) -> list[float]:
    """Where, along the outward normal of each edge, the brightness changes half way."""
    sign = 1 if shapely.LinearRing(ring).is_ccw else -1
    found = []
    reach = np.linspace(-4, 4, 33)
    for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        length = np.hypot(*(end - start))
        middle = (start + end) / 2
        if length < 4 or min(middle) < 8 or max(middle) > 1016:
            continue
        outward = sign * np.array([(end - start)[1], -(end - start)[0]]) / length
        steps = np.linspace(0.1, 0.9, 12)[:, None, None] * (end - start)
        points = start + steps + reach[None, :, None] * outward - 0.5
        profile = cv2.remap(
            grey, points[..., 0].astype(np.float32), points[..., 1].astype(np.float32),
            cv2.INTER_LINEAR,
        ).mean(axis=0)  # fmt: skip
        inside, outside = profile[:8].mean(), profile[-8:].mean()
        if abs(outside - inside) < 25:
            continue
        share = (profile - inside) / (outside - inside)
        crossing = np.flatnonzero((share[:-1] < 0.5) & (share[1:] >= 0.5))
        if len(crossing) == 1:
            i = crossing[0]
            found.append(reach[i] + (0.5 - share[i]) / (share[i + 1] - share[i]) * 0.25)
    return found


def test_clipping_a_bent_ring_gives_all_its_parts():
    u_shape = np.array(
        [[-5, 1], [10, 1], [10, 4], [-3, 4], [-3, 7], [10, 7], [10, 10], [-5, 10]], float
    )
    for ring in (u_shape, u_shape[::-1]):
        parts = clip_to_canvas(ring, 20, 20)
        assert sorted(area(part) for part in parts) == [30, 30]
        want = shapely.Polygon(ring).intersection(shapely.box(0, 0, 20, 20))
        assert shapely.MultiPolygon([shapely.Polygon(p) for p in parts]).equals(want)


def test_centroid_is_that_of_the_area():
    ring = np.array([[100, 200], [110, 200], [110, 204], [104, 204], [104, 220], [100, 220]], float)
    want = shapely.Polygon(ring).centroid
    assert centroid(ring) == pytest.approx([want.x, want.y])


@pytest.mark.parametrize(("size", "gsd"), [(64, 0.3), (256, 0.05), (300, 1.0), (256, 2.0)])
def test_other_sizes_and_resolutions_work(size: int, gsd: float):
    scene = make_scene(size, seed=3, gsd_m=gsd)
    assert scene.image.shape == (size, size, 3)
    assert scene.image.std() > 5
    assert shapely.is_valid(polygons(scene)).all()


@pytest.mark.parametrize(("size", "gsd"), [(32, 0.3), (256, 0.0), (256, float("nan"))])
def test_impossible_scenes_are_refused(size: int, gsd: float):
    with pytest.raises(UsageError):
        make_scene(size, gsd_m=gsd)


@pytest.fixture(scope="module")
def crowded() -> Scene:
    return make_scene(1024, seed=2, gsd_m=0.3, crowded=True)


def test_a_crowded_scene_has_many_small_roofs_that_do_not_overlap(crowded: Scene):
    truth = polygons(crowded)
    assert shapely.is_valid(truth).all()
    one, other = shapely.STRtree(truth).query(truth, "intersects")
    pairs = one < other
    overlap = shapely.area(shapely.intersection(truth[one[pairs]], truth[other[pairs]]))
    assert overlap.max(initial=0) < 0.1
    roofs = [
        t.area * 0.09
        for t, o in zip(truth, crowded.objects, strict=True)
        if o.class_name == "building"
    ]
    plain = make_scene(1024, seed=2, gsd_m=0.3)
    assert len(roofs) > 2 * sum(o.class_name == "building" for o in plain.objects)
    assert 15 < np.median(roofs) < 80


def test_parts_lie_where_their_names_say(crowded: Scene, town: Scene):
    parts = [item for scene in (crowded, town) for item in scene.parts]
    assert {"roof plane", "lot", "car", "drive"} <= {item.class_name for item in parts}
    buildings = shapely.union_all([p for s in (crowded, town) for p in roofs_of(s)])
    planes = [p for s in (crowded, town) for p in named(s, "roof plane")]
    # A plane is cut at the picture's border as its roof is, and covers half of it.
    assert all(p.difference(buildings.buffer(0.01)).area < 0.02 * p.area for p in planes)
    lots = shapely.union_all(named(town, "lot"))
    housed = sum(roof.intersection(lots).area for roof in roofs_of(town))
    assert housed > 0.5 * sum(roof.area for roof in roofs_of(town))


def roofs_of(scene: Scene) -> list[shapely.Polygon]:
    return [
        shapely.Polygon(o.exterior, o.holes) for o in scene.objects if o.class_name == "building"
    ]


def named(scene: Scene, name: str) -> list[shapely.Polygon]:
    return [shapely.Polygon(o.exterior) for o in scene.parts if o.class_name == name]
