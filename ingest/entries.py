"""What is entered in the ledger: plain, frozen, with ids that do not depend on the order of arrival."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.findings import Finding
from munimon.settings import actor, clock, is_clock_set

# A submission that counts.
USABLE = ("accepted", "partly_accepted")


def digest(*parts: str | None) -> str:
    """Twelve hexadecimal digits of the SHA-256 of the parts: an id that does not depend on the order of arrival."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:12]


def stamp(moment: datetime) -> str:
    """A moment as the ledger writes it: UTC, always with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def order_of_sending(sent_at: str, sent_by: str | None) -> tuple[str, bool, str]:
    """Which of two statements of when the same file was sent, and by whom, is the earlier; at one moment the first sender in the alphabet."""
    return sent_at, sent_by is None, sent_by or ""


def moment_of(text: str) -> datetime:
    """The aware UTC moment of a stamp."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """When and by whom something is entered."""

    recorded_at: datetime
    actor: str
    is_back_filled: bool

    @classmethod
    def now(cls) -> "Entry":
        """An entry of this moment by the ledger's clock, by whoever acts."""
        return cls(clock(), actor(), is_clock_set())


@dataclass(frozen=True)
class Batch:
    """One run of reading, and what the meaning of its files depended on."""

    batch_id: str
    reference_version: str
    last_answer_id: int


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
class RuleCounts:
    """What the rules of a section looked at in one report.

    ``rules`` are their names, the fields they are on, and the other fields that they compare these with. By rule, ``judged`` are the rows in which
    all that it compares is known, ``failed`` those of them that broke it.
    """

    section: str
    rules: tuple[tuple[str, str, str | None], ...]
    judged: tuple[int, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True)
class Submission:
    """A submission as it is recorded. `layout` and `amounts` (flow, to_date) are those of somebody else's form; None for our own."""

    submission_id: str
    receipt: Receipt
    entry: Entry
    attempt: int
    attempt_key: str
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
    questions: tuple[Question, ...] = ()
    layout: str | None = None
    amounts: str | None = None
