"""What only the sheets of a report together show, from real workbooks."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc

from ingest.checks import read_checks
from munimon.results import SubmissionResult
from munimon.settings import Home


def test_rows_and_sheets_of_one_report_are_held_against_each_other(
    home: Home, report: Callable[..., Path], send_one: Callable[..., SubmissionResult]
) -> None:
    engaged = [
        {"engagement_ref": "A-1", "employer_name": "JKP Vodovod Kruševac", "started_on": "15.03.2024.", "engaged_persons": 12},
        {"engagement_ref": "A-2", "employer_name": "JKP Vodovod Kruševac", "started_on": "jun 2024", "engaged_persons": 3},
        {"engagement_ref": " a-1", "employer_name": "OŠ 1", "engaged_persons": 5},
    ]
    delivered = [{"item_name": "tablet", "quantity": 3, "unit_cost": 12000, "currency": "MKD", "recipient_name": "JKP Vodvod Kruševac"}]
    trained = [{"title": "CV", "organiser_name": "Крушевац ЈКП"}, {"title": "CV 2", "organiser_name": "OŠ 2"}]
    submission = send_one(report(rows={"engagements": engaged, "equipment": delivered, "trainings": trained}))

    assert [(each.severity, each.rule, each.sheet, each.cell, each.value_as_reported) for each in submission.findings] == [
        ("warning", "after_the_period", "Angažovani radnici", "F4", "jun 2024"),
        ("warning", "ref_repeated", "Angažovani radnici", "A5", " a-1"),
        ("warning", "currency_of_another_country", "Oprema", "F3", "MKD (makedonski denar)"),
        ("warning", "name_spelled_otherwise", "Oprema", "H3", None),
    ]
    assert [each.message.partition(": ")[2] for each in submission.findings] == [
        "Početak angažovanja (2024-06) je posle kraja perioda navedenog na prvom listu (31. marta 2024). Proverite datum i period.",
        "Oznaka angažovanja: ista oznaka već stoji na listu „Angažovani radnici“, u ćeliji A3; računa se samo poslednji od tih redova. "
        "Ako su to dve različite stvari, dajte svakoj posebnu oznaku.",
        "Valuta: MKD, a opština s prvog lista računa u RSD ili EUR. Proverite valutu.",
        "Primalac: naziv je skoro isti kao na listu „Angažovani radnici“, u ćeliji C3, ali ne sasvim. "
        "Ako je to ista organizacija, upišite je na oba mesta jednako.",
    ]


def test_what_was_judged_is_kept_by_submission_and_rule(home: Home, report: Callable[..., Path], send_one: Callable[..., SubmissionResult]) -> None:
    rows = [{"engagement_ref": "A-1", "engaged_persons": 3, "engaged_women": 4}, {"engagement_ref": "A-2", "engaged_persons": "tri"}]
    submission = send_one(report(rows={"engagements": rows}))

    checks = read_checks(home.raw)
    assert set(checks["submission_id"].to_pylist()) == {submission.submission_id}
    of_women = checks.filter(pc.field("field") == "engaged_women").select(["section", "rule", "other", "judged", "failed"]).to_pylist()
    # the second row could not be read whole, so it was not judged
    assert of_women == [{"section": "engagements", "rule": "more_than_whole", "other": "engaged_persons", "judged": 1, "failed": 1}]
