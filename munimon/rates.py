"""Exchange rates from the files in which they are published, into the home's own table of rates."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from munimon.disk import whole_file
from munimon.settings import Home, MunimonError

INFOREURO = "InforEuro, European Commission"


class RatesRefused(MunimonError):
    """The file is none that holds rates; nothing was taken from it."""


@dataclass(frozen=True)
class Rate:
    """Units of a currency for one euro, as a row of exchange_rates.csv."""

    rate_date: str
    period: str
    kind: str
    currency: str
    units_per_eur: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What no two rows may share."""
        return self.rate_date, self.period, self.kind, self.currency, self.source


@dataclass(frozen=True)
class Loaded:
    """What became of the rates of a file."""

    added: int
    changed: int
    unchanged: int


def load_rates(home: Home, file: Path, layout: str, month: str | None) -> Loaded:
    """Add the rates of a file to the home's exchange_rates.csv; where one stands there with another value, the file's holds.

    Args:
        layout: One of ``LAYOUTS``.
        month: ``2024-11``, for files that do not say it themselves.

    Raises:
        MunimonError: If the home has no reference data of its own, or the file does not hold rates of that layout.
    """
    table = home.folder / "reference" / "exchange_rates.csv"
    if not table.exists():
        raise MunimonError(f"{table.parent}: this home has no reference data of its own to add rates to; make one with `munimon init DIR`")
    if layout not in LAYOUTS:
        raise MunimonError(f"--layout '{layout}': not known; known are {', '.join(LAYOUTS)}")
    if month and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise MunimonError(f"--month '{month}': write a year and a month, as 2024-11")
    with table.open(encoding="utf-8", newline="") as lines:
        standing = {rate.key: rate for rate in (Rate(**row) for row in csv.DictReader(lines))}
    found = {rate.key: rate for rate in LAYOUTS[layout](file, month)}
    changed = sum(key in standing and Decimal(standing[key].units_per_eur) != Decimal(rate.units_per_eur) for key, rate in found.items())
    added = sum(key not in standing for key in found)
    if added or changed:
        _write(table, (standing | found).values())
    return Loaded(added, changed, len(found) - added - changed)


def read_inforeuro(file: Path, month: str | None) -> list[Rate]:
    """The monthly accounting rates that the Commission's service answers with, in either of its two forms.

    All currencies of a month (``isoA3Code``, ``value``; the month is not in the file), or one currency over the months
    (``currencyIso``, ``amount``, ``dateStart`` as 01/11/2024). Numbers keep their digits.
    """
    try:
        records = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal, parse_int=Decimal)
    except FileNotFoundError as missing:
        raise RatesRefused(f"{file}: there is no such file") from missing
    except (ValueError, RecursionError) as broken:
        raise RatesRefused(f"{file}: is no JSON; save what InforEuro answers as it is") from broken
    if not isinstance(records, list) or not records or not all(isinstance(record, dict) for record in records):
        raise RatesRefused(f"{file}: holds no list of rates; save what InforEuro answers as it is")
    rates = [_read_inforeuro_record(file, number, record, month) for number, record in enumerate(records, start=1)]
    return [rate for rate in rates if rate.currency != "EUR"]


def _read_inforeuro_record(file: Path, number: int, record: Mapping[str, Any], month: str | None) -> Rate:
    is_of_one_month = "isoA3Code" in record
    currency, value = (record.get(name) for name in (("isoA3Code", "value") if is_of_one_month else ("currencyIso", "amount")))
    try:
        if is_of_one_month and month is None:
            raise RatesRefused(f"{file}: does not say of which month it is; add --month, as --month 2024-11")
        day = date.fromisoformat(f"{month}-01") if is_of_one_month else datetime.strptime(str(record.get("dateStart")), "%d/%m/%Y").date()
        units = Decimal(str(value))
    except (ValueError, InvalidOperation) as wrong:
        raise RatesRefused(f"{file}: entry {number} has no readable rate and month: {dict(record)}") from wrong
    if not (isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) and units.is_finite() and units > 0):
        raise RatesRefused(f"{file}: entry {number} names no currency or no rate above zero: {dict(record)}")
    if record.get("refCurrencyIso", "EUR") != "EUR":
        raise RatesRefused(f"{file}: entry {number} is not for one euro but for {record['refCurrencyIso']}")
    return Rate(day.replace(day=1).isoformat(), "month", "InforEuro", currency, f"{units:f}", INFOREURO)


def _write(table: Path, rates: Iterable[Rate]) -> None:
    rows = sorted((asdict(rate) for rate in rates), key=lambda row: (row["currency"], row["period"], row["kind"], row["source"], row["rate_date"]))
    with whole_file(table) as aside, aside.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(Rate.__dataclass_fields__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


LAYOUTS: Mapping[str, Callable[[Path, str | None], list[Rate]]] = {"inforeuro": read_inforeuro}
"""How files of rates are read: name → reader. Another publisher's form is one more reader here."""
