"""`voorbeeld`: copy the shipped regions table and filled workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from rekentool.cli.options import FILE, json_option, overwrite_option
from rekentool.cli.screen import print_json
from rekentool.messages import EXIT_OK


@click.command(options_metavar="[OPTIES]")
@click.option("--naar", "folder", type=FILE, required=True, metavar="MAP", help="De map voor de voorbeelden.")
@overwrite_option
@json_option
def voorbeeld(folder: Path, overschrijf: bool, as_json: bool) -> None:
    """Zet een regiotabel en ingevulde voorbeelden klaar.

    Voorbeeld: rekentool voorbeeld --naar voorbeelden
    """
    from rekentool.jobs.example import copy_examples

    paths = copy_examples(folder, overwrite=overschrijf)
    if as_json:
        print_json("voorbeeld", EXIT_OK, (), bestanden=[str(path) for path in paths])
        return
    for path in paths:
        click.echo(str(path))
