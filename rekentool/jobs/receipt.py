"""Receipts: what a result was made of, written beside it, so that anybody can tell later whether it still is that.

Beside ``noord.xlsx`` stands ``noord.xlsx.bewijs.json``: the whole file name and a suffix, so that no two results share
a receipt and no result can be taken for one. It is for programs; for people there is one page for each run
(`receiptpage`). Neither is a sheet in the result: a receipt holds the hash of the result's bytes, which can't stand
among those bytes, and a CSV has no sheets.

A receipt names files and hashes, never folders or users. Its ``controlegetal`` shows that it was changed by accident
or by hand; it is no signature, since whoever can write here can make a new one.
Schema: ``mappings/schema/bewijs.schema.json``.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any, Literal

from rekentool import __version__
from rekentool.jobs.usedfigures import FigureFacts, peildatum
from rekentool.mapping.bind import Binding, ResultCell
from rekentool.mapping.schema import Field, InputKey
from rekentool.mapping.schema import Mapping as WorkbookMapping
from rekentool.mapping.values import serial_date
from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.tables.results import ResultRow, table_value
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.save import save_atomic

FORMAT = 1
SUFFIX = ".bewijs.json"
#: A receipt of more bytes than this isn't one of ours.
MAX_BYTES = 50_000_000
#: Regions and results that the receipt of a table names; of more it has the numbers, and the table has the rest.
MOST = 1_000

#: The moment that counts as now, in seconds since 1970 (reproducible-builds.org).
EPOCH = "SOURCE_DATE_EPOCH"

#: A cell's value in JSON: an error is ``{"fout": "#N/A"}``, a date of a date field ``"2026-08-01"``.
Plain = float | int | str | bool | None | dict[str, str]
Facts = dict[str, Any]
#: What the result is.
Kind = Literal["werkboek", "tabel", "index", "zip"]


def receipt_path(result: Path) -> Path:
    """Where the receipt of a result stands."""
    return result.with_name(result.name + SUFFIX)


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file by its name and its bytes."""

    name: str
    sha256: str
    size: int

    @classmethod
    def of(cls, path: Path, data: bytes) -> FileMark:
        """The mark of these bytes under this name."""
        return cls(_name(path), hashlib.sha256(data).hexdigest(), len(data))

    @classmethod
    def read(cls, path: Path) -> FileMark:
        """The mark of a file that may be too large for memory; OSError when it can't be read."""
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
            return cls(_name(path), digest.hexdigest(), stream.tell())

    def facts(self) -> Facts:
        """As it stands in a receipt."""
        return {"bestand": self.name, "sha256": self.sha256, "bytes": self.size}


