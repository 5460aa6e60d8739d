"""Questions that only a person can decide: asked once, answered once, kept where people can read and edit them, and revocable."""

import csv
from datetime import UTC, datetime

import pytest

from ingest.ledger import Ledger
from munimon import pipeline
from munimon.locks import work_in
from munimon.reference import copy_reference
from munimon.settings import MunimonError
from tests.ingest.test_predecessors import engagements
from tests.ingest.test_receiving import raw_rows

NIS, BELGRADE = "71323", "70203"


def answers_kept(home) -> list[dict[str, str]]:
    with home.name_answers.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_answers(home, *rows: tuple[str, str]) -> None:
    lines = ["name,municipality_code", *(f"{name},{code}" for name, code in rows)]
    home.name_answers.parent.mkdir(parents=True, exist_ok=True)
    home.name_answers.write_text("\n".join(lines), encoding="utf-8")


def standing(home) -> list[tuple[str, str, str | None]]:
    """File, status and municipality of every submission that was not withdrawn."""
    rows = Ledger(home.ledger).select("select * from current_submissions where status != 'withdrawn' order by file_name")
    return [(row["file_name"], row["status"], row["municipality_code"]) for row in rows]


def test_an_answer_is_kept_in_the_home_with_who_and_when_and_not_among_shared_tables(home, report, send_one):
    send_one(report(municipality="Palilula"))
    pipeline.answer(home, pipeline.questions(home)[0].question_id, NIS)

    assert home.name_answers == home.folder / "name_answers.csv"
    assert answers_kept(home) == [
        {"name": "Palilula", "municipality_code": NIS, "answered_by": "coordinator", "answered_at": "2024-04-10T12:00:00+00:00"}
    ]


def test_a_home_with_reference_tables_of_its_own_keeps_answers_beside_them(home, report, send_one):
    send_one(report(municipality="Palilula"))
    pipeline.answer(home, pipeline.questions(home)[0].question_id, NIS)
    copy_reference(home)

    assert home.name_answers == home.folder / "reference" / "name_answers.csv"
    assert [row["municipality_code"] for row in answers_kept(home)] == [NIS]
    assert not (home.folder / "name_answers.csv").exists()
    assert send_one(report("later.xlsx", municipality="Palilula", period="2024-Q2")).municipality_code == NIS


@pytest.mark.parametrize("name", ["=Palilula", "+Palilula", "-Palilula", "@Palilula"])
def test_a_name_like_a_formula_is_kept_as_text_and_known_again(home, report, send_one, name):
    send_one(report(municipality=name))
    (question,) = pipeline.questions(home)
    pipeline.answer(home, question.question_id, NIS)

    assert [row["name"] for row in answers_kept(home)] == [f"'{name}"]
    assert send_one(report("later.xlsx", municipality=name, period="2024-Q2")).municipality_code == NIS
    assert [question.text for question in pipeline.questions(home)] == [name]


@pytest.mark.parametrize("name", ["PALILULA", "Палилула", " palilula "])
def test_a_name_is_asked_once_however_it_is_written_and_known_from_then_on(home, report, send_one, name):
    first = send_one(report(municipality="Palilula"))
    second = send_one(report("second.xlsx", municipality=name, period="2024-Q2"))
    (question,) = pipeline.questions(home)
    assert set(question.submission_ids) == {first.submission_id, second.submission_id}
    assert [(place.file, place.sheet, place.cell) for place in question.places] == [
        ("report.xlsx", "Izveštaj", "B3"),
        ("second.xlsx", "Izveštaj", "B3"),
    ]

    pipeline.answer(home, question.question_id, NIS)
    third = send_one(report("third.xlsx", municipality=name, period="2024-Q3"))

    assert standing(home) == [(file, "accepted", NIS) for file in ("report.xlsx", "second.xlsx", "third.xlsx")]
    assert third.status == "accepted"


