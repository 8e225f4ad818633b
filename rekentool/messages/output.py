"""RK6xx: writing (`xlsx/patch`, `xlsx/save`, `jobs/`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_REFUSED, EXIT_UNCHECKED, EXIT_USAGE, Entry

OUTPUT: dict[str, Entry] = {
    # RK600–RK616: the file, sheet or cell can't be written (xlsx/package, partxml, workbookxml, sheetxml, patch)
    "RK600": Entry(
        "fout",
        "het bestand is niet te lezen of niet zonder schade te wijzigen: {reden}",
        "een .xlsx-bestand zoals Excel of LibreOffice het bewaart",
        "Open het bestand in Excel, bewaar het opnieuw als Excel-werkmap (.xlsx) en probeer het nog eens.",
    ),
    "RK601": Entry(
        "fout",
        "dit onderdeel van het bestand is geen geldige XML: {reden}",
        "XML volgens de standaard van Office",
        "Open het bestand in Excel, laat het herstellen en bewaar het opnieuw als .xlsx.",
    ),
    "RK602": Entry(
        "fout",
        "dit onderdeel is niet leesbaar in zijn tekencodering ({codering})",
        "UTF-8 of UTF-16",
        "Open het bestand in Excel en bewaar het opnieuw als Excel-werkmap (.xlsx).",
    ),
    "RK603": Entry(
        "fout",
        "dit onderdeel heeft een DOCTYPE, waarmee een bestand de computer kan laten vastlopen of lekken",
        "een Office-bestand zonder DOCTYPE",
        "Gebruik dit bestand niet; vraag de afzender om het opnieuw in Excel te bewaren.",
        EXIT_REFUSED,
    ),
    "RK604": Entry(
        "fout",
        "het werkboek heeft geen blad {blad}",
        "een van de bladen {bladen}",
        "Verbeter de bladnaam, of gebruik het werkboek dat bij de mapping hoort.",
    ),
    "RK605": Entry(
        "fout",
        "{blad} is geen werkblad met cellen (bijvoorbeeld een grafiekblad), of het blad ontbreekt in het bestand",
        "een werkblad",
        "Wijs een gewoon werkblad aan.",
    ),
    "RK606": Entry(
        "fout",
        "{adres} is geen adres van één cel",
        "een adres van A1 tot en met XFD1048576",
        "Verbeter het celadres.",
    ),
    "RK607": Entry(
        "fout",
        "dit onderdeel is zo opgebouwd dat het niet zonder schade te wijzigen is: {reden}",
        "een werkblad zoals Excel of LibreOffice het bewaart",
        "Open het bestand in Excel, bewaar het opnieuw als Excel-werkmap (.xlsx) en probeer het nog eens.",
    ),
    "RK611": Entry(
        "fout",
        "deze cel staat twee keer in de opdracht",
        "elke cel één keer, als invoer of als resultaat",
        "Haal de dubbele cel weg; let op hoofdletters en dollartekens in het adres en de bladnaam.",
    ),
    "RK612": Entry(
        "fout",
        "in deze cel staat een formule",
        "een invoercel",
        "Wijs de cel aan waar deze formule haar invoer vandaan haalt; formules worden nooit overschreven.",
    ),
    "RK613": Entry(
        "fout",
        "deze cel hoort bij de matrixformule of gegevenstabel in {bereik}",
        "een invoercel",
        "Wijs een cel buiten {bereik} aan; een deel van een matrixformule is niet los te wijzigen.",
    ),
    "RK614": Entry(
        "fout",
        "deze cel is verborgen achter de samengevoegde cel {bereik}",
        "de eerste cel van het samengevoegde bereik",
        "Gebruik {eerste}, of hef de samenvoeging op.",
    ),
    "RK615": Entry(
        "fout",
        "deze cel is een kop of totaal van de tabel {tabel} ({bereik}); die tekst hoort bij de tabel zelf",
        "een gegevenscel van de tabel of een cel erbuiten",
        "Wijzig koppen en totalen in Excel zelf, of wijs een gegevenscel aan.",
    ),
    "RK616": Entry(
        "fout",
        "er is een resultaat voor deze cel, maar er staat geen formule in",
        "een cel met een formule",
        "Vergelijk het werkboek met de mapping: is de formule overschreven door een vaste waarde?",
    ),
    # RK620–RK624: the value can't stand in a cell (xlsx/celltext, dates)
    "RK620": Entry(
        "fout",
        "de tekst is {lengte} tekens lang",
        "ten hoogste {maximum} tekens in een cel",
        "Kort de tekst in.",
    ),
    "RK621": Entry(
        "fout",
        "de tekst heeft op positie {positie} het teken {teken}, dat niet in een cel kan staan",
        "leesbare tekens, tabs en regeleinden",
        "Verwijder het teken; het komt vaak mee bij kopiëren uit een ander programma.",
    ),
    "RK622": Entry(
        "fout",
        "het getal is {getal}",
        "een eindig getal",
        "Controleer de invoer of de berekening; voor een leeg vakje: laat de waarde weg.",
    ),
    "RK623": Entry(
        "fout",
        "{fout} is geen foutwaarde die in een bestand kan staan",
        "een van {fouten}",
        "Schrijf een gewone waarde of een van de genoemde foutwaarden.",
    ),
    "RK624": Entry(
        "fout",
        "{waarde} kan niet als datum in een cel staan",
        "een datum vanaf {begin}, zonder tijdzone",
        "Verbeter de datum.",
    ),
    # RK630–RK631: saving (xlsx/save)
    "RK630": Entry(
        "fout",
        "het bestand bestaat al en is niet overschreven",
        "een nieuwe bestandsnaam",
        "Kies een andere naam of map, of geef aan dat het bestand overschreven mag worden.",
    ),
    "RK631": Entry(
        "fout",
        "het bestand kon niet worden bewaard: {reden}",
        "een map waarin u mag schrijven",
        "Sluit het bestand als het open is in Excel, controleer de map en de vrije ruimte en probeer het opnieuw.",
    ),
    "RK550": Entry(
        "fout",
        "dit is geen referentieblad",
        "een werkboek met de bladen Herkomst en Waarden",
        "Maak de referenties opnieuw met: python scripts/make_examples.py",
    ),
    "RK551": Entry(
        "fout",
        "voor dit bestand is er geen referentieblad",
        "een van {bestanden}",
        "Gebruik --met libreoffice, of controleer zonder --met.",
        EXIT_UNCHECKED,
    ),
    "RK552": Entry(
        "fout",
        "het referentieblad van {datum} is met andere formules gemaakt",
        "een referentieblad van dit sjabloon",
        "Gebruik --met libreoffice, of maak de referenties opnieuw.",
        EXIT_UNCHECKED,
    ),
    # RK640–RK649: what the jobs write (fill, folder, table, example)
    "RK640": Entry(
        "fout",
        "de bestandsnaam eindigt niet op .xlsx",
        "een naam als mijn-regio.xlsx",
        "Geef de naam de extensie .xlsx.",
        EXIT_USAGE,
    ),
    "RK641": Entry(
        "fout",
        "de tabel kan niet als {soort} worden geschreven",
        ".csv, .xlsx of .parquet",
        "Kies een bestandsnaam die eindigt op .csv, .xlsx of .parquet.",
        EXIT_USAGE,
    ),
    "RK642": Entry(
        "fout",
        "de tabel heeft meer rijen dan op een Excel-blad passen",
        "ten hoogste {rijen} rijen",
        "Schrijf de tabel als .csv of .parquet; met --regels totalen wordt zij veel korter.",
    ),
    "RK643": Entry(
        "fout",
        "in deze cel is al {staat} ingevuld; nieuw zou zijn: {nieuw}",
        "een cel met de standaardwaarde, of leeg",
        "Haal de kolom uit de regiotabel, of gebruik --overschrijf-invoer als de waarde echt vervangen moet worden.",
    ),
    "RK644": Entry(
        "fout",
        "de map kan niet worden gemaakt: {reden}",
        "een map die er is, of gemaakt kan worden",
        "Kies met --naar een andere map.",
    ),
    "RK645": Entry(
        "melding",
        "de tabel heeft geen regel saldo over alle jaren, dus --toon heeft niets om te tonen",
        "",
        "Open de tabel zelf. Wilt u hier een saldo zien, noem dan in de mapping een resultaatregel saldo.",
    ),
}
