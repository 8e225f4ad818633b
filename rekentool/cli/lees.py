"""`lees`: workbooks to a results table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
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
    the_tool,
)
from rekentool.cli.progress import progress_on
from rekentool.cli.screen import print_balances, print_findings, print_json
from rekentool.messages import CATALOGUE, EXIT_OK, RekentoolError

if TYPE_CHECKING:
    from rekentool.jobs.receipt import Plain
    from rekentool.tables.results import ResultRow


@click.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@table_option
@lines_option
@show_option
@click.option("--alle-versies", is_flag=True, help="Ook de rijen van dubbele en oudere bestanden in de tabel zetten.")
@click.option(
    "--processen",
    type=click.IntRange(min=1, max=256),
    metavar="AANTAL",
    help="Zoveel processen tegelijk; anders zoveel als loont.",
)
@overwrite_option
@mapping_option
@json_option
def lees(
    bestanden: tuple[Path, ...],
    target: Path,
    regels: str,
    toon: bool,
    alle_versies: bool,
    processen: int | None,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Lees de uitkomsten van werkboeken in één tabel.

    BESTANDEN zijn werkboeken, mappen (met alles wat eronder staat) of patronen. Elke waarde wordt opnieuw berekend en
    vergeleken met wat er in het bestand staat. Ook andere formules dan die van het sjabloon worden gemeld. Een bestand
    dat niet deugt, houdt de andere niet tegen. Wat dubbel is of een oudere versie, telt niet mee. Een tweede tabel
    geeft van elk bestand de status.

    Voorbeeld: rekentool lees terug --naar uitkomsten.xlsx
    """
    from rekentool.jobs.collect import Settings, collect
    from rekentool.jobs.collecttable import tables_of
    from rekentool.jobs.receipt import FileMark, check_receipt_target, run_facts
    from rekentool.jobs.receiptpage import leave_receipt
    from rekentool.jobs.sources import find_files
    from rekentool.jobs.tablereceipt import Tally, collected_facts
    from rekentool.tables.results import COLUMNS, is_balance
    from rekentool.tables.table import beside_paths, check_target, write_table

    check_target(target, overwrite=overschrijf)
    for path in beside_paths(target, tables_of([], [])):
        check_target(path, overwrite=overschrijf)
    check_receipt_target(target, overwrite=overschrijf)
    tool = the_tool(mapping, None)
    paths, nothing = find_files(bestanden)
    settings = Settings(regels == "alle", alle_versies, processen)
    with progress_on("bestanden", quiet=as_json) as progress, collect(tool, paths, settings, progress) as found:
        findings = [*nothing, *found.findings]
        if not found.counted:
            raise RekentoolError(findings)
        tally = Tally()
        balances: list[ResultRow] = []
        beside = tables_of(found.files, findings)

        def rows() -> Iterator[tuple[float | str | None, ...]]:
            for one, content in found.contents():
                for row in tally.watch(found.rows(one, content)):
                    if toon and is_balance(row):
                        balances.append(row)
                    yield (*row, str(one.path))

        count = write_table(target, (*COLUMNS, "bestand"), rows(), overwrite=overschrijf, beside=beside)
        sources = [content.mark for _, content in found.contents()]
        options: dict[str, Plain] = {"regels": regels, **({"alle_versies": True} if alle_versies else {})}
        facts = {
            **run_facts(tool, "tabel", "lees", options, sources),
            **collected_facts(tool, found, tally, findings),
        }
    receipt, _ = leave_receipt(tool, target, facts, FileMark.read(target), overwrite=overschrijf)
    code = max((CATALOGUE[one.code].exit_code for one in findings if one.severity == "fout"), default=EXIT_OK)
    others = [str(path) for path in beside_paths(target, beside)]
    if as_json:
        print_json(
            "lees",
            code,
            findings,
            bestand=str(target),
            rijen=count,
            gelezen=len(found.counted),
            geweigerd=found.statuses.get("geweigerd", 0) + found.statuses.get("ouder sjabloon", 0),
            statussen=found.statuses,
            bestanden=[dict(zip(beside[0].columns, row, strict=True)) for row in tables_of(found.files, [])[0].rows],
            tabellen=others,
            bewijs=str(receipt),
        )
    else:
        click.echo(f"{target}: {count} rijen uit {len(found.counted)} van {len(paths)} bestanden")
        if set(found.statuses) != {"compleet"}:
            click.echo("   " + " · ".join(f"{status} {number}" for status, number in found.statuses.items()))
        if toon:
            print_balances(balances, target, findings)
        print_findings(findings)
    sys.exit(code)
