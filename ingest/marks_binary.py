"""Hidden rows and columns, cells with an error or raised digits, and the weight of xls (BIFF8) and xlsb (BIFF12), record by record.

Record numbers and layouts: the published specifications [MS-XLS] and [MS-XLSB].
"""

import re
import struct
import zipfile
from collections.abc import Mapping
from posixpath import join, normpath

from ingest.binary_records import workbook_stream, xls_records, xlsb_records
from ingest.preflight import FileRefused
from ingest.raised_binary import raised_in_xls, raised_in_xlsb
from ingest.weighing import MOST_CELLS, MOST_SHEETS, Weight

Found = tuple[set[int], set[int], dict[tuple[int, int], str], list[tuple[int, int, int, int]]]

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}
_LARGEST_PART = 2**26
# RK, MULRK (its last two bytes are its last column), NUMBER, LABEL, LABELSST, RSTRING, BOOLERR, FORMULA: what holds something in an xls.
_XLS_CELLS = frozenset((0x027E, 0x00BD, 0x0203, 0x0204, 0x00FD, 0x00D6, 0x0205, 0x0006))
_MULRK = 0x00BD


def read_xls_marks(content: bytes, weight: Weight) -> list[Found]:
    """Hidden rows, hidden columns and marked texts by (row, column), all 1-based, of each sheet of an xls in its order; no merged ranges.

    Raises:
        ValueError: If the file is broken.
        FileRefused: If it has more cells or sheets than are read.
    """
    try:
        stream = workbook_stream(content)
        sheets = _xls_sheets(stream)
        raised = raised_in_xls(xls_records(stream, 0))
        marks = []
        left = len(stream)
        for start, name in sheets:
            found, length = _read_xls_sheet(stream, start, name, weight, raised)
            left -= length
            if left < 0:
                raise ValueError("sheets lie within each other")
            marks.append(found)
        return marks
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from error


def read_xlsb_marks(archive: zipfile.ZipFile, weight: Weight) -> list[Found]:
    """The same of each sheet of an xlsb, and its merged ranges: first row, first column, last row, last column.

    Raises:
        ValueError: If the file is broken.
        FileRefused: If it has more cells or sheets than are read.
    """
    relations = archive.read("xl/_rels/workbook.bin.rels").decode()
    targets = {
        match["id"]: normpath(join("xl", match["target"]))
        for element in re.findall(r"<Relationship\b[^>]*>", relations)
        if (match := _relation(element))
    }
    found: list[Found] = []
    try:
        raised = raised_in_xlsb(archive)
        for kind, record in xlsb_records(archive.read("xl/workbook.bin")):
            if kind == 156:  # BrtBundleSh: state, id, then the relation's id and the sheet's name as counted UTF-16 texts
                length = struct.unpack_from("<I", record, 8)[0]
                # a part stands for one sheet
                part = targets.pop(record[12 : 12 + 2 * length].decode("utf-16-le"), "")
                name = record[16 + 2 * length :].decode("utf-16-le", "replace")
                if len(found) == MOST_SHEETS:
                    raise FileRefused("sheets_too_many", limit=MOST_SHEETS)
                found.append(_read_xlsb_part(archive, part, name, weight, raised) if part.endswith(".bin") else (set(), set(), {}, []))
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    return found


def _read_xlsb_part(archive: zipfile.ZipFile, part: str, name: str, weight: Weight, raised: Mapping[int, str]) -> Found:
    if archive.getinfo(part).file_size > _LARGEST_PART:
        raise FileRefused("cells_too_many", sheet=name, limit=MOST_CELLS)
    return _read_xlsb_sheet(archive.read(part), name, weight, raised)


def _relation(element: str) -> dict[str, str] | None:
    target, name = re.search(r'\bTarget="([^"]*)"', element), re.search(r'\bId="([^"]*)"', element)
    return {"id": name[1], "target": target[1] if not target[1].startswith("/") else f"..{target[1]}"} if target and name else None


def _read_xlsb_sheet(content: bytes, name: str, weight: Weight, raised: Mapping[int, str]) -> Found:
    rows: set[int] = set()
    columns: set[int] = set()
    texts: dict[tuple[int, int], str] = {}
    merged: list[tuple[int, int, int, int]] = []
    row = cells = last_row = last_column = 0
    for kind, record in xlsb_records(content):
        if 1 < kind < 12:  # every BrtCell and BrtFmla but the blank one begins with its column
            cells += 1
            last_row, last_column = max(row, last_row), max(struct.unpack_from("<I", record)[0] + 1, last_column)
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
        elif kind == 7 and raised:  # BrtCellIsst
            column, number = struct.unpack_from("<I4xI", record)
            if number in raised:
                texts[row, column + 1] = raised[number]
        elif kind == 176:  # BrtMergeCell
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            merged.append((top + 1, left + 1, bottom + 1, right + 1))
    weight.add_cells(cells, name)
    weight.add_reach(last_row, last_column, name)
    return rows, columns, texts, merged


def _read_xls_sheet(stream: bytes, start: int, name: str, weight: Weight, raised: Mapping[int, str]) -> tuple[Found, int]:
    """The marks of a sheet, and how many bytes of the stream are its own."""
    rows: set[int] = set()
    columns: set[int] = set()
    texts: dict[tuple[int, int], str] = {}
    cells = last_row = last_column = end = 0
    for kind, record, end in xls_records(stream, start):  # noqa: B007  # its last value is what is asked for
        if kind in _XLS_CELLS:
            row, first = struct.unpack_from("<HH", record)
            last = struct.unpack_from("<H", record, len(record) - 2)[0] if kind == _MULRK else first
            cells += last - first + 1
            last_row, last_column = max(row + 1, last_row), max(last + 1, last_column)
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
        elif kind == 0x00FD and raised:  # LABELSST
            row, column, number = struct.unpack_from("<HH2xI", record)
            if number in raised:
                texts[row + 1, column + 1] = raised[number]
    weight.add_cells(cells, name)
    weight.add_reach(last_row, last_column, name)
    return (rows, columns, texts, []), end - start


def _xls_sheets(stream: bytes) -> list[tuple[int, str]]:
    """Where each sheet begins in the stream, and its name."""
    sheets = []
    for kind, record, _ in xls_records(stream, 0):
        if kind == 0x002F:  # FILEPASS: what follows is encrypted
            raise FileRefused("file_encrypted")
        if kind == 0x0085:  # BOUNDSHEET: start, state, type, then the name, its length and its width before it
            name = record[8 : 8 + 2 * record[6]].decode("utf-16-le", "replace") if record[7] & 1 else record[8 : 8 + record[6]].decode("latin-1")
            sheets.append((struct.unpack_from("<I", record)[0], name))
        if len(sheets) > MOST_SHEETS:
            raise FileRefused("sheets_too_many", limit=MOST_SHEETS)
    return sheets
