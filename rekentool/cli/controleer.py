"""`controleer`: are filled workbooks right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_tool
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import EXIT_FINDINGS, EXIT_OK, Finding, RekentoolError

if TYPE_CHECKING:
    from rekentool.jobs.check import Report
    from rekentool.jobs.findingtable import Judged
    from rekentool.jobs.opinion import Source
    from rekentool.tool import Tool


@click.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option(
    "--met",
    type=click.Choice(["formulas", "libreoffice", "referentie"]),
    help="Laat de waarden door een ander narekenen: LibreOffice, de bibliotheek formulas, of een referentieblad.",
)
@click.option(
    "--opbouw", is_flag=True, help="Onderzoek hoe een sjabloon is opgebouwd, in plaats van wat er is ingevuld."
)
@click.option(
    "--naar",
    "target",
    type=FILE,
    metavar="UIT",
    help="Schrijf de bevindingen ook als tabel: een .xlsx, .csv of .parquet.",
)
@overwrite_option
@mapping_option
@json_option
def controleer(
    bestanden: tuple[Path, ...],
    met: Source | None,
    opbouw: bool,
    target: Path | None,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Controleer ingevulde werkboeken.

    Past de mapping, klopt de invoer, zijn formules en vaste waarden die van het sjabloon, kloppen de opgeslagen
    waarden? Elke formulecel krijgt een oordeel: gelijk, anders of niet gecontroleerd. Gelijk is: tot op een halve cent
    bij uitkomsten in euro, en anders tot op een miljardste. Staat er een bewijs naast, dan wordt gezegd of het bestand
    er nog bij hoort en wat er sindsdien is gewijzigd; een tabel van reken of lees wordt daarop gecontroleerd.

    Voorbeeld: rekentool controleer ingevuld/*.xlsx
    """
    from rekentool.jobs.check import check
    from rekentool.jobs.findingtable import Judged
    from rekentool.jobs.validation import mapping_findings
    from rekentool.jobs.verify import Verified, verify_table
    from rekentool.tables.table import check_target

    if target is not None:
        check_target(target, overwrite=overschrijf)
    tool = the_tool(mapping, None)
    if opbouw:
        if met is not None:
            raise click.UsageError("--met en --opbouw gaan niet samen.")
        _lint(tool, bestanden, target, overschrijf, as_json)
    fit = mapping_findings(tool)
    code = EXIT_FINDINGS if fit else EXIT_OK
    if not as_json:
        print_findings(fit)
    reports: list[Report] = []
    tables: list[Verified] = []
    refused: list[Finding] = []
    judged: list[Judged] = [Judged(tool.path, "", "sjabloon", fit)] if fit else []
    for path in bestanden:
        try:
            table = verify_table(tool, path)
            if table is not None:
                tables.append(table)
                code = max(code, table.exit_code)
                if not as_json:
                    click.echo(f"{path} ({table.kind}): {'klopt niet' if table.exit_code else 'klopt'}")
                    click.echo(f"   bewijs: {table.summary}")
                    print_findings(table.findings)
                judged.append(Judged(path, "", "klopt niet" if table.exit_code else "klopt", table.findings))
                continue
            report = check(tool, path, met)
        except RekentoolError as error:
            refused += error.findings
            judged.append(Judged(path, "", "niet te lezen", error.findings))
            code = max(code, error.exit_code)
            if not as_json:
                click.echo(f"{path}: niet te lezen")
                print_findings(error.findings)
            continue
        reports.append(report)
        judged.append(Judged(path, report.region, report.outcome, report.findings, report.counts))
        code = max(code, report.exit_code)
        if not as_json:
            click.echo(f"{path} ({report.region}): {report.outcome}")
            click.echo(f"   formulecellen: {report.counts}, volgens {report.by}")
            if report.verified is not None and report.verified.state:
                click.echo(f"   bewijs: {report.verified.summary}")
            print_findings(report.findings)
    _write(target, judged, overschrijf, as_json)
    if as_json:
        findings = [*fit, *refused, *(found for table in tables for found in table.findings)]
        findings += [found for report in reports for found in report.findings]
        print_json(
            "controleer",
            code,
            findings,
            tabel=str(target) if target else None,
            tabellen=[
                {"bestand": str(table.path), "uitkomst": table.exit_code, "bewijs": table.facts()} for table in tables
            ],
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
                    "bewijs": report.verified.facts() if report.verified else None,
                }
                for report in reports
            ],
        )
    sys.exit(code)


def _write(target: Path | None, judged: list[Judged], overwrite: bool, quiet: bool) -> None:
    """The table of findings, when one was asked for."""
    if target is None:
        return
    from rekentool.jobs.findingtable import write_findings

    rows = write_findings(target, judged, overwrite=overwrite)
    if not quiet:
        click.echo(f"{target}: bevindingen {rows} · bestanden {len(judged)}")


def _lint(tool: Tool, paths: tuple[Path, ...], target: Path | None, overwrite: bool, as_json: bool) -> NoReturn:
    """What there is to say of templates; ends with the exit code."""
    from rekentool.jobs.findingtable import Judged
    from rekentool.jobs.lint import lint

    code = EXIT_OK
    judged: list[Judged] = []
    files = []
    for path in paths:
        try:
            report = lint(tool, path)
        except RekentoolError as error:
            judged.append(Judged(path, "", "niet te lezen", error.findings))
            code = max(code, error.exit_code)
        else:
            judged.append(Judged(path, "", report.outcome, report.findings))
            code = max(code, report.exit_code)
            files.append({"bestand": str(path), "uitkomst": report.exit_code, "formulecellen": report.formulas})
        if not as_json:
            click.echo(f"{path}: {judged[-1].outcome}")
            print_findings(judged[-1].findings)
    _write(target, judged, overwrite, as_json)
    if as_json:
        findings = [found for one in judged for found in one.findings]
        print_json("controleer", code, findings, tabel=str(target) if target else None, bestanden=files)
    sys.exit(code)
