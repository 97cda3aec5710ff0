"""`encoder-tool encode`."""
import click
@click.command()
def encode() -> None:
    """x"""
