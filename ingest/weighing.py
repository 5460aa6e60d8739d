"""What a file would take to read, told before it is read: its cells are counted as they go by, never by what the file says of itself.

A stated dimension, a compressed size and a number of strings may each be a lie or a slip; the count is none, and needs little memory.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from ingest.confinement import CPU_SECONDS, MEMORY, allow
from ingest.preflight import FileRefused

# Cells with something in them, and cells that their sheets reach over, of a whole file. Twice an honest report of 100,000 rows x 15 columns.
MOST_CELLS = 3_000_000
# Each sheet is read by itself; a workbook with a sheet for each of 257 municipalities is an honest one.
MOST_SHEETS = 1000

# Measured with 100,000 rows x 15 columns, from reading to what is handed on: see docs/safety.md.
_BYTES_PER_CELL = 400
_CPU_SECONDS_PER_CELL = 60e-6
_BYTES_PER_CHARACTER = 4
_CPU_SECONDS_PER_BYTE = 2e-7
# A cell that is blank takes a place in its row, and is passed by.
_BLANK_CELLS_PER_CELL = 8
# With fewer cells and bytes a report fits into what every confined call may take.
_USUAL_CELLS = 200_000
_USUAL_LENGTH = 2**22
# Texts that are longer than a name or a remark, and how much of them a file may hold.
_LONG_TEXT = 500
_MOST_CHARACTERS = 2**27
_SHARED_TEXT = re.compile(rb"\bt=[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{1,9})<")
# XML with cells in it is packed to a tenth or so, at most to a hundredth, or has a cell in every few hundred bytes.
_TIGHT, _LONG, _LONG_CELL = 200, 2**26, 1000

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
    length: int = 0

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

    def add_chunk(self, chunk: bytes, part: zipfile.ZipInfo) -> None:
        """Count the bytes of a part as it goes by.

        Raises:
            FileRefused: If it goes on and on and says nothing: packed very tight, and hardly a cell in it.
        """
        self.length += len(chunk)
        is_tight = part.file_size > _TIGHT * part.compress_size
        if is_tight and self.length > _LONG and self.cells * _LONG_CELL < self.length:
            raise FileRefused("file_too_large", name=part.filename, limit=f"{_LONG >> 20} MB")

    def add_shared_texts(self, lengths: Mapping[int, int], pieces: Iterator[tuple[bytes, bytes]]) -> None:
        """Count the long texts that a sheet's cells share, once for each cell, since each is given its own.

        Raises:
            FileRefused: If they are more than fit into memory.
        """
        for chunk, _ in pieces:
            self.characters += sum(lengths.get(int(number), 0) for number in _SHARED_TEXT.findall(chunk))
            if self.characters > _MOST_CHARACTERS:
                raise FileRefused("reading_too_large")

    @property
    def is_usual(self) -> bool:
        """Whether it has no more cells than reports usually have."""
        return max(self.cells, self.reach // _BLANK_CELLS_PER_CELL) <= _USUAL_CELLS

    def allow_its_share(self) -> None:
        """Let the confined call take as much more as the file needs beyond a usual one."""
        cells = max(self.cells, self.reach // _BLANK_CELLS_PER_CELL)
        if not self.is_usual or self.characters + self.length > _USUAL_LENGTH:
            memory = MEMORY + cells * _BYTES_PER_CELL + self.characters * _BYTES_PER_CHARACTER
            allow(memory, CPU_SECONDS + cells * _CPU_SECONDS_PER_CELL + self.length * _CPU_SECONDS_PER_BYTE)


def weigh_text(content: bytes, sheet: str) -> None:
    """Count the cells of a table of text, at the separator that divides it most, and let it take what it needs.

    Raises:
        FileRefused: If it has more cells than are read.
    """
    weight = Weight(characters=len(content))
    lines = max(content.count(b"\n"), content.count(b"\r")) + 1
    weight.add_cells(lines + max(content.count(sign) for sign in (b";", b",", b"\t")), sheet)
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


def lengths_of_texts(pieces: Iterator[tuple[bytes, bytes]]) -> dict[int, int]:
    """The bytes of those shared texts of an xlsx that are long, by their number from 0."""
    number, kept, lengths = 0, 0, {}
    for chunk, _ in pieces:
        *whole, rest = chunk.split(b"</si>")
        for text in whole:
            if kept + len(text) > _LONG_TEXT:
                lengths[number] = kept + len(text)
            number, kept = number + 1, 0
        kept += len(rest)
    return lengths


def column_number(letters: str) -> int:
    """The 1-based number of a column: "A" → 1, "AA" → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
