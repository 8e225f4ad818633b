"""`overzicht`: the workbook read back, its numbers against pandas over the same table, and sources of every kind."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from opdracht import run, snapshot, table
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import FileFormat, OpenXmlValidator
from rekentool_werkboek import tool

from rekentool.jobs.overview import overview
from rekentool.shipped import EXAMPLE_REGIONS, EXAMPLES
from rekentool.xlsx.patch import patch_workbook

SHEETS = ["Overzicht", "Tabel", "Rangorde", "Per geval", "Spreiding", "Spreiding in beeld", "Grafiekgegevens"]
HEADER = "regio,geval,partij,regel,jaar,waarde,eenheid,cel\n"
PARTIES = ["mbo_school", "sw_bedrijf", "gemeente", "werkgever", "rijk", "student", "maatschappelijk"]


@pytest.fixture(scope="module")
def gemaakt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """The overview of the four example regions, and the results table it was made of."""
    folder = tmp_path_factory.mktemp("overzicht")
    assert run("reken", EXAMPLE_REGIONS, "--naar", folder / "uit.csv").code == 0
    ran = run("overzicht", folder / "uit.csv", "--naar", folder / "overzicht.xlsx")
    assert (ran.code, ran.codes) == (0, ["RK830"])
    assert ran.out == f"{folder / 'overzicht.xlsx'}: 4 regio’s, 784 uitkomsten\n"
    return folder / "overzicht.xlsx", pd.read_csv(folder / "uit.csv", dtype={"waarde": str}, keep_default_na=False)


def numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with a number."""
    return frame.assign(waarde=pd.to_numeric(frame["waarde"], errors="coerce")).dropna(subset="waarde")


def sheet(path: Path, name: str) -> Worksheet:
    found = openpyxl.load_workbook(path)[name]
    assert isinstance(found, Worksheet)
    return found


def parts(path: Path, pattern: str) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.fullmatch(pattern, name)}


def texts(path: Path, name: str) -> list[Any]:
    return [cell.value for row in sheet(path, name) for cell in row if cell.value is not None]


def small(folder: Path, rows: str, *options: str, name: str = "uit.csv") -> Path:
    """An overview of a results table with these rows."""
    source = table(folder, HEADER + rows, name)
    ran = run("overzicht", source, "--naar", folder / "o.xlsx", *options)
    assert ran.code == 0, ran
    return folder / "o.xlsx"


def test_sheets_and_validity(gemaakt: tuple[Path, pd.DataFrame]) -> None:
    path, _ = gemaakt
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == SHEETS
    assert not [cell for one in book for row in one for cell in row if cell.data_type == "f"]
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(path)
    assert result.errors == []
    for name in ("Tabel", "Rangorde", "Spreiding"):
        assert book[name].page_setup.orientation == "landscape"
        assert book[name].page_setup.fitToHeight == 0
        assert book[name].print_title_rows
        assert book[name].freeze_panes


def test_table_is_the_results_table(gemaakt: tuple[Path, pd.DataFrame]) -> None:
    path, frame = gemaakt
    rows = list(sheet(path, "Tabel").iter_rows(values_only=True))
    assert rows[0] == (
        "Regio",
        "Geval",
        "Partij",
        "Regel",
        "Jaar",
        "Waarde",
        "In plaats van een getal",
        "Eenheid",
        "Cel",
    )
    assert sheet(path, "Tabel").merged_cells.ranges == set()
    assert next(iter(sheet(path, "Tabel").tables.values())).ref == f"A1:I{len(frame) + 1}"
    labels = tool().mapping
    for row, wanted in zip(rows[1:], frame.itertuples(), strict=True):
        assert row[:3] == (
            wanted.regio,
            labels.cases[wanted.geval],
            labels.parties.get(wanted.partij, "Maatschappelijk"),
        )
        if row[5] is None:
            assert row[6] == (wanted.waarde or "n.v.t.")
        else:
            assert isinstance(row[5], int | float)
            assert row[5] == pytest.approx(float(wanted.waarde), rel=1e-14)
            assert row[6] is None
        assert row[7:] == (wanted.eenheid, wanted.cel)


def test_headline(gemaakt: tuple[Path, pd.DataFrame]) -> None:
    path, frame = gemaakt
    saldo = numbers(frame[frame["regel"] == "saldo"])
    per_region = saldo.groupby(["partij", "regio"])["waarde"].sum()
    rows = {row[0]: row[1:] for row in sheet(path, "Overzicht").iter_rows(values_only=True) if row[0]}
    for party in PARTIES:
        found = per_region[party]
        wanted = [4, found.sum(), found.mean(), found.min(), found.median(), found.max(), 0, 0]
        assert rows[tool().mapping.parties.get(party, "Maatschappelijk")][:8] == pytest.approx(tuple(wanted))


