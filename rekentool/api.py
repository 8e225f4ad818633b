"""The Python API: the verbs of the command line, in English, on one object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rekentool.jobs.check import Report, check
from rekentool.jobs.compute import compute
from rekentool.jobs.example import copy_examples, copy_template
from rekentool.jobs.fill import Filled, fill
from rekentool.jobs.read import read
from rekentool.jobs.refresh import Refreshed, refresh
from rekentool.messages import Finding, RekentoolError
from rekentool.tables.regions import Regions, read_regions
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

    def regions(self, path: PathLike) -> Regions:
        """Read a regions table (csv or xlsx): a list of regions with typed values.

        >>> from rekentool.shipped import EXAMPLE_REGIONS
        >>> [region.name for region in Rekentool().regions(EXAMPLE_REGIONS)][:2]
        ['Voorbeeldregio Noord', 'Voorbeeldregio Oost']
        """
        return read_regions(Path(path), self.mapping)

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
        regions: PathLike,
        folder: PathLike,
        *,
        overwrite: bool = False,
        overwrite_inputs: bool = False,
        dry: bool = False,
    ) -> list[Filled]:
        """Write one filled workbook per region, with fresh results in its cells (`vul`).

        >>> from rekentool.shipped import EXAMPLE_REGIONS
        >>> [one.path.name for one in Rekentool().fill(EXAMPLE_REGIONS, getfixture("tmp_path"))][0]
        'voorbeeldregio-noord.xlsx'
        """
        table = self.regions(regions)
        return fill(
            self._tool, table, Path(folder), overwrite=overwrite, overwrite_inputs=overwrite_inputs, dry=dry
        )

    def compute(self, regions: PathLike, *, every_line: bool = False) -> pd.DataFrame:
        """The results of a regions table as a tidy table, one row per region, case, party and line (`reken`).

        Columns: regio, geval, partij, regel, jaar, waarde, eenheid, cel. ``waarde`` is a number in euro or the unit of
        its row, None for n.v.t., or a text such as "niet te berekenen".

        >>> from rekentool.shipped import EXAMPLE_REGIONS
        >>> table = Rekentool().compute(EXAMPLE_REGIONS)
        >>> len(table), list(table.columns[:4])
        (784, ['regio', 'geval', 'partij', 'regel'])
        """
        import pandas as pd

        rows = list(compute(self._tool, self.regions(regions), [], every_line=every_line))
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"waarde": object})

    def read(self, paths: Iterable[PathLike], *, every_line: bool = False) -> tuple[pd.DataFrame, list[Finding]]:
        """The recomputed results of filled workbooks (`lees`), and what was found in them, refused files included.

        >>> from rekentool.shipped import EXAMPLES
        >>> table, findings = Rekentool().read([EXAMPLES / "voorbeeldregio-noord.xlsx"])
        >>> len(table), findings
        (196, [])
        """
        import pandas as pd

        filled, findings = read(self._tool, [Path(path) for path in paths])
        rows = [(*row, str(one.path)) for one in filled for row in one.rows(every_line=every_line)]
        return pd.DataFrame(rows, columns=[*COLUMNS, "bestand"]).astype({"waarde": object}), findings

    def check(self, paths: Sequence[PathLike]) -> list[Report]:
        """Check filled workbooks against mapping, template and recomputation (`controleer`).

        >>> from rekentool.shipped import EXAMPLES
        >>> [report.exit_code for report in Rekentool().check([EXAMPLES / "voorbeeldregio-noord.xlsx"])]
        [0]
        """
        return [check(self._tool, Path(path)) for path in paths]

    def refresh(self, path: PathLike, *, dry: bool = False) -> Refreshed:
        """Put freshly computed values into a file's formula cells, in place (`ververs`).

        >>> from rekentool.shipped import EXAMPLES
        >>> Rekentool().refresh(EXAMPLES / "voorbeeldregio-noord.xlsx", dry=True).renewed
        0
        """
        return refresh(self._tool, Path(path), dry=dry)


__all__ = ["Rekentool", "RekentoolError"]
