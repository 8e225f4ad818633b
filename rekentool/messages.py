"""The Dutch catalogue of findings: every message a user can meet, by its stable code.

A finding is data: code, severity, place, what was found, what was expected, what to do. The wording
stands here and nowhere else; the code that finds something supplies only the facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["fout", "waarschuwing", "melding"]

#: Exit codes of the command line (see docs/): 2 wrong use, 3 invalid input or mapping, 4 can't be checked, 5 refused.
EXIT_OK, EXIT_FINDINGS, EXIT_USAGE, EXIT_INVALID, EXIT_UNCHECKED, EXIT_REFUSED = range(6)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the catalogue; the texts are ``str.format`` templates over the finding's facts."""

    severity: Severity
    found: str
    expected: str
    remedy: str
    exit_code: int = EXIT_INVALID


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, ready to print or to write as data."""

    code: str
    severity: Severity
    place: str
    found: str
    expected: str
    remedy: str
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.file and self.place else self.file or self.place
        lines = [f"{self.code} {self.severity} · {where}", f"   gevonden: {self.found}"]
        if self.expected:
            lines.append(f"   verwacht: {self.expected}")
        if self.remedy:
            lines.append(f"   wat te doen: {self.remedy}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The finding with the Dutch keys of ``--json``."""
        keys = {"severity": "ernst", "place": "plaats", "found": "gevonden", "expected": "verwacht",
                "remedy": "remedie", "file": "bestand", "code": "code"}
        return {keys[name]: value for name, value in asdict(self).items()}


