"""Where the tables are: which rows of a sheet are a section's table, which column holds which field, and which rows are no data."""

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process

from ingest.columns import FIGURES, find_parts, find_scale
from ingest.cover import Cover, read_cover
from ingest.findings import Finding, severity_of
from ingest.heading_words import currency_named, factor_given, fold_heading, folded_words, languages_of, most_spoken, plain_units
from ingest.headings import Headings, find_headings
from ingest.readers import CellValue, Sheet, is_blank
from ingest.sections import Field, Section, fold, load_sections
from ingest.totals import find_totals, is_total_label
from ingest.values import cell_name, text_as_reported

# Below this likeness (0 to 100) a suggestion confuses more than it helps.
_NEAR = 70
# A text below a table that is longer than this says something about the table, and names nothing.
_LONGEST_NAME = 60

# What a merged cell holds is said of every row it spans, unless it is a figure, which would be counted again, or names the row's own thing.
_SAID_OF_EVERY_ROW = ("text", "code", "date", "year")
_COLUMN_NUMBER = re.compile(r"\(?(\d+|[IVX]+)\b[).]?(?:\s*[=(].*)?$")
_FOOTNOTE_MARK = re.compile(r"\*|\d{1,2}\)|[¹²³⁴-⁹]")


@dataclass(frozen=True)
class Table:
    """A section's table on a sheet. Rows and columns are 1-based; ``heading_row`` is the last row of its headings.

    ``above`` is what stands above the table of whom and what it speaks, and ``labels`` what is said so in a row between its rows, from that row on.
    ``left_out`` are the rows that are no data: units, headings again, totals, labels, footnotes. ``currencies`` are those that stand in the
    headings of amounts, or in the units below them, by field. ``scale`` are the amounts that may be given in thousands or millions, by field: the
    cell that says so, and the factor.
    """

    section: Section
    sheet: Sheet
    heading_row: int
    last_row: int
    fields: Mapping[int, Field]
    places: Mapping[str, int]
    above: Cover
    labels: Mapping[int, Cover]
    left_out: frozenset[int]
    languages: Counter[str]
    findings: tuple[Finding, ...]
    currencies: Mapping[str, str]
    scale: Mapping[str, tuple[str, int]]

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """Field → the letter of its column."""
        return {field.name: get_column_letter(column) for column, field in self.fields.items()}

    def cells(self, number: int) -> tuple[CellValue, ...]:
        """The cells of a row, those of the fields alone, in the fields' order."""
        row = self.sheet.rows[number - 1]
        return self._take(row if len(row) >= self._width else [*row, *[None] * (self._width - len(row))])

    @cached_property
    def _width(self) -> int:
        return max(self.fields, default=0)

    @cached_property
    def _take(self) -> Callable[[list[CellValue]], tuple[CellValue, ...]]:
        places = [column - 1 for column in self.fields]
        # for less than two places it gives no tuple
        return itemgetter(*places) if len(places) > 1 else lambda row: tuple(row[place] for place in places)

    def rows(self) -> Iterator[int]:
        """The 1-based numbers of the sheet's rows that can hold data."""
        return (number for number in range(self.heading_row + 1, self.last_row + 1) if number not in self.left_out)

    @cached_property
    def named_above(self) -> Mapping[tuple[int, int], int]:
        """A blank cell that would name whom or what its row speaks of, as (row, column) → the row above that names it for the rows below too.

        Nothing may come between: no blank row, no total, no label.
        """
        found: dict[tuple[int, int], int] = {}
        for column in self.places.values():
            naming, before = 0, 0
            for number in self.rows():
                cells = self.sheet.rows[number - 1]
                if not is_blank(self.sheet.cell(number, column)):
                    naming = before = number
                elif naming and before == number - 1 and any(not is_blank(cell) for cell in cells):
                    found[number, column] = naming
                    before = number
        return found

    def said_above(self, number: int) -> Cover:
        """What is said of whom and what a row speaks: by the nearest label above it, the others by those further up."""
        if not self.labels:
            return self.above
        stated = dict(self.above.stated)
        for row, label in self.labels.items():
            if row < number:
                stated |= label.stated
        return dataclasses.replace(self.above, stated=stated)


