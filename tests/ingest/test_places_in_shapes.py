"""Of whom, of what and of when the rows of any form speak, wherever it says so."""

from datetime import date

import pytest

from munimon import pipeline
from tests.ingest.binary_files import ods, xls, xlsb
from tests.ingest.files import xlsx
from tests.ingest.shapes import TABLE, about
from tests.ingest.test_receiving import raw_rows


@pytest.mark.parametrize(
    "above",
    [
        [["Општина: Крушевац, програм: SAMPLE; период: I квартал 2024."]],
        [["Opština", "Program", "Period"], ["Kruševac", "SAMPLE", "2024-Q1"], []],
        [["Opština:", None, None, "Kruševac"], ["Program:", "SAMPLE", "Period:", "2024-Q1"]],
        [["Municipality", "Kruševac"], ["Programme", "SAMPLE"], ["Reporting period", "2024-Q1"]],
    ],
)
def test_who_and_what_is_read_however_it_stands_above_the_table(hand_in, above):
    (submission,) = hand_in("izvestaj.xlsx", xlsx(None, None, List1=[*above, *TABLE]))

    assert (about(submission), submission.period_start) == (("70670", "accepted", 2, []), date(2024, 1, 1))


def test_a_period_without_a_year_stays_without_one(home, hand_in):
    above = [["Општина: Крушевац"], ["Програм: SAMPLE"], ["Period: jun–septembar 2022."]]
    (submission,) = hand_in("izvestaj.xlsx", xlsx(None, None, List1=[*above, *TABLE]))

    assert (submission.period_start, submission.period_end) == (date(2022, 6, 1), date(2022, 9, 30))


def test_blocks_of_municipalities_on_one_sheet_give_each_its_submission(home, hand_in):
    rows = [["Program: SAMPLE"], ["Period: 2024-Q1"], ["Opština: Čačak"], *TABLE, [], ["Opština: Užice"], TABLE[0], ["Škola", 4, 1], ["Ukupno", 4, 1]]
    submissions = hand_in("izvestaj.xlsx", xlsx(None, None, List1=rows))

    assert sorted((each.municipality_code, each.accepted_rows) for each in submissions) == [("71242", 2), ("79065", 1)]
    assert raw_rows(home, "engagements", "source_row, engaged_persons") == [(5, 12), (6, 7), (10, 4)]


def test_one_table_of_many_municipalities_with_totals_asks_nothing_of_the_totals(home, hand_in):
    rows = [["Opština", "Poslodavac", "Angažovana lica"], ["Čačak", "JKP", 12], ["Užice", "Dom", 7], ["Ukupno", None, 19]]
    submissions = hand_in("izvestaj.xlsx", xlsx(None, None, List1=rows), programme="SAMPLE", period="2024-Q1")

    assert sorted((each.municipality_code, each.accepted_rows) for each in submissions) == [("71242", 1), ("79065", 1)]
    assert [finding.rule for each in submissions for finding in each.findings] == ["totals_row_left_out"]
    assert pipeline.questions(home) == []


HEAD = ("Opština", "Program", "Period", "Poslodavac", "Angažovana lica")
MERGED = [
    ("Opština", "Program", "Period", "Poslodavac", "Angažovani", None),
    (None, None, None, None, "ukupno", "žene"),
    ("Čačak", "SAMPLE", "2024-Q1", "JKP", 5, 2),
    (None, "SAMPLE", "2024-Q1", "Dom", 7, 3),
    ("Užice", "SAMPLE", "2024-Q1", "Škola", 4, 1),
]
RANGES = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 2, 4), (1, 5, 1, 6), (3, 1, 4, 1)]


def merge_in_xlsx(rows):
    def merge(sheet):
        for top, left, bottom, right in RANGES:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)

    return xlsx(merge, None, List1=rows)


