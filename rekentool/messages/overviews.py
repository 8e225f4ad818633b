"""RK83x: one workbook over all regions (`jobs/overview`), and results tables that are read (`tables/resultfile`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_USAGE, Entry

OVERVIEWS: dict[str, Entry] = {
    "RK830": Entry(
        "melding",
        "gelezen als {soort}",
        "",
        "Klopt dat niet, kijk dan naar de kopregel: een uitkomstentabel heeft de kolommen {kolommen}.",
    ),
    "RK831": Entry(
        "fout",
        "een uitkomstentabel zonder kolom {kolom}",
        "de kolommen {kolommen}",
        "Voeg de kolom toe, of maak de tabel opnieuw met rekentool reken of rekentool lees.",
    ),
    "RK832": Entry(
        "waarschuwing",
        'de kolom "{kolom}", die niet bij een uitkomstentabel hoort',
        "de kolommen {kolommen}",
        "Deze kolom komt niet in het overzicht. Haal haar weg, of verbeter de naam.{hint}",
    ),
    "RK833": Entry(
        "fout",
        "dezelfde uitkomst ({uitkomst}) als in {eerste}",
        "elke uitkomst van een regio één keer",
        "Laat een van de twee weg: anders telt de regio dubbel. Geef een andere doorrekening een eigen naam.",
    ),
    "RK834": Entry(
        "fout",
        "{gevonden}",
        "{verwacht}",
        "Herstel de tabel, of maak haar opnieuw met rekentool reken of rekentool lees.",
    ),
    "RK835": Entry(
        "fout",
        "een uitkomstentabel zonder uitkomsten",
        "een kopregel en minstens één uitkomst",
        "Geef een tabel van rekentool reken of rekentool lees.",
    ),
    "RK836": Entry(
        "fout",
        "meer dan {meest} uitkomsten",
        "hoogstens {meest} rijen, want meer passen er niet op het blad Tabel",
        "Maak de tabel met --regels totalen, of splits haar in groepen regio's.",
    ),
    "RK837": Entry(
        "fout",
        "een map zonder werkboeken",
        "een map met ingevulde werkboeken (.xlsx)",
        "Noem de map waarin de werkboeken zelf staan, of noem de bestanden.",
    ),
    "RK838": Entry(
        "fout",
        'geen uitkomsten van een regel "{regel}" over alle jaren',
        "een van: {regels}",
        "Kies met --regel een van deze regels.{hint}",
        EXIT_USAGE,
    ),
    "RK839": Entry(
        "melding",
        "de tabel heeft geen regel saldo; het overzicht gaat over {regel}",
        "",
        "Kies met --regel een andere regel als u die bedoelt: {regels}.",
    ),
}
