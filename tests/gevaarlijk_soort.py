"""Files that are something else than an .xlsx, whatever their name says: one kind each."""

from __future__ import annotations

import zipfile

from gevaarlijk_bouw import OFFICE, OLE, Fout, inpakken, onderdelen, werkboek

from rekentool.xlsx.limits import Limits

FOUTEN: dict[str, Fout] = {}


def bestand(name: str, code: str, inhoud: bytes, bestandsnaam: str = "werkboek.xlsx") -> None:
    FOUTEN[name] = Fout(lambda: inhoud, code, "", bestandsnaam)


bestand("leeg", "RK104", b"")
bestand("pdf_als_xlsx", "RK106", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
bestand("html_als_xlsx", "RK106", b"\r\n<html><body><table><tr><td>1</td></tr></table></body></html>")
bestand(
    "xml_van_excel_2003",
    "RK106",
    b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
)
bestand("csv_als_xlsx", "RK106", "regio;aantal\nFryslân;12\n".encode("cp1252"))
bestand("csv_in_utf16", "RK106", "regio\taantal\nZeeland\t12\n".encode("utf-16"))
bestand("tekst_als_xlsx", "RK106", b"Zie bijlage.")
bestand("afbeelding_als_xlsx", "RK106", b"\x89PNG\r\n\x1a\n" + bytes(20))
bestand("programma_als_xlsx", "RK106", b"MZ\x90\0\3\0\0\0")
bestand("onbekende_bytes", "RK106", bytes(range(128, 256)) * 4 + b"\0")
bestand("slotbestand_van_excel", "RK106", b"\x05Jan  " + bytes(158), "~$werkboek.xlsx")
bestand("oud_xls", "RK107", OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(100))
bestand("oud_xls_excel_2", "RK107", b"\x09\x00\x04\x00\x02\x00\x10\x00")
bestand("versleuteld", "RK108", OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(100))
bestand("oud_doc", "RK106", OLE + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(100))
bestand(
    "ods_als_xlsx",
    "RK106",
    inpakken({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, zipfile.ZIP_STORED),
)
bestand("docx_als_xlsx", "RK106", inpakken({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}))
bestand("zip_met_werkboek_erin", "RK106", inpakken({"map/rekentool.xlsx": werkboek()}))
bestand("gewone_zip", "RK106", inpakken({"leesmij.txt": b"hallo"}))
bestand("lege_zip", "RK106", inpakken({}))
bestand("xlsm_alleen_de_naam", "RK109", werkboek(), "werkboek.xlsm")
bestand("xlsb_alleen_de_naam", "RK110", werkboek(), "werkboek.xlsb")


def met_hoofdtype(name: str, code: str, content_type: str) -> None:
    types = onderdelen()["[Content_Types].xml"]
    changed = types.replace(f"{OFFICE}.spreadsheetml.sheet.main+xml".encode(), content_type.encode())
    FOUTEN[name] = Fout(lambda: werkboek({"[Content_Types].xml": changed}), code)


FOUTEN["te_groot"] = Fout(werkboek, "RK105", grenzen=Limits(file=1_000))


met_hoofdtype("xlsm_alleen_het_type", "RK109", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")


met_hoofdtype("xlsb_alleen_het_type", "RK110", "application/vnd.ms-excel.sheet.binary.macroEnabled.main")
