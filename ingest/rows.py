"""One row of a section's table, typed: its values, what is wrong with each cell, and what thing it speaks of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.findings import Finding, Problem, severity_of
from ingest.periods import Period
from ingest.sections import OWN_PERIOD, Field, Section, fold, load_sections
from ingest.tables import Table
from ingest.values import CellValue, Parsed, parse, text_as_reported

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

# Cells of one field that are remembered in one language: enough for a form's repeated words, little beside a sheet of free text.
_REMEMBERED = 1024
_LONG = 100


@dataclass
class Row:
    """One row of a section's table: raw columns, and the letters of its table's columns for naming cells."""

    section: str
    sheet: str
    number: int
    values: dict[str, Any]
    columns: Mapping[str, str]
    is_quarantined: bool = False

    @property
    def is_of_one_cell(self) -> bool:
        """Whether it is one cell of a wide table's row, so that the sheet's row alone does not say which."""
        return bool(self.values.get("source_column"))

    def cell(self, field_name: str) -> str | None:
        """The A1 name of the cell that holds a field; None where the table has no such column."""
        letter = self.columns.get(field_name)
        return f"{letter}{self.number}" if letter else None

    def as_reported(self, field_name: str) -> str | None:
        """The text in the cell that holds a field; None where it is empty, or where the field may name a person."""
        text: str | None = json.loads(self.values["as_reported"]).get(field_name)
        return text


class Reading(NamedTuple):
    """What a cell says of one field: parsed, the text as reported, the raw columns it fills, and its part of the row's JSON `as_reported`.

    One that is not `is_plain` has a problem, a currency or nothing to say, which concerns the rest of its row.
    """

    field: Field
    parsed: Parsed
    text: str
    values: Mapping[str, Any]
    reported: str | None
    is_plain: bool


def reading_of(field: Field, parsed: Parsed, text: str) -> Reading:
    """The reading of a cell that was parsed; ``text`` is empty for what stands in no cell."""
    reported = f'"{field.name}": {encode_basestring(text)}' if text and not field.is_personal else None
    is_plain = not (parsed.problem or parsed.currency or parsed.is_blank)
    return Reading(field, parsed, text, _raw_values(field, parsed), reported, is_plain)


def read_row(table: Table, number: int, cells: Sequence[CellValue], language: str | None) -> tuple[Row, list[Finding]]:
    """Read one row by the types of its fields.

    Args:
        table: Where the fields' columns are.
        number: The row's number on the sheet, from 1.
        cells: Its cells, one a field of the table.
        language: Whose way of writing numbers and dates holds; None where nothing tells.

    Returns:
        The row, quarantined where a cell breaks an error rule, and the findings of its cells.
    """
    section = table.section.name
    readings = [
        read.__wrapped__(cell) if isinstance(cell, str) and len(cell) > _LONG else read(cell)
        for read, cell in zip(_readers(section, tuple(table.letters), language), cells, strict=True)
        # a blank cell says nothing, and most cells of a wide form are blank
        if cell is not None and cell != ""
    ]
    row = Row(section, table.sheet.name, number, {}, table.letters)
    return read_cells(row, table.section, readings, row.cell, table.currencies)


def read_cells(
    row: Row, section: Section, readings: Iterable[Reading], name_of: Callable[[str], str | None], in_headings: Mapping[str, str]
) -> tuple[Row, list[Finding]]:
    """Fill a row with what its cells say.

    Args:
        row: Where it stands; its values are filled in.
        section: What it is a row of.
        readings: What its cells say, in their order.
        name_of: Field → the A1 name of its cell; None for what stands in no cell of the row.
        in_headings: Field → the currency that stands in the heading of its amounts.

    Returns:
        The row, quarantined where a cell breaks an error rule, and the findings of its cells.
    """
    findings: list[Finding] = []
    as_reported: dict[str, str] = {}
    currencies: dict[str, str] = {}
    blank: set[str] = set()
    values = row.values
    for reading in readings:
        name = reading.field.name
        values.update(reading.values)
        if reading.reported:
            as_reported[name] = reading.reported
        if not reading.is_plain:
            if reading.parsed.problem:
                findings.append(_finding(reading.parsed.problem, row, reading.field, name_of(name), reading.text))
            if reading.parsed.currency:
                currencies[name] = reading.parsed.currency
            if reading.parsed.is_blank:
                blank.add(name)
    for field in section.defaults:
        if field.name not in values or field.name in blank:
            values.update({field.name: field.default, f"{field.name}_qualifier": "exact"})
    values["as_reported"] = f"{{{', '.join(as_reported.values())}}}"
    if section.has_currency:
        findings.extend(_settle_currency(section, row, currencies, in_headings))
    row.is_quarantined = any(finding.severity == "error" for finding in findings)
    return row, findings


def thing_key(section: Section, values: Mapping[str, Any], submission_id: str, sheet: str, number: int, period: Period | None) -> str:
    """What a row speaks of, across periods: its ref; else its natural key; else the row itself."""
    ref = section.ref
    if ref and values.get(ref.name):
        return f"ref:{fold(str(values[ref.name]))}"
    parts = [_key_part(section, name, values, period) for name in section.natural_key]
    if parts and (all(parts) or section.natural_key_may_be_partial):
        return "key:" + "|".join(parts)
    return f"row:{submission_id}/{sheet}/{number}"


def _key_part(section: Section, name: str, values: Mapping[str, Any], period: Period | None) -> str:
    if name == OWN_PERIOD:
        return period.period_id if period else ""
    column = f"{name}_edtf" if section.field(name).type == "date" else name
    return fold(str(values.get(column) or ""))


def _finding(problem: Problem, row: Row, field: Field, cell: str | None, text: str | None) -> Finding:
    shown = None if field.is_personal else text
    return Finding(severity_of(problem.rule), problem.rule, row.section, row.sheet, cell, row.number, field.name, shown, problem.params)


@cache
def _readers(section: str, names: tuple[str, ...], language: str | None) -> tuple[_lru_cache_wrapper[Reading], ...]:
    return tuple(_reader(section, name, language) for name in names)


@cache
def _reader(section: str, name: str, language: str | None) -> _lru_cache_wrapper[Reading]:
    """Reads the cells of a field, each once: a report repeats small counts, dates and answers, and the next one repeats them too."""
    field = load_sections()[section].field(name)

    # typed, since 1, 1.0 and TRUE are equal and not the same
    @lru_cache(maxsize=_REMEMBERED, typed=True)
    def read(cell: CellValue) -> Reading:
        return reading_of(field, parse(field, cell, language), text_as_reported(cell))

    return read


def _raw_values(field: Field, parsed: Parsed) -> dict[str, Any]:
    """What one cell says in the raw columns of its field."""
    name = field.name
    match field.type:
        case "count" | "number" | "amount":
            return {name: parsed.value, f"{name}_qualifier": parsed.qualifier}
        case "date":
            return {f"{name}_edtf": parsed.edtf, f"{name}_earliest": parsed.earliest, f"{name}_latest": parsed.latest}
        case _:
            return {name: parsed.value}


def _settle_currency(section: Section, row: Row, written: Mapping[str, str], in_headings: Mapping[str, str]) -> Iterator[Finding]:
    """A row has one currency: that of its column, else the one beside its amounts, else the one in their headings; two that disagree are an error."""
    above = [(name, currency) for name, currency in in_headings.items() if row.values.get(name) is not None]
    for name, currency in (*written.items(), *above):
        if row.values.setdefault("currency", None) is None:
            row.values["currency"] = currency
        elif row.values["currency"] != currency:
            text = row.as_reported(name) if name in written else currency
            problem = Problem("currency_disagrees", {"text": text, "stated": row.values["currency"]})
            yield _finding(problem, row, section.field(name), row.cell(name), row.as_reported(name))
    amount = next((field for field in section.fields if field.type == "amount" and row.values.get(field.name) is not None), None)
    if amount and row.values.get("currency") is None:
        yield _finding(Problem("currency_missing", {}), row, amount, row.cell(amount.name), row.as_reported(amount.name))
