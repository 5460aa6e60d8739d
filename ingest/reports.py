"""The submissions of the ledger as they stand beside each other: what each is about, whether it counts, and what was found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.entries import USABLE
from ingest.ledger import Ledger


@dataclass(frozen=True)
class Report:
    """A submission with its findings, and with the sections that it speaks of."""

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

    def may_be_mended_by(self, later: Report) -> bool:
        """Whether the later one is on the same programme and period; what a refused report did not say may be said by its correction."""
        if later.status not in USABLE or later.order <= self.order:
            return False
        if self.status != "refused":
            return self.place == later.place
        return self.place[0] is not None and all(said in (None, after) for said, after in zip(self.place, later.place, strict=True))


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
                replaces=(row["answered"] or row["statement"]) == "replaces",
                sections=frozenset(said[submission_id]),
                findings=findings[submission_id],
            )
        )
    return reports
