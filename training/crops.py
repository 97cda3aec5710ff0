"""Batches of crops: turned, scaled and shifted windows of tiles, and the things in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional

from encoder_tool.model.spec import IMAGENET_MEAN
from encoder_tool.types import PATCH_SIZE
from training.augment import photograph
from training.store import TileStore
from training.tile import CLASSES, PARTS

_WANTED = {
    "building": 1.0, "field": 1.2, "water": 1.0, "road": 0.8, "tree": 0.5,
    "roof plane": 0.08, "lot": 0.1, "car": 0.15, "drive": 0.06, "pool": 0.3,
}  # fmt: skip
"""How often each class is asked for, beside its number."""

CLASS_WEIGHTS = np.array([0.0, *(_WANTED[name] for name in (*CLASSES, *PARTS))])

_EVENNESS = 0.75
"""1 asks for each class in a crop alike, however many things it has there; 0 for each thing."""

ORIGIN_STEP = 256
"""Crops lie on the canvas of the whole patch at multiples of the largest attention window."""

_SMALLEST_SCALE, _LARGEST_SCALE = 0.35, 2.5
_SMALLEST_EXTENT = 9.0
_SMALL_CROP = 256


@dataclass(frozen=True)
class CropBatch:
    """pictures: [B, 3, S, S] in 0..1; labels: int16 [B, 2, S, S]; classes: [B, most], of each
    label; fully_labelled: [B]; origin: (x, y) of all crops on the patch's canvas, pixels"""

    pictures: Tensor
    labels: Tensor
    classes: Tensor
    fully_labelled: Tensor
    origin: Tensor

    @property
    def size(self) -> int:
        return self.pictures.shape[-1]


@dataclass(frozen=True)
class Targets:
    """Things to be asked for, P in each of B crops, as rows b * P + p.

    masks: uint8 [B * P, S, S]; crop: [B * P], the row of its crop; boxes: [B * P, 4], tight
    (xmin, ymin, xmax, ymax) in pixels of the crop
    """

    masks: Tensor
    crop: Tensor
    boxes: Tensor


def draw_crops(
    stores: list[tuple[TileStore, float]], seed: tuple[int, int], crops: int, size: int
) -> CropBatch:
    """A batch from stores in the given shares; the same seed gives the same batch.

    Raises ValueError when there is no tile.
    """
    stores = [(store, share) for store, share in stores if store.count]
    if not stores:
        raise ValueError("There is no tile to draw crops from.")
    rng = np.random.default_rng(seed)
    choices = Generator().manual_seed(int(rng.integers(2**62)))
    device = stores[0][0].device
    noise = Generator(device).manual_seed(int(rng.integers(2**62)))
    shares = np.array([share for _, share in stores])
    counts = rng.multinomial(crops, shares / shares.sum())
    parts = [
        _cut(store, rng, int(count), size)
        for (store, _), count in zip(stores, counts, strict=True)
        if count
    ]
    most = max(part.classes.shape[1] for part in parts)
    donors = stores[-1][0]
    colours = donors.colours[torch.from_numpy(rng.integers(donors.count, size=crops)).to(device)]
    pictures = torch.cat([p.pictures for p in parts])
    # Where nothing is, a patch has the mean colour.
    empty = (pictures == 0).all(dim=1, keepdim=True)
    pictures = photograph(pictures, colours, choices, noise)
    pictures = torch.where(empty, pictures.new_tensor(IMAGENET_MEAN)[:, None, None], pictures)
    places = (PATCH_SIZE - size) // ORIGIN_STEP + 1
    origin = torch.tensor(rng.integers(places, size=2) * ORIGIN_STEP, dtype=torch.float32)
    return CropBatch(
        pictures,
        torch.cat([p.labels for p in parts]),
        torch.cat([functional.pad(p.classes, (0, most - p.classes.shape[1])) for p in parts]),
        torch.cat([p.fully_labelled for p in parts]),
        origin.to(device),
    )


def _cut(store: TileStore, rng: np.random.Generator, crops: int, size: int) -> CropBatch:
    picks = store.pick(rng, crops, CLASS_WEIGHTS)
    extent = picks.extent.numpy()
    # Large crops are there for large things: small ones are learnt on crops that cost less.
    smallest = _SMALLEST_EXTENT * max(1.0, size / _SMALL_CROP) ** 1.5
    wanted = np.exp(rng.uniform(math.log(smallest), math.log(0.85 * size), crops))
    scale = np.clip(wanted / extent, _SMALLEST_SCALE, _LARGEST_SCALE)
    scale = np.maximum(scale, size / store.size)
    # What the crop is about lies anywhere in it, mostly whole.
    room = np.maximum(size - 0.8 * scale * extent, 0.2 * size)
    offset = rng.uniform(-0.5, 0.5, (crops, 2)) * room[:, None] / scale[:, None]
    half = size / scale / 2
    centre = np.clip(picks.centre.numpy() + offset, half[:, None], store.size - half[:, None])
    turned = np.where(rng.random(crops) < 0.5, rng.uniform(0, 2 * math.pi, crops), 0)
    turned += rng.integers(4, size=crops) * math.pi / 2
    mirrored = np.where(rng.random(crops) < 0.5, -1.0, 1.0)
    grid = _grid(centre, scale, turned, mirrored, size, store.device)
    tile = picks.tile.to(store.device)
    return CropBatch(
        _pictures(store, tile, grid, torch.from_numpy(scale)),
        _labels(store, tile, grid),
        store.classes[tile],
        store.fully_labelled[tile],
        torch.zeros(2),
    )


