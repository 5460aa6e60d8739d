"""Folders and zips of reports: each file in them is one of its own."""

import io
import zipfile
from pathlib import Path

import pytest

from ingest import archives
from ingest.archives import NamedFile, files_in
from ingest.packed import MOST_MEMBERS
from tests.ingest.files import xlsx

REPORT = xlsx(None, None, List1=[["a"], [5]])


def zip_of(**members: bytes) -> bytes:
    return zip_of_names(members)


def zip_of_names(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def names_in(path: Path) -> list[str]:
    return [file.name for file in files_in(path)]


@pytest.fixture
def write(tmp_path):
    def put(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return put


def test_a_workbook_is_one_file_though_it_is_a_zip(write):
    assert list(files_in(write("r.xlsx", REPORT))) == [NamedFile("r.xlsx", REPORT)]


def test_each_file_in_a_zip_is_a_file_with_the_name_of_both(write):
    path = write("izvestaji.zip", zip_of_names({"Čačak/Q1.xlsx": REPORT, "Užice.csv": b"a;b\n1;2\n"}))

    assert list(files_in(path)) == [NamedFile("izvestaji.zip/Čačak/Q1.xlsx", REPORT), NamedFile("izvestaji.zip/Užice.csv", b"a;b\n1;2\n")]


def test_a_zip_is_told_by_its_content(write):
    assert names_in(write("izvestaji.dat", zip_of_names({"Q1.xlsx": REPORT}))) == ["izvestaji.dat/Q1.xlsx"]


def test_zips_in_a_zip_are_unpacked(write):
    inner = zip_of_names({"Q1.xlsx": REPORT})

    assert names_in(write("okrug.zip", zip_of_names({"Čačak.zip": inner, "Q2.xlsx": REPORT}))) == ["okrug.zip/Čačak.zip/Q1.xlsx", "okrug.zip/Q2.xlsx"]


def test_zips_nested_without_end_come_as_a_file_that_is_refused(write):
    content = REPORT
    for _ in range(5):
        content = zip_of_names({"z.zip": content})

    assert names_in(write("z.zip", content)) == ["z.zip/z.zip/z.zip/z.zip"]


def test_what_programs_leave_behind_is_passed_over(write):
    left = {"__MACOSX/._Q1.xlsx": b"x", ".DS_Store": b"x", "~$Q1.xlsx": b"x", "Thumbs.db": b"x", "mapa/.skriveno/a.csv": b"x", "Q1.xlsx": REPORT}
    path = write("folder/izvestaji.zip", zip_of_names(left))
    for name, content in left.items():
        write(f"folder/{name}", content)

    assert names_in(path) == ["izvestaji.zip/Q1.xlsx"]
    assert names_in(path.parent) == ["Q1.xlsx", "izvestaji.zip/Q1.xlsx"]


def test_names_that_would_lead_out_of_the_folder_are_only_names(write):
    members = {"../../etc/passwd": b"a;b", "/apsolutno.csv": b"a;b", "C:\\mapa\\q.csv": b"a;b"}

    assert names_in(write("z.zip", zip_of_names(members))) == ["z.zip/etc/passwd", "z.zip/apsolutno.csv", "z.zip/C:/mapa/q.csv"]


def test_a_name_in_the_code_page_of_windows_consoles_keeps_its_letters(write):
    content = zip_of_names({"Xa\xe7ak.csv": b"a;b"}).replace("Xa\xe7ak.csv".encode(), "\u010ca\u010dak.csv".encode("cp852").ljust(10, b"v"))
    content = bytearray(content)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + flags
        content[at : at + 2] = b"\0\0"

    assert names_in(write("z.zip", bytes(content))) == ["z.zip/Čačak.csvv"]


def test_a_zip_over_the_limits_comes_as_one_file(write):
    assert names_in(write("z.zip", zip_of_names({f"{number}.csv": b"a;b\n" for number in range(MOST_MEMBERS + 1)}))) == ["z.zip"]


def test_a_zip_that_unpacks_to_gigabytes_comes_as_one_file(write):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (archives.LARGEST_ARCHIVE + 1))

    assert names_in(write("z.zip", out.getvalue())) == ["z.zip"]


def test_a_damaged_or_empty_zip_comes_as_one_file(write):
    damaged = zip_of_names({"a.csv": b"Opstina;Lica"}).replace(b"Opstina;Lica", b"Opstina;Pica")

    assert names_in(write("damaged.zip", damaged)) == ["damaged.zip"]
    assert names_in(write("left.zip", zip_of_names({".DS_Store": b"x"}))) == ["left.zip"]
