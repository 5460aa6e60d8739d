"""Files into sheets of cells, as they stand: nothing is interpreted here."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import PurePath
from typing import cast

import python_calamine
from openpyxl.utils import get_column_letter

from ingest.encodings import EncodingUnknown, decode
from ingest.findings import Finding, severity_of
from ingest.mails import reports_in
from ingest.marks import Marks, read_marks
from ingest.packed import unzip
from ingest.preflight import LARGEST_MAILBOX, FileRefused, Package, Preflight, inspect
from ingest.weighing import MOST_CELLS, weigh_text

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

# A row of a table is no longer than this; what has no line ends is no table of text.
_LONGEST_LINE = 2**20
# A separator inside quotes, or a decimal comma, divides nothing.
_QUOTED = re.compile(r'"[^"]*"')
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
# The first line by which Excel is told the separator.
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[0]`` is the sheet's row 1, and each row begins at column A. Empty cells are None or ''.

    Cells of hidden rows and columns are empty; ``hidden_rows`` and ``hidden_columns`` are those of them that held something. An error
    stands as its text ("#DIV/0!"), a formula that was never calculated as the formula ("=A1+B1"). ``merged`` are ranges as first row,
    first column, last row, last column, with the value in the first cell. ``hidden`` is what stands in hidden rows and columns, as row, column
    and value. Rows and columns are 1-based.
    """

    name: str
    rows: list[list[CellValue]]
    is_visible: bool = True
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: tuple[tuple[int, int, CellValue], ...] = ()

    @cached_property
    def values(self) -> Set[CellValue]:
        """What stands in its cells, each value once: most questions are of what stands there at all, and reports repeat themselves."""
        return set[CellValue]().union(*self.rows)

    def cell(self, row: int, column: int) -> CellValue:
        """The cell at a 1-based row and column; None outside what is filled."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None


def is_blank(cell: CellValue) -> bool:
    """Whether nothing stands in a cell, or only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


@dataclass(frozen=True)
class Contents:
    """What is in a file: its sheets, and what is to be said of the file itself: a misleading name, hidden rows and columns.

    ``package`` holds what no cell shows, where the file is a zip.
    """

    sheets: list[Sheet]
    findings: tuple[Finding, ...]
    package: Package | None = None


def read_contents(content: bytes, name: str) -> Contents:
    """Read every sheet of a workbook, or a text table as one sheet named for its file's stem.

    Args:
        content: The file's bytes.
        name: Its name, for messages and for the one sheet of a text table.

    Raises:
        FileRefused: If the file cannot be used.
    """
    preflight = inspect(content, name)
    sheets = _read(content, name, preflight)
    misnamed = preflight.compare_name(name)
    hidden = [finding for sheet in sheets if sheet.is_visible for finding in _hidden_findings(sheet)]
    return Contents(sheets, (*([misnamed] if misnamed else ()), *hidden), preflight.package)


def read_sheets(content: bytes, name: str) -> list[Sheet]:
    """The sheets alone of what ``read_contents`` reads."""
    return read_contents(content, name).sheets


def _hidden_findings(sheet: Sheet) -> Iterator[Finding]:
    if sheet.hidden_rows:
        params: dict[str, object] = {"rows": _name_ranges(sheet.hidden_rows, str)}
        yield Finding(severity_of("rows_hidden"), "rows_hidden", sheet=sheet.name, row=sheet.hidden_rows[0], params=params)
    if sheet.hidden_columns:
        params = {"columns": _name_ranges(sheet.hidden_columns, get_column_letter)}
        yield Finding(severity_of("columns_hidden"), "columns_hidden", sheet=sheet.name, params=params)


