"""What a workbook protects: the attributes of ``workbookProtection`` and of each sheet's ``sheetProtection``.

Programs write the same protection in other ways: openpyxl spells out every attribute, Excel only those that aren't the
default, LibreOffice says ``true`` where others say ``1``. So what is compared is `locks`, never the attributes.
Source: ECMA-376 part 1, 18.2.29 and 18.3.1.85.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rekentool.messages import RekentoolError
from rekentool.xlsx.elements import flag
from rekentool.xlsx.package import Package
from rekentool.xlsx.partxml import MAIN_NAMESPACES, PartText, walk, walker
from rekentool.xlsx.workbookxml import WorkbookXml

#: Attributes that hold a password or how it was hashed. A salt is drawn anew at every save with a password, and then
#: the hash is another one too: two that differ say nothing (see `other_password`).
PASSWORD_ATTRIBUTES = frozenset(
    prefix + name
    for prefix, names in {
        "": ("password", "algorithmName", "hashValue", "saltValue", "spinCount"),
        "workbook": ("Password", "PasswordCharacterSet", "AlgorithmName", "HashValue", "SaltValue", "SpinCount"),
        "revisions": ("Password", "PasswordCharacterSet", "AlgorithmName", "HashValue", "SaltValue", "SpinCount"),
    }.items()
    for name in names
)
_SALTED = (("saltValue", "hashValue"), ("workbookSaltValue", "workbookHashValue"),
           ("revisionsSaltValue", "revisionsHashValue"))  # fmt: skip
_WORKBOOK = ("lockStructure", "lockWindows", "lockRevision")
_LOCKED_BY_DEFAULT = (
    "formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows", "insertHyperlinks", "deleteColumns",
    "deleteRows", "sort", "autoFilter", "pivotTables",
)  # fmt: skip
_FREE_BY_DEFAULT = ("objects", "scenarios", "selectLockedCells", "selectUnlockedCells")


@dataclass(frozen=True)
class Protection:
    """The attributes as the file has them.

    ``workbook`` is None when the file has no ``workbookProtection`` or one that locks nothing. ``sheets`` has every
    worksheet in the order of the tabs; None where the sheet isn't protected (also when it says ``sheet="0"``).
    """

    workbook: Mapping[str, str] | None
    sheets: Mapping[str, Mapping[str, str] | None]


def read_protection(data: bytes) -> Protection:
    """Read it from an .xlsx file in memory; sheets that are no worksheets (charts) are left out.

    RekentoolError when the bytes aren't a readable workbook (RK600–RK603).
    """
    package = Package(data)
    book = WorkbookXml(package)
    workbook = _child(package.read(book.part), book.part, "workbookProtection")
    sheets: dict[str, Mapping[str, str] | None] = {}
    for name in book.sheet_names:
        try:
            part = book.sheet_part(name)
        except RekentoolError:
            continue  # no worksheet: the reader mentions it (RK195)
        found = _child(package.read(part), part, "sheetProtection")
        sheets[name] = found if found is not None and flag(found.get("sheet")) else None
    return Protection(workbook if workbook is not None and locks(workbook) else None, sheets)


def locks(attributes: Mapping[str, str]) -> frozenset[str]:
    """What a user may not do under this protection, by the names of the attributes, defaults filled in.

    For a workbook ``lockStructure`` and so on; for a protected sheet ``formatCells``, ``objects`` and so on, without
    ``sheet`` itself.
    """
    found = {name for name in (*_WORKBOOK, *_FREE_BY_DEFAULT) if flag(attributes.get(name))}
    if flag(attributes.get("sheet")):
        found |= {name for name in _LOCKED_BY_DEFAULT if flag(attributes.get(name, "1"))}
    return frozenset(found)


def has_password(attributes: Mapping[str, str]) -> bool:
    """Whether lifting the protection asks for a password."""
    return any(attributes.get(name) for name in PASSWORD_ATTRIBUTES if name.lower().endswith(("password", "hashvalue")))


def other_password(left: Mapping[str, str], right: Mapping[str, str]) -> bool:
    """Whether two protections surely have another password: one has none, or their hashes differ with the same salt.

    Hashes with different salts can't be compared: that is no difference. Nor can the short ones without a salt, since
    LibreOffice 7.4 writes another one for the same password.
    """
    if has_password(left) != has_password(right):
        return True
    return any(
        left[salt] == right[salt] and left.get(hash_) != right.get(hash_)
        for salt, hash_ in _SALTED
        if salt in left and salt in right
    )


def _child(raw: bytes, part: str, wanted: str) -> dict[str, str] | None:
    """The attributes of this child of the root, None without one."""
    parser = walker(part)
    found: list[dict[str, str]] = []
    depth = 0

    def start(name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 2 and name.endswith(wanted):
            space, _, local = name.rpartition(" ")
            if local == wanted and space in MAIN_NAMESPACES:
                found.append(dict(zip(attributes[::2], attributes[1::2], strict=True)))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    walk(parser, PartText.decode(raw, part).xml, part)
    return found[0] if found else None
