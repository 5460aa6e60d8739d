"""The ledger: one SQLite database that many may write at once, and to which entries are only ever added."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from ingest.findings import Finding
from munimon.settings import MunimonError

USABLE = ("accepted", "partly_accepted")


class SubmissionUnknown(MunimonError):
    """No submission has that id."""


class QuestionUnknown(MunimonError):
    """No question has that id."""


@dataclass(frozen=True)
class Entry:
    """When and by whom something is entered."""

    recorded_at: datetime
    actor: str
    is_back_filled: bool


@dataclass(frozen=True)
class Receipt:
    """A file handed in, with the options it came with. The same bytes with the same options have the same ``receipt_id``."""

    file_sha256: str
    file_name: str
    sent_at: datetime
    sent_by: str | None = None
    layout: str | None = None
    municipality: str | None = None
    programme: str | None = None
    period: str | None = None

    @property
    def receipt_id(self) -> str:
        """Twelve hexadecimal digits that depend on the bytes and on the options that change their meaning."""
        return digest("receipt", self.file_sha256, self.layout, self.municipality, self.programme, self.period)


@dataclass(frozen=True)
class Question:
    """What only a person can decide."""

    question_id: str
    kind: str
    asked_text: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class SectionEntry:
    """What a submission says of one section, and in which columns."""

    section: str
    said: str
    source_sheet: str | None
    rows: int
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Submission:
    """A submission as it is recorded."""

    submission_id: str
    receipt: Receipt
    status: str
    municipality_code: str | None
    programme_id: str | None
    period_id: str | None
    period_start: date | None
    period_end: date | None
    period_as_reported: str | None
    language: str | None
    statement: str
    accepted_rows: int
    quarantined_rows: int
    sections: tuple[SectionEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = field(default=())


def digest(*parts: str | None) -> str:
    """Twelve hexadecimal digits of the SHA-256 of the parts: an id that does not depend on the order of arrival."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:12]


