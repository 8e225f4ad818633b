from __future__ import annotations

import pytest

from rekentool.engine.verdict import MONEY, Counts, Tolerance, compare, count
from rekentool.xlsx.cell import Address, CellValue, ExcelError

A1, B1, C1 = Address("Blad", "A1"), Address("Blad", "B1"), Address("Blad", "C1")
NA, NUM, VALUE = ExcelError("#N/A"), ExcelError("#NUM!"), ExcelError("#VALUE!")


@pytest.mark.parametrize(("expected", "actual", "kind"), [
    (5.0, 5.0, None),
    (5.0, 5.0 + 1e-10, None),  # 1e-9 of 5 is 5e-9
    (5.0, 5.0 + 1e-8, "waarde"),
    (1e9, 1e9 + 0.5, None),
    (1e9, 1e9 + 1.5, "waarde"),
    (0.0, 2.8e-17, None),
    (0.0, 1e-6, "waarde"),
    (-5.0, 5.0, "waarde"),
    ("OK", "OK", None),
    ("OK", "ok", "waarde"),
    ("", None, None),
    (None, "", None),
    (None, None, None),
    ("5", 5.0, "type"),
    (True, 1.0, "type"),
    (0.0, False, "type"),
    (True, True, None),
    (True, False, "waarde"),
    ("TRUE", True, "type"),
    (NA, NA, None),
    (NA, NUM, "fout"),
    (NUM, VALUE, "fout"),
    (NA, 0.0, "fout"),
    (0.0, NA, "fout"),
    ("#N/A", NA, "fout"),
    (5.0, None, "ontbreekt"),
    (None, 5.0, "extra"),
    (0.0, None, "ontbreekt"),
    (NA, None, "ontbreekt"),
])
def test_one_cell(expected: CellValue, actual: CellValue, kind: str | None) -> None:
    (verdict,) = compare({A1: expected}, {A1: actual})
    assert (verdict.judgement, verdict.kind) == ("anders" if kind else "gelijk", kind)


@pytest.mark.parametrize(("expected", "actual", "judgement"), [
    (100.0, 100.004, "gelijk"), (100.0, 100.006, "anders"), (0.0, -0.004, "gelijk"), (1e8, 1e8 + 0.09, "gelijk"),
])
def test_money_may_differ_half_a_cent(expected: float, actual: float, judgement: str) -> None:
    assert [verdict.judgement for verdict in compare({A1: expected}, {A1: actual}, tolerance=MONEY)] == [judgement]


def test_a_cell_can_have_its_own_tolerance() -> None:
    verdicts = compare({A1: 1.0, B1: 1.0}, {A1: 1.004, B1: 1.004}, tolerances={A1: MONEY})
    assert [verdict.judgement for verdict in verdicts] == ["gelijk", "anders"]


def test_differences_are_given() -> None:
    (verdict,) = compare({A1: 100.0}, {A1: 80.0}, tolerance=Tolerance(0.1, 0.0))
    assert (verdict.kind, verdict.absolute, verdict.relative) == ("waarde", 20.0, 0.2)
    (zero,) = compare({A1: 0.0}, {A1: 0.0})
    assert (zero.absolute, zero.relative) == (0.0, 0.0)


def test_every_cell_of_either_side_gets_a_verdict() -> None:
    verdicts = compare({A1: 1.0}, {B1: 2.0}, {C1: "geen waarde"})
    assert [(verdict.address, verdict.judgement, verdict.kind) for verdict in verdicts] == [
        (A1, "anders", "ontbreekt"), (B1, "anders", "extra"), (C1, "niet gecontroleerd", None)]


def test_unknown_is_never_equal() -> None:
    (verdict,) = compare({A1: 1.0}, {A1: 1.0}, {A1: "functie X is onbekend"})
    assert (verdict.judgement, verdict.reason) == ("niet gecontroleerd", "functie X is onbekend")
    assert (verdict.expected, verdict.actual) == (1.0, 1.0)


def test_loose_errors_are_those_that_libreoffice_cannot_tell_apart() -> None:
    pairs = [(NUM, VALUE), (ExcelError("#REF!"), VALUE), (NA, VALUE), (ExcelError("#DIV/0!"), VALUE), (NUM, 0.0)]
    judgements = [compare({A1: left}, {A1: right}, loose_errors=True)[0].judgement for left, right in pairs]
    assert judgements == ["gelijk", "gelijk", "anders", "anders", "anders"]


def test_empty_text_and_blank_can_be_kept_apart() -> None:
    kinds = [compare({A1: left}, {A1: right}, empty_is_blank=False)[0].kind for left, right in [("", None), (None, "")]]
    assert kinds == ["ontbreekt", "extra"]


def test_order_is_by_row_then_column() -> None:
    cells = [Address("Blad", cell) for cell in ("B2", "A10", "C1", "AA1")]
    verdicts = compare(dict.fromkeys(cells, 1.0), dict.fromkeys(cells, 1.0))
    assert [verdict.address.cell for verdict in verdicts] == ["C1", "AA1", "B2", "A10"]


def test_count() -> None:
    verdicts = compare({A1: 1.0, B1: "x"}, {A1: 2.0, B1: "x"}, {C1: "reden"})
    assert count(verdicts) == Counts(equal=1, different=1, unchecked=1, kinds={"waarde": 1})
    assert str(count(verdicts)) == "gelijk 1 · anders 1 (waarde 1) · niet gecontroleerd 1"
    assert str(count([])) == "gelijk 0 · anders 0 · niet gecontroleerd 0"
