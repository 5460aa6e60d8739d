"""A readable copy of the rows that findings are about, for a file in which no cell can be marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.accounts import Account
from ingest.confinement import CallLost, call_confined
from ingest.preflight import FileRefused
from ingest.readers import Sheet, is_blank, read_sheets
from ingest.spreadsheet_cells import Place, place_of
from ingest.tables import find_tables
from ingest.values import text_as_reported

# Rows shown before and after one that has a finding.
_AROUND = 2
_HIDDEN = "•••"


def copy_sheets(content: bytes, account: Account) -> dict[str, dict[Place, str]]:
    """The sheets that have findings, each as text by its place: their headings, and the rows around those that findings name.

    Personal fields are blotted out. Empty where the file cannot be read at all.
    """
    rows_of: dict[str, set[int]] = {}
    for finding in account.findings:
        if finding.sheet and (finding.row or finding.cell):
            row = place_of(finding.cell)[0] if finding.cell else finding.row or 0
            rows_of.setdefault(finding.sheet, set()).update(range(row - _AROUND, row + _AROUND + 1))
    sheets = read_again(content, account.file_name) if rows_of else []
    return {sheet.name: dict(_copy(sheet, rows_of[sheet.name])) for sheet in sheets if sheet.name in rows_of}


def read_again(content: bytes, name: str) -> list[Sheet]:
    """The sheets of a file that was received; none where it cannot be read, which its findings say already."""
    try:
        sheets: list[Sheet] = call_confined(_read, content, name)
    except CallLost:
        return []
    return sheets


def _read(content: bytes, name: str) -> list[Sheet]:
    try:
        return read_sheets(content, name)
    except FileRefused:
        return []


def _copy(sheet: Sheet, rows: set[int]) -> Iterator[tuple[Place, str]]:
    tables = find_tables(sheet)
    headings = {row for table in tables for row in range(1, table.heading_row + 1)}
    personal = {
        (row, column)
        for table in tables
        for column, field in table.fields.items()
        if field.is_personal
        for row in range(table.heading_row + 1, table.last_row + 1)
    }
    for row in sorted(_within(sheet, rows | headings)):
        for column, cell in enumerate(sheet.rows[row - 1], start=1):
            if not is_blank(cell):
                yield (row, column), _HIDDEN if (row, column) in personal else text_as_reported(cell)


def _within(sheet: Sheet, rows: Iterable[int]) -> Iterator[int]:
    return (row for row in rows if 1 <= row <= len(sheet.rows))
