"""`vergelijk`: what is otherwise in one workbook than in another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_tool
from rekentool.cli.screen import print_findings, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekentool.jobs.compare import Comparison
    from rekentool.jobs.difference import Difference
    from rekentool.jobs.effect import Effect

#: Differences of one group that are shown; --json and --naar have them all.
MOST = 20
#: Characters of a line of text or formula on the screen.
_WIDTH = 110


@click.command(options_metavar="[OPTIES]")
@click.argument("oud", type=FILE)
@click.argument("nieuw", type=FILE)
@click.option(
    "--naar",
    "target",
    type=FILE,
    metavar="UIT",
    help="Schrijf alle verschillen ook in een tabel: een .csv, .xlsx of .parquet.",
)
@overwrite_option
@mapping_option
@json_option
def vergelijk(
    oud: Path, nieuw: Path, target: Path | None, overschrijf: bool, mapping: Path | None, as_json: bool
) -> None:
    """Vergelijk twee werkboeken.

    Toont wat er in NIEUW anders is dan in OUD: invoer, formules, structuur, resultaten, opmaak en beveiliging. Van elke
    gewijzigde formule staat erbij welke resultaten zij raakt en hoeveel elk daarvan verandert door die wijziging
    alleen. Ingevoegde en verplaatste rijen tellen één keer, niet als een wijziging van elke formule die meeschuift.

    Voorbeeld: rekentool vergelijk rekentool.xlsx mijn-rekentool.xlsx
    """
    from rekentool.jobs.compare import compare
    from rekentool.jobs.differencetable import COLUMNS, NUMBERS, difference_data, difference_rows
    from rekentool.tables.table import check_target, write_table

    if target is not None:
        check_target(target, overwrite=overschrijf)
    found = compare(the_tool(mapping, None), oud, nieuw)
    if target is not None:
        write_table(target, COLUMNS, difference_rows(found.differences), overwrite=overschrijf, numbers=NUMBERS)
    if as_json:
        print_json(
            "vergelijk",
            found.exit_code,
            found.findings,
            oud=str(oud),
            nieuw=str(nieuw),
            aantallen=found.counts,
            niet_vergeleken=found.unchecked,
            verschillen=[difference_data(one) for one in found.differences],
        )
        sys.exit(found.exit_code)
    for line in _report(found):
        click.echo(line)
    if target is not None:
        click.echo(f"\n{target}: {len(found.differences)} rijen")
    print_findings(found.findings)
    sys.exit(found.exit_code)


def _report(found: Comparison) -> Iterator[str]:
    """The comparison as a person reads it: the counts, then the most important differences of each group."""
    number = len(found.differences)
    if number:
        outcome = f"{_number(number)} {'verschil' if number == 1 else 'verschillen'}"
    else:
        outcome = "geen verschillen gevonden, maar niet alles is vergeleken" if found.exit_code else "geen verschillen"
    yield f"{found.old} → {found.new}: {outcome}"
    yield " · ".join(f"{group} {_number(count)}" for group, count in found.counts.items())
    for group, count in found.counts.items():
        if not count:
            continue
        yield ""
        yield group.upper()
        for difference in found.of(group)[:MOST]:
            yield from _lines(difference, found)
        if count > MOST:
            yield f"   en nog {_number(count - MOST)}; alle staan er met --json of --naar"


def _lines(one: Difference, found: Comparison) -> Iterator[str]:
    label = f" · {one.label}" if one.label else ""
    if one.group in ("invoer", "resultaten"):
        detail = f" ({one.detail})" if one.detail else ""
        yield f"   {one.place}{label}: {_short(one.old)} → {_short(one.new)}{detail}"
        return
    count = f", {len(one.cells)} cellen" if len(one.cells) > 1 else ""
    detail = f": {one.detail}" if one.detail else ""
    if one.group == "formules":
        yield f"   {one.place}{label} — {one.kind}{count}{detail}"
        yield f"      was:   {_short(one.old)}"
        yield f"      wordt: {_short(one.new)}"
    else:
        change = f": {_short(one.old)} → {_short(one.new)}" if one.old and one.new else ""
        size = one.old or one.new
        if not change and one.kind.startswith(("rij", "kolom", "blad")):
            count = ""
        change = change or (f": {_short(size)}" if size else "")
        yield f"   {one.place}{label} — {one.kind}{count}{change}{detail}"
    if one.effect is not None:
        yield f"      {_effect(one.effect, found)}"


def _effect(effect: Effect, found: Comparison) -> str:
    """What the change does by itself, in one line."""
    from rekentool.jobs.attribution import change_text

    reached = len(effect.reached)
    raakt = f"raakt {_number(reached)} {'resultaat' if reached == 1 else 'resultaten'}"
    if effect.unchecked:
        what = f"{raakt}; hoeveel" if reached else "wat dit met de resultaten doet,"
        return f"{what} is niet gecontroleerd: {effect.unchecked}"
    if not reached:
        return "raakt geen resultaten"
    unknown = f"; {len(effect.uncomputed)} daarvan zijn niet te berekenen" if effect.uncomputed else ""
    changed = len({one.result for one in effect.changed})
    if not changed:
        return f"{raakt}; met deze invoer verandert er geen{unknown}"
    first = effect.changed[0]
    most = f"het meest {found.sides.result_label(first.result)}: {change_text(first)}"
    verb = "verandert" if changed == 1 else "veranderen"
    return f"{raakt}; met deze invoer {verb} er {_number(changed)}, {most}{unknown}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
