"""A question answered: what waited for it goes in, from the kept original, without being sent again."""

import secrets
from collections.abc import Sequence
from typing import Any

from ingest.cover import Stated, code_said
from ingest.entries import USABLE, Batch, Entry, Receipt, moment_of
from ingest.landing import Landing
from ingest.ledger import Ledger, QuestionUnknown
from ingest.predecessors import compare_with_earlier
from ingest.receiving import Handed, Prepared, prepare, submission_of, write_rows
from ingest.registry import Match, Registry
from ingest.sections import load_report_sheet
from munimon.results import Progress
from munimon.settings import Home, MunimonError


class AnswerUnusable(MunimonError):
    """The answer does not answer the question."""


def answer_question(home: Home, question_id: str, answer: str, entry: Entry, progress: Progress) -> list[str]:
    """Enter an answer and let it take effect, the first time or anew.

    Args:
        question_id: As ``munimon questions`` lists it.
        answer: For a municipality its code or full name; for replace or add ``replaces`` or ``adds``.

    Returns:
        The ids of the submissions that it concerned and that stand now.

    Raises:
        QuestionUnknown: If there is no such question.
        AnswerUnusable: If it is no possible answer.
    """
    ledger = Ledger(home.ledger)
    question = next((row for row in ledger.questions() if row["question_id"] == question_id), None)
    if question is None:
        raise QuestionUnknown(f"question '{question_id}': not asked; `munimon questions` lists those that are")
    if question["kind"] == "replace_or_add":
        return _answer_replace_or_add(ledger, question_id, answer, entry)
    code = _municipality(home, answer)
    ledger.record_answer(question_id, code, entry)
    concerned = ledger.select(
        """
        select current_submissions.*
        from question_submissions
        inner join current_submissions on question_submissions.submission_id = current_submissions.submission_id
        where question_submissions.question_id = ? and current_submissions.status != 'withdrawn'
        order by current_submissions.submission_id
        """,
        [question_id],
    )
    version = ledger.record_reference(home.reference, entry)
    waiting = [row for row in concerned if row["status"] == "waiting_for_answer"]
    moved = [row for row in concerned if row["status"] in USABLE and row["municipality_code"] != code]
    unmoved = [row["submission_id"] for row in concerned if row["status"] in USABLE and row["municipality_code"] == code]
    return [
        *unmoved,
        *_let_in(home, ledger, waiting, _batch(ledger, version), entry, progress),
        *_move(home, ledger, moved, _batch(ledger, version), entry, progress),
    ]


def handed_again(home: Home, row: dict[str, Any], entry: Entry) -> Handed:
    """The file of a submission, from its kept original, with the options it came with."""
    receipt = Receipt(
        file_sha256=row["file_sha256"],
        file_name=row["file_name"],
        sent_at=moment_of(row["sent_at"]),
        sent_by=row["sent_by"],
        layout=row["layout"],
        municipality=row["municipality_option"],
        programme=row["programme_option"],
        period=row["period_option"],
    )
    return Handed(Landing(home.landing).read(row["file_sha256"]), receipt, entry)


def _answer_replace_or_add(ledger: Ledger, question_id: str, answer: str, entry: Entry) -> list[str]:
    code = code_said(Stated(answer), load_report_sheet().statements)
    if code is None:
        raise AnswerUnusable(f"'{answer}': answer with `replaces` or `adds`, or as the form says it")
    ledger.record_answer(question_id, code, entry)
    rows = ledger.select("select submission_id from question_submissions where question_id = ? order by submission_id", [question_id])
    for row in rows:
        ledger.record_event(row["submission_id"], code, "question answered", entry)
    return [row["submission_id"] for row in rows]


def _municipality(home: Home, answer: str) -> str:
    found = Registry.load(home.reference).resolve(answer)
    if not isinstance(found, Match):
        raise AnswerUnusable(f"'{answer}': no municipality has this code or full name; see municipalities.csv in {home.reference}")
    return found.code


def _batch(ledger: Ledger, version: str) -> Batch:
    return Batch(secrets.token_hex(6), version, ledger.last_answer_id())


def _let_in(home: Home, ledger: Ledger, rows: Sequence[dict[str, Any]], batch: Batch, entry: Entry, progress: Progress) -> list[str]:
    """Let in what waited, under the ids it was acknowledged with."""
    prepared = _prepared_again(home, ledger, rows, batch, entry, progress, attempts_more=0)
    if prepared:
        write_rows(home.raw, batch.batch_id, prepared)
        ledger.record_resolutions(batch, [submission_of(each) for each in prepared])
        compare_with_earlier(home.raw, ledger, [each.submission_id for each in prepared], entry)
    return [each.submission_id for each in prepared]


def _move(home: Home, ledger: Ledger, rows: Sequence[dict[str, Any]], batch: Batch, entry: Entry, progress: Progress) -> list[str]:
    """An answer given anew: what stood for one municipality is withdrawn there, and stands as a new submission for the other."""
    prepared = _prepared_again(home, ledger, rows, batch, entry, progress, attempts_more=1)
    for row in rows:
        ledger.record_event(row["submission_id"], "withdrawn", "question answered anew", entry)
    if prepared:
        write_rows(home.raw, batch.batch_id, prepared)
        ledger.record_batch(batch, [submission_of(each) for each in prepared])
        compare_with_earlier(home.raw, ledger, [each.submission_id for each in prepared], entry)
    return [each.submission_id for each in prepared]


def _prepared_again(
    home: Home, ledger: Ledger, rows: Sequence[dict[str, Any]], batch: Batch, entry: Entry, progress: Progress, attempts_more: int
) -> list[Prepared]:
    files = {(row["receipt_id"], row["attempt"]): (handed_again(home, row, entry), row["attempt"] + attempts_more) for row in rows}
    if not files:
        return []
    wanted = {row["attempt_key"] for row in rows}
    prepared = prepare(home.reference, ledger, batch, list(files.values()), progress)
    return [each for each in prepared if each.draft.attempt_key in wanted]
