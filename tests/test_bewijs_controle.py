"""`controleer` with a receipt: does the file still belong to it, and if not, what has changed since?"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ingreep import edited, part_of
from opdracht import Ran, run, snapshot, table
from rekentool_werkboek import tool
from test_bewijs import checksum

from rekentool.jobs.refresh import refresh
from rekentool.jobs.verify import verify_table
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.patch import patch_workbook

WHEN = "1767225600"  # 2026-01-01 00:00:00 UTC
MOMENT = "01-01-2026 00:00:00"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One filled region, as vul leaves it."""
    folder = tmp_path_factory.mktemp("vul")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", WHEN)
        text = "regio_naam;horizon;uitval_per_jaar\nWest;5;15%\n"
        assert run("vul", table(folder, text), "--naar", folder / "uit").code == 0
        assert run("reken", table(folder, text), "--naar", folder / "uit" / "tabel.csv").code == 0
    return folder / "uit"


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "uit")
    return tmp_path / "uit"


def field(name: str, case: str | None = None) -> Address:
    return tool().binding.address(name, case)


def changed(path: Path, values: dict[Address, CellValue], *, recomputed: bool) -> None:
    """Other values in cells, saved as by Excel (``recomputed``: with new results), the receipt as it was."""
    kept = {one: one.read_bytes() for one in path.parent.glob("*.bewijs.*")}
    path.write_bytes(patch_workbook(path.read_bytes(), values, None if recomputed else {}))
    if recomputed:
        refresh(tool(), path)
    for one in path.parent.glob("*.bewijs.*"):
        one.unlink()
    for one, data in kept.items():
        one.write_bytes(data)


def rewrite(path: Path, **facts: Any) -> None:
    """A receipt with other content and a hash that fits."""
    receipt = path.with_name(f"{path.name}.bewijs.json")
    content = {**json.loads(receipt.read_text(encoding="utf-8")), **facts}
    content.pop("controlegetal")
    content["controlegetal"] = checksum(content)
    receipt.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def of_receipts(ran: Ran) -> list[dict[str, str]]:
    """The findings about receipts, from --json."""
    return [found for found in ran.json["bevindingen"] if found["code"].startswith("RK73")]


def checked(*paths: Path) -> tuple[int, list[dict[str, str]], dict[str, Any]]:
    ran = run("controleer", *paths, "--json")
    files = ran.json["bestanden"]
    return ran.code, of_receipts(ran), files[0] if files else {}


# A workbook


def test_as_it_was_made(folder: Path) -> None:
    ran = run("controleer", folder / "west.xlsx")
    assert ran.code == 0
    assert ran.out.splitlines()[2] == f"   bewijs: hoort bij dit bestand (vul, {MOMENT} UTC)"
    code, found, file = checked(folder / "west.xlsx")
    assert (code, found) == (0, [])
    assert file["bewijs"] == {"staat": "klopt", "gemaakt_op": "2026-01-01T00:00:00Z", "opdracht": "vul",
                              "gewijzigd": []}  # fmt: skip


def test_renamed_together_with_its_receipt(folder: Path) -> None:
    (folder / "west.xlsx").rename(folder / "nieuw.xlsx")
    (folder / "west.xlsx.bewijs.json").rename(folder / "nieuw.xlsx.bewijs.json")
    assert checked(folder / "nieuw.xlsx")[2]["bewijs"]["staat"] == "klopt"


def test_without_a_receipt_nothing_is_said(folder: Path) -> None:
    (folder / "west.xlsx.bewijs.json").unlink()
    ran = run("controleer", folder / "west.xlsx")
    assert (ran.code, "bewijs" in ran.out + ran.err) == (0, False)
    assert checked(folder / "west.xlsx")[2]["bewijs"] is None


def test_a_filled_in_workbook_names_its_changes(folder: Path) -> None:
    path, cells = folder / "west.xlsx", [field("horizon"), field("uitval_per_jaar", "bbl1"), field("mbo_school")]
    changed(path, dict(zip(cells, (4.0, 0.125, "ROC"), strict=True)), recomputed=True)
    code, found, file = checked(path)
    assert code == 0  # filling in is what the workbook is for
    assert [(one["code"], one["ernst"]) for one in found] == [("RK732", "melding"), ("RK736", "melding")]
    inputs, results = found
    assert inputs["plaats"] == str(cells[2])  # the first of them on the sheet
    assert inputs["gevonden"] == (
        f"sinds het bewijs van {MOMENT} zijn 3 ingevulde waarden gewijzigd: "
        f"{cells[2]} (Naam van de mbo-school) (leeg) → ROC; {cells[0]} (Horizon) 5 → 4; "
        f"{cells[1]} (Uitval per jaar) 15 % → 12,5 %"
    )
    assert "van de 28 uitkomsten" in results["gevonden"]
    assert file["bewijs"]["staat"] == "gewijzigd"
    assert file["bewijs"]["gewijzigd"] == [
        {"veld": "mbo_school", "cel": str(cells[2]), "was": "(leeg)", "wordt": "ROC"},
        {"veld": "horizon", "cel": str(cells[0]), "was": "5", "wordt": "4"},
        {"veld": "uitval_per_jaar.bbl1", "cel": str(cells[1]), "was": "15 %", "wordt": "12,5 %"},
    ]
    assert f"   bewijs: het bestand is sindsdien gewijzigd (vul, {MOMENT} UTC)" in run("controleer", path).out


