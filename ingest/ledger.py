"""The ledger: one SQLite database that many may write at once, and to which entries are only ever added."""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ingest.entries import Batch, Entry, Question, Receipt, Submission, digest, order_of_sending, stamp
from ingest.findings import Finding, read_params
from ingest.ledger_entries import insert_batch, insert_details, insert_event, insert_finding, insert_question, insert_sending, insert_submission
from ingest.names import name_key
from munimon.settings import MunimonError

CONTACTS = "contacts.csv"


class SubmissionUnknown(MunimonError):
    """No submission has that id."""


class QuestionUnknown(MunimonError):
    """No question has that id."""


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
            schema, version = _schema()
            if connection.execute("pragma user_version").fetchone()[0] != version:
                connection.executescript(f"{schema}\npragma user_version = {version};")
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
        """Keep the reference tables and layouts as they are now, and enter the change where there is one; returns their version."""
        contents = _reference_contents(folder)
        files = _hashes(contents)
        version = reference_version_of(folder)
        with self.write() as connection:
            connection.executemany(
                "insert or ignore into reference_contents values (?, ?)", [(files[name], content) for name, content in contents.items()]
            )
            connection.execute(
                "insert or ignore into reference_versions values (?, ?, ?, ?)",
                [version, json.dumps(files, sort_keys=True), stamp(entry.recorded_at), entry.actor],
            )
            connection.execute(
                """
                insert into reference_changes (reference_version, recorded_at, actor, is_back_filled)
                select ?1, ?2, ?3, ?4
                where ?1 is not (select reference_version from reference_changes order by change_id desc limit 1)
                """,
                [version, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
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

    def last_answer_id(self) -> int:
        """The number of the newest answer; 0 before the first."""
        return int(self.select("select coalesce(max(answer_id), 0) as newest from answers")[0]["newest"])

    def record_batch(self, batch: Batch, submissions: Sequence[Submission]) -> set[str]:
        """Enter the submissions of one batch.

        Returns:
            The ids that were new. One that stands already (another process was first, or the same refusal again) is left as it is.
        """
        with self.write() as connection:
            insert_batch(connection, batch)
            return {submission.submission_id for submission in submissions if insert_submission(connection, batch, submission)}

    def record_move(self, batch: Batch, submissions: Sequence[Submission], withdrawn: Iterable[str], reason: str, entry: Entry) -> None:
        """Enter submissions in the place of others, which are withdrawn: both or neither."""
        with self.write() as connection:
            insert_batch(connection, batch)
            for submission in submissions:
                insert_submission(connection, batch, submission)
            for submission_id in withdrawn:
                insert_event(connection, submission_id, "withdrawn", reason, entry)

    def record_resolutions(self, batch: Batch, submissions: Sequence[Submission]) -> None:
        """Enter what became of waiting submissions once the question that held them was answered; one that another process let in stays so."""
        with self.write() as connection:
            insert_batch(connection, batch)
            for submission in submissions:
                if connection.execute("select 1 from resolutions where submission_id = ?", [submission.submission_id]).fetchone():
                    continue
                connection.execute(
                    "insert into resolutions values (?, ?, ?, ?, ?)",
                    [
                        submission.submission_id,
                        batch.batch_id,
                        submission.municipality_code,
                        submission.accepted_rows,
                        submission.quarantined_rows,
                    ],
                )
                insert_details(connection, submission)

    def record_event(self, submission_id: str, event: str, reason: str | None, entry: Entry) -> None:
        """Enter what happened to a submission.

        Raises:
            SubmissionUnknown: If there is no such submission.
        """
        with self.write() as connection:
            if not connection.execute("select 1 from submissions where submission_id = ?", [submission_id]).fetchone():
                raise SubmissionUnknown(f"submission '{submission_id}': not in the ledger; `munimon status` lists those that are")
            insert_event(connection, submission_id, event, reason, entry)

    def record_question(self, question: Question, submission_id: str | None, entry: Entry) -> None:
        """Ask a question, about a submission or before any asks it; the same question of several submissions is asked once."""
        with self.write() as connection:
            insert_question(connection, question, submission_id, entry)

    def record_lapse(self, question_id: str, is_lapsed: bool, entry: Entry) -> None:
        """Enter that a question need not be answered any more, or needs to be again."""
        with self.write() as connection:
            connection.execute(
                "insert into question_lapses (question_id, is_lapsed, recorded_at, actor, is_back_filled) values (?, ?, ?, ?, ?)",
                [question_id, is_lapsed, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
            )

    def record_finding(self, submission_id: str, finding: Finding, entry: Entry) -> None:
        """Enter a finding that was made after the submission had been recorded."""
        with self.write() as connection:
            insert_finding(connection, submission_id, finding, entry)

    def record_finding_lapse(self, finding_id: int, entry: Entry) -> None:
        """Enter that a finding does not hold any more, since the reports beside its submission are others."""
        with self.write() as connection:
            connection.execute(
                "insert or ignore into finding_lapses values (?, ?, ?, ?)",
                [finding_id, stamp(entry.recorded_at), entry.actor, entry.is_back_filled],
            )

    def record_sending(self, submission_id: str, receipt: Receipt, entry: Entry) -> None:
        """Enter that a submission was sent earlier than was known; nothing where it was not."""
        with self.write() as connection:
            known = connection.execute("select sent_at, sent_by from current_submissions where submission_id = ?", [submission_id]).fetchone()
            if order_of_sending(stamp(receipt.sent_at), receipt.sent_by) < order_of_sending(*known):
                insert_sending(connection, submission_id, receipt, entry)

    def record_names(self, names: Iterable[tuple[str, str]], entry: Entry) -> None:
        """Enter other names under which files came, each as its receipt's id and the name, and each once."""
        with self.write() as connection:
            connection.executemany(
                "insert or ignore into receipt_names values (?, ?, ?, ?, ?)",
                [(receipt_id, name, stamp(entry.recorded_at), entry.actor, entry.is_back_filled) for receipt_id, name in names],
            )

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

    def select(self, query: str, parameters: Iterable[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
        """The rows of a query, each by column name."""
        with self.connect() as connection:
            given = parameters if isinstance(parameters, Mapping) else tuple(parameters)
            return [dict(row) for row in connection.execute(query, given)]

    def submissions_of(self, receipt_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """What each receipt gave, as it stands now (the columns of ``current_submissions``); an empty list where it gave nothing."""
        return self._select_each("select * from current_submissions where receipt_id in wanted order by submission_id", "receipt_id", receipt_ids)

    def submissions(self, submission_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Submissions by id, as they stand now (the columns of ``current_submissions``)."""
        found = self._select_each("select * from current_submissions where submission_id in wanted", "submission_id", submission_ids)
        return {submission_id: rows[0] for submission_id, rows in found.items() if rows}

    def findings_of(self, submission_id: str) -> list[Finding]:
        """The findings of a submission that stand, in the order in which they were made."""
        return self.findings_of_each([submission_id])[submission_id]

    def findings_of_each(self, submission_ids: Iterable[str]) -> dict[str, list[Finding]]:
        """The same of many submissions, by id."""
        found = self._select_each("select * from current_findings where submission_id in wanted order by finding_id", "submission_id", submission_ids)
        return {submission_id: [finding_of(row) for row in rows] for submission_id, rows in found.items()}

    def _select_each(self, query: str, column: str, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """The rows of a query about the ids in ``wanted``, by their column that holds one of these."""
        by_id: dict[str, list[dict[str, Any]]] = {each: [] for each in ids}
        wanted = "with wanted (id) as (select value from json_each(?))"
        for row in self.select(f"{wanted} {query}", [json.dumps(list(by_id))]):
            by_id[row[column]].append(row)
        return by_id

    def record_build_day(self, entry: Entry) -> None:
        """Enter that a day (UTC) has come, by the first build on it; nothing where one was built on it before."""
        moment = stamp(entry.recorded_at)
        with self.write() as connection:
            connection.execute("insert or ignore into build_days values (?, ?, ?, ?)", [moment[:10], moment, entry.actor, entry.is_back_filled])

    def record_build(self, build_id: str, entries: int, reference_version: str, entry: Entry) -> None:
        """Enter that a build of the ledger's first so many entries was published."""
        with self.write() as connection:
            connection.execute(
                "insert into builds values (?, ?, ?, ?, ?)", [build_id, entries, reference_version, stamp(entry.recorded_at), entry.actor]
            )

    def build_of(self, build_id: str) -> dict[str, Any] | None:
        """What a published build was made from; None where the ledger does not know it."""
        return next(iter(self.select("select * from builds where build_id = ?", [build_id])), None)

    def count_entries(self) -> int:
        """How many entries can change what is published."""
        return int(
            self.select(
                """
                select
                    (select count(*) from events)
                    + (select count(*) from answers)
                    + (select count(*) from approval_events)
                    + (select count(*) from sendings)
                    + (select count(*) from finding_lapses)
                    + (select count(*) from build_days) as entries
                """
            )[0]["entries"]
        )

    def last_entry(self) -> str | None:
        """The stamp of the newest event; None before the first."""
        newest: str | None = self.select("select max(recorded_at) as newest from events")[0]["newest"]
        return newest

    def questions(self) -> list[dict[str, Any]]:
        """All questions, the open ones first: their columns, ``answer``, ``is_lapsed``, ``is_open`` and ``submission_ids`` (JSON).

        One is open while it has no answer and a report still asks it: one that waits for a name, or stands beside another that it may replace.
        """
        return self.select(
            """
            with lapses as (
                select question_id, is_lapsed, max(lapse_id)
                from question_lapses
                group by question_id
            )

            select
                questions.*,
                coalesce(lapses.is_lapsed, 0) as is_lapsed,
                last_answers.answer is null and coalesce(lapses.is_lapsed, 0) = 0 and exists (
                    select 1
                    from question_submissions
                    inner join current_submissions on question_submissions.submission_id = current_submissions.submission_id
                    where
                        question_submissions.question_id = questions.question_id
                        and (
                            current_submissions.status = 'waiting_for_answer'
                            or (questions.kind = 'replace_or_add' and current_submissions.status in ('accepted', 'partly_accepted'))
                        )
                ) as is_open,
                last_answers.answer,
                case when last_answers.answer is not null then last_answers.actor end as answered_by,
                case when last_answers.answer is not null then last_answers.recorded_at end as answered_at,
                (
                    select json_group_array(question_submissions.submission_id)
                    from question_submissions
                    where question_submissions.question_id = questions.question_id
                ) as submission_ids
            from questions
            left join answers as last_answers
                on last_answers.answer_id = (
                    select max(answers.answer_id)
                    from answers
                    where answers.question_id = questions.question_id
                )
            left join lapses on questions.question_id = lapses.question_id
            order by is_open desc, questions.asked_at, questions.question_id
            """
        )

    def municipality_answers(self, until: int) -> dict[str, str]:
        """The names that people had decided by the answer of that number: their key → municipality code, the last answer of each."""
        rows = self.select(
            """
            select questions.asked_text, answers.answer
            from answers
            inner join questions on answers.question_id = questions.question_id
            where questions.kind = 'municipality' and answers.answer_id <= ?
            order by answers.answer_id
            """,
            [until],
        )
        answers = {name_key(row["asked_text"]): row["answer"] for row in rows}
        return {text: code for text, code in answers.items() if code is not None}


@cache
def _schema() -> tuple[str, int]:
    """The tables of the ledger, each made where it is not there yet, and a number that is another one when they are."""
    schema = (resources.files("ingest") / "ledger.sql").read_text(encoding="utf-8")
    return schema, zlib.crc32(schema.encode()) >> 1


def reference_version_of(folder: Path) -> str:
    """The version of the reference tables and layouts in a folder: it depends on their names and bytes alone."""
    return digest(json.dumps(_hashes(_reference_contents(folder)), sort_keys=True))


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
        params=read_params(row["params"]),
    )


def _reference_contents(folder: Path) -> dict[str, bytes]:
    # boundaries are pictures, not facts, and contacts are people, whom no report's meaning depends on: they stay out of ledger and warehouse;
    # answered names are entries of the ledger themselves
    files = sorted(path for path in (*folder.glob("*.csv"), *folder.glob("layouts/*.yml")) if path.name not in (CONTACTS, "name_answers.csv"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _hashes(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
