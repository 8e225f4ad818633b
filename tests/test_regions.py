"""The regions table, as CSV and as xlsx; one fault per fixture, and all faults of a table at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapping_files import edited, write_mapping
from openpyxl import Workbook

from rekentool.mapping.load import load_mapping
from rekentool.mapping.schema import Mapping
from rekentool.messages import RekentoolError
from rekentool.tables.regions import Region, Regions, read_regions
from rekentool.xlsx.guard import admit


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    return load_mapping(write_mapping(tmp_path))


def csv_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "regios.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def xlsx_file(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    path = folder / "regios.xlsx"
    workbook.save(path)
    return path


def read(mapping: Mapping, text: str | bytes) -> Regions:
    return read_regions(csv_file(mapping.path.parent, text), mapping)


def refused(mapping: Mapping, path: Path) -> list[tuple[str, str]]:
    with pytest.raises(RekentoolError) as caught:
        read_regions(path, mapping)
    assert {found.file for found in caught.value.findings} == {str(path)}
    return [(found.code, found.place) for found in caught.value.findings]


def refused_csv(mapping: Mapping, text: str | bytes) -> list[tuple[str, str]]:
    return refused(mapping, csv_file(mapping.path.parent, text))


# -- what a table means -----------------------------------------------------------------------------------------------


def test_a_table_with_semicolons(mapping: Mapping) -> None:
    regions = read(mapping, (
        "regio_naam;aantal_studenten.bol1;aantal_studenten.bbl1;uitval;peildatum;werkgeverschap;lkv;eigen_wml_uur\n"
        "Noord;18;6;12,5%;1-9-2026;reguliere werkgever;ja;€ 15,25\n"
        "Zuid;;1.000.000;;;;;\n".replace("1.000.000", "20")
    ))
    assert regions == [
        Region("Noord", {
            ("regio_naam", None): "Noord",
            ("aantal_studenten", "bol1"): 18, ("aantal_studenten", "bbl1"): 6,
            ("uitval", "bol1"): 0.125, ("uitval", "bbl1"): 0.125,
            ("peildatum", None): date(2026, 9, 1),
            ("werkgeverschap", "bbl1"): "Reguliere werkgever",
            ("lkv", None): "Ja",
            ("eigen_wml_uur", None): 15.25,
        }, 2),
        Region("Zuid", {("regio_naam", None): "Zuid", ("aantal_studenten", "bbl1"): 20}, 3),
    ]
    assert regions.findings == ()


@pytest.mark.parametrize("header", [
    "Naam van de regio,Aantal studenten.bbl1",
    "REGIO_NAAM,aantal_studenten.BBL1",
    " naam  van de Regio , aantal studenten . bbl1 ",
    '"Naam van de regio","aantal_studenten.bbl1"',
])
def test_headers_are_ids_or_labels_whatever_their_case_and_spaces(mapping: Mapping, header: str) -> None:
    (region,) = read(mapping, f"{header}\nNoord,6\n")
    assert region.values == {("regio_naam", None): "Noord", ("aantal_studenten", "bbl1"): 6}


def test_a_field_with_its_case_wins_from_the_field_alone(mapping: Mapping) -> None:
    first, second = read(mapping, "uitval.bbl1;regio_naam;uitval\n10%;Noord;20%\n;Zuid;30%\n")
    assert (first.values["uitval", "bol1"], first.values["uitval", "bbl1"]) == (0.2, 0.1)
    # A blank specific cell says nothing, so the general one counts.
    assert (second.values["uitval", "bol1"], second.values["uitval", "bbl1"]) == (0.3, 0.3)


@pytest.mark.parametrize("text", [
    "regio_naam,uitval,lkv\nNoord,0.125,Ja\n",
    "regio_naam;uitval;lkv\nNoord;0,125;Ja\n",
    "regio_naam\tuitval\tlkv\nNoord\t12,5%\tJa\n",
    'regio_naam,uitval,lkv\n"Noord","12,5%",Ja\n',
    "sep=,\nregio_naam,uitval,lkv\nNoord,0.125,Ja\n",
    "\ufeffregio_naam;uitval;lkv\r\nNoord;0.125;Ja\r\n",
    "regio_naam;uitval;lkv;;\nNoord;12,5%;Ja;;\n;;;;\n\n",
    "regio_naam;uitval;lkv\nNoord;12,5%;Ja",
    'regio_naam;"Uitval per jaar";lkv\nNoord;12,5%;Ja\n',
])
def test_the_separator_is_found_from_the_headers(mapping: Mapping, text: str) -> None:
    (region,) = read(mapping, text)
    assert region.values == {
        ("regio_naam", None): "Noord", ("uitval", "bol1"): 0.125, ("uitval", "bbl1"): 0.125, ("lkv", None): "Ja",
    }


def test_a_label_with_commas_does_not_mislead(tmp_path: Path) -> None:
    text = edited("label: Tarief\n", "label: 'Tarief, per uur, bruto, excl. btw'\n")
    mapping = load_mapping(write_mapping(tmp_path, text))
    (region,) = read(mapping, "regio_naam;Tarief, per uur, bruto, excl. btw\nNoord;12,50\n")
    assert region.values["tarief", None] == 12.5


def test_a_quoted_cell_can_hold_separators_and_quotes(mapping: Mapping) -> None:
    (region,) = read(mapping, 'regio_naam;lkv\n"Noord; ""het"" Noorden";Ja\n')
    assert region.name == 'Noord; "het" Noorden'


def test_rows_keep_the_numbers_that_excel_shows(mapping: Mapping) -> None:
    assert [region.row for region in read(mapping, "sep=;\nregio_naam;lkv\nNoord;Ja\n\n;\nZuid;Nee\n")] == [2, 5]


def test_text_that_looks_like_a_formula_stays_text(mapping: Mapping) -> None:
    (region,) = read(mapping, "regio_naam;lkv\n=1+1;Ja\n")
    assert region.name == "=1+1"


def test_windows_1252_is_read_and_reported(mapping: Mapping) -> None:
    regions = read(mapping, "regio_naam;lkv\nNoord;Ja\nFryslân;Nee\n".encode("cp1252"))
    assert [region.name for region in regions] == ["Noord", "Fryslân"]
    (found,) = regions.findings
    assert (found.code, found.severity, found.place) == ("RK346", "waarschuwing", "regel 3")


def test_the_mapping_names_the_column_with_the_region(tmp_path: Path) -> None:
    text = edited("  bestand: klein.xlsx\n", "  regio_veld: gebied\n")
    text = edited("  regio_naam:\n", "  gebied:\n", text)
    (region,) = read(load_mapping(write_mapping(tmp_path, text)), "gebied\nNoord\n")
    assert region.name == "Noord"


def test_a_mapping_without_a_region_field_has_no_regions_table(tmp_path: Path) -> None:
    mapping = load_mapping(write_mapping(tmp_path, edited("  regio_naam:\n", "  gebied:\n")))
    with pytest.raises(RekentoolError, match="RK345"):
        read(mapping, "gebied\nNoord\n")


# -- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [
    ("", [("RK333", "")]),
    ("\n\n", [("RK333", "")]),
    (";;;\n", [("RK333", "")]),
    ("regio_naam;lkv\n", [("RK333", "")]),
    ("regio_naam;lkv\n;\n \n", [("RK333", "")]),
    ("lkv\nJa\n", [("RK338", "rij 1")]),
    ("regio_naam;aantal_studeten\nNoord;12\n", [("RK334", "rij 1, kolom aantal_studeten")]),
    ("regio_naam;aantal_studenten.bbl9\nNoord;12\n", [("RK336", "rij 1, kolom aantal_studenten.bbl9")]),
    ("regio_naam;werkgeverschap.bol1\nNoord;x\n", [("RK336", "rij 1, kolom werkgeverschap.bol1")]),
    ("regio_naam;uitval.\nNoord;1%\n", [("RK336", "rij 1, kolom uitval.")]),
    ("regio_naam;lkv.bol1\nNoord;Ja\n", [("RK336", "rij 1, kolom lkv.bol1")]),
    ("regio_naam;lkv;LKV toepassen\nNoord;Ja;Nee\n", [("RK335", "rij 1, kolom LKV toepassen")]),
    ("regio_naam;lkv;lkv\nNoord;Ja;Ja\n", [("RK335", "rij 1, kolom lkv")]),
    ("regio_naam;;lkv\nNoord;12;Ja\nZuid;13;Ja\n", [("RK343", "rij 2, kolom B")]),
    ("regio_naam;lkv\n;Ja\n", [("RK311", "rij 2, kolom regio_naam")]),
    ("regio_naam;lkv\nNoord;Ja\nZuid;\nNOORD ;Nee\n", [("RK340", "rij 4, kolom regio_naam")]),
    ("regio_naam;lkv\nFryslân;Ja\nFrysla\u0302n;Nee\n", [("RK340", "rij 3, kolom regio_naam")]),
    ("regio_naam;lkv\nNoord\n", [("RK339", "rij 2")]),
    ("regio_naam;lkv\nNoord;Ja;12\n", [("RK339", "rij 2")]),
    ('regio_naam;lkv\n"Noord;Ja\nZuid;Nee\n', [("RK348", "rij 2 (regel 2)")]),
    ('regio_naam;lkv\n"Noord"x;Ja\n', [("RK348", "rij 2 (regel 2)")]),
    ("regio_naam;uitval.bbl1\nNoord;12,5\n", [("RK303", "rij 2, kolom uitval.bbl1")]),
    ("regio_naam;aantal_studenten\nNoord;1.234\n", [("RK302", "rij 2, kolom aantal_studenten")]),
    ("regio_naam;aantal_studenten\nNoord;501\n", [("RK310", "rij 2, kolom aantal_studenten")]),
    ("regio_naam;peildatum\nNoord;8/1/2026\n", [("RK305", "rij 2, kolom peildatum")]),
    ("regio_naam;werkgeverschap\nNoord;SW\n", [("RK307", "rij 2, kolom werkgeverschap")]),
    ('regio_naam;lkv\n"No\nord";Ja\n', [("RK308", "rij 2, kolom regio_naam")]),
    ("onzin|lkv\nNoord|Ja\n", [("RK334", "rij 1, kolom onzin|lkv"), ("RK338", "rij 1")]),
])
def test_a_fault_is_refused_at_its_row_and_column(mapping: Mapping, text: str, expected: list[tuple[str, str]]) -> None:
    assert refused_csv(mapping, text) == expected


def test_all_faults_of_a_table_come_at_once(mapping: Mapping) -> None:
    assert refused_csv(mapping, (
        "regio_naam;lkvv;uitval;aantal_studenten.bol1\n"
        "Noord;x;12,5;1,5\n"
        "Zuid;x;10%\n"
        ";x;101%;-1\n"
        "noord;x;;\n"
    )) == [
        ("RK334", "rij 1, kolom lkvv"),
        ("RK303", "rij 2, kolom uitval"),
        ("RK304", "rij 2, kolom aantal_studenten.bol1"),
        ("RK339", "rij 3"),
        ("RK310", "rij 4, kolom uitval"),
        ("RK310", "rij 4, kolom aantal_studenten.bol1"),
        ("RK311", "rij 4, kolom regio_naam"),
        ("RK340", "rij 5, kolom regio_naam"),
    ]


def test_what_was_found_before_the_file_broke_off_counts_too(mapping: Mapping) -> None:
    assert refused_csv(mapping, 'regio_naam;uitval\nNoord;12,5\n"Zuid;1%\n') == [
        ("RK303", "rij 2, kolom uitval"), ("RK348", "rij 3 (regel 3)"),
    ]


def test_a_mistyped_column_gets_the_nearest(mapping: Mapping) -> None:
    path = csv_file(mapping.path.parent, "regio_naam;Uitval per jr\nNoord;1\n")
    with pytest.raises(RekentoolError, match='Bedoeld is waarschijnlijk "Uitval per jaar"'):
        read_regions(path, mapping)


@pytest.mark.parametrize(("column", "expected", "name"), [
    ("aantal_studenten.bbl", "bol1, bbl1",
     "bijvoorbeeld aantal_studenten.bbl1 (of aantal_studenten, voor al deze gevallen)"),
    ("uitval.x", "bol1, bbl1", "bijvoorbeeld uitval.bol1 (of uitval, voor al deze gevallen)"),
    # There is such a case, but not for this field.
    ("werkgeverschap.bol1", "bbl1: bij bol1 bestaat dit veld niet",
     "bijvoorbeeld werkgeverschap.bbl1 (of werkgeverschap, voor al deze gevallen)"),
    ("LKV toepassen.bol1", "een kolom zonder geval: dit veld heeft één waarde", "lkv"),
])
def test_a_case_that_a_field_has_not(mapping: Mapping, column: str, expected: str, name: str) -> None:
    """The remedy names a column that is accepted."""
    with pytest.raises(RekentoolError) as caught:
        read(mapping, f"regio_naam;{column}\nNoord;\n")
    (found,) = caught.value.findings
    assert (found.code, found.expected) == ("RK336", expected)
    assert found.remedy == f"Noem de kolom {name}, of verwijder haar."
    good = name.removeprefix("bijvoorbeeld ").split(" ")[0]
    assert read(mapping, f"regio_naam;{good}\nNoord;\n")[0].name == "Noord"


def test_a_label_of_two_fields_is_ambiguous_but_an_id_is_not(tmp_path: Path) -> None:
    mapping = load_mapping(write_mapping(tmp_path, edited("label: Tarief\n", "label: Minimumloon\n")))
    assert refused_csv(mapping, "regio_naam;minimumloon\nNoord;12,50\n") == [("RK337", "rij 1, kolom minimumloon")]
    (region,) = read(mapping, "regio_naam;tarief;eigen_wml_uur\nNoord;12,50;15\n")
    assert (region.values["tarief", None], region.values["eigen_wml_uur", None]) == (12.5, 15.0)


def test_a_required_field_that_the_template_leaves_blank_must_be_filled(tmp_path: Path) -> None:
    text = edited("    standaard: {bol1: 12, bbl1: 8}\n", "    standaard: {bol1: 12}\n")
    mapping = load_mapping(write_mapping(tmp_path, text))
    assert refused_csv(mapping, "regio_naam\nNoord\nZuid\n") == [("RK350", "rij 1")]
    assert refused_csv(mapping, "regio_naam;aantal_studenten\nNoord;\nZuid;5\n") == [
        ("RK311", "rij 2, kolom aantal_studenten.bbl1"),
    ]


@pytest.mark.parametrize(("data", "code"), [
    ("regio_naam;lkv\nNoord;Ja\n".encode("utf-16"), "RK347"),
    (b"regio_naam;lkv\nNo\x81rd;Ja\n", "RK347"),
    (b"PK\x03\x04\x00\x00", "RK347"),
])
def test_bytes_that_are_no_csv_are_refused(mapping: Mapping, data: bytes, code: str) -> None:
    assert [found for found, _ in refused_csv(mapping, data)] == [code]


def test_too_large_files_and_tables_are_refused(mapping: Mapping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rekentool.tables.regions.MAX_ROWS", 2)
    assert refused_csv(mapping, "regio_naam\nA\nB\nC\nD\n") == [("RK341", "rij 4")]
    monkeypatch.setattr("rekentool.tables.records.MAX_BYTES", 10)
    assert refused_csv(mapping, "regio_naam\nA\n") == [("RK331", "")]


def test_other_files_are_refused(mapping: Mapping, tmp_path: Path) -> None:
    assert refused(mapping, tmp_path / "geen.csv") == [("RK330", "")]
    assert refused(mapping, tmp_path / "regios.ods") == [("RK332", "")]


@pytest.mark.parametrize(("name", "found"), [
    ("regios.ods", 'een bestand dat eindigt op ".ods"'),
    ("regios", "een bestand zonder extensie"),
    ("", "een map"),
])
def test_what_was_given_instead_of_a_table(mapping: Mapping, tmp_path: Path, name: str, found: str) -> None:
    with pytest.raises(RekentoolError) as caught:
        read_regions(tmp_path / name, mapping)
    assert [(one.code, one.found) for one in caught.value.findings] == [("RK332", found)]


def test_long_tables_are_read_in_batches(mapping: Mapping, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of a table doesn't depend on where a batch ends."""
    good = "regio_naam;lkv;uitval;;aantal_studenten.bol1\n" + "".join(f"R{n};Ja;{n}%;;{n}\n" for n in range(1, 20))
    bad = good + "R3;x;12,5;z;501\n;Ja;1%;y;\nS;Ja;1%\n" + "r4;Nee;1%;;1,5\n"
    whole, faults = read(mapping, good), refused_csv(mapping, bad)
    assert len(whole) == 19
    assert len(faults) == 9
    for size in (1, 2, 7, 19, 22):
        monkeypatch.setattr("rekentool.tables.regions._BATCH", size)
        assert read(mapping, good) == whole
        assert refused_csv(mapping, bad) == faults


