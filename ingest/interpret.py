"""From the cells of a file to the submissions in it: typed rows, what each section says, and everything that is wrong, with its cell.

Depends on the file, the options, the reference tables and the answers people gave, and on nothing else: the same again gives the same again.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from ingest.answers import is_our_answer
from ingest.cover import Cover, Stated, code_said, is_for_people, is_named_report, is_report_sheet, read_cover
from ingest.entries import Question, Receipt, RuleCounts, SectionEntry, digest
from ingest.findings import Finding, severity_of
from ingest.heading_words import most_spoken
from ingest.layout_reading import LayoutRow, LayoutTable, choose_layout, row_of_no_table
from ingest.layouts import Layout, Layouts, matches
from ingest.places import Place, Places
from ingest.preflight import FileRefused
from ingest.readers import CellValue, Contents, Sheet, is_blank
from ingest.refs import is_unused_ref
from ingest.rows import Found, Rows, Subject, read_table
from ingest.sections import load_report_sheet
from ingest.tables import Table, find_tables, nearest_sheet_name
from ingest.totals import Totals, find_totals
from ingest.values import cell_name, text_as_reported


@dataclass
class Draft:
    """A submission as it was understood, before the checks across fields."""

    place: Place
    statement: str
    language: str | None
    attempt_key: str
    submission_id: str
    layout: Layout | None = None
    rows: list[Rows] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    checks: list[RuleCounts] = field(default_factory=list)
    _named: set[tuple[str, str | None, str | None]] = field(default_factory=set)

    def name_cells(self, findings: Iterable[Finding]) -> None:
        """Take over what is found at cells, each once."""
        for finding in findings:
            known = (finding.rule, finding.sheet, finding.cell)
            if finding.cell and known not in self._named:
                self._named.add(known)
                if finding not in self.place.findings:
                    self.findings.append(finding)

    @property
    def says_something(self) -> bool:
        """Whether it has rows, or tells why it has none: a section with nothing to report or left blank, a row without values."""
        return bool(self.rows or self.said) or any(finding not in self.place.findings for finding in self.findings)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it can be used, since it is not known what it is about."""
        return self.place.is_refused

    @property
    def questions(self) -> tuple[Question, ...]:
        """What only a person can decide about it."""
        return (self.place.question,) if self.place.question else ()

    @property
    def subject(self) -> Subject:
        """Whose rows its rows are."""
        return Subject(self.submission_id, self.place.period)

    def add(self, found: Found) -> None:
        """Take over rows and what is wrong with their cells."""
        self.rows.append(found[0])
        self.findings.extend(found[1])

    def count_rows(self) -> int:
        """How many rows it has, quarantined ones too."""
        return sum(map(len, self.rows))

    def count_quarantined(self) -> int:
        """How many of its rows are quarantined."""
        return sum(len(rows.quarantined) for rows in self.rows)

    def sections(self) -> tuple[SectionEntry, ...]:
        """What it says of each section, with the columns that its rows stood in."""
        entries = []
        for section, said in self.said.items():
            parts = [rows for rows in self.rows if rows.section == section]
            # a figure of a wide table has no column of its own: its row names it
            entries.append(SectionEntry(section, said, parts[0].sheet if parts else None, sum(map(len, parts)), parts[0].columns if parts else {}))
        return tuple(entries)


def interpret(contents: Contents, receipt: Receipt, attempt: int, places: Places, layouts: Layouts) -> list[Draft]:
    """Say what a file that was read reports, the how-maniest time it is taken in.

    A layout reads it where the receipt names one, or where one fits; else it is read as our own form is, by the words of the sections.

    Returns:
        One draft for each programme × municipality × period that it names, refused and waiting ones too. Never empty.

    Raises:
        FileRefused: If nothing in the file can be used.
    """
    file = _open(contents, receipt, attempt, layouts)
    drafts: dict[tuple[str, ...], Draft] = {}
    left_out = _add_rows_by_layout(drafts, file, places)
    for table in file.tables:
        _add_rows(drafts, file, table, places)
    if file.cover and (not drafts or _speaks_of_a_place(file.cover)):
        own = _draft_for(drafts, file, places.find(file.receipt, file.cover.stated, {}, file.languages), file.cover)
        _take_what_is_said(own, file, {rows.section for draft in drafts.values() for rows in draft.rows})
    if not any(draft.says_something for draft in drafts.values()):
        beside = (*file.findings, *left_out, *(finding for draft in drafts.values() for finding in draft.findings))
        if any(not table.fields for table in file.tables):
            raise FileRefused("no_known_column", beside)
        raise FileRefused("no_rows", beside, sheets=list(file.sheet_names))
    for draft in drafts.values():
        draft.said |= {rows.section: "data" for rows in draft.rows}
    # what is wrong with the file as a whole is said once, however many submissions it holds
    next(iter(drafts.values())).findings.extend((*file.findings, *left_out))
    return list(drafts.values())


