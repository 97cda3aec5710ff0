"""The plugin's lock files (geosam_plugin/locks): makes them anew, or checks that they resolve.

    python .ci/plugin_locks.py make
    python .ci/plugin_locks.py check

base                 nano and any cache, no torch: one universal lock
base-macos-x86_64    the same for Intel Macs, whose last onnxruntime wheels are older
full                 what the sam2.1 models need beside torch and sam2: wheels
torch                torch as the package index has it: CUDA on Linux, CPU on Windows, Metal
sources              sam2 and two packages it imports, which exist as pure Python source only
uv                   the installer itself

torch-cpu-linux and torch-cuda-windows are kept by hand: PyTorch's own index has those builds.
Needs `uv` beside the Python that runs this.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "geosam_plugin" / "locks"
UV = Path(sys.executable).with_name("uv")

UV_VERSION = "0.13.8"
TORCH = "torch==2.13.0"
SAM2 = "sam2==1.1.0"

# rasterio 1.5.2 has no wheel for macOS 14 any more.
UNWANTED = "rasterio!=1.5.2"
SOURCES = ("antlr4-python3-runtime", "iopath", "sam2")
TORCH_PARTS = re.compile(r"^(torch|triton|nvidia-[a-z0-9-]+|cuda-[a-z]+)$")

MACOS = "14.0"  # the oldest that onnxruntime and torch are built for
INTEL_MAC = ("x86_64-apple-darwin", ("3.12",))
PLATFORMS = {
    "x86_64-manylinux_2_28": ("3.11", "3.12", "3.13", "3.14"),
    "aarch64-manylinux_2_28": ("3.11", "3.12", "3.13", "3.14"),
    "x86_64-pc-windows-msvc": ("3.12",),
    "aarch64-apple-darwin": ("3.12",),
}

Block = tuple[str, str]


def make() -> None:
    """Resolve all locks anew, at the versions of requirements.lock where it has the package."""
    LOCKS.mkdir(exist_ok=True)
    universal = ["--universal", "--python-version", "3.11"]
    platform, (version,) = INTEL_MAC
    intel = ["--python-platform", platform, "--python-version", version, "--only-binary", ":all:"]
    _write("base-macos-x86_64", _compile("pyproject.toml", *intel))
    with tempfile.TemporaryDirectory() as folder:
        extra, tool = Path(folder) / "extra.in", Path(folder) / "uv.in"
        pins = Path(folder) / "pins.txt"
        pins.write_text(_pins(ROOT / "requirements.lock"))
        universal += ["-c", str(pins)]
        extra.write_text(f"{TORCH}\n{SAM2}\n")
        tool.write_text(f"uv=={UV_VERSION}\n")
        blocks = _compile(
            "pyproject.toml", str(extra), "--extra", "encode-support", "--group", "sam2-build",
            "--no-emit-package", "torchvision", *universal,
        )  # fmt: skip
        _write("base", _compile("pyproject.toml", *universal))
        _write("uv", _compile(str(tool), *universal))
    _write("torch", [block for block in blocks if TORCH_PARTS.match(block[0])])
    _write("sources", [block for block in blocks if block[0] in SOURCES])
    _write(
        "full",
        [b for b in blocks if b[0] not in SOURCES and not TORCH_PARTS.match(b[0])],
    )


def check() -> int:
    """Resolve every lock for every platform it is for; how many do not have all their wheels."""
    failed = 0
    for platform, versions in PLATFORMS.items():
        for version in versions:
            for name in ("base", "full", "torch", "uv"):
                failed += not _resolves(name, platform, version)
    failed += not _resolves("base-macos-x86_64", INTEL_MAC[0], INTEL_MAC[1][0])
    return failed


def _resolves(name: str, platform: str, version: str) -> bool:
    with tempfile.TemporaryDirectory() as target:
        run = subprocess.run(
            [
                UV, "pip", "install", "--dry-run", "--no-config", "--quiet", "--target", target,
                "--python-platform", platform, "--python-version", version, "--no-deps",
                "--only-binary", ":all:", "--require-hashes", "-r", LOCKS / f"{name}.lock",
            ],
            env={**os.environ, "MACOSX_DEPLOYMENT_TARGET": MACOS},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    sys.stdout.write(f"{'ok  ' if run.returncode == 0 else 'FAIL'} {name} {platform} {version}\n")
    sys.stdout.write(run.stderr if run.returncode else "")
    return run.returncode == 0


def _pins(lock: Path) -> str:
    lines = [line.rstrip(" \\") for line in lock.read_text("utf-8").splitlines()]
    kept = [line for line in lines if re.match(r"(?!rasterio)[a-z]", line)]
    return "\n".join([*kept, UNWANTED, ""])


def _compile(*arguments: str) -> list[Block]:
    """The resolved requirements: (name, its lines with hashes)."""
    run = subprocess.run(
        [
            UV, "pip", "compile", "--generate-hashes", "--no-header", "--no-annotate",
            "--no-config", "--quiet", "--no-emit-index-url", "--no-emit-find-links", *arguments,
        ],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    blocks = re.split(r"(?m)^(?=[a-z0-9])", run.stdout)
    return [(re.split(r"[=\s]", block)[0], block) for block in blocks if "--hash" in block]


def _write(name: str, blocks: list[Block]) -> None:
    text = "# Made by `make plugin-locks`.\n" + "".join(block for _, block in blocks)
    (LOCKS / f"{name}.lock").write_text(text, encoding="utf-8")


def main() -> int:
    if sys.argv[1:] == ["make"]:
        make()
        return 0
    if sys.argv[1:] == ["check"]:
        return 1 if check() else 0
    sys.stderr.write("Say `make` or `check`.\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
