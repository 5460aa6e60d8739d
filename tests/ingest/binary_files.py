"""Writes small workbooks in the binary formats, xls (BIFF8 in a compound file) and xlsb (BIFF12 in a zip), and in ods.

Cells are texts, numbers, dates, errors ("#DIV/0!") and texts with something raised at their end; hidden rows and columns are numbered from 1.
Merged ranges are first row, first column, last row, last column.
"""

import io
import struct
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from tests.ingest.files import Rows

_ERRORS = {"#DIV/0!": 0x07, "#N/A": 0x2A}
# Of fonts that are written one is raised; the number of the last one, since none has the number 4 in an xls.
_FONTS = (0, 0, 0, 0, 1)
_RAISED = {"xls": 5, "xlsb": 4}


@dataclass(frozen=True)
class Raised:
    """A text that goes on with raised characters, as the mark of a note does."""

    text: str
    mark: str

    def __str__(self) -> str:
        return self.text + self.mark


def _raised(rows: Iterable[Iterable[object]]) -> list[Raised]:
    return [cell for row in rows for cell in row if isinstance(cell, Raised)]


def _serial(day: date, is_1904: bool) -> float:
    return float((day - (date(1904, 1, 1) if is_1904 else date(1899, 12, 30))).days)


Merged = Collection[tuple[int, int, int, int]]


def xls(
    rows: Rows,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    is_1904: bool = False,
    name: str = "List1",
    merged: Merged = (),
) -> bytes:
    """The bytes of an xls of one sheet."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def formats() -> bytes:
        return record(0xE0, struct.pack("<HH16x", 0, 0)) + record(0xE0, struct.pack("<HH16x", 0, 14))

    begin = struct.pack("<HHII", 0x0DBB, 1997, 0, 6)
    head = record(0x0809, struct.pack("<HH", 0x0600, 5) + begin) + record(0x42, struct.pack("<H", 1200))
    head += record(0x22, struct.pack("<H", is_1904)) + b"".join(
        record(0x31, struct.pack("<HHHHH4xBB", 200, 0, 0, 400, raised, 1, 0) + b"A") for raised in _FONTS
    )
    head += formats()
    label = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    listed = list(rows)
    rich = _raised(listed)
    texts = b"".join(record(*part) for part in _shared_texts(rich)) if rich else b""
    sheet_at = len(head) + 4 + 6 + len(label) + len(texts) + 4
    sheet = bytearray(record(0x0809, struct.pack("<HH", 0x0600, 16) + begin))
    sheet += b"".join(record(0x7D, struct.pack("<HHHHHH", column - 1, column - 1, 2560, 0, 1, 0)) for column in hidden_columns)
    for number, row in enumerate(listed):
        sheet += record(0x0208, struct.pack("<HHHHHHI", number, 0, 10, 255, 0, 0, 0x20 if number + 1 in hidden_rows else 0))
        for column, cell in enumerate(row):
            place = struct.pack("<HH", number, column)
            if isinstance(cell, date):
                sheet += record(0x0203, place + struct.pack("<Hd", 1, _serial(cell, is_1904)))
            elif isinstance(cell, int | float):
                sheet += record(0x0203, place + struct.pack("<Hd", 0, cell))
            elif cell in _ERRORS:
                sheet += record(0x0205, place + struct.pack("<HBB", 0, _ERRORS[str(cell)], 1))
            elif isinstance(cell, Raised):
                sheet += record(0xFD, place + struct.pack("<HI", 0, 1 + rich.index(cell)))
            elif cell:
                sheet += record(0x0204, place + struct.pack("<HHB", 0, len(str(cell)), 1) + str(cell).encode("utf-16-le"))
    if merged:
        ranges = b"".join(struct.pack("<HHHH", top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in merged)
        sheet += record(0xE5, struct.pack("<H", len(merged)) + ranges)
    stream = head + record(0x85, struct.pack("<IBB", sheet_at, 0, 0) + label) + texts + record(0x0A, b"") + sheet + record(0x0A, b"")
    return _compound_file(stream)


def _shared_texts(rich: Collection[Raised]) -> Iterator[tuple[int, bytes]]:
    """The list of shared texts as records: a plain text that goes on in a second record, wide there, then those with something raised."""
    yield 0xFC, struct.pack("<IIHB", 1 + len(rich), 1 + len(rich), 4, 0) + b"un"
    listed = b"\1" + "us".encode("utf-16-le")
    for cell in rich:
        listed += struct.pack("<HBHI", len(str(cell)), 1 | 4 | 8, 1, 6) + str(cell).encode("utf-16-le")
        # how a Japanese text is spoken may follow
        listed += struct.pack("<HH", len(cell.text), _RAISED["xls"]) + bytes(6)
    yield 0x3C, listed


def _compound_file(stream: bytes) -> bytes:
    """A compound file of one stream: sectors of its table, of the list of those beyond the first 109, its directory, then the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors, tables, lists = len(stream) // 512, 1, 0
    while tables * 128 < tables + lists + 1 + sectors:
        tables += 1
        lists = -(-max(tables - 109, 0) // 127)
    directory_at = tables + lists
    last = directory_at + sectors
    table = [0xFFFFFFFD] * tables + [0xFFFFFFFC] * lists + [0xFFFFFFFE, *range(directory_at + 2, last + 1), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (tables * 128 - len(table))

    def entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        return text.ljust(64, b"\0") + struct.pack("<HBBIII36xIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, length, 0)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, directory_at + 1, len(stream)) + bytes(256)
    listed = [*range(tables), *[0xFFFFFFFF] * (109 + lists * 127 - tables)]
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, directory_at, 0, 4096, 0xFFFFFFFE, 0, tables if lists else 0xFFFFFFFE, lists)
    header += struct.pack("<109I", *listed[:109])
    beyond = b"".join(
        struct.pack("<128I", *listed[109 + at * 127 : 109 + (at + 1) * 127], tables + at + 1 if at + 1 < lists else 0xFFFFFFFE) for at in range(lists)
    )
    return header + struct.pack(f"<{len(table)}I", *table) + beyond + directory + stream


def xlsb(
    rows: Rows,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    is_1904: bool = False,
    name: str = "List1",
    merged: Merged = (),
) -> bytes:
    """The bytes of an xlsb of one sheet."""

    def record(kind: int, content: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        length = bytes([len(content)]) if len(content) < 128 else bytes([len(content) & 0x7F | 0x80, len(content) >> 7])
        return number + length + content

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    def cells(row: Collection[object]) -> Iterator[bytes]:
        for column, cell in enumerate(row):
            place = struct.pack("<II", column, 1 if isinstance(cell, date) else 0)
            if isinstance(cell, date):
                yield record(5, place + struct.pack("<d", _serial(cell, is_1904)))
            elif isinstance(cell, int | float):
                yield record(5, place + struct.pack("<d", cell))
            elif cell in _ERRORS:
                yield record(3, place + bytes([_ERRORS[str(cell)]]))
            elif isinstance(cell, Raised):
                yield record(7, place + struct.pack("<I", 1 + rich.index(cell)))
            elif cell:
                yield record(6, place + text(str(cell)))

    listed = [list(row) for row in rows]
    rich = _raised(listed)
    sheet = bytearray(record(129) + record(148, struct.pack("<IIII", 0, len(listed) - 1, 0, max(map(len, listed)) - 1)) + record(390))
    sheet += b"".join(record(60, struct.pack("<IIIIH", column - 1, column - 1, 2560, 0, 1)) for column in hidden_columns) + record(391) + record(145)
    for number, row in enumerate(listed):
        sheet += record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if number + 1 in hidden_rows else 0, 0, 0)) + b"".join(cells(row))
    sheet += record(146)
    if merged:
        ranges = b"".join(record(176, struct.pack("<IIII", top - 1, bottom - 1, left - 1, right - 1)) for top, left, bottom, right in merged)
        sheet += record(177, struct.pack("<I", len(merged))) + ranges + record(178)
    sheet += record(130)
    book = record(131) + record(153, struct.pack("<III", is_1904, 0, 0)) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + text("rId1") + text(name)) + record(144) + record(132)
    texts = record(19, b"\0" + text("unused"))
    for cell in rich:
        texts += record(19, b"\1" + text(str(cell)) + struct.pack("<IHH", 1, len(cell.text), _RAISED["xlsb"]))
    styles = (
        record(278)
        + b"".join(record(43, struct.pack("<HHHH", 220, 0, 400, raised)) for raised in _FONTS)
        + record(617, struct.pack("<I", 2))
        + record(47, struct.pack("<HH12x", 0, 0))
        + record(47, struct.pack("<HH12x", 0, 14))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        relation = f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relation}</Relationships>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", styles + record(618) + record(279))
        archive.writestr("xl/sharedStrings.bin", record(159, struct.pack("<II", 1 + len(rich), 1 + len(rich))) + texts + record(160))
        archive.writestr("xl/worksheets/sheet1.bin", bytes(sheet))
    return out.getvalue()


