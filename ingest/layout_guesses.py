"""What the headings of a form that nobody has described seem to mean: by the words that they are like, and by what stands below them."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache

import yaml
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from rapidfuzz import fuzz, process

from ingest.dates import FIRST_YEAR, LAST_YEAR, LOCAL_LANGUAGES, StatedDate, read_date
from ingest.heading_words import field_meant, fold_heading
from ingest.layout_reading import Headings, find_headings
from ingest.periods import Period, parse_period
from ingest.readers import CellValue, Sheet
from ingest.sections import fold, load_report_sheet, load_sections
from ingest.values import text_as_reported

# Likeness of heading and word, 0 to 100: below this it is chance.
_LIKE = 72
_KIND_LIKE = 80
_PART = 0.85
_DEEPEST_HEADING = 40
# So many columns of figures beside a municipality, and no section that knows them: a wide table.
_WIDE = 4
PLACES = ("municipality", "programme", "period", "year")


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
class _Word:
    text: str
    means: str


def guess_tables(sheet: Sheet) -> Iterator[TableGuess]:
    """The tables of a sheet, with what each of their headings seems to mean; none where nothing looks like headings."""
    if headings := _guess_headings(sheet):
        yield from _guess_tables(headings)


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


def _guess_tables(headings: Headings) -> Iterator[TableGuess]:
    """The tables that begin at some headings: one, or one a kind where a column says which kind of thing each row is."""
    by_section = {section: _guess_meanings(headings, section) for section in load_sections()}
    kinds = _kinds(headings)
    best = max(by_section, key=lambda section: _weight(by_section[section]))
    figures = [guess for guess in by_section["observations"] if guess.means not in PLACES and _holds_figures(headings, guess.column)]
    places = {guess.means for guess in by_section[best]} & set(PLACES)
    known = sum(guess.means is not None and guess.means not in PLACES for guess in by_section[best])
    is_many = len(figures) >= max(_WIDE, 2 * known) or (len(figures) > 1 and are_periods(figures))
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
    named = [guess.column for guess in guesses if guess.means not in (None, *PLACES, "note", "source_id")]
    days = any(_is_day(cell) for guess in guesses for cell in _below(headings, column_index_from_string(guess.column)))
    places = [_below(headings, column_index_from_string(guess.column)) for guess in guesses if guess.means in PLACES]
    rows = [row for row in zip(*places, strict=True) if all(text_as_reported(cell).strip() for cell in row)]
    return days or len(set(rows)) < len(rows) or any(not _holds_figures(headings, column) for column in named)


def are_periods(guesses: Sequence[Guess]) -> bool:
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
    return guess if guess.means in (*PLACES, "source_id", "note") else replace(guess, means=None, word=None)


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
    pairs = ((int(likeness[i, j]), i, j) for i in range(len(texts)) for j in range(len(words)) if likeness[i, j] >= _LIKE)
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
    return sum(guess.likeness for guess in guesses if guess.means and guess.means not in PLACES)


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


@cache
def _words(section: str) -> tuple[_Word, ...]:
    """Every word for a field of the section, and for municipality, programme and period, folded."""
    words: dict[str, str] = {}
    for field in load_sections()[section].fields:
        words |= {fold(word): field.name for word in (*field.synonyms, *field.labels.values(), field.name)}
    for key in PLACES[:3]:
        term = load_report_sheet().fields[key]
        words |= {fold(word): key for word in (*term.synonyms, *term.labels.values(), key)}
    words |= dict.fromkeys(("godina", "viti", "year"), "year")
    return tuple(_Word(text, means) for text, means in words.items())