def _name_ranges(numbers: tuple[int, ...], name: Callable[[int], str]) -> list[str]:
    """Ascending numbers as people write them: 2, 3, 4, 9 → "2–4", "9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return [name(first) if first == last else f"{name(first)}–{name(last)}" for first, last in ranges]


def _read(content: bytes, name: str, preflight: Preflight) -> list[Sheet]:
    kind = preflight.kind
    if kind == "text":
        return [Sheet(PurePath(name).stem, _read_text_table(content, name))]
    if kind == "archive":
        # a zip of reports comes here only where it could not be unpacked into them, and this says why
        unzip(content, name, LARGEST_MAILBOX)
        raise FileRefused("file_unreadable", name=name, reason="zip")
    if kind in ("mail", "mailbox"):
        # so does a mail: its attachments come, unless there are none
        if kind == "mail":
            reports_in(content)
        raise FileRefused("mail_without_report")
    try:
        marks = read_marks(content, preflight)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = workbook.sheets_metadata
        marked = marks if isinstance(marks, dict) else dict(zip((sheet.name for sheet in sheets), marks, strict=False))
        return [_read_sheet(workbook, sheet, marked.get(sheet.name)) for sheet in sheets if _is_worksheet(sheet)]
    except python_calamine.PasswordError as error:
        raise FileRefused("file_encrypted", name=name) from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error
    except BaseException as error:
        # what Rust calls a panic is no Exception, and has no class that could be imported
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused("file_unreadable", name=name) from error


def _is_worksheet(metadata: python_calamine.SheetMetadata) -> bool:
    return metadata.typ == python_calamine.SheetTypeEnum.WorkSheet


def _read_sheet(workbook: python_calamine.CalamineWorkbook, metadata: python_calamine.SheetMetadata, marks: Marks | None) -> Sheet:
    sheet = workbook.get_sheet_by_name(metadata.name)
    rows = cast(list[list[CellValue]], sheet.to_python(skip_empty_area=True))
    above, before = sheet.start or (0, 0)
    if rows and (above or before):
        rows = [[] for _ in range(above)] + [[None] * before + row for row in rows]
    merged = tuple((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    is_visible = metadata.visible == python_calamine.SheetVisibleEnum.Visible
    if not marks:
        return Sheet(metadata.name, rows, is_visible, merged=merged)
    merged += tuple(marks.merged)
    _write_marked(rows, marks)
    hidden = _take_hidden(rows, marks)
    hidden_rows = tuple(sorted({row for row, _, _ in hidden} & marks.hidden_rows))
    # what stands in a hidden row is named by its row
    hidden_columns = tuple(sorted({column for row, column, _ in hidden if row not in marks.hidden_rows}))
    return Sheet(metadata.name, rows, is_visible, hidden_rows, hidden_columns, merged, hidden)


def _write_marked(rows: list[list[CellValue]], marks: Marks) -> None:
    """Write the marked texts into the rows."""
    for (row, column), text in marks.texts.items():
        if row <= MOST_CELLS // max(column, 1):
            rows.extend([] for _ in range(row - len(rows)))
            rows[row - 1].extend([None] * (column - len(rows[row - 1])))
            rows[row - 1][column - 1] = text


def _take_hidden(rows: list[list[CellValue]], marks: Marks) -> tuple[tuple[int, int, CellValue], ...]:
    """Empty what is hidden; returns what stood there, as row, column and value."""
    hidden: list[tuple[int, int, CellValue]] = []
    for row in sorted(marks.hidden_rows):
        if row <= len(rows):
            hidden.extend((row, column, cell) for column, cell in enumerate(rows[row - 1], start=1) if not is_blank(cell))
            rows[row - 1] = []
    for column in sorted(marks.hidden_columns):
        for row, cells in enumerate(rows, start=1):
            if column <= len(cells):
                hidden.extend([(row, column, cells[column - 1])] if not is_blank(cells[column - 1]) else ())
                cells[column - 1] = None
    return tuple(hidden)


def _read_text_table(content: bytes, name: str) -> list[list[CellValue]]:
    weigh_text(content, PurePath(name).stem)
    if _has_endless_line(content):
        raise FileRefused("file_unreadable", name=name, reason="line length")
    try:
        text = decode(content)
    except EncodingUnknown as error:
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error
    told = _SEPARATOR_LINE.match(text)
    if told:
        return [[], *_divide(text[told.end() :], told[1], name)]
    return _divide(text, _delimiter_of(text), name)


def _has_endless_line(content: bytes) -> bool:
    at = 0
    while len(content) - at > _LONGEST_LINE:
        end = max(content.rfind(b"\n", at, at + _LONGEST_LINE), content.rfind(b"\r", at, at + _LONGEST_LINE))
        if end <= at:
            return True
        at = end
    return False


def _divide(text: str, delimiter: str, name: str) -> list[list[CellValue]]:
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        # a program that quotes nothing writes the quotes of a name as they are: "Sunce" DOO;5
        rows: list[list[CellValue]] = [list(line.split(delimiter)) if line else [] for line in text.splitlines()]
        if len({len(row) for row in rows if row}) == 1:
            return rows
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error


def _delimiter_of(text: str) -> str:
    """The separator that most evenly divides the first lines; a decimal comma in a semicolon file is no separator."""
    lines = [_DECIMAL_COMMA.sub("", _QUOTED.sub("", line)) for line in text[:100_000].splitlines() if line.strip()][:20]
    counts = {delimiter: Counter(line.count(delimiter) for line in lines) for delimiter in ("\t", ";", ",")}

    def evenness(delimiter: str) -> tuple[int, int]:
        divided = {number: lines_with for number, lines_with in counts[delimiter].items() if number}
        return max(divided.values(), default=0), max(divided, default=0)

    return max(counts, key=evenness)
