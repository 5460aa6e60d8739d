"""The 95 % interval of a share agrees with an independent implementation."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy.stats import binomtest

from tests.dbt.warehouse import make_warehouse

CASES = [(0, 1), (1, 1), (0, 30), (10, 20), (4, 32), (999, 1000), (1, 250_000)]


def test_shares_carry_the_wilson_interval(tmp_path: Path) -> None:
    warehouse = make_warehouse(
        tmp_path,
        submissions=[
            {"submission_id": f"s{cases}-{counted}", "municipality_code": "70017", "programme_id": "RS-GIZ-ZZZ", "period_id": f"{2000 + number}",
             "period_start": f"{2000 + number}-01-01", "period_end": f"{2000 + number}-12-31", "recorded_at": "2024-04-10 10:00:00"}
            for number, (cases, counted) in enumerate(CASES)
        ],
        rows={
            "trainings": [
                {"submission_id": f"s{cases}-{counted}", "enrolled_persons": counted, "completed_persons": cases}
                for cases, counted in CASES
            ]
        },
    )  # fmt: skip

    warehouse.run_dbt("build", "--select", "+indicator_values", "--exclude-resource-type", "test", "unit_test")

    found = warehouse.query(
        "select period_start, value, interval_low, interval_high from marts.indicator_values "
        "where indicator_code = 'training_completion_rate' and sex = 'all' and community = 'all' order by period_start"
    )
    intervals = [binomtest(cases, counted).proportion_ci(method="wilson") for cases, counted in CASES]
    assert [row["value"] for row in found] == [cases / counted for cases, counted in CASES]
    assert [row["interval_low"] for row in found] == pytest.approx([interval.low for interval in intervals], abs=1e-12)
    assert [row["interval_high"] for row in found] == pytest.approx([interval.high for interval in intervals], abs=1e-12)
