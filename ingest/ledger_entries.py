"""How entries are written into the tables of the ledger, within a transaction of the caller's."""

import json
import sqlite3
from datetime import date
from decimal import Decimal

from ingest.entries import Batch, Entry, Question, Receipt, Submission, stamp
from ingest.findings import Finding


def insert_batch(connection: sqlite3.Connection, batch: Batch) -> None:
    """What a batch was read with: the reference tables and the answers of the time."""
    connection.execute("insert into batches values (?, ?, ?)", [batch.batch_id, batch.reference_version, batch.last_answer_id])


def insert_submission(connection: sqlite3.Connection, batch: Batch, submission: Submission) -> bool:
    """A submission with all that was found in it; False, and nothing, where the ledger has it already."""
    if connection.execute("select 1 from submissions where submission_id = ?", [submission.submission_id]).fetchone():
        return False
    receipt = submission.receipt
    connection.execute(
        "insert or ignore into receipts values (?, ?, ?, ?, ?, ?, ?)",
        [
            receipt.receipt_id,
            receipt.file_sha256,
            receipt.file_name,
            receipt.layout,
            receipt.municipality,
            receipt.programme,
            receipt.period,
        ],
    )
    connection.execute(
        "insert into submissions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            submission.submission_id,
            receipt.receipt_id,
            submission.attempt,
            submission.attempt_key,
            batch.batch_id,
            submission.municipality_code,
            submission.programme_id,
            submission.period_id,
            _iso(submission.period_start),
            _iso(submission.period_end),
            submission.period_as_reported,
            submission.language,
            submission.statement,
            stamp(receipt.sent_at),
            receipt.sent_by,
            submission.accepted_rows,
            submission.quarantined_rows,
            stamp(submission.entry.recorded_at),
            submission.entry.actor,
            submission.entry.is_back_filled,
        ],
    )
    insert_details(connection, submission)
    return True


def insert_details(connection: sqlite3.Connection, submission: Submission) -> None:
    """What was found in a submission, now or when an answer made more of it known: sections, layout, findings, questions and its status."""
    entry = submission.entry
    connection.executemany(
        "insert or replace into submission_sections values (?, ?, ?, ?, ?, ?)",
        [(submission.submission_id, part.section, part.said, part.source_sheet, part.rows, json.dumps(part.columns)) for part in submission.sections],
    )
    if submission.layout:
        layout = [submission.submission_id, submission.layout, submission.amounts]
        connection.execute("insert or replace into submission_layouts values (?, ?, ?)", layout)
    for finding in submission.findings:
        insert_finding(connection, submission.submission_id, finding, entry)
    for question in submission.questions:
        insert_question(connection, question, submission.submission_id, entry)
    insert_event(connection, submission.submission_id, submission.status, None, entry)


def insert_finding(connection: sqlite3.Connection, submission_id: str, finding: Finding, entry: Entry) -> None:
    """One finding of a submission."""
    connection.execute(
        """
        insert into findings (submission_id, rule, severity, section, sheet, cell, source_row, field, value_as_reported, params, recorded_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            submission_id,
            finding.rule,
            finding.severity,
            finding.section,
            finding.sheet,
            finding.cell,
            finding.row,
            finding.field,
            finding.value_as_reported,
            json.dumps(finding.params, ensure_ascii=False, default=_plain),
            stamp(entry.recorded_at),
        ],
    )


def insert_question(connection: sqlite3.Connection, question: Question, submission_id: str | None, entry: Entry) -> None:
    """A question, asked once, and the submission that waits for its answer."""
    connection.execute(
        "insert or ignore into questions values (?, ?, ?, ?, ?)",
        [
            question.question_id,
            question.kind,
            question.asked_text,
            json.dumps(question.candidates, ensure_ascii=False),
            stamp(entry.recorded_at),
        ],
    )
    if submission_id:
        connection.execute("insert or ignore into question_submissions values (?, ?)", [question.question_id, submission_id])


def insert_event(connection: sqlite3.Connection, submission_id: str, event: str, reason: str | None, entry: Entry) -> None:
    """What happened to a submission, and why."""
    connection.execute(
        "insert into events (submission_id, event, reason, recorded_at, actor, is_back_filled) values (?, ?, ?, ?, ?, ?)",
        [submission_id, event, reason, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
    )


def insert_sending(connection: sqlite3.Connection, submission_id: str, receipt: Receipt, entry: Entry) -> None:
    """Another statement of when a submission was sent, and by whom."""
    connection.execute(
        "insert into sendings (submission_id, sent_at, sent_by, recorded_at, actor, is_back_filled) values (?, ?, ?, ?, ?, ?)",
        [submission_id, stamp(receipt.sent_at), receipt.sent_by, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
    )


def _plain(value: object) -> object:
    """What a message quotes, as JSON: a date stays one, so that it can be written in each language's way."""
    return {"date": value.isoformat()} if isinstance(value, date) else float(value) if isinstance(value, Decimal) else str(value)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
