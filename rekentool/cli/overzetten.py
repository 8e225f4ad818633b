"""`overzetten`: the inputs of filled workbooks in workbooks of the current version."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_tool
from rekentool.cli.screen import print_findings, print_json
from rekentool.messages import CATALOGUE, EXIT_OK, refuse

if TYPE_CHECKING:
    from rekentool.jobs.carry import Carried
    from rekentool.jobs.carrylist import Line
    from rekentool.tool import Tool

#: Lines of one kind that the screen shows of a file.
MOST = 20


@click.command(options_metavar="[OPTIES]")
@click.argument("bestanden", type=FILE, nargs=-1, required=True)
@click.option("--naar", "folder", type=FILE, required=True, metavar="MAP", help="De map voor de nieuwe werkboeken.")
@click.option("--peildatum", metavar="DATUM", help="De peildatum in de nieuwe werkboeken; anders blijft zij gelijk.")
@click.option(
    "--van", type=FILE, metavar="MAPPING", help="De mapping van de oude versie, als die niet te herkennen is."
)
@click.option(
    "--nieuwe-standaard", is_flag=True, help="Wat op de oude standaardwaarde staat, krijgt de nieuwe standaardwaarde."
)
@click.option("--droog", is_flag=True, help="Toon wat er overgezet zou worden en schrijf niets.")
@overwrite_option
@mapping_option
@json_option
def overzetten(
    bestanden: tuple[Path, ...],
    folder: Path,
    peildatum: str | None,
    van: Path | None,
    nieuwe_standaard: bool,
    droog: bool,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Zet de invoer van werkboeken over in nieuwe werkboeken.

    Ook van een oudere versie van het sjabloon, of uit een beschadigd werkboek. Naast elk nieuw werkboek komt een lijst,
    NAAM.overzetting.csv: wat is overgezet, wat een andere betekenis heeft, wat nieuw en nog leeg is. De oude bestanden
    veranderen niet.

    Voorbeeld: rekentool overzetten oud/*.xlsx --naar nieuw --peildatum 1-8-2027
    """
    from rekentool.jobs.carry import carry

    tool = the_tool(mapping, None)
    carried, refused = carry(
        tool,
        bestanden,
        folder,
        day=_day(tool, peildatum),
        older=van,
        new_defaults=nieuwe_standaard,
        overwrite=overschrijf,
        dry=droog,
    )
    findings = [*tool.findings, *(found for one in carried for found in one.findings), *refused]
    code = max(
        [one.exit_code for one in carried] + [CATALOGUE[found.code].exit_code for found in refused], default=EXIT_OK
    )
    if as_json:
        print_json("overzetten", code, findings, bestanden=[_facts(one) for one in carried])
    else:
        for one in carried:
            _show(one)
        print_findings(findings)
    sys.exit(code)


def _day(tool: Tool, text: str | None) -> date | None:
    """The peildatum that was typed; RK822 where the mapping has none, RK3xx for what isn't a day it allows."""
    from rekentool.mapping.values import parse_text

    if text is None:
        return None
    name = tool.mapping.workbook.date_field
    if name not in {field.id for field in tool.mapping.inputs}:
        raise refuse("RK822", veld=name)
    day = parse_text(tool.mapping.field(name), text, "--peildatum")
    if not isinstance(day, date):
        raise refuse("RK305", "--peildatum", found=text)
    return day


def _facts(one: Carried) -> dict[str, object]:
    return {
        "bestand": str(one.source),
        "versie": one.version,
        "regio": one.region,
        "naar": str(one.path),
        "lijst": str(one.listing),
        "bewijs": str(one.receipt),
        "geschreven": one.written,
        "aantallen": one.counts,
        "regels": [line.as_dict() for line in one.lines],
    }


def _show(one: Carried) -> None:
    """The file, how much of everything, and the lines that ask for a look."""
    from rekentool.jobs.carrylist import PLAIN

    click.echo(f"{one.source} (versie {one.version}) → {one.path}" + ("" if one.written else "  (niet geschreven)"))
    click.echo("   " + " · ".join(f"{count} {what}" for what, count in one.counts.items()))
    for what in one.counts:
        if what in PLAIN:
            continue
        lines = _grouped([line for line in one.lines if line.what == what])
        for text in lines[:MOST]:
            click.echo(f"   {what}: {text}")
        if len(lines) > MOST:
            click.echo(f"   {what}: nog {len(lines) - MOST}; zie de lijst, of gebruik --json")
    if one.written:
        click.echo(f"   lijst: {one.listing}")


def _grouped(lines: list[Line]) -> list[str]:
    """Lines as text, the cases of one field that fared alike on one line."""
    groups: dict[tuple[str, ...], list[Line]] = {}
    for number, line in enumerate(lines):
        key = (line.field, line.old_value, line.new_value, line.note) if line.field else (str(number),)
        groups.setdefault(key, []).append(line)
    return [_text(group) for group in groups.values()]


def _text(group: list[Line]) -> str:
    first = group[0]
    cases = ", ".join(line.case for line in group if line.case)
    name = f"{first.field} ({cases})" if cases else first.field or first.old_cell
    if first.what == "ongeldig geworden":
        values = f"{first.old_value} kan niet; in het nieuwe werkboek staat {first.new_value}"
    else:
        values = " → ".join(value for value in (first.old_value, first.new_value) if value)
    return f"{name}: {values}" + (f" ({first.note})" if first.note else "")
