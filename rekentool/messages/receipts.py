"""RK73x: receipts beside results (`jobs/receipt`, `jobs/verify`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_FINDINGS, EXIT_UNCHECKED, EXIT_USAGE, Entry

RECEIPTS: dict[str, Entry] = {
    "RK730": Entry(
        "fout",
        "het bewijs is niet te lezen: {reden}",
        "een bewijs zoals de rekentool het schrijft",
        "Zet het bewijs terug dat bij het bestand is gemaakt, of haal het weg en maak het resultaat opnieuw.",
        EXIT_FINDINGS,
    ),
    "RK731": Entry(
        "fout",
        "in het bewijs zelf is iets gewijzigd: het controlegetal klopt niet met de inhoud",
        "een bewijs zoals de rekentool het schreef",
        "Vertrouw dit bewijs niet. Zet het oorspronkelijke terug, of haal het weg en maak het resultaat opnieuw.",
        EXIT_FINDINGS,
    ),
    "RK732": Entry(
        "melding",
        "sinds het bewijs van {datum} zijn {aantal} ingevulde waarden gewijzigd: {waarden}",
        "",
        "Gewoon voor een werkboek dat is ingevuld. Verwachtte u geen wijziging, vraag dan wie het bestand had.",
    ),
    "RK733": Entry(
        "waarschuwing",
        "{aantal} van de {alle} uitkomsten in het bewijs zijn anders, terwijl de invoer dezelfde is: {waarden}",
        "de uitkomsten van het bewijs van {datum}",
        "Bekijk de andere bevindingen, of ververs het bestand met: rekentool ververs {bestand}",
        EXIT_FINDINGS,
    ),
    "RK734": Entry(
        "fout",
        'SOURCE_DATE_EPOCH is "{waarde}"',
        "een aantal seconden sinds 1970, als 1767225600",
        "Verbeter deze omgevingsvariabele, of haal haar weg.",
        EXIT_USAGE,
    ),
    "RK735": Entry(
        "waarschuwing",
        "het bewijs is gemaakt met {wat}",
        "{verwacht}",
        "Maak het resultaat opnieuw als u met de huidige versie wilt rekenen; anders hoeft u niets te doen.",
    ),
    "RK736": Entry(
        "melding",
        "met de wijzigingen zijn {aantal} van de {alle} uitkomsten in het bewijs veranderd: {waarden}",
        "",
        "Gewoon voor een werkboek waarin invoer is gewijzigd.",
    ),
    "RK737": Entry(
        "fout",
        "het bestand is na {datum} gewijzigd of vervangen: zijn hash is een andere dan die in het bewijs",
        "het bestand zoals `{opdracht}` het schreef",
        "Gebruik het bestand niet als uitkomst van de rekentool; maak het opnieuw met: rekentool {opdracht}",
        EXIT_FINDINGS,
    ),
    "RK738": Entry(
        "fout",
        "bij deze tabel staat geen bewijs, en zonder is een tabel niet te controleren",
        "{bewijs} in dezelfde map",
        "Zet het bewijs erbij, of maak de tabel opnieuw met reken of lees.",
        EXIT_UNCHECKED,
    ),
    "RK739": Entry(
        "melding",
        "het bestand is na het bewijs van {datum} opnieuw bewaard; invoer en uitkomsten zijn die van het bewijs",
        "",
        "U hoeft niets te doen.",
    ),
}
