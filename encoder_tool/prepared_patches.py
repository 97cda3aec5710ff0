"""Patches that were made ready for prompts, kept for the next one."""

from __future__ import annotations

from collections import OrderedDict

from encoder_tool.model.seam import PatchState
from encoder_tool.types import PatchId


class PreparedPatches:
    """Patches made ready for prompts, the least recently used forgotten first.

    Their sum stays within `memory_bytes`, but for the latest, which is always kept.
    """

    def __init__(self, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self.nbytes = 0
        self._states: OrderedDict[PatchId, PatchState] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, patch_id: PatchId) -> bool:
        return patch_id in self._states

    def get(self, patch_id: PatchId) -> PatchState | None:
        state = self._states.get(patch_id)
        if state is not None:
            self._states.move_to_end(patch_id)
        return state

    def put(self, patch_id: PatchId, state: PatchState) -> None:
        replaced = self._states.pop(patch_id, None)
        self.nbytes += state.nbytes - (replaced.nbytes if replaced else 0)
        self._states[patch_id] = state
        while self.nbytes > self.memory_bytes and len(self._states) > 1:
            _, oldest = self._states.popitem(last=False)
            self.nbytes -= oldest.nbytes