def test_many_changes_are_counted(folder: Path) -> None:
    path = folder / "west.xlsx"
    keys = [key for key in tool().binding.inputs if tool().mapping.field(key[0]).kind == "bedrag" and key[1]][:25]
    changed(path, {tool().binding.inputs[key]: 123.0 for key in keys}, recomputed=True)
    _, (inputs, _), file = checked(path)
    assert "zijn 25 ingevulde waarden gewijzigd: " in inputs["gevonden"]
    assert inputs["gevonden"].count("→") == 10
    assert inputs["gevonden"].endswith("; en nog 15")
    assert len(file["bewijs"]["gewijzigd"]) == 25


def test_other_results_with_the_same_inputs_are_wrong(folder: Path) -> None:
    path = folder / "west.xlsx"
    cell = next(cell for cell in tool().binding.results() if (cell.regel, cell.jaar) == ("saldo", "totaal"))
    path.write_bytes(patch_workbook(path.read_bytes(), {}, {cell.address: 1.0}))
    code, (found,), _ = checked(path)
    assert (code, found["code"], found["ernst"], found["plaats"]) == (1, "RK733", "waarschuwing", str(cell.address))
    assert "1 van de 28 uitkomsten" in found["gevonden"]
    assert found["gevonden"].endswith("→ 1")
    assert run("ververs", path).code == 0  # the remedy
    assert checked(path)[:2] == (0, [])


def test_saved_again_without_a_change(folder: Path) -> None:
    """Other bytes, nothing else: as a program does that compresses in its own way."""
    path = folder / "west.xlsx"
    target = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as other:
        for name in source.namelist():
            other.writestr(name, source.read(name))
    path.write_bytes(target.getvalue())
    code, (found,), _ = checked(path)
    assert (code, found["code"], found["ernst"]) == (0, "RK739", "melding")
    assert MOMENT in found["gevonden"]


def test_a_changed_formula_is_found_as_before(folder: Path) -> None:
    path = folder / "west.xlsx"
    name = tool().workbook.names["uit_rijk_saldo_bol1"]
    sheet, _, cell = name.rpartition("!")
    sheet, cell = sheet.strip("'"), cell.replace("$", "").partition(":")[0]
    formula = tool().workbook.formulas[Address(sheet, cell)].removeprefix("=")
    part = part_of(sheet)
    path.write_bytes(
        edited(path.read_bytes(), {part: lambda xml: xml.replace(f"<f>{formula}</f>", f"<f>{formula}+1</f>")})
    )
    refresh_receipt = (folder / "west.xlsx.bewijs.json").read_bytes()
    run("ververs", path)
    (folder / "west.xlsx.bewijs.json").write_bytes(refresh_receipt)
    ran = run("controleer", path, "--json")
    codes = [found["code"] for found in ran.json["bevindingen"]]
    assert "RK510" in codes
    assert "RK736" in codes  # the results went with it
    assert not {"RK732", "RK733"} & set(codes)


def test_no_change_of_an_input_hides_behind_a_text_that_looks_the_same(folder: Path) -> None:
    path = folder / "west.xlsx"
    changed(path, {field("regio_naam"): "West "}, recomputed=True)
    assert [one["veld"] for one in checked(path)[2]["bewijs"]["gewijzigd"]] == ["regio_naam"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"mapping": {"sha256": "0" * 64, "versie": "0.9"}}, "een andere mapping (rekentool 0.9)"),
        ({"mapping": {"sha256": "0" * 64}}, "een eerdere of latere bewerking van de mapping of de kengetallen"),
        ({"mapping": {"kengetallen_sha256": "0" * 64}}, "een eerdere of latere bewerking"),
        ({"sjabloon": {"vingerafdruk": f"sha256:{'0' * 64}"}}, "een sjabloon met andere formules"),
    ],
)
def test_another_version_is_told_and_no_fault(folder: Path, facts: dict[str, Any], words: str) -> None:
    for path in (folder / "west.xlsx", folder / "tabel.csv"):
        content = json.loads(path.with_name(f"{path.name}.bewijs.json").read_text(encoding="utf-8"))
        rewrite(path, **{key: {**content[key], **part} for key, part in facts.items()})
        code, (found,), _ = checked(path)
        assert (code, found["code"], found["ernst"]) == (0, "RK735", "waarschuwing")
        assert words in found["gevonden"]


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "RK730"), (b'{"formaat": 1}', "RK731"), (b"\x00" * 50, "RK730"), (None, "RK731")]
)
def test_a_receipt_that_is_broken_or_was_changed(folder: Path, data: bytes | None, code: str) -> None:
    for path in (folder / "west.xlsx", folder / "tabel.csv"):
        receipt = path.with_name(f"{path.name}.bewijs.json")
        old = receipt.read_bytes()
        receipt.write_bytes(old.replace(b'"waarvan_fout":0', b'"waarvan_fout":9') if data is None else data)
        ended, (found,), _ = checked(path)
        assert (ended, found["code"], found["ernst"], found["bestand"]) == (1, code, "fout", str(receipt))
        receipt.unlink()  # the remedy, for a workbook
    assert checked(folder / "west.xlsx")[:2] == (0, [])


