"""What the engines that stub_engine.py plays were asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Record:
    """file: the played engines write into it; it need not be there"""

    def __init__(self, file: Path) -> None:
        self.file = file

    def open_gate(self) -> None:
        """Let those that wait at theirs go on."""
        self._gate.touch()

    def close_gate(self) -> None:
        self._gate.unlink()

    def let_fail(self) -> None:
        """Let those whose tiles are missing say so."""
        self.file.with_name(f"{self.file.name}.fail").touch()

    @property
    def _gate(self) -> Path:
        return self.file.with_name(f"{self.file.name}.open")

    @property
    def asked(self) -> list[tuple[str, dict[str, Any]]]:
        """Methods and their parameters, the oldest first."""
        if not self.file.exists():
            return []
        whole = self.file.read_text(encoding="utf-8").rpartition("\n")[0]
        return [(method, params) for method, params in map(json.loads, whole.splitlines())]

    def of(self, method: str) -> list[dict[str, Any]]:
        return [params for name, params in self.asked if name == method]
