"""`regressie`: what does a changed template do in every reference region and in random draws, by every engine at hand?

Two questions that stay apart. Does the candidate differ from the base: its cells against the reference sheets (for a
draw against what the base's own program says)? And do the engines agree: the candidate's cells of one engine against
those of another? A cell that an engine can't compute is niet gecontroleerd, which is never equal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Literal, get_args

from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.protocol import Engine, Model, Outcome
from rekentool.engine.verdict import Verdict, compare
from rekentool.jobs.cases import WORKBOOKS, Case, computed_cases, lost_inputs, reference_cases, scenario
from rekentool.jobs.correspondence import OTHER, Correspondence, correspond
from rekentool.mapping.load import load_mapping
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tool import Tool, fit
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.incoming import open_incoming

EngineId = Literal["programma", "formulas", "libreoffice"]
ENGINES: tuple[EngineId, ...] = get_args(EngineId)
DRAWS, SEED = 25, 1
#: The draws that an engine computes unless it is asked for all: they cost the one 0.1 s each, the other 1.3 s.
_SOME_DRAWS: dict[EngineId, int] = {"formulas": 10, "libreoffice": 3}
#: Cases that are computed together: as many as one run of LibreOffice takes.
_CHUNK = 25

#: Called with an engine's name, the cases that it has computed, and how many it will.
Progress = Callable[[str, int, int], None]
#: Two engines, by name.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Judgement:
    """What one engine's computation of the candidate came to in one case, and how long that took, in seconds."""

    verdicts: tuple[Verdict, ...]
    seconds: float


@dataclass(frozen=True)
class JudgedCase:
    """One case: by engine the verdicts on the candidate against what is expected, and by pair of engines on the two.

    The verdicts stand at the candidate's cells; those on cells that the candidate has no place for come last, at the
    base's cells, ``gone`` in number.
    """

    case: Case
    by_engine: dict[str, Judgement]
    between: dict[Pair, Judgement]
    gone: int


@dataclass(frozen=True)
class Regression:
    """A run that is ready to compute: what, with which engines, on which cases.

    ``engines`` are the engines by name, in order; ``absent`` says in Dutch which one isn't at hand. ``findings`` is
    what stood in the way of cases. ``seed`` is that of the draws; with ``every`` the slow engines compute all of them.
    """

    correspondence: Correspondence
    cases: tuple[Case, ...]
    engines: dict[EngineId, Engine]
    absent: str
    findings: tuple[Finding, ...]
    seed: int = SEED
    every: bool = False

    @property
    def base(self) -> Tool:
        """What the candidate is held against."""
        return self.correspondence.base

    @property
    def candidate(self) -> Tool:
        """The workbook that is computed."""
        return self.correspondence.candidate

    @property
    def itself(self) -> bool:
        """Whether there is no candidate: the template against its own references."""
        return self.candidate is self.base

    @cached_property
    def names(self) -> dict[EngineId, str]:
        """How reports call the engines."""
        return {one: f"{engine.name} {engine.version}" for one, engine in self.engines.items()}

    def computes(self, one: EngineId) -> list[Case]:
        """The cases that an engine computes: regions, the blank template, and all or the first of the draws."""
        draws = [case for case in self.cases if case.kind == "trekking"]
        if one in _SOME_DRAWS and not self.every:
            draws = draws[: _SOME_DRAWS[one]]
        return [case for case in self.cases if case.kind != "trekking"] + draws

    def run(self, progress: Progress = lambda name, done, total: None) -> Iterator[JudgedCase]:
        """Compute and judge, case by case in order; what isn't asked of any engine is left out.

        Without a candidate the program isn't held against itself: where it gave what is expected, it is only compared
        with the others.
        """
        models = {one: self._model(one) for one in self.engines}
        wanted = {one: self.computes(one) for one in self.engines}
        totals = {one: len(cases) for one, cases in wanted.items()}
        done = dict.fromkeys(self.engines, 0)
        asked = {one: {id(case) for case in cases} for one, cases in wanted.items()}
        for start in range(0, len(self.cases), _CHUNK):
            chunk = self.cases[start : start + _CHUNK]
            computed: dict[int, dict[EngineId, tuple[Outcome, float]]] = {id(case): {} for case in chunk}
            for one in self.engines:
                mine = [case for case in chunk if id(case) in asked[one]]
                if not mine:
                    continue
                progress(self.names[one], done[one], totals[one])
                begun = time.perf_counter()
                outcomes = models[one].compute([scenario(self.base, self.candidate, case.inputs) for case in mine])
                seconds = (time.perf_counter() - begun) / len(mine)
                for case, outcome in zip(mine, outcomes, strict=True):
                    computed[id(case)][one] = outcome, seconds
                done[one] += len(mine)
                progress(self.names[one], done[one], totals[one])
            for case in chunk:
                judged = self._judged(case, computed[id(case)])
                if judged.by_engine or judged.between:
                    yield judged

    def _model(self, one: EngineId) -> Model:
        return self.candidate.model if one == "programma" else self.engines[one].open(self.candidate.data)

    def _judged(self, case: Case, computed: dict[EngineId, tuple[Outcome, float]]) -> JudgedCase:
        given = scenario(self.base, self.candidate, case.inputs)
        basis = scenario(self.base, self.base, case.inputs)

        def expected(address: Address) -> tuple[CellValue, str]:
            if address in case.unknown:
                return None, case.unknown[address]
            if address in case.expected:
                return case.expected[address], ""
            return basis[address] if address in basis else self.base.workbook.values.get(address), ""

        by_engine = {}
        for one, (outcome, seconds) in computed.items():
            if self.itself and case.kind != "referentie" and one == "programma":
                continue
            loose = one == "libreoffice" or case.by_libreoffice
            verdicts = tuple(self.correspondence.judge(expected, outcome, given, loose=loose))
            by_engine[self.names[one]] = Judgement(verdicts, seconds)
        between = {}
        for first, second in combinations(computed, 2):
            (left, spent), (right, more) = computed[first], computed[second]
            between[self.names[first], self.names[second]] = Judgement(
                tuple(
                    compare(
                        left.values,
                        right.values,
                        {**right.unknown, **left.unknown},
                        tolerance=OTHER,
                        tolerances=self.correspondence.tolerances,
                        loose_errors="libreoffice" in (first, second),
                    )
                ),
                spent + more,
            )
        return JudgedCase(case, by_engine, between, len(self.correspondence.gone))


