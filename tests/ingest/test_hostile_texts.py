"""What a report says is data wherever it goes: no formula, tag, header, path, statement or sign that a terminal obeys is made of it."""

import email
import sqlite3
from email.policy import default
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ingest.feedback import feedback_text, write_feedback
from ingest.findings import as_line
from ingest.ledger import Ledger
from munimon.checks import Scope, write_checks_report
from munimon.outbox import write_drafts
from munimon.printing import print_outcome
from munimon.reference import copy_reference
from munimon.results import keep_quiet

HOSTILE = [
    '=HYPERLINK("http://localhost:1/"&A1)',
    "+cmd|'/c calc'!A1",
    "@SUM(1+1)*cmd|'/c calc'!A1",
    "<script>alert(1)</script><img src=http://localhost:1/x.png onerror=alert(1)>",
    "![x](http://localhost:1/x.png) [y](javascript:alert(1))",
    "'; drop table submissions; --",
    "{{ 7*7 }}${7*7}{% raw %}",
    "../../../../tmp/x; $(touch x) `touch x` | touch x",
    "x\r\nBcc: someone@localhost\r\n\r\nx",
    "\x1b[2J\x1b]0;x\x07\u202etxt.exe",
]
# Sheets and files may not have every sign in their names.
SHEET = "<img src=x onerror=a>=1+1';--"
FILE = "=1+1 <img src=x> \x1b[2J\nBcc: someone@localhost\n'; drop table receipts;--.csv"


@pytest.fixture
def hostile(home, tmp_path: Path, send_one):
    """A report that was taken in, with hostile texts where figures were asked for, in a heading and in its file's name."""
    lines = [
        "Poslodavac;Angažovana lica;<script>x</script>",
        *(f'"{text.replace(chr(34), chr(34) * 2)}";"{text.replace(chr(34), chr(34) * 2)}";x' for text in HOSTILE),
    ]
    (tmp_path / FILE).write_text("\n".join(lines), encoding="utf-8", newline="")
    copy_reference(home)
    return send_one(tmp_path / FILE, municipality="Kruševac", programme="SAMPLE", period="2024-Q1")


def test_each_text_is_quoted_in_a_finding_as_it_is_and_on_one_line(hostile):
    unreadable = [finding for finding in hostile.findings if finding.rule == "number_unreadable"]

    assert [finding.value_as_reported for finding in unreadable] == HOSTILE
    assert all(as_line(text)[:60] in finding.message for text, finding in zip(HOSTILE, unreadable, strict=True))
    assert all(finding.message.isprintable() for finding in hostile.findings)


def test_it_is_stored_as_text_and_the_tables_stand(home, hostile):
    with sqlite3.connect(home.ledger) as ledger:
        names = {name for (name,) in ledger.execute("select name from sqlite_master where type = 'table'")}
    assert {"submissions", "receipts", "findings"} <= names
    assert [row["value_as_reported"] for row in Ledger(home.ledger).select("select * from findings where rule = 'number_unreadable'")] == HOSTILE
    assert {path.suffix for path in home.landing.rglob("*") if path.is_file()} == {""}
    assert not list(home.folder.parent.rglob("x"))


def test_what_is_printed_is_obeyed_by_no_terminal(hostile, capfd):
    from munimon.results import IngestOutcome

    print_outcome(IngestOutcome((hostile,)))
    printed = capfd.readouterr().out

    assert all(line.isprintable() for line in printed.splitlines())
    assert len(printed.splitlines()) == 1 + len(hostile.findings)


def test_the_answer_as_a_workbook_holds_texts_and_leads_nowhere(home, hostile, tmp_path):
    written = write_feedback(home, hostile.submission_id, tmp_path / "answer.xlsx")
    book = load_workbook(written)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    shown = " ".join(str(cell.value) for cell in cells)
    assert all(as_line(text)[:60] in as_line(shown) for text in HOSTILE)


def test_the_answer_as_text_keeps_each_mistake_to_its_line(home, hostile):
    text = feedback_text(home, hostile.submission_id)

    assert all(line.isprintable() for line in text.splitlines())
    assert not [line for line in text.splitlines() if line.startswith("Bcc")]


def test_the_page_of_checks_has_no_tag_of_it(home, hostile, tmp_path):
    page = write_checks_report(home, Scope(batch="last"), "en", tmp_path / "checks.html").read_text(encoding="utf-8")

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_a_draft_has_the_headers_and_recipients_that_we_gave_it(home, hostile, tmp_path):
    contacts = 'municipality_code,programme_id,name,email,language\n70670,,"Pisarnica\r\nBcc: x@localhost",pisarnica@krusevac.ls.gov.rs,sr-Latn\n'
    (home.reference / "contacts.csv").write_text(contacts.replace("\r\n", " "), encoding="utf-8")
    write_drafts(home, tmp_path / "drafts", None, None, None, keep_quiet)
    (path,) = (tmp_path / "drafts").glob("*.eml")
    mail = email.message_from_bytes(path.read_bytes(), policy=default)

    assert path.parent == tmp_path / "drafts"
    assert (mail["Bcc"], [address.addr_spec for address in mail["To"].addresses]) == (None, ["pisarnica@krusevac.ls.gov.rs"])
    assert all(name == Path(name).name and name.isprintable() for part in mail.iter_attachments() if (name := part.get_filename()))


def test_the_name_of_a_sheet_is_quoted_and_nothing_more(home, sheets, send_one, tmp_path):
    path = sheets("r.xlsx", **{SHEET: [["Poslodavac", "Angažovana lica"], ["Dom", "x"]]})
    submission = send_one(path, municipality="Kruševac", programme="SAMPLE", period="2024-Q1")

    assert {finding.sheet for finding in submission.findings} == {SHEET}
    page = write_checks_report(home, Scope(batch="last"), "en", tmp_path / "checks.html").read_text(encoding="utf-8")
    assert "<img" not in page
    book = load_workbook(write_feedback(home, submission.submission_id, tmp_path / "answer.xlsx"))
    assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
