"""Hidden rows and columns, cells with an error, merged cells, raised digits and the weight of an ods, collected while its XML goes by.

OpenDocument 1.3, part 3: tables (9), texts (5, 6) and their styles (20.384, style:text-position).
"""

import html
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.marks_binary import Found
from ingest.plain_xml import parse_xml
from ingest.raised import RAISED
from ingest.weighing import Weight, chunks_of

_SIGNS = re.compile(rb'visibility="(?:collapse|filter)"|value-type="error"|-spanned="(?!1")|text-position="(?:super|[1-9])')
# A cell that stands for many, or rows and cells left blank before others that are not: the end of a sheet is left blank in the same way.
_FAR_AWAY = re.compile(
    rb'columns-repeated="\d{2,}"[^<>]*value-type|value-type[^<>]*columns-repeated="\d{2,}"|columns-repeated="\d{2,}"[^<>]*/>\s*<table:table-cell'
    rb'|rows-repeated="\d{2,}"[^<>]*>(?!\s*(?:<table:(?:covered-)?table-cell[^<>]*/>\s*)*</table:table-row>\s*</table:table>)'
)
_SHEET = re.compile(rb'<table:table\s[^<>]*table:name="([^"]*)"')
# Raised, and not lowered ("sub", "-8% 58%") or on the line ("0% 100%").
_IS_RAISED = re.compile(r"super|[1-9]")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def read_ods_marks(archive: zipfile.ZipFile, weight: Weight) -> Mapping[str, Found]:
    """The marks of each sheet that has any, by its name.

    Raises:
        ValueError: If the XML is broken, or defines entities.
        FileRefused: If it has more cells than are read.
    """
    has_signs, sheet = False, ""
    with archive.open("content.xml") as stream:
        for chunk, piece in chunks_of(stream):
            sheet = html.unescape(names[-1].decode(errors="replace")) if (names := _SHEET.findall(piece)) else sheet
            weight.add_cells(chunk.count(b"office:value-type="), sheet)
            weight.add_chunk(chunk, archive.getinfo("content.xml"))
            has_signs = has_signs or _has_signs(piece)
    weight.allow_its_share()
    if not has_signs:
        return {}
    with archive.open("content.xml") as stream:
        content = _Content(weight)
        parse_xml(stream, content.start, content.end, content.take)
    return content.sheets


def _has_signs(xml: bytes) -> bool:
    """Whether there is anything to tell. A plain search comes before each pattern: it is many times as fast."""
    signs = (b"visibility=", b'"error"', b"-spanned=", b"text-position=")
    return bool((any(sign in xml for sign in signs) and _SIGNS.search(xml)) or (b"-repeated=" in xml and _FAR_AWAY.search(xml)))


@dataclass
class _Text:
    """The text of a cell as the reader of the cells gives it, but for its raised digits, which become the signs for them."""

    text: str = ""
    has_raised: bool = False
    _paragraphs: int = 0
    _is_aside: bool = False
    _spans: list[bool] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str], raised: set[str]) -> None:
        match tag:
            case "office:annotation":
                # what is remarked on a cell is no part of it
                self._is_aside = True
            case "text:p" if not self._is_aside:
                self.text += "\n" if self._paragraphs else ""
                self._paragraphs += 1
            case "text:span":
                self._spans.append(attributes.get("text:style-name") in raised or any(self._spans[-1:]))
            case "text:s" if not self._is_aside:
                self.text += " " * min(int(attributes.get("text:c", 1)), _LAST_COLUMN)

    def end(self, tag: str) -> None:
        match tag:
            case "office:annotation":
                self._is_aside = False
            case "text:span":
                del self._spans[-1:]

    def take(self, text: str) -> None:
        if not self._is_aside:
            shown = text.translate(RAISED) if any(self._spans[-1:]) else text
            self.has_raised |= shown != text
            self.text += shown


@dataclass
class _Content:
    """The marks of the sheets. ``raised`` are the names of the styles of raised texts."""

    weight: Weight
    sheets: dict[str, Found] = field(default_factory=dict)
    name: str = ""
    row: int = 0
    column: int = 0
    repeated_rows: int = 1
    repeated_cells: int = 1
    filled: tuple[int, int] = (0, 0)
    style: str = ""
    raised: set[str] = field(default_factory=set)
    text: _Text = field(default_factory=_Text)
    is_error: bool = False
    is_filled: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "style:style":
                self.style = attributes.get("style:name", "")
            case "style:text-properties" if _IS_RAISED.match(attributes.get("style:text-position", "")):
                self.raised.add(self.style)
            case "table:table":
                self.name = attributes.get("table:name", "")
                self.sheets.setdefault(self.name, (set(), set(), {}, []))
                self.row, self.column, self.filled = 0, 0, (0, 0)
            case "table:table-column":
                self._start_columns(attributes)
            case "table:table-row":
                self._start_rows(attributes)
            case "table:table-cell" | "table:covered-table-cell":
                self._start_cell(attributes)
            case _:
                self.text.start(tag, attributes, self.raised)

    def _start_columns(self, attributes: dict[str, str]) -> None:
        repeated = min(int(attributes.get("table:number-columns-repeated", 1)), _LAST_COLUMN)
        if _is_hidden(attributes):
            self.sheets[self.name][1].update(range(self.column + 1, self.column + repeated + 1))
        self.column += repeated

    def _start_rows(self, attributes: dict[str, str]) -> None:
        self.repeated_rows = min(int(attributes.get("table:number-rows-repeated", 1)), _LAST_ROW)
        if _is_hidden(attributes):
            self.sheets[self.name][0].update(range(self.row + 1, min(self.row + self.repeated_rows, _LAST_ROW) + 1))
        self.row, self.column = self.row + 1, 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        self.repeated_cells = int(attributes.get("table:number-columns-repeated", 1))
        self.text, self.is_error, self.is_filled = _Text(), attributes.get("calcext:value-type") == "error", "office:value-type" in attributes
        rows, columns = (int(attributes.get(f"table:number-{what}-spanned", 1)) for what in ("rows", "columns"))
        if rows > 1 or columns > 1:
            self.sheets[self.name][3].append((self.row, self.column, self.row + rows - 1, self.column + columns - 1))

    def end(self, tag: str) -> None:
        match tag:
            case "table:table-cell" | "table:covered-table-cell":
                self._end_cell()
            case "table:table-row":
                self.row += self.repeated_rows - 1
            case "table:table":
                self.weight.add_reach(*self.filled, self.name)
            case _:
                self.text.end(tag)

    def _end_cell(self) -> None:
        if self.is_filled:
            self.weight.add_cells(self.repeated_cells * self.repeated_rows - 1, self.name)
            self.filled = (self.row + self.repeated_rows - 1, max(self.filled[1], self.column + self.repeated_cells - 1))
        if self.is_error or self.text.has_raised:
            # of what stands in many cells, as many as were weighed
            rows, columns = (self.repeated_rows, self.repeated_cells) if self.is_filled else (1, 1)
            places = ((row, self.column + at) for row in range(self.row, self.row + rows) for at in range(columns))
            self.sheets[self.name][2].update(dict.fromkeys(places, self.text.text))
        self.column += self.repeated_cells - 1

    def take(self, text: str) -> None:
        self.text.take(text)


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("table:visibility") in ("collapse", "filter")