def _name(path: Path) -> str:
    """The file's name; what isn't text in it, which Linux allows, as an escape."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")


def moment() -> str:
    """Now, in UTC to the second, or what ``SOURCE_DATE_EPOCH`` says; RK734 when that is no number of seconds."""
    given = os.environ.get(EPOCH)
    if given is None:
        return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        return f"{datetime.fromtimestamp(int(given), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        raise refuse("RK734", EPOCH, waarde=given[:40]) from None


# What a run is


def run_facts(tool: Tool, kind: Kind, command: str, options: Mapping[str, Plain], sources: Iterable[FileMark]) -> Facts:
    """What all receipts of one run share. ``options`` are those that change what comes out."""
    return {
        "formaat": FORMAT,
        "soort": kind,
        "opdracht": command,
        "opties": dict(options),
        "gemaakt_op": moment(),
        "sjabloon": {**FileMark.of(tool.path, tool.data).facts(), "vingerafdruk": tool.fingerprint},
        "mapping": mapping_facts(tool.mapping),
        "versies": versions(tool),
        "bronnen": [source.facts() for source in sources],
    }


def mapping_facts(mapping: WorkbookMapping) -> Facts:
    """Which mapping this is: its file, and a hash over the kengetallen that stand in a file of their own."""
    figures = [
        [one.id, [[row.valid_from.isoformat(), row.value, row.source, row.url, row.reliability] for row in one.values]]
        for one in mapping.kengetallen
    ]
    return {
        **FileMark.of(mapping.path, mapping.path.read_bytes()).facts(),
        "id": mapping.workbook.id,
        "versie": mapping.workbook.version,
        "kengetallen_sha256": hashlib.sha256(_canonical(figures)).hexdigest(),
    }


def versions(tool: Tool) -> dict[str, str]:
    """Whatever can make a difference to a number."""
    import numpy  # as heavy as the engine that needs it

    return {
        "rekentool": __version__,
        "motor": f"{tool.engine.name} {tool.engine.version}",
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "systeem": f"{sys.platform} {platform.machine()}",
    }


# What a region is


def input_name(key: InputKey) -> str:
    """``veld`` or ``veld.geval``, as the column of a regions table is headed."""
    return f"{key[0]}.{key[1]}" if key[1] else key[0]


class Inputs:
    """The inputs of one workbook's mapping by ``veld`` or ``veld.geval``, from what stands in its cells."""

    def __init__(self, tool: Tool) -> None:
        self._date1904 = tool.workbook.date1904
        self._cells = {
            address: (input_name(key), tool.mapping.field(key[0])) for key, address in tool.binding.inputs.items()
        }
        #: Every input as the tool's own workbook has it.
        self.template = self.of({address: tool.workbook.values.get(address) for address in self._cells})

    def of(self, values: Mapping[Address, CellValue]) -> dict[str, Plain]:
        """The inputs among these cells."""
        return {
            name: plain(field, values[address], self._date1904)
            for address, (name, field) in self._cells.items()
            if address in values
        }

    def name(self, address: Address) -> str:
        """The name of the input in this cell; KeyError when there is none."""
        return self._cells[address][0]

    def whole(self, values: Mapping[Address, CellValue]) -> dict[str, Plain]:
        """Every input of a workbook with these values."""
        return self.of({address: values.get(address) for address in self._cells})


def plain(field: Field | None, value: CellValue, date1904: bool = False) -> Plain:
    """A cell's value in JSON, the same for every spelling of the same value; a date in a date field as a date."""
    if value is None or value == "":
        return None
    if isinstance(value, ExcelError):
        return {"fout": value.code}
    if isinstance(value, bool | str):
        return value
    number = float(value)
    if field is not None and field.kind == "datum" and number.is_integer():
        try:
            return serial_date(number, date1904).isoformat()
        except (ValueError, OverflowError):
            return int(number)  # no date at all: as the cell has it
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def inputs_hash(inputs: Mapping[str, Plain]) -> str:
    """The hash over a region's inputs, whatever their order."""
    return hashlib.sha256(_canonical(inputs)).hexdigest()


class InputHashes:
    """`inputs_hash` for many regions of one tool, of which most inputs are the template's."""

    def __init__(self, tool: Tool) -> None:
        self._inputs = Inputs(tool)
        names = sorted(self._inputs.template)
        self._places = {name: place for place, name in enumerate(names)}
        self._texts = [self._text(name, self._inputs.template[name]) for name in names]

    def of(self, given: Mapping[str, Plain]) -> str:
        """The hash for a region that gives these inputs and leaves the others as they are."""
        texts = self._texts.copy()
        for name, value in given.items():
            texts[self._places[name]] = self._text(name, value)
        return hashlib.sha256(("{" + ",".join(texts) + "}").encode()).hexdigest()

    def of_cells(self, cells: Mapping[Address, CellValue]) -> str:
        """The same, of what stands in these cells."""
        return self.of(self._inputs.of(cells))

    @staticmethod
    def _text(name: str, value: Plain) -> str:
        if type(value) is int or (type(value) is float and isfinite(value)):
            return f'"{name}":{value!r}'  # as JSON has it, much sooner
        return _canonical({name: value}).decode()[1:-1]


def headline(tool: Tool) -> tuple[ResultCell, ...]:
    """The results that say most: the balance of every party over all years, or what is always in the table."""
    cells = tuple(tool.binding.results("altijd"))
    return tuple(cell for cell in cells if cell.regel == "saldo" and cell.jaar in ("totaal", "")) or cells


