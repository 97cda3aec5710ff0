"""`segment RASTER`: prompts on a raster that nobody has encoded."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely

from encoder_tool.cache import layout
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.cli.on_demand import encode_for_prompt, names_raster, segment_whole
from encoder_tool.cli.session import Session
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.encode.request import RegisteredModel
from encoder_tool.errors import CacheLockedError, CacheMismatchError, MissingTilesError
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.seam import PromptDecoder
from encoder_tool.segment import MapPrompt, SegmentedObject, Segmenter, SegmentRequest
from encoder_tool.stitch import Cut, Limits
from encoder_tool.types import PatchId, Prompt
from tests.support.cli import run_apart, run_here
from tests.support.fake_cache import FakeCache
from tests.support.fakes import FakeModel, tree_bytes
from tests.support.oracle import Disc, Shape, rectangle
from tests.support.rasters import NORTH_UP, noise, write_raster
from tests.support.stitching import iou, on_map, oracle_segmenter, road
from tests.support.told_decoder import tell

HOUSE = "500132,4649768"

HALL = rectangle(1150, 900, 1500, 700)
"""In level-0 pixels of an oracle's raster."""


@pytest.fixture
def fresh(sample_cache: Path, tmp_path: Path) -> Path:
    """1280 pixels, not encoded: four patches at level 0, one at level 1."""
    return Path(shutil.copy(sample_cache.with_name("scene.tif"), tmp_path / "scene.tif"))


def present(cache: FeatureCache) -> list[PatchId]:
    return [patch for patch in cache.pyramid.patches() if cache.is_present(patch)]


def polygon(geojson: str) -> shapely.Geometry:
    (feature,) = json.loads(geojson)["features"]
    return shapely.from_geojson(json.dumps(feature["geometry"]))


@pytest.mark.slow
def test_a_raster_is_segmented_and_its_cache_begun(fresh: Path, tmp_path: Path) -> None:
    """Without torch; the polygon is that of the cache, which the next click goes on with."""
    first = run_apart("segment", fresh, "--include", HOUSE, "--out", "-", torch=False)
    assert first.code == 0, first.err
    cache = tmp_path / "scene.tif.nano.sam2.zarr"
    line, *remarks = first.err.splitlines()
    told = re.fullmatch(
        r"Encoded patch (\d), (\d) of level 0 with nano in [\d.]+ s, into (.*); "
        r"`encoder-tool encode (.*)` adds the rest\.",
        line,
    )
    assert told is not None, line
    assert (told[3], told[4]) == (str(cache), str(fresh))
    assert present(open_cache(cache)) == [PatchId(0, int(told[1]), int(told[2]))]

    again = run_apart("segment", fresh, "--include", HOUSE, "--out", "-", torch=False)
    by_cache = run_apart("segment", cache, "--include", HOUSE, "--out", "-", torch=False)
    assert again.err.splitlines() == by_cache.err.splitlines() == remarks, "nothing to encode"
    assert polygon(first.out).equals(polygon(by_cache.out))
    assert polygon(again.out).equals(polygon(by_cache.out))
    assert plan_encode(EncodeRequest(fresh)).skipped == 1


