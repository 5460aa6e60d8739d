"""Frames as ingest hands them to the judge."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from expectations.sheets import NAMES, THING_BEFORE
from ingest.sections import load_sections, raw_columns

DTYPES = {"BIGINT": "Int64", "INTEGER": "Int64"}
OF_THE_REPORT = {"submission": "BIGINT", "programme_id": "VARCHAR", "country_code": "VARCHAR", "period_end": "DATE", "amounts": "VARCHAR"}
DAY_AFTER_MONTH = {"2024-02": date(2024, 2, 29), "2024-03": date(2024, 3, 31)}


@pytest.fixture(scope="session")
def make_frame() -> Callable[..., pd.DataFrame]:
    """A frame of a section with all its raw columns; each row says only what is known. A date is said by its EDTF text alone."""

    def make(section: str, *rows: Mapping[str, object]) -> pd.DataFrame:
        columns = raw_columns(load_sections()[section]) | OF_THE_REPORT | dict.fromkeys(compared_columns(section), "VARCHAR")
        filled = [{"submission": 0, "amounts": "to_date", **_fill_in(row)} for row in rows]
        assert all(set(row) <= set(columns) for row in filled)
        return pd.DataFrame(
            {
                column: pd.Series([row.get(column) for row in filled], dtype=DTYPES.get(duckdb_type, "object"))
                for column, duckdb_type in columns.items()
            }
        )

    return make


def compared_columns(section: str) -> list[str]:
    """The columns that only the sheets of a report together fill."""
    return [THING_BEFORE, *([f"{NAMES[section]} elsewhere"] if section in NAMES else [])]


def _fill_in(row: Mapping[str, object]) -> dict[str, object]:
    filled: dict[str, object] = {}
    for column, value in row.items():
        filled[column] = Decimal(str(value)) if column.endswith("_amount") or column in ("unit_cost", "days_worked") else value
        if column.endswith("_edtf"):
            text = str(value)
            earliest = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
            field = column.removesuffix("_edtf")
            filled |= {f"{field}_earliest": earliest, f"{field}_latest": DAY_AFTER_MONTH.get(text, earliest)}
    return filled
