"""`vul`: a workbook for each region of a table."""

from __future__ import annotations

from pathlib import Path

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_regions, the_tool
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import EXIT_OK


@click.command(options_metavar="[OPTIES]")
@click.argument("regios", type=FILE)
@click.option("--naar", "folder", type=FILE, required=True, metavar="MAP", help="De map voor de ingevulde werkboeken.")
@click.option(
    "--sjabloon", type=FILE, metavar="BESTAND", help="Vul kopieën van dit werkboek in plaats van de lege rekentool."
)
@click.option("--droog", is_flag=True, help="Toon wat er geschreven zou worden en schrijf niets.")
@click.option("--overschrijf-invoer", is_flag=True, help="Ook invoer vervangen die in het sjabloon al is ingevuld.")
@overwrite_option
@mapping_option
@json_option
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
    from rekentool.jobs.fill import fill

    tool = the_tool(mapping, sjabloon)
    regions = the_regions(regios, tool)
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