def test_letters_of_the_other_script_are_not_forgiven_by_an_answer(home, report, send_one):
    send_one(report(municipality="Palilula"))
    pipeline.answer(home, pipeline.questions(home)[0].question_id, NIS)

    # its first а is Cyrillic
    assert send_one(report("mixed.xlsx", municipality="P\u0430lilula", period="2024-Q2")).status == "waiting_for_answer"


def test_an_answer_given_twice_is_entered_once(home, report, send_one):
    waiting = send_one(report(municipality="Palilula"))
    (question,) = pipeline.questions(home)
    first, second = (pipeline.answer(home, question.question_id, NIS) for _ in range(2))

    assert [[(each.submission_id, each.status) for each in result] for result in (first, second)] == [[(waiting.submission_id, "accepted")]] * 2
    assert len(Ledger(home.ledger).select("select * from answers")) == 1
    assert raw_rows(home, "engagements", "engaged_persons") == [(12,)]


def test_an_answer_whose_work_was_cut_short_is_finished_when_it_is_given_again(home, report, send_one):
    from ingest.entries import Entry

    waiting = send_one(report(municipality="Palilula"))
    (question,) = pipeline.questions(home)
    Ledger(home.ledger).record_answer(question.question_id, NIS, Entry.now())
    (answered,) = pipeline.answer(home, question.question_id, NIS)

    assert (answered.submission_id, answered.status) == (waiting.submission_id, "accepted")


def test_an_answer_given_anew_moves_every_report_that_stood_by_it_and_can_be_given_anew_again(home, report, send_one):
    send_one(report(municipality="Palilula"))
    (question,) = pipeline.questions(home)
    pipeline.answer(home, question.question_id, NIS)
    # this one came when the name was known already, and asked nothing
    send_one(report("later.xlsx", municipality="Palilula", period="2024-Q2"))

    for code in (BELGRADE, NIS, BELGRADE):
        pipeline.answer(home, question.question_id, code)
        assert standing(home) == [("later.xlsx", "accepted", code), ("report.xlsx", "accepted", code)]
    assert [row["municipality_code"] for row in answers_kept(home)] == [BELGRADE]


def test_a_name_answer_taken_back_makes_its_reports_wait_again_until_the_next_answer(home, report, send_one):
    send_one(report(municipality="Palilula"))
    (question,) = pipeline.questions(home)
    pipeline.answer(home, question.question_id, NIS)
    pipeline.answer(home, question.question_id, None)

    assert standing(home) == [("report.xlsx", "waiting_for_answer", None)]
    assert answers_kept(home) == []
    assert [(asked.answer, asked.answered_by) for asked in pipeline.questions(home)] == [(None, None)]
    assert send_one(report("later.xlsx", municipality="Palilula", period="2024-Q2")).status == "waiting_for_answer"

    pipeline.answer(home, question.question_id, BELGRADE)
    assert standing(home) == [("later.xlsx", "accepted", BELGRADE), ("report.xlsx", "accepted", BELGRADE)]


def test_an_answer_of_replace_or_add_taken_back_leaves_both_reports_standing(home, report, send_one):
    send_one(report("one.xlsx", statement=None, rows=engagements(A=8)), sent_by="office one")
    two = send_one(report("two.xlsx", statement=None, rows=engagements(B=5)), sent_by="office two", sent_at=datetime(2024, 4, 14, tzinfo=UTC))
    (question,) = pipeline.questions(home)
    assert [(place.file, place.sent_by) for place in question.places] == [("one.xlsx", "office one"), ("two.xlsx", "office two")]

    pipeline.answer(home, question.question_id, "zamena", actor="Head of monitoring")
    assert [(asked.answer, asked.answered_by) for asked in pipeline.questions(home)] == [("replaces", "Head of monitoring")]
    pipeline.answer(home, question.question_id, None)

    events = Ledger(home.ledger).select("select event from events where submission_id = ? order by event_id", [two.submission_id])
    assert [row["event"] for row in events] == ["accepted", "replaces", "adds"]
    assert [asked.answer for asked in pipeline.questions(home)] == [None]


