"""The workbook a municipality fills in, written from the sections: a report sheet, instructions, one sheet a section.

Headings are protected without a password, so that a clerk cannot shift a column by accident and a coordinator still can. Validation
only ever warns: a date may be a month, a figure may be "about 30", a code may be missing from its list.
"""

from __future__ import annotations

import math
import re
import textwrap
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ingest.sections import LANGUAGES, CodeList, Field, ReportSheet, Section, load_code_lists, load_report_sheet, load_sections
from munimon.formulas import is_like_formula

Value = str | int | float | Decimal | date | None
Row = Mapping[str, Value]

# A row may say of whom, of which programme and of what period it speaks: one table for many municipalities.
PLACE_FIELDS = ("municipality", "programme", "period")

_HEADING_ROW = 2
_LAST_ROW = 5000
_DATE_FORMATS = {"en": "yyyy-mm-dd"} | dict.fromkeys(("sr-Latn", "sr-Cyrl", "mk"), 'dd.mm.yyyy"."') | {"sq": "dd.mm.yyyy"}
_TEXT = "@"
# Excel turns "May 2021", "2021" or "1-2" into a day unless the cell is text: what is not a figure is text.
_FORMATS = {"count": "0", "number": "General", "amount": "#,##0.00", "year": "0"}
_WIDTHS = {"ref": 16, "text": 30, "code": 26, "count": 13, "number": 13, "amount": 17, "date": 16, "year": 11}
_NOTE_WIDTH = 44
_HINT_WIDTH = 62
_LINE_HEIGHT = 15.0
_PAGE_WIDTH = 180.0

_INK, _QUIET, _SHADE, _LINE = "1F2A37", "5B6675", "E3EAF2", "B8C4D1"
_TITLE = Font("Calibri", 15, bold=True, color=_INK)
_BOLD = Font("Calibri", 11, bold=True, color=_INK)
_HINT = Font("Calibri", 10, italic=True, color=_QUIET)
_LINK = Font("Calibri", 11, color="1F4E79")
_SHADED = PatternFill("solid", fgColor=_SHADE)
_THIN = Side(style="thin", color=_LINE)
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_MIDDLE = Alignment(horizontal="left", wrap_text=True, vertical="center")
_INDENTED = Alignment(horizontal="left", wrap_text=True, vertical="center", indent=1)
_OPEN = Protection(locked=False)


@dataclass(frozen=True)
class _Form:
    """What the sheets share: the workbook, its language, and where each code list stands on the hidden sheet."""

    workbook: Workbook
    language: str
    report: ReportSheet
    lists: Mapping[str, str]
    is_prefilled: bool


