"""Hostile and broken files: each is refused in one line that says what is wrong, within the memory that reading may take; honest ones are read."""

from pathlib import Path

import pytest

from ingest.confinement import call_confined
from munimon import pipeline
from munimon.settings import MunimonError
from tests.ingest.hostile_files import BROKEN, HONEST, HOSTILE, Hostile, pack
from tests.ingest.large_files import FORMATS
from tests.ingest.measuring import has_loaded_pandas, take_in

# What no process that opens or reads a file may exceed, in MB.
MOST_MEMORY = 300


def named(file: Hostile) -> str:
    return file.what


@pytest.mark.parametrize("file", [*BROKEN, *(file for file in HOSTILE if file.rule)], ids=named)
def test_it_is_refused_in_one_line_and_in_little_memory(file: Hostile) -> None:
    taken = take_in(file.name, file.make())

    assert taken.rules == [file.rule]
    assert [len(draft.findings) for draft in taken.drafts] == [1]
    assert taken.memory < MOST_MEMORY


@pytest.mark.parametrize("file", [*HONEST, *(file for file in HOSTILE if not file.rule)], ids=named)
def test_what_is_only_odd_is_read_in_little_memory(file: Hostile) -> None:
    taken = take_in(file.name, file.make())

    assert (taken.rules, [sum(len(rows) for rows in draft.rows) for draft in taken.drafts]) == ([], [file.rows])
    assert taken.memory < MOST_MEMORY


def test_the_batch_goes_on_beside_hostile_files(report, send, tmp_path: Path) -> None:
    folder = tmp_path / "received"
    folder.mkdir()
    cheap = [
        *BROKEN,
        *(file for file in HOSTILE if file.what in ("a cell at XFD1048576", "a zip bomb: a sheet of 2 GB in 2 MB", "two parts of one name")),
    ]
    for at, file in enumerate(cheap):
        (folder / f"{at:02} {file.name}").write_bytes(file.make())
    report().rename(folder / "99 report.xlsx")

    submissions = send(folder).submissions

    assert [each.status for each in submissions] == ["refused"] * len(cheap) + ["accepted"]
    assert [[finding.rule for finding in each.findings] for each in submissions[:-1]] == [[file.rule] for file in cheap]
    assert not any("\n" in finding.message for each in submissions for finding in each.findings)


def test_a_hostile_form_is_refused_where_a_layout_is_proposed_too(home, tmp_path: Path) -> None:
    (file,) = [each for each in HOSTILE if each.what == "a table that says it has 4,000 million texts"]
    (tmp_path / "form.xlsx").write_bytes(file.make())

    with pytest.raises(MunimonError, match=r"form\.xlsx: The file is damaged, or a cell of it stands far away") as refused:
        pipeline.try_layout(home, tmp_path / "form.xlsx", None)
    assert "\n" not in str(refused.value)


def test_a_link_in_a_folder_is_not_followed(report, send, tmp_path: Path) -> None:
    folder = tmp_path / "received"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    report().rename(folder / "report.xlsx")

    assert [each.file for each in send(folder).submissions] == ["report.xlsx"]


def test_a_file_larger_than_any_that_is_read_is_not_even_loaded(send, tmp_path: Path) -> None:
    with (tmp_path / "huge.xlsx").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(40 * 2**30)

    assert [finding.message for each in send(tmp_path / "huge.xlsx").submissions for finding in each.findings] == [
        "The file is larger than allowed (64 MB). Remove pictures and sheets that are not part of the report and send it again."
    ]


# What the fuzzer found, each with what came of it before.
FOUND = {
    "a zip whose packed bytes are damaged ended the batch": ("z.zip", lambda: damaged_zip(), "file_unreadable"),
    "a mailbox that begins with a folded line ended the batch": (
        "m.mbox",
        lambda: b"From x\n y\nMessage-ID: a\nFrom: b@x.rs\n\nx\n",
        "mail_without_report",
    ),
    "a table that begins with PK was taken for a zip": ("r.csv", lambda: b"PK;b\n1;2\n", "no_known_sheet"),
    "a mail that names a charset with a zero byte ended its reader": ("m.eml", lambda: mail_of_no_charset(), "mail_without_report"),
}


def damaged_zip() -> bytes:
    content = bytearray(pack({"r.csv": b"Engaged persons;Employer\n" * 50}))
    at = content.index(b"r.csv") + 5
    content[at : at + 8] = b"\xff" * 8
    return bytes(content)


def mail_of_no_charset() -> bytes:
    head = b'Message-ID: <1@x>\nFrom: a@x.rs\nMIME-Version: 1.0\nContent-Type: text/plain; charset="a\0b"\nContent-Transfer-Encoding: 8bit\n\n'
    return head + "čćž".encode() + b"\n"


@pytest.mark.parametrize("found", FOUND)
def test_what_the_fuzzer_found_is_refused_in_one_line(found: str) -> None:
    name, make, rule = FOUND[found]

    assert take_in(name, make()).rules == [rule]


def test_a_large_report_of_every_format_is_weighed_as_the_large_thing_it_is() -> None:
    few = 14_000
    for name, (make, _) in FORMATS.items():
        taken = take_in(f"engagements.{name}", make(few))

        assert (name, taken.rules, [len(rows) for rows in taken.drafts[0].rows]) == (name, [], [few])


def test_a_process_that_reads_does_without_pandas() -> None:
    assert call_confined(has_loaded_pandas) is False
