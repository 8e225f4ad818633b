"""`controleer`: are filled workbooks right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rekentool.cli.options import FILE, json_option, mapping_option, the_tool
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import EXIT_OK, Finding, RekentoolError

if TYPE_CHECKING:
    from rekentool.jobs.check import Report
    from rekentool.jobs.opinion import Source


@click.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option(
    "--met",
    type=click.Choice(["formulas", "libreoffice", "referentie"]),
    help="Laat de waarden door een ander narekenen: LibreOffice, de bibliotheek formulas, of een referentieblad.",
)
@mapping_option
@json_option
def controleer(bestanden: tuple[Path, ...], met: Source | None, mapping: Path | None, as_json: bool) -> None:
    """Controleer ingevulde werkboeken.

    Past de mapping, klopt de invoer, zijn formules en vaste waarden die van het sjabloon, kloppen de opgeslagen
    waarden? Elke formulecel krijgt een oordeel: gelijk, anders of niet gecontroleerd. Gelijk is: tot op een halve cent
    bij uitkomsten in euro, en anders tot op een miljardste.

    Voorbeeld: rekentool controleer ingevuld/*.xlsx
    """
    from rekentool.jobs.check import check

    tool = the_tool(mapping, None)
    code = EXIT_OK
    reports: list[Report] = []
    refused: list[Finding] = []
    for path in bestanden:
        try:
            report = check(tool, path, met)
        except RekentoolError as error:
            refused += error.findings
            code = max(code, error.exit_code)
            if not as_json:
                click.echo(f"{path}: niet te lezen")
                print_findings(error.findings)
            continue
        reports.append(report)
        code = max(code, report.exit_code)
        if not as_json:
            click.echo(f"{path} ({report.region}): {report.outcome}")
            click.echo(f"   formulecellen: {report.counts}, volgens {report.by}")
            print_findings(report.findings)
    if as_json:
        findings = [*refused, *(found for report in reports for found in report.findings)]
        print_json(
            "controleer",
            code,
            findings,
            bestanden=[
                {
                    "bestand": str(report.path),
                    "regio": report.region,
                    "uitkomst": report.exit_code,
                    "volgens": report.by,
                    "formulecellen": {
                        "gelijk": report.counts.equal,
                        "anders": report.counts.different,
                        "niet_gecontroleerd": report.counts.unchecked,
                    },
                }
                for report in reports
            ],
        )
    sys.exit(code)
