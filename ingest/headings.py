"""Which rows of a sheet are headings, of one or more rows, and what each column means.

A heading is known by the labels and synonyms of the fields, in any language, and by the words of ``headings.yml``: a group over
its parts ("Angažovani" over "ukupno | žene | Romi"), or a part to the right of its whole ("Broj angažovanih | od toga žene").
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

import yaml

from ingest.readers import CellValue, Sheet
from ingest.sections import LANGUAGES, fold, load_report_sheet, load_sections
from ingest.values import find_currency, text_as_reported

# Headings of more rows than this are a title above headings.
_MOST_ROWS = 3
# A longer text explains something.
_LONGEST_HEADING = 120
# A heading row stands below a title and a few lines of explanation, never deeper than this in any form we have seen.
_DEEPEST_SOLE_HEADING = 40

PLACE_KEYS = ("municipality", "programme", "period")

# Marks of footnotes after a heading, numbers of columns before it.
_MARKS = re.compile(r"^\s*\d{1,2}[.)]\s+|[*⁎†¹²³⁰-⁹]+\s*$|(?<=\w)\s+\d\)\s*$")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$")
# "angažo-" over "vanih" in one cell, as a narrow column makes people write.
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\s+(?=[^\W\d_])")
_PREPOSITION = re.compile(r"^\s*(?:u|у|во|in|në)\s+", re.IGNORECASE)
_IN_CURRENCY = re.compile(r"[,\s]+(?:(?:u|у|во|in|në)\s+)?([^\W\d_]+\.?|€)\s*$", re.IGNORECASE)
_FACTORS = (
    (1_000, re.compile(r"hiljad|хиљад|илјад|thousand|mijë|\b000\b", re.IGNORECASE)),
    (1_000_000, re.compile(r"milion|милион|million", re.IGNORECASE)),
)
_PERCENT = re.compile(r"[%‰]|procen[ta]|postot|процен[та]|percent|përqind", re.IGNORECASE)
_GIVEN_IN = re.compile(r"\b(?:u|у|во|in|në)\s+(?:000|hiljad|хиљад|илјад|thousand|mijë|milion|милион|million)", re.IGNORECASE)
_CURRENCY_WORD = re.compile(r"[^\W\d_]+|€")


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


@dataclass(frozen=True)
class _Words:
    """Every word of the forms, folded, with what it means."""

    sheet_names: Mapping[str, str]
    headings: Mapping[str, Mapping[str, str]]
    places: Mapping[str, str]
    groups: Mapping[str, str]
    margins: Mapping[str, str]
    over: tuple[tuple[frozenset[str], Mapping[str, str]], ...]
    names: frozenset[str]
    ordinals: frozenset[str]
    plain_units: frozenset[str]
    known: frozenset[str]
    single: frozenset[str]


def find_headings(sheet: Sheet) -> list[Headings]:
    """The headings of every table on a sheet, from the top.

    The sheet's own name decides which section a table is of where its headings leave it open. One known word in a row of text is
    chance, two are headings; only on a sheet that bears a section's name is one enough.
    """
    named = _words().sheet_names.get(fold(sheet.name))
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


@lru_cache(maxsize=1024)
def group_of(field: str) -> str | None:
    """The group that a field counts a part of: "engaged_women" → "engaged"."""
    words = load_words()
    names = {name: group for group in words["groups"] for margin in words["margins"] for name in _names_of(group, margin)}
    return names.get(field)


@cache
def load_words() -> Mapping[str, Any]:
    """The words of ``headings.yml``: lists of texts, or lists by name."""
    words: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("headings.yml").read_text(encoding="utf-8"))
    return words


@cache
def folded_words(name: str) -> frozenset[str]:
    """One list of ``headings.yml``, folded."""
    return frozenset(fold(word) or word for word in load_words()[name])


def _known_columns(sheet: Sheet) -> dict[int, frozenset[int]]:
    """The rows in which more cells are known words than numbers or dates, with the columns of those words."""
    words = _words().known
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
            if column - 1 in texts and texts[column][-1][1] not in _words().ordinals:
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
        if folded and folded[-1] in _words().ordinals:
            continue
        field = field_meant(section, folded, left)
        if field and _PERCENT.search(shown[column]) and load_sections()[section].field(field).type in ("count", "amount"):
            # a share of the persons is no number of persons
            field = None
        place = None if field else _place_meant(folded)
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


def _place_meant(parts: tuple[str, ...]) -> str | None:
    bare = parts[:-1] if len(parts) > 1 and parts[-1] in _words().names else parts
    return _words().places.get(bare[-1]) if bare else None


@lru_cache(maxsize=65_536)
def field_meant(section: str, parts: tuple[str, ...], left: str | None) -> str | None:
    """The field that a heading means; ``left`` is the group of the column to its left."""
    words = _words()
    headings = words.headings[section]
    if not parts:
        return None
    child, parents = parts[-1], parts[-2::-1]
    margin = words.margins.get(child)
    for parent in parents:
        group = words.groups.get(parent) or (group_of(headings[parent]) if parent in headings else None)
        if margin and group:
            return _field_of(section, group, margin)
        for over, below in words.over:
            if parent in over and below.get(child) in headings.values():
                return below[child]
        for together in (f"{parent} {child}", f"{child} {parent}"):
            if together in headings:
                return headings[together]
        if (child in words.plain_units or child in words.names) and parent in headings:
            return headings[parent]
    if margin and left and margin != "persons":
        return _field_of(section, left, margin)
    # a part of a whole that is not understood: "od toga žene" below "Volonteri" are no engaged women
    return None if margin and parents else headings.get(child)


def _field_of(section: str, group: str, margin: str) -> str | None:
    names = {field.name for field in load_sections()[section].fields}
    return next((name for name in _names_of(group, margin) if name in names), None)


def _names_of(group: str, margin: str) -> tuple[str, ...]:
    return (f"{group}_{margin}", group) if margin == "persons" else (f"{group}_{margin}",)


def _own_text(sheet: Sheet, row: int, column: int) -> str:
    return " ".join(text_as_reported(sheet.cell(row, column)).split())


def _is_text(cell: CellValue) -> bool:
    return cell is None or isinstance(cell, str)


@lru_cache(maxsize=4096)
def fold_heading(text: str) -> str:
    """A heading as it is compared: without marks of footnotes, its number, or a unit in brackets that changes nothing."""
    words = _words()
    folded = fold(text)
    if folded in words.known:
        return folded
    # the most of a sheet has no word of any form: a ref is nothing but a ref
    is_foreign = text.isascii() and words.single.isdisjoint(folded.split())
    if is_foreign and text[-1:].isalnum() and len(text.split()) < 2:
        return folded
    if (joined := _BROKEN_WORD.sub("", text)) != text and (whole := fold_heading(joined)) in words.known:
        return whole
    bare = _MARKS.sub("", text)
    if is_foreign and bare == text:
        return folded
    unit = _IN_BRACKETS.search(bare)
    if unit and fold(_PREPOSITION.sub("", unit[1])) in words.plain_units and fold(bare) not in words.known:
        bare = bare[: unit.start()]
    elif (end := _IN_CURRENCY.search(bare)) and currency_named(end[1]) and fold(bare[: end.start()]) in words.known:
        bare = bare[: end.start()]
    return fold(bare) or folded


@lru_cache(maxsize=4096)
def currency_named(text: str) -> str | None:
    """The one currency that a heading names: "Iznos (EUR)", "износ во ден."; None where it names none, or two, or thousands of it."""
    return None if factor_named(text) else currency_within(text)


def factor_named(text: str) -> int | None:
    """By what the figures below a heading are to be multiplied: "u hiljadama dinara" says 1,000."""
    return next((factor for factor, word in _FACTORS if word.search(text)), None)


def factor_given(text: str) -> int | None:
    """The same of a text that stands above a table: only where it says that figures are given so, as "iznosi u hiljadama dinara" does."""
    return factor_named(text) if _GIVEN_IN.search(text) else None


def names_percent(text: str) -> bool:
    """Whether a heading or a unit speaks of shares in place of numbers."""
    return bool(_PERCENT.search(text))


def currency_within(text: str) -> str | None:
    """The one currency whose name stands in a text, whatever else does."""
    named = {currency for word in _CURRENCY_WORD.findall(text) if (currency := find_currency(word))}
    return named.pop() if len(named) == 1 else None


@cache
def _words() -> _Words:
    sections, report, own = load_sections(), load_report_sheet(), load_words()
    sheet_names = {fold(name): section.name for section in sections.values() for name in (section.name, *section.labels.values())}
    headings = {
        section.name: {fold(word): field.name for field in section.fields for word in (*field.synonyms, *field.labels.values(), field.name)}
        for section in sections.values()
    }
    places = {fold(word): key for key in PLACE_KEYS for word in (key, *report.fields[key].labels.values(), *report.fields[key].synonyms)}
    groups, margins = _by_fold(own["groups"]), _by_fold(own["margins"])
    over = tuple((frozenset(map(fold, each["headings"])), _by_fold(each["parts"])) for each in own["over"])
    known = {*places, *groups, *margins, *(word for words in headings.values() for word in words)}
    known |= {word for each, below in over for word in (*each, *below)}
    plain_units = folded_words("plain_units")
    return _Words(
        sheet_names,
        headings,
        places,
        groups,
        margins,
        over,
        folded_words("names"),
        folded_words("ordinals"),
        plain_units,
        frozenset(known),
        frozenset(word for text in (*known, *plain_units) for word in text.split()),
    )


def _by_fold(named: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold(word): name for name, words in named.items() for word in words}


def languages_of(text: str) -> frozenset[str]:
    """The languages in which a label of the form is spelt exactly so; empty for canonical names, which have no language."""
    return _label_languages().get(text.strip(), frozenset())


def most_spoken(spoken: Mapping[str, int]) -> tuple[str, ...]:
    """The languages of which the most labels are, in the order of the five; several where they have those labels in common."""
    most = max(spoken.values(), default=0)
    return tuple(language for language in LANGUAGES if most and spoken.get(language) == most)


@cache
def _label_languages() -> Mapping[str, frozenset[str]]:
    sections, report = load_sections(), load_report_sheet()
    labelled = [section.labels for section in sections.values()] + [field.labels for section in sections.values() for field in section.fields]
    spelt: dict[str, set[str]] = {}
    for labels in [*labelled, *(term.labels for term in report.fields.values())]:
        for language in LANGUAGES:
            spelt.setdefault(labels[language], set()).add(language)
    names = set(sections) | {field.name for section in sections.values() for field in section.fields}
    return {label: frozenset(found) for label, found in spelt.items() if label not in names}