class WorkbookFacts:
    """What the receipts of workbooks have beside `run_facts`, for any number of workbooks of one tool."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool
        self._figures = FigureFacts(tool)
        self._headline = [(cell.address, _result(cell)) for cell in headline(tool)[:MOST]]

    @property
    def cells_needed(self) -> tuple[Address, ...]:
        """The formula cells whose values are in a receipt, or decide what is."""
        binding = self._tool.binding
        cells = (*binding.checks.values(), *binding.used.values(), *(address for address, _ in self._headline))
        return tuple(dict.fromkeys(cells))

    def of(
        self,
        region: str,
        given: Mapping[str, Plain],
        rest: Mapping[str, Plain],
        values: Mapping[Address, CellValue],
        cells: Mapping[str, int],
        findings: Iterable[Finding],
    ) -> Facts:
        """Those of one workbook: ``given`` are the inputs that were filled in, ``rest`` all others (what stands in both
        counts as filled in). ``values`` are what was computed, at least of ``cells_needed``; ``cells`` counts all of it
        (`cell_facts`)."""
        binding = self._tool.binding
        inputs = {**rest, **given}
        used = {id_: values[address] for id_, address in binding.used.items() if address in values}
        day = peildatum(self._tool, inputs)
        return {
            "regios_aantal": 1,
            "invoer_sha256": inputs_hash(inputs),
            "regios": [
                {
                    "regio": region,
                    "peildatum": day.isoformat() if day else None,
                    "ingevuld": dict(given),
                    "overig": {name: value for name, value in rest.items() if name not in given},
                }
            ],
            "cellen": dict(cells),
            "controles": check_facts(self._tool, [(values, binding)]),
            "bevindingen": finding_facts(findings),
            "kengetallen": self._figures.of(day, inputs, used),
            "uitkomsten": [
                {**facts, "regio": region, "waarde": table_value(values[address])}
                for address, facts in self._headline
                if address in values
            ],
        }


def cell_facts(values: Collection[CellValue], unknown: int) -> dict[str, int]:
    """How many formula cells got a value, how many of these are errors, and how many the engine couldn't compute."""
    errors = Counter(map(type, values))[ExcelError]
    return {"berekend": len(values), "waarvan_fout": errors, "niet_berekend": unknown}


def check_facts(tool: Tool, workbooks: Iterable[tuple[Mapping[Address, CellValue], Binding]]) -> list[Facts]:
    """Of each of the workbook's own checks: in how many workbooks it holds, fails or wasn't computed."""
    counts: dict[str, Counter[str]] = {check.id: Counter() for check in tool.mapping.checks}
    for values, binding in workbooks:
        for check in tool.mapping.checks:
            address = binding.checks[check.id]
            verdict = "klopt" if address in values and values[address] == check.expected else "klopt_niet"
            counts[check.id][verdict if address in values else "niet_bekend"] += 1
    return [
        {
            "controle": check.id,
            "label": check.label,
            **{name: counts[check.id][name] for name in ("klopt", "klopt_niet", "niet_bekend")},
        }
        for check in tool.mapping.checks
    ]


def finding_facts(findings: Iterable[Finding]) -> Facts:
    """How many findings of each severity, and of each code."""
    found = list(findings)
    severities = Counter(one.severity for one in found)
    codes = Counter(one.code for one in found)
    return {
        "fout": severities["fout"],
        "waarschuwing": severities["waarschuwing"],
        "melding": severities["melding"],
        "codes": dict(sorted(codes.items())),
    }


def row_facts(row: ResultRow) -> Facts:
    """A row of the results table as a receipt has it."""
    return dict(row._asdict())


def _result(cell: ResultCell) -> Facts:
    return {
        "regio": "",
        "geval": cell.geval,
        "partij": cell.partij,
        "regel": cell.regel,
        "jaar": cell.jaar,
        "waarde": None,
        "eenheid": cell.eenheid,
        "cel": str(cell.address),
    }


