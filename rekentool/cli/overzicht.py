"""`overzicht`: one workbook with tables and charts over all regions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_tool
from rekentool.cli.screen import print_findings, print_json


@click.command(options_metavar="[OPTIES]")
@click.argument("bron", type=FILE, nargs=-1, required=True)
@click.option("--naar", "target", type=FILE, required=True, metavar="UIT", help="Het overzicht: een .xlsx.")
@click.option("--regel", metavar="REGEL", help="Waar het overzicht over gaat; zonder deze optie het saldo.")
@overwrite_option
@mapping_option
@json_option
def overzicht(
    bron: tuple[Path, ...], target: Path, regel: str | None, overschrijf: bool, mapping: Path | None, as_json: bool
) -> None:
    """Zet de uitkomsten van alle regio's in één werkboek, met grafieken.

    Een tabel voor draaitabellen, de rangorde, kleine grafieken per geval en de spreiding. De bron is een
    uitkomstentabel van reken of lees, een regiotabel, of een map met ingevulde werkboeken.

    Voorbeeld: rekentool overzicht uitkomsten.csv --naar overzicht.xlsx
    """
    from rekentool.jobs.overview import overview

    done = overview(the_tool(mapping, None), bron, target, line=regel, overwrite=overschrijf)
    if as_json:
        print_json("overzicht", done.exit_code, done.findings, bestand=str(done.path), bron=done.kind,
                   regios=done.regions, rijen=done.rows, regel=done.line, bewijs=str(done.receipt))  # fmt: skip
    else:
        regions = "één regio" if done.regions == 1 else f"{done.regions} regio’s"
        click.echo(f"{done.path}: {regions}, {done.rows} uitkomsten")
        print_findings(done.findings)
    sys.exit(done.exit_code)
