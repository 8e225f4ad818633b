"""The description of a businesscase (workbooks/bron/rekenmodel.yaml) as rows, and their formulas as cell references."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from rekentool.mapping.schema import Field, Mapping

FIRST_YEAR, YEARS = 4, 5  # jaar 1 stands in column D
FIXED_COLUMN, TOTAL_COLUMN, STUDENT_COLUMN, DIPLOMA_COLUMN, NOTE_COLUMN = "C", "I", "J", "K", "L"
YEAR_COLUMNS = "DEFGH"
YEAR_ROW = 6
FIRST_ROW = 8
EMPLOYER = "werkgeverschap"  # in `van`/`naar`: the SW-bedrijf or the regular employer, as the choice has it
EMPLOYERS = {"sw_bedrijf": "e_sw", "werkgever": "e_werkgever"}

_REFERENCE = re.compile(r"\{([^{}]+)\}")
_BLOCK = re.compile(r"BLOK\(([a-z_.]+),([a-z_.]+)\)")  # all years of the rows from … to …


@dataclass(frozen=True)
class Row:
    """One row of a case sheet; ``key`` is unique, formulas still hold ``{…}`` references."""

    key: str
    label: str
    unit: str = ""
    look: str = "euro"
    fixed: str | None = None
    yearly: str | None = None
    begin: str | None = None
    total: str | None = None  # "som", or a formula for the total column
    ratios: bool = False  # also per student and per diploma
    note: str = ""
    heading: int = 0  # 1 section, 2 sub-heading: a row without formulas
    emphasis: bool = False


@dataclass
class CaseModel:
    """The rows of a case sheet, the same for all four cases, and where each stands."""

    rows: list[Row]
    cases: dict[str, dict[str, Any]]
    numbers: dict[str, int] = field(init=False)
    by_key: dict[str, Row] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = {row.key: FIRST_ROW + index for index, row in enumerate(self.rows)}
        self.by_key = {row.key: row for row in self.rows}
        if len(self.numbers) != len(self.rows):
            raise ValueError("two rows of the model have one key")

    def resolve(self, formula: str, column: str = FIXED_COLUMN) -> str:
        """The formula with every ``{…}`` replaced by a cell reference, as it stands in ``column``."""

        def reference(match: re.Match[str]) -> str:
            name = match[1]
            if name == "jaar":
                return f"{column}${YEAR_ROW}"
            shift = name.endswith("-1")
            name = name.removesuffix("-1")
            name, _, span = name.partition(":")
            row = self.by_key[name]
            number = self.numbers[name]
            if span == "jaren":
                return f"$D{number}:$H{number}"
            if span == "tot":
                return f"$D{number}:{column}{number}"
            if span == "totaal":
                return f"${TOTAL_COLUMN}${number}"
            if row.yearly is None:
                return f"${FIXED_COLUMN}${number}"
            return f"{chr(ord(column) - 1) if shift else column}{number}"

        def block(match: re.Match[str]) -> str:
            return f"$D{self.numbers[match[1]]}:$H{self.numbers[match[2]]}"

        return "=" + _REFERENCE.sub(reference, _BLOCK.sub(block, formula))

    def sheet(self, case: str) -> str:
        """The sheet's name of a case."""
        return str(self.cases[case]["blad"])


def load(description: Path, mapping: Mapping) -> CaseModel:
    """Read the description and lay out the rows: gegevens, aantallen, bedragen, overdrachten, partijen, controles."""
    source = yaml.safe_load(description.read_text(encoding="utf-8"))
    rows = [
        *_inputs(source, mapping),
        *_plain("Aantallen", source["volumes"]),
        *_plain("Bedragen per eenheid", source["bedragen"]),
    ]
    rows += _transfers(source, mapping)
    lines = _lines(source)
    for party, label in mapping.parties.items():
        rows += _party(party, label, lines[party], mapping)
    rows += _society(mapping)
    rows += _checks(source, lines)
    return CaseModel(rows, source["gevallen"])


