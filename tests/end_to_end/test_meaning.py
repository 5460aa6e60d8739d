"""What a report means, from the workbook to the answer of `munimon sql`: one test for each rule. All figures are synthetic."""

from collections.abc import Callable, Iterator

import pytest

from munimon import pipeline
from munimon.reference import copy_reference
from munimon.results import SubmissionResult
from munimon.settings import Home
from tests.end_to_end.post import WHOLE, Post, Rows, ask_published, engagement

# Somebody's form that states what was paid in the quarter; our own says what was paid to date.
QUARTERLY = """
title: Grants, quarter by quarter
language: sr-Latn
amounts: flow
municipality: Opština
programme: {value: SAMPLE}
period: Kvartal
tables:
- section: grants
  fields:
    grant_ref: Oznaka granta
    awarded_amount: Dodeljeno (EUR)
    disbursed_amount: Isplaćeno u kvartalu (EUR)
    awarded_on: Datum dodele
"""
SUPPORTED = ("Kruševac", "Raška", "Užice", "Tutin", "Ada")
Ask = Callable[..., Rows]


# Reported for the second quarter; what each counts in is said by its own dates.
BY_OWN_DATE: dict[str, Rows] = {
    "engagements": [
        {"engagement_ref": "A-1", "started_on": "20.2.2024.", "ended_on": "10.4.2024.", "engaged_persons": 10}
        | {"outcome_known_persons": 8, "retained_persons": 4},
        {"engagement_ref": "A-2"},
    ],
    "trainings": [
        {"training_ref": "T-1", "started_on": "20.3.2024.", "ended_on": "10.4.2024.", "enrolled_persons": 12, "completed_persons": 9},
        {"training_ref": "T-2", "completed_persons": 3},
    ],
    "equipment": [{"equipment_ref": "E-1", "delivered_on": "1.3.2024.", "quantity": 6}],
    "grants": [{"grant_ref": "G-1", "awarded_on": "15.1.2024.", "currency": "EUR", "awarded_amount": 700}],
}


