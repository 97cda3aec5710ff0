"""Ready for Qt 6: only `qgis.PyQt`, enums by their full names, nothing that Qt 6 has dropped.

Names are looked up in the real bindings: an attribute of a Qt class that is a member of an enum
must be reached through the enum, as in `Qt.MouseButton.LeftButton`, and whatever is written must
be there in the QGIS that runs this. What asks for QGIS's version may do otherwise.
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
DROPPED_CHAINS = frozenset({"QVariant.Type"})


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


def by_version(tree: ast.Module) -> set[ast.AST]:
    """What is written for some versions of QGIS only."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "QGIS_VERSION_INT" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }


def missing(tree: ast.Module) -> Iterator[str]:
    """Attributes of Qt's and QGIS's classes that are not there, and those that Qt 6 has not."""
    names = imported(tree)
    guarded = by_version(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in guarded:
            owner = value_of(node.value, names)
            if isinstance(owner, type) and not hasattr(owner, node.attr):
                yield f"line {node.lineno}: there is no {ast.unparse(node)}"
            if ast.unparse(node) in DROPPED_CHAINS:
                yield f"line {node.lineno}: {ast.unparse(node)} is not in Qt 6"


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


def dropped(tree: ast.Module) -> Iterator[str]:
    """Other bindings than QGIS's, and names that Qt 6 has not."""
    for node in ast.walk(tree):
        modules = []
        if isinstance(node, ast.Import):
            modules = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        for module in modules:
            if module.split(".")[0] in ("PyQt5", "PyQt6", "PySide2", "PySide6", "sip"):
                yield f"line {node.lineno}: import {module}: use qgis.PyQt"
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if name in DROPPED:
            yield f"line {node.lineno}: {name} is not in Qt 6"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_module(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), str(path))
    faults = [*unscoped(tree), *missing(tree), *dropped(tree)]
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
        ("from qgis.core import Qgis\nQgis.Critical", True),
        ("from qgis.core import Qgis\nQgis.MessageLevel.Critical", False),
        ("from qgis.core import QgsFields\nQgsFields.OriginProvider", True),
        ("from qgis.core import QgsFields\nQgsFields.FieldOrigin.OriginProvider", False),
        ("from qgis.core import QgsFields\nQgsFields.FieldOrigin.Provider3000", True),
        ("from qgis.core import QgsFields\nQgsFields.nothing()", True),
        ("from qgis.PyQt.QtCore import QVariant\nQVariant.Int", True),
        ("from qgis.PyQt.QtCore import QVariant\nQVariant.Type.Int", True),
        ("from qgis.PyQt.QtCore import QVariant\nkind = QVariant.Type", True),
        (
            "from qgis.core import Qgis\nfrom qgis.PyQt.QtCore import QVariant\n"
            "if Qgis.QGIS_VERSION_INT < 33800:\n    kind = QVariant.Type",
            False,
        ),
    ],
)
def test_the_rule_itself(code: str, is_faulty: bool) -> None:
    tree = ast.parse(code)
    assert bool([*unscoped(tree), *missing(tree)]) == is_faulty


@pytest.mark.parametrize("code", ["dialog.exec_()", "QRegExp('a')", "import PyQt5.QtCore"])
def test_the_other_rules(code: str) -> None:
    assert list(dropped(ast.parse(code)))
