"""Quarters, halves, years and free ranges side by side, from the workbook to the answer of `munimon sql`: no time counts twice."""

import pytest

from tests.end_to_end.post import WHOLE
from tests.end_to_end.totals_told import SKGO, Ask, totals


@pytest.fixture
def ask(ask_totals: Ask) -> Ask:
    return ask_totals


def test_overlapping_periods_never_count_a_thing_twice_and_what_has_no_year_stays_in_sight(ask: Ask) -> None:
    """One support, reported of the quarter and again of the half-year; one of a range over two years, one of no stated period."""
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Ub}"
    assert totals(ask, "households_supported", where, "period_id, value") == [
        ("2023-12/2024-02", 3.0), ("2024", 6.0), ("2024-Q1", 6.0), ("not-stated", 2.0), ("to-date", 11.0),
    ]  # fmt: skip


def test_a_cumulative_is_its_last_figure_and_a_lower_one_is_a_finding(ask: Ask) -> None:
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Požega} and period_id in ('2024', 'to-date')"
    assert totals(ask, "trees_planted", where, "period_id, value") == [("2024", 80.0), ("to-date", 80.0)]
    assert ask("select rule, field, period_id from marts.fct_build_warnings where municipality_code = {Požega}") == [
        {"rule": "amount_to_date_fell", "field": "value", "period_id": "2024-Q3"}
    ]


def test_what_is_said_of_a_longer_period_is_never_added_to_its_parts(ask: Ask) -> None:
    """10 and 12 of quarters are 40 once the year is told; a half-year's 30 and the 5 after it are 35, whatever was said of its first quarter."""
    of_the_year = "level = 'municipality' and programme_id = 'SAMPLE' and place_code in ({Raška}, {Tutin}) and period_id in ('2024', 'to-date')"
    assert totals(ask, "meals_served", of_the_year, "period_id, value") == [
        ("2024", 35.0),
        ("2024", 40.0),
        ("to-date", 35.0),
        ("to-date", 40.0),
    ]
    of_quarters = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Raška} and period_id like '2024-Q%'"
    assert totals(ask, "meals_served", of_quarters, "period_id, value") == [("2024-Q1", 10.0), ("2024-Q2", 12.0)]
    asked = f"select value from marts.indicator_totals where indicator_code = 'meals_served' and {WHOLE} and {of_the_year}"
    assert [row["value"] for row in ask(f"{asked} and period_id = '2024' and place_code = {{Raška}}", "2024-11-19")] == [22.0]


def test_a_stock_at_a_date_is_its_last_of_the_year_and_never_a_sum_of_periods(ask: Ask) -> None:
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Čačak}"
    assert totals(ask, "pupils", where, "period_id, value") == [("2024", 180.0), ("2024-Q1", 200.0), ("2024-Q3", 180.0), ("to-date", 180.0)]
    of_all = "level = 'programme' and programme_id = 'SAMPLE' and period_id = '2024'"
    assert totals(ask, "pupils", of_all, "value") == [(280.0,)]


def test_observations_of_two_things_make_a_ratio(ask: Ask) -> None:
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Čačak}"
    assert totals(ask, "roma_among_pupils", where, "period_id, value") == [
        ("2024", 0.15),
        ("2024-Q1", 0.1),
        ("2024-Q3", 0.15),
        ("to-date", 0.15),
    ]


def test_a_part_above_its_whole_says_nothing_of_a_share(ask: Ask) -> None:
    """30 Roma of 20 pupils: the build goes on, and the share is not known."""
    where = f"level = 'municipality' and programme_id = '{SKGO}' and place_code = {{Sečanj}} and period_id = '2024-Q1'"
    assert totals(ask, "roma_among_pupils", where, "value, numerator, is_complete") == [(None, None, False)]


def test_rows_without_a_reference_count_once_where_a_longer_report_may_repeat_them(ask: Ask) -> None:
    """4 chairs of the quarter, 4 and 5 of the year: at least 9. A cohort of 10 in both, and 6 more, each by its start: at least 16 in the year."""
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {{{}}}"
    assert totals(ask, "equipment_items_delivered", where.format("Ada"), "period_id, value, qualifier, is_complete") == [
        ("2024", 9.0, "at_least", True), ("2024-Q1", 4.0, "exact", True), ("to-date", 9.0, "at_least", True),
    ]  # fmt: skip
    assert totals(ask, "persons_engaged", where.format("Bor"), "period_id, value, qualifier") == [
        ("2024", 16.0, "at_least"), ("2024-Q1", 10.0, "at_least"), ("2024-Q2", 6.0, "at_least"), ("to-date", 16.0, "at_least"),
    ]  # fmt: skip
    assert ask(
        "select sex, value from marts.indicator_totals where indicator_code = 'persons_engaged' and community = 'all' and level = 'municipality'"
        " and programme_id = 'SAMPLE' and place_code = {Bor} and period_id = '2024' and recorded_to is null order by sex"
    ) == [{"sex": "all", "value": 16.0}, {"sex": "female", "value": 4.0}, {"sex": "male", "value": 6.0}, {"sex": "unknown", "value": 6.0}]
    before = f"select value, qualifier from marts.indicator_totals where indicator_code = 'persons_engaged' and {where.format('Bor')} and {WHOLE}"
    assert ask(f"{before} and period_id = '2024'", "2024-11-20") == [{"value": 15.0, "qualifier": "exact"}]
    # 4 women of 10, and 6 of whom nothing is said; the 5 of the second quarter are among the 16
    share = totals(ask, "women_engaged_share", f"{where.format('Bor')} and period_id = '2024'", "value, value_low, value_high, qualifier")
    assert share == [(0.4, 0.25, 0.625, "about")]