def tell_histories(post: Post) -> dict[str, SubmissionResult]:
    """All that is received, and what was decided about it; the submissions whose findings are looked at, by name."""
    supported = [{"municipality": name, "component": "jobs", "role": "supported", "since": "2024"} for name in SUPPORTED]
    tablets = {"item_name": "Tablet", "recipient_name": "OŠ „Vuk“", "delivered_on": "5.3.2024.", "quantity": 20}
    chairs = {"item_name": "Stolica", "quantity": 4}
    grant = {"grant_ref": "G-1", "awarded_on": "10.1.2024.", "currency": "EUR", "awarded_amount": 1000, "disbursed_amount": 400}
    outcome = {"outcome_known_persons": 20, "retained_persons": 10}

    post.receive("2024-01-10", post.report(None, "participations", *supported, period="2024"))
    post.receive("2024-04-09", post.report("Šid", "engagements", engagement("A", 8), statement=None), sent_by="office one")
    post.receive(
        "2024-04-10",
        post.report("Vranje", "engagements", *(engagement(f"A-{number}", number, f"{number}.2.2024.") for number in range(1, 21)), statement=None),
        post.report("Tutin", "engagements", engagement("A-1", 8)),
        post.report("Blace", "engagements", engagement("A-1", 3)),
        post.report("Čačak", "equipment", tablets, chairs, chairs),
        post.report("Kikinda", "engagements", engagement("A-1", 12), engagement("A-2", 3)),
        post.report("Sečanj", "engagements", engagement("A-1", 10, engaged_women=4, engaged_roma=3), engagement("A-2", "oko 30", "mart 2024")),
        post.report("Požega", "engagements", engagement("A-1", 30, ended_on="20.3.2024.", **outcome)),
        post.report("Kanjiža", "grants", grant),
    )
    post.receive("2024-04-10", post.quarterly("2024-Q1", 1000, 500))
    (blank,) = post.receive("2024-04-10", post.report("Užice", "equipment", trainings="nothing", equipment="data"))
    (far,) = post.receive("2024-04-11", post.report("Kanjiža", "engagements", engagement("A-1", 1, None), period="2030-Q1"))
    beside = [{"municipality": "Beočin"} | engagement("A-1", 7), {"municipality": "Novi Bečej"} | engagement("A-1", 9)]
    two_rows = [engagement("A-1", 101, "1.2.2024."), engagement("A-2", 102, "2.2.2024.")]
    post.receive("2024-04-12", post.report("Vranje", "engagements", *two_rows, statement=None), post.report(None, "engagements", *beside))
    (unclear,) = post.receive("2024-04-13", post.report("Lebane i okolina", "engagements", engagement("A-1", 9)))
    (second,) = post.receive("2024-04-14", post.report("Šid", "engagements", engagement("B", 5), statement=None), sent_by="office two")
    post.receive("2024-04-20", post.report("Raška", "engagements", engagement("A-1", 10)), sent_at="2024-04-14")
    post.receive("2024-04-21", post.report("Raška", "engagements", engagement("A-1", 12)), sent_at="2024-04-09")
    post.receive("2024-04-22", post.report("Kikinda", "engagements", engagement("A-1", "dvanaest ili trinaest"), engagement("A-2", 4)))
    (correction,) = post.receive("2024-05-10", post.report("Tutin", "engagements", engagement("A-1", 5)))
    post.receive("2024-05-20", post.report("Ada", "engagements", engagement("A-1", 4)))
    post.answer("2024-06-01", second, "zamena")
    post.answer("2024-06-05", unclear, "Lebane")
    post.on("2024-06-10")
    pipeline.withdraw(post.home, correction.submission_id, "sent by mistake")
    post.receive(
        "2024-07-05",
        post.report("Kruševac", "engagements", engagement("A-1", 12, "10.4.2024."), period="2024-Q2"),
        post.report("Čačak", "equipment", tablets | {"quantity": 22}, period="2024-Q2"),
        post.report("Vrbas", "engagements", engagement("A-1", 7, "20.2.2024."), period="2024-Q2"),
        post.report("Kanjiža", "grants", grant | {"disbursed_amount": 900}, period="2024-Q2"),
    )
    post.receive("2024-07-05", *(post.report("Aleksinac", section, *rows, period="2024-Q2") for section, rows in BY_OWN_DATE.items()))
    post.receive("2024-07-06", post.quarterly("2024-Q2", None, 200))
    post.answer("2024-08-01", second, "dopuna")
    post.receive("2024-08-10", post.quarterly("2024-Q1", 1000, 700))
    both = [engagement("A-1", 12, "10.4.2024."), engagement("A-2", 5, "1.8.2024.")]
    post.receive("2024-10-05", post.report("Kruševac", "engagements", *both, period="2024-Q3"))
    return {"nothing and blank": blank, "of 2030": far, "the second office": second}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, dict[str, SubmissionResult]]]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        post = Post(tmp_path_factory.mktemp("meaning"), monkeypatch)
        copy_reference(post.home)
        (post.home.reference / "layouts" / "quarterly.yml").write_text(QUARTERLY, encoding="utf-8")
        submissions = tell_histories(post)
        post.on("2025-01-10")
        pipeline.build(post.home)
        yield post.home, submissions


@pytest.fixture
def ask(told: tuple[Home, dict[str, SubmissionResult]]) -> Ask:
    """`munimon sql`, now or as of a day; `{name}` in the question is the code of a municipality."""

    def run(query: str, as_of: str | None = None) -> Rows:
        return ask_published(told[0], query, as_of)

    return run


def figure(ask: Ask, indicator: str, place: str, period: str, as_of: str | None = None) -> object:
    """The total of one indicator in one place; "no row" where nothing at all is reported."""
    rows = ask(
        f"select value from marts.indicator_totals where indicator_code = '{indicator}' and level = 'municipality' and place_code = {{{place}}}"
        f" and programme_id = 'SAMPLE' and period_id = '{period}' and {WHOLE}",
        as_of,
    )
    assert len(rows) <= 1
    return (None if rows[0]["value"] is None else float(rows[0]["value"])) if rows else "no row"


