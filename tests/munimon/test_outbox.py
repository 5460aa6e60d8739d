"""Drafts of mails: to whom, in which language, once, and never sent."""

import email
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from ingest.findings import full_message
from ingest.ledger import Ledger
from ingest.sections import LANGUAGES
from ingest.templates import write_report
from munimon import outbox as outbox_module
from munimon import pipeline
from munimon.outbox import Drafts, write_drafts
from munimon.reference import copy_reference
from munimon.results import IngestOptions, keep_quiet
from munimon.settings import Home
from tests.munimon.commands import run_munimon

KRUSEVAC = "70670"
HEAD = "municipality_code,programme_id,name,email,language\n"
NOT_PUBLISHED = "who has not reported is known once something is published ({}/published: nothing is published yet; run `munimon build`)"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-10T12:00")
    monkeypatch.setenv("MUNIMON_ACTOR", "coordinator")
    home = Home(tmp_path / "home")
    copy_reference(home)
    return home


@pytest.fixture
def send(home: Home, tmp_path: Path) -> Callable[..., str]:
    """Takes a report of Kruševac in and returns its submission's id."""

    def ingest(name: str, persons: object = 12, sent_by: str | None = None, period: str = "2024-Q1") -> str:
        rows = {"engagements": [{"engagement_ref": "A-1", "engaged_persons": persons}]}
        place = {"language": "sr-Latn", "municipality": "Kruševac", "programme": "SAMPLE", "period": period, "statement": "replaces"}
        path = write_report(tmp_path / name, rows=rows, sections=["engagements"], **place)
        (received,) = pipeline.ingest(home, [path], IngestOptions(sent_by=sent_by)).submissions
        return received.submission_id

    return ingest


