"""A question answered: what waited for it goes in, from the kept original, without being sent again."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from ingest.cover import Stated, code_said
from ingest.entries import USABLE, Batch, Entry, Receipt, moment_of
from ingest.landing import Landing
from ingest.ledger import Ledger, QuestionUnknown
from ingest.name_answers import find_edits, write_name_answers
from ingest.names import name_key
from ingest.places import ASKED, question_of_name
from ingest.predecessors import compare_with_earlier
from ingest.receiving import Handed, Prepared, prepare, submission_of, write_rows
from ingest.registry import Match, Registry
from ingest.sections import load_report_sheet
from munimon.results import Progress
from munimon.settings import Home, MunimonError


class AnswerUnusable(MunimonError):
    """The answer does not answer the question."""


def answer_question(home: Home, question_id: str, answer: str | None, entry: Entry, progress: Progress) -> list[str]:
    """Enter an answer and let it take effect: the first time, anew, or (None) take it back, so that what it let in waits again.

    An answer that stands already is not entered again, but what it did not reach yet still follows it: a click that comes twice does no harm.

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
        return _answer_replace_or_add(ledger, question, answer, entry)
    return _answer_name(home, ledger, question, answer and _municipality(home, answer), entry, progress)


def take_in_edits(home: Home, entry: Entry, progress: Progress) -> None:
    """Take what somebody added or changed in the home's file of answered names for the answers that they are.

    Raises:
        NameAnswersInvalid: If the file cannot be used.
        AnswerUnusable: If a line names no municipality.
    """
    if not home.name_answers.exists():
        return
    ledger = Ledger(home.ledger)
    known = ledger.municipality_answers(ledger.last_answer_id())
    for edit in find_edits(home, known):
        code = _municipality(home, edit.code, edit.where)
        question = question_of_name(edit.name, ())
        ledger.record_question(question, None, entry)
        answer_question(home, question.question_id, code, entry, progress)


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


def _answer_name(home: Home, ledger: Ledger, question: dict[str, Any], code: str | None, entry: Entry, progress: Progress) -> list[str]:
    if question["answer"] != code:
        ledger.record_answer(question["question_id"], code, entry)
    write_name_answers(home)
    concerned = _submissions_named(ledger, question["asked_text"])
    version = ledger.record_reference(home.reference, entry)
    waiting = [row for row in concerned if row["status"] == "waiting_for_answer"]
    moved = [row for row in concerned if row["status"] in USABLE and row["municipality_code"] != code]
    unmoved = [row["submission_id"] for row in concerned if row["status"] in USABLE and row["municipality_code"] == code]
    return [
        *unmoved,
        *(_let_in(home, ledger, waiting, _batch(ledger, version), entry, progress) if code else [row["submission_id"] for row in waiting]),
        *_move(home, ledger, moved, _batch(ledger, version), entry, progress),
    ]


def _submissions_named(ledger: Ledger, name: str) -> list[dict[str, Any]]:
    """The submissions that wait for what this name means, or stand by what it was said to mean, whenever they came."""
    rows = ledger.select(
        "select * from current_submissions where status != 'withdrawn' and attempt_key like ? order by submission_id", [f'["{ASKED}%']
    )
    key = name_key(name)
    return [row for row in rows if name_key(json.loads(row["attempt_key"])[0].removeprefix(ASKED)) == key]


def _answer_replace_or_add(ledger: Ledger, question: dict[str, Any], answer: str | None, entry: Entry) -> list[str]:
    code = code_said(Stated(answer), load_report_sheet().statements) if answer is not None else None
    if code is None and answer is not None:
        raise AnswerUnusable(f"'{answer}': answer with `replaces` or `adds`, or as the form says it")
    rows = ledger.select("select submission_id from question_submissions where question_id = ? order by submission_id", [question["question_id"]])
    if question["answer"] != code:
        ledger.record_answer(question["question_id"], code, entry)
        for row in rows:
            # while the question is open the report adds to what stands
            ledger.record_event(row["submission_id"], code or "adds", "question answered" if code else "answer taken back", entry)
    return [row["submission_id"] for row in rows]


def _municipality(home: Home, answer: str, where: str | None = None) -> str:
    found = Registry.load(home.reference).resolve(answer)
    if not isinstance(found, Match):
        text = f"{where + ': ' if where else ''}'{answer}'"
        raise AnswerUnusable(f"{text}: no municipality has this code or full name; see municipalities.csv in {home.reference}")
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
    """An answer given anew or taken back: what stood is withdrawn, and stands for the other municipality, or waits, as a new submission."""
    prepared = _prepared_again(home, ledger, rows, batch, entry, progress, attempts_more=1)
    if prepared:
        write_rows(home.raw, batch.batch_id, prepared)
        withdrawn = [row["submission_id"] for row in rows]
        ledger.record_move(batch, [submission_of(each) for each in prepared], withdrawn, "question answered anew", entry)
        compare_with_earlier(home.raw, ledger, [*withdrawn, *(each.submission_id for each in prepared)], entry)
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