def rules(submission: SubmissionResult) -> list[str]:
    return [finding.rule for finding in submission.findings]


def test_an_engagement_reported_in_two_quarters_is_one_engagement(ask: Ask) -> None:
    assert figure(ask, "persons_active", "Kruševac", "2024-Q3") == 17
    assert figure(ask, "persons_engaged", "Kruševac", "2024-Q3") == 5
    assert figure(ask, "persons_engaged", "Kruševac", "2024-Q2") == 12
    assert figure(ask, "persons_engaged", "Kruševac", "2024") == 17


def test_two_offices_both_stand_until_it_is_answered_that_one_replaces_the_other(ask: Ask, told: tuple[Home, dict[str, SubmissionResult]]) -> None:
    home, submissions = told
    assert rules(submissions["the second office"]) == ["statement_not_said_sender_differs"]
    assert [
        question.answer for question in pipeline.questions(home) if submissions["the second office"].submission_id in question.submission_ids
    ] == ["adds"]
    assert figure(ask, "persons_engaged", "Šid", "2024-Q1", as_of="2024-05-31") == 13
    assert figure(ask, "persons_engaged", "Šid", "2024-Q1", as_of="2024-07-31") == 5
    assert figure(ask, "persons_engaged", "Šid", "2024-Q1") == 13


def test_the_later_sent_is_current_whichever_came_first_and_the_earlier_decides_timeliness(ask: Ask) -> None:
    assert figure(ask, "persons_engaged", "Raška", "2024-Q1", as_of="2024-04-20T12:00") == 10
    assert figure(ask, "persons_engaged", "Raška", "2024-Q1") == 10
    assert ask(
        "select name_latn, cast(sent_at as varchar) as sent_at, is_received, is_on_time"
        " from marts.fct_reporting inner join marts.dim_municipalities using (municipality_code)"
        " where programme_id = 'SAMPLE' and period_id = '2024-Q1' and name_latn <> 'Tutin' order by 1"
    ) == [
        {"name_latn": "Ada", "sent_at": "2024-05-20 09:00:00", "is_received": True, "is_on_time": False},
        {"name_latn": "Kruševac", "sent_at": None, "is_received": False, "is_on_time": False},
        {"name_latn": "Raška", "sent_at": "2024-04-09 09:00:00", "is_received": True, "is_on_time": True},
        {"name_latn": "Užice", "sent_at": "2024-04-10 09:00:00", "is_received": True, "is_on_time": True},
    ]


def test_nothing_to_report_is_zero_and_left_blank_is_unknown_with_one_finding(ask: Ask, told: tuple[Home, dict[str, SubmissionResult]]) -> None:
    assert figure(ask, "trainings_held", "Užice", "2024-Q1") == 0
    assert figure(ask, "equipment_items_delivered", "Užice", "2024-Q1") in (None, "no row")
    assert rules(told[1]["nothing and blank"]) == ["section_said_data_but_empty"]


def test_two_of_twenty_rows_change_two(ask: Ask) -> None:
    assert figure(ask, "persons_engaged", "Vranje", "2024-Q1", as_of="2024-04-11") == 210
    assert figure(ask, "persons_engaged", "Vranje", "2024-Q1") == 210 - 1 - 2 + 101 + 102
    assert ask("select count(*) as n from marts.fct_engagements where municipality_code = {Vranje} and recorded_to is null") == [{"n": 20}]


def test_a_withdrawal_brings_back_what_stood_before_as_a_new_interval(ask: Ask) -> None:
    assert [figure(ask, "persons_engaged", "Tutin", "2024-Q1", day) for day in ("2024-05-01", "2024-05-20", None)] == [8, 5, 8]
    assert ask(
        "select engaged_persons, cast(recorded_from as date)::varchar as since, cast(recorded_to as date)::varchar as until, from_cause, to_cause"
        " from marts.fct_engagements where municipality_code = {Tutin} order by recorded_from"
    ) == [
        {"engaged_persons": 8, "since": "2024-04-10", "until": "2024-05-10", "from_cause": "received", "to_cause": "corrected"},
        {"engaged_persons": 5, "since": "2024-05-10", "until": "2024-06-10", "from_cause": "corrected", "to_cause": "withdrawn"},
        {"engaged_persons": 8, "since": "2024-06-10", "until": None, "from_cause": "withdrawn", "to_cause": None},
    ]