class RekentoolError(Exception):
    """What was asked can't be done; ``findings`` says why, all at once, and ``exit_code`` how the command ends."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        if not self.findings:
            raise ValueError("a RekentoolError needs at least one finding")
        super().__init__("\n".join(str(finding) for finding in self.findings))

    @property
    def exit_code(self) -> int:
        """The highest exit code among the findings."""
        return max(CATALOGUE[finding.code].exit_code for finding in self.findings)


def finding(code: str, place: str = "", file: str = "", **facts: object) -> Finding:
    """Make the finding ``code`` from the catalogue with the facts that its templates name."""
    entry = CATALOGUE[code]
    return Finding(
        code=code,
        severity=entry.severity,
        place=place,
        found=entry.found.format(**facts),
        expected=entry.expected.format(**facts),
        remedy=entry.remedy.format(**facts),
        file=file,
    )


def refuse(code: str, place: str = "", file: str = "", **facts: object) -> RekentoolError:
    """The exception with this one finding, to be raised by the caller."""
    return RekentoolError([finding(code, place, file, **facts)])


CATALOGUE: dict[str, Entry] = {
    # RK1xx: a file that is refused before it is parsed (xlsx/guard)
    "RK101": Entry(
        "fout",
        "het bestand bestaat niet",
        "een bestaand .xlsx-bestand",
        "Controleer de naam en de map.",
    ),
    "RK102": Entry(
        "fout",
        "dit is geen bestand maar een {soort}",
        "een .xlsx-bestand",
        "Geef het werkboek zelf, niet de map waarin het staat.",
    ),
    "RK103": Entry(
        "fout",
        "het bestand is niet te lezen: {reden}",
        "een bestand dat u mag openen",
        "Controleer of u het bestand in Excel kunt openen, en of het niet nog wordt gedownload of gesynchroniseerd.",
    ),
    "RK104": Entry(
        "fout",
        "het bestand is leeg (0 bytes)",
        "een werkboek",
        "Vraag het bestand opnieuw op, of haal het opnieuw op uit de mail of de map.",
    ),
    "RK105": Entry(
        "fout",
        "het bestand is groter dan {grens} bytes",
        "een werkboek van hooguit {grens} bytes",
        "Haal grote afbeeldingen en overbodige bladen uit het werkboek (Bestand > Info) en bewaar het opnieuw.",
        EXIT_REFUSED,
    ),
    "RK106": Entry(
        "fout",
        "dit is geen Excel-werkboek maar {soort}",
        "een .xlsx-bestand",
        "{remedie}",
    ),
    "RK107": Entry(
        "fout",
        "dit is een werkboek in het oude Excel-formaat (.xls)",
        "een .xlsx-bestand",
        "Open het in Excel, kies Opslaan als > Excel-werkmap (.xlsx) en geef dat bestand.",
    ),
    "RK108": Entry(
        "fout",
        "het bestand is versleuteld: er zit een wachtwoord of een vertrouwelijkheidslabel op",
        "een werkboek zonder wachtwoord om te openen",
        "Open het in Excel, kies Bestand > Info > Werkmap beveiligen > Versleutelen met wachtwoord, maak het "
        "wachtwoord leeg en bewaar. Bij een label: kies een label zonder versleuteling.",
        EXIT_REFUSED,
    ),
    "RK109": Entry(
        "fout",
        "dit is een werkboek met macro's (.xlsm)",
        "een werkboek zonder macro's (.xlsx)",
        "Kies in Excel Opslaan als > Excel-werkmap (.xlsx): de macro's vervallen dan. Alleen de naam veranderen "
        "is niet genoeg.",
        EXIT_REFUSED,
    ),
    "RK110": Entry(
        "fout",
        "dit is een binair werkboek (.xlsb); de inhoud daarvan is niet te controleren",
        "een .xlsx-bestand",
        "Open het in Excel, kies Opslaan als > Excel-werkmap (.xlsx) en geef dat bestand.",
        EXIT_REFUSED,
    ),
    "RK111": Entry(
        "fout",
        "het bestand is afgekapt of beschadigd: {wat}",
        "een volledig .xlsx-bestand",
        "Haal het bestand opnieuw op of vraag het opnieuw. Opent Excel het nog, bewaar het dan onder een nieuwe naam.",
    ),
    "RK112": Entry(
        "fout",
        "{wat}",
        "een zip-bestand met alleen de onderdelen van het werkboek",
        "Vertrouw het bestand niet. Vraag de afzender het opnieuw vanuit Excel te bewaren en te sturen.",
        EXIT_REFUSED,
    ),
    "RK113": Entry(
        "fout",
        "dit onderdeel van het zip-bestand overlapt met een ander",
        "onderdelen die elk hun eigen plaats hebben",
        "Vertrouw het bestand niet. Vraag de afzender het opnieuw vanuit Excel te bewaren en te sturen.",
        EXIT_REFUSED,
    ),
    "RK114": Entry(
        "fout",
        "het zip-bestand spreekt zichzelf tegen: {wat}",
        "overal dezelfde namen, plaatsen en groottes",
        "Vertrouw het bestand niet. Vraag de afzender het opnieuw vanuit Excel te bewaren en te sturen.",
        EXIT_REFUSED,
    ),
    "RK115": Entry(
        "fout",
        "dit onderdeel is gecomprimeerd met methode {methode}",
        "methode 0 (geen) of 8 (deflate), zoals Excel schrijft",
        "Bewaar het bestand opnieuw vanuit Excel of LibreOffice als Excel-werkmap (.xlsx) en probeer het nog eens.",
        EXIT_REFUSED,
    ),
    "RK116": Entry(
        "fout",
        "dit onderdeel van het zip-bestand is versleuteld",
        "onderdelen zonder versleuteling",
        "Pak het bestand niet in met een wachtwoord: bewaar het bestand opnieuw vanuit Excel of LibreOffice als "
        "Excel-werkmap (.xlsx) en probeer het nog eens.",
        EXIT_REFUSED,
    ),
    "RK117": Entry(
        "fout",
        "dit onderdeel staat dubbel in het bestand (ook als {ander}); programma's kiezen elk een ander",
        "elk onderdeel één keer, ook los van hoofdletters",
        "Vertrouw het bestand niet. Vraag de afzender het opnieuw vanuit Excel te bewaren en te sturen.",
        EXIT_REFUSED,
    ),
    "RK118": Entry(
        "fout",
        "onveilige naam van een onderdeel: {wat}",
        "een naam als xl/worksheets/sheet1.xml",
        "Vertrouw het bestand niet. Vraag de afzender het opnieuw vanuit Excel te bewaren en te sturen.",
        EXIT_REFUSED,
    ),
    "RK119": Entry(
        "fout",
        "dit onderdeel is beschadigd: {wat}",
        "een onderdeel dat onbeschadigd uit te pakken is",
        "Haal het bestand opnieuw op of vraag het opnieuw. Opent Excel het nog, bewaar het dan onder een nieuwe naam.",
    ),
    "RK120": Entry(
        "fout",
        "het zip-bestand telt {aantal} onderdelen",
        "hooguit {grens} onderdelen",
        "Haal overbodige bladen en afbeeldingen weg en bewaar het opnieuw. Kent u de afzender niet, open het dan niet.",
        EXIT_REFUSED,
    ),
    "RK121": Entry(
        "fout",
        "dit onderdeel wordt uitgepakt {omvang} bytes",
        "hooguit {grens} bytes",
        "Verwijder lege rijen en kolommen onder en naast de gegevens (Ctrl+End laat zien tot waar ze lopen) en "
        "bewaar het opnieuw.",
        EXIT_REFUSED,
    ),
    "RK122": Entry(
        "fout",
        "het bestand wordt uitgepakt {omvang} bytes",
        "hooguit {grens} bytes",
        "Verwijder lege rijen en kolommen en overbodige bladen, en bewaar het opnieuw.",
        EXIT_REFUSED,
    ),
    "RK123": Entry(
        "fout",
        "de inhoud wordt bij uitpakken {factor} keer zo groot, zoals bij een zipbom",
        "hooguit {grens} keer zo groot",
        "Vertrouw het bestand niet. Is het van uzelf: verwijder lege rijen en kolommen en bewaar het opnieuw.",
        EXIT_REFUSED,
    ),
    "RK124": Entry(
        "fout",
        "te veel {wat}",
        "hooguit {grens}",
        "Verwijder lege rijen, kolommen en bladen (Ctrl+End laat zien tot waar ze lopen) en bewaar het opnieuw.",
        EXIT_REFUSED,
    ),
    "RK125": Entry(
        "fout",
        "dit onderdeel bevat een DOCTYPE: daarmee laat een XML-lezer zich bestanden of geheugen ontfutselen",
        "XML zonder DOCTYPE en zonder entiteiten",
        "Vertrouw het bestand niet. Is het onderdeel een svg-afbeelding die u zelf hebt ingevoegd: vervang die "
        "door een png.",
        EXIT_REFUSED,
    ),
    "RK126": Entry(
        "fout",
        "dit onderdeel is geen geldige XML (regel {regel}, kolom {kolom})",
        "geldige XML",
        "Open het bestand in Excel, laat het zo nodig herstellen, bewaar het onder een nieuwe naam en probeer het"
        " nog eens.",
    ),
    "RK127": Entry(
        "fout",
        "dit onderdeel heeft de tekencodering {codering}",
        "UTF-8 of UTF-16, zoals de standaard voorschrijft",
        "Bewaar het bestand opnieuw vanuit Excel of LibreOffice als Excel-werkmap (.xlsx) en probeer het nog eens.",
        EXIT_REFUSED,
    ),
    "RK128": Entry(
        "fout",
        "de lijst van onderdelen, [Content_Types].xml, deugt niet: {wat}",
        "een zip-bestand met de inhoud van een werkboek",
        "Zip een werkboek niet zelf in. Bewaar het bestand opnieuw vanuit Excel of LibreOffice als Excel-werkmap "
        "(.xlsx) en probeer het nog eens.",
    ),
    "RK129": Entry(
        "fout",
        "geen werkboek te vinden in het bestand: {wat}",
        "precies één werkboek",
        "Bewaar het bestand opnieuw vanuit Excel of LibreOffice als Excel-werkmap (.xlsx) en probeer het nog eens.",
    ),
    "RK130": Entry(
        "fout",
        "dit is een werkboek in de variant Strict Open XML",
        "een gewone Excel-werkmap",
        "Open het in Excel, kies Opslaan als > Excel-werkmap (.xlsx), niet 'Strict Open XML-werkblad', en geef "
        "dat bestand.",
    ),
    "RK131": Entry(
        "fout",
        "het blad {blad} staat in de inhoudsopgave maar niet in het bestand",
        "een onderdeel voor elk blad",
        "Open het bestand in Excel, laat het herstellen en bewaar het onder een nieuwe naam.",
    ),
    "RK132": Entry(
        "fout",
        "twee relaties in dit onderdeel hebben hetzelfde nummer; programma's kiezen elk een ander",
        "elk nummer één keer",
        "Bewaar het bestand opnieuw vanuit Excel of LibreOffice als Excel-werkmap (.xlsx) en probeer het nog eens.",
    ),
    "RK140": Entry(
        "fout",
        "het werkboek bevat macro's (VBA)",
        "een werkboek dat niets uit zichzelf doet",
        "Kies in Excel Opslaan als > Excel-werkmap (.xlsx): de macro's vervallen dan.",
        EXIT_REFUSED,
    ),
    "RK141": Entry(
        "fout",
        "het werkboek bevat macro's van de oude soort (Excel 4.0, XLM)",
        "een werkboek dat niets uit zichzelf doet",
        "Verwijder de macrobladen en de namen die bij macro's horen (Formules > Namen beheren) en bewaar als .xlsx.",
        EXIT_REFUSED,
    ),
    "RK142": Entry(
        "fout",
        "het werkboek is gekoppeld aan een ander bestand",
        "een werkboek zonder externe koppelingen",
        "Kies in Excel Gegevens > Koppelingen bewerken > Koppeling verbreken: de waarden blijven staan.",
        EXIT_REFUSED,
    ),
    "RK143": Entry(
        "fout",
        "het werkboek haalt iets van buiten op ({soort}): {doel}",
        "alles in het bestand zelf",
        "Voeg de afbeelding of het object in zonder koppeling, of verwijder het.",
        EXIT_REFUSED,
    ),
    "RK144": Entry(
        "fout",
        "een hyperlink naar iets anders dan een webpagina of mailadres: {doel}",
        "een link met http://, https:// of mailto:, of naar een plek in het werkboek",
        "Verwijder de link (rechtermuisknop > Hyperlink verwijderen) of vervang hem door een webadres.",
        EXIT_REFUSED,
    ),
    "RK145": Entry(
        "fout",
        "een DDE-koppeling, die een ander programma kan starten: {formule}",
        "een werkboek zonder DDE",
        "Vertrouw het bestand niet. Is het van uzelf: vervang de formule door haar waarde.",
        EXIT_REFUSED,
    ),
    "RK146": Entry(
        "fout",
        "een formule met {formule}",
        "functies die alleen met het werkboek zelf rekenen",
        "Vervang de formule door haar waarde (Kopiëren > Plakken speciaal > Waarden).",
        EXIT_REFUSED,
    ),
    "RK147": Entry(
        "fout",
        "het werkboek bevat een ingesloten bestand of object (OLE)",
        "een werkboek dat niets uit zichzelf doet",
        "Verwijder het ingesloten object uit het blad; plak zo nodig een afbeelding.",
        EXIT_REFUSED,
    ),
    "RK148": Entry(
        "fout",
        "het werkboek bevat een ActiveX-besturingselement",
        "een werkboek dat niets uit zichzelf doet",
        "Verwijder het besturingselement (Ontwikkelaars > Ontwerpmodus), of gebruik een formulierbesturingselement.",
        EXIT_REFUSED,
    ),
    "RK149": Entry(
        "fout",
        "het werkboek haalt gegevens op met een query, verbinding of gegevensmodel",
        "een werkboek zonder gegevensverbindingen",
        "Verwijder ze in Excel bij Gegevens > Query's en verbindingen; de opgehaalde waarden blijven staan.",
        EXIT_REFUSED,
    ),
    "RK150": Entry(
        "fout",
        "het werkboek verandert het lint of de werkbalken van Excel (customUI)",
        "een werkboek dat niets uit zichzelf doet",
        "Neem de gegevens over in een leeg werkboek; dit onderdeel is in Excel zelf niet te verwijderen.",
        EXIT_REFUSED,
    ),
    "RK151": Entry(
        "fout",
        "het werkboek start een invoegtoepassing (webextensie)",
        "een werkboek dat niets uit zichzelf doet",
        "Verwijder de invoegtoepassing uit het werkboek (Invoegen > Mijn invoegtoepassingen) en bewaar het opnieuw.",
        EXIT_REFUSED,
    ),
    "RK152": Entry(
        "fout",
        "een formule verwijst naar een ander werkboek: {formule}",
        "formules die alleen naar dit werkboek verwijzen",
        "Kies in Excel Gegevens > Koppelingen bewerken > Koppeling verbreken, of typ de waarde in.",
        EXIT_REFUSED,
    ),
    "RK153": Entry(
        "waarschuwing",
        "een hyperlink naar een werkboek in een andere map of met een andere naam: {doel}",
        "een link naar een plek in het werkboek zelf",
        "Niets, als het de naam van dit werkboek zelf is: LibreOffice schrijft interne links soms zo. Klik er anders "
        "niet op zonder te weten welk bestand het is.",
    ),
    "RK155": Entry(
        "melding",
        "dit blad is verborgen",
        "",
        "Niets. Zichtbaar maken: rechtermuisknop op een tabblad > Zichtbaar maken.",
    ),
    "RK156": Entry(
        "waarschuwing",
        "dit blad is diep verborgen: Excel toont het niet in de lijst van verborgen bladen",
        "bladen die een lezer zelf zichtbaar kan maken",
        "Vraag de afzender wat erop staat; zichtbaar maken kan alleen met de VBA-editor (Alt+F11, eigenschap Visible).",
    ),
    "RK157": Entry(
        "melding",
        "verborgen {wat}: {welke}",
        "",
        "Niets. Zichtbaar maken: selecteer het hele blad, rechtermuisknop op een kop > Zichtbaar maken.",
    ),
    "RK158": Entry(
        "waarschuwing",
        "{aantal} cellen met onzichtbare inhoud: witte letters zonder achtergrond, of een getalnotatie die niets toont",
        "leesbare cellen",
        "Selecteer het hele blad en kies een zwarte letterkleur en de notatie Standaard om te zien wat er staat.",
    ),
    "RK159": Entry(
        "waarschuwing",
        "de naam eindigt niet op .xlsx maar op {extensie}; de inhoud is wel een werkboek",
        "een naam op .xlsx",
        "Geef het bestand een naam op .xlsx, anders opent Excel het niet.",
    ),
    # RK16x: file names made from data (xlsx/filename)
    "RK160": Entry(
        "fout",
        "{namen} geven dezelfde bestandsnaam: {bestandsnaam}",
        "namen die ook zonder hoofdletters, accenten en leestekens verschillen",
        "Geef een van de twee een andere naam, bijvoorbeeld met de provincie erachter.",
    ),
    "RK161": Entry(
        "fout",
        "van de naam {naam} is geen bestandsnaam te maken",
        "een naam met minstens één letter (a–z) of cijfer",
        "Schrijf de naam met gewone letters.",
    ),
    # RK19x: reading a file's contents (xlsx/reader)
    "RK190": Entry(
        "fout",
        "het bestand is niet te lezen als Excel-werkboek: {reden}",
        "een .xlsx-bestand zoals Excel of LibreOffice het bewaart",
        "Open het bestand in Excel, bewaar het opnieuw als Excel-werkmap (.xlsx) en probeer het nog eens.",
    ),
    "RK191": Entry(
        "waarschuwing",
        "de inhoud van de cel is niet te lezen ({wat}); de cel telt als leeg",
        "een getal, tekst, WAAR/ONWAAR, datum of foutwaarde",
        "Typ de waarde van deze cel opnieuw in Excel en bewaar het bestand.",
    ),
    "RK192": Entry(
        "waarschuwing",
        "een gedeelde formule waarvan het begin ontbreekt; de cel telt als zonder formule",
        "een formule in elke cel van de groep",
        "Open het bestand in Excel, kopieer de formule opnieuw over de rij en bewaar het bestand.",
    ),
    "RK193": Entry(
        "melding",
        "de naam verwijst niet naar één cel of één bereik: {tekst}",
        "",
        "Niets, tenzij een mapping deze naam gebruikt: geef de naam dan één bereik (Formules > Namen beheren).",
    ),
    "RK194": Entry(
        "waarschuwing",
        "de naam verwijst naar iets dat niet bestaat: {tekst}",
        "een cel of bereik in dit werkboek",
        "Herstel of verwijder de naam (Formules > Namen beheren).",
    ),
    "RK195": Entry(
        "melding",
        "dit blad is geen werkblad met cellen ({soort}) en is overgeslagen",
        "",
        "Niets: de cellen van de andere bladen zijn gewoon gelezen.",
    ),
    # RK2xx: the mapping file, and a mapping that doesn't fit a workbook (mapping/)
    "RK201": Entry(
        "fout",
        "het bestand kan niet worden gelezen: {reason}",
        "een bestaand, leesbaar bestand",
        "Controleer naam, map en rechten.",
    ),
    "RK202": Entry(
        "fout",
        "een bestand van meer dan {limit}",
        "hoogstens {limit}",
        "Controleer of dit het goede bestand is.",
    ),
    "RK203": Entry(
        "fout",
        "tekens die geen UTF-8 zijn",
        "tekst in UTF-8",
        "Sla het bestand op als UTF-8.",
    ),
    "RK204": Entry(
        "fout",
        "geen leesbare YAML (de lezer meldt: {reason})",
        "een mapping in YAML",
        "Controleer hier de inspringing (spaties, geen tabs), aanhalingstekens en dubbele punten.",
    ),
    "RK205": Entry(
        "fout",
        "de sleutel {key} staat hier voor de tweede keer (eerst op regel {first})",
        "elke sleutel één keer",
        "Verwijder of hernoem een van de twee.",
    ),
    "RK206": Entry(
        "fout",
        "{construct}",
        "gewone blokken, lijsten en waarden",
        "Schrijf de waarden uit.",
    ),
    "RK207": Entry(
        "fout",
        "de onbekende sleutel {key}",
        "een van: {keys}",
        "Verbeter of verwijder deze sleutel.{hint}",
    ),
    "RK208": Entry(
        "fout",
        "`{key}` ontbreekt",
        "`{key}`",
        "Voeg deze sleutel toe.",
    ),
    "RK209": Entry(
        "fout",
        "{found}",
        "{expected}",
        "Schrijf hier {expected}.",
    ),
    "RK210": Entry(
        "fout",
        '"{word}" staat twee keer in de lijst',
        "elk woord één keer (hoofdletters tellen niet mee)",
        "Verwijder de herhaling.",
    ),
    "RK211": Entry(
        "fout",
        '{what} "{word}" is onbekend',
        "{known}",
        "Kies een van de bekende woorden, of voeg dit woord toe waar het hoort.{hint}",
    ),
    "RK212": Entry(
        "fout",
        "min {low} boven max {high}",
        "een min die niet boven de max ligt",
        "Verwissel of verbeter de grenzen.",
    ),
    "RK213": Entry(
        "fout",
        "de standaardwaarde {found}",
        "{expected}",
        "Verbeter de standaardwaarde, de grenzen of de keuzes; een percentage is hier een fractie: 0.15 is 15 %.",
    ),
    "RK214": Entry(
        "fout",
        "de onbekende invulplek {name}",
        "{expected}",
        "Gebruik een van de toegestane invulplekken.{hint}",
    ),
    "RK215": Entry(
        "fout",
        "`{first}` en `{second}`, die niet samengaan",
        "een van beide",
        "Verwijder of verander een van de twee.",
    ),
    "RK216": Entry(
        "fout",
        "{target} hoort bij {first} én bij {second}",
        "een eigen cel of naam voor elk",
        "Verbeter het adres, of zet de ontbrekende invulplek in het patroon.",
    ),
    "RK217": Entry(
        "fout",
        "`verplicht: true`, terwijl `leeg` zegt wat een lege cel betekent",
        "een van beide",
        "Verwijder `leeg`, of maak het veld niet verplicht.",
    ),
    "RK218": Entry(
        "fout",
        "de as `{axis}` staat er meer dan eens",
        "elke as één keer, onder kruis, regels, vast, rijen of kolommen",
        "Verwijder de as waar zij niet hoort.",
    ),
    "RK219": Entry(
        "fout",
        "de rij {row} staat ook in `{other}`",
        "elke rij van de resultatentabel één keer",
        "Laat elke uitkomst in één resultaat staan.",
    ),
    "RK220": Entry(
        "fout",
        "de kolommen {found}",
        "{expected}",
        "Geef de CSV precies deze kolommen, met komma's ertussen.",
    ),
    "RK221": Entry(
        "fout",
        "{found}",
        "{expected}",
        "Verbeter deze cel van de CSV; gebruik in dit bestand een decimale punt.",
    ),
    "RK222": Entry(
        "fout",
        "{kengetal} heeft al een waarde per {day} (rij {first})",
        "één waarde per kengetal en datum",
        "Verwijder een van de twee rijen.",
    ),
    "RK223": Entry(
        "fout",
        "het kengetal {kengetal} heeft geen waarden in de CSV",
        "minstens één rij",
        "Voeg een rij toe aan de CSV.{hint}",
    ),
    "RK224": Entry(
        "fout",
        "het kengetal {kengetal} staat niet in de mapping",
        "een kengetal uit `lijst`",
        "Voeg het toe aan `lijst`, desnoods met `gebruikt: false`.{hint}",
    ),
    "RK225": Entry(
        "fout",
        '"{target}"',
        "een adres als {example}, of een naam als in_voorbeeld",
        "Schrijf werkblad!cel (een bladnaam met spaties tussen enkele aanhalingstekens), of een naam "
        "die in Excel kan bestaan.",
    ),
    "RK226": Entry(
        "fout",
        'de naam "{word}"',
        "kleine letters, cijfers en _, te beginnen met een letter",
        "Kies een naam als aantal_studenten.",
    ),
    "RK227": Entry(
        "fout",
        '"{text}", met stuurtekens',
        "gewone tekst",
        "Verwijder de stuurtekens.",
    ),
    "RK228": Entry(
        "fout",
        'een losse accolade in "{pattern}"',
        "invulplekken als {{geval}}",
        "Sluit elke {{ met een }}.",
    ),
    "RK229": Entry(
        "fout",
        "het bereik {target}",
        "één cel",
        "Noem één cel.",
    ),
    "RK230": Entry(
        "fout",
        "het werkblad {sheet} ontbreekt",
        "een werkblad met deze naam",
        "Controleer of dit het goede werkboek is, en of het blad is hernoemd.{hint}",
    ),
    "RK231": Entry(
        "fout",
        "de naam {name} ontbreekt, of verwijst niet naar één bereik",
        "deze naam in het werkboek",
        "Controleer of dit het goede werkboek is (Formules > Namen beheren).{hint}",
    ),
    "RK232": Entry(
        "fout",
        "{target}, dat {width} kolommen en {height} rijen beslaat",
        "één cel",
        "Laat de naam naar één cel verwijzen.",
    ),
    "RK233": Entry(
        "fout",
        "de formule {formula} in {address}",
        "een invoercel zonder formule",
        "Herstel de invoercel, of verbeter het adres in de mapping.",
    ),
    "RK234": Entry(
        "fout",
        '"{found}" in {address}',
        'het label "{label}"',
        "Controleer of rijen zijn verschoven; maak daarna label en mapping gelijk.",
    ),
    "RK235": Entry(
        "fout",
        "{address} hoort bij {first} én bij {second}",
        "een eigen cel voor elk veld",
        "Verbeter een van de namen of adressen.",
    ),
    "RK236": Entry(
        "fout",
        "{target}, dat {width} kolommen en {height} rijen beslaat",
        "{columns} kolommen en {rows} rijen, zoals de assen",
        "Maak het bereik en de assen even groot.",
    ),
    "RK237": Entry(
        "fout",
        "{name} verwijst naar {reference}",
        "een cel of een bereik op een werkblad",
        "Herstel de naam in het werkboek (Formules > Namen beheren).",
    ),
    "RK238": Entry(
        "fout",
        "een resultaat van {size} cellen",
        "hoogstens {limit} cellen",
        "Controleer de lijsten onder `kruis`, `regels`, `rijen` en `kolommen`.",
    ),
    "RK239": Entry(
        "fout",
        "de as `regel` ontbreekt",
        "een regel voor elke uitkomst",
        "Voeg toe: `vast: {{regel: naam_van_de_uitkomst}}`.",
    ),
    "RK240": Entry(
        "fout",
        "{count} assen onder `{key}`",
        "precies één as",
        "Houd één as over; zet de andere onder `kruis`.",
    ),
    "RK241": Entry(
        "fout",
        '`soort: {kind}`, met in de CSV de eenheid "{unit}"',
        "`soort: percentage`, en in elke rij een eenheid die met % begint",
        "Maak soort en eenheid gelijk.",
    ),
    "RK242": Entry(
        "fout",
        "de waarde {value} in rij {row} van de CSV",
        "{bounds}",
        "Verbeter de waarde of de grenzen.",
    ),
    "RK243": Entry(
        "fout",
        'het volledige pad "{path}"',
        "een pad vanaf de map van de mapping",
        "Zet het bestand naast de mapping en noem alleen zijn naam.",
    ),
    "RK244": Entry(
        "fout",
        "een rij die geen CSV is (de lezer meldt: {reason})",
        "velden met komma's ertussen",
        "Zet tekst met komma's tussen dubbele aanhalingstekens, en sluit die.",
    ),
    "RK245": Entry(
        "fout",
        "{found} velden",
        "{expected} velden",
        "Zet tekst met komma's tussen dubbele aanhalingstekens.",
    ),
    "RK246": Entry(
        "fout",
        "{found}",
        "`formaat: {expected}`",
        "Gebruik een versie van de rekentool die dit formaat kent.",
    ),
    "RK247": Entry(
        "fout",
        '"{found}"',
        "sha256: met 64 hexadecimale cijfers",
        "Laat de vingerafdruk opnieuw berekenen.",
    ),
    "RK248": Entry(
        "fout",
        '"{found}"',
        "de letters van een kolom, als A",
        "Schrijf alleen de kolomletters.",
    ),
    "RK249": Entry(
        "fout",
        "`{field}`, dat geen naam van een regio kan zijn",
        "een verplicht tekstveld met één waarde",
        "Geef dat veld `soort: tekst` en `verplicht: true`, zonder `gevallen`.",
    ),
    "RK250": Entry(
        "fout",
        "de naam `{field}`, die al de eigen waarde van een kengetal is",
        "een vrije naam",
        "Kies een andere naam.",
    ),
    "RK251": Entry(
        "fout",
        "een som noemt het veld {field}, dat er niet is",
        "de naam van een veld onder velden",
        "Verbeter de naam.{hint}",
    ),
    "RK252": Entry(
        "fout",
        "het veld {field} kan niet in deze som: het is geen getal, of het heeft andere gevallen dan het eerste veld",
        "getallen, percentages of bedragen met dezelfde gevallen",
        "Haal het veld uit de som of verbeter het veld.",
    ),
    # RK3xx: values and regions tables (mapping/values, regions)
    "RK301": Entry(
        "fout",
        '"{found}"',
        "{expected}",
        "Typ de waarde opnieuw, zonder andere tekens.",
    ),
    "RK302": Entry(
        "fout",
        '"{found}": dat kan duizendtallen of decimalen zijn',
        "een getal dat maar één uitleg heeft",
        "Schrijf {thousands}, of {decimals}.",
    ),
    "RK303": Entry(
        "fout",
        "{found} bij een percentage",
        "een percentage met %, of een fractie als 0,125",
        "Schrijf {percent}% of {fraction} als u {percent} procent bedoelt.",
    ),
    "RK304": Entry(
        "fout",
        "{found}",
        "een geheel getal voor {label}",
        "Rond de waarde af.",
    ),
    "RK305": Entry(
        "fout",
        '"{found}"',
        "een bestaande datum vanaf 1900, zonder tijd",
        "Schrijf dag-maand-jaar (1-8-2026) of jaar-maand-dag (2026-08-01).",
    ),
    "RK306": Entry(
        "fout",
        '"{found}"',
        "{choices}",
        "Vul {choices} in.{hint}",
    ),
    "RK307": Entry(
        "fout",
        '"{found}"',
        "een van: {choices}",
        "Kies een van deze waarden.{hint}",
    ),
    "RK308": Entry(
        "fout",
        '"{found}", met het teken {character}',
        "gewone tekst voor {label}",
        "Verwijder dat teken (vaak een tab of een regeleinde).",
    ),
    "RK309": Entry(
        "fout",
        "een tekst van {length} tekens",
        "hoogstens {limit} tekens, zoals een cel kan bevatten",
        "Kort de tekst in.",
    ),
    "RK310": Entry(
        "fout",
        "{found}",
        "{label}: {bounds}",
        "Vul een waarde binnen deze grenzen in.",
    ),
    "RK311": Entry(
        "fout",
        "niets",
        "een waarde voor {label}",
        "Vul deze cel in.",
    ),
    "RK312": Entry(
        "fout",
        "de foutwaarde {error}",
        "{expected}",
        "Vervang de foutwaarde door een waarde, of maak de cel leeg.",
    ),
    "RK313": Entry(
        "fout",
        "{found}",
        "een getal dat een cel precies kan bevatten",
        "Vul een gewoon getal in.",
    ),
    "RK314": Entry(
        "fout",
        "{found}",
        "een voluit geschreven getal",
        "Geef de kolom in het rekenblad een gewone getalnotatie en sla opnieuw op: deze notatie laat cijfers weg.",
    ),
    "RK315": Entry(
        "fout",
        "de logische waarde {found}",
        "{expected}",
        "Typ de waarde, of kies haar uit de lijst.",
    ),
    "RK316": Entry(
        "fout",
        'de tekst "{found}"',
        "{expected}",
        "Typ de waarde opnieuw als getal of datum: tekst telt in Excel niet mee.",
    ),
    "RK317": Entry(
        "fout",
        "het getal {found}",
        "een van: {choices}",
        "Kies een van deze waarden.",
    ),
    "RK318": Entry(
        "fout",
        "{found}",
        "{expected}",
        "Geef een waarde van deze soort.",
    ),
    "RK319": Entry(
        "fout",
        "{label}{geval} telt op tot {som}",
        "samen {verwacht}",
        "Verbeter de waarden van {velden}.",
    ),
    "RK330": Entry(
        "fout",
        "het bestand kan niet worden gelezen: {reason}",
        "een regiotabel als .csv of .xlsx",
        "Controleer naam, map en rechten.",
    ),
    "RK331": Entry(
        "fout",
        "een bestand van meer dan {limit}",
        "hoogstens {limit}",
        "Splits de tabel.",
    ),
    "RK332": Entry(
        "fout",
        'een bestand dat eindigt op "{suffix}"',
        "een regiotabel als .csv of .xlsx",
        "Sla de tabel op als CSV (UTF-8) of als xlsx.",
    ),
    "RK333": Entry(
        "fout",
        "een tabel zonder kopregel of zonder regio's",
        "een kopregel en minstens één regio",
        "Vul de tabel.",
    ),
    "RK334": Entry(
        "fout",
        'de onbekende kolom "{column}"',
        "een veld, of veld.geval",
        "Verbeter of verwijder deze kolom.{hint}",
    ),
    "RK335": Entry(
        "fout",
        '"{column}" is dezelfde kolom als "{first}"',
        "elke kolom één keer",
        "Verwijder een van de twee.",
    ),
    "RK336": Entry(
        "fout",
        'het geval "{case}" bij {field}',
        "{expected}",
        "Verbeter of verwijder deze kolom.{hint}",
    ),
    "RK337": Entry(
        "fout",
        'de kolom "{column}" past bij {fields}',
        "een kop met één betekenis",
        "Gebruik als kop de naam van het veld in plaats van het label.",
    ),
    "RK338": Entry(
        "fout",
        "geen kolom {column}",
        "een kolom met de naam van elke regio",
        "Voeg de kolom {column} toe.",
    ),
    "RK339": Entry(
        "fout",
        "{found} velden",
        "{expected} velden, zoals de kopregel",
        "Controleer scheidingstekens en aanhalingstekens in deze rij.",
    ),
    "RK340": Entry(
        "fout",
        "de regio {name} staat ook in rij {first}",
        "elke regio één keer",
        "Geef de regio's verschillende namen, of verwijder een rij.",
    ),
    "RK341": Entry(
        "fout",
        "meer dan {limit} rijen",
        "hoogstens {limit} regio's",
        "Splits de tabel.",
    ),
    "RK342": Entry(
        "fout",
        "de formule {formula}",
        "een vaste waarde",
        "Plak de kolom als waarden.",
    ),
    "RK343": Entry(
        "fout",
        '"{found}" onder een lege kop',
        "een kop boven elke gevulde kolom",
        "Geef de kolom een kop, of maak haar leeg.",
    ),
    "RK344": Entry(
        "fout",
        "een werkboek dat niet als tabel te lezen is ({reason})",
        "een xlsx met de tabel op het eerste werkblad",
        "Open het bestand in Excel en sla het opnieuw op, of maak er een CSV van.",
    ),
    "RK345": Entry(
        "fout",
        "de mapping heeft geen veld {column} voor de naam van de regio",
        "`werkboek.regio_veld` met een verplicht tekstveld",
        "Vul `regio_veld` in de mapping in.",
    ),
    "RK346": Entry(
        "waarschuwing",
        "tekst die geen UTF-8 is, gelezen als Windows-1252",
        "UTF-8",
        "Controleer namen met accenten; sla de tabel op als CSV UTF-8.",
    ),
    "RK347": Entry(
        "fout",
        "tekst in een onbekende codering",
        "een CSV in UTF-8",
        "Sla de tabel op als CSV UTF-8.",
    ),
    "RK348": Entry(
        "fout",
        "een rij die geen CSV is (de lezer meldt: {reason})",
        "velden met hetzelfde scheidingsteken ertussen",
        "Sluit aanhalingstekens, en schrijf een aanhalingsteken in tekst dubbel.",
    ),
    "RK350": Entry(
        "fout",
        "geen kolom {column}",
        "een kolom voor {label}: dat is verplicht, en het lege werkboek heeft er geen waarde voor",
        "Voeg de kolom {column} toe.",
    ),
    "RK349": Entry(
        "fout",
        "de datum {found}",
        "{expected}",
        "Excel maakte er een datum van: typ de waarde opnieuw in een cel met de notatie Standaard of Tekst.",
    ),
    # RK4xx: engines (engine/)
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
    # RK5xx: checking a filled workbook (check)
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
    # RK6xx: writing (xlsx/patch, fill, output)
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
        ".csv of .xlsx",
        "Kies een bestandsnaam die eindigt op .csv of .xlsx.",
        EXIT_USAGE,
    ),
    "RK642": Entry(
        "fout",
        "de tabel heeft meer rijen dan op een Excel-blad passen",
        "ten hoogste {rijen} rijen",
        "Schrijf de tabel als .csv, of gebruik --regels totalen.",
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
}
