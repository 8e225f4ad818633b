"""RK80x: filling many workbooks (`jobs/fill`, `jobs/batch`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_USAGE, Entry

BATCHES: dict[str, Entry] = {
    "RK801": Entry(
        "melding",
        "volgens zijn bewijs is dit een {soort} van de rekentool en geen ingevuld werkboek: overgeslagen",
        "",
        "U hoeft niets te doen. Wilt u het toch laten lezen, haal dan het bewijs ernaast weg.",
    ),
    "RK802": Entry(
        "fout",
        '"{wat}" in het patroon voor bestandsnamen',
        "tekst met {{regio}} of een veld ertussen, zoals {{regio}}-{{peildatum}} of {{aantal_studenten.bbl1}}",
        "Verbeter het patroon van --naam.{hint}",
        EXIT_USAGE,
    ),
    "RK803": Entry(
        "fout",
        "in deze map wordt al een regiotabel ingevuld",
        "één vul tegelijk per map",
        "Wacht tot de andere opdracht klaar is, of kies met --naar een andere map.",
    ),
    "RK804": Entry(
        "fout",
        "de naam van het archief eindigt niet op .zip",
        "een naam als werkboeken.zip",
        "Geef de naam na --zip de extensie .zip.",
        EXIT_USAGE,
    ),
}
