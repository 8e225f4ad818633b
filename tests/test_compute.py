"""`reken`: many regions at once give what each region gives alone, and the same is said of each."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from opdracht import run, table
from openpyxl import Workbook
from rekentool_werkboek import tool

import rekentool.jobs.compute
from rekentool.jobs.compute import compute, compute_blocks, row_count
from rekentool.jobs.ownchecks import check_findings
from rekentool.mapping.schema import Field
from rekentool.messages import Finding
from rekentool.tables.block import frame
from rekentool.tables.regions import Region, Regions, read_frame, read_regions
from rekentool.tables.results import COLUMNS, ResultRow, result_rows
from rekentool.tool import Tool, open_tool


def drawn(field: Field, rng: random.Random) -> Any:
    """A value that a field allows, not too far from what is usual."""
    if field.choices:
        return rng.choice(field.choices)
    if field.kind == "datum":
        return date(2021, 1, 1) + timedelta(days=rng.randrange(2500))
    if field.kind == "tekst":
        return rng.choice(["x", "Voorbeeld"])
    low = field.minimum if isinstance(field.minimum, int | float) else 0
    high = field.maximum if isinstance(field.maximum, int | float) else low + 1000
    return rng.randint(int(low), int(min(high, low + 30))) if field.kind == "geheel_getal" else rng.uniform(low, high)


def regions_of(count: int, seed: int) -> Regions:
    """Regions that each fill some of the fields; at some peildata a kengetal isn't known."""
    rng = random.Random(seed)
    mapping = tool().mapping
    ages = {name for rule in mapping.sums for name in rule.fields}
    keys = [(field, key) for field in mapping.fields for key in field.keys if field.id not in ages]
    regions = []
    for number in range(count):
        chosen = rng.sample(keys, rng.randrange(60))
        values = {key: drawn(field, rng) for field, key in chosen}
        regions.append(Region(f"R{number}", {**values, ("regio_naam", None): f"R{number}"}, number + 2))
    return Regions(regions)


def alone(opened: Tool, regions: Regions, *, every_line: bool) -> tuple[list[ResultRow], list[Finding]]:
    """Each region as a scenario of its own, by its row."""
    rows: list[ResultRow] = []
    findings: list[Finding] = []
    for region in regions:
        (outcome,) = opened.model.compute([opened.cells(region.values)])
        rows += result_rows(opened.binding, region.name, outcome.values, every_line=every_line)
        findings += check_findings(opened, outcome, region.name)
    return rows, findings


@pytest.mark.parametrize("every_line", [False, True])
def test_many_regions_are_each_region(monkeypatch: pytest.MonkeyPatch, every_line: bool) -> None:
    monkeypatch.setattr(rekentool.jobs.compute, "CHUNK", 11)
    regions, findings = regions_of(30, 7), []
    rows = list(compute(tool(), regions, findings, every_line=every_line))
    expected, said = alone(tool(), regions, every_line=every_line)
    assert rows == expected
    assert len(rows) == row_count(tool(), regions, every_line=every_line) == 30 * (2844 if every_line else 196)
    assert findings == said
    assert {found.code for found in findings} == {"RK520", "RK523"}
    kinds = {type(row.waarde).__name__ for row in rows} | {row.waarde for row in rows if isinstance(row.waarde, str)}
    assert kinds == {"float", "NoneType", "str", "niet te berekenen", "niet binnen de horizon"}


def test_a_list_of_regions_will_do() -> None:
    regions = regions_of(3, 1)
    assert list(compute(tool(), list(regions), [])) == list(compute(tool(), regions, []))


def test_what_one_region_can_not_compute_is_said_of_that_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a run does when a cell can't be computed for some region: it leaves that cell out."""
    regions, findings = regions_of(4, 2), []
    expected, said = alone(tool(), regions, every_line=False)
    model = tool().model
    whole = model.run

    def without_one(*arguments: Any, **options: Any) -> Any:
        found = dict(whole(*arguments, **options))
        del found[next(iter(tool().binding.results()))[-1]]
        return found

    monkeypatch.setattr(model, "run", without_one)
    assert list(compute(tool(), regions, findings)) == expected
    assert findings == said


def test_frame_has_the_rows() -> None:
    regions = regions_of(5, 3)
    rows = list(compute(tool(), regions, []))
    found = frame(list(compute_blocks(tool(), regions, [])), list(tool().binding.results()))
    assert list(found.columns) == list(COLUMNS)
    assert found["waarde"].dtype == object
    assert [tuple(row) for row in found.itertuples(index=False)] == [tuple(row) for row in rows]
    expected = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"waarde": object})
    pd.testing.assert_frame_equal(found, expected)


# -- another workbook -------------------------------------------------------------------------------------------------

