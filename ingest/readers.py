"""Files into sheets of cells, as they stand: nothing is interpreted here."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

import python_calamine
from charset_normalizer import from_bytes

from ingest.preflight import FileRefused, inspect

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

# Encodings in which Serbian and Macedonian offices save text, beside UTF-8 and UTF-16.
_OFFICE_ENCODINGS = ["cp1250", "cp1251", "iso8859_2"]


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[0]`` is the sheet's row 1, and each row begins at column A. Empty cells are None or ''."""

    name: str
    rows: list[list[CellValue]]
    is_visible: bool = True

    def cell(self, row: int, column: int) -> CellValue:
        """The cell at a 1-based row and column; None outside what is filled."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None


def read_sheets(content: bytes, name: str) -> list[Sheet]:
    """Read every sheet of a workbook, or a text table as one sheet named for its file's stem.

    Args:
        content: The file's bytes.
        name: Its name, for messages and for the one sheet of a text table.

    Raises:
        FileRefused: If the file cannot be used.
    """
    if inspect(content, name).kind == "text":
        return [Sheet(PurePath(name).stem, _read_text_table(content, name))]
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_read_sheet(workbook, metadata) for metadata in workbook.sheets_metadata if _is_worksheet(metadata)]
    except python_calamine.PasswordError as error:
        raise FileRefused("file_encrypted", name=name) from error
    except python_calamine.CalamineError as error:
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error


def _is_worksheet(metadata: python_calamine.SheetMetadata) -> bool:
    return metadata.typ == python_calamine.SheetTypeEnum.WorkSheet


def _read_sheet(workbook: python_calamine.CalamineWorkbook, metadata: python_calamine.SheetMetadata) -> Sheet:
    sheet = workbook.get_sheet_by_name(metadata.name)
    rows: list[list[CellValue]] = [list(row) for row in sheet.to_python(skip_empty_area=True)]
    if sheet.start and rows:
        above, before = sheet.start
        rows = [[] for _ in range(above)] + [[None] * before + row for row in rows]
    return Sheet(metadata.name, rows, metadata.visible == python_calamine.SheetVisibleEnum.Visible)


def _read_text_table(content: bytes, name: str) -> list[list[CellValue]]:
    text = _decode(content, name)
    delimiter = _delimiter_of(text)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error


def _decode(content: bytes, name: str) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(content, cp_isolation=_OFFICE_ENCODINGS, threshold=0.6).best()
        if best is None:
            raise FileRefused("file_unreadable", name=name, reason="text encoding") from None
        return str(best)


def _delimiter_of(text: str) -> str:
    """The separator that most evenly divides the first lines; a decimal comma in a semicolon file is no separator."""
    lines = [line for line in text.splitlines() if line.strip()][:20]
    counts = {delimiter: Counter(line.count(delimiter) for line in lines) for delimiter in ("\t", ";", ",")}

    def evenness(delimiter: str) -> tuple[int, int]:
        divided = {number: lines_with for number, lines_with in counts[delimiter].items() if number}
        return max(divided.values(), default=0), max(divided, default=0)

    return max(counts, key=evenness)
