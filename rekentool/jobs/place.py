"""From what a person calls a place in a workbook to its cell.

Tried in this order; the first that finds anything decides, and more than one cell is refused with the candidates:

1. a cell with its sheet: ``Resultaat!C9``, ``'2 bol niveau 2'!$H$113``, ``2 Bol niveau 2!h113``, or a sheet's own name
   ``Blad1!tarief``;
2. a defined name of the workbook;
3. words of the mapping by id: a field (``peildatum``, ``aantal_studenten.bbl1``), a kengetal, a check, a result
   (``saldo.gemeente.bol2``: line, party, case and year in any order; without a year the total);
4. the same by label (``Aantal studenten bij de start, Bbl niveau 1``), ids and labels mixed;
5. the label of a row on a sheet, with or without the heading of the column;
6. a cell without its sheet, when one sheet alone has anything there.

Case doesn't matter, and between words any mark may stand.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from rekentool.jobs.labels import Labels
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.messages import RekentoolError, refuse
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, a1, cells_of, quote_sheet, split_a1, split_address

#: Candidates that a refusal names, and characters of a place that is looked up.
_MOST_NAMED, _LONGEST = 12, 300

_MARKS = re.compile(r"[\W_]+")
#: A word of the mapping: on which axis, and which member.
_Word = tuple[str, str]


def find_place(tool: Tool, labels: Labels, place: str, file: str = "") -> Address:
    """The cell that ``place`` means in the tool's workbook.

    RekentoolError: RK720 unknown, RK721 more than one, RK722 no such sheet, RK723 a range.
    """
    return _Finder(tool, labels, place.strip(), file).address()


def _words(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text.casefold()).split())


class _Finder:
    def __init__(self, tool: Tool, labels: Labels, place: str, file: str) -> None:
        self._tool, self._labels, self._place, self._file = tool, labels, place, file
        self._workbook = tool.workbook
        self._sheets = {sheet.name.casefold(): sheet.name for sheet in self._workbook.sheets}

    def address(self) -> Address:
        if "!" in self._place:
            return self._on_sheet()
        steps = (self._named, self._by_id, self._by_label, self._by_row, self._bare)
        if self._place and len(self._place) <= _LONGEST:
            for step in steps:
                found = list(dict.fromkeys(step()))
                if len(found) > 1:
                    raise self._ambiguous(found)
                if found:
                    return found[0]
        raise self._unknown(self._known_words())

    # -- 1 and 2 -----------------------------------------------------------------------------------------------------

    def _on_sheet(self) -> Address:
        prefix, reference = split_address(self._place)
        sheet = self._sheets.get(prefix.strip().casefold())
        if sheet is None:
            names = [sheet.name for sheet in self._workbook.sheets]
            raise self._no("RK722", blad=excerpt(prefix), bladen=", ".join(names), hint=hint(prefix, names))
        local = {name.casefold(): text for (of, name), text in self._workbook.local_names.items() if of == sheet}
        text = local.get(reference.casefold(), f"{quote_sheet(sheet)}!{reference}")
        return self._one_cell(text)

    def _one_cell(self, text: str) -> Address:
        """The cell of an address or of what a name refers to."""
        try:
            rows = cells_of(text) if text.count(":") == 0 else []
        except ValueError:
            raise self._unknown(self._known_words()) from None
        if not rows:
            raise self._no("RK723", plaats=excerpt(self._place), wat=f"het bereik {excerpt(text)}")
        address = rows[0][0]
        return Address(address.sheet, a1(*split_a1(address.cell)))

    def _named(self) -> Iterator[Address]:
        folded = self._place.casefold()
        for name, text in {**self._workbook.name_formulas, **self._workbook.names}.items():
            if name.casefold() == folded:
                if name not in self._workbook.names:
                    raise self._no("RK723", plaats=excerpt(self._place), wat=f"de naam van {excerpt(text)}")
                yield self._one_cell(text)

    # -- 3 and 4 -----------------------------------------------------------------------------------------------------

    def _by_id(self) -> list[Address]:
        return self._by_words(labels=False)

    def _by_label(self) -> list[Address]:
        return self._by_words(labels=True)

    def _by_words(self, *, labels: bool) -> list[Address]:
        """The cells that all words fit: of inputs, else of kengetallen, of checks, of results."""
        vocabulary = self._vocabulary(labels=labels)
        read = _readings(_words(self._place).split(), vocabulary)
        combinations = (combination for way in read for combination in itertools.product(*way))
        # Each axis once, and a year alone is only a number.
        choices = [
            set(words) for words in combinations
            if len({axis for axis, _ in words}) == len(words) and any(axis != "jaar" for axis, _ in words)
        ]  # fmt: skip
        for group in (self._inputs(), self._figures(), self._checks(), self._results()):
            found = [(words, address) for words, address in group if any(wanted <= words for wanted in choices)]
            totals = [address for words, address in found if ("jaar", "totaal") in words]
            with_year = any(axis == "jaar" for wanted in choices for axis, _ in wanted)
            if found:
                return totals if totals and not with_year else [address for _, address in found]
        return []

    def _vocabulary(self, *, labels: bool) -> dict[tuple[str, ...], set[_Word]]:
        mapping = self._tool.mapping
        known: list[tuple[str, str, str]] = [
            *(("veld", field.id, field.label) for field in mapping.fields),
            *(("kengetal", kengetal.id, kengetal.label) for kengetal in mapping.kengetallen),
            *(("controle", check.id, check.label) for check in mapping.checks),
            *(("geval", id_, label) for id_, label in mapping.cases.items()),
            *(("partij", id_, label) for id_, label in mapping.parties.items()),
        ]
        for result in self._labels.results.values():
            line = self._labels.line(result)
            known += [("partij", result.partij, result.partij), ("regel", result.regel, line),
                      ("jaar", result.jaar, f"jaar {result.jaar}")]  # fmt: skip
        found: dict[tuple[str, ...], set[_Word]] = {}
        for axis, id_, label in known:
            for text in {id_, label} if labels else {id_}:
                words = tuple(_words(text).split())
                if words:
                    found.setdefault(words, set()).add((axis, id_))
        return found

    def _inputs(self) -> Iterator[tuple[set[_Word], Address]]:
        for (field_id, case), address in self._tool.binding.inputs.items():
            yield {("veld", field_id), *([("geval", case)] if case else [])}, address

    def _figures(self) -> Iterator[tuple[set[_Word], Address]]:
        for id_, address in self._tool.binding.used.items():
            yield {("kengetal", id_)}, address

    def _checks(self) -> Iterator[tuple[set[_Word], Address]]:
        for id_, address in self._tool.binding.checks.items():
            yield {("controle", id_)}, address

    def _results(self) -> Iterator[tuple[set[_Word], Address]]:
        for cell in self._tool.binding.results("alle"):
            yield (
                {("geval", cell.geval), ("partij", cell.partij), ("regel", cell.regel), ("jaar", cell.jaar)},
                (cell.address),
            )

    # -- 5 and 6 -----------------------------------------------------------------------------------------------------

    def _by_row(self) -> list[Address]:
        wanted = _words(self._place)
        rows: list[Address] = []
        exact: list[Address] = []
        for address in self._workbook.values.keys() | self._workbook.formulas.keys():
            if isinstance(self._workbook.values.get(address), str) and address not in self._workbook.formulas:
                continue
            label, row = self._labels.of(address).text, self._labels.row(address)
            if wanted in (_words(label), _words(f"{address.sheet} {label}")):
                exact.append(address)
            elif row and wanted in (_words(row), _words(f"{address.sheet} {row}")):
                rows.append(address)
        return sorted(exact or rows, key=lambda address: (address.sheet, address.row, address.column))

    def _bare(self) -> list[Address]:
        try:
            cell = a1(*split_a1(self._place))
        except ValueError:
            return []
        cells = [Address(sheet.name, cell) for sheet in self._workbook.sheets]
        holding = [one for one in cells if one in self._workbook.values or one in self._workbook.formulas]
        return holding or (cells if len(cells) == 1 else [])

    # -- refusals ----------------------------------------------------------------------------------------------------

    def _known_words(self) -> list[str]:
        mapping = self._tool.mapping
        return [
            *self._workbook.names,
            *(f"{id_}.{case}" if case else id_ for id_, case in self._tool.binding.inputs),
            *(text for field in mapping.fields for text in (field.id, field.label)),
            *(text for kengetal in mapping.kengetallen for text in (kengetal.id, kengetal.label)),
            *(text for check in mapping.checks for text in (check.id, check.label)),
            *(f"{one.regel}.{one.partij}.{one.geval}" for one in self._tool.binding.results() if one.jaar == "totaal"),
        ]

    def _ambiguous(self, found: Iterable[Address]) -> RekentoolError:
        cells = list(found)
        named = "; ".join(f"{address} ({self._labels.of(address).text})" for address in cells[:_MOST_NAMED])
        if len(cells) > _MOST_NAMED:
            named += f"; en nog {len(cells) - _MOST_NAMED}"
        return self._no("RK721", plaats=excerpt(self._place), aantal=len(cells), kandidaten=named)

    def _unknown(self, known: Iterable[str]) -> RekentoolError:
        return self._no("RK720", plaats=excerpt(self._place), hint=hint(self._place, known))

    def _no(self, code: str, **facts: object) -> RekentoolError:
        return refuse(code, excerpt(self._place), self._file, **facts)


def _readings(words: list[str], vocabulary: dict[tuple[str, ...], set[_Word]]) -> list[list[set[_Word]]]:
    """Every way to read the words as words of the vocabulary, one behind the other."""
    longest = max(map(len, vocabulary), default=0)
    #: By how many words have been read: the ways to read those.
    ways: list[list[list[set[_Word]]]] = [[] for _ in range(len(words) + 1)]
    ways[0] = [[]]
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + longest) + 1):
            meant = vocabulary.get(tuple(words[start:end]))
            if meant:
                ways[end] += [[*way, meant] for way in ways[start]]
    return ways[-1] if words else []
