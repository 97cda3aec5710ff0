"""Tables that a terminal shows and that a page of docs/ can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of texts below a title; `note` says what the columns mean."""

    title: str
    columns: Sequence[str]
    note: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append([str(cell) for cell in cells])

    def text(self) -> str:
        """In columns, for a terminal."""
        lines = [list(self.columns), *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        shown = [
            "  ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        head = [self.title, *([self.note] if self.note else [])]
        return "\n".join([*head, "", shown[0], "-" * len(shown[0]), *shown[1:], ""])

    def markdown(self) -> str:
        """As a section of a page."""
        lines = [f"### {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines.append("| " + " | ".join(self.columns) + " |")
        lines.append("|" + "---|" * len(self.columns))
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join([*lines, ""])


def milliseconds(value: float) -> str:
    """With three figures at most: what follows is noise."""
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def times(value: float) -> str:
    return f"{value:.2f}"