def test_what_somebody_writes_into_the_file_of_answers_is_an_answer(home, report, send_one):
    waiting = send_one(report(municipality="Palilula"))
    write_answers(home, ("Palilula", NIS), ("Krusevac grad i sela", "70670"))
    known = send_one(report("known.xlsx", municipality="Kruševac grad i sela", period="2024-Q2"))
    assert known.status == "waiting_for_answer"
    plain = send_one(report("plain.xlsx", municipality="KRUSEVAC GRAD I SELA", period="2024-Q3"))

    assert (plain.status, plain.municipality_code) == ("accepted", "70670")
    assert [(asked.text, asked.answer, asked.answered_by) for asked in pipeline.questions(home)] == [
        ("Kruševac grad i sela", None, None),
        ("Krusevac grad i sela", "70670", "coordinator"),
        ("Palilula", NIS, "coordinator"),
    ]
    assert ("report.xlsx", "accepted", NIS) in standing(home)
    assert waiting.status == "waiting_for_answer"


def test_a_line_changed_in_the_file_moves_the_reports_and_a_line_taken_out_changes_nothing(home, report, send_one):
    send_one(report(municipality="Palilula"))
    pipeline.answer(home, pipeline.questions(home)[0].question_id, NIS)
    write_answers(home, ("Palilula", BELGRADE))
    send_one(report("two.xlsx", municipality="Palilula", period="2024-Q2"))
    write_answers(home)
    send_one(report("three.xlsx", municipality="Palilula", period="2024-Q3"))

    assert standing(home) == [(name, "accepted", BELGRADE) for name in ("report.xlsx", "three.xlsx", "two.xlsx")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name,municipality_code\nPalilula,99999\n", "line 2: '99999': no municipality has this code or full name"),
        ("name,municipality_code\nPalilula,\n", "line 2: needs a name and a municipality_code"),
        ("ime,sifra\nPalilula,71323\n", "has no column name and municipality_code"),
    ],
)
def test_a_file_of_answers_with_a_fault_is_an_error_of_one_line_before_anything_is_taken_in(home, report, send_one, text, fault):
    home.folder.mkdir()
    home.name_answers.write_text(text, encoding="utf-8")

    with pytest.raises(MunimonError, match=r"name_answers\.csv: ") as error:
        send_one(report(municipality="Palilula"))
    assert fault in str(error.value)
    assert not Ledger(home.ledger).select("select * from submissions")


def test_answers_survive_a_rebuild_of_raw_with_and_without_their_file(home, report, send_one):
    from ingest.rebuilding import rebuild_raw

    send_one(report(municipality="Palilula"))
    (question,) = pipeline.questions(home)
    for code in (NIS, BELGRADE):
        pipeline.answer(home, question.question_id, code)
    send_one(report("later.xlsx", municipality="ПАЛИЛУЛА", period="2024-Q2"))
    before = raw_rows(home, "engagements", "submission_id, engaged_persons")
    home.name_answers.unlink()
    with work_in(home):
        rebuild_raw(home, lambda *step: None)

    assert sorted(raw_rows(home, "engagements", "submission_id, engaged_persons")) == sorted(before)
    assert send_one(report("third.xlsx", municipality="Palilula", period="2024-Q3")).municipality_code == BELGRADE


def test_a_name_is_asked_about_only_while_a_report_waits_for_it(home, report, send_one):
    waiting = send_one(report(municipality="Palilula"))
    pipeline.withdraw(home, waiting.submission_id, "sent by mistake")
    assert (pipeline.questions(home), pipeline.status(home).open_questions) == ([], 0)

    again = send_one(report("again.xlsx", municipality="Palilula", rows=engagements(A=3)))
    assert [(question.text, again.submission_id in question.submission_ids) for question in pipeline.questions(home)] == [("Palilula", True)]
