"""Texts for the user: each can be translated, is translated, and is found when it is wanted."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QAbstractButton
from qgis_window import Window
from translated_texts import (
    CONTEXT,
    MODULES,
    PACKAGE,
    SOURCES,
    Message,
    Translated,
    asked_by_class,
    asked_too_early,
    faults_of,
    messages_of,
    read_translations,
    translate_calls,
    untranslated,
)

from geosam_plugin.paths import resource, translations_directory
from geosam_plugin.plugin import GeoSamPlugin
from geosam_plugin.translation import help_file, install_translator, remove_translator
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.dock_settings import DockSettings

LANGUAGES = ("de", "es", "fr", "zh_Hans")

# What Qt's own translations call the keys.
KEYS = {
    "de": {"Ctrl": "Strg", "Shift": "Umschalt", "Enter": "Eingabe"},
    "es": {"Shift": "Mayús", "Enter": "Intro"},
    "fr": {"Shift": "Maj", "Enter": "Entrée", "Esc": "Échap"},
    "zh_Hans": {"Enter": "回车"},
}
KEY = re.compile(r"\b(Ctrl|Shift|Alt|Enter|Tab|Esc)\b")
# What a user types or reads in this form in every language.
LITERAL = re.compile(
    r"\.sam2\.zarr|\*\.html|\bnano\b|SAM 2(?:\.1)?|\bminmax\b|0:3000|float16|int8|QGIS|GeoSAM"
    r"|NVIDIA|CUDA|macOS|Linux|torch|GeoPackage|\b\d+(?:\.\d+)?\b"
)
ENDS = {".": ".。", "…": "…", ":": ":：", "?": "?？", " ": " ", ")": ")）"}  # noqa: RUF001


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def translations(language: str) -> list[Translated]:
    return read_translations(SOURCES / f"geosam_{language}.ts")


@pytest.fixture
def finished(translations: list[Translated]) -> list[Translated]:
    """What lacks is for one test to say, not for all."""
    return [one for one in translations if one.is_finished]


@pytest.fixture
def in_language(qgis_app: object) -> Iterator[object]:
    """Calls that install the plugin's translator as in a QGIS of that language."""
    settings, installed = QgsSettings(), []
    kept = {key: settings.value(key) for key in ("locale/overrideFlag", "locale/userLocale")}

    def install(locale: str) -> None:
        settings.setValue("locale/overrideFlag", True)
        settings.setValue("locale/userLocale", locale)
        installed.append(install_translator())

    yield install
    for translator in installed:
        remove_translator(translator)
    for key, value in kept.items():
        settings.remove(key) if value is None else settings.setValue(key, value)


def all_messages() -> set[Message]:
    return {m for path in MODULES for m in messages_of(ast.parse(path.read_text("utf-8")))}


def ask(message: Message, number: int) -> str:
    arguments = (number,) if message.has_number else ()
    comment = message.comment or None
    return QCoreApplication.translate(CONTEXT, message.text, comment, *arguments)


class TestSource:
    @pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
    def test_every_text_can_be_found(self, path: Path) -> None:
        tree = ast.parse(path.read_text("utf-8"), str(path))
        faults = [f"line {c.lineno}: {f}" for c in translate_calls(tree) for f in faults_of(c)]
        faults += [f"line {line}: translated on import" for line in asked_too_early(tree)]
        faults += [
            f"line {line}: tr() asks under the class's name: use translate()"
            for line in asked_by_class(tree)
        ]
        faults += [f"shown as it is: {text!r}" for text in untranslated(tree)]
        assert not faults, "\n".join(faults)

    @pytest.mark.parametrize(
        ("code", "is_faulty"),
        [
            ('QLabel("Engine")', True),
            ('self.say(f"{count} objects")', True),
            ('raise LayerError("It has no area.")', True),
            ('raise EngineError("Crashed", "The engine ended." + why)', True),
            ('raise EngineError("Crashed", sentence)', False),
            ('QLabel(translate("GeoSAM", "Engine"))', False),
            ('bar.pushMessage("GeoSAM", text)', False),
            ('push_button(text, "Ctrl+Z")', False),
        ],
    )
    def test_what_is_not_translated_is_seen(self, code: str, is_faulty: bool) -> None:
        assert bool(list(untranslated(ast.parse(code)))) == is_faulty

    @pytest.mark.parametrize(
        ("code", "is_faulty"),
        [
            ('translate("GeoSAM", "Undo")', False),
            ('QCoreApplication.translate("GeoSAM", "%n objects", None, count)', False),
            ('translate("GeoSAM", "Undo", "of a click")', False),
            ('translate("Dock", "Undo")', True),
            ('translate("GeoSAM", f"{count} objects")', True),
            ('translate("GeoSAM", "{} a".format(1))', True),
            ('translate("GeoSAM", "%n objects")', True),
            ('translate("GeoSAM", "objects", None, count)', True),
            ('translate("GeoSAM", "%n objects", n=count)', True),
        ],
    )
    def test_the_rule_itself(self, code: str, is_faulty: bool) -> None:
        (call,) = translate_calls(ast.parse(code))
        assert bool(faults_of(call)) == is_faulty

    def test_what_is_asked_on_import_is_seen(self) -> None:
        code = 'A = translate("GeoSAM", "a")\ndef f(): return translate("GeoSAM", "b")'
        assert list(asked_too_early(ast.parse(code))) == [1]