# A table, an index, a zip


def test_a_table_as_it_was_made_and_changed(folder: Path) -> None:
    path = folder / "tabel.csv"
    ran = run("controleer", path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{path} (tabel): klopt\n   bewijs: hoort bij dit bestand (reken, {MOMENT} UTC)\n"
    path.write_text(path.read_text(encoding="utf-8").replace("West", "Oost", 1), encoding="utf-8")
    ran = run("controleer", path)
    assert (ran.code, ran.codes) == (1, ["RK737"])
    assert ran.out.startswith(f"{path} (tabel): klopt niet\n   bewijs: het bestand is sindsdien gewijzigd")
    found = run("controleer", path, "--json").json
    assert found["tabellen"] == [
        {
            "bestand": str(path),
            "uitkomst": 1,
            "bewijs": {
                "staat": "gewijzigd",
                "gemaakt_op": "2026-01-01T00:00:00Z",
                "opdracht": "reken",
                "gewijzigd": [],
            },
        }
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_table_of_every_kind(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"uit{suffix}"
    assert run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", path).code == 0
    assert run("controleer", path).code == 0
    path.write_bytes(path.read_bytes() + b" ")
    assert run("controleer", path).codes == ["RK737"]


def test_a_table_without_a_receipt_can_not_be_checked(folder: Path) -> None:
    (folder / "tabel.csv.bewijs.json").unlink()
    ran = run("controleer", folder / "tabel.csv")
    assert (ran.code, ran.finding["code"]) == (4, "RK738")
    assert "tabel.csv.bewijs.json" in ran.finding["verwacht"]


def test_the_index_of_a_folder_is_checked_and_not_read_as_a_workbook(folder: Path, tmp_path: Path) -> None:
    ran = run("controleer", folder / "index.xlsx", folder / "west.xlsx")
    assert ran.code == 0
    assert f"{folder / 'index.xlsx'} (index): klopt" in ran.out
    read = run("lees", *sorted(folder.glob("*.xlsx")), "--naar", tmp_path / "uit.csv")
    assert (read.code, read.codes.count("RK801")) == (0, 1)
    assert "uit 1 van " in read.out
    (folder / "index.xlsx").write_bytes(b"iets anders")
    assert run("controleer", folder / "index.xlsx").codes == ["RK737"]


def test_a_table_that_is_gone(tmp_path: Path) -> None:
    ran = run("controleer", tmp_path / "weg.csv")
    assert (ran.code, ran.codes) == (3, ["RK330"])
    assert verify_table(tool(), tmp_path / "weg.xlsx") is None  # the guard says what is wrong


def test_checking_changes_nothing(folder: Path) -> None:
    before = snapshot(folder)
    run("controleer", folder / "west.xlsx", folder / "tabel.csv", folder / "index.xlsx")
    assert snapshot(folder) == before


# ververs


def test_a_renewed_file_has_a_receipt_of_its_own(folder: Path) -> None:
    path = folder / "west.xlsx"
    path.write_bytes(patch_workbook(path.read_bytes(), {field("horizon"): 3.0}, {}))
    ran = run("ververs", path)
    assert ran.code == 0
    content = json.loads((folder / "west.xlsx.bewijs.json").read_text(encoding="utf-8"))
    assert (content["opdracht"], content["regios"][0]["ingevuld"]["horizon"]) == ("ververs", 3)
    assert (folder / "west.xlsx.bewijs.html").is_file()
    assert checked(path)[:2] == (0, [])


def test_a_file_that_was_right_keeps_its_receipt(folder: Path) -> None:
    before = snapshot(folder)
    run("ververs", folder / "west.xlsx")
    run("ververs", folder / "west.xlsx", "--droog")
    assert snapshot(folder) == before
