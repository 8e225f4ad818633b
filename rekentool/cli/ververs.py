"""`ververs`: fresh results into workbooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from rekentool.cli.options import FILE, json_option, mapping_option, the_tool
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import EXIT_OK, EXIT_UNCHECKED, Finding, RekentoolError


@click.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option("--droog", is_flag=True, help="Toon wat er zou veranderen en schrijf niets.")
@mapping_option
@json_option
def ververs(bestanden: tuple[Path, ...], droog: bool, mapping: Path | None, as_json: bool) -> None:
    """Zet verse uitkomsten in werkboeken.

    Elke formulecel krijgt haar opnieuw berekende waarde; invoer, opmaak en al het andere blijven ongewijzigd. Een cel
    die niet te berekenen is, verliest haar opgeslagen waarde en wordt genoemd; Excel rekent haar uit bij het openen.

    Voorbeeld: rekentool ververs mijn-regio.xlsx
    """
    from rekentool.jobs.refresh import refresh

    tool = the_tool(mapping, None)
    code = EXIT_OK
    findings: list[Finding] = []
    files: list[dict[str, Any]] = []
    for path in bestanden:
        try:
            done = refresh(tool, path, dry=droog)
        except RekentoolError as error:
            findings += error.findings
            code = max(code, error.exit_code)
            continue
        findings += done.findings
        code = max(code, EXIT_UNCHECKED if done.unknown else EXIT_OK)
        files.append(
            {
                "bestand": str(path),
                "gelijk": done.right,
                "vernieuwd": done.renewed,
                "niet_te_berekenen": done.unknown,
                "geschreven": done.written,
                "bewijs": str(done.receipt) if done.receipt else None,
            }
        )
        if not as_json:
            what = "zou vernieuwen" if droog else "vernieuwd"
            click.echo(
                f"{path}: {done.right} waarden waren goed, {done.renewed} {what}, {done.unknown} niet te berekenen"
            )
    if as_json:
        print_json("ververs", code, findings, bestanden=files)
    else:
        print_findings(findings)
    sys.exit(code)