def test_a_table_of_many_municipalities_speaks_only_for_those_it_names(ask: Ask) -> None:
    assert [figure(ask, "persons_engaged", place, "2024-Q1") for place in ("Beočin", "Novi Bečej", "Blace")] == [7, 9, 3]


def test_a_thing_without_a_reference_is_known_by_its_key_and_a_row_without_either_stands_for_itself(ask: Ask) -> None:
    assert figure(ask, "equipment_items_delivered", "Čačak", "2024-Q1") == 22 + 4 + 4
    assert figure(ask, "equipment_items_delivered", "Čačak", "2024") == 22 + 4 + 4


def test_a_quarantined_row_leaves_its_thing_as_it_was_and_the_total_incomplete(ask: Ask) -> None:
    assert figure(ask, "persons_engaged", "Kikinda", "2024-Q1") == 12 + 4
    assert ask(
        "select is_complete from marts.indicator_values where municipality_code = {Kikinda} and indicator_code = 'persons_engaged'"
        f" and period_id = '2024-Q1' and {WHOLE}"
    ) == [{"is_complete": False}]


def test_a_fact_learned_late_changes_the_quarter_it_belongs_to(ask: Ask) -> None:
    assert figure(ask, "persons_engaged", "Vrbas", "2024-Q1") == 7
    assert figure(ask, "persons_engaged", "Vrbas", "2024-Q2") in (None, "no row")


@pytest.mark.parametrize(
    ("indicator", "first", "second"),
    [
        ("persons_engaged", 10, None),  # by the start
        ("retention_rate", "no row", 0.5),  # by the end of the engagement
        ("persons_enrolled", 12, None),  # by the start
        ("persons_trained", "no row", 12),  # by the end of the training; one without a date by its first report
        ("trainings_held", "no row", 2),
        ("equipment_items_delivered", 6, "no row"),  # by the delivery
        ("grants_awarded_eur", 700, "no row"),  # by the award
    ],
)
def test_each_thing_counts_in_the_period_of_its_own_date(ask: Ask, indicator: str, first: object, second: object) -> None:
    assert [figure(ask, indicator, "Aleksinac", period) for period in ("2024-Q1", "2024-Q2")] == [first, second]


def test_a_row_that_states_nothing_but_its_thing_goes_in_and_leaves_the_total_incomplete(ask: Ask) -> None:
    assert ask("select engaged_persons from marts.fct_engagements where municipality_code = {Aleksinac} and engagement_ref = 'A-2'") == [
        {"engaged_persons": None}
    ]
    assert ask(
        "select is_complete from marts.indicator_values where municipality_code = {Aleksinac} and indicator_code = 'persons_engaged'"
        f" and period_id = '2024-Q2' and {WHOLE}"
    ) == [{"is_complete": False}]


def test_a_report_of_an_unclear_name_is_known_from_its_answer_on(ask: Ask) -> None:
    assert [figure(ask, "persons_engaged", "Lebane", "2024-Q1", day) for day in ("2024-06-04", "2024-06-06")] == ["no row", 9]
    assert ask("select cast(recorded_from as date)::varchar as since, from_cause from marts.fct_engagements where municipality_code = {Lebane}") == [
        {"since": "2024-06-05", "from_cause": "question_answered"}
    ]


def test_the_parts_of_all_persons_always_sum_to_all(ask: Ask) -> None:
    by_part = ask(
        "select sex, community, value from marts.indicator_values where municipality_code = {Sečanj} and indicator_code = 'persons_engaged'"
        " and period_id = '2024-Q1' and recorded_to is null and (sex = 'all' or community = 'all') order by 1, 2"
    )
    parts = {(row["sex"], row["community"]): float(row["value"]) for row in by_part}
    assert parts == {
        ("all", "all"): 40,
        ("female", "all"): 4,
        ("male", "all"): 6,
        ("unknown", "all"): 30,
        ("all", "roma"): 3,
        ("all", "other"): 7,
        ("all", "unknown"): 30,
    }


