"""Cells of a sheet are given another style, byte by byte: everything else of the sheet's XML stays as it was written.

Parsing and writing a sheet anew would keep its meaning but not its bytes, and take ten times its size in memory.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

from ingest.findings import Severity
from ingest.spreadsheet_package import WorkbookNotMarked

# The children of a worksheet that stand before `legacyDrawing`, by which its comments are found.
_BEFORE_LEGACY_DRAWING = re.compile(
    "sheetPr|dimension|sheetViews|sheetFormatPr|cols|sheetData|sheetCalcPr|sheetProtection|protectedRanges|scenarios|autoFilter|sortState"
    "|dataConsolidate|customSheetViews|mergeCells|phoneticPr|conditionalFormatting|dataValidations|hyperlinks|printOptions|pageMargins|pageSetup"
    "|headerFooter|rowBreaks|colBreaks|customProperties|cellWatches|ignoredErrors|smartTags|drawing"
)
_START_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_STYLE = re.compile(rb"(\ss\s*=\s*)(?:\"[^\"]*\"|'[^']*')")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_SELECTED = re.compile(rb"(<(?:\w+:)?sheetView\b[^>]*?)\s+tabSelected=[\"'](?:1|true)[\"']")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_DEFAULT_WIDTH = 9.14
_DEFAULT_HEIGHT = 15.0

Place = tuple[int, int]
"""A row and a column, from 1."""


@dataclass
class Geometry:
    """How wide the columns and how high the rows of a sheet are (characters, points), where it says so."""

    columns: list[tuple[int, int, float]] = field(default_factory=list)
    rows: dict[int, float] = field(default_factory=dict)

    def width(self, column: int) -> float:
        """A column's width in characters; 0 where it is hidden."""
        return next((width for first, last, width in self.columns if first <= column <= last), _DEFAULT_WIDTH)

    def height(self, row: int) -> float:
        """A row's height in points."""
        return self.rows.get(row, _DEFAULT_HEIGHT)


@dataclass(frozen=True)
class MarkedSheet:
    """A sheet's XML with its cells marked; `legacy_drawing` is the relationship by which its comments are drawn, None where it has none."""

    xml: bytes
    geometry: Geometry
    legacy_drawing: str | None


def place_of(cell: str) -> Place:
    """The row and column of an A1 name. Raises WorkbookNotMarked if it is none."""
    found = _REFERENCE.fullmatch(cell)
    if not found:
        raise WorkbookNotMarked(f"{cell}: no cell is called so")
    return int(found[2]), column_index_from_string(found[1])


def merged_into(xml: bytes) -> Callable[[Place], Place]:
    """Tells for a cell of a sheet where what it shows stands: the first cell of the merged ones it belongs to, else itself."""
    spans = [
        (int(top), column_index_from_string(left.decode()), int(bottom), column_index_from_string(right.decode()))
        for left, top, right, bottom in _MERGED.findall(xml)
    ]

    def find(place: Place) -> Place:
        row, column = place
        return next(((top, left) for top, left, bottom, right in spans if top <= row <= bottom and left <= column <= right), place)

    return find


def deselect(xml: bytes) -> bytes:
    """A sheet's XML without its being selected: two selected sheets are a group, and what is typed into one goes into both."""
    head, data, rest = xml.partition(b"sheetData")
    return _SELECTED.sub(rb"\1", head) + data + rest