def _inputs(source: dict[str, Any], mapping: Mapping) -> list[Row]:
    """Every input of the case once more, with #N/A where a required one is empty or isn't what it must be."""
    rows = [
        Row("kop.gegevens", "Gegevens van dit geval", heading=1),
        Row("leerweg", "Leerweg", "", "tekst", fixed="leerweg"),
        Row("niveau", "Niveau", "", "geheel", fixed="niveau"),
    ]
    fields = [mapping.field(name) for name in source["algemene_gegevens"]]
    fields += [item for item in mapping.inputs if item.cases]
    for item in fields:
        look = {"percentage": "procent", "bedrag": "tarief", "geheel_getal": "geheel", "getal": "personen"}.get(
            item.kind, "tekst"
        )
        rows.append(Row(item.id, item.label, item.unit, look, fixed=_guard(item, source), note=""))
    return rows


def _guard(item: Field, source: dict[str, Any]) -> str:
    """``[[invoer]]`` stands for the input cell; the case sheet puts its address there."""
    cell = "[[invoer]]"
    if item.choices:
        tests = ",".join(f'{cell}="{choice}"' for choice in item.choices)
        value = f"IF(OR({tests}),{cell},NA())"
    elif item.id in source["leeg_betekent"]:
        value = f"IF(ISBLANK({cell}),{source['leeg_betekent'][item.id]},IF(ISNUMBER({cell}),{cell},NA()))"
    elif item.blank_meaning:
        value = f'IF(ISBLANK({cell}),"norm",IF(ISNUMBER({cell}),{cell},NA()))'
    else:
        value = f"IF(ISNUMBER({cell}),{cell},NA())"
    ways = {case[:3] for case in item.cases}
    if len(ways) == 1:
        value = f'IF({{leerweg}}="{ways.pop()}",{value},"n.v.t.")'
    return value


def _plain(title: str, source: dict[str, dict[str, Any]]) -> list[Row]:
    rows = [Row(f"kop.{title}", title, heading=1)]
    for key, item in source.items():
        rows.append(
            Row(
                key,
                item["label"],
                item["eenheid"],
                item["opmaak"],
                item.get("vast"),
                item.get("jaar"),
                item.get("begin"),
                item.get("totaal"),
                note=item["toelichting"],
            )
        )
    return rows


def _only(formula: str, way: str | None) -> str:
    """A line that leerweg switches off is a true 0, whatever its inputs are."""
    return f'IF({{leerweg}}="{way}",{formula},0)' if way else formula


def _transfers(source: dict[str, Any], mapping: Mapping) -> list[Row]:
    rows = [Row("kop.overdrachten", "Overdrachten tussen partijen", heading=1)]
    names = {**mapping.parties, EMPLOYER: "Werkgever volgens keuze"}
    for key, item in source["overdrachten"].items():
        text = _transfer_label(key, item, mapping)
        rows.append(
            Row(
                f"overdracht.{key}",
                text,
                "euro",
                yearly=_only(item["formule"], item.get("alleen")),
                total="som",
                note=f"{names[item['van']]} → {names[item['naar']]}. {item['toelichting']}",
            )
        )
    return rows


def line_label(mapping: Mapping, party: str, line: str) -> str:
    """The label of a result line, as the mapping expects it beside its row."""
    for result in mapping.results:
        for part in result.ranges:
            if part.label and part.shared["partij"] == party and part.shared["regel"] == line:
                return part.label
    raise KeyError(f"the mapping has no label for {party}.{line}")


def _transfer_label(key: str, item: dict[str, Any], mapping: Mapping) -> str:
    receiver = "sw_bedrijf" if item["naar"] == EMPLOYER else item["naar"]
    return line_label(mapping, receiver, key)


