"""Finding damage: every committed chunk is there and ends in its checksum."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from encoder_tool.cache import layout
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError
from encoder_tool.types import PatchId

if TYPE_CHECKING:
    from encoder_tool.cache.store import FeatureCache

CheckCallback = Callable[[int, int], None]
"""Called with (patches checked, patches in all)."""


class DamageKind(Enum):
    MISSING = "missing"
    CHECKSUM = "checksum"
    UNREADABLE = "unreadable"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Damage:
    """One array, or one chunk of it, that cannot be relied on.

    `array` is its path inside the cache; `patch` is None when it is not a patch's: a level's
    `present` flags, an array's metadata, or a decoder graph.
    """

    kind: DamageKind
    array: str
    patch: PatchId | None = None

    def __str__(self) -> str:
        where = f"{self.array}, patch {self.patch.row}, {self.patch.col}" if self.patch else (
            self.array
        )  # fmt: skip
        return f"{where}: {_WORDS[self.kind]}"

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "array": self.array,
            "patch": list(self.patch) if self.patch else None,
        }


_WORDS = {
    DamageKind.MISSING: "the chunk is missing",
    DamageKind.CHECKSUM: "the checksum fails",
    DamageKind.UNREADABLE: "the chunk cannot be read",
    DamageKind.METADATA: "the array's description is damaged",
}


def find_damage(
    cache: FeatureCache,
    on_progress: CheckCallback | None = None,
    thorough: Container[PatchId] | None = None,
) -> list[Damage]:
    """Check array metadata, `present` flags, every present patch's chunks and the decoder.

    thorough: the patches whose checksums are checked; of others only that the chunks exist.
        None for all of them. Checksums are over compressed bytes, so they are checked at the
        speed of the disk; of a large cache that is minutes.
    """
    found = [
        Damage(DamageKind.METADATA, array)
        for array, shape, dtype in layout.expected_arrays(cache.manifest)
        if not layout.has_metadata(cache.path, array, shape, dtype)
    ]
    broken = {damage.array for damage in found}
    patches: list[PatchId] = []
    for level in range(cache.pyramid.levels):
        array = layout.present_array(level)
        if array in broken:
            continue
        try:
            patches += present_patches(cache, level)
        except CacheDamagedError:
            lost = not layout.present_file(cache.path, level).exists()
            found.append(Damage(DamageKind.MISSING if lost else DamageKind.CHECKSUM, array))
    for done, patch in enumerate(patches, start=1):
        checksums = thorough is None or patch in thorough
        found += check_patch(cache, patch, checksums=checksums)
        if on_progress is not None:
            on_progress(done, len(patches))
    return found + list(_check_decoder(cache))


def present_patches(cache: FeatureCache, level: int) -> list[PatchId]:
    """The patches of a level that have data, row by row; raises CacheDamagedError."""
    rows, cols = np.nonzero(cache.presence(level) == PatchStatus.PRESENT)
    return [PatchId(level, int(r), int(c)) for r, c in zip(rows, cols, strict=True)]


def sound_patches(cache: FeatureCache, level: int) -> Iterator[PatchId]:
    """The patches of a level whose chunks are all there and sound, whatever is flagged."""
    for patch in cache.pyramid.level(level).patches():
        if next(check_patch(cache, patch), None) is None:
            yield patch


def damaged_flags(damage: Iterable[Damage]) -> list[int]:
    """The levels whose `present` flags are among the damage."""
    arrays = {d.array for d in damage if d.array.endswith(f"/{layout.PRESENT}")}
    return sorted(int(array.split("/")[1]) for array in arrays)


def damages_decoder(damage: Iterable[Damage]) -> bool:
    """Whether one of the decoder's graphs is among the damage."""
    graphs = {layout.graph_array(name) for name in layout.GRAPH_NAMES}
    return any(d.array in graphs for d in damage)


def check_patch(
    cache: FeatureCache, patch: PatchId, *, checksums: bool = True
) -> Iterator[Damage]:  # fmt: skip
    """The damage of one patch's chunks, whether or not it is flagged present."""
    for name, file in layout.patch_files(cache.path, patch, cache.manifest.dtype).items():
        try:
            sound = layout.is_sound(file) if checksums else file.stat().st_size > 0
        except FileNotFoundError:
            kind = DamageKind.MISSING
        except OSError:
            kind = DamageKind.UNREADABLE
        else:
            if sound:
                continue
            kind = DamageKind.CHECKSUM
        yield Damage(kind, layout.feature_array(patch.level, name), patch)


def _check_decoder(cache: FeatureCache) -> Iterator[Damage]:
    for name in layout.GRAPH_NAMES:
        try:
            cache.load_graph(name)
        except CacheDamagedError:
            yield Damage(DamageKind.CHECKSUM, layout.graph_array(name))
