"""The command line's own promises: streams, exit codes, sentences, help."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from encoder_tool.cache.manifest import DTYPES
from encoder_tool.cli import cli, run
from encoder_tool.cli.options import BANDS, BOUNDS, POINT
from encoder_tool.cli.progress import progress
from encoder_tool.cli.session import Session
from encoder_tool.errors import CacheNotFoundError, DiskFullError
from encoder_tool.types import XY, BoundsMap
from encoder_tool.version import version
from tests.support.cli import command_line, environment, run_apart, run_here
from tests.support.patience import PATIENCE_S

COMMANDS = (
    "sample", "tiles", "encode", "info", "verify", "segment", "auto", "request", "evaluate",
    "models", "osm", "refine",
)  # fmt: skip

FLAGS = {
    "sample": "--size --seed",
    "tiles": "--bbox --zoom --source --out --crs --cog --allow-missing --yes --overwrite --json",
    "encode": "--out --model --checkpoint --bands --stretch --resolution --extent --extent-crs "
    "--levels --overlap --dtype --device --batch --threads --restart --yes --json",
    "info": "--json",
    "verify": "--json",
    "segment": "--include --exclude --box --crs --level --gsd --candidate --simplify --min-area "
    "--min-hole --largest-part --all-parts --right-angles --out --out-crs --json",
    "auto": "--out --preset --points-per-side --pred-iou-thresh --stability-score-thresh --level "
    "--raster --extent --extent-crs --mask --min-area --max-area --classes --simplify "
    "--right-angles --labels "
    "--overlay --style --out-crs --overwrite --json",
    "request": "--out --source --model --overwrite",
    "evaluate": "--layer --limit --json --plot",
    "osm read": "--out --overwrite --json",
    "osm write": "--original --out --layer --delete-missing --overwrite --json",
}


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """All commands with their words, groups included."""
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))


ALL_COMMANDS = dict(leaves(cli))


def test_the_fixed_commands_and_flags_exist() -> None:
    assert set(cli.commands) == set(COMMANDS)
    for name, flags in FLAGS.items():
        have = {option for p in ALL_COMMANDS[name].params for option in p.opts}
        assert set(flags.split()) <= have, name


def test_what_an_earlier_run_did_counts_for_no_speed(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(Session(), "Fetching", "B", resumes=True) as bar:
        bar.reached(900, 1000)
        assert "Fetching: 900B [00:00, ?B/s]" in capsys.readouterr().err
        bar.reached(950, 1000)
    assert bar.done == 950


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_every_command_takes_debug_and_quiet_and_shows_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ALL_COMMANDS[name]
    assert {"--debug", "-q"} <= {option for p in command.params for option in p.opts}
    shown = run_here(capsys, *name.split(), "--help")
    assert shown.code == 0
    assert "Examples:" in shown.out


def test_the_help_of_encode_names_the_quick_default_and_the_way_to_larger_models() -> None:
    told = " ".join((ALL_COMMANDS["encode"].help or "").split())
    assert "nano is the quick default" in told
    assert "`encoder-tool models download sam2.1-tiny`" in told
    (model,) = (p for p in ALL_COMMANDS["encode"].params if p.name == "model")
    assert model.default == "nano"


def test_encode_offers_the_types_that_caches_know() -> None:
    """Written out in the command, whose help imports nothing heavy."""
    (dtype,) = (p for p in ALL_COMMANDS["encode"].params if p.name == "dtype")
    assert isinstance(dtype.type, click.Choice)
    assert tuple(dtype.type.choices) == DTYPES


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_examples_in_help_are_lines_that_parse(name: str) -> None:
    """Each example's words are taken by the parser of the command it is shown for."""
    text = (ALL_COMMANDS[name].help or "").partition("Examples:")[2]
    examples = [shlex.split(line) for line in text.replace("\\\n", " ").strip().splitlines()]
    assert examples
    for program, *words in examples:
        assert program == "encoder-tool"
        assert " ".join(words).startswith(name)
        ALL_COMMANDS[name].make_context(name, words[len(name.split()) :])


def test_version_is_that_of_the_metadata(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run_here(capsys, "--version")
    assert shown.out.strip() == f"encoder-tool, version {version()}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("-12.5,40", XY(-12.5, 40)), ("412800.125,5317199.875", XY(412800.125, 5317199.875))],
)
def test_points_keep_their_sign_and_their_digits(text: str, meant: XY) -> None:
    assert POINT.convert(text, None, None) == meant