def test_a_share_pairs_its_sides_and_states_what_it_can_be(ask: Ask) -> None:
    [rate] = ask(
        "select value, numerator, denominator, whole, known_share, value_low, value_high from marts.indicator_values"
        f" where municipality_code = {{Požega}} and indicator_code = 'retention_rate' and {WHOLE}"
    )
    assert {name: round(float(figure), 4) for name, figure in rate.items()} == {
        "value": 0.5, "numerator": 10, "denominator": 20, "whole": 30, "known_share": 0.6667, "value_low": 0.3333, "value_high": 0.6667,
    }  # fmt: skip


def test_amounts_to_date_are_never_summed_over_periods(ask: Ask) -> None:
    assert figure(ask, "grants_disbursed_eur", "Kanjiža", "2024") == 900
    assert figure(ask, "grants_awarded_eur", "Kanjiža", "2024") == 1000
    assert figure(ask, "grants_disbursed_eur", "Kanjiža", "2024", as_of="2024-06-30") == 400


def test_counts_and_dates_stay_as_exact_as_they_were_stated(ask: Ask) -> None:
    assert ask(
        "select engaged_persons, engaged_persons_qualifier, started_on_edtf, started_on_earliest::varchar as earliest,"
        " started_on_latest::varchar as latest"
        " from marts.fct_engagements where municipality_code = {Sečanj} and engagement_ref = 'A-2' and recorded_to is null"
    ) == [
        {"engaged_persons": 30, "engaged_persons_qualifier": "about", "started_on_edtf": "2024-03", "earliest": "2024-03-01", "latest": "2024-03-31"}
    ]  # fmt: skip
    assert ask(
        "select qualifier from marts.indicator_values where municipality_code = {Sečanj} and indicator_code = 'persons_engaged'"
        f" and period_id = '2024-Q1' and {WHOLE}"
    ) == [{"qualifier": "about"}]


def test_a_report_outside_the_programmes_time_goes_in_with_a_warning(ask: Ask, told: tuple[Home, dict[str, SubmissionResult]]) -> None:
    assert told[1]["of 2030"].status == "accepted"
    assert "outside_programme_time" in rules(told[1]["of 2030"])
    assert figure(ask, "persons_engaged", "Kanjiža", "2030-Q1") == 1


def test_before_the_first_entry_nothing_was_known(ask: Ask) -> None:
    assert ask("select count(*) as n from marts.indicator_totals", "2023-12-31") == [{"n": 0}]


def test_flows_of_a_layout_are_summed_over_the_periods_of_the_thing_and_what_is_to_date_is_not(ask: Ask) -> None:
    absorbed = [figure(ask, "grant_absorption_rate", "Svrljig", "2024-Q1", as_of=day) for day in ("2024-06-30", "2024-07-31", "2024-12-31")]
    assert absorbed == [0.5, 0.7, 0.9]
    # the same grant in our own form: 400 of 1000, then 900 of 1000 to date
    assert figure(ask, "grant_absorption_rate", "Kanjiža", "2024-Q1") == 0.9

    stated = ask(
        "select amounts, period_id, disbursed_amount from marts.fct_grants "
        "where municipality_code in ({Svrljig}, {Kanjiža}) and recorded_to is null order by amounts"
    )
    assert [(row["amounts"], row["period_id"], float(row["disbursed_amount"])) for row in stated] == [
        ("flow", "2024-Q2", 200.0),
        ("to_date", "2024-Q2", 900.0),
    ]
    (measured,) = ask(
        f"select value from marts.fct_measures where measure_code = 'disbursed_amount_eur' and municipality_code = {{Svrljig}} and {WHOLE}"
    )
    assert float(measured["value"]) == 900.0
