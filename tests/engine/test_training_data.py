"""What training learns from: the same by seed, aligned, and never what is held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely
import torch
from affine import Affine

from benchmarks.accuracy import FIRST_SEED
from encoder_tool.scene import SceneObject
from encoder_tool.scene.geometry import rectangle, turn
from training import crops as crops_module
from training.countryside import countryside_tile
from training.crops import CropBatch, draw_crops, draw_targets, tight_boxes
from training.pack import Site, read_pack, site_tiles, write_pack
from training.prepare import prepare
from training.scenes import HELD_OUT_SEEDS, SceneFolder, scene_tile
from training.store import Stores, TileStore
from training.tile import CLASSES, OBJECT_LAYER, Tile, label_tile, read_tile, write_tile

CPU = torch.device("cpu")
RED = (200, 30, 30)


@pytest.fixture(scope="module")
def tile() -> Tile:
    return scene_tile(3, size=512)


def moved(ring: np.ndarray, x: float, y: float) -> np.ndarray:
    return ring + np.array([x, y])


def red_tile(size: int = 512) -> Tile:
    """Red buildings of many sizes on black: colour and label say the same."""
    rng = np.random.default_rng(2)
    image, objects = np.zeros((size, size, 3), np.uint8), []
    for row in range(4):
        for col in range(4):
            ring = turn(rectangle(*rng.uniform(12, 45, 2)), rng.uniform(0, 3))
            objects.append(SceneObject("building", moved(ring, 64 + 128 * col, 64 + 128 * row)))
    made = label_tile(image, objects, fully_labelled=True)
    image[made.labels[OBJECT_LAYER] > 0] = RED
    return made


def stored(*tiles: Tile) -> TileStore:
    store = TileStore(len(tiles), CPU, tiles[0].image.shape[0])
    for item in tiles:
        store.add(item)
    return store


def test_a_seed_gives_one_scene(tile: Tile) -> None:
    again = scene_tile(3, size=512)
    np.testing.assert_array_equal(tile.image, again.image)
    np.testing.assert_array_equal(tile.labels, again.labels)
    assert not np.array_equal(scene_tile(4, size=512).image, tile.image)


def test_countryside_has_things_that_fill_much_of_a_tile_each_of_its_own_colour() -> None:
    shares, differences = [], []
    for seed in range(12):
        tile = countryside_tile(seed, 256)
        names = {CLASSES[number - 1] for number in tile.classes[1:]}
        assert names <= {"field", "water", "road"}
        shares.append(tile.things[:, 2].max() / 256)
        for number in range(1, len(tile.classes)):
            inside = tile.labels[OBJECT_LAYER] == number
            if inside.sum() > 400:
                differences.append(tile.image[inside].std(axis=0).mean())
    assert np.mean(shares) > 0.4
    # One material: far less varied than the whole picture.
    assert np.median(differences) < 0.6 * tile.image.std()


def test_a_third_of_the_scenes_is_countryside() -> None:
    """The others hold the buildings; both kinds are the same for a seed in every run."""
    tiles = [scene_tile(seed, size=256) for seed in range(24)]
    towns = [tile for tile in tiles if (tile.classes == 1 + CLASSES.index("building")).any()]
    assert 10 <= len(towns) <= 20


def test_large_crops_alone_are_of_countryside() -> None:
    stores = Stores(*(TileStore(2, CPU, 256) for _ in range(3)), 0.3, 0.25)
    countryside = countryside_tile(1, 256)
    stores.add_scene(red_tile(256))
    stores.add_scene(countryside)
    stores.real.add(red_tile(256))
    assert (stores.towns.count, stores.countryside.count, stores.scenes) == (1, 1, 2)
    assert stores.shares(256) == [(stores.towns, 0.7), (stores.real, 0.3)]
    shares = stores.shares(512)
    assert [share for _, share in shares] == pytest.approx([0.45, 0.25, 0.3])
    assert shares[1][0] is stores.countryside
    np.testing.assert_array_equal(stores.countryside.images[0].numpy(), countryside.image)


def test_a_tile_survives_its_file(tmp_path: Path, tile: Tile) -> None:
    write_tile(tmp_path / "tile.npz", tile)
    back = read_tile(tmp_path / "tile.npz")
    for name in ("image", "labels", "classes", "things"):
        np.testing.assert_array_equal(getattr(back, name), getattr(tile, name))
    assert back.fully_labelled is True
    assert [path.name for path in tmp_path.iterdir()] == ["tile.npz"]


def test_scenes_are_made_by_processes_and_read_in_the_order_of_seeds(tmp_path: Path) -> None:
    folder = SceneFolder(tmp_path, 3, first_seed=7, size=128)
    folder.start(processes=2)
    try:
        tiles = [folder.wait() for _ in range(3)]
    finally:
        folder.stop()
    assert folder.is_exhausted and folder.take() is None
    for seed, made in zip((7, 8, 9), tiles, strict=True):
        np.testing.assert_array_equal(made.image, scene_tile(seed, 128).image)


def test_training_never_reaches_what_is_judged_by(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="held out"):
        SceneFolder(tmp_path, 10, first_seed=HELD_OUT_SEEDS - 5)
    assert FIRST_SEED > HELD_OUT_SEEDS + 10_000


def test_a_batch_depends_on_its_seed_alone(tile: Tile) -> None:
    store = stored(tile, red_tile())
    one, same, other = (
        draw_crops([(store, 1.0)], seed, 3, 256) for seed in ((0, 5), (0, 5), (0, 6))
    )
    assert torch.equal(one.pictures, same.pictures) and torch.equal(one.labels, same.labels)
    assert not torch.equal(one.pictures, other.pictures)
    assert float(one.pictures.min()) >= 0 and float(one.pictures.max()) <= 1
    targets = [draw_targets(batch, (0, 5), 4, 40).masks for batch in (one, same)]
    assert torch.equal(*targets)


def test_pictures_and_labels_are_turned_and_scaled_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crops_module, "photograph", lambda pictures, *_: pictures)
    batch = draw_crops([(stored(red_tile()), 1.0)], (0, 1), 8, 256)
    # What is black is taken for nothing there, and has the mean colour.
    red = batch.pictures[:, 0] - batch.pictures[:, 1] > 0.5 * (RED[0] - RED[1]) / 255
    labelled = batch.labels[:, OBJECT_LAYER] > 0
    assert labelled.float().mean() > 0.02
    # Bilinear and nearest round an edge differently, by half a pixel at most.
    assert (red != labelled).float().mean() < 0.02
    shifts = {}
    for dx in (-1, 0, 1):
        rolled = torch.roll(labelled, dx, dims=2)
        shifts[dx] = float((red != rolled).float().mean())
    assert shifts[0] < 0.6 * min(shifts[-1], shifts[1])


def test_targets_are_whole_things_with_their_boxes(tile: Tile) -> None:
    batch = draw_crops([(stored(tile), 1.0)], (0, 3), 4, 256)
    targets = draw_targets(batch, (0, 3), 6, 40)
    assert targets.masks.shape == (24, 256, 256)
    assert targets.crop.tolist() == [crop for crop in range(4) for _ in range(6)]
    for mask, crop, box in zip(targets.masks, targets.crop, targets.boxes, strict=True):
        if not mask.any():
            continue
        numbers = [
            set(layer[mask > 0].tolist()) for layer in batch.labels[crop] if (layer[mask > 0]).any()
        ]
        assert any(len(values) == 1 for values in numbers)
        rows, cols = torch.nonzero(mask, as_tuple=True)
        assert box.tolist() == [cols.min(), rows.min(), cols.max() + 1, rows.max() + 1]


def test_a_crop_without_things_asks_for_nothing() -> None:
    empty = CropBatch(
        torch.zeros(1, 3, 256, 256),
        torch.zeros(1, 2, 256, 256, dtype=torch.int16),
        torch.zeros(1, 4, dtype=torch.uint8),
        torch.ones(1, dtype=torch.bool),
        torch.zeros(2),
    )
    targets = draw_targets(empty, (0, 0), 3, 40)
    assert not targets.masks.any() and not targets.boxes.any()
    assert tight_boxes(torch.zeros(1, 8, 8)).tolist() == [[0, 0, 0, 0]]


def site(size: int = 300) -> Site:
    outer, inner = moved(rectangle(40, 30), 120, 100), moved(rectangle(10, 8), 120, 100)
    image = np.full((size, size, 3), 90, np.uint8)
    return Site("made_0", image, [[outer, inner], [moved(rectangle(12, 12), 250, 250)]])


def test_a_pack_brings_back_pictures_and_polygons(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack.npz", [site(), site(64)], "ours")
    first, second = read_pack(tmp_path / "pack.npz")
    assert (first.image.shape, second.image.shape) == ((300, 300, 3), (64, 64, 3))
    assert np.abs(first.image.astype(int) - 90).max() <= 2
    for ours, theirs in zip(site().buildings, first.buildings, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other)
    (tile,) = site_tiles(first)
    assert tile.labels[OBJECT_LAYER, 100, 90] == 1
    assert tile.labels[OBJECT_LAYER, 100, 120] == 0  # the courtyard
    assert (tile.labels[OBJECT_LAYER] == 1).sum() == 80 * 60 - 20 * 16
    assert not tile.fully_labelled and not tile.image[300:].any()


def write_site(folder: Path, name: str) -> None:
    """A raster of half a metre, and a footprint on it in another CRS."""
    transform = Affine(0.5, 0, 500_000, 0, -0.5, 4_650_000)
    profile = {"driver": "GTiff", "width": 200, "height": 100, "count": 3, "dtype": "uint8"}
    with rasterio.open(
        folder / f"{name}_0.tif", "w", crs="EPSG:32633", transform=transform, **profile
    ) as raster:
        raster.write(np.full((3, 100, 200), 70, np.uint8))
    footprint = shapely.box(500_010, 4_649_970, 500_030, 4_649_990)
    degrees = shapely.transform(footprint, _to_degrees)
    pyogrio.raw.write(
        folder / f"{name}.geojson", geometry=shapely.to_wkb(np.array([degrees], dtype=object)),
        field_data=[], fields=[], geometry_type="Polygon", crs="EPSG:4326", driver="GeoJSON",
    )  # fmt: skip


def _to_degrees(points: np.ndarray) -> np.ndarray:
    from encoder_tool.crs import transform_points

    return transform_points(points, "EPSG:32633", "EPSG:4326")


def test_real_imagery_is_packed_where_it_lies(tmp_path: Path) -> None:
    write_site(tmp_path, "village")
    (packed,) = prepare(tmp_path, ["village"], tmp_path / "pack.npz", "ours")
    ((ring,),) = packed.buildings
    assert packed.name == "village_0"
    np.testing.assert_allclose(ring.min(axis=0), (20, 20), atol=0.01)
    np.testing.assert_allclose(ring.max(axis=0), (60, 60), atol=0.01)


def test_a_site_for_validation_is_never_packed(tmp_path: Path) -> None:
    write_site(tmp_path, "catanduanes")
    with pytest.raises(ValueError, match="validation only"):
        prepare(tmp_path, ["catanduanes"], tmp_path / "pack.npz", "ours")
    with pytest.raises(ValueError, match=r"no nowhere_\*\.tif"):
        prepare(tmp_path, ["nowhere"], tmp_path / "pack.npz", "ours")
    assert not (tmp_path / "pack.npz").exists()
