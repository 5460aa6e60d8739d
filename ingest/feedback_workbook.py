"""The answer as a workbook: the sender's own, with the cells in question marked, or one of ours where theirs cannot be written into."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.accounts import Account
from ingest.answers import is_name_of_answer, is_our_answer
from ingest.feedback_copy import copy_sheets, read_again
from ingest.feedback_sheet import LONGEST_NAME, clean_text, write_copy, write_list
from ingest.findings import Finding, Severity, as_line, message
from ingest.spreadsheet_cells import Place, add_legacy_drawing, deselect, mark_cells, merged_into, place_of
from ingest.spreadsheet_comments import Note, add_comments
from ingest.spreadsheet_package import Package, SheetEntry, WorkbookNotMarked
from ingest.spreadsheet_styles import Styles

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
MOST_COMMENTS = 1000
"""Comments on one sheet: with more of them a workbook takes minutes to open. What is beyond is coloured and listed."""


def write_marked(content: bytes, account: Account, target: Path, sentences: Sequence[str]) -> Path:
    """Write the sender's workbook with its cells marked and the list of findings before its sheets.

    Every part that is not touched keeps its bytes. The ending of the file's name follows from the content: a workbook with macros stays one.

    Raises:
        WorkbookNotMarked: If its parts do not hang together as the standard says.
    """
    try:
        package = Package.open(content)
    except zipfile.BadZipFile as error:
        raise WorkbookNotMarked(str(error)) from error
    styles = Styles.open(package)
    _mark_findings(package, styles, account)
    for sheet in package.sheets():
        before = package.read(sheet.part)
        if (after := deselect(before)) != before:
            package.changed[sheet.part] = after
    legend = [account.say("legend")] if account.findings else []
    return _write_with_list(package, styles, account, target, [*sentences, *legend], _find_earlier(content, account, list(package.sheets())))


def write_own(content: bytes, account: Account, target: Path, sentences: Sequence[str]) -> Path:
    """Write a workbook of ours: the list of findings, and a readable copy of the rows that they are about, marked.

    Args:
        content: The sender's file, in whatever format; what cannot be read of it is not copied.
    """
    package = Package.make()
    styles = Styles.open(package)
    copied = copy_sheets(content, account)
    names: dict[str, str] = {}
    for name in copied:
        names[name] = _free_name(_as_sheet_name(name), {each.casefold() for each in names.values()})
    for position, (name, cells) in enumerate(copied.items()):
        package.add_sheet(names[name], write_copy(styles, cells), position)
    account = replace(account, findings=tuple(replace(each, sheet=names.get(each.sheet or "", each.sheet)) for each in account.findings))
    _mark_findings(package, styles, account)
    return _write_with_list(package, styles, account, target, sentences)


def _mark_findings(package: Package, styles: Styles, account: Account) -> None:
    by_sheet: dict[str, list[Finding]] = {}
    for finding in account.findings:
        if finding.sheet and finding.cell:
            by_sheet.setdefault(finding.sheet, []).append(finding)
    for sheet in list(package.sheets()):
        if found := by_sheet.get(sheet.name):
            _mark_sheet(package, styles, sheet, found, account)


def _mark_sheet(package: Package, styles: Styles, sheet: SheetEntry, findings: Iterable[Finding], account: Account) -> None:
    xml = package.read(sheet.part)
    shown_at = merged_into(xml)
    by_place: dict[Place, list[Finding]] = {}
    for finding in findings:
        by_place.setdefault(shown_at(place_of(finding.cell or "")), []).append(finding)
    notes = {place: _note_of(found, account) for place, found in sorted(by_place.items())}
    marked = mark_cells(xml, {place: note.severity for place, note in notes.items()}, styles.mark)
    commented = dict(list(notes.items())[:MOST_COMMENTS])
    relation = add_comments(package, sheet.part, commented, marked.geometry, marked.legacy_drawing)
    package.changed[sheet.part] = add_legacy_drawing(marked.xml, relation, package.related) if relation else marked.xml


def _note_of(findings: Sequence[Finding], account: Account) -> Note:
    worst: Severity = "error" if any(finding.severity == "error" for finding in findings) else "warning"
    # a value that is merged over several rows is wrong in each of them, and is said once
    said = dict.fromkeys((account.say(finding.severity), clean_text(message(finding.rule, finding.params, account.language))) for finding in findings)
    return Note(worst, tuple(said))


def _write_with_list(
    package: Package, styles: Styles, account: Account, target: Path, sentences: Sequence[str], earlier: SheetEntry | None = None
) -> Path:
    sheets = list(package.sheets())
    linked = {sheet.name for sheet in sheets if sheet.is_visible}
    cells_of = {sheet.name: len({finding.cell for finding in account.findings if finding.sheet == sheet.name}) for sheet in sheets}
    if any(count > MOST_COMMENTS for count in cells_of.values()):
        sentences = [*sentences, account.say("more_without_comment", count=MOST_COMMENTS)]
    xml = write_list(account, styles, sentences, linked)
    wanted = account.say("sheet_name" if account.findings else "receipt_name")
    if earlier:
        package.changed[earlier.part] = xml
    else:
        package.add_sheet(_free_name(wanted, {sheet.name.casefold() for sheet in sheets}), xml, 0)
        package.open_at_first_sheet()
    styles.save()
    written = target.with_suffix(package.suffix)
    package.write(written)
    return written


def _find_earlier(content: bytes, account: Account, sheets: Sequence[SheetEntry]) -> SheetEntry | None:
    """The list of an earlier answer, where the workbook is one that was sent back corrected."""
    if not any(is_name_of_answer(sheet.name) for sheet in sheets):
        return None
    ours = {sheet.name for sheet in read_again(content, account.file_name) if is_our_answer(sheet)}
    return next((sheet for sheet in sheets if sheet.name in ours), None)


def _as_sheet_name(name: str) -> str:
    """What a sheet may be called. That of a table of text bears its file's name, which may be longer and have signs that Excel refuses."""
    return _NOT_IN_NAMES.sub("_", as_line(name))[:LONGEST_NAME].strip("' ") or "1"


def _free_name(wanted: str, taken: set[str]) -> str:
    names = (wanted, *(f"{wanted[: LONGEST_NAME - 4]} ({number})" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name.casefold() not in taken)
