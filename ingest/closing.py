"""Which findings a later report has mended, by which one and when.

Told anew each time from the ledger and from raw as they stand, so that neither the order of arrival nor a withdrawal matters.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.entries import USABLE
from ingest.ledger import Ledger

# What a finding about no row is about, beside its rule and sheet: a heading, a sheet.
_SUBJECTS = ("heading", "name", "section")

Mistake = tuple[str, ...]
"""What is wrong with what, whichever cell it stands in: the same in a corrected report as in the one before."""


Things = Mapping[tuple[str, str], Mapping[tuple[str, str], str]]
"""(submission, section) → (sheet, row) → the thing that the row speaks of."""


@dataclass(frozen=True)
class Case:
    """A finding as it stands now. `closed_by` is the submission that mended it, None where its own was withdrawn; an open one has no `closed_at`."""

    finding_id: int
    submission_id: str
    mistake: Mistake
    place: str
    closed_by: str | None = None
    closed_at: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to mend it."""
        return self.closed_at is None


@dataclass(frozen=True)
class Mended:
    """What a report mended of what was open before it: how many of how many, and where the rest stands, as cells of the present report."""

    count: int
    of: int
    still_open: tuple[str, ...]


@dataclass(frozen=True)
class _Report:
    """A submission with its findings, and with the sections that it speaks of."""

    submission_id: str
    batch_id: str
    place: tuple[str | None, str | None, str | None]
    order: tuple[str, str]
    status: str
    usable_at: str | None
    withdrawn_at: str | None
    replaces: bool
    sections: frozenset[str]
    findings: Sequence[Mapping[str, Any]]

    def may_be_mended_by(self, later: _Report) -> bool:
        """Whether the later one is on the same programme and period; what a refused report did not say may be said by its correction."""
        if later.status not in USABLE or later.order <= self.order:
            return False
        if self.status != "refused":
            return self.place == later.place
        return self.place[0] is not None and all(said in (None, after) for said, after in zip(self.place, later.place, strict=True))


def judge_findings(ledger: Ledger, raw: Path) -> list[Case]:
    """Every finding of the ledger with what became of it, by its number."""
    cases = [case for reports in _read_reports(ledger, None).values() for case in _judge(reports, raw)]
    return sorted(cases, key=lambda case: case.finding_id)


def what_was_mended(ledger: Ledger, raw: Path, submission_id: str) -> Mended | None:
    """What one usable submission mended of what was open when it was sent; None where nothing was, or where it is not usable."""
    (row,) = ledger.select("select municipality_code from current_submissions where submission_id = ?", [submission_id])
    reports = _read_reports(ledger, row["municipality_code"])[row["municipality_code"]]
    (own,) = (report for report in reports if report.submission_id == submission_id)
    earlier = {report.submission_id for report in reports if report.may_be_mended_by(own)}
    orders = {report.submission_id: report.order for report in reports}
    cases = _judge(reports, raw)
    # what an earlier correction had mended by then was open no more
    open_then = [
        case for case in cases if case.submission_id in earlier and (case.is_open or (case.closed_by and orders[case.closed_by] >= own.order))
    ]
    if not open_then:
        return None
    mended = {case.mistake for case in open_then if case.closed_by == submission_id}
    still = {case.mistake: case.place for case in open_then if case.mistake not in mended}
    now = {case.mistake: case.place for case in cases if case.submission_id == submission_id and case.mistake in still}
    return Mended(len(mended), len(mended) + len(still), tuple(place for place in (still | now).values() if place))


def _judge(reports: Sequence[_Report], raw: Path) -> list[Case]:
    """The findings of one municipality's reports, which are in the order in which they were sent."""
    corrections = {report.submission_id: [later for later in reports if report.may_be_mended_by(later)] for report in reports if report.findings}
    compared = {each.submission_id: each for report in reports for later in corrections.get(report.submission_id, ()) for each in (report, later)}
    things = _read_things(raw, compared.values())
    mistakes = {
        finding["finding_id"]: _mistake_of(finding, things.get((report.submission_id, finding["section"]), {}))
        for report in reports
        for finding in report.findings
    }
    told = {report.submission_id: _Told.by(report, mistakes, things) for report in compared.values()}
    cases = []
    for report in reports:
        for finding in report.findings:
            mistake = mistakes[finding["finding_id"]]
            later = (each for each in corrections[report.submission_id] if told[each.submission_id].mends(finding, mistake))
            closing = None if report.withdrawn_at else next(later, None)
            # one that comes late may have been mended before it was known
            closed_at = max(closing.usable_at or "", finding["recorded_at"]) if closing else report.withdrawn_at
            closed_by = closing.submission_id if closing else None
            cases.append(Case(finding["finding_id"], report.submission_id, mistake, _name_cell(finding), closed_by, closed_at))
    return cases


