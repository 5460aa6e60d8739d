"""A report beside the earlier ones of the same municipality, programme and period."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from ingest.feedback import feedback_text
from ingest.ledger import Ledger
from munimon import pipeline
from munimon.settings import MunimonError


def engagements(**persons: int) -> dict[str, list[dict[str, object]]]:
    return {"engagements": [{"engagement_ref": ref, "engaged_persons": count} for ref, count in persons.items()]}


def moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def rules_of(home, submission) -> list[str]:
    return [finding.rule for finding in Ledger(home.ledger).findings_of(submission.submission_id)]


def events_of(home, submission) -> list[str]:
    rows = Ledger(home.ledger).select("select event from events where submission_id = ? order by event_id", [submission.submission_id])
    return [row["event"] for row in rows]


def test_two_offices_that_do_not_say_replaces_both_stand_with_one_question(home, report, send_one):
    one = send_one(report("one.xlsx", statement=None, rows=engagements(A=8)), sent_by="office one")
    two = send_one(report("two.xlsx", statement=None, rows=engagements(B=5)), sent_by="office two", sent_at=moment("2024-04-14"))

    assert (one.status, two.status) == ("accepted", "accepted")
    assert [(question.kind, question.submission_ids, question.answer) for question in pipeline.questions(home)] == [
        ("replace_or_add", (two.submission_id,), None)
    ]
    assert (rules_of(home, one), rules_of(home, two)) == ([], ["statement_not_said_sender_differs"])


def test_a_question_of_replace_or_add_can_be_answered_and_answered_anew(home, report, send_one):
    send_one(report("one.xlsx", statement=None, rows=engagements(A=8)))
    two = send_one(report("two.xlsx", statement=None, rows=engagements(B=5)), sent_at=moment("2024-04-14"))
    (question,) = pipeline.questions(home)

    pipeline.answer(home, question.question_id, "zamena")
    pipeline.answer(home, question.question_id, "dopuna")

    assert events_of(home, two) == ["accepted", "replaces", "adds"]
    assert [question.answer for question in pipeline.questions(home)] == ["adds"]
    with pytest.raises(MunimonError, match="'možda': answer with `replaces` or `adds`"):
        pipeline.answer(home, question.question_id, "možda")


def test_a_resubmission_of_some_rows_asks_and_changes_no_others(home, report, send_one):
    send_one(report("twenty.xlsx", statement=None, rows=engagements(**{f"A{number}": number for number in range(20)})))
    two = send_one(report("two.xlsx", statement=None, rows=engagements(A1=100, A2=200)), sent_at=moment("2024-04-14"))

    assert (two.accepted_rows, rules_of(home, two)) == (2, ["replace_or_add_unclear"])


def test_a_resubmission_of_all_rows_by_the_same_sender_asks_nothing(home, report, send_one):
    send_one(report("one.xlsx", statement=None, rows=engagements(A=8)), sent_by="office")
    send_one(report("two.xlsx", statement=None, rows=engagements(A=9)), sent_by="office", sent_at=moment("2024-04-14"))

    assert pipeline.questions(home) == []


def test_rows_that_vanish_in_a_replacement_are_listed(home, report, send_one):
    send_one(report("one.xlsx", rows=engagements(A=8, B=5, C=1)))
    two = send_one(report("two.xlsx", rows=engagements(B=5)), sent_at=moment("2024-04-14"))

    (finding,) = Ledger(home.ledger).findings_of(two.submission_id)
    assert (finding.rule, finding.params) == ("rows_vanished", {"count": 2, "list": ["A", "C"]})
    assert pipeline.questions(home) == []


def test_a_row_that_vanished_is_named_without_what_may_name_a_person(home, report, send_one):
    send_one(report("one.xlsx", rows={"grants": [{"grantee_name": "Petar", "awarded_on": "2024-01-15", "currency": "RSD", "awarded_amount": 100}]}))
    two = send_one(report("two.xlsx", rows={"grants": [{"grant_ref": "G-1", "currency": "RSD", "awarded_amount": 5}]}), sent_at=moment("2024-04-14"))

    vanished = [finding.params for finding in Ledger(home.ledger).findings_of(two.submission_id) if finding.rule == "rows_vanished"]
    assert vanished == [{"count": 1, "list": ["Grantovi A3"]}]


def test_rows_without_a_ref_vanish_only_where_neither_place_nor_texts_are_there_again(home, report, send_one):
    def rows(*counts):
        return {"engagements": [{"engaged_persons": count} for count in counts]}

    send_one(report("one.xlsx", rows=rows(1, 2, 3, 4)))
    two = send_one(report("two.xlsx", rows=rows(4, 2, 9)), sent_at=moment("2024-04-14"))
    three = send_one(report("three.xlsx", rows=rows(7)), sent_at=moment("2024-04-15"))

    found = {each.submission_id: [finding.params for finding in Ledger(home.ledger).findings_of(each.submission_id)] for each in (two, three)}
    listed = {"count": 2, "list": ["Angažovani radnici A4", "Angažovani radnici A5"]}
    assert found == {two.submission_id: [], three.submission_id: [listed]}


@pytest.mark.parametrize("order", [("9th", "14th"), ("14th", "9th")])
def test_the_question_is_about_the_later_report_whichever_came_first(home, report, send_one, order):
    reports = {"9th": (engagements(A=8), "2024-04-09"), "14th": (engagements(B=5), "2024-04-14")}
    sent = {name: send_one(report(f"{name}.xlsx", statement=None, rows=reports[name][0]), sent_at=moment(reports[name][1])) for name in order}

    assert [question.submission_ids for question in pipeline.questions(home)] == [(sent["14th"].submission_id,)]


def test_a_report_that_says_it_adds_is_asked_nothing(home, report, send_one):
    send_one(report("one.xlsx", rows=engagements(A=8)))
    two = send_one(report("two.xlsx", statement="adds", rows=engagements(B=5)), sent_at=moment("2024-04-14"))

    assert (pipeline.questions(home), rules_of(home, two)) == ([], [])


def test_nothing_is_asked_any_more_once_the_earlier_report_is_withdrawn_and_again_when_another_comes(home, report, send_one):
    one = send_one(report("one.xlsx", statement=None, rows=engagements(A=8)), sent_at=moment("2024-04-09"))
    two = send_one(report("two.xlsx", statement=None, rows=engagements(B=5)), sent_at=moment("2024-04-14"))
    pipeline.withdraw(home, one.submission_id, "sent by mistake")

    assert (pipeline.questions(home), pipeline.status(home).open_questions) == ([], 0)

    send_one(report("again.xlsx", statement=None, rows=engagements(A=9)), sent_at=moment("2024-04-10"))
    assert [(question.submission_ids, question.answer) for question in pipeline.questions(home)] == [((two.submission_id,), None)]


def test_nothing_is_asked_of_a_report_that_is_withdrawn_itself(home, report, send_one):
    send_one(report("one.xlsx", statement=None, rows=engagements(A=8)))
    two = send_one(report("two.xlsx", statement=None, rows=engagements(B=5)), sent_at=moment("2024-04-14"))
    pipeline.withdraw(home, two.submission_id, "sent by mistake")

    assert pipeline.questions(home) == []


def test_nothing_is_asked_any_more_once_a_report_sent_in_between_replaces_the_earlier_one(home, report, send_one):
    send_one(report("one.xlsx", statement=None, rows=engagements(A=8, B=5)), sent_at=moment("2024-04-09"))
    send_one(report("three.xlsx", statement=None, rows=engagements(A=9)), sent_at=moment("2024-04-14"))
    assert len(pipeline.questions(home)) == 1

    send_one(report("two.xlsx", statement="replaces", rows=engagements(A=7)), sent_at=moment("2024-04-12"))
    assert pipeline.questions(home) == []


def test_reports_that_state_no_period_replace_nothing_and_are_asked_nothing(home, report, send_one):
    send_one(report("one.xlsx", period="nije navedeno", rows=engagements(A=8, B=5)))
    two = send_one(report("two.xlsx", period="nije navedeno", statement="replaces", rows=engagements(A=9)), sent_at=moment("2024-04-14"))
    three = send_one(report("three.xlsx", period="nije navedeno", statement=None, rows=engagements(A=7)), sent_at=moment("2024-04-15"))

    assert (rules_of(home, two), rules_of(home, three), pipeline.questions(home)) == ([], [], [])


@pytest.mark.parametrize("order", list(permutations(("9th", "12th", "14th"))), ids="-".join)
def test_rows_that_vanish_are_those_of_the_report_before_whichever_came_first(home, report, send_one, order):
    reports = {
        "9th": report("9th.xlsx", rows=engagements(A=8, B=5)),
        "12th": report("12th.xlsx", rows=engagements(B=5, C=1)),
        "14th": report("14th.xlsx", rows=engagements(B=5)),
    }
    sent = {day: send_one(reports[day], sent_at=moment(f"2024-04-{day.removesuffix('th'):0>2}")) for day in order}

    listed = {
        day: [finding.params["list"] for finding in Ledger(home.ledger).findings_of(each.submission_id) if finding.rule == "rows_vanished"]
        for day, each in sent.items()
    }
    assert listed == {"9th": [], "12th": [["A"]], "14th": [["C"]]}


def test_rows_do_not_vanish_any_more_once_the_report_before_is_withdrawn(home, report, send_one):
    one = send_one(report("one.xlsx", rows=engagements(A=8, B=5)), sent_at=moment("2024-04-09"))
    two = send_one(report("two.xlsx", rows=engagements(B=5)), sent_at=moment("2024-04-14"))
    vanished = "Rows of the earlier report that are not in this replacement: 1 (A)"
    assert (rules_of(home, two), pipeline.status(home).findings) == (["rows_vanished"], {"warning": 1})
    assert vanished in feedback_text(home, two.submission_id, "en")

    pipeline.withdraw(home, one.submission_id, "sent by mistake")

    assert (rules_of(home, two), pipeline.status(home).findings) == ([], {})
    assert vanished not in feedback_text(home, two.submission_id, "en")


def test_what_is_asked_beside_an_earlier_report_is_no_finding_any_more_once_nothing_is_asked(home, report, send_one):
    one = send_one(report("one.xlsx", statement=None, rows=engagements(A=8)), sent_at=moment("2024-04-09"))
    two = send_one(report("two.xlsx", statement=None, rows=engagements(B=5)), sent_at=moment("2024-04-14"))
    assert rules_of(home, two) == ["replace_or_add_unclear"]

    pipeline.withdraw(home, one.submission_id, "sent by mistake")
    assert rules_of(home, two) == []