def test_periods_that_cross_count_their_common_part_once(ask: Ask) -> None:
    """30 of a half-year beside 20 of May to July, or beside 40 of April to September: the figure is at least that of the longer."""
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {{{}}}"
    assert totals(ask, "meals_served", where.format("Bač"), "period_id, value, qualifier") == [
        ("2024", 30.0, "at_least"), ("2024-05/2024-07", 20.0, "exact"), ("2024-H1", 30.0, "exact"), ("to-date", 30.0, "at_least"),
    ]  # fmt: skip
    assert totals(ask, "households_supported", where.format("Kula"), "period_id, value, qualifier") == [
        ("2024", 40.0, "at_least"), ("2024-04/2024-09", 40.0, "exact"), ("2024-H1", 30.0, "exact"), ("to-date", 40.0, "at_least"),
    ]  # fmt: skip


def test_what_may_be_said_twice_is_asked_of_the_one_who_says_it_of_the_shorter_period(ask: Ask) -> None:
    assert ask(
        "select name_latn, rule, section, period_id, cell, params from marts.fct_build_warnings"
        " inner join marts.dim_municipalities using (municipality_code)"
        " where rule in ('rows_may_repeat', 'periods_cross') order by name_latn, period_id"
    ) == [
        {"name_latn": "Ada", "rule": "rows_may_repeat", "section": "equipment", "period_id": "2024-Q1", "cell": None,
         "params": '{"section":"equipment","period":"2024"}'},
        {"name_latn": "Bač", "rule": "periods_cross", "section": "observations", "period_id": "2024-05/2024-07", "cell": "C3",
         "params": '{"section":"observations","period":"2024-H1"}'},
        {"name_latn": "Bor", "rule": "rows_may_repeat", "section": "engagements", "period_id": "2024-Q1", "cell": None,
         "params": '{"section":"engagements","period":"2024"}'},
        {"name_latn": "Bor", "rule": "rows_may_repeat", "section": "engagements", "period_id": "2024-Q2", "cell": None,
         "params": '{"section":"engagements","period":"2024"}'},
        {"name_latn": "Kula", "rule": "rows_may_repeat", "section": "household_support", "period_id": "2024-H1", "cell": None,
         "params": '{"section":"household_support","period":"2024-04/2024-09"}'},
    ]  # fmt: skip


def test_rows_without_a_name_beside_named_ones_are_added_and_warned_of(ask: Ask) -> None:
    """8 and 9 by their refs, and 17 of the year: 34, which may be 17. A person with a code in a quarter and in the year counts in both."""
    where = "level = 'municipality' and programme_id = '{}' and period_id = '2024' and place_code = {{{}}}"
    assert totals(ask, "equipment_items_delivered", where.format(SKGO, "Lajkovac"), "value, qualifier") == [(34.0, "exact")]
    assert totals(ask, "persons_engaged", where.format("SAMPLE", "Lučani"), "value") == [(3.0,)]
    warnings = (
        "select name_latn, period_id, sheet, source_row, json_extract_string(params, '$.period') as other_period,"
        " json_extract_string(params, '$.other_sheet') as other_sheet, cast(json_extract_string(params, '$.other_row') as integer) as other_row"
        " from marts.fct_build_warnings inner join marts.dim_municipalities using (municipality_code)"
        " where rule = 'rows_may_count_twice' order by name_latn, source_row"
    )
    assert [tuple(row.values()) for row in ask(warnings)] == [
        ("Lajkovac", "2024", "Oprema", 3, "2024-Q2", "Oprema", 3),
        ("Lučani", "2024", "Angažovani radnici", 4, "2024-Q1", "Angažovani radnici", 3),
    ]
    assert ask(warnings, "2024-11-20") == []


def test_what_happens_in_a_year_stands_beside_the_last_stock_of_the_year(ask: Ask) -> None:
    """500 meals for 200 pupils, then 400 for 180: 900 for 180 in the year and to date."""
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Čačak}"
    figures = totals(ask, "meals_per_pupil", where, "period_id, round(value, 4), cast(numerator as double), cast(denominator as double)")
    assert figures == [("2024", 5.0, 900.0, 180.0), ("2024-Q1", 2.5, 500.0, 200.0), ("2024-Q3", 2.2222, 400.0, 180.0), ("to-date", 5.0, 900.0, 180.0)]
