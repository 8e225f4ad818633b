"""The command line: parse, call, print. Data goes to stdout, messages to stderr, the outcome is the exit code.

Imports of what is heavy stand inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rekentool import __version__
from rekentool.messages import (
    CATALOGUE,
    EXIT_FINDINGS,
    EXIT_OK,
    EXIT_UNCHECKED,
    EXIT_USAGE,
    Finding,
    RekentoolError,
    refuse,
)
from rekentool.screen import prepare_streams, print_findings, print_json, without_facts

if TYPE_CHECKING:
    from rekentool.check import Report
    from rekentool.opinion import Source
    from rekentool.regions import Regions
    from rekentool.results import ResultRow
    from rekentool.tool import Tool

# click's messages go through gettext. Everything a user sees is Dutch, whatever the system speaks.
os.environ["LANGUAGE"] = "nl"
gettext.bindtextdomain("rekentool", str(Path(__file__).parent / "locale"))
gettext.textdomain("rekentool")

FILE = click.Path(path_type=Path)
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}

_json = click.option("--json", "as_json", is_flag=True, help="Schrijf de uitkomst als JSON naar stdout.")
_overwrite = click.option(
    "--overschrijf", is_flag=True, help="Bestaande bestanden vervangen; zonder deze optie wordt geweigerd."
)
_mapping = click.option("--mapping", type=FILE, metavar="BESTAND", help="Een andere mapping dan die van de rekentool.")
_show = click.option("--toon", is_flag=True, help="Toon ook het saldo per partij op het scherm.")
_lines = click.option(
    "--regels",
    type=click.Choice(["totalen", "alle"]),
    default="totalen",
    show_default=True,
    help="Alleen de totalen per partij en geval, of ook elke regel per jaar.",
)


@click.group(context_settings=SETTINGS, options_metavar="[OPTIES]", subcommand_metavar="OPDRACHT [ARGUMENTEN]")
@click.version_option(__version__, prog_name="rekentool")
def cli() -> None:
    """Vul, reken, lees en controleer werkboeken van de rekentool.

    De rekentool laat zien wat een diplomatraject op de werkvloer van een sociaal werkbedrijf kost en oplevert. Dit is
    een reconstructie; zie het blad Start van het werkboek.

    Uitkomst: 0 klopt · 1 verschillen of bevindingen · 2 verkeerd gebruik · 3 invoer of mapping ongeldig · 4 niet te
    controleren · 5 geweigerd om veiligheid.
    """


@cli.command(options_metavar="[OPTIES]")
@click.option("--naar", "folder", type=FILE, required=True, metavar="MAP", help="De map voor de voorbeelden.")
@_overwrite
@_json
def voorbeeld(folder: Path, overschrijf: bool, as_json: bool) -> None:
    """Zet een regiotabel en ingevulde voorbeelden klaar.

    Voorbeeld: rekentool voorbeeld --naar voorbeelden
    """
    from rekentool.example import copy_examples

    paths = copy_examples(folder, overwrite=overschrijf)
    if as_json:
        print_json("voorbeeld", EXIT_OK, (), bestanden=[str(path) for path in paths])
        return
    for path in paths:
        click.echo(str(path))


@cli.command(options_metavar="[OPTIES]")
@click.argument("bestand", type=FILE)
@_overwrite
@_json
def nieuw(bestand: Path, overschrijf: bool, as_json: bool) -> None:
    """Maak een nieuw werkboek met standaardwaarden.

    Voorbeeld: rekentool nieuw mijn-regio.xlsx
    """
    from rekentool.example import copy_template

    copy_template(bestand, overwrite=overschrijf)
    if as_json:
        print_json("nieuw", EXIT_OK, (), bestand=str(bestand))
        return
    click.echo(str(bestand))


@cli.command(options_metavar="[OPTIES]")
@click.argument("regios", type=FILE)
@click.option("--naar", "folder", type=FILE, required=True, metavar="MAP", help="De map voor de ingevulde werkboeken.")
@click.option(
    "--sjabloon", type=FILE, metavar="BESTAND", help="Vul kopieën van dit werkboek in plaats van de lege rekentool."
)
@click.option("--droog", is_flag=True, help="Toon wat er geschreven zou worden en schrijf niets.")
@click.option("--overschrijf-invoer", is_flag=True, help="Ook invoer vervangen die in het sjabloon al is ingevuld.")
@_overwrite
@_mapping
@_json
def vul(
    regios: Path,
    folder: Path,
    sjabloon: Path | None,
    droog: bool,
    overschrijf_invoer: bool,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Vul voor elke regio van een tabel een werkboek.

    De uitkomsten in elk werkboek zijn vers berekend. REGIOS is een csv of xlsx met één rij per regio; kolommen zijn
    veldnamen (aantal_studenten.bbl1) of labels. Een lege cel betekent de standaardwaarde.

    Voorbeeld: rekentool vul regios.csv --naar ingevuld
    """
    from rekentool.fill import fill

    tool = _tool(mapping, sjabloon)
    regions = _regions(regios, tool)
    filled = fill(tool, regions, folder, overwrite=overschrijf, overwrite_inputs=overschrijf_invoer, dry=droog)
    findings = [*tool.findings, *regions.findings, *(found for one in filled for found in one.findings)]
    if as_json:
        files = [
            {
                "regio": one.region,
                "bestand": str(one.path),
                "geschreven": not droog,
                "wijzigingen": [
                    {"cel": str(change.address), "was": change.old, "wordt": change.new} for change in one.changes
                ],
            }
            for one in filled
        ]
        print_json("vul", EXIT_OK, findings, bestanden=files)
        return
    for one in filled:
        count = len(one.changes)
        cells = f"{count} {'cel' if count == 1 else 'cellen'}"
        click.echo(f"{one.path}" + (f"  ({cells}, niet geschreven)" if droog else ""))
        if droog:
            for change in one.changes:
                old, new = (tool.shown(change.address, value) for value in (change.old, change.new))
                click.echo(f"   {change.address}: {old} → {new}")
    print_findings(findings)


