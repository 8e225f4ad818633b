"""RK81x: reading what comes back (`jobs/collect`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_FINDINGS, EXIT_OK, Entry

COLLECTING: dict[str, Entry] = {
    "RK810": Entry(
        "fout",
        "hier is geen werkboek gevonden",
        "een .xlsx, een map met .xlsx-bestanden, of een patroon als terug/*.xlsx",
        "Controleer de naam. Verborgen bestanden en bestanden die met ~$ beginnen, tellen niet mee.",
    ),
    "RK811": Entry(
        "waarschuwing",
        "dubbel: {wat} als {ander}; het telt één keer",
        "elke regio één keer",
        "U hoeft niets te doen. Met --alle-versies komt ook dit bestand in de tabel.",
        EXIT_OK,
    ),
    "RK812": Entry(
        "waarschuwing",
        "oudere versie: bewaard op {wanneer}; {ander} heeft dezelfde regio en is van {later}",
        "van elke regio alleen het nieuwste bestand",
        "Controleer of de nieuwste de goede is. Met --alle-versies komt ook dit bestand in de tabel.",
        EXIT_FINDINGS,
    ),
    "RK813": Entry(
        "fout",
        "het bestand is gemaakt met een ouder sjabloon (versie {versie}); het staat niet in de tabel",
        "een bestand van de huidige versie",
        "Zet het over met: rekentool overzetten. Lees daarna het nieuwe bestand.",
    ),
    "RK814": Entry(
        "waarschuwing",
        "onvolledig: {wat}",
        "een naam van de regio en geldige waarden in alle verplichte invulcellen",
        "Vraag de regio om een aanvulling. De uitkomsten staan wel in de tabel.",
        EXIT_FINDINGS,
    ),
}