def test_ranking(gemaakt: tuple[Path, pd.DataFrame]) -> None:
    path, frame = gemaakt
    saldo = numbers(frame[frame["regel"] == "saldo"])
    total = saldo.groupby(["regio", "partij"])["waarde"].sum().unstack()
    total = total.sort_values("maatschappelijk", ascending=False)
    case = saldo[saldo["partij"] == "maatschappelijk"].set_index(["regio", "geval"])["waarde"]
    rows = list(sheet(path, "Rangorde").iter_rows(min_row=5, values_only=True))
    assert [row[:2] for row in rows] == list(enumerate(total.index, start=1))
    for row in rows:
        region = row[1]
        wanted = [
            total.loc[region, "maatschappelijk"],
            *(case[region, one] for one in ("bol1", "bol2", "bbl1", "bbl2")),
        ]
        wanted += [total.loc[region, party] for party in PARTIES[:-1]]
        assert row[2:] == pytest.approx(tuple(wanted))
    assert sheet(path, "Rangorde").conditional_formatting


def test_spread(gemaakt: tuple[Path, pd.DataFrame]) -> None:
    path, frame = gemaakt
    groups = frame.groupby(["geval", "partij", "regel"], sort=False)
    rows = list(sheet(path, "Spreiding").iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(groups) == 196
    for row, (_, group) in zip(rows, groups, strict=True):
        found = numbers(group)["waarde"]
        texts = (group["waarde"] == "").sum(), group["waarde"].isin(["niet te berekenen"]).sum()
        assert row[5] == len(found)
        assert row[13:] == (*texts, 4 - len(found) - sum(texts))
        if len(found):
            quartiles = found.quantile([0, 0.25, 0.5]).tolist(), found.quantile([0.75, 1]).tolist()
            assert row[6:12] == pytest.approx((*quartiles[0], found.mean(), *quartiles[1]), abs=1e-9)
        if len(found) > 1:
            assert row[12] == pytest.approx(found.std(), abs=1e-9)


def test_charts_show_their_cells(gemaakt: tuple[Path, pd.DataFrame]) -> None:
    """Every chart points at cells, and has the numbers in them stored; 2 + 7 parties × 4 cases + 7."""
    path, _ = gemaakt
    charts = parts(path, r"xl/charts/chart\d+\.xml")
    assert len(charts) == 2 + 28 + 7
    data = sheet(path, "Grafiekgegevens")
    for xml in charts.values():
        series = re.findall(r"<c:val>.*?<c:f>Grafiekgegevens!(\S+?)</c:f>(.*?)</c:val>", xml)
        assert series
        for area, cache in series:
            cells = [row[0].value for row in data[area.replace("$", "")]]
            stored = {int(at): float(value) for at, value in re.findall(r'<c:pt idx="(\d+)"><c:v>(.*?)</c:v>', cache)}
            assert stored == {at: pytest.approx(value) for at, value in enumerate(cells) if value is not None}


def test_box_plot_ends_at_the_extremes(tmp_path: Path) -> None:
    """Of −10, −4, 2 and 8 the quarters lie at −10, −5.5, −1, 3.5 and 8; stacked from zero on both sides."""
    rows = "".join(f"R{at},a,p,saldo,totaal,{value},euro,\n" for at, value in enumerate((-10, -4, 2, 8)))
    data = sheet(small(tmp_path, rows), "Grafiekgegevens")
    found = {str(data.cell(2, column).value): data.cell(3, column).value for column in range(1, data.max_column + 1)}
    above = [found[f"p: {name}"] for name in ("begin", "laagste kwart", "tweede kwart", "derde kwart", "hoogste kwart")]
    below = [
        found[f"p: {name} onder nul"]
        for name in ("begin", "hoogste kwart", "derde kwart", "tweede kwart", "laagste kwart")
    ]
    assert above == [0, 0, 0, 3.5, 4.5]
    assert below == [0, 0, -1, -4.5, -4.5]


@pytest.mark.parametrize("name", ["uit.xlsx", "uit.parquet"])
def test_every_kind_of_table_gives_the_same(gemaakt: tuple[Path, pd.DataFrame], tmp_path: Path, name: str) -> None:
    assert run("reken", EXAMPLE_REGIONS, "--naar", tmp_path / name).code == 0
    made = overview(tool(), [tmp_path / name], tmp_path / "o.xlsx")
    assert (made.kind, made.regions, made.rows) == ("uitkomstentabel", 4, 784)
    for one in SHEETS[1:]:
        assert texts(tmp_path / "o.xlsx", one) == texts(gemaakt[0], one)


def test_regions_table_and_workbooks(gemaakt: tuple[Path, pd.DataFrame], tmp_path: Path) -> None:
    """Computed first, or read: the same four regions (in a folder by name of file)."""
    assert overview(tool(), [EXAMPLE_REGIONS], tmp_path / "a.xlsx").kind == "regiotabel"
    assert texts(tmp_path / "a.xlsx", "Tabel") == texts(gemaakt[0], "Tabel")
    ran = run("overzicht", EXAMPLES, "--naar", tmp_path / "b.xlsx", "--json").json
    assert (ran["bron"], ran["regios"], ran["rijen"], ran["regel"]) == ("werkboeken", 4, 784, "saldo")
    assert texts(tmp_path / "b.xlsx", "Rangorde") == texts(gemaakt[0], "Rangorde")
    single = run("overzicht", EXAMPLES / "voorbeeldregio-zuid.xlsx", "--naar", tmp_path / "c.xlsx", "--json").json
    assert (single["bron"], single["regios"]) == ("werkboeken", 1)


def test_regions_table_in_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("Regio_Naam", "aantal_studenten.bol1"), ("Noord", 12), ("Zuid", 8)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "regios.xlsx")
    assert overview(tool(), [tmp_path / "regios.xlsx"], tmp_path / "o.xlsx").kind == "regiotabel"


