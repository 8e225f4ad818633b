"""RK5xx: checking a filled workbook (`jobs/check`, `jobs/read`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, EXIT_USAGE, Entry

WORKBOOKS: dict[str, Entry] = {
    "RK501": Entry(
        "fout",
        "de mapping noemt geen werkboek",
        "werkboek.bestand in de mapping, of een werkboek bij de opdracht",
        "Vul werkboek.bestand in, of geef het werkboek mee met --sjabloon.",
    ),
    "RK502": Entry(
        "fout",
        "deze code bestaat niet",
        "een code van RK101 tot en met {laatste}",
        "Zie alle codes met: rekentool code",
        EXIT_USAGE,
    ),
    "RK503": Entry(
        "fout",
        "dit is een ander werkboek: {aantal} namen en bladen van de mapping staan er niet in",
        "een werkboek dat gemaakt is van: {titel}",
        "Geef het ingevulde werkboek zelf. Hoort het bij een andere mapping, noem die dan met --mapping.",
    ),
    "RK504": Entry(
        "fout",
        "de formules van het werkboek zijn niet die waarvoor de mapping is gemaakt: {vingerafdruk}",
        "{verwacht}",
        "Kijk na wat er aan de formules is veranderd, en zet daarna de nieuwe vingerafdruk in de mapping.",
    ),
    "RK510": Entry(
        "fout",
        "de formule is {staat}",
        "de formule van het sjabloon: {formule}",
        "Zet de formule terug, of laat de beheerder het sjabloon aanpassen.",
        EXIT_FINDINGS,
    ),
    "RK511": Entry(
        "fout",
        "op de plaats van een formule staat de waarde {staat}",
        "de formule van het sjabloon: {formule}",
        "Zet de formule terug; vul eigen cijfers alleen in gele cellen in.",
        EXIT_FINDINGS,
    ),
    "RK512": Entry(
        "fout",
        "de formule is weg",
        "de formule van het sjabloon: {formule}",
        "Zet de formule terug, of begin opnieuw met een leeg werkboek (rekentool nieuw).",
        EXIT_FINDINGS,
    ),
    "RK513": Entry(
        "waarschuwing",
        "een formule die niet in het sjabloon staat: {formule}",
        "",
        "Kijk of de formule hier bedoeld is; de uitkomsten van de rekentool gebruiken haar niet.",
        EXIT_FINDINGS,
    ),
    "RK514": Entry(
        "fout",
        "op de plaats van {wat} staat {staat}",
        "de waarde van het sjabloon: {verwacht}",
        "Zet de waarde terug; eigen cijfers horen in een gele cel.",
        EXIT_FINDINGS,
    ),
    "RK515": Entry(
        "fout",
        "de naam verwijst naar {staat}",
        "de verwijzing van het sjabloon: {verwacht}",
        "Herstel de naam (Formules > Namen beheren): formules die hem gebruiken, rekenen nu met iets anders.",
        EXIT_FINDINGS,
    ),
    "RK516": Entry(
        "waarschuwing",
        "in een cel die in het sjabloon leeg is, staat {staat}",
        "een lege cel",
        "Kijk of de waarde hier bedoeld is. Notities horen in de kolom Eigen toelichting of op een eigen blad.",
        EXIT_OK,
    ),
    "RK517": Entry(
        "fout",
        "dit blad van het sjabloon ontbreekt, of het heeft een andere naam gekregen",
        "alle bladen van het sjabloon, onder hun eigen naam",
        "Zet de naam van het blad terug. Is het verwijderd, begin dan opnieuw met een leeg werkboek (rekentool nieuw).",
    ),
    "RK518": Entry(
        "melding",
        "een blad dat niet in het sjabloon staat",
        "",
        "Niets. De uitkomsten van de rekentool gebruiken een eigen blad niet.",
        EXIT_OK,
    ),
    "RK520": Entry(
        "waarschuwing",
        "de controle ‘{controle}’ geeft {waarde}",
        "{verwacht}",
        "Kijk op het blad Controle van het werkboek waar het aan ligt; gebruik de uitkomsten nog niet.",
        EXIT_FINDINGS,
    ),
    "RK521": Entry(
        "waarschuwing",
        "de controle ‘{controle}’ is niet uit te rekenen: {reden}",
        "een controle met een uitkomst",
        "Controleer dit werkboek in Excel of LibreOffice.",
        EXIT_UNCHECKED,
    ),
    "RK522": Entry(
        "waarschuwing",
        "formulecellen die niet gecontroleerd zijn: {aantal}; de eerste is {cel}: {reden}",
        "elke formulecel uitgerekend",
        "Open het bestand in Excel: dat rekent deze cellen uit bij het openen.",
        EXIT_UNCHECKED,
    ),
    "RK523": Entry(
        "waarschuwing",
        "op de peildatum is niet bekend: {kengetallen}",
        "een waarde voor elk kengetal; wat ervan afhangt, is nu niet te berekenen",
        "Vul een eigen waarde in ({velden}), of kies een andere peildatum.",
        EXIT_FINDINGS,
    ),
    "RK530": Entry(
        "fout",
        "opgeslagen waarden die anders zijn dan de herberekening: {aantal}; hier staat {staat}",
        "{berekend}",
        "Open het bestand in Excel en bewaar het opnieuw, of kijk welke formule afwijkt."
        " De tabel geeft de herberekende waarden.",
        EXIT_FINDINGS,
    ),
    "RK531": Entry(
        "waarschuwing",
        "formulecellen zonder opgeslagen waarde: {aantal}",
        "een waarde in elke formulecel",
        "Open het bestand in Excel en bewaar het opnieuw, of gebruik: rekentool ververs",
        EXIT_UNCHECKED,
    ),
    "RK532": Entry(
        "waarschuwing",
        "{aantal} bestanden hebben deze naam van de regio: {bestanden}",
        "elke regio, en elke doorrekening, met een eigen naam",
        "Controleer of een bestand dubbel is; de kolom bestand van de tabel houdt ze uit elkaar.",
        EXIT_FINDINGS,
    ),
    "RK533": Entry(
        "fout",
        "formules, vaste waarden, namen of bladen die anders zijn dan in het sjabloon: {aantal}; de eerste staat hier",
        "de formules en vaste waarden van het sjabloon",
        "Bekijk ze met: rekentool controleer. De tabel geeft uitkomsten van het werkboek zoals het nu is.",
        EXIT_FINDINGS,
    ),
}
