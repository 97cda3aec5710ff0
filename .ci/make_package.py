"""The plugin as QGIS installs it: one folder, staged from the parts of this repository.

    python .ci/make_package.py zip FILE       a reproducible zip
    python .ci/make_package.py link FOLDER    the same folder as links into this tree, for QGIS's
                                              plugins folder; run again when files were added

In the folder: geosam_plugin's modules and locks; metadata.txt and licences; resources without
the models; i18n's compiled translations; and `engine-src` with encoder_tool and the embedded
model, for the engine's Python alone.
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "geosam_plugin"
ENGINE = "engine-src"
MAX_BYTES = 20 * 2**20

SOURCES = frozenset(
    {".py", ".lock", ".txt", ".svg", ".png", ".qml", ".html", ".md", ".json", ".qm"}
)
MODELS = frozenset({".onnx", ".safetensors"})
# What only development needs.
LEFT_OUT = frozenset({"ruff.toml"})

FIXED_TIME = (2025, 1, 1, 0, 0, 0)


def members() -> dict[str, Path]:
    """Path inside the folder -> file, in the order of the former."""
    found = {name: ROOT / name for name in ("metadata.txt", "LICENSE", "NOTICE")}
    found |= _tree(ROOT / NAME, "", SOURCES)
    found |= _translations(ROOT / "i18n")
    for folder in sorted((ROOT / "resources").iterdir()):
        if folder.is_dir() and folder.name != "models":
            found |= _tree(folder, f"resources/{folder.name}/", SOURCES)
    found |= _tree(ROOT / "encoder_tool", f"{ENGINE}/encoder_tool/", SOURCES)
    models = ROOT / "resources" / "models"
    found |= _tree(models, f"{ENGINE}/resources/models/", SOURCES | MODELS)
    return dict(sorted(found.items()))


def _translations(folder: Path) -> dict[str, Path]:
    compiled = [source.with_suffix(".qm") for source in sorted(folder.glob("*.ts"))]
    for path in compiled:
        if not path.is_file():
            raise SystemExit(f"{path} is not there; run `make translations` first.")
    return {f"i18n/{path.name}": path for path in compiled}


def _tree(folder: Path, prefix: str, suffixes: frozenset[str]) -> dict[str, Path]:
    return {
        prefix + path.relative_to(folder).as_posix(): path
        for path in _files(folder)
        if path.suffix in suffixes and path.name not in LEFT_OUT
    }


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and "__pycache__" not in path.parts:
            yield path


def write_zip(target: Path) -> None:
    """Equal trees give equal files: sorted, with one date and one mode for all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in members().items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", FIXED_TIME)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    size = unfinished.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{target}: {size / 2**20:.1f} MiB is more than {MAX_BYTES >> 20} MiB.")
    unfinished.replace(target)
    sys.stdout.write(f"{target}: {size / 2**20:.1f} MiB\n")


def link(plugins: Path) -> None:
    """Make `geosam_plugin` in QGIS's plugins folder, of links to this tree's files."""
    target = plugins / NAME
    if target.is_dir() and any(p.is_file() and not p.is_symlink() for p in _files(target)):
        raise SystemExit(f"{target} is an installed plugin; remove it in QGIS first.")
    shutil.rmtree(target, ignore_errors=True)
    for name, path in members().items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(path)
    sys.stdout.write(f"{target}: links to {ROOT}\n")


def main() -> int:
    match sys.argv[1:]:
        case ["zip", target]:
            write_zip(Path(target))
        case ["link", plugins]:
            link(Path(plugins).expanduser())
        case _:
            sys.stderr.write("Say `zip FILE` or `link FOLDER`.\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