def test_same_source_same_bytes(
    gemaakt: tuple[Path, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = gemaakt
    overview(tool(), [path.with_name("uit.csv")], tmp_path / "anders.xlsx")
    assert (tmp_path / "anders.xlsx").read_bytes() == path.read_bytes()
    assert not [name for name, xml in parts(path, r".*\.(xml|rels)").items() if str(path.parent) in xml]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    overview(tool(), [path.with_name("uit.csv")], tmp_path / "dag.xlsx")
    assert "2023-11-14" in texts(tmp_path / "dag.xlsx", "Overzicht")


def test_receipt(gemaakt: tuple[Path, pd.DataFrame]) -> None:
    path, _ = gemaakt
    assert run("controleer", path).code == 0
    receipt = path.with_name("overzicht.xlsx.bewijs.json").read_text(encoding="utf-8")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in receipt
    assert hashlib.sha256(path.with_name("uit.csv").read_bytes()).hexdigest() in receipt


def test_many_regions_are_sorted_and_thinned(tmp_path: Path) -> None:
    rows = "".join(f"R{at},a,p,saldo,totaal,{at * 37 % 1000},euro,\n" for at in range(1000))
    path = small(tmp_path, rows)
    (area,) = {xml for xml in parts(path, r"xl/charts/chart\d+\.xml").values() if "<c:areaChart>" in xml}
    values = re.findall(r"<c:val>.*?<c:ptCount val=\"(\d+)\"/>(.*?)</c:val>", area)
    stored = [float(value) for value in re.findall(r"<c:v>(.*?)</c:v>", values[0][1])]
    assert (len(stored), stored[0], stored[-1]) == (400, 999, 0)
    assert stored == sorted(stored, reverse=True)


def test_ties_and_what_is_no_number(tmp_path: Path) -> None:
    """Highest first; equal amounts share a place and the next is skipped; a region without a whole sum is last."""
    rows = (
        "Zuid,a,maatschappelijk,saldo,totaal,5,euro,X!A1\nZuid,b,maatschappelijk,saldo,totaal,-2.5,euro,\n"
        "Noord,a,maatschappelijk,saldo,totaal,2.5,euro,\nNoord,b,maatschappelijk,saldo,totaal,,euro,\n"
        "Oost,a,maatschappelijk,saldo,totaal,1,euro,\nOost,b,maatschappelijk,saldo,totaal,1,euro,\n"
        "West,a,maatschappelijk,saldo,totaal,99,euro,\nWest,b,maatschappelijk,saldo,totaal,niet te berekenen,euro,\n"
        "Leeg,a,maatschappelijk,saldo,totaal,,euro,\nLeeg,b,maatschappelijk,saldo,totaal,,euro,\n"
    )
    path = small(tmp_path, rows)
    ranking = sheet(path, "Rangorde")
    found = [tuple(cell.value for cell in row[:3]) for row in ranking.iter_rows(min_row=5)]
    assert found == [
        (1, "Noord", 2.5), (1, "Zuid", 2.5), (3, "Oost", 2), ("–", "Leeg", "n.v.t."),
        ("–", "West", "niet te berekenen"),
    ]  # fmt: skip
    assert [ranking.cell(row, 1).number_format for row in (5, 6, 7)] == ['0" ="', '0" ="', "0"]
    front = [text for text in texts(path, "Overzicht") if isinstance(text, str)]
    assert any(text.startswith("n.v.t.: 3 keer, bijvoorbeeld Noord, b, Maatschappelijk, Saldo") for text in front)
    assert any(text.startswith("niet te berekenen: 1 keer") for text in front)


def test_odd_names_stay_texts(tmp_path: Path) -> None:
    long = "L" * 300
    names = ["'=1+1", "🏭 Regio", long, '"met ""aanhaling"", en <xml> & meer"']
    path = small(tmp_path, "".join(f"{name},a,=p,saldo,totaal,{at},euro,\n" for at, name in enumerate(names)))
    assert {row[1].value for row in sheet(path, "Rangorde").iter_rows(min_row=5)} == {
        "=1+1", "🏭 Regio", long, 'met "aanhaling", en <xml> & meer',
    }  # fmt: skip
    assert not [name for name, xml in parts(path, r"xl/worksheets/.*\.xml").items() if "<f>" in xml]
    assert OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(path).errors == []


def test_one_region_without_any_number(tmp_path: Path) -> None:
    path = small(tmp_path, "Noord,bol1,rijk,saldo,totaal,niet te berekenen,euro,\n")
    assert OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(path).errors == []
    assert "Geen grafieken: er is geen getal om te tonen." in texts(path, "Overzicht")
    assert "Overzicht van één regio" in texts(path, "Overzicht")


def test_table_without_parties_or_balance(tmp_path: Path) -> None:
    source = table(tmp_path, HEADER + "Noord,,,opbrengst,,12,personen,\nZuid,,,opbrengst,,8,personen,\n", "uit.csv")
    ran = run("overzicht", source, "--naar", tmp_path / "o.xlsx", "--json").json
    assert [one["code"] for one in ran["bevindingen"]] == ["RK830", "RK839"]
    assert ran["regel"] == "opbrengst"
    found = [[cell.value for cell in row] for row in sheet(tmp_path / "o.xlsx", "Rangorde").iter_rows(min_row=4)]
    assert found == [["Rang", "Regio", "Opbrengst"], [1, "Noord", 12], [2, "Zuid", 8]]


def test_a_line_that_does_not_add_up_is_averaged(gemaakt: tuple[Path, pd.DataFrame], tmp_path: Path) -> None:
    path, frame = gemaakt
    assert (
        run("overzicht", path.with_name("uit.csv"), "--naar", tmp_path / "o.xlsx", "--regel", "per_student").code == 0
    )
    lines = numbers(frame[(frame["regel"] == "per_student") & (frame["partij"] == "maatschappelijk")])
    wanted = lines.groupby("regio")["waarde"].mean()
    rows = list(sheet(tmp_path / "o.xlsx", "Rangorde").iter_rows(min_row=5, values_only=True))
    assert {row[1]: row[2] for row in rows} == pytest.approx(wanted.to_dict())


def test_excel_saved_it_again(tmp_path: Path) -> None:
    """Semicolons, decimal commas, another order of columns, no column cel."""
    source = table(
        tmp_path, "jaar;regio;waarde;geval;partij;regel;eenheid\ntotaal;Noord;-1234,5;a;p;saldo;euro\n", "u.csv"
    )
    assert run("overzicht", source, "--naar", tmp_path / "o.xlsx").code == 0
    assert sheet(tmp_path / "o.xlsx", "Tabel")["F2"].value == -1234.5


_ROW = "N,a,p,saldo,totaal,1,euro,\n"


@pytest.mark.parametrize(
    ("text", "code", "codes"),
    [
        (HEADER, 3, ["RK835"]),
        ("regio,regel,waarde\nN,saldo,1\n", 3, ["RK831"] * 4),
        (HEADER.replace("cel", "Regio") + _ROW, 3, ["RK335"]),
        (HEADER + _ROW + _ROW, 3, ["RK833"]),
        (HEADER + _ROW.replace("N,", ","), 3, ["RK834"]),
        (HEADER + _ROW.replace(",1,", ',"1.234,50",'), 3, ["RK834"]),
        (HEADER + _ROW.replace(",1,", ",1e999,"), 3, ["RK834"]),
        (HEADER + _ROW.replace(",1,", ",1.5,") + _ROW.replace("N,", "Z,").replace(",1,", ',"1,5",'), 3, ["RK834"]),
        (HEADER + "N,a,p\n", 3, ["RK339"]),
        (HEADER + _ROW.replace("totaal", "1"), 2, ["RK838"]),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, code: int, codes: list[str]) -> None:
    source = table(tmp_path, text, "uit.csv")
    before = snapshot(tmp_path)
    ran = run("overzicht", source, "--naar", tmp_path / "o.xlsx")
    assert (ran.code, ran.out, ran.codes) == (code, "", codes)
    assert snapshot(tmp_path) == before


def test_unknown_column_is_said(tmp_path: Path) -> None:
    source = table(tmp_path, HEADER.replace("cel", "provincie") + _ROW, "uit.csv")
    assert run("overzicht", source, "--naar", tmp_path / "o.xlsx").codes == ["RK830", "RK832"]


def test_formula_and_date_in_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEADER.strip().split(","))
    book.worksheets[0].append(["N", "a", "p", "saldo", "totaal", "=1+1", "euro", ""])
    book.worksheets[0].append([pd.Timestamp("2026-01-02"), "a", "p", "saldo", "totaal", True, "euro", ""])
    book.save(tmp_path / "uit.xlsx")
    ran = run("overzicht", tmp_path / "uit.xlsx", "--naar", tmp_path / "o.xlsx")
    assert (ran.code, set(ran.codes)) == (3, {"RK834"})
    assert "de formule =1+1" in ran.err
    assert "de datum 02-01-2026" in ran.err


def test_refusals(gemaakt: tuple[Path, pd.DataFrame], tmp_path: Path) -> None:
    source = gemaakt[0].with_name("uit.csv")
    (tmp_path / "leeg").mkdir()
    (tmp_path / "stuk.parquet").write_bytes(b"PAR1 geen parquet")
    (tmp_path / "twee").mkdir()
    zuid = (EXAMPLES / "voorbeeldregio-zuid.xlsx").read_bytes()
    size = next(address for (field, _), address in tool().binding.inputs.items() if field == "groepsgrootte")
    (tmp_path / "twee" / "a.xlsx").write_bytes(zuid)
    (tmp_path / "twee" / "b.xlsx").write_bytes(patch_workbook(zuid, {size: 9.0}, {}))  # nothing says which is the later
    target = tmp_path / "o.xlsx"
    assert run("overzicht", source, "--naar", tmp_path / "o.csv").codes == ["RK640"]
    assert run("overzicht", source, "--naar", gemaakt[0]).codes == ["RK630"]
    assert run("overzicht", source, "--naar", target, "--regel", "saldi").finding["remedie"].endswith('"saldo".')
    assert run("overzicht", tmp_path / "leeg", "--naar", target).codes == ["RK837"]
    assert run("overzicht", tmp_path / "stuk.parquet", "--naar", target).codes == ["RK834"]
    assert run("overzicht", tmp_path / "weg.csv", "--naar", target).codes == ["RK330"]
    assert "RK833" in run("overzicht", tmp_path / "twee", "--naar", target).codes
    assert run("overzicht", tmp_path / "uit.txt", "--naar", target).codes == ["RK834"]
    assert not target.exists()


def test_a_copy_counts_once_and_folders_below_count(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / "map" / name[0]).mkdir(parents=True)
        (tmp_path / "map" / name[0] / name).write_bytes((EXAMPLES / "voorbeeldregio-zuid.xlsx").read_bytes())
    ran = run("overzicht", tmp_path / "map", "--naar", tmp_path / "o.xlsx", "--json")
    assert ran.json["regios"] == 1
    assert "RK811" in [one["code"] for one in ran.json["bevindingen"]]


def test_a_refused_workbook_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / "goed.xlsx").write_bytes((EXAMPLES / "voorbeeldregio-zuid.xlsx").read_bytes())
    (folder / "stuk.xlsx").write_bytes(io.BytesIO(b"geen zip").getvalue())
    ran = run("overzicht", folder, "--naar", tmp_path / "o.xlsx", "--json")
    assert ran.code != 0
    assert ran.json["regios"] == 1
    assert any("stuk.xlsx" in one["bestand"] for one in ran.json["bevindingen"])