@pytest.mark.parametrize(
    ("form", "write"),
    [
        ("xlsx", merge_in_xlsx),
        ("xls", lambda rows: xls(rows, merged=RANGES)),
        ("xlsb", lambda rows: xlsb(rows, merged=RANGES)),
        ("ods", lambda rows: ods(rows, merged=RANGES)),
    ],
)
def test_a_municipality_merged_over_its_rows_is_that_of_each_in_every_format(home, hand_in, form, write):
    submissions = hand_in(f"t.{form}", write(MERGED))

    assert sorted(about(each) for each in submissions) == [("71242", "accepted", 2, []), ("79065", "accepted", 1, [])]
    assert raw_rows(home, "engagements", "employer_name, engaged_persons, engaged_women") == [("JKP", 5, 2), ("Dom", 7, 3), ("Škola", 4, 1)]


def test_a_municipality_named_once_above_blank_cells_is_read_so_and_said(home, table, send):
    rows = [("Čačak", "SAMPLE", "2024-Q1", "JKP", 5), ("", "SAMPLE", "2024-Q1", "Dom", 7), ("", "SAMPLE", "2024-Q1", "Škola", 4)]
    (submission,) = send(table("t.csv", HEAD, *rows)).submissions

    assert (submission.municipality_code, submission.accepted_rows) == ("71242", 3)
    assert [(each.severity, each.cell, each.message) for each in submission.findings] == [
        (
            "warning",
            "A3",
            "List „t“, ćelija A3: Prazne ćelije A3:A4 pročitane su kao ona iznad njih (A2): „Čačak“. Upišite to u svaki red ili spojite ćelije.",
        )
    ]


@pytest.mark.parametrize("between", [("", "", "", "", ""), ("Ukupno za Čačak", "", "", "", 5)])
def test_a_blank_municipality_after_a_blank_row_or_a_total_is_not_guessed_but_named(home, table, send, between):
    rows = [("Čačak", "SAMPLE", "2024-Q1", "JKP", 5), between, ("", "SAMPLE", "2024-Q1", "Dom", 7), ("", "SAMPLE", "2024-Q1", "Škola", 4)]
    outcome = send(table("t.csv", HEAD, *rows)).submissions

    assert sorted((each.status, each.municipality_code, each.accepted_rows) for each in outcome) == [("accepted", "71242", 1), ("refused", None, 0)]
    (refused,) = [each for each in outcome if each.status == "refused"]
    assert [(each.rule, each.cell) for each in refused.findings if each.rule == "municipality_missing"] == [
        ("municipality_missing", "A4"),
        ("municipality_missing", "A5"),
    ]


def test_a_blank_municipality_is_that_of_the_option_where_one_is_given(home, table, send):
    rows = [("Čačak", "SAMPLE", "2024-Q1", "JKP", 5), ("", "SAMPLE", "2024-Q1", "Dom", 7)]
    outcome = send(table("t.csv", HEAD, *rows), municipality="Užice").submissions

    assert sorted((each.municipality_code, each.accepted_rows) for each in outcome) == sorted([("71242", 1), ("79065", 1)])


def test_the_period_of_a_form_without_a_language_is_read_as_its_country_writes_dates(hand_in):
    rows = [["municipality", "programme", "period", "engagement_ref", "engaged_persons"], ["Kruševac", "SAMPLE", "01/04/2024 - 30/06/2024", "E-1", 5]]
    (submission,) = hand_in("t.xlsx", xlsx(None, None, List1=rows))

    assert about(submission) == ("70670", "accepted", 1, [])
    assert (submission.period_start, submission.period_end) == (date(2024, 4, 1), date(2024, 6, 30))


# Headings spelt alike in Serbian and Macedonian: the country tells which of the two is meant.
@pytest.mark.parametrize(("place", "said"), [("Рача", "Ово није број: „много“."), ("Битола", "Ова не е број: „много“.")])
def test_a_form_whose_labels_are_of_two_languages_is_answered_in_that_of_its_country(hand_in, place, said):
    rows = [["municipality", "programme", "period", "Количина"], [place, "SAMPLE", "2024-Q1", "много"]]
    (submission,) = hand_in("t.xlsx", xlsx(None, None, Опрема=rows))

    (finding,) = submission.findings
    assert said in finding.message
