"""Data on persons do not come in: the file is refused before anything of it is stored, and no byte of it is found afterwards."""

import sqlite3
import tempfile
from datetime import date

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from ingest.personal import has_identity_number, is_identity_number, scrub
from munimon.allow_cli import allow_app
from munimon.settings import MunimonError
from tests.ingest.personal_files import NUMBER, everything_in, identity_number, refusal

NUMBER_2005 = identity_number(date(2005, 12, 31), 451230)


@pytest.mark.parametrize("day", [date(1899, 1, 1), date(1900, 1, 1), date(1990, 2, 28), date(2000, 2, 29), date(2024, 12, 31)])
def test_one_in_ten_numbers_of_a_day_is_valid_and_of_no_other_day(day):
    begin = f"{day:%d%m}{day.year % 1000:03}71001"
    valid = [is_identity_number(f"{begin}{digit}") for digit in range(10)]

    assert sum(valid) == (1 if day.year >= 1900 else 0)
    assert not any(is_identity_number(f"{day:%d}13{day.year % 1000:03}71001{digit}") for digit in range(10))


def test_an_identity_number_is_known_in_every_way_of_writing_it():
    n = NUMBER
    written = [
        n, f" {n} ", f"'{n}", f"{n[:2]} {n[2:4]} {n[4:7]} {n[7:]}", f"{n[:7]}-{n[7:]}", f"JMBG: {n}.", f"Petar ({n})", "\u200b".join(n),
        "".join(chr(ord(digit) + 0xFEE0) for digit in n), int(n), float(n), n.lstrip("0"), NUMBER_2005, int(NUMBER_2005),
    ]  # fmt: skip

    assert [text for text in written if not has_identity_number(text)] == []


def test_other_long_numbers_are_no_identity_numbers():
    tax_number, account, stamp = "4030999361410", "840-0000714112843-10", 1704067200000
    wrong_digit = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    others = [tax_number, int(tax_number), account, stamp, wrong_digit, f"1{NUMBER}", f"{NUMBER}1", f"0.{NUMBER}", 1e999, float("nan"), True, None]

    assert [text for text in others if has_identity_number(text)] == []


def test_a_file_with_an_identity_number_is_refused_and_nothing_of_it_is_found_afterwards(home, filled, send_one, tmp_path, monkeypatch, capfd):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def write(sheet, book):
        sheet["B3"], sheet["B4"] = NUMBER, int(NUMBER_2005)

    rows = {"engagements": [{"engagement_ref": "A-1", "engaged_persons": 12}, {"engagement_ref": "A-2", "engaged_persons": 3}]}
    submission = send_one(filled(write, f"izveštaj {NUMBER}.xlsx", rows=rows))

    assert refusal(submission) == [("personal_number", "Angažovani radnici", "B3", None)]
    assert submission.file == "izveštaj ….xlsx"
    assert submission.findings[0].message == (
        "List „Angažovani radnici“, ćelija B3: U koloni B je JMBG. Izveštaj ne sme da sadrži lične podatke: datoteka je odbijena i ništa iz nje nije "
        "sačuvano. Obrišite JMBG-ove i pošaljite datoteku ponovo; ako je u redu jedno lice, upišite svoju šifru."
    )
    assert (submission.municipality_code, submission.programme_id) == ("70670", "SAMPLE")
    stored = everything_in(home.folder) + everything_in(temporary) + "".join(capfd.readouterr()).encode()
    for number in (NUMBER, NUMBER_2005):
        for digits in (number, number.lstrip("0")):
            assert digits.encode() not in stored
            assert digits.encode("utf-16-le") not in stored
    assert not list(home.landing.rglob("*"))
    with sqlite3.connect(home.ledger) as ledger:
        assert ledger.execute("select file_sha256 is not null, file_name from receipts").fetchall() == [(1, "izveštaj ….xlsx")]


