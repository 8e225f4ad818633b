"""`lees`: workbooks to a results table."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rekentool.cli.options import (
    FILE,
    json_option,
    lines_option,
    mapping_option,
    overwrite_option,
    show_option,
    the_tool,
)
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import CATALOGUE, EXIT_OK, RekentoolError


@click.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option("--naar", "target", type=FILE, required=True, metavar="UIT", help="De tabel: een .csv of .xlsx.")
@lines_option
@show_option
@overwrite_option
@mapping_option
@json_option
def lees(
    bestanden: tuple[Path, ...],
    target: Path,
    regels: str,
    toon: bool,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Lees de uitkomsten van werkboeken in één tabel.

    Elke waarde wordt opnieuw berekend en vergeleken met wat er in het bestand staat. Ook andere formules dan die van
    het sjabloon worden gemeld. Een bestand dat niet deugt, houdt de andere niet tegen.

    Voorbeeld: rekentool lees ingevuld/*.xlsx --naar uitkomsten.csv
    """
    from rekentool.jobs.read import read
    from rekentool.tables.results import COLUMNS, summary
    from rekentool.tables.table import check_target, write_table

    check_target(target, overwrite=overschrijf)
    tool = the_tool(mapping, None)
    filled, findings = read(tool, bestanden)
    if not filled:
        raise RekentoolError(findings)
    rows = [(*row, str(one.path)) for one in filled for row in one.rows(every_line=regels == "alle")]
    count = write_table(target, (*COLUMNS, "bestand"), rows, overwrite=overschrijf)
    code = max((CATALOGUE[found.code].exit_code for found in findings if found.severity == "fout"), default=EXIT_OK)
    if as_json:
        print_json(
            "lees",
            code,
            findings,
            bestand=str(target),
            rijen=count,
            gelezen=len(filled),
            geweigerd=len(bestanden) - len(filled),
        )
    else:
        click.echo(f"{target}: {count} rijen uit {len(filled)} van {len(bestanden)} bestanden")
        if toon:
            click.echo(f"\nSaldo per partij (euro):\n{summary(row for one in filled for row in one.rows())}")
        print_findings(findings)
    sys.exit(code)
