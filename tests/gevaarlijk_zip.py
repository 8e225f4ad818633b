"""Workbooks whose zip is broken, ambiguous, or holds more than a reader can bear: one fault each."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from gevaarlijk_bouw import MAIN, Fout, blad, formule, onderdelen, werkboek, xml

from rekentool.xlsx.limits import LIMITS, Limits

FOUTEN: dict[str, Fout] = {}


def fout(
    code: str, plaats: str = "", bestand: str = "werkboek.xlsx", grenzen: Limits = LIMITS
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(maak: Callable[[], bytes]) -> Callable[[], bytes]:
        FOUTEN[maak.__name__] = Fout(maak, code, plaats, bestand, grenzen)
        return maak

    return register


# ── the zip ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Lid:
    """One member as raw header fields, so that any of them can lie; None takes the true value."""

    naam: bytes
    inhoud: bytes
    methode: int = 0
    vlag: int = 0
    crc: int | None = None
    omvang: int | None = None
    gepakt: bytes | None = None
    versie: int = 20
    lokale_omvang: int | None = None
    lokale_naam: bytes | None = None
    extra: bytes = b""
    ervoor: bytes = b""
    staart: bytes = b""


def zip_van(
    leden: Iterable[Lid], voor_de_lijst: bytes = b"", aantal: int | None = None, slot: bytes | None = None
) -> bytes:
    """A zip written byte by byte (PKWARE APPNOTE 4.3)."""
    body, directory, count = bytearray(), bytearray(), 0
    for lid in leden:
        body += lid.ervoor
        packed = lid.inhoud if lid.gepakt is None else lid.gepakt
        crc = zlib.crc32(lid.inhoud) if lid.crc is None else lid.crc
        size = len(lid.inhoud) if lid.omvang is None else lid.omvang
        local_size = size if lid.lokale_omvang is None else lid.lokale_omvang
        local_name = lid.naam if lid.lokale_naam is None else lid.lokale_naam
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, lid.versie, lid.vlag, lid.methode, 0, 0x5D01, crc, len(packed), size,
            len(lid.naam), len(lid.extra), 0, 0, 0, 0, len(body),
        )  # fmt: skip
        directory += lid.naam + lid.extra
        body += struct.pack(
            "<4s5H3L2H",
            b"PK\3\4",
            20,
            lid.vlag,
            lid.methode,
            0,
            0x5D01,
            crc,
            len(packed),
            local_size,
            len(local_name),
            0,
        )
        body += local_name + packed + lid.staart
        count += 1
    body += voor_de_lijst
    start = len(body)
    count = count if aantal is None else aantal
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0) if slot is None else slot
    return bytes(body + directory + end)


def leden() -> list[Lid]:
    return [Lid(name.encode(), content) for name, content in onderdelen().items()]


def deflate(inhoud: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(inhoud) + packer.flush()


def herhaald(blok: bytes, keren: int) -> bytes:
    """The deflate stream of a block, many times over, made without inflating it: full flushes may be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(blok) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * keren + packer.flush()


def rommel(lid: Lid) -> bytes:
    return zip_van([*leden(), lid])


@fout("RK111")
def afgekapt_halverwege() -> bytes:
    data = werkboek()
    return data[: len(data) // 2]


@fout("RK111")
def afgekapt_in_het_slot() -> bytes:
    return werkboek()[:-5]


@fout("RK111")
def begin_ontbreekt_in_de_lijst() -> bytes:
    data = werkboek()
    return data.replace(b"PK\1\2", b"PK\1\3", 1)


@fout("RK112")
def gegevens_na_het_slot() -> bytes:
    return werkboek() + b"#!/bin/sh\n"


@fout("RK112")
def gegevens_ervoor() -> bytes:
    return b"PK-iets anders" + werkboek()


@fout("RK112", "_rels/.rels")
def gegevens_tussen_de_onderdelen() -> bytes:
    parts = leden()
    parts[1].ervoor = b"verstopt in het gat tussen twee onderdelen"
    return zip_van(parts)


@fout("RK112")
def gegevens_voor_de_lijst() -> bytes:
    return zip_van(leden(), voor_de_lijst=b"verstopt")


@fout("RK112", "[Content_Types].xml")
def gegevens_voor_het_eerste_onderdeel() -> bytes:
    parts = leden()
    parts[0].ervoor = b"PKverstopt"
    return zip_van(parts)


@fout("RK113", "xl/media/binnen.png")
def overlappende_onderdelen() -> bytes:
    inner = zip_van([Lid(b"xl/media/binnen.png", b"abc")])
    local = inner[: inner.index(b"PK\1\2")]
    data = zip_van([*leden(), Lid(b"xl/media/buiten.png", local)])
    directory = data.index(b"PK\1\2")
    entry = bytearray(inner[inner.index(b"PK\1\2") : inner.index(b"PK\5\6")])
    entry[42:46] = struct.pack("<L", data.index(local, data.index(b"xl/media/buiten.png")))
    entries = data[directory : data.index(b"PK\5\6")] + bytes(entry)
    count = len(leden()) + 2
    return (
        data[:directory] + entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(entries), directory, 0)
    )


