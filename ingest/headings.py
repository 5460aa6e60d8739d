"""Which rows of a sheet are headings, of one or more rows, and what each column means.

A heading is known by its words, a group over its parts ("Angažovani" over "ukupno | žene | Romi"), or a part to the right of its whole ("Broj
angažovanih | od toga žene").
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ingest.heading_words import field_meant, fold_heading, group_of, heading_words, names_percent, place_meant
from ingest.readers import CellValue, Sheet
from ingest.sections import fold, load_sections
from ingest.values import text_as_reported

# Headings of more rows than this are a title above headings.
_MOST_ROWS = 3
# A longer text explains something.
_LONGEST_HEADING = 120
# A heading row stands below a title and a few lines of explanation, never deeper than this in any form we have seen.
_DEEPEST_SOLE_HEADING = 40


@dataclass(frozen=True)
class Headings:
    """The headings of one table, in the sheet's rows ``top`` to ``bottom``. Columns are 1-based.

    ``fields`` and ``places`` are what is understood; ``repeated`` what means the same as a column before it; ``unknown`` the rest,
    each with its text. Columns that only number the rows are in none of them. ``first`` and ``last`` are the columns of a table that stands beside
    another one; 0 where it has the sheet to itself on that side.
    """

    top: int
    bottom: int
    section: str
    fields: Mapping[int, str]
    places: Mapping[str, int]
    repeated: Mapping[int, str]
    unknown: Mapping[int, str]
    texts: Mapping[int, str]
    first: int = 0
    last: int = 0

    @property
    def fit(self) -> int:
        """How many columns are understood."""
        return len(self.fields) + len(self.places)

    @property
    def columns(self) -> tuple[int, ...]:
        """All columns that have a heading, from the left."""
        return tuple(sorted(self.texts))


def find_headings(sheet: Sheet) -> list[Headings]:
    """The headings of every table on a sheet, from the top.

    The sheet's own name decides which section a table is of where its headings leave it open. One known word in a row of text is
    chance, two are headings; only on a sheet that bears a section's name is one enough.
    """
    named = heading_words().sheet_names.get(fold(sheet.name))
    likely = _known_columns(sheet)
    found: list[Headings] = []
    for row in likely:
        if not found or row > found[-1].bottom:
            best = _best_at(sheet, row, named, found[-1].bottom if found else 0, likely)
            if best and best.fields and best.fit >= 2 and (not found or _is_sure(best)):
                # where all of it is understood it is one table, as nearly always
                is_one = best.fit == len(best.texts)
                found.extend([best] if is_one else _part_side_by_side(_texts_of(sheet, best.top, best.bottom), best, named))
    if not found and named:
        rows = [row for row in likely if row <= _DEEPEST_SOLE_HEADING]
        alone = [reading for row in rows if (reading := _best_section(sheet, row, row, named)).fields]
        found = sorted(alone, key=lambda best: (-best.fit, best.bottom))[:1]
    return found


def _known_columns(sheet: Sheet) -> dict[int, frozenset[int]]:
    """The rows in which more cells are known words than numbers or dates, with the columns of those words."""
    words = heading_words().known
    known = {cell for cell in sheet.values if isinstance(cell, str) and 0 < len(cell) < _LONGEST_HEADING and fold_heading(cell) in words}
    likely: dict[int, frozenset[int]] = {}
    for number, row in enumerate(sheet.rows, start=1):
        if known.isdisjoint(row):
            continue
        columns = frozenset(column for column, cell in enumerate(row, start=1) if isinstance(cell, str) and cell in known)
        if len(columns) > sum(cell is not None and not isinstance(cell, str) for cell in row):
            likely[number] = columns
    return likely


def _is_sure(headings: Headings) -> bool:
    """Whether most of the cells are understood: below a first table, a row of text that holds two known words may still be data."""
    return headings.fit * 2 >= len(headings.texts)


def _best_at(sheet: Sheet, row: int, named: str | None, after: int, likely: Mapping[int, frozenset[int]]) -> Headings | None:
    """The best reading of the rows from ``row`` on, or from just above it, as headings: the most columns understood, by the fewest rows."""
    if len(likely[row]) > 1 and row + 1 not in likely and row - 1 not in likely:
        alone = _best_section(sheet, row, row, named)
        if alone.fit == len(alone.texts):
            return alone
    candidates = [
        _best_section(sheet, top, bottom, named)
        for bottom in range(row, min(row + _MOST_ROWS - 1, len(sheet.rows)) + 1)
        for top in range(max(after + 1, bottom - _MOST_ROWS + 1), bottom + 1)
        if len(frozenset().union(*(likely.get(number, ()) for number in range(top, bottom + 1)))) > 1
        and all(_is_text(cell) for number in range(top, bottom + 1) if number != row for cell in sheet.rows[number - 1])
    ]
    return max(candidates, key=lambda each: (each.fit, each.top - each.bottom, -each.bottom), default=None)


def _part_side_by_side(texts: Mapping[int, "_Parts"], whole: Headings, named: str | None) -> list[Headings]:
    """Headings of tables that stand side by side, each alone.

    They are parted at a blank column, or at one that numbers rows anew, where more is understood of the two than of the whole.
    """
    if whole.fit < len(texts):
        for column in sorted(texts)[1:]:
            if column - 1 in texts and texts[column][-1][1] not in heading_words().ordinals:
                continue
            sides = [{each: parts for each, parts in texts.items() if (each < column) == is_left} for is_left in (True, False)]
            left, right = (_best_of(tuple(side.items()), whole.top, whole.bottom, named) for side in sides)
            if left.fields and right.fields and min(left.fit, right.fit) >= 2 and _is_sure(left) and left.fit + right.fit > whole.fit:
                return [replace(left, last=column - 1, first=whole.first), *_part_side_by_side(sides[1], replace(right, first=column), named)]
    return [whole]


def _best_section(sheet: Sheet, top: int, bottom: int, named: str | None) -> Headings:
    return _best_of(tuple(_texts_of(sheet, top, bottom).items()), top, bottom, named)


# Remembered: the headings are the same in all reports that were made of one form.
@lru_cache(maxsize=256)
def _best_of(texts: tuple[tuple[int, "_Parts"], ...], top: int, bottom: int, named: str | None) -> Headings:
    readings: list[Headings] = []
    for section in _sections_first(named):
        readings.append(_read(dict(texts), top, bottom, section))
        if readings[-1].fit == len(texts):
            break
    best = max(readings, key=lambda each: each.fit)
    own = readings[0]
    # two words more in another section are more than a coincidence of synonyms
    return own if named and own.fit and best.fit < own.fit + 2 else best


@lru_cache(maxsize=16)
def _sections_first(named: str | None) -> tuple[str, ...]:
    first = (named,) if named else ()
    return (*first, *(name for name in load_sections() if name not in first))


_Parts = tuple[tuple[str, str], ...]


def _texts_of(sheet: Sheet, top: int, bottom: int) -> dict[int, _Parts]:
    """Column → its heading from the top down, each part as reported and folded; what is merged or stands over several columns counts for all."""
    width = max((len(row) for row in sheet.rows[top - 1 : bottom]), default=0)
    rows = [[_own_text(sheet, row, column) for column in range(1, width + 1)] for row in range(top, bottom + 1)]
    merged = [each for each in sheet.merged if each[0] <= bottom and each[2] >= top]
    for first_row, first_column, last_row, last_column in merged:
        text = _own_text(sheet, first_row, first_column)
        for row in range(max(first_row, top), min(last_row, bottom) + 1):
            for column in range(first_column, min(last_column, width) + 1):
                rows[row - top][column - 1] = text
    if not merged:
        _spread_parents(rows)
    texts: dict[int, _Parts] = {}
    for column in range(1, width + 1):
        parts = dict.fromkeys(row[column - 1] for row in rows if row[column - 1])
        if parts:
            texts[column] = tuple((part, fold_heading(part)) for part in parts)
    return texts


def _spread_parents(rows: list[list[str]]) -> None:
    """Without merged cells a heading over several columns stands over the first of them."""
    for above, below in pairwise(rows):
        for column in range(1, len(above)):
            if not above[column] and below[column]:
                above[column] = above[column - 1] if below[column - 1] else ""


def _read(texts: Mapping[int, _Parts], top: int, bottom: int, section: str) -> Headings:
    fields: dict[int, str] = {}
    places: dict[str, int] = {}
    repeated: dict[int, str] = {}
    unknown: dict[int, str] = {}
    shown = {column: " – ".join(part for part, _ in parts) for column, parts in texts.items()}
    left: str | None = None
    for column, parts in sorted(texts.items()):
        folded = tuple(part for _, part in parts if part)
        if folded and folded[-1] in heading_words().ordinals:
            continue
        field = field_meant(section, folded, left)
        if field and names_percent(shown[column]) and load_sections()[section].field(field).type in ("count", "amount"):
            # a share of the persons is no number of persons
            field = None
        place = None if field else place_meant(folded)
        if (field and field in fields.values()) or (place and place in places):
            repeated[column] = shown[column]
        elif field:
            fields[column] = field
        elif place:
            places[place] = column
        else:
            unknown[column] = shown[column]
        left = group_of(field) if field else None
    return Headings(top, bottom, section, fields, places, repeated, unknown, shown)


def _own_text(sheet: Sheet, row: int, column: int) -> str:
    return " ".join(text_as_reported(sheet.cell(row, column)).split())


def _is_text(cell: CellValue) -> bool:
    return cell is None or isinstance(cell, str)
