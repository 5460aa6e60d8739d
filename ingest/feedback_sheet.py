"""The sheets that we add to a workbook: the list of findings with links to their cells, and readable copies of rows."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter, quote_sheetname

from ingest.accounts import Account
from ingest.findings import Finding, message
from ingest.sections import load_sections
from ingest.spreadsheet_cells import Place
from ingest.spreadsheet_styles import Styles
from munimon.formulas import is_like_formula

LONGEST_NAME = 31
"""Characters of a sheet's name, at most."""

# What is wrong comes before what its message quotes: both fit beside each other on an office's screen.
_COLUMNS = ("column_number", "column_kind", "column_sheet", "column_cell", "column_message", "column_reported", "column_field")
_WIDTHS = (5, 20, 23, 8, 70, 22, 26)
_SIGNS = {"error": "✖", "warning": "△"}
# A sentence runs over the columns that are in sight without scrolling.
_SENTENCE_COLUMNS = _COLUMNS.index("column_message") + 1
_LINE = 15.75
# XML has no place for these; an underscore that begins what a spreadsheet would read as a character's number is written as one.
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_A_NUMBER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_TEXT = 32_767


@dataclass(frozen=True)
class _Cell:
    text: str
    look: str


def write_list(account: Account, styles: Styles, sentences: Sequence[str], linked: Collection[str]) -> bytes:
    """The XML of the list of findings: what is to be said, then a row a finding.

    Args:
        sentences: What stands above the list.
        linked: The sheets of the workbook whose cells can be jumped to.
    """
    title = "title" if account.findings else "receipt_title"
    rows: list[dict[int, _Cell]] = [{1: _Cell(account.say(title), "title")}, *({1: _Cell(said, "sentence")} for said in sentences)]
    merged = [f"A{number}:{get_column_letter(_SENTENCE_COLUMNS)}{number}" for number in range(1, len(rows) + 1)]
    links: dict[str, tuple[str, str]] = {}
    if account.findings:
        rows += [{}, {column: _Cell(account.say(key), "heading") for column, key in enumerate(_COLUMNS, start=1)}]
    for number, finding in enumerate(account.findings, start=1):
        rows.append(dict(enumerate(_cells_of(account, number, finding), start=1)))
        target = finding.cell or (f"A{finding.row}" if finding.row else None)
        if target and finding.sheet in linked:
            links[f"D{len(rows)}"] = (f"{quote_sheetname(finding.sheet)}!{target}", target)
    numbered = dict(enumerate(rows, start=1))
    # LibreOffice fits no row of its own accord
    heights = {number: _height(cells) for number, cells in numbered.items()} | {1: 24.0}
    return _write_sheet(styles, numbered, _WIDTHS, merged, heights, links, is_front=True)


def write_copy(styles: Styles, cells: Mapping[Place, str]) -> bytes:
    """The XML of a copy of a sheet: texts at the places where they stand in the sender's file."""
    rows: dict[int, dict[int, _Cell]] = {}
    widths: dict[int, int] = {}
    for (row, column), text in sorted(cells.items()):
        rows.setdefault(row, {})[column] = _Cell(text, "body")
        widths[column] = max(widths.get(column, 12), min(len(text) + 2, 40))
    columns = [widths.get(column, 4) for column in range(1, max(widths, default=0) + 1)]
    return _write_sheet(styles, rows, columns, [], {}, {}, is_front=False)


def _height(cells: Mapping[int, _Cell]) -> float:
    """The height in points that shows all of a row's texts."""
    widths = {column: sum(_WIDTHS[:_SENTENCE_COLUMNS]) if cell.look == "sentence" else _WIDTHS[column - 1] for column, cell in cells.items()}
    return _LINE * max((len(textwrap.wrap(cell.text, widths[column])) for column, cell in cells.items()), default=1)


def _cells_of(account: Account, number: int, finding: Finding) -> Iterable[_Cell]:
    section = load_sections().get(finding.section or "")
    field = section.field(finding.field).labels[account.language] if section and finding.field else ""
    place = finding.cell or (account.say("row", row=finding.row) if finding.row else "")
    return (
        _Cell(str(number), "body"),
        _Cell(f"{_SIGNS[finding.severity]} {account.say(finding.severity)}", finding.severity),
        _Cell(finding.sheet or "", "body"),
        _Cell(place, "link"),
        _Cell(message(finding.rule, finding.params, account.language), "body"),
        _Cell(finding.value_as_reported or "", "body"),
        _Cell(field, "body"),
    )


def _write_sheet(
    styles: Styles,
    rows: Mapping[int, Mapping[int, _Cell]],
    widths: Sequence[float],
    merged: Sequence[str],
    heights: Mapping[int, float],
    links: Mapping[str, tuple[str, str]],
    *,
    is_front: bool,
) -> bytes:
    main = styles.package.main[1:-1]
    colour = '<tabColor rgb="FFD64545"/>' if is_front else ""
    selected = ' tabSelected="1"' if is_front else ""
    parts = [
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{main}">',
        f'<sheetPr>{colour}<pageSetUpPr fitToPage="1"/></sheetPr>',
        f'<sheetViews><sheetView showGridLines="{0 if is_front else 1}"{selected} workbookViewId="0"/></sheetViews>',
        '<sheetFormatPr defaultRowHeight="15"/>',
    ]
    if widths:
        columns = "".join(f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, start=1))
        parts.append(f"<cols>{columns}</cols>")
    parts.append("<sheetData>")
    for number, cells in rows.items():
        height = f' ht="{heights[number]}" customHeight="1"' if number in heights else ""
        inner = "".join(_write_cell(styles, f"{get_column_letter(column)}{number}", cell) for column, cell in cells.items())
        parts.append(f'<row r="{number}"{height}>{inner}</row>')
    parts.append("</sheetData>")
    if merged:
        parts.append(f'<mergeCells count="{len(merged)}">' + "".join(f'<mergeCell ref="{span}"/>' for span in merged) + "</mergeCells>")
    if links:
        jumps = (f'<hyperlink ref="{at}" location={quoteattr(_clean(to))} display={quoteattr(shown)}/>' for at, (to, shown) in links.items())
        parts.append(f"<hyperlinks>{''.join(jumps)}</hyperlinks>")
    parts.append('<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>')
    parts.append('<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>')
    return "".join(parts).encode()


def _write_cell(styles: Styles, place: str, cell: _Cell) -> str:
    look = "text" if cell.look == "body" and is_like_formula(cell.text) else cell.look
    style = styles.look(look)
    if not cell.text:
        return f'<c r="{place}" s="{style}"/>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(clean_text(cell.text))}</t></is></c>'


def clean_text(text: str) -> str:
    """Text as a spreadsheet's XML can hold it: no control characters, and never longer than a cell may be."""
    return _LIKE_A_NUMBER.sub("_x005F_", _clean(text))[:_LONGEST_TEXT]


def _clean(text: str) -> str:
    return _NO_CHARACTERS.sub("\ufffd", text)
