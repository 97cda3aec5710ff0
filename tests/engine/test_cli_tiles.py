"""`encoder-tool tiles` as people use it, and every command of the page on basemaps."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import rasterio

from encoder_tool.request.places import PLACES_VARIABLE
from encoder_tool.tiles import NAMED_SOURCES
from encoder_tool.tiles.plan import ASK_ABOVE
from encoder_tool.tiles.store import TILES_VARIABLE
from tests.support.cli import REPOSITORY, run_here
from tests.support.tile_blocks import write_block
from tests.support.tile_requests import BBOX, ZOOM
from tests.support.tile_server import Reply, TileServer, tile_png

BOX = ",".join(map(str, BBOX))


def arguments(site: TileServer, out: Path, *more: str) -> list[str | Path]:
    return ["tiles", "--bbox", BOX, "--zoom", str(ZOOM), "--source", site.template, "--out", out,
            *more]  # fmt: skip


def test_a_raster_and_what_is_said_of_it(
    tile_site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o.tif"
    outcome = run_here(capsys, *arguments(tile_site, out, "--attribution", "© Me", "--json"))
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)
    with rasterio.open(out) as dataset:
        assert (told["width"], told["height"]) == (dataset.width, dataset.height)
        assert told["size_bytes"] == out.stat().st_size
    assert told["tiles"] == told["fetched"] == 12 and told["missing"] == []
    assert told["attribution"] == "© Me"
    assert "12 tiles of zoom 14, 0 of them in the cache; about 0 MB to fetch" in outcome.err
    assert "Name the source: © Me." in outcome.err
    quiet = run_here(capsys, *arguments(tile_site, out, "--overwrite", "--quiet"))
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_many_tiles_need_consent(
    tile_site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("encoder_tool.tiles.plan.ASK_ABOVE", 11)
    many = arguments(tile_site, tmp_path / "o.tif")
    refused = run_here(capsys, *many)
    assert refused.code == 2
    assert refused.sentence.startswith("Error: 12 tiles would be fetched, more than 11.")
    assert not tile_site.asked

    # At a terminal somebody is asked, and says no.
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert run_here(capsys, *many).code == 130
    assert not tile_site.asked

    agreed = run_here(capsys, *many, "--yes")
    assert agreed.code == 0, agreed.err
    assert sum(tile_site.counts.values()) == 12


def test_a_block_of_many_tiles_is_encoded_only_with_consent(
    tile_site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("encoder_tool.tiles.plan.ASK_ABOVE", 15)
    block = write_block(tmp_path / "b.tiles.json", tile_site.template, columns=4, rows=4)
    refused = run_here(capsys, "encode", block)
    assert refused.code == 2
    assert refused.sentence.startswith("Error: 16 tiles would be fetched, more than 15.")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert run_here(capsys, "encode", block).code == 130
    assert not tile_site.asked
    monkeypatch.setattr("click.confirm", lambda *_, **__: True)
    agreed = run_here(capsys, "encode", block, "--json")
    assert agreed.code == 0, agreed.err
    assert json.loads(agreed.out)["tiles_fetched"] == 16
    assert "That takes 16 tiles over the network." in agreed.err
    assert set(tile_site.counts.values()) == {1}


def test_a_server_that_asks_for_a_pause_is_told_on_a_line_of_its_own(
    tile_site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("encoder_tool.tiles.fetch.TOLD_S", 0.0)
    tile_site.reply_to = lambda tile, nth: (
        Reply(429, headers={"Retry-After": "2"})
        if (tile.x, tile.y, nth) == (8875, 6081, 1)
        else Reply(body=tile_png(tile))
    )
    outcome = run_here(capsys, *arguments(tile_site, tmp_path / "o.tif"))
    assert outcome.code == 0, outcome.err
    lines = outcome.err.replace("\r", "\n").splitlines()
    (told,) = (line for line in lines if "asks to be" in line)
    assert told.startswith("127.0.0.1 asks to be left alone for ")


def test_errors_are_sentences_with_their_exit_codes(
    tile_site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(404 if tile.y == 6081 else 200, tile_png(tile))
    outcome = run_here(capsys, *arguments(tile_site, tmp_path / "o.tif"))
    assert outcome.code == 15
    assert outcome.sentence.startswith("Error: 4 of 12 tiles are missing: 14/88")
    assert outcome.sentence.endswith("leave them empty by --allow-missing.")
    outcome = run_here(capsys, *arguments(tile_site, tmp_path / "o.tif", "--allow-missing"))
    assert outcome.code == 0
    assert "12 tiles, 4 of them missing, 0 of them fetched now" in outcome.err
    for box, sentence in {
        "179,-1,-179,1": "crosses the antimeridian", "1,2,3": "has 3 numbers", "1,2,3,x": "is not",
        "1,5,2,4": "is north of its north",
    }.items():  # fmt: skip
        words = arguments(tile_site, tmp_path / "p.tif")
        outcome = run_here(capsys, *[box if word == BOX else word for word in words])
        assert outcome.code == 2 and sentence in outcome.err


def test_the_named_sources_are_listed_with_their_terms(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run_here(capsys, "tiles", "--list-sources")
    assert outcome.code == 0
    for source in NAMED_SOURCES.values():
        for part in (source.name, source.attribution, source.terms, source.licence):
            assert part in outcome.out


PAGE = (REPOSITORY / "docs" / "basemaps.md").read_text(encoding="utf-8")


def commands(mark: str) -> list[list[str]]:
    blocks = re.findall(rf"```{mark}\n(.*?)```", PAGE, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line.removeprefix("$ ")) for line in lines if line.startswith("$ ")]


def test_the_pages_commands_run(
    tile_site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """As they stand, in their order, with every server replaced by the one on loopback."""
    from dataclasses import replace

    from encoder_tool.tiles import named_sources
    from tests.engine.test_tiles_wmts import capabilities, serve
    from tests.support.tile_files import write_mbtiles

    monkeypatch.chdir(tmp_path)
    for name, source in list(NAMED_SOURCES.items()):
        local = replace(source, template=f"{tile_site.template}?{name}")
        monkeypatch.setitem(named_sources.NAMED_SOURCES, name, local)
    serve(tile_site, capabilities(tile_site.url))
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "places"))
    files = dict(re.findall(r"`([\w.]+)`:\n\n```json\n(.*?)```", PAGE, re.DOTALL))
    assert set(files) == {"here.json", "z18_x140152_y97400_80x80.tiles.json"}
    for file, text in files.items():
        local_text = text.replace("https://tiles.example.org", tile_site.url)
        (tmp_path / file).write_text(local_text, "utf-8")
    shown = commands("console")
    assert {words[0] for words in shown} == {"encoder-tool"}
    assert len(shown) >= 7
    for _, *words in shown:
        local_words = [
            re.sub(r"https://tiles\.example\.org", tile_site.url, word)
            .replace("https://wmts.example.org/WMTSCapabilities.xml", f"{tile_site.url}/wmts.xml")
            for word in words
        ]  # fmt: skip
        if "drone.mbtiles" in words:
            from encoder_tool.tiles import TilesRequest, plan_tiles
            from encoder_tool.types import BoundsMap

            box = BoundsMap(*map(float, words[words.index("--bbox") + 1].split(",")))
            zoom = int(words[words.index("--zoom") + 1])
            needed = plan_tiles(TilesRequest(box, zoom, tile_site.template, tmp_path / "n.tif"))
            write_mbtiles(tmp_path / "drone.mbtiles", list(needed.tiles), format="png")
        outcome = run_here(capsys, *local_words)
        assert outcome.code == 0, (words, outcome.err)


def test_the_page_says_what_the_code_does() -> None:
    for source in NAMED_SOURCES.values():
        assert f"`{source.name}`" in PAGE
        assert source.attribution in PAGE
        assert source.terms in PAGE
    assert f"{ASK_ABOVE:,} tiles" in PAGE
    assert TILES_VARIABLE in PAGE and PLACES_VARIABLE in PAGE
