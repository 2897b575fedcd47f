"""Workbooks that mean harm, one that does not, and those that offices deliver: make_tables.py FOLDER.

Each is a few megabytes at most. What they unfold to is made by repeating one compressed block, so that making them takes
no longer than writing them.
"""

import sys
import zipfile
import zlib
from pathlib import Path
from xml.sax.saxutils import escape

TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""
RELS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
BOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"""
BOOK_RELS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = "</sheetData></worksheet>"
STYLES_REL = '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
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


def styles(*formats: str) -> str:
    """A style sheet whose style N has the N-th format; style 0 has none."""
    own = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>' for at, code in enumerate(formats))
    used = "".join(f'<xf numFmtId="{164 + at}" applyNumberFormat="1"/>' for at in range(len(formats)))
    return (
        '<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<numFmts count="{len(formats)}">{own}</numFmts><cellXfs count="{len(formats) + 1}"><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    )


def number(place: str, value: str, style: int = 0, kind: str = "n") -> str:
    return f'<c r="{place}" s="{style}" t="{kind}"><v>{value}</v></c>'


def sheets(path: Path, *named: tuple[str, str, str]) -> None:
    """A workbook of several sheets: name, state, rows."""
    entries = "".join(
        f'<sheet name="{name}" sheetId="{at}" state="{state}" r:id="rId{at}"/>' for at, (name, state, _) in enumerate(named, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(named) + 1)
    )
    begin, end = BOOK.split("<sheets>")[0], "</workbook>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS)
        archive.writestr("xl/workbook.xml", f"{begin}<sheets>{entries}</sheets>{end}")
        head = BOOK_RELS.split("<Relationship ")[0]
        archive.writestr("xl/_rels/workbook.xml.rels", f"{head}{relations}</Relationships>")
        for at, (_, _, content) in enumerate(named, 1):
            archive.writestr(f"xl/worksheets/sheet{at}.xml", SHEET + content + SHEET_END)


def book(path: Path, sheet, strings=STRINGS + STRINGS_END, styled: str = "") -> None:
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELS.replace("</Relationships>", STYLES_REL + "</Relationships>") if styled else BOOK_RELS,
        "xl/sharedStrings.xml": strings,
        "xl/worksheets/sheet1.xml": sheet,
    }
    if styled:
        parts["xl/styles.xml"] = styled
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


def delivered(folder: Path) -> None:
    """What offices deliver: codes kept as numbers, days, errors, titles, hidden sheets."""
    folder.mkdir(parents=True, exist_ok=True)
    formats = styles("000000", '"KH-"0000', "# ?/?", "yyyy\\-mm\\-dd")
    head = rows(["客户一览表"], ["", ""], ["code", "name", "account_no"])

    def lines(*cells: str) -> str:
        body = "".join(f'<row r="{at}">{text}</row>' for at, text in enumerate(cells, 4))
        return SHEET + head + body + SHEET_END

    def line(at: int, code: str, name: str, account: str = "") -> str:
        return f"{code}{cell(f'B{at}', name)}{account}"

    book(
        folder / "formats.xlsx",
        lines(
            line(4, number("A4", "12", 1), "零号公司"),
            line(5, number("A5", "7", 2), "前缀公司", number("C5", "123456789012345")),
            line(6, number("A6", "30"), "无格式公司"),
        ),
        styled=formats,
    )
    spoilt = {
        "long": line(4, cell("A4", "C-4"), "长号公司", number("C4", "6222020012345678901")),
        "error": f"{cell('A4', 'C-4')}{number('B4', '#N/A', 0, 'e')}",
        "day": line(4, number("A4", "45352", 4), "日期公司"),
        "fraction": line(4, number("A4", "12", 3), "分数公司"),
    }
    for name, text in spoilt.items():
        book(folder / f"{name}.xlsx", lines(text, line(5, cell("A5", "C-5"), "好公司")), styled=formats)
    legend = rows(["字段", "说明"], ["code", "客户代码"], ["name", "户名"])
    good = rows(["code", "name"], ["KH-1", "第二页公司"])
    sheets(folder / "second.xlsx", ("旧表", "hidden", rows(["code", "name"], ["OLD", "旧公司"])), ("说明", "visible", legend), ("客户", "visible", good))
    sheets(folder / "hidden.xlsx", ("客户", "hidden", good), ("封面", "visible", rows(["客户一览"])))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    delivered(folder / "delivered")
    book(folder / "good.xlsx", SHEET + GOOD + SHEET_END)
    # Three gigabytes of words in a table of words.
    word = "<si><t>" + "a" * 1_000_000 + "</t></si>"
    book(folder / "bomb.xlsx", SHEET + GOOD + SHEET_END, Repeated(STRINGS, word, 3_000, STRINGS_END))
    # Rows without end that hold nothing: no memory, only time.
    book(folder / "slow.xlsx", Repeated(SHEET + GOOD, "<row></row>" * 100_000, 3_600, SHEET_END))
    # One word in each of a million cells of a row and a column that are far away.
    far = f'<row r="1048576">{cell("XFD1048576", "x")}</row>'
    book(folder / "far.xlsx", SHEET + GOOD + far + SHEET_END)
    book(folder / "corner.xlsx", SHEET + far + SHEET_END)
    # A long cell, many times: the file is small, the table is not.
    long = f'<row>{cell("A1", "b" * 9_000)}</row>'
    book(folder / "long.xlsx", Repeated(SHEET + GOOD, long * 100, 60, SHEET_END))
    whole = (folder / "good.xlsx").read_bytes()
    (folder / "torn.xlsx").write_bytes(whole[: len(whole) // 2])


if __name__ == "__main__":
    main()
