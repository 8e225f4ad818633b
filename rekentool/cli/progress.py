"""How far a long command is: a bar on a terminal, now and then a line elsewhere, on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

#: A run that is done within so many seconds needs no lines, and there is one for so many seconds at least.
PATIENCE = 5.0


@contextmanager
def progress_on(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Something to tell how many of how many ``what`` are done. ``quiet``: nothing is shown."""
    if quiet:
        yield lambda done, total: None
    elif sys.stderr.isatty():
        with _bar(what) as update:
            yield update
    else:
        yield _lines(what)


def _lines(what: str) -> Callable[[int, int], None]:
    started = last = time.monotonic()

    def update(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < PATIENCE or done == total:
            return
        last = now
        left = (now - started) / done * (total - done)
        click.echo(f"{done} van {total} {what}, nog ongeveer {_duration(left)}", err=True)

    return update


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("nog"), TimeRemainingColumn())
    # stdout is left alone: it may go to a file.
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
