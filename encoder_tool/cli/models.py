"""`encoder-tool models`."""

from __future__ import annotations

import click

from encoder_tool.cli.options import common_options, json_option
from encoder_tool.cli.progress import progress
from encoder_tool.cli.session import current_session, print_json, print_table


@click.group()
@common_options
def models() -> None:
    """List the models, and download those that do not ship with the engine.

    \b
    Examples:
      encoder-tool models list
      encoder-tool models download sam2.1-tiny
    """


@models.command("list")
@json_option
@common_options
def list_models(as_json: bool) -> None:
    """List the models and whether they are on this machine.

    \b
    Examples:
      encoder-tool models list
      encoder-tool models list --json
    """
    from encoder_tool.model import REGISTRY
    from encoder_tool.model.resolve import checkpoint_directory

    folder = checkpoint_directory()
    listed = []
    for spec in REGISTRY.values():
        path = folder / spec.remote.filename if spec.remote else None
        listed.append(
            {
                "name": spec.name,
                "summary": spec.summary,
                "available": path is None or path.is_file(),
                "embedded": path is None,
                "path": str(path) if path else None,
                "url": spec.remote.url if spec.remote else None,
                "size_bytes": spec.remote.size if spec.remote else None,
            }
        )
    if as_json:
        print_json({"directory": str(folder), "models": listed})
        return
    states = {True: "ready", False: "not downloaded"}
    print_table(
        [(str(m["name"]), f"{m['summary']} [{states[bool(m['available'])]}]") for m in listed]
    )
    session = current_session()
    session.say(
        "nano is the quick default; the SAM 2.1 models are better and need torch to encode. Get "
        "one: encoder-tool models download sam2.1-tiny"
    )
    session.say(f"Downloaded models are kept in {folder}.")


@models.command()
@click.argument("name")
@click.option("--url", help="Take the file from this mirror; its sha256 is checked all the same.")
@common_options
def download(name: str, url: str | None) -> None:
    """Download the model NAME, or what is left of it after a cut.

    \b
    Examples:
      encoder-tool models download sam2.1-tiny
      encoder-tool models download sam2.1-tiny --url http://mirror.example/sam2.1_hiera_tiny.pt
    """
    from encoder_tool.model.download import download_model

    session = current_session()
    with progress(session, name, "B", resumes=True, scaled=True) as bar:
        path = download_model(name, url=url, on_progress=bar.reached)
    session.say(f"{name} is ready: {path}")