def write_template(
    out: Path,
    *,
    language: str,
    municipality: tuple[str, str] | None = None,
    programme: tuple[str, str] | None = None,
    period: str | None = None,
    sections: Sequence[str] | None = None,
    things: Mapping[str, Sequence[Row]] | None = None,
    new_refs: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Write a report for a municipality to fill in, empty or with what it reported before and is not over.

    Args:
        out: The .xlsx file to write; an existing one is replaced.
        language: One of LANGUAGES.
        municipality: (official code, name), filled in on the report sheet.
        programme: (id, title), filled in on the report sheet.
        period: As a period is written, ``2024-Q1`` say.
        sections: The sections to offer, all by default.
        things: Section → the things to be reported on again, as last stated. What they are known by is locked.
        new_refs: Section → refs for new things, each in a row of its own, locked. Alone in its row such a ref says nothing.

    Returns:
        `out`.

    Raises:
        ValueError: If the language or a section is not known.
    """
    return write_report(
        out,
        language=language,
        municipality=municipality,
        programme=programme,
        period=period,
        statement="replaces",
        rows=things or {},
        sections=sections,
        new_refs=new_refs or {},
    )


def write_report(
    out: Path,
    *,
    language: str,
    municipality: tuple[str, str] | str | None,
    programme: tuple[str, str] | str | None,
    period: str | None,
    statement: str | None,
    reported_on: date | str | None = None,
    rows: Mapping[str, Sequence[Row]],
    said: Mapping[str, str] | None = None,
    sections: Sequence[str] | None = None,
    new_refs: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Write the template filled in: rows as a clerk would type them. The same arguments give the same bytes.

    Args:
        out, language, sections: As for `write_template`.
        municipality, programme: (code, name), or the text as somebody would write it; `whole_programme` of the report sheet stands
            for a report on no municipality in particular. None leaves the cell empty.
        period: As somebody would write it.
        statement: replaces or adds; None leaves the question open.
        reported_on: The day of the report, or text.
        rows: Section → rows; a row maps field names to what is typed. A code is written as its label in the language; a text that is
            no code is written as it is. Where rows carry `municipality`, `programme` or `period`, their sheet gets these columns first.
        new_refs: As for `write_template`; where they are given, what the rows are known by is locked.
        said: Section → data, nothing or not_known. A section with rows on the report's own municipality says data of itself.

    Raises:
        ValueError: If the language, a section, a field, the statement or what is said of a section is not known.
    """
    _refuse_unknown("language", [language], LANGUAGES)
    offered = tuple(sections) if sections is not None else tuple(load_sections())
    # Rows that name their own municipality say nothing of the one on the first sheet.
    own = {name for name, section_rows in rows.items() if any(row.get("municipality") is None for row in section_rows)}
    said = dict.fromkeys(own, "data") | dict(said or {})
    _refuse_unknown("section", [*offered, *rows, *said], tuple(load_sections()))
    _refuse_unknown("section (it is not among those asked for)", [*rows, *said], offered)
    report = load_report_sheet()
    _refuse_unknown("statement", [statement] if statement else [], tuple(report.statements.codes))
    _refuse_unknown("answer", said.values(), tuple(report.said.codes))

    workbook = Workbook()
    form = _Form(workbook, language, report, _place_lists(), bool(new_refs))
    chosen = [load_sections()[name] for name in offered]
    answers = {
        "municipality": f"{municipality[1]} ({municipality[0]})" if isinstance(municipality, tuple) else municipality,
        "programme": programme[0] if isinstance(programme, tuple) else programme,
        "period": period,
        "statement": _label(report.statements, statement, language) if statement else None,
        "reported_on": reported_on,
    }
    title = programme[1] if isinstance(programme, tuple) else None
    _write_report_sheet(form, chosen, answers, title, {name: _label(report.said, code, language) for name, code in said.items()})
    _write_instructions(form, chosen)
    for section in chosen:
        given = [{section.ref.name: ref} for ref in (new_refs or {}).get(section.name, ())] if section.ref else []
        _write_section(form, section, [*rows.get(section.name, ()), *given])
    _write_lists(form)
    _save(workbook, out)
    return out


def _write_report_sheet(
    form: _Form, sections: Sequence[Section], answers: Mapping[str, Value], programme_title: str | None, said: Mapping[str, str]
) -> None:
    language, report = form.language, form.report
    sheet = form.workbook.worksheets[0]
    sheet.title = report.sheet.labels[language]
    for letter, width in zip("ABC", (34, 44, _HINT_WIDTH), strict=True):
        sheet.column_dimensions[letter].width = width
    _put(sheet, 1, 1, report.title[language], font=_TITLE)
    sheet.row_dimensions[1].height = 26
    row = 3
    for name, term in report.fields.items():
        _put(sheet, row, 1, term.labels[language], font=_BOLD, alignment=_MIDDLE)
        cell = _put(sheet, row, 2, answers[name], number_format=_TEXT, alignment=_MIDDLE, border=_BOX, protection=_OPEN)
        if isinstance(answers[name], date):
            cell.number_format = _DATE_FORMATS[language]
        hint = programme_title if name == "programme" and programme_title else term.help[language]
        _put(sheet, row, 3, hint, font=_HINT, alignment=_INDENTED)
        sheet.row_dimensions[row].height = _height(hint, _HINT_WIDTH) + 5
        if name == "statement":
            _offer(form, sheet, f"B{row}", report.statements)
        row += 1
    row += 1
    _put(sheet, row, 1, report.texts["sections_intro"][language], font=_HINT)
    row += 1
    for column, key in enumerate(("section", "said"), start=1):
        _put(sheet, row, column, report.table[key].labels[language], font=_BOLD, fill=_SHADED, border=_BOX, alignment=_MIDDLE)
    first = row + 1
    for row, section in enumerate(sections, start=first):
        cell = _put(sheet, row, 1, section.labels[language], font=_LINK, border=_BOX, alignment=_MIDDLE)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(section.labels[language])}!A{_HEADING_ROW + 1}")
        _put(sheet, row, 2, said.get(section.name), number_format=_TEXT, border=_BOX, alignment=_MIDDLE, protection=_OPEN)
        sheet.row_dimensions[row].height = 18
    if sections:
        _offer(form, sheet, f"B{first}:B{row}", report.said)
    _protect(sheet)
    _set_up_print(sheet, landscape=True)


