"""Which findings a later report has mended, by which one and when; and what was thought of that on any day before.

Told anew each time from the ledger and from raw, so that neither the order of arrival nor a withdrawal matters.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.findings import Finding
from ingest.ledger import Ledger, finding_of
from ingest.reports import Report, read_reports

# What a finding about no row is about, beside its rule and sheet: a heading, a sheet.
_SUBJECTS = ("heading", "name", "section")

Mistake = tuple[str, ...]
"""What is wrong with what, whichever cell it stands in: the same in a corrected report as in the one before."""


Things = Mapping[tuple[str, str], Mapping[tuple[str, str], str]]
"""(submission, section) → (sheet, row) → the thing that the row speaks of."""


@dataclass(frozen=True)
class Case:
    """A finding as it stood from a moment to another (None: still).

    `closed_by` is the submission that mended it, None where its own was withdrawn or the reports beside it show it no more; an open one has no
    `closed_at`.
    """

    finding_id: int
    submission_id: str
    mistake: Mistake
    place: str
    recorded_from: str
    recorded_to: str | None = None
    closed_by: str | None = None
    closed_at: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to mend it."""
        return self.closed_at is None


@dataclass(frozen=True)
class ComparedFindings:
    """The findings of two reports: what the later mended, what it did not, and what is its own."""

    mended: tuple[Finding, ...]
    still_open: tuple[Finding, ...]
    new: tuple[Finding, ...]


@dataclass(frozen=True)
class Mended:
    """What a report mended of what was open before it: how many of how many, and where the rest stands, as cells of the present report."""

    count: int
    of: int
    still_open: tuple[str, ...]


def judge_findings(ledger: Ledger, raw: Path) -> list[Case]:
    """Every finding of the ledger with what became of it, by its number."""
    return [case for case in follow_findings(ledger, raw) if case.recorded_to is None]


def follow_findings(ledger: Ledger, raw: Path) -> list[Case]:
    """Every finding of the ledger with what became of it, one case for each interval in which it stood so, by number and time."""
    cases = [case for reports in read_reports(ledger, None).values() for case in _follow(reports, raw)]
    return sorted(cases, key=lambda case: (case.finding_id, case.recorded_from))


def what_was_mended(ledger: Ledger, raw: Path, submission_id: str) -> Mended | None:
    """What one usable submission mended of what was open when it was sent; None where nothing was, or where it is not usable."""
    (row,) = ledger.select("select municipality_code from current_submissions where submission_id = ?", [submission_id])
    reports = read_reports(ledger, row["municipality_code"])[row["municipality_code"]]
    (own,) = (report for report in reports if report.submission_id == submission_id)
    earlier = {report.submission_id for report in reports if report.may_be_mended_by(own)}
    orders = {report.submission_id: report.order for report in reports}
    cases = [case for case in _follow(reports, raw) if case.recorded_to is None]
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


def compare_findings(raw: Path, before: Report, now: Report) -> ComparedFindings:
    """The findings of two reports beside each other; one that is open in both is told as it stands in the later, where it names it too."""
    things = _read_things(raw, (before, now))
    old, new = (
        [(finding, _mistake_of(finding, things.get((report.submission_id, finding["section"]), {}))) for finding in report.findings]
        for report in (before, now)
    )
    told = _Told.by(now, {finding["finding_id"]: mistake for finding, mistake in new}, things)
    open_before = [(finding, mistake) for finding, mistake in old if not told.mends(finding, mistake, now.replaces)]
    in_now = {mistake: finding for finding, mistake in reversed(new)}
    known = {mistake for _, mistake in open_before}
    return ComparedFindings(
        mended=tuple(finding_of(finding) for finding, mistake in old if told.mends(finding, mistake, now.replaces)),
        still_open=tuple(finding_of(in_now.get(mistake, finding)) for finding, mistake in open_before),
        new=tuple(finding_of(finding) for finding, mistake in new if mistake not in known),
    )


