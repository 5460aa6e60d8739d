"""Refs that we give: short, never given twice, and no statement where they stand alone."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from ingest.ledger import Ledger
from ingest.periods import Period, parse_period
from ingest.refs import new_refs
from ingest.sections import load_sections
from ingest.templates import write_template
from munimon.results import SubmissionResult
from munimon.settings import Home

ENGAGEMENTS = load_sections()["engagements"]


def period(text: str) -> Period:
    read = parse_period(text, None)
    assert isinstance(read, Period)
    return read


@pytest.mark.parametrize(
    ("stated", "ref"),
    [
        ("2024-Q1", "E-24Q1-01"),
        ("2024-H2", "E-24H2-01"),
        ("2024-03", "E-2403-01"),
        ("2024", "E-24-01"),
        ("2022-06/2022-09", "E-2206-01"),
        ("not stated", "E-x-01"),
    ],
)
def test_a_ref_names_section_period_and_number(stated: str, ref: str) -> None:
    assert new_refs(ENGAGEMENTS, period(stated), (), 1) == (ref,)


def test_refs_that_are_used_are_not_given_again_however_they_were_typed() -> None:
    assert new_refs(ENGAGEMENTS, period("2024-Q1"), {"E-24Q1-01", "Е 24q1 03", "A-17"}, 3) == ("E-24Q1-02", "E-24Q1-04", "E-24Q1-05")


def test_the_letters_of_the_sections_differ_and_a_section_without_refs_gets_none() -> None:
    given = {name: new_refs(section, period("2024-Q1"), (), 1) for name, section in load_sections().items()}
    assert given == {
        "grants": ("G-24Q1-01",),
        "engagements": ("E-24Q1-01",),
        "trainings": ("T-24Q1-01",),
        "equipment": ("D-24Q1-01",),
        "services": ("U-24Q1-01",),
        "local_plans": (),
        "household_support": ("K-24Q1-01",),
        "participations": (),
        "events": ("J-24Q1-01",),
        "observations": (),
    }


def write_form(path: Path, **parts: object) -> Path:
    refs = {name: new_refs(section, period("2024-Q1"), (), 3) for name, section in load_sections().items()}
    place = {"municipality": ("70670", "Крушевац"), "programme": ("SAMPLE", "Пример"), "period": "2024-Q1"}
    return write_template(path, language="sr-Cyrl", **place, **({"new_refs": refs} | parts))


def test_refs_with_nothing_beside_them_are_no_things(home: Home, tmp_path: Path, send_one) -> None:
    submission: SubmissionResult = send_one(write_form(tmp_path / "f.xlsx"))

    assert (submission.status, submission.accepted_rows, submission.quarantined_rows) == ("accepted", 0, 0)
    assert [finding.rule for finding in submission.findings] == ["section_empty_not_said"]


def test_only_the_ref_that_something_stands_beside_is_a_thing(home: Home, tmp_path: Path, send_one) -> None:
    path = write_form(tmp_path / "f.xlsx")
    book = load_workbook(path)
    sheet = book[load_sections()["trainings"].labels["sr-Cyrl"]]
    headings = {cell.value: cell.column for cell in sheet[2]}
    sheet.cell(4, headings["Уписана лица"]).value = 12
    book.save(path)

    submission = send_one(path)

    assert (submission.status, submission.accepted_rows) == ("accepted", 1)
    assert Ledger(home.ledger).select("select section, rows from submission_sections where said = 'data'") == [{"section": "trainings", "rows": 1}]


def test_a_ref_of_the_municipalitys_own_is_a_thing_even_alone(home: Home, report, send_one) -> None:
    assert send_one(report(rows={"trainings": [{"training_ref": "O-7"}]})).accepted_rows == 1


def test_what_a_thing_is_known_by_is_locked_and_the_rest_of_its_row_is_open(tmp_path: Path) -> None:
    things = {
        "engagements": [
            {"engagement_ref": "A-1", "employer_name": "ЈКП „Водовод“", "engaged_persons": 12},
            {"engagement_ref": None, "employer_name": "Задруга", "started_on": "2024-01", "engaged_persons": 3},
        ]
    }
    sheet = load_workbook(write_form(tmp_path / "f.xlsx", things=things))[ENGAGEMENTS.labels["sr-Cyrl"]]
    written = [[(cell.value, cell.protection.locked) for cell in row if cell.has_style] for row in sheet.iter_rows(3, 5)]

    # an empty cell that was not written has the style of its column, which is open
    assert written == [
        [("A-1", True), ("ЈКП „Водовод“", False), (12, False)],
        [(None, True), ("Задруга", True), ("2024-01", True), (3, False)],
        [("E-24Q1-01", True)],
    ]
    assert sheet["A1"].value.endswith("Сиве ознаке су већ дате: ново упишите уз следећу.")
