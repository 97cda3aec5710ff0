"""Running the command line, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from encoder_tool.cli import run
from tests.support.patience import PATIENCE_S

REPOSITORY = Path(__file__).resolve().parents[2]

NO_TORCH = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "sam2", "safetensors", "onnx", "hydra"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Absent())
from encoder_tool.cli import run

code = run(sys.argv[1:])
assert "torch" not in sys.modules
sys.exit(code)
"""
"""The command line on a machine that has none of the `encode` extra's packages."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The only line on stderr that reports an error."""
        (line,) = [line for line in self.err.splitlines() if line.startswith("Error: ")]
        return line


def run_here(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Outcome:
    """Run a command in this process."""
    capsys.readouterr()
    code = run([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return Outcome(code, captured.out, captured.err)


def environment() -> dict[str, str]:
    """For a process that imports the engine from this tree, with few threads."""
    return {"OMP_NUM_THREADS": "2", **os.environ, "PYTHONPATH": str(REPOSITORY)}


def command_line(*arguments: str | Path, torch: bool = True) -> list[str]:
    """The argv of a command in a process of its own; `torch=False` hides torch and its kin."""
    how = ["-m", "encoder_tool"] if torch else ["-c", NO_TORCH]
    return [sys.executable, *how, *(str(argument) for argument in arguments)]


def run_apart(*arguments: str | Path, torch: bool = True, cwd: Path | None = None) -> Outcome:
    """Run a command in a process of its own."""
    done = subprocess.run(
        command_line(*arguments, torch=torch),
        capture_output=True, text=True, check=False, cwd=cwd, env=environment(), timeout=PATIENCE_S,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)
