"""RK4xx: what an engine can't compute, and why (`engine/`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_UNCHECKED, Entry

ENGINES: dict[str, Entry] = {
    "RK401": Entry(
        "fout",
        "een scenario zet een waarde in een cel met een formule",
        "een invoercel",
        "Kies in het scenario de invoercellen waar deze formule van afhangt.",
    ),
    "RK402": Entry(
        "fout",
        "een scenario noemt een werkblad dat er niet is: {blad}",
        "een van de bladen {bladen}",
        "Verbeter de bladnaam.",
    ),
    "RK410": Entry(
        "fout",
        "LibreOffice is niet gevonden ({gezocht})",
        "het programma soffice",
        "Installeer LibreOffice (met Calc), of zet in de omgevingsvariabele REKENTOOL_SOFFICE waar soffice staat.",
        EXIT_UNCHECKED,
    ),
    "RK411": Entry(
        "fout",
        "LibreOffice start niet: {reden}",
        "een regel met de versie",
        "Start LibreOffice één keer met de hand, of wijs met REKENTOOL_SOFFICE een andere soffice aan.",
        EXIT_UNCHECKED,
    ),
    # RK42x: why a cell is niet gecontroleerd; an engine gives the text of `found` with the cell
    "RK420": Entry(
        "melding",
        "functie {functie} is onbekend in {motor}",
        "",
        "Vervang de functie, of controleer deze cel in Excel of met een andere motor.",
        EXIT_UNCHECKED,
    ),
    "RK421": Entry(
        "melding",
        "hangt af van {cel}, die niet gecontroleerd is",
        "",
        "Kijk bij de genoemde cel.",
        EXIT_UNCHECKED,
    ),
    "RK422": Entry(
        "melding",
        "kringverwijzing: {pad}",
        "een formule die niet, ook niet via andere cellen, van zichzelf afhangt",
        "Haal een van de verwijzingen uit de kring.",
        EXIT_UNCHECKED,
    ),
    "RK423": Entry(
        "melding",
        "{motor} kan deze formule niet uitrekenen: {reden}",
        "",
        "Schrijf de formule eenvoudiger, of controleer deze cel in Excel of met een andere motor.",
        EXIT_UNCHECKED,
    ),
    "RK424": Entry(
        "melding",
        "{motor} gaf geen waarde voor deze cel",
        "",
        "Controleer deze cel in Excel of met een andere motor.",
        EXIT_UNCHECKED,
    ),
    "RK425": Entry(
        "melding",
        "LibreOffice kon het bestand niet doorrekenen: {reden}",
        "",
        "Open het bestand met de hand in LibreOffice; lukt dat, probeer het dan opnieuw.",
        EXIT_UNCHECKED,
    ),
    # RK43x: why a formula has no tree (engine/parse); the cell is niet gecontroleerd
    "RK430": Entry(
        "melding",
        "de formule is niet te begrijpen: op plaats {plaats} staat {rest}, verwacht wordt {verwacht}",
        "een formule die Excel aanvaardt",
        "Open het werkboek in Excel, verbeter de formule en bewaar het opnieuw.",
        EXIT_UNCHECKED,
    ),
    "RK431": Entry(
        "melding",
        "de formule verwijst naar een ander werkboek: {tekst} op plaats {plaats}",
        "verwijzingen binnen dit werkboek",
        "Kies in Excel Gegevens > Koppelingen bewerken > Koppeling verbreken, of typ de waarde in.",
        EXIT_UNCHECKED,
    ),
    "RK432": Entry(
        "melding",
        "de formule rekent over meer bladen tegelijk: {tekst} op plaats {plaats}",
        "een verwijzing naar één blad",
        "Noem de bladen apart, bijvoorbeeld SOM(Blad1!A1;Blad2!A1), of controleer deze cel in Excel.",
        EXIT_UNCHECKED,
    ),
    "RK433": Entry(
        "melding",
        "de formule gebruikt de R1K1-notatie: {tekst} op plaats {plaats}",
        "verwijzingen als A1",
        "Zet in Excel bij Bestand > Opties > Formules de R1K1-verwijzingsstijl uit en bewaar het werkboek opnieuw.",
        EXIT_UNCHECKED,
    ),
    "RK434": Entry(
        "melding",
        "de formule maakt eigen namen of functies met {functie} op plaats {plaats}; dat wordt niet ondersteund",
        "een formule zonder LET en LAMBDA",
        "Zet de tussenuitkomsten in eigen cellen, of controleer deze cel in Excel.",
        EXIT_UNCHECKED,
    ),
    "RK435": Entry(
        "melding",
        "tussen {naam} en het haakje staat een spatie (plaats {plaats}): dat kan een functie zijn of een doorsnede",
        "een functienaam met het haakje eraan vast",
        "Haal de spatie weg, of zet bij een doorsnede de naam achteraan.",
        EXIT_UNCHECKED,
    ),
    "RK436": Entry(
        "melding",
        "de formule bevat de foutwaarde {tekst} op plaats {plaats}, die niet wordt ondersteund",
        "een gewone foutwaarde, zoals #N/B",
        "Verbeter de formule in Excel, of controleer deze cel daar.",
        EXIT_UNCHECKED,
    ),
    "RK437": Entry(
        "melding",
        "het getal {tekst} op plaats {plaats} is te groot voor Excel",
        "een getal van hooguit 1,797E+308",
        "Verbeter het getal in de formule.",
        EXIT_UNCHECKED,
    ),
    "RK438": Entry(
        "melding",
        "de formule is meer dan {grens} niveaus diep, of rijgt meer dan {grens} bewerkingen aaneen",
        "een formule van hooguit {grens} niveaus",
        "Verdeel de formule over meer cellen; gebruik voor een lange optelling SOM.",
        EXIT_UNCHECKED,
    ),
}