def _lines(source: dict[str, Any]) -> dict[str, dict[str, dict[str, tuple[str, bool, str]]]]:
    """party → side → line → (formula, is a transfer, note); transfers first, then what is real, then what is typed in."""
    lines: dict[str, dict[str, dict[str, tuple[str, bool, str]]]] = {}

    def add(party: str, side: str, key: str, formula: str, transfer: bool, note: str) -> None:
        target = lines.setdefault(party, {"baten": {}, "kosten": {}})[side]
        if key in target:
            raise ValueError(f"line twice: {party}.{side}.{key}")
        target[key] = (formula.replace("{@", f"{{{party}.{side}."), transfer, note)

    for key, item in source["overdrachten"].items():
        for party_key, side in ((item["van"], "kosten"), (item["naar"], "baten")):
            if party_key == EMPLOYER:
                for party, share in EMPLOYERS.items():
                    add(
                        party,
                        side,
                        key,
                        f"IF({{{share}}}=1,{{overdracht.{key}}},0)",
                        True,
                        "Overdracht, zie hierboven; alleen als deze partij werkgever is.",
                    )
            else:
                add(party_key, side, key, f"{{overdracht.{key}}}", True, "Overdracht, zie hierboven.")
    for party, sides in source["echt"].items():
        for side, items in sides.items():
            for key, item in items.items():
                add(party, side, key, _only(item["formule"], item.get("alleen")), False, item["toelichting"])
    extra = source["eenmalig_en_overig"]
    for party in extra["partijen"]:
        for side in ("baten", "kosten"):
            for key, item in extra[side].items():
                add(
                    party,
                    side,
                    key,
                    item["formule"].replace("{invoer}", f"{{{key}_{party}}}"),
                    False,
                    item["toelichting"],
                )
    return lines


def _totals(party: str, benefits: str, costs: str, silent: str) -> list[Row]:
    """Saldo, its cumulation, contante waarde and terugverdienjaar of a party or of the whole."""
    key = f"{party}.totaal"
    return [
        Row(
            f"{key}.saldo",
            "Saldo",
            "euro",
            yearly=f"{benefits}-{costs}",
            total="som",
            ratios=True,
            emphasis=True,
            note="Baten min kosten.",
        ),
        Row(
            f"{key}.cumulatief_saldo",
            "Cumulatief saldo",
            "euro",
            yearly=f"SUM({{{key}.saldo:tot}})",
            note="Saldo tot en met dit jaar.",
        ),
        Row(
            f"{key}.contante_waarde",
            "Contante waarde",
            "euro",
            yearly=f"{{{key}.saldo}}*{{disconto}}",
            total="som",
            ratios=True,
            note="Saldo × discontofactor.",
        ),
        Row(
            f"{key}.tekortjaar",
            "Jaar met een cumulatief tekort",
            "jaar of 0",
            "geheel",
            yearly=f"IF(ROUND({{{key}.cumulatief_saldo}},2)<0,{{jaar}},0)",
            note="Het jaar zelf zolang het cumulatieve saldo negatief is.",
        ),
        Row(
            f"{key}.terugverdienjaar",
            "Terugverdienjaar",
            "jaar",
            "geheel",
            total=f'IF({silent},"n.v.t.",IF(MAX({{{key}.tekortjaar:jaren}})+1>{{horizon}},"niet binnen de horizon",MAX({{{key}.tekortjaar:jaren}})+1))',
            note="Eerste jaar vanaf wanneer het cumulatieve saldo niet meer negatief wordt.",
        ),
    ]


def _party(party: str, label: str, sides: dict[str, dict[str, tuple[str, bool, str]]], mapping: Mapping) -> list[Row]:
    rows = [Row(f"kop.{party}", label, heading=1)]
    for side in ("baten", "kosten"):
        rows.append(Row(f"kop.{party}.{side}", side.capitalize(), heading=2))
        keys = [f"{party}.{side}.{key}" for key in sides[side]]
        for key, (formula, _, note) in sides[side].items():
            rows.append(
                Row(
                    f"{party}.{side}.{key}",
                    line_label(mapping, party, key),
                    "euro",
                    yearly=formula,
                    total="som",
                    ratios=True,
                    note=note,
                )
            )
        rows.append(
            Row(
                f"{party}.totaal.{side}",
                f"Totaal {side}",
                "euro",
                yearly=f"SUM({{{keys[0]}}}:{{{keys[-1]}}})",
                total="som",
                ratios=True,
                emphasis=True,
                note=f"Som van de {side} hierboven.",
            )
        )
    first, last = f"{party}.baten.{next(iter(sides['baten']))}", f"{party}.kosten.{list(sides['kosten'])[-1]}"
    area = f"BLOK({first},{last})"
    rows += _totals(
        party, f"{{{party}.totaal.baten}}", f"{{{party}.totaal.kosten}}", f"AND(MAX({area})=0,MIN({area})=0)"
    )
    return rows


