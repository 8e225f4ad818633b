"""The documentation, tested like code: what it leaves out, or says of what isn't there, fails here."""

from __future__ import annotations

import json
import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from conftest import ROOT
from openpyxl.workbook.defined_name import DefinedName

from rekentool.cli import cli
from rekentool.mapping.load import load_mapping
from rekentool.messages import CATALOGUE
from rekentool.tool import open_tool

README, MANUAL = ROOT / "README.md", ROOT / "docs" / "handleiding.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
MAPPING_PAGE = ROOT / "docs" / "mapping.md"
COMMANDS = sorted(cli.commands)

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_INLINE = re.compile(r"`(rekentool \w+ [^`]+)`")  # without arguments it is the name of a command


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of one language."""
    return [text for kind, text in _BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


def shown_commands() -> Iterator[tuple[str, str]]:
    """Every command line in README and manual, in a block or in the text, with the page where it stands."""
    for page in (README, MANUAL):
        lines = [line.removeprefix("$ ") for _, text in _BLOCK.findall(page.read_text(encoding="utf-8"))
                 for line in text.splitlines()]  # fmt: skip
        lines += _INLINE.findall(page.read_text(encoding="utf-8"))
        yield from ((page.name, line) for line in lines if line.startswith("rekentool "))


def script(name: str) -> dict[str, Any]:
    """The names that a script defines."""
    return runpy.run_path(str(ROOT / "scripts" / name))


def section(page: Path, command: str) -> str:
    """What the manual says of one command: from its name in bold to the next bold name or heading."""
    match = re.search(
        rf"^\*\*{command}\*\*.*?(?=^\*\*|^## )", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert match, f"{page.name} has no paragraph on {command}"
    return match[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_documented(command: str) -> None:
    assert f"`rekentool {command}" in README.read_text(encoding="utf-8")
    assert f"rekentool {command}" in section(MANUAL, command)


@pytest.mark.parametrize("command", COMMANDS)
def test_option_is_in_the_manual(command: str) -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    options = [name for parameter in cli.commands[command].params if isinstance(parameter, click.Option)
               for name in parameter.opts]  # fmt: skip
    assert [name for name in options if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", manual)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_a_text_and_an_example(command: str) -> None:
    text = cli.commands[command].help or ""
    assert text.split("\n")[0].endswith(".")
    example = re.search(r"^\s*Voorbeeld: (rekentool .+)$", text, re.MULTILINE)
    assert example
    parse(example[1])
    assert all(parameter.help for parameter in cli.commands[command].params if isinstance(parameter, click.Option))


def parse(line: str) -> None:
    """Parse a command line as the shell and click would, without running it; click.UsageError when it is wrong."""
    words = shlex.split(line, comments=True)[1:]
    if any(word in ("--help", "-h", "--version") for word in words):
        return
    with cli.make_context("rekentool", list(words)) as context:
        name, command, arguments = cli.resolve_command(context, words)
        assert name is not None
        assert command is not None
        command.make_context(name, arguments, parent=context)


@pytest.mark.parametrize(("page", "line"), sorted(set(shown_commands())))
def test_shown_command_parses(page: str, line: str) -> None:
    parse(line)


def test_a_wrong_command_line_does_not_parse() -> None:
    for line in ("rekentool vull x", "rekentool vul x --naar y --nat", "rekentool vul x"):
        with pytest.raises(click.UsageError):
            parse(line)


def test_every_code_has_its_texts() -> None:
    assert [code for code in CATALOGUE if not re.fullmatch(r"RK[1-8]\d\d", code)] == []
    for code, entry in CATALOGUE.items():
        assert entry.found.strip(), code
        assert entry.remedy.strip(), code
        assert entry.expected.strip() or entry.severity != "fout", code


def test_codes_that_are_named_exist() -> None:
    for page in PAGES:
        named = set(re.findall(r"\bRK\d{3}\b", page.read_text(encoding="utf-8")))
        assert named - CATALOGUE.keys() == set(), page.name


def schema_keys(node: Any) -> Iterator[str]:
    """Every key that a mapping can have: those under ``properties``, anywhere in the schema."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key == "properties":
                yield from child
            yield from schema_keys(child)
    elif isinstance(node, list):
        for child in node:
            yield from schema_keys(child)


