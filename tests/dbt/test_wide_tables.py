"""Cells of one row of a wide table are statements of their own: none hides another, and each leads back to its cell."""

import csv
from pathlib import Path

import pytest

from tests.dbt.warehouse import REFERENCE, make_warehouse

pytestmark = pytest.mark.slow


def test_cells_of_one_row_are_facts_of_their_own_named_by_their_cell(tmp_path: Path) -> None:
    def cell(submission: str, column: str, measure: str, **values: object) -> dict[str, object]:
        place = {"source_sheet": "Podaci", "source_row": 4, "source_column": column, "thing_key": f"key:{measure}||2024"}
        return {"submission_id": submission, "measure_code": measure, "unit": "persons", **place, **values}

    def report(submission: str, day: int, year: int = 2024) -> dict[str, object]:
        period = {"period_id": f"{year}", "period_start": f"{year}-01-01", "period_end": f"{year}-12-31"}
        return {
            "submission_id": submission,
            "recorded_at": f"2025-01-{day:02} 12:00:00",
            "programme_id": "SAMPLE",
            "municipality_code": "70670",
            **period,
        }

    warehouse = make_warehouse(
        tmp_path,
        submissions=[report("first", 10), report("second", 20), report("of the year before", 30, year=2023)],
        rows={
            "observations": [
                cell("first", "D", "population", value=100),
                cell("first", "E", "unemployed", value=34),
                cell("first", "F", "pupils", is_quarantined=True),
                cell("first", "G", "teachers", is_quarantined=True),
                # the same sheet a year's edition later, with a column inserted; one of the two bad cells is mended
                cell("second", "D", "population", value=100),
                cell("second", "F", "unemployed", value=35),
                cell("second", "G", "pupils", value=7),
                cell("second", "H", "teachers", is_quarantined=True),
                *(
                    cell("of the year before", column, measure, value=500, thing_key=f"key:{measure}||2023")
                    for column, measure in (("D", "population"), ("F", "unemployed"))
                ),
            ]
        },
        reference={"measures": [*reference_measures(), *(cumulative(measure) for measure in ("population", "unemployed"))]},
    )
    # cautious: only the tests of which all that they look at is built
    warehouse.run_dbt("build", "--indirect-selection", "cautious", "--select", "+fct_build_warnings", "+fct_quarantined_rows")

    facts = warehouse.query(
        "select observation_id, source_row, source_column, measure_code, cast(value as integer) as value, day(recorded_to) as ended"
        " from marts.fct_observations where period_id = '2024' order by observation_id"
    )
    assert [tuple(fact.values()) for fact in facts] == [
        ("first/Podaci/D4", 4, "D", "population", 100, 20),
        ("first/Podaci/E4", 4, "E", "unemployed", 34, 20),
        ("second/Podaci/D4", 4, "D", "population", 100, None),
        ("second/Podaci/F4", 4, "F", "unemployed", 35, None),
        ("second/Podaci/G4", 4, "G", "pupils", 7, None),
    ]
    quarantined = warehouse.query(
        "select quarantined_row_id, source_column, day(recorded_from) as began, day(recorded_to) as ended"
        " from marts.fct_quarantined_rows order by quarantined_row_id"
    )
    assert [tuple(row.values()) for row in quarantined] == [
        ("first/Podaci/F4", "F", 10, 20),
        ("first/Podaci/G4", "G", 10, 20),
        ("second/Podaci/H4", "H", 20, None),
    ]
    warnings = warehouse.query("select rule, cell, params ->> 'before' as before from marts.fct_build_warnings order by cell")
    assert [tuple(warning.values()) for warning in warnings] == [("amount_to_date_fell", "D4", "500.0"), ("amount_to_date_fell", "F4", "500.0")]


def reference_measures() -> list[dict[str, str]]:
    with (REFERENCE / "measures.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def cumulative(measure: str) -> dict[str, str]:
    """An observation that counts what has been so far, and never falls."""
    named = {"measure_code": measure, "title": measure, "filter_field": "measure_code", "filter_code": measure}
    return {"section": "observations", "field": "value", "unit": "persons", "kind": "cumulative", "counted_by": "period"} | named
