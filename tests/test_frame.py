"""A regions table as a pandas DataFrame: the same values and the same faults as from a file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from mapping_files import write_mapping
from openpyxl import Workbook

from rekentool.api import Rekentool
from rekentool.mapping.load import load_mapping
from rekentool.mapping.schema import Mapping
from rekentool.messages import Finding, RekentoolError
from rekentool.shipped import EXAMPLE_REGIONS
from rekentool.tables.regions import Region, Regions, read_frame, read_regions


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    return load_mapping(write_mapping(tmp_path))


def one(mapping: Mapping, column: str, value: Any, dtype: Any = None) -> Any:
    """The value of one cell in a table of one region."""
    (region,) = read_frame(pd.DataFrame({"regio_naam": ["A"], column: pd.Series([value], dtype=dtype)}), mapping)
    values = {key: found for key, found in region.values.items() if key[0] != "regio_naam"}
    assert len(set(values.values())) <= 1
    return next(iter(values.values()), None)


def refused(mapping: Mapping, frame: pd.DataFrame) -> list[tuple[str, str]]:
    with pytest.raises(RekentoolError) as caught:
        read_frame(frame, mapping)
    assert {found.file for found in caught.value.findings} == {"DataFrame"}
    return [(found.code, found.place) for found in caught.value.findings]


# -- values -----------------------------------------------------------------------------------------------------------


def test_a_table_of_many_types(mapping: Mapping) -> None:
    frame = pd.DataFrame(
        {
            "Naam van de regio": ["Noord", "Zuid"],
            "aantal_studenten": [12, None],  # pandas makes floats of it
            "aantal_studenten.bbl1": pd.array([None, 6], dtype="Int64"),
            "uitval": np.array([0.125, np.nan], np.float32),
            "peildatum": pd.to_datetime(["2026-09-01", None]),
            "werkgeverschap": pd.Categorical(["sw-bedrijf", None]),
            "lkv": pd.array([True, None], dtype="boolean"),
            "tarief": ["€ 12,50", 14],
        },
        index=[100, 7],
    )
    regions = read_frame(frame, mapping)
    assert regions == [
        Region("Noord", {
            ("regio_naam", None): "Noord", ("aantal_studenten", "bol1"): 12, ("aantal_studenten", "bbl1"): 12,
            ("uitval", "bol1"): 0.125, ("uitval", "bbl1"): 0.125, ("peildatum", None): date(2026, 9, 1),
            ("werkgeverschap", "bbl1"): "SW-bedrijf", ("lkv", None): "Ja", ("tarief", None): 12.5,
        }, 2),
        Region("Zuid", {("regio_naam", None): "Zuid", ("aantal_studenten", "bbl1"): 6, ("tarief", None): 14.0}, 3),
    ]  # fmt: skip
    assert regions.findings == ()
    assert type(regions[0].values["aantal_studenten", "bol1"]) is int
    assert type(regions[1].values["tarief", None]) is float


@pytest.mark.parametrize(
    "blank", [None, np.nan, pd.NaT, pd.NA, "", "  ", Decimal("NaN"), np.datetime64("NaT"), np.float32("nan")]
)
def test_blanks(mapping: Mapping, blank: object) -> None:
    for column in ("aantal_studenten", "peildatum", "lkv", "werkgeverschap", "tarief"):
        assert one(mapping, column, blank, object) is None


@pytest.mark.parametrize(
    "number",
    [
        5,
        5.0,
        np.int8(5),
        np.uint64(5),
        np.float32(5),
        np.float64(5),
        Decimal("5.00"),
        Fraction(10, 2),
        "5",
        np.str_("5,0"),
    ],
)
def test_numbers(mapping: Mapping, number: object) -> None:
    found = one(mapping, "aantal_studenten", number, object)
    assert (found, type(found)) == (5, int)
    found = one(mapping, "tarief", number, object)
    assert (found, type(found)) == (5.0, float)


NUMBER_DTYPES = (
    *("int8", "uint32", "int64", "float32", "float64", "Int16", "UInt64", "Float64", "int64[pyarrow]"),
    *("double[pyarrow]", "Sparse[int]", "category", "object"),
)


@pytest.mark.parametrize("dtype", NUMBER_DTYPES)
def test_numbers_of_every_dtype(mapping: Mapping, dtype: str) -> None:
    assert one(mapping, "aantal_studenten", 5, dtype) == 5
    assert one(mapping, "tarief", 5, dtype) == 5.0


@pytest.mark.parametrize("dtype", ["str", "string", "category", "string[pyarrow]", "object"])
def test_texts_of_every_dtype(mapping: Mapping, dtype: str) -> None:
    frame = pd.DataFrame({
        "regio_naam": pd.Series(["A", "B"], dtype=dtype),
        "tarief": pd.Series(["€ 1.234,56", None], dtype=dtype),
        "peildatum": pd.Series(["1-8-2026", None], dtype=dtype),
    })  # fmt: skip
    first, second = read_frame(frame, mapping)
    assert first.values == {
        ("regio_naam", None): "A", ("tarief", None): 1234.56, ("peildatum", None): date(2026, 8, 1),
    }  # fmt: skip
    assert second.values == {("regio_naam", None): "B"}


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 8, 1),
        datetime(2026, 8, 1),
        datetime(2026, 8, 1, tzinfo=UTC),
        pd.Timestamp("2026-08-01"),
        pd.Timestamp("2026-08-01", tz="Europe/Amsterdam"),
        np.datetime64("2026-08-01"),
        "2026-08-01",
        46235,
    ],
)
def test_dates(mapping: Mapping, day: object) -> None:
    """46235 is the serial of that day, as an xlsx may have it."""
    assert one(mapping, "peildatum", day, object) == date(2026, 8, 1)


@pytest.mark.parametrize(
    "dtype", ["datetime64[s]", "datetime64[ns]", "datetime64[ns, Europe/Amsterdam]", "date32[pyarrow]", "category"]
)
def test_dates_of_every_dtype(mapping: Mapping, dtype: str) -> None:
    assert one(mapping, "peildatum", pd.Timestamp("2026-08-01"), dtype) == date(2026, 8, 1)


@pytest.mark.parametrize("yes", [True, np.True_, "ja", "WAAR"])
def test_yes(mapping: Mapping, yes: object) -> None:
    assert one(mapping, "lkv", yes, object) == "Ja"


@pytest.mark.parametrize("dtype", ["bool", "boolean", "bool[pyarrow]", "category", "object"])
def test_logicals_of_every_dtype(mapping: Mapping, dtype: str) -> None:
    assert one(mapping, "lkv", False, dtype) == "Nee"


def test_rows_without_anything_are_skipped_and_counted(mapping: Mapping) -> None:
    frame = pd.DataFrame({"regio_naam": ["Noord", None, "  ", "Zuid"], "uitval": [0.1, np.nan, np.nan, np.nan]})
    assert [(region.name, region.row) for region in read_frame(frame, mapping)] == [("Noord", 2), ("Zuid", 5)]


def test_a_name_that_is_a_number_is_text(mapping: Mapping) -> None:
    (region,) = read_frame(pd.DataFrame({"regio_naam": [2026]}), mapping)
    assert region.name == "2026"


def test_the_frame_is_not_changed(mapping: Mapping) -> None:
    frame = pd.DataFrame({"regio_naam": ["A"], "uitval": [-0.0], "tarief": ["12"]})
    before = frame.copy(deep=True)
    read_frame(frame, mapping)
    pd.testing.assert_frame_equal(frame, before)


# -- the same as from a file ------------------------------------------------------------------------------------------

ROWS: list[list[Any]] = [
    ["regio_naam", "aantal_studenten", "uitval.bbl1", "peildatum", "lkv", "werkgeverschap", "tarief"],
    ["Noord", 12, 0.125, datetime(2026, 9, 1), True, "sw-bedrijf", "€ 12,50"],
    ["Zuid", "20", "7%", "1-8-2026", "nee", None, 14],
    ["Oost", 1.5, 12.5, datetime(2026, 9, 1, 12), 1, "SW", "1.234"],
    ["noord", 501, -0.1, 43000, None, True, "x"],
    [None, "1,5", "12,5", "8/1/2026", "misschien", 7, -1],
    [2026, True, datetime(2026, 8, 1), "vandaag", False, "Reguliere  werkgever", 1e300],
]


def test_faults_are_those_of_a_workbook(mapping: Mapping, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    book.save(tmp_path / "regios.xlsx")
    with pytest.raises(RekentoolError) as from_file:
        read_regions(tmp_path / "regios.xlsx", mapping)
    with pytest.raises(RekentoolError) as from_frame:
        read_frame(pd.DataFrame(ROWS[1:], columns=ROWS[0]), mapping)
    file = str(tmp_path / "regios.xlsx")
    assert [str(found) for found in from_frame.value.findings] == [
        str(found).replace(file, "DataFrame") for found in from_file.value.findings
    ]
    assert len(from_frame.value.findings) > 15


def test_values_are_those_of_a_csv_that_pandas_read(mapping: Mapping, tmp_path: Path) -> None:
    text = "regio_naam,aantal_studenten.bol1,uitval,peildatum,lkv\nNoord,12,0.125,2026-09-01,Ja\nZuid,,,,\n"
    (tmp_path / "regios.csv").write_text(text, encoding="utf-8")
    assert read_frame(pd.read_csv(tmp_path / "regios.csv"), mapping) == read_regions(tmp_path / "regios.csv", mapping)


#: As little as possible after the midnight of 2026-08-01.
NANOSECOND = pd.Timestamp(1785542400 * 10**9 + 1)

# -- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, [("RK333", "")]),
        ({"regio_naam": []}, [("RK333", "")]),
        ({"regio_naam": [None, ""]}, [("RK333", "")]),
        ({"lkv": ["Ja"]}, [("RK338", "rij 1")]),
        ({"regio_naam": ["A"], 2026: [1]}, [("RK334", "rij 1, kolom 2026")]),
        ({"regio_naam": ["A"], ("uitval", "bbl1"): [0.1]}, [("RK334", "rij 1, kolom ('uitval', 'bbl1')")]),
        ({"regio_naam": ["A"], "lkv": ["Ja"], "LKV toepassen": ["Ja"]}, [("RK335", "rij 1, kolom LKV toepassen")]),
        ({"regio_naam": ["A"], "lkv.bol1": ["Ja"]}, [("RK336", "rij 1, kolom lkv.bol1")]),
        ({"regio_naam": ["A", None], "lkv": ["Ja", "Nee"]}, [("RK311", "rij 3, kolom regio_naam")]),
        ({"regio_naam": ["A", "a"]}, [("RK340", "rij 3, kolom regio_naam")]),
        ({"regio_naam": ["A", "B"], None: [np.nan, 7.0]}, [("RK343", "rij 3, kolom B")]),
        ({"regio_naam": ["A"], "": ["x"]}, [("RK343", "rij 2, kolom B")]),
        ({"regio_naam": ["A", "B"], "uitval": [0.1, 12.5]}, [("RK303", "rij 3, kolom uitval")]),
        ({"regio_naam": ["A"], "aantal_studenten": [np.inf]}, [("RK313", "rij 2, kolom aantal_studenten")]),
        ({"regio_naam": ["A"], "aantal_studenten": [10**400]}, [("RK313", "rij 2, kolom aantal_studenten")]),
        ({"regio_naam": ["A"], "aantal_studenten": [True]}, [("RK315", "rij 2, kolom aantal_studenten")]),
        ({"regio_naam": ["A"], "aantal_studenten": [1 + 2j]}, [("RK301", "rij 2, kolom aantal_studenten")]),
        ({"regio_naam": ["A"], "tarief": [pd.Timedelta(days=1)]}, [("RK301", "rij 2, kolom tarief")]),
        ({"regio_naam": ["A"], "aantal_studenten": [[1, 2]]}, [("RK301", "rij 2, kolom aantal_studenten")]),
        ({"regio_naam": ["A"], "peildatum": [pd.Timestamp("2026-08-01 12:00")]}, [("RK305", "rij 2, kolom peildatum")]),
        ({"regio_naam": ["A"], "peildatum": [NANOSECOND]}, [("RK305", "rij 2, kolom peildatum")]),
        ({"regio_naam": ["A"], "peildatum": [date(1850, 1, 1)]}, [("RK305", "rij 2, kolom peildatum")]),
        ({"regio_naam": ["A"], "peildatum": [time(12)]}, [("RK305", "rij 2, kolom peildatum")]),
        ({"regio_naam": ["A"], "uitval": [date(2026, 8, 1)]}, [("RK349", "rij 2, kolom uitval")]),
        ({"regio_naam": ["A"], "lkv": [1]}, [("RK317", "rij 2, kolom lkv")]),
        ({"regio_naam": ["A"], "werkgeverschap": pd.Categorical(["SW"])}, [("RK307", "rij 2, kolom werkgeverschap")]),
        ({"regio_naam": ["A\x07"]}, [("RK308", "rij 2, kolom regio_naam")]),
    ],
)  # fmt: skip
def test_faults(mapping: Mapping, columns: dict[Any, Any], expected: list[tuple[str, str]]) -> None:
    assert refused(mapping, pd.DataFrame(columns)) == expected


def test_two_columns_of_one_name(mapping: Mapping) -> None:
    frame = pd.DataFrame([["A", 1, 2]], columns=["regio_naam", "tarief", "tarief"])
    assert refused(mapping, frame) == [("RK335", "rij 1, kolom tarief")]


def test_all_faults_come_at_once_by_row(mapping: Mapping) -> None:
    frame = pd.DataFrame({"regio_naam": ["A", None, "a"], "uitval": [12.5, 0.1, 2.0], "tarief": ["x", "1", "1.234"]})
    assert refused(mapping, frame) == [
        ("RK303", "rij 2, kolom uitval"),
        ("RK301", "rij 2, kolom tarief"),
        ("RK311", "rij 3, kolom regio_naam"),
        ("RK303", "rij 4, kolom uitval"),
        ("RK302", "rij 4, kolom tarief"),
        ("RK340", "rij 4, kolom regio_naam"),
    ]


def test_too_many_rows(mapping: Mapping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rekentool.tables.regions.MAX_ROWS", 2)
    frame = pd.DataFrame({"regio_naam": ["A", None, "B", "C", "D"]})
    assert refused(mapping, frame) == [("RK341", "rij 5")]


@pytest.mark.parametrize("table", [None, [{"regio_naam": "A"}], {"regio_naam": ["A"]}, pd.Series(["A"])])
def test_something_else_is_a_mistake_of_the_caller(mapping: Mapping, table: Any) -> None:
    with pytest.raises(TypeError, match="a path or a DataFrame"):
        read_frame(table, mapping)


# -- regions as a sequence --------------------------------------------------------------------------------------------


def test_regions_are_a_sequence(mapping: Mapping) -> None:
    frame = pd.DataFrame({"regio_naam": ["A", "B", "C"], "uitval": [0.1, np.nan, 0.3], "lkv": ["Ja", None, "Nee"]})
    regions = read_frame(frame, mapping)
    listed = list(regions)
    assert (len(regions), [region.name for region in regions]) == (3, ["A", "B", "C"])
    assert (regions[-1], regions[1:]) == (listed[2], listed[1:])
    assert regions == listed == Regions(listed)
    assert regions != listed[:2]
    assert regions != "ABC"
    assert repr(regions) == repr(listed)
    assert regions[1].values == {("regio_naam", None): "B"}
    with pytest.raises(IndexError):
        regions[3]
    columns = Regions(listed).columns()
    assert columns["uitval", "bbl1"] == [0.1, None, 0.3]
    assert columns["lkv", None] == ["Ja", None, "Nee"]


# -- the API ----------------------------------------------------------------------------------------------------------


def test_the_sample_of_the_manual_runs() -> None:
    """And blanks keep the template's value: the published case, for the region that fills in nothing."""
    manual = (ROOT / "docs" / "handleiding.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"^```python\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(sample, "handleiding.md", "exec"), names)
    assert names["saldo"].loc[("Zuid", "bbl2"), "gemeente"] == pytest.approx(117587.75, abs=0.005)
    assert names["saldo"].loc[("Noord", "bbl2"), "gemeente"] > 117587.75


def test_a_frame_and_a_file_compute_alike() -> None:
    tool = Rekentool()
    from_file = tool.compute(EXAMPLE_REGIONS)
    frame = pd.read_csv(EXAMPLE_REGIONS, sep=None, engine="python", dtype=str)
    pd.testing.assert_frame_equal(tool.compute(frame), from_file)
    every = tool.compute(frame.head(1), every_line=True)
    assert (len(every), len(from_file)) == (2844, 784)


def test_what_there_is_to_say_of_the_outcomes_is_told() -> None:
    # Before the first of the wages: that region has kengetallen without a value, and its checks don't hold.
    regions = pd.DataFrame({"regio_naam": ["Noord", "Zuid"], "peildatum": ["2024-07-01", "2026-07-01"]})
    findings: list[Finding] = []
    table = Rekentool().compute(regions, findings=findings)
    assert "RK523" in [found.code for found in findings]
    assert {found.place.partition(":")[0] for found in findings} == {"Noord"}
    pd.testing.assert_frame_equal(Rekentool().compute(regions), table)


def test_fill_takes_a_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame({"regio_naam": ["Noord"], "aantal_studenten.bbl2": [20]})
    tool = Rekentool()
    (filled,) = tool.fill(frame, tmp_path / "uit")
    assert filled.path == tmp_path / "uit" / "noord.xlsx"
    found, _ = tool.read([filled.path])
    pd.testing.assert_frame_equal(found.drop(columns="bestand"), tool.compute(frame))


def test_faults_of_a_frame_come_from_the_api_too() -> None:
    with pytest.raises(RekentoolError, match="RK310 fout · DataFrame: rij 3, kolom horizon"):
        Rekentool().compute(pd.DataFrame({"regio_naam": ["A", "B"], "horizon": [5, 9]}))
