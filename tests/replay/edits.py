"""What people change in the reference tables while reports come in."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from munimon.settings import shipped

Row = dict[str, str]
Edit = Callable[[list[Row], int], list[Row]]

# Two programmes lie under one, and are edited; none of them is synthetic, so that they have a part in totals across programmes.
PROGRAMMES = [
    {"programme_id": "REPLAY"},
    {"programme_id": "REPLAY-QUARTERLY", "parent_programme_id": "REPLAY", "reporting_frequency": "quarter", "due_days": "15"},
    {"programme_id": "REPLAY-YEARLY", "parent_programme_id": "REPLAY", "reporting_frequency": "year", "due_days": "20"},
    {"programme_id": "REPLAY-STEADY", "reporting_frequency": "quarter", "due_days": "15"},
]


def add_programmes(rows: list[Row], _: int) -> list[Row]:
    blank = dict.fromkeys(rows[0], "") | {"country_code": "RS", "is_synthetic": "false", "starts_on": "2024-01-01", "ends_on": "2024-12-31"}
    return [*rows, *(blank | row | {"title": row["programme_id"]} for row in PROGRAMMES)]


def add_measures(rows: list[Row], _: int) -> list[Row]:
    """Four observations become measures: two stocks at a date, what happens in a period, and what has happened so far."""
    stock = dict.fromkeys(rows[0], "") | {
        "section": "observations", "field": "value", "unit": "persons", "kind": "stock", "counted_by": "period", "over_periods": "latest",
        "over_municipalities": "sum", "over_programmes": "sum", "has_qualifier": "true", "filter_field": "measure_code",
    }  # fmt: skip
    kinds = {
        "pupils": {}, "roma_pupils": {}, "meals": {"kind": "flow", "over_periods": "sum", "over_programmes": "distinct"},
        "trees": {"kind": "cumulative"},
    }  # fmt: skip
    return [*rows, *(stock | {"measure_code": code, "title": code, "filter_code": code} | kind for code, kind in kinds.items())]


def add_indicators(rows: list[Row], _: int) -> list[Row]:
    """One of such a stock, one of two of them, and one of the flow."""
    pupils = rows[0] | {"indicator_code": "pupils", "numerator_measure": "pupils"}
    share = {"indicator_code": "roma_among_pupils", "unit": "share", "numerator_measure": "roma_pupils", "denominator_measure": "pupils"}
    meals = pupils | {"indicator_code": "meals", "numerator_measure": "meals"}
    return [*rows, pupils, meals, pupils | share | {"denominator_sex": "all", "denominator_community": "all", "whole_measure": "pupils"}]


def add_limits(rows: list[Row], _: int) -> list[Row]:
    """Of the small numbers that are drawn, some change too much."""
    limits = {"engagements": ("engaged_persons", "2", "2"), "events": ("attendees", "5", "20")}
    of_programme = ({"section": section, "field": field, "factor": factor, "at_least": least} for section, (field, factor, least) in limits.items())
    return [*rows, *({"programme_id": "REPLAY-QUARTERLY", "why": "replayed"} | limit for limit in of_programme)]


def change_rates(rows: list[Row], number: int) -> list[Row]:
    return [
        row | {"units_per_eur": str(Decimal(row["units_per_eur"]) + number + 1)} if row["currency"] == "RSD" and row["rate_date"] >= "2024" else row
        for row in rows
    ]


def lose_or_find_rates(rows: list[Row], number: int) -> list[Row]:
    lost = [row for row in _shipped("exchange_rates") if row["rate_date"] == f"2024-0{1 + number % 3}-01"]
    return [*rows, *lost] if not any(row["rate_date"] == lost[0]["rate_date"] for row in rows) else [row for row in rows if row not in lost]


def move_inhabitants(rows: list[Row], number: int) -> list[Row]:
    """The census total stays, or the build would rightly stop."""
    moved = {"70670": number + 1, "70998": -number - 1}
    return [row | {"population": str(int(row["population"]) + moved.get(row["municipality_code"], 0))} if row["population"] else row for row in rows]


def set_target(rows: list[Row], number: int) -> list[Row]:
    place, period = ("", "70670")[number % 2], ("to-date", "2024", "2024-Q1")[number % 3]
    key = {"indicator_code": "persons_engaged", "programme_id": "REPLAY-QUARTERLY", "municipality_code": place, "period_id": period}
    kept = [row for row in rows if any(row[name] != value for name, value in key.items())]
    return [*kept, key | {"baseline": "1", "baseline_period": "2023", "target": str(40 + number), "source": "plan"}] if number < 8 else kept


def define_anew(rows: list[Row], _: int) -> list[Row]:
    """From the second quarter of 2024 on the indicator is made of something else; asked for again, it is as it was."""
    own = [row for row in rows if row["indicator_code"] == "persons_engaged"]
    others = [row for row in rows if row not in own]
    if len(own) > 1:
        return [*others, own[0] | {"valid_to": ""}]
    later = own[0] | {"definition_version": "2", "numerator_measure": "outcome_known_persons", "valid_from": "2024-04-01"}
    return [*others, own[0] | {"valid_to": "2024-03-31"}, later]


def redefine_in_place(rows: list[Row], number: int) -> list[Row]:
    numerator = ("completed_persons", "enrolled_persons")[number % 2]
    scale = str(10 ** (3 + number % 2))
    return [
        row | {"numerator_measure": numerator}
        if row["indicator_code"] == "persons_trained"
        else row | {"scale": scale}
        if row["indicator_code"] == "persons_engaged_per_1000_inhabitants"
        else row
        for row in rows
    ]


def take_out_or_bring_back(rows: list[Row], _: int) -> list[Row]:
    kept = [row for row in rows if row["indicator_code"] != "households_supported"]
    return kept if len(kept) < len(rows) else [*rows, *(row for row in _shipped("indicators") if row["indicator_code"] == "households_supported")]


def count_otherwise(rows: list[Row], number: int) -> list[Row]:
    counted_by = ("started_on", "period", "ended_on")[number % 3]
    return [row | {"counted_by": counted_by} if row["measure_code"] in ("engaged_persons", "days_worked") else row for row in rows]


def change_programme(rows: list[Row], number: int) -> list[Row]:
    """A programme is put elsewhere, asked for reports more or less often, given other days, or ends earlier or later."""
    programme = ("REPLAY-QUARTERLY", "REPLAY-YEARLY")[number % 2]
    changed = (
        {"parent_programme_id": ("REPLAY", "", "REPLAY-YEARLY")[number % 3] if number % 2 == 0 else ""},
        {"reporting_frequency": ("quarter", "half-year", "year", "month")[number % 4]},
        {"due_days": str(10 + number)},
        {"ends_on": ("2024-06-30", "2024-09-30")[number % 2]},
    )[number // 2 % 4]
    return [row | changed if row["programme_id"] == programme else row for row in rows]


def convert_otherwise(rows: list[Row], number: int) -> list[Row]:
    """Nobody says how many persons a percent is, and nobody should; of something it may be said, and taken back."""
    told = {"unit": "percent", "converted_to": "persons", "factor": str(number + 2), "why": "agreed"}
    return [row for row in rows if row["converted_to"] != "persons"] + ([told] if number % 3 else [])


def limit_changes(rows: list[Row], number: int) -> list[Row]:
    """All programmes, or one of them, get other limits of what may change between periods, or none."""
    key = {
        "programme_id": ("", "REPLAY-QUARTERLY")[number % 2],
        "section": "engagements",
        "field": ("engaged_persons", "days_worked")[number // 2 % 2],
    }
    kept = [row for row in rows if any(row[name] != value for name, value in key.items())]
    return [*kept, key | {"factor": str(1 + number % 3), "at_least": str(2 * number), "why": "replayed"}] if number < 8 else kept


EDITS: dict[str, tuple[str, Edit]] = {
    "rates": ("exchange_rates", change_rates),
    "rates lost or found": ("exchange_rates", lose_or_find_rates),
    "inhabitants": ("municipalities", move_inhabitants),
    "target": ("targets", set_target),
    "programme": ("programmes", change_programme),
    "definition": ("indicators", define_anew),
    "definition in place": ("indicators", redefine_in_place),
    "indicator gone or back": ("indicators", take_out_or_bring_back),
    "measure": ("measures", count_otherwise),
    "units": ("unit_conversions", convert_otherwise),
    "limit": ("plausible_changes", limit_changes),
}


def edit_table(reference: Path, table: str, edit: Edit, number: int = 0) -> None:
    path = reference / f"{table}.csv"
    names, rows = _names(path), _read(path)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(edit(rows, number))


def _names(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _shipped(table: str) -> list[Row]:
    return _read(shipped() / "data" / "reference" / f"{table}.csv")
