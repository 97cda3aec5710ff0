"""README's console examples run as they stand, in their order, from an empty folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.support.cli import REPOSITORY, run_here

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")

MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")


def examples() -> list[list[str]]:
    """The words of every `$ …` line in a console block."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line.removeprefix("$ ")) for line in lines if line.startswith("$ ")]


@pytest.mark.slow
def test_the_console_examples_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = examples()
    assert {words[1] for words in shown} == {
        "sample", "encode", "info", "segment", "verify", "evaluate", "models"
    }  # fmt: skip
    for program, *words in shown:
        assert program == "encoder-tool"
        outcome = run_here(capsys, *words)
        assert outcome.code == 0, (words, outcome.err)
    assert (tmp_path / "house.gpkg").is_file()


def test_links_and_modules_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (REPOSITORY / target).exists(), target
    block = README.partition("## Map of the code")[2].partition("```\n")[2].partition("```")[0]
    folder = REPOSITORY
    for line in block.splitlines():
        if line.startswith("  "):
            for name in line[:24].split():
                place = folder / name
                assert place.is_dir() or place.with_suffix(".py").is_file(), name
        else:
            folder = REPOSITORY / line.split()[0]
            assert folder.is_dir(), line


def test_the_map_names_every_package_of_the_plugin() -> None:
    block = README.partition("geosam_plugin/  ")[2].partition("\ni18n/")[0]
    for package in (REPOSITORY / "geosam_plugin").iterdir():
        if (package / "__init__.py").is_file():
            assert f"\n  {package.name}/" in block, package.name


def test_exit_codes_are_those_of_the_errors() -> None:
    """Every code that the engine can end with is in the table."""
    from encoder_tool import errors
    from encoder_tool.cli.group import EXIT_BROKEN_PIPE

    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.EngineError)
    }
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert listed == codes | {0, EXIT_BROKEN_PIPE}


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    for name in re.findall(r"`?make ([a-z-]+)", README):
        assert name in targets, name
