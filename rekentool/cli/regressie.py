"""`regressie`: what a changed template does in every reference region."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_tool
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import EXIT_OK

if TYPE_CHECKING:
    from rekentool.jobs.alteration import Alteration
    from rekentool.jobs.regression import EngineId, JudgedCase, Progress, Regression
    from rekentool.jobs.regressionreport import Line, Report
    from rekentool.mapping.bind import ResultCell
    from rekentool.tool import Tool

#: The names under --motoren; `regression.ENGINES`, which is too slow to import for --help.
_ENGINES = ("programma", "formulas", "libreoffice")


def _engine_names(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """The names between the commas, in the order of the engines."""
    if value is None:
        return None
    words = [word.strip().casefold() for word in value.split(",")]
    for word in words:
        if word not in _ENGINES:
            raise click.BadParameter(f"{word!r} is geen motor; kies uit {', '.join(_ENGINES)}", context, parameter)
    return tuple(name for name in _ENGINES if name in words)


@click.command(options_metavar="[OPTIES]")
@click.argument("kandidaat", type=FILE, required=False)
@click.option("--trekkingen", type=click.IntRange(0, 1000), default=25, show_default=True, metavar="N",
              help="Zoveel willekeurige invullingen naast de referentieregio’s.")  # fmt: skip
@click.option("--zaad", type=int, default=1, show_default=True, metavar="Z",
              help="Waar de trekkingen uit voortkomen; hetzelfde zaad geeft dezelfde trekkingen.")  # fmt: skip
@click.option("--motoren", callback=_engine_names, metavar="MOTOREN",
              help="programma,formulas,libreoffice of een deel ervan; zonder deze optie elke motor die er is."
              " Het programma doet altijd mee.")  # fmt: skip
@click.option("--volledig", is_flag=True, help="Laat elke motor elke trekking rekenen, ook de langzame.")
@click.option("--naar", "target", type=FILE, metavar="UIT",
              help="Schrijf elk oordeel in een tabel: een .csv, .xlsx of .parquet.")  # fmt: skip
@click.option("--junit", type=FILE, metavar="UIT", help="Schrijf de uitslag als JUnit-XML, voor een bouwserver.")
@click.option("--referenties", type=FILE, metavar="MAP",
              help="De map met de mappen voorbeelden en referentie; anders die van het sjabloon.")  # fmt: skip
@click.option("--mapping-kandidaat", "own_mapping", type=FILE, metavar="BESTAND",
              help="De eigen mapping van de kandidaat, als die een andere heeft dan het sjabloon.")  # fmt: skip
@click.option("--leg-vast", is_flag=True,
              help="Reken de referentiebladen opnieuw met LibreOffice; vraagt --door en --waarom.")  # fmt: skip
@click.option("--door", default="", metavar="NAAM", help="Bij --leg-vast: wie de waarden vastlegt.")
@click.option("--waarom", default="", metavar="REDEN", help="Bij --leg-vast: waarom.")
@click.option("--droog", is_flag=True, help="Bij --leg-vast: toon wat er verandert, zonder te schrijven.")
@overwrite_option
@mapping_option
@json_option
def regressie(
    kandidaat: Path | None,
    trekkingen: int,
    zaad: int,
    motoren: tuple[EngineId, ...] | None,
    volledig: bool,
    target: Path | None,
    junit: Path | None,
    referenties: Path | None,
    own_mapping: Path | None,
    leg_vast: bool,
    door: str,
    waarom: str,
    droog: bool,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Laat zien wat een gewijzigd sjabloon met elke referentieregio doet.

    Rekent het sjabloon, of een KANDIDAAT daarvoor, door met de invoer van elke referentieregio en van trekkingen, met
    elke motor die er is. Twee vragen: verschilt de kandidaat van het sjabloon, en zijn de motoren het eens? Elke
    formulecel krijgt een oordeel: gelijk, anders of niet gecontroleerd.

    Voorbeeld: rekentool regressie nieuw-sjabloon.xlsx --naar verschillen.xlsx
    """
    from rekentool.cli.regressietekst import screen
    from rekentool.jobs.regression import folder_of, open_candidate, prepare

    _check_use(kandidaat, leg_vast, own_mapping, (door, waarom, droog), (target, junit, volledig, motoren))
    tool = the_tool(mapping, None)
    candidate = None if kandidaat is None else open_candidate(tool, kandidaat, own_mapping)
    if leg_vast:
        _lay_down(tool, candidate, referenties or folder_of(tool), door, waarom, droog, as_json)
        return
    regression = prepare(
        tool, candidate, draws=trekkingen, seed=zaad, engines=motoren, references=referenties, every=volledig
    )
    report = _run(regression, target, junit, overschrijf, _progress(quiet=as_json))
    if as_json:
        print_json("regressie", report.exit_code, report.findings, **_facts(report))
    else:
        click.echo("\n".join(screen(report)))
        print_findings(report.findings)
    sys.exit(report.exit_code)


