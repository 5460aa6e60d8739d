"""A whole round of reporting, in Macedonian: form, filled, wrong, mailed, answered, corrected, mailed again, accepted, receipt."""

import email
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingest.accounts import open_account
from ingest.ledger import Ledger
from ingest.sections import load_report_sheet, load_sections
from ingest.templates import write_report
from munimon import pipeline
from munimon.forms import Form, write_forms
from munimon.outbox import Drafts, write_drafts
from munimon.reference import copy_reference
from munimon.results import IngestOptions, SubmissionResult, keep_quiet
from munimon.settings import Home
from tests.ingest.mail_files import eml

BITOLA, KICEVO = "MK00501", "MK00307"
ENGAGEMENTS, GRANTS = (load_sections()[name] for name in ("engagements", "grants"))
CONTACTS = f"municipality_code,programme_id,name,email,language\n{BITOLA},,Писарница,pisarnica@bitola.example,mk\n{KICEVO},,,info@kicevo.example,sq\n"


@dataclass(frozen=True)
class Round:
    """A home after its first quarter: two municipalities take part, one has reported, all is published."""

    home: Home
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def on(self, day: str) -> None:
        self.monkeypatch.setenv("MUNIMON_NOW", day)

    def mail(self, name: str, workbook: Path, day: str) -> SubmissionResult:
        """The municipality mails a workbook, and the mail is taken in."""
        path = self.folder / name
        mail = eml((workbook.name, workbook.read_bytes()), sender="Ана <ana@bitola.example>", sent=f"{day} 09:30:00 +0200")
        path.write_bytes(mail.as_bytes())
        (received,) = pipeline.ingest(self.home, [path], IngestOptions()).submissions
        return received

    def draft(self) -> Drafts:
        return write_drafts(self.home, self.folder / "drafts", "SAMPLE", None, None, keep_quiet)

    def read(self, file_name: str) -> EmailMessage:
        message = email.message_from_bytes((self.folder / "drafts" / file_name).read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        return message

    def save_attachment(self, message: EmailMessage) -> Path:
        (part,) = message.iter_attachments()
        path = self.folder / str(part.get_filename())
        path.write_bytes(part.get_content())
        return path


@pytest.fixture(scope="module")
def reporting(tmp_path_factory: pytest.TempPathFactory) -> Round:
    folder = tmp_path_factory.mktemp("round")
    with pytest.MonkeyPatch.context() as monkeypatch:
        reporting = Round(Home(folder / "home"), folder, monkeypatch)
        copy_reference(reporting.home)
        (reporting.home.reference / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
        reporting.on("2024-04-20T12:00")
        supported = [{"municipality": name, "role": "supported"} for name in ("Битола", "Кичево")]
        first = {
            "engagements": [
                {"engagement_ref": "А-1", "employer_name": "ЈКП „Водовод“", "started_on": "15.2.2024", "engaged_persons": 12, "engaged_women": 5},
                {
                    "engagement_ref": "А-2",
                    "employer_name": "ЈП „Комуналец“",
                    "started_on": "10.1.2024",
                    "ended_on": "20.3.2024",
                    "engaged_persons": 3,
                },
                {"employer_name": "Задруга „Сонце“", "started_on": "март 2024", "engaged_persons": "околу 30"},
            ],
            "grants": [
                {"grant_ref": "Г-1", "grantee_name": "Здружение", "currency": "MKD", "awarded_amount": 90000.5, "spent_amount": 40000},
                {
                    "grant_ref": "Г-2",
                    "grantee_name": "Задруга",
                    "currency": "MKD",
                    "awarded_amount": 500,
                    "disbursed_amount": 500,
                    "spent_amount": 500,
                },
            ],
        }
        whole = {"language": "mk", "programme": "SAMPLE", "statement": "replaces"}
        write_report(folder / "list.xlsx", municipality=None, period="2024", rows={"participations": supported}, **whole)
        write_report(folder / "q1.xlsx", municipality="Битола", period="2024-Q1", rows=first, **whole)
        outcome = pipeline.ingest(reporting.home, [folder / "list.xlsx", folder / "q1.xlsx"], IngestOptions(sent_by="Координација"))
        assert {each.status for each in outcome.submissions} == {"accepted"}
        reporting.on("2024-05-02T08:00")
        pipeline.build(reporting.home)
        yield reporting


@pytest.fixture(scope="module")
def forms(reporting: Round) -> list[Form]:
    return write_forms(reporting.home, "SAMPLE", "2024-Q2", None, reporting.folder / "forms", keep_quiet)


def text_of(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def column(sheet: Worksheet, field: str) -> int:
    label = next(each.labels["mk"] for section in (ENGAGEMENTS, GRANTS) for each in section.fields if each.name == field)
    return next(cell.column for cell in sheet[2] if cell.value == label)


def written(path: Path, section: str, *fields: str, rows: int) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(path)[load_sections()[section].labels["mk"]]
    return [tuple(sheet.cell(row, column(sheet, field)).value for field in fields) for row in range(3, 3 + rows)]


def raw_rows(home: Home, submission_id: str, section: str) -> dict[str, dict[str, object]]:
    """Thing → what is said of it, but for where it stood."""
    files = str(home.raw / section / "*.parquet")
    table = duckdb.execute(
        "select * from read_parquet($files, union_by_name = true) where submission_id = $id", {"files": files, "id": submission_id}
    )
    names = [each[0] for each in table.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in table.fetchall()]
    return {str(row["thing_key"]): {name: value for name, value in row.items() if name not in PLACE} for row in rows}


PLACE = {"submission_id", "batch_id", "source_row", "source_sheet", "as_reported", "thing_key"}


def test_each_form_holds_what_is_not_over_in_the_municipalitys_language_and_refs_for_what_is_new(forms: list[Form]) -> None:
    bitola = forms[1]

    assert [(form.municipality_code, form.path.name, form.language, form.rows) for form in forms] == [
        (KICEVO, "Kičevo_SAMPLE_2024-Q2.xlsx", "sq", 0),
        (BITOLA, "Bitola_SAMPLE_2024-Q2.xlsx", "mk", 3),
    ]
    shown = written(bitola.path, "engagements", "engagement_ref", "employer_name", "ended_on", "engaged_persons", "engaged_women", rows=4)
    assert shown == [
        ("А-1", "ЈКП „Водовод“", None, 12, 5),
        (None, "Задруга „Сонце“", None, "околу 30", None),
        ("E-24Q2-01", None, None, None, None),
        ("E-24Q2-02", None, None, None, None),
    ]
    assert written(bitola.path, "grants", "grant_ref", "awarded_amount", "spent_amount", rows=2) == [
        ("Г-1", 90000.5, 40000),
        ("G-24Q2-01", None, None),
    ]


def test_a_form_of_one_municipality_is_filled_in_too_unless_it_is_to_be_blank(reporting: Round) -> None:
    asked = (reporting.home, "Битола", "SAMPLE", "2024-Q2", None)
    filled, blank = (pipeline.template(*asked, reporting.folder / f"{name}.xlsx", name == "blank") for name in ("filled", "blank"))

    assert written(filled, "engagements", "engagement_ref", rows=3) == [("А-1",), (None,), ("E-24Q2-01",)]
    assert written(blank, "engagements", "engagement_ref", rows=3) == [(None,), (None,), (None,)]


def test_a_form_that_comes_back_untouched_says_the_same_again_of_the_same_things(reporting: Round, forms: list[Form]) -> None:
    reporting.on("2024-05-10T12:00")
    first = next(row for row in submissions(reporting.home) if row["period_id"] == "2024-Q1" and row["municipality_code"] == BITOLA)

    again = reporting.mail("untouched.eml", forms[1].path, "Fri, 10 May 2024")

    assert (again.status, again.accepted_rows, [finding.rule for finding in again.findings]) == ("accepted", 3, ["section_empty_not_said"])
    for section in ("engagements", "grants"):
        before, after = (raw_rows(reporting.home, each, section) for each in (first["submission_id"], again.submission_id))
        assert after == {key: before[key] for key in after}
    pipeline.withdraw(reporting.home, again.submission_id, "only tried")


def submissions(home: Home) -> list[dict[str, object]]:
    return Ledger(home.ledger).select("select * from current_submissions")


def test_who_has_not_reported_is_reminded_with_their_form(reporting: Round) -> None:
    drafts = reporting.draft()

    (reminder,) = [draft for draft in drafts.written if "reminder" in draft.file_name]
    assert (reminder.file_name, reminder.subject) == ("Kičevo_SAMPLE_2024-Q1_reminder_sq.eml", "Mungon raporti: Kičevo, SAMPLE, 2024-Q1")
    message = reporting.read(reminder.file_name)
    assert (message["X-Unsent"], message["To"], message["Cc"], message["Date"]) == ("1", "info@kicevo.example", None, None)
    assert "2024-Q1 (afati: 15 prill 2024)" in text_of(message)
    assert "Raporti" in openpyxl.load_workbook(reporting.save_attachment(message)).sheetnames


def test_the_round_from_a_wrong_report_to_its_receipt(reporting: Round, forms: list[Form]) -> None:
    reporting.on("2024-07-08T12:00")
    book = openpyxl.load_workbook(forms[1].path)
    sheet = book[ENGAGEMENTS.labels["mk"]]
    sheet.cell(3, column(sheet, "engaged_women")).value = 15  # of 12
    sheet.cell(5, column(sheet, "employer_name")).value = "Социјално претпријатие"
    sheet.cell(5, column(sheet, "engaged_persons")).value = "неколку"
    book.save(reporting.folder / "Извештај за К2.xlsx")

    wrong = reporting.mail("wrong.eml", reporting.folder / "Извештај за К2.xlsx", "Mon, 08 Jul 2024")
    drafts = reporting.draft()

    assert (wrong.file, wrong.status, wrong.accepted_rows, wrong.quarantined_rows) == ("Извештај за К2.xlsx", "partly_accepted", 2, 2)
    errors = {finding.cell for finding in wrong.findings if finding.severity == "error"}
    women, persons = (sheet.cell(row, column(sheet, field)).coordinate for row, field in ((3, "engaged_women"), (5, "engaged_persons")))
    assert errors == {women, persons}
    name = f"Bitola_SAMPLE_2024-Q2_corrections_{wrong.submission_id}_mk.eml"
    assert [(draft.file_name, draft.subject) for draft in drafts.written] == [
        (name, "Извештајот е делумно примен, ве молиме исправете го: Битола, SAMPLE, 2024-Q2")
    ]
    answer = reporting.read(name)
    assert (str(answer["To"]), str(answer["Cc"])) == ("Писарница <pisarnica@bitola.example>", "ana@bitola.example")
    told = text_of(answer)
    assert told.startswith("Почитувани колешки и колеги,\n")
    for finding in wrong.findings:
        if finding.severity == "error":
            assert finding.message in told
    assert reporting.draft() == Drafts((), drafts.left_out)

    reporting.on("2024-07-10T12:00")
    marked = reporting.save_attachment(answer)
    book = openpyxl.load_workbook(marked)
    sheet = book[ENGAGEMENTS.labels["mk"]]
    assert all(sheet[cell].comment for cell in errors)
    sheet[women].value, sheet[persons].value = 6, 4
    first = book[load_report_name()]
    for row in first.iter_rows(min_col=2, max_col=2):
        if row[0].row > 10 and row[0].value is None and first.cell(row[0].row, 1).value:
            row[0].value = "Нема што да се пријави"
    book.save(marked)

    right = reporting.mail("right.eml", marked, "Wed, 10 Jul 2024")
    (receipt,) = reporting.draft().written

    assert (right.status, right.accepted_rows, right.findings) == ("accepted", 4, ())
    assert raw_rows(reporting.home, right.submission_id, "engagements").keys() >= {"ref:a 1", "ref:e 24q2 01"}
    assert receipt.file_name == f"Bitola_SAMPLE_2024-Q2_receipt_{right.submission_id}_mk.eml"
    assert receipt.subject == "Извештајот е примен: Битола, SAMPLE, 2024-Q2"
    thanks = reporting.read(receipt.file_name)
    assert list(thanks.iter_attachments()) == []
    assert "Не е најдено ништо што треба да се исправи." in text_of(thanks)
    assert account_of_mended(reporting.home, right.submission_id) in text_of(thanks)

    # what came since the last build is not published, but its refs are used
    again = pipeline.template(reporting.home, "Битола", "SAMPLE", "2024-Q2", None, reporting.folder / "again.xlsx")
    assert written(again, "engagements", "engagement_ref", rows=3) == [("А-1",), (None,), ("E-24Q2-02",)]


def load_report_name() -> str:
    return load_report_sheet().sheet.labels["mk"]


def account_of_mended(home: Home, submission_id: str) -> str:
    account = open_account(home, submission_id, "mk")
    assert account.mended is not None
    assert account.mended.still_open == ()
    return account.say("mended", mended=account.mended.count, count=account.mended.of)
