"""The whole project builds, and its unit tests and data tests pass; reference data that cannot be right stop it."""

import csv
from pathlib import Path

import pytest

from tests.dbt.warehouse import REFERENCE, make_warehouse

REPEATED = (
    '{{"other_place_latn":"Kruševac","other_place_cyrl":"Крушевац","programme":"{programme}","other_submission":"{submission}",'
    '"other_sheet":"events","other_row":2}}'
)


def reference_table(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_model_builds_and_every_unit_test_and_data_test_passes(tmp_path):
    quarter = {"programme_id": "SAMPLE", "period_id": "2024-Q1", "period_start": "2024-01-01", "period_end": "2024-03-31"}
    submissions = [
        {"submission_id": "s1", "municipality_code": "70670", "recorded_at": "2024-04-10", **quarter},
        {"submission_id": "s2", "municipality_code": "70017", "recorded_at": "2024-04-11", **quarter},
        {"submission_id": "s3", "municipality_code": "70670", "recorded_at": "2024-04-12", **quarter, "programme_id": "RS-GIZ-ZZZ"},
        {"submission_id": "s4", "programme_id": "SAMPLE", "period_id": "not-stated", "recorded_at": "2024-04-13"},
    ]
    rows = {
        "engagements": [{"submission_id": "s1", "engaged_persons": 32, "engaged_women": 12, "outcome_known_persons": 20, "retained_persons": 10}],
        "grants": [{"submission_id": "s2", "awarded_amount": "1000.00", "disbursed_amount": "400.00", "currency": "EUR"}],
        "events": [
            {"submission_id": "s1", "title": "Javni poziv", "held_on_edtf": "2024-03-01", "attendees": 40},
            {"submission_id": "s3", "title": "javni poziv", "held_on_edtf": "2024-03-01", "attendees": 40},
        ],
        "participations": [{"submission_id": "s4", "component": "roma", "role": "attended"}],
    }
    warehouse = make_warehouse(tmp_path / "warehouse", submissions=submissions, rows=rows)
    warehouse.run_dbt("build")

    assert warehouse.query(
        """
        select indicator_code, value, value_low, value_high, known_share
        from marts.indicator_values
        where indicator_code in ('retention_rate', 'grant_absorption_rate') and sex = 'all' and community = 'all' and recorded_to is null
        order by indicator_code
        """
    ) == [
        {"indicator_code": "grant_absorption_rate", "value": 0.4, "value_low": 0.4, "value_high": 0.4, "known_share": 1.0},
        {"indicator_code": "retention_rate", "value": 0.5, "value_low": 0.3125, "value_high": 0.6875, "known_share": 0.625},
    ]

    assert warehouse.query("select submission_id, section, rule, sheet, source_row, params from marts.fct_build_warnings order by submission_id") == [
        {"submission_id": "s1", "section": "events", "rule": "reported_elsewhere", "sheet": "events", "source_row": 2, "params": REPEATED.format(
            programme="RS-GIZ-ZZZ", submission="s3")},
        {"submission_id": "s3", "section": "events", "rule": "reported_elsewhere", "sheet": "events", "source_row": 2, "params": REPEATED.format(
            programme="SAMPLE", submission="s1")},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "wrong", "test"),
    [
        ("municipality_code", "70018", "assert_serbian_codes_carry_their_check_digit"),
        ("population", "22070", "assert_populations_sum_to_the_census_totals"),
    ],
)
def test_reference_data_that_cannot_be_right_fail_the_build(tmp_path: Path, column: str, wrong: str, test: str):
    municipalities = reference_table("municipalities")
    (aleksandrovac,) = (row for row in municipalities if row["municipality_code"] == "70017")
    aleksandrovac[column] = wrong
    names = [row for row in reference_table("municipality_names") if row["municipality_code"] != "70017"]
    tables = {"municipalities": municipalities, "municipality_names": names}
    warehouse = make_warehouse(tmp_path / "warehouse", reference=tables)

    with pytest.raises(AssertionError, match=f"Failure in test {test}"):
        warehouse.run_dbt("build", "--select", "municipalities", test)


def test_a_cumulative_that_would_be_summed_over_periods_fails_the_build(tmp_path: Path):
    measures = reference_table("measures")
    trees = measures[0] | {"measure_code": "trees", "section": "observations", "field": "value", "kind": "cumulative", "over_periods": "sum"}
    warehouse = make_warehouse(tmp_path / "warehouse", reference={"measures": [*measures, trees]})

    with pytest.raises(AssertionError, match="Failure in test assert_a_cumulative_is_never_summed"):
        warehouse.run_dbt("build", "--select", "measures", "dim_measures", "assert_a_cumulative_is_never_summed")
