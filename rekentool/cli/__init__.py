"""The command line: parse, call, print. Data goes to stdout, messages to stderr, the outcome is the exit code.

Imports of what is heavy stand inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import atexit
import gc
import gettext
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from rekentool import __version__
from rekentool.cli.code import explain_code
from rekentool.cli.controleer import controleer
from rekentool.cli.documenteer import documenteer
from rekentool.cli.lees import lees
from rekentool.cli.leg_uit import leg_uit
from rekentool.cli.nieuw import nieuw
from rekentool.cli.overzetten import overzetten
from rekentool.cli.overzicht import overzicht
from rekentool.cli.regressie import regressie
from rekentool.cli.reken import reken
from rekentool.cli.screen import prepare_streams, print_findings, print_json
from rekentool.cli.vergelijk import vergelijk
from rekentool.cli.ververs import ververs
from rekentool.cli.voorbeeld import voorbeeld
from rekentool.cli.vul import vul
from rekentool.messages import EXIT_FINDINGS, EXIT_USAGE, RekentoolError

# click's messages go through gettext. Everything a user sees is Dutch, whatever the system speaks.
os.environ["LANGUAGE"] = "nl"
gettext.bindtextdomain("rekentool", str(Path(__file__).parents[1] / "locale"))
gettext.textdomain("rekentool")

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=SETTINGS, options_metavar="[OPTIES]", subcommand_metavar="OPDRACHT [ARGUMENTEN]")
@click.version_option(__version__, prog_name="rekentool")
def cli() -> None:
    """Vul, reken, lees en controleer werkboeken van de rekentool.

    De rekentool laat zien wat een diplomatraject op de werkvloer van een sociaal werkbedrijf kost en oplevert. Dit is
    een reconstructie; zie het blad Start van het werkboek.

    Uitkomst: 0 klopt · 1 verschillen of bevindingen · 2 verkeerd gebruik · 3 invoer of mapping ongeldig · 4 niet te
    controleren · 5 geweigerd om veiligheid.
    """


for _command in (
    voorbeeld, nieuw, vul, reken, lees, controleer, vergelijk, leg_uit, regressie, ververs, overzetten, documenteer,
    overzicht, explain_code,
):  # fmt: skip
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every refusal ends as Dutch text and an exit code, never as a traceback."""
    # A command makes hundreds of thousands of objects that live until its end. Looking for circles among them again and
    # again takes a fifth of its time.
    gc.set_threshold(400_000, 50, 50)
    atexit.register(gc.freeze)  # nor, a last time, while Python ends
    # numpy's linear algebra starts a thread per core, which cost more than what a small workbook computes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    prepare_streams()
    words = sys.argv[1:] if arguments is None else arguments
    try:
        cli.main(args=list(arguments) if arguments is not None else None, prog_name="rekentool", standalone_mode=False)
    except RekentoolError as error:
        if "--json" in words:
            verb = next((word for word in words if word in cli.commands), "")
            print_json(verb, error.exit_code, error.findings)
        else:
            print_findings(error.findings)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except click.Abort:
        click.echo("Afgebroken.", err=True)
        sys.exit(EXIT_FINDINGS)
