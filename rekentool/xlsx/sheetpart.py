"""One sheet part read: its cells, its validations, its protection, its hidden rows and its filter.

Of a part whose skeleton was seen before, in this process, only the values are read (`skeleton`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from rekentool.messages import Finding
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.cellscan import CellText, scan, unescaped, walk
from rekentool.xlsx.elements import flag, namespace, parse_part, unescape
from rekentool.xlsx.sheetform import SheetForm, read_form
from rekentool.xlsx.sheetrows import hidden_rows
from rekentool.xlsx.sheettable import Corners, filtered_area
from rekentool.xlsx.skeleton import Halves, Part


@dataclass(frozen=True, slots=True)
class Validation:
    """One data validation; ``ranges`` are A1 references on the sheet, the formulas are as the file has them.

    It stops a wrong entry only when it ``shows_error`` in the ``error_style`` "stop"; other styles are "warning" and
    "information".
    """

    ranges: tuple[str, ...]
    type: str
    operator: str
    formula1: str
    formula2: str
    allow_blank: bool
    shows_error: bool
    error_style: str = "stop"


@dataclass(frozen=True)
class SheetPart:
    """A sheet but for the values of its cells. ``filter`` is the area of its own drop-down filter, ``filtered`` says
    that an advanced one hides rows."""

    form: SheetForm
    validations: tuple[Validation, ...]
    protected: bool
    hidden_rows: frozenset[int]
    filter: Corners | None
    filtered: bool
    _unlocked: dict[frozenset[int], frozenset[Address]] = field(default_factory=dict, repr=False)

    def unlocked(self, open_styles: frozenset[int]) -> frozenset[Address]:
        """The cells of which the style is one of these."""
        if open_styles not in self._unlocked:
            self._unlocked.clear()
            self._unlocked[open_styles] = frozenset(
                address for address, style in self.form.styles.items() if style in open_styles
            )
        return self._unlocked[open_styles]


#: Parts that were read, by the sheet's name and their skeleton, the one used longest ago first.
_known: dict[tuple[str, bytes], SheetPart] = {}
#: What is remembered: so many sheets, with together so many bytes of skeletons.
_MOST_SHEETS, _MOST_BYTES = 100, 30_000_000


def read_sheet(
    name: str, path: str, source: Part, strings: Sequence[str], *, date1904: bool
) -> tuple[SheetPart, dict[Address, CellValue], list[Finding]]:
    """A sheet, the values of its cells, and what there is to say of both (RK191, RK192).

    ``strings`` are the workbook's shared ones. RK190 when the part can't be read.
    """
    halves = source.halves
    if halves is not None:
        known = _known.pop((name, halves.skeleton), None)
        if known is not None:
            _known[name, halves.skeleton] = known  # used now: the last to go
            values, findings = known.form.values(halves.values, strings, _decoded, date1904=date1904)
            return known, values, findings
    part, texts = _read(name, path, source.data)
    sound = halves is not None and list(map(unescape, texts)) == list(map(_decoded, halves.values))
    if halves is not None and sound and not part.form.findings:
        _remember(name, halves, part)
    values, findings = part.form.values(texts, strings, unescape, date1904=date1904)
    return part, values, [*part.form.findings, *findings]


@lru_cache(4096)  # labels are the same in all files
def _decoded(text: bytes) -> str:
    return unescape(unescaped(text.decode()))


def _remember(name: str, halves: Halves, part: SheetPart) -> None:
    _known[name, halves.skeleton] = part
    total = sum(len(skeleton) for _, skeleton in _known)
    for key in list(_known):
        if len(_known) <= _MOST_SHEETS and total <= _MOST_BYTES:
            break
        total -= len(key[1])
        _known.pop(key, None)


def _read(name: str, path: str, data: bytes) -> tuple[SheetPart, list[str]]:
    """The sheet in full, and the texts of its values."""
    root, cells, hidden = _opened(name, path, data)
    form, texts = read_form(name, cells)
    space = namespace(root)
    protection, properties = root.find(f"{space}sheetProtection"), root.find(f"{space}sheetPr")
    part = SheetPart(
        form,
        tuple(map(_validation, root.iter("{*}dataValidation"))),
        protection is not None and flag(protection.get("sheet")),
        hidden,
        filtered_area(root),
        properties is not None and flag(properties.get("filterMode")),
    )
    return part, texts


def _opened(name: str, path: str, data: bytes) -> tuple[etree._Element, Iterable[CellText], frozenset[int]]:
    """The part's tree, perhaps without its cells, the cells, and the rows that aren't shown."""
    scanned = scan(data)
    if scanned is not None:
        root = parse_part(path, scanned[0])
        if root.find(f"{namespace(root)}sheetData") is not None:
            return root, scanned[1], hidden_rows(data)
    root = parse_part(path, data)
    return root, walk(name, root), hidden_rows(root)


def _validation(element: etree._Element) -> Validation:
    """Both kinds: the sheet's own, and those that Excel puts in its extension when they look at another sheet."""
    parts = {etree.QName(part).localname: "".join(str(text) for text in part.itertext()) for part in element}
    ranges = element.get("sqref") or parts.get("sqref", "")
    return Validation(
        ranges=tuple(ranges.split()),
        type=element.get("type", "none"),
        operator=element.get("operator", "between"),
        formula1=parts.get("formula1", ""),
        formula2=parts.get("formula2", ""),
        allow_blank=flag(element.get("allowBlank")),
        shows_error=flag(element.get("showErrorMessage")),
        error_style=element.get("errorStyle", "stop"),
    )
