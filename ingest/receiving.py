"""Files handed in, all the way to ledger and raw: kept, read, interpreted, judged, recorded. What is acknowledged is on the disk."""

import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ingest.allowances import programmes_allowed
from ingest.checks import write_checks
from ingest.entries import USABLE, Batch, Entry, Receipt, Submission, order_of_sending, stamp
from ingest.findings import Finding, as_line
from ingest.interpret import Draft
from ingest.judging import judge_drafts
from ingest.landing import Landing
from ingest.ledger import Ledger
from ingest.personal import scrub, scrub_finding
from ingest.predecessors import compare_with_earlier
from ingest.raw import ensure_folders, write_raw
from ingest.reading import REFUSED_WHOLE, Known, Readings, await_drafts
from ingest.rows import Rows
from ingest.sections import load_sections
from munimon.progress import Tally
from munimon.results import Progress
from munimon.settings import Home

# One transaction and one Parquet file a section for this many files: what a killed run loses was not acknowledged yet.
FILES_PER_BATCH = 125
# Fewer where they are large; two batches are in memory at once.
_BYTES_PER_BATCH = 32 * 2**20
_KEPT_AT_ONCE = 8


@dataclass(frozen=True)
class Handed:
    """One file as it was handed in, when and by whom it is entered, and what is to be said of the way it came."""

    content: bytes
    receipt: Receipt
    entry: Entry
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Received:
    """What became of one file, by the name it was handed in with: its submissions that stand, and those of them that were not there before."""

    file_name: str
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


def receive(home: Home, files: Iterable[Handed], progress: Progress, count: Callable[[], int] = lambda: 0) -> list[Received]:
    """Take in the files. Each is kept, read and recorded; the same bytes with the same options change nothing.

    While the files of a batch are judged and recorded, those of the next are read already; no more than two batches are in memory.

    Args:
        home: Where they go in.
        files: The files, which are asked for one after the other.
        progress: Told of every file.
        count: How many files there are, as far as it is known by now; 0 where it is not.

    Returns:
        One entry a file, in the order given.
    """
    ledger = Ledger(home.ledger)
    ensure_folders(home.raw)
    tally = Tally(progress, count)
    received: list[Received] = []
    with Readings(tally) as readings:
        under_way: deque[_UnderWay] = deque()
        for chunk in _chunks(files):
            known = {receipt_id for batch in under_way for receipt_id in batch.receipts}
            under_way.append(_begin(home, ledger, readings, chunk, known))
            if len(under_way) > 1:
                received += _finish(home, ledger, under_way.popleft(), tally)
        while under_way:
            received += _finish(home, ledger, under_way.popleft(), tally)
    return received


def prepare(home_reference: Path, ledger: Ledger, batch: Batch, files: Sequence[tuple[Handed, int]], progress: Progress) -> list[Prepared]:
    """Read, interpret and judge files that were let in before, each with the how-maniest time it is taken in.

    Personal data that was in them then may be in them now.
    """
    tally = Tally(progress, lambda: len(files))
    with Readings(tally) as readings:
        pending = readings.begin(_known(home_reference, ledger, batch, None), [(file.content, file.receipt, attempt) for file, attempt in files])
        return _judge(home_reference, files, await_drafts(pending), tally)


def _known(home_reference: Path, ledger: Ledger, batch: Batch, allowed: frozenset[str] | None) -> Known:
    return Known(home_reference, batch.reference_version, tuple(ledger.municipality_answers(batch.last_answer_id).items()), allowed)


def _judge(home_reference: Path, files: Sequence[tuple[Handed, int]], readings: Sequence[list[Draft]], tally: Tally) -> list[Prepared]:
    for (file, _), drafts in zip(files, readings, strict=True):
        drafts[0].findings.extend(file.findings)
    prepared = [Prepared(file, attempt, draft) for (file, attempt), drafts in zip(files, readings, strict=True) for draft in drafts]
    found = sum(len(entry.draft.findings) for entry in prepared)
    judge_drafts([entry.draft for entry in prepared], home_reference)
    tally.add(findings=sum(len(entry.draft.findings) for entry in prepared) - found)
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
    # in one piece: each piece costs as much to write as its few rows
    table = pa.Table.from_batches([rows.values for _, rows in parts]).combine_chunks()
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


@dataclass(frozen=True)
class _UnderWay:
    """A batch of which the files are being read: all that were handed in, and those that are to be read, each with the how-maniest time it is."""

    batch: Batch
    files: Sequence[Handed]
    fresh: Sequence[tuple[Handed, int]]
    readings: Sequence[Future[list[Draft]]]

    @property
    def receipts(self) -> frozenset[str]:
        """The receipts that will stand once it is recorded."""
        return frozenset(file.receipt.receipt_id for file, _ in self.fresh)


