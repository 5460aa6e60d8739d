"""Frames as ingest hands them to the judge."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from ingest.sections import load_sections, raw_columns

DTYPES = {"BIGINT": "Int64", "INTEGER": "Int64"}
DAY_AFTER_MONTH = {"2024-02": date(2024, 2, 29), "2024-03": date(2024, 3, 31)}


@pytest.fixture(scope="session")
def make_frame() -> Callable[..., pd.DataFrame]:
    """A frame of a section with all its raw columns; each row says only what is known. A date is said by its EDTF text alone."""

    def make(section: str, *rows: Mapping[str, object]) -> pd.DataFrame:
        columns = raw_columns(load_sections()[section])
        filled = [_fill_in(row) for row in rows]
        assert all(set(row) <= set(columns) for row in filled)
        return pd.DataFrame(
            {
                column: pd.Series([row.get(column) for row in filled], dtype=DTYPES.get(duckdb_type, "object"))
                for column, duckdb_type in columns.items()
            }
        )

    return make


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
