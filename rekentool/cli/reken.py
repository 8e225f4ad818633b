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
    table_option,
    the_regions,
    the_tool,
)
from rekentool.cli.screen import print_balances, print_findings, print_json
from rekentool.messages import EXIT_OK

if TYPE_CHECKING:
    from rekentool.tables.results import ResultRow


@click.command(options_metavar="[OPTIES]")
@click.argument("regios", type=FILE)
@table_option
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
    from rekentool.jobs.compute import compute, row_count
    from rekentool.jobs.receipt import FileMark, check_receipt_target, run_facts
    from rekentool.jobs.receiptpage import leave_receipt
    from rekentool.jobs.tablereceipt import ComputedRegions, Tally
    from rekentool.tables.results import COLUMNS
    from rekentool.tables.table import check_length, check_target, write_table

    check_target(target, overwrite=overschrijf)
    check_receipt_target(target, overwrite=overschrijf)
    tool = the_tool(mapping, None)
    regions = the_regions(regios, tool)
    check_length(target, row_count(tool, regions, every_line=regels == "alle"))
    run = run_facts(tool, "tabel", "reken", {"regels": regels}, [FileMark.read(regios)])
    findings = list(regions.findings)
    computed = ComputedRegions(tool, regions)
    rows = compute(tool, regions, findings, every_line=regels == "alle", watch=computed.watch)
    seen: list[ResultRow] = []
    tally = Tally()
    watched = tally.watch(rows)
    count = write_table(target, COLUMNS, _noted(watched, seen) if toon else watched, overwrite=overschrijf)
    facts = {**run, **computed.facts(tally, findings)}
    receipt, _ = leave_receipt(tool, target, facts, FileMark.read(target), overwrite=overschrijf)
    if as_json:
        print_json("reken", EXIT_OK, findings, bestand=str(target), rijen=count, regios=len(regions),
                   bewijs=str(receipt))  # fmt: skip
        return
    click.echo(f"{target}: {count} rijen uit {len(regions)} {'regio' if len(regions) == 1 else 'regio’s'}")
    if toon:
        print_balances(seen, target, findings)
    print_findings(findings)


def _noted(rows: Iterable[ResultRow], seen: list[ResultRow]) -> Iterator[ResultRow]:
    """Pass the rows on and keep the few that the screen shows, so that a long table is still streamed."""
    from rekentool.tables.results import is_balance

    for row in rows:
        if is_balance(row):
            seen.append(row)
        yield row
