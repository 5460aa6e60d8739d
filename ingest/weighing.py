"""What a file would take to read, told before it is read: its cells are counted as they go by, never by what the file says of itself.

A stated dimension, a compressed size and a number of strings may each be a lie or a slip; the count is none, and needs little memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from ingest.confinement import CPU_SECONDS, MEMORY, allow
from ingest.preflight import FileRefused

# Cells with something in them, and cells that their sheets reach over, of a whole file. Twice an honest report of 100,000 rows x 15 columns.
MOST_CELLS = 3_000_000
# Each sheet is read by itself; a workbook with a sheet for each of 257 municipalities is an honest one.
MOST_SHEETS = 1000

# Measured with 100,000 rows x 15 columns, from reading to what is handed on: see docs/safety.md.
_BYTES_PER_CELL = 320
_CPU_SECONDS_PER_CELL = 60e-6
_BYTES_PER_CHARACTER = 4
# A cell that is blank takes a place in its row, and is passed by.
_BLANK_CELLS_PER_CELL = 8
# With fewer cells and characters a report fits into what every confined call may take.
_USUAL_CELLS = 200_000
_USUAL_CHARACTERS = 2**22

_CHUNK = 2**20
# What is looked for may begin at the end of one chunk; no heading, number or tag is as long as this.
_OVERLAP = 2**13
_CELL_WITH_PLACE = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,9})[\"'][^<>]*>\s*<(?:\w+:)?(?:v|f|is)\b")


@dataclass
class Weight:
    """What has been counted of a file so far."""

    cells: int = 0
    reach: int = 0
    characters: int = 0

    def add_cells(self, count: int, sheet: str) -> None:
        """Count cells that hold something.

        Raises:
            FileRefused: If the file has more than are read.
        """
        self.cells += count
        if self.cells > MOST_CELLS:
            raise FileRefused("cells_too_many", sheet=sheet, limit=MOST_CELLS)

    def add_reach(self, rows: int, columns: int, sheet: str) -> None:
        """Count the cells from a sheet's first row and column to its last ones that hold something.

        Raises:
            FileRefused: If they are more than fit into memory.
        """
        self.reach += rows * columns
        if self.reach > MOST_CELLS:
            raise FileRefused("cells_far_away", sheet=sheet, limit=MOST_CELLS)

    def allow_its_share(self) -> None:
        """Let the confined call take as much more as the file needs beyond a usual one."""
        cells = max(self.cells, self.reach // _BLANK_CELLS_PER_CELL)
        if cells > _USUAL_CELLS or self.characters > _USUAL_CHARACTERS:
            memory = MEMORY + cells * _BYTES_PER_CELL + self.characters * _BYTES_PER_CHARACTER
            allow(memory, CPU_SECONDS + cells * _CPU_SECONDS_PER_CELL)


def weigh_text(content: bytes, name: str) -> None:
    """Count the cells of a table of text, at the separator that divides it most, and let it take what it needs.

    Raises:
        FileRefused: If it has more cells than are read.
    """
    weight = Weight(characters=len(content))
    lines = max(content.count(b"\n"), content.count(b"\r")) + 1
    weight.add_cells(lines + max(content.count(sign) for sign in (b";", b",", b"\t")), name)
    weight.allow_its_share()


def chunks_of(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """A part as it goes by: each chunk, and the same with the end of the one before, for what is looked for across their border."""
    before = b""
    while chunk := stream.read(_CHUNK):
        yield chunk, before + chunk if before else chunk
        before = chunk[-_OVERLAP:]


def count_cells(xml: bytes) -> int:
    """How many cells of a piece of an xlsx sheet hold something: by the ends of their values."""
    counted = xml.count(b"</v") + xml.count(b"</is")
    # with a prefix, as some libraries write it, a value has one before and one behind
    return counted or (len(xml) >= _CHUNK // 2 and (xml.count(b":v>") + xml.count(b":is>")) // 2) or 0


def reach_of(pieces: Iterator[tuple[bytes, bytes]]) -> tuple[int, int]:
    """The last row and the last column of an xlsx sheet that hold something; a cell that does not say where it stands is taken for the next one."""
    last_row, columns, placed, cells, rows, widest = 0, {b"A"}, 0, 0, 0, 0
    for chunk, piece in pieces:
        found = _CELL_WITH_PLACE.findall(piece)
        placed += len(found)
        cells += count_cells(chunk)
        columns.update(column for column, _ in found)
        last_row = max(last_row, max((int(row) for _, row in found), default=0))
        if placed < cells:
            of_rows = chunk.split(b"row")
            rows += len(of_rows) // 2
            widest = max(widest, max(row.count(b"v>") for row in of_rows) // 2)
    return max(last_row, rows), max(widest, max(column_number(column.decode()) for column in columns))


def column_number(letters: str) -> int:
    """The 1-based number of a column: "A" → 1, "AA" → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