TABLE_LIKE = st.text(st.sampled_from('regio_naam;lkv,"\n\t 1.5%=Ja'), max_size=80).map(str.encode)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.binary(max_size=200) | TABLE_LIKE)
def test_any_bytes_are_regions_or_findings(mapping: Mapping, data: bytes) -> None:
    try:
        regions = read(mapping, data)
    except RekentoolError as error:
        assert all(found.code.startswith("RK3") for found in error.findings)
    else:
        assert len(regions) > 0


# -- xlsx -------------------------------------------------------------------------------------------------------------


def test_a_workbook_gives_typed_cells(mapping: Mapping) -> None:
    path = xlsx_file(mapping.path.parent, [
        ["regio_naam", "aantal_studenten", "uitval.bbl1", "peildatum", "lkv", "werkgeverschap", "tarief",
         "eigen_wml_uur"],
        ["Noord", 12, 0.125, datetime(2026, 9, 1), True, "sw-bedrijf", "€ 12,50", None],
        [],
        ["Zuid", "20", "7%", "1-8-2026", "nee", None, 14],
    ])
    regions = read_regions(path, mapping)
    assert regions == [
        Region("Noord", {
            ("regio_naam", None): "Noord", ("aantal_studenten", "bol1"): 12, ("aantal_studenten", "bbl1"): 12,
            ("uitval", "bbl1"): 0.125, ("peildatum", None): date(2026, 9, 1), ("lkv", None): "Ja",
            ("werkgeverschap", "bbl1"): "SW-bedrijf", ("tarief", None): 12.5,
        }, 2),
        Region("Zuid", {
            ("regio_naam", None): "Zuid", ("aantal_studenten", "bol1"): 20, ("aantal_studenten", "bbl1"): 20,
            ("uitval", "bbl1"): 0.07, ("peildatum", None): date(2026, 8, 1), ("lkv", None): "Nee",
            ("tarief", None): 14.0,
        }, 4),
    ]


