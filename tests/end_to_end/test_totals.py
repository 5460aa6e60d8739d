"""Figures above municipalities, programmes and periods, from the workbook to the answer of `munimon sql`: nothing and nobody counts twice."""

import csv
from collections.abc import Callable, Iterator

import pytest

from munimon import pipeline
from munimon.reference import copy_reference
from munimon.results import SubmissionResult
from munimon.settings import Home
from tests.end_to_end.post import WHOLE, Post, Rows, ask_published, engagement

ZZZ, COVID, SKGO, PLANS = "RS-GIZ-ZZZ", "RS-SIPRU-COVID", "RS-SKGO-IPA2020", "MK-LSP"
# An observation becomes a measure, and an indicator, by rows alone.
STOCK = {
    "section": "observations", "field": "value", "unit": "persons", "kind": "stock", "counted_by": "period", "over_periods": "latest",
    "over_municipalities": "sum", "over_programmes": "sum", "has_qualifier": "true", "filter_field": "measure_code",
}  # fmt: skip
MEASURES = [STOCK | {"measure_code": code, "title": code, "filter_code": code} for code in ("pupils", "roma_pupils")]
MEALS = STOCK | {"kind": "flow", "over_periods": "sum", "unit": "meals", "measure_code": "meals", "title": "meals", "filter_code": "meals"}
TREES = STOCK | {"kind": "cumulative", "unit": "trees", "measure_code": "trees", "title": "trees", "filter_code": "trees"}
INDICATORS = [
    {"indicator_code": "trees_planted", "unit": "trees", "numerator_measure": "trees"},
    {"indicator_code": "meals_served", "unit": "meals", "numerator_measure": "meals"},
    {"indicator_code": "pupils", "unit": "persons", "numerator_measure": "pupils"},
    {"indicator_code": "roma_among_pupils", "unit": "share", "numerator_measure": "roma_pupils", "denominator_measure": "pupils",
     "whole_measure": "pupils"},
]  # fmt: skip
# From April 2024 on everybody who enrolled is trained; and all of the history by that definition, beside it.
TRAINED = {"indicator_code": "persons_trained", "unit": "persons", "definition_version": "2", "numerator_measure": "enrolled_persons"}
REDEFINED = [TRAINED | {"valid_from": "2024-04-01"}, TRAINED | {"indicator_code": "persons_trained_restated"}]
TARGETS = [{"indicator_code": "persons_engaged", "programme_id": SKGO, "baseline": "3", "target": "11", "source": "plan"}]
Ask = Callable[..., Rows]


def add_rows(home: Home, table: str, rows: list[dict[str, str]]) -> None:
    path = home.reference / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        names = next(csv.reader(lines))
    with path.open("a", encoding="utf-8", newline="") as out:
        csv.DictWriter(out, names, lineterminator="\n").writerows(rows)


def end_definition(home: Home, indicator: str, last_day: str) -> None:
    """The row of an indicator holds until a day and no longer."""
    path = home.reference / "indicators.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"valid_to": last_day} if row["indicator_code"] == indicator else row for row in rows)


def person(ref: str, who: str, **more: object) -> dict[str, object]:
    return engagement(ref, 1, person_ref=who, **more)


def observed(pupils: int, roma_pupils: int | None = None) -> list[dict[str, object]]:
    counted = {"pupils": pupils, "roma_pupils": roma_pupils}
    return [{"measure_code": code, "source_id": "škole", "value": value} for code, value in counted.items() if value is not None]


def claimed(source: str, pupils: int) -> dict[str, object]:
    return {"measure_code": "pupils", "source_id": source, "value": pupils}


