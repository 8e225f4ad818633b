"""The command line itself: Dutch in every corner, right endings, quick help, and the small commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from opdracht import ENGLISH, run, snapshot, table

import rekentool.jobs.example
from rekentool.cli import cli, main
from rekentool.cli.screen import without_facts
from rekentool.messages import CATALOGUE
from rekentool.shipped import EXAMPLES

COMMANDS = sorted(cli.commands)
HEAVY = ("openpyxl", "pandas", "numpy", "formulas", "lxml", "yaml", "rich")


def python(*arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """A real Python process in the checkout."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, check=False, env={**os.environ, **settings}
    )


# Help


def test_help_as_a_user_calls_it() -> None:
    """In a system that speaks English."""
    ran = python("-m", "rekentool", "--help", LANG="en_US.UTF-8", LANGUAGE="en", PYTHONUTF8="1")
    text = ran.stdout.decode("utf-8")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert text.startswith("Gebruik: rekentool [OPTIES] OPDRACHT [ARGUMENTEN]")
    assert not ENGLISH.search(text)
    assert all(f"\n  {command} " in text for command in COMMANDS)


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from rekentool.cli import main\n"
        "main(['--help'])\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = python("-c", script, PYTHONUTF8="1")
    assert (ran.returncode, ran.stderr.strip()) == (0, b"[]")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_each_command_is_dutch(command: str, option: str) -> None:
    ran = run(command, option)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Gebruik: rekentool {command} ")
    assert "\nOpties:\n" in ran.out
    assert "Toon deze uitleg." in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_answer_as_json(command: str) -> None:
    assert "--json" in [name for parameter in cli.commands[command].params for name in parameter.opts]


def test_without_a_command_there_is_help() -> None:
    ran = run()
    assert ran.code == 2
    assert (ran.out + ran.err).startswith("Gebruik: rekentool ")


def test_version() -> None:
    """With its number when it is installed; from a checkout it says that it isn't. Never a traceback."""
    ran = run("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("rekentool, ")


# Wrong use

WRONG = [
    (["onbekend"], "De opdracht 'onbekend' bestaat niet."),
    (["vull", "x"], "De opdracht 'vull' bestaat niet."),
    (["--onbekend"], "De optie '--onbekend' bestaat niet."),
    (["vul"], "Ontbrekend argument 'REGIOS'."),
    (["vul", "x.csv"], "Ontbrekende optie '--naar'."),
    (["reken", "x.csv", "--naa", "y"], "De optie '--naa' bestaat niet. Bedoelt u '--naar'?"),
    (["vul", "x.csv", "--naar"], "De optie '--naar' heeft een waarde nodig."),
    (["vul", "x.csv", "y.csv", "--naar", "z"], "Onverwacht extra argument (y.csv)"),
    (["vul", "x.csv", "--naar", "z", "--droog=ja"], "De optie '--droog' neemt geen waarde."),
    (["lees", "--naar", "z"], "Ontbrekend argument 'BESTANDEN...'."),
    (["reken", "x", "--naar", "y", "--regels", "veel"], "'veel' is niet een van 'totalen', 'alle'."),
    (["controleer", "x", "--met", "excel"], "'excel' is niet een van "),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=lambda value: " ".join(value)[:40])
def test_wrong_use_ends_with_2_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_is_dutch(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rekentool.jobs.example, "copy_examples", interrupted)
    with pytest.raises(SystemExit) as end:
        main(["voorbeeld", "--naar", "x"])
    assert end.value.code == 1
    assert capsys.readouterr().err.strip() == "Afgebroken."


# Terminals and names that aren't UTF-8


def test_a_terminal_without_the_characters() -> None:
    """An old Windows console, or a file with its encoding: an escape instead of a traceback."""
    ran = python("-m", "rekentool", "code", "RK520", PYTHONIOENCODING="cp437", PYTHONUTF8="0")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert rb"\u2018" in ran.stdout


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="file names are Unicode there")
def test_a_file_name_that_is_no_text() -> None:
    command = [sys.executable.encode(), b"-m", b"rekentool", b"nieuw", b"b\xff.txt"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"RK640")
    assert b"Traceback" not in ran.stderr


# voorbeeld and nieuw


