"""What is to be said to the sender of one submission: what was received, what became of it, what is wrong, what to do next.

The answer is given twice, as a workbook and as plain text; both say it in the sentences made here, whose wording is data (`feedback.yml`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.answers import load_words
from ingest.closing import Mended, what_was_mended
from ingest.entries import moment_of
from ingest.findings import Finding, full_message, message
from ingest.languages import AnswerLanguages
from ingest.ledger import Ledger, SubmissionUnknown
from ingest.months import write_date
from ingest.registry import Registry
from ingest.sections import LANGUAGES
from munimon.settings import Home, MunimonError

# Of the cells with the same mistake, an e-mail names so many.
_CELLS_NAMED = 12
# The rules that say of a file that it could not be read at all.
_UNREADABLE = ("file_", "reading_", "cells_far_away", "cells_too_many", "sheets_too_many")


@dataclass(frozen=True)
class Account:
    """One submission as it is told to its sender, in one of the five languages.

    `languages` are all those in which it is answered: several only where nothing tells which of them the sender reads, and nobody asked for one.
    `place` is what the report is about in words, `status` what became of it, `file_sha256` its original in landing.
    """

    submission_id: str
    language: str
    languages: tuple[str, ...]
    file_name: str
    file_sha256: str
    place: str
    sent_on: date
    status: str
    accepted_rows: int
    quarantined_rows: int
    findings: tuple[Finding, ...]
    mended: Mended | None

    @property
    def could_be_opened(self) -> bool:
        """Whether anything of the file could be read."""
        return not any(finding.rule.startswith(_UNREADABLE) for finding in self.findings)

    def say(self, key: str, **values: object) -> str:
        """A sentence of `feedback.yml`, filled in."""
        return load_words()[key][self.language].format(**values)

    def received(self) -> list[str]:
        """What was received and what became of it, a sentence each."""
        day = write_date(self.sent_on, self.language)
        return [
            *([self.say("place", place=self.place)] if self.place else []),
            self.say("received", file=self.file_name, date=day, submission=self.submission_id),
            self.say(self.status, accepted=self.accepted_rows, quarantined=self.quarantined_rows),
            *self._tell_mended(),
        ]

    def _tell_mended(self) -> Iterator[str]:
        if self.mended:
            still = list_cells(self, self.mended.still_open)
            said = self.say("mended", mended=self.mended.count, count=self.mended.of)
            yield f"{said} {self.say('still_open', cells=still)}" if still else said

    def what_next(self, is_marked: bool = True) -> str:
        """What the sender is asked to do; `is_marked` says whether it is their own workbook that has its cells marked."""
        if not self.findings:
            return self.say("next_nothing")
        if not is_marked:
            return self.say("next_mend_original")
        return self.say("next_mend" if any(finding.severity == "error" for finding in self.findings) else "next_check")


@dataclass(frozen=True)
class Mistake:
    """One mistake that may repeat over many cells, said once."""

    severity: str
    count: int
    text: str


def open_account(home: Home, submission_id: str, language: str | None) -> Account:
    """Look a submission up in the ledger.

    Args:
        language: One of the five; None for that of the report, or, where it is not known, for those that its sender may read.

    Raises:
        SubmissionUnknown: If there is no such submission.
        MunimonError: If the language is none of the five.
    """
    if language not in (None, *LANGUAGES):
        raise MunimonError(f"--language '{language}': not known; use {', '.join(LANGUAGES)}")
    ledger = Ledger(home.ledger)
    found = ledger.select("select * from current_submissions where submission_id = ?", [submission_id])
    if not found:
        raise SubmissionUnknown(f"submission '{submission_id}': not in the ledger; `munimon status` lists those that are")
    (row,) = found
    languages = (language,) if language else AnswerLanguages(home).of(row)
    chosen = languages[0]
    return Account(
        submission_id=submission_id,
        language=chosen,
        languages=languages,
        file_name=row["file_name"],
        file_sha256=row["file_sha256"],
        place=_name_place(Registry.load(home.reference), row, chosen),
        sent_on=moment_of(row["sent_at"]).date(),
        status=row["status"],
        accepted_rows=row["accepted_rows"],
        quarantined_rows=row["quarantined_rows"],
        findings=_in_order(ledger.findings_of(submission_id)),
        mended=what_was_mended(ledger, home.raw, submission_id),
    )


def group_mistakes(account: Account) -> Iterator[Mistake]:
    """The findings, each kind of mistake once with all the cells of a sheet in which it stands, where the first of them has its place."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in account.findings:
        alike.setdefault((finding.severity, finding.sheet, finding.rule, finding.field), []).append(finding)
    return (Mistake(each[0].severity, len(each), _say_alike(account, each)) for each in alike.values())


def list_cells(account: Account, cells: Sequence[str]) -> str:
    """Cells as an e-mail names them: "H8, H9 and 20 more"."""
    shown = ", ".join(cells[:_CELLS_NAMED])
    return f"{shown} {account.say('and_more', count=len(cells) - _CELLS_NAMED)}" if len(cells) > _CELLS_NAMED else shown


def _say_alike(account: Account, findings: Sequence[Finding]) -> str:
    first = findings[0]
    cells = list(dict.fromkeys(finding.cell or str(finding.row) for finding in findings if finding.cell or finding.row))
    said = {message(finding.rule, finding.params, account.language) for finding in findings}
    if len(cells) < 2:
        return " ".join(dict.fromkeys(full_message(finding, account.language) for finding in findings))
    if len(said) == 1:
        return account.say("cells", sheet=first.sheet, cells=list_cells(account, cells)) + said.pop()
    return f"{full_message(first, account.language)} {account.say('also_in', cells=list_cells(account, cells[1:]))}"


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The errors first, then by sheet, row and column: as somebody goes through the workbook."""
    sheets = list(dict.fromkeys(finding.sheet for finding in findings))

    def place(finding: Finding) -> tuple[object, ...]:
        letters = (finding.cell or "").rstrip("0123456789")
        row = int((finding.cell or "")[len(letters) :] or finding.row or 0)
        return finding.severity, sheets.index(finding.sheet), row, len(letters), letters

    return tuple(sorted(findings, key=place))


def _name_place(registry: Registry, row: Mapping[str, str | None], language: str) -> str:
    parts: list[str | None] = []
    if code := row["municipality_code"]:
        known = registry.municipality(code)
        parts.append(known.name_cyrl if language in ("sr-Cyrl", "mk") else known.name_latn)
    parts += [row["programme_id"], row["period_as_reported"] or row["period_id"]]
    return ", ".join(part for part in parts if part)
