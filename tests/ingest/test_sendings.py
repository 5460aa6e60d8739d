"""The same file handed in again as sent at another time: the earliest time that is said holds, whichever was said first."""

from datetime import UTC, datetime

import pytest

from ingest.ledger import Ledger
from munimon import pipeline

NINTH, TENTH, FOURTEENTH = (datetime(2024, 4, day, tzinfo=UTC) for day in (9, 10, 14))


def sendings(home) -> list[tuple]:
    """When and by whom each submission that stands was sent, by file."""
    rows = Ledger(home.ledger).select("select file_name, sent_at, sent_by, status from current_submissions order by file_name, status")
    return [(row["file_name"], row["sent_at"][:10], row["sent_by"], row["status"]) for row in rows]


@pytest.fixture
def two_reports(report):
    """What was sent on the 9th or the 14th, and a correction of the 10th that has a row less; neither says that it replaces."""
    rows = [{"engagement_ref": ref, "engaged_persons": 5} for ref in "AB"]
    return report("first.xlsx", statement=None, rows={"engagements": rows}), report("second.xlsx", statement=None, rows={"engagements": rows[:1]})


@pytest.mark.parametrize("order", [(NINTH, FOURTEENTH), (FOURTEENTH, NINTH), (FOURTEENTH, TENTH, NINTH)])
def test_the_earliest_time_that_is_said_of_a_file_holds_whichever_was_said_first(home, two_reports, send_one, order):
    first, second = two_reports
    correction = send_one(second, sent_at=TENTH, sent_by="office")
    again = [send_one(first, sent_at=sent_at, sent_by="office") for sent_at in order]

    assert [each.status for each in again] == ["accepted", *["already_received"] * (len(order) - 1)]
    assert sendings(home) == [("first.xlsx", "2024-04-09", "office", "accepted"), ("second.xlsx", "2024-04-10", "office", "accepted")]
    # what is asked, and of which report, is as it would be had the earliest time been said at once
    assert [each.submission_ids for each in pipeline.questions(home) if each.answer is None] == [(correction.submission_id,)]
    found = {each.submission_id: [finding.rule for finding in Ledger(home.ledger).findings_of(each.submission_id)] for each in (correction, again[0])}
    assert found == {correction.submission_id: ["replace_or_add_unclear"], again[0].submission_id: []}


def test_a_time_that_is_said_comes_before_the_clock_by_which_a_file_went_in(home, report, send_one):
    path = report()
    send_one(path)
    send_one(path, sent_at=NINTH, sent_by="Grad Kruševac")

    assert sendings(home) == [("report.xlsx", "2024-04-09", "Grad Kruševac", "accepted")]


def test_later_times_change_nothing_and_are_not_entered(home, report, send_one):
    path = report()
    send_one(path, sent_at=NINTH)
    entries = Ledger(home.ledger).count_entries()
    send_one(path, sent_at=FOURTEENTH, sent_by="another office")
    send_one(path)

    assert (sendings(home), Ledger(home.ledger).count_entries()) == ([("report.xlsx", "2024-04-09", None, "accepted")], entries)


@pytest.mark.parametrize("senders", [("office one", "office two"), ("office two", "office one"), (None, "office two", "office one")])
def test_of_two_senders_at_one_moment_the_first_in_the_alphabet_holds(home, report, send_one, senders):
    path = report()
    for sender in senders:
        send_one(path, sent_at=NINTH, sent_by=sender)

    assert sendings(home) == [("report.xlsx", "2024-04-09", "office one", "accepted")]


def test_a_time_that_was_too_early_is_put_right_by_withdrawing_the_file_and_sending_it_again(home, report, send_one):
    path = report()
    wrong = send_one(path, sent_at=NINTH)
    pipeline.withdraw(home, wrong.submission_id, "sent on the 14th")
    send_one(path, sent_at=FOURTEENTH)

    assert sendings(home) == [("report.xlsx", "2024-04-14", None, "accepted"), ("report.xlsx", "2024-04-09", None, "withdrawn")]


def test_a_rebuild_keeps_the_earliest_time(home, report, send_one):
    from ingest.rebuilding import rebuild_raw
    from munimon.results import keep_quiet

    path = report()
    send_one(path, sent_at=FOURTEENTH)
    send_one(path, sent_at=NINTH)
    rebuild_raw(home, keep_quiet)

    assert sendings(home) == [("report.xlsx", "2024-04-09", None, "accepted")]
