"""A corrected report closes the findings that it mends, in whatever order the two arrive."""

from datetime import datetime

import pytest

from ingest.closing import Mended, follow_findings, judge_findings, what_was_mended
from ingest.feedback import feedback_text
from ingest.ledger import Ledger
from munimon import pipeline


@pytest.fixture
def cases(home):
    """Every finding as it stands: by rule and cell, whether it is open and which submission closed it when."""

    def judge():
        ledger = Ledger(home.ledger)
        names = {row["finding_id"]: row for row in ledger.select("select * from current_findings")}
        return {
            (case.submission_id, names[case.finding_id]["rule"], names[case.finding_id]["cell"]): (case.closed_by, case.closed_at)
            for case in judge_findings(ledger, home.raw)
        }

    return judge


WRONG = [
    {"engagement_ref": "A-1", "engaged_persons": "many"},
    {"engagement_ref": "A-2", "engaged_persons": 30, "engaged_women": 32},
    {"engagement_ref": "A-3", "engaged_persons": 5, "employer_type": "club"},
]
RIGHT = [
    {"engagement_ref": "A-0", "engaged_persons": 1},
    {"engagement_ref": "A-1", "engaged_persons": 12},
    {"engagement_ref": "A-2", "engaged_persons": 30, "engaged_women": 31},
    {"engagement_ref": "A-3", "engaged_persons": "5-6"},
]
NOON = "2024-04-10T12:00:00.000000"


@pytest.fixture
def wrong(report):
    return report("wrong.xlsx", rows={"engagements": WRONG}, language="en")


@pytest.fixture
def corrected(report):
    return report("corrected.xlsx", rows={"engagements": RIGHT}, language="en")


def test_what_is_right_now_is_closed_and_what_is_wrong_still_is_open_whatever_row_it_moved_to(home, wrong, corrected, send_one, cases, monkeypatch):
    first = send_one(wrong)
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-12T09:00")
    second = send_one(corrected)

    closed = (second.submission_id, "2024-04-12T09:00:00.000000")
    assert cases() == {
        (first.submission_id, "number_unreadable", "H3"): closed,
        (first.submission_id, "more_than_whole", "I4"): (None, None),
        (first.submission_id, "code_unknown", "D5"): closed,
        (second.submission_id, "more_than_whole", "I5"): (None, None),
        (second.submission_id, "number_unreadable", "H6"): (None, None),
    }
    assert what_was_mended(Ledger(home.ledger), home.raw, second.submission_id) == Mended(2, 3, ("Engaged workers I5",))
    assert "Mended of what was found in the earlier report: 2 of 3. Still open: Engaged workers I5.\n" in feedback_text(home, second.submission_id)
    assert what_was_mended(Ledger(home.ledger), home.raw, first.submission_id) is None


def test_the_order_of_arrival_does_not_matter(wrong, corrected, send_one, cases):
    second = send_one(corrected, sent_at=datetime.fromisoformat("2024-04-09T00:00+00:00"))
    first = send_one(wrong, sent_at=datetime.fromisoformat("2024-04-08T00:00+00:00"))

    closed = (second.submission_id, NOON)
    found = cases()
    assert {key: value for key, value in found.items() if key[0] == first.submission_id} == {
        (first.submission_id, "number_unreadable", "H3"): closed,
        (first.submission_id, "more_than_whole", "I4"): (None, None),
        (first.submission_id, "code_unknown", "D5"): closed,
    }


def test_a_withdrawn_correction_closes_nothing_and_a_withdrawn_report_has_nothing_open(home, wrong, corrected, send_one, cases):
    first, second = send_one(wrong), send_one(corrected)
    if first.submission_id > second.submission_id:
        first, second = second, first
    pipeline.withdraw(home, second.submission_id, "by mistake")

    assert {key[0]: value for key, value in cases().items()} == {first.submission_id: (None, None), second.submission_id: (None, NOON)}


def test_what_was_thought_of_a_finding_stays_on_record_whatever_is_withdrawn_later(home, report, send_one, monkeypatch):
    """Mended on the 11th and, in a report sent later, on the 13th; the first correction is withdrawn on the 12th, the report itself on the 14th."""

    def on(day):
        monkeypatch.setenv("MUNIMON_NOW", f"2024-04-{day}")

    def engaged(file, persons):
        return send_one(report(file, rows={"engagements": [{"engagement_ref": "A-1", "engaged_persons": persons}]}, language="en"))

    first = engaged("wrong.xlsx", "many")
    on(11)
    second = engaged("second.xlsx", 12)
    on(12)
    pipeline.withdraw(home, second.submission_id, "by mistake")
    on(13)
    third = engaged("third.xlsx", 13)
    on(14)
    pipeline.withdraw(home, first.submission_id, "by mistake")

    known = [(case.recorded_from, case.recorded_to, case.closed_by, case.closed_at) for case in follow_findings(Ledger(home.ledger), home.raw)]
    at = {day: f"2024-04-{day}T00:00:00.000000" for day in (11, 12, 13, 14)}
    assert known == [
        (NOON, at[11], None, None),
        (at[11], at[12], second.submission_id, at[11]),
        (at[12], at[13], None, None),
        (at[13], at[14], third.submission_id, at[13]),
        (at[14], None, None, at[14]),
    ]