# To a file and back


def receipt_bytes(facts: Mapping[str, Any], result: FileMark) -> bytes:
    """The receipt of this result: a line for each key and each entry of a list, and last a hash over all of it."""
    content = {**facts, "resultaat": result.facts()}
    parts = [f'"{key}":{_json(content[key])}' for key in (*_KEYS, *_SOMETIMES) if key in content]
    mark = _checksum("{" + ",".join(parts) + "}")
    # Between one entry and the next: within a text the quote would have a backslash.
    lines = [part.replace(':[{"', ':[\n  {"').replace('},{"', '},\n  {"') for part in parts]
    return _bytes("{\n" + ",\n".join([*lines, f'"controlegetal":"{mark}"']) + "\n}\n")


def write_receipt(result: Path, facts: Mapping[str, Any], mark: FileMark, *, overwrite: bool) -> Path:
    """Write the receipt of a result that was just written; RK630 when one is there, RK631 when it can't be written."""
    path = receipt_path(result)
    save_atomic(path, receipt_bytes(facts, mark), overwrite=overwrite)
    return path


def check_receipt_target(result: Path, *, overwrite: bool) -> None:
    """Refuse, before anything is made, a result whose receipt's place is taken (RK630)."""
    taken = [path for path in (receipt_path(result), page_path(result)) if os.path.lexists(path)]
    if taken and not overwrite:
        raise RekentoolError(finding("RK630", file=str(path)) for path in taken)


def page_path(result: Path) -> Path:
    """Where the page stands that a person reads about a single result."""
    return result.with_name(result.name + ".bewijs.html")


@dataclass(frozen=True)
class Receipt:
    """A receipt as read, sound in form; ``content`` is all of it."""

    path: Path
    content: Facts
    result: FileMark
    fingerprint: str
    mapping: Facts
    inputs: dict[str, Plain]

    @property
    def kind(self) -> str:
        """What the result is: one of ``Kind``, when this package wrote it."""
        return str(self.content["soort"])

    @property
    def command(self) -> str:
        """The command that made the result."""
        return str(self.content["opdracht"])

    @property
    def made_at(self) -> str:
        """When, as ``2026-11-23T21:00:00Z``."""
        return str(self.content["gemaakt_op"])

    def belongs_to(self, mark: FileMark) -> bool:
        """Whether the result still has the bytes that it had; it may have been renamed."""
        return (self.result.sha256, self.result.size) == (mark.sha256, mark.size)

    def same_making(self, facts: Mapping[str, Any]) -> bool:
        """Whether it was made of the same: command, template, mapping, versions and inputs."""
        keys = ("formaat", "opdracht", "sjabloon", "mapping", "versies", "invoer_sha256")
        return all(self.content[key] == facts[key] for key in keys)


def read_receipt(result: Path) -> Receipt | None:
    """The receipt beside a result, None when there is none; RK730 when it can't be read, RK731 when it was changed."""
    path = receipt_path(result)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise refuse("RK730", file=str(path), reden=f"het is groter dan {MAX_BYTES} bytes")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise refuse("RK730", file=str(path), reden=error.strerror or type(error).__name__) from None
    return parse_receipt(data, path)


def result_kind(result: Path) -> str:
    """What its receipt says that a file is (`Kind`); "" where that can't be said: then it is looked at itself."""
    try:
        receipt = read_receipt(result)
    except RekentoolError:
        return ""
    return receipt.kind if receipt else ""


def parse_receipt(data: bytes, path: Path) -> Receipt:
    """These bytes as a receipt; RK730 when they are none, RK731 when the hash over them doesn't fit."""
    try:
        content = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise refuse("RK730", file=str(path), reden="het is geen JSON") from None
    if not isinstance(content, dict) or content.get("formaat") != FORMAT:
        raise refuse("RK730", file=str(path), reden=f"het is geen bewijs van formaat {FORMAT}")
    written = content.pop("controlegetal", None)
    if written != _checksum(_json(content)):
        raise refuse("RK731", file=str(path))
    try:
        return _receipt(path, content)
    except (KeyError, TypeError, IndexError):
        raise refuse(
            "RK730", file=str(path), reden="er ontbreken gegevens in, of zij zijn van een andere soort"
        ) from None


