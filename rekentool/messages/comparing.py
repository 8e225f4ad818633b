"""RK70x: comparing two workbooks (`jobs/compare`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_OK, EXIT_UNCHECKED, Entry

COMPARING: dict[str, Entry] = {
    "RK701": Entry(
        "waarschuwing",
        "de mapping past op geen van beide werkboeken, dus invoer en resultaten zijn niet vergeleken ({reden})",
        "werkboeken die gemaakt zijn van: {titel}",
        "De rest is wel vergeleken. Horen de werkboeken bij een andere mapping, noem die dan met --mapping.",
        EXIT_UNCHECKED,
    ),
    "RK702": Entry(
        "melding",
        "de mapping past niet op dit werkboek ({reden}); de plaats van invoer en resultaten is afgeleid van het andere",
        "",
        "Niets, als dit een oudere of nieuwere versie is. Past de mapping op geen van beide zoals het hoort, noem dan"
        " de goede met --mapping.",
        EXIT_OK,
    ),
    "RK703": Entry(
        "waarschuwing",
        "resultaten die niet vergeleken zijn: {aantal}; het eerste is {resultaat}: {reden}",
        "resultaten die in beide werkboeken uit te rekenen zijn",
        "Vergelijk deze resultaten in Excel: open beide bestanden en kijk in de genoemde cellen.",
        EXIT_UNCHECKED,
    ),
    "RK704": Entry(
        "melding",
        "LibreOffice heeft dit bestand zonder venster omgezet: titelblokkering, rasterlijnen en tabkleuren zijn van"
        " alle bladen weg en niet vergeleken",
        "",
        "Niets. Wilt u ze terug, ga dan uit van het oorspronkelijke bestand.",
        EXIT_OK,
    ),
    "RK705": Entry(
        "melding",
        "er zijn meer dan {aantal} wijzigingen om elk apart door te rekenen",
        "",
        "Kijk bij resultaten wat alle wijzigingen samen doen, of vergelijk in stappen: een kopie met een deel ervan.",
        EXIT_OK,
    ),
}
