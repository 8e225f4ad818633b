"""What a workbook may cost to read: every limit of the guard, with its reason.

All are absolute, since the ratio of a zip says little: a real styles.xml compresses to 0.0099 of its size. They are
wide for a workbook that people fill in, and small enough that the readers behind the guard stay within a laptop's
memory: openpyxl 3.1.5 keeps some 250–600 bytes per cell. docs/veiligheid.md shows this table; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets of one file; sizes in bytes. A test makes them small with ``Limits(file=…)``."""

    #: The file itself. It is held in memory whole; a rekentool is 0.1–1 MB, one full of photographs perhaps 30.
    file: int = 50 * MEGA
    #: Members of the zip. Excel writes some four per sheet; a thousand pictures still fit.
    members: int = 2_000
    #: One member, inflated. Two million filled cells of XML are about this size.
    member: int = 100 * MEGA
    #: All members together, inflated.
    total: int = 200 * MEGA
    #: How many times larger a member, or the whole, may become, counted only above ``grace`` …
    ratio: int = 200
    #: … because small repetitive parts, such as styles and empty rows, compress a hundredfold in real files.
    grace: int = 10 * MEGA
    #: Cells of all sheets, empty ones with a style included: half a gigabyte to 1 GB in openpyxl.
    cells: int = 2_000_000
    #: Shared strings; calamine 0.9 and openpyxl hold all of them, even those that no cell uses.
    strings: int = 2_000_000
    #: Elements of all parts: about five per filled cell.
    elements: int = 10_000_000
    #: Elements of a part that is neither a sheet nor the shared strings: readers build a tree of these.
    tree: int = 1_000_000
    #: Elements within each other. libxml2 stops at 256; drawings in groups reach some 30.
    depth: int = 200
    #: One tag or comment. Expat before 2.6 reads an unfinished one again with each block (CVE-2023-52425).
    token: int = 1 * MEGA
    #: Different element and attribute names in one part: expat keeps each as long as it parses. Office uses hundreds.
    names: int = 20_000
    #: What is remembered of relations, sheet names, defined names and styles of one part: entries (a sheet may have
    #: 65 530 hyperlinks, a workbook 64 000 styles) …
    facts: int = 200_000
    #: … and characters.
    fact_text: int = 16 * MEGA
    #: Characters of one formula. Excel allows 8 192; prefixes such as ``_xlfn.`` come on top.
    formula: int = 65_536
    #: Up to this size a part is inflated in one go and may be read the quick way, in which expat's own memory for
    #: depth and names is bounded by the size of the part (40 bytes per byte at worst, measured with expat 2.5).
    #: It is also less than what ``tree`` elements take.
    quick_part: int = 1 * MEGA

    @property
    def quick_total(self) -> int:
        """Inflated total up to which no count can pass its limit: ``<c/>`` takes four bytes, ``<si/>`` five."""
        return min(4 * self.cells, 5 * self.strings, 4 * self.elements)


LIMITS = Limits()
