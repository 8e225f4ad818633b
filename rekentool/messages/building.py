"""RK74x: how the formulas of a template are built (`jobs/lint`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_FINDINGS, Entry

BUILDING: dict[str, Entry] = {
    "RK740": Entry(
        "waarschuwing",
        "een getal in de formule zelf: {getallen} (cellen: {aantal}; de eerste is {formule})",
        "een verwijzing naar een cel met dit getal, zijn naam en zijn bron",
        "Zet het getal in een eigen cel en laat de formule daarnaar verwijzen.",
        EXIT_FINDINGS,
    ),
    "RK741": Entry(
        "waarschuwing",
        "de waarde {staat} tussen formules die gelijk zijn",
        "dezelfde formule als ernaast: {formule}",
        "Kopieer de formule uit de cel ernaast. Hoort de waarde hier, geef haar dan een eigen invoercel.",
        EXIT_FINDINGS,
    ),
    "RK742": Entry(
        "waarschuwing",
        "een andere formule dan die aan beide kanten: {formule}",
        "de formule van {buurcel}, meegeschoven: {buur}",
        "Kopieer de formule van {buurcel}. Is het verschil bedoeld, maak dan voor de hele reeks één formule.",
        EXIT_FINDINGS,
    ),
    "RK743": Entry(
        "waarschuwing",
        "geen enkele uitkomst hangt af van het veld {veld} ({label})",
        "een veld dat een uitkomst verandert",
        "Gebruik de cel in een formule, of haal het veld uit de mapping en de cel uit het werkboek.",
        EXIT_FINDINGS,
    ),
    "RK744": Entry(
        "waarschuwing",
        "invulcellen met een getal dat geen formule leest: {aantal}; het eerste is {waarde}",
        "getallen die meetellen",
        "Gebruik de cel in een formule, of maak haar leeg.",
        EXIT_FINDINGS,
    ),
    "RK745": Entry(
        "waarschuwing",
        "een verwijzing naar {leeg}, waar niets staat en niets in te vullen is: {formule}",
        "een verwijzing naar een gevulde cel of een invulcel",
        "Verbeter de verwijzing, of haal haar uit de formule.",
        EXIT_FINDINGS,
    ),
    "RK746": Entry(
        "waarschuwing",
        "{functie} zoekt bij benadering in {bereik}, dat niet gesorteerd is: {cel} staat verkeerd ({formule})",
        "gesorteerde waarden, of zoeken naar precies deze waarde",
        "Sorteer het bereik, of laat de functie exact zoeken (laatste argument 0 of ONWAAR).",
        EXIT_FINDINGS,
    ),
    "RK747": Entry(
        "waarschuwing",
        "getallen die als tekst zijn opgeslagen en waarnaar een formule verwijst: {aantal}; de eerste is “{tekst}”",
        "getallen",
        "Geef de cel de notatie Standaard en typ het getal opnieuw.",
        EXIT_FINDINGS,
    ),
    "RK748": Entry(
        "waarschuwing",
        "{functie} verandert of zoekt opnieuw bij elke berekening (cellen: {aantal}): {formule}",
        "uitkomsten die alleen van de invoer afhangen",
        "Zet een datum of keuze in een invoercel; vervang VERSCHUIVING en INDIRECT door INDEX.",
        EXIT_FINDINGS,
    ),
    "RK749": Entry(
        "fout",
        "{kring}",
        "een formule die niet, ook niet via andere cellen, van zichzelf afhangt",
        "Haal een van de verwijzingen uit de kring.",
        EXIT_FINDINGS,
    ),
}
