"""`code`: what a code means."""

from __future__ import annotations

import click

from rekentool.cli.options import json_option
from rekentool.cli.screen import print_json, without_facts
from rekentool.messages import CATALOGUE, EXIT_OK, refuse


@click.command(name="code", options_metavar="[OPTIES]")
@click.argument("code", required=False)
@json_option
def explain_code(code: str | None, as_json: bool) -> None:
    """Leg een code als RK104 uit; zonder code: alle.

    Voorbeeld: rekentool code RK310
    """
    if code is not None and code.upper() not in CATALOGUE:
        raise refuse("RK502", place=code, laatste=max(CATALOGUE))
    wanted = sorted(CATALOGUE) if code is None else [code.upper()]
    texts = {
        key: {
            "ernst": CATALOGUE[key].severity,
            "gevonden": without_facts(CATALOGUE[key].found),
            "verwacht": without_facts(CATALOGUE[key].expected),
            "remedie": without_facts(CATALOGUE[key].remedy),
        }
        for key in wanted
    }
    if as_json:
        print_json("code", EXIT_OK, (), codes=texts)
    elif code is None:
        for key, text in texts.items():
            click.echo(f"{key}  {text['ernst']:<13} {text['gevonden']}")
    else:
        labels = {"ernst": "ernst", "gevonden": "gevonden", "verwacht": "verwacht", "remedie": "wat te doen"}
        for name, line in texts[wanted[0]].items():
            if line:
                click.echo(f"{labels[name]:<12} {line}")