def _check_use(
    candidate: Path | None,
    lay_down: bool,
    own_mapping: Path | None,
    laying: tuple[object, ...],
    running: tuple[object, ...],
) -> None:
    if own_mapping is not None and candidate is None:
        raise click.UsageError("--mapping-kandidaat hoort bij een KANDIDAAT.")
    if not lay_down and any(laying):
        raise click.UsageError("--door, --waarom en --droog horen bij --leg-vast.")
    if lay_down and any(running):
        raise click.UsageError("--naar, --junit, --volledig en --motoren gaan niet samen met --leg-vast.")


def _run(
    regression: Regression, target: Path | None, junit: Path | None, overwrite: bool, progress: Progress
) -> Report:
    """Compute every case, and write the table and the JUnit file while they come."""
    from rekentool.jobs.junit import JUnit
    from rekentool.jobs.regressionreport import NUMBERS, TABLE, Tally, table_rows
    from rekentool.tables.table import check_target, write_table
    from rekentool.xlsx.save import saving

    if target is not None:
        check_target(target, overwrite=overwrite)
    tally, tests = Tally(regression), JUnit()

    def judged() -> Iterator[JudgedCase]:
        for case in regression.run(progress):
            tally.add(case)
            tests.add(case)
            yield case

    with ExitStack() as stack:
        # Opened before the first case is computed: a place that can't be written is refused at once.
        stream = stack.enter_context(saving(junit, overwrite=overwrite)) if junit else None
        if target is not None:
            rows = (row for case in judged() for row in table_rows(regression, case))
            write_table(target, TABLE, rows, overwrite=overwrite, numbers=NUMBERS)
        else:
            for _ in judged():
                pass
        report = tally.report()
        if stream is not None:
            stream.write(tests.xml(regression.findings))
    return report


