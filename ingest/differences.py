"""What one report says differently from another, cell by cell, and which findings of the one are gone or new in the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ingest.closing import compare_findings
from ingest.entries import USABLE
from ingest.findings import Finding
from ingest.ledger import Ledger, SubmissionUnknown
from ingest.reports import Report, read_reports
from ingest.rows_matched import KeptRow, Matched, match_rows, read_rows
from ingest.sections import Section, load_sections
from munimon.settings import Home, MunimonError

Change = Literal["changed", "reworded", "added", "dropped", "moved", "said"]

HIDDEN = "•••"
"""What stands for the text of a personal field."""


class NothingToCompare(MunimonError):
    """A report has no earlier one to be compared with."""


@dataclass(frozen=True)
class Spot:
    """Where something stands in one of the two reports. `cell` is A1 without the sheet, None where the whole row is meant."""

    sheet: str
    row: int
    cell: str | None = None


@dataclass(frozen=True)
class Difference:
    """One difference between two reports.

    `changed` is a cell that says something else, `reworded` one that says the same in other words; `added` and `dropped` are rows, which have their
    texts by field; `moved` is a row that stands elsewhere; `said` is what the report says of a section as a whole, in codes.
    """

    change: Change
    section: str
    thing: str = ""
    field: str | None = None
    before: Spot | None = None
    now: Spot | None = None
    texts_before: Mapping[str, str] | None = None
    texts_now: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Comparison:
    """Two reports beside each other: `mended` are findings of the first that the second mended, `still_open` those that it did not, `new` its own."""

    before: Report
    now: Report
    differences: tuple[Difference, ...]
    mended: tuple[Finding, ...]
    still_open: tuple[Finding, ...]
    new: tuple[Finding, ...]


def compare_reports(home: Home, now_id: str, before_id: str | None = None) -> Comparison:
    """Compare a report with another; where none is named, with the last one sent before it on the same municipality, programme and period.

    What is compared is what was taken in, quarantined rows with it. Rows are matched by what they speak of, so that one put in between moves none.

    Raises:
        SubmissionUnknown: If there is no such submission.
        NothingToCompare: If no other is named and there is no earlier one, or if nothing was taken in of one of the two.
    """
    ledger = Ledger(home.ledger)
    now = _find(ledger, now_id)
    before = _find(ledger, before_id) if before_id else _predecessor(ledger, now)
    for report in (before, now):
        if report.usable_at is None:
            status = report.status.replace("_", " ")
            raise NothingToCompare(f"submission '{report.submission_id}': {status}, so none of its rows was taken in; name another one")
    findings = compare_findings(home.raw, before, now)
    return Comparison(before, now, tuple(_differences(home, ledger, before, now)), findings.mended, findings.still_open, findings.new)


def _find(ledger: Ledger, submission_id: str) -> Report:
    found = ledger.select("select municipality_code from current_submissions where submission_id = ?", [submission_id])
    if not found:
        raise SubmissionUnknown(f"submission '{submission_id}': not in the ledger; `munimon status` lists those that are")
    municipality = found[0]["municipality_code"]
    return next(report for report in read_reports(ledger, municipality)[municipality] if report.submission_id == submission_id)


def _predecessor(ledger: Ledger, now: Report) -> Report:
    of_place = [report for report in read_reports(ledger, now.place[0])[now.place[0]] if report.place == now.place]
    earlier = [report for report in of_place if report.status in USABLE and report.order < now.order]
    if not earlier:
        raise NothingToCompare(
            f"submission '{now.submission_id}': no earlier report on the same municipality, programme and period counts; "
            "name the one to compare it with: munimon diff EARLIER LATER"
        )
    return earlier[-1]


def _differences(home: Home, ledger: Ledger, before: Report, now: Report) -> Iterator[Difference]:
    old, new = _read_parts(ledger, before), _read_parts(ledger, now)
    for name, section in load_sections().items():
        said = old.get(name, _NOTHING_SAID)["said"], new.get(name, _NOTHING_SAID)["said"]
        if said[0] != said[1]:
            yield Difference("said", name, texts_before={"said": said[0]}, texts_now={"said": said[1]})
        if "not_known" in said[1:]:
            # of what the later one does not speak, the earlier one's rows stand
            continue
        rows = [
            read_rows(home.raw, section, report.batch_id, report.submission_id, part["source_sheet"], part["columns"])
            for report, part in ((before, old.get(name, _NOTHING_SAID)), (now, new[name]))
        ]
        yield from _differences_in(section, match_rows(*rows), leaves_out=now.replaces)


_NOTHING_SAID: Mapping[str, Any] = {"said": "not_known", "source_sheet": None, "columns": {}}


def _read_parts(ledger: Ledger, report: Report) -> Mapping[str, Mapping[str, Any]]:
    """What a report says of each section, and in which columns."""
    rows = ledger.select("select section, said, source_sheet, columns from submission_sections where submission_id = ?", [report.submission_id])
    return {row["section"]: row | {"columns": json.loads(row["columns"])} for row in rows}


def _differences_in(section: Section, matched: Matched, *, leaves_out: bool) -> Iterator[Difference]:
    """The differences of a section in the order of the later report's rows; `leaves_out` says whether a row that it lacks is gone by that."""
    moved = {id(before) for before, _ in matched.moved()}
    found: list[tuple[int, Difference]] = []
    for before, now in matched.pairs:
        changes = list(_changed_cells(section, before, now))
        if id(before) in moved:
            changes.insert(0, Difference("moved", section.name, now.name, before=_spot(before), now=_spot(now)))
        found += [(now.at, change) for change in changes]
    found += [(row.at, Difference("added", section.name, row.name, now=_spot(row), texts_now=_texts(section, row))) for row in matched.added]
    found.sort(key=lambda each: each[0])
    yield from (difference for _, difference in found)
    if leaves_out:
        for row in matched.dropped:
            yield Difference("dropped", section.name, row.name, before=_spot(row), texts_before=_texts(section, row))


def _changed_cells(section: Section, before: KeptRow, now: KeptRow) -> Iterator[Difference]:
    if before.content == now.content:
        return
    old, new = _texts(section, before), _texts(section, now)
    for field in section.fields:
        meant, means = before.says(field.name), now.says(field.name)
        # what could not be read says nothing that could have stayed the same
        has_changed = meant != means or not any(value is not None for value in means)
        was, is_now = old.get(field.name, ""), new.get(field.name, "")
        # a field that a layout states stands in no cell; only what somebody wrote is compared
        if was != is_now or (field.is_personal and meant != means):
            yield Difference(
                "changed" if has_changed else "reworded", section.name, now.name, field.name,
                _spot(before, field.name), _spot(now, field.name), {field.name: was}, {field.name: is_now},
            )  # fmt: skip


def _texts(section: Section, row: KeptRow) -> dict[str, str]:
    """Field → what stands in its cell, blotted out where it may name a person; in the order of the section."""
    names = ((field, HIDDEN if field.is_personal and any(row.says(field.name)) else row.texts.get(field.name)) for field in section.fields)
    return {field.name: text for field, text in names if text}


def _spot(row: KeptRow, field: str | None = None) -> Spot:
    return Spot(*row.place, row.cell(field) if field else None)


def count_changes(differences: Iterable[Difference]) -> Mapping[Change, int]:
    """How many there are of each kind, in the order in which they are told; none of kinds that do not occur."""
    kinds: tuple[Change, ...] = ("changed", "reworded", "added", "dropped", "moved", "said")
    counts = dict.fromkeys(kinds, 0)
    for difference in differences:
        counts[difference.change] += 1
    return {kind: count for kind, count in counts.items() if count}
