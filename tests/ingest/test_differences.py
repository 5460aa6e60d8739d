"""What a report says differently from another: cell by cell, by the thing that a row speaks of."""

import pytest

from ingest.differences import Difference, NothingToCompare, Spot, compare_reports
from ingest.ledger import SubmissionUnknown
from munimon import pipeline

SHEET = "Angažovani radnici"


@pytest.fixture
def compare(home, report, send_one, monkeypatch):
    """Hands two reports in, a day between them, and compares the later with the one before it."""

    def of(first, second, **parts):
        send_one(report("one.xlsx", rows=first))
        monkeypatch.setenv("MUNIMON_NOW", "2024-04-11T12:00")
        return compare_reports(home, send_one(report("two.xlsx", rows=second, **parts)).submission_id)

    return of


def engaged(*rows):
    return {"engagements": [{"engagement_ref": ref, "engaged_persons": count} for ref, count in rows]}


def changed(thing, before, now, was, becomes, change="changed", field="engaged_persons"):
    return Difference(
        change, "engagements", thing, field, Spot(SHEET, int(before[1:]), before), Spot(SHEET, int(now[1:]), now), {field: was}, {field: becomes}
    )


def test_a_cell_that_changed_is_told_with_its_place_in_both(compare):
    assert compare(engaged(("A-1", 12), ("A-2", 5)), engaged(("A-1", 13), ("A-2", 5))).differences == (changed("A-1", "H3", "H3", "12", "13"),)


def test_a_row_put_in_between_is_the_only_difference(compare):
    first = engaged(*((f"A-{number}", number) for number in range(1, 40)))
    second = {"engagements": [*first["engagements"][:7], {"engagement_ref": "B-1", "engaged_persons": 3}, *first["engagements"][7:]]}

    added = Difference("added", "engagements", "B-1", now=Spot(SHEET, 10), texts_now={"engagement_ref": "B-1", "engaged_persons": "3"})
    assert compare(first, second).differences == (added,)


def test_a_row_left_out_is_dropped_by_a_replacement_and_stands_beside_an_addition(home, report, send_one, compare, monkeypatch):
    replaced = compare(engaged(("A-1", 1), ("A-2", 2)), engaged(("A-2", 2)))
    monkeypatch.setenv("MUNIMON_NOW", "2024-04-12T12:00")
    added = send_one(report("three.xlsx", rows=engaged(("A-7", 7)), statement="adds"))

    dropped = Difference("dropped", "engagements", "A-1", before=Spot(SHEET, 3), texts_before={"engagement_ref": "A-1", "engaged_persons": "1"})
    assert replaced.differences == (dropped,)
    assert [difference.change for difference in compare_reports(home, added.submission_id).differences] == ["added"]


def test_a_row_that_stands_elsewhere_has_moved_and_the_others_have_not(compare):
    found = compare(engaged(*zip("ABCDE", range(1, 6), strict=True)), engaged(*zip("BCDAE", (2, 3, 4, 1, 5), strict=True)))

    assert found.differences == (Difference("moved", "engagements", "A", before=Spot(SHEET, 3), now=Spot(SHEET, 6)),)


def test_the_same_in_other_words_is_told_apart_from_a_change(compare):
    found = compare(engaged(("A-1", "12"), ("A-2", "many")), engaged(("A-1", "12,0"), ("A-2", "a lot")))

    assert found.differences == (
        changed("A-1", "H3", "H3", "12", "12,0", "reworded"),
        # neither can be read, so nobody knows whether they mean the same
        changed("A-2", "H4", "H4", "many", "a lot"),
    )


def test_what_may_name_a_person_is_never_shown(compare):
    first = [{"engagement_ref": "A-1", "employer_name": "Petar", "engaged_persons": 1}, {"engagement_ref": "A-2", "employer_name": "Jovan"}]
    second = [{"engagement_ref": "A-1", "employer_name": "Pavle", "engaged_persons": 1}, {"engagement_ref": "A-3", "employer_name": "Marko"}]
    found = compare({"engagements": first}, {"engagements": second})

    hidden = "•••"
    assert found.differences == (
        changed("A-1", "C3", "C3", hidden, hidden, field="employer_name"),
        Difference("added", "engagements", "A-3", now=Spot(SHEET, 4), texts_now={"engagement_ref": "A-3", "employer_name": hidden}),
        Difference("dropped", "engagements", "A-2", before=Spot(SHEET, 4), texts_before={"engagement_ref": "A-2", "employer_name": hidden}),
    )
    assert not any(name in repr(found.differences) for name in ("Petar", "Jovan", "Pavle", "Marko"))


