"""The tables on a sheet (Excel: Insert > Table), as their parts in the file describe them.

Source: ECMA-376 part 1, 18.5 (tables). A table that contradicts itself is left out: a formula that refers to it is then
niet gecontroleerd, with the table's name as the reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from rekentool.xlsx.cell import split_a1
from rekentool.xlsx.elements import namespace, unescape

#: Left, top, right and bottom, counted from 1, both ends included.
Corners = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """A table by the name that formulas use; ``ref`` (``"A1:C9"``) has its headers and totals.

    ``columns`` are the names from left to right, one for each column of ``ref``; ``header_rows`` and ``totals_rows``
    say how many of its first and last rows hold no data (0 or 1).
    """

    name: str
    sheet: str
    ref: str
    columns: tuple[str, ...]
    header_rows: int = 1
    totals_rows: int = 0


def corners_of(reference: str) -> Corners | None:
    """The corners of ``"A1:C9"`` or ``"$B$2"``; None for anything else."""
    first, _, last = reference.replace("$", "").partition(":")
    try:
        (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
    except ValueError:
        return None
    return (left, top, right, bottom) if left <= right and top <= bottom else None


def table_of(root: etree._Element, sheet: str) -> Table | None:
    """The table that a part describes; None when it contradicts itself."""
    space = namespace(root)
    name = root.get("displayName") or root.get("name") or ""
    reference = root.get("ref", "")
    names = (column.get("name", "") for column in root.iterfind(f"{space}tableColumns/{space}tableColumn"))
    columns = tuple(map(unescape, names))
    counts = root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")
    corners = corners_of(reference)
    if corners is None or not name or not set(counts) <= {"0", "1"}:
        return None
    left, top, right, bottom = corners
    headers, totals = map(int, counts)
    distinct = len({column.casefold() for column in columns}) == len(columns)
    if not distinct or len(columns) != right - left + 1 or bottom - top + 1 <= headers + totals:
        return None
    return Table(name, sheet, reference.replace("$", ""), columns, headers, totals)


def filtered_area(root: etree._Element) -> Corners | None:
    """The rows and columns below the headings of a filter that is in use, in a sheet's or a table's part; else None."""
    space = namespace(root)
    for element in root.iterfind(f"{space}autoFilter"):
        corners = corners_of(element.get("ref", ""))
        # A column without a criterion only hides the filter's button.
        used = any(len(column) for column in element.iterfind(f"{space}filterColumn"))
        if used and corners is not None:
            return below_heading(corners)
    return None


def below_heading(corners: Corners) -> Corners:
    """The area of a filter without its first row, which a filter never hides."""
    left, top, right, bottom = corners
    return left, top + 1, right, bottom
