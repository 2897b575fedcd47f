"""Workbooks that mean harm, and one that does not: make_tables.py FOLDER.

Each is a few megabytes at most. What they unfold to is made by repeating one compressed block, so that making them takes
no longer than writing them.
"""

import sys
import zipfile
import zlib
from pathlib import Path

TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""
RELS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
BOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"""
BOOK_RELS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = "</sheetData></worksheet>"
STRINGS = '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
STRINGS_END = "</sst>"


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows(*lines: list[str]) -> str:
    out = []
    for number, line in enumerate(lines, 1):
        cells = "".join(cell(f"{chr(65 + at)}{number}", text) for at, text in enumerate(line))
        out.append(f'<row r="{number}">{cells}</row>')
    return "".join(out)


GOOD = rows(["code", "name"], ["KH-1", "清河水泵有限公司"], ["KH-2", "顾怀瑾"])


class Repeated:
    """A part of an archive: a beginning, one piece many times, an end. Its checksum is that of nothing; whoever has read
    so far has read too much."""

    def __init__(self, begin: str, piece: str, times: int, end: str):
        def packed(text: str, flush: int) -> bytes:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            return deflate.compress(text.encode()) + deflate.flush(flush)

        self.size = len(begin.encode()) + times * len(piece.encode()) + len(end.encode())
        self.packed = (
            packed(begin, zlib.Z_FULL_FLUSH) + times * packed(piece, zlib.Z_FULL_FLUSH) + packed(end, zlib.Z_FINISH)
        )


def book(path: Path, sheet, strings=STRINGS + STRINGS_END) -> None:
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELS,
        "xl/sharedStrings.xml": strings,
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if isinstance(part, str):
                archive.writestr(name, part)
                continue
            info = zipfile.ZipInfo(name)
            info.compress_type, info.CRC = zipfile.ZIP_DEFLATED, 0
            info.header_offset = archive.fp.tell()
            info.compress_size, info.file_size = len(part.packed), part.size
            archive.fp.write(info.FileHeader(zip64=False))
            archive.fp.write(part.packed)
            archive.filelist.append(info)
            archive.NameToInfo[name] = info
            archive.start_dir = archive.fp.tell()
            archive._didModify = True


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    book(folder / "good.xlsx", SHEET + GOOD + SHEET_END)
    # Three gigabytes of words in a table of words.
    word = "<si><t>" + "a" * 1_000_000 + "</t></si>"
    book(folder / "bomb.xlsx", SHEET + GOOD + SHEET_END, Repeated(STRINGS, word, 3_000, STRINGS_END))
    # Rows without end that hold nothing: no memory, only time.
    book(folder / "slow.xlsx", Repeated(SHEET + GOOD, "<row></row>" * 100_000, 3_600, SHEET_END))
    # One word in each of a million cells of a row and a column that are far away.
    far = f'<row r="1048576">{cell("XFD1048576", "x")}</row>'
    book(folder / "far.xlsx", SHEET + GOOD + far + SHEET_END)
    # A long cell, many times: the file is small, the table is not.
    long = f'<row>{cell("A1", "b" * 9_000)}</row>'
    book(folder / "long.xlsx", Repeated(SHEET + GOOD, long * 100, 60, SHEET_END))
    whole = (folder / "good.xlsx").read_bytes()
    (folder / "torn.xlsx").write_bytes(whole[: len(whole) // 2])


if __name__ == "__main__":
    main()
