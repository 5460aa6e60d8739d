"""Workbooks of equal shape for comparisons: one report sheet, then four sections of 50 rows, all fields filled in.

Each speaks of another municipality or quarter, as reports do, and what it says is plausible.
"""

import csv
import random
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from ingest.sections import Field, load_report_sheet, load_sections
from munimon.settings import shipped

SECTIONS = ("grants", "engagements", "trainings", "equipment")
ROWS = 50
LANGUAGE = "sr-Latn"
_CURRENCIES = {"RS": "RSD", "MK": "MKD"}
_QUARTERS = [(year, quarter) for year in (2024, 2025) for quarter in (1, 2, 3, 4)]


def write_workbooks(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """Write ``count`` reports into ``folder``; what is there already is taken as it is. The same seed gives the same cells."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:05}.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        if not path.exists():
            _write(path, number, random.Random(seed + number))
    return paths


@cache
def _municipalities() -> list[dict[str, str]]:
    with (shipped() / "data" / "reference" / "municipalities.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(path: Path, number: int, dice: random.Random) -> None:
    report = load_report_sheet()
    book = Workbook(write_only=True)
    cover = book.create_sheet(report.sheet.labels[LANGUAGE])
    places = _municipalities()
    place = places[number % len(places)]
    year, quarter = _QUARTERS[number // len(places) % len(_QUARTERS)]
    begins = date(year, 3 * quarter - 2, 1)
    stated = {"municipality": place["municipality_code"], "programme": "SAMPLE", "period": f"{year}-Q{quarter}", "statement": "dopuna"}
    for key, value in stated.items():
        cover.append([report.fields[key].labels[LANGUAGE], value])
    for name in SECTIONS:
        section = load_sections()[name]
        sheet = book.create_sheet(section.labels[LANGUAGE])
        sheet.append([field.labels[LANGUAGE] for field in section.fields])
        for row in range(ROWS):
            sheet.append(
                [_value(field, f"{name[0].upper()}{number}-{row}", begins, _CURRENCIES[place["country_code"]], dice) for field in section.fields]
            )
    book.save(path)


def _value(field: Field, ref: str, begins: date, currency: str, dice: random.Random) -> object:
    match field.type:
        case "ref":
            return ref
        case "count":
            return dice.randint(40, 60) if field.name in ("engaged_persons", "enrolled_persons") else 1
        case "number":
            return dice.randint(1, 30)
        case "amount":
            return {"awarded_amount": 90_000, "disbursed_amount": 60_000, "spent_amount": 30_000}.get(field.name, dice.randint(200, 900))
        case "date":
            day = begins + timedelta(days=dice.randint(0, 40) + (0 if field.name == "started_on" else 45))
            return f"{day:%d.%m.%Y.}"
        case "code":
            return currency if field.name == "currency" else None
        case _:
            return f"Opis {dice.randint(1, 40)}"