def prepare(
    base: Tool,
    candidate: Tool | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    engines: Sequence[EngineId] | None = None,
    references: Path | None = None,
    every: bool = False,
) -> Regression:
    """Everything that a run needs: the cases, the engines, and which cell of the candidate is which.

    ``references`` None means those that stand beside the base's workbook (`folder_of`). ``engines``: the program is
    always one; None means every engine at hand. RK410 when LibreOffice is asked for and isn't there, RK710 when
    ``references`` isn't such a folder; that there is no reference region at all is a finding (RK715).
    """
    folder = references or folder_of(base)
    cases: list[Case] = []
    findings: list[Finding] = []
    if references is not None or (folder / WORKBOOKS).is_dir():
        cases, findings = reference_cases(base, folder)
    if not cases and not findings:
        findings.append(finding("RK715", file=str(folder)))
    cases += computed_cases(base, draws, seed)
    chosen, absent = _engines(engines)
    correspondence = correspond(base, candidate or base)
    lost = lost_inputs(base, correspondence.candidate)
    if lost:
        findings.append(finding("RK716", file=str(correspondence.candidate.path), invoer=", ".join(lost)))
    return Regression(correspondence, tuple(cases), chosen, absent, tuple(findings), seed, every)


def folder_of(base: Tool) -> Path:
    """Where the references of a template stand unless somebody says otherwise: beside it."""
    return base.path.resolve().parent


def open_candidate(base: Tool, path: Path, mapping: Path | None = None) -> Tool:
    """The candidate by its own mapping, or by the base's; RekentoolError when it is refused or doesn't fit."""
    known = load_mapping(mapping) if mapping else base.mapping
    admitted, workbook = open_incoming(path)
    binding = fit(known, workbook, str(path))
    findings = (
        found if found.file else replace(found, file=str(path)) for found in (*admitted.findings, *workbook.findings)
    )
    return Tool(known, path, admitted.data, workbook, binding, tuple(findings))


def _engines(wanted: Sequence[EngineId] | None) -> tuple[dict[EngineId, Engine], str]:
    chosen: dict[EngineId, Engine] = {"programma": Tool.engine}
    absent = ""
    if wanted is None or "formulas" in wanted:
        from rekentool.engine.formulas_engine import FormulasEngine  # heavy, and not always asked for

        chosen["formulas"] = FormulasEngine()
    if wanted is None or "libreoffice" in wanted:
        try:
            chosen["libreoffice"] = LibreOffice()
        except RekentoolError as error:
            if wanted is not None:
                raise
            absent = error.findings[0].found
    return chosen, absent
