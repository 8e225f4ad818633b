"""The charts of an overview: native ones that can be edited in Excel, over cells of the sheet with their data.

The data stand on a sheet of their own, so that no chart depends on how a table on another sheet is sorted or filtered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rekentool.jobs.overviewfigures import Spread
from rekentool.mapping.suggestion import excerpt
from rekentool.tables.plainbook import HEAD, INK, LINE, MUTED, PlainBook
from rekentool.tables.table import storable

DATA = "Grafiekgegevens"
#: The parties in the order of the mapping; the same as in the charts of the rekentool's own workbook.
_PARTY_COLOURS = ("#2F6690", "#E08E45", "#4F9D69", "#8E6C8A", "#B5A642", "#C8553D")
#: As much of a name as has room beside a bar.
_NAME = 28
#: A curve of more points than this isn't seen as more; it is drawn through so many of them.
_POINTS = 400
#: From here on bars are too thin to be told apart.
_BARS = 60
#: The outer quarters light, the middle half dark: to be told apart without colours too.
_QUARTERS = ("#C9D3DB", "#5B8FB0", "#23485F", "#C9D3DB")
_QUARTER_NAMES = ("laagste kwart", "tweede kwart", "derde kwart", "hoogste kwart")


def party_colour(parties: Sequence[str], party: str, whole: str) -> str:
    """The colour of a party; the whole has that of the headings."""
    if party == whole:
        return HEAD
    others = [one for one in parties if one != whole]
    return _PARTY_COLOURS[others.index(party) % len(_PARTY_COLOURS)]


@dataclass(frozen=True, slots=True)
class Series:
    """Names and numbers (None: a gap) under a heading, in two columns of the sheet with data."""

    heading: str
    names: Sequence[str]
    numbers: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a series stands, as XlsxWriter takes it: [sheet, first row, first column, last row, last column]."""

    names: list[str | int]
    numbers: list[str | int]


