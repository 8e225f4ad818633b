"""200 seeded changes of one formula: each is found by `vergelijk` at its cell, and by `regressie` when it matters.

Whether it matters is LibreOffice's to say: it computes an example region in the changed workbook and in the template.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from mutaties import Mutation, mutations
from rekentool_werkboek import tool

from rekentool.engine.libreoffice import LibreOffice
from rekentool.jobs.cases import Case
from rekentool.jobs.compare import compare
from rekentool.jobs.correspondence import correspond
from rekentool.jobs.regression import JudgedCase, Regression, open_candidate, prepare
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.reader import read_workbook

COUNT, SEED, BATCH = 200, 20261123, 10
#: As many of them LibreOffice computes when nobody asks for more (--trekkingen): it takes over a second for each.
SAMPLE = 48
CENT = 0.01


@cache
def all_mutations() -> tuple[Mutation, ...]:
    return tuple(mutations(COUNT, SEED))


@cache
def regression() -> Regression:
    """The reference regions and the blank template, by the program; the candidate is filled in for each change."""
    return prepare(tool(), draws=0, engines=["programma"])


@cache
def results() -> tuple[Address, ...]:
    return tuple(dict.fromkeys(cell.address for cell in tool().binding.results("alle")))


def judged(mutation: Mutation, folder: Path) -> list[JudgedCase]:
    """What `regressie` says of the changed workbook."""
    path = folder / "kandidaat.xlsx"
    path.write_bytes(mutation.data)
    candidate = open_candidate(tool(), path)
    return list(replace(regression(), correspondence=correspond(tool(), candidate)).run())


def test_the_changes_are_spread_and_always_the_same() -> None:
    made = all_mutations()
    kinds = [one.kind for one in made]
    assert {kind: kinds.count(kind) for kind in kinds} == dict.fromkeys(kinds, COUNT // 8)
    assert len({one.cells[0].sheet for one in made}) >= 8
    assert [str(one) for one in made[:12]] == [str(one) for one in mutations(12, SEED)]
    assert all(one.old != one.new for one in made)


@pytest.mark.parametrize("batch", range(COUNT // BATCH))
def test_compare_names_the_changed_cell_and_no_other(batch: int, tmp_path: Path) -> None:
    for mutation in all_mutations()[batch * BATCH : (batch + 1) * BATCH]:
        path = tmp_path / "kandidaat.xlsx"
        path.write_bytes(mutation.data)
        found = compare(tool(), tool().path, path)
        told = [one for one in found.differences if one.group in ("formules", "structuur")]
        assert {pair.new for one in told for pair in one.cells} == set(mutation.cells), str(mutation)
        assert {one.group for one in found.differences} <= {"formules", "structuur", "resultaten"}, str(mutation)
        assert found.exit_code == 1


@pytest.mark.libreoffice
@pytest.mark.parametrize("batch", range(4))
def test_regression_finds_whatever_changes_a_result(
    batch: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    asked = request.config.getoption("--trekkingen")
    count = min(COUNT, max(SAMPLE, asked or 0))
    chosen = [all_mutations()[number * COUNT // count] for number in range(count)][batch::4]
    regions = [case for case in regression().cases if case.kind == "referentie"]
    case = regions[batch % len(regions)]
    truth = recomputed([tool().data, *(mutation.data for mutation in chosen)], case)
    assert truth[0] is not None
    for mutation, after in zip(chosen, truth[1:], strict=True):
        found = next(one for one in judged(mutation, tmp_path) if one.case.name == case.name)
        (verdicts,) = found.by_engine.values()
        told = {one.address: one for one in verdicts.verdicts}
        assert after is not None, str(mutation)
        for address in results():
            before, now = truth[0][address], after[address]
            if told[address].judgement == "niet gecontroleerd":
                continue
            # The program's value is LibreOffice's, and it is reported when it differs by more than a cent.
            assert near(told[address].actual, now), f"{mutation}: {address}"
            if not near(before, now):
                assert told[address].judgement == "anders", f"{mutation}: {address}"
        changed = [address for address in results() if not near(truth[0][address], after[address])]
        noticed = [one for one in verdicts.verdicts if one.judgement != "gelijk"]
        assert not changed or noticed, str(mutation)


def recomputed(files: list[bytes], case: Case) -> list[dict[Address, CellValue] | None]:
    """The results by LibreOffice of one region filled into each of these workbooks."""
    inputs = {tool().binding.inputs[key]: value for key, value in case.inputs.items()}
    filled = [patch_workbook(data, inputs) for data in files]
    found: list[dict[Address, CellValue] | None] = []
    for data in LibreOffice().recalculate(filled):
        values = None if isinstance(data, str) else read_workbook(data).values
        found.append(None if values is None else {address: values.get(address) for address in results()})
    return found


def near(left: CellValue, right: CellValue) -> bool:
    """Alike to the cent; LibreOffice saves some errors under another name."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=CENT)
    return type(left) is type(right) and (left == right or not isinstance(left, str | bool))
