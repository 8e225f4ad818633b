"""What the command line prints: findings for people on stderr, one JSON object for programs on stdout."""

from __future__ import annotations

import io
import json
import string
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rekentool.messages import Finding, finding

if TYPE_CHECKING:
    from rekentool.tables.results import ResultRow

#: Findings of one code on one file that are printed in full; --json has them all.
MOST = 20


def prepare_streams() -> None:
    """Print what the terminal's encoding can't show (an arrow on an old console, an odd file name) as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_findings(findings: Iterable[Finding]) -> None:
    """Each finding on stderr, in the order given; of many with one code only the first."""
    seen: Counter[tuple[str, str]] = Counter()
    for found in findings:
        kind = (found.file, found.code)
        seen[kind] += 1
        if seen[kind] <= MOST:
            click.echo(str(found), err=True)
    for (file, code), number in seen.items():
        if number > MOST:
            where = f" in {file}" if file else ""
            click.echo(f"{code}: nog {number - MOST} keer{where}; alle staan er met --json", err=True)


def print_json(verb: str, code: int, findings: Iterable[Finding], **facts: Any) -> None:
    """The outcome of a command: ``opdracht``, ``uitkomst`` (the exit code), its own facts, ``bevindingen``."""
    content = {"opdracht": verb, "uitkomst": code, **facts, "bevindingen": [found.as_dict() for found in findings]}
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def print_balances(rows: Iterable[ResultRow], file: Path, findings: list[Finding]) -> None:
    """What --toon shows: the balance of each party; without such a line in the table ``file`` that is a finding."""
    from rekentool.tables.results import is_balance, summary

    shown = [row for row in rows if is_balance(row)]
    if shown:
        click.echo(f"\nSaldo per partij ({shown[0].eenheid or 'zonder eenheid'}):\n{summary(shown)}")
    else:
        findings.append(finding("RK645", file=str(file)))


def without_facts(template: str) -> str:
    """A text of the catalogue with an ellipsis where a finding has its facts."""
    return "".join(text + ("…" if name is not None else "") for text, name, _, _ in string.Formatter().parse(template))
