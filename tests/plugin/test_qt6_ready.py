"""Ready for Qt 6: only `qgis.PyQt`, enums by their full names, nothing that Qt 6 has dropped.

Names are looked up in the real bindings: an attribute of a Qt class that is a member of an enum
must be reached through the enum, as in `Qt.MouseButton.LeftButton`.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import geosam_plugin

PACKAGE = Path(geosam_plugin.__file__).parent
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if not any("-" in part for part in path.relative_to(PACKAGE).parts)
)
BINDINGS = ("qgis.PyQt", "qgis.core", "qgis.gui")
DROPPED = frozenset({"exec_", "print_", "QRegExp", "QDesktopWidget", "QStringRef", "QMatrix"})


def imported(tree: ast.Module) -> dict[str, object]:
    """Names that a module has from the bindings, with what they are."""
    found: dict[str, object] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(BINDINGS):
            module = importlib.import_module(str(node.module))
            found.update(
                {name.asname or name.name: getattr(module, name.name) for name in node.names}
            )
    return found


def is_enum(value: object) -> bool:
    return type(value).__name__ in ("enumtype", "EnumMeta", "EnumType")


def value_of(node: ast.expr, names: dict[str, object]) -> object | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = value_of(node.value, names)
        return getattr(owner, node.attr, None) if isinstance(owner, type) else None
    return None


def unscoped(tree: ast.Module) -> Iterator[str]:
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = value_of(node.value, names)
            if isinstance(owner, type) and not is_enum(owner):
                member = getattr(owner, node.attr, None)
                if is_enum(type(member)):
                    scope = type(member).__qualname__
                    yield f"line {node.lineno}: {ast.unparse(node)}: through {scope}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_module(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), str(path))
    faults = list(unscoped(tree))
    for node in ast.walk(tree):
        modules = []
        if isinstance(node, ast.Import):
            modules = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        faults += [
            f"line {node.lineno}: import {module}: use qgis.PyQt"
            for module in modules
            if module.split(".")[0] in ("PyQt5", "PyQt6", "PySide2", "PySide6", "sip")
        ]
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if name in DROPPED:
            faults.append(f"line {node.lineno}: {name} is not in Qt 6")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("code", "is_faulty"),
    [
        ("from qgis.PyQt.QtCore import Qt\nQt.LeftButton", True),
        ("from qgis.PyQt.QtCore import Qt\nQt.MouseButton.LeftButton", False),
        ("from qgis.PyQt.QtWidgets import QMessageBox as Box\nBox.Yes", True),
        ("from qgis.PyQt.QtWidgets import QMessageBox as Box\nBox.StandardButton.Yes", False),
        ("from qgis.core import QgsWkbTypes\nQgsWkbTypes.Polygon", True),
        ("from qgis.core import QgsWkbTypes\nQgsWkbTypes.Type.Polygon", False),
        ("from qgis.PyQt.QtCore import QTimer\nQTimer.singleShot", False),
    ],
)
def test_the_rule_itself(code: str, is_faulty: bool) -> None:
    assert bool(list(unscoped(ast.parse(code)))) == is_faulty
