"""What a benchmark says that compares with sam2, or runs the large models, where torch is not
installed. Its options are explained all the same, so such a benchmark imports torch late."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("torch", "sam2")


def require_torch() -> None:
    """Ends the program with a sentence where these are missing."""
    if any(find_spec(name) is None for name in NEEDED):
        raise SystemExit(
            "This benchmark needs torch and sam2: run `make setup-dev`, then it with "
            "`.venv/bin/python`."
        )