def tell(post: Post) -> dict[str, SubmissionResult]:
    """All that is received; the submissions whose findings are looked at, by name."""
    two_known = [person("A-1", "P-1", sex="female"), person("A-2", "P-2", sex="male")]
    post.receive(
        "2024-04-10",
        post.report("Aleksinac", "engagements", engagement("A", 10), *two_known, programme=ZZZ),
        post.report("Aleksinac", "engagements", engagement("B", 6), person("B-1", "P-1"), programme=COVID),
        post.report("Beočin", "engagements", *two_known, programme=ZZZ),
        post.report("Beočin", "engagements", person("B-2", "P-2"), person("B-3", "P-3", sex="female"), programme=COVID),
        post.report("Beograd", "engagements", engagement("A", 2), programme=SKGO),
        post.report("GO Novi Beograd", "engagements", engagement("A", 5), programme=SKGO),
        post.report("Скопје", "engagements", engagement("A", 4), programme=PLANS),
        post.report("Чаир", "engagements", engagement("A", 3), programme=PLANS),
        post.report("Čačak", "observations", *observed(200, 20)),
    )
    # meals of two quarters, then of the year; of a half-year and the quarter after it
    meals = {"measure_code": "meals", "source_id": "kuhinja"}
    for day, period, served in (("2024-04-10", "2024-Q1", 10), ("2024-07-10", "2024-Q2", 12), ("2024-11-20", "2024", 40)):
        post.receive(day, post.report("Raška", "observations", meals | {"value": served}, period=period))
    for day, period, served in (("2024-04-10", "2024-Q1", 10), ("2024-07-10", "2024-H1", 30), ("2024-10-10", "2024-Q3", 5)):
        post.receive(day, post.report("Tutin", "observations", meals | {"value": served}, period=period))
    # trees planted to date; the last figure is lower than the one before
    trees = {"measure_code": "trees", "source_id": "zelenilo"}
    for day, period, planted in (("2024-04-10", "2024-Q1", 50), ("2024-07-10", "2024-Q2", 90), ("2024-10-10", "2024-Q3", 80)):
        post.receive(day, post.report("Požega", "observations", trees | {"value": planted}, period=period))
    # the reference is of the support, and not of a household; the plan may be one and the same
    helped, plan = {"support_ref": "H-1", "households": 5}, {"plan_type": "social_plan", "valid_from_year": 2024, "valid_to_year": 2026}
    post.receive(
        "2024-04-10",
        post.report("Blace", "household_support", helped, programme=ZZZ),
        post.report("Blace", "household_support", helped | {"households": 3}, programme=COVID),
        post.report("Blace", "local_plans", plan, programme=ZZZ, statement="adds"),
        post.report("Blace", "local_plans", plan, programme=COVID, statement="adds"),
    )
    # two sources on the pupils of one municipality, a part above its whole in another
    post.receive(
        "2024-04-10",
        post.report("Kikinda", "observations", claimed("novine", 8), programme=SKGO),
        post.report("Kanjiža", "observations", claimed("škole", 5), claimed("novine", 5), programme=SKGO),
        post.report("Sečanj", "observations", *observed(20, 30), programme=SKGO),
    )
    post.receive("2024-05-10", post.report("Kikinda", "observations", claimed("škole", 11), programme=SKGO, statement="adds"))
    (contradiction,) = post.receive(
        "2024-04-11", post.report("Ruma", "engagements", engagement("A-1", 5, engaged_women=7), engagement("A-2", 3, engaged_women=1))
    )
    household = {"support_ref": "H-1", "households": 5}
    grant = {"grant_ref": "G-1", "awarded_on": "15.2.2024.", "currency": "RSD", "awarded_amount": "100.000,00"}
    post.receive(
        "2024-04-12",
        post.report("Ub", "household_support", household),
        post.report("Ub", "household_support", {"support_ref": "H-2", "households": 3}, period="2023-12/2024-02"),
        post.report("Ub", "household_support", {"support_ref": "H-3", "households": 2}, period="not stated"),
        post.report("Ub", "grants", grant, grant | {"grant_ref": "G-2", "awarded_on": "15.2.2016."}, grant | {"grant_ref": "G-3", "currency": None}),
    )
    training = {"training_ref": "T-1", "enrolled_persons": 10, "completed_persons": 8, "started_on": "1.2.2024.", "ended_on": "20.2.2024."}
    later = {"training_ref": "T-2", "enrolled_persons": 12, "completed_persons": 9, "started_on": "2.5.2024.", "ended_on": "20.5.2024."}
    post.receive("2024-07-09", post.report("Vranje", "trainings", training, later, period="2024-Q2"))
    post.receive("2024-07-10", post.report("Vrbas", "observations", *observed(100), period="2024-Q2"))
    post.receive("2024-07-11", post.report("Ub", "household_support", household | {"households": 6}, period="2024-H1"))
    post.receive("2024-10-10", post.report("Čačak", "observations", *observed(180, 27), period="2024-Q3"))
    return {"contradiction": contradiction}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, dict[str, SubmissionResult]]]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        post = Post(tmp_path_factory.mktemp("totals"), monkeypatch)
        copy_reference(post.home)
        add_rows(post.home, "measures", [*MEASURES, MEALS, TREES])
        every = {"definition_version": "1", "scale": "1", "level": "outcome", "direction": "increasing"}
        every |= {"numerator_sex": "all", "numerator_community": "all"}
        add_rows(post.home, "indicators", [every | row | {"title": row["indicator_code"], "definition": "counted at school"} for row in INDICATORS])
        add_rows(post.home, "targets", TARGETS)
        submissions = tell(post)
        post.on("2024-12-01")
        end_definition(post.home, "persons_trained", "2024-03-31")
        add_rows(post.home, "indicators", [every | row | {"title": row["indicator_code"], "definition": "all who enrolled"} for row in REDEFINED])
        post.on("2025-01-10")
        pipeline.build(post.home)
        yield post.home, submissions


