"""What the reader of the cells does not tell of a sheet: hidden rows and columns, cells with an error, formulas never calculated, cells far away.

A quick look at the bytes decides whether a sheet has any of it; only then it is parsed.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers import expat

from ingest.marks_binary import read_xls_marks, read_xlsb_marks
from ingest.preflight import FileKind

_HIDDEN = re.compile(rb"hidden=[\"'](?:1|true)")
_NO_RESULT = re.compile(rb"(?:f>|<(?:\w+:)?f[^>]*/>)\s*<(?:(?:\w+:)?v\s*/>|(?:\w+:)?v></|/(?:\w+:)?c>)")
# A cell beyond row 99,999 or column ZZ.
_FAR_AWAY = re.compile(rb"r=[\"'](?:[A-Z]{3}\d|[A-Z]{0,3}\d{6})")
_ODS_SIGNS = re.compile(rb'visibility="(?:collapse|filter)"|value-type="error"|-spanned="(?!1")')
_TRUE = ("1", "true")
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass
class Marks:
    """What is marked on one sheet. Rows and columns are 1-based; ``texts`` are those of errors ("#DIV/0!") and of formulas without a result ("=A1").

    ``merged`` are the ranges of merged cells in formats of which the reader of the cells does not tell them: first row, first column, last row,
    last column. ``filled`` is the last row and the last column that hold anything; 0 where that was not asked.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    filled: tuple[int, int] = (0, 0)


def read_marks(content: bytes, kind: FileKind) -> Mapping[str, Marks] | list[Marks]:
    """The marks of each sheet of a workbook that passed the look before reading: by the sheet's name, or for binary formats in their order.

    Raises:
        ValueError: If the workbook is broken, or its XML defines entities or refers to outside files.
    """
    try:
        return _read_marks(content, kind)
    except (KeyError, zlib.error, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise ValueError(str(error)) from error


def _read_marks(content: bytes, kind: FileKind) -> Mapping[str, Marks] | list[Marks]:
    if kind == "xls":
        return [Marks(*marks) for marks in read_xls_marks(content)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if kind == "xlsb":
            return [Marks(*marks) for marks in read_xlsb_marks(archive)]
        if kind == "ods":
            xml = archive.read("content.xml")
            return _parse_ods(xml) if _ODS_SIGNS.search(xml) else {}
        marked = {name: xml for name in archive.namelist() if _is_sheet(name) and _has_signs(xml := archive.read(name))}
        return {sheet: _parse_xlsx(marked[part]) for sheet, part in _sheet_parts(archive) if part in marked} if marked else {}


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _has_signs(xml: bytes) -> bool:
    """Whether a sheet has anything to tell. A plain search comes before each pattern: it is many times as fast."""
    return bool(
        (b"hidden=" in xml and _HIDDEN.search(xml))
        or b't="e"' in xml
        or b"t='e'" in xml
        or (any(sign in xml for sign in (b"<f>", b"<f ", b":f>", b":f ")) and _NO_RESULT.search(xml))
        or _FAR_AWAY.search(xml)
    )


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part of the archive that holds it."""
    targets = {
        attributes["Id"]: normpath(join("xl", attributes["Target"])) if not attributes["Target"].startswith("/") else attributes["Target"][1:]
        for name, attributes in _elements(archive.read("xl/_rels/workbook.xml.rels"))
        if name == "Relationship"
    }
    for name, attributes in _elements(archive.read("xl/workbook.xml")):
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if relation in targets:
                yield attributes["name"], targets[relation]


def _parse_xlsx(xml: bytes) -> Marks:
    sheet = _XlsxSheet()
    _parse(xml, sheet.start, sheet.end, sheet.take)
    return sheet.marks


@dataclass
class _XlsxSheet:
    """The marks of an xlsx sheet, collected while its XML goes by."""

    marks: Marks = field(default_factory=Marks)
    row: int = 0
    column: int = 0
    type: str = ""
    text: str = ""
    formula: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "col" if attributes.get("hidden") in _TRUE:
                self.marks.hidden_columns.update(range(int(attributes["min"]), min(int(attributes["max"]), 16_384) + 1))
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
                if attributes.get("hidden") in _TRUE:
                    self.marks.hidden_rows.add(self.row)
            case "c":
                place = _CELL.match(attributes.get("r", ""))
                self.column = _column_number(place[1]) if place else self.column + 1
                self.type, self.text, self.formula = attributes.get("t", ""), "", None
            case "f" | "v":
                self.text = ""

    def end(self, tag: str) -> None:
        match _local(tag):
            case "f":
                self.formula, self.text = f"={self.text}", ""
            case "c":
                if self.type == "e" and self.text:
                    self.marks.texts[self.row, self.column] = self.text
                elif self.formula and not self.text and self.type != "str":
                    self.marks.texts[self.row, self.column] = self.formula
                if self.text:
                    rows, columns = self.marks.filled
                    self.marks.filled = (max(rows, self.row), max(columns, self.column))

    def take(self, text: str) -> None:
        self.text += text


def _parse_ods(xml: bytes) -> dict[str, Marks]:
    content = _OdsContent()
    _parse(xml, content.start, content.end, content.take)
    return content.sheets


@dataclass
class _OdsContent:
    """The marks of the sheets of an ods, collected while its XML goes by."""

    sheets: dict[str, Marks] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    row: int = 0
    column: int = 0
    repeated_rows: int = 1
    repeated_cells: int = 1
    text: str = ""
    is_error: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        is_hidden = attributes.get("table:visibility") in ("collapse", "filter")
        match tag:
            case "table:table":
                self.marks = self.sheets.setdefault(attributes.get("table:name", ""), Marks())
                self.row = self.column = 0
            case "table:table-column":
                repeated = min(int(attributes.get("table:number-columns-repeated", 1)), 16_384)
                if is_hidden:
                    self.marks.hidden_columns.update(range(self.column + 1, self.column + repeated + 1))
                self.column += repeated
            case "table:table-row":
                self.repeated_rows = min(int(attributes.get("table:number-rows-repeated", 1)), 1_048_576)
                if is_hidden:
                    self.marks.hidden_rows.update(range(self.row + 1, self.row + self.repeated_rows + 1))
                self.row, self.column = self.row + 1, 0
            case "table:table-cell" | "table:covered-table-cell":
                self.column += 1
                self.repeated_cells = int(attributes.get("table:number-columns-repeated", 1))
                self.text, self.is_error = "", attributes.get("calcext:value-type") == "error"
                rows, columns = (int(attributes.get(f"table:number-{what}-spanned", 1)) for what in ("rows", "columns"))
                if rows > 1 or columns > 1:
                    self.marks.merged.append((self.row, self.column, self.row + rows - 1, self.column + columns - 1))

    def end(self, tag: str) -> None:
        match tag:
            case "table:table-cell" | "table:covered-table-cell":
                if self.is_error:
                    self.marks.texts[self.row, self.column] = self.text
                self.column += self.repeated_cells - 1
            case "table:table-row":
                self.row += self.repeated_rows - 1

    def take(self, text: str) -> None:
        self.text += text


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    _parse(xml, lambda tag, attributes: found.append((_local(tag), attributes)), lambda tag: None, lambda text: None)
    return found


def _parse(xml: bytes, start: object, end: object, take: object) -> None:
    """Parse XML that defines nothing of its own: no entity is expanded and nothing outside is read."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, take  # type: ignore[assignment]
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _refuse(*declaration: object) -> None:
    raise ValueError("the XML defines entities of its own")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
