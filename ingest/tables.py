"""Where the tables are: which sheet and row begins a section's table, and which column holds which field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from ingest.findings import Finding
from ingest.readers import Sheet
from ingest.sections import LANGUAGES, Field, Section, fold, load_report_sheet, load_sections
from ingest.values import cell_name, text_as_reported

# A heading row stands below a title and a few lines of explanation, never deeper than this in any form we have seen.
_DEEPEST_HEADING = 40
# Below this likeness (0 to 100) a suggestion confuses more than it helps.
_NEAR = 70

PLACE_KEYS = ("municipality", "programme", "period")


@dataclass(frozen=True)
class Table:
    """A section's table on a sheet. Columns are 1-based."""

    section: Section
    sheet: Sheet
    heading_row: int
    fields: Mapping[int, Field]
    places: Mapping[str, int]
    languages: Counter[str]
    findings: tuple[Finding, ...]

    def column_of(self, field: str) -> int:
        """The 1-based column of a field; 0 where the table has no such column."""
        return next((column for column, each in self.fields.items() if each.name == field), 0)

    def rows(self) -> Iterator[int]:
        """The 1-based numbers of the sheet's rows below the headings."""
        return iter(range(self.heading_row + 1, len(self.sheet.rows) + 1))


@dataclass(frozen=True)
class _Vocabulary:
    sheet_names: Mapping[str, str]
    headings: Mapping[str, Mapping[str, str]]
    places: Mapping[str, str]
    languages: Mapping[str, frozenset[str]]


def find_table(sheet: Sheet) -> Table | None:
    """The section's table on a sheet, or None where there is none.

    The sheet's own name decides which section it is, in any language; another name leaves it to the headings.
    """
    words = _vocabulary()
    named = words.sheet_names.get(fold(sheet.name))
    sections = [named] if named else list(load_sections())
    row, section = max(
        ((row, section) for row in range(1, min(len(sheet.rows), _DEEPEST_HEADING) + 1) for section in sections),
        key=lambda place: _fit(sheet, *place),
        default=(0, ""),
    )
    # one known word in a row of text is chance, two are a heading row; where the sheet is named, one is enough
    if not row or _fit(sheet, row, section) < (1 if named else 2):
        return None
    return _table_at(sheet, row, load_sections()[section])


def section_named(sheet: Sheet) -> Section | None:
    """The section that a sheet's own name means."""
    name = _vocabulary().sheet_names.get(fold(sheet.name))
    return load_sections()[name] if name else None


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known text that is most like ``text``, or None where none is near."""
    by_fold = {fold(entry): entry for entry in known}
    found = process.extractOne(fold(text), list(by_fold), scorer=fuzz.WRatio, score_cutoff=_NEAR)
    return by_fold[found[0]] if found else None


def nearest_sheet_name(name: str, language: str) -> str | None:
    """The sheet name of our form, in that language, that is most like ``name``."""
    return nearest(name, [section.labels[language] for section in load_sections().values()])


def languages_of(text: str) -> frozenset[str]:
    """The languages in which a label of the form is spelt exactly so; empty for canonical names, which have no language."""
    return _vocabulary().languages.get(text.strip(), frozenset())


def _fit(sheet: Sheet, row: int, section: str) -> int:
    """How many fields of the section the row's cells name."""
    words = _vocabulary()
    return len({words.headings[section].get(heading) or words.places.get(heading) for _, heading in _headings(sheet, row)} - {None})


def _headings(sheet: Sheet, row: int) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(sheet.rows[row - 1], start=1):
        if isinstance(cell, str) and cell.strip():
            yield column, fold(cell)


def _table_at(sheet: Sheet, row: int, section: Section) -> Table:
    words = _vocabulary()
    fields: dict[int, Field] = {}
    places: dict[str, int] = {}
    languages: Counter[str] = Counter()
    findings: list[Finding] = []
    unknown: list[tuple[int, str]] = []
    for column, folded in _headings(sheet, row):
        heading = text_as_reported(sheet.cell(row, column))
        languages.update(languages_of(heading))
        field = words.headings[section.name].get(folded)
        place = None if field else words.places.get(folded)
        if (field and field in {taken.name for taken in fields.values()}) or (place and place in places):
            findings.append(_heading_finding("heading_repeated", sheet, row, column, section, heading=heading))
        elif field:
            fields[column] = section.field(field)
        elif place:
            places[place] = column
        else:
            unknown.append((column, heading))
    language = languages.most_common(1)[0][0] if languages else "en"
    known = [field.labels[language] for field in section.fields]
    for column, heading in unknown:
        findings.append(_heading_finding("heading_unknown", sheet, row, column, section, heading=heading, nearest=nearest(heading, known)))
    return Table(section, sheet, row, fields, places, languages, tuple(findings))


def _heading_finding(rule: str, sheet: Sheet, row: int, column: int, section: Section, **params: object) -> Finding:
    return Finding("warning", rule, section=section.name, sheet=sheet.name, cell=cell_name(row, column), row=row, params=params)


@cache
def _vocabulary() -> _Vocabulary:
    """Every word of the forms, folded, with what it means."""
    sections, report = load_sections(), load_report_sheet()
    sheet_names = {fold(name): section.name for section in sections.values() for name in (section.name, *section.labels.values())}
    headings = {
        section.name: {fold(word): field.name for field in section.fields for word in (*field.synonyms, *field.labels.values(), field.name)}
        for section in sections.values()
    }
    places = {fold(word): key for key in PLACE_KEYS for word in (key, *report.fields[key].labels.values(), *report.fields[key].synonyms)}
    spelt: dict[str, set[str]] = {}
    labelled = [section.labels for section in sections.values()] + [field.labels for section in sections.values() for field in section.fields]
    for labels in [*labelled, *(term.labels for term in report.fields.values())]:
        for language in LANGUAGES:
            spelt.setdefault(labels[language], set()).add(language)
    names = set(sections) | {field.name for section in sections.values() for field in section.fields}
    return _Vocabulary(
        sheet_names,
        headings,
        places,
        {label: frozenset(found) for label, found in spelt.items() if label not in names},
    )