def find_tables(sheet: Sheet) -> list[Table]:
    """The tables of a sheet, from the top. Headings that are repeated further down, as on printed pages, go on with the same table."""
    tables: list[Table] = []
    said = Cover(sheet.name)
    parts = _join_continued(find_headings(sheet))
    last = 0
    for headings in parts:
        top = headings[0].top
        if not tables or top > last:
            own = read_cover(sheet, range(last + 1, top))
            said = dataclasses.replace(own, stated={**said.stated, **own.stated}, languages=own.languages)
        next_top = min((each[0].top for each in parts if each[0].top > headings[-1].bottom), default=len(sheet.rows) + 1)
        ends = _last_row(sheet, headings[-1].bottom, next_top)
        table = _table_of(_columns_of(sheet, headings[0]), headings, ends, said)
        tables.append(table)
        # what stands beside it has the same above it
        if all(other[0].top != top for other in parts[len(tables) :]):
            said, last = table.said_above(ends + 1), ends
    return tables


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known text that is most like ``text``, or None where none is near."""
    by_fold = {fold(entry): entry for entry in known}
    found = process.extractOne(fold(text), list(by_fold), scorer=fuzz.WRatio, score_cutoff=_NEAR)
    return by_fold[found[0]] if found else None


def nearest_sheet_name(name: str, language: str) -> str | None:
    """The sheet name of our form, in that language, that is most like ``name``."""
    return nearest(name, [section.labels[language] for section in load_sections().values()])


def _join_continued(found: Sequence[Headings]) -> list[list[Headings]]:
    parts: list[list[Headings]] = []
    for headings in found:
        beside = [part for part in parts if part[-1].bottom < headings.top and part[0].top == parts[-1][0].top]
        same = [part for part in beside if _columns_meant(part[0]) == _columns_meant(headings)]
        if same:
            same[0].append(headings)
        else:
            parts.append([headings])
    return parts


def _columns_meant(headings: Headings) -> tuple[object, ...]:
    return headings.section, headings.fields, headings.places


def _columns_of(sheet: Sheet, headings: Headings) -> Sheet:
    """The sheet without what stands beside the table from its headings on; what is above them speaks of all tables below."""
    if not (headings.first or headings.last):
        return sheet
    before = max(headings.first - 1, 0)
    rows = [
        row if number < headings.top else [*[None] * min(before, len(row)), *row[before : headings.last or None]]
        for number, row in enumerate(sheet.rows, start=1)
    ]
    return dataclasses.replace(sheet, rows=rows)


def _last_row(sheet: Sheet, heading_row: int, next_top: int) -> int:
    """The last row of a table, before the title and the labels of the next one, if there is one."""
    if next_top > len(sheet.rows):
        return len(sheet.rows)
    return min(_rows_leading_to(sheet, heading_row, next_top), default=next_top) - 1


def _rows_leading_to(sheet: Sheet, after: int, top: int) -> set[int]:
    """The rows right above headings that are their title and labels."""
    leading: set[int] = set()
    for number in range(top - 1, after, -1):
        texts = _texts(sheet, number)
        is_label = bool(texts) and _label_in(sheet, number, texts) is not None
        is_title = len(texts) == 1 and all(isinstance(cell, str) for cell in texts.values())
        # further up than the title or its gap a single text may be a row of the table above
        if texts and not is_label and not (is_title and (number == top - 1 or _is_apart(sheet, number))):
            break
        leading.add(number)
    return leading


def _is_apart(sheet: Sheet, number: int) -> bool:
    above = _texts(sheet, number - 1) if number > 1 else {}
    return not above or _label_in(sheet, number - 1, above) is not None


@dataclass
class _Sorting:
    """The rows below headings, as they are told apart."""

    left_out: set[int] = field(default_factory=set)
    notes: list[int] = field(default_factory=list)
    labels: dict[int, Cover] = field(default_factory=dict)


def _table_of(sheet: Sheet, headings: Sequence[Headings], last: int, above: Cover) -> Table:
    first = headings[0]
    section = load_sections()[first.section]
    fields = {column: section.field(name) for column, name in first.fields.items()}
    languages = Counter(language for text in first.texts.values() for language in languages_of(text))
    # of the languages that have these headings in common, English alone writes numbers otherwise
    spoken = most_spoken(languages)
    language = spoken[0] if spoken and (len(spoken) == 1 or spoken[0] != "en") else None
    sheet = _spread_merged(sheet, fields, first, last)
    parts = find_parts(sheet, first, fields, last)
    fields = {column: each for column, each in fields.items() if column not in parts}
    sorting = _sort_rows(sheet, headings, fields, last)
    if parts:
        sorting.left_out.add(first.bottom + 1)
    rows = [number for number in range(first.bottom + 1, last + 1) if number not in sorting.left_out]
    totals = find_totals(section, sheet, fields, rows, language, tuple(sorting.labels))
    findings = [*_heading_findings(sheet, first, section, language or "en", parts), *totals.findings]
    if sorting.notes:
        params = {"rows": sorting.notes}
        findings.append(Finding(severity_of("notes_left_out"), "notes_left_out", section.name, sheet.name, row=sorting.notes[0], params=params))
    left_out = frozenset(sorting.left_out | totals.rows)
    currencies = _currencies_named(sheet, first, fields, left_out)
    return Table(
        section,
        sheet,
        first.bottom,
        last,
        fields,
        first.places,
        above,
        sorting.labels,
        left_out,
        languages,
        tuple(findings),
        currencies,
        find_scale(sheet, first, fields, left_out),
    )


def _currencies_named(sheet: Sheet, headings: Headings, fields: Mapping[int, Field], left_out: frozenset[int]) -> dict[str, str]:
    currencies: dict[str, str] = {}
    for column, each in fields.items():
        units = sheet.cell(headings.bottom + 1, column) if each.type == "amount" and headings.bottom + 1 in left_out else None
        if each.type == "amount" and (named := currency_named(f"{headings.texts[column]} {text_as_reported(units)}")):
            currencies[each.name] = named
    return currencies


def _sort_rows(sheet: Sheet, headings: Sequence[Headings], fields: Mapping[int, Field], last: int) -> _Sorting:
    sorting = _Sorting()
    first = headings[0]
    for again in headings[1:]:
        sorting.left_out |= {*range(again.top, again.bottom + 1), *_rows_leading_to(sheet, first.bottom, again.top)}
    heading_texts = [_folded(_texts(sheet, row)) for row in range(first.top, first.bottom + 1)]
    places = {place for texts in heading_texts for place in texts.items()}
    is_below_headings = True
    for number in range(first.bottom + 1, last + 1):
        # nearly every row is data, and its first cell tells
        if not is_below_headings and not _may_be_no_data(sheet.rows[number - 1], places):
            continue
        texts = _texts(sheet, number)
        if not texts:
            continue
        is_left_out = number in sorting.left_out
        if label := _label_in(sheet, number, texts):
            sorting.labels[number] = label
            sorting.left_out.add(number)
        elif is_left_out:
            continue
        elif (is_below_headings and _is_of_units(texts, fields, first)) or _is_heading(texts, heading_texts):
            sorting.left_out.add(number)
        elif _is_footnote(texts):
            sorting.notes.append(number)
        else:
            is_below_headings = False
    sorting.notes.extend(_texts_below(sheet, first, fields, last, sorting))
    sorting.notes.sort()
    sorting.left_out |= set(sorting.notes)
    return sorting


def _texts_below(sheet: Sheet, headings: Headings, fields: Mapping[int, Field], last: int, sorting: _Sorting) -> Iterator[int]:
    """The rows at the end that hold one text which can be no row of the table: a long one, one below a note, one apart under no column of texts."""
    aside = {*sorting.left_out, *sorting.notes}
    ending: list[int] = []
    for number in range(last, headings.bottom, -1):
        texts = _texts(sheet, number)
        if texts and number not in aside:
            column, cell = next(iter(texts.items()))
            if len(texts) > 1 or not isinstance(cell, str) or len(headings.texts) < 2 or is_total_label(cell):
                break
        ending.append(number)
    is_below_note = False
    for number in reversed(ending):
        texts = _texts(sheet, number)
        if number in aside:
            is_below_note |= number in sorting.notes or number in sorting.labels
        elif texts:
            column, cell = next(iter(texts.items()))
            is_name = column in fields and fields[column].type in ("text", "ref", "code")
            if is_below_note or len(str(cell)) > _LONGEST_NAME or (not is_name and _is_apart(sheet, number)):
                is_below_note = True
                yield number


def _label_in(sheet: Sheet, number: int, texts: Mapping[int, CellValue]) -> Cover | None:
    """What a row says that only names whom or what the rows below it speak of: "Opština: Čačak"."""
    first = next(iter(texts.values()), None)
    if not isinstance(first, str) or ":" not in first or len(texts) > 4:
        return None
    found = read_cover(sheet, [number])
    return found if any(stated.text for stated in found.stated.values()) else None


def _may_be_no_data(row: Sequence[CellValue], headings: Set[tuple[int, str]]) -> bool:
    """Whether the first thing in a row can be that of a label, of headings again or of a footnote."""
    for column, cell in enumerate(row, start=1):
        if not is_blank(cell):
            return isinstance(cell, str) and (":" in cell or _begins_footnote(cell) or (column, fold_heading(cell)) in headings)
    return False


def _is_footnote(texts: Mapping[int, CellValue]) -> bool:
    first = next(iter(texts.values()))
    return isinstance(first, str) and len(texts) <= 2 and all(isinstance(cell, str) for cell in texts.values()) and _begins_footnote(first)


def _begins_footnote(text: str) -> bool:
    # a word with a colon after it, or with nothing but the line to sign on
    return bool(_FOOTNOTE_MARK.match(text.strip())) or fold(text.partition(":")[0]) in folded_words("footnotes")


def _is_of_units(texts: Mapping[int, CellValue], fields: Mapping[int, Field], headings: Headings) -> bool:
    """Whether a row right below the headings says what its figures are given in, or numbers the columns: "1 | 2 | 3 = 1 + 2"."""
    cells = [text_as_reported(cell) for cell in texts.values()]
    numbers = [_COLUMN_NUMBER.match(cell) for cell in cells] if len(cells) >= 3 and set(texts) >= set(headings.texts) else []
    if numbers and all(numbers):
        counted = [found[1] for found in numbers if found]
        return counted in ([str(start + place) for place in range(len(cells))] for start in (0, 1)) or counted[:3] == ["I", "II", "III"]
    units = plain_units()
    has_unit = any(column in fields and fields[column].type in FIGURES for column in texts)
    return has_unit and all((fold(cell) or cell.strip("()[] ")) in units or _is_of_many(cell) for cell in cells)


def _is_of_many(unit: str) -> bool:
    """Whether a unit is thousands of something: "u 000 RSD", "hilj. din." is not told from a number."""
    return not re.search(r"[1-9]", unit) and (factor_given(unit) is not None)


def _spread_merged(sheet: Sheet, fields: Mapping[int, Field], headings: Headings, last: int) -> Sheet:
    said = {column for column, each in fields.items() if each.type in _SAID_OF_EVERY_ROW} | set(headings.places.values())
    spans = [span for span in sheet.merged if headings.bottom < span[0] < span[2] <= last and span[1] in said]
    if not spans:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for top, column, bottom, _ in spans:
        for row in rows[top:bottom]:
            if any(not is_blank(cell) for cell in row):
                row.extend([None] * (column - len(row)))
                row[column - 1] = sheet.cell(top, column)
    return dataclasses.replace(sheet, rows=rows)


def _heading_findings(sheet: Sheet, headings: Headings, section: Section, language: str, parts: Mapping[int, str]) -> Iterator[Finding]:
    for column, text in headings.repeated.items():
        yield _heading_finding("heading_repeated", sheet, headings, column, section, heading=text)
    for column, text in headings.unknown.items():
        known = nearest(text, [each.labels[language] for each in section.fields])
        yield _heading_finding("heading_unknown", sheet, headings, column, section, heading=text, nearest=known)
    for column, part in parts.items():
        yield _heading_finding("heading_parted", sheet, headings, column, section, heading=headings.texts[column], part=part)


def _heading_finding(rule: str, sheet: Sheet, headings: Headings, column: int, section: Section, **params: object) -> Finding:
    row = next((row for row in range(headings.bottom, headings.top, -1) if not is_blank(sheet.cell(row, column))), headings.top)
    return Finding(severity_of(rule), rule, section=section.name, sheet=sheet.name, cell=cell_name(row, column), row=row, params=params)


def _is_heading(texts: Mapping[int, CellValue], heading_texts: Sequence[Mapping[int, str]]) -> bool:
    return isinstance(next(iter(texts.values())), str) and _folded(texts) in heading_texts


def _texts(sheet: Sheet, number: int) -> dict[int, CellValue]:
    return {
        column: cell
        for column, cell in enumerate(sheet.rows[number - 1], start=1)
        if cell is not None and cell != "" and not (cell.__class__ is str and is_blank(cell))
    }


def _folded(texts: Mapping[int, CellValue]) -> dict[int, str]:
    return {column: fold_heading(text_as_reported(cell)) for column, cell in texts.items()}