@pytest.mark.parametrize(
    ("headings", "values", "found"),
    [
        (("Ime i prezime", "Angažovana lica"), ("Petar Petrović", 1), ("personal_names", "A2", "„Ime i prezime“")),
        (("Име и презиме", "Ангажирани лица"), ("Петар Петров", 1), ("personal_names", "A2", "„Име и презиме“")),
        (("Emri dhe mbiemri", "Persona të angazhuar"), ("Agim Hoxha", 1), ("personal_names", "A2", "“Emri dhe mbiemri”")),
        (("Name and surname:", "Engaged persons"), ("John", 1), ("personal_names", "A2", "“Name and surname:”")),
        (("Prezime", "Angažovana lica"), ("Petrović", 1), ("personal_names", "A2", "„Prezime“")),
        (("JMBG", "Angažovana lica"), ("nepotpun 0101", 1), ("personal_number_column", "A2", "„JMBG“")),
        (("Број личне карте", "Ангажована лица"), ("001234567", 1), ("personal_number_column", "A2", "„Број личне карте“")),
        (("ЕМБГ", "Ангажирани лица"), (123456, 1), ("personal_number_column", "A2", "„ЕМБГ“")),
        (("Broj LK", "Angažovana lica"), ("001234567", 1), ("personal_number_column", "A2", "„Broj LK“")),
        (("National ID", "Engaged persons"), ("A1234567", 1), ("personal_number_column", "A2", "“National ID”")),
        (("Emër mbiemër", "Persona të angazhuar"), ("Agim", 1), ("personal_names", "A2", "“Emër mbiemër”")),
        (("Home address", "Engaged persons", "Employer"), ("12 High Street", 1, "Home"), ("personal_contact", "A2", "“Home address”")),
        (("Telefon", "Angažovana lica", "Poslodavac"), (641234567, 1, "Dom"), ("personal_contact", "A2", "„Telefon“")),
        (("Napomena", "Angažovana lica"), ("zvati na 064/123-4567", 1), ("personal_contact", "A2", "A")),
        (("Napomena", "Angažovana lica"), ("+389 70 123 456", 1), ("personal_contact", "A2", "A")),
        (("Poslodavac", "Angažovana lica"), ("pera@example.org", 1), ("personal_contact", "A2", "A")),
        (("Šifra lica", "Angažovana lica"), ("021 456 789", 1), ("personal_contact", "A2", "A")),
    ],
)
def test_names_numbers_and_contacts_of_persons_are_refused_by_column_and_first_cell(table, send_one, headings, values, found):
    submission = send_one(table("angazovani.csv", headings, values), municipality="Kruševac", programme="SAMPLE", period="2024-Q1")
    (finding,) = submission.findings

    assert (submission.status, finding.rule, finding.cell, finding.value_as_reported) == ("refused", *found[:2], None)
    assert found[2] in finding.message
    assert str(values[0]) not in finding.message


def test_a_column_of_names_is_known_by_its_names_where_no_heading_says_so(table, send_one):
    rows = [("Милан Јовић", 1), ("Ana Marković", 1), ("Dragan", 1), ("Jelena Ilić", 1), ("Stefan Kostić-Savić", 1)]
    submission = send_one(table("a.csv", ("Korisnik", "Angažovana lica"), *rows), municipality="Kruševac", programme="SAMPLE", period="2024-Q1")

    assert refusal(submission) == [("personal_names", "a", "A2", None)]


def test_what_the_form_asks_for_is_no_personal_data(home, report, send_one):
    rows = {
        "engagements": [
            {
                "engagement_ref": f"061/202400{number}",
                "person_ref": f"L-{number}",
                "employer_name": name,
                "engaged_persons": 1,
                "started_on": "01.02.2024",
            }
            for number, name in enumerate(["Milan Jovanović PR", "Ana Marković", "Dragan Ilić", "Petar Kostić"])
        ],
        "grants": [{"grantee_name": "udruzenje@example.org", "awarded_amount": 641234567, "currency": "RSD"}],
    }
    submission = send_one(report(rows=rows))

    assert [finding.rule for finding in submission.findings if finding.rule.startswith("personal")] == []
    assert (submission.status, submission.accepted_rows) == ("accepted", 5)


@pytest.mark.parametrize("text", ["03/04/2024", "06-12-2023", "03 04 2024", "01-06/2024"])
def test_dates_and_periods_of_the_first_months_are_no_telephone_numbers(table, send_one, text):
    rows = (("Početak angažovanja", "Angažovana lica", "Napomena"), ("1.2.2024.", 1, text))
    submission = send_one(table("a.csv", *rows), municipality="Kruševac", programme="SAMPLE", period="2024-Q1")

    assert [finding.rule for finding in submission.findings if finding.rule.startswith("personal")] == []