def _receipt(path: Path, content: Facts) -> Receipt:
    """The content with its parts of the right kind; KeyError or TypeError when they aren't."""
    _check(content, _KINDS)
    for key, kinds in _PARTS.items():
        part = content[key]
        for entry in part if isinstance(part, list) else [part]:
            _check(entry, kinds)
    for version in content["versies"].values():
        _of_kind(version, str)
    inputs: dict[str, Plain] = {}
    if len(content["regios"]) == 1:
        region = content["regios"][0]
        inputs = {**_of_kind(region.get("ingevuld", {}), dict), **_of_kind(region.get("overig", {}), dict)}
    result, template = content["resultaat"], content["sjabloon"]
    mark = FileMark(result["bestand"], result["sha256"], result["bytes"])
    return Receipt(path, content, mark, template["vingerafdruk"], content["mapping"], inputs)


def _check(entry: Any, kinds: Mapping[str, Any]) -> None:
    """KeyError or TypeError when one of these keys is absent or of another kind."""
    for key, kind in kinds.items():
        _of_kind(_of_kind(entry, dict)[key], kind)


#: The keys of a receipt in the order of the file, with the kind of each.
_KINDS: dict[str, Any] = {
    "formaat": int,
    "soort": str,
    "opdracht": str,
    "opties": dict,
    "gemaakt_op": str,
    "resultaat": dict,
    "sjabloon": dict,
    "mapping": dict,
    "versies": dict,
    "bronnen": list,
    "regios_aantal": int,
    "invoer_sha256": str,
    "regios": list,
    "cellen": dict,
    "controles": list,
    "bevindingen": dict,
    "kengetallen": list,
    "uitkomsten": list,
}
_KEYS = tuple(_KINDS)
#: A key that only the receipt of an index has: the page beside it.
_SOMETIMES = ("pagina",)
_FILE = {"bestand": str, "sha256": str, "bytes": int}
_TEXT, _NUMBER = str | None, float | int | str | None
#: The same for the parts, or for every entry of a part that is a list.
_PARTS: dict[str, dict[str, Any]] = {
    "resultaat": _FILE,
    "sjabloon": {**_FILE, "vingerafdruk": str},
    "mapping": {**_FILE, "id": str, "versie": str, "kengetallen_sha256": str},
    "bronnen": _FILE,
    "regios": {"regio": str, "peildatum": _TEXT},
    "cellen": dict.fromkeys(("berekend", "waarvan_fout", "niet_berekend"), int),
    "controles": {"controle": str, "label": str, "klopt": int, "klopt_niet": int, "niet_bekend": int},
    "bevindingen": {"fout": int, "waarschuwing": int, "melding": int, "codes": dict},
    "kengetallen": {
        **{"kengetal": str, "label": str, "waarde": _NUMBER, "eenheid": str, "herkomst": str, "peildatum": _TEXT},
        **{"geldig_vanaf": _TEXT, "bron": _TEXT, "url": _TEXT, "betrouwbaarheid": _TEXT, "regios": int},
    },
    "uitkomsten": {
        **dict.fromkeys(("regio", "geval", "partij", "regel", "jaar", "eenheid", "cel"), str),
        "waarde": _NUMBER,
    },
}


def _of_kind(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not a {kind}")
    return value


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


#: Compact, in the order in which the keys stand.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _json(value: Any) -> str:
    return _ENCODER.encode(value)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()


def _checksum(text: str) -> str:
    return f"sha256:{hashlib.sha256(_bytes(text)).hexdigest()}"


def _bytes(text: str) -> bytes:
    """The text in UTF-8; a lone surrogate, which that can't hold, as the escape that JSON has for it."""
    return text.encode("utf-8", "backslashreplace")
