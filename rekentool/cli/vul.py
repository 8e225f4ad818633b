"""`vul`: a workbook for each region of a table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_tool
from rekentool.cli.progress import progress_on
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import EXIT_INVALID, EXIT_OK

if TYPE_CHECKING:
    from rekentool.jobs.batch import Filled
    from rekentool.tool import Tool


@click.command(options_metavar="[OPTIES]")
@click.argument("regios", type=FILE)
@click.option("--naar", "folder", type=FILE, required=True, metavar="MAP", help="De map voor de ingevulde werkboeken.")
@click.option(
    "--sjabloon", type=FILE, metavar="BESTAND", help="Vul kopieën van dit werkboek in plaats van de lege rekentool."
)
@click.option(
    "--naam",
    "pattern",
    default="{regio}",
    show_default=True,
    metavar="PATROON",
    help="Hoe de bestanden heten: tekst met {regio} of een veld ertussen, zoals {regio}-{peildatum}.",
)
@click.option("--zip", "archive", type=FILE, metavar="BESTAND", help="Zet alle werkboeken en de index ook in één zip.")
@click.option("--droog", is_flag=True, help="Toon wat er geschreven zou worden en schrijf niets.")
@click.option("--strikt", is_flag=True, help="Schrijf niets als er in een rij een fout zit.")
@click.option("--overschrijf-invoer", is_flag=True, help="Ook invoer vervangen die in het sjabloon al is ingevuld.")
@click.option(
    "--processen",
    type=click.IntRange(min=1, max=256),
    metavar="AANTAL",
    help="Zoveel processen tegelijk; anders zoveel als loont.",
)
@overwrite_option
@mapping_option
@json_option
def vul(
    regios: Path,
    folder: Path,
    sjabloon: Path | None,
    pattern: str,
    archive: Path | None,
    droog: bool,
    strikt: bool,
    overschrijf_invoer: bool,
    processen: int | None,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Vul voor elke regio van een tabel een werkboek.

    De uitkomsten in elk werkboek zijn vers berekend. REGIOS is een csv of xlsx met één rij per regio; kolommen zijn
    veldnamen (aantal_studenten.bbl1) of labels. Een lege cel betekent de standaardwaarde. Een rij met een fout wordt
    genoemd en houdt de andere niet tegen. Naast elk werkboek komt een bewijs; in de map komen ook index.xlsx en
    bewijs.html. Dezelfde opdracht nog eens maakt af wat nog niet klaar was.

    Voorbeeld: rekentool vul regios.csv --naar ingevuld
    """
    from rekentool.jobs.batch import Settings, fill
    from rekentool.jobs.receipt import FileMark
    from rekentool.tables.regions import read_regions

    tool = the_tool(mapping, sjabloon)
    regions = read_regions(regios, tool.mapping, skip_faulty=not strikt)
    settings = Settings(
        overwrite=overschrijf,
        overwrite_inputs=overschrijf_invoer,
        dry=droog,
        strict=strikt,
        pattern=pattern,
        archive=archive,
        processes=processen,
        sources=(FileMark.read(regios),),
        list_changes=as_json or droog,
    )
    with progress_on("werkboeken", quiet=as_json) as progress:
        batch = fill(tool, regions, folder, settings, progress)
    found = [*tool.findings, *regions.findings, *(one for filled in batch.files for one in filled.findings)]
    findings = [*batch.refused, *found]
    code = EXIT_INVALID if batch.refused else EXIT_OK
    if as_json:
        print_json(
            "vul",
            code,
            findings,
            bestanden=[_facts(filled) for filled in batch.files],
            index=str(batch.index) if batch.index else None,
            pagina=str(batch.page) if batch.page else None,
            zip=str(batch.archive) if batch.archive else None,
        )
    else:
        for filled in batch.files:
            _show(tool, filled)
        print_findings(findings)
    sys.exit(code)


def _facts(filled: Filled) -> dict[str, Any]:
    return {
        "regio": filled.region,
        "rij": filled.row,
        "bestand": str(filled.path),
        "staat": filled.state,
        "geschreven": filled.state == "geschreven",
        "bewijs": str(filled.receipt) if filled.receipt else None,
        "wijzigingen": [
            {"cel": str(change.address), "was": change.old, "wordt": change.new} for change in filled.changes
        ],
    }


def _show(tool: Tool, filled: Filled) -> None:
    if filled.state == "al klaar":
        click.echo(f"{filled.path}  (overgeslagen: al klaar)")
        return
    count = len(filled.changes)
    cells = f"{count} {'cel' if count == 1 else 'cellen'}"
    click.echo(f"{filled.path}" + (f"  ({cells}, niet geschreven)" if filled.state == "droog" else ""))
    for change in filled.changes:
        old, new = (tool.shown(change.address, value) for value in (change.old, change.new))
        click.echo(f"   {change.address}: {old} → {new}")
