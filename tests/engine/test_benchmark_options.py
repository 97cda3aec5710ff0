"""What the benchmarks say before they measure anything, on a machine without torch."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.support.cli import REPOSITORY, environment

OF_TORCH = ("automatic", "cache_size", "click_latency", "encode_cost", "hover", "model_cost")
"""Those that measure a large model unless told otherwise."""

WITHOUT_TORCH = """
import argparse, json, runpy, sys

sys.modules.update(dict.fromkeys(("torch", "sam2", "safetensors", "onnx", "hydra")))
parse_args, looked_at, ends = argparse.ArgumentParser.parse_args, {}, {}

def look(parser, *arguments):
    parser.format_help()
    looked_at[sys.argv[0]] = {
        action.option_strings[-1]: action.help for action in parser._actions
    }
    return parse_args(parser, *arguments)

argparse.ArgumentParser.parse_args = look
for path in sys.argv[1:]:
    for options in ([], ["--help"]):
        if not options and path not in PATHS_OF_TORCH:
            continue
        sys.argv = [path, *options]
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            ends[path] = [*ends.get(path, []), end.code]
print("\\n" + json.dumps([looked_at, ends]))
"""


def test_options_are_explained_without_torch_and_its_want_is_a_sentence() -> None:
    scripts = sorted(str(path) for path in (REPOSITORY / "benchmarks").glob("*.py"))
    need = [path for path in scripts if path.rpartition("/")[2][:-3] in OF_TORCH]
    assert len(need) == len(OF_TORCH)
    script = WITHOUT_TORCH.replace("PATHS_OF_TORCH", repr(need))
    done = subprocess.run(
        [sys.executable, "-c", script, *scripts],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    options, ends = json.loads(done.stdout.splitlines()[-1])
    assert sorted(options) == scripts
    bare = {path: [o for o, text in told.items() if not text] for path, told in options.items()}
    assert not any(bare.values()), bare
    for path in scripts:
        *refused, helped = ends[path]
        assert helped == 0
        assert len(refused) == (path in need)
        assert all("make setup-dev" in sentence for sentence in refused)
