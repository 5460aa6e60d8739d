"""What a report says of itself: who, which programme, what period, replaces or adds, and what it says of each section.

Our template says so on its first sheet; other forms in a few cells above a table (``Општина: Крушевац``).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from ingest.answers import is_our_answer
from ingest.heading_words import languages_of
from ingest.readers import CellValue, Sheet
from ingest.sections import CodeList, fold, load_report_sheet, load_sections
from ingest.values import cell_name, text_as_reported

# Between two labels in one cell: "Opština: Kruševac, period: jun 2022."
_BETWEEN_LABELS = re.compile(r"[;,|\n]|\s{3,}")
# A value this many cells to the right of its label still belongs to it.
_FARTHEST_VALUE = 5


@dataclass(frozen=True)
class Stated:
    """Something a report says of itself, and where."""

    value: CellValue
    sheet: str | None = None
    cell: str | None = None

    @property
    def text(self) -> str:
        """The value as reported; empty where nothing stands."""
        return text_as_reported(self.value).strip()


@dataclass(frozen=True)
class Cover:
    """What was found: by field of the report sheet, and by section."""

    sheet: str
    stated: Mapping[str, Stated] = field(default_factory=dict)
    said: Mapping[str, Stated] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)


def read_cover(sheet: Sheet, rows: Iterable[int]) -> Cover:
    """Read what the given 1-based rows of a sheet say of the report.

    A label has its value after a colon in its own cell, where several labels may stand one after the other, or in the next filled cell to
    its right; labels side by side have theirs below.
    """
    labels, sections = _labels(), _section_labels()
    stated: dict[str, Stated] = {}
    said: dict[str, Stated] = {}
    languages: Counter[str] = Counter()
    for row in rows:
        cells = {column: cell for column, cell in enumerate(sheet.rows[row - 1], start=1) if isinstance(cell, str) and cell.strip()}
        found = {column: _labels_in(cell) for column, cell in cells.items()}
        is_below = False
        for column, cell in cells.items():
            for key, label, rest in found[column]:
                if rest:
                    value = Stated(rest, sheet.name, cell_name(row, column))
                else:
                    value = _beside(sheet, row, column)
                    is_below = fold(value.text) in labels or (is_below and not value.text)
                    value = _stated_at(sheet, row + 1, column) if is_below else value
                if fold(value.text) not in labels and (value.text or not is_below):
                    stated.setdefault(key, value)
                languages.update(languages_of(label))
            if not found[column] and (section := sections.get(fold(cell))):
                said.setdefault(section, _stated_at(sheet, row, column + 1))
                languages.update(languages_of(cell))
    return Cover(sheet.name, stated, said, languages)


def _labels_in(text: str) -> list[tuple[str, str, str]]:
    """The labels in a cell: what each means, how it is spelt, and the value after its colon."""
    labels = _labels()
    if ":" not in text:
        return [(labels[fold(text)], text, "")] if fold(text) in labels else []
    parts: list[tuple[str, str, str]] = []
    for part in _BETWEEN_LABELS.split(text):
        label, colon, rest = part.partition(":")
        if colon and fold(label) in labels:
            parts.append((labels[fold(label)], label.strip(), rest.strip()))
        elif parts:  # a comma within a value
            key, spelt, value = parts[-1]
            parts[-1] = (key, spelt, text[text.index(value) : text.index(part) + len(part)].strip() if value else part.strip())
    return parts


def _beside(sheet: Sheet, row: int, column: int) -> Stated:
    """The next filled cell to the right: a label, or its value, may be merged over several cells. What our form explains there is no value."""
    texts = ((at, _stated_at(sheet, row, at).text) for at in range(column + 1, column + 1 + _FARTHEST_VALUE))
    filled = (at for at, text in texts if text and fold(text) not in _explanations())
    return _stated_at(sheet, row, next(filled, column + 1))


def _stated_at(sheet: Sheet, row: int, column: int) -> Stated:
    return Stated(sheet.cell(row, column), sheet.name, cell_name(row, column))


def is_report_sheet(sheet: Sheet) -> bool:
    """Whether a sheet without tables is the report's first one: by its name, or since it says who, what and when."""
    return is_named_report(sheet) or len(read_cover(sheet, range(1, min(len(sheet.rows), 40) + 1)).stated) >= 3


def is_named_report(sheet: Sheet) -> bool:
    """Whether a sheet's name says that it is the report's first one."""
    term = load_report_sheet().sheet
    return fold(sheet.name) in {fold(word) for word in ("report", *term.labels.values(), *term.synonyms)}


def is_for_people(sheet: Sheet) -> bool:
    """Whether a sheet is ours for people to read: instructions, the lists behind drop-downs, our answer to an earlier report. Nothing reported."""
    report = load_report_sheet()
    words = (report.lists_sheet, *report.instructions_sheet.labels.values(), *report.instructions_sheet.synonyms)
    return fold(sheet.name) in {fold(word) for word in words} or is_our_answer(sheet)


def code_said(stated: Stated, codes: CodeList) -> str | None:
    """The code of a list that a cell names in any language, or None where it names none."""
    wanted = fold(stated.text)
    for code, labels in codes.codes.items():
        if wanted in {fold(word) for word in (code, *labels.values(), *codes.synonyms[code])}:
            return code
    return None


@cache
def _explanations() -> frozenset[str]:
    return frozenset(fold(text) for term in load_report_sheet().fields.values() for text in term.help.values())


@cache
def _labels() -> Mapping[str, str]:
    return {fold(word): key for key, term in load_report_sheet().fields.items() for word in (key, *term.labels.values(), *term.synonyms)}


@cache
def _section_labels() -> Mapping[str, str]:
    return {fold(word): section.name for section in load_sections().values() for word in (section.name, *section.labels.values())}
