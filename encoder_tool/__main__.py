"""`python -m encoder_tool`, and what the console script `encoder-tool` calls."""

from __future__ import annotations

import sys

from encoder_tool.cli import run


def main() -> None:
    sys.exit(run())


if __name__ == "__main__":
    main()