def _follow(reports: Sequence[Report], raw: Path) -> list[Case]:
    """The findings of one municipality's reports, which are in the order in which they were sent, over time."""
    corrections = {
        report.submission_id: [later for later in reports if report.was_ever_followed_by(later)]
        for report in reports
        if report.findings or report.lapsed
    }
    compared = {each.submission_id: each for report in reports for later in corrections.get(report.submission_id, ()) for each in (report, later)}
    things = _read_things(raw, compared.values())
    mistakes = {
        finding["finding_id"]: _mistake_of(finding, things.get((report.submission_id, finding["section"]), {}))
        for report in reports
        for finding in (*report.findings, *report.lapsed)
    }
    told = {report.submission_id: _Told.by(report, mistakes, things) for report in compared.values()}
    cases: list[Case] = []
    for report in reports:
        for finding in (*report.findings, *report.lapsed):
            later = [told[each.submission_id] for each in corrections[report.submission_id]]
            cases += _follow_one(report, finding, mistakes[finding["finding_id"]], later)
    return cases


def _follow_one(report: Report, finding: Mapping[str, Any], mistake: Mistake, later: Sequence[_Told]) -> Iterator[Case]:
    """One finding, from when it was entered: judged anew with each entry about its report or a later one."""
    known_at: str = finding["recorded_at"]
    beside = (report, *(told.report for told in later))
    entered = {standing.since for each in beside for standing in each.history} | {sending.since for each in beside for sending in each.sendings}
    if finding["lapsed_at"]:
        entered.add(finding["lapsed_at"])
    first, *others = (
        _judge(report, finding, mistake, later, moment) for moment in sorted({known_at, *(each for each in entered if each > known_at)})
    )
    for case in others:
        if (case.closed_by, case.closed_at) != (first.closed_by, first.closed_at):
            yield replace(first, recorded_to=case.recorded_from)
            first = case
    yield first


def _judge(report: Report, finding: Mapping[str, Any], mistake: Mistake, later: Sequence[_Told], moment: str) -> Case:
    """What had become of a finding at a moment."""
    case = Case(finding["finding_id"], report.submission_id, mistake, _name_cell(finding), recorded_from=moment)
    then = report.as_of(moment)
    if then.withdrawn_at:
        return replace(case, closed_at=then.withdrawn_at)
    if finding["lapsed_at"] and finding["lapsed_at"] <= moment:
        return replace(case, closed_at=finding["lapsed_at"])
    for told, other in sorted(((told, told.report.as_of(moment)) for told in later), key=lambda each: each[1].order):
        # one that came after the moment is not known yet
        if other.history[0].since <= moment and then.may_be_mended_by(other) and told.mends(finding, mistake, other.replaces):
            # one that comes late may have been mended before it was known
            return replace(case, closed_by=other.submission_id, closed_at=max(other.usable_at or "", finding["recorded_at"]))
    return case


@dataclass(frozen=True)
class _Told:
    """What a report says that may mend an earlier one: of which things it speaks, and what is wrong with them."""

    report: Report
    things: Mapping[str, frozenset[str]]
    wrong: frozenset[tuple[str, ...]]

    @classmethod
    def by(cls, report: Report, mistakes: Mapping[int, Mistake], things: Things) -> _Told:
        """A report's part of what was read of all."""
        own = {section: frozenset(things.get((report.submission_id, section), {}).values()) for section in report.sections}
        wrong = {mistakes[finding["finding_id"]] for finding in report.findings}
        errors = {mistakes[finding["finding_id"]][:3] for finding in report.findings if finding["severity"] == "error"}
        return cls(report, own, frozenset(wrong | errors))

    def mends(self, finding: Mapping[str, Any], mistake: Mistake, replaces: bool) -> bool:
        """Whether what an earlier report had wrong is so no more; `replaces` is whether this one takes the place of all that was said before."""
        section, thing = finding["section"], mistake[1]
        if section and section not in self.report.sections:
            return False
        if thing and thing not in self.things[section]:
            # gone with what a replacement leaves out; something added leaves it as it was
            return replaces
        # another error in the same field of the same thing is no correction
        return mistake not in self.wrong and not (finding["severity"] == "error" and mistake[:3] in self.wrong)


def _read_things(raw: Path, reports: Iterable[Report]) -> Things:
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