def _progress(quiet: bool) -> Progress:
    """Which engine computes, on stderr: one line that changes on a terminal, a line per engine elsewhere."""
    told: set[str] = set()

    def show(name: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            words = f"{name}: {done} van {total} gevallen"
            click.echo(f"\r{words:<60}" if done < total else f"\r{'':<60}\r", nl=False, err=True)
        elif name not in told:
            told.add(name)
            click.echo(f"{name}: {total} {'geval' if total == 1 else 'gevallen'}", err=True)

    return (lambda name, done, total: None) if quiet else show


def _lay_down(tool: Tool, candidate: Tool | None, folder: Path, by: str, reason: str, dry: bool, as_json: bool) -> None:
    from rekentool.cli.regressietekst import amount, number
    from rekentool.jobs.laydown import lay_down
    from rekentool.mapping.suggestion import excerpt

    laid, findings = lay_down(tool, candidate, folder, by=by, reason=reason, on=date.today(), dry=dry)
    if as_json:
        sheets = [
            {
                "bestand": str(one.path),
                "regio": one.region,
                "nieuw": one.new,
                "geschreven": one.written,
                "door": one.recorded.by,
                "waarom": one.recorded.reason,
                "op": one.recorded.on.isoformat(),
                "berekend_met": one.recorded.program,
                "vingerafdruk": one.recorded.fingerprint,
                "cellen_anders": one.recorded.changed,
                "grootste_verschil_euro": one.recorded.largest,
                "in_cel": one.recorded.cell,
            }
            for one in laid
        ]
        print_json("regressie", EXIT_OK, findings, referentiebladen=sheets)
        return
    for one in laid:
        what = "zou worden vastgelegd" if dry else "vastgelegd"
        if one.new:
            change = f"een nieuw blad met {number(one.recorded.changed)} cellen"
        elif not one.recorded.changed:
            change = "geen cel anders"
        else:
            where = f", {one.recorded.cell}" if one.recorded.cell else ""
            cells = "1 cel" if one.recorded.changed == 1 else f"{number(one.recorded.changed)} cellen"
            change = (
                f"{cells} anders, grootste verschil van een uitkomst"
                f" € {amount(one.recorded.largest, signed=True)}{where}"
            )
        click.echo(f"{one.path} ({excerpt(one.region)}): {what}; {change}")
    print_findings(findings)


def _facts(report: Report) -> dict[str, Any]:
    """The report with the Dutch keys of ``--json``."""
    from rekentool.jobs.regressionreport import shown

    return {
        "basis": str(report.base),
        "kandidaat": None if report.candidate is None else str(report.candidate),
        "uitslag": report.outcome,
        "zaad": report.seed,
        "referentieregios": report.cases.get("referentie", 0),
        "leeg_sjabloon": "leeg" in report.cases,
        "trekkingen": report.cases.get("trekking", 0),
        "motor_afwezig": report.absent,
        "verschilt": {
            "antwoord": report.differs,
            "cellen": report.cells,
            "referentieregios": report.regions.get("referentie", 0),
            "leeg_sjabloon": bool(report.regions.get("leeg")),
            "trekkingen": report.regions.get("trekking", 0),
            "motoren": [_line(line) for line in report.engines],
            "uitkomsten": [
                {
                    "regio": one.region,
                    "soort": one.kind,
                    **_result(one.cell),
                    "cel": str(one.address),
                    "oud": shown(one.before),
                    "nieuw": shown(one.after),
                    "verschil": one.difference,
                }
                for one in report.results
            ],
        },
        "motoren_eens": {
            "antwoord": report.agrees,
            "paren": [_line(line) for line in report.pairs],
            "eerste": [
                {
                    "regio": one.region,
                    "cel": str(one.address),
                    "waarden": {name: shown(value) for name, value in zip(one.engines, one.values, strict=True)},
                }
                for one in report.disagreements
            ],
        },
        "controles_anders": [
            {"controle": one.label, "cel": str(one.address), "gevallen": one.cases} for one in report.checks
        ],
        "wijzigingen": [_alteration(one) for one in report.alterations],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "naam": line.name,
        "referentieregios": line.references,
        "leeg_sjabloon": line.blank,
        "trekkingen": line.draws,
        "gelijk": line.counts.equal,
        "anders": line.counts.different,
        "niet_gecontroleerd": line.counts.unchecked,
        "soorten": dict(line.counts.kinds),
    }


def _result(cell: ResultCell) -> dict[str, str]:
    keys = ("geval", "partij", "regel", "jaar", "eenheid")
    return dict(zip(keys, cell[:5], strict=True))


def _alteration(one: Alteration) -> dict[str, Any]:
    from rekentool.jobs.regressionreport import shown

    largest = one.largest
    return {
        "soort": one.kind,
        "plaats": one.place,
        "naam": one.label,
        "oud": one.old,
        "nieuw": one.new,
        "wat": one.detail,
        "raakt": one.reached,
        "verandert": one.changed,
        "niet_uitgerekend": one.uncomputed,
        "niet_gecontroleerd": one.unchecked,
        "grootste": None
        if largest is None
        else {
            "regio": one.region,
            **_result(largest.result),
            "oud": shown(largest.before),
            "nieuw": shown(largest.after),
            "verschil": largest.difference,
        },
    }
