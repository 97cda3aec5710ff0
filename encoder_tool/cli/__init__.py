"""The command line: thin commands over the engine, one per file.

Data goes to stdout, sentences and progress to stderr. A command's module imports nothing heavy:
what it needs is imported when it runs, so that `--help` is quick and prompts never load torch.
"""

from encoder_tool.cli.group import cli, run

__all__ = ["cli", "run"]
