"""What a person may call a cell in `leg-uit`, in the order in which it is tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from begroting import budget, write_book
from opdracht import run
from rekentool_werkboek import ROOT, tool

from rekentool.jobs.labels import Labels
from rekentool.jobs.place import find_place
from rekentool.messages import RekentoolError
from rekentool.tool import Tool, open_tool

TEMPLATE = ROOT / "workbooks" / "rekentool.xlsx"


def place(text: str, of: Tool | None = None) -> str:
    opened = of or tool()
    return str(find_place(opened, Labels(opened), text))


def refused(text: str, of: Tool | None = None) -> tuple[str, str]:
    with pytest.raises(RekentoolError) as error:
        place(text, of)
    (found,) = error.value.findings
    return found.code, found.found + found.remedy


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Resultaat!C9", "Resultaat!C9"),
        ("resultaat!$c$9", "Resultaat!C9"),
        ("  'Resultaat'!C9 ", "Resultaat!C9"),
        ("'2 Bol niveau 2'!H113", "'2 Bol niveau 2'!H113"),
        ("2 bol NIVEAU 2!h$113", "'2 Bol niveau 2'!H113"),
        ("Resultaat!ZZ900", "Resultaat!ZZ900"),  # blank, but a cell
        ("in_peildatum", "Invoer!C13"),
        ("IN_PEILDATUM", "Invoer!C13"),
        ("kg_wml_uur", "Kengetallen!D7"),
        ("peildatum", "Invoer!C13"),
        ("gemeente", "Invoer!C10"),  # a field goes before the party
        ("aantal_studenten.bbl1", "Invoer!E19"),
        ("aantal studenten bbl1", "Invoer!E19"),
        ("BBL1 / aantal_studenten", "Invoer!E19"),
        ("eigen_wml_uur", "Kengetallen!C7"),
        ("wml_uur", "Kengetallen!D7"),
        ("leeftijden", "Controle!F15"),
        ("saldo.gemeente.bol2", "Resultaat!C19"),
        ("saldo gemeente bol2 totaal", "Resultaat!C19"),
        ("bol2, gemeente, saldo", "Resultaat!C19"),
        ("contante_waarde.maatschappelijk.bbl2", "Resultaat!K23"),
        ("saldo.gemeente.bol2.3", "'2 Bol niveau 2'!F249"),
        ("loon sw_bedrijf bbl2 totaal", "'4 Bbl niveau 2'!I214"),
        ("Aantal studenten bij de start, Bbl niveau 1", "Invoer!E19"),
        ("Peildatum van de kengetallen", "Invoer!C13"),
        ("Gemeente, saldo, Bol niveau 2, totaal", "Resultaat!C19"),
        ("Saldo gemeente bol niveau 2 jaar 3", "'2 Bol niveau 2'!F249"),
        ("Loon van studenten SW-bedrijf bbl2 jaar 1", "'4 Bbl niveau 2'!D214"),
        ("4 bbl niveau 2: gemiddeld aantal studenten, jaar 2", "'4 Bbl niveau 2'!E107"),
        ("Eindoordeel", "Controle!B4"),
    ],
)
def test_place(text: str, cell: str) -> None:
    assert place(text) == cell


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "RK720", ""),
        ("x" * 5000, "RK720", "…"),
        ("peildatm", "RK720", '"peildatum"'),
        ("saldo.gemente.bol2", "RK720", '"saldo.gemeente.bol2"'),
        ("Aantal studenten bij de strat", "RK720", '"Aantal studenten bij de start"'),
        ("aantal_studenten", "RK721", "Invoer!C19 (Aantal studenten bij de start, Bol niveau 1)"),
        ("saldo.bol2", "RK721", "7 cellen"),
        ("Gemiddeld aantal studenten", "RK721", "en nog 12"),
        ("C9", "RK721", "Resultaat!C9 ("),
        ("Resultat!C9", "RK722", '"Resultaat"'),
        ("!C9", "RK722", ""),
        ("Resultaat!", "RK720", ""),
        ("Resultaat!C9:D10", "RK723", "het bereik Resultaat!C9:D10"),
        ("Resultaat!C0", "RK720", ""),
        ("Resultaat!XFE1", "RK720", ""),
        ("controle_invoer", "RK723", "het bereik"),
        ("saldo onzin bol2", "RK720", ""),
        ("=1+1", "RK720", ""),
        ("\x1b[31m", "RK720", "\\x1b"),
    ],
)
def test_refused(text: str, code: str, says: str) -> None:
    found, words = refused(text)
    assert found == code
    assert says in words


def test_command_refuses_with_code_2() -> None:
    ran = run("leg-uit", TEMPLATE, "saldo.bol2")
    assert (ran.code, ran.out) == (2, "")
    assert ran.finding["code"] == "RK721"
    assert ran.finding["plaats"].endswith("rekentool.xlsx: saldo.bol2")


def test_small_workbook(tmp_path: Path) -> None:
    opened = budget()
    assert place("saldo.laag", opened) == "Model!C6"
    assert place("Saldo Hoog", opened) == "Model!D6"
    assert place("kosten laag", opened) == "Model!C5"  # there is no total: the one there is
    assert place("Zaal hoog", opened) == "Model!D3"
    assert place("Docent, Laag", opened) == "Model!C4"
    assert refused("Docent", opened)[0] == "RK721"
    assert refused("Z8", opened)[0] == "RK720"  # nothing there on any sheet
    assert place("F4", opened) == "Cijfers!F4"  # nothing in F4 of the other sheets
    assert refused("zaal_en_docent", opened)[0] == "RK723"


def test_local_name_and_name_of_a_formula(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.workbook.defined_name import DefinedName

    path = write_book(tmp_path / "boek.xlsx", {"Los!A1": 5})
    book = openpyxl.load_workbook(path)
    book["Los"].defined_names["tarief"] = DefinedName("tarief", attr_text="Los!$A$1")
    book.defined_names["btw"] = DefinedName("btw", attr_text="0.21")
    book.save(path)
    opened = open_tool(budget().mapping.path, path)
    assert place("los!Tarief", opened) == "Los!A1"
    assert refused("btw", opened) == ("RK723", '"btw" is geen cel, maar de naam van 0.21Noem een van de cellen zelf.')
