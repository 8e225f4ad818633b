"""The results table as parquet: what its columns are, and that nothing of the table is lost."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from opdracht import run, table

import rekentool.tables.parquetfile
from rekentool import __version__
from rekentool.tables.results import COLUMNS
from rekentool.tables.table import write_table

TEXTS = [name for name in COLUMNS if name != "waarde"]


def written(path: Path, *arguments: object, **options: Any) -> pa.Table:
    write_table(path, *arguments, **options)  # type: ignore[arg-type]
    return pq.read_table(path)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One case without students, and a peildatum at which not every kengetal is known; as parquet and as csv."""
    folder = tmp_path_factory.mktemp("vreemd")
    regions = table(folder, "regio_naam;aantal_studenten.bol1;peildatum\n=1+1;0;\nOud;;2021-01-15\n")
    for name in ("uit.parquet", "uit.csv"):
        ran = run("reken", regions, "--naar", folder / name)
        assert (ran.code, ran.out) == (0, f"{folder / name}: 392 rijen uit 2 regio’s\n")
    return folder


def test_columns_have_one_type_each(odd: Path) -> None:
    schema = pq.read_schema(odd / "uit.parquet")
    assert schema.names == ["regio", "geval", "partij", "regel", "jaar", "waarde", "waarde_tekst", "eenheid", "cel"]
    assert schema.field("waarde").type == pa.float64()
    assert {schema.field(name).type for name in (*TEXTS, "waarde_tekst")} == {pa.string()}
    assert schema.metadata[b"rekentool"] == __version__.encode()


def test_rows_are_those_of_the_csv(odd: Path) -> None:
    """With the three things a cell can be: a number, n.v.t. (blank in a csv) and another text."""
    rows = pq.read_table(odd / "uit.parquet").to_pylist()
    with (odd / "uit.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert len(rows) == len(expected) == 392
    kinds = set()
    for row, wanted in zip(rows, expected, strict=True):
        assert [row[name] for name in TEXTS] == [wanted[name].removeprefix("'") for name in TEXTS]
        assert (row["waarde"] is None) != (row["waarde_tekst"] is None)
        if row["waarde"] is not None:
            kinds.add("getal")
            assert row["waarde"] == float(wanted["waarde"])
        else:
            kinds.add(row["waarde_tekst"])
            assert row["waarde_tekst"] == (wanted["waarde"] or "n.v.t.")
    assert kinds == {"getal", "n.v.t.", "niet te berekenen", "niet binnen de horizon"}


def test_pandas_reads_numbers_as_numbers(odd: Path) -> None:
    import pandas as pd

    frame = pd.read_parquet(odd / "uit.parquet")
    assert frame["waarde"].dtype == "float64"
    saldo = frame.query("regio == '=1+1' and geval == 'bbl2' and regel == 'saldo'").set_index("partij")["waarde"]
    assert math.isclose(saldo["gemeente"], 117587.75, abs_tol=0.005)  # the published case


def test_lees_names_the_file(odd: Path, tmp_path: Path) -> None:
    filled = tmp_path / "in"
    assert run("vul", table(tmp_path, "regio_naam\nA\n"), "--naar", filled).code == 0
    assert run("lees", filled / "a.xlsx", "--naar", tmp_path / "uit.parquet").code == 0
    found = pq.read_table(tmp_path / "uit.parquet")
    assert found.schema.names[-1] == "bestand"
    assert set(found["bestand"].to_pylist()) == {str(filled / "a.xlsx")}
    assert found.num_rows == 196


def test_number_columns_are_the_callers(tmp_path: Path) -> None:
    """Without a meaning for a blank both are null; a number elsewhere is text, as in a csv."""
    rows = [("x", 1, 2.5), (None, None, None), ("y", "#N/A", -1e300), (3.0, 0.1 + 0.2, "tekst")]
    found = written(tmp_path / "a.parquet", ("naam", "oud", "nieuw"), rows, numbers={"oud": None, "nieuw": "leeg"})
    assert found.to_pydict() == {
        "naam": ["x", None, "y", "3.0"],
        "oud": [1.0, None, None, 0.30000000000000004],
        "oud_tekst": [None, None, "#N/A", None],
        "nieuw": [2.5, None, -1e300, None],
        "nieuw_tekst": [None, "leeg", None, "tekst"],
    }


def test_texts_that_no_file_holds_are_written_out(tmp_path: Path) -> None:
    found = written(tmp_path / "a.parquet", ("a", "waarde"), [("bel\x07 \udcff", "\tx"), ("=1+1", "-")])
    assert found.to_pydict() == {
        "a": ["bel\\x07 \\udcff", "=1+1"],
        "waarde": [None, None],
        "waarde_tekst": ["\\tx", "-"],
    }


def test_long_tables_are_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekentool.tables.parquetfile, "ROW_GROUP", 10)
    assert write_table(tmp_path / "a.parquet", ("a", "waarde"), ((str(n), n) for n in range(25))) == 25
    file = pq.ParquetFile(tmp_path / "a.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [10, 10, 5]
    assert file.read()["waarde"].to_pylist() == list(range(25))


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    found = written(tmp_path / "a.parquet", ("a", "waarde"), [])
    assert (found.num_rows, found.schema.names) == (0, ["a", "waarde", "waarde_tekst"])


def test_the_same_rows_give_the_same_file(tmp_path: Path) -> None:
    for name in ("een.parquet", "twee.parquet"):
        write_table(tmp_path / name, ("a", "waarde"), [("x", 1.5), ("y", None)])
    assert (tmp_path / "een.parquet").read_bytes() == (tmp_path / "twee.parquet").read_bytes()
