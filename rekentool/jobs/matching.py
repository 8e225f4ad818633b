"""Two lists of lines (rows or columns of two versions of a sheet): which line is which.

As in patience diff: what occurs once on both sides is an anchor, the longest run of anchors that keeps its order stays,
and the gaps between are searched again, by weaker and weaker signs. What is left is matched by likeness. Lines that are
recognised but stand elsewhere in the order have moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Likeness (0 to 1) from which two lines in the same place are the same line, and from which one has moved.
ALIKE, MOVED = 0.4, 0.75
#: Levels of signs (from the first) that say enough to recognise a line elsewhere.
STRONG = 2
#: As many pairs of lines as are weighed against one another in one gap.
MAX_PAIRS = 250_000


@dataclass(frozen=True)
class Line:
    """One occupied row or column.

    ``signs`` are what it is recognised by, strongest first and as many for every line; None where a line lacks one.
    ``weights`` has its contents, each with how much it says.
    """

    number: int
    signs: tuple[Hashable | None, ...]
    weights: Mapping[Hashable, float]


@dataclass(frozen=True)
class Match:
    """Which old line is which new one, by position in the lists: those in order, and those that have moved."""

    kept: tuple[tuple[int, int], ...]
    moved: tuple[tuple[int, int], ...]


def match(old: Sequence[Line], new: Sequence[Line]) -> Match:
    """The lines of both lists that are the same line."""
    kept = list(_between(old, new, (0, len(old), 0, len(new)), range(STRONG)))
    moved = list(_moves(old, new, kept, STRONG))
    # Who has moved leaves his place to others: weak signs would take the line that stands there now for him.
    gone, come = {one for one, _ in moved}, {other for _, other in moved}
    mine = [place for place in range(len(old)) if place not in gone]
    theirs = [place for place in range(len(new)) if place not in come]
    places = {place: n for n, place in enumerate(mine)}, {place: n for n, place in enumerate(theirs)}
    kept = sorted((places[0][one], places[1][other]) for one, other in kept)
    left, right = [old[place] for place in mine], [new[place] for place in theirs]
    weak = range(STRONG, max((len(line.signs) for line in (*old[:1], *new[:1])), default=0))
    found = list(kept)
    for (one, other), (next_one, next_other) in pairwise([(-1, -1), *kept, (len(left), len(right))]):
        found += _between(left, right, (one + 1, next_one, other + 1, next_other), weak, by_likeness=True)
    found = sorted((mine[one], theirs[other]) for one, other in found)
    moved += _moves(old, new, [*found, *moved], weak.stop)
    return Match(tuple(found), tuple(sorted(moved)))


def likeness(one: Line, other: Line) -> float:
    """The share of their contents that two lines have in common, from 0 to 1."""
    mine, theirs = one.weights, other.weights
    if len(theirs) < len(mine):
        mine, theirs = theirs, mine
    common = sum(min(weight, theirs.get(content, 0.0)) for content, weight in mine.items())
    total = sum(mine.values()) + sum(theirs.values())
    return 2 * common / total if total else 1.0


def _between(
    old: Sequence[Line],
    new: Sequence[Line],
    gap: tuple[int, int, int, int],
    levels: range,
    *,
    by_likeness: bool = False,
) -> Iterator[tuple[int, int]]:
    """The pairs in one gap, by signs of these levels, and what they leave by likeness.

    The gap has old lines from its first to before its second place, new ones from its third to before its fourth.
    """
    waiting = [(*gap, levels.start)]
    while waiting:
        top, bottom, start, stop, level = waiting.pop()
        if level >= levels.stop:
            if by_likeness:
                yield from _by_likeness(old[top:bottom], new[start:stop], top, start)
            continue
        while top < bottom and start < stop and _agree(old[top], new[start], level):
            yield top, start
            top, start = top + 1, start + 1
        while top < bottom and start < stop and _agree(old[bottom - 1], new[stop - 1], level):
            bottom, stop = bottom - 1, stop - 1
            yield bottom, stop
        if top == bottom or start == stop:
            continue
        mine, theirs = (
            _once(lines, range(*part), level) for lines, part in ((old, (top, bottom)), (new, (start, stop)))
        )
        anchors = increasing(sorted((place, theirs[sign]) for sign, place in mine.items() if sign in theirs))
        yield from anchors
        edges = pairwise([(top - 1, start - 1), *anchors, (bottom, stop)])
        deeper = level if anchors else level + 1
        waiting += [
            (one + 1, next_one, other + 1, next_other, deeper) for (one, other), (next_one, next_other) in edges
        ]


def _agree(one: Line, other: Line, level: int) -> bool:
    return one.signs[level] is not None and one.signs[level] == other.signs[level]


def _by_likeness(old: Sequence[Line], new: Sequence[Line], top: int, start: int) -> list[tuple[int, int]]:
    """The pairs in order with the greatest likeness together; none where there would be too many to weigh.

    ``top`` and ``start`` are the places of the first lines.
    """
    height, width = len(old), len(new)
    if not height or not width or height * width > MAX_PAIRS:
        return []
    alike = [[value if (value := likeness(one, other)) >= ALIKE else 0.0 for other in new] for one in old]
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i, row in enumerate(alike):
        for j, value in enumerate(row):
            taken = best[i][j] + value if value else 0.0
            best[i + 1][j + 1] = max(taken, best[i][j + 1], best[i + 1][j])
    pairs = []
    i, j = height, width
    while i and j:
        value = alike[i - 1][j - 1]
        if value and best[i][j] == best[i - 1][j - 1] + value:
            i, j = i - 1, j - 1
            pairs.append((top + i, start + j))
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs


def _moves(
    old: Sequence[Line], new: Sequence[Line], known: Sequence[tuple[int, int]], depth: int
) -> Iterator[tuple[int, int]]:
    """Lines that are left on both sides and are the same by a sign of the first ``depth`` levels."""
    left = dict.fromkeys(set(range(len(old))) - {one for one, _ in known})
    right = dict.fromkeys(set(range(len(new))) - {other for _, other in known})
    for level in range(depth):
        mine, theirs = _once(old, left, level), _once(new, right, level)
        for sign, one in mine.items():
            other = theirs.get(sign)
            if other is not None and likeness(old[one], new[other]) >= MOVED:
                del left[one], right[other]
                yield one, other


def _once(lines: Sequence[Line], places: Iterable[int], level: int) -> dict[Hashable, int]:
    """The signs of one level that occur once in these places, with the place of each."""
    signs = {place: sign for place in places if (sign := lines[place].signs[level]) is not None}
    counts = Counter(signs.values())
    return {sign: place for place, sign in signs.items() if counts[sign] == 1}


def increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, which are in order of the first, that is in order of the second too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, other) in enumerate(pairs):
        place = bisect_left(tails, other)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [other]
        ends[place : place + 1] = [index]
    found = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]