def test_rows_without_a_ref_are_known_by_what_they_say(compare):
    first = [{"engaged_persons": 9, "engaged_women": 3, "days_worked": 100}, {"engaged_persons": 7}, {"engaged_persons": "many"}]
    second = [{"engaged_persons": 7}, {"engaged_persons": 9, "engaged_women": 4, "days_worked": 100}, {"engaged_persons": 6}]
    found = compare({"engagements": first}, {"engagements": second})

    assert found.differences == (
        Difference("moved", "engagements", f"{SHEET} A4", before=Spot(SHEET, 3), now=Spot(SHEET, 4)),
        changed(f"{SHEET} A4", "I3", "I4", "3", "4", field="engaged_women"),
        changed(f"{SHEET} A5", "H5", "H5", "many", "6"),
    )


def test_a_name_set_right_is_a_changed_cell_and_two_refs_are_two_things(compare):
    first = {
        "trainings": [{"title": "Obuka CV", "started_on": "2024-02", "enrolled_persons": 12}],
        "grants": [{"grant_ref": "G-1", "purpose": "mill"}],
    }
    second = {
        "trainings": [{"title": "Obuka za CV", "started_on": "2024-02", "enrolled_persons": 12}],
        "grants": [{"grant_ref": "G-2", "purpose": "mill"}],
    }

    assert [(difference.change, difference.thing, difference.field) for difference in compare(first, second).differences] == [
        ("added", "G-2", None),
        ("dropped", "G-1", None),
        ("changed", "Obuka za CV, 2024-02", "title"),
    ]


def test_what_is_said_of_a_section_is_compared_and_one_not_spoken_of_drops_nothing(compare):
    first = engaged(("A-1", 1)) | {"trainings": [{"training_ref": "T-1", "enrolled_persons": 3}]}
    found = compare(first, engaged(("A-1", 1)), said={"equipment": "nothing"})

    assert found.differences == (
        Difference("said", "trainings", texts_before={"said": "data"}, texts_now={"said": "not_known"}),
        Difference("said", "equipment", texts_before={"said": "not_known"}, texts_now={"said": "nothing"}),
    )


def test_findings_are_mended_still_open_or_new(compare):
    wrong = [{"engagement_ref": "A-1", "engaged_persons": "many"}, {"engagement_ref": "A-2", "engaged_persons": 30, "engaged_women": 32}]
    now = [
        {"engagement_ref": "A-2", "engaged_persons": 30, "engaged_women": 31},
        {"engagement_ref": "A-1", "engaged_persons": 5, "employer_type": "club"},
    ]
    found = compare({"engagements": wrong}, {"engagements": now})

    told = {name: [(finding.rule, finding.cell) for finding in getattr(found, name)] for name in ("mended", "still_open", "new")}
    assert told == {"mended": [("number_unreadable", "H3")], "still_open": [("more_than_whole", "I3")], "new": [("code_unknown", "D4")]}


def test_the_one_before_is_the_last_that_counts_of_the_same_place_and_period(home, report, send_one, monkeypatch):
    sent = []
    for day, parts in enumerate(({}, {"period": "2024-Q2"}, {}, {}, {})):
        monkeypatch.setenv("MUNIMON_NOW", f"2024-07-1{day}T12:00")
        sent.append(send_one(report(f"{day}.xlsx", rows=engaged(("A-1", day)), **parts)).submission_id)
    pipeline.withdraw(home, sent[3], "by mistake")

    assert compare_reports(home, sent[4]).before.submission_id == sent[2]
    assert compare_reports(home, sent[4], sent[3]).before.submission_id == sent[3]
    with pytest.raises(NothingToCompare, match=f"^submission '{sent[1]}': no earlier report on the same municipality, programme and period counts; "):
        compare_reports(home, sent[1])


def test_a_report_that_is_not_there_or_was_not_taken_in_is_named(home, report, send_one):
    stands, refused = send_one(report()), send_one(report("vague.xlsx", period="soon"))

    with pytest.raises(SubmissionUnknown, match=r"^submission 'none': not in the ledger; "):
        compare_reports(home, "none")
    with pytest.raises(
        NothingToCompare, match=f"^submission '{refused.submission_id}': refused, so none of its rows was taken in; name another one$"
    ):
        compare_reports(home, refused.submission_id, stands.submission_id)