def test_every_mapping_key_is_in_its_reference() -> None:
    schema = json.loads((ROOT / "mappings" / "schema" / "mapping.schema.json").read_text(encoding="utf-8"))
    keys = set(schema_keys(schema))
    assert {"formaat", "veld_per_geval", "keuzes", "zelden_gewijzigd", "kolommen", "som", "label_cel"} <= keys
    page = MAPPING_PAGE.read_text(encoding="utf-8")
    assert sorted(key for key in keys if f"`{key}`" not in page) == []


def test_example_mapping_fits_the_workbook_it_describes(tmp_path: Path) -> None:
    """The small mapping of the reference, on a workbook made as it says."""
    text = next(block for block in blocks(MAPPING_PAGE, "yaml") if block.startswith("formaat:"))
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Blad1", 0)
    for row in (
        ("Begroting",),
        ("Naam van de cursus",),
        ("Deelnemers", 8, 12),
        ("Prijs per deelnemer", 250),
        (),
        ("Opbrengst", "=B3*$B$4", "=C3*$B$4"),
        (),
        ("Oordeel", '=IF(B2="","FOUT","OK")'),
    ):
        sheet.append(row)
    book.defined_names["prijs_per_deelnemer"] = DefinedName("prijs_per_deelnemer", attr_text="Blad1!$B$4")
    book.save(tmp_path / "begroting.xlsx")
    path = tmp_path / "begroting.yaml"
    path.write_text(text, encoding="utf-8")
    assert [field.id for field in load_mapping(path).fields] == ["naam_cursus", "deelnemers", "prijs"]
    results = list(open_tool(path).binding.results())
    assert [(row.geval, row.regel, str(row.address)) for row in results] == [
        ("laag", "baten", "Blad1!B6"),
        ("hoog", "baten", "Blad1!C6"),
    ]


def test_list_of_fields_is_what_its_script_makes(capsys: pytest.CaptureFixture[str]) -> None:
    names = script("make_field_docs.py")
    mapping = load_mapping(ROOT / "mappings" / "rekentool.yaml")
    text = names["TARGET"].read_text(encoding="utf-8")
    assert text == names["document"](mapping)
    missing = [field.id for field in mapping.fields if f"| `{field.id}` |" not in text]
    missing += [kengetal.id for kengetal in mapping.kengetallen if f"{kengetal.id}` |" not in text]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_exist(page: Path) -> None:
    text = re.sub(_BLOCK, "", page.read_text(encoding="utf-8"))
    relative = [link.partition("#")[0] for link in _LINK.findall(text) if not re.match(r"https?://|mailto:|#", link)]
    assert [link for link in relative if not (page.parent / link).is_file()] == []


def test_python_sample_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (sample,) = blocks(README, "python")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(sample, "README.md", "exec"), names)
    assert len(names["table"]) == 196
    assert names["findings"] == []
    assert names["report"].outcome == "klopt"


def test_table_of_the_manual_is_accepted(tmp_path: Path) -> None:
    """The regions table of chapter 6, read as it stands there."""
    from rekentool.tables.regions import read_regions

    text = next(block for block in blocks(MANUAL, "text") if block.startswith("regio_naam;"))
    path = tmp_path / "regios.csv"
    path.write_text(text, encoding="utf-8")
    noord, zuid = read_regions(path, load_mapping(ROOT / "mappings" / "rekentool.yaml"))
    assert noord.values["aantal_studenten", "bbl1"] == 12
    assert noord.values["aantal_studenten", "bbl2"] == 20
    assert noord.values["trajectvergoeding", "bol1"] == 2750
    assert zuid.values["uitval_per_jaar", "bol2"] == 0.125
    assert zuid.values["trajectvergoeding", "bol2"] == 3000
    assert zuid.values["eigen_wml_uur", None] == 15.2


def test_compiled_messages_are_those_of_the_source() -> None:
    names = script("compile_messages.py")
    when = rb"POT-Creation-Date: [^\n]*"  # babel adds the moment of compiling
    found = (names["FOLDER"] / "rekentool.mo").read_bytes()
    assert re.sub(when, b"", found) == re.sub(when, b"", names["compiled"]())