def mark_cells(xml: bytes, marks: Mapping[Place, Severity], style_of: Callable[[int, Severity], int]) -> MarkedSheet:
    """Give cells another style; cells and rows that the sheet does not hold yet are put in where they belong.

    Args:
        marks: Cell → the severity of what was found there.
        style_of: The style with the look of that severity, for a cell's present one. A cell that is not there yet has the style of its row or column.

    Raises:
        WorkbookNotMarked: If the XML is broken or defines entities of its own.
    """
    content = _as_utf8(xml)
    sheet = _Sheet(content, marks, style_of)
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: sheet.start(tag, attributes, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda tag: sheet.end(tag, parser.CurrentByteIndex)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise WorkbookNotMarked(f"a sheet is not as the standard says: {error}") from error
    return MarkedSheet(_splice(content, sheet.edits), sheet.geometry, sheet.legacy_drawing)


def add_legacy_drawing(xml: bytes, relation: str, namespace: str) -> bytes:
    """Say in a sheet's XML by which relationship its comments are drawn, at the place that the standard has for it."""
    finder = _LegacyDrawingPlace(xml)
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: finder.start(tag, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda tag: finder.end(tag, parser.CurrentByteIndex)
    parser.Parse(xml, True)
    element = f'<{finder.prefix}legacyDrawing xmlns:r="{namespace}" r:id="{relation}"/>'.encode()
    return xml[: finder.place] + element + xml[finder.place :]


@dataclass
class _LegacyDrawingPlace:
    """Finds the end of the last child of the worksheet that comes before `legacyDrawing`."""

    xml: bytes
    depth: int = 0
    begun: int = 0
    place: int = 0
    prefix: str = ""

    def start(self, tag: str, at: int) -> None:
        if self.depth == 0:
            self.prefix = tag[: -len(_local(tag))]
            self.place = _end_of_tag(self.xml, at)
        if self.depth == 1:
            self.begun = at
        self.depth += 1

    def end(self, tag: str, at: int) -> None:
        self.depth -= 1
        if self.depth == 1 and _BEFORE_LEGACY_DRAWING.fullmatch(_local(tag)):
            is_empty = _is_empty(self.xml, self.begun)
            self.place = _end_of_tag(self.xml, self.begun) if is_empty else self.xml.index(b">", at) + 1


@dataclass
class _Sheet:
    """What has to be changed in a sheet's XML, collected while it goes by."""

    xml: bytes
    marks: Mapping[Place, Severity]
    style_of: Callable[[int, Severity], int]
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    geometry: Geometry = field(default_factory=Geometry)
    legacy_drawing: str | None = None
    wanted: dict[int, list[int]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    column_styles: list[tuple[int, int, int]] = field(default_factory=list)
    prefix: str = ""
    is_in_data: bool = False
    data_at: int = 0
    row: int = 0
    row_at: int = 0
    row_style: int | None = None
    column: int = 0

    def __post_init__(self) -> None:
        for row, column in sorted(self.marks):
            self.wanted.setdefault(row, []).append(column)
        self.rows = sorted(self.wanted)

    def start(self, tag: str, attributes: dict[str, str], at: int) -> None:
        match _local(tag):
            case "sheetData":
                self.is_in_data, self.data_at, self.prefix = True, at, tag[: -len("sheetData")]
            case "col":
                self._take_column(attributes)
            case "row" if self.is_in_data:
                self._start_row(attributes, at)
            case "c" if self.is_in_data:
                self._start_cell(attributes, at)
            case "legacyDrawing":
                self.legacy_drawing = next((value for name, value in attributes.items() if _local(name) == "id"), None)

    def end(self, tag: str, at: int) -> None:
        match _local(tag):
            case "row" if self.is_in_data:
                cells = self._cells_before(1 << 20)
                if cells:
                    self._put_inside("row", self.row_at, at, cells)
            case "sheetData":
                self.is_in_data = False
                rows = self._rows_before(1 << 30)
                if rows:
                    self._put_inside("sheetData", self.data_at, at, rows)

    def _take_column(self, attributes: dict[str, str]) -> None:
        first, last = int(attributes["min"]), int(attributes["max"])
        is_hidden = attributes.get("hidden") in ("1", "true")
        self.geometry.columns.append((first, last, 0.0 if is_hidden else float(attributes.get("width", _DEFAULT_WIDTH))))
        if "style" in attributes:
            self.column_styles.append((first, last, int(attributes["style"])))

    def _start_row(self, attributes: dict[str, str], at: int) -> None:
        self.row = int(attributes.get("r", self.row + 1))
        if rows := self._rows_before(self.row):
            self.edits.append((at, at, rows))
        self.row_at, self.column = at, 0
        self.row_style = int(attributes.get("s", 0)) if attributes.get("customFormat") in ("1", "true") else None
        if "ht" in attributes:
            self.geometry.rows[self.row] = float(attributes["ht"])

    def _start_cell(self, attributes: dict[str, str], at: int) -> None:
        named = _REFERENCE.fullmatch(attributes.get("r", ""))
        self.column = column_index_from_string(named[1]) if named else self.column + 1
        if not self.wanted.get(self.row):
            return
        if cells := self._cells_before(self.column):
            self.edits.append((at, at, cells))
        columns = self.wanted[self.row]
        if columns and columns[0] == self.column:
            columns.pop(0)
            style = self.style_of(int(attributes.get("s", 0)), self.marks[self.row, self.column])
            self._restyle(at, style)

    def _restyle(self, at: int, style: int) -> None:
        tag = self.xml[at : _end_of_tag(self.xml, at)]
        if _STYLE.search(tag):
            changed = _STYLE.sub(lambda found: b'%s"%d"' % (found[1], style), tag, count=1)
        else:
            name = re.match(rb"<[^\s/>]+", tag)
            assert name is not None  # it is a start tag
            changed = b'%s s="%d"%s' % (name[0], style, tag[name.end() :])
        self.edits.append((at, at + len(tag), changed))

    def _cells_before(self, column: int) -> bytes:
        """New cells for the marks of the present row that lie before a column."""
        columns = self.wanted.get(self.row, [])
        count = bisect_left(columns, column)
        cells = b"".join(self._new_cell(self.row, each, self.row_style) for each in columns[:count])
        del columns[:count]
        return cells

    def _rows_before(self, row: int) -> bytes:
        """New rows for the marks that lie before a row of the sheet and in no row that it has."""
        count = bisect_left(self.rows, row)
        passed = self.rows[:count]
        # a row that stands here is no longer missing
        self.rows = self.rows[count + (self.rows[count : count + 1] == [row]) :]
        made = []
        for each in passed:
            cells = b"".join(self._new_cell(each, column, None) for column in self.wanted.pop(each))
            made.append(f'<{self.prefix}row r="{each}">'.encode() + cells + f"</{self.prefix}row>".encode())
        return b"".join(made)

    def _new_cell(self, row: int, column: int, row_style: int | None) -> bytes:
        of_column = next((style for first, last, style in self.column_styles if first <= column <= last), 0)
        style = self.style_of(of_column if row_style is None else row_style, self.marks[row, column])
        return f'<{self.prefix}c r="{get_column_letter(column)}{row}" s="{style}"/>'.encode()

    def _put_inside(self, name: str, begun: int, ended: int, content: bytes) -> None:
        """Put content at the end of an element, which may have been written as an empty one."""
        if not _is_empty(self.xml, begun):
            self.edits.append((ended, ended, content))
            return
        end = _end_of_tag(self.xml, begun)
        slash = self.xml.rindex(b"/", begun, end)
        self.edits.append((slash, end, b">" + content + f"</{self.prefix}{name}>".encode()))


def _splice(xml: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    parts: list[bytes] = []
    position = 0
    for begin, end, replacement in edits:
        parts += [xml[position:begin], replacement]
        position = end
    return b"".join([*parts, xml[position:]])


def _as_utf8(xml: bytes) -> bytes:
    """The XML in UTF-8, in which what we put in is written; a part may also be UTF-16."""
    if not xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return xml
    return re.sub(r"(<\?xml[^>]*?)\s+encoding=[\"'][^\"']*[\"']", r"\1", xml.decode("utf-16"), count=1).encode()


def _end_of_tag(xml: bytes, at: int) -> int:
    found = _START_TAG.match(xml, at)
    if not found:
        raise WorkbookNotMarked("a sheet holds a tag that cannot be told apart")
    return found.end()


def _is_empty(xml: bytes, at: int) -> bool:
    end = _end_of_tag(xml, at)
    return xml[end - 2 : end] == b"/>"


def _refuse(*declaration: object) -> None:
    raise WorkbookNotMarked("the XML of a sheet defines entities of its own")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
