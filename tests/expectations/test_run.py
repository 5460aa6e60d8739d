"""Each rule broken once, beside rows that break none."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from expectations.ranges import load_ranges
from expectations.run import SUITES, Broken, judge, suite_of
from expectations.sheets import THING_BEFORE
from ingest.findings import load_rules, message, severity_of
from ingest.raw import schema_of
from ingest.sections import LANGUAGES, load_sections
from munimon.settings import shipped

RANGES = load_ranges(shipped() / "data" / "reference")


def broken_in(section: str, frame: pd.DataFrame) -> list[Broken]:
    """What the rows break, by the shipped ranges."""
    return list(judge({section: frame}, RANGES)[section].broken)


# Rows by section: what the row says, and the (rule, field) it breaks, in the suite's order.
CASES: Mapping[str, list[tuple[dict[str, object], list[tuple[str, str]]]]] = {
    "engagements": [
        ({"engaged_persons": 30, "engaged_women": 20, "engaged_roma": 25, "engaged_roma_women": 15}, []),
        ({"engaged_persons": 32, "employer_count": 3}, []),
        ({"retained_persons": 4, "retained_roma": 2}, []),
        ({"engaged_persons": 30, "engaged_women": 31}, [("more_than_whole", "engaged_women")]),
        ({"engaged_persons": 30, "engaged_women": 32, "engaged_persons_qualifier": "about"}, [("may_be_more_than_whole", "engaged_women")]),
        ({"engaged_persons": 30, "engaged_women": 32, "engaged_women_qualifier": "exact"}, [("more_than_whole", "engaged_women")]),
        ({"engaged_persons": 30, "engaged_roma": 31}, [("more_than_whole", "engaged_roma")]),
        ({"engaged_women": 3, "engaged_roma_women": 4}, [("more_than_whole", "engaged_roma_women")]),
        ({"engaged_roma": 3, "engaged_roma_women": 4}, [("more_than_whole", "engaged_roma_women")]),
        ({"engaged_persons": 3, "outcome_known_persons": 4}, [("more_than_whole", "outcome_known_persons")]),
        ({"outcome_known_persons": 3, "outcome_known_women": 4}, [("more_than_whole", "outcome_known_women")]),
        ({"engaged_women": 3, "outcome_known_women": 4}, [("more_than_whole", "outcome_known_women")]),
        ({"outcome_known_persons": 3, "outcome_known_roma": 4}, [("more_than_whole", "outcome_known_roma")]),
        ({"engaged_roma": 3, "outcome_known_roma": 4}, [("more_than_whole", "outcome_known_roma")]),
        ({"outcome_known_persons": 3, "retained_persons": 4}, [("more_than_whole", "retained_persons")]),
        ({"engaged_persons": 3, "retained_persons": 4}, [("more_than_whole", "retained_persons")]),
        ({"retained_persons": 3, "retained_women": 4}, [("more_than_whole", "retained_women")]),
        ({"outcome_known_women": 3, "retained_women": 4}, [("more_than_whole", "retained_women")]),
        ({"engaged_women": 3, "retained_women": 4}, [("more_than_whole", "retained_women")]),
        ({"retained_persons": 3, "retained_roma": 4}, [("more_than_whole", "retained_roma")]),
        ({"outcome_known_roma": 3, "retained_roma": 4}, [("more_than_whole", "retained_roma")]),
        ({"engaged_roma": 3, "retained_roma": 4}, [("more_than_whole", "retained_roma")]),
        ({"started_on_edtf": "2024-02-10", "ended_on_edtf": "2024-02"}, []),
        (
            {"engaged_persons": 2, "days_worked": 40, "started_on_edtf": "2024-03", "ended_on_edtf": "2024-02"},
            [("ends_before_it_starts", "ended_on")],
        ),
        ({"sex": "male", "engaged_women": 1}, [("contradicts_row", "engaged_women")]),
        ({"sex": "female", "engaged_women": 1}, []),
        ({"community": "other", "engaged_roma": 1}, [("contradicts_row", "engaged_roma")]),
        (
            {"engaged_persons": 30, "engaged_women": 20, "engaged_roma": 25, "engaged_roma_women": 10},
            [("parts_exceed_whole", "engaged_roma_women")],
        ),
        (
            {"engaged_persons": 30, "engaged_women": 20, "engaged_roma": 25, "engaged_roma_women": 10, "engaged_roma_qualifier": "about"},
            [("parts_may_exceed_whole", "engaged_roma_women")],
        ),
        ({"engaged_persons": 2001}, [("unusual_value", "engaged_persons")]),
        ({"engaged_persons": 2, "days_worked": "1500.5"}, [("unusual_days_per_person", "days_worked")]),
        ({"engaged_persons": 0, "days_worked": 0}, [("unusual_value", "engaged_persons")]),
        ({"engaged_persons": 0, "days_worked": 5}, [("unusual_value", "engaged_persons")]),
        (
            {"engaged_persons": 2, "days_worked": "21", "started_on_edtf": "2024-02-01", "ended_on_edtf": "2024-02-09"},
            [("more_days_than_the_engagement", "days_worked")],
        ),
        ({"engaged_persons": 2, "days_worked": "18", "started_on_edtf": "2024-02-01", "ended_on_edtf": "2024-02-09"}, []),
        ({"started_on_edtf": "2024-04-01", "period_end": date(2024, 3, 31)}, [("after_the_period", "started_on")]),
        ({"started_on_edtf": "2024-03-31", "period_end": date(2024, 3, 31)}, []),
        ({"engagement_ref": "A-1", THING_BEFORE: "Sheet!A3"}, [("ref_repeated", "engagement_ref")]),
        ({"employer_name": "JKP Vodovod", "employer_name elsewhere": "Sheet!B3"}, [("name_spelled_otherwise", "employer_name")]),
    ],
    "trainings": [
        ({"enrolled_persons": 30, "enrolled_women": 12, "completed_persons": 30, "hours": Decimal(40), "trainings_count": 1}, []),
        ({"completed_persons": 30, "completed_roma": 30}, []),
        ({"enrolled_persons": 3, "enrolled_women": 4}, [("more_than_whole", "enrolled_women")]),
        ({"enrolled_persons": 3, "enrolled_roma": 4}, [("more_than_whole", "enrolled_roma")]),
        ({"enrolled_persons": 3, "completed_persons": 4}, [("more_than_whole", "completed_persons")]),
        ({"completed_persons": 3, "completed_women": 4}, [("more_than_whole", "completed_women")]),
        ({"enrolled_women": 3, "completed_women": 4}, [("more_than_whole", "completed_women")]),
        ({"completed_persons": 3, "completed_roma": 4}, [("more_than_whole", "completed_roma")]),
        ({"enrolled_roma": 3, "completed_roma": 4}, [("more_than_whole", "completed_roma")]),
        ({"started_on_edtf": "2024-03-01", "ended_on_edtf": "2024-02-29"}, [("ends_before_it_starts", "ended_on")]),
        ({"sex": "male", "enrolled_women": 1}, [("contradicts_row", "enrolled_women")]),
        ({"sex": "male", "completed_women": 1}, [("contradicts_row", "completed_women")]),
        ({"community": "other", "enrolled_roma": 1}, [("contradicts_row", "enrolled_roma")]),
        ({"community": "other", "completed_roma": 1}, [("contradicts_row", "completed_roma")]),
        ({"enrolled_persons": 2001}, [("unusual_value", "enrolled_persons")]),
        ({"completed_persons": 2001}, [("unusual_value", "completed_persons")]),
        ({"trainings_count": 101}, [("unusual_value", "trainings_count")]),
        ({"hours": Decimal("1200.5")}, [("unusual_value", "hours")]),
        ({"started_on_edtf": "2024-04-01", "period_end": date(2024, 3, 31)}, [("after_the_period", "started_on")]),
        ({"started_on_edtf": "2024-03-31", "period_end": date(2024, 3, 31)}, []),
        ({"training_ref": "A-1", THING_BEFORE: "Sheet!A3"}, [("ref_repeated", "training_ref")]),
        ({"organiser_name": "JKP Vodovod", "organiser_name elsewhere": "Sheet!B3"}, [("name_spelled_otherwise", "organiser_name")]),
    ],
    "equipment": [
        ({"quantity": 20, "unit_cost": 25_000, "currency": "RSD"}, []),
        ({"quantity": 20}, []),
        ({"quantity": 5001}, [("unusual_value", "quantity")]),
        ({"unit_cost": "50000.01", "currency": "EUR"}, [("unusual_amount", "unit_cost")]),
        ({"unit_cost": 116, "currency": "RSD"}, [("unusual_amount", "unit_cost")]),
        ({"unit_cost": 61, "currency": "MKD"}, [("unusual_amount", "unit_cost")]),
        ({"unit_cost": 117, "currency": "RSD"}, []),
        ({"delivered_on_edtf": "2024-04-01", "period_end": date(2024, 3, 31)}, [("after_the_period", "delivered_on")]),
        ({"delivered_on_edtf": "2024-03-31", "period_end": date(2024, 3, 31)}, []),
        ({"currency": "MKD", "country_code": "RS"}, [("currency_of_another_country", "currency")]),
        ({"currency": "EUR", "country_code": "RS"}, []),
        ({"equipment_ref": "A-1", THING_BEFORE: "Sheet!A3"}, [("ref_repeated", "equipment_ref")]),
        ({"recipient_name": "JKP Vodovod", "recipient_name elsewhere": "Sheet!B3"}, [("name_spelled_otherwise", "recipient_name")]),
    ],
    "grants": [
        ({"awarded_amount": "5000.00", "disbursed_amount": "5000.00", "spent_amount": "4999.99", "currency": "EUR"}, []),
        ({"awarded_amount": "5000.00", "disbursed_amount": "5000.01", "currency": "EUR"}, [("more_than_whole", "disbursed_amount")]),
        ({"disbursed_amount": "5000.00", "spent_amount": "5000.01", "currency": "EUR"}, [("more_than_whole", "spent_amount")]),
        ({"awarded_amount": "5000.00", "spent_amount": "5000.01", "currency": "EUR"}, [("more_than_whole", "spent_amount")]),
        *[
            ({field: amount, "currency": currency}, [("unusual_amount", field)])
            for field in ("awarded_amount", "disbursed_amount", "spent_amount")
            for currency, amount in (
                ("EUR", 5_000_001),
                ("RSD", 585_000_001),
                ("MKD", 307_500_001),
                ("USD", 5_500_001),
                ("CHF", 4_750_001),
                ("GBP", 4_250_001),
            )
        ],
        ({"awarded_on_edtf": "2024-04-01", "period_end": date(2024, 3, 31)}, [("after_the_period", "awarded_on")]),
        ({"awarded_on_edtf": "2024-03-31", "period_end": date(2024, 3, 31)}, []),
        ({"currency": "MKD", "country_code": "RS"}, [("currency_of_another_country", "currency")]),
        *[({"currency": currency, "country_code": "RS"}, []) for currency in ("USD", "CHF", "GBP")],
        ({"currency": "EUR", "country_code": "RS"}, []),
        ({"grant_ref": "A-1", THING_BEFORE: "Sheet!A3"}, [("ref_repeated", "grant_ref")]),
        ({"grantee_name": "JKP Vodovod", "grantee_name elsewhere": "Sheet!B3"}, [("name_spelled_otherwise", "grantee_name")]),
        ({"awarded_amount": "5000.00", "disbursed_amount": "5000.01", "currency": "EUR", "amounts": "flow"}, []),
    ],
    "services": [
        ({"users": 30, "users_women": 30, "users_roma": 0, "funding_amount": 20_000, "currency": "EUR"}, []),
        ({"users": 3, "users_women": 4}, [("more_than_whole", "users_women")]),
        ({"users": 3, "users_roma": 4}, [("more_than_whole", "users_roma")]),
        ({"started_on_edtf": "2024-03", "ended_on_edtf": "2024-02"}, [("ends_before_it_starts", "ended_on")]),
        ({"sex": "male", "users_women": 1}, [("contradicts_row", "users_women")]),
        ({"community": "other", "users_roma": 1}, [("contradicts_row", "users_roma")]),
        ({"users": 20_001}, [("unusual_value", "users")]),
        *[
            ({"funding_amount": amount, "currency": currency}, [("unusual_amount", "funding_amount")])
            for currency, amount in (("EUR", 9), ("RSD", 1169), ("MKD", 614))
        ],
        ({"started_on_edtf": "2024-04-01", "period_end": date(2024, 3, 31)}, [("after_the_period", "started_on")]),
        ({"started_on_edtf": "2024-03-31", "period_end": date(2024, 3, 31)}, []),
        ({"currency": "MKD", "country_code": "RS"}, [("currency_of_another_country", "currency")]),
        ({"currency": "EUR", "country_code": "RS"}, []),
        ({"service_ref": "A-1", THING_BEFORE: "Sheet!A3"}, [("ref_repeated", "service_ref")]),
        ({"provider_name": "JKP Vodovod", "provider_name elsewhere": "Sheet!B3"}, [("name_spelled_otherwise", "provider_name")]),
    ],
    "household_support": [
        ({"households": 30, "households_qualifier": "about", "household_group": "roma"}, []),
        ({"hours_agreed": Decimal(100), "hours_worked": Decimal(101)}, [("more_hours_than_agreed", "hours_worked")]),
        ({"households": 5001}, [("unusual_value", "households")]),
        ({"households": 2, "hours_worked": Decimal(4201)}, [("unusual_hours_per_household", "hours_worked")]),
        *[
            ({"arrears_settled_amount": amount, "currency": currency}, [("unusual_amount", "arrears_settled_amount")])
            for currency, amount in (("EUR", "0.99"), ("RSD", 116), ("MKD", 61))
        ],
        ({"currency": "MKD", "country_code": "RS"}, [("currency_of_another_country", "currency")]),
        ({"currency": "EUR", "country_code": "RS"}, []),
        ({"support_ref": "A-1", THING_BEFORE: "Sheet!A3"}, [("ref_repeated", "support_ref")]),
        ({"host_institution": "JKP Vodovod", "host_institution elsewhere": "Sheet!B3"}, [("name_spelled_otherwise", "host_institution")]),
    ],
    "local_plans": [
        ({"valid_from_year": 2021, "valid_to_year": 2024, "duration_years": 4}, []),
        ({"valid_from_year": 2021, "valid_to_year": 2024, "duration_years": 3}, []),
        ({"duration_years": 3}, []),
        ({"valid_from_year": 2024, "valid_to_year": 2024, "duration_years": 1}, []),
        ({"needs_mapped_on_edtf": "2024-02", "adopted_on_edtf": "2024-02-01"}, []),
        ({"valid_from_year": 2021, "valid_to_year": 2024, "duration_years": 2}, [("duration_disagrees", "duration_years")]),
        (
            {"valid_from_year": 2024, "valid_to_year": 2021},
            [("plan_ends_before_it_starts", "valid_from_year"), ("unusual_plan_length", "valid_to_year")],
        ),
        ({"needs_mapped_on_edtf": "2024-03", "adopted_on_edtf": "2024-02"}, [("adopted_before_needs_mapped", "adopted_on")]),
        ({"valid_from_year": 2021, "valid_to_year": 2031}, [("unusual_plan_length", "valid_to_year")]),
        ({"duration_years": 36}, [("unusual_value", "duration_years")]),
        ({"adopted_on_edtf": "2024-04-01", "period_end": date(2024, 3, 31)}, [("after_the_period", "adopted_on")]),
        ({"adopted_on_edtf": "2024-03-31", "period_end": date(2024, 3, 31)}, []),
    ],
    "events": [
        ({"attendees": 10, "attending_municipalities": 10}, []),
        ({"attendees": 9, "attending_municipalities": 10}, [("more_municipalities_than_attendees", "attending_municipalities")]),
        ({"held_on_edtf": "2024-04-01", "period_end": date(2024, 3, 31)}, [("after_the_period", "held_on")]),
        ({"held_on_edtf": "2024-03-31", "period_end": date(2024, 3, 31)}, []),
        ({"event_ref": "A-1", THING_BEFORE: "Sheet!A3"}, [("ref_repeated", "event_ref")]),
        ({"attendees": 20_001}, [("unusual_value", "attendees")]),
        ({"attending_municipalities": 176}, [("unusual_value", "attending_municipalities")]),
    ],
    "observations": [
        ({"value": Decimal("-7.15"), "unit": "per_mille"}, []),
        ({"value": Decimal("34.4"), "unit": "percent"}, []),
        ({"value": Decimal("34"), "unit": "persons"}, []),
        ({"value": Decimal("-1"), "unit": "persons"}, [("count_below_zero", "value")]),
        ({"value": Decimal("34.5"), "unit": "households"}, [("count_not_whole", "value")]),
        ({"value": Decimal("100.1"), "unit": "percent"}, [("share_above_hundred", "value")]),
    ],
    "participations": [
        ({"since_edtf": "2024-02", "until_edtf": "2024-02-01"}, []),
        ({"since_edtf": "2024-03", "until_edtf": "2024-02"}, [("ends_before_it_starts", "until")]),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def broken(make_frame: Callable[..., pd.DataFrame]) -> dict[str, list[Broken]]:
    """What the judge finds in the cases of each section."""
    return {section: broken_in(section, make_frame(section, *(row for row, _ in cases))) for section, cases in CASES.items()}


@pytest.mark.parametrize("section", SUITES)
def test_every_broken_rule_is_found_with_its_row_and_field_and_nothing_else(section: str, broken: dict[str, list[Broken]]) -> None:
    expected = [(place, rule, field) for place, (_, found) in enumerate(CASES[section]) for rule, field in found]
    assert [(found.row, found.rule, found.field) for found in broken[section]] == expected
    # A rule no case breaks would pass above even if it could not find anything.
    assert {(rule.name, rule.field) for rule in suite_of(section, RANGES)} <= {(rule, field) for _, rule, field in expected}


@pytest.mark.parametrize("section", SUITES)
def test_rows_that_say_nothing_break_nothing(section: str, make_frame: Callable[..., pd.DataFrame]) -> None:
    assert broken_in(section, make_frame(section, {}, {})) == []
    assert broken_in(section, make_frame(section)) == []


def test_rows_are_counted_by_position_whatever_the_index_of_the_frame(make_frame: Callable[..., pd.DataFrame]) -> None:
    frame = make_frame("engagements", {"engaged_persons": 3}, {"engaged_persons": 3, "engaged_women": 4}).set_axis([17, 17])

    assert broken_in("engagements", frame) == [
        Broken(
            row=1,
            rule="more_than_whole",
            field="engaged_women",
            params={"label": "engagements.engaged_women", "value": 4, "other_label": "engagements.engaged_persons", "other_value": 3},
        )
    ]
    assert list(frame.index) == [17, 17]


def test_arrow_columns_are_judged_like_those_of_pandas(make_frame: Callable[..., pd.DataFrame], broken: dict[str, list[Broken]]) -> None:
    for section, cases in CASES.items():
        frame = make_frame(section, *(row for row, _ in cases))
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        arrow = pa.Table.from_pylist(rows, schema=schema_of(load_sections()[section])).to_pandas(types_mapper=pd.ArrowDtype)
        arrow = arrow.join(frame[frame.columns.difference(arrow.columns)])

        assert broken_in(section, arrow) == broken[section]


def test_amounts_are_compared_exactly(make_frame: Callable[..., pd.DataFrame]) -> None:
    frame = make_frame("grants", {"awarded_amount": "1000000.01", "disbursed_amount": "1000000.02", "currency": "EUR"})

    assert [found.params for found in broken_in("grants", frame)] == [
        {
            "label": "grants.disbursed_amount",
            "value": Decimal("1000000.02"),
            "other_label": "grants.awarded_amount",
            "other_value": Decimal("1000000.01"),
        }
    ]


def test_computed_figures_are_quoted_as_a_person_would(make_frame: Callable[..., pd.DataFrame]) -> None:
    frame = make_frame("engagements", {"engaged_persons": 3, "days_worked": "2500"})

    assert broken_in("engagements", frame) == [
        Broken(
            row=0,
            rule="unusual_days_per_person",
            field="days_worked",
            params={
                "label": "engagements.days_worked",
                "value": Decimal("833.33"),
                "low": 0,
                "high": 750,
                "other_label": "engagements.engaged_persons",
            },
        )
    ]


def test_a_rule_that_cannot_be_judged_stops_the_batch(make_frame: Callable[..., pd.DataFrame]) -> None:
    frame = make_frame("household_support", {"households": 20}).drop(columns="hours_agreed")

    with pytest.raises(RuntimeError, match="household_support: rule more_hours_than_agreed of hours_worked"):
        broken_in("household_support", frame)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_broken_rule_can_be_said_in_every_language(language: str, broken: dict[str, list[Broken]]) -> None:
    for section, found_in_section in broken.items():
        for found in found_in_section:
            said = message(found.rule, found.params, language)
            assert f"{section}." not in said
            assert "{" not in said


def test_certain_contradictions_are_errors_and_what_is_only_unlikely_warns() -> None:
    names = {rule.name for section in SUITES for rule in suite_of(section, RANGES)}

    assert {name for name in names if severity_of(name) == "error"} == {
        "more_than_whole",
        "ends_before_it_starts",
        "parts_exceed_whole",
        "contradicts_row",
        "plan_ends_before_it_starts",
    }


def test_every_rule_gives_its_reason() -> None:
    assert set(SUITES) == set(load_sections())
    for section in SUITES:
        for rule in suite_of(section, RANGES):
            assert rule.reason.endswith("."), (section, rule)
            assert rule.name in load_rules()


def test_a_finding_reads_like_a_sentence_in_the_language_of_the_sender(make_frame: Callable[..., pd.DataFrame]) -> None:
    [found] = broken_in("engagements", make_frame("engagements", {"engaged_persons": 30, "engaged_women": 40}))

    assert message(found.rule, found.params, "en") == "Engaged women (40) is more than Engaged persons (30). Correct the one that is wrong."


def test_each_rule_counts_the_rows_it_judged_and_those_that_failed_by_report(make_frame: Callable[..., pd.DataFrame]) -> None:
    frame = make_frame(
        "events",
        {"submission": 0, "attendees": 9, "attending_municipalities": 10},
        {"submission": 2, "attendees": 9, "attending_municipalities": 9},
        {"submission": 2, "attendees": 0},
    )
    judgement = judge({"events": frame}, RANGES)["events"]

    assert {
        number: [(rule, field, *counts) for (rule, field, _), *counts in zip(judgement.rules, judged, failed, strict=True) if counts[0]]
        for number, (judged, failed) in judgement.counts.items()
    } == {
        0: [
            ("more_municipalities_than_attendees", "attending_municipalities", 1, 1),
            ("unusual_value", "attendees", 1, 0),
            ("unusual_value", "attending_municipalities", 1, 0),
        ],
        2: [
            ("more_municipalities_than_attendees", "attending_municipalities", 1, 0),
            ("unusual_value", "attendees", 2, 1),
            ("unusual_value", "attending_municipalities", 1, 0),
        ],
    }
