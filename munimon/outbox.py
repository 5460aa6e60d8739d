"""Drafts of the mails to municipalities: an answer to each report, a reminder to those who have not reported. Nothing is ever sent."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from ingest.accounts import Account, open_account
from ingest.contacts import Contact, contacts_of, find_address, load_contacts
from ingest.entries import Entry, stamp
from ingest.feedback import feedback_text, write_feedback
from ingest.landing import Landing
from ingest.languages import AnswerLanguages
from ingest.ledger import Ledger
from ingest.months import write_date
from ingest.places import LANGUAGE_OF_COUNTRY
from ingest.registry import Registry
from ingest.sections import read_strict_yaml
from munimon.disk import write_whole
from munimon.forms import Forms, file_name, read_period, resolve_programme
from munimon.mail_headers import DRAFTS, DRAFTS_UTF8
from munimon.results import Progress
from munimon.rounds import MissingReport, missing_reports
from munimon.settings import Home
from publish.connections import connect
from publish.pointer import NothingPublished

_KINDS = {"accepted": "remarks", "partly_accepted": "corrections", "waiting_for_answer": "waiting", "refused": "refused"}
_WORKBOOK = {".xlsm": "vnd.ms-excel.sheet.macroEnabled.12"}


@dataclass(frozen=True)
class Draft:
    """A draft that was written."""

    file_name: str
    subject: str


@dataclass(frozen=True)
class Drafts:
    """The drafts of one run, and a sentence for each mail that could not be addressed or written."""

    written: tuple[Draft, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Letter:
    """A mail before it is addressed to somebody: what makes it, by language, and what is entered once it is written."""

    kind: str
    municipality_code: str | None
    programme_id: str | None
    period_ids: tuple[str, ...]
    submission: Mapping[str, Any] | None = None
    missing: tuple[MissingReport, ...] = ()


@dataclass(frozen=True)
class _Recipients:
    addresses: tuple[Address, ...]
    copies: tuple[Address, ...]
    language: str | None


def write_drafts(home: Home, folder: Path, programme: str | None, period: str | None, since: datetime | None, progress: Progress) -> Drafts:
    """Write what has not been drafted yet, as one .eml each, which mail programs open as a draft; enter in the ledger that it was.

    Args:
        folder: Where the drafts go; made if it is not there.
        programme, period: Only mails about these.
        since: Answers to all that was received since this moment, and all reminders, drafted before or not.

    Raises:
        MunimonError: If the programme, the period or the list of contacts cannot be used.
    """
    registry, ledger = Registry.load(home.reference), Ledger(home.ledger)
    programme_id = resolve_programme(home, registry, programme) if programme else None
    period_id = read_period(period).period_id if period else None
    post = _Post(home, registry, load_contacts(home.reference, registry), {})
    letters = list(_answers(ledger, programme_id, period_id, since))
    left_out: list[str] = []
    try:
        letters += _reminders(home, ledger, programme_id, period_id, is_again=since is not None)
    except NothingPublished as nothing:
        left_out.append(f"who has not reported is known once something is published ({nothing})")
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Draft] = []
    for done, letter in enumerate(letters, start=1):
        progress("writing drafts", done, len(letters))
        drafts = [post.write(folder, letter, recipients) for recipients in post.recipients(letter)]
        if drafts:
            _remember(ledger, letter)
        else:
            left_out.append(post.why_not(letter))
        written += drafts
    return Drafts(tuple(written), tuple(left_out))


def _answers(ledger: Ledger, programme_id: str | None, period_id: str | None, since: datetime | None) -> Iterator[_Letter]:
    """A letter for each report that stands, unless the same was drafted before, or its sender has replaced it since."""
    rows = ledger.select(
        """
        select *
        from current_submissions as reports
        where
            status != 'withdrawn'
            and (:programme is null or programme_id = :programme) and (:period is null or period_id = :period)
            and case
                when :since is not null then recorded_at >= :since
                else not exists (
                    select 1
                    from drafts
                    where drafts.submission_id = reports.submission_id and drafts.status = reports.status
                )
            end
            and not exists (
                select 1
                from current_submissions as later
                where
                    later.statement = 'replaces' and later.status in ('accepted', 'partly_accepted')
                    and later.municipality_code = reports.municipality_code and later.programme_id = reports.programme_id
                    and later.period_id = reports.period_id and later.sent_at > reports.sent_at
            )
        order by recorded_at, submission_id
        """,
        {"programme": programme_id, "period": period_id, "since": stamp(since) if since else None},
    )
    for row in rows:
        is_right = row["status"] == "accepted" and not ledger.findings_of(row["submission_id"])
        kind = "receipt" if is_right else _KINDS[row["status"]]
        periods = (row["period_id"],) if row["period_id"] else ()
        yield _Letter(kind, row["municipality_code"], row["programme_id"], periods, submission=row)


def _reminders(home: Home, ledger: Ledger, programme_id: str | None, period_id: str | None, is_again: bool) -> list[_Letter]:
    """A letter for each municipality and programme with reports missing of which it was not reminded yet."""
    with connect(home) as marts:
        missing = missing_reports(marts, ledger, programme_id, period_id)
    reminded = {
        (row["programme_id"], row["municipality_code"], row["period_id"]) for row in ledger.select("select * from drafts where kind = 'reminder'")
    }
    wanted = [each for each in missing if is_again or (each.programme_id, each.municipality_code, each.period_id) not in reminded]
    places = [(place, tuple(each)) for place, each in groupby(wanted, key=lambda each: (each.programme_id, each.municipality_code))]
    return [_Letter("reminder", code, programme, tuple(one.period_id for one in each), missing=each) for (programme, code), each in places]


def _remember(ledger: Ledger, letter: _Letter) -> None:
    entry = Entry.now()
    submission_id, status = (letter.submission["submission_id"], letter.submission["status"]) if letter.submission else (None, None)
    with ledger.write() as connection:
        connection.executemany(
            """
            insert into drafts (kind, submission_id, status, programme_id, municipality_code, period_id, recorded_at, actor, is_back_filled)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    letter.kind,
                    submission_id,
                    status,
                    letter.programme_id,
                    letter.municipality_code,
                    period_id,
                    stamp(entry.recorded_at),
                    entry.actor,
                    entry.is_back_filled,
                )
                for period_id in letter.period_ids or (None,)
            ],
        )