@cli.command(options_metavar="[OPTIES]")
@click.argument("regios", type=FILE)
@click.option("--naar", "target", type=FILE, required=True, metavar="UIT", help="De tabel: een .csv of .xlsx.")
@_lines
@_show
@_overwrite
@_mapping
@_json
def reken(
    regios: Path, target: Path, regels: str, toon: bool, overschrijf: bool, mapping: Path | None, as_json: bool
) -> None:
    """Reken een regiotabel door naar een tabel.

    Schrijft alleen de uitkomsten en maakt geen werkboeken.

    Voorbeeld: rekentool reken regios.csv --naar uitkomsten.xlsx
    """
    from rekentool.compute import compute
    from rekentool.results import COLUMNS, summary
    from rekentool.table import check_target, write_table

    check_target(target, overwrite=overschrijf)
    tool = _tool(mapping, None)
    regions = _regions(regios, tool)
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


@cli.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option("--naar", "target", type=FILE, required=True, metavar="UIT", help="De tabel: een .csv of .xlsx.")
@_lines
@_show
@_overwrite
@_mapping
@_json
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
    from rekentool.read import read
    from rekentool.results import COLUMNS, summary
    from rekentool.table import check_target, write_table

    check_target(target, overwrite=overschrijf)
    tool = _tool(mapping, None)
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


@cli.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option(
    "--met",
    type=click.Choice(["formulas", "libreoffice", "referentie"]),
    help="Laat de waarden door een ander narekenen: LibreOffice, de bibliotheek formulas, of een referentieblad.",
)
@_mapping
@_json
def controleer(bestanden: tuple[Path, ...], met: Source | None, mapping: Path | None, as_json: bool) -> None:
    """Controleer ingevulde werkboeken.

    Past de mapping, klopt de invoer, zijn formules en vaste waarden die van het sjabloon, kloppen de opgeslagen
    waarden? Elke formulecel krijgt een oordeel: gelijk, anders of niet gecontroleerd. Gelijk is: tot op een halve cent
    bij uitkomsten in euro, en anders tot op een miljardste.

    Voorbeeld: rekentool controleer ingevuld/*.xlsx
    """
    from rekentool.check import check

    tool = _tool(mapping, None)
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


@cli.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option("--droog", is_flag=True, help="Toon wat er zou veranderen en schrijf niets.")
@_mapping
@_json
def ververs(bestanden: tuple[Path, ...], droog: bool, mapping: Path | None, as_json: bool) -> None:
    """Zet verse uitkomsten in werkboeken.

    Elke formulecel krijgt haar opnieuw berekende waarde; invoer, opmaak en al het andere blijven ongewijzigd. Een cel
    die niet te berekenen is, verliest haar opgeslagen waarde en wordt genoemd; Excel rekent haar uit bij het openen.

    Voorbeeld: rekentool ververs mijn-regio.xlsx
    """
    from rekentool.refresh import refresh

    tool = _tool(mapping, None)
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


@cli.command(name="code", options_metavar="[OPTIES]")
@click.argument("code", required=False)
@_json
def explain_code(code: str | None, as_json: bool) -> None:
    """Leg een code als RK104 uit; zonder code: alle.

    Voorbeeld: rekentool code RK310
    """
    if code is not None and code.upper() not in CATALOGUE:
        raise refuse("RK502", place=code, laatste=max(CATALOGUE))
    wanted = sorted(CATALOGUE) if code is None else [code.upper()]
    texts = {
        key: {
            "ernst": CATALOGUE[key].severity,
            "gevonden": without_facts(CATALOGUE[key].found),
            "verwacht": without_facts(CATALOGUE[key].expected),
            "remedie": without_facts(CATALOGUE[key].remedy),
        }
        for key in wanted
    }
    if as_json:
        print_json("code", EXIT_OK, (), codes=texts)
    elif code is None:
        for key, text in texts.items():
            click.echo(f"{key}  {text['ernst']:<13} {text['gevonden']}")
    else:
        labels = {"ernst": "ernst", "gevonden": "gevonden", "verwacht": "verwacht", "remedie": "wat te doen"}
        for name, line in texts[wanted[0]].items():
            if line:
                click.echo(f"{labels[name]:<12} {line}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every refusal ends as Dutch text and an exit code, never as a traceback."""
    prepare_streams()
    words = sys.argv[1:] if arguments is None else arguments
    try:
        cli.main(args=list(arguments) if arguments is not None else None, prog_name="rekentool", standalone_mode=False)
    except RekentoolError as error:
        if "--json" in words:
            verb = next((word for word in words if word in cli.commands), "")
            print_json(verb, error.exit_code, error.findings)
        else:
            print_findings(error.findings)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except click.Abort:
        click.echo("Afgebroken.", err=True)
        sys.exit(EXIT_FINDINGS)


def _tool(mapping: Path | None, template: Path | None) -> Tool:
    from rekentool.tool import open_tool

    return open_tool(mapping, template)


def _regions(path: Path, tool: Tool) -> Regions:
    from rekentool.regions import read_regions

    return read_regions(path, tool.mapping)


def _noted(rows: Iterable[ResultRow], seen: list[ResultRow]) -> Iterator[ResultRow]:
    """Pass the rows on and keep the few that the screen shows, so that a long table is still streamed."""
    for row in rows:
        if row.regel == "saldo" and row.jaar == "totaal":
            seen.append(row)
        yield row


if __name__ == "__main__":
    main()