def test_options_take_values_that_start_with_a_minus() -> None:
    context = cli.commands["segment"].make_context(
        "segment", ["c", "--include", "-12.5,40", "--include", "-1,-2", "--box", "-1,-2,3,4",
                    "--out", "-"],
    )  # fmt: skip
    assert context.params["include"] == (XY(-12.5, 40), XY(-1, -2))
    assert context.params["box"] == BoundsMap(-1, -2, 3, 4)
    assert context.params["out"] == "-"


@pytest.mark.parametrize(
    ("kind", "text", "part"),
    [
        (POINT, "1", "1 numbers; X,Y has 2"),
        (POINT, "1;2", "is not X,Y"),
        (POINT, "1,nan", "not finite"),
        (BOUNDS, "3,4,1,2", "is empty; the order is XMIN,YMIN,XMAX,YMAX"),
        (BOUNDS, "1,2,3", "3 numbers"),
        (BANDS, "red", "band numbers"),
    ],
)
def test_unreadable_values_are_explained(kind: click.ParamType, text: str, part: str) -> None:
    with pytest.raises(click.BadParameter, match=part):
        kind.convert(text, None, None)


def test_unknown_options_end_with_the_usage_code(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run_here(capsys, "info", "cache", "--colour")
    assert outcome.code == 2
    assert "--colour" in outcome.err
    assert outcome.out == ""


def failing_command(error: BaseException) -> click.Command:
    @click.command()
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (CacheNotFoundError("There is none.", "Make one."), 4, "Error: There is none. Make one."),
        (DiskFullError("The disk is full."), 13, "Error: The disk is full."),
        (ZeroDivisionError("division"), 1,
         "Unexpected error (ZeroDivisionError: division); run again with --debug."),
        (KeyboardInterrupt(), 130, "Aborted."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("debug", [False, True])
def test_an_error_is_one_sentence_and_a_code(
    error: BaseException, code: int, sentence: str, debug: bool,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(cli.commands, "fail", failing_command(error))
    outcome = run_here(capsys, *(["--debug"] if debug else []), "fail")
    assert outcome.code == code
    assert outcome.err.splitlines()[-1] == sentence
    assert outcome.out == ""
    traced = debug and not isinstance(error, KeyboardInterrupt)
    assert ("Traceback" in outcome.err) == traced
    assert len(outcome.err.splitlines()) == 1 or debug or code == 130


@pytest.mark.parametrize("place", ["before", "after"])
def test_debug_is_taken_before_and_after_the_command(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["info", "nowhere.sam2.zarr"]
    words = ["--debug", *words] if place == "before" else [*words, "--debug"]
    outcome = run_here(capsys, *words)
    assert outcome.code == 4
    assert "Traceback" in outcome.err


def test_a_reader_that_leaves_early_is_no_error() -> None:
    """As `encoder-tool models list | head -1`, with an output larger than a pipe's buffer."""
    program = (
        "import sys, click\n"
        "from encoder_tool.cli import cli, run\n"
        "@cli.command()\n"
        "def flood():\n"
        "    for _ in range(10000): click.echo('x' * 100)\n"
        "sys.exit(run(['flood']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(PATIENCE_S) == 141
        assert process.stderr.read() == b""


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from encoder_tool.cli import run\n"
        "run(['segment', '--help'])\n"
        "heavy = {'torch', 'zarr', 'rasterio', 'onnxruntime', 'shapely', 'pyproj', 'cv2'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False,
        env=environment(), timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_ctrl_c_while_it_starts_leaves_one_word() -> None:
    program = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'encoder_tool.cli.group': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from encoder_tool.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False,
        env=environment(), timeout=PATIENCE_S,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Aborted.\n")


def test_models_list_is_data_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run_here(capsys, "models", "list", "--json")
    listed = {model["name"]: model for model in json.loads(outcome.out)["models"]}
    assert listed["nano"]["available"] and listed["nano"]["embedded"]
    assert listed["sam2.1-large"]["size_bytes"] == 898_083_611
    table = run_here(capsys, "models", "list")
    assert table.out.startswith("nano")
    assert "nano is the quick default" in table.err
    assert "models download sam2.1-tiny" in table.err


def test_an_unknown_model_cannot_be_downloaded(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run_here(capsys, "models", "download", "sam9")
    assert outcome.code == 10
    assert "sam9" in outcome.sentence and "sam2.1-tiny" in outcome.sentence


def test_the_module_runs_as_a_program() -> None:
    assert command_line("x")[1:3] == ["-m", "encoder_tool"]
    outcome = run_apart("--version")
    assert (outcome.code, outcome.err) == (0, "")
    assert version() in outcome.out
    assert run([]) != 0, "no command at all is wrong usage"