def _chunks(files: Iterable[Handed]) -> Iterator[list[Handed]]:
    chunk: list[Handed] = []
    size = 0
    for file in files:
        chunk.append(_scrubbed(file))
        size += len(file.content)
        if len(chunk) == FILES_PER_BATCH or size >= _BYTES_PER_BATCH:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _begin(home: Home, ledger: Ledger, readings: Readings, files: Sequence[Handed], being_read: Set[str]) -> _UnderWay:
    """Begin to read the files that are not there yet, and are not being read in an earlier batch."""
    batch = Batch(secrets.token_hex(6), ledger.record_reference(home.reference, files[0].entry), ledger.last_answer_id())
    first = {file.receipt.receipt_id: file for file in reversed(files)}
    standing = ledger.submissions_of(dict.fromkeys(file.receipt.receipt_id for file in files))
    fresh = [
        (first[receipt_id], attempt)
        for receipt_id, rows in standing.items()
        if receipt_id not in being_read and (attempt := _attempt(rows)) is not None
    ]
    known = _known(home.reference, ledger, batch, programmes_allowed(ledger))
    pending = readings.begin(known, [(file.content, file.receipt, attempt) for file, attempt in fresh])
    return _UnderWay(batch, files, fresh, pending)


def _finish(home: Home, ledger: Ledger, under_way: _UnderWay, tally: Tally) -> list[Received]:
    """Judge what was read of a batch, keep its files, write its rows and record it."""
    batch, files = under_way.batch, under_way.files
    tally.add(files=len(files) - len(under_way.fresh))
    prepared = _judge(home.reference, under_way.fresh, await_drafts(under_way.readings), tally)
    # of a file that is refused as a whole nothing is kept: it holds personal data, or nobody could look into it
    _keep(home, {entry.file.receipt.file_sha256: entry.file.content for entry in prepared if entry.draft.attempt_key != REFUSED_WHOLE})
    write_rows(home.raw, batch.batch_id, prepared)
    new = ledger.record_batch(batch, [submission_of(entry) for entry in prepared]) if prepared else set()
    recorded = ledger.submissions_of({file.receipt.receipt_id for file in files})
    compare_with_earlier(home.raw, ledger, new | _date_back(ledger, files, recorded), files[-1].entry)
    _enter_other_names(ledger, files, recorded)
    received = []
    for file in files:
        standing = [row for row in recorded[file.receipt.receipt_id] if row["status"] != "withdrawn"]
        # once it could be used, it no longer matters that it was refused as a whole before
        whole = [row for row in standing if row["attempt_key"] == REFUSED_WHOLE]
        ids = tuple(row["submission_id"] for row in (standing if len(whole) == len(standing) else [row for row in standing if row not in whole]))
        received.append(Received(file.receipt.file_name, ids, frozenset(new & set(ids))))
        new -= set(ids)
    return received


def _date_back(ledger: Ledger, files: Sequence[Handed], recorded: Mapping[str, Sequence[Mapping[str, Any]]]) -> set[str]:
    """The submissions now known to have been sent earlier: the earliest that is said of a file holds, whichever was said first."""
    dated_back = set()
    for file in files:
        said = order_of_sending(stamp(file.receipt.sent_at), file.receipt.sent_by)
        for row in recorded[file.receipt.receipt_id]:
            if row["status"] != "withdrawn" and said < order_of_sending(row["sent_at"], row["sent_by"]):
                ledger.record_sending(row["submission_id"], file.receipt, file.entry)
                dated_back.add(row["submission_id"])
    return dated_back


def _enter_other_names(ledger: Ledger, files: Sequence[Handed], recorded: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Enter the names of files that came before under another one: the sender knows them by it."""
    receipts = {(file.receipt.receipt_id, file.receipt.file_name) for file in files}
    others = [(receipt_id, name) for receipt_id, name in sorted(receipts) if any(row["file_name"] != name for row in recorded[receipt_id])]
    if others:
        ledger.record_names(others, files[-1].entry)


def _keep(home: Home, contents: Mapping[str, bytes]) -> None:
    # a disk takes its time to say that a file is on it, and much the same time for many at once
    with ThreadPoolExecutor(_KEPT_AT_ONCE) as threads:
        for _ in threads.map(Landing(home.landing).keep, contents.keys(), contents.values()):
            pass


def _scrubbed(file: Handed) -> Handed:
    """The file with a name on one line, without identity numbers, telephone numbers and addresses; it is stored and told in many places."""
    receipt = replace(file.receipt, file_name=as_line(scrub(file.receipt.file_name)))
    return replace(file, receipt=receipt, findings=tuple(scrub_finding(finding) for finding in file.findings))


def _attempt(standing: Sequence[Mapping[str, Any]]) -> int | None:
    """The how-maniest time a file can be taken in: more than 0 once it was withdrawn; None while it stands or waits for an answer."""
    statuses = Counter(row["status"] for row in standing)
    if any(statuses[status] for status in (*USABLE, "waiting_for_answer")):
        return None
    return statuses["withdrawn"]
