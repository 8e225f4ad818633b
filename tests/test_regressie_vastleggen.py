"""`regressie --leg-vast`: LibreOffice's values on the reference sheets, with who laid them down and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import cursusboek
import openpyxl
import pytest
from cursusboek import BY_HAND, book, candidate
from opdracht import Ran, run, snapshot

from rekentool.jobs.laydown import lay_down
from rekentool.jobs.reference import Recorded, Reference, read_reference, reference_bytes
from rekentool.jobs.regression import open_candidate, prepare
from rekentool.jobs.regressionreport import report_on
from rekentool.messages import RekentoolError
from rekentool.shipped import REFERENCES
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, ExcelError

RECORD = Recorded(
    "A. Beheerder", "=1 & <reden>\nregel 2", date(2026, 1, 31), "LibreOffice 7", 12, -3.5, "B!C9", "sha256:x"
)
ASKED = ("--leg-vast", "--door", "A. Beheerder", "--waarom", "Het tarief is lager")


@pytest.fixture
def base(tmp_path: Path) -> Tool:
    """The small workbook with its two regions."""
    return cursusboek.opened(tmp_path)


def command(base: Tool, *arguments: str | Path) -> Ran:
    return run("regressie", *arguments, "--mapping", base.path.with_suffix(".yaml"))


def by_cell(reference: Reference) -> dict[str, object]:
    return {address.cell: value for address, value in reference.values.items()}


# The sheet itself


def test_a_sheet_reads_back_as_it_was_written(tmp_path: Path) -> None:
    values = {
        Address("Blad 1", "A1"): 1.5, Address("Blad 1", "A2"): "=1+1", Address("Blad 1", "A10"): True,
        Address("Blad 1", "B1"): ExcelError("#N/A"), Address("Blad 1", "B2"): "", Address("Blad 1", "B3"): None,
        Address("Ander", "A1"): -0.1,
    }  # fmt: skip
    plain = Reference("regio.xlsx", "sha256:y", "LibreOffice 7", date(2026, 2, 1), values)
    path = tmp_path / "blad.xlsx"
    for one in (plain, replace(plain, history=(RECORD, replace(RECORD, by="B.", reason="Nog eens", cell="")))):
        path.write_bytes(reference_bytes(one))
        assert read_reference(path) == one
        assert reference_bytes(one) == path.read_bytes()


def test_sheets_of_before_there_was_a_history_are_read() -> None:
    for path in REFERENCES.glob("*.xlsx"):
        assert len(read_reference(path).values) > 6000


@pytest.mark.parametrize(("cell", "value"), [("C9", "gisteren"), ("E9", "veel"), ("B4", "ooit")])
def test_a_sheet_that_somebody_changed_is_refused(tmp_path: Path, cell: str, value: str) -> None:
    path = tmp_path / "blad.xlsx"
    whole = Reference("regio.xlsx", "sha256:y", "LibreOffice 7", date(2026, 2, 1), {}, (RECORD,))
    path.write_bytes(reference_bytes(whole))
    edited = openpyxl.load_workbook(path)
    edited["Herkomst"][cell] = value
    edited.save(path)
    with pytest.raises(RekentoolError) as caught:
        read_reference(path)
    assert [found.code for found in caught.value.findings] == ["RK550"]


# Laying down


@pytest.mark.libreoffice
def test_laying_down_a_candidate(base: Tool, tmp_path: Path) -> None:
    """80 % instead of 90 %: 800 for Noord and 1 200 for Zuid, by hand."""
    path = candidate(tmp_path, book({"B6": "=B5*0.8"}))
    before = snapshot(tmp_path)
    dry = command(base, path, *ASKED, "--droog")
    assert (dry.code, snapshot(tmp_path)) == (0, before)
    assert "zuid.xlsx (Zuid): zou worden vastgelegd; 1 cel anders" in dry.out
    assert "€ -150,00, Blad1!B6" in dry.out

    ran = command(base, path, *ASKED)
    assert (ran.code, ran.err) == (0, "")
    after = snapshot(tmp_path)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"referentie/noord.xlsx", "referentie/zuid.xlsx"}
    noord, zuid = (read_reference(tmp_path / "referentie" / name) for name in ("noord.xlsx", "zuid.xlsx"))
    assert by_cell(noord) == {**BY_HAND["noord.xlsx"], "B6": 800.0}
    assert by_cell(zuid) == {**BY_HAND["zuid.xlsx"], "B6": 1200.0}
    other = open_candidate(base, path)
    (record,) = zuid.history
    assert (record.by, record.reason) == ("A. Beheerder", "Het tarief is lager")
    assert (record.changed, record.largest, record.cell) == (1, -150.0, "Blad1!B6")
    assert zuid.program.startswith("LibreOffice ") and record.program == zuid.program
    assert record.fingerprint == zuid.fingerprint == other.fingerprint != base.fingerprint
    assert record.on == zuid.made_on

    # The old template no longer has references, the new one is right by them.
    assert [one.code for one in prepare(base, engines=["programma"], draws=0).findings] == ["RK713", "RK713"]
    found = report_on(prepare(other, engines=["programma"], draws=0))
    assert (found.exit_code, [one.code for one in found.findings]) == (0, ["RK714", "RK714"])

    # A second time nothing changes, and that it was done is on record too.
    laid, _ = lay_down(other, None, tmp_path, by="B.", reason="Nieuwe LibreOffice", on=date(2027, 1, 1))
    assert [(one.recorded.changed, one.recorded.largest, one.written) for one in laid] == [(0, 0.0, True)] * 2
    assert [one.by for one in read_reference(tmp_path / "referentie" / "zuid.xlsx").history] == ["A. Beheerder", "B."]


@pytest.mark.libreoffice
def test_laying_down_a_new_region_and_json(base: Tool, tmp_path: Path) -> None:
    (tmp_path / "referentie" / "zuid.xlsx").unlink()
    found = command(base, *ASKED, "--json").json
    noord, zuid = found["referentiebladen"]
    assert (noord["nieuw"], noord["cellen_anders"], noord["geschreven"]) == (False, 0, True)
    assert (zuid["nieuw"], zuid["cellen_anders"], zuid["door"]) == (True, 5, "A. Beheerder")
    assert by_cell(read_reference(tmp_path / "referentie" / "zuid.xlsx")) == BY_HAND["zuid.xlsx"]
    assert report_on(prepare(base, engines=["programma"], draws=0)).exit_code == 0


@pytest.mark.libreoffice
def test_nothing_is_laid_down_when_a_cell_has_no_value(base: Tool, tmp_path: Path) -> None:
    path = candidate(tmp_path, book({"B6": "=FRUNNIK(B5)"}))
    before = snapshot(tmp_path)
    ran = command(base, path, *ASKED)
    assert (ran.code, ran.codes, snapshot(tmp_path)) == (4, ["RK719", "RK719"], before)
    assert "Noord: Blad1!B6" in ran.err
    assert "LibreOffice gaf geen waarde voor 2 formulecellen" in ran.err


@pytest.mark.libreoffice
def test_libreoffice_and_the_others_on_one_workbook(base: Tool) -> None:
    found = report_on(prepare(base, draws=1))
    assert (found.exit_code, found.absent, len(found.engines), len(found.pairs)) == (0, "", 3, 3)
    assert [line.counts.equal for line in found.pairs] == [20, 20, 20]


@pytest.mark.parametrize(
    ("by", "reason", "found"),
    [("", "reden", ["de naam ontbreekt"]), ("A.", "  ", ["de reden ontbreekt"]),
     ("", "", ["de naam ontbreekt", "de reden ontbreekt"])],
)  # fmt: skip
def test_who_and_why_are_asked(base: Tool, tmp_path: Path, by: str, reason: str, found: list[str]) -> None:
    before = snapshot(tmp_path)
    with pytest.raises(RekentoolError) as caught:
        lay_down(base, None, tmp_path, by=by, reason=reason, on=date(2026, 1, 1))
    assert [one.code for one in caught.value.findings] == ["RK718"] * len(found)
    assert [one.found for one in caught.value.findings] == found
    assert caught.value.exit_code == 2
    assert snapshot(tmp_path) == before


def test_without_libreoffice_nothing_is_laid_down(base: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKENTOOL_SOFFICE", "/nergens/soffice")
    before = snapshot(tmp_path)
    ran = command(base, *ASKED)
    assert (ran.code, ran.codes, snapshot(tmp_path)) == (4, ["RK410"], before)


def test_a_folder_that_cannot_be_laid_down(base: Tool, tmp_path: Path) -> None:
    (tmp_path / "voorbeelden" / "zuid.xlsx").write_bytes(b"geen werkboek")
    assert command(base, *ASKED).codes[0].startswith("RK1")
    empty = tmp_path / "leeg"
    (empty / "voorbeelden").mkdir(parents=True)
    assert command(base, *ASKED, "--referenties", empty).codes == ["RK715"]
    assert command(base, *ASKED, "--referenties", tmp_path / "weg").codes == ["RK710"]
