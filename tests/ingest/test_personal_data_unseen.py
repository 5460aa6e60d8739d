"""An identity number is found wherever it hides: where no cell shows it, and by whichever way and format it comes."""

import io
import tempfile
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl.comments import Comment

from tests.ingest.binary_files import ods, xls, xlsb
from tests.ingest.files import xlsx
from tests.ingest.mail_files import compound_file, eml, mbox, outlook
from tests.ingest.personal_files import NUMBER, everything_in, refusal


def hide_row(sheet, book):
    sheet["B3"] = NUMBER
    sheet.row_dimensions[3].hidden = True


def hide_column(sheet, book):
    sheet["B3"] = int(NUMBER)
    sheet.column_dimensions["B"].hidden = True


def hide_sheet(sheet, book):
    book.create_sheet("radni").append([None, NUMBER])
    book["radni"].sheet_state = "veryHidden"


def name_sheet(sheet, book):
    book.create_sheet(f"Lice {NUMBER}").append(["x"])


def comment(sheet, book):
    sheet["H3"].comment = Comment(f"to je {NUMBER}", "x")


def describe(sheet, book):
    book.properties.description = f"Za {NUMBER}"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (hide_row, ("personal_number", "Angažovani radnici", "B3", None)),
        (hide_column, ("personal_number", "Angažovani radnici", "B3", None)),
        (hide_sheet, ("personal_number", "radni", "B1", None)),
        (name_sheet, ("personal_number_unseen", None, None, None)),
        (comment, ("personal_number_unseen", None, None, None)),
        (describe, ("personal_number_unseen", None, None, None)),
    ],
)
def test_an_identity_number_that_is_not_seen_is_found_too(home, filled, send_one, change, found):
    assert refusal(send_one(filled(change))) == [found]
    assert NUMBER.encode() not in everything_in(home.folder)


def test_a_text_left_behind_in_a_workbook_is_found_too(report, send_one):
    path = report()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{NUMBER}</t></si></sst>")
    submission = send_one(path)

    assert refusal(submission) == [("personal_number_unseen", None, None, None)]
    assert "(nađeno: xl/sharedStrings.xml)" in submission.findings[0].message


def as_mail(content: bytes) -> bytes:
    return eml(("r.csv", content), text=f"JMBG {NUMBER}", sent="Wed, 10 Apr 2024 08:00:00 +0000").as_bytes()


def zip_of(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Kruševac/r.csv", content)
    return out.getvalue()


TABLE = [["Poslodavac", "Angažovana lica", "Napomena"], ["Dom učenika", 3, NUMBER]]
CSV = "".join(";".join(map(str, row)) + "\r\n" for row in TABLE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.csv", CSV.encode()),
        ("r.csv", CSV.encode("utf-16")),
        ("r.ods", ods(TABLE)),
        ("r.ods", ods([*TABLE[:1], ["Dom učenika", 3, int(NUMBER)]])),
        ("r.xls", xls(TABLE)),
        ("r.xls", xls([*TABLE[:1], ["Dom učenika", 3, int(NUMBER)]], hidden_columns=(3,))),
        ("r.xlsb", xlsb(TABLE)),
        ("r.zip", zip_of(CSV.encode())),
        ("m.eml", as_mail(CSV.encode())),
        ("m.eml", eml(("r.zip", zip_of(CSV.encode())), sent="Wed, 10 Apr 2024 08:00:00 +0000").as_bytes()),
        ("m.mbox", mbox([eml(("r.csv", CSV.encode()), sent="Wed, 10 Apr 2024 08:00:00 +0000")])),
        ("m.msg", compound_file(outlook(("r.csv", CSV.encode()), sent=datetime(2024, 4, 10, 8, tzinfo=UTC)))),
    ],
)
def test_by_whichever_way_and_format_it_comes_nothing_of_it_is_left(home, send, tmp_path, monkeypatch, capfd, name, content):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (tmp_path / name).write_bytes(content)

    (submission,) = send(tmp_path / name, municipality="Kruševac", programme="SAMPLE", period="2024-Q1").submissions

    assert refusal(submission) == [("personal_number", submission.findings[0].sheet, "C2", None)]
    stored = everything_in(home.folder) + everything_in(temporary) + "".join(capfd.readouterr()).encode()
    for digits in (NUMBER, NUMBER.lstrip("0")):
        assert digits.encode() not in stored
        assert digits.encode("utf-16-le") not in stored
    assert not list(home.landing.rglob("*"))


def with_embedded_workbook() -> bytes:
    out = io.BytesIO(xlsx(None, None, List1=[["Poslodavac", "Angažovana lica"], ["Dom učenika", 3]]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/embeddings/Microsoft_Excel_Sheet1.xlsx", xlsx(None, None, List1=[["x"], [NUMBER]]))
    return out.getvalue()


def with_comment() -> bytes:
    out = io.BytesIO(xlsx(None, None, List1=[["Poslodavac", "Angažovana lica"], ["Dom učenika", 3]]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = f"JMBG {NUMBER}".encode()
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.xlsx", with_embedded_workbook()),
        ("r.xlsx", with_comment()),
        ("r.xls", xls([["Poslodavac", "Angažovana lica"], ["Dom učenika", 3]]) + f"<title>{NUMBER}</title>".encode().ljust(512, b"\0")),
        ("r.xls", xls([["Poslodavac", "Angažovana lica"], ["Dom učenika", 3]]) + f" {NUMBER} ".encode("utf-16-le").ljust(512, b"\0")),
    ],
    ids=["embedded workbook", "comment of the zip", "property of an xls", "comment in an xls"],
)
def test_what_no_cell_of_a_workbook_shows_is_looked_into_too(home, send, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    (submission,) = send(tmp_path / name, municipality="Kruševac", programme="SAMPLE", period="2024-Q1").submissions

    assert refusal(submission) == [("personal_number_unseen", None, None, None)]
    assert NUMBER.encode() not in everything_in(home.folder)
