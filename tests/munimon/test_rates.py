"""Exchange rates come in from published files, exactly, and none is ever guessed."""

import csv
import json
from pathlib import Path

import pytest

from tests.munimon.commands import run_munimon

MONTH = [
    {"country": "Serbia", "currency": "Dinar", "isoA3Code": "RSD", "isoA2Code": "RS", "value": 117.0155, "comment": None},
    {"country": "North Macedonia", "currency": "Denar", "isoA3Code": "MKD", "isoA2Code": "MK", "value": 61.495, "comment": None},
    {"country": "Eurozone", "currency": "Euro", "isoA3Code": "EUR", "isoA2Code": "EU", "value": 1, "comment": None},
]
HISTORY = [
    {"currencyIso": "RSD", "refCurrencyIso": "EUR", "amount": 117.02, "dateStart": "01/12/2024", "dateEnd": "31/12/2024"},
    {"currencyIso": "RSD", "refCurrencyIso": "EUR", "amount": 117.0155, "dateStart": "01/11/2024", "dateEnd": "30/11/2024"},
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert run_munimon("init", tmp_path / "home").returncode == 0
    return tmp_path / "home"


def load(home: Path, records: object, *options: str) -> tuple[int, str]:
    path = home / "rates.json"
    path.write_text(records if isinstance(records, str) else json.dumps(records), encoding="utf-8")
    done = run_munimon("rates", path, *options, home=home)
    return done.returncode, (done.stdout + done.stderr).strip()


def official(home: Path) -> list[tuple[str, str, str]]:
    with (home / "reference" / "exchange_rates.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["currency"], row["rate_date"], row["units_per_eur"]) for row in csv.DictReader(lines) if row["kind"] == "InforEuro"]


def test_a_month_and_a_history_come_in_with_their_own_digits_and_a_second_time_change_nothing(home: Path) -> None:
    before = (home / "reference" / "exchange_rates.csv").read_text(encoding="utf-8").splitlines()
    assert load(home, MONTH, "--month", "2024-11") == (0, "2 added, 0 changed, 0 as they were; run `munimon build` to reckon with them.")
    assert load(home, HISTORY) == (0, "1 added, 0 changed, 1 as they were; run `munimon build` to reckon with them.")
    assert official(home) == [("MKD", "2024-11-01", "61.495"), ("RSD", "2024-11-01", "117.0155"), ("RSD", "2024-12-01", "117.02")]
    after = (home / "reference" / "exchange_rates.csv").read_text(encoding="utf-8").splitlines()
    assert set(before) <= set(after) and len(after) == len(before) + 3


def test_a_corrected_rate_takes_the_place_of_the_first(home: Path) -> None:
    load(home, HISTORY)
    assert load(home, [HISTORY[0] | {"amount": 117.1}]) == (0, "0 added, 1 changed, 0 as they were; run `munimon build` to reckon with them.")
    assert ("RSD", "2024-12-01", "117.1") in official(home)


@pytest.mark.parametrize(
    ("records", "options", "said"),
    [
        (MONTH, (), "does not say of which month it is; add --month"),
        (MONTH, ("--month", "2024-13"), "--month '2024-13': write a year and a month, as 2024-11"),
        ("<html>", (), "is no JSON"),
        ({"code": 5}, (), "holds no list of rates"),
        ([HISTORY[0] | {"amount": 0}], (), "entry 1 names no currency or no rate above zero"),
        ([HISTORY[0] | {"amount": "NaN"}], (), "entry 1 names no currency or no rate above zero"),
        ([HISTORY[0] | {"refCurrencyIso": "USD"}], (), "entry 1 is not for one euro but for USD"),
        ([HISTORY[0], HISTORY[1] | {"dateStart": "November"}], (), "entry 2 has no readable rate and month"),
    ],
)
def test_a_file_that_is_not_of_rates_is_refused_in_one_line_and_nothing_is_taken(
    home: Path, records: object, options: tuple[str, ...], said: str
) -> None:
    code, text = load(home, records, *options)
    assert code == 1 and said in text and len(text.splitlines()) == 1
    assert official(home) == []


def test_a_home_without_reference_data_of_its_own_is_told_how_to_get_them(tmp_path: Path) -> None:
    code, text = load(tmp_path, HISTORY)
    assert code == 1 and "make one with `munimon init DIR`" in text