@fout("RK114", "xl/media/a.png")
def grootte_in_de_kop_verschilt() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", lokale_omvang=2))


@fout("RK114", "xl/media/a.png")
def naam_in_de_kop_verschilt() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", lokale_naam=b"xl/media/b.png"))


@fout("RK114", "xl/media/a.png")
def meer_inhoud_dan_aangekondigd() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"a" * 50, methode=8, gepakt=deflate(b"a" * 5_000)))


@fout("RK114", "xl/media/a.png")
def minder_inhoud_dan_aangekondigd() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"a" * 5_000, methode=8, gepakt=deflate(b"a" * 50)))


@fout("RK114", "xl/media/a.png")
def andere_naam_in_een_extra_veld() -> bytes:
    alias = b"\1" + struct.pack("<L", zlib.crc32(b"xl/media/a.png")) + b"xl/workbook.xml"
    return rommel(Lid(b"xl/media/a.png", b"abc", extra=struct.pack("<2H", 0x7075, len(alias)) + alias))


@fout("RK114", "xl/media/a.png")
def versie_van_zip_die_er_niet_is() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", versie=64))


@fout("RK114", "xl/media/a.png")
def zip64_zonder_de_grootte() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", omvang=0xFFFFFFFF))


@fout("RK114")
def zip64_slot_spreekt_het_slot_tegen() -> bytes:
    data = werkboek()
    at = data.index(b"PK\5\6")
    (*_, count, size, start, _) = struct.unpack("<4s4H2LH", data[at:])
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count - 1, count - 1, size, start)
    return data[:at] + end64 + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1) + data[at:]


@fout("RK114")
def lijst_langer_dan_het_aantal() -> bytes:
    return zip_van(leden(), aantal=len(leden()) - 1)


@fout("RK115", "xl/media/a.png")
def methode_bzip2() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", methode=12))


@fout("RK116", "xl/media/a.png")
def versleuteld_onderdeel() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", vlag=1))


def dubbel(name: str, *namen: str) -> None:
    FOUTEN[name] = Fout(
        lambda: zip_van([*leden(), *(Lid(n.encode(), b"abc", vlag=0x800) for n in namen)]), "RK117", namen[-1][:8]
    )


dubbel("dubbel_onderdeel", "xl/media/a.png", "xl/media/a.png")
dubbel("dubbel_op_hoofdletters_na", "xl/media/a.png", "xl/Media/A.png")
dubbel("dubbel_in_unicode_vorm", "xl/media/café.png", "xl/media/cafe\u0301.png")
dubbel("dubbel_met_procenttekens", "xl/media/a.png", "xl/media/%61.png")
FOUTEN["map_en_bestand_met_een_naam"] = Fout(
    lambda: zip_van([*leden(), Lid(b"xl/media/a.png", b"abc"), Lid(b"xl/media/a.png/", b"")]),
    "RK117",
    "xl/media/a.png/",
)

for _name, _member in {
    "naam_met_puntpunt": "../buiten.png",
    "naam_met_puntpunt_midden": "xl/../../buiten.png",
    "naam_met_puntpunt_als_procenttekens": "xl/%2e%2e/%2e%2e/buiten.png",
    "naam_absoluut": "/etc/passwd",
    "naam_met_schijfletter": "C:/Windows/a.png",
    "naam_met_backslash": "xl\\media\\a.png",
    "naam_met_stream": "xl/media/a.png:verborgen",
    "naam_met_stuurteken": "xl/media/a\x1b[2J.png",
    "naam_met_nul": "xl/workbook.xml\0.png",
    "naam_met_omgekeerde_leesrichting": "xl/media/\u202egnp.exe",
    "naam_met_punt_erachter": "xl/media/a.png.",
    "naam_met_leeg_deel": "xl//media/a.png",
    "naam_leeg": "",
    "naam_in_stukken": "xl/media/a.png/[0].piece",
}.items():
    FOUTEN[_name] = Fout(partial(rommel, Lid(_member.encode(), b"abc", vlag=0x800)), "RK118")


@fout("RK119", "xl/media/a.png")
def controlesom_fout() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", crc=1))


@fout("RK119", "xl/media/a.png")
def inhoud_beschadigd() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", methode=8, gepakt=b"\xff\xff\xff\xff"))