class TestFiles:
    def test_they_have_the_texts_of_the_source(self, translations: list[Translated]) -> None:
        """`make translations` brings them up to date."""
        assert {one.message for one in translations} == all_messages()

    def test_english_has_the_plurals(self) -> None:
        english = read_translations(SOURCES / "geosam_en.ts")
        assert {one.message for one in english} == {m for m in all_messages() if m.has_number}
        assert all(one.is_finished and all(one.forms) for one in english)

    def test_nothing_is_left_to_do(self, translations: list[Translated], language: str) -> None:
        numbers = 1 if language.startswith("zh") else 2
        for one in translations:
            assert one.is_finished, one
            assert all(form.strip() for form in one.forms), one
            assert len(one.forms) == (numbers if one.message.has_number else 1), one

    def test_placeholders_are_kept(self, finished: list[Translated]) -> None:
        for one in finished:
            for form in one.forms:
                assert _placeholders(form) == _placeholders(one.message.text), one

    def test_keys_and_names_are_kept(self, finished: list[Translated], language: str) -> None:
        for one in finished:
            text = one.message.text
            for form in one.forms:
                for key, count in Counter(KEY.findall(text)).items():
                    assert form.count(KEYS[language].get(key, key)) >= count, (key, one)
                for name in LITERAL.findall(_without_placeholders(text)):
                    assert name in form or name.replace(".", ",") in form, (name, one)

    def test_ends_are_kept(self, finished: list[Translated]) -> None:
        """An ellipsis promises a dialog; a sentence ends; a unit keeps its distance."""
        for one in finished:
            for form in one.forms:
                end = _singular(one.message.text)[-1]
                assert form[-1] in ENDS.get(end, form[-1]), one
                assert (form[-1] == "…") == (end == "…"), one
                assert form.startswith(" ") == one.message.text.startswith(" "), one

    def test_what_is_quoted_is_called_the_same(self, finished: list[Translated]) -> None:
        """“Press …”: a button has one name."""
        names = {_name(one.message.text): _name(one.forms[0]) for one in finished}
        quoted = 0
        for one in finished:
            for name in re.findall("“([^”{]+)”", one.message.text):
                if name in names:
                    quoted += 1
                    assert names[name] in one.forms[0], one
        assert quoted > 5


def _name(text: str) -> str:
    return text.replace(" (%n)", "")


def _placeholders(text: str) -> Counter[tuple[object, ...]]:
    found = Counter(part[1:] for part in string.Formatter().parse(text) if part[1] is not None)
    found[("%n",)] = text.count("%n")
    return found


def _singular(text: str) -> str:
    """Without the "(s)" that stands for a plural."""
    return text[: -len("(s)")] if text.endswith("(s)") else text


def _without_placeholders(text: str) -> str:
    return "".join(part[0] for part in string.Formatter().parse(text))


