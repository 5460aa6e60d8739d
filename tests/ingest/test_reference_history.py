"""The reference tables as they were: what the ledger keeps of them, told row by row."""

from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.entries import Entry
from ingest.ledger import Ledger
from ingest.reference_history import EVER, export_reference_history
from munimon.reference import copy_reference
from munimon.settings import Home

RATES = "rate_date,period,kind,currency,units_per_eur,source\n"


def change_rates(home: Home, monkeypatch: pytest.MonkeyPatch, day: str, *rates: str) -> None:
    """Edit the home's own table of rates, and let the ledger see it."""
    (home.reference / "exchange_rates.csv").write_text(RATES + "".join(f"2024-01-01,month,avg,RSD,{rate},NBS\n" for rate in rates), encoding="utf-8")
    monkeypatch.setenv("MUNIMON_NOW", day)
    Ledger(home.ledger).record_reference(home.reference, Entry.now())


def read_rates(home: Home, folder: Path) -> list[tuple[str, datetime, datetime | None]]:
    export_reference_history(Ledger(home.ledger), folder)
    rows = pq.read_table(folder / "exchange_rates.parquet").to_pylist()
    return [(row["units_per_eur"], row["recorded_from"], row["recorded_to"]) for row in rows]


@pytest.fixture
def own_home(home: Home) -> Home:
    copy_reference(home)
    return home


def test_each_row_is_in_force_from_its_entry_until_it_is_gone_and_may_come_back(own_home, tmp_path, monkeypatch) -> None:
    change_rates(own_home, monkeypatch, "2024-02-01", "117.1", "200")
    change_rates(own_home, monkeypatch, "2024-02-05", "117.2", "200")
    change_rates(own_home, monkeypatch, "2024-02-06", "117.2", "200")
    change_rates(own_home, monkeypatch, "2024-02-09", "117.1", "200")

    assert read_rates(own_home, tmp_path) == [
        ("117.1", EVER, datetime(2024, 2, 5)),
        ("200", EVER, None),
        ("117.2", datetime(2024, 2, 5), datetime(2024, 2, 9)),
        ("117.1", datetime(2024, 2, 9), None),
    ]


def test_tables_entered_with_a_clock_set_back_are_in_force_from_then_on(own_home, tmp_path, monkeypatch) -> None:
    change_rates(own_home, monkeypatch, "2024-02-01", "117.1")
    change_rates(own_home, monkeypatch, "2024-03-01", "117.2")
    change_rates(own_home, monkeypatch, "2024-02-15", "117.3")

    assert read_rates(own_home, tmp_path) == [("117.1", EVER, datetime(2024, 2, 15)), ("117.3", datetime(2024, 2, 15), None)]
