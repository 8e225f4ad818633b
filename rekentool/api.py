"""The Python API: the verbs of the command line, in English, on one object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rekentool.jobs import collect
from rekentool.jobs.batch import Filled, Settings, fill
from rekentool.jobs.carry import Carried, carry
from rekentool.jobs.check import Report, check
from rekentool.jobs.compare import Comparison, compare
from rekentool.jobs.compute import compute_blocks
from rekentool.jobs.document import write_field_list
from rekentool.jobs.example import copy_examples, copy_template
from rekentool.jobs.explain import DEPTH, Explanation, explain
from rekentool.jobs.findingtable import Judged, write_findings
from rekentool.jobs.inputtable import write_input_table
from rekentool.jobs.lint import LintReport, lint
from rekentool.jobs.overview import Overview, overview
from rekentool.jobs.read import open_filled
from rekentool.jobs.receipt import FileMark
from rekentool.jobs.refresh import Refreshed, refresh
from rekentool.jobs.regression import DRAWS, SEED, EngineId, open_candidate, prepare
from rekentool.jobs.regressionreport import Report as RegressionReport
from rekentool.jobs.regressionreport import report_on
from rekentool.jobs.sources import find_files
from rekentool.jobs.touch import Touch, touches
from rekentool.jobs.verify import Verified, verify_table, verify_workbook
from rekentool.messages import Finding, RekentoolError
from rekentool.tables.block import frame
from rekentool.tables.regions import Regions, read_frame, read_regions
from rekentool.tables.results import COLUMNS
from rekentool.tool import open_tool

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | Path


class Rekentool:
    """A workbook with its mapping; every method raises `RekentoolError` with findings when its input isn't valid.

    >>> tool = Rekentool()
    >>> tool.mapping.cases["bbl2"]
    'Bbl niveau 2'
    """

    def __init__(self, mapping: PathLike | None = None, template: PathLike | None = None) -> None:
        """Open the rekentool, or another workbook through its own mapping."""
        self._tool = open_tool(Path(mapping) if mapping else None, Path(template) if template else None)
        self.mapping = self._tool.mapping

    def regions(self, table: PathLike | pd.DataFrame) -> Regions:
        """Read a regions table, a csv or xlsx or a DataFrame with the same columns: regions with typed values.

        In a DataFrame a number, logical or date means what it does in an xlsx and a text what it does in a csv; NaN,
        None and NaT are blanks. Its index means nothing. In messages its first row is row 2, as in a file.

        >>> from rekentool.shipped import EXAMPLE_REGIONS
        >>> [region.name for region in Rekentool().regions(EXAMPLE_REGIONS)][:2]
        ['Voorbeeldregio Noord', 'Voorbeeldregio Oost']
        """
        if isinstance(table, str | Path):
            return read_regions(Path(table), self.mapping)
        return read_frame(table, self.mapping)

    def example(self, folder: PathLike, *, overwrite: bool = False) -> list[Path]:
        """Copy the shipped regions table and filled workbooks (`voorbeeld`).

        >>> folder = getfixture("tmp_path")
        >>> len(Rekentool().example(folder / "voorbeelden"))
        5
        """
        return copy_examples(Path(folder), overwrite=overwrite)

    def new(self, path: PathLike, *, overwrite: bool = False) -> Path:
        """Write a blank workbook (`nieuw`).

        >>> Rekentool().new(getfixture("tmp_path") / "leeg.xlsx").name
        'leeg.xlsx'
        """
        copy_template(Path(path), overwrite=overwrite)
        return Path(path)

    def fill(
        self,
        regions: PathLike | pd.DataFrame,
        folder: PathLike,
        *,
        overwrite: bool = False,
        overwrite_inputs: bool = False,
        dry: bool = False,
        pattern: str = "{regio}",
        archive: PathLike | None = None,
        processes: int | None = 1,
    ) -> list[Filled]:
        """Write one filled workbook per region, with fresh results in its cells (`vul`); ``regions`` as in `regions`.

        Each gets a receipt; an index and a page go with them. What an earlier, unfinished run made is kept. ``pattern``
        names the files, ``archive`` is a zip to put them all in. More ``processes`` than one (None: as many as pay)
        need a script that starts under ``if __name__ == "__main__":``. With a fault in a row nothing is written.

        >>> from rekentool.shipped import EXAMPLE_REGIONS
        >>> [one.path.name for one in Rekentool().fill(EXAMPLE_REGIONS, getfixture("tmp_path"))][0]
        'voorbeeldregio-noord.xlsx'
        """
        table = self.regions(regions)
        settings = Settings(
            overwrite=overwrite,
            overwrite_inputs=overwrite_inputs,
            dry=dry,
            pattern=pattern,
            archive=Path(archive) if archive else None,
            processes=processes,
            sources=(FileMark.read(Path(regions)),) if isinstance(regions, str | Path) else (),
        )
        return list(fill(self._tool, table, Path(folder), settings).files)

    def compute(
        self, regions: PathLike | pd.DataFrame, *, every_line: bool = False, findings: list[Finding] | None = None
    ) -> pd.DataFrame:
        """The results of a regions table as a tidy table, one row per region, case, party and line (`reken`).

        ``regions`` is a path or a DataFrame, as in `regions`. Columns: regio, geval, partij, regel, jaar, waarde,
        eenheid, cel. ``waarde`` is a number in euro or the unit of its row, None for n.v.t., or a text such as "niet te
        berekenen". What there is to say of the table and of the outcomes, such as a check of the workbook that doesn't
        hold, is added to ``findings``.

        >>> import pandas as pd
        >>> students = pd.DataFrame({"regio_naam": ["Noord", "Zuid"], "aantal_studenten.bbl2": [20, None]})
        >>> table = Rekentool().compute(students)
        >>> len(table), list(table.columns[:4])
        (392, ['regio', 'geval', 'partij', 'regel'])
        """
        every = list(self._tool.binding.results("alle" if every_line else "altijd"))
        table, said = self.regions(regions), [] if findings is None else findings
        said += table.findings
        return frame(list(compute_blocks(self._tool, table, said, every_line=every_line)), every)

    def read(self, paths: Iterable[PathLike], *, every_line: bool = False) -> tuple[pd.DataFrame, list[Finding]]:
        """The recomputed results of filled workbooks (`lees`), and what was found in them, refused files included.

        ``paths`` are workbooks, folders with workbooks under them, or patterns. Of a region with several
        files only the latest counts.

        >>> from rekentool.shipped import EXAMPLES
        >>> table, findings = Rekentool().read([EXAMPLES / "voorbeeldregio-noord.xlsx"])
        >>> len(table), findings
        (196, [])
        """
        import pandas as pd

        files, nothing = find_files([Path(path) for path in paths])
        with collect.collect(self._tool, files, collect.Settings(every_line=every_line)) as found:
            findings = [*nothing, *found.findings]
            rows = [
                (*row, str(one.path)) for one, content in found.contents() for row in found.rows(one, content)
            ]
        return pd.DataFrame(rows, columns=[*COLUMNS, "bestand"]).astype({"waarde": object}), findings

    def check(
        self, paths: Sequence[PathLike], *, to: PathLike | None = None, overwrite: bool = False
    ) -> list[Report]:
        """Check filled workbooks against mapping, template and recomputation (`controleer`).

        With ``to`` the findings are also written as a table (.csv, .xlsx or .parquet).

        >>> from rekentool.shipped import EXAMPLES
        >>> report = Rekentool().check([EXAMPLES / "voorbeeldregio-noord.xlsx"])[0]
        >>> report.outcome, [found.code for found in report.findings]
        ('klopt', ['RK562'])
        """
        reports = [check(self._tool, Path(path)) for path in paths]
        if to is not None:
            judged = [Judged(one.path, one.region, one.outcome, one.findings, one.counts) for one in reports]
            write_findings(Path(to), judged, overwrite=overwrite)
        return reports

    def lint(self, path: PathLike | None = None) -> LintReport:
        """How a template is built: numbers in formulas, broken rows, unused inputs and so on (`controleer --opbouw`).

        Without a path it is the tool's own workbook.

        >>> report = Rekentool().lint()
        >>> report.outcome, sorted({found.code for found in report.findings})
        ('bevindingen', ['RK740', 'RK743'])
        """
        return lint(self._tool, Path(path) if path is not None else self._tool.path)

    def compare(self, old: PathLike, new: PathLike) -> Comparison:
        """What is otherwise in ``new`` than in ``old``, and what each change does to the results (`vergelijk`).

        >>> from rekentool.shipped import EXAMPLES
        >>> north, east = (EXAMPLES / f"voorbeeldregio-{name}.xlsx" for name in ("noord", "oost"))
        >>> comparison = Rekentool().compare(north, east)
        >>> comparison.exit_code, comparison.counts["formules"], comparison.of("invoer")[0].label
        (1, 0, 'Naam van de regio')
        """
        return compare(self._tool, Path(old), Path(new))

    def verify(self, path: PathLike) -> Verified:
        """Does a workbook or table still belong to the receipt beside it; ``state`` is "" where there is none.

        >>> folder = getfixture("tmp_path")
        >>> tool = Rekentool()
        >>> import pandas as pd
        >>> filled = tool.fill(pd.DataFrame({"regio_naam": ["Noord"]}), folder)
        >>> tool.verify(filled[0].path).state, tool.verify(folder / "index.xlsx").state
        ('klopt', 'klopt')
        """
        table = verify_table(self._tool, Path(path))
        return table or verify_workbook(self._tool, open_filled(self._tool, Path(path)))

    def refresh(self, path: PathLike, *, dry: bool = False) -> Refreshed:
        """Put freshly computed values into a file's formula cells, in place (`ververs`).

        >>> from rekentool.shipped import EXAMPLES
        >>> Rekentool().refresh(EXAMPLES / "voorbeeldregio-noord.xlsx", dry=True).renewed
        0
        """
        return refresh(self._tool, Path(path), dry=dry)

    def explain(self, path: PathLike, place: str, *, depth: int | None = DEPTH) -> Explanation:
        """Why a number in a file is what it is: a tree of the cells that it comes from (`leg-uit`).

        ``place`` is a cell, name, field, kengetal, check, result or label; with ``depth`` None as deep as it goes.

        >>> from rekentool.shipped import EXAMPLES
        >>> tree = Rekentool().explain(EXAMPLES / "voorbeeldregio-noord.xlsx", "horizon").top
        >>> tree.place, tree.kind, tree.shown
        ('Invoer!C15', 'invoer', '5 jaar')
        """
        return explain(self._tool, Path(path), place, depth)

    def touches(self, path: PathLike, place: str) -> Touch:
        """Which results a cell of a file touches, and how strongly (`leg-uit --raakt`).

        >>> from rekentool.shipped import EXAMPLES
        >>> touch = Rekentool().touches(EXAMPLES / "voorbeeldregio-noord.xlsx", "regio_naam")
        >>> touch.trials, [found.code for found in touch.findings]
        ((), ['RK726'])
        """
        return touches(self._tool, Path(path), place)

    def regression(
        self,
        candidate: PathLike | None = None,
        *,
        mapping: PathLike | None = None,
        draws: int = DRAWS,
        seed: int = SEED,
        engines: Sequence[EngineId] | None = None,
        references: PathLike | None = None,
        every: bool = False,
    ) -> RegressionReport:
        """What a changed template does in every reference region and in seeded random draws (`regressie`).

        Without a candidate the template itself is held against its references; ``mapping`` is the candidate's own, if
        it has another one. ``engines`` None means every engine at hand; with ``every`` the slow ones compute all draws.

        >>> report = Rekentool().regression(draws=0, engines=["programma"])
        >>> report.outcome, [line.references for line in report.engines]
        ('klopt', [4])
        """
        own = Path(mapping) if mapping else None
        other = None if candidate is None else open_candidate(self._tool, Path(candidate), own)
        folder = Path(references) if references else None
        run = prepare(
            self._tool, other, draws=draws, seed=seed, engines=engines, references=folder, every=every
        )
        return report_on(run)

    def carry(
        self,
        paths: Iterable[PathLike],
        folder: PathLike,
        *,
        day: date | None = None,
        older: PathLike | None = None,
        new_defaults: bool = False,
        overwrite: bool = False,
        dry: bool = False,
    ) -> tuple[list[Carried], list[Finding]]:
        """The inputs of workbooks, also of an older version, in fresh workbooks of this one (`overzetten`).

        ``day`` becomes their peildatum; ``older`` is the mapping of their version where that can't be recognised; with
        ``new_defaults`` what stood on an old default gets the new one. Returns what was carried, each with a line per
        input, and the findings of the files that were refused.

        >>> from rekentool.shipped import EXAMPLES
        >>> files = [EXAMPLES / "voorbeeldregio-noord.xlsx"]
        >>> carried, refused = Rekentool().carry(files, getfixture("tmp_path") / "nieuw")
        >>> carried[0].path.name, carried[0].version, carried[0].exit_code, refused
        ('voorbeeldregio-noord.xlsx', '1.0', 0, [])
        """
        return carry(
            self._tool,
            [Path(path) for path in paths],
            Path(folder),
            day=day,
            older=Path(older) if older else None,
            new_defaults=new_defaults,
            overwrite=overwrite,
            dry=dry,
        )

    def input_table(
        self, path: PathLike, *, per_field: bool = False, labour_regions: bool = False, overwrite: bool = False
    ) -> Path:
        """Write a blank regions table (.xlsx or .csv) to fill in (`documenteer --invoertabel`).

        With ``per_field`` a column is about all cases of its field; with ``labour_regions`` the 35 arbeidsmarktregio's
        are its rows.

        >>> tool = Rekentool()
        >>> table = tool.input_table(getfixture("tmp_path") / "regios.xlsx", labour_regions=True)
        >>> len(tool.regions(table))
        35
        """
        write_input_table(
            self._tool, Path(path), per_field=per_field, with_labour_regions=labour_regions, overwrite=overwrite
        )
        return Path(path)

    def field_list(self, path: PathLike, *, overwrite: bool = False) -> Path:
        """Write the list of every field (.md, .csv or .xlsx) of the mapping (`documenteer --velden`).

        >>> Rekentool().field_list(getfixture("tmp_path") / "velden.md").name
        'velden.md'
        """
        write_field_list(self.mapping, Path(path), overwrite=overwrite)
        return Path(path)

    def overview(
        self, paths: Iterable[PathLike], path: PathLike, *, line: str | None = None, overwrite: bool = False
    ) -> Overview:
        """One workbook with tables and charts over all regions (`overzicht`).

        ``paths`` is a results table, a regions table, a folder with filled workbooks or the workbooks themselves;
        ``line`` is the result line that it is about, the balance when None.

        >>> from rekentool.shipped import EXAMPLE_REGIONS
        >>> made = Rekentool().overview([EXAMPLE_REGIONS], getfixture("tmp_path") / "overzicht.xlsx")
        >>> made.kind, made.regions, made.rows, made.line
        ('regiotabel', 4, 784, 'saldo')
        """
        return overview(self._tool, [Path(one) for one in paths], Path(path), line=line, overwrite=overwrite)


__all__ = ["Rekentool", "RekentoolError"]