def ods(
    rows: Rows,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    name: str = "List1",
    locked: bool = False,
    merged: Merged = (),
) -> bytes:
    """The bytes of an ods of one sheet."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merged}

    def placed(row: int, column: int, cell: object) -> str:
        if (row, column) in spans:
            down, right = spans[row, column]
            span = f'<table:table-cell table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"'
            return cell_of(cell).replace("<table:table-cell", span, 1)
        is_covered = any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in merged)
        return "<table:covered-table-cell/>" if is_covered else cell_of(cell)

    def cell_of(cell: object) -> str:
        if isinstance(cell, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
        if isinstance(cell, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
        if cell in _ERRORS:
            return (
                '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
                f"<text:p>{cell}</text:p></table:table-cell>"
            )
        if isinstance(cell, Raised):
            shown = f'{escape(cell.text)}<text:span text:style-name="T1">{escape(cell.mark)}</text:span>'
            return f'<table:table-cell office:value-type="string"><text:p>{shown}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>' if cell else "<table:table-cell/>"
        )

    def hidden(number: int, among: Collection[int]) -> str:
        return ' table:visibility="collapse"' if number in among else ""

    listed = [list(row) for row in rows]
    columns = "".join(f"<table:table-column{hidden(number, hidden_columns)}/>" for number in range(1, max(map(len, listed)) + 1))
    body = "".join(
        f"<table:table-row{hidden(number, hidden_rows)}>{''.join(placed(number, at, cell) for at, cell in enumerate(row, 1))}</table:table-row>"
        for number, row in enumerate(listed, 1)
    )
    spaces = " ".join(
        f'xmlns:{each}="urn:{each}"' if each == "calcext" else f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "style", "table", "text", "calcext")
    )
    raised = '<style:style style:name="T1" style:family="text"><style:text-properties style:text-position="33% 58%"/></style:style>'
    styles = f"<office:automatic-styles>{raised if _raised(listed) else ''}</office:automatic-styles>"
    table = f'<table:table table:name="{name}">{columns}{body}</table:table>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        entry = "<manifest:encryption-data/>" if locked else ""
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest>{entry}</manifest:manifest>")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>{styles}<office:body><office:spreadsheet>{table}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()