def _speaks_of_a_place(cover: Cover) -> bool:
    """Whether the report sheet itself reports: it names a municipality and has a table of sections, filled in or left blank."""
    municipality = cover.stated.get("municipality")
    return municipality is not None and bool(municipality.text) and bool(cover.said)


@dataclass(frozen=True)
class _File:
    receipt: Receipt
    attempt: int
    cover: Cover | None
    tables: tuple[Table, ...]
    languages: tuple[str, ...]
    findings: tuple[Finding, ...]
    sheet_names: tuple[str, ...]
    by_layout: tuple[LayoutTable, ...] = ()


def _open(contents: Contents, receipt: Receipt, attempt: int, layouts: Layouts) -> _File:
    sheets = contents.sheets
    if by_layout := choose_layout(sheets, layouts, receipt.layout):
        return _open_by_layout(contents, receipt, attempt, by_layout)
    findings = list(contents.findings)
    covers: list[Cover] = []
    tables: list[Table] = []
    unknown: list[Sheet] = []
    half_read: set[str] = set()
    for sheet in sheets:
        if is_for_people(sheet) or not _has_content(sheet):
            continue
        if not sheet.is_visible:
            findings.append(Finding("warning", "sheet_hidden", sheet=sheet.name, params={"name": sheet.name}))
        elif found := find_tables(sheet):
            tables.extend(found)
            findings.extend(finding for table in found for finding in table.findings)
            if is_named_report(sheet):
                covers.append(found[0].above)
        elif is_report_sheet(sheet):
            covers.append(cover := read_cover(sheet, range(1, len(sheet.rows) + 1)))
            half_read |= {sheet.name} if not is_named_report(sheet) and _has_figures_beside(sheet, cover) else set()
        else:
            unknown.append(sheet)
    names = tuple(sheet.name for sheet in sheets)
    if not tables and {cover.sheet for cover in covers} <= half_read:
        raise FileRefused("no_known_sheet", findings, sheets=list(names))
    labels: Counter[str] = Counter()
    for spoken in (*(cover.languages for cover in covers), *(table.languages for table in tables)):
        labels += spoken
    languages = most_spoken(labels)
    for sheet in unknown:
        params = {"name": sheet.name, "nearest": nearest_sheet_name(sheet.name, languages[0] if languages else "en")}
        findings.append(Finding("warning", "sheet_unknown", sheet=sheet.name, params=params))
    if len(covers) > 1:
        raise FileRefused("two_report_sheets", sheets=[cover.sheet for cover in covers])
    return _File(receipt, attempt, covers[0] if covers else None, tuple(tables), languages, tuple(findings), names)


def _has_figures_beside(sheet: Sheet, cover: Cover) -> bool:
    """Whether a sheet that says who, what and when has figures too, in a table that is not understood."""
    figures = sum(not is_blank(cell) and not isinstance(cell, str) for row in sheet.rows for cell in row)
    return figures > sum(not isinstance(stated.value, str) for stated in cover.stated.values())


def _has_content(sheet: Sheet) -> bool:
    return any(not is_blank(cell) for row in sheet.rows for cell in row)


def _open_by_layout(contents: Contents, receipt: Receipt, attempt: int, tables: tuple[LayoutTable, ...]) -> _File:
    layout = tables[0].layout
    read = {table.sheet.name for table in tables}
    findings = list(contents.findings)
    for sheet in contents.sheets:
        if sheet.name not in read and not matches(layout.skip_sheets, sheet.name) and not is_our_answer(sheet) and _has_content(sheet):
            rule = "sheet_unknown" if sheet.is_visible else "sheet_hidden"
            findings.append(Finding("warning", rule, sheet=sheet.name, params={"name": sheet.name}))
    return _File(
        receipt,
        attempt,
        None,
        (),
        (layout.language,) if layout.language else (),
        tuple(findings),
        tuple(sheet.name for sheet in contents.sheets),
        tables,
    )


