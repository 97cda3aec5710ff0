"""The plugin's texts: as its source asks for them, and as the files in i18n have them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import geosam_plugin

CONTEXT = "GeoSAM"
PACKAGE = Path(geosam_plugin.__file__).parent
SOURCES = Path(__file__).resolve().parents[2] / "i18n"
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if not any("-" in part for part in path.relative_to(PACKAGE).parts)
)

# Names, keys, addresses and kinds of files: the same in every language.
_NAMES = re.compile(
    r"GeoSAM|nano|sam2\.1-[a-z-]+|((Ctrl|Shift|Alt)\+)+\w+|Esc|https://\S+|GeoPackage \(\*\.gpkg\)"
)
_WORD = re.compile(r"[^\W\d_]{2,}")

# What hands a text to the user.
_SHOWING = frozenset({
    "QAction", "QCheckBox", "QGroupBox", "QLabel", "QPushButton", "QgsCollapsibleGroupBox",
    "addAction", "addButton", "addItem", "addRow", "beginEditCommand", "createMessage",
    "getExistingDirectory", "getOpenFileName", "getSaveFileName", "information", "note",
    "push_button", "pushInfo", "pushMessage", "pushWarning", "question", "reportError", "say",
    "setPlaceholderText", "setPrefix", "setProgressText", "setSuffix", "setText", "setTitle",
    "setToolTip", "setWindowTitle", "warning", "EngineError", "LayerError",
    "QgsProcessingException", "UnusablePrompt", "complaint",
})  # fmt: skip


@dataclass(frozen=True)
class Message:
    """A text of the source.

    comment: tells equal texts apart
    has_number: it is asked for with a number, which takes the place of `%n`
    """

    text: str
    comment: str = ""
    has_number: bool = False


@dataclass(frozen=True)
class Translated:
    """A message and what a language makes of it: a form for each kind of number it knows."""

    message: Message
    forms: tuple[str, ...]
    is_finished: bool


def messages_of(tree: ast.AST) -> Iterator[Message]:
    for call in translate_calls(tree):
        faults = faults_of(call)
        if not faults:
            given = [ast.literal_eval(argument) for argument in call.args[:3]]
            yield Message(given[1], (given[2:] or [""])[0] or "", len(call.args) == 4)


def translate_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "translate":
            yield node


def faults_of(call: ast.Call) -> list[str]:
    """Why lupdate would miss the call, or find it under another context than Qt."""
    if call.keywords or not 2 <= len(call.args) <= 4:
        return ["two to four arguments, none of them by name"]
    faults = []
    context, text = call.args[:2]
    if not (isinstance(context, ast.Constant) and context.value == CONTEXT):
        faults.append(f"the context is “{CONTEXT}”, written out")
    if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
        return [*faults, "the text is written out, and formatted afterwards"]
    for comment in call.args[2:3]:
        if not (isinstance(comment, ast.Constant) and isinstance(comment.value, (str, type(None)))):
            faults.append("the third argument tells equal texts apart, or is None")
    if ("%n" in text.value) != (len(call.args) == 4):
        faults.append("%n and the number go together")
    return faults


def asked_too_early(tree: ast.AST) -> Iterator[int]:
    """Lines that ask while a module is imported, before there is a translator."""
    inside = {
        id(call)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.Lambda))
        for statement in (node.body if isinstance(node.body, list) else [node.body])
        for call in translate_calls(statement)
    }
    for call in translate_calls(tree):
        if id(call) not in inside:
            yield call.lineno


def has_words(text: str) -> bool:
    """Whether there is something to translate."""
    return bool(_WORD.search(_NAMES.sub("", text)))


def untranslated(tree: ast.AST) -> Iterator[str]:
    """Literal texts that are shown as they are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _SHOWING:
            # An error's first argument is its type.
            for argument in node.args[1 if _name(node.func) == "EngineError" else 0 :]:
                yield from (text for text in _literals(argument) if has_words(text))


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (text for part in node.values for text in _literals(part))
    elif isinstance(node, ast.BinOp):
        yield from (*_literals(node.left), *_literals(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("format", "join")
    ):
        yield from _literals(node.func.value)


def asked_by_class(tree: ast.AST) -> Iterator[int]:
    """Lines with `self.tr`, whose context is a subclass's name when there is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("tr", "trUtf8"):
            yield node.lineno


def read_translations(path: Path) -> list[Translated]:
    found = []
    for context in ElementTree.parse(path).getroot().iter("context"):
        assert context.findtext("name") == CONTEXT
        for element in context.iter("message"):
            message = Message(
                element.findtext("source") or "",
                element.findtext("comment") or "",
                element.get("numerus") == "yes",
            )
            translation = element.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")]
            found.append(
                Translated(
                    message, tuple(forms or [translation.text or ""]), not translation.get("type")
                )
            )
    return found


def _name(function: ast.expr) -> str:
    return str(getattr(function, "attr", None) or getattr(function, "id", ""))
