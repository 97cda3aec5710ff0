"""python -m training: prepare | train | export | average | plot | bundle. README.md tells how they
go together; each tells its options with --help."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

_HOME = Path("out/training")
_ATTRIBUTION = (
    "Imagery: contributors of Open Imagery Network / OpenAerialMap, CC-BY 4.0. "
    "Buildings: OpenStreetMap contributors, ODbL 1.0. By way of HOT's fAIr-utilities."
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_prepare(commands.add_parser("prepare", help="real imagery into a data pack"))
    _add_train(commands.add_parser("train", help="train, or go on training"))
    _add_export(commands.add_parser("export", help="a run's weights as safetensors and ONNX"))
    _add_average(commands.add_parser("average", help="several runs' weights as one model"))
    _add_plot(commands.add_parser("plot", help="draw a run's log"))
    _add_bundle(commands.add_parser("bundle", help="what a bare machine with torch lacks"))
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except ValueError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def _add_prepare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, help="folder of NAME_*.tif with NAME.geojson")
    parser.add_argument("--site", action="append", metavar="NAME", help="zanzibar, kampala")
    parser.add_argument("--out", type=Path, default=_HOME / "pack.npz")
    parser.add_argument("--attribution", default=_ATTRIBUTION)
    parser.set_defaults(run=_prepare)


def _prepare(options: argparse.Namespace) -> None:
    from training.prepare import prepare

    names = options.site or ["zanzibar", "kampala"]
    sites = prepare(options.data, names, options.out, options.attribution)
    for site in sites:
        print(f"{site.name}: {site.image.shape[1]} x {site.image.shape[0]} px, "
              f"{len(site.buildings)} buildings")  # fmt: skip
    print(f"{options.out}: {options.out.stat().st_size / 2**20:.1f} MiB")


def _add_train(parser: argparse.ArgumentParser) -> None:
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--minutes", type=float,
                        help="of learning, over all calls; no step is cut off")  # fmt: skip
    budget.add_argument("--steps", type=int, help="in its place: the same on any machine")
    parser.add_argument("--stop-after", type=float, metavar="MINUTES", help="of this call alone")
    parser.add_argument("--recipe", choices=("auto", "cpu", "further", "cuda", "smoke"),
                        default="auto",
                        help="cpu, cuda: from nothing; further: from --init; smoke: does it learn "
                        "at all, on four small scenes; auto: by the device and --init")  # fmt: skip
    parser.add_argument("--structure", default="nano", help="a structure of the registry")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--pack", type=Path, help="real imagery (prepare); none: scenes alone")
    parser.add_argument("--init", type=Path, help="begin from these weights where they fit")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2, help="that make scenes meanwhile")
    parser.add_argument("--threads", type=int, help="of torch on the CPU")
    parser.add_argument("--out", type=Path, help="the run's folder; resumed if it is one")
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> None:
    import torch

    from training.run import Run, Settings
    from training.schedule import RECIPES

    if options.threads:
        torch.set_num_threads(options.threads)
    cuda = torch.cuda.is_available()
    device = ("cuda" if cuda else "cpu") if options.device == "auto" else options.device
    recipe = options.recipe
    if recipe == "auto":
        recipe = "cuda" if device == "cuda" else "further" if options.init else "cpu"
    run = Run(
        Settings(
            out=options.out or _HOME / options.structure,
            structure=options.structure,
            recipe=RECIPES[recipe],
            minutes=options.minutes,
            steps=options.steps,
            device=device,
            seed=options.seed,
            stop_after=options.stop_after,
            pack=options.pack,
            processes=options.processes,
            first_weights=options.init,
        )
    )
    run.resume()
    run.train()
    if run.is_done:
        print(f"Done. To make files of the weights: python -m training export {run.settings.out}")
    else:
        print("Not done yet. The same command goes on.")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path)
    parser.add_argument("--weights-only", action="store_true", help="no ONNX")
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> None:
    from training.export import write_onnx, write_weights
    from training.run import STATE

    weights = write_weights(options.run_folder / STATE, options.run_folder)
    files = [weights]
    if not options.weights_only:
        files += write_onnx(weights.stem, weights)
    for path in files:
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def _add_average(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "weights", type=Path, nargs="+",
        help="safetensors of one structure; one that is named twice counts double",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True)
    parser.set_defaults(run=_average)


def _average(options: argparse.Namespace) -> None:
    from training.average import average_weights

    print(average_weights(options.weights, options.out))


def _add_plot(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_folder", type=Path)
    parser.set_defaults(run=_plot)


def _plot(options: argparse.Namespace) -> None:
    from training.log import plot_log
    from training.run import LOG

    picture = options.run_folder / "log.png"
    plot_log(options.run_folder / LOG, picture)
    print(picture)


def _add_bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=_HOME / "bundle")
    parser.set_defaults(run=_bundle)


def _bundle(options: argparse.Namespace) -> None:
    from training.bundle import write_bundle

    print(f"{options.out}: {write_bundle(options.out) / 2**20:.1f} MiB")


if __name__ == "__main__":
    sys.exit(main())
