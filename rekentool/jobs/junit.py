"""A regression as JUnit XML, which build servers read: a suite for each of the two questions.

A test case is one reference region or draw with one engine (or two). Cells that are anders make it a failure; cells
that are niet gecontroleerd and nothing worse make it an error, because they are not equal. What stood in the way of a
reference region is an error of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from rekentool.engine.verdict import Verdict, count
from rekentool.jobs.regression import JudgedCase, Judgement
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import CATALOGUE, EXIT_OK, Finding
from rekentool.xlsx.cell import CellValue, ExcelError

#: The differences that a failure shows.
_SHOWN = 10
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SUITES = (("kandidaat", "Verschilt de kandidaat van de basis?"), ("motoren", "Zijn de motoren het eens?"))


@dataclass(frozen=True, slots=True)
class _Test:
    name: str
    seconds: float
    failure: str = ""
    error: str = ""
    detail: str = ""


class JUnit:
    """Gathers the cases of one run and writes them down."""

    def __init__(self) -> None:
        self._tests: dict[str, list[_Test]] = {name: [] for name, _ in _SUITES}

    def add(self, judged: JudgedCase) -> None:
        """Take in one case."""
        for name, judgement in judged.by_engine.items():
            self._tests["kandidaat"].append(_test(f"{judged.case.name} · {name}", judgement))
        for (first, second), judgement in judged.between.items():
            self._tests["motoren"].append(_test(f"{judged.case.name} · {first} tegen {second}", judgement))

    def xml(self, findings: Sequence[Finding]) -> bytes:
        """The file. ``findings`` say what stood in the way of cases: of what isn't a case there is no test."""
        missing = [
            _Test(f"{found.code} {found.file or found.place}", 0.0, error=found.found, detail=str(found))
            for found in findings
            if CATALOGUE[found.code].exit_code != EXIT_OK
        ]
        root = ElementTree.Element("testsuites", {"name": "rekentool regressie"})
        suites = {name: self._tests[name] + (missing if name == "kandidaat" else []) for name, _ in _SUITES}
        _counted(root, [test for tests in suites.values() for test in tests])
        for name, title in _SUITES:
            suite = ElementTree.SubElement(root, "testsuite", {"name": title})
            _counted(suite, suites[name])
            for test in suites[name]:
                facts = {
                    "classname": f"regressie.{name}",
                    "name": excerpt(test.name, 250),
                    "time": f"{test.seconds:.3f}",
                }
                case = ElementTree.SubElement(suite, "testcase", facts)
                for kind, message in (("failure", test.failure), ("error", test.error)):
                    if message:
                        words = {
                            "message": excerpt(message, 250),
                            "type": "anders" if kind == "failure" else "niet gecontroleerd",
                        }
                        ElementTree.SubElement(case, kind, words).text = _printable(test.detail)
        ElementTree.indent(root)
        return f"{_HEAD}{ElementTree.tostring(root, encoding='unicode')}\n".encode()


def _counted(element: ElementTree.Element, tests: Sequence[_Test]) -> None:
    element.set("tests", str(len(tests)))
    element.set("failures", str(sum(bool(test.failure) for test in tests)))
    element.set("errors", str(sum(bool(test.error) for test in tests)))
    if element.tag == "testsuite":
        element.set("skipped", "0")
    element.set("time", f"{sum(test.seconds for test in tests):.3f}")


def _test(name: str, judgement: Judgement) -> _Test:
    counts = count(judgement.verdicts)
    worst = "anders" if counts.different else "niet gecontroleerd"
    found = [verdict for verdict in judgement.verdicts if verdict.judgement == worst]
    if not found:
        return _Test(name, judgement.seconds)
    lines = [_line(verdict) for verdict in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"en nog {len(found) - _SHOWN}")
    detail = "\n".join(lines)
    if counts.different:
        return _Test(name, judgement.seconds, failure=f"formulecellen: {counts}", detail=detail)
    return _Test(name, judgement.seconds, error=f"formulecellen: {counts}", detail=detail)


def _line(verdict: Verdict) -> str:
    if verdict.judgement == "niet gecontroleerd":
        return f"{verdict.address}: {verdict.reason}"
    return f"{verdict.address}: verwacht {_text(verdict.expected)}, gevonden {_text(verdict.actual)}"


def _text(value: CellValue) -> str:
    if value is None:
        return "niets"
    return str(value) if isinstance(value, ExcelError) else excerpt(cell_text(value))


def _printable(text: str) -> str:
    """Lines without the characters that XML can't hold."""
    return "\n".join(excerpt(line, 1000) for line in text.split("\n"))
