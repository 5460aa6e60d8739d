"""A layout proposed for a form that nobody has described yet: what its headings seem to mean, to be looked at and edited by a person."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import yaml
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from rapidfuzz import fuzz, process

from ingest.dates import FIRST_YEAR, LAST_YEAR, LOCAL_LANGUAGES, StatedDate, read_date
from ingest.findings import Problem
from ingest.headings import currency_within, factor_named, field_meant, fold_heading
from ingest.layout_reading import Headings, LayoutTable, choose_layout, find_headings
from ingest.layouts import Layouts, read_layout
from ingest.periods import Period, parse_period
from ingest.preflight import FileRefused
from ingest.readers import CellValue, Sheet
from ingest.reading import read_apart
from ingest.rows import Subject
from ingest.sections import Section, fold, load_report_sheet, load_sections
from ingest.totals import find_totals
from ingest.values import text_as_reported

# Likeness of heading and word, 0 to 100: below this it is chance.
LIKE = 72
_KIND_LIKE = 80
_PART = 0.85
# Letters that one of the languages has and the others of its script have not.
_LETTERS = {"mk": "ѓќѕ", "sr-Cyrl": "ђћ", "sr-Latn": "čćšžđ", "sq": "ëç"}
_DEEPEST_HEADING = 40
# So many columns of figures beside a municipality, and no section that knows them: a wide table.
_WIDE = 4
_PREVIEWED = 5
_QUARTERS = ("I", "II", "III", "IV")
_PLACES = ("municipality", "programme", "period", "year")


@dataclass(frozen=True)
class Guess:
    """A heading and what it seems to mean: a field of the section, or municipality, programme or period; None where nothing is like it."""

    column: str
    heading: str
    means: str | None
    word: str | None
    likeness: int


@dataclass(frozen=True)
class TableGuess:
    """A table on a sheet, the section it seems to be of, and what each of its headings seems to mean."""

    sheet: str
    heading_row: int
    heading_rows: int
    section: str
    is_wide: bool
    only_where: str | None
    guesses: tuple[Guess, ...]


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be loaded."""

    section: str
    sheet: str
    row: int
    about: Mapping[str, str]
    values: Mapping[str, str]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What was found in a file, and the layout proposed for it. `fitting` names the layout that reads the file already, if one does."""

    file: str
    fitting: str | None
    sheets: tuple[str, ...]
    tables: tuple[TableGuess, ...]
    preview: tuple[PreviewRow, ...]
    layout: str


@dataclass(frozen=True)
class _Word:
    text: str
    means: str


def propose_layout(content: bytes, file_name: str, layouts: Layouts) -> Proposal:
    """Look at a form and propose how to read it.

    Raises:
        FileRefused: If it cannot be opened, or nothing in it looks like a table.
    """
    sheets = [sheet for sheet in read_apart(content, file_name) if sheet.is_visible and sheet.rows]
    tables = [table for sheet in sheets if (headings := _guess_headings(sheet)) for table in _guess_tables(headings)]
    if not tables:
        raise FileRefused("no_known_sheet", sheets=[sheet.name for sheet in sheets])
    text = _write_layout(file_name, tables, _guess_language(sheets))
    return Proposal(file_name, _fitting(sheets, layouts), tuple(sheet.name for sheet in sheets), tuple(tables), tuple(_preview(sheets, text)), text)


def _guess_headings(sheet: Sheet) -> Headings | None:
    """The row, or two rows, that are most like headings: words side by side, with something below them."""
    rows = range(1, min(len(sheet.rows) - 1, _DEEPEST_HEADING) + 1)
    words = {row: _count_headings(sheet.rows[row - 1]) for row in rows}
    most = max(words.values(), default=0)
    if most < 2:
        return None
    # the first row that is nearly as full of words as any: below it stand rows of data, which may have as many
    row = next(row for row in rows if words[row] * 3 >= most * 2)
    return find_headings(sheet, row, 2 if _has_second_row(sheet, row) else 1)


def _count_headings(row: Sequence[CellValue]) -> int:
    """How many cells of a row can be headings: words, and beside at least one of them years."""
    words = sum(isinstance(cell, str) and any(map(str.isalpha, cell)) for cell in row)
    years = sum(isinstance(cell, int | float) and cell in range(FIRST_YEAR, LAST_YEAR + 1) for cell in row)
    return words + (years if words else 0)


def _has_second_row(sheet: Sheet, row: int) -> bool:
    """Whether headings go on in the next row: words only, some of them where the row above is empty, and not under each heading."""
    width = len(sheet.rows[row])
    above = {column for column in range(1, width + 1) if text_as_reported(sheet.cell(row, column))}
    below = {column: sheet.cell(row + 1, column) for column in range(1, width + 1) if text_as_reported(sheet.cell(row + 1, column))}
    only_words = all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in below.values())
    return bool(below) and only_words and bool(set(below) - above) and bool(above - set(below))


def _guess_language(sheets: Sequence[Sheet]) -> str | None:
    """The language whose own letters are the most frequent."""
    text = "".join(cell for sheet in sheets for row in sheet.rows[:200] for cell in row if isinstance(cell, str)).casefold()
    counts = {language: sum(text.count(letter) for letter in letters) for language, letters in _LETTERS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else None


def _guess_tables(headings: Headings) -> Iterator[TableGuess]:
    """The tables that begin at some headings: one, or one a kind where a column says which kind of thing each row is."""
    by_section = {section: _guess_meanings(headings, section) for section in load_sections()}
    kinds = _kinds(headings)
    best = max(by_section, key=lambda section: _weight(by_section[section]))
    figures = [guess for guess in by_section["observations"] if guess.means not in _PLACES and _holds_figures(headings, guess.column)]
    places = {guess.means for guess in by_section[best]} & set(_PLACES)
    known = sum(guess.means is not None and guess.means not in _PLACES for guess in by_section[best])
    is_many = len(figures) >= max(_WIDE, 2 * known) or (len(figures) > 1 and _are_periods(figures))
    is_wide = not kinds and "municipality" in places and is_many and not _is_of_things(headings, by_section[best])
    if is_wide:
        wide = {guess.column for guess in figures if not _only_numbers_rows(headings, guess.column)}
        yield _table_of(headings, "observations", None, tuple(_as_wide(guess, wide) for guess in by_section["observations"]))
        return
    for section, only_where in (kinds or {best: None}).items():
        if _weight(by_section[section]):
            yield _table_of(headings, section, only_where, by_section[section])


def _is_of_things(headings: Headings, guesses: Sequence[Guess]) -> bool:
    """Whether the rows are about things: a register names each, or dates it, or has several of a municipality and period.

    A statistical table has one row a place and period, and figures in all other columns.
    """
    named = [guess.column for guess in guesses if guess.means not in (None, *_PLACES, "note", "source_id")]
    days = any(_is_day(cell) for guess in guesses for cell in _below(headings, column_index_from_string(guess.column)))
    places = [_below(headings, column_index_from_string(guess.column)) for guess in guesses if guess.means in _PLACES]
    rows = [row for row in zip(*places, strict=True) if all(text_as_reported(cell).strip() for cell in row)]
    return days or len(set(rows)) < len(rows) or any(not _holds_figures(headings, column) for column in named)


def _are_periods(guesses: Sequence[Guess]) -> bool:
    """Whether the headings are years, quarters or months of years, as in a table of one measure over time."""
    return all(isinstance(parse_period(guess.heading, None), Period) for guess in guesses)


def _table_of(headings: Headings, section: str, only_where: str | None, guesses: tuple[Guess, ...]) -> TableGuess:
    depth = 2 if any(" / " in text for text in headings.texts.values()) else 1
    is_wide = any(guess.means == "value" and guess.word is None for guess in guesses)
    return TableGuess(headings.sheet.name, headings.row - depth + 1, depth, section, is_wide, only_where, guesses)


def _as_wide(guess: Guess, wide: Set[str]) -> Guess:
    """In a wide table a column of figures is a measure, whatever its heading is like."""
    if guess.column in wide:
        return replace(guess, means="value", word=None)
    return guess if guess.means in (*_PLACES, "source_id", "note") else replace(guess, means=None, word=None)


def _guess_meanings(headings: Headings, section: str) -> tuple[Guess, ...]:
    """What each heading seems to mean in a section; each meaning goes to the heading that is most like it."""
    words = _words(section)
    texts = list(headings.texts.values())
    folded = [word.text for word in words]
    asked = [fold(text) for text in texts]
    # a heading all of whose words stand in the field's name ("Datum" of "Datum isporuke") is like it, less than one that reads the same
    part = process.cdist(asked, folded, scorer=fuzz.token_set_ratio) * _PART
    likeness = process.cdist(asked, folded, scorer=fuzz.token_sort_ratio).clip(min=part)
    found = _understood(texts, section)
    taken = {word.means for word, _ in found.values()}
    for i, (column, text) in enumerate(zip(headings.texts, asked, strict=True)):
        # "participants / women" is never participants, however like it is; nor is a column of days one of periods
        is_period = not any(map(_is_day, _below(headings, column)))
        likeness[i, [_margins(text) != _margins_of_field(word.means) or (word.means == "period" and not is_period) for word in words]] = 0
    pairs = ((int(likeness[i, j]), i, j) for i in range(len(texts)) for j in range(len(words)) if likeness[i, j] >= LIKE)
    for score, i, j in sorted(pairs, key=lambda pair: -pair[0]):
        if i not in found and words[j].means not in taken:
            found[i] = words[j], score
            taken.add(words[j].means)
    guesses = []
    for i, (column, text) in enumerate(headings.texts.items()):
        word, score = found.get(i, (None, int(likeness[i].max(initial=0))))
        guesses.append(Guess(get_column_letter(column), text, word.means if word else None, word.text if word else None, score))
    return tuple(guesses)


def _understood(texts: Sequence[str], section: str) -> dict[int, tuple[_Word, int]]:
    """What the words of our own form tell for certain: "Trajanje / od" is the start, whatever it is like."""
    found: dict[int, tuple[_Word, int]] = {}
    for i, text in enumerate(texts):
        name = field_meant(section, tuple(fold_heading(part) for part in text.split(" / ")), None)
        if name and name not in {word.means for word, _ in found.values()}:
            found[i] = _Word(fold(text), name), 100
    return found


def _margins(folded: str) -> frozenset[str]:
    """Of whom among the persons a heading speaks: women, Roma, both or all."""
    words = folded.split()
    women = any(word == "gra" or word.startswith(("zen", "women", "female")) for word in words)
    roma = any(word.startswith("rom") for word in words)
    return frozenset((*(("women",) if women else ()), *(("roma",) if roma else ())))


def _margins_of_field(name: str) -> frozenset[str]:
    return frozenset(name.split("_")) & {"women", "roma"}


def _weight(guesses: Sequence[Guess]) -> int:
    return sum(guess.likeness for guess in guesses if guess.means and guess.means not in _PLACES)


def _kinds(headings: Headings) -> dict[str, str | None]:
    """Section → "heading=texts of its rows", where the texts of some column name two sections or more."""
    for column, heading in headings.texts.items():
        below = [text_as_reported(headings.sheet.cell(row, column)).strip() for row in range(headings.row + 1, len(headings.sheet.rows) + 1)]
        texts = dict.fromkeys(text for text in below if text)
        if not 2 <= len(texts) <= 30:
            continue
        by_section: dict[str, list[str]] = {}
        for text in texts:
            like = {name: _likeness_of_kind(text, name) for name in load_sections()}
            best = max(like, key=lambda name: like[name])
            if like[best] >= _KIND_LIKE:
                by_section.setdefault(best, []).append(text)
        if len(by_section) >= 2:
            return {name: yaml.safe_dump({"heading": heading, "is": said}, allow_unicode=True) for name, said in by_section.items()}
    return {}


def _likeness_of_kind(text: str, section: str) -> float:
    labels = [fold(label) for label in load_sections()[section].labels.values()]
    return max(fuzz.ratio(word, label) for word in fold(text).split() if len(word) > 3 for label in labels) if _has_long_word(text) else 0


def _has_long_word(text: str) -> bool:
    return any(len(word) > 3 for word in fold(text).split())


def _holds_figures(headings: Headings, letter: str) -> bool:
    filled = [cell for cell in _below(headings, column_index_from_string(letter)) if text_as_reported(cell).strip()]
    return sum(map(_is_figure, filled)) * 2 > len(filled) > 0


def _below(headings: Headings, column: int) -> list[CellValue]:
    return [headings.sheet.cell(row, column) for row in range(headings.row + 1, len(headings.sheet.rows) + 1)]


def _is_figure(cell: CellValue) -> bool:
    """Digits that are no date; a year may be a figure as well."""
    return any(map(str.isdigit, text_as_reported(cell))) and len(_date_in(cell)) <= len("2024")


def _is_day(cell: CellValue) -> bool:
    return len(_date_in(cell)) == len("2024-03-31")


def _date_in(cell: CellValue) -> str:
    stated = read_date(text_as_reported(cell), LOCAL_LANGUAGES[0])
    return stated.edtf if isinstance(stated, StatedDate) else ""


def _only_numbers_rows(headings: Headings, letter: str) -> bool:
    below = [text_as_reported(cell) for cell in _below(headings, column_index_from_string(letter))]
    return below[:3] == ["1", "2", "3"][: len(below)]


def _write_layout(file_name: str, tables: Sequence[TableGuess], language: str | None) -> str:
    """The proposed layout as YAML, with what is left over in comments."""
    content: dict[str, Any] = {"title": file_name}
    if language:
        content["language"] = language
    for place in _PLACES:
        if said := list(dict.fromkeys(guess.heading for table in tables for guess in table.guesses if guess.means == place)):
            content[place] = said if len(said) > 1 else said[0]
    if year := content.pop("year", None):
        # a quarter and its year, read one after the other
        content["period"] = [_written_quarter(content["period"]), {"heading": year}] if "period" in content else year
    written: dict[str, dict[str, Any]] = {}
    for table in tables:
        entry = _written_table(table)
        same = written.setdefault(yaml.safe_dump(entry), {"section": table.section, "sheet": [], **entry})
        same["sheet"].append(table.sheet)
    content["tables"] = list(written.values())
    left = {f"#   {guess.column}  {guess.heading}" for table in tables if not table.is_wide for guess in table.guesses if guess.means is None}
    taken = {f"#   {guess.column}  {guess.heading}" for table in tables for guess in table.guesses if guess.means}
    over = sorted(left - taken)
    head = ["# Proposed from the file's headings: look at each line, correct it, and give `title` the form's name."]
    head += ["# These headings are like none of the fields; add those that matter:", *over] if over else []
    over_time = any("headings_are" in entry.get("unpivot", {}) for entry in written.values())
    if missing := [place for place in _PLACES[:3] if place not in content and not (place == "period" and over_time)]:
        head.append(f"# Nothing was found for {', '.join(missing)}: say it here (heading, cell, value) or with the command's options.")
    return "\n".join((*head, yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=140)))


def _written_quarter(heading: str | list[str]) -> dict[str, Any]:
    """A column beside one of years: below "Kvartal" the II is the second quarter, where it could be February too."""
    word = heading if isinstance(heading, str) else heading[0]
    is_quarter = isinstance(parse_period(f"I {word} 2024", None), Period)
    return {"heading": heading, **({"values": {number: f"{number} {word}" for number in _QUARTERS}} if is_quarter else {})}


def _written_table(table: TableGuess) -> dict[str, Any]:
    entry: dict[str, Any] = {"heading_rows": table.heading_rows} if table.heading_rows > 1 else {}
    if table.only_where:
        entry["only_where"] = yaml.safe_load(table.only_where)
    headings = {guess.means: guess.heading for guess in table.guesses if guess.means and guess.means not in _PLACES}
    if table.is_wide:
        headings.pop("value", None)
        measures = [guess for guess in table.guesses if guess.means == "value"]
        entry["unpivot"] = {"columns": [_written_figure(guess.heading) for guess in measures]}
        if _are_periods(measures):
            # of which measure, only a person can say
            columns = {"heading": [guess.heading for guess in measures], "measure_code": fold(table.sheet).replace(" ", "_") or "measure"}
            entry["unpivot"] = {"headings_are": "periods", "columns": columns}
    return {**entry, "fields": _written_fields(load_sections()[table.section], headings)}


def _written_fields(section: Section, headings: Mapping[str, str]) -> dict[str, Any]:
    """Each field's heading; with a factor where the heading speaks of thousands, and with the currency that the headings of amounts agree on."""
    types = {name: section.field(name).type for name in headings}
    fields: dict[str, Any] = {}
    for name, heading in headings.items():
        is_plain = types[name] not in ("count", "number", "amount") or not factor_named(heading)
        fields[name] = heading if is_plain else _written_figure(heading)
    currencies = {currency_within(heading) for name, heading in headings.items() if types[name] == "amount"} - {None}
    if section.has_currency and "currency" not in fields and len(currencies) == 1:
        fields["currency"] = {"value": currencies.pop()}
    return fields