class ChartData:
    """The sheet with what the charts show; written column by column, last of all sheets."""

    def __init__(self, book: PlainBook, note: str) -> None:
        self._book, self._sheet, self._column = book, book.sheet(DATA), 0
        self._sheet.freeze_panes(2, 0)
        self._sheet.write_string(0, 0, note, book.look(font_color=MUTED))
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        # Nobody wants these columns on paper: only the note is printed.
        self._sheet.print_area(0, 0, 0, 8)

    def add(self, series: Series) -> Placed:
        """Write a series and say where."""
        names, *numbers = self.add_all(series.names, {series.heading: series.numbers})
        return Placed(names, numbers[0])

    def add_all(self, names: Sequence[str], columns: Mapping[str, Sequence[float | None]]) -> list[list[str | int]]:
        """Write names and several columns of numbers beside them; where each stands."""
        sheet, look = self._sheet, self._book.look(num_format="#,##0.00")
        first, last = self._column, 1 + len(names)
        self._sheet.set_column(first, first, 22)
        self._sheet.set_column(first + 1, first + len(columns), 14)
        self._book.write(sheet, 1, first, "naam", self._book.heading())
        for row, name in enumerate(names, start=2):
            self._book.write(sheet, row, first, excerpt(name, _NAME), self._book.look())
        for place, (heading, numbers) in enumerate(columns.items(), start=first + 1):
            self._book.write(sheet, 1, place, heading, self._book.heading())
            for row, number in enumerate(numbers, start=2):
                self._book.write(sheet, row, place, number, look)
        self._column += len(columns) + 2
        return [[DATA, 2, column, last, column] for column in range(first, first + len(columns) + 1)]


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis: its ends and steps, and how its numbers are shown. Both ends None: as the program likes."""

    low: float | None
    high: float | None
    step: float | None
    number: str

    def axis(self, size: int = 8) -> dict[str, Any]:
        """As XlsxWriter takes it."""
        ends = {"min": self.low, "max": self.high, "major_unit": self.step} if self.high is not None else {}
        font = {"name": "Calibri", "size": size, "color": MUTED}
        grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
        return {**ends, "num_format": self.number, "num_font": font, "major_gridlines": grid, "line": {"none": True}}


def scale(numbers: Iterable[float | None], unit: str) -> Scale:
    """Round ends around the numbers and zero, in at most six steps; thousands of euros where they are large."""
    known = [number for number in numbers if number is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    number = axis_format(known, unit)
    if low == high or not math.isfinite(high - low):
        return Scale(None, None, None, number)
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough)
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step, step, number)


def in_thousands(numbers: Iterable[float | None], unit: str) -> bool:
    """Whether an axis over these is in thousands."""
    return unit.startswith("euro") and max((abs(one) for one in numbers if one is not None), default=0) >= 10_000


def axis_format(numbers: Sequence[float], unit: str) -> str:
    """How the numbers on an axis are shown."""
    if unit.startswith("%"):
        return "0%"
    return "#,##0,;-#,##0,;0" if in_thousands(numbers, unit) else "#,##0.##" if not unit.startswith("euro") else "#,##0"


def bars(book: PlainBook, title: str, placed: Placed, axis: Scale, colours: str | Sequence[str], size: int = 8) -> Any:
    """Horizontal bars with their names, the first on top; one colour, or one for each."""
    chart = book.chart("bar")
    several = {} if isinstance(colours, str) else {"points": [{"fill": {"color": colour}} for colour in colours]}
    fill = {"color": colours if isinstance(colours, str) else colours[0]}
    chart.add_series({"name": _plain(title), "categories": placed.names, "values": placed.numbers, "gap": 35,
                      "fill": fill, **several})  # fmt: skip
    chart.set_y_axis({"reverse": True, "crossing": "max", "label_position": "low", "major_tick_mark": "none",
                      "num_font": {"name": "Calibri", "size": size, "color": INK}, "interval_unit": 1,
                      "line": {"color": MUTED}})  # fmt: skip
    chart.set_x_axis(axis.axis(size))
    return _finished(chart, title, size)


def curve(book: PlainBook, title: str, placed: Placed, axis: Scale, colour: str, count: int) -> Any:
    """All regions side by side from high to low, without their names."""
    chart = book.chart("column" if count <= _BARS else "area")
    chart.add_series({"name": _plain(title), "categories": placed.names, "values": placed.numbers,
                      "fill": {"color": colour}, **({"gap": 10} if count <= _BARS else {})})  # fmt: skip
    chart.set_x_axis({"label_position": "none", "major_tick_mark": "none", "line": {"color": MUTED}})
    chart.set_y_axis(axis.axis(7))
    return _finished(chart, title, 7)


def boxes(book: PlainBook, title: str, names: Sequence[str], spreads: Sequence[Spread | None], data: ChartData,
          axis: Scale) -> Any:  # fmt: skip
    """Stacked bars like box plots, one for each name: from the lowest to the highest number in four quarters.

    What is below zero is stacked downwards from zero, so each quarter is two series: its part above zero and its part
    below.
    """
    cuts = [
        None if one is None or one.count == 0 else (one.minimum, one.lower, one.median, one.upper, one.maximum)
        for one in spreads
    ]
    columns = _stacks(cuts)
    headings = {f"{title}: {name}": numbers for name, numbers in columns.items()}
    labels, *places = data.add_all(names, headings)
    chart = book.chart("bar", subtype="stacked")
    for name, place in zip(columns, places, strict=True):
        quarter = next((index for index, known in enumerate(_QUARTER_NAMES) if name.startswith(known)), None)
        look: dict[str, Any] = {"fill": {"none": True}, "border": {"none": True}}
        if quarter is not None:
            look = {"fill": {"color": _QUARTERS[quarter]}, "border": {"color": "#FFFFFF", "width": 0.75}}
        chart.add_series({"name": name, "categories": labels, "values": place, "gap": 60, **look})
    chart.set_y_axis({"reverse": True, "crossing": "max", "label_position": "low", "major_tick_mark": "none",
                      "num_font": {"name": "Calibri", "size": 8, "color": INK}, "line": {"color": MUTED}})  # fmt: skip
    chart.set_x_axis(axis.axis())
    # No legend: half of the series are the parts below zero, which would stand in it twice. The sheet explains.
    _finished(chart, title, 9)
    return chart


_BELOW = " onder nul"


def _stacks(cuts: Sequence[tuple[float | None, ...] | None]) -> dict[str, list[float | None]]:
    """The series that stack up to the quarters, in the order in which they are stacked away from zero."""
    above: dict[str, list[float | None]] = {"begin": []}
    below: dict[str, list[float | None]] = {"begin" + _BELOW: []}
    above |= {name: [] for name in _QUARTER_NAMES}
    below |= {name + _BELOW: [] for name in reversed(_QUARTER_NAMES)}
    for five in cuts:
        numbers = [number for number in five or () if number is not None]
        if not numbers:
            for column in (*above.values(), *below.values()):
                column.append(None)
            continue
        above["begin"].append(max(0.0, numbers[0]))
        below["begin" + _BELOW].append(min(0.0, numbers[-1]))
        for name, start, end in zip(_QUARTER_NAMES, numbers, numbers[1:], strict=False):
            above[name].append(max(0.0, end) - max(0.0, start))
            below[name + _BELOW].append(min(0.0, start) - min(0.0, end))
    return {**above, **below}


def thinned(names: Sequence[str], numbers: Sequence[float]) -> tuple[list[str], list[float]]:
    """At most `_POINTS` of a long series, evenly spread, both ends among them."""
    count = len(numbers)
    if count <= _POINTS:
        return list(names), list(numbers)
    places = [round(at * (count - 1) / (_POINTS - 1)) for at in range(_POINTS)]
    return [names[place] for place in places], [numbers[place] for place in places]


def _finished(chart: Any, title: str, size: int) -> Any:
    font = {"name": "Calibri", "size": size + 1, "bold": True, "color": INK}
    chart.set_title({"name": _plain(title), "name_font": font, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.show_blanks_as("gap")
    return chart


def _plain(title: str) -> str:
    """A title that isn't taken for a formula."""
    text = storable(excerpt(title, 120))
    return f" {text}" if text.startswith("=") else text