def _grid(
    centre: np.ndarray, scale: np.ndarray, turned: np.ndarray, mirrored: np.ndarray, size: int,
    device: torch.device,
) -> Tensor:  # fmt: skip
    """Where in the tile each pixel's centre of each crop lies, [B, S, S, 2]."""
    steps = torch.arange(size, dtype=torch.float32, device=device) + 0.5 - size / 2
    y, x = torch.meshgrid(steps, steps, indexing="ij")
    local = torch.stack([x, y], dim=-1).reshape(1, -1, 2)
    c, s = np.cos(turned) / scale, np.sin(turned) / scale
    matrix = torch.tensor(
        np.stack([np.stack([mirrored * c, mirrored * s], -1), np.stack([-s, c], -1)], 1),
        dtype=torch.float32,
        device=device,
    )
    middle = torch.tensor(centre, dtype=torch.float32, device=device)[:, None]
    return (local @ matrix + middle).reshape(len(scale), size, size, 2)


def _pictures(store: TileStore, tile: Tensor, grid: Tensor, scale: Tensor) -> Tensor:
    """Bilinear; what shrinks much is taken from the half-size picture, so that it aliases no
    more than a camera does."""
    shrinks = (scale < 0.7).to(store.device)
    found = torch.empty((*grid.shape[:3], 3), device=store.device)
    for rows, source, share in ((~shrinks, store.images, 1.0), (shrinks, store.halves, 0.5)):
        found[rows] = _bilinear(source, tile[rows], share * grid[rows] - 0.5)
    return found.permute(0, 3, 1, 2) / 255


def _bilinear(source: Tensor, tile: Tensor, grid: Tensor) -> Tensor:
    """Values of source [N, T, T, 3] at grid [B, S, S, 2], pixel centres being whole numbers;
    black beyond. (`grid_sample` would want whole tiles as floats.)"""
    limit = source.shape[1] - 1
    low = torch.floor(grid)
    share, low = grid - low, low.long()
    total: Tensor = torch.zeros((*grid.shape[:3], 3), device=source.device)
    for right in (0, 1):
        for down in (0, 1):
            col, row = low[..., 0] + right, low[..., 1] + down
            within = (col >= 0) & (row >= 0) & (col <= limit) & (row <= limit)
            weight = (share[..., 0] if right else 1 - share[..., 0]) * (
                share[..., 1] if down else 1 - share[..., 1]
            )
            values = source[tile[:, None, None], row.clamp(0, limit), col.clamp(0, limit)]
            total += (weight * within)[..., None] * values
    return total


def _labels(store: TileStore, tile: Tensor, grid: Tensor) -> Tensor:
    """Nearest; nothing beyond the tile."""
    cols, rows = torch.floor(grid).long().unbind(-1)
    beyond = (cols < 0) | (rows < 0) | (cols >= store.size) | (rows >= store.size)
    limit = store.size - 1
    taken = store.labels[tile[:, None, None], :, rows.clamp(0, limit), cols.clamp(0, limit)]
    return taken.masked_fill(beyond[..., None], 0).permute(0, 3, 1, 2)


def draw_targets(batch: CropBatch, seed: tuple[int, int], each: int, least_px: int) -> Targets:
    """`each` visible things per crop, by class and size; a crop without any asks for nothing:
    its rows have empty masks.

    least_px: things of which less is visible are not asked for
    """
    crops, most = len(batch.labels), batch.classes.shape[1]
    device = batch.labels.device
    flat = batch.labels.reshape(crops, -1).long()
    offsets = torch.arange(crops, device=device)[:, None] * most
    area = torch.bincount((flat + offsets).reshape(-1), minlength=crops * most)
    area = area.reshape(crops, most).float()
    kinds = batch.classes.long()
    wanted = torch.tensor(CLASS_WEIGHTS, dtype=torch.float32, device=device)[kinds]
    visible = (area >= least_px).float()
    visible[:, 0] = 0
    alike = visible.new_zeros((crops, len(CLASS_WEIGHTS))).scatter_add_(1, kinds, visible)
    # Three fields among three hundred houses are asked for too.
    rarity = alike.gather(1, kinds).clamp_min(1) ** -_EVENNESS
    weights = visible * wanted * rarity * area.clamp(1, 1e5) ** 0.2
    empty = weights.sum(dim=1) == 0
    # The label that no pixel has gives an empty mask.
    weights[empty, 0] = 1
    cpu = Generator().manual_seed(int(np.random.default_rng((*seed, 1)).integers(2**62)))
    drawn = torch.multinomial(weights.cpu(), each, replacement=True, generator=cpu).to(device)
    rows = torch.arange(crops, device=device).repeat_interleave(each)
    numbers = drawn.reshape(-1)
    masks = (batch.labels[rows] == numbers[:, None, None, None].to(torch.int16)).any(dim=1)
    masks &= (numbers > 0)[:, None, None]
    return Targets(masks.to(torch.uint8), rows, tight_boxes(masks))


def tight_boxes(masks: Tensor) -> Tensor:
    """[N, 4] of masks [N, S, S]: the edges of what is set; zeros for an empty mask."""
    sides = []
    for axis in (1, 2):
        hit = masks.to(torch.uint8).amax(dim=axis) > 0
        size = hit.shape[1]
        low = hit.int().argmax(dim=1)
        high = size - hit.flip(1).int().argmax(dim=1)
        none = ~hit.any(dim=1)
        sides.append((low.masked_fill(none, 0), high.masked_fill(none, 0)))
    (xmin, xmax), (ymin, ymax) = sides
    return torch.stack([xmin, ymin, xmax, ymax], dim=1).float()
