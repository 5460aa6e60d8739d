"""What the steps hand back to the commands: plain, frozen, ready to print."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

SubmissionStatus = Literal["accepted", "partly_accepted", "waiting_for_answer", "refused", "already_received", "withdrawn"]


class Progress(Protocol):
    """Told of each step of long work as it begins."""

    def __call__(self, step: str, done: int = 0, total: int = 0, found: str = "") -> None:
        """Say what is being done now, as the how-maniest of how many (a total of 0: not known), and in words what it gave so far."""


def keep_quiet(step: str, done: int = 0, total: int = 0, found: str = "") -> None:
    """The ``Progress`` of work that nobody watches."""


@dataclass(frozen=True)
class IngestOptions:
    """What the coordinator states about the files, where the files do not say it themselves."""

    layout: str | None = None
    municipality: str | None = None
    programme: str | None = None
    period: str | None = None
    sent_at: datetime | None = None
    sent_by: str | None = None


@dataclass(frozen=True)
class FindingResult:
    """One finding, in the words and with the address that its sender can use."""

    severity: Literal["error", "warning"]
    rule: str
    sheet: str | None
    cell: str | None
    field: str | None
    value_as_reported: str | None
    message: str


@dataclass(frozen=True)
class SubmissionResult:
    """What became of one submission: one file x programme x municipality x period.

    ``file`` is the name that it was handed in with now; ``received_as`` the one under which the same bytes came first, where that is another.
    """

    submission_id: str
    file: str
    status: SubmissionStatus
    municipality_code: str | None
    programme_id: str | None
    period_start: date | None
    period_end: date | None
    accepted_rows: int
    quarantined_rows: int
    findings: tuple[FindingResult, ...]
    received_as: str | None = None


@dataclass(frozen=True)
class IngestOutcome:
    """What became of the files of one ``ingest``."""

    submissions: tuple[SubmissionResult, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all that was sent went in: nothing refused, nothing quarantined, nothing left waiting for an answer."""
        return all(entry.status in ("accepted", "already_received", "withdrawn") for entry in self.submissions)

    def as_json(self) -> dict[str, Any]:
        """The object that ``munimon ingest --json`` prints; dates as ISO text."""
        return {"submissions": [as_plain(entry) for entry in self.submissions]}


@dataclass(frozen=True)
class QuestionPlace:
    """Where a question stands: a report, and of an unclear name the cell."""

    submission_id: str
    file: str
    municipality_code: str | None
    programme_id: str | None
    period_id: str | None
    sent_at: datetime
    sent_by: str | None
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class OpenQuestion:
    """Something only a person can decide: a name that is not clear, or whether a report replaces or adds.

    ``places`` are the cells in which the name stands; or the reports that stand side by side, the one asked about last.
    """

    question_id: str
    kind: Literal["municipality", "replace_or_add"]
    text: str
    candidates: tuple[str, ...]
    submission_ids: tuple[str, ...]
    asked_at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    places: tuple[QuestionPlace, ...] = ()


@dataclass(frozen=True)
class Status:
    """Where a home stands."""

    home: str
    submissions: dict[str, int]
    """Submissions by status."""
    findings: dict[str, int]
    """Findings of submissions in use by severity."""
    build_warnings: int
    """What the published build warns of in reports that stand beside each other."""
    open_questions: int
    last_entry_at: datetime | None
    """The ledger's last entry, in UTC."""
    published_build: str | None
    out_of_date: tuple[str, ...]
    """What the published build does not show yet, a sentence each; empty where it shows everything."""


def as_plain(result: Any) -> dict[str, Any]:
    """A dataclass of this module as a JSON-able object: dates and times as ISO text, nothing dropped."""
    return {key: _plain(value) for key, value in asdict(result).items()}


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {key: _plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case _:
            return value