MAPPING = """\
formaat: 1
werkboek: {id: cursus, titel: Cursus, bestand: cursus.xlsx, regio_veld: naam}
partijen: {school: School}
groepen: {invoer: Invoer}
velden:
  naam: {groep: invoer, label: Naam, soort: tekst, cel: Blad!B1}
  prijs: {groep: invoer, label: Prijs, soort: bedrag, verplicht: false, leeg: geen prijs, cel: Blad!B2}
  datum: {groep: invoer, label: Datum, soort: tekst, verplicht: false, leeg: geen, cel: Blad!B3}
resultaten:
  uitkomst:
    bereik: Blad!B5:B8
    vast: {partij: school}
    rijen: {regel: [LIJN, onbekend, tekst, leeg]}
    eenheid: euro
controles:
  oordeel: {cel: Blad!B9, verwacht: 1, label: Oordeel}
"""


def course(folder: Path, line: str = "opbrengst", unknown: str = "=ZELFBEDACHT(B2)") -> Path:
    """A workbook with a result that depends on a blank, one that no engine knows, and one that is a text."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Blad"
    for row in (
        ("Naam",), ("Prijs",), ("Datum",), (), ("a", "=B2*2"), ("b", unknown), ("c", '=IF(B2=0,"n.v.t.","veel")'),
        ("d", "=1/B2"), ("e", "=IF(B2>0,1,0)"),
    ):  # fmt: skip
        sheet.append(row)
    book.save(folder / "cursus.xlsx")
    path = folder / "cursus.yaml"
    path.write_text(MAPPING.replace("LIJN", line), encoding="utf-8")
    return path


def test_blanks_and_unknown_cells_of_another_workbook(tmp_path: Path) -> None:
    """A blank keeps the template's blank, which is 0 to a formula; a cell that nobody knows is never 0."""
    opened = open_tool(course(tmp_path))
    regions = read_frame(pd.DataFrame({"naam": ["A", "B"], "prijs": [12.5, None]}), opened.mapping)
    findings: list[Finding] = []
    rows = list(compute(opened, regions, findings))
    assert [(row.regio, row.regel, row.waarde) for row in rows] == [
        ("A", "opbrengst", 25.0), ("A", "onbekend", "niet gecontroleerd"), ("A", "tekst", "veel"), ("A", "leeg", 0.08),
        ("B", "opbrengst", 0.0), ("B", "onbekend", "niet gecontroleerd"), ("B", "tekst", None),
        ("B", "leeg", "#DIV/0!"),
    ]  # fmt: skip
    assert (rows, findings) == alone(opened, regions, every_line=False)
    assert [(found.code, found.place) for found in findings] == [
        ("RK522", "A"), ("RK520", "B: Blad!B9"), ("RK522", "B"),
    ]  # fmt: skip


def test_a_cell_that_some_regions_can_not_compute(tmp_path: Path) -> None:
    """ "1/2/2026" is a date or not by the country that Excel is set to: nobody can say, for that region."""
    opened = open_tool(course(tmp_path, unknown="=VALUE(B3)"))
    texts = table(tmp_path, "naam;prijs;datum\nA;1;12\nB;2;1/2/2026\nC;3;13\n")
    regions = read_regions(texts, opened.mapping)
    findings: list[Finding] = []
    rows = list(compute(opened, regions, findings))
    assert [row.waarde for row in rows if row.regel == "onbekend"] == [12.0, "niet gecontroleerd", 13.0]
    assert [row.waarde for row in rows if row.regel == "opbrengst"] == [2.0, 4.0, 6.0]
    assert [(found.code, found.place) for found in findings] == [("RK522", "B")]


def test_a_mapping_without_saldo_has_nothing_to_show(tmp_path: Path) -> None:
    mapping = course(tmp_path)
    regions = table(tmp_path, "naam;prijs\nA;10\n")
    ran = run("reken", regions, "--naar", tmp_path / "uit.csv", "--mapping", mapping, "--toon")
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'uit.csv'}: 4 rijen uit 1 regio\n")
    assert ran.codes == ["RK522", "RK645"]
    assert f"RK645 melding · {tmp_path / 'uit.csv'}\n   gevonden: de tabel heeft geen regel saldo" in ran.err


def test_a_saldo_without_years_is_shown(tmp_path: Path) -> None:
    """And so the remedy of RK645 helps."""
    mapping = course(tmp_path, line="saldo")
    regions = table(tmp_path, "naam;prijs\nA;617283,9\n")
    ran = run("reken", regions, "--naar", tmp_path / "uit.csv", "--mapping", mapping, "--toon")
    assert (ran.code, ran.codes) == (0, ["RK522"])
    assert ran.out.endswith("\n\nSaldo per partij (euro):\nregio  geval     school\nA             1.234.568\n")
    assert run("vul", regions, "--naar", tmp_path / "uit", "--mapping", mapping).code == 0
    ran = run("lees", tmp_path / "uit" / "a.xlsx", "--naar", tmp_path / "gelezen.csv", "--mapping", mapping, "--toon")
    assert "A             1.234.568\n" in ran.out