@fout("RK119", "xl/media/a.png")
def inhoud_afgekapt() -> bytes:
    whole = bytes(range(256)) * 8
    return rommel(Lid(b"xl/media/a.png", whole, methode=8, gepakt=deflate(whole)[:-20]))


@fout("RK119", "xl/media/a.png")
def gegevens_na_de_inhoud() -> bytes:
    return rommel(Lid(b"xl/media/a.png", b"abc", methode=8, gepakt=deflate(b"abc") + b"verstopt"))


# ── too much ──────────────────────────────────────────────────────────────────────────────────────────────────────


@fout("RK120")
def te_veel_onderdelen() -> bytes:
    return zip_van([*leden(), *(Lid(b"xl/media/%d.png" % i, b"") for i in range(LIMITS.members))])


def bom(naam_: str, keren: int, aangekondigd: int | None = None, blok: bytes = bytes(1024 * 1024)) -> Lid:
    """A member that inflates to many times the block, whose checksum nobody gets to see."""
    size = keren * len(blok) if aangekondigd is None else aangekondigd
    return Lid(naam_.encode(), b"", methode=8, omvang=size, gepakt=herhaald(blok, keren))


def _gewone_verhouding(naam_: str, keren: int) -> Lid:
    lid = bom(naam_, keren)
    # Stored rubbish at the end keeps the ratio low; nothing of it is read.
    lid.gepakt = (lid.gepakt or b"") + bytes(len(lid.gepakt or b"") * 10)
    return lid


@fout("RK121", "xl/media/groot.png")
def onderdeel_te_groot() -> bytes:
    return rommel(_gewone_verhouding("xl/media/groot.png", 101))


@fout("RK122")
def samen_te_groot() -> bytes:
    return zip_van([*leden(), *(_gewone_verhouding(f"xl/media/{i}.png", 70) for i in range(3))])


@fout("RK123", "xl/worksheets/sheet2.xml")
def zipbom() -> bytes:
    return rommel(bom("xl/worksheets/sheet2.xml", 90))


@fout("RK123")
def zipbom_in_kleine_stukken() -> bytes:
    return zip_van([*leden(), *(bom(f"xl/media/{i}.png", 9) for i in range(9))])


@fout("RK114", "xl/media/liegt.png")
def zipbom_die_liegt_over_zijn_grootte() -> bytes:
    """Announces 1 MB and gives 1 GB."""
    return rommel(bom("xl/media/liegt.png", 1_024, aangekondigd=1024 * 1024))


@fout("RK114", "xl/worksheets/sheet2.xml")
def xmlbom_die_liegt_over_zijn_grootte() -> bytes:
    """Announces 2 MB of XML and gives 1 GB."""
    return rommel(bom("xl/worksheets/sheet2.xml", 1_024, 2 * 1024 * 1024, (b"<!--" + b" " * 1_017 + b"-->") * 1_024))


@fout("RK124", "xl/worksheets/sheet1.xml", grenzen=Limits(cells=100))
def te_veel_cellen() -> bytes:
    return werkboek({"xl/worksheets/sheet1.xml": blad("<c/>" * 101)})


@fout("RK124", "xl/sharedStrings.xml", grenzen=Limits(strings=100))
def te_veel_gedeelde_teksten() -> bytes:
    return werkboek({"xl/sharedStrings.xml": xml(f'<sst xmlns="{MAIN}">{"<si/>" * 101}</sst>')})


@fout("RK124", "xl/theme/theme1.xml", grenzen=Limits(tree=100, quick_part=0))
def te_veel_elementen() -> bytes:
    return werkboek({"xl/theme/theme1.xml": xml(f"<a>{'<b/>' * 100}</a>")})


@fout("RK124", "xl/theme/theme1.xml", grenzen=Limits(quick_part=0))
def te_diep() -> bytes:
    return werkboek({"xl/theme/theme1.xml": xml("<a>" * 201 + "</a>" * 201)})


@fout("RK124", "xl/theme/theme1.xml")
def te_lang_element() -> bytes:
    return werkboek({"xl/theme/theme1.xml": xml(f'<a b="{"x" * (3 * 1024 * 1024)}"/>')})


@fout("RK124", "xl/theme/theme1.xml")
def te_veel_verschillende_namen() -> bytes:
    return werkboek({"xl/theme/theme1.xml": xml("<a>" + "".join(f"<naam{i:030}/>" for i in range(30_000)) + "</a>")})


@fout("RK124", "xl/worksheets/sheet1.xml C4")
def te_lange_formule() -> bytes:
    return werkboek({"xl/worksheets/sheet1.xml": formule("1" + "+1[" * 30_000)})


@fout("RK124", "xl/_rels/workbook.xml.rels", grenzen=Limits(facts=1))
def te_veel_relaties() -> bytes:
    return werkboek({"[Content_Types].xml": xml("<Types/>")})