@pytest.fixture
def ask(told: tuple[Home, dict[str, SubmissionResult]]) -> Ask:
    """`munimon sql`; `{name}` in the question is the code of a municipality."""

    def run(query: str, as_of: str | None = None) -> Rows:
        return ask_published(told[0], query, as_of)

    return run


def totals(ask: Ask, indicator: str, where: str, columns: str) -> list[tuple[object, ...]]:
    """The current totals of an indicator, as numbers where they are ones, ordered by what is shown."""
    asked = f"select {columns} from marts.indicator_totals where indicator_code = '{indicator}' and {where} and {WHOLE} order by all"
    return [tuple(row.values()) for row in ask(asked)]


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


def test_inhabitants_are_those_of_the_right_place(ask: Ask) -> None:
    """Those of the city beside all that happened in it, and once in the country."""
    where = f"programme_id in ('{SKGO}', '{PLANS}') and period_id = '2024' and level in ('municipality', 'country')"
    populations = totals(ask, "persons_engaged_per_1000_inhabitants", where, "place_code, denominator")
    assert [(place, float(str(inhabitants))) for place, inhabitants in populations] == [
        ("70181", 209763), ("79014", 1681405), ("MK", 526502), ("MK-85", 526502), ("MK00815", 62586), ("RS", 1681405),
    ]  # fmt: skip


def test_a_stock_at_a_date_is_its_last_of_the_year_and_never_a_sum_of_periods(ask: Ask) -> None:
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Čačak}"
    assert totals(ask, "pupils", where, "period_id, value") == [("2024", 180.0), ("2024-Q1", 200.0), ("2024-Q3", 180.0), ("to-date", 180.0)]
    of_all = "level = 'programme' and programme_id = 'SAMPLE' and period_id = '2024'"
    assert totals(ask, "pupils", of_all, "value") == [(280.0,)]


def test_observations_of_two_things_make_a_ratio(ask: Ask) -> None:
    where = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Čačak}"
    assert totals(ask, "roma_among_pupils", where, "period_id, value") == [("2024", 0.15), ("2024-Q1", 0.1), ("2024-Q3", 0.15), ("to-date", 0.15)]


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


def test_a_part_above_its_whole_says_nothing_of_a_share(ask: Ask) -> None:
    """30 Roma of 20 pupils: the build goes on, and the share is not known."""
    where = f"level = 'municipality' and programme_id = '{SKGO}' and place_code = {{Sečanj}} and period_id = '2024-Q1'"
    assert totals(ask, "roma_among_pupils", where, "value, numerator, is_complete") == [(None, None, False)]


def test_an_observation_that_is_a_measure_is_among_the_measures(ask: Ask) -> None:
    assert ask(
        "select measure_code, cast(value as integer) as value from marts.fct_measures where measure_code like '%pupils' and recorded_to is null"
        " and municipality_code = {Čačak} and period_id = '2024-Q3' order by 1"
    ) == [{"measure_code": "pupils", "value": 180}, {"measure_code": "roma_pupils", "value": 27}]


def test_a_contradiction_is_a_finding_and_no_negative_number(ask: Ask, told: tuple[Home, dict[str, SubmissionResult]]) -> None:
    submission = told[1]["contradiction"]
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
    assert totals(ask, "meals_served", of_the_year, "period_id, value") == [("2024", 35.0), ("2024", 40.0), ("to-date", 35.0), ("to-date", 40.0)]
    of_quarters = "level = 'municipality' and programme_id = 'SAMPLE' and place_code = {Raška} and period_id like '2024-Q%'"
    assert totals(ask, "meals_served", of_quarters, "period_id, value") == [("2024-Q1", 10.0), ("2024-Q2", 12.0)]
    asked = f"select value from marts.indicator_totals where indicator_code = 'meals_served' and {WHOLE} and {of_the_year}"
    assert [row["value"] for row in ask(f"{asked} and period_id = '2024' and place_code = {{Raška}}", "2024-11-19")] == [22.0]


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
