"""Checks a built wheel: it carries the embedded model and its licences, and nothing heavy."""

from __future__ import annotations

import email
import sys
import zipfile
from pathlib import Path

MAX_MIB = 40
NEEDED = (
    "encoder_tool/__main__.py",
    "encoder_tool/resources/models/",
    ".dist-info/licenses/LICENSE",
    ".dist-info/licenses/NOTICE",
)
FOREIGN = ("metadata.txt", "torch/", "sam2/", "tests/", "geosam_plugin/", "training/")


def check(path: Path) -> list[str]:
    """What is wrong with the wheel, as sentences; empty when all is well."""
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        metadata_name = next(n for n in names if n.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(wheel.read(metadata_name))
    faults = [f"{part} is missing" for part in NEEDED if not any(part in n for n in names)]
    models = [n for n in names if n.startswith("encoder_tool/resources/models/")]
    faults += [f"no {kind} model inside" for kind in (".onnx", ".safetensors")
               if not any(n.endswith(kind) for n in models)]  # fmt: skip
    faults += [f"{n} does not belong" for n in names if n.startswith(FOREIGN)]
    base = [r for r in metadata.get_all("Requires-Dist", []) if "extra ==" not in r]
    faults += [f"a base install would pull {r}" for r in base if r.startswith(("torch", "sam2"))]
    if (mib := path.stat().st_size / 2**20) > MAX_MIB:
        faults.append(f"{mib:.0f} MiB is more than {MAX_MIB} MiB")
    return faults


def main() -> int:
    for path in map(Path, sys.argv[1:]):
        if faults := check(path):
            sys.stderr.write(f"{path.name}: {'; '.join(faults)}.\n")
            return 1
        sys.stdout.write(f"{path}: {path.stat().st_size / 2**20:.1f} MiB, complete.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
