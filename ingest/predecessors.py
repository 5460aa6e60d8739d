"""A report beside the earlier ones of the same municipality, programme and period: does it replace or add, and what would vanish?

Looked at again for every place that gains or loses a submission, so that the order of arrival does not matter: a report that comes late may be
the earlier of two that stand already, or replace the one that another was asked about.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.entries import Entry, Question, digest
from ingest.findings import Finding, severity_of
from ingest.ledger import Ledger, finding_of
from ingest.sections import load_sections
from ingest.things import name_thing

# What only the reports beside one show of it: found anew each time, so that it does not matter which of them came first.
_RULES = ("rows_vanished", "statement_not_said_sender_differs", "replace_or_add_unclear")
# How many of the vanished things a message names.
_NAMED = 5

Submission = Mapping[str, Any]


@dataclass(frozen=True)
class _Thing:
    """A thing as its sender knows it, with the place and the texts of its row."""

    name: str
    place: tuple[str, int]
    texts: str


# section → the things that a submission speaks of there, by their keys
Things = Mapping[str, Mapping[str, _Thing]]


def compare_with_earlier(raw: Path, ledger: Ledger, changed: Iterable[str], entry: Entry) -> None:
    """Ask of each report that does not say whether it replaces an earlier one and may, and no longer where nothing is left that it may replace.

    The rows that a replacement drops are named.

    Args:
        raw: The folder of raw rows, where those of all usable submissions stand.
        ledger: Where questions and findings are entered, each once.
        changed: The submissions that have just become usable, or were withdrawn.
        entry: When and by whom.
    """
    asked = {row["asked_text"]: row for row in ledger.questions() if row["kind"] == "replace_or_add"}
    found = _found_before(ledger)
    for reports in _reports_side_by_side(ledger, set(changed), asked.keys() | found.keys()):
        things = _things_of(raw, ledger, reports)
        for position, later in enumerate(reports):
            earlier = _still_standing([each for each in reports[:position] if each["file_sha256"] != later["file_sha256"]])
            said_now = things[later["submission_id"]]
            is_replacement = later["statement"] == "replaces"
            gone = {(section, key): thing.name for each in earlier for section, now in said_now.items()
                    for key, thing in _gone(things[each["submission_id"]].get(section, {}), now, is_replacement)}  # fmt: skip
            vanished = sorted(gone.values())
            shown = _name_vanished(vanished) if is_replacement else None
            if later["statement"] == "not_said":
                reason = _reason_to_ask(later, earlier, vanished)
                shown = Finding(severity_of(reason), reason) if reason else None
                _ask_or_not(ledger, later, asked.get(later["submission_id"]), is_asked=reason is not None, entry=entry)
            _enter_finding(ledger, later, found.get(later["submission_id"], {}), shown, entry)


def _gone(before: Mapping[str, _Thing], now: Mapping[str, _Thing], is_replacement: bool) -> Iterator[tuple[str, _Thing]]:
    """The things that the later report does not name.

    A row that names no thing is never certain to be there again, which is why it is asked about; once the sender says that the report replaces, such
    a row is there where one of the same place or with the same texts is.
    """
    unnamed = [thing for key, thing in now.items() if key.startswith("row:")] if is_replacement else []
    there = {thing.place for thing in unnamed} | {thing.texts for thing in unnamed}
    for key, thing in before.items():
        if key not in now and not (key.startswith("row:") and there & {thing.place, thing.texts}):
            yield key, thing


def _reports_side_by_side(ledger: Ledger, changed: Set[str], compared: Set[str]) -> Iterator[Sequence[Submission]]:
    """The usable reports of each place of a changed one, in the order they were sent; one that stands alone only where others once stood beside it.

    Those that state no period replace nothing but what they name.
    """
    rows = ledger.select(
        """
        select submission_id, batch_id, programme_id, municipality_code, period_id, file_sha256, statement, sent_at, sent_by, status
        from current_submissions
        where
            status in ('accepted', 'partly_accepted', 'withdrawn')
            and period_id != 'not-stated'
            -- a place has one period, and of the periods that ever were few are reported on at a time
            and period_id in (select period_id from submissions where submission_id in (select value from json_each(?)))
        order by programme_id, municipality_code, period_id, sent_at, submission_id
        """,
        [json.dumps(sorted(changed))],
    )
    for _, place in groupby(rows, key=lambda row: (row["programme_id"], row["municipality_code"], row["period_id"])):
        there = list(place)
        reports = [report for report in there if report["status"] != "withdrawn"]
        is_changed = any(report["submission_id"] in changed for report in there)
        if is_changed and (len(reports) > 1 or any(report["submission_id"] in compared for report in reports)):
            yield reports


def _still_standing(earlier: Sequence[Submission]) -> Sequence[Submission]:
    """The reports that the last replacement among them left standing: itself and what came after it."""
    replacements = [position for position, each in enumerate(earlier) if each["statement"] == "replaces"]
    return earlier[replacements[-1] :] if replacements else earlier


def _things_of(raw: Path, ledger: Ledger, reports: Sequence[Submission]) -> Mapping[str, Things]:
    """By submission and section that it speaks of, the things it names."""
    found: dict[str, Things] = {}
    for report in reports:
        submission_id = report["submission_id"]
        sections = ledger.select("select section, said from submission_sections where submission_id = ? and said != 'not_known'", [submission_id])
        found[submission_id] = {
            row["section"]: _things_in(raw, row["section"], report["batch_id"], submission_id) if row["said"] == "data" else {} for row in sections
        }
    return found


def _things_in(raw: Path, section: str, batch_id: str, submission_id: str) -> Mapping[str, _Thing]:
    names = ["thing_key", "as_reported", "source_sheet", "source_row"]
    table = pq.read_table(raw / section / f"{batch_id}.parquet", columns=names, filters=pc.field("submission_id") == submission_id)
    rows = zip(*(table.column(name).to_pylist() for name in names), strict=True)
    return {key: _Thing(name_thing(load_sections()[section], json.loads(texts), *place), tuple(place), texts) for key, texts, *place in rows}


def _name_vanished(vanished: Sequence[str]) -> Finding | None:
    params = {"count": len(vanished), "list": list(vanished[:_NAMED])}
    return Finding(severity_of("rows_vanished"), "rows_vanished", params=params) if vanished else None


def _reason_to_ask(later: Submission, earlier: Sequence[Submission], vanished: Sequence[str]) -> str | None:
    """The rule by which a report is asked whether it replaces the earlier ones; None where it would make no difference."""
    others = {each["sent_by"] for each in earlier if each["sent_by"]}
    if later["sent_by"] and others - {later["sent_by"]}:
        return "statement_not_said_sender_differs"
    return "replace_or_add_unclear" if vanished else None


def _ask_or_not(ledger: Ledger, later: Submission, asked: Mapping[str, Any] | None, is_asked: bool, entry: Entry) -> None:
    question = Question(digest("replace_or_add", later["submission_id"]), "replace_or_add", later["submission_id"], ("replaces", "adds"))
    if is_asked:
        ledger.record_question(question, later["submission_id"], entry)
    if asked and bool(asked["is_lapsed"]) == is_asked:
        ledger.record_lapse(question.question_id, not is_asked, entry)


def _found_before(ledger: Ledger) -> Mapping[str, Mapping[int, Finding]]:
    """By submission, what earlier looks at it beside others found and what still holds, by number."""
    found: dict[str, dict[int, Finding]] = defaultdict(dict)
    for row in ledger.select(f"select * from current_findings where rule in ({', '.join('?' * len(_RULES))})", _RULES):  # noqa: S608 (marks alone)
        found[row["submission_id"]][row["finding_id"]] = finding_of(row)
    return found


def _enter_finding(ledger: Ledger, report: Submission, before: Mapping[int, Finding], shown: Finding | None, entry: Entry) -> None:
    """Enter what the reports beside this one show of it now, and that what they showed before holds no more."""
    for finding_id, finding in before.items():
        if finding != shown:
            ledger.record_finding_lapse(finding_id, entry)
    if shown and shown not in before.values():
        ledger.record_finding(report["submission_id"], shown, entry)
