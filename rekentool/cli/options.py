"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rekentool.tables.regions import Regions
    from rekentool.tool import Tool

FILE = click.Path(path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="Schrijf de uitkomst als JSON naar stdout.")
overwrite_option = click.option(
    "--overschrijf", is_flag=True, help="Bestaande bestanden vervangen; zonder deze optie wordt geweigerd."
)
mapping_option = click.option(
    "--mapping", type=FILE, metavar="BESTAND", help="Een andere mapping dan die van de rekentool."
)
table_option = click.option(
    "--naar", "target", type=FILE, required=True, metavar="UIT", help="De tabel: een .csv, .xlsx of .parquet."
)
show_option = click.option("--toon", is_flag=True, help="Toon ook het saldo per partij op het scherm.")
lines_option = click.option(
    "--regels",
    type=click.Choice(["totalen", "alle"]),
    default="totalen",
    show_default=True,
    help="Alleen de totalen per partij en geval, of ook elke regel per jaar.",
)


def the_tool(mapping: Path | None, template: Path | None) -> Tool:
    """The tool that these options ask for."""
    from rekentool.tool import open_tool

    return open_tool(mapping, template)


def the_regions(path: Path, tool: Tool) -> Regions:
    """The regions table at this path."""
    from rekentool.tables.regions import read_regions

    return read_regions(path, tool.mapping)
