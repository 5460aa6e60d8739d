"""Plausible ranges: reference data that the coordinating body edits, by programme, section and field."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ingest.sections import load_sections
from munimon.settings import MunimonError

FILE = "plausible_ranges.csv"


class RangesInvalid(MunimonError):
    """The table of plausible ranges says something that cannot be used; one line names file, line and fault."""


@dataclass(frozen=True)
class Range:
    """What a figure usually is, both ends included; None where there is no such end. For every programme where ``programme_id`` is empty.

    ``field`` is a field's name, or ``numerator/denominator`` for what two figures of a row make of each other. Amounts are in euro.
    """

    programme_id: str
    section: str
    field: str
    low: Decimal | None
    high: Decimal | None
    why: str


def load_ranges(reference: Path) -> tuple[Range, ...]:
    """The ranges in ``plausible_ranges.csv`` of a reference folder, in its order; none where the folder is older than the table.

    Raises:
        RangesInvalid: If a row names an unknown section or field, a field without figures, no end, ends in the wrong order, or the same range twice.
    """
    path = reference / FILE
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        ranges = [_range(path, reader.line_num, row) for row in reader]
    seen: set[tuple[str, str, str]] = set()
    for each in ranges:
        key = (each.programme_id, each.section, each.field)
        if key in seen:
            raise RangesInvalid(f"{path}: the range of {each.section}.{each.field} stands twice for '{each.programme_id or 'all programmes'}'")
        seen.add(key)
    return tuple(ranges)


def _range(path: Path, line: int, row: Mapping[str, str]) -> Range:
    section = load_sections().get(row["section"])
    figures = {field.name for field in section.fields if field.type in ("count", "number", "amount", "year")} if section else set()
    unknown = [name for name in row["field"].split("/") if name not in figures]
    if section is None or unknown:
        raise RangesInvalid(f"{path}, line {line}: '{row['section']}.{row['field']}' is no figure of a section")
    try:
        low, high = (Decimal(row[end]) if row[end] else None for end in ("low", "high"))
    except InvalidOperation:
        raise RangesInvalid(f"{path}, line {line}: low and high are numbers such as 2000 or 0.5, with a decimal point") from None
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        raise RangesInvalid(f"{path}, line {line}: give low, high or both, low not above high")
    return Range(row["programme_id"], row["section"], row["field"], low, high, row["why"])
