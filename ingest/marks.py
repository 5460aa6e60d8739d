"""What the reader of the cells does not tell of a sheet: hidden rows and columns, cells with an error, formulas never calculated, and its weight.

A quick look at the bytes as they go by decides whether a sheet has any of it; only then it is parsed.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from posixpath import join, normpath
from typing import IO

from ingest.marks_binary import read_xls_marks, read_xlsb_marks
from ingest.marks_ods import read_ods_marks
from ingest.plain_xml import parse_xml
from ingest.preflight import FileRefused, Preflight
from ingest.raised import SIGN, RichText, SharedTexts
from ingest.weighing import MOST_SHEETS, Weight, chunks_of, column_number, count_cells, lengths_of_texts, reach_of

_HIDDEN = re.compile(rb"hidden=[\"'](?:1|true)")
_NO_RESULT = re.compile(rb"(?:f>|<(?:\w+:)?f[^>]*/>)\s*<(?:(?:\w+:)?v\s*/>|(?:\w+:)?v></|/(?:\w+:)?c>)")
# A cell beyond row 99,999, beyond column ZZ, or beyond both row 999 and column Z.
_FAR_AWAY = re.compile(rb"r=[\"'](?:[A-Z]{3}\d|[A-Z]{2}\d{4}|[A-Z]?\d{6})")
# The other parts of a workbook that its reader looks into; one that unpacks to more than its directory says is found out by its checksum.
_ALSO_READ = re.compile(r"(?:sharedstrings|styles|workbook)\.(?:xml|bin)|.*\.rels", re.IGNORECASE)
_STRINGS = re.compile(r"sharedstrings\.(?:xml|bin)", re.IGNORECASE)
# Packed so small, no part unpacks to more than a few megabytes.
_SMALL_PACKED, _SMALL = 2**15, 2**20
_LARGE = 2**19
_TRUE = ("1", "true")
_CELL = re.compile(r"([A-Z]+)(\d+)")
_LAST_COLUMN = 16_384


@dataclass
class Marks:
    """What is marked on one sheet. Rows and columns are 1-based; ``texts`` are those of errors ("#DIV/0!"), of formulas without a result ("=A1")
    and with raised digits ("3¹").

    ``merged`` are the ranges of merged cells in formats of which the reader of the cells does not tell them: first row, first column, last row,
    last column.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read_marks(content: bytes, preflight: Preflight) -> Mapping[str, Marks] | list[Marks]:
    """The marks of each sheet of a workbook that passed the look before reading: by the sheet's name, or for binary formats in their order.

    The workbook is weighed at the same time, and the process that reads it may take what that needs.

    Raises:
        ValueError: If the workbook is broken, or its XML defines entities or refers to outside files.
        FileRefused: If it has more cells or sheets than are read.
    """
    weight = Weight()
    try:
        marks = _read_marks(content, preflight, weight)
    except (KeyError, StopIteration, zlib.error, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise ValueError(str(error)) from error
    weight.allow_its_share()
    return marks


def _read_marks(content: bytes, preflight: Preflight, weight: Weight) -> Mapping[str, Marks] | list[Marks]:
    archive = preflight.package
    if archive is None:
        return [Marks(*marks) for marks in read_xls_marks(content, weight)]
    _weigh_other_parts(archive, weight)
    if preflight.kind == "xlsb":
        return [Marks(*marks) for marks in read_xlsb_marks(archive, weight)]
    if preflight.kind == "ods":
        return {sheet: Marks(*marks) for sheet, marks in read_ods_marks(archive, weight).items()}
    return _read_xlsx(archive, weight)


def _weigh_other_parts(archive: zipfile.ZipFile, weight: Weight) -> None:
    for part in archive.infolist():
        name = part.filename.rpartition("/")[2]
        if (part.compress_size > _SMALL_PACKED or part.file_size > _SMALL) and _ALSO_READ.fullmatch(name):
            with archive.open(part) as stream:
                length = sum(len(chunk) for chunk, _ in chunks_of(stream))
            if _STRINGS.fullmatch(name):
                weight.characters += length


def _read_xlsx(archive: zipfile.ZipFile, weight: Weight) -> Mapping[str, Marks]:
    known = {name.lower(): name for name in archive.namelist()}
    sheets = [(sheet, known[part.lower()]) for sheet, part in _sheet_parts(archive)]
    if len({part for _, part in sheets}) < len(sheets):
        raise ValueError("two sheets are one part")
    strings = next((name for name in archive.namelist() if _STRINGS.fullmatch(name.rpartition("/")[2])), None)
    raised = _read_raised(archive, strings) if strings else {}
    marks = {}
    for sheet, part in sheets:
        with archive.open(part) as stream:
            has_signs, is_far = _look_at(stream, sheet, archive.getinfo(part), weight)
        if is_far:
            with archive.open(part) as stream:
                weight.add_reach(*reach_of(chunks_of(stream)), sheet)
        if has_signs or raised:
            weight.allow_its_share()
            with archive.open(part) as stream:
                marks[sheet] = _parse_xlsx(stream, raised)
    if strings and not weight.is_usual:
        with archive.open(strings) as stream:
            lengths = lengths_of_texts(chunks_of(stream))
        for _, part in sheets if lengths else ():
            with archive.open(part) as stream:
                weight.add_shared_texts(lengths, chunks_of(stream))
    return marks


def _read_raised(archive: zipfile.ZipFile, part: str) -> Mapping[int, str]:
    """The shared texts with raised digits, by their number."""
    with archive.open(part) as stream:
        if not any(SIGN in piece for _, piece in chunks_of(stream)):
            return {}
    texts = SharedTexts()
    with archive.open(part) as stream:
        parse_xml(stream, texts.start, texts.end, texts.take)
    return texts.raised


def _look_at(stream: IO[bytes], sheet: str, part: zipfile.ZipInfo, weight: Weight) -> tuple[bool, bool]:
    """Whether a sheet has anything to tell, and whether a cell of it may stand far away; its cells are counted."""
    has_signs = is_far = False
    for chunk, piece in chunks_of(stream):
        weight.add_cells(count_cells(chunk), sheet)
        weight.add_chunk(chunk, part)
        has_signs = has_signs or _has_signs(piece)
        is_far = is_far or _may_be_far(piece)
    return has_signs, is_far


def _may_be_far(xml: bytes) -> bool:
    """Whether a cell may stand far away. One that does not say where it stands, as nearly all do, matters where there are many of them."""
    if _FAR_AWAY.search(xml):
        return True
    return len(xml) >= _LARGE and (b":c" in xml or xml.count(b'<c r="') != xml.count(b"<c ") + xml.count(b"<c>"))


def _has_signs(xml: bytes) -> bool:
    """Whether a sheet has anything to tell. A plain search comes before each pattern: it is many times as fast."""
    return bool(
        (b"hidden=" in xml and _HIDDEN.search(xml))
        or b't="e"' in xml
        or (b"'" in xml and b"t='e'" in xml)
        or SIGN in xml
        or ((b"<f" in xml or b":f" in xml) and _NO_RESULT.search(xml))
    )


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part of the archive that holds it."""
    workbook = next(target for kind, target in _relations(archive, "_rels/.rels", "").values() if kind == "officeDocument")
    folder, _, file = workbook.rpartition("/")
    targets = _relations(archive, join(folder, "_rels", f"{file}.rels"), folder)
    count = 0
    for name, attributes in _elements(archive.read(workbook)):
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            count += 1
            if count > MOST_SHEETS:
                raise FileRefused("sheets_too_many", limit=MOST_SHEETS)
            if relation in targets:
                yield attributes["name"], targets[relation][1]


def _relations(archive: zipfile.ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """The relations of a part: id → the last word of their type, and the part that they lead to."""
    return {
        attributes["Id"]: (
            attributes["Type"].rpartition("/")[2],
            attributes["Target"][1:] if attributes["Target"].startswith("/") else normpath(join(folder, attributes["Target"])),
        )
        for name, attributes in _elements(archive.read(part))
        if name == "Relationship"
    }


def _parse_xlsx(xml: IO[bytes], raised: Mapping[int, str]) -> Marks:
    sheet = _XlsxSheet(raised)
    parse_xml(xml, sheet.start, sheet.end, sheet.take)
    return sheet.marks


@dataclass
class _XlsxSheet:
    """The marks of an xlsx sheet, collected while its XML goes by. ``raised`` are the shared texts with raised digits, by their number."""

    raised: Mapping[int, str]
    marks: Marks = field(default_factory=Marks)
    row: int = 0
    column: int = 0
    type: str = ""
    text: str = ""
    formula: str | None = None
    inline: RichText | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.inline:
            self.inline.start(_local(tag), attributes)
        match _local(tag):
            case "is":
                self.inline = RichText()
            case "col" if attributes.get("hidden") in _TRUE:
                self.marks.hidden_columns.update(range(int(attributes["min"]), min(int(attributes["max"]), _LAST_COLUMN) + 1))
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
                if attributes.get("hidden") in _TRUE:
                    self.marks.hidden_rows.add(self.row)
            case "c":
                place = _CELL.match(attributes.get("r", ""))
                self.column = column_number(place[1]) if place else self.column + 1
                self.type, self.text, self.formula, self.inline = attributes.get("t", ""), "", None, None
            case "f" | "v":
                self.text = ""

    def end(self, tag: str) -> None:
        if self.inline:
            self.inline.end(_local(tag))
        match _local(tag):
            case "f":
                self.formula, self.text = f"={self.text}", ""
            case "c":
                if self.type == "e" and self.text:
                    self.marks.texts[self.row, self.column] = self.text
                elif self.inline and self.inline.has_raised:
                    self.marks.texts[self.row, self.column] = self.inline.text
                elif self.type == "s" and self.raised and self.text.isdecimal() and int(self.text) in self.raised:
                    self.marks.texts[self.row, self.column] = self.raised[int(self.text)]
                elif self.formula and not self.text and self.type != "str":
                    self.marks.texts[self.row, self.column] = self.formula

    def take(self, text: str) -> None:
        self.text += text
        if self.inline:
            self.inline.take(text)


# Remembered: how a workbook hangs together is the same in all that were made of one form.
@lru_cache(maxsize=16)
def _elements(xml: bytes) -> Sequence[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parse_xml(io.BytesIO(xml), lambda tag, attributes: found.append((_local(tag), attributes)), lambda tag: None, lambda text: None)
    return found


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