class TestRunning:
    def test_every_text_is_found(
        self, in_language: object, language: str, finished: list[Translated]
    ) -> None:
        """In the compiled files, under the context that the source asks with."""
        in_language(language)
        for one in finished:
            for number in (1, 2, 5) if one.message.has_number else (0,):
                forms = [form.replace("%n", str(number)) for form in one.forms]
                expected = forms[0 if number == 1 or len(forms) == 1 else 1]
                assert ask(one.message, number) == expected

    @pytest.mark.parametrize(
        ("locale", "language"),
        [
            ("de", "de"), ("de_AT", "de"), ("fr_CA", "fr"), ("es_MX", "es"),
            ("zh-Hans", "zh_Hans"), ("zh_CN", "zh_Hans"),
        ],
    )  # fmt: skip
    def test_locale(self, in_language: object, locale: str, language: str) -> None:
        in_language(locale)
        (undo,) = (
            one
            for one in read_translations(SOURCES / f"geosam_{language}.ts")
            if one.message.text == "Undo"
        )
        assert ask(undo.message, 0) == undo.forms[0] != "Undo"

    def test_what_qgis_was_started_with_comes_first(self, in_language: object) -> None:
        """`qgis --lang fr`"""
        QgsApplication.setTranslation("fr")
        try:
            in_language("de")
        finally:
            QgsApplication.setTranslation("")
        undo = Message("Undo")
        french = read_translations(SOURCES / "geosam_fr.ts")
        assert [ask(undo, 0)] == [one.forms[0] for one in french if one.message == undo]

    @pytest.mark.parametrize("locale", ["en_US", "it", "zh_TW", "zh-Hant", "C", ""])
    def test_english_elsewhere(self, in_language: object, locale: str) -> None:
        in_language(locale)
        assert ask(Message("Undo"), 0) == "Undo"
        for one in read_translations(SOURCES / "geosam_en.ts"):
            for number, form in zip((1, 2), one.forms, strict=True):
                assert ask(one.message, number) == form.replace("%n", str(number))

    def test_gone_when_removed(self, in_language: object) -> None:
        in_language("de")
        translator = install_translator()
        remove_translator(translator)
        assert ask(Message("Undo"), 0) != "Undo"  # the fixture's own is still there

    def test_each_source_is_compiled(self) -> None:
        compiled = {path.stem for path in translations_directory().glob("*.qm")}
        assert compiled == {path.stem for path in SOURCES.glob("*.ts")}


class TestHelp:
    PAGES = tuple(sorted(path.name for path in resource("help").glob("*.html")))

    def test_there_is_help(self) -> None:
        assert len(self.PAGES) >= 3

    @pytest.mark.parametrize("name", PAGES)
    def test_page(self, name: str, language: str, in_language: object) -> None:
        """It is there, and has the parts of the English one."""
        in_language(language.replace("_", "-"))
        page = help_file(name)
        assert page == resource("help", language, name)
        assert _tags(page) == _tags(resource("help", name))

    @pytest.mark.parametrize("locale", ["it", "en_GB", "zh_TW"])
    def test_english_elsewhere(self, in_language: object, locale: str) -> None:
        in_language(locale)
        assert help_file(self.PAGES[0]) == resource("help", self.PAGES[0])


def _tags(page: Path) -> Counter[str]:
    found: Counter[str] = Counter()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, _attributes: object) -> None:
            found[tag] += 1

        def handle_endtag(self, tag: str) -> None:
            found["/" + tag] += 1

    Reader().feed(page.read_text("utf-8"))
    return found


def test_the_plugin_brings_and_takes_it(in_language: object) -> None:
    in_language("it")  # for the settings alone: it has no translation
    undo, window = Message("Undo"), Window()
    QgsSettings().setValue("locale/userLocale", "de")
    plugin = GeoSamPlugin(window)
    plugin.initGui()
    assert ask(undo, 0) == "Rückgängig"
    plugin.unload()
    assert ask(undo, 0) == "Undo"
    window.close()


def test_nothing_is_cut_in_the_narrowest_dock(in_language: object, language: str) -> None:
    in_language(language)
    dock = GeoSamDock(DockSettings())
    dock.options.setCollapsed(False)
    dock.everything.setCollapsed(False)
    dock.show_lost(3, ["Objects"])
    dock.setFixedSize(dock.minimumSizeHint().width(), 600)
    dock.show()
    QCoreApplication.processEvents()
    scroll = dock.widget()
    assert scroll.widget().width() <= scroll.viewport().width()
    buttons = [b for b in dock.findChildren(QAbstractButton) if b.isVisible() and b.text()]
    assert len(buttons) > 12
    assert [b.text() for b in buttons if b.width() < b.sizeHint().width()] == []
    dock.close()
    dock.deleteLater()
