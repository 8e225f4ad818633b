"""`leg-uit`: why a number is what it is, and what a cell touches."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from rekentool.cli.options import FILE, json_option, mapping_option, the_tool
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import CATALOGUE, EXIT_OK, Finding

#: What ``--diepte`` takes for no end.
_ALL = "alles"


def _depth(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A whole number from 1, or ``alles``."""
    if value is None or value == _ALL or (value.isascii() and value.isdecimal() and len(value) < 5 and int(value)):
        return value
    raise click.BadParameter(f'"{value}" is geen heel getal vanaf 1, en ook niet "{_ALL}".', context, parameter)


@click.command("leg-uit", options_metavar="[OPTIES]")
@click.argument("bestand", type=FILE)
@click.argument("plaats")
@click.option(
    "--diepte",
    callback=_depth,
    metavar="N",
    help="Hoeveel stappen diep de boom gaat (standaard 3), of: alles.",
)
@click.option("--raakt", is_flag=True, help="Omgekeerd: welke uitkomsten hangen van deze cel af, en hoe sterk.")
@mapping_option
@json_option
def leg_uit(bestand: Path, plaats: str, diepte: str | None, raakt: bool, mapping: Path | None, as_json: bool) -> None:
    """Leg uit waarom een getal in een werkboek is wat het is.

    PLAATS is een cel (Resultaat!C9), een naam, een veld (aantal_studenten.bbl1), een kengetal, een controle, een
    uitkomst (saldo.gemeente.bol2), of wat er in het werkboek bij staat. U krijgt een boom: waar de waarde vandaan
    komt, met de grootste takken eerst, tot aan de invoer en de kengetallen met hun bron. Alles is vers berekend.

    Voorbeeld: rekentool leg-uit mijn-regio.xlsx saldo.gemeente.bol2
    """
    from rekentool.cli.drawing import touch_data, touch_lines, tree_data, tree_lines
    from rekentool.jobs.explain import DEPTH, explain
    from rekentool.jobs.touch import touches

    if raakt and diepte is not None:
        raise click.UsageError("--diepte hoort bij de boom; --raakt heeft geen diepte.")
    tool = the_tool(mapping, None)
    findings: Iterable[Finding]
    if raakt:
        touch = touches(tool, bestand, plaats)
        findings, region, data = touch.findings, touch.region, touch_data(touch)
        headline = {str(cell.address) for cell in tool.binding.results()}
        lines = touch_lines(touch, tool.mapping, headline)
    else:
        depth = None if diepte == _ALL else DEPTH if diepte is None else int(diepte)
        explanation = explain(tool, bestand, plaats, depth)
        findings, region = explanation.findings, explanation.region
        data = {"boom": tree_data(explanation.top), "fout_begint_bij": list(explanation.origins)}
        lines = tree_lines(explanation, tool.mapping)
    code = max((CATALOGUE[found.code].exit_code for found in findings if found.severity == "fout"), default=EXIT_OK)
    if as_json:
        print_json("leg-uit", code, findings, bestand=str(bestand), regio=region, **data)
    else:
        click.echo(f"{bestand} ({region})\n")
        for line in lines:
            click.echo(line)
        print_findings(findings)
    sys.exit(code)
