"""A program from disk is the program compiled anew; whatever isn't whole or isn't this workbook's is not used."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_books import SHEET, at, book
from openpyxl.worksheet.formula import ArrayFormula
from rekentool_werkboek import scenario_of, tool
from willekeurig import willekeurige_invoer

from rekentool.engine import cache, evaluate
from rekentool.engine.cells import Cells
from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.engine.program import ProgramModel
from rekentool.xlsx.reader import Workbook, read_workbook

#: All that can be in a record: constants of each kind, rectangles, array formulas, circles, unknown functions.
MIXED: dict[str, object] = {
    "A1": 1, "A2": 2, "A3": 3, "A4": "x", "B1": "=A1*1.1", "B2": "=A2*2.2", "B3": '=IF(A4="x",#N/A,TRUE)',
    "B4": '=INDEX({1,"b";TRUE,#DIV/0!},1,2)', "B5": "=SUM(A:A)+MATCH(2,A1:A3,0)", "B6": "=NIETS(A1)", "B7": "=B6+1",
    "B8": "=B9", "B9": "=B8+A1", "B10": "=SUM(B8:B9)", "B11": "=btw*A1", "B12": "=IF(A1,,2)",
    "C1": ArrayFormula("C1:C3", "=A1:A3*2"), "D1": ArrayFormula("D1", "=SUM(A1:A3*A1:A3)"), "E1": "=C2&D1&B12",
    "E2": ArrayFormula("E2:E3", "=NIETS(A1:A2)"), "E4": "=E3", "F1": "=SUMPRODUCT(A1:A3*(A1:A3>1))",
    "F2": "=SUMPRODUCT(A1:A2*1)",
}  # fmt: skip
#: Worked by hand.
MIXED_VALUES: dict[str, object] = {"B1": 1.1, "B2": 4.4, "B5": 8.0, "B11": 0.21, "C1": 2.0, "C3": 6.0, "D1": 14.0,
                                  "E1": "4140", "F1": 5.0, "F2": 3.0}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, also for the smallest workbooks."""
    place = tmp_path / "cache"
    monkeypatch.setenv("REKENTOOL_CACHE", str(place))
    monkeypatch.setattr(cache, "FEWEST", 0)
    return place


@pytest.fixture
def mixed() -> Workbook:
    return read_workbook(book(MIXED, {"btw": "0.21"}))