def _add_rows_by_layout(drafts: dict[tuple[str, ...], Draft], file: _File, places: Places) -> list[Finding]:
    """Add the rows of a form that a layout reads, each to the first table of each section that takes it; returns the findings on the others."""
    left_out: list[Finding] = []
    read: dict[tuple[int, int], tuple[Draft, LayoutTable, list[LayoutRow]]] = {}
    for sheet_name in dict.fromkeys(table.sheet.name for table in file.by_layout):
        tables = [(table, read_cover(table.sheet, range(1, table.headings.row))) for table in file.by_layout if table.sheet.name == sheet_name]
        numbers = sorted({number for table, _ in tables for number in table.rows()})
        totals = _totals_of([table for table, _ in tables], numbers)
        beside = list(totals.findings)
        for number in numbers:
            if number in totals.rows:
                continue
            taking: dict[str, tuple[LayoutTable, Cover]] = {}
            for table, above in tables:
                if number > table.headings.row and table.takes(number):
                    taking.setdefault(table.section.name, (table, above))
            if not taking:
                beside.append(row_of_no_table(table, number))
            for table, above in taking.values():
                for part in table.parts(number):
                    draft = _draft_for(drafts, file, places.find(file.receipt, above.stated, part.stated, file.languages), above)
                    _, _, rows = read.setdefault((id(draft), id(table)), (draft, table, []))
                    rows.append(table.read(number, part, draft.language))
        left_out.extend(sorted(beside, key=lambda finding: finding.row or 0))
    for draft, table, rows in read.values():
        draft.add(table.gather(rows, draft.subject))
    return left_out


@dataclass
class _Part:
    """The rows of a table that are one draft's: their numbers and cells, and what is found beside their cells."""

    draft: Draft
    numbers: list[int] = field(default_factory=list)
    cells: list[tuple[CellValue, ...]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, number: int, cells: tuple[CellValue, ...]) -> None:
        """Take a row."""
        self.numbers.append(number)
        self.cells.append(cells)

    def read(self, table: Table) -> None:
        """Read the rows and enter them, and all findings row by row, in the draft."""
        findings = self.findings
        if self.numbers:
            rows, of_cells = read_table(table, self.numbers, self.cells, self.draft.language, self.draft.subject)
            self.draft.rows.append(rows)
            findings = sorted([*findings, *of_cells], key=lambda finding: finding.row or 0)
        self.draft.findings.extend(findings)


def _add_rows(drafts: dict[tuple[str, ...], Draft], file: _File, table: Table, places: Places) -> None:
    known: dict[tuple[object, ...], Draft] = {}
    parts: dict[int, _Part] = {}
    only: _Part | None = None
    for number in table.rows():
        cells = table.cells(number)
        has_values = not all(map(is_blank, cells))
        if has_values and is_unused_ref(table, cells):
            continue
        if has_values and only:
            only.add(number, cells)
            continue
        own = {key: Stated(table.sheet.cell(number, column), table.sheet.name, cell_name(number, column)) for key, column in table.places.items()}
        if not has_values and not any(stated.text for stated in own.values()):
            continue
        said = table.said_above(number)
        from_above = {}
        if own and not all(place.text for place in own.values()):
            elsewhere = (*(file.cover.stated if file.cover else ()), *said.stated)
            from_above = _places_from_above(table, number, {key for key in own if key in elsewhere or getattr(file.receipt, key)})
            own |= from_above
        # rows one below the other mostly speak of one place; of a row that says too little of itself each is named by its own cell
        about = (*said.stated.values(), *(stated.text for stated in own.values())) if own or table.labels else ()
        if (draft := known.get(about)) is None:
            stated = {**file.cover.stated, **said.stated} if file.cover else said.stated
            draft = _draft_for(drafts, file, places.find(file.receipt, stated, own, file.languages), said)
            if not draft.is_refused:
                known[about] = draft
        if (part := parts.get(id(draft))) is None:
            part = parts[id(draft)] = _Part(draft)
        if not (table.places or table.labels):
            # no row says of whom it speaks: all speak of the same
            only = part
        if from_above:
            part.findings.extend(finding for key in from_above if (finding := _from_above_finding(table, number, table.places[key])))
        if has_values or table.section.name == "participations":
            part.add(number, cells)
        else:
            part.findings.append(_row_finding("row_without_values", table.section.name, table.sheet.name, number))
    for part in parts.values():
        part.read(table)


