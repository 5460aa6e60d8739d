"""What the rows around headings say of the figures below them: that they are parts, shares, or thousands."""

import re
from collections.abc import Mapping

from ingest.heading_words import factor_given, factor_named, folded_words, names_percent
from ingest.headings import Headings
from ingest.periods import NOT_STATED, Period, parse_period
from ingest.readers import CellValue, Sheet, is_blank
from ingest.sections import Field, fold
from ingest.values import cell_name, text_as_reported

FIGURES = ("count", "number", "amount")
# Rows above the headings in which a text may say in what all amounts are given.
_FURTHEST_ABOVE = 10
_MARKED = re.compile(r"\s*[*†‡¹²³⁴-⁹]")
_YEARS = range(2000, 2101)


def find_parts(sheet: Sheet, headings: Headings, fields: Mapping[int, Field], last: int) -> dict[int, str]:
    """The columns of figures that a row right below the headings parts by words or years that are not understood, each with its part as reported.

    "Angažovana lica" over "plan" and "ostvareno", or over "M" and "Ž", is not the number of engaged persons; and "%" is no number of any. A row that
    parts figures holds nothing else: a row of data says what its figures are of.
    """
    number = headings.bottom + 1
    row = sheet.rows[number - 1] if number <= last else []
    cells: dict[int, CellValue] = {column: cell for column, cell in enumerate(row, start=1) if not is_blank(cell)}
    figures = {column: cell for column, cell in cells.items() if column in fields and fields[column].type in FIGURES}
    others = (fields.keys() - figures.keys()) | set(headings.places.values())
    parted: dict[int, CellValue] = {
        column: cell for column, cell in figures.items() if fields[column].type != "number" and isinstance(cell, str) and _is_share(cell)
    }
    if figures and others.isdisjoint(cells):
        is_of_words = all(isinstance(cell, str) and _is_word_of_part(cell) for cell in cells.values())
        is_of_years = len(cells) > 1 and all(isinstance(cell, int | float) and cell in _YEARS for cell in cells.values())
        parted |= figures if is_of_words or is_of_years else {}
    return {column: text_as_reported(cell) for column, cell in parted.items()}


def find_scale(sheet: Sheet, headings: Headings, fields: Mapping[int, Field], left_out: frozenset[int]) -> Mapping[str, tuple[str, int]]:
    """The amounts that a text beside the table, or in the row of units, says are given in thousands or millions: field → its cell, and the factor."""
    amounts = {column: each.name for column, each in fields.items() if each.type == "amount"}
    scale: dict[str, tuple[str, int]] = {}
    beside = (*range(max(headings.top - _FURTHEST_ABOVE, 1), headings.top), *(number for number in sorted(left_out) if number > headings.bottom))
    for number in beside if amounts else ():
        for column, cell in enumerate(sheet.rows[number - 1], start=1):
            # a note with a mark speaks of the figures that carry it
            if isinstance(cell, str) and not _MARKED.match(cell) and (factor := factor_given(cell)):
                scale |= dict.fromkeys(amounts.values(), (cell_name(number, column), factor))
    units = headings.bottom + 1
    for column, name in amounts.items():
        if units in left_out and (factor := factor_named(text_as_reported(sheet.cell(units, column)))):
            scale[name] = (cell_name(units, column), factor)
    return scale


def _is_word_of_part(text: str) -> bool:
    """Plan and actual, men and women; a quarter, a month or a year."""
    if (fold(text) or text.strip()) in folded_words("parts"):
        return True
    period = parse_period(text, None)
    return isinstance(period, Period) and period.period_id != NOT_STATED


def _is_share(unit: str) -> bool:
    return len(unit) < 20 and names_percent(unit) and not any(letter.isdigit() for letter in unit)
