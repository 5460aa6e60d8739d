"""The submissions of the ledger as they stand beside each other: what each is about, whether it counts, and what was found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.entries import USABLE
from ingest.ledger import Ledger


@dataclass(frozen=True)
class Standing:
    """What a report was from an entry of the ledger on."""

    since: str
    status: str
    replaces: bool


@dataclass(frozen=True)
class Sending:
    """What was known of when a submission was sent, and by whom, from an entry of the ledger on; the empty text: from the first on."""

    since: str
    sent_at: str
    sent_by: str | None

    @staticmethod
    def known_at(moment: str, said: Sequence[Sending]) -> Sending:
        """What was known at a moment: the last that had been entered."""
        return [each for each in said if each.since <= moment][-1]


@dataclass(frozen=True)
class Report:
    """A submission with its findings, with the sections that it speaks of, and with what it was before, in the order of the entries.

    `lapsed` are the findings that the reports beside it once showed and show no more, each with its `lapsed_at`.
    """

    submission_id: str
    batch_id: str
    file_name: str
    language: str | None
    place: tuple[str | None, str | None, str | None]
    order: tuple[str, str]
    status: str
    usable_at: str | None
    withdrawn_at: str | None
    replaces: bool
    sections: frozenset[str]
    findings: Sequence[Mapping[str, Any]]
    lapsed: Sequence[Mapping[str, Any]]
    history: Sequence[Standing]
    sendings: Sequence[Sending]

    def as_of(self, moment: str) -> Report:
        """The report as it stood at a moment: by the last entry up to then, or by its first; in the order that was known then."""
        known = [each for each in self.history if each.since <= moment] or self.history[:1]
        withdrawn_at = next((each.since for each in known if each.status == "withdrawn"), None)
        order = (Sending.known_at(moment, self.sendings).sent_at, self.submission_id)
        return replace(self, order=order, status=known[-1].status, replaces=known[-1].replaces, withdrawn_at=withdrawn_at)

    def is_followed_by(self, later: Report) -> bool:
        """Whether the later one is on the same programme and period; what a refused report did not say may be said by its correction."""
        return self.order < later.order and self._is_on_what(later)

    def was_ever_followed_by(self, other: Report) -> bool:
        """Whether the other one is, or may have been by what was once known of their sending, a later one on the same."""
        earliest, latest = min(each.sent_at for each in self.sendings), max(each.sent_at for each in other.sendings)
        return (earliest, self.submission_id) < (latest, other.submission_id) and self._is_on_what(other)

    def _is_on_what(self, later: Report) -> bool:
        if self.status != "refused":
            return self.place == later.place
        return self.place[0] is not None and all(said in (None, after) for said, after in zip(self.place, later.place, strict=True))

    def may_be_mended_by(self, later: Report) -> bool:
        """Whether the later one counts too. What is wrong with a report that waits to know its municipality is mended by no other."""
        return later.status in USABLE and self.status != "waiting_for_answer" and self.is_followed_by(later)


def read_reports(ledger: Ledger, municipality: str | None) -> dict[str | None, list[Report]]:
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
            ) as withdrawn_at
        from current_submissions
        where ?1 is null or current_submissions.municipality_code = ?1
        order by sent_at, submission_id
        """,
        [municipality],
    )
    histories, sendings = _read_histories(ledger), read_sendings(ledger)
    findings: dict[tuple[str, bool], list[dict[str, Any]]] = defaultdict(list)
    for finding in ledger.select(
        """
        select findings.*, finding_lapses.recorded_at as lapsed_at
        from findings
        left join finding_lapses on findings.finding_id = finding_lapses.finding_id
        order by findings.finding_id
        """
    ):
        findings[finding["submission_id"], finding["lapsed_at"] is not None].append(finding)
    said: dict[str, set[str]] = defaultdict(set)
    for entry in ledger.select("select submission_id, section from submission_sections where said != 'not_known'"):
        said[entry["submission_id"]].add(entry["section"])
    reports: dict[str | None, list[Report]] = defaultdict(list)
    for row in rows:
        submission_id = row["submission_id"]
        reports[row["municipality_code"]].append(
            Report(
                submission_id=submission_id,
                batch_id=row["batch_id"],
                file_name=row["file_name"],
                language=row["language"],
                place=(row["municipality_code"], row["programme_id"], row["period_id"]),
                order=(row["sent_at"], submission_id),
                status=row["status"],
                usable_at=row["usable_at"],
                withdrawn_at=row["withdrawn_at"] if row["status"] == "withdrawn" else None,
                replaces=histories[submission_id][-1].replaces,
                sections=frozenset(said[submission_id]),
                findings=findings[submission_id, False],
                lapsed=findings[submission_id, True],
                history=histories[submission_id],
                sendings=sendings[submission_id],
            )
        )
    return reports


def read_sendings(ledger: Ledger) -> dict[str, list[Sending]]:
    """All that was said of when each submission was sent, by its id, in the order of the entries: the last that was entered holds."""
    sendings: dict[str, list[Sending]] = defaultdict(list)
    for row in ledger.select(
        """
        select submission_id, sent_at, sent_by, '' as since, 0 as sending_id from submissions
        union all
        select submission_id, sent_at, sent_by, recorded_at, sending_id from sendings
        order by submission_id, sending_id
        """
    ):
        sendings[row["submission_id"]].append(Sending(row["since"], row["sent_at"], row["sent_by"]))
    return sendings


def _read_histories(ledger: Ledger) -> dict[str, list[Standing]]:
    """What each submission was, by its id, in the order of the entries; the clock may have run backwards between two of them."""
    histories: dict[str, list[Standing]] = defaultdict(list)
    events = ledger.select(
        """
        select events.submission_id, events.event, events.recorded_at, submissions.statement
        from events
        inner join submissions on events.submission_id = submissions.submission_id
        order by events.event_id
        """
    )
    for event in events:
        history = histories[event["submission_id"]]
        status, answer = (history[-1].status, event["event"]) if event["event"] in ("replaces", "adds") and history else (event["event"], None)
        replaces = answer == "replaces" if answer else history[-1].replaces if history else event["statement"] == "replaces"
        history.append(Standing(event["recorded_at"], status, replaces))
    return histories