def stamp(moment: datetime) -> str:
    """A moment as the ledger writes it: UTC, always with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def moment_of(text: str) -> datetime:
    """The aware UTC moment of a stamp."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Ledger:
    """The database file. Each method is one transaction, durable when it returns."""

    path: Path

    @contextmanager
    def connect(self) -> Iterator[sqlite3.Connection]:
        """A connection in which a write begins at once and waits for other writers; committed when the body ends without error."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("pragma journal_mode = wal")
            # full: a commit survives a power cut, not only a killed process
            connection.execute("pragma synchronous = full")
            connection.execute("pragma foreign_keys = on")
            if not connection.execute("select 1 from sqlite_master where name = 'current_submissions'").fetchone():
                connection.executescript((resources.files("ingest") / "ledger.sql").read_text(encoding="utf-8"))
            yield connection
        finally:
            connection.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of the body's entries, or none."""
        with self.connect() as connection:
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("rollback")
                raise

    def record_reference(self, folder: Path, entry: Entry) -> str:
        """Keep the reference tables and layouts as they are now; returns the version, which is new only where something changed."""
        contents = {str(path.relative_to(folder)): path.read_bytes() for path in reference_files(folder)}
        files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        version = digest(json.dumps(files, sort_keys=True))
        with self.write() as connection:
            if connection.execute("select 1 from reference_versions where reference_version = ?", [version]).fetchone():
                return version
            connection.executemany(
                "insert or ignore into reference_contents values (?, ?)",
                [(files[name], content) for name, content in contents.items()],
            )
            connection.execute(
                "insert into reference_versions values (?, ?, ?, ?)",
                [version, json.dumps(files, sort_keys=True), stamp(entry.recorded_at), entry.actor],
            )
        return version

    def write_reference(self, version: str, folder: Path) -> None:
        """Write the reference tables of a version into ``folder``, as they were."""
        with self.connect() as connection:
            (files,) = connection.execute("select files from reference_versions where reference_version = ?", [version]).fetchone()
            for name, sha256 in json.loads(files).items():
                (content,) = connection.execute("select content from reference_contents where content_sha256 = ?", [sha256]).fetchone()
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)

    def record_batch(self, batch_id: str, reference_version: str, submissions: Sequence[Submission], entry: Entry) -> set[str]:
        """Enter the submissions of one batch.

        Returns:
            The ids that were new. One that stands already (another process was first, or the same refusal again) is left as it is.
        """
        with self.write() as connection:
            connection.execute(
                "insert into batches values (?, ?, ?, ?, ?)",
                [batch_id, reference_version, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
            )
            return {submission.submission_id for submission in submissions if _insert_submission(connection, batch_id, submission, entry)}

    def record_resolution(self, batch_id: str, reference_version: str, submissions: Sequence[Submission], entry: Entry) -> None:
        """Enter what became of waiting submissions once the question that held them was answered."""
        with self.write() as connection:
            connection.execute(
                "insert into batches values (?, ?, ?, ?, ?)",
                [batch_id, reference_version, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
            )
            for submission in submissions:
                connection.execute(
                    "insert into resolutions values (?, ?, ?, ?, ?)",
                    [
                        submission.submission_id,
                        batch_id,
                        submission.municipality_code,
                        submission.accepted_rows,
                        submission.quarantined_rows,
                    ],
                )
                _insert_details(connection, submission, entry)

    def record_event(self, submission_id: str, event: str, reason: str | None, entry: Entry) -> None:
        """Enter what happened to a submission.

        Raises:
            SubmissionUnknown: If there is no such submission.
        """
        with self.write() as connection:
            if not connection.execute("select 1 from submissions where submission_id = ?", [submission_id]).fetchone():
                raise SubmissionUnknown(f"submission '{submission_id}': not in the ledger; `munimon status` lists those that are")
            _insert_event(connection, submission_id, event, reason, entry)

    def record_question(self, question: Question, submission_id: str, entry: Entry) -> None:
        """Ask a question about a submission; the same question of several submissions is asked once."""
        with self.write() as connection:
            _insert_question(connection, question, submission_id, entry)

    def record_answer(self, question_id: str, answer: str | None, entry: Entry) -> None:
        """Enter an answer; it stands until the next. None takes it back.

        Raises:
            QuestionUnknown: If there is no such question.
        """
        with self.write() as connection:
            if not connection.execute("select 1 from questions where question_id = ?", [question_id]).fetchone():
                raise QuestionUnknown(f"question '{question_id}': not asked; `munimon questions` lists those that are")
            connection.execute(
                "insert into answers (question_id, answer, recorded_at, actor, is_back_filled) values (?, ?, ?, ?, ?)",
                [question_id, answer, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
            )

    def select(self, query: str, parameters: Iterable[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a query, each by column name."""
        with self.connect() as connection:
            return [dict(row) for row in connection.execute(query, tuple(parameters))]

    def submissions_of(self, receipt_id: str) -> list[dict[str, Any]]:
        """What a receipt gave, as it stands now (the columns of ``current_submissions``)."""
        return self.select("select * from current_submissions where receipt_id = ? order by submission_id", [receipt_id])

    def findings_of(self, submission_id: str) -> list[Finding]:
        """The findings of a submission, in the order in which they were made."""
        return [finding_of(row) for row in self.select("select * from findings where submission_id = ? order by finding_id", [submission_id])]

    def municipality_answers(self) -> dict[str, str]:
        """The names that a person has decided: the text as asked → municipality code, the last answer of each."""
        rows = self.select(
            """
            select questions.asked_text, answers.answer
            from answers
            inner join questions on answers.question_id = questions.question_id
            where questions.kind = 'municipality'
            order by answers.answer_id
            """
        )
        answers = {row["asked_text"]: row["answer"] for row in rows}
        return {text: code for text, code in answers.items() if code is not None}


def reference_files(folder: Path) -> list[Path]:
    """The tables and layouts of a reference folder, in order of their names; boundaries are pictures, not facts."""
    return sorted([*folder.glob("*.csv"), *folder.glob("layouts/*.yml")])


def finding_of(row: Mapping[str, Any]) -> Finding:
    """The finding that a row of the ledger's ``findings`` holds."""
    return Finding(
        severity=row["severity"],
        rule=row["rule"],
        section=row["section"],
        sheet=row["sheet"],
        cell=row["cell"],
        row=row["source_row"],
        field=row["field"],
        value_as_reported=row["value_as_reported"],
        params=json.loads(row["params"]),
    )


def _insert_submission(connection: sqlite3.Connection, batch_id: str, submission: Submission, entry: Entry) -> bool:
    if connection.execute("select 1 from submissions where submission_id = ?", [submission.submission_id]).fetchone():
        return False
    receipt = submission.receipt
    connection.execute(
        "insert or ignore into receipts values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            receipt.receipt_id,
            batch_id,
            receipt.file_sha256,
            receipt.file_name,
            receipt.layout,
            receipt.municipality,
            receipt.programme,
            receipt.period,
        ],
    )
    connection.execute(
        "insert into submissions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            submission.submission_id,
            receipt.receipt_id,
            batch_id,
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
        ],
    )
    _insert_details(connection, submission, entry)
    return True


def _insert_details(connection: sqlite3.Connection, submission: Submission, entry: Entry) -> None:
    connection.executemany(
        "insert or replace into submission_sections values (?, ?, ?, ?, ?, ?)",
        [
            (submission.submission_id, part.section, part.said, part.source_sheet, part.rows, json.dumps(part.columns))
            for part in submission.sections
        ],
    )
    connection.executemany(
        """
        insert into findings (submission_id, rule, severity, section, sheet, cell, source_row, field, value_as_reported, params, recorded_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            (
                submission.submission_id,
                finding.rule,
                finding.severity,
                finding.section,
                finding.sheet,
                finding.cell,
                finding.row,
                finding.field,
                finding.value_as_reported,
                json.dumps(finding.params, ensure_ascii=False, default=str),
                stamp(entry.recorded_at),
            )
            for finding in submission.findings
        ],
    )
    for question in submission.questions:
        _insert_question(connection, question, submission.submission_id, entry)
    _insert_event(connection, submission.submission_id, submission.status, None, entry)


def _insert_question(connection: sqlite3.Connection, question: Question, submission_id: str, entry: Entry) -> None:
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
    connection.execute("insert or ignore into question_submissions values (?, ?)", [question.question_id, submission_id])


def _insert_event(connection: sqlite3.Connection, submission_id: str, event: str, reason: str | None, entry: Entry) -> None:
    connection.execute(
        "insert into events (submission_id, event, reason, recorded_at, actor, is_back_filled) values (?, ?, ?, ?, ?, ?)",
        [submission_id, event, reason, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