@dataclass(frozen=True)
class _Post:
    """What all letters of a run share."""

    home: Home
    registry: Registry
    contacts: Sequence[Contact]
    forms: dict[tuple[str, str], Forms]

    def recipients(self, letter: _Letter) -> list[_Recipients]:
        """The contacts, those of one language together, with the sender in copy; without contacts the sender; nobody where no address is known."""
        sender = find_address(letter.submission["sent_by"] or "") if letter.submission else None
        known = sorted(contacts_of(self.contacts, letter.municipality_code, letter.programme_id), key=lambda contact: contact.language or "")
        copies = (Address(addr_spec=sender),) if sender and sender not in {contact.email.lower() for contact in known} else ()
        if not known:
            return [_Recipients(copies, (), None)] if copies else []
        together = [(language, list(each)) for language, each in groupby(known, key=lambda contact: contact.language)]
        return [
            _Recipients(tuple(Address(contact.name, addr_spec=contact.email) for contact in each), copies if number == 0 else (), language)
            for number, (language, each) in enumerate(together)
        ]

    def why_not(self, letter: _Letter) -> str:
        """Why nobody gets a letter."""
        place = f"{self.registry.municipality(letter.municipality_code).name_latn} ({letter.municipality_code})" if letter.municipality_code else ""
        about = ", ".join(part for part in (place, letter.programme_id, *letter.period_ids) if part)
        sender = f" and its sender '{letter.submission['sent_by'] or 'not stated'}' is no e-mail address" if letter.submission else ""
        named = f"{letter.kind} to {about or (letter.submission or {}).get('file_name')}"
        return f"{named}: no contact in contacts.csv of {self.home.reference}{sender}"

    def write(self, folder: Path, letter: _Letter, recipients: _Recipients) -> Draft:
        """Write a letter to its recipients."""
        languages = self._languages(letter, recipients)
        language = languages[0]
        mail = EmailMessage(policy=DRAFTS if all(each.addr_spec.isascii() for each in recipients.addresses) else DRAFTS_UTF8)
        mail["X-Unsent"] = "1"
        mail["To"] = recipients.addresses
        if recipients.copies:
            mail["Cc"] = recipients.copies
        with tempfile.TemporaryDirectory() as aside:
            subject, sentences, attached = (
                self._answer(letter, languages, Path(aside)) if letter.submission else self._remind(letter, language, Path(aside))
            )
            mail["Subject"] = subject
            mail.set_content("\n\n".join([_say("greeting", language), *sentences, _say("closing", language)]) + "\n")
            for path in attached:
                subtype = _WORKBOOK.get(path.suffix, "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                mail.add_attachment(path.read_bytes(), maintype="application", subtype=subtype, filename=path.name)
        name = self._file_name(letter, recipients)
        write_whole(folder / name, mail.as_bytes())
        return Draft(name, subject)

    def _answer(self, letter: _Letter, languages: Sequence[str], aside: Path) -> tuple[str, list[str], list[Path]]:
        assert letter.submission is not None  # only reports are answered
        submission_id, language = letter.submission["submission_id"], languages[0]
        account = open_account(self.home, submission_id, language)
        text = "\n".join(feedback_text(self.home, submission_id, each) for each in languages).rstrip("\n")
        subject = _say(letter.kind, language, place=account.place or account.file_name)
        if letter.kind == "receipt" or not _is_kept(self.home, account):
            return subject, [text], []
        name = (
            file_name(self.registry, letter.municipality_code, letter.programme_id, "_".join(letter.period_ids), "xlsx")
            if account.place
            else "1.xlsx"
        )
        return subject, [text, _say("attached", language)], [write_feedback(self.home, submission_id, aside / name, language)]

    def _remind(self, letter: _Letter, language: str, aside: Path) -> tuple[str, list[str], list[Path]]:
        programme_id, code = letter.missing[0].programme_id, letter.missing[0].municipality_code
        place = self.registry.municipality(code)
        named = place.name_cyrl if language in ("sr-Cyrl", "mk") else place.name_latn
        periods = [_say("due", language, period=each.period_id, date=write_date(each.due_on, language)) for each in letter.missing]
        subject = _say("reminder", language, place=", ".join((named, programme_id, *letter.period_ids)))
        text = _say("reminder_text", language, programme=self._title(programme_id, language), periods=", ".join(periods))
        return subject, [text], [self._form(each, language, aside) for each in letter.missing]

    def _form(self, missing: MissingReport, language: str, aside: Path) -> Path:
        asked = (missing.programme_id, missing.period_id)
        if asked not in self.forms:
            self.forms[asked] = Forms.open(self.home, self.registry, missing.programme_id, read_period(missing.period_id))
        name = file_name(self.registry, missing.municipality_code, missing.programme_id, missing.period_id, "xlsx")
        return self.forms[asked].write(missing.municipality_code, aside / name, language).path

    def _file_name(self, letter: _Letter, recipients: _Recipients) -> str:
        first, last = (letter.period_ids[0], letter.period_ids[-1]) if letter.period_ids else ("", "")
        stem = file_name(self.registry, letter.municipality_code, letter.programme_id, first if first == last else f"{first} {last}", "").rstrip(".")
        submission_id = letter.submission["submission_id"] if letter.submission else None
        return "_".join(part for part in (stem, letter.kind, submission_id, recipients.language) if part) + ".eml"

    def _title(self, programme_id: str, language: str) -> str:
        known = self.registry.programme(programme_id)
        return {"sr-Latn": known.title_sr_latn, "mk": known.title_mk}.get(language) or known.title

    def _languages(self, letter: _Letter, recipients: _Recipients) -> tuple[str, ...]:
        """The recipients' own language, else that of the report, else that of the municipality's country; several where nothing tells."""
        if recipients.language:
            return (recipients.language,)
        if letter.submission:
            return AnswerLanguages(self.home).of(letter.submission)
        country = self.registry.municipality(letter.municipality_code).country_code if letter.municipality_code else ""
        return (LANGUAGE_OF_COUNTRY.get(country, "en"),)


def _is_kept(home: Home, account: Account) -> bool:
    """Whether the file is there to be marked: some refused files are never kept."""
    return Landing(home.landing).path(account.file_sha256).exists()


def _say(key: str, language: str, **values: str) -> str:
    return _load_words()[key][language].format(**values)


@cache
def _load_words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = read_strict_yaml((resources.files(__package__) / "mails.yml").read_text(encoding="utf-8"))
    return words
