"""The list of people to whom mail goes: what it may say, what is said of a fault, and that nothing else ever holds it."""

from pathlib import Path

import pytest

from ingest.contacts import Contact, ContactsInvalid, contacts_of, load_contacts
from ingest.entries import Entry
from ingest.ledger import Ledger, reference_version_of
from ingest.registry import Registry
from munimon.reference import copy_reference
from munimon.settings import Home, shipped

SHIPPED = shipped() / "data" / "reference"
HEAD = "municipality_code,programme_id,name,email,language\n"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(SHIPPED)


def load(folder: Path, registry: Registry, lines: str, head: str = HEAD) -> tuple[Contact, ...]:
    (folder / "contacts.csv").write_text(head + lines, encoding="utf-8-sig")
    return load_contacts(folder, registry)


def test_we_ship_no_people(registry: Registry) -> None:
    assert (SHIPPED / "contacts.csv").read_text(encoding="utf-8") == HEAD
    assert load_contacts(SHIPPED, registry) == ()


def test_a_contact_of_the_programme_goes_before_those_of_all(tmp_path: Path, registry: Registry) -> None:
    lines = "70670,,Pisarnica,pisarnica@krusevac.rs,sr-Latn\n70670,SAMPLE,Projekti,projekti@krusevac.rs,\n\n71323,,,ured@palilula.rs,sr-Cyrl\n"
    contacts = load(tmp_path, registry, lines)

    office = Contact("70670", None, "Pisarnica", "pisarnica@krusevac.rs", "sr-Latn")
    projects = Contact("70670", "SAMPLE", "Projekti", "projekti@krusevac.rs", None)
    assert contacts == (office, projects, Contact("71323", None, "", "ured@palilula.rs", "sr-Cyrl"))
    assert contacts_of(contacts, "70670", "SAMPLE") == (projects,)
    assert contacts_of(contacts, "70670", "RS-GIZ-ZZZ") == (office,)
    assert contacts_of(contacts, None, "SAMPLE") == ()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("1,,A,a@b.rs,", "no municipality has the code '1'; codes stand in municipalities.csv"),
        ("70670,X,A,a@b.rs,", "no programme has the id 'X'; leave it empty for all programmes"),
        ("70670,,A,a at b.rs,", "'a at b.rs' is no e-mail address; write one address a line"),
        ("70670,,A,a@b.rs; c@d.rs,", "'a@b.rs; c@d.rs' is no e-mail address; write one address a line"),
        ('70670,,A,"a@b.rs\nBcc: c@d.rs",', "'a@b.rs Bcc: c@d.rs' is no e-mail address; write one address a line"),
        ("70670,,A,a@b.rs,sr", "'sr' is no language of ours; one of en, sr-Latn, sr-Cyrl, mk, sq, or empty"),
        ("70670", "'' is no e-mail address; write one address a line"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, registry: Registry, line: str, fault: str) -> None:
    with pytest.raises(ContactsInvalid) as raised:
        load(tmp_path, registry, f"70670,,A,a@b.rs,\n{line}\n")

    number = 4 if "\n" in line else 3
    assert " ".join(str(raised.value).split()) == f"{tmp_path}/contacts.csv, line {number}: {fault}"


def test_a_missing_column_is_named(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(
        ContactsInvalid, match=r"contacts\.csv: has no column email, language; its first line is municipality_code,programme_id,name,email,"
    ):
        load(tmp_path, registry, "", head="municipality_code,programme_id,name\n")


def test_contacts_enter_neither_the_ledger_nor_what_a_build_reads(home: Home, tmp_path: Path) -> None:
    copy_reference(home)
    before = reference_version_of(home.reference)
    (home.reference / "contacts.csv").write_text(HEAD + "70670,,Jovana,jovana@krusevac.rs,\n")
    ledger = Ledger(home.ledger)
    version = ledger.record_reference(home.reference, Entry.now())
    ledger.write_reference(version, tmp_path / "for dbt")

    assert version == before
    assert not (tmp_path / "for dbt" / "contacts.csv").exists()
    assert (tmp_path / "for dbt" / "programmes.csv").exists()
    assert not any(b"jovana" in path.read_bytes() for path in home.folder.glob("ledger*"))
