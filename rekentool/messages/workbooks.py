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
        "de formule is {staat}{verschil}",
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
    "RK540": Entry(
        "waarschuwing",
        "invulcellen zonder gegevensvalidatie: {aantal}",
        "gegevensvalidatie zoals in het sjabloon: {regel}",
        "Kopieer de cel uit een leeg werkboek en plak haar hier met Plakken speciaal > Validatie (hef eerst de"
        " beveiliging van het blad op). De invoer zelf is wel gecontroleerd.",
        EXIT_FINDINGS,
    ),
    "RK541": Entry(
        "waarschuwing",
        "de gegevensvalidatie is veranderd in: {staat}",
        "de gegevensvalidatie van het sjabloon: {regel}",
        "Kopieer de cel uit een leeg werkboek en plak haar hier met Plakken speciaal > Validatie (hef eerst de"
        " beveiliging van het blad op). De invoer zelf is wel gecontroleerd.",
        EXIT_FINDINGS,
    ),
    "RK542": Entry(
        "waarschuwing",
        "het blad is niet beveiligd",
        "een beveiligd blad, zoals in het sjabloon",
        "Kies Controleren > Blad beveiligen, met dezelfde vinkjes als in een leeg werkboek.",
        EXIT_FINDINGS,
    ),
    "RK543": Entry(
        "waarschuwing",
        "de beveiliging van het blad staat meer toe dan in het sjabloon: {wat}",
        "de beveiliging van het sjabloon",
        "Hef de beveiliging op (Controleren) en beveilig het blad opnieuw, zonder deze vinkjes.",
        EXIT_FINDINGS,
    ),
    "RK544": Entry(
        "waarschuwing",
        "de beveiliging heeft {staat}",
        "{verwacht}",
        "Hef de beveiliging op (Controleren; vraag zo nodig het wachtwoord aan de afzender) en beveilig opnieuw:"
        " {verwacht}.",
        EXIT_FINDINGS,
    ),
    "RK545": Entry(
        "melding",
        "de opbouw van de werkmap is niet beveiligd: {wat}",
        "een beveiligde werkmap, zoals in het sjabloon",
        "Kies in Excel Controleren > Werkmap beveiligen. LibreOffice bewaart deze beveiliging niet.",
        EXIT_OK,
    ),
    "RK546": Entry(
        "waarschuwing",
        "formulecellen die niet vergrendeld zijn: {aantal}",
        "vergrendelde formules, zoals in het sjabloon",
        "Hef de beveiliging van het blad op, zet in Celeigenschappen > Bescherming het vinkje Geblokkeerd weer aan, en"
        " beveilig het blad opnieuw.",
        EXIT_FINDINGS,
    ),
    "RK547": Entry(
        "fout",
        "ingevoegde rijen of kolommen: {wat} {welke}",
        "de rijen en kolommen van het sjabloon",
        "Verwijder {deze} {welke} weer. Notities horen in een vrije cel of op een eigen blad.",
        EXIT_FINDINGS,
    ),
    "RK548": Entry(
        "fout",
        "verwijderde rijen of kolommen van het sjabloon: {wat} {welke}",
        "de rijen en kolommen van het sjabloon",
        "Zet de invoer over in een leeg werkboek: wat verwijderd is, komt met invoegen niet terug.",
        EXIT_FINDINGS,
    ),
    "RK549": Entry(
        "fout",
        "verplaatste rijen of kolommen van het sjabloon: {wat} {welke}, nu {naar}",
        "de rijen en kolommen in de volgorde van het sjabloon",
        "Knip {wat} {naar} en voeg de geknipte cellen weer in bij {welke}.",
        EXIT_FINDINGS,
    ),
    "RK560": Entry(
        "waarschuwing",
        "de gegevensvalidatie van het sjabloon laat alleen toe: {regel}",
        "wat het veld {veld} van de mapping toelaat: {soort}",
        "Maak de soort, grenzen of keuzes van het veld en de gegevensvalidatie van de cel aan elkaar gelijk.",
        EXIT_FINDINGS,
    ),
    "RK561": Entry(
        "waarschuwing",
        "de formule {formule} in een invulcel; gerekend is met haar uitkomst: {uitkomst}",
        "een ingevulde waarde",
        "Kopieer de cel en kies Plakken speciaal > Waarden, of typ de waarde.",
        EXIT_FINDINGS,
    ),
    "RK562": Entry(
        "melding",
        "verplichte invulcellen met nog de standaardwaarde van het sjabloon: {aantal} van {totaal} ({velden})",
        "eigen cijfers, waar de regio die heeft",
        "Niets, waar de standaardwaarde klopt. Vul anders een eigen waarde in.",
        EXIT_OK,
    ),
    "RK563": Entry(
        "melding",
        "een tekst met {wat}: “{tekst}”",
        "“{verwacht}”",
        "Typ de tekst opnieuw zonder die spaties. Er wordt gerekend met: {verwacht}.",
        EXIT_OK,
    ),
    "RK564": Entry(
        "waarschuwing",
        "invulcellen die vergrendeld zijn: {aantal}",
        "invulcellen waarin te typen is, zoals in het sjabloon",
        "Hef de beveiliging van het blad op, zet in Celeigenschappen > Bescherming het vinkje Geblokkeerd uit, en"
        " beveilig het blad opnieuw.",
        EXIT_OK,
    ),
    "RK565": Entry(
        "melding",
        "een naam die verborgen is: hij staat niet in Namen beheren",
        "",
        "Niets. Zichtbaar maken kan in de VBA-editor (Alt+F11), in het venster Direct: "
        'ThisWorkbook.Names("{naam}").Visible = True',
        EXIT_OK,
    ),
    "RK566": Entry(
        "fout",
        "op dit blad is de indeling verschoven ({wat}), en de mapping wijst er plaatsen met een vast adres"
        " aan: {aantal}, waarvan de eerste {eerste}",
        "een blad met de indeling van het sjabloon",
        "Maak de verschuiving ongedaan of begin met een leeg werkboek. Geef anders de cellen een naam, en zet in de"
        " mapping die namen in plaats van adressen.",
    ),
    "RK567": Entry(
        "melding",
        "de mapping past niet op dit werkboek: {reden}",
        "",
        "Niets, als dit werkboek geen mapping heeft: alleen naar ongebruikte velden is dan niet gezocht. Noem anders de"
        " goede met --mapping.",
        EXIT_UNCHECKED,
    ),
    "RK568": Entry(
        "fout",
        "namen en labels van de mapping die door het verschuiven van rijen of kolommen niet meer op hun plaats staan:"
        " {aantal}; de eerste is {eerste}",
        "namen en labels op de plaats van het sjabloon",
        "Maak de verschuiving ongedaan, of zet de invoer over in een leeg werkboek.",
    ),
    "RK569": Entry(
        "melding",
        "formules die niet te ontleden zijn, en dus niet onderzocht: {aantal}; {reden}",
        "",
        "Kijk deze formules zelf na, of schrijf ze eenvoudiger.",
        EXIT_UNCHECKED,
    ),
    "RK570": Entry(
        "melding",
        "formules die pas bij het rekenen weten wat zij lezen: {aantal}; naar ongebruikte invoer is niet gezocht",
        "",
        "Vervang VERSCHUIVING, INDIRECT en verwijzingen naar tabellen door gewone verwijzingen of INDEX.",
        EXIT_UNCHECKED,
    ),
}