FAULTS = {
    "no prompt": ((), 8, "no include point"),
    "outside": (("--include", "0,0"), 8, "outside the raster"),
    "no such level": (("--include", HOUSE, "--level", "7"), 2, "level 7"),
    "prompts on no single patch": (
        ("--include", "500001,4649999", "--include", "500380,4649620", "--level", "0"),
        8, "No patch of level 0",
    ),
    "unknown output CRS": (("--include", HOUSE, "--out-crs", "EPSG:0"), 14, "EPSG:0"),
    "no such tolerance": (("--include", HOUSE, "--simplify", "inf"), 2, "simplify_px"),
    "unknown model": (("--include", HOUSE, "--model", "sam9"), 10, "sam9"),
    "existing output": (("--include", HOUSE, "--out", "{tmp}/scene.tif"), 14, "scene.tif"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_prompts_are_refused_before_anything_is_written(
    fault: str, fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, code, part = FAULTS[fault]
    before = tree_bytes(tmp_path)
    outcome = run_here(capsys, "segment", fresh, *(word.format(tmp=tmp_path) for word in words))
    assert outcome.code == code, outcome.err
    assert part in outcome.sentence
    assert outcome.err == f"{outcome.sentence}\n"
    assert tree_bytes(tmp_path) == before


def test_an_output_crs_for_a_raster_without_one_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raster = write_raster(tmp_path / "scene.tif", noise(3, 300, 300), crs=None)
    before = tree_bytes(tmp_path)
    x, y = NORTH_UP @ (150, 150)
    words = ("--include", f"{x},{y}", "--out-crs", "EPSG:4326")
    outcome = run_here(capsys, "segment", raster, *words)
    assert (outcome.code, "no CRS" in outcome.sentence) == (2, True), outcome.err
    assert tree_bytes(tmp_path) == before


def test_what_is_no_raster_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("These are notes.\n" * 100)
    outcome = run_here(capsys, "segment", notes, "--include", HOUSE)
    assert (outcome.code, outcome.err) == (3, f"{outcome.sentence}\n")
    assert "notes.txt is not a raster" in outcome.sentence
    absent = run_here(capsys, "segment", tmp_path / "absent.tif", "--include", HOUSE)
    assert absent.code == 4
    folder = run_here(capsys, "segment", tmp_path, "--include", HOUSE, "--model", "nano")
    assert (folder.code, "--model is for rasters" in folder.sentence) == (2, True)


def test_names_that_gdal_opens_are_rasters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names_raster("/vsicurl/https://example.org/a.tif")
    assert names_raster('NETCDF:"a.nc":band')
    assert not names_raster("C\\caches\\a.sam2.zarr")
    assert not names_raster(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run:2.sam2.zarr").mkdir()
    assert not names_raster("run:2.sam2.zarr")


class TestWholeObjects:
    """What an object goes on in is encoded, with a decoder that knows the truth."""

    @pytest.fixture
    def segmenter(self) -> Segmenter:
        return self.segmenter_of(HALL, limit=24)

    def segmenter_of(self, shape: Shape, limit: int) -> Segmenter:
        """Of a cache of one patch."""
        limits = Limits(patches=limit, seconds=600)
        segmenter = oracle_segmenter(shape, limits=limits)
        cache = segmenter.cache
        assert isinstance(cache, FakeCache)
        cache.keep_only(PatchId(0, 0, 0))
        return segmenter

    def whole(
        self, segmenter: Segmenter, at: tuple[float, float], level: int | None = None
    ) -> tuple[SegmentedObject, list[list[PatchId]]]:
        """The object, and what was encoded at a time."""
        cache, encoded = segmenter.cache, list[list[PatchId]]()
        assert isinstance(cache, FakeCache)

        def encode(patches: Sequence[PatchId]) -> None:
            cache.states.update(dict.fromkeys(patches, PatchStatus.PRESENT))
            encoded.append(list(patches))

        request = SegmentRequest(MapPrompt(include=on_map(at)), level=level)
        (found,) = segment_whole(segmenter, request, encode).objects
        return found, encoded

    def test_an_object_over_the_borders_of_patches(self, segmenter: Segmenter) -> None:
        """It is known to go on in the third column once the second one is there."""
        found, encoded = self.whole(segmenter, (900, 700))
        assert found.is_complete
        assert iou(found, HALL.polygon) >= 0.99
        assert encoded == [
            [PatchId(0, 0, 1), PatchId(0, 1, 0), PatchId(0, 1, 1)],
            [PatchId(0, 0, 2), PatchId(0, 1, 2)],
        ]

    def test_what_is_seen_by_two_patches_is_encoded_once(self) -> None:
        """What lies beyond the border is in the overlap of two rows."""
        segmenter = self.segmenter_of(rectangle(1100, 890, 500, 100), limit=24)
        found, encoded = self.whole(segmenter, (900, 890))
        assert found.is_complete
        assert encoded == [[PatchId(0, 0, 1)]]

    def test_an_object_within_its_patch(self) -> None:
        segmenter = self.segmenter_of(rectangle(500, 500, 200, 100), limit=24)
        found, encoded = self.whole(segmenter, (500, 500))
        assert (found.is_complete, encoded) == (True, [])

    def test_no_more_than_an_object_is_followed_through(self) -> None:
        """The level is pinned, so that nothing coarser may answer."""
        segmenter = self.segmenter_of(road(60, (100, 900), (4900, 900)), limit=4)
        found, encoded = self.whole(segmenter, (400, 900), level=0)
        assert found.cuts == (Cut.LIMIT,)
        assert 0 < sum(map(len, encoded)) <= 4

    def test_an_object_too_large_for_its_level(self) -> None:
        """The level above is encoded as well."""
        lake = Disc(2000, 2000, 1500)
        segmenter = self.segmenter_of(lake, limit=6)
        cache = segmenter.cache
        assert isinstance(cache, FakeCache)
        cache.keep_only(PatchId(0, 1, 1))
        found, encoded = self.whole(segmenter, (1200, 1200))
        assert found.is_complete
        assert iou(found, lake.polygon) >= 0.98
        levels = Counter(patch.level for some in encoded for patch in some)
        assert set(levels) == {0, 1}
        assert max(levels.values()) <= 6

    def test_while_another_process_writes_to_the_cache(self, segmenter: Segmenter) -> None:
        def refuse(_patches: Sequence[PatchId]) -> None:
            raise CacheLockedError("Another process writes to it.")

        request = SegmentRequest(MapPrompt(include=on_map((900, 700))))
        (found,) = segment_whole(segmenter, request, refuse).objects
        assert found.cuts == (Cut.NOT_ENCODED,)

    def test_while_the_tiles_of_a_neighbour_cannot_be_had(self, segmenter: Segmenter) -> None:
        def fail(_patches: Sequence[PatchId]) -> None:
            raise MissingTilesError("1 of 16 tiles could not be had.", None, ["14/1/2"])

        request = SegmentRequest(MapPrompt(include=on_map((900, 700))))
        (found,) = segment_whole(segmenter, request, fail).objects
        assert found.cuts == (Cut.NOT_ENCODED,)

    def test_by_the_command(self, fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A band across the raster, by a decoder that answers all prompts of a patch with it."""
        words = ("segment", fresh, "--include", "500030,4649856", "--out", "-")
        assert run_here(capsys, *words, "--no-stitch").code == 0
        cache = Path(f"{fresh}.nano.sam2.zarr")
        band = np.full((4, 256, 256), -8, np.float32)
        band[:, 100:140] = 8
        tell(cache, band, np.full(4, 0.9, np.float32))
        found = run_here(capsys, *words)
        assert found.code == 0, found.err
        assert re.search(r"Encoded 1 more, into which the object goes on, in [\d.]+ s\.", found.err)
        assert sorted(present(open_cache(cache))) == [PatchId(0, 0, 0), PatchId(0, 0, 1)]
        assert json.loads(found.out)["features"][0]["properties"]["area_px"] == pytest.approx(
            1280 * 160, rel=0.01
        )
        again = run_here(capsys, *words)
        assert "Encoded" not in again.err
        assert polygon(again.out).equals(polygon(found.out))


def test_the_decoder_of_a_new_cache_is_loaded_by_the_way(tmp_path: Path) -> None:
    """But not one beside that of a cache that is there."""
    raster = str(write_raster(tmp_path / "scene.tif", noise(3, 300, 300)))
    asked: list[PromptDecoder | None] = []
    for _ in range(2):
        cache, decoder = encode_for_prompt(raster, "nano", lambda _: PatchId(0, 0, 0), Session())
        asked.append(decoder)
    assert asked[0] is not None and asked[1] is None
    features = cache.load(PatchId(0, 0, 0))
    click = Prompt(np.array([[100.0, 100.0]]), np.ones(1, np.int64))
    own = OnnxDecoder(cache.decoder_graphs(), cache.manifest.model.stability)
    (ours,), (theirs,) = (
        decoder.decode(decoder.prepare(features), [click]) for decoder in (asked[0], own)
    )
    assert np.array_equal(ours.logits, theirs.logits)


class TestCache:
    """Which cache is used, with the fake model: no prompt is answered here."""

    @pytest.fixture(autouse=True)
    def fake(self, monkeypatch: pytest.MonkeyPatch) -> FakeModel:
        model = FakeModel()
        monkeypatch.setattr(RegisteredModel, "of", lambda _: model)
        return model

    @pytest.fixture
    def raster(self, tmp_path: Path) -> Path:
        return write_raster(tmp_path / "scene.tif", noise(3, 1800, 1100))

    def encode(self, raster: Path, *patch: int) -> FeatureCache:
        cache, _ = encode_for_prompt(str(raster), "nano", lambda _: PatchId(*patch), Session())
        return cache

    def test_it_grows_patch_by_patch(self, raster: Path, fake: FakeModel) -> None:
        for count, patch in enumerate([(0, 1, 1), (1, 0, 0), (0, 1, 1)], start=1):
            cache = self.encode(raster, *patch)
            assert cache.is_present(PatchId(*patch))
            assert len(present(cache)) == min(count, 2)
        assert [encoder.batches for encoder in fake.encoders] == [[1], [1]]

    def test_damage_elsewhere_is_left_to_a_later_encode(
        self, raster: Path, fake: FakeModel
    ) -> None:
        made = run_encode(plan_encode(EncodeRequest(raster, levels=1), model=fake))
        lost = PatchId(0, 1, 0)
        layout.patch_files(made.cache, lost, made.dtype)["high_res_0"].unlink()
        cache = self.encode(raster, 1, 0, 0)
        assert cache.is_present(PatchId(1, 0, 0))
        assert fake.encoders[-1].batches == [1]
        assert (cache.is_present(lost), cache.find_damage()) == (False, [])
        assert plan_encode(EncodeRequest(raster, levels=1), model=fake).todo == (lost,)

    @pytest.mark.parametrize(
        "options",
        [{"bands": (3, 2, 1)}, {"overlap": 128}, {"dtype": "float32"}, {"resolution": 0.37},
         {"stretch": "3,97"}],
    )  # fmt: skip
    def test_a_cache_of_other_options_is_gone_on_with(
        self, raster: Path, fake: FakeModel, options: dict[str, object]
    ) -> None:
        request = EncodeRequest(raster, levels=1, **options)  # type: ignore[arg-type]
        made = run_encode(plan_encode(request, model=fake))
        cache = self.encode(raster, 1, 0, 0)
        assert cache.path == made.cache
        assert len(present(cache)) == made.encoded + 1

    def test_what_is_said_is_what_was_done(
        self, raster: Path, fake: FakeModel, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The command goes on with this very cache, and what was there already is not claimed."""
        spaced = raster.rename(raster.with_name("a scene.tif"))
        request = EncodeRequest(spaced, levels=1, resolution=0.2, overlap=128)
        run_encode(plan_encode(request, model=fake))
        top = open_cache(f"{spaced}.{fake.record().name}.sam2.zarr").pyramid.levels - 1
        self.encode(spaced, top, 0, 0)
        told = capsys.readouterr().err
        assert f"encode '{spaced}'" in told
        assert "--resolution 0.2 --overlap 128` adds the rest." in told
        os.utime(spaced, (1, 1))
        self.encode(spaced, top, 0, 0)
        assert capsys.readouterr().err == ""

    def test_what_another_process_writes_to_is_answered_from(self, raster: Path) -> None:
        path = self.encode(raster, 0, 0, 1).path
        with CacheWriter.open(path):
            assert self.encode(raster, 0, 0, 1).is_present(PatchId(0, 0, 1))
            with pytest.raises(CacheLockedError, match="or encode to another --out"):
                self.encode(raster, 0, 0, 0)

    def test_a_changed_raster_is_refused(self, raster: Path) -> None:
        self.encode(raster, 0, 0, 1)
        write_raster(raster, noise(3, 1800, 1100, seed=1))
        for patch in ((0, 0, 1), (0, 0, 0)):
            with pytest.raises(CacheMismatchError, match="pixels") as caught:
                self.encode(raster, *patch)
            # Not as options of this command, which has none for the cache.
            assert "Encode to another --out" in str(caught.value)
