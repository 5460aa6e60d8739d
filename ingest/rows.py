"""One row of a section's table, typed: its values, what is wrong with each cell, and what thing it speaks of."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ingest.findings import Finding, Problem, severity_of
from ingest.periods import Period
from ingest.sections import OWN_PERIOD, Field, Section, fold
from ingest.tables import Table
from ingest.values import Parsed, cell_name, parse, text_as_reported


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


class FieldCell(NamedTuple):
    """What a row says of one field: parsed, the text as reported, and the A1 name of its cell (None for what stands in no cell of the row)."""

    field: Field
    parsed: Parsed
    text: str
    name: str | None


def read_row(table: Table, number: int, language: str | None) -> tuple[Row, list[Finding]]:
    """Read one row by the types of its fields.

    Args:
        table: Where the fields' columns are.
        number: The row's number on the sheet, from 1.
        language: Whose way of writing numbers and dates holds; None where nothing tells.

    Returns:
        The row, quarantined where a cell breaks an error rule, and the findings of its cells.
    """
    cells = []
    found = table.sheet.rows[number - 1]
    for column, field in table.fields.items():
        cell = found[column - 1] if column <= len(found) else None
        # a blank cell says nothing, and most cells of a wide form are blank
        if cell is not None and cell != "":
            cells.append(FieldCell(field, parse(field, cell, language), text_as_reported(cell), cell_name(number, column)))
    return read_cells(Row(table.section.name, table.sheet.name, number, {}, table.letters), table.section, cells)


def read_cells(row: Row, section: Section, cells: Iterable[FieldCell]) -> tuple[Row, list[Finding]]:
    """Fill a row with what its cells say; returns it, quarantined where a cell breaks an error rule, and the findings of its cells."""
    findings: list[Finding] = []
    as_reported: dict[str, str] = {}
    currencies: dict[str, str] = {}
    filled: set[str] = set()
    for cell in cells:
        field, parsed = cell.field, cell.parsed
        if cell.text and not field.is_personal:
            as_reported[field.name] = cell.text
        if parsed.problem:
            findings.append(_finding(parsed.problem, row, field, cell.name, cell.text))
        if parsed.currency:
            currencies[field.name] = parsed.currency
        if not parsed.is_blank:
            filled.add(field.name)
        _enter(row.values, field, parsed)
    for field in section.defaults:
        if field.name not in filled:
            row.values.update({field.name: field.default, f"{field.name}_qualifier": "exact"})
    row.values["as_reported"] = json.dumps(as_reported, ensure_ascii=False)
    findings.extend(_settle_currency(section, row, currencies))
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


def _enter(values: dict[str, Any], field: Field, parsed: Parsed) -> None:
    """Enter what one cell says in the raw columns of its field."""
    name = field.name
    match field.type:
        case "count" | "number" | "amount":
            values[name] = parsed.value
            values[f"{name}_qualifier"] = parsed.qualifier
        case "date":
            values[f"{name}_edtf"] = parsed.edtf
            values[f"{name}_earliest"] = parsed.earliest
            values[f"{name}_latest"] = parsed.latest
        case _:
            values[name] = parsed.value


def _settle_currency(section: Section, row: Row, written: Mapping[str, str]) -> Iterator[Finding]:
    """A row has one currency: that of its column, else the one written beside its amounts; two that disagree are an error."""
    if not section.has_currency:
        return
    for name, currency in written.items():
        if row.values.setdefault("currency", None) is None:
            row.values["currency"] = currency
        elif row.values["currency"] != currency:
            problem = Problem("currency_disagrees", {"text": row.as_reported(name), "stated": row.values["currency"]})
            yield _finding(problem, row, section.field(name), row.cell(name), row.as_reported(name))
    amount = next((field for field in section.fields if field.type == "amount" and row.values.get(field.name) is not None), None)
    if amount and row.values.get("currency") is None:
        yield _finding(Problem("currency_missing", {}), row, amount, row.cell(amount.name), row.as_reported(amount.name))
