"""Tiles as tensors on the training device, and where in them there is something to look at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from training.tile import CLASSES, TILE_SIZE, Tile


@dataclass(frozen=True)
class Picks:
    """Crops to take, one row each: which tile, around which point, and how large the thing is
    that the crop is about (pixels of the tile)."""

    tile: Tensor
    centre: Tensor
    extent: Tensor


LARGE_CROP = 512
"""Crops from this size on are there for large things."""


@dataclass(frozen=True)
class Stores:
    """What crops are drawn from; each may be empty.

    real_share, countryside_share: of crops; of countryside only of large ones
    """

    towns: TileStore
    countryside: TileStore
    real: TileStore
    real_share: float
    countryside_share: float

    @property
    def scenes(self) -> int:
        return self.towns.count + self.countryside.count

    def add_scene(self, tile: Tile) -> None:
        """Countryside is what has no building."""
        has_building = bool((tile.classes == 1 + CLASSES.index("building")).any())
        (self.towns if has_building else self.countryside).add(tile)

    def shares(self, crop_size: int) -> list[tuple[TileStore, float]]:
        """Of crops of a size, from the stores that have something."""
        countryside = self.countryside_share if crop_size >= LARGE_CROP else 0.0
        shares = [
            (self.towns, 1.0 - self.real_share - countryside), (self.countryside, countryside),
            (self.real, self.real_share),
        ]  # fmt: skip
        return [(store, share) for store, share in shares if store.count and share > 0]


class TileStore:
    """At most `capacity` tiles; further ones replace the oldest.

    images: uint8 [N, T, T, 3]; halves: the same at half the size, for crops that shrink;
    labels: int16 [N, 2, T, T]; classes: uint8 [N, most], of each label;
    colours: [N, 2, 3], mean and standard deviation of each channel, 0..1
    """

    def __init__(self, capacity: int, device: torch.device, size: int = TILE_SIZE) -> None:
        self.device = device
        self.size = size
        self.images = torch.empty((capacity, size, size, 3), dtype=torch.uint8, device=device)
        self.halves = torch.empty(
            (capacity, size // 2, size // 2, 3), dtype=torch.uint8, device=device
        )
        self.labels = torch.empty((capacity, 2, size, size), dtype=torch.int16, device=device)
        self.classes = torch.zeros((capacity, 64), dtype=torch.uint8, device=device)
        self.fully_labelled = torch.zeros(capacity, dtype=torch.bool, device=device)
        self.colours = torch.zeros((capacity, 2, 3), device=device)
        self._objects: list[np.ndarray | None] = [None] * capacity
        self._next = 0
        self.count = 0

    def add(self, tile: Tile) -> None:
        """Raises ValueError for a tile of another size."""
        if tile.image.shape[:2] != (self.size, self.size):
            raise ValueError(f"A tile of {self.size} pixels is wanted, not {tile.image.shape}.")
        slot = self._next
        half = cv2.resize(tile.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        self.images[slot].copy_(torch.from_numpy(tile.image))
        self.halves[slot].copy_(torch.from_numpy(half))
        self.labels[slot].copy_(torch.from_numpy(tile.labels))
        if len(tile.classes) > self.classes.shape[1]:
            grown = self.classes.new_zeros((len(self.classes), 2 * len(tile.classes)))
            grown[:, : self.classes.shape[1]] = self.classes
            self.classes = grown
        self.classes[slot] = 0
        self.classes[slot, : len(tile.classes)].copy_(torch.from_numpy(tile.classes))
        self.fully_labelled[slot] = tile.fully_labelled
        seen = tile.image[tile.image.any(axis=2)].astype(np.float32) / 255
        self.colours[slot].copy_(torch.from_numpy(np.stack([seen.mean(0), seen.std(0)])))
        self._objects[slot] = tile.things
        self._next = (slot + 1) % len(self._objects)
        self.count = min(self.count + 1, len(self._objects))

    def pick(self, rng: np.random.Generator, crops: int, weights: np.ndarray) -> Picks:
        """Crops around things drawn evenly over the logarithm of their size, from tiles that
        hold many rather than few.

        weights: [classes], how much each class is wanted
        """
        things = [0 if found is None else len(found) for found in self._objects[: self.count]]
        wanted = np.sqrt(np.array(things) + 1.0)
        tiles = rng.choice(self.count, size=crops, p=wanted / wanted.sum())
        rows = []
        for tile in tiles:
            objects = self._objects[tile]
            if objects is None or not len(objects):
                rows.append((self.size / 2, self.size / 2, self.size / 4))
                continue
            share = weights[objects[:, 3].astype(int)] * objects[:, 2] ** 0.25
            rows.append(tuple(objects[rng.choice(len(objects), p=share / share.sum()), :3]))
        places = torch.tensor(rows, dtype=torch.float32)
        return Picks(torch.from_numpy(tiles), places[:, :2], places[:, 2])