def test_who_signs_the_report_may_say_so(sheets, send_one):
    path = sheets(
        "r.xlsx",
        Angažovani=[["Poslodavac", "Angažovana lica"], ["Dom učenika", 3], [], ["Ime i prezime", "Potpis"], ["Petar Petrović", None]],
    )
    assert send_one(path, municipality="Kruševac", programme="SAMPLE", period="2024-Q1").status != "refused"


def test_a_file_that_is_no_report_is_looked_into_as_well(home, table, send_one):
    submission = send_one(table("spisak.csv", ("Redni broj", "Nešto"), (1, NUMBER)))

    assert refusal(submission) == [("personal_number", "spisak", "B2", None)]
    assert NUMBER.encode() not in everything_in(home.folder)


def test_a_coordinator_may_allow_it_for_one_programme_on_record_and_take_it_back(home, filled, send_one):
    def write(sheet, book):
        sheet["B3"] = NUMBER

    path = filled(write)
    other = filled(write, "other.xlsx", programme="MK-LSP")
    refused = send_one(path)
    allowed = CliRunner().invoke(allow_app, ["personal-data", "--programme", "SAMPLE", "--reason", "agreement 12", "--home", str(home.folder)])
    again = send_one(path)

    assert allowed.exit_code == 0, allowed.output
    assert (again.status, again.accepted_rows) == ("accepted", 1)
    assert again.submission_id != refused.submission_id
    assert [(finding.severity, finding.rule) for finding in again.findings] == [("warning", "personal_data_allowed")]
    assert send_one(path).status == "already_received"
    assert send_one(other).status == "refused"
    assert CliRunner().invoke(allow_app, ["revoke", "--programme", "SAMPLE", "--reason", "it ended", "--home", str(home.folder)]).exit_code == 0
    assert send_one(filled(write, "third.xlsx", period="2024-Q2")).status == "refused"
    listed = CliRunner().invoke(allow_app, ["list", "--home", str(home.folder)]).output
    assert listed.splitlines() == [
        "2024-04-10T12:00:00  SAMPLE: personal data allowed by coordinator: agreement 12",
        "2024-04-10T12:00:00  SAMPLE: personal data revoked by coordinator: it ended",
    ]


def test_what_was_let_in_is_read_again_though_it_is_no_longer_allowed(home, filled, send_one):
    from ingest.allowances import allow_personal_data, revoke_personal_data
    from ingest.entries import Entry
    from ingest.rebuilding import rebuild_raw
    from munimon.results import keep_quiet

    allow_personal_data(home, "SAMPLE", "agreement", Entry.now())
    send_one(filled(lambda sheet, book: sheet.__setitem__("B3", NUMBER)))
    revoke_personal_data(home, "SAMPLE", "it ended", Entry.now())
    rebuild_raw(home, keep_quiet)

    assert sum(pq.read_table(path).num_rows for path in home.raw.glob("engagements/*.parquet")) == 1


def test_an_allowance_needs_a_known_programme_and_a_reason(home):
    from ingest.allowances import allow_personal_data, revoke_personal_data
    from ingest.entries import Entry

    for act, programme, reason, said in (
        (allow_personal_data, "NO-SUCH", "x", "--programme 'NO-SUCH': not in programmes.csv"),
        (allow_personal_data, "SAMPLE", " ", "--reason: say why; it is kept in the ledger"),
        (revoke_personal_data, "SAMPLE", "x", "--programme 'SAMPLE': its reports may not hold personal data as it is"),
    ):
        with pytest.raises(MunimonError, match=said.replace("(", r"\(")):
            act(home, programme, reason, Entry.now())


def test_names_of_files_are_scrubbed_and_keep_the_rest():
    assert scrub(f"mail/{NUMBER[:7]} {NUMBER[7:]} Q1.xlsx") == "mail/… Q1.xlsx"
    assert scrub("za pera@example.org 064/123-45-67.xlsx") == "za … ….xlsx"
    assert scrub("izvestaj_2024-03-31_20240331120000_v2.xlsx") == "izvestaj_2024-03-31_20240331120000_v2.xlsx"
    assert scrub("01.02.2024-31.03.2024.csv") == "01.02.2024-31.03.2024.csv"


def test_digits_of_another_script_and_signs_that_are_not_seen_hide_no_number_in_a_name_of_a_file():
    for written in ("\u200b".join(NUMBER), "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER), "\u00ad".join(NUMBER)):
        assert scrub(f"izveštaj {written}.xlsx") == "izveštaj ….xlsx"