def test_another_error_in_the_same_cell_is_no_correction(report, send_one, cases, monkeypatch):
    first = send_one(report(rows={"engagements": [{"engagement_ref": "A-1", "engaged_persons": "many"}]}))
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-11")
    send_one(report("again.xlsx", rows={"engagements": [{"engagement_ref": "A-1", "engaged_persons": -5}]}))

    assert cases()[first.submission_id, "number_unreadable", "H3"] == (None, None)


def test_a_row_that_a_replacement_leaves_out_is_closed_and_one_that_an_addition_leaves_out_is_not(report, send_one, cases, monkeypatch):
    first = send_one(report(rows={"engagements": [{"engagement_ref": "A-1", "engaged_persons": "many"}]}))
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-11")
    send_one(report("added.xlsx", statement="adds", rows={"engagements": [{"engagement_ref": "A-2", "engaged_persons": 3}]}))
    assert cases()[first.submission_id, "number_unreadable", "H3"] == (None, None)

    monkeypatch.setenv("MUNIMON_NOW", "2024-04-12")
    replacement = send_one(report("instead.xlsx", rows={"engagements": [{"engagement_ref": "A-2", "engaged_persons": 4}]}))
    assert cases()[first.submission_id, "number_unreadable", "H3"] == (replacement.submission_id, "2024-04-12T00:00:00.000000")


def test_a_section_of_which_the_later_report_says_nothing_stays_open(report, send_one, cases, monkeypatch):
    first = send_one(report(rows={"engagements": [{"engagement_ref": "A-1", "engaged_persons": "many"}]}))
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-11")
    send_one(report("trainings.xlsx", rows={"trainings": [{"training_ref": "T-1", "enrolled_persons": 3}]}))

    assert cases()[first.submission_id, "number_unreadable", "H3"] == (None, None)


def test_a_report_refused_for_its_period_is_mended_by_the_one_that_states_it(report, send_one, cases, monkeypatch):
    first = send_one(report(period="soon"))
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-11")
    second = send_one(report("again.xlsx"))

    assert (first.status, cases()) == (
        "refused",
        {(first.submission_id, "period_unreadable", "B5"): (second.submission_id, "2024-04-11T00:00:00.000000")},
    )


def test_another_period_mends_nothing(report, send_one, cases, monkeypatch):
    first = send_one(report(rows={"engagements": [{"engagement_ref": "A-1", "engaged_persons": "many"}]}))
    monkeypatch.setenv("MUNIMON_NOW", "2024-07-11")
    send_one(report("next.xlsx", period="2024-Q2"))

    assert cases()[first.submission_id, "number_unreadable", "H3"] == (None, None)


def test_a_row_without_a_ref_is_known_by_its_place(report, send_one, cases, monkeypatch):
    first = send_one(report(rows={"engagements": [{"engaged_persons": "many"}]}))
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-11")
    second = send_one(report("again.xlsx", rows={"engagements": [{"engaged_persons": 4}]}))

    assert cases()[first.submission_id, "number_unreadable", "H3"] == (second.submission_id, "2024-04-11T00:00:00.000000")


def test_a_finding_that_the_reports_beside_it_show_no_more_was_open_until_then(home, report, send_one, monkeypatch):
    rows = {"engagements": [{"engagement_ref": ref, "engaged_persons": 5} for ref in "AB"]}
    one = send_one(report("one.xlsx", rows=rows), sent_at=datetime.fromisoformat("2024-04-09T00:00+00:00"))
    send_one(report("two.xlsx", rows={"engagements": rows["engagements"][:1]}), sent_at=datetime.fromisoformat("2024-04-10T00:00+00:00"))
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-20T12:00")
    pipeline.withdraw(home, one.submission_id, "sent by mistake")

    known = [(case.recorded_from[:10], (case.recorded_to or "")[:10], case.is_open) for case in follow_findings(Ledger(home.ledger), home.raw)]
    assert known == [("2024-04-10", "2024-04-20", True), ("2024-04-20", "", False)]