def contacts(home: Home, *lines: str) -> None:
    (home.reference / "contacts.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def draft(home: Home, folder: Path, since: datetime | None = None) -> Drafts:
    return write_drafts(home, folder, None, None, since, keep_quiet)


def read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def addressed(folder: Path) -> dict[str, tuple[str, str]]:
    return {path.name: (str(read(path)["To"]), str(read(path)["Cc"])) for path in sorted(folder.glob("*.eml"))}


def test_a_sender_without_contact_is_answered_and_one_without_address_is_named(home: Home, send, tmp_path: Path) -> None:
    mailed, handed = send("1.xlsx", sent_by="jovana@krusevac.example"), send("2.xlsx", sent_by="Grad Kruševac", period="2024-Q2")

    drafts = draft(home, tmp_path / "out")

    assert addressed(tmp_path / "out") == {f"Kruševac_SAMPLE_2024-Q1_receipt_{mailed}.eml": ("jovana@krusevac.example", "None")}
    assert drafts.left_out == (
        NOT_PUBLISHED.format(home.folder),
        f"receipt to Kruševac (70670), SAMPLE, 2024-Q2: no contact in contacts.csv of {home.reference} "
        "and its sender 'Grad Kruševac' is no e-mail address",
    )
    contacts(home, f"{KRUSEVAC},,,pisarnica@krusevac.example,")
    assert [each.file_name for each in draft(home, tmp_path / "out").written] == [f"Kruševac_SAMPLE_2024-Q2_receipt_{handed}.eml"]


def test_contacts_of_one_language_share_a_draft_and_the_sender_gets_a_copy(home: Home, send, tmp_path: Path) -> None:
    lines = (("Pisarnica", "a", "sr-Latn"), ("", "b", "sr-Latn"), ("Projekti; Grad", "c", "en"))
    contacts(home, *(f"{KRUSEVAC},,{name},{who}@krusevac.example,{language}" for name, who, language in lines))
    submission = send("1.xlsx", sent_by="jovana@krusevac.example")

    draft(home, tmp_path / "out")

    stem = f"Kruševac_SAMPLE_2024-Q1_receipt_{submission}"
    assert addressed(tmp_path / "out") == {
        f"{stem}_en.eml": ('"Projekti; Grad" <c@krusevac.example>', "jovana@krusevac.example"),
        f"{stem}_sr-Latn.eml": ("Pisarnica <a@krusevac.example>, b@krusevac.example", "None"),
    }
    assert [str(read(path)["Subject"]) for path in sorted((tmp_path / "out").iterdir())] == [
        "Report received: Kruševac, SAMPLE, 2024-Q1",
        "Izveštaj je primljen: Kruševac, SAMPLE, 2024-Q1",
    ]


def test_a_second_run_drafts_only_what_is_new_and_since_drafts_it_again(home: Home, send, tmp_path: Path) -> None:
    first = send("1.xlsx", sent_by="a@krusevac.example")
    assert len(draft(home, tmp_path / "out").written) == 1
    assert draft(home, tmp_path / "out").written == ()
    second = send("2.xlsx", sent_by="a@krusevac.example", period="2024-Q2")

    assert [each.file_name for each in draft(home, tmp_path / "out").written] == [f"Kruševac_SAMPLE_2024-Q2_receipt_{second}.eml"]
    again = draft(home, tmp_path / "again", since=datetime(2024, 4, 10, tzinfo=UTC)).written
    assert {each.file_name for each in again} == {f"Kruševac_SAMPLE_2024-Q{n}_receipt_{each}.eml" for n, each in ((1, first), (2, second))}
    assert draft(home, tmp_path / "again", since=datetime(2024, 4, 11, tzinfo=UTC)).written == ()


def test_a_report_that_was_replaced_or_withdrawn_meanwhile_is_not_answered(home: Home, send, tmp_path: Path, monkeypatch) -> None:
    send("1.xlsx", persons="dvanaest-trinaest", sent_by="a@krusevac.example")
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-11T12:00")
    right = send("2.xlsx", sent_by="a@krusevac.example")
    pipeline.withdraw(home, send("3.xlsx", sent_by="a@krusevac.example", period="2024-Q2"), "wrong quarter")

    assert [each.file_name for each in draft(home, tmp_path / "out").written] == [f"Kruševac_SAMPLE_2024-Q1_receipt_{right}.eml"]


def test_a_refused_file_is_answered_with_what_to_do_in_all_languages_where_nothing_tells_its_senders(home: Home, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    (refused,) = pipeline.ingest(home, [tmp_path / "scan.pdf"], IngestOptions(sent_by="a@krusevac.example")).submissions

    (written,) = draft(home, tmp_path / "out").written

    assert (written.file_name, written.subject) == (
        f"refused_{refused.submission_id}.eml",
        "Izveštaj nije mogao da se upotrebi, molimo pošaljite ga ponovo: scan.pdf",
    )
    body = read(tmp_path / "out" / written.file_name).get_body()
    assert body is not None
    said = [full_message(each, language) for each in Ledger(home.ledger).findings_of(refused.submission_id) for language in LANGUAGES]
    assert [each in body.get_content() for each in said] == [language != "sr-Cyrl" for language in LANGUAGES]


def test_the_ledger_remembers_that_a_mail_was_drafted_and_not_to_whom(home: Home, send, tmp_path: Path) -> None:
    contacts(home, f"{KRUSEVAC},,Jovana,jovana@krusevac.example,")
    send("1.xlsx", sent_by="Grad Kruševac")

    assert len(draft(home, tmp_path / "out").written) == 1
    assert not any(b"jovana@" in path.read_bytes() for path in home.folder.glob("ledger*"))


def test_every_sentence_stands_in_all_languages_with_the_same_values() -> None:
    words = outbox_module._load_words()
    assert {key for key, texts in words.items() if tuple(texts) != LANGUAGES} == set()
    values = {key: {tuple(sorted(part.split("}")[0] for part in text.split("{")[1:])) for text in texts.values()} for key, texts in words.items()}
    assert {key for key, found in values.items() if len(found) != 1} == set()


def test_the_command_says_what_it_wrote_and_that_nothing_is_sent(home: Home, send, tmp_path: Path) -> None:
    submission = send("1.xlsx", sent_by="a@krusevac.example")

    done = run_munimon("outbox", tmp_path / "out", home=home.folder)

    assert done.stderr == ""
    assert done.stdout == (
        f"Kruševac_SAMPLE_2024-Q1_receipt_{submission}.eml: Izveštaj je primljen: Kruševac, SAMPLE, 2024-Q1\n"
        f"no draft: {NOT_PUBLISHED.format(home.folder)}\n"
        f"1 drafts are written to {tmp_path / 'out'}; nothing is sent.\n"
    )


def test_a_form_asks_for_one_municipality_or_for_all(home: Home, tmp_path: Path) -> None:
    place = ["--programme", "SAMPLE", "--period", "2024-Q1", "--out", str(tmp_path / "forms")]

    neither, unpublished = run_munimon("template", *place, home=home.folder), run_munimon("template", "--all", *place, home=home.folder)

    asked = "template: give --municipality CODE|NAME for one workbook (--blank for an empty one), or --all for those of all"
    assert (neither.returncode, neither.stderr) == (1, f"munimon: {asked}\n")
    nothing = f"{home.folder}/published: nothing is published yet; run `munimon build`"
    assert (unpublished.returncode, unpublished.stderr) == (1, f"munimon: {nothing}\n")
