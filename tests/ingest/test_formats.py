"""The same report in every format that offices use, told apart by its content: equal cells, and what is hidden left out and named."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.findings import full_message
from ingest.preflight import FileRefused
from ingest.readers import read_contents, read_sheets
from ingest.values import text_as_reported
from tests.ingest.binary_files import ods, xls, xlsb
from tests.ingest.files import Rows, xlsx

ROWS = [["Poslodavac", "Angažovana lica", "Početak"], ["ЈКП Шумадија", 12, date(2024, 5, 31)], ["Dom učenika", 0.5, date(1999, 12, 31)]]


def said(content: bytes, name: str) -> list[str]:
    """What is said of a file, in English."""
    return [full_message(finding, "en") for finding in read_contents(content, name).findings]


def shown(content: bytes, name: str) -> list[list[str]]:
    """The cells of the only sheet as their sender sees them."""
    (sheet,) = read_sheets(content, name)
    return [[text_as_reported(cell) for cell in row] for row in sheet.rows]


def xlsx_hiding(rows: Rows, hidden_rows: tuple[int, ...] = (), hidden_columns: tuple[int, ...] = ()) -> bytes:
    def hide(sheet: Worksheet) -> None:
        for row in hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in hidden_columns:
            sheet.column_dimensions["ABC"[column - 1]].hidden = True
        for cells in sheet.iter_rows():
            for cell in cells:
                if str(cell.value).startswith("#"):
                    cell.data_type = "e"

    return xlsx(hide, None, List1=rows)


FORMATS = {"xlsx": xlsx_hiding, "xls": xls, "xlsb": xlsb, "ods": ods}


@pytest.mark.parametrize("form", FORMATS)
def test_cells_are_the_same_in_every_format(form):
    assert shown(FORMATS[form](ROWS), f"report.{form}") == [
        ["Poslodavac", "Angažovana lica", "Početak"],
        ["ЈКП Шумадија", "12", "2024-05-31"],
        ["Dom učenika", "0.5", "1999-12-31"],
    ]


@pytest.mark.parametrize("content", [xlsx(None, datetime(1904, 1, 1), List1=ROWS), xls(ROWS, is_1904=True), xlsb(ROWS, is_1904=True)])
def test_dates_counted_from_1904_are_the_same_days(content):
    assert [row[2] for row in shown(content, "report")] == ["Početak", "2024-05-31", "1999-12-31"]


@pytest.mark.parametrize("form", FORMATS)
def test_an_error_stands_as_its_text_and_never_as_nothing(form):
    assert shown(FORMATS[form]([["a", "b"], ["#DIV/0!", 5], [7, "#N/A"]]), f"report.{form}") == [["a", "b"], ["#DIV/0!", "5"], ["7", "#N/A"]]


@pytest.mark.parametrize("form", FORMATS)
def test_hidden_rows_and_columns_are_left_out_and_named(form):
    content = FORMATS[form]([["a", "b", "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]], (2, 3), (2,))

    assert shown(content, f"report.{form}") == [["a", "", "c"], [], [], ["7", "", "9"], ["10", "", "12"]]
    assert said(content, f"report.{form}") == [
        "Sheet “List1”, row 2: Hidden rows were left out: 2–3. Show them and send the file again if they belong to the report.",
        "Sheet “List1”: Hidden columns were left out: B. Show them and send the file again if they belong to the report.",
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_hidden_rows_and_columns_that_are_empty_are_no_matter(form):
    content = FORMATS[form]([["a", None, "c"], [None, None, None], [1, None, 3]], (2,), (2,))

    assert (shown(content, f"report.{form}")[2], said(content, f"report.{form}")) == (["1", "", "3"], [])


def test_a_formula_is_read_by_its_cached_value_and_one_never_calculated_stands_as_itself():
    content = xlsx(None, None, List1=[["a", "b"], [5, "=A2*2"]])
    calculated = _with_part(content, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>10</v>")

    assert (shown(calculated, "r.xlsx")[1], shown(content, "r.xlsx")[1]) == (["5", "10"], ["5", "=A2*2"])


def test_macros_are_passed_over():
    content = io.BytesIO(xlsx(None, None, List1=[["a"], [5]]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xcc\x61 Auto_Open")

    assert (shown(content.getvalue(), "report.xlsm"), said(content.getvalue(), "report.xlsm")) == ([["a"], ["5"]], [])


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (xlsx(None, None, List1=ROWS), "report.csv", "xlsx"),
        (xlsx(None, None, List1=ROWS), "report.xls", "xlsx"),
        (xls(ROWS), "report.xlsx", "xls"),
        (ods(ROWS), "report.XLSX", "ods"),
        (xlsb(ROWS), "report.pdf", "xlsb"),
        (b"a\tb\r\n1\t2\r\n", "report.xls", "csv"),
    ],
)
def test_a_name_that_says_otherwise_is_named_and_the_content_read(content, name, found):
    assert len(shown(content, name)) >= 2
    assert said(content, name) == [
        f"“{name}” is named like another kind of file, but its content is {found}. It was read as what it is; "
        "next time save it under the right ending."
    ]


@pytest.mark.parametrize("name", ["report", "report.xlsm", "report.bak", "Izveštaj 1.2.2024"])
def test_a_name_that_fits_or_says_nothing_is_no_matter(name):
    assert said(xlsx(None, None, List1=ROWS), name) == []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"<html><body><table><tr><td>Opstina</td></tr></table></body></html>", "file_type_unknown"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "file_type_unknown"),
        (b"%PDF-1.7\nstream", "file_type_unknown"),
        (b"{\\rtf1 Izve\xb9taj}", "file_type_unknown"),
        (xls(ROWS).replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")), "file_type_unknown"),
        (ods(ROWS, locked=True), "file_encrypted"),
        (xlsx(None, None, List1=ROWS)[:3000], "file_unreadable"),
        (xls(ROWS)[:1800], "file_unreadable"),
        (b"\xef\xbb\xbf", "file_empty"),
    ],
)
def test_what_is_no_table_or_is_broken_or_locked_is_refused(content, rule):
    with pytest.raises(FileRefused) as refused:
        read_sheets(content, "report.xlsx")
    assert refused.value.rule == rule


def test_a_stray_cell_in_the_last_corner_is_refused_before_it_fills_the_memory():
    def stray(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "x"

    with pytest.raises(FileRefused) as refused:
        read_sheets(xlsx(stray, None, List1=ROWS), "report.xlsx")
    assert (refused.value.rule, refused.value.params["sheet"]) == ("cells_far_away", "List1")


def test_a_format_to_the_end_of_the_sheet_is_no_stray_cell():
    def colour(sheet: Worksheet) -> None:
        sheet["XFD1048576"].number_format = "0.00"

    assert len(shown(xlsx(colour, None, List1=ROWS), "report.xlsx")) == 3


def test_entities_in_a_workbook_are_refused():
    content = xlsx_hiding([["a"], [5]], (2,))
    bomb = _with_part(content, "xl/worksheets/sheet1.xml", b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><worksheet ')

    with pytest.raises(FileRefused) as refused:
        read_sheets(bomb, "report.xlsx")
    assert refused.value.params["reason"] == "the XML defines entities of its own"


def test_a_hidden_sheet_says_nothing_of_its_hidden_rows():
    book = Workbook()
    book.active.append(["a"])
    hidden = book.create_sheet("Skriven")
    hidden.append(["b"])
    hidden.sheet_state, hidden.row_dimensions[1].hidden = "hidden", True
    out = io.BytesIO()
    book.save(out)

    assert said(out.getvalue(), "report.xlsx") == []


def _with_part(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A zip with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            xml = before.read(part)
            if part == name:
                assert old in xml
                xml = xml.replace(old, new)
            after.writestr(part, xml)
    return out.getvalue()
