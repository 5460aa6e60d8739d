"""What a report says of itself: who, which programme, what period, replaces or adds, and what it says of each section.

Our template says so on its first sheet; other forms in a few cells above a table (``Општина: Крушевац``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from ingest.readers import CellValue, Sheet
from ingest.sections import CodeList, fold, load_report_sheet, load_sections
from ingest.tables import languages_of
from ingest.values import cell_name, text_as_reported


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
    """Read what the given 1-based rows of a sheet say of the report: a label, and its value in the next cell or after a colon."""
    labels, sections = _labels(), _section_labels()
    stated: dict[str, Stated] = {}
    said: dict[str, Stated] = {}
    languages: Counter[str] = Counter()
    for row in rows:
        for column, cell in enumerate(sheet.rows[row - 1], start=1):
            if not isinstance(cell, str) or not cell.strip():
                continue
            label, colon, rest = cell.partition(":")
            beside = Stated(sheet.cell(row, column + 1), sheet.name, cell_name(row, column + 1))
            if key := labels.get(fold(label)):
                if colon and rest.strip():
                    stated.setdefault(key, Stated(rest.strip(), sheet.name, cell_name(row, column)))
                elif fold(beside.text) not in labels:  # else it is a row of headings, where each label stands beside the next
                    stated.setdefault(key, beside)
            elif section := sections.get(fold(cell)):
                said.setdefault(section, beside)
            languages.update(languages_of(label))
    return Cover(sheet.name, stated, said, languages)


def is_report_sheet(sheet: Sheet) -> bool:
    """Whether a sheet is the report's first one: by its name, or since it says who, what and when."""
    term = load_report_sheet().sheet
    if fold(sheet.name) in {fold(word) for word in ("report", *term.labels.values(), *term.synonyms)}:
        return True
    return len(read_cover(sheet, range(1, min(len(sheet.rows), 40) + 1)).stated) >= 3


def is_for_people(sheet: Sheet) -> bool:
    """Whether a sheet of our template holds instructions or the lists behind the drop-downs: nothing reported stands there."""
    report = load_report_sheet()
    words = (report.lists_sheet, *report.instructions_sheet.labels.values(), *report.instructions_sheet.synonyms)
    return fold(sheet.name) in {fold(word) for word in words}


def code_said(stated: Stated, codes: CodeList) -> str | None:
    """The code of a list that a cell names in any language, or None where it names none."""
    wanted = fold(stated.text)
    for code, labels in codes.codes.items():
        if wanted in {fold(word) for word in (code, *labels.values(), *codes.synonyms[code])}:
            return code
    return None


@cache
def _labels() -> Mapping[str, str]:
    return {fold(word): key for key, term in load_report_sheet().fields.items() for word in (key, *term.labels.values(), *term.synonyms)}


@cache
def _section_labels() -> Mapping[str, str]:
    return {fold(word): section.name for section in load_sections().values() for word in (section.name, *section.labels.values())}
