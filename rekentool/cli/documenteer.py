"""`documenteer`: a blank regions table and the list of fields, made from the mapping."""

from __future__ import annotations

from pathlib import Path

import click

from rekentool.cli.options import FILE, json_option, mapping_option, overwrite_option, the_tool
from rekentool.cli.screen import print_json
from rekentool.messages import EXIT_OK, refuse


@click.command(options_metavar="[OPTIES]")
@click.option(
    "--invoertabel", type=FILE, metavar="BESTAND", help="Een lege regiotabel om in te vullen: een .xlsx of .csv."
)
@click.option(
    "--arbeidsmarktregios",
    is_flag=True,
    help="Zet de 35 arbeidsmarktregio’s als rijen in de invoertabel; een .xlsx krijgt ook hun gemeenten.",
)
@click.option(
    "--per-veld",
    is_flag=True,
    help="Eén kolom per veld, voor alle gevallen tegelijk, in plaats van een kolom per geval.",
)
@click.option("--velden", type=FILE, metavar="BESTAND", help="De lijst van alle velden: een .md, .csv of .xlsx.")
@overwrite_option
@mapping_option
@json_option
def documenteer(
    invoertabel: Path | None,
    arbeidsmarktregios: bool,
    per_veld: bool,
    velden: Path | None,
    overschrijf: bool,
    mapping: Path | None,
    as_json: bool,
) -> None:
    """Maak een lege regiotabel om in te vullen, of de lijst van velden.

    De invoertabel heeft voor elk veld een kolom, met dezelfde keuzelijsten, grenzen en getalnotaties als het werkboek;
    vul en reken lezen haar zoals zij is.

    Voorbeeld: rekentool documenteer --invoertabel regios.xlsx --arbeidsmarktregios
    """
    from rekentool.jobs import document, inputtable

    if invoertabel is None:
        for asked, name in ((arbeidsmarktregios, "--arbeidsmarktregios"), (per_veld, "--per-veld")):
            if asked:
                raise refuse("RK841", optie=name)
        if velden is None:
            raise refuse("RK840")
    if invoertabel is not None and velden is not None and invoertabel.resolve() == velden.resolve():
        raise refuse("RK843", file=str(velden))
    for path, suffixes in ((invoertabel, inputtable.SUFFIXES), (velden, document.SUFFIXES)):
        if path is not None:
            document.check_new(path, suffixes, overwrite=overschrijf)
    tool = the_tool(mapping, None)
    if invoertabel is not None:
        inputtable.write_input_table(
            tool, invoertabel, per_field=per_veld, with_labour_regions=arbeidsmarktregios, overwrite=overschrijf
        )
    if velden is not None:
        document.write_field_list(tool.mapping, velden, overwrite=overschrijf)
    made = [str(path) for path in (invoertabel, velden) if path is not None]
    if as_json:
        print_json("documenteer", EXIT_OK, (), bestanden=made)
        return
    for name in made:
        click.echo(name)
