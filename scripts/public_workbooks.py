"""Recompute workbooks that others made with Excel: python scripts/public_workbooks.py [package==version …].

The source packages named below are downloaded with pip into a temporary folder (their licences are their own, so their
files don't come into this repository), every .xlsx and .xlsm in them goes through our guard, reader and program, and
the results are held against the ones that the file has cached. pip runs the build scripts of a package to learn its
metadata. Exit code 1 when a cell of a workbook that Excel made is anders.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rekentool.engine.program import ProgramEngine  # noqa: E402
from rekentool.engine.verdict import Counts, Verdict, compare, count  # noqa: E402
from rekentool.messages import RekentoolError  # noqa: E402
from rekentool.xlsx.guard import TOLERABLE, admit  # noqa: E402

#: Source packages with workbooks of others in them; docs/engines.md has what came of each.
PACKAGES = (
    "xlcalculator==0.5.0",
    "xlrd==1.2.0",
    "xlsx2csv==0.8.6",
    "pyexcel-xlsx==0.6.1",
    "tablib==3.10.0",
    "agate-excel==0.4.2",
    "petl==1.7.30",
)
_APPLICATION = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Application"


@dataclass(frozen=True)
class Result:
    """What came of one workbook: refused with codes, or compared."""

    package: str
    file: str
    maker: str
    refused: tuple[str, ...] = ()
    formulas: int = 0
    counts: Counts | None = None
    verdicts: tuple[Verdict, ...] = ()


def download(package: str, folder: Path) -> Path | None:
    """The package's source archive, or None when pip can't get it."""
    name = package.partition("==")[0]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, "--dest",
               str(folder), package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{package}: pip can't download it: {(done.stderr.strip().splitlines() or ['?'])[-1]}", file=sys.stderr)
        return None
    return next(path for path in sorted(folder.iterdir()) if path.is_file())


def workbooks(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The workbooks in a source archive, by their path in it."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            for name in packed.namelist():
                if _is_workbook(name):
                    yield name, packed.read(name)
        return
    with tarfile.open(archive) as tarred:
        for member in tarred:
            file = tarred.extractfile(member) if member.isfile() and _is_workbook(member.name) else None
            if file is not None:
                yield member.name, file.read()


def _is_workbook(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in (".xlsx", ".xlsm") and not path.name.startswith("~")


def maker(data: bytes) -> str:
    """The program that says it wrote the workbook, in one word."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "docProps/app.xml" not in archive.namelist():
            return "?"
        named = ElementTree.fromstring(archive.read("docProps/app.xml")).findtext(_APPLICATION)
    if not named:
        return "?"
    return "Excel" if "Excel" in named else named.split("/")[0].split()[0]


def judged(package: str, name: str, data: bytes, folder: Path) -> Result:
    """One workbook through the guard, the reader and the program."""
    path = folder / ("werkboek" + PurePosixPath(name).suffix)
    path.write_bytes(data)
    file = name.partition("/")[2]
    try:
        admitted = admit(path, tolerate=TOLERABLE).data
        model = ProgramEngine().open(admitted)
    except RekentoolError as problem:
        return Result(package, file, "?", tuple(sorted({finding.code for finding in problem.findings})))
    cells = model.workbook.formula_cells
    if not cells:
        return Result(package, file, maker(admitted))
    (outcome,) = model.compute([{}])
    cached = {address: model.workbook.values.get(address) for address in cells}
    verdicts = compare(cached, outcome.values, outcome.unknown)
    return Result(package, file, maker(admitted), (), len(cells), count(verdicts), tuple(verdicts))


def shown(result: Result) -> str:
    """One row of the table."""
    if result.counts is None:
        return f"| {result.package} | {result.file} | – | geweigerd: {', '.join(result.refused)} | | | |"
    counts = result.counts
    return (f"| {result.package} | {result.file} | {result.maker} | {result.formulas} | {counts.equal} | "
            f"{counts.different} | {counts.unchecked} |")


def main(packages: list[str]) -> int:
    """Print the table, the cells that are anders, and why cells are niet gecontroleerd."""
    results = []
    for package in packages:
        with tempfile.TemporaryDirectory(prefix="rekentool-") as name:
            archive = download(package, Path(name))
            if archive is not None:
                results += [judged(package, file, data, Path(name)) for file, data in workbooks(archive)]
    told = [result for result in results if result.formulas or result.refused]
    print("| package | file | made by | formula cells | gelijk | anders | niet gecontroleerd |")
    print("|---|---|---|---|---|---|---|")
    for result in told:
        print(shown(result))
    excel = [result for result in results if result.maker == "Excel" and result.counts is not None]
    for label, chosen in (("made by Excel", excel), ("all", [result for result in results if result.counts])):
        counts = [result.counts for result in chosen if result.counts is not None]
        print(f"| **{label}** | {len(counts)} files | | {sum(result.formulas for result in chosen)} | "
              f"{sum(one.equal for one in counts)} | {sum(one.different for one in counts)} | "
              f"{sum(one.unchecked for one in counts)} |")
    print(f"\n{len(results) - len(told)} files have no formulas.")
    for result in results:
        for verdict in result.verdicts:
            if verdict.judgement == "anders":
                print(f"anders: {result.package} {result.file} {verdict.address}: the file has {verdict.expected!r}, "
                      f"the program {verdict.actual!r} ({result.maker})")
    reasons = Counter(
        verdict.reason for result in results for verdict in result.verdicts
        if verdict.judgement == "niet gecontroleerd" and "(RK421)" not in verdict.reason
    )
    for reason, number in reasons.most_common():
        print(f"niet gecontroleerd: {number} × {reason}")
    return int(any(result.counts is not None and result.counts.different for result in excel))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or list(PACKAGES)))
