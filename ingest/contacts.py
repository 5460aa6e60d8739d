"""To whom a municipality's mail goes: the home's own list of people, which nothing but the drafts of mails ever holds."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path

from ingest.ledger import CONTACTS
from ingest.registry import Registry
from ingest.sections import LANGUAGES
from munimon.settings import MunimonError

COLUMNS = ("municipality_code", "programme_id", "name", "email", "language")
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]{1,64}@[^@\s<>()\[\],;:\\\"]+\.[^@\s<>()\[\],;:\\\"]{2,}")


class ContactsInvalid(MunimonError):
    """The list of contacts says something that cannot be used."""


@dataclass(frozen=True)
class Contact:
    """A person who gets a municipality's mail about one programme, or about all (``programme_id`` None)."""

    municipality_code: str
    programme_id: str | None
    name: str
    email: str
    language: str | None


def find_address(text: str) -> str | None:
    """The first e-mail address in a text, alone: what stands in angle brackets before anything else; None where there is none."""
    found = _EMAIL.search(text.rpartition("<")[2]) or _EMAIL.search(text)
    try:
        return Address(addr_spec=found[0]).addr_spec if found else None
    except (ValueError, IndexError, MessageError):
        return None


def load_contacts(reference: Path, registry: Registry) -> tuple[Contact, ...]:
    """Read ``contacts.csv`` of a reference folder; a folder without one has no contacts.

    Raises:
        ContactsInvalid: If a column is missing, or a municipality, programme, address or language cannot be right; it names the line.
    """
    path = reference / CONTACTS
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise ContactsInvalid(f"{path}: has no column {', '.join(missing)}; its first line is {','.join(COLUMNS)}")
        return tuple(_read(row, f"{path}, line {reader.line_num}", registry) for row in reader if any(filter(None, row.values())))


def contacts_of(contacts: Sequence[Contact], municipality_code: str | None, programme_id: str | None) -> tuple[Contact, ...]:
    """Who gets the mail of a municipality about a programme: those named for the programme, else those named for all."""
    here = [contact for contact in contacts if contact.municipality_code == municipality_code]
    own = tuple(contact for contact in here if contact.programme_id == programme_id)
    return own or tuple(contact for contact in here if contact.programme_id is None)


def _read(row: dict[str, str | None], where: str, registry: Registry) -> Contact:
    said = {name: (row[name] or "").strip() for name in COLUMNS}
    for fault in _faults(said, registry):
        raise ContactsInvalid(f"{where}: {fault}")
    return Contact(said["municipality_code"], said["programme_id"] or None, said["name"], said["email"], said["language"] or None)


def _faults(said: dict[str, str], registry: Registry) -> Iterator[str]:
    code, programme_id, email, language = said["municipality_code"], said["programme_id"], said["email"], said["language"]
    if code not in registry.municipalities:
        yield f"no municipality has the code '{code}'; codes stand in municipalities.csv"
    if programme_id and programme_id not in registry.programmes:
        yield f"no programme has the id '{programme_id}'; leave it empty for all programmes"
    if find_address(email) != email:
        yield f"'{email}' is no e-mail address; write one address a line"
    if language and language not in LANGUAGES:
        yield f"'{language}' is no language of ours; one of {', '.join(LANGUAGES)}, or empty"
