"""`reken`: a regions table to a results table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rekentool.cli.options import (
    FILE,
    json_option,
    lines_option,
    mapping_option,
    overwrite_option,
    show_option,
    the_regions,
    the_tool,
)
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import EXIT_OK

if TYPE_CHECKING:
    from rekentool.tables.results import ResultRow


@click.command(options_metavar="[OPTIES]")
@click.argument("regios", type=FILE)
@click.option("--naar", "target", type=FILE, required=True, metavar="UIT", help="De tabel: een .csv of .xlsx.")
@lines_option
@show_option
@overwrite_option
@mapping_option
@json_option
def reken(
    regios: Path, target: Path, regels: str, toon: bool, overschrijf: bool, mapping: Path | None, as_json: bool
) -> None:
    """Reken een regiotabel door naar een tabel.

    Schrijft alleen de uitkomsten en maakt geen werkboeken.

    Voorbeeld: rekentool reken regios.csv --naar uitkomsten.xlsx
    """
    from rekentool.jobs.compute import compute
    from rekentool.tables.results import COLUMNS, summary
    from rekentool.tables.table import check_target, write_table

    check_target(target, overwrite=overschrijf)
    tool = the_tool(mapping, None)
    regions = the_regions(regios, tool)
    findings = list(regions.findings)
    rows = compute(tool, regions, findings, every_line=regels == "alle")
    seen: list[ResultRow] = []
    count = write_table(target, COLUMNS, _noted(rows, seen), overwrite=overschrijf)
    if as_json:
        print_json("reken", EXIT_OK, findings, bestand=str(target), rijen=count, regios=len(regions))
        return
    click.echo(f"{target}: {count} rijen uit {len(regions)} {'regio' if len(regions) == 1 else 'regio’s'}")
    if toon:
        click.echo(f"\nSaldo per partij (euro):\n{summary(seen)}")
    print_findings(findings)


def _noted(rows: Iterable[ResultRow], seen: list[ResultRow]) -> Iterator[ResultRow]:
    """Pass the rows on and keep the few that the screen shows, so that a long table is still streamed."""
    for row in rows:
        if row.regel == "saldo" and row.jaar == "totaal":
            seen.append(row)
        yield row