def _write_instructions(form: _Form, sections: Sequence[Section]) -> None:
    language = form.language
    sheet = form.workbook.create_sheet(form.report.instructions_sheet.labels[language])
    widths = (30, 100)
    for letter, width in zip("AB", widths, strict=True):
        sheet.column_dimensions[letter].width = width
    _put(sheet, 1, 1, form.report.instructions_sheet.labels[language], font=_TITLE)
    sheet.row_dimensions[1].height = 26
    first, *others = form.report.instructions[language]
    prefilled = [(form.report.texts["prefilled_heading"][language], form.report.texts["prefilled"][language])] if form.is_prefilled else []
    entries = [first, *prefilled, *others, *((section.labels[language], section.description[language]) for section in sections)]
    for row, (heading, text) in enumerate(entries, start=3):
        _put(sheet, row, 1, heading, font=_BOLD, alignment=_WRAPPED)
        _put(sheet, row, 2, text, alignment=_WRAPPED)
        sheet.row_dimensions[row].height = max(_height(heading, widths[0]), _height(text, widths[1])) + 6
    sheet.sheet_view.showGridLines = False
    _protect(sheet)
    _set_up_print(sheet, landscape=False)


def _write_section(form: _Form, section: Section, rows: Sequence[Row]) -> None:
    language = form.language
    sheet = form.workbook.create_sheet(section.labels[language])
    fields = {field.name: field for field in section.fields}
    places = [name for name in PLACE_FIELDS if any(name in row for row in rows)]
    _refuse_unknown(f"field of {section.name}", [name for row in rows for name in row], (*PLACE_FIELDS, *fields))
    columns = {name: column for column, name in enumerate([*places, *fields], start=1)}

    has_refs = form.is_prefilled and section.ref and any(section.ref.name in row for row in rows)
    hint = f" {form.report.texts['prefilled_hint'][language]}" if has_refs else ""
    _put(sheet, 1, 1, section.description[language] + hint, font=_HINT)
    for name, column in columns.items():
        field = fields.get(name)
        label, help_text = (field.labels, field.help) if field else (form.report.fields[name].labels, form.report.fields[name].help)
        letter = get_column_letter(column)
        dimension = sheet.column_dimensions[letter]
        dimension.width = _width(field, label[language])
        # The style of the whole column opens every empty cell below the headings, however many rows there will be.
        dimension.protection = _OPEN
        dimension.number_format = _number_format(field)
        heading = _put(sheet, _HEADING_ROW, column, label[language], font=_BOLD, fill=_SHADED, border=_BOX, alignment=_MIDDLE)
        _explain(sheet, heading.coordinate, help_text[language])
        cells = f"{letter}{_HEADING_ROW + 1}:{letter}{_LAST_ROW}"
        if field and field.codes:
            _offer(form, sheet, cells, load_code_lists()[field.codes])
        elif field and field.type == "date":
            _explain(sheet, cells, form.report.texts["date_hint"][language])
    # Row 1 lies in the opened columns: it is locked again cell by cell.
    for column in range(2, len(columns) + 1):
        _put(sheet, 1, column, None)
    sheet.row_dimensions[_HEADING_ROW].height = (
        max(
            _height(str(sheet.cell(_HEADING_ROW, column).value), sheet.column_dimensions[get_column_letter(column)].width * 0.8)
            for column in columns.values()
        )
        + 4
    )

    for number, row in enumerate(rows, start=_HEADING_ROW + 1):
        for name, value in row.items():
            field = fields.get(name)
            if field and field.codes and isinstance(value, str):
                value = _label(load_code_lists()[field.codes], value, language)
            if form.is_prefilled and _is_known_by(section, row, name):
                cell = _put(sheet, number, columns[name], value, number_format=_number_format(field), fill=_SHADED)
            elif value is None:
                continue
            else:
                cell = _put(sheet, number, columns[name], value, number_format=_number_format(field), protection=_OPEN)
            if isinstance(value, date):
                cell.number_format, cell.alignment = _DATE_FORMATS[language], Alignment(horizontal="left")
    sheet.freeze_panes = f"B{_HEADING_ROW + 1}"
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    _protect(sheet)
    _set_up_print(sheet, landscape=True)


