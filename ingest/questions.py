"""The questions that were asked, with what a person needs to answer them: who asks, and where it stands."""

import json
from collections.abc import Iterator
from typing import Any

from ingest.entries import moment_of
from ingest.ledger import Ledger
from munimon.results import OpenQuestion, QuestionPlace

_PLACE_COLUMNS = "submission_id, file_name, municipality_code, programme_id, period_id, sent_at, sent_by"


def list_questions(ledger: Ledger) -> list[OpenQuestion]:
    """The open questions, then the answered ones, with the cells or reports that they are about; what nobody asks any more is left out."""
    return [
        OpenQuestion(
            question_id=row["question_id"],
            kind=row["kind"],
            text=row["asked_text"],
            candidates=tuple(json.loads(row["candidates"])),
            submission_ids=tuple(json.loads(row["submission_ids"])),
            asked_at=moment_of(row["asked_at"]),
            answer=row["answer"],
            answered_by=row["answered_by"],
            answered_at=moment_of(row["answered_at"]) if row["answered_at"] else None,
            places=tuple(_cells_of_name(ledger, row) if row["kind"] == "municipality" else _reports_compared(ledger, row)),
        )
        for row in ledger.questions()
        if row["is_open"] or row["answer"] is not None
    ]


def _cells_of_name(ledger: Ledger, question: dict[str, Any]) -> Iterator[QuestionPlace]:
    """Each cell in which the unclear name stands, of reports that were not withdrawn."""
    for row in ledger.select(
        f"""
        select {_PLACE_COLUMNS}, sheet, cell
        from current_submissions
        inner join question_submissions using (submission_id)
        left join findings using (submission_id)
        where question_id = ? and status != 'withdrawn' and rule = 'municipality_unclear'
        order by sent_at, file_name, submission_id, finding_id
        """,  # noqa: S608 (column names of our own)
        [question["question_id"]],
    ):
        yield _place(row, sheet=row["sheet"], cell=row["cell"])


def _reports_compared(ledger: Ledger, question: dict[str, Any]) -> Iterator[QuestionPlace]:
    """The earlier reports of the same place that stand, then the one that is asked about."""
    for row in ledger.select(
        f"""
        with asked as (
            select * from current_submissions where submission_id = ?
        )
        select {", ".join(f"reports.{column}" for column in _PLACE_COLUMNS.split(", "))}
        from current_submissions as reports
        inner join asked
            on
                reports.programme_id = asked.programme_id
                and reports.municipality_code is asked.municipality_code
                and reports.period_id = asked.period_id
                and (reports.sent_at, reports.submission_id) <= (asked.sent_at, asked.submission_id)
        where reports.status in ('accepted', 'partly_accepted')
        order by reports.sent_at, reports.submission_id
        """,  # noqa: S608 (column names of our own)
        [question["asked_text"]],
    ):
        yield _place(row)


def _place(row: dict[str, Any], **cell: str | None) -> QuestionPlace:
    return QuestionPlace(
        submission_id=row["submission_id"],
        file=row["file_name"],
        municipality_code=row["municipality_code"],
        programme_id=row["programme_id"],
        period_id=row["period_id"],
        sent_at=moment_of(row["sent_at"]),
        sent_by=row["sent_by"],
        **cell,
    )
