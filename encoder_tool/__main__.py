"""`python -m encoder_tool`, and what the console script `encoder-tool` calls."""

from __future__ import annotations

import sys

EXIT_INTERRUPTED = 130


def main() -> None:
    # With the imports: they take a second, in which Ctrl-C can come too.
    try:
        from encoder_tool.cli import run

        code = run()
    except KeyboardInterrupt:
        sys.stderr.write("Aborted.\n")
        code = EXIT_INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