def test_voorbeeld_copies_what_is_shipped(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    ran = run("voorbeeld", "--naar", target)
    shipped = sorted(path for path in EXAMPLES.iterdir() if path.suffix in (".csv", ".xlsx"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [str(target / path.name) for path in shipped]
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {
        path.name: path.read_bytes() for path in shipped
    }
    before = snapshot(tmp_path)
    again = run("voorbeeld", "--naar", target)
    assert (again.code, again.out, again.codes) == (3, "", ["RK630"] * 5)
    assert snapshot(tmp_path) == before
    found = run("voorbeeld", "--naar", target, "--overschrijf", "--json").json
    assert found["bestanden"] == [str(target / path.name) for path in shipped]


def test_nieuw_copies_the_template(tmp_path: Path) -> None:
    target = tmp_path / "Mijn regio.XLSX"
    assert run("nieuw", target).out == f"{target}\n"
    assert target.read_bytes() == (ROOT / "workbooks" / "rekentool.xlsx").read_bytes()
    ran = run("nieuw", target)
    assert (ran.code, ran.finding["code"]) == (3, "RK630")
    assert run("nieuw", target, "--overschrijf", "--json").json["bestand"] == str(target)


@pytest.mark.parametrize(
    ("name", "code", "ending"), [("a.xls", "RK640", 2), ("a", "RK640", 2), ("x/a.xlsx", "RK631", 3)]
)
def test_nieuw_refuses(tmp_path: Path, name: str, code: str, ending: int) -> None:
    ran = run("nieuw", tmp_path / name)
    assert (ran.code, ran.out, ran.finding["code"]) == (ending, "", code)
    assert list(tmp_path.iterdir()) == []


# code


def test_code_explains_one_and_lists_all() -> None:
    ran = run("code", "rk303")
    assert ran.out.splitlines() == [
        "ernst        fout",
        "gevonden     … bij een percentage",
        "verwacht     een percentage met %, of een fractie als 0,125",
        "wat te doen  Schrijf …% of … als u … procent bedoelt.",
    ]
    assert [line[:5] for line in run("code").out.splitlines()] == sorted(CATALOGUE)
    found = run("code", "RK303", "--json").json
    assert found["codes"]["RK303"]["remedie"] == "Schrijf …% of … als u … procent bedoelt."


def test_code_that_does_not_exist() -> None:
    ran = run("code", "RK999")
    assert (ran.code, ran.finding["code"], ran.finding["plaats"]) == (2, "RK502", "RK999")


def test_no_text_of_the_catalogue_shows_its_placeholders() -> None:
    for entry in CATALOGUE.values():
        shown = [without_facts(text) for text in (entry.found, entry.expected, entry.remedy)]
        assert [text for text in shown if "{{" in text or "{found" in text] == []
    assert without_facts("{a} en {{geval}}: {b!r:>5}") == "… en {geval}: …"


# Another mapping


def test_a_mapping_that_is_none(tmp_path: Path) -> None:
    regions = table(tmp_path, "regio_naam\nA\n")
    for mapping, code in ((tmp_path / "er-niet.yaml", "RK201"), (regions, "RK209")):
        ran = run("reken", regions, "--naar", tmp_path / "uit.csv", "--mapping", mapping)
        assert (ran.code, ran.out, ran.finding["code"]) == (3, "", code)
        assert ran.finding["plaats"].startswith(str(mapping))
    assert [path.name for path in tmp_path.iterdir()] == ["regios.csv"]


def test_a_refusal_as_json_names_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["vul", str(tmp_path / "er-niet.csv"), "--naar", str(tmp_path / "uit"), "--json"])
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (end.value.code, printed.err) == (3, "")
    assert (found["opdracht"], found["uitkomst"], found["bevindingen"][0]["code"]) == ("vul", 3, "RK330")


# From beginning to end, as a user


def test_a_real_run(tmp_path: Path) -> None:
    regions = table(tmp_path, "regio_naam;horizon\nNoord;4\n")
    ran = python("-m", "rekentool", "vul", str(regions), "--naar", str(tmp_path / "uit"), PYTHONUTF8="1")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode("utf-8").strip() == str(tmp_path / "uit" / "noord.xlsx")
    assert sorted(path.name for path in (tmp_path / "uit").glob("*.xlsx")) == ["index.xlsx", "noord.xlsx"]
