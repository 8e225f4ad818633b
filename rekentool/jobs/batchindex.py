"""What `vul` puts beside the workbooks of a run: an index with a line for each row of the table, the page of all
receipts, and when asked for one zip to send.

All of it follows from the workbooks and their receipts: a run that was cut off ends with what an undisturbed one has.
What is there already is only replaced when its receipt says that an earlier run left it so.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import xlsxwriter

from rekentool.jobs.receipt import (
    MOST,
    Facts,
    FileMark,
    Receipt,
    headline,
    read_receipt,
    receipt_bytes,
    receipt_path,
)
from rekentool.jobs.receiptpage import FOLDER_PAGE, Page
from rekentool.mapping.bind import ResultCell
from rekentool.messages import Finding, RekentoolError, refuse
from rekentool.tool import Tool
from rekentool.xlsx.save import save_atomic, saving

INDEX = "index.xlsx"
#: Results that the index has a column for.
_MOST_RESULTS = 60
#: No moment: the same run gives the same bytes.
_NO_TIME = datetime(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class _Line:
    """One workbook in the index."""

    row: int
    region: str
    path: Path
    findings: int
    failed: str
    results: Mapping[str, float | str | None]


class Index:
    """Gathers the receipts of a run, then writes what follows from them. ``refused``: the rows without a workbook."""

    def __init__(self, tool: Tool, folder: Path, run: Facts, refused: Mapping[int, Sequence[Finding]]) -> None:
        self.path, self.page_path = folder / INDEX, folder / FOLDER_PAGE
        self._tool = tool
        self._run = run
        self._refused = refused
        self._results = headline(tool)[:_MOST_RESULTS]
        self._page = Page(tool)
        self._lines: list[_Line] = []
        self._totals = _Totals()

    def add(self, row: int, path: Path, content: Facts) -> None:
        """Add a workbook: its row in the table and its receipt."""
        failed = [one["label"] for one in content["controles"] if one["klopt_niet"] or one["niet_bekend"]]
        found = content["bevindingen"]
        self._lines.append(
            _Line(
                row,
                content["regios"][0]["regio"] if content["regios"] else "",
                path,
                found["fout"] + found["waarschuwing"] + found["melding"],
                "; ".join(failed),
                {result["cel"]: result["waarde"] for result in content["uitkomsten"]},
            )
        )
        self._page.add(content)
        self._totals.add(content)

    def write(self, *, overwrite: bool, archive: Path | None, workplace: Path | None) -> None:
        """Write index, page and zip; RK630 for one that is there and isn't an earlier run's, RK631 when one can't be
        written."""
        earlier = _receipt_of(self.path)
        page, index = self._page.html(f"Bewijs van {len(self._lines)} ingevulde werkboeken"), self._workbook()
        page_ours = earlier is not None and earlier.content.get("pagina") == _mark_of(self.page_path)
        index_ours = earlier is not None and _is_result_of(self.path, earlier)
        page_mark, mark = FileMark.of(self.page_path, page), FileMark.of(self.path, index)
        _put(self.page_path, page, ours=overwrite or page_ours, workplace=workplace)
        _put(self.path, index, ours=overwrite or index_ours, workplace=workplace)
        if earlier is None or not earlier.belongs_to(mark) or earlier.content.get("pagina") != page_mark.facts():
            facts = {**self._run, "soort": "index", **self._totals.facts(), "pagina": page_mark.facts()}
            save_atomic(receipt_path(self.path), receipt_bytes(facts, mark), overwrite=True, workplace=workplace)
        if archive is not None:
            self._zip(archive, overwrite=overwrite, workplace=workplace)

    def _workbook(self) -> bytes:
        """The index as a file; the same lines give the same bytes."""
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": "Index van ingevulde werkboeken", "created": _NO_TIME})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EAF1F8"})
        link, number = book.get_default_url_format(), book.add_format({"num_format": "#,##0;-#,##0"})
        sheet = book.add_worksheet("Index")
        heads = ["rij", "regio", "bestand", "status", "bevindingen", "controles", *map(self._heading, self._results)]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for column, width in enumerate((6, 32, 36, 34, 12, 30)):
            sheet.set_column(column, column, width)
        sheet.set_column(6, max(6, len(heads) - 1), 15)
        sheet.set_row(0, 48)
        sheet.freeze_panes(1, 2)
        # On paper the statuses, and then a page for the results of each case.
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.set_print_scale(75)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)
        cases = [None, *(cell.geval for cell in self._results)]
        sheet.set_v_pagebreaks([6 + place for place, pair in enumerate(pairwise(cases)) if pair[0] != pair[1]])
        lines: list[tuple[int, _Line | Sequence[Finding]]] = [(line.row, line) for line in self._lines]
        lines += [*self._refused.items()]
        for row, (number_in_table, line) in enumerate(sorted(lines, key=lambda item: item[0]), start=1):
            sheet.write_number(row, 0, number_in_table)
            if not isinstance(line, _Line):
                codes = ", ".join(dict.fromkeys(found.code for found in line))
                sheet.write_string(row, 3, f"niet gemaakt: fout in deze rij ({codes})")
                sheet.write_number(row, 4, len(line))
                continue
            sheet.write_string(row, 1, line.region)
            sheet.write_url(row, 2, f"external:{line.path.name}", link, line.path.name)
            sheet.write_string(row, 3, "klaar")
            sheet.write_number(row, 4, line.findings)
            sheet.write_string(row, 5, line.failed or "OK")
            for column, cell in enumerate(self._results, start=6):
                value = line.results.get(str(cell.address))
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value, number)
        sheet.autofilter(0, 0, max(1, len(lines)), len(heads) - 1)
        book.close()
        return buffer.getvalue()

    def _heading(self, cell: ResultCell) -> str:
        mapping = self._tool.mapping
        words = (
            mapping.cases.get(cell.geval, cell.geval), mapping.parties.get(cell.partij, cell.partij), cell.regel,
            "" if cell.jaar == "totaal" else cell.jaar,
        )  # fmt: skip
        return " · ".join(filter(None, words)) + (f" ({cell.eenheid})" if cell.eenheid else "")

    def _zip(self, archive: Path, *, overwrite: bool, workplace: Path | None) -> None:
        """All workbooks and the index in one file, stored as they are: they are compressed already."""
        beside = workplace if archive.parent.resolve() == self.path.parent.resolve() else None
        place = (workplace or archive.parent) / "archief.tmp"
        try:
            _pack(place, [*(line.path for line in self._lines), self.path])
        except OSError as error:
            raise refuse("RK631", file=str(archive), reden=error.strerror or type(error).__name__) from error
        new, old, earlier = FileMark.read(place), _mark_of(archive), _receipt_of(archive)
        same = old is not None and old["sha256"] == new.sha256
        if not same:
            ours = overwrite or (earlier is not None and _is_result_of(archive, earlier))
            with place.open("rb") as source, saving(archive, overwrite=ours, workplace=beside) as stream:
                shutil.copyfileobj(source, stream)
        place.unlink()
        mark = FileMark(archive.name, new.sha256, new.size)
        if not same or earlier is None or not earlier.belongs_to(mark):
            facts = {**self._run, "soort": "zip", **self._totals.facts()}
            save_atomic(receipt_path(archive), receipt_bytes(facts, mark), overwrite=True, workplace=beside)


class _Totals:
    """The receipts of the workbooks added up to that of the run."""

    def __init__(self) -> None:
        self._count = 0
        self._inputs = hashlib.sha256()
        self._regions: list[Facts] = []
        self._cells: Counter[str] = Counter()
        self._findings: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()
        self._checks: dict[str, Facts] = {}
        self._figures: dict[tuple[Any, ...], Facts] = {}

    def add(self, content: Facts) -> None:
        self._count += 1
        self._inputs.update(f"{content['invoer_sha256']}\n".encode())
        result = content["resultaat"]
        if self._count <= MOST:
            self._regions += [
                {
                    "regio": region["regio"],
                    "peildatum": region["peildatum"],
                    "invoer_sha256": content["invoer_sha256"],
                    "bestand": result["bestand"],
                    "sha256": result["sha256"],
                }
                for region in content["regios"]
            ]
        self._cells.update(content["cellen"])
        self._findings.update({name: count for name, count in content["bevindingen"].items() if name != "codes"})
        self._codes.update(content["bevindingen"]["codes"])
        for check in content["controles"]:
            total = self._checks.setdefault(check["controle"], {**check, "klopt": 0, "klopt_niet": 0, "niet_bekend": 0})
            for name in ("klopt", "klopt_niet", "niet_bekend"):
                total[name] += check[name]
        for figure in content["kengetallen"]:
            key = tuple(value for name, value in figure.items() if name != "regios")
            known = self._figures.get(key)
            if known is None:
                known = self._figures[key] = {**figure, "regios": 0}
            known["regios"] += figure["regios"]

    def facts(self) -> Facts:
        names = ("fout", "waarschuwing", "melding")
        return {
            "regios_aantal": self._count,
            "invoer_sha256": self._inputs.hexdigest(),
            "regios": self._regions,
            "cellen": {name: self._cells[name] for name in ("berekend", "waarvan_fout", "niet_berekend")},
            "controles": [*self._checks.values()],
            "bevindingen": {
                **{name: self._findings[name] for name in names},
                "codes": dict(sorted(self._codes.items())),
            },
            "kengetallen": [*self._figures.values()],
            "uitkomsten": [],
        }


def check_archive(path: Path, folder: Path) -> None:
    """Refuse a name that no zip can have: RK804 for another extension, RK631 when there is no such folder (``folder``,
    the one that is filled, will be)."""
    if path.suffix.casefold() != ".zip":
        raise refuse("RK804", file=str(path))
    if not path.parent.is_dir() and path.parent != folder:
        raise refuse("RK631", file=str(path), reden="de map bestaat niet")


def _pack(target: Path, files: Sequence[Path]) -> None:
    """A zip of these files whose bytes depend on nothing but theirs."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for path in files:
            member = zipfile.ZipInfo(path.name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16  # as on Linux, wherever it is made
            with path.open("rb") as source, packed.open(member, "w", force_zip64=True) as part:
                shutil.copyfileobj(source, part)


def _put(path: Path, data: bytes, *, ours: bool, workplace: Path | None) -> None:
    """Write a file that isn't there or is ours; one that has these bytes already stays as it is."""
    old = _mark_of(path)
    if old is None or old["sha256"] != hashlib.sha256(data).hexdigest():
        save_atomic(path, data, overwrite=ours, workplace=workplace)


def _receipt_of(path: Path) -> Receipt | None:
    try:
        return read_receipt(path)
    except RekentoolError:
        return None


def _mark_of(path: Path) -> Facts | None:
    try:
        return FileMark.read(path).facts()
    except OSError:
        return None


def _is_result_of(path: Path, receipt: Receipt) -> bool:
    mark = _mark_of(path)
    return mark is not None and mark["sha256"] == receipt.result.sha256
