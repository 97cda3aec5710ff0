"""The main group, and the one place where errors become a sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from encoder_tool.cli.auto import auto
from encoder_tool.cli.encode import encode
from encoder_tool.cli.evaluate import evaluate
from encoder_tool.cli.info import info
from encoder_tool.cli.models import models
from encoder_tool.cli.options import common_options
from encoder_tool.cli.osm import osm
from encoder_tool.cli.refine import refine
from encoder_tool.cli.request import request
from encoder_tool.cli.sample import sample
from encoder_tool.cli.segment import segment
from encoder_tool.cli.session import Session
from encoder_tool.cli.tiles import tiles
from encoder_tool.cli.verify import verify
from encoder_tool.errors import Cancelled, EngineError
from encoder_tool.version import version

PROGRAM = "encoder-tool"
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141
"""As shells report a process that SIGPIPE ended."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version(), prog_name=PROGRAM)
@common_options
def cli() -> None:
    """Encode a raster once with SAM 2, then segment objects by clicks and boxes.

    \b
    Examples:
      encoder-tool sample scene
      encoder-tool encode scene/scene.tif
      encoder-tool segment scene/scene.tif.nano.sam2.zarr --include 500132,4649768 --out -
    """


for command in (
    sample, tiles, encode, info, verify, segment, auto, request, evaluate, models, osm, refine,
):  # fmt: skip
    cli.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    session = Session()
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name=PROGRAM,
            obj=session,
            standalone_mode=False,
        )
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Aborted.", err=True)
        return EXIT_INTERRUPTED
    except SystemExit:
        return EXIT_BROKEN_PIPE  # what click makes of a pipe that is closed while it writes
    except BrokenPipeError:
        _discard_stdout()
        return EXIT_BROKEN_PIPE
    except EngineError as error:
        # Being stopped is an outcome, not a fault.
        _explain(str(error) if isinstance(error, Cancelled) else f"Error: {error}", session)
        return error.exit_code
    # The outermost frame: whatever was not foreseen must still end in a sentence, not a traceback.
    except Exception as error:  # noqa: BLE001
        kind = type(error).__name__
        _explain(f"Unexpected error ({kind}: {error}); run again with --debug.", session)
        return EngineError.exit_code


def _explain(sentence: str, session: Session) -> None:
    if session.debug:
        traceback.print_exc()
    click.echo(sentence, err=True)


def _discard_stdout() -> None:
    """Keep the interpreter from complaining about the closed pipe when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