def _is_known_by(section: Section, row: Row, name: str) -> bool:
    """Whether a thing is known by a field across periods, so that another text in it would make another thing: its ref, else its natural key."""
    ref = section.ref.name if section.ref else ""
    return name == ref or (name in section.natural_key and not row.get(ref))


def _write_lists(form: _Form) -> None:
    sheet = form.workbook.create_sheet(form.report.lists_sheet)
    for column, code_list in enumerate(load_code_lists().values(), start=1):
        for row, code in enumerate(code_list.codes, start=1):
            _put(sheet, row, column, _label(code_list, code, form.language), number_format=_TEXT)
    sheet.sheet_state = "hidden"


def _place_lists() -> dict[str, str]:
    """Code list → the cells of the hidden sheet that hold its labels, as a formula."""
    name = quote_sheetname(load_report_sheet().lists_sheet)
    return {
        code_list.name: f"{name}!${letter}$1:${letter}${len(code_list.codes)}"
        for letter, code_list in ((get_column_letter(column), code_list) for column, code_list in enumerate(load_code_lists().values(), start=1))
    }


def _put(sheet: Worksheet, row: int, column: int, value: Value, **styles: object) -> Cell:
    """Write a cell. Text stays text, whatever it begins with: a grant for "=SUM" is no formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = value
    for name, style in styles.items():
        setattr(cell, name, style)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = is_like_formula(value)
    return cell


def _label(code_list: CodeList, text: str, language: str) -> str:
    return code_list.codes[text][language] if text in code_list.codes else text


def _number_format(field: Field | None) -> str:
    return _FORMATS.get(field.type, _TEXT) if field else _TEXT


def _width(field: Field | None, label: str) -> float:
    base = _NOTE_WIDTH if field and field.name == "note" else _WIDTHS[field.type] if field else _WIDTHS["text"]
    return max(base, *(len(word) + 3 for word in label.split()))


def _height(text: str, width: float) -> float:
    """The height of a row in points that shows the text wrapped at a width in characters."""
    return _LINE_HEIGHT * len(textwrap.wrap(text, int(width)))


def _offer(form: _Form, sheet: Worksheet, cells: str, code_list: CodeList) -> None:
    validation = DataValidation(type="list", formula1=form.lists[code_list.name], allow_blank=True, errorStyle="warning", showErrorMessage=True)
    validation.error = form.report.texts["not_in_list"][form.language]
    validation.add(cells)
    sheet.add_data_validation(validation)


def _explain(sheet: Worksheet, cells: str, text: str) -> None:
    """Show a text, of 255 characters at most, beside the cells while one of them is selected."""
    validation = DataValidation(type=None, allow_blank=True, showInputMessage=True, prompt=text)
    validation.add(cells)
    sheet.add_data_validation(validation)


def _protect(sheet: Worksheet) -> None:
    # In this part of the file format False means: allowed in spite of the protection.
    for right in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, right, False)
    sheet.protection.sheet = True


def _set_up_print(sheet: Worksheet, *, landscape: bool) -> None:
    """A4, as many pages across as keep the print readable."""
    width = sum(dimension.width for dimension in sheet.column_dimensions.values())
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = math.ceil(width / _PAGE_WIDTH), 0


def _save(workbook: Workbook, out: Path) -> None:
    """Save without the time of day, so that the same report written twice is the same file and is received once."""
    buffer = BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as written, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as final:
        for name in written.namelist():
            content = written.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", b"", content)
            final.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _refuse_unknown(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    if strange := sorted(set(given) - set(known)):
        raise ValueError(f"unknown {what}: {', '.join(strange)}; known are {', '.join(known)}")
