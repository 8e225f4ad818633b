"""`nieuw`: a blank workbook."""

from __future__ import annotations

from pathlib import Path

import click

from rekentool.cli.options import FILE, json_option, overwrite_option
from rekentool.cli.screen import print_json
from rekentool.messages import EXIT_OK


@click.command(options_metavar="[OPTIES]")
@click.argument("bestand", type=FILE)
@overwrite_option
@json_option
def nieuw(bestand: Path, overschrijf: bool, as_json: bool) -> None:
    """Maak een nieuw werkboek met standaardwaarden.

    Voorbeeld: rekentool nieuw mijn-regio.xlsx
    """
    from rekentool.jobs.example import copy_template

    copy_template(bestand, overwrite=overschrijf)
    if as_json:
        print_json("nieuw", EXIT_OK, (), bestand=str(bestand))
        return
    click.echo(str(bestand))
