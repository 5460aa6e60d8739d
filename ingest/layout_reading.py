"""A form read by its layout: which layout fits, where its tables are, and what each row says of whom and when."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, get_column_letter

from ingest.cover import Stated
from ingest.findings import Finding, severity_of
from ingest.heading_words import currency_named
from ingest.layouts import Condition, Layout, Layouts, Source, TableLayout, Texts, Unpivoted, matches
from ingest.preflight import FileRefused
from ingest.readers import CellValue, Sheet
from ingest.rows import Found, Reading, Standing, Subject, read_columns, reading_of
from ingest.sections import Field, Section, fold, load_sections
from ingest.values import Parsed, cell_name, parse, parse_with_unit, text_as_reported

# As deep as a heading row stands in any form we have seen.
_DEEPEST_HEADING = 40


@dataclass(frozen=True)
class Headings:
    """The headings of a sheet: 1-based column → text; of headings in several rows "upper / lower". `row` is the last of their rows."""

    sheet: Sheet
    row: int
    texts: Mapping[int, str]
    _found: dict[Texts, int | None] = field(default_factory=dict, compare=False, repr=False)

    def column(self, heading: Texts) -> int | None:
        """The column of a heading: the first that reads like the first of its alternatives, and so on."""
        if heading not in self._found:
            found = (column for pattern in heading for column, text in self.texts.items() if matches([pattern], text))
            self._found[heading] = next(found, None)
        return self._found[heading]


@dataclass(frozen=True)
class Part:
    """One statement of a row: what it says of municipality, programme and period, and in a wide table the column it stands in."""

    stated: Mapping[str, Stated]
    column: int | None = None


@dataclass(frozen=True)
class LayoutRow:
    """A statement that was read: the number of its row on the sheet, in a wide table the letter of its column, and by field what it says and the A1
    name of the cell that says so."""

    number: int
    source_column: str | None
    readings: Mapping[str, Reading]
    names: Mapping[str, str]


@dataclass(frozen=True)
class LayoutTable:
    """One section's rows on a sheet, as a layout says."""

    layout: Layout
    table: TableLayout
    headings: Headings
    _filled: dict[int, list[int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def section(self) -> Section:
        """The section that the rows belong to."""
        return load_sections()[self.table.section]

    @property
    def sheet(self) -> Sheet:
        """The sheet that the table stands on."""
        return self.headings.sheet

    def rows(self) -> Iterator[int]:
        """The 1-based numbers of the rows below the headings that hold data, whatever section they belong to."""
        for number in range(self.headings.row + 1, len(self.sheet.rows) + 1):
            texts = {column: self._text(number, column) for column in self._used}
            says_something = any(texts.values())
            is_heading = sum(text == self.headings.texts.get(column) for column, text in texts.items() if text) >= min(2, len(texts))
            if says_something and not is_heading and not any(self._holds(condition, number) for condition in self.layout.skip_where):
                yield number

    def columns_summed(self) -> dict[int, Field]:
        """The columns whose figures a total may sum up, and those of texts. Figures of a wide table may be rates, which nobody sums."""
        fields = {column: self.section.field(name) for name, column in self._columns.items()}
        # one in thousands is no whole number of persons before its factor is applied
        return {column: replace(each, type="number", unit=None) if each.type == "count" else each for column, each in fields.items()}

    def takes(self, number: int) -> bool:
        """Whether a row is one of this section."""
        return self.table.only_where is None or self._holds(self.table.only_where, number)

    def kind_of(self, number: int) -> tuple[str, str]:
        """The A1 name and the text of the cell that tells which section a row belongs to; empty where no cell does."""
        column = self.headings.column(self.table.only_where.heading) if self.table.only_where else None
        return (cell_name(number, column), self._text(number, column)) if column else ("", "")

    def parts(self, number: int) -> Iterator[Part]:
        """The statements of a row: itself, or in a wide table one for each cell that is filled."""
        stated = {key: self._stated(sources, number) for key, sources in self.layout.place_sources()}
        if not self.table.unpivot:
            yield Part(stated)
            return
        for column in self._unpivoted:
            if self._text(number, column):
                yield Part({**stated, **self._period_of(column, number)}, column)

    def read(self, number: int, part: Part, language: str | None) -> "LayoutRow":
        """One statement, typed."""
        cells = [self._read_field(self.section.field(name), source, number, language) for name, source in self.table.fields.items()]
        if part.column:
            cells += self._observed(number, part.column, language)
        readings: dict[str, Reading] = {}
        for reading, _ in cells:
            before = readings.get(reading.field.name)
            # what could not be read is told of, whatever else says the same
            if before is None or not before.parsed.problem:
                readings[reading.field.name] = reading
        letter = get_column_letter(part.column) if part.column else None
        return LayoutRow(number, letter, readings, {reading.field.name: name for reading, name in cells if name})

    def gather(self, rows: Sequence["LayoutRow"], subject: Subject) -> Found:
        """Statements of one subject as rows, with the findings of their cells."""
        columns = {name: get_column_letter(column) for name, column in self._columns.items()}
        letters = [row.source_column for row in rows]
        standing = Standing(
            self.sheet.name, [row.number for row in rows], columns, self._currencies, letters, [row.names for row in rows], self.sheet.rows
        )
        nothing = {name: reading_of(self.section.field(name), Parsed(is_blank=True), "") for row in rows for name in row.readings}
        readings = {name: [row.readings.get(name, blank) for row in rows] for name, blank in nothing.items()}
        return read_columns(self.section, standing, readings, subject)

    @cached_property
    def _currencies(self) -> Mapping[str, str]:
        """The currencies in the headings of amounts, where the layout does not say the currency itself."""
        if "currency" in self.table.fields:
            return {}
        amounts = {name: column for name, column in self._columns.items() if self.section.field(name).type == "amount"}
        return {name: named for name, column in amounts.items() if (named := currency_named(self.headings.texts[column]))}

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        """Field → column, of the fields that stand under a heading that the sheet has."""
        found = {name: self.headings.column(source.heading) for name, source in self.table.fields.items() if source.heading}
        return {name: column for name, column in found.items() if column}

    @cached_property
    def _used(self) -> frozenset[int]:
        """The columns that are read for anything but who, what and when."""
        condition = self.headings.column(self.table.only_where.heading) if self.table.only_where else None
        return frozenset((*self._columns.values(), *self._unpivoted, *((condition,) if condition else ())))

    @cached_property
    def _unpivoted(self) -> Mapping[int, Unpivoted]:
        """Column → how its cells are read, in a wide table."""
        unpivot = self.table.unpivot
        if not unpivot:
            return {}
        taken = set(self._columns.values())
        years = (unpivot.year,) if unpivot.year else ()
        for source in (*(each for _, sources in self.layout.place_sources() for each in sources), *years):
            taken.add((source.heading and self.headings.column(source.heading)) or 0)
        found = {}
        for column, text in self.headings.texts.items():
            entry = next((entry for entry in unpivot.columns if matches(entry.heading, text)), None)
            if entry and column not in taken and not matches(unpivot.skip, text):
                found[column] = entry
        return found

    def _text(self, number: int, column: int) -> str:
        return text_as_reported(self.sheet.cell(number, column)).strip()

    def _holds(self, condition: Condition, number: int) -> bool:
        column = self.headings.column(condition.heading)
        return column is not None and matches(condition.equals, self._text(number, column))

    def _look_up(self, source: Source, number: int, is_spread: bool = False) -> tuple[CellValue, str | None, str | None]:
        """What stands there, the A1 name of its cell and the text as reported; a text that the layout gives a meaning is that meaning.

        ``is_spread``: a cell merged over several rows speaks of each of them.
        """
        if source.value is not None:
            return source.value, None, None
        cell: CellValue = self.sheet.name
        name = None
        if not source.sheet_name:
            row, column = _place_of(source.cell) if source.cell else (number, self.headings.column(source.heading or ()) or 0)
            if is_spread and not text_as_reported(self.sheet.cell(row, column)):
                row = self._top_of(row, column)
            if source.fill_down and column and not self._text(row, column):
                row = self._filled_above(row, column)
            cell, name = self.sheet.cell(row, column), cell_name(row, column) if column else None
            # "Општина: Крушевац" in one cell
            if source.cell and isinstance(cell, str) and ":" in cell:
                cell = cell.partition(":")[2].strip()
        text = text_as_reported(cell).strip()
        meant = next((meaning for said, meaning in source.values.items() if text and matches([said], text)), None)
        return (cell if meant is None else meant), name, text

    def _top_of(self, row: int, column: int) -> int:
        """The first row of the merged cell that a cell is part of; its own row where it is of none."""
        merged = self._merged.get(column, ())
        at = bisect_left(merged, (row,))
        return merged[at - 1][0] if at and row <= merged[at - 1][1] else row

    @cached_property
    def _merged(self) -> Mapping[int, Sequence[tuple[int, ...]]]:
        """Column → the first and the last row of each merged cell that begins there, from the top."""
        merged: dict[int, list[tuple[int, ...]]] = {}
        for top, left, bottom, _ in sorted(self.sheet.merged):
            merged.setdefault(left, []).append((top, bottom))
        return merged

    def _filled_above(self, number: int, column: int) -> int:
        """The nearest row above, below the headings, in which a column is filled; the row itself where none is."""
        if column not in self._filled:
            numbers = range(self.headings.row + 1, len(self.sheet.rows) + 1)
            self._filled[column] = [each for each in numbers if self._text(each, column)]
        at = bisect_left(self._filled[column], number)
        return self._filled[column][at - 1] if at else number

    def _stated(self, sources: Sequence[Source], number: int) -> Stated:
        found = [self._look_up(source, number, is_spread=True) for source in sources]
        name = next((name for _, name, _ in found if name), None)
        if len(found) == 1:
            return Stated(found[0][0], self.sheet.name, name)
        return Stated(" ".join(text for cell, _, _ in found if (text := text_as_reported(cell).strip())), self.sheet.name, name)

    def _period_of(self, column: int, number: int) -> dict[str, Stated]:
        unpivot = self.table.unpivot
        if not unpivot or unpivot.headings_are == "measures":
            return {}
        year = self._stated((unpivot.year,), number).text if unpivot.year else ""
        return {"period": Stated(f"{self.headings.texts[column]} {year}".strip(), self.sheet.name, cell_name(self.headings.row, column))}

    def _read_field(self, field: Field, source: Source, number: int, language: str | None) -> tuple[Reading, str | None]:
        """What stands for a field in a row, and the A1 name of its cell."""
        cell, name, text = self._look_up(source, number)
        if source.value is not None:
            # a constant is written as the sections write it, whatever the form's language
            return reading_of(field, parse(field, cell, "en"), ""), None
        return reading_of(field, _parse_scaled(field, cell, language, source.factor), text or ""), name

    def _observed(self, number: int, column: int, language: str | None) -> Iterator[tuple[Reading, str | None]]:
        """What is measured, the figure and its unit, of one cell of a wide table."""
        entry, unpivot = self._unpivoted[column], self.table.unpivot
        measure = entry.measure_code or fold(self.headings.texts[column]).replace(" ", "_")
        yield reading_of(self.section.field("measure_code"), Parsed(value=measure), ""), None
        units = {fold(word): unit for word, unit in unpivot.units.items()} if unpivot else {}
        cell, field = self.sheet.cell(number, column), self.section.field("value")
        parsed, unit = parse_with_unit(field, cell, language, units)
        if entry.factor is not None and parsed.value is not None:
            parsed = _scaled(field, parsed, entry.factor)
        yield reading_of(field, parsed, text_as_reported(cell)), cell_name(number, column)
        if unit or entry.unit:
            yield reading_of(self.section.field("unit"), Parsed(value=unit or entry.unit), ""), None


def choose_layout(sheets: Sequence[Sheet], layouts: Layouts, name: str | None) -> tuple[LayoutTable, ...] | None:
    """The tables of a file by the layout named, or by the only one whose sheets and headings it has; None where none fits.

    Raises:
        FileRefused: If two fit, or if the named one does not.
        LayoutUnknown: If none has that name.
    """
    visible = [sheet for sheet in sheets if sheet.is_visible]
    if name:
        return _find_tables(visible, layouts.named(name))
    words = {fold(cell) for sheet in visible for cell in sheet.values if isinstance(cell, str)}
    fitting: dict[str, tuple[LayoutTable, ...]] = {}
    for layout in layouts.by_name.values():
        if _may_fit(layout, words):
            try:
                fitting[layout.name] = _find_tables(visible, layout)
            except FileRefused:
                continue  # not this form
    if len(fitting) > 1:
        raise FileRefused("layouts_two_fit", layouts=list(fitting))
    return next(iter(fitting.values()), None)


def find_headings(sheet: Sheet, row: int, rows: int = 1) -> Headings:
    """The headings that begin in a 1-based row and take so many rows.

    An upper heading holds for the columns to its right that have a lower one and none of their own above it.
    """
    width = max((len(cells) for cells in sheet.rows[row - 1 : row - 1 + rows]), default=0)
    texts: dict[int, str] = {}
    above = [""] * rows
    for column in range(1, width + 1):
        levels = [_heading_text(sheet.cell(row + level, column)) for level in range(rows)]
        if not levels[-1]:
            above = [""] * rows
        else:
            first = next((level for level, text in enumerate(levels) if text), 0)
            levels[:first] = above[:first]
            above = levels
        if text := " / ".join(level for level in levels if level):
            texts[column] = text
    return Headings(sheet, row + rows - 1, texts)


def _may_fit(layout: Layout, words: Set[str]) -> bool:
    """Whether every heading that is written out stands somewhere in the file. Nearly every file is our own form: it is told so at once."""
    return all(
        any("*" in text or not any(map(str.isalpha, text)) or words & {fold(text), fold(text.rpartition(" / ")[2])} for text in heading)
        for table in layout.tables
        for heading in layout.needed_headings(table)
    )


def _find_tables(sheets: Iterable[Sheet], layout: Layout) -> tuple[LayoutTable, ...]:
    found = []
    for table in layout.tables:
        of_table = [sheet for sheet in sheets if matches(table.sheet, sheet.name) and not matches(layout.skip_sheets, sheet.name)]
        if not of_table:
            raise FileRefused("layout_sheet_missing", layout=layout.name, name=" / ".join(table.sheet))
        located = [_locate(sheet, layout, table) for sheet in of_table]
        fitting = [LayoutTable(layout, table, headings) for headings, missing in located if not missing]
        # a sheet that the layout names must be as it says; where any sheet may be the one, one must be
        nearest = min((missing for _, missing in located), key=len) if table.sheet == ("*",) else max((missing for _, missing in located), key=len)
        if nearest and not (table.sheet == ("*",) and fitting):
            raise FileRefused("layout_heading_missing", layout=layout.name, heading=[" / ".join(heading) for heading in nearest])
        found += fitting
    return tuple(found)


def _locate(sheet: Sheet, layout: Layout, table: TableLayout) -> tuple[Headings, list[Texts]]:
    """The rows that have most of the headings that the table needs, and the headings that they lack."""
    needed = list(layout.needed_headings(table))
    best = (Headings(sheet, 0, {}), needed)
    for row in range(1, min(len(sheet.rows), _DEEPEST_HEADING) + 1):
        headings = find_headings(sheet, row, table.heading_rows)
        missing = [heading for heading in needed if headings.column(heading) is None]
        if len(missing) < len(best[1]):
            best = (headings, missing)
        if not missing:
            break
    return best


def _heading_text(cell: CellValue) -> str:
    """Headings are words, or the years and months of a wide table."""
    return " ".join(text_as_reported(cell).split()) if isinstance(cell, str | int | float | date | datetime) else ""


def _place_of(cell: str) -> tuple[int, int]:
    letters, row = coordinate_from_string(cell)
    return row, column_index_from_string(letters)


def _parse_scaled(field: Field, cell: CellValue, language: str | None, factor: Decimal | None) -> Parsed:
    """A figure written in thousands, say. What is no figure is what it is without the factor."""
    if factor is None or isinstance(cell, bool):
        return parse(field, cell, language)
    if isinstance(cell, int | float):
        # before the column's scale is applied: 1.23456 thousand is 1234.56
        return parse(field, float(Decimal(repr(cell)) * factor), language)
    parsed = parse(replace(field, type="number"), cell, language)
    return _scaled(field, parsed, factor) if parsed.value is not None else parsed


def _scaled(field: Field, parsed: Parsed, factor: Decimal) -> Parsed:
    """Judged again as what it then is: a whole number of persons, an amount that is not negative."""
    again = parse(field, float(Decimal(parsed.value or 0) * factor), None)
    return again if again.problem else again._replace(qualifier=parsed.qualifier, mark=parsed.mark)


def row_of_no_table(table: LayoutTable, number: int) -> Finding:
    """The finding on a row that no table of the layout takes: nothing is left out in silence."""
    rule = "layout_row_not_taken"
    cell, text = table.kind_of(number)
    return Finding(severity_of(rule), rule, None, table.sheet.name, cell or None, number, params={"layout": table.layout.name, "text": text or "?"})
