"""Text and cells to typed values and back; every expected value is written out by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekentool.mapping.schema import Field, Kind, Value
from rekentool.mapping.values import (
    check_value,
    format_bounds,
    format_value,
    parse_cell,
    parse_text,
    serial_date,
    to_cell,
)
from rekentool.messages import Finding, RekentoolError
from rekentool.xlsx.cell import CellValue, ExcelError


def field(kind: Kind, **details: object) -> Field:
    if kind == "ja_nee":
        details.setdefault("choices", ("Ja", "Nee"))
    return Field(id="x", group="g", label="Het veld", kind=kind, targets=((None, "in_x"),), **details)  # type: ignore[arg-type]


GETAL, GEHEEL, BEDRAG = field("getal"), field("geheel_getal"), field("bedrag")
PERCENTAGE = field("percentage", minimum=0.0, maximum=1.0)
DATUM, TEKST, JA_NEE = field("datum"), field("tekst"), field("ja_nee")
KEUZE = field("keuze", choices=("SW-bedrijf", "SW-bedrijf met detachering", "Reguliere werkgever"))


def refusal(call: object, *arguments: object) -> Finding:
    with pytest.raises(RekentoolError) as caught:
        call(*arguments, "rij 3, kolom x", "regios.csv")  # type: ignore[operator]
    (found,) = caught.value.findings
    assert (found.place, found.file) == ("rij 3, kolom x", "regios.csv")
    return found


@pytest.mark.parametrize(("text", "value"), [
    ("12", 12.0),
    ("0", 0.0),
    ("1234,56", 1234.56),
    ("1234.56", 1234.56),
    ("1.234,56", 1234.56),
    ("1,234.56", 1234.56),
    ("1.234.567", 1234567.0),
    ("1,234,567", 1234567.0),
    ("1.234.567,8", 1234567.8),
    ("1 234,5", 1234.5),
    ("1\u00a0234\u202f567", 1234567.0),
    ("1234,567", 1234.567),
    ("0,125", 0.125),
    ("0.125", 0.125),
    ("12,3450", 12.345),
    (",5", 0.5),
    (".5", 0.5),
    ("  7 ", 7.0),
    ("-3,5", -3.5),
    ("−3,5", -3.5),
    ("- 3,5", -3.5),
    ("+3,5", 3.5),
    ("-0", 0.0),
    ("007", 7.0),
])
def test_a_number_is_read_the_dutch_and_the_english_way(text: str, value: float) -> None:
    found = parse_text(GETAL, text)
    assert found == value
    assert isinstance(found, float)
    assert str(found) != "-0.0"


@pytest.mark.parametrize(("text", "value"), [
    ("€ 1.234,56", 1234.56),
    ("€1234,56", 1234.56),
    ("EUR 12", 12.0),
    ("12,50 euro", 12.5),
    ("12 €", 12.0),
    ("-€ 5", -5.0),
    ("€ -5", -5.0),
    ("€\u00a05", 5.0),
    ("12,-", 12.0),
    ("€ 1.250,-", 1250.0),
    ("96,50", 96.5),
])
def test_an_amount_may_carry_its_currency(text: str, value: float) -> None:
    assert parse_text(BEDRAG, text) == value


@pytest.mark.parametrize(("text", "value"), [
    ("12,5%", 0.125),
    ("12.5 %", 0.125),
    ("12,5\u00a0%", 0.125),
    ("0,125", 0.125),
    ("0.15", 0.15),
    ("15%", 0.15),
    ("100%", 1.0),
    ("1", 1.0),
    ("0", 0.0),
    ("0%", 0.0),
    ("61,5%", 0.615),
    ("7%", 0.07),  # 7/100, where 7 * 0.01 would be 0.07000000000000001
])
def test_a_percentage_is_a_fraction(text: str, value: float) -> None:
    assert parse_text(PERCENTAGE, text) == value


@pytest.mark.parametrize(("text", "thousands", "decimals"), [
    ("1.234", "1234", "1,2340"),
    ("1,234", "1234", "1,2340"),
    ("12.345", "12345", "12,3450"),
    ("-123,456", "123456", "123,4560"),
])
def test_one_separator_before_three_digits_is_ambiguous(text: str, thousands: str, decimals: str) -> None:
    found = refusal(parse_text, GETAL, text)
    assert found.code == "RK302"
    assert found.remedy == f"Schrijf {thousands}, of {decimals}."


@pytest.mark.parametrize(("text", "remedy"), [
    ("12,5", "Schrijf 12,5% of 0,125 als u 12,5 procent bedoelt."),
    ("15", "Schrijf 15% of 0,15 als u 15 procent bedoelt."),
    ("-2", "Schrijf -2% of -0,02 als u -2 procent bedoelt."),
])
def test_a_bare_percentage_above_1_is_refused_with_what_to_write(text: str, remedy: str) -> None:
    for bounded in (PERCENTAGE, field("percentage"), field("percentage", minimum=0.0, maximum=20.0)):
        found = refusal(parse_text, bounded, text)
        assert (found.code, found.remedy) == ("RK303", remedy)


@pytest.mark.parametrize(("kind", "text", "code"), [
    ("getal", "twaalf", "RK301"),
    ("getal", "12 uur", "RK301"),
    ("getal", "1..2", "RK301"),
    ("getal", "1.23.456", "RK301"),
    ("getal", "1.234.56", "RK301"),
    ("getal", "1,234,56", "RK301"),
    ("getal", "1 23", "RK301"),
    ("getal", "5.", "RK301"),
    ("getal", ",", "RK301"),
    ("getal", "--5", "RK301"),
    ("getal", "- -5", "RK301"),
    ("getal", "(5)", "RK301"),
    ("getal", "12%", "RK301"),
    ("getal", "€ 12", "RK301"),
    ("getal", "12,-", "RK301"),
    ("getal", "1'234", "RK301"),
    ("getal", "١٢", "RK301"),
    ("getal", "=1+1", "RK301"),
    ("getal", "NaN", "RK301"),
    ("getal", "inf", "RK301"),
    ("getal", "#N/A", "RK301"),
    ("getal", "9" * 501, "RK301"),
    ("getal", "9" * 400, "RK313"),
    ("getal", "1e3", "RK314"),
    ("getal", "1,2E+05", "RK314"),
    ("bedrag", "€ 12 €", "RK301"),
    ("bedrag", "$ 12", "RK301"),
    ("bedrag", "12%", "RK301"),
    ("percentage", "€ 5", "RK301"),
    ("percentage", "12,345%", "RK302"),
    ("geheel_getal", "12,5", "RK304"),
    ("geheel_getal", "9007199254740993", "RK313"),
    ("datum", "1/8/2026", "RK305"),
    ("datum", "1.8.2026", "RK305"),
    ("datum", "1-8-26", "RK305"),
    ("datum", "2026-8-1", "RK305"),
    ("datum", "31-02-2026", "RK305"),
    ("datum", "2026-13-01", "RK305"),
    ("datum", "46235", "RK305"),
    ("datum", "01-01-1899", "RK305"),
    ("ja_nee", "misschien", "RK306"),
    ("tekst", "a\nb", "RK308"),
    ("tekst", "a\x07b", "RK308"),
    ("tekst", "a\ud800b", "RK308"),
    ("tekst", "x" * 32_768, "RK309"),
    ("tekst", "😀" * 16_384, "RK309"),
])
def test_text_that_means_nothing_for_its_field_is_refused(kind: Kind, text: str, code: str) -> None:
    assert refusal(parse_text, field(kind), text).code == code


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("12,00", 12), ("-3", -3), ("1.234.567", 1234567)])
def test_an_integer_is_an_int(text: str, value: int) -> None:
    found = parse_text(GEHEEL, text)
    assert found == value
    assert isinstance(found, int)


@pytest.mark.parametrize("text", ["2026-08-01", "1-8-2026", "01-08-2026", "1-08-2026"])
def test_dates_are_year_first_or_day_first(text: str) -> None:
    assert parse_text(DATUM, text) == date(2026, 8, 1)


@pytest.mark.parametrize(("text", "value"), [
    ("ja", "Ja"), ("JA", "Ja"), ("J", "Ja"), ("true", "Ja"), ("WAAR", "Ja"), ("yes", "Ja"),
    ("nee", "Nee"), ("N", "Nee"), ("False", "Nee"), ("onwaar", "Nee"), ("no", "Nee"),
])
def test_yes_and_no_have_many_spellings(text: str, value: str) -> None:
    assert parse_text(JA_NEE, text) == value


def test_a_choice_ignores_case_and_spaces_and_the_nearest_is_named() -> None:
    assert parse_text(KEUZE, "  sw-bedrijf   MET detachering ") == "SW-bedrijf met detachering"
    found = refusal(parse_text, KEUZE, "Regulier werkgever")
    assert found.code == "RK307"
    assert found.remedy == 'Kies een van deze waarden. Bedoeld is waarschijnlijk "Reguliere werkgever".'


def test_text_is_trimmed_and_otherwise_untouched() -> None:
    assert parse_text(TEKST, "  =HYPERLINK(1)  ") == "=HYPERLINK(1)"
    assert parse_text(TEKST, "é".ljust(32_767, "x")) == "é" + "x" * 32_766


def test_a_blank_is_none_unless_the_field_is_required() -> None:
    for kind in ("getal", "tekst", "datum", "keuze"):
        assert parse_text(field(kind, required=False), " \u00a0") is None
        assert parse_cell(field(kind, required=False), None) is None
        assert refusal(parse_text, field(kind), "").code == "RK311"
        assert refusal(parse_cell, field(kind), "").code == "RK311"


@pytest.mark.parametrize(("bounded", "text", "found", "expected"), [
    (PERCENTAGE, "150%", "150 %", "Het veld: 0 % t/m 100 %"),
    (field("percentage", minimum=-0.05, maximum=0.2), "-6%", "-6 %", "Het veld: -5 % t/m 20 %"),
    (field("bedrag", minimum=0.0, maximum=10_000_000.0), "10.000.000,01", "€ 10.000.000,01",
     "Het veld: € 0,00 t/m € 10.000.000,00"),
    (field("bedrag", minimum=0.0), "-1", "-€ 1,00", "Het veld: minstens € 0,00"),
    (field("geheel_getal", minimum=0.0, maximum=500.0, unit="studenten"), "501", "501",
     "Het veld: 0 t/m 500 studenten"),
    (field("getal", maximum=40.0, unit="uur per week"), "40,5", "40,5", "Het veld: hoogstens 40 uur per week"),
    (field("datum", minimum=date(2019, 7, 1)), "30-6-2019", "30-06-2019", "Het veld: vanaf 01-07-2019"),
])
def test_out_of_bounds_names_value_and_bounds_as_people_write_them(
    bounded: Field, text: str, found: str, expected: str
) -> None:
    refused = refusal(parse_text, bounded, text)
    assert (refused.code, refused.found, refused.expected) == ("RK310", found, expected)


def test_bounds_are_inclusive() -> None:
    assert parse_text(PERCENTAGE, "100%") == 1.0
    assert parse_text(field("datum", minimum=date(2019, 7, 1)), "2019-07-01") == date(2019, 7, 1)
    assert format_bounds(GETAL) == ""


@pytest.mark.parametrize(("kind", "cell", "value"), [
    ("getal", 12.5, 12.5),
    ("bedrag", 0.0, 0.0),
    ("percentage", 0.125, 0.125),
    ("geheel_getal", 12.0, 12),
    ("datum", 46235.0, date(2026, 8, 1)),  # 45658 is 1 January 2025; + 365 + 212 days to 1 August
    ("datum", 1.0, date(1900, 1, 1)),
    ("datum", 59.0, date(1900, 2, 28)),
    ("datum", 61.0, date(1900, 3, 1)),
    ("datum", 2958465.0, date(9999, 12, 31)),
    ("tekst", "  Noord ", "Noord"),
    ("tekst", 2026.0, "2026"),
    ("tekst", 1.5, "1,5"),
    ("ja_nee", "ja", "Ja"),
    ("keuze", "sw-bedrijf", "SW-bedrijf"),
])
def test_a_cell_is_read_by_the_type_of_its_field(kind: Kind, cell: CellValue, value: Value) -> None:
    found = parse_cell(KEUZE if kind == "keuze" else field(kind), cell)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("kind", "cell", "code"), [
    ("getal", "12,5", "RK316"),
    ("getal", " ", "RK316"),
    ("datum", "1-8-2026", "RK316"),
    ("getal", True, "RK315"),
    ("ja_nee", True, "RK315"),
    ("tekst", False, "RK315"),
    ("getal", ExcelError("#N/A"), "RK312"),
    ("tekst", ExcelError("#REF!"), "RK312"),
    ("getal", float("nan"), "RK313"),
    ("datum", float("inf"), "RK313"),
    ("geheel_getal", 1.5, "RK304"),
    ("datum", 60.0, "RK305"),
    ("datum", 0.0, "RK305"),
    ("datum", 46235.5, "RK305"),
    ("datum", 2958466.0, "RK305"),
    ("ja_nee", "J", "RK306"),
    ("ja_nee", "Ja ", "RK306"),
    ("ja_nee", 1.0, "RK317"),
    ("keuze", " SW-bedrijf", "RK307"),
    ("tekst", "a\tb", "RK308"),
])
def test_a_cell_that_a_formula_would_read_otherwise_is_refused(kind: Kind, cell: CellValue, code: str) -> None:
    assert refusal(parse_cell, KEUZE if kind == "keuze" else field(kind), cell).code == code


def test_a_percentage_cell_above_its_bound_gets_the_remedy_of_a_forgotten_percent_sign() -> None:
    found = refusal(parse_cell, PERCENTAGE, 12.5)
    assert (found.code, found.remedy) == ("RK303", "Schrijf 12,5% of 0,125 als u 12,5 procent bedoelt.")
    assert parse_cell(field("percentage", maximum=2.0), 1.5) == 1.5
    assert refusal(parse_cell, field("percentage", maximum=2.0), 2.5).code == "RK310"


def test_dates_in_the_1904_system() -> None:
    # The two systems are 1462 days apart: 46235 - 1462.
    assert parse_cell(DATUM, 44773.0, date1904=True) == date(2026, 8, 1)
    assert to_cell(DATUM, date(2026, 8, 1), date1904=True) == 44773.0
    assert serial_date(0, date1904=True) == date(1904, 1, 1)
    assert serial_date(60, date1904=True) == date(1904, 3, 1)  # 1904 was a leap year: 31 + 29 days


@pytest.mark.parametrize(("kind", "value", "cell"), [
    ("datum", date(2026, 8, 1), 46235.0),
    ("datum", date(1900, 2, 28), 59.0),
    ("geheel_getal", 12, 12.0),
    ("percentage", 0.125, 0.125),
    ("tekst", "=1+1", "=1+1"),
    ("ja_nee", "Ja", "Ja"),
    ("getal", None, None),
])
def test_a_value_is_written_by_the_type_of_its_field(kind: Kind, value: Value | None, cell: CellValue) -> None:
    written = to_cell(field(kind), value)
    assert written == cell
    assert type(written) is type(cell)


@pytest.mark.parametrize(("kind", "value"), [("getal", "12"), ("tekst", 12.0), ("datum", 46235.0), ("getal", True)])
def test_writing_a_value_of_another_type_is_a_defect(kind: Kind, value: Value) -> None:
    with pytest.raises(ValueError, match="no value of x"):
        to_cell(field(kind), value)


@pytest.mark.parametrize(("kind", "value", "text"), [
    ("bedrag", 1234.56, "€ 1.234,56"),
    ("bedrag", 5.0, "€ 5,00"),
    ("bedrag", -1234.5, "-€ 1.234,50"),
    ("bedrag", 14.9876, "€ 14,9876"),
    ("bedrag", 1.234, "€ 1,2340"),
    ("percentage", 0.125, "12,5 %"),
    ("percentage", 0.07, "7 %"),
    ("percentage", 1.5, "150 %"),
    ("percentage", 0.12345, "12,3450 %"),
    ("getal", 1234.5, "1234,5"),
    ("getal", 0.125, "0,125"),
    ("getal", 1e-7, "0,0000001"),
    ("geheel_getal", 1234, "1234"),
    ("datum", date(2026, 8, 1), "01-08-2026"),
    ("tekst", "Noord", "Noord"),
])
def test_a_value_is_shown_as_dutch_readers_write_it(kind: Kind, value: Value, text: str) -> None:
    assert format_value(field(kind), value) == text


@pytest.mark.parametrize(("kind", "value", "code"), [
    ("getal", "12", "RK318"),
    ("getal", True, "RK318"),
    ("getal", None, "RK318"),
    ("getal", float("nan"), "RK313"),
    ("getal", 10**400, "RK313"),
    ("geheel_getal", 1.5, "RK304"),
    ("datum", datetime(2026, 8, 1), "RK318"),
    ("datum", 46235.0, "RK318"),
    ("datum", date(1850, 1, 1), "RK305"),
    ("tekst", 12, "RK318"),
    ("ja_nee", True, "RK318"),
    ("ja_nee", "J", "RK306"),
])
def test_a_python_value_of_another_type_is_refused(kind: Kind, value: object, code: str) -> None:
    assert refusal(check_value, field(kind), value).code == code


def test_a_python_value_takes_the_type_of_its_field() -> None:
    assert repr(check_value(GEHEEL, 12.0)) == "12"
    assert repr(check_value(GETAL, 12)) == "12.0"
    assert check_value(KEUZE, "sw-bedrijf") == "SW-bedrijf"


def test_a_message_never_carries_control_characters_to_a_terminal() -> None:
    found = refusal(parse_text, GETAL, "12\x1b[2J")
    assert found.found == '"12\\x1b[2J"'


ALL_FIELDS = [GETAL, GEHEEL, BEDRAG, PERCENTAGE, DATUM, TEKST, JA_NEE, KEUZE]
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBER_LIKE = st.text(st.sampled_from("0123456789.,-+−€% eE\u00a0"), max_size=12)


@given(st.sampled_from(ALL_FIELDS), st.text() | NUMBER_LIKE)
def test_any_text_is_a_value_or_a_finding(any_field: Field, text: str) -> None:
    try:
        value = parse_text(any_field, text)
    except RekentoolError as error:
        assert [found.code[:3] for found in error.findings] == ["RK3"]
    else:
        assert value is not None
        assert to_cell(any_field, value) is not None


@given(st.sampled_from(ALL_FIELDS), st.floats() | st.text() | st.booleans() | st.none() | st.just(ExcelError("#N/A")))
def test_any_cell_is_a_value_or_a_finding(any_field: Field, cell: CellValue) -> None:
    try:
        value = parse_cell(any_field, cell)
    except RekentoolError as error:
        assert [found.code[:3] for found in error.findings] == ["RK3"]
    else:
        assert value is not None


@given(st.sampled_from(["getal", "bedrag", "percentage"]), FLOATS)
def test_a_formatted_number_reads_back_as_the_same_float(kind: Kind, number: float) -> None:
    assert parse_text(field(kind), format_value(field(kind), number)) == number


@given(st.integers(1 - 2**53, 2**53 - 1))
def test_a_formatted_integer_reads_back(number: int) -> None:
    assert parse_text(GEHEEL, format_value(GEHEEL, number)) == number
    assert parse_cell(GEHEEL, to_cell(GEHEEL, number)) == number


@given(st.dates(date(1900, 1, 1)))
def test_a_date_survives_text_and_cell(day: date) -> None:
    assert parse_text(DATUM, format_value(DATUM, day)) == day
    assert parse_text(DATUM, day.isoformat()) == day
    assert parse_cell(DATUM, to_cell(DATUM, day)) == day


CLEAN = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@given(st.text(CLEAN, min_size=1, max_size=50))
def test_a_text_survives_the_cell(text: str) -> None:
    if text.strip():
        assert parse_text(TEKST, text) == text.strip()
        assert parse_cell(TEKST, to_cell(TEKST, text.strip())) == text.strip()
