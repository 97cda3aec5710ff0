"""The user guide shows what is there: its pictures, its links, and the plugin's own words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.support.cli import REPOSITORY

DOCS = REPOSITORY / "docs"
GUIDE = (DOCS / "user-guide.md").read_text(encoding="utf-8")
MAX_PICTURE_BYTES = 300_000


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_links_and_pictures_exist(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (DOCS / target).exists(), target


def test_words_in_bold_are_the_plugins() -> None:
    sources = [
        message.findtext("source") or ""
        for message in ElementTree.parse(REPOSITORY / "i18n" / "geosam_de.ts").iter("message")
    ]
    for words in re.findall(r"\*\*(.+?)\*\*", GUIDE):
        assert any(words in source for source in sources), words


def test_every_picture_of_the_guide_is_taken_by_a_script() -> None:
    scripts = (DOCS / "screenshots").glob("*.py")
    script = "".join(path.read_text(encoding="utf-8") for path in scripts)
    shown = re.findall(r"\]\(images/([\w-]+)\.png\)", GUIDE)
    assert shown
    for name in shown:
        assert f'"{name}")' in script, name
        assert (DOCS / "images" / f"{name}.png").stat().st_size <= MAX_PICTURE_BYTES, name