@pytest.mark.parametrize(("column", "cell", "code"), [
    ("aantal_studenten", "=1+1", "RK342"),
    ("aantal_studenten", datetime(2026, 2, 1), "RK349"),
    ("aantal_studenten", time(12, 30), "RK301"),
    ("aantal_studenten", True, "RK315"),
    ("aantal_studenten", 1.5, "RK304"),
    ("aantal_studenten", "1.234", "RK302"),
    ("aantal_studenten", "#N/A", "RK312"),
    ("uitval", 12.5, "RK303"),
    ("uitval", 1.01, "RK303"),
    ("peildatum", datetime(2026, 8, 1, 12), "RK305"),
    ("peildatum", datetime(2019, 6, 30), "RK310"),
    ("peildatum", 46235.5, "RK305"),
    ("lkv", 1, "RK317"),
    ("werkgeverschap", "SW", "RK307"),
])
def test_a_cell_of_a_workbook_that_means_nothing_is_refused(
    mapping: Mapping, column: str, cell: object, code: str
) -> None:
    path = xlsx_file(mapping.path.parent, [["regio_naam", column], ["Noord", cell]])
    assert refused(mapping, path) == [(code, f"rij 2, kolom {column}")]


def test_a_region_named_by_a_number_is_text(mapping: Mapping) -> None:
    (region,) = read_regions(xlsx_file(mapping.path.parent, [["regio_naam"], [2026]]), mapping)
    assert region.name == "2026"


