"""Files handed in, all the way to ledger and raw: kept, read, interpreted, judged, recorded. What is acknowledged is on the disk."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingest.allowances import programmes_allowed
from ingest.checks import write_checks
from ingest.entries import USABLE, Batch, Entry, Receipt, Submission
from ingest.findings import Finding, as_line
from ingest.interpret import Draft
from ingest.judging import judge_drafts
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.personal import scrub, scrub_finding
from ingest.predecessors import compare_with_earlier
from ingest.raw import ensure_folders, write_raw
from ingest.reading import REFUSED_WHOLE, Known, read_files
from ingest.rows import Rows
from ingest.sections import load_sections
from munimon.results import Progress
from munimon.settings import Home

# One transaction and one Parquet file a section for this many files: what a killed run loses was not acknowledged yet.
FILES_PER_BATCH = 500


@dataclass(frozen=True)
class Handed:
    """One file as it was handed in, when and by whom it is entered, and what is to be said of the way it came."""

    content: bytes
    receipt: Receipt
    entry: Entry
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Received:
    """What became of one file: its submissions that stand, and those of them that were not there before."""

    submission_ids: tuple[str, ...]
    new_ids: frozenset[str]


@dataclass(frozen=True)
class Prepared:
    """A draft with the file it came in, on its way to the ledger."""

    file: Handed
    attempt: int
    draft: Draft

    @property
    def submission_id(self) -> str:
        """The id that it has, or will have, in the ledger."""
        return self.draft.submission_id


def receive(home: Home, files: Sequence[Handed], progress: Progress) -> list[Received]:
    """Take in the files. Each is kept, read and recorded; the same bytes with the same options change nothing.

    Returns:
        One entry a file, in the order given.
    """
    ledger = Ledger(home.ledger)
    ensure_folders(home.raw)
    received: list[Received] = []
    for start in range(0, len(files), FILES_PER_BATCH):
        chunk = [_scrubbed(file) for file in files[start : start + FILES_PER_BATCH]]
        version = ledger.record_reference(home.reference, chunk[0].entry)
        batch = Batch(secrets.token_hex(6), version, ledger.last_answer_id())
        received += _receive_batch(home, ledger, batch, chunk, _shifted(progress, start, len(files)))
    return received


def prepare(
    home_reference: Path,
    ledger: Ledger,
    batch: Batch,
    files: Sequence[tuple[Handed, int]],
    progress: Progress,
    allowed: frozenset[str] | None = None,
) -> list[Prepared]:
    """Read, interpret and judge files, each with the how-maniest time it is taken in.

    ``allowed`` are the programmes whose reports may hold personal data; None for files that were let in before, whatever is allowed now.
    """
    answers = ledger.municipality_answers(batch.last_answer_id)
    known = Known(home_reference, batch.reference_version, tuple(answers.items()), allowed)
    readings = read_files(known, [(file.content, file.receipt, attempt) for file, attempt in files], progress)
    for (file, _), drafts in zip(files, readings, strict=True):
        drafts[0].findings.extend(file.findings)
    prepared = [Prepared(file, attempt, draft) for (file, attempt), drafts in zip(files, readings, strict=True) for draft in drafts]
    progress("judging the rows")
    judge_drafts([entry.draft for entry in prepared], home_reference)
    return prepared


def write_rows(raw: Path, batch_id: str, prepared: Sequence[Prepared]) -> None:
    """Write the rows of all usable drafts to raw, one file a section, and what was judged of them; quarantined rows are marked."""
    usable = [entry for entry in prepared if status_of(entry.draft) in USABLE]
    for section in load_sections().values():
        parts = [(entry.submission_id, rows) for entry in usable for rows in entry.draft.rows if rows.section == section.name]
        if parts:
            write_raw(raw, section, batch_id, _table_of(parts))
    write_checks(raw, batch_id, {entry.submission_id: entry.draft.checks for entry in usable})


def _table_of(parts: Sequence[tuple[str, Rows]]) -> pa.Table:
    lengths = [len(rows) for _, rows in parts]
    submissions = pa.array([submission_id for submission_id, _ in parts]).take(pa.array(np.repeat(np.arange(len(parts)), lengths)))
    is_quarantined = np.zeros(sum(lengths), dtype=bool)
    for start, (_, rows) in zip(np.cumsum([0, *lengths]), parts, strict=False):
        is_quarantined[[start + position for position in rows.quarantined]] = True
    table = pa.Table.from_batches([rows.values for _, rows in parts])
    return table.append_column("submission_id", submissions).append_column("is_quarantined", pa.array(is_quarantined))


def status_of(draft: Draft) -> str:
    """What becomes of a draft: refused, waiting for an answer, or accepted, wholly or partly."""
    if draft.is_refused:
        return "refused"
    if draft.questions:
        return "waiting_for_answer"
    return "partly_accepted" if draft.count_quarantined() else "accepted"


def submission_of(entry: Prepared) -> Submission:
    """The ledger's entry for a draft."""
    draft, status = entry.draft, status_of(entry.draft)
    quarantined = draft.count_quarantined() if status in USABLE else 0
    period = draft.place.period
    return Submission(
        submission_id=entry.submission_id,
        receipt=entry.file.receipt,
        entry=entry.file.entry,
        attempt=entry.attempt,
        attempt_key=draft.attempt_key,
        status=status,
        municipality_code=draft.place.municipality_code,
        programme_id=draft.place.programme_id,
        period_id=period.period_id if period else None,
        period_start=period.start if period else None,
        period_end=period.end if period else None,
        period_as_reported=draft.place.period_as_reported,
        language=draft.language,
        statement=draft.statement,
        accepted_rows=draft.count_rows() - quarantined if status in USABLE else 0,
        quarantined_rows=quarantined,
        sections=draft.sections(),
        findings=tuple(draft.findings),
        questions=draft.questions,
        layout=draft.layout.name if draft.layout else None,
        amounts=draft.layout.amounts if draft.layout else None,
    )


