"""RK84x: tables and lists made from the mapping (`jobs/document`, `jobs/inputtable`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_USAGE, Entry

DOCUMENTS: dict[str, Entry] = {
    "RK840": Entry(
        "fout",
        "documenteer zonder een bestand om te maken",
        "--invoertabel, --velden of beide",
        "Geef bijvoorbeeld: rekentool documenteer --invoertabel regios.xlsx",
        EXIT_USAGE,
    ),
    "RK841": Entry(
        "fout",
        "{optie} zonder --invoertabel",
        "de invoertabel waarvoor {optie} geldt",
        "Geef ook --invoertabel met een bestandsnaam, of laat {optie} weg.",
        EXIT_USAGE,
    ),
    "RK842": Entry(
        "fout",
        'een bestandsnaam die eindigt op "{suffix}"',
        "{soorten}",
        "Kies een bestandsnaam die eindigt op {soorten}.",
        EXIT_USAGE,
    ),
    "RK843": Entry(
        "fout",
        "dezelfde bestandsnaam voor de invoertabel en de lijst van velden",
        "twee verschillende bestanden",
        "Geef een van de twee een andere naam.",
        EXIT_USAGE,
    ),
}
