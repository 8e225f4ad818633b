"""RK72x: why a number is what it is (`jobs/explain`, `jobs/touch`, `jobs/place`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, EXIT_USAGE, Entry

EXPLAINING: dict[str, Entry] = {
    "RK720": Entry(
        "fout",
        'geen cel, naam, veld, kengetal, controle of uitkomst die "{plaats}" heet',
        "een cel als Resultaat!C9, een naam of veld als aantal_studenten.bbl1, of een uitkomst als saldo.gemeente.bol2",
        "Controleer de spelling, of noem het blad en de cel.{hint}",
        EXIT_USAGE,
    ),
    "RK721": Entry(
        "fout",
        '"{plaats}" kan {aantal} cellen zijn: {kandidaten}',
        "één cel",
        "Noem een van deze cellen, of maak de plaats preciezer.",
        EXIT_USAGE,
    ),
    "RK722": Entry(
        "fout",
        'het werkboek heeft geen blad "{blad}"',
        "een van de bladen: {bladen}",
        "Controleer de naam van het blad.{hint}",
        EXIT_USAGE,
    ),
    "RK723": Entry(
        "fout",
        '"{plaats}" is geen cel, maar {wat}',
        "één cel, zoals Resultaat!C9",
        "Noem een van de cellen zelf.",
        EXIT_USAGE,
    ),
    "RK724": Entry(
        "fout",
        "opgeslagen waarden in deze uitleg die anders zijn dan de herberekening: {aantal}; hier staat {staat}",
        "{berekend}",
        "De uitleg gaat over de herberekende waarden. Zet die in het bestand met: rekentool ververs.",
        EXIT_FINDINGS,
    ),
    "RK725": Entry(
        "fout",
        "de waarde is niet te controleren: {reden}",
        "een cel die de rekentool kan uitrekenen",
        "De boom laat zien wat de formule leest, zonder aandelen. Kijk in Excel wat de waarde is.",
        EXIT_UNCHECKED,
    ),
    "RK726": Entry(
        "melding",
        "er is niets veranderd om de invloed te meten: {reden}",
        "",
        "Er staat alleen wat van de cel afhangt. Vul een waarde in om te zien hoe sterk.",
        EXIT_OK,
    ),
    "RK727": Entry(
        "melding",
        "geen enkele uitkomst of controle hangt van deze cel af",
        "",
        "Vraag het van een cel die de berekening gebruikt; wat een uitkomst gebruikt, zegt leg-uit zonder --raakt.",
        EXIT_OK,
    ),
    "RK728": Entry(
        "fout",
        "formules, vaste waarden, namen of bladen die anders zijn dan in het sjabloon: {aantal}; de eerste staat hier",
        "de formules en vaste waarden van het sjabloon",
        "De uitleg gaat over het werkboek zoals het nu is. Bekijk de verschillen met: rekentool controleer.",
        EXIT_FINDINGS,
    ),
}
