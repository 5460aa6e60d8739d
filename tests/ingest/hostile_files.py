"""Files that are broken, or made to do harm: each with the rule that refuses it, or none where it is to be read.

Those that unpack to hundreds of megabytes are made of pieces that are packed once and repeated, so that making them costs little.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tests.ingest.binary_files import ods, xls
from tests.ingest.files import xlsx
from tests.ingest.mail_files import compound_file, eml, outlook

Pieces = Iterable[tuple[bytes, int]]

HEADINGS = ("Engagement number", "Person's code", "Employer", "Number of employers", "Start", "Engaged persons", "Of whom women", "Of whom Roma")
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACES = " ".join(f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text"))


@dataclass(frozen=True)
class Hostile:
    """A file with its name, and the rule by which it is refused; ``""`` where it is read, with so many rows."""

    what: str
    name: str
    make: Callable[[], bytes]
    rule: str
    rows: int = 1


def pack(parts: Mapping[str, bytes | Pieces], stated: int | None = None, flags: int = 0) -> bytes:
    """A zip of parts that are bytes, or pieces each so many times over; ``stated`` is the size that its directory claims for every part."""
    body, directory = io.BytesIO(), b""
    for name, part in parts.items():
        crc, size, packed = 0, 0, []
        for piece, times in [(part, 1)] if isinstance(part, bytes) else part:
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed.append((packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)) * times)
            size += len(piece) * times
            for _ in range(times):
                crc = zlib.crc32(piece, crc)
        packed.append(zlib.compressobj(6, zlib.DEFLATED, -15).flush())
        content, written = b"".join(packed), name.encode()
        claimed = size if stated is None else stated
        common = struct.pack("<HHHHHIIIHH", 20, 0x800 | flags, 8, 0, 33, crc, len(content), claimed, len(written), 0)
        directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, body.tell()) + written
        body.write(b"PK\x03\x04" + common + written + content)
    count = min(len(parts), 0xFFFF)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), body.tell(), 0)
    return body.getvalue() + directory + b"PK\x05\x06" + end


def book(
    sheet: bytes | Pieces,
    sheets: str | None = None,
    strings: bytes | Pieces | None = None,
    stated: int | None = None,
    **others: bytes | Pieces,
) -> bytes:
    """An xlsx of one sheet, given as the XML within its worksheet, and of what else is given by the names of parts (``_`` stands for ``/``)."""
    listed = sheets or '<sheet name="List1" sheetId="1" r:id="rId1"/>'
    opened: Pieces = [(f"<worksheet {_MAIN}>".encode(), 1), *([(sheet, 1)] if isinstance(sheet, bytes) else sheet), (b"</worksheet>", 1)]
    parts: dict[str, bytes | Pieces] = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">{_relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_RELATED}"><sheets>{listed}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_RELATIONS}">{_relation("rId1", "worksheet", "worksheets/sheet1.xml")}'
            f"{_relation('rId2', 'sharedStrings', 'sharedStrings.xml')}</Relationships>"
        ).encode(),
        "xl/worksheets/sheet1.xml": opened,
        **({"xl/sharedStrings.xml": strings} if strings is not None else {}),
        **{name.replace("_", "/"): part for name, part in others.items()},
    }
    return pack(parts, stated)


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_RELATED}/{kind}" Target="{target}"/>'


def open_document(table: bytes | Pieces) -> bytes:
    """An ods of one table, given as the XML within it."""
    head = f'<?xml version="1.0"?><office:document-content {_SPACES}><office:body><office:spreadsheet><table:table table:name="List1">'
    tail = b"</table:table></office:spreadsheet></office:body></office:document-content>"
    pieces = [(table, 1)] if isinstance(table, bytes) else table
    return pack({"mimetype": _ODS, "META-INF/manifest.xml": b"<manifest/>", "content.xml": [(head.encode(), 1), *pieces, (tail, 1)]})


def number(row: int, column: str, value: object) -> str:
    """A cell of an xlsx that holds a number."""
    return f'<c r="{column}{row}"><v>{value}</v></c>'


def text(row: int, column: str, value: str) -> str:
    """A cell of an xlsx that holds a text."""
    return f'<c r="{column}{row}" t="inlineStr"><is><t>{value}</t></is></c>'


TABLE = (
    f'<row r="1">{"".join(text(1, "ABCDEFGH"[at], heading) for at, heading in enumerate(HEADINGS))}</row>'
    f'<row r="2">{text(2, "A", "A-1")}{number(2, "F", 12)}</row>'
).encode()


def sheet_of(rows: bytes | Pieces, before: bytes = b"") -> Pieces:
    """A sheet with the headings of engaged workers, one row, and these rows below."""
    below = [(rows, 1)] if isinstance(rows, bytes) else rows
    return [(before + b"<sheetData>" + TABLE, 1), *below, (b"</sheetData>", 1)]


def styled_rows(last: int) -> Pieces:
    """Rows that hold nothing but a format, as a formatted column leaves them."""
    return [
        (b"".join(b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (row, row, row) for row in part), 1)
        for part in (range(at, min(at + 50_000, last + 1)) for at in range(3, last + 1, 50_000))
    ]


_ZEROS = b"0" * 2**20
_ENTITIES = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))
_CELLS = b"<c><v>1</v></c>" * 1000
_ODS_ROW = b'<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'

_ODS_CORNER = b'<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>' + _ODS_ROW.replace(
    b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="16383"/><table:table-cell'
)
_ODS_BLANK = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
_QUOTED = b'Content-Disposition: attachment; filename="r.csv"\nContent-Transfer-Encoding: quoted-printable\n\n'


def _with_prologue(prologue: str) -> bytes:
    content = f'{prologue}<worksheet {_MAIN}><sheetData><row r="1">{text(1, "A", "&a11;")}</row></sheetData></worksheet>'
    plain = zipfile.ZipFile(io.BytesIO(book(b"")))
    return pack({**{name: plain.read(name) for name in plain.namelist()}, "xl/worksheets/sheet1.xml": content.encode()})


def _looping_xls() -> bytes:
    content = bytearray(xls([["a"], [5]]))
    # sector 2, the first of the workbook's stream, is said to be followed by itself
    struct.pack_into("<I", content, 512 + 2 * 4, 2)
    return bytes(content)


def _xls_of_sheets_within_each_other() -> bytes:
    content = xls([["a"], [5]])
    at = content.index(struct.pack("<H", 0x0085), 512)
    length = 4 + struct.unpack_from("<H", content, at + 2)[0]
    boundsheet = content[at : at + length]
    # over what follows: sheets that all begin where the first does
    return content[:at] + boundsheet * ((len(content) - at) // length)


def _encrypted_xls() -> bytes:
    content = xls([["a"], [5]])
    begin = content.index(struct.pack("<HH", 0x0042, 2), 512)
    return content[:begin] + struct.pack("<HHH", 0x002F, 2, 0) + content[begin + 6 :]


def _zip(members: Mapping[str, bytes], mode: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, member, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _nested(depth: int) -> bytes:
    content = _zip({"r.csv": b"a;b\n1;2\n"})
    for _ in range(depth):
        content = _zip({"z.zip": content})
    return content


def _doubled() -> bytes:
    content = book(sheet_of(b""))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    other = name.replace("sheet1", "sheetX")
    return pack({**parts, other: parts[name]}).replace(other.encode(), name.encode())


def _by_lzma() -> bytes:
    content = bytearray(book(sheet_of(b"")))
    at = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, at + 10, zipfile.ZIP_LZMA)
    return bytes(content)


def listed(count: int, part: str = "rId1") -> str:
    """So many entries of sheets in a workbook, all of one part."""
    return "".join(f'<sheet name="S{number}" sheetId="{number + 1}" r:id="{part}"/>' for number in range(count))


def _wide_xls(cells: int) -> bytes:
    rows = [[None] * 255 + [1]] * cells
    return xls(rows)


def _eml_with(*attached: tuple[str, bytes], **headers: str) -> bytes:
    return eml(*attached, sent="Wed, 10 Apr 2024 08:00:00 +0000", **headers).as_bytes()


def _mail_of_parts(count: int) -> bytes:
    head = b'Message-ID: <1@x>\nFrom: a@x.rs\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    return head + b"--b\n\nx\n" * count + b"--b--\n"


def _nested_mail(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth))
    return b"Message-ID: <1@x>\nFrom: a@x.rs\n" + head.encode() + b"Content-Type: text/plain\n\nx\n"


_HEAD = b"Message-ID: <1@x>\nFrom: a@x.rs\nMIME-Version: 1.0\n"

BROKEN: tuple[Hostile, ...] = (
    Hostile("an empty file", "r.xlsx", bytes, "file_empty"),
    Hostile("a workbook cut short", "r.xlsx", lambda: xlsx(None, None, L=[["a"], [5]])[:3000], "file_unreadable"),
    Hostile("an xls cut short", "r.xls", lambda: xls([["a"], [5]])[:1800], "file_unreadable"),
    Hostile("an ods cut short", "r.ods", lambda: ods([["a"], [5]])[:-60], "file_unreadable"),
    Hostile(
        "a workbook under a password",
        "r.xlsx",
        lambda: compound_file({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(300)}),
        "file_encrypted",
    ),
    Hostile("an ods under a password", "r.ods", lambda: ods([["a"], [5]], locked=True), "file_encrypted"),
    Hostile("an xls under a password", "r.xls", _encrypted_xls, "file_encrypted"),
    Hostile("a zip whose parts are encrypted", "r.zip", lambda: pack({"r.csv": b"a;b\n1;2\n"}, flags=1), "file_encrypted"),
    Hostile("a file of another kind under a workbook's name", "r.xlsx", lambda: b"MZ\x90\0" + bytes(5000), "file_type_unknown"),
)

HOSTILE: tuple[Hostile, ...] = (
    Hostile("a zip bomb: a sheet of 2 GB in 2 MB", "r.xlsx", lambda: book([(_ZEROS, 2000)]), "file_too_large"),
    Hostile("a zip bomb of tags, just under the limit", "r.xlsx", lambda: book([(b"<a/>" * 2**18, 480)]), "file_too_large"),
    Hostile("a zip bomb that says it is small", "r.xlsx", lambda: book([(_ZEROS, 2000)], stated=9000), "file_unreadable"),
    Hostile(
        "texts of 2 GB that say they are small",
        "r.xlsx",
        lambda: book(sheet_of(b""), strings=[(b"<sst>", 1), (_ZEROS, 2000)], stated=9000),
        "file_unreadable",
    ),
    Hostile(
        "styles of 2 GB that say they are small",
        "r.xlsx",
        lambda: book(sheet_of(b""), **{"xl_styles.xml": [(b"<a/>" * 2**18, 2000)]}, stated=9000),
        "file_unreadable",
    ),
    Hostile("a zip bomb of reports", "r.zip", lambda: pack({"r.csv": [(_ZEROS, 2000)]}), "file_too_large"),
    Hostile("an entity bomb", "r.xlsx", lambda: _with_prologue(f'<!DOCTYPE x [<!ENTITY a0 "ha">{_ENTITIES}]>'), "file_unreadable"),
    Hostile("an outside entity", "r.xlsx", lambda: _with_prologue('<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>'), "file_unreadable"),
    Hostile(
        "an outside entity in the texts",
        "r.xlsx",
        lambda: book(sheet_of(b""), strings=b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'),
        "file_unreadable",
    ),
    Hostile("an entity bomb in an ods", "r.ods", lambda: _ods_entities(), "file_unreadable"),
    Hostile(
        "a cell at XFD1048576", "r.xlsx", lambda: book(sheet_of(f'<row r="1048576">{number(1048576, "XFD", 1)}</row>'.encode())), "cells_far_away"
    ),
    Hostile("a cell at ZZ99999", "r.xlsx", lambda: book(sheet_of(f'<row r="99999">{number(99999, "ZZ", 1)}</row>'.encode())), "cells_far_away"),
    Hostile("21 million cells", "r.xlsx", lambda: book(sheet_of([(b"<row>" + _CELLS + b"</row>", 21_000)])), "cells_too_many"),
    Hostile(
        "21 million cells in an ods",
        "r.ods",
        lambda: open_document([(b"<table:table-row>" + _ODS_ROW[17:-18] * 1000 + b"</table:table-row>", 5000)]),
        "cells_too_many",
    ),
    Hostile(
        "a cell for a thousand million columns in an ods",
        "r.ods",
        lambda: open_document(_ODS_ROW.replace(b"cell ", b'cell table:number-columns-repeated="1000000000" ')),
        "cells_too_many",
    ),
    Hostile(
        "a row for a thousand million rows in an ods",
        "r.ods",
        lambda: open_document(_ODS_ROW.replace(b"row>", b'row table:number-rows-repeated="1000000000">', 1) * 20),
        "cells_too_many",
    ),
    Hostile("a cell in the last corner of an ods", "r.ods", lambda: open_document(_ODS_CORNER), "cells_far_away"),
    Hostile("an xls that is wide and long", "r.xls", partial(_wide_xls, 12_000), "cells_far_away"),
    Hostile(
        "a text shared by a million cells",
        "r.xlsx",
        lambda: book(
            sheet_of([(b"<row>" + b'<c t="s"><v>0</v></c>' * 1000 + b"</row>", 1000)]), strings=b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
        ),
        "reading_too_large",
    ),
    Hostile(
        "a table that says it has 4,000 million texts",
        "r.xlsx",
        lambda: book(sheet_of(b""), strings=b'<sst count="4000000000" uniqueCount="4000000000"></sst>'),
        "reading_failed",
    ),
    Hostile(
        "a text that is not among those shared",
        "r.xlsx",
        lambda: book(sheet_of(b'<row r="3"><c r="A3" t="s"><v>4000000000</v></c></row>'), strings=b"<sst/>"),
        "file_unreadable",
    ),
    Hostile("100,000 sheets", "r.xlsx", lambda: book(sheet_of(b""), sheets=listed(100_000)), "sheets_too_many"),
    Hostile("a hundred sheets that are one part", "r.xlsx", lambda: book(sheet_of(b""), sheets=listed(100)), "file_unreadable"),
    Hostile(
        "a workbook that is its own sheet",
        "r.xlsx",
        lambda: book(sheet_of(b"")).replace(b"worksheets/sheet1.xml", b"worksheets/../workbook"),
        "file_unreadable",
    ),
    Hostile(
        "one merged cell over a whole sheet",
        "r.xlsx",
        lambda: book([*sheet_of(b""), (b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', 1)]),
        "no_known_sheet",
    ),
    Hostile(
        "a hundred thousand merged cells",
        "r.xlsx",
        lambda: book(
            [
                *sheet_of(b""),
                (b"<mergeCells>" + b"".join(b'<mergeCell ref="A%d:H%d"/>' % (row, row) for row in range(3, 100_000)) + b"</mergeCells>", 1),
            ]
        ),
        "",
    ),
    Hostile("two parts of one name", "r.xlsx", _doubled, "file_unreadable"),
    Hostile("a part packed by another method", "r.xlsx", _by_lzma, "file_unreadable"),
    Hostile("a directory of a hundred thousand entries", "r.xlsx", lambda: pack({f"{number}": b"" for number in range(100_000)}), "file_unreadable"),
    Hostile("an xls whose sectors go round", "r.xls", _looping_xls, "no_known_sheet"),
    Hostile("an xls of sheets within each other", "r.xls", _xls_of_sheets_within_each_other, "file_unreadable"),
    Hostile("a csv of one line of 60 MB", "r.csv", lambda: b"x" * (60 * 2**20), "file_unreadable"),
    Hostile("a csv of 200 MB", "r.csv", lambda: b"x" * (200 * 2**20), "file_too_large"),
    Hostile("a csv of 60 million separators", "r.csv", lambda: b";" * (60 * 2**20), "cells_too_many"),
    Hostile("a csv with zero bytes", "r.csv", lambda: b"Engaged persons;Employer\n1;a\0b\n", "file_type_unknown"),
    Hostile("a csv in half a UTF-16", "r.csv", lambda: "Engaged persons;Employer\n1;a\n".encode("utf-16")[:-1], "file_unreadable"),
    Hostile("a zip in a zip in a zip …", "r.zip", lambda: _nested(20), "file_unreadable"),
    Hostile("a zip of names that lead out of it", "r.zip", lambda: _zip({"../../../etc/cron.d/x.csv": b"a;b\n1;2\n"}), "no_known_sheet"),
    Hostile("a zip of a link to another file", "r.zip", lambda: _zip({"r.csv": b"/etc/passwd"}, 0o120777), "no_known_sheet"),
    Hostile("a mail of parts nested 10,000 deep", "m.eml", lambda: _nested_mail(10_000), "mail_without_report"),
    Hostile("a mail of a million parts", "m.eml", lambda: _mail_of_parts(1_000_000), "mail_without_report"),
    Hostile("a mail of 30 million lines", "m.eml", lambda: _HEAD + b"\n" * (30 * 2**20), "mail_without_report"),
    Hostile(
        "a mail with a header of 20 MB",
        "m.eml",
        lambda: _HEAD + b"Content-Type: multipart/mixed; " + b'a="' * (7 * 2**20) + b"\n\n",
        "mail_without_report",
    ),
    Hostile("a mail with a sender of 20 MB", "m.eml", lambda: _HEAD.replace(b"a@x.rs", b"a@" * (10 * 2**20)) + b"\nx\n", "mail_without_report"),
    Hostile("a mail with 40 MB in quoted-printable", "m.eml", lambda: _HEAD + _QUOTED + b"=41=\n" * (8 * 2**20), "mail_without_report"),
    Hostile("a message of Outlook that is damaged", "m.msg", lambda: compound_file(outlook(("r.csv", b"a;b\n1;2\n")))[:2600], "file_unreadable"),
    Hostile("a mailbox of one line of 200 MB", "m.mbox", lambda: b"From a\n" + _HEAD + b"\n" + b"x" * (200 * 2**20), "file_too_large"),
    Hostile("a mailbox of 300 MB", "m.mbox", lambda: b"From a\n" + _HEAD + b"\n" + b"x" * (300 * 2**20), "file_too_large"),
    Hostile("a bomb attached to a mail", "m.eml", lambda: _eml_with(("r.xlsx", book([(_ZEROS, 2000)]))), "file_too_large"),
)

HONEST: tuple[Hostile, ...] = (
    Hostile("a million styled empty rows", "r.xlsx", lambda: book(sheet_of(styled_rows(1_048_576))), ""),
    Hostile("a dimension that claims a whole sheet", "r.xlsx", lambda: book(sheet_of(b"", before=b'<dimension ref="A1:XFD1048576"/>')), ""),
    Hostile("a dimension that claims one cell", "r.xlsx", lambda: book(sheet_of(b"", before=b'<dimension ref="A1"/>')), ""),
    Hostile("cells that do not say where they stand", "r.xlsx", lambda: book(sheet_of(b'<row><c t="str"><v>A-2</v></c></row>')), "", 2),
    Hostile("blank cells to the end of an ods", "r.ods", lambda: open_document(_ods_report() + _ODS_BLANK), ""),
)


def _ods_report() -> bytes:
    def row(*cells: str) -> str:
        return "<table:table-row>" + "".join(cells) + "</table:table-row>"

    def cell(value: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    return (row(*map(cell, HEADINGS)) + row(cell("A-1"), *["<table:table-cell/>"] * 4, cell("12"))).encode()


def _ods_entities() -> bytes:
    document = f'<!DOCTYPE x [<!ENTITY a0 "ha">{_ENTITIES}]><office:document-content {_SPACES}><office:body><office:spreadsheet>'
    table = '<table:table table:name="List1"><table:table-row><table:table-cell office:value-type="string"><text:p>&a11;</text:p></table:table-cell>'
    tail = "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    return pack({"mimetype": _ODS, "META-INF/manifest.xml": b"<manifest/>", "content.xml": (document + table + tail).encode()})
