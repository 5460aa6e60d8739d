"""What becomes of a file that is handed in."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from ingest.ledger import Ledger
from ingest.receiving import FILES_PER_BATCH
from munimon import pipeline
from munimon.printing import print_outcome
from munimon.results import IngestOptions
from munimon.settings import Home, MunimonError


def raw_rows(home: Home, section: str, columns: str) -> list[tuple]:
    """The rows of a section in raw, in the order of the sheet."""
    files = home.raw / section / "*.parquet"
    return duckdb.sql(f"select {columns} from read_parquet('{files}') order by source_sheet, source_row, submission_id").fetchall()


def said_of(submission) -> list[tuple]:
    """Its findings, each as severity, rule, cell and text."""
    return [(finding.severity, finding.rule, finding.cell, finding.value_as_reported) for finding in submission.findings]


def test_a_report_goes_in_with_its_rows_and_says_so(home, report, send_one):
    submission = send_one(report(said={"trainings": "nothing"}))

    assert (submission.status, submission.file) == ("accepted", "report.xlsx")
    assert (submission.municipality_code, submission.programme_id) == ("70670", "SAMPLE")
    assert (submission.period_start, submission.period_end) == (date(2024, 1, 1), date(2024, 3, 31))
    assert (submission.accepted_rows, submission.quarantined_rows) == (1, 0)
    assert raw_rows(home, "engagements", "submission_id, source_row, thing_key, engaged_persons, engaged_women, is_quarantined") == [
        (submission.submission_id, 3, "ref:a 1", 12, None, False)
    ]


def test_the_original_is_kept_byte_for_byte_under_its_hash(home, report, send_one):
    path = report()
    send_one(path)

    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(kept.name, kept.read_bytes()) for kept in home.landing.rglob("*") if kept.is_file()] == [(sha256, path.read_bytes())]


def test_the_same_file_twice_changes_nothing_and_says_so(home, report, send_one):
    first = send_one(report())
    before = sorted(path for path in home.raw.rglob("*.parquet"))
    again = send_one(report("under another name.xlsx"))

    assert (again.submission_id, again.status) == (first.submission_id, "already_received")
    assert sorted(home.raw.rglob("*.parquet")) == before
    assert pipeline.status(home).submissions == {"accepted": 1}


def test_the_same_file_twice_in_one_batch_goes_in_once(report, send):
    one, two = report("one.xlsx"), report("two.xlsx")

    assert [submission.status for submission in send(one, two).submissions] == ["accepted", "already_received"]


def test_the_same_file_under_two_names_is_known_by_both(home, report, send, capsys):
    outcome = send(report("one.xlsx"), report("two.xlsx"))
    again = send(report("two.xlsx"), report("final.xlsx"), report("one.xlsx"))

    told = [(each.file, each.status, each.received_as) for each in (*outcome.submissions, *again.submissions)]
    assert told == [
        ("one.xlsx", "accepted", None),
        ("two.xlsx", "already_received", "one.xlsx"),
        ("two.xlsx", "already_received", "one.xlsx"),
        ("final.xlsx", "already_received", "one.xlsx"),
        ("one.xlsx", "already_received", None),
    ]
    kept = Ledger(home.ledger).select("select file_name from receipts union all select file_name from receipt_names order by file_name")
    assert [row["file_name"] for row in kept] == ["final.xlsx", "one.xlsx", "two.xlsx"]
    print_outcome(outcome)
    assert "two.xlsx: already received as" in (printed := capsys.readouterr().out)
    assert ", under the name one.xlsx (" in printed


def test_a_withdrawn_file_can_be_sent_again_and_is_a_new_submission(home, report, send_one):
    first = send_one(report())
    assert pipeline.withdraw(home, first.submission_id, "sent by mistake").status == "withdrawn"
    again = send_one(report())

    assert again.status == "accepted"
    assert again.submission_id != first.submission_id


def test_an_unreadable_number_quarantines_its_row_and_the_rest_goes_in(home, report, send_one):
    rows = [{"engagement_ref": "A-1", "engaged_persons": "dvanaest"}, {"engagement_ref": "A-2", "engaged_persons": 5}]
    submission = send_one(report(rows={"engagements": rows}))

    assert (submission.status, submission.accepted_rows, submission.quarantined_rows) == ("partly_accepted", 1, 1)
    assert said_of(submission) == [("error", "number_unreadable", "H3", "dvanaest")]
    assert submission.findings[0].message == (
        "List „Angažovani radnici“, ćelija H3: Ovo nije broj: „dvanaest“. Upišite samo cifre, na primer 30, ili „-“ ako podatak nije poznat."
    )
    assert raw_rows(home, "engagements", "thing_key, engaged_persons, is_quarantined, as_reported") == [
        ("ref:a 1", None, True, '{"engagement_ref": "A-1", "engaged_persons": "dvanaest"}'),
        ("ref:a 2", 5, False, '{"engagement_ref": "A-2", "engaged_persons": "5"}'),
    ]


def test_more_women_than_persons_quarantines_the_row_and_names_the_cell(report, send_one):
    submission = send_one(report(rows={"engagements": [{"engaged_persons": 30, "engaged_women": 32}]}))

    assert submission.status == "partly_accepted"
    assert said_of(submission) == [("error", "more_than_whole", "I3", "32")]


def test_unknown_zero_and_about_stay_apart(home, report, send_one):
    rows = [{"engaged_persons": "-"}, {"engaged_persons": 0}, {"engaged_persons": "oko 30"}]
    send_one(report(rows={"engagements": rows}))

    assert raw_rows(home, "engagements", "engaged_persons, engaged_persons_qualifier") == [(None, None), (0, "exact"), (30, "about")]


def test_a_date_is_kept_as_exact_as_it_was_stated(home, report, send_one):
    rows = [{"started_on": text} for text in ("13.11.2015.", "maj 2021", "2021", "3. oktobar")]
    send_one(report(rows={"engagements": rows}))

    assert raw_rows(home, "engagements", "started_on_edtf, started_on_earliest, started_on_latest") == [
        ("2015-11-13", date(2015, 11, 13), date(2015, 11, 13)),
        ("2021-05", date(2021, 5, 1), date(2021, 5, 31)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("XXXX-10-03", None, None),
    ]


def test_a_file_that_is_no_report_is_refused_whole_with_the_reason(home, tmp_path, send_one):
    path = tmp_path / "letter.docx"
    path.write_bytes(b"\x00\x01\x02 not a workbook")
    submission = send_one(path)

    assert (submission.status, submission.municipality_code, said_of(submission)) == ("refused", None, [("error", "file_type_unknown", None, None)])
    assert raw_rows(home, "engagements", "submission_id") == []


def test_a_refusal_repeated_adds_no_submission(home, tmp_path, send_one):
    path = tmp_path / "empty.xlsx"
    path.write_bytes(b"")
    first, second = send_one(path), send_one(path)

    assert (first.submission_id, first.status) == (second.submission_id, second.status)
    assert pipeline.status(home).submissions == {"refused": 1}


def test_a_report_that_names_no_known_programme_is_refused(report, send_one):
    submission = send_one(report(programme="Nepostojeći program"))

    assert submission.status == "refused"
    assert [(finding.rule, finding.cell) for finding in submission.findings if finding.severity == "error"] == [("programme_unknown", "B4")]


def test_what_the_form_leaves_out_can_be_stated_by_the_command(report, send_one):
    submission = send_one(report(municipality=None, programme=None, period=None), municipality="70670", programme="SAMPLE", period="2024-Q2")

    assert (submission.status, submission.municipality_code, submission.period_start) == ("accepted", "70670", date(2024, 4, 1))


def test_a_command_that_disagrees_with_the_form_holds_and_is_named(report, send_one):
    submission = send_one(report(), period="2024-Q2")

    assert submission.period_start == date(2024, 4, 1)
    assert said_of(submission) == [("warning", "name_disagrees_with_options", "B5", None)]


def test_one_table_for_many_municipalities_gives_each_its_submission(home, report, send):
    rows = [
        {"municipality": name, "period": "not-stated", "programme": "RS-SKGO-IPA2020", "component": "roma-inclusion", "role": "supported"}
        for name in ("Čačak", "ГО Нови Београд", "Kanjiza")
    ]
    outcome = send(report(municipality=None, programme=None, period=None, statement=None, rows={"participations": rows}))

    assert sorted((each.municipality_code, each.status, each.accepted_rows) for each in outcome.submissions) == [
        ("70181", "accepted", 1),
        ("71242", "accepted", 1),
        ("80195", "accepted", 1),
    ]


def test_a_statement_about_the_whole_programme_has_no_municipality(home, report, send_one):
    rows = {"observations": [{"measure_code": "municipalities_with_plan", "source_id": "D", "value": 8}]}
    submission = send_one(report(municipality="ceo program", period="nije navedeno", rows=rows))

    assert (submission.status, submission.municipality_code, submission.period_start) == ("accepted", None, None)


def test_an_unclear_municipality_waits_and_goes_in_once_it_is_answered(home, report, send_one):
    waiting = send_one(report(municipality="Palilula"))
    assert (waiting.status, waiting.accepted_rows, raw_rows(home, "engagements", "submission_id")) == ("waiting_for_answer", 0, [])

    (question,) = pipeline.questions(home)
    assert (question.kind, question.text, question.answer, question.submission_ids) == ("municipality", "Palilula", None, (waiting.submission_id,))
    (answered,) = pipeline.answer(home, question.question_id, "71323")

    assert (answered.submission_id, answered.status, answered.municipality_code) == (waiting.submission_id, "accepted", "71323")
    assert raw_rows(home, "engagements", "submission_id, engaged_persons") == [(waiting.submission_id, 12)]
    assert [(question.answer, question.text) for question in pipeline.questions(home)] == [("71323", "Palilula")]


def test_a_name_that_was_answered_once_is_not_asked_again(home, report, send_one):
    send_one(report(municipality="Palilula"))
    pipeline.answer(home, pipeline.questions(home)[0].question_id, "71323")
    later = send_one(report("later.xlsx", municipality="Palilula", period="2024-Q2"))

    assert (later.status, later.municipality_code) == ("accepted", "71323")


def test_a_question_answered_anew_moves_the_submission_to_the_other_municipality(home, report, send_one):
    first = send_one(report(municipality="Palilula"))
    (question,) = pipeline.questions(home)
    pipeline.answer(home, question.question_id, "71323")
    (moved,) = pipeline.answer(home, question.question_id, "70203")

    assert (moved.status, moved.municipality_code) == ("accepted", "70203")
    assert Ledger(home.ledger).select("select status from current_submissions where submission_id = ?", [first.submission_id]) == [
        {"status": "withdrawn"}
    ]


def test_nothing_to_report_and_left_blank_are_told_apart(home, report, send_one):
    submission = send_one(report(said={"trainings": "nothing"}, sections=["engagements", "trainings", "equipment"]))

    said = Ledger(home.ledger).select("select section, said from submission_sections order by section")
    assert said == [
        {"section": "engagements", "said": "data"},
        {"section": "equipment", "said": "not_known"},
        {"section": "trainings", "said": "nothing"},
    ]
    assert [finding.rule for finding in submission.findings] == ["section_empty_not_said"]


def test_what_was_sent_and_when_is_recorded_apart_from_our_own_clock(home, report, send_one):
    send_one(report(), sent_at=datetime(2024, 4, 9, 8, 30, tzinfo=UTC), sent_by="opstina@example.rs")

    (row,) = Ledger(home.ledger).select("select sent_at, sent_by, recorded_at, actor, is_back_filled from current_submissions")
    assert row == {
        "sent_at": "2024-04-09T08:30:00.000000",
        "sent_by": "opstina@example.rs",
        "recorded_at": "2024-04-10T12:00:00.000000",
        "actor": "coordinator",
        "is_back_filled": 1,
    }


def test_a_csv_table_is_told_by_its_headings(home, table, send_one):
    path = table("табела.csv", ("municipality", "programme", "period", "engaged_persons"), ("Битола", "SAMPLE", "2024-Q1", "7"))
    submission = send_one(path)

    assert (submission.status, submission.municipality_code, submission.accepted_rows) == ("accepted", "MK00501", 1)
    assert raw_rows(home, "engagements", "source_sheet, source_row, engaged_persons") == [("табела", 2, 7)]


def test_an_unknown_heading_is_named_with_the_nearest_known_one(table, send_one):
    path = table("t.csv", ("municipality", "programme", "period", "engaged_persons", "engaged wmen"), ("Bitola", "SAMPLE", "2024-Q1", "7", "3"))
    (finding,) = send_one(path).findings

    assert (finding.rule, finding.cell, finding.message) == (
        "heading_unknown",
        "E1",
        "Лист „t“, ќелија E1: Насловот „engaged wmen“ не е познат и колоната е изоставена. Дали мислите на „Engaged women“? "
        "Користете ги насловите од образецот.",
    )


def test_a_path_that_is_not_there_is_an_error_of_the_command(home):
    with pytest.raises(MunimonError, match=r"nowhere\.xlsx: there is no such file or folder"):
        pipeline.ingest(home, [Path("nowhere.xlsx")], IngestOptions())


def test_many_files_are_read_side_by_side_and_told_in_order(home, report, send):
    paths = [
        report(f"{number:02}.xlsx", rows={"grants": [{"grant_ref": f"G-{number}", "awarded_amount": number, "currency": "EUR"}]})
        for number in range(20)
    ]
    outcome = send(*paths)

    assert [each.file for each in outcome.submissions] == [path.name for path in paths]
    assert {each.status for each in outcome.submissions} == {"accepted"}
    assert len(paths) < FILES_PER_BATCH
    assert sorted(raw_rows(home, "grants", "awarded_amount")) == [(number,) for number in range(20)]


def test_a_file_that_comes_again_while_an_earlier_batch_is_under_way_is_taken_in_once(home, report, send, tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.receiving.FILES_PER_BATCH", 2)
    paths = [
        report(f"{number}.xlsx", rows={"grants": [{"grant_ref": f"G-{number}", "awarded_amount": number, "currency": "EUR"}]}) for number in range(4)
    ]
    again = tmp_path / "again.xlsx"
    again.write_bytes(paths[1].read_bytes())
    outcome = send(*paths[:2], again, *paths[2:])

    assert [each.status for each in outcome.submissions] == ["accepted", "accepted", "already_received", "accepted", "accepted"]
    assert outcome.submissions[2].submission_id == outcome.submissions[1].submission_id
    assert sorted(raw_rows(home, "grants", "awarded_amount")) == [(number,) for number in range(4)]


def test_a_blank_number_of_trainings_is_one_and_an_unknown_one_stays_unknown(home, report, send_one):
    rows = [{"title": "Obuka A"}, {"title": "Obuka B", "trainings_count": "nije poznato"}, {"title": "Obuka C", "trainings_count": 3}]
    send_one(report(rows={"trainings": rows}))

    assert raw_rows(home, "trainings", "trainings_count") == [(1,), (None,), (3,)]


def test_a_currency_written_beside_the_amount_is_the_currency_of_the_row(home, report, send_one):
    rows = [{"grant_ref": "G-1", "awarded_amount": "1.200.000 din."}, {"grant_ref": "G-2", "awarded_amount": "500 €", "currency": "RSD"}]
    submission = send_one(report(rows={"grants": rows}))

    assert raw_rows(home, "grants", "awarded_amount, currency, is_quarantined") == [(1200000, "RSD", False), (500, "RSD", True)]
    assert [(finding.rule, finding.cell) for finding in submission.findings] == [("currency_disagrees", "H4")]


def test_an_amount_without_a_currency_stands_and_is_named(home, report, send_one):
    submission = send_one(report(rows={"grants": [{"grant_ref": "G-1", "awarded_amount": 500}]}))

    assert (submission.status, said_of(submission)) == ("accepted", [("warning", "currency_missing", "H3", "500")])


def test_a_totals_row_is_left_out_and_named(home, report, send_one):
    rows = [{"engagement_ref": "A-1", "engaged_persons": 5}, {"engagement_ref": "Ukupno", "engaged_persons": 5}]
    submission = send_one(report(rows={"engagements": rows}))

    assert raw_rows(home, "engagements", "thing_key") == [("ref:a 1",)]
    assert [finding.rule for finding in submission.findings] == ["totals_row_left_out"]


def test_each_file_is_told_its_own_cell_of_a_name_that_is_not_clear(table, send):
    head = ("municipality", "programme", "period", "engaged_persons")
    one = table("one.csv", head, ("Palilula", "SAMPLE", "2024-Q1", "5"))
    two = table("two.csv", head, ("Bitola", "SAMPLE", "2024-Q1", "5"), ("Palilula", "SAMPLE", "2024-Q1", "7"))

    waiting = [each for each in send(one, two).submissions if each.status == "waiting_for_answer"]
    assert [(each.file, finding.sheet, finding.cell) for each in waiting for finding in each.findings] == [
        ("one.csv", "one", "A2"),
        ("two.csv", "two", "A3"),
    ]


def test_a_table_of_sections_left_wholly_blank_is_found_and_nothing_counts_as_zero(home, tmp_path, send_one):
    path = tmp_path / "filled by hand.xlsx"
    pipeline.template(home, "Kruševac", "SAMPLE", "2024-Q1", "sr-Latn", path)
    book = load_workbook(path)
    headings = {cell.value: cell.column for cell in book["Angažovani radnici"][2]}
    book["Angažovani radnici"].cell(3, headings["Angažovana lica"]).value = 5
    book.save(path)
    submission = send_one(path)

    assert (submission.status, submission.accepted_rows) == ("accepted", 1)
    assert [finding.rule for finding in submission.findings] == ["section_empty_not_said"]
    said = {row["section"]: row["said"] for row in Ledger(home.ledger).select("select section, said from submission_sections")}
    assert said.pop("engagements") == "data"
    assert (len(said), set(said.values())) == (9, {"not_known"})


def test_a_municipality_left_blank_on_our_form_is_missing_whatever_is_explained_beside_it(report, send_one):
    submission = send_one(report(municipality=None))

    assert submission.status == "refused"
    assert [(finding.rule, finding.cell) for finding in submission.findings] == [("municipality_missing", "B3")]