def _places_from_above(table: Table, number: int, said_elsewhere: Set[str]) -> dict[str, Stated]:
    """What the cells above say of whom and what a row speaks, where its own are blank and nothing else says it."""
    columns = {key: column for key, column in table.places.items() if key not in said_elsewhere and (number, column) in table.named_above}
    named = {key: (table.named_above[number, column], column) for key, column in columns.items()}
    return {key: Stated(table.sheet.cell(row, column), table.sheet.name, cell_name(row, column)) for key, (row, column) in named.items()}


def _from_above_finding(table: Table, number: int, column: int) -> Finding | None:
    """The finding on the blank cells below one that names them all, said with the first of them."""
    above = table.named_above[number, column]
    if table.named_above.get((number - 1, column)) == above:
        return None
    last = number
    while table.named_above.get((last + 1, column)) == above:
        last += 1
    cells = cell_name(number, column) + (f":{cell_name(last, column)}" if last > number else "")
    params = {"cells": cells, "above": cell_name(above, column), "text": text_as_reported(table.sheet.cell(above, column))}
    place = {"section": table.section.name, "sheet": table.sheet.name, "cell": cell_name(number, column), "row": number}
    return Finding(severity_of("place_from_above"), "place_from_above", params=params, **place)  # type: ignore[arg-type]


def _totals_of(tables: Sequence[LayoutTable], numbers: Sequence[int]) -> Totals:
    """The totals among the rows of a sheet that a layout reads, each said once, however many of its tables share the rows and columns."""
    findings: dict[tuple[str, int | None, str | None], Finding] = {}
    rows: set[int] = set()
    for table in tables:
        found = find_totals(table.section, table.sheet, table.columns_summed(), numbers, table.layout.language)
        rows |= found.rows
        for finding in found.findings:
            findings.setdefault((finding.rule, finding.row, finding.cell), finding)
    return Totals(frozenset(rows), tuple(findings.values()))


def _row_finding(rule: str, section: str, sheet: str, number: int) -> Finding:
    return Finding(severity_of(rule), rule, section, sheet, None, number, params={"row": number})


def _draft_for(drafts: dict[tuple[str, ...], Draft], file: _File, place: Place, cover: Cover) -> Draft:
    if place.key not in drafts:
        statement = file.cover.stated.get("statement") if file.cover else cover.stated.get("statement")
        code = code_said(statement, load_report_sheet().statements) if statement else None
        key = json.dumps(place.key, ensure_ascii=False)
        layout = file.by_layout[0].layout if file.by_layout else None
        submission_id = submission_id_of(file.receipt, key, file.attempt)
        drafts[place.key] = Draft(place, code or "not_said", place.language, key, submission_id, layout, findings=list(place.findings))
    elif place.is_refused:
        # each row that says too little of itself is named by its own cell
        drafts[place.key].name_cells(place.findings)
    return drafts[place.key]


def _take_what_is_said(draft: Draft, file: _File, with_rows: Set[str]) -> None:
    """Take over what the report sheet says of each section for the municipality that it names, and compare it with the rows of the file."""
    left_blank: list[str] = []
    for section, stated in file.cover.said.items() if file.cover else ():
        said = code_said(stated, load_report_sheet().said)
        if section in with_rows:
            if said == "nothing":
                draft.findings.append(_said_finding("section_said_nothing_but_rows", stated, section))
        elif said == "nothing":
            draft.said[section] = "nothing"
        else:
            draft.said[section] = "not_known"
            if said == "data":
                draft.findings.append(_said_finding("section_said_data_but_empty", stated, section))
            elif said is None:
                left_blank.append(section)
    if left_blank and file.cover:
        draft.findings.append(_said_finding("section_empty_not_said", file.cover.said[left_blank[0]], left_blank))


def _said_finding(rule: str, stated: Stated, section: str | Sequence[str]) -> Finding:
    return Finding(severity_of(rule), rule, sheet=stated.sheet, cell=stated.cell, value_as_reported=stated.text or None, params={"section": section})


def submission_id_of(receipt: Receipt, attempt_key: str, attempt: int) -> str:
    """The id of a draft's submission: it depends on the file, the options and what the draft is about, not on when it came."""
    return digest("submission", receipt.receipt_id, attempt_key, str(attempt))