def _society(mapping: Mapping) -> list[Row]:
    rows = [Row("kop.maatschappelijk", "Maatschappelijk (alle partijen samen)", heading=1)]
    for side in ("baten", "kosten"):
        rows.append(
            Row(
                f"maatschappelijk.totaal.{side}",
                f"Totaal {side}",
                "euro",
                yearly="+".join(f"{{{party}.totaal.{side}}}" for party in mapping.parties),
                total="som",
                ratios=True,
                emphasis=True,
                note=f"Som van de {side} van alle partijen, met de overdrachten aan beide kanten.",
            )
        )
    area = "BLOK(maatschappelijk.totaal.baten,maatschappelijk.totaal.kosten)"
    return rows + _totals(
        "maatschappelijk",
        "{maatschappelijk.totaal.baten}",
        "{maatschappelijk.totaal.kosten}",
        f"AND(MAX({area})=0,MIN({area})=0)",
    )


def _checks(source: dict[str, Any], lines: dict[str, dict[str, dict[str, tuple[str, bool, str]]]]) -> list[Row]:
    def summed(transfer: bool, side: str) -> str:
        """SUM per run of neighbouring rows, so that a reader sees blocks and not sixty loose cells."""
        parts = []
        for party, sides in lines.items():
            keys = [key for key, line in sides[side].items() if line[1] is transfer]
            if keys:
                parts.append(f"SUM({{{party}.{side}.{keys[0]}}}:{{{party}.{side}.{keys[-1]}}})")
        return "+".join(parts)

    def other(way: str) -> str:
        return "+".join(
            f"ABS({{overdracht.{key}}})" for key, item in source["overdrachten"].items() if item.get("alleen") == way
        )

    return [
        Row("kop.controles", "Controles (verschillen, horen 0 te zijn)", heading=1),
        Row(
            "controle.overdrachten",
            "Overdrachten heffen elkaar op",
            "euro",
            "tarief",
            yearly=f"({summed(True, 'baten')})-({summed(True, 'kosten')})",
            note="Alle overdrachten als baten min alle overdrachten als kosten.",
        ),
        Row(
            "controle.personen",
            "Personen tellen op",
            "personen",
            "personen",
            yearly="IF({jaar}<{studieduur},{eind},0)+SUM({uitvallers:tot})+SUM({gezakt:tot})+SUM({diplomas:tot})-{aantal_studenten}",
            note="Nog in opleiding, uitgevallen, gezakt en gediplomeerd samen min de starters.",
        ),
        Row(
            "controle.totaal",
            "Partijen tellen op tot het geheel",
            "euro",
            "tarief",
            yearly=f"({summed(False, 'baten')})-({summed(False, 'kosten')})-{{maatschappelijk.totaal.saldo}}",
            note="Alleen de echte kosten en baten min het maatschappelijke saldo.",
        ),
        Row(
            "controle.leerweg",
            "Regels van de andere leerweg zijn nul",
            "euro",
            "tarief",
            yearly=f'IF({{leerweg}}="bol",{other("bbl")},{other("bol")})',
            note="Bbl-regels bij bol en andersom.",
        ),
        Row(
            "controle.plafond",
            "Loonkostensubsidie boven het maximum",
            "euro per maand",
            "tarief",
            fixed="MAX(0,{lks_maand}-{lks_plafond})+MAX(0,{lks_na_maand}-{lks_na_plafond})",
            note="Tijdens het traject en na uitstroom.",
        ),
    ]
