"""Where the rows (or columns) of one sheet stand in another version of it: a map of numbers, both ways."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rekentool.jobs.matching import Line, match

#: Behind the last line of any sheet.
_END = 1 << 21
#: With more moved lines than this the sheet has been sorted, and nobody looks for two that changed places.
_SORTED = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that stand together in both: ``length`` of them, from ``old`` and from ``new``, counted from 1."""

    old: int
    new: int
    length: int


@dataclass(frozen=True)
class LineMap:
    """Lines of the old sheet to lines of the new one.

    ``pieces`` keep their order in both sheets; old lines between them are gone and new ones are inserted. Behind the
    last piece the sheets go on in step. ``moves`` gives the lines that stand elsewhere in the order, by their old
    number; they are in no piece.
    """

    pieces: tuple[Piece, ...]
    moves: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of_runs(cls, runs: Iterable[tuple[int, int, int]], moves: Mapping[int, int]) -> LineMap:
        """The map with these runs (old, new, length), in increasing order of both; neighbours become one piece."""
        pieces: list[Piece] = []
        for old, new, length in runs:
            last = pieces[-1] if pieces else None
            if last is not None and old == last.old + last.length and new == last.new + last.length:
                pieces[-1] = Piece(last.old, last.new, last.length + length)
            else:
                pieces.append(Piece(old, new, length))
        return cls(tuple(pieces), dict(moves))

    @cached_property
    def same(self) -> bool:
        """Whether every line has kept its number."""
        return not self.moves and (not self.pieces or self.pieces == (Piece(1, 1, self.pieces[0].length),))

    @cached_property
    def _came_from(self) -> dict[int, int]:
        return {new: old for old, new in self.moves.items()}

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        return [piece.old for piece in self.pieces], [piece.new for piece in self.pieces]

    def inverse(self) -> LineMap:
        """The same map from new to old."""
        return LineMap(tuple(Piece(piece.new, piece.old, piece.length) for piece in self.pieces), self._came_from)

    def gone(self) -> Iterator[tuple[int, int]]:
        """The old lines that the new sheet no longer has, as runs (first, last)."""
        at, moved = 1, sorted(self.moves)
        for piece in self.pieces:
            for first, length in _without(at, piece.old, moved):
                yield first, first + length - 1
            at = piece.old + piece.length

    def forward(self, line: int) -> int | None:
        """The new number of an old line; None when it is gone."""
        if line in self.moves:
            return self.moves[line]
        return self._shifted(line, 0)

    def back(self, line: int) -> int | None:
        """The old number of a new line; None when it is inserted."""
        if line in self._came_from:
            return self._came_from[line]
        return self._shifted(line, 1)

    def _shifted(self, line: int, side: int) -> int | None:
        if not self.pieces:
            return line
        index = bisect_right(self._starts[side], line) - 1
        if index < 0:
            return None
        piece = self.pieces[index]
        here, there = (piece.old, piece.new) if side == 0 else (piece.new, piece.old)
        if line - here >= piece.length and index < len(self.pieces) - 1:
            return None
        return there + line - here

    def spans(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """What a range from ``first`` to ``last`` can have become; none when all of it is gone.

        A range follows the lines at its ends. Where one of these is gone it shrinks; where one has moved, the range
        may have followed it or stayed with the other lines.
        """
        found: list[tuple[int, int]] = []
        ends = self.forward(first), self.forward(last)
        if ends[0] is not None and ends[1] is not None and ends[0] <= ends[1]:
            found.append((ends[0], ends[1]))
        kept = self._kept(first, last)
        if kept is not None and kept not in found:
            found.append(kept)
        return tuple(found)

    def _kept(self, first: int, last: int) -> tuple[int, int] | None:
        """The new numbers of the first and last line of the range that have neither gone nor moved."""
        if not self.pieces:
            return first, last
        starts = self._starts[0]
        index = max(bisect_right(starts, first) - 1, 0)
        start = self.pieces[index]
        if first >= start.old + start.length and index < len(self.pieces) - 1:
            index += 1
            start = self.pieces[index]
        top = start.new + max(first - start.old, 0)
        index = bisect_left(starts, last + 1) - 1
        if index < 0:
            return None
        end = self.pieces[index]
        reach = last - end.old if index == len(self.pieces) - 1 else min(last - end.old, end.length - 1)
        bottom = end.new + reach
        return (top, bottom) if top <= bottom else None


def line_map(old: Sequence[Line], new: Sequence[Line]) -> LineMap:
    """The map of all lines from the occupied ones of both sheets."""
    found = match(old, new)
    kept, moved = _settled(
        [(old[one].number, new[other].number) for one, other in found.kept],
        [(old[one].number, new[other].number) for one, other in found.moved],
    )
    gone, come = {one for one, _ in moved}, {other for _, other in moved}
    old_known, new_known = gone | {one for one, _ in kept}, come | {other for _, other in kept}
    # As sorted lists: the lines that have moved, and those with the ones that nobody knows.
    lost, extra = sorted(gone), sorted(come)
    all_lost = sorted(gone | {line.number for line in old} - old_known)
    all_extra = sorted(come | {line.number for line in new} - new_known)
    runs: list[tuple[int, int, int]] = []
    before = (0, 0)
    for one, other in kept:
        mine, theirs = (before[0] + 1, one), (before[1] + 1, other)
        if mine[0] < one or theirs[0] < other:
            if one - before[0] - _count(lost, *mine) == other - before[1] - _count(extra, *theirs):
                runs += _side_by_side(_without(*mine, lost), _without(*theirs, extra))
            else:
                runs += _side_by_side(_without(*mine, all_lost), _without(*theirs, all_extra))
        runs.append((one, other, 1))
        before = one, other
    runs += _side_by_side(_without(before[0] + 1, _END, lost), _without(before[1] + 1, _END, extra))
    return LineMap.of_runs(runs, dict(moved))


def _count(lines: Sequence[int], first: int, stop: int) -> int:
    """How many of these lines, in order, lie from ``first`` to before ``stop``."""
    return bisect_left(lines, stop) - bisect_left(lines, first)


def _without(first: int, stop: int, lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The lines from ``first`` to before ``stop`` without these, which are in order, as runs (first, length)."""
    for line in lines[bisect_left(lines, first) : bisect_left(lines, stop)]:
        if line > first:
            yield first, line - first
        first = line + 1
    if stop > first:
        yield first, stop - first


def _side_by_side(old: Iterator[tuple[int, int]], new: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """The runs of both, line by line, as far as both go."""
    mine, theirs = next(old, None), next(new, None)
    while mine is not None and theirs is not None:
        length = min(mine[1], theirs[1])
        yield mine[0], theirs[0], length
        mine = (mine[0] + length, mine[1] - length) if mine[1] > length else next(old, None)
        theirs = (theirs[0] + length, theirs[1] - length) if theirs[1] > length else next(new, None)


def _settled(
    kept: Sequence[tuple[int, int]], moved: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Two lines that have changed places have both moved, though one of them could be said to have stayed."""
    staying, moving = list(kept), list(moved)
    if len(moved) > _SORTED:
        return staying, moving
    for line in moved:
        crossed = [other for other in staying if (other[0] < line[0]) != (other[1] < line[1])]
        if len(crossed) == 1:
            staying.remove(crossed[0])
            moving.append(crossed[0])
    for line in list(moving):
        crosses = any((other[0] < line[0]) != (other[1] < line[1]) for other in staying)
        below = max((other for other in staying if other[0] < line[0]), default=(0, 0))
        if not crosses and line[1] - line[0] == below[1] - below[0]:
            moving.remove(line)
            staying.append(line)
            staying.sort()
    return staying, sorted(moving)
