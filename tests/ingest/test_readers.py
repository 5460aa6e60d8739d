"""Files of every kind that is read, made here, and what comes out of them cell by cell."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from ingest.preflight import FileRefused
from ingest.readers import Sheet, read_sheets

TABLE = [["Opština", "Angažovani"], ["Šid", "1.234,5"], ["Ђаково", "око 30"]]


def workbook(**sheets: list[list[object]]) -> bytes:
    """The bytes of an xlsx with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(delimiter: str, rows: list[list[str]] = TABLE) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def refusal(content: bytes, name: str = "report.xlsx") -> tuple[str, dict[str, object]]:
    with pytest.raises(FileRefused) as refused:
        read_sheets(content, name)
    return refused.value.rule, refused.value.params


def test_each_sheet_comes_with_its_cells_where_they_stand():
    book = Workbook()
    book.active.title = "Prvi"
    book.active["C3"] = "tu"
    hidden = book.create_sheet("Drugi")
    hidden["A1"], hidden.sheet_state = 7, "hidden"
    out = io.BytesIO()
    book.save(out)

    first, second = read_sheets(out.getvalue(), "report.xlsx")
    assert (first.name, first.is_visible, first.cell(3, 3), first.cell(1, 1), first.cell(99, 99)) == ("Prvi", True, "tu", None, None)
    assert (second.name, second.is_visible, second.cell(1, 1)) == ("Drugi", False, 7.0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_table_is_one_sheet_named_for_its_file(delimiter):
    rows = [[cell.replace(",", ".") if delimiter == "," else cell for cell in row] for row in TABLE]
    assert read_sheets(text(delimiter, rows).encode(), "Новембар.csv") == [Sheet("Новембар", rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_decoded_whichever_unicode_it_is_in(encoding):
    assert read_sheets(text(";").encode(encoding), "t.csv") == [Sheet("t", TABLE)]


@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        ("cp1250", [["Opština", "Naziv poslodavca", "Angažovani"], ["Čačak", "Javno preduzeće Šumadija", "5"], ["Žabalj", "Dom učenika", "7"]]),
        (
            "cp1251",
            [["Општина", "Назив на работодавач", "Ангажирани"], ["Ѓорче Петров", "Јавно претпријатие", "5"], ["Ќојлија", "Месна заедница", "7"]],
        ),
    ],
)
def test_text_saved_in_an_office_encoding_keeps_its_letters(encoding, rows):
    assert read_sheets(text(";", rows).encode(encoding), "t.csv") == [Sheet("t", rows)]


def test_a_decimal_comma_is_no_separator():
    rows = [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]
    assert read_sheets(text(";", rows).encode(), "t.csv")[0].rows == rows


def test_the_content_decides_what_a_file_is():
    assert read_sheets(workbook(Prvi=[["a"]]), "report.csv")[0].name == "Prvi"


@pytest.mark.parametrize("content", [b"", b"\r\n \r\n"])
def test_an_empty_file_is_refused(content):
    assert refusal(content) == ("file_empty", {"name": "report.xlsx"})


def test_a_cut_off_workbook_is_refused():
    rule, _ = refusal(workbook(Prvi=TABLE)[:-200])
    assert rule == "file_unreadable"


def test_a_zip_of_files_is_no_sheet_itself():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert refusal(out.getvalue(), "photos.zip") == ("file_unreadable", {"name": "photos.zip", "reason": "zip"})


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (600 * 2**20))
    assert refusal(out.getvalue()) == ("file_too_large", {"name": "report.xlsx", "limit": "512 MB"})


def test_a_file_locked_with_a_password_is_refused_as_such():
    locked = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    assert refusal(locked) == ("file_encrypted", {"name": "report.xlsx"})


def test_binary_content_is_refused():
    assert refusal(b"\x89PNG\r\n\x1a\n\x00\x00", "scan.csv") == ("file_type_unknown", {"name": "scan.csv"})