@pytest.mark.parametrize(("rows", "expected"), [
    ([], [("RK333", "")]),
    ([["regio_naam", "lkv"]], [("RK333", "")]),
    ([[], ["regio_naam"], ["Noord"]], [("RK333", "")]),
    ([["regio_naam", None, "lkv"], ["Noord", 12, "Ja"]], [("RK343", "rij 2, kolom B")]),
    ([["regio_naam", "lkv"], ["Noord", "Ja", 12]], [("RK339", "rij 2")]),
    ([["regio_naam", 2026], ["Noord", 12]], [("RK334", "rij 1, kolom 2026")]),
])
def test_a_workbook_that_is_no_table_is_refused(
    mapping: Mapping, rows: list[list[object]], expected: list[tuple[str, str]]
) -> None:
    assert refused(mapping, xlsx_file(mapping.path.parent, rows)) == expected


def test_a_workbook_that_is_no_workbook_is_refused_by_the_guard(mapping: Mapping, tmp_path: Path) -> None:
    path = tmp_path / "regios.xlsx"
    path.write_bytes(b"regio_naam;lkv\n")
    assert all(code.startswith("RK1") for code, _ in refused(mapping, path))


def test_a_workbook_that_openpyxl_cannot_read_is_refused(mapping: Mapping, tmp_path: Path) -> None:
    """The guard looks at what is dangerous, not at what is right: here a shared string that doesn't exist."""
    good = xlsx_file(tmp_path, [["regio_naam"], ["Noord"]])
    path = tmp_path / "stuk.xlsx"
    with ZipFile(good) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                inline = b't="inlineStr"><is><t>Noord</t></is>'
                assert data.count(inline) == 1
                data = data.replace(inline, b't="s"><v>99</v>')
            target.writestr(name, data)
    assert refused(mapping, path) == [("RK344", "")]


def test_hidden_rows_come_along_as_findings(mapping: Mapping, tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["regio_naam"], ["Noord"], ["Zuid"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    path = tmp_path / "regios.xlsx"
    workbook.save(path)
    regions = read_regions(path, mapping)
    assert [region.name for region in regions] == ["Noord", "Zuid"]
    assert regions.findings == admit(path).findings != ()