def _written_figure(heading: str) -> dict[str, Any]:
    factor = factor_named(heading)
    return {"heading": heading, **({"factor": factor} if factor else {})}


def _fitting(sheets: Sequence[Sheet], layouts: Layouts) -> str | None:
    try:
        tables = choose_layout(sheets, layouts, None)
    except FileRefused as refused:
        return str(refused.params["layouts"])
    return tables[0].layout.name if tables else None


def _preview(sheets: Sequence[Sheet], text: str) -> Iterator[PreviewRow]:
    layout = read_layout(text, "proposed")
    tables: tuple[LayoutTable, ...] = choose_layout(sheets, Layouts({layout.name: layout}), layout.name) or ()
    for table in tables:
        totals = find_totals(table.section, table.sheet, table.columns_summed(), list(table.rows()), layout.language).rows
        for number in [number for number in table.rows() if number not in totals and table.takes(number)][:_PREVIEWED]:
            for part in list(table.parts(number))[:_PREVIEWED]:
                rows, findings = table.gather([table.read(number, part, layout.language)], Subject("", None))
                row = rows.values.to_pylist()[0]
                values = {name: text_as_reported(row[name]) for name in _shown(table, row)}
                of_period = parse_period(part.stated["period"].value, layout.language) if "period" in part.stated else None
                said = (
                    *(f"{finding.cell or ''} {finding.rule}".strip() for finding in findings),
                    *([of_period.rule] if isinstance(of_period, Problem) else ()),
                )
                about = {key: stated.text for key, stated in part.stated.items()}
                yield PreviewRow(table.section.name, table.sheet.name, number, about, values, said)


def _shown(table: LayoutTable, values: Mapping[str, Any]) -> Iterator[str]:
    for field in table.section.fields:
        name = f"{field.name}_edtf" if field.type == "date" else field.name
        if values.get(name) is not None:
            yield name


@cache
def _words(section: str) -> tuple[_Word, ...]:
    """Every word for a field of the section, and for municipality, programme and period, folded."""
    words: dict[str, str] = {}
    for field in load_sections()[section].fields:
        words |= {fold(word): field.name for word in (*field.synonyms, *field.labels.values(), field.name)}
    for key in _PLACES[:3]:
        term = load_report_sheet().fields[key]
        words |= {fold(word): key for word in (*term.synonyms, *term.labels.values(), key)}
    words |= dict.fromkeys(("godina", "viti", "year"), "year")
    return tuple(_Word(text, means) for text, means in words.items())