def _receive_batch(home: Home, ledger: Ledger, batch: Batch, files: Sequence[Handed], progress: Progress) -> list[Received]:
    attempts = {file.receipt.receipt_id: _attempt(ledger, file.receipt) for file in files}
    fresh = {file.receipt.receipt_id: (file, attempt) for file in reversed(files) if (attempt := attempts[file.receipt.receipt_id]) is not None}
    in_order = [fresh[receipt_id] for receipt_id in attempts if receipt_id in fresh]
    prepared = prepare(home.reference, ledger, batch, in_order, progress, programmes_allowed(ledger)) if in_order else []
    for entry in prepared:
        # of a file that is refused as a whole nothing is kept: it holds personal data, or nobody could look into it
        if entry.draft.attempt_key != REFUSED_WHOLE:
            Landing(home.landing).keep(entry.file.content)
    write_rows(home.raw, batch.batch_id, prepared)
    new = ledger.record_batch(batch, [submission_of(entry) for entry in prepared]) if prepared else set()
    compare_with_earlier(home.raw, ledger, new, files[-1].entry)
    received = []
    for file in files:
        standing = [row for row in ledger.submissions_of(file.receipt.receipt_id) if row["status"] != "withdrawn"]
        # once it could be used, it no longer matters that it was refused as a whole before
        whole = [row for row in standing if row["attempt_key"] == REFUSED_WHOLE]
        ids = tuple(row["submission_id"] for row in (standing if len(whole) == len(standing) else [row for row in standing if row not in whole]))
        received.append(Received(ids, frozenset(new & set(ids))))
        new -= set(ids)
    return received


def _scrubbed(file: Handed) -> Handed:
    """The file with a name on one line, without identity numbers, telephone numbers and addresses; it is stored and told in many places."""
    receipt = replace(file.receipt, file_name=as_line(scrub(file.receipt.file_name)))
    return replace(file, receipt=receipt, findings=tuple(scrub_finding(finding) for finding in file.findings))


def _attempt(ledger: Ledger, receipt: Receipt) -> int | None:
    """The how-maniest time this file can be taken in: more than 0 once it was withdrawn; None while it stands or waits for an answer."""
    statuses = Counter(row["status"] for row in ledger.submissions_of(receipt.receipt_id))
    if any(statuses[status] for status in (*USABLE, "waiting_for_answer")):
        return None
    return statuses["withdrawn"]


def _shifted(progress: Progress, start: int, whole: int) -> Progress:
    """Progress of a part, told as progress of the whole."""

    def tell(step: str, done: int = 0, total: int = 0) -> None:
        progress(step, start + done if total else 0, whole if total else 0)

    return tell
