"""The receipts of one run as a page for people: one file, without scripts or anything from outside, fit to print.

`reken`, `lees` and `ververs` put it beside their result (``uit.csv.bewijs.html``), `vul` one in its folder
(``bewijs.html``) for all workbooks. It has nothing that the receipts don't have, its times included: the same receipts
give the same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from rekentool.jobs.receipt import Facts, FileMark, page_path, write_receipt
from rekentool.mapping.schema import Field, Kengetal
from rekentool.mapping.values import cell_text, format_value
from rekentool.tool import Tool
from rekentool.xlsx.save import save_atomic

#: The name of the page in a folder that vul filled.
FOLDER_PAGE = "bewijs.html"
#: Files whose row and results are on the page, and files whose inputs are; of more it says where they stand.
MOST_FILES, MOST_INPUTS = 1_000, 25

_STYLE = """
:root{color-scheme:light}
body{font:15px/1.45 system-ui,'Segoe UI',Arial,sans-serif;color:#1b1b1b;background:#fff;
max-width:75rem;margin:2rem auto;padding:0 1.25rem}
h1{font-size:1.7rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:2px solid #1f4e78}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.4rem 0;max-width:52rem}
table{border-collapse:collapse;width:100%;font-size:.87rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid #ccc}
th{background:#eaf1f8}
td.n,th.n{text-align:right}td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
td.h{width:19rem}
code{font:.78rem/1.3 ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
.let{color:#8a1f11;font-weight:600}
a{color:#1f4e78}
@media print{body{margin:0;max-width:none;font-size:8.5pt}h2{break-after:avoid}tr{break-inside:avoid}
thead{display:table-header-group}a{color:inherit;text-decoration:none}@page{size:A4 landscape;margin:14mm}}
"""


@dataclass(frozen=True, slots=True)
class _Line:
    """What the page keeps of one receipt."""

    result: Facts
    regions: tuple[str, ...]
    region_count: int
    made_at: str
    cells: Facts
    failed_checks: tuple[str, ...]
    findings: Facts
    results: tuple[tuple[Any, ...], ...]
    given: Mapping[str, Any] | None


class Page:
    """Gathers receipts, one at a time, and becomes the page."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool
        self._first: Facts | None = None
        self._lines: list[_Line] = []
        self._count = 0
        self._sources: dict[tuple[str, str], Facts] = {}
        self._figures: dict[tuple[Any, ...], Facts] = {}
        self._versions: dict[tuple[Any, ...], Facts] = {}

    def add(self, content: Facts) -> None:
        """Add a receipt (`Receipt.content`, or what one is made of with its ``resultaat``)."""
        self._first = self._first or {key: content[key] for key in ("sjabloon", "mapping", "bronnen", "opties")}
        self._count += 1
        self._versions.setdefault(tuple(content["versies"].items()), content["versies"])
        for source in content["bronnen"]:
            self._sources.setdefault((source["sha256"], source["bestand"]), source)
        for entry in content["kengetallen"]:
            key = tuple(value for name, value in entry.items() if name not in ("regios", "peildatum"))
            known = self._figures.get(key)
            if known is None:
                known = self._figures[key] = {**entry, "regios": 0, "peildata": set()}
            known["regios"] += entry["regios"]
            known["peildata"].add(entry["peildatum"] or "")
        if self._count > MOST_FILES:
            return
        regions = content["regios"]
        self._lines.append(
            _Line(
                result=content["resultaat"],
                regions=tuple(region["regio"] for region in regions[:3]),
                region_count=content["regios_aantal"],
                made_at=content["gemaakt_op"],
                cells=content["cellen"],
                failed_checks=tuple(one["label"] for one in content["controles"] if one["klopt_niet"]),
                findings=content["bevindingen"],
                results=tuple(
                    tuple(row[key] for key in ("regio", "geval", "partij", "regel", "jaar", "eenheid", "waarde"))
                    for row in content["uitkomsten"]
                ),
                given=regions[0].get("ingevuld") if self._count <= MOST_INPUTS and len(regions) == 1 else None,
            )
        )

    def html(self, title: str) -> bytes:
        """The page; ValueError without a receipt."""
        if self._first is None:
            raise ValueError("a page needs at least one receipt")
        body = [
            f"<h1>{_text(title)}</h1>",
            "<p>Waar deze uitkomsten vandaan komen: uit welke invoer, met welk sjabloon, welke kengetallen en welke "
            "versies. De hash (sha256) is de vingerafdruk van een bestand: wijzigt er één teken, dan is hij anders. "
            "<code>rekentool controleer</code> zegt of een bestand nog bij zijn bewijs hoort. Een bewijs is geen "
            "handtekening: het laat zien wat er is gebeurd, niet wie het deed.</p>",
            self._results(),
            self._headline(),
            self._made_of(),
            self._kengetallen(),
            self._inputs(),
        ]
        text = (
            '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
            + "\n".join(part for part in body if part)
            + "\n</body>\n</html>\n"
        )
        return text.encode("utf-8", "backslashreplace")

    def _results(self) -> str:
        rows = [
            (
                _text(line.result["bestand"]),
                _text(_regions(line)),
                _text(shown_moment(line.made_at)),
                _number(line.cells["berekend"]),
                _number(line.cells["waarvan_fout"]),
                _number(line.cells["niet_berekend"]),
                _checks(line),
                _text(_findings(line.findings)),
                f"{_code(line.result['sha256'])}<br>{_number(line.result['bytes'])} bytes",
            )
            for line in self._lines
        ]
        head = ("bestand", "regio", "gemaakt (UTC)", "#berekende cellen", "#met foutwaarde", "#niet berekend",
                "controles", "bevindingen", "@hash en omvang")  # fmt: skip
        more = self._count - len(self._lines)
        note = f"<p>Nog {_number(more)} bestanden; zij staan in de index en hebben elk hun bewijs.</p>" if more else ""
        return "<h2>Wat er is gemaakt</h2>" + _table(head, rows) + note

    def _made_of(self) -> str:
        first = self._first or {}
        template, mapping = first["sjabloon"], first["mapping"]
        formulas = f"vingerafdruk van de formules: {_code(template['vingerafdruk'])}"
        rows = [
            ("sjabloon", _text(template["bestand"]), _code(template["sha256"]), formulas),
            ("mapping", _text(mapping["bestand"]), _code(mapping["sha256"]),
             _text(f"{mapping['id']} {mapping['versie']}".strip())),
        ]  # fmt: skip
        for one in list(self._sources.values())[:MOST_FILES]:
            size = f"{_number(one['bytes'])} bytes"
            rows.append(("bron", _text(one["bestand"]), _code(one["sha256"]), size))
        about = [
            _text(", ".join(f"{name} {version}" for name, version in one.items())) for one in self._versions.values()
        ]
        options = ", ".join(f"{name}: {_plain(value)}" for name, value in first["opties"].items())
        return (
            "<h2>Waaruit en waarmee</h2>"
            + _table(("wat", "bestand", "@hash", "verder"), rows)
            + "".join(f"<p>Versies: {text}.</p>" for text in about)
            + (f"<p>Opties: {_text(options)}.</p>" if options else "")
        )

    def _kengetallen(self) -> str:
        if not self._figures:
            return ""
        rows = []
        for one in self._figures.values():
            sure = one["betrouwbaarheid"] or one["herkomst"]
            doubtful = one["herkomst"] != "landelijk" or sure in ("aanname", "te controleren")
            rows.append(
                (
                    _text(one["label"]),
                    _text(self._figure(one)),
                    _text(one["eenheid"]),
                    _text(", ".join(map(_day, sorted(one["peildata"])))),
                    _text(one["herkomst"]),
                    _text(_day(one["geldig_vanaf"])),
                    _source(one["bron"], one["url"]),
                    f'<span class="let">{_text(sure)}</span>' if doubtful else _text(sure),
                    _number(one["regios"]),
                )
            )
        head = (
            "kengetal",
            "#waarde",
            "eenheid",
            "peildatum",
            "herkomst",
            "geldig vanaf",
            "bron",
            "zekerheid",
            "#regio's",
        )
        return "<h2>Gebruikte kengetallen</h2>" + _table(head, rows)

    def _figure(self, entry: Facts) -> str:
        value = entry["waarde"]
        if isinstance(value, float | int) and not isinstance(value, bool):
            known = next((one for one in self._tool.mapping.kengetallen if one.id == entry["kengetal"]), None)
            return format_value(_as_field(known), value) if known else cell_text(float(value))
        return "geen" if value is None else str(value)

    def _headline(self) -> str:
        """Results as a table of parties where they are all one line and year, else row by row."""
        results = [row for line in self._lines for row in line.results]
        if not results:
            return ""
        parties = list(dict.fromkeys(row[2] for row in results))
        kinds = {(row[3], row[4], row[5]) for row in results}
        if len(kinds) > 1:
            rows = [(*map(_text, row[:6]), _text(_amount(row[6]))) for row in results]
            return "<h2>Uitkomsten</h2>" + _table(
                ("regio", "geval", "partij", "regel", "jaar", "eenheid", "#waarde"), rows
            )
        ((line, year, unit),) = kinds
        cells: dict[tuple[str, str], dict[str, Any]] = {}
        for region, case, party, _, _, _, value in results:
            cells.setdefault((region, case), {})[party] = value
        words = {**self._tool.mapping.parties}
        rows = [
            (_text(region), _text(self._tool.mapping.cases.get(case, case)),
             *(_text(_amount(values.get(party), whole=True)) for party in parties))
            for (region, case), values in cells.items()
        ]  # fmt: skip
        head = ("regio", "geval", *(f"#{words.get(party, party)}" for party in parties))
        what = " ".join(filter(None, (line, "over alle jaren" if year == "totaal" else f"jaar {year}" if year else "")))
        return f"<h2>Uitkomsten</h2><p>{_text(what.capitalize())}, in {_text(unit)}.</p>" + _table(head, rows)

    def _inputs(self) -> str:
        parts = []
        for line in self._lines:
            if line.given:
                rows = [self._input(name, value) for name, value in line.given.items()]
                parts.append(
                    f"<h3>{_text(_regions(line))}</h3>" + _table(("gegeven", "geval", "#waarde", "eenheid"), rows)
                )
        if not parts:
            return ""
        more = self._count - MOST_INPUTS
        note = f"<p>Van nog {_number(more)} bestanden staan de ingevulde waarden in hun bewijs.</p>" if more > 0 else ""
        return "<h2>Ingevulde waarden</h2>" + "".join(parts) + note

    def _input(self, name: str, value: Any) -> tuple[str, ...]:
        id_, _, case = name.partition(".")
        field = next((field for field in self._tool.mapping.fields if field.id == id_), None)
        if field is None:
            return _text(name), "", _text(_plain(value)), ""
        shown = shown_input(field, value)
        return _text(field.label), _text(self._tool.mapping.cases.get(case, case)), _text(shown), _text(field.unit)


def leave_receipt(tool: Tool, result: Path, facts: Facts, mark: FileMark, *, overwrite: bool) -> tuple[Path, Path]:
    """Put receipt and page beside a result that was just written, whose bytes have this mark; the paths of both.

    RK630 when one is there already and ``overwrite`` is false; RK631 when one can't be written.
    """
    page = Page(tool)
    page.add({**facts, "resultaat": mark.facts()})
    receipt = write_receipt(result, facts, mark, overwrite=overwrite)
    save_atomic(page_path(result), page.html(f"Bewijs van {mark.name}"), overwrite=overwrite)
    return receipt, page_path(result)


def shown_input(field: Field, value: Any) -> str:
    """An input of a receipt as a Dutch reader writes it."""
    if value is None:
        return "(leeg)"
    if isinstance(value, dict):
        return str(value.get("fout", "?"))
    try:
        if field.kind == "datum" and isinstance(value, str):
            return format_value(field, date.fromisoformat(value))
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and field.kind not in ("datum", "tekst", "keuze", "ja_nee")
        ):
            return format_value(field, value)
    except ValueError:
        pass  # not what the field allows: as it stands
    return _plain(value)


def _as_field(kengetal: Kengetal) -> Field:
    return Field(id=kengetal.id, group="", label=kengetal.label, kind=kengetal.kind, targets=())


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return cell_text(float(value)) if isinstance(value, int | float) else "(leeg)" if value is None else str(value)


def _amount(value: Any, *, whole: bool = False) -> str:
    if value is None:
        return "n.v.t."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{round(value) or 0:,}".replace(",", ".") if whole else cell_text(float(value))


def _text(value: object) -> str:
    return escape(str(value))


def _code(value: object) -> str:
    return f"<code>{_text(value)}</code>"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def shown_moment(text: str) -> str:
    """A receipt's ``2026-11-23T21:00:00Z`` as ``23-11-2026 21:00:00``."""
    day, _, time = text.rstrip("Z").partition("T")
    return f"{_day(day)} {time}".strip()


def _day(text: str | None) -> str:
    parts = (text or "").split("-")
    return "-".join(reversed(parts)) if len(parts) == 3 else text or ""


def _regions(line: _Line) -> str:
    return line.regions[0] if line.region_count == 1 and line.regions else f"{_number(line.region_count)} regio's"


def _checks(line: _Line) -> str:
    if not line.failed_checks:
        return "OK"
    return f'<span class="let">{_text("; ".join(line.failed_checks))}</span>'


def _findings(facts: Facts) -> str:
    codes = ", ".join(f"{code} ({count}×)" if count > 1 else code for code, count in facts["codes"].items())
    return codes or "geen"


def _source(text: str | None, url: str | None) -> str:
    shown = _text(text or "")
    if url and url.startswith(("https://", "http://")):
        return f'<a href="{escape(url, quote=True)}" rel="noopener noreferrer">{shown or _text(url)}</a>'
    return shown


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; a heading with # in front is of a column of numbers, with @ of hashes."""
    classes = [{"#": ' class="n"', "@": ' class="h"'}.get(title[0], "") for title in head]
    top = "".join(f"<th{kind}>{_text(title.lstrip('#@'))}</th>" for kind, title in zip(classes, head, strict=True))
    body = "\n".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(classes, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