@dataclass(frozen=True)
class _Told:
    """What a report says that may mend an earlier one: of which things it speaks, and what is wrong with them."""

    report: _Report
    things: Mapping[str, frozenset[str]]
    wrong: frozenset[tuple[str, ...]]

    @classmethod
    def by(cls, report: _Report, mistakes: Mapping[int, Mistake], things: Things) -> _Told:
        """A report's part of what was read of all."""
        own = {section: frozenset(things.get((report.submission_id, section), {}).values()) for section in report.sections}
        wrong = {mistakes[finding["finding_id"]] for finding in report.findings}
        errors = {mistakes[finding["finding_id"]][:3] for finding in report.findings if finding["severity"] == "error"}
        return cls(report, own, frozenset(wrong | errors))

    def mends(self, finding: Mapping[str, Any], mistake: Mistake) -> bool:
        """Whether what an earlier report had wrong is so no more."""
        section, thing = finding["section"], mistake[1]
        if section and section not in self.report.sections:
            return False
        if thing and thing not in self.things[section]:
            # gone with what a replacement leaves out; something added leaves it as it was
            return self.report.replaces
        # another error in the same field of the same thing is no correction
        return mistake not in self.wrong and not (finding["severity"] == "error" and mistake[:3] in self.wrong)


def _read_reports(ledger: Ledger, municipality: str | None) -> dict[str | None, list[_Report]]:
    """The reports of one municipality, or of all (None), by municipality and in the order in which they were sent."""
    rows = ledger.select(
        """
        select
            current_submissions.*,
            (
                select min(events.recorded_at) from events
                where events.submission_id = current_submissions.submission_id and events.event in ('accepted', 'partly_accepted')
            ) as usable_at,
            (
                select max(events.recorded_at) from events
                where events.submission_id = current_submissions.submission_id and events.event = 'withdrawn'
            ) as withdrawn_at,
            (
                select events.event from events
                where events.submission_id = current_submissions.submission_id and events.event in ('replaces', 'adds')
                order by events.event_id desc limit 1
            ) as answered
        from current_submissions
        where ?1 is null or current_submissions.municipality_code = ?1
        order by sent_at, submission_id
        """,
        [municipality],
    )
    findings: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for finding in ledger.select("select * from findings order by finding_id"):
        findings[finding["submission_id"]].append(finding)
    said: dict[str, set[str]] = defaultdict(set)
    for entry in ledger.select("select submission_id, section from submission_sections where said != 'not_known'"):
        said[entry["submission_id"]].add(entry["section"])
    reports: dict[str | None, list[_Report]] = defaultdict(list)
    for row in rows:
        submission_id = row["submission_id"]
        reports[row["municipality_code"]].append(
            _Report(
                submission_id=submission_id,
                batch_id=row["batch_id"],
                place=(row["municipality_code"], row["programme_id"], row["period_id"]),
                order=(row["sent_at"], submission_id),
                status=row["status"],
                usable_at=row["usable_at"],
                withdrawn_at=row["withdrawn_at"] if row["status"] == "withdrawn" else None,
                replaces=(row["answered"] or row["statement"]) == "replaces",
                sections=frozenset(said[submission_id]),
                findings=findings[submission_id],
            )
        )
    return reports


def _read_things(raw: Path, reports: Iterable[_Report]) -> Things:
    """What the rows of reports speak of; a wide table's row by each of its cells."""
    wanted: dict[Path, list[str]] = defaultdict(list)
    for report in reports:
        for section in report.sections:
            wanted[raw / section / f"{report.batch_id}.parquet"].append(report.submission_id)
    found: dict[tuple[str, str], dict[tuple[str, str], str]] = defaultdict(dict)
    names = ["submission_id", "section", "source_sheet", "source_row", "source_column", "thing_key"]
    for file, submission_ids in wanted.items():
        if file.exists():
            table = pq.read_table(file, columns=names, filters=pc.field("submission_id").isin(submission_ids))
            for submission_id, section, sheet, row, column, key in zip(*(table.column(name).to_pylist() for name in names), strict=True):
                # a row that is no thing of its own is known by its place, whichever report it stands in
                found[submission_id, section][sheet, f"{column or ''}{row}"] = key.replace(f"row:{submission_id}/", "row:", 1)
    return found


def _mistake_of(finding: Mapping[str, Any], things: Mapping[tuple[str, str], str]) -> Mistake:
    """(section, thing, field, rule); in the place of the field, for a finding about no row, its sheet and what it is about there."""
    section, row = finding["section"] or "", finding["source_row"]
    column = (finding["cell"] or "").rstrip("0123456789")
    if row and (thing := things.get((finding["sheet"], f"{column}{row}")) or things.get((finding["sheet"], str(row)))):
        return (section, thing, finding["field"] or "", finding["rule"])
    params = json.loads(finding["params"])
    subject = next((str(params[name]) for name in _SUBJECTS if isinstance(params.get(name), str)), "")
    return (section, "", f"{finding['sheet'] or ''}/{subject}", finding["rule"])


def _name_cell(finding: Mapping[str, Any]) -> str:
    return " ".join(str(part) for part in (finding["sheet"], finding["cell"] or finding["source_row"]) if part)