def compiled(workbook: Workbook, monkeypatch: pytest.MonkeyPatch) -> tuple[ProgramModel, int]:
    """The model, and how many formulas had to be gone over."""
    seen: list[object] = []
    original = evaluate.outline

    def counted(*arguments: Any, **named: Any) -> Any:
        seen.append(arguments)
        return original(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr("rekentool.engine.cells.outline", counted)
        return ProgramModel(workbook), len(seen)


def check_mixed(model: ProgramModel) -> None:
    (found,) = model.compute([{}])
    for cell, expected in MIXED_VALUES.items():
        assert found.values[at(cell)] == (pytest.approx(expected) if isinstance(expected, float) else expected)
    assert {address.cell for address in found.unknown} == {"B6", "B7", "B8", "B9", "B10", "E2", "E3", "E4"}
    assert "RK420" in found.unknown[at("B6")] and "RK421" in found.unknown[at("B7")]
    assert found.unknown[at("B8")] == f"kringverwijzing: '{SHEET}'!B8 → '{SHEET}'!B9 → '{SHEET}'!B8 (RK422)"


def file_in(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_mixed_workbook_cold_and_warm(folder: Path, mixed: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    cold, many = compiled(mixed, monkeypatch)
    assert many == len(mixed.formulas)
    warm, few = compiled(mixed, monkeypatch)
    assert few < many - 3  # not the shapes that more formulas share, and the unknown ones
    check_mixed(cold)
    check_mixed(warm)
    assert list(cold.unknown.items()) == list(warm.unknown.items())
    scenarios = [{at("A1"): one, at("A4"): other} for one in (0.0, -2.5, "tekst", None) for other in ("x", 3.0)]
    assert warm.compute(scenarios) == cold.compute(scenarios)


def test_template_cold_and_warm_to_the_last_bit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = tool().workbook
    cold, many = compiled(workbook, monkeypatch)
    warm, few = compiled(workbook, monkeypatch)
    assert many == len(workbook.formulas) > 6000 and few < 300
    scenarios = [{}, *(scenario_of(willekeurige_invoer(random.Random(4000 + seed))) for seed in range(8))]
    for one, other in zip(cold.compute(scenarios), warm.compute(scenarios), strict=True):
        assert one.unknown == other.unknown == {}
        assert one.values == other.values


def test_the_file_has_no_values_and_no_code(folder: Path) -> None:
    workbook = read_workbook(book({"A1": 123456.75, "A2": "geheim", "B1": '=A1&A2&"constante"'}))
    ProgramModel(workbook).compute([{}])
    heading, name, digest, payload = file_in(folder).read_bytes().split(b"\n", 3)
    assert heading == b"rekentool-programma 1" and name.decode() in file_in(folder).name
    assert hashlib.sha256(payload).hexdigest() == digest.decode()
    text = zlib.decompress(payload).decode()
    assert "123456" not in text and "geheim" not in text and "def " not in text and "constante" in text
    assert json.loads(text)["examples"] == [0]


# -- the key ---------------------------------------------------------------------------------------------------------


def key_of(cells: dict[str, object], names: dict[str, str] | None = None, **other: Any) -> str:
    workbook = read_workbook(book(cells, names, **other))
    return cache.key(workbook, Cells(workbook)._scope.used_ranges)


@pytest.mark.parametrize(
    "other",
    [
        key_of({"A1": 1, "B1": "=A1*3"}, {"btw": "0.21"}),
        key_of({"A1": 1, "B2": "=A1*2"}, {"btw": "0.21"}),
        key_of({"A1": 1, "B1": "=A1*2", "B2": "=A1*2"}, {"btw": "0.21"}),
        key_of({"A1": 1, "B1": "=A1*2"}, {"btw": "0.09"}),
        key_of({"A1": 1, "B1": "=A1*2"}),
        key_of({"A1": 1, "A9": 1, "B1": "=A1*2"}, {"btw": "0.21"}),
        key_of({"A1": 1, "B1": "=A1*2"}, {"btw": "0.21"}, other={"A1": 1}),
        key_of({"A1": 1, "B1": "=A1*2"}, {"btw": "0.21"}, date1904=True),
        key_of({"A1": 1, "B1": ArrayFormula("B1", "=A1*2")}, {"btw": "0.21"}),
    ],
)
def test_what_matters_gives_another_key(other: str) -> None:
    assert other != key_of({"A1": 1, "B1": "=A1*2"}, {"btw": "0.21"})


def test_values_of_cells_dont_matter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert key_of({"A1": 1, "B1": "=A1*2"}) == key_of({"A1": "een", "B1": "=A1*2"})
    formulas = {f"B{row}": f"=A{row}*2" for row in range(1, 6)}
    ProgramModel(read_workbook(book({"A1": 1, "A5": 1, **formulas})))
    model, gone_over = compiled(read_workbook(book({"A1": 7, "A5": 8, **formulas})), monkeypatch)
    assert gone_over == 1
    (found,) = model.compute([{}])
    assert [found.values[at(f"B{row}")] for row in range(1, 6)] == [14.0, 0.0, 0.0, 0.0, 16.0]


@pytest.mark.parametrize("change", ["__version__", "engine_hash", "HEADING", "functions"])
def test_another_version_doesnt_use_it(
    folder: Path, mixed: Workbook, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProgramModel(mixed)
    if change == "functions":
        monkeypatch.delitem(FUNCTIONS, "SUMPRODUCT")
    else:
        new = {"__version__": "0.0.1", "engine_hash": lambda: "x", "HEADING": b"rekentool-programma 0\n"}[change]
        monkeypatch.setattr(cache, change, new)
    model, gone_over = compiled(mixed, monkeypatch)
    assert gone_over == len(mixed.formulas)
    assert len(list(folder.iterdir())) == 2
    assert (at("F1") in model.unknown) is (change == "functions")


# -- what isn't whole ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:100],
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
        lambda content: b'{"formulas": []}',
        lambda content: content.replace(b"rekentool-programma 1", b"rekentool-programma 2"),
        lambda content: content[:22] + b"0" * 64 + content[86:],
    ],
)
def test_damaged_file_is_made_anew(
    folder: Path, mixed: Workbook, damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    ProgramModel(mixed)
    path = file_in(folder)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    model, gone_over = compiled(mixed, monkeypatch)
    assert gone_over == len(mixed.formulas)
    check_mixed(model)
    assert file_in(folder).read_bytes() == whole


def test_file_of_another_workbook_isnt_used(folder: Path, mixed: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    ProgramModel(mixed)
    path = file_in(folder)
    path.unlink()
    ProgramModel(read_workbook(book({"A1": 1, "B1": "=A1"})))
    file_in(folder).rename(path)
    model, gone_over = compiled(mixed, monkeypatch)
    assert gone_over == len(mixed.formulas)
    check_mixed(model)


def cell_entry(data: Any) -> list[int]:
    """B1's: shape, constants, own place, A1's place."""
    entry: list[int] = data["formulas"][0]
    return entry


def first_text(formulas: list[Any]) -> int:
    return [type(one) for one in formulas].index(str)


CROOKED = {"kolommen": 2, "cellen": [[1.0]]}
#: Whole files, hash and all, with data that aren't this workbook's.
WRONG: dict[str, Callable[[Any], Any]] = {
    "a list": lambda data: [1],
    "a number": lambda data: 5,
    "no formulas": lambda data: {**data, "formulas": []},
    "part missing": lambda data: {key: part for key, part in data.items() if key != "areas"},
    "formula too few": lambda data: {**data, "formulas": data["formulas"][:-1]},
    "place outside": lambda data: cell_entry(data).__setitem__(3, 10_000),
    "place below zero": lambda data: cell_entry(data).__setitem__(3, -1),
    "place a text": lambda data: cell_entry(data).__setitem__(3, "3"),
    "place a logical": lambda data: cell_entry(data).__setitem__(3, True),
    "place a fraction": lambda data: cell_entry(data).__setitem__(3, 1.5),
    "place of a rectangle": lambda data: cell_entry(data).__setitem__(3, data["areas"][0][0]),
    "another cell's place": lambda data: cell_entry(data).__setitem__(2, 1),
    "example's own reading": lambda data: cell_entry(data).__setitem__(3, 0),
    "one place more": lambda data: cell_entry(data).append(0),
    "no places": lambda data: cell_entry(data).__delitem__(slice(1, None)),
    "another shape": lambda data: cell_entry(data).__setitem__(0, 1),
    "no such shape": lambda data: cell_entry(data).__setitem__(0, 999),
    "no such constants": lambda data: cell_entry(data).__setitem__(1, 999),
    "examples' constants": lambda data: data["constants"][0].__setitem__(0, 1.2),
    "constant a text": lambda data: data["constants"][1].__setitem__(0, "2.2"),
    "constant a list of two": lambda data: data["constants"][1].__setitem__(0, [1.0, 2.0]),
    "constant a crooked rectangle": lambda data: data["constants"][1].__setitem__(0, CROOKED),
    "one constant more": lambda data: data["constants"][1].append(1.0),
    "other example": lambda data: data["examples"].__setitem__(0, 2),
    "example without entry": lambda data: data["examples"].__setitem__(0, first_text(data["formulas"])),
    "no such example": lambda data: data["examples"].__setitem__(0, 99),
    "cell twice": lambda data: data["others"].append([SHEET, "A1"]),
    "cell of no sheet": lambda data: data["others"].append([None, "Z1"]),
    "no cell": lambda data: data["others"].append([SHEET, "nergens"]),
    "rectangle moved": lambda data: data["areas"][0].__setitem__(2, 2),
    "rectangle too large": lambda data: data["areas"].append([20, SHEET, 1, 1, 16_384, 1_048_576]),
    "rectangle turned": lambda data: data["areas"][0].__setitem__(3, 0),
    "rectangle on a cell": lambda data: data["areas"][0].__setitem__(0, 0),
    "rectangles in one place": lambda data: data["areas"][0].__setitem__(0, data["areas"][1][0]),
    "deep": lambda data: {**data, "constants": [[[[[[1.0]]]]]]},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_whole_file_with_wrong_data_isnt_used(
    folder: Path, mixed: Workbook, change: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ProgramModel(mixed)
    path = file_in(folder)
    right = path.read_bytes()
    name = path.name.removeprefix("programma-").removesuffix(".z")
    data = cache.read(name)
    wrong = copy.deepcopy(data)
    wrong = change(wrong) or wrong
    cache.write(name, wrong)
    assert cache.read(name) == wrong != data
    check_mixed(ProgramModel(mixed))
    assert path.read_bytes() == right


def test_deeply_nested_json_is_a_miss(folder: Path) -> None:
    payload = zlib.compress(b"[" * 100_000)
    folder.mkdir()
    (folder / f"programma-{'a' * 64}.z").write_bytes(cache._start("a" * 64, payload) + payload)
    assert cache.read("a" * 64) is None


# -- the folder ------------------------------------------------------------------------------------------------------


def test_switched_off(tmp_path: Path, mixed: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "FEWEST", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("REKENTOOL_CACHE", "")
    assert cache.folder() is None
    check_mixed(ProgramModel(mixed))
    assert cache.read("a" * 64) is None
    cache.write("a" * 64, {})
    assert list(tmp_path.iterdir()) == []


def test_small_workbooks_arent_kept(folder: Path, mixed: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "FEWEST", len(mixed.formulas) + 1)
    check_mixed(ProgramModel(mixed))
    assert not folder.exists()


def test_folder_that_cant_be_made_or_written(folder: Path, mixed: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write_text("een bestand")
    check_mixed(ProgramModel(mixed))
    monkeypatch.setenv("REKENTOOL_CACHE", str(folder / "daarin"))
    check_mixed(ProgramModel(mixed))
    assert folder.read_text() == "een bestand"


def test_file_that_cant_be_replaced(folder: Path, mixed: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    ProgramModel(mixed)
    path = file_in(folder)
    path.unlink()
    path.mkdir()
    check_mixed(ProgramModel(mixed))
    assert path.is_dir() and list(folder.iterdir()) == [path]


def test_system_refuses(folder: Path, mixed: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refused)
    check_mixed(ProgramModel(mixed))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/rekentool"),
        ("linux", {"XDG_CACHE_HOME": "hier", "HOME": "/h"}, "/h/.cache/rekentool"),
        ("linux", {"HOME": "/h"}, "/h/.cache/rekentool"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/rekentool"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/rekentool/Cache"),
        ("win32", {}, None),
        ("linux", {"REKENTOOL_CACHE": "/eigen", "HOME": "/h"}, "/eigen"),
    ],
)
def test_folder_of_each_system(
    platform: str, variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REKENTOOL_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert cache.folder() == (None if expected is None else Path(expected))


def test_oldest_files_go_and_others_stay(folder: Path) -> None:
    folder.mkdir()
    (folder / "van iemand anders.z").write_text("blijft")
    names = [f"{number:064x}" for number in range(25)]
    for number, name in enumerate(names):
        cache.write(name, {"formulas": []})
        os.utime(folder / f"programma-{name}.z", (number, number))
        if number >= 3:
            assert cache.read(names[0]) is not None  # in use: not the oldest
            os.utime(folder / f"programma-{names[0]}.z", (100 + number, 100 + number))
    left = {path.name for path in folder.iterdir()}
    assert left == {"van iemand anders.z", *(f"programma-{name}.z" for name in (names[0], *names[6:]))}


def test_together_not_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 1000)
    for number in range(4):
        cache.write(f"{number:064x}", [number] * 10)
        path = folder / f"programma-{number:064x}.z"
        os.utime(path, (number, number))
    assert 0 < sum(path.stat().st_size for path in folder.iterdir()) <= 1000
    assert cache.read(f"{3:064x}") == [3] * 10
    rest = list(range(4000))
    cache.write("f" * 64, rest)  # alone too large
    assert cache.read("f" * 64) is None
