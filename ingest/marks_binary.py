"""Hidden rows and columns and cells with an error in the binary formats, xls (BIFF8) and xlsb (BIFF12), record by record.

Record numbers and layouts: the published specifications [MS-CFB], [MS-XLS] and [MS-XLSB].
"""

import re
import struct
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath

Found = tuple[set[int], set[int], dict[tuple[int, int], str], list[tuple[int, int, int, int]]]

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}
_LAST_SECTORS = 0xFFFFFFFA


def read_xls_marks(content: bytes) -> list[Found]:
    """Hidden rows, hidden columns and error texts by (row, column), all 1-based, of each sheet of an xls in its order; no merged ranges.

    Raises:
        ValueError: If the file is broken.
    """
    try:
        stream = _workbook_stream(content)
        return [_read_xls_sheet(stream, start) for start in _sheet_starts(stream)]
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from error


def read_xlsb_marks(archive: zipfile.ZipFile) -> list[Found]:
    """The same of each sheet of an xlsb, and its merged ranges: first row, first column, last row, last column.

    Raises:
        ValueError: If the file is broken.
    """
    relations = archive.read("xl/_rels/workbook.bin.rels").decode()
    targets = {
        match["id"]: normpath(join("xl", match["target"]))
        for element in re.findall(r"<Relationship\b[^>]*>", relations)
        if (match := _relation(element))
    }
    found = []
    try:
        for kind, record in _xlsb_records(archive.read("xl/workbook.bin")):
            if kind == 156:  # BrtBundleSh: state, id, then the relation's id as a counted UTF-16 text
                length = struct.unpack_from("<I", record, 8)[0]
                part = targets.get(record[12 : 12 + 2 * length].decode("utf-16-le"), "")
                found.append(_read_xlsb_sheet(archive.read(part)) if part.endswith(".bin") else (set(), set(), {}, []))
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    return found


def _relation(element: str) -> dict[str, str] | None:
    target, name = re.search(r'\bTarget="([^"]*)"', element), re.search(r'\bId="([^"]*)"', element)
    return {"id": name[1], "target": target[1] if not target[1].startswith("/") else f"..{target[1]}"} if target and name else None


def _read_xlsb_sheet(content: bytes) -> Found:
    rows: set[int] = set()
    columns: set[int] = set()
    texts: dict[tuple[int, int], str] = {}
    merged: list[tuple[int, int, int, int]] = []
    row = 0
    for kind, record in _xlsb_records(content):
        if kind == 0:  # BrtRowHdr
            row = struct.unpack_from("<I", record)[0] + 1
            if record[11] & 0x10:
                rows.add(row)
        elif kind == 60:  # BrtColInfo
            first, last = struct.unpack_from("<II", record)
            if record[16] & 1:
                columns.update(range(first + 1, min(last, 16_383) + 2))
        elif kind in (3, 11):  # BrtCellError, BrtFmlaError
            texts[row, struct.unpack_from("<I", record)[0] + 1] = _ERRORS.get(record[8], "#N/A")
        elif kind == 176:  # BrtMergeCell
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            merged.append((top + 1, left + 1, bottom + 1, right + 1))
    return rows, columns, texts, merged


def _xlsb_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while True:
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, content[at : at + length]
        at += length


def _read_xls_sheet(stream: bytes, start: int) -> Found:
    rows: set[int] = set()
    columns: set[int] = set()
    texts: dict[tuple[int, int], str] = {}
    for kind, record in _xls_records(stream, start):
        if kind == 0x0208 and record[12] & 0x20:  # ROW, fDyZero
            rows.add(struct.unpack_from("<H", record)[0] + 1)
        elif kind == 0x007D and record[8] & 1:  # COLINFO, fHidden
            first, last = struct.unpack_from("<HH", record)
            columns.update(range(first + 1, min(last, 255) + 2))
        elif kind == 0x0205 and record[7]:  # BOOLERR
            row, column = struct.unpack_from("<HH", record)
            texts[row + 1, column + 1] = _ERRORS.get(record[6], "#N/A")
        elif kind == 0x0006 and record[12:14] == b"\xff\xff" and record[6] == 2:  # FORMULA whose result is an error
            row, column = struct.unpack_from("<HH", record)
            texts[row + 1, column + 1] = _ERRORS.get(record[8], "#N/A")
    return rows, columns, texts, []


def _sheet_starts(stream: bytes) -> list[int]:
    return [struct.unpack_from("<I", record)[0] for kind, record in _xls_records(stream, 0) if kind == 0x0085]  # BOUNDSHEET


def _xls_records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, to its end."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == 0x0809) - (kind == 0x000A)  # BOF, EOF: a chart lies within its sheet
        if kind == 0x000A and depth <= 0:
            return


def _workbook_stream(content: bytes) -> bytes:
    """The stream of a compound file that holds the workbook."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    first_directory, _, cutoff, first_small = struct.unpack_from("<IIII", content, 48)
    table_sectors = [sector for sector in struct.unpack_from("<109I", content, 76) if sector < _LAST_SECTORS]
    next_table = struct.unpack_from("<I", content, 68)[0]
    while next_table < _LAST_SECTORS and len(table_sectors) * size < len(content):
        entries = struct.unpack_from(f"<{size // 4}I", content, (next_table + 1) * size)
        table_sectors.extend(sector for sector in entries[:-1] if sector < _LAST_SECTORS)
        next_table = entries[-1]
    table = [entry for sector in table_sectors for entry in struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)]
    directory = _chain(content, table, first_directory, size, size)
    entries_found = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    root = entries_found[0]
    for entry in entries_found:
        if entry[: struct.unpack_from("<H", entry, 64)[0]].decode("utf-16-le").rstrip("\0") in ("Workbook", "Book"):
            start, length = struct.unpack_from("<II", entry, 116)
            if length >= cutoff:
                return _chain(content, table, start, size, size)[:length]
            small = _chain(content, table, struct.unpack_from("<I", root, 116)[0], size, size)
            small_table_bytes = _chain(content, table, first_small, size, size)
            small_table = list(struct.unpack(f"<{len(small_table_bytes) // 4}I", small_table_bytes))
            return _chain(small, small_table, start, 64, 0)[:length]
    raise ValueError("no workbook in the file")


def _chain(content: bytes, table: list[int], sector: int, size: int, offset: int) -> bytes:
    parts: list[bytes] = []
    while sector < _LAST_SECTORS and len(parts) <= len(table):
        parts.append(content[offset + sector * size : offset + (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)
