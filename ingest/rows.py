"""The rows of a section's table, typed and by column: what they say, what is wrong with each cell, and what things they speak of."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple

import pyarrow as pa

from ingest.findings import Finding, Problem, severity_of
from ingest.footnotes import find_note
from ingest.periods import Period
from ingest.raw import schema_of_rows
from ingest.sections import OWN_PERIOD, Field, Section, fold, load_sections
from ingest.tables import Table
from ingest.values import CellValue, Parsed, parse_anew, text_as_reported

# Cells of one field that are remembered in one language: enough for a form's repeated words, little beside a sheet of free text.
_REMEMBERED = 256
_LONG = 100


@dataclass
class Rows:
    """Rows of one section that a submission has on one sheet.

    ``columns`` are the letters of its table's columns by field, for naming cells. ``values`` are the raw columns, all but those that only the batch
    gives them. ``quarantined`` are the positions of the rows in which something is wrong.
    """

    section: str
    sheet: str
    columns: Mapping[str, str]
    values: pa.RecordBatch
    quarantined: set[int]

    def __len__(self) -> int:
        return int(self.values.num_rows)

    def __reduce__(self) -> tuple[Any, ...]:
        # between processes as Arrow writes it, at a tenth of the time that pickling each column takes
        return _unpack, (self.section, self.sheet, self.columns, self.values.serialize().to_pybytes(), self.quarantined)

    @property
    def numbers(self) -> list[int]:
        """The rows' numbers on the sheet, from 1."""
        numbers: list[int] = self.values.column("source_row").to_pylist()
        return numbers

    @property
    def source_columns(self) -> list[str | None]:
        """The letter of the one cell of a wide table that each row is; None where a row is a row of the sheet."""
        letters: list[str | None] = self.values.column("source_column").to_pylist()
        return letters

    def number(self, position: int) -> int:
        """The number on the sheet of the row at a position."""
        return int(self.values.column("source_row")[position].as_py())

    def cell(self, position: int, field_name: str) -> str | None:
        """The A1 name of the cell that holds a field; None where the table has no such column."""
        letter = self.values.column("source_column")[position].as_py() if field_name == "value" else None
        letter = letter or self.columns.get(field_name)
        return f"{letter}{self.number(position)}" if letter else None

    def as_reported(self, position: int, field_name: str) -> str | None:
        """The text in the cell that holds a field; None where it is empty, or where the field may name a person."""
        text: str | None = json.loads(self.values.column("as_reported")[position].as_py()).get(field_name)
        return text


def _unpack(section: str, sheet: str, columns: Mapping[str, str], values: bytes, quarantined: set[int]) -> Rows:
    return Rows(section, sheet, columns, pa.ipc.read_record_batch(pa.py_buffer(values), _schema(section)), quarantined)


@cache
def _schema(section: str) -> pa.Schema:
    return schema_of_rows(load_sections()[section])


class Reading(NamedTuple):
    """What a cell says of one field: parsed, the text as reported, the raw columns it fills, and its part of the row's JSON `as_reported`.

    One that is not `is_plain` has a problem, a currency or the mark of a footnote, which concerns more than the cell.
    """

    field: Field
    parsed: Parsed
    text: str
    values: tuple[Any, ...]
    reported: str | None
    is_plain: bool


# as fast as a column of readings can be asked for one thing
_VALUES, _REPORTED, _IS_PLAIN = (itemgetter(Reading._fields.index(name)) for name in ("values", "reported", "is_plain"))


class Subject(NamedTuple):
    """Whose rows they are: what tells apart the things that rows speak of."""

    submission_id: str
    period: Period | None


@dataclass(frozen=True)
class Standing:
    """Where rows stand: their sheet, their numbers on it, and the letters of their table's columns by field.

    ``source_columns`` are the letters of the cells that rows of a wide table are. ``names`` are, row by row, the A1 names of the cells that fields
    stand in, where it is not the table's columns that say so. ``currencies`` are those in the headings of amounts. ``cells`` are all of the sheet, on
    which the notes stand. ``scale`` are the amounts that may be given in thousands or millions, with the cell that says so.
    """

    sheet: str
    numbers: Sequence[int]
    columns: Mapping[str, str]
    currencies: Mapping[str, str]
    source_columns: Sequence[str | None] = ()
    names: Sequence[Mapping[str, str]] = ()
    cells: Sequence[Sequence[CellValue]] = ()
    scale: Mapping[str, tuple[str, int]] = dataclasses.field(default_factory=dict)

    def cell(self, position: int, field_name: str) -> str | None:
        """The A1 name of the cell in which a row has a field; None for what stands in none."""
        if self.names:
            return self.names[position].get(field_name)
        letter = self.columns.get(field_name)
        return f"{letter}{self.numbers[position]}" if letter else None


def reading_of(field: Field, parsed: Parsed, text: str) -> Reading:
    """The reading of a cell that was parsed; ``text`` is empty for what stands in no cell."""
    reported = f'"{field.name}": {encode_basestring(text)}' if text and not field.is_personal else None
    return Reading(field, parsed, text, _raw_values(field, parsed), reported, not (parsed.problem or parsed.currency or parsed.mark))


def read_table(table: Table, numbers: Sequence[int], rows: Sequence[Sequence[CellValue]], language: str | None, subject: Subject) -> Found:
    """Read rows of a table by the types of its fields.

    Args:
        table: Where the fields' columns are.
        numbers: The rows' numbers on the sheet, from 1.
        rows: Their cells, one a field of the table.
        language: Whose way of writing numbers and dates holds; None where nothing tells.
        subject: Whose rows they are.
    """
    section = table.section
    columns = zip(table.letters, zip(*rows, strict=True), strict=True)
    readings = {name: _readings(section.name, name, language).of(cells) for name, cells in columns}
    standing = Standing(table.sheet.name, numbers, table.letters, table.currencies, cells=table.sheet.rows, scale=table.scale)
    return read_columns(section, standing, readings, subject)


Found = tuple[Rows, list[Finding]]
"""Rows, of which those with a cell that breaks an error rule are quarantined, and the findings of their cells, row by row."""


def read_columns(section: Section, standing: Standing, readings: Mapping[str, Sequence[Reading]], subject: Subject) -> Found:
    """Make rows of what their cells say.

    Args:
        section: What they are rows of.
        standing: Where they stand.
        readings: By field, in the order of the columns, one reading a row.
        subject: Whose rows they are.
    """
    count = len(standing.numbers)
    filled: dict[str, Sequence[Any]] = {}
    noted: list[tuple[int, Reading]] = []
    reported: list[Sequence[str | None]] = []
    for name, column in readings.items():
        filled.update(zip(_raw_names(section.name, name), zip(*map(_VALUES, column), strict=True), strict=True))
        reported.append(list(map(_REPORTED, column)))
        if not all(map(_IS_PLAIN, column)):
            noted += [(position, reading) for position, reading in enumerate(column) if not reading.is_plain]
    for field in section.defaults:
        if field.name not in readings:
            filled.update({field.name: [field.default] * count, f"{field.name}_qualifier": ["exact"] * count})
    found: list[tuple[int, Finding]] = []
    written: dict[int, dict[str, Reading]] = {}
    for position, each in noted:
        if each.parsed.problem:
            found.append((position, _finding(section, standing, position, each.field, each.parsed.problem, each.text)))
        if each.parsed.currency:
            written.setdefault(position, {})[each.field.name] = each
    found += _settle_marks(section, standing, noted, filled)
    found += _question_scale(section, standing, readings)
    if section.has_currency:
        found += _settle_currencies(section, standing, readings, filled, written)
    filled["as_reported"] = [f"{{{', '.join(filter(None, parts))}}}" for parts in zip(*reported, strict=True)] if reported else ["{}"] * count
    filled["thing_key"] = _thing_keys(section, standing, filled, subject)
    filled |= {"section": [section.name] * count, "source_sheet": [standing.sheet] * count, "source_row": standing.numbers}
    if standing.source_columns:
        filled["source_column"] = standing.source_columns
    quarantined = {position for position, finding in found if finding.severity == "error"}
    rows = Rows(section.name, standing.sheet, standing.columns, _batch_of(section.name, filled, count), quarantined)
    return rows, [finding for _, finding in sorted(found, key=lambda each: each[0])]


def _batch_of(section: str, filled: Mapping[str, Sequence[Any]], count: int) -> pa.RecordBatch:
    """Columns as Arrow; those that are not filled are null. All of one type are made in one piece: each piece costs as much as its 200 values."""
    arrays: dict[str, pa.Array] = {}
    for kind, names in _names_by_type(section).items():
        present = [name for name in names if name in filled]
        whole = pa.array(list(chain.from_iterable(filled[name] for name in present)), kind)
        arrays.update((name, whole.slice(at * count, count)) for at, name in enumerate(present))
        if len(present) < len(names):
            blank = pa.nulls(count, kind)
            arrays.update((name, blank) for name in names if name not in filled)
    schema = _schema(section)
    return pa.RecordBatch.from_arrays([arrays[name] for name in schema.names], schema=schema)


@cache
def _names_by_type(section: str) -> Mapping[pa.DataType, Sequence[str]]:
    names: dict[pa.DataType, list[str]] = {}
    for column in _schema(section):
        names.setdefault(column.type, []).append(column.name)
    return names


class _Readings(dict[type, "_ReadingsOfType"]):
    """The readings of the cells of a field, each made once: a report repeats small counts, dates and answers, and the next one repeats them too.

    By type, since 1, 1.0 and TRUE are equal and not the same.
    """

    def __init__(self, field: Field, language: str | None) -> None:
        super().__init__()
        self._field, self._language = field, language

    def of(self, cells: Sequence[CellValue]) -> list[Reading]:
        """One reading a cell."""
        kinds = set(map(type, cells))
        if len(kinds) == 1:
            return list(map(self[kinds.pop()].__getitem__, cells))
        return [self[type(cell)][cell] for cell in cells]

    def __missing__(self, kind: type) -> _ReadingsOfType:
        self[kind] = _ReadingsOfType(self._field, self._language)
        return self[kind]


class _ReadingsOfType(dict[CellValue, Reading]):
    def __init__(self, field: Field, language: str | None) -> None:
        super().__init__()
        self._field, self._language = field, language

    def __missing__(self, cell: CellValue) -> Reading:
        reading = reading_of(self._field, parse_anew(self._field, cell, self._language), text_as_reported(cell))
        if not (isinstance(cell, str) and len(cell) > _LONG):
            if len(self) >= _REMEMBERED:
                self.clear()
            self[cell] = reading
        return reading


@cache
def _readings(section: str, name: str, language: str | None) -> _Readings:
    return _Readings(load_sections()[section].field(name), language)


@cache
def _raw_names(section: str, name: str) -> tuple[str, ...]:
    """The raw columns of a field, in the order of a reading's values."""
    match load_sections()[section].field(name).type:
        case "count" | "number" | "amount":
            return (name, f"{name}_qualifier")
        case "date":
            return (f"{name}_edtf", f"{name}_earliest", f"{name}_latest")
        case _:
            return (name,)


def _raw_values(field: Field, parsed: Parsed) -> tuple[Any, ...]:
    """What one cell says in the raw columns of its field; a blank one what the field is by default."""
    match field.type:
        case "count" | "number" | "amount":
            return (field.default, "exact") if parsed.is_blank and field.default is not None else (parsed.value, parsed.qualifier)
        case "date":
            return (parsed.edtf, parsed.earliest, parsed.latest)
        case _:
            return (parsed.value,)


def _settle_marks(
    section: Section, standing: Standing, noted: Sequence[tuple[int, Reading]], filled: dict[str, Sequence[Any]]
) -> Iterator[tuple[int, Finding]]:
    """What the notes say of the figures with their marks: that they are estimates, or perhaps thousands; of all else the sender is reminded."""
    for position, (field, parsed, text, *_) in noted:
        if not parsed.mark or parsed.value is None:
            continue
        note = find_note(standing.cells, parsed.mark)
        said: dict[str, object] = {"mark": parsed.mark, "value": parsed.value, "note": note.cell if note else None}
        if note and note.factor:
            said["multiplied"] = Decimal(parsed.value) * note.factor
            yield position, _finding(section, standing, position, field, Problem("footnote_multiplies", said), text)
            continue
        if note and note.is_of_estimate and parsed.qualifier == "exact":
            qualifiers = list(filled[f"{field.name}_qualifier"])
            qualifiers[position] = "about"
            filled[f"{field.name}_qualifier"] = qualifiers
        yield position, _finding(section, standing, position, field, Problem("footnote_mark", said), text)


def _question_scale(section: Section, standing: Standing, readings: Mapping[str, Sequence[Reading]]) -> Iterator[tuple[int, Finding]]:
    """Amounts under a text that speaks of thousands may be written in full all the same, and only the sender knows."""
    for name, (cell, factor) in standing.scale.items():
        for position, (field, parsed, text, *_) in enumerate(readings[name]):
            if parsed.value:
                said = {"note": cell, "value": parsed.value, "multiplied": Decimal(parsed.value) * factor}
                yield position, _finding(section, standing, position, field, Problem("footnote_multiplies", said), text)


def _settle_currencies(
    section: Section,
    standing: Standing,
    readings: Mapping[str, Sequence[Reading]],
    filled: dict[str, Sequence[Any]],
    written: Mapping[int, Mapping[str, Reading]],
) -> Iterator[tuple[int, Finding]]:
    """A row has one currency: that of its column, else the one beside its amounts, else the one in their headings; two that disagree are an error."""
    amounts = [field for field in section.fields if field.type == "amount" and field.name in filled]
    stated = list(filled.get("currency") or [None] * len(standing.numbers))
    filled["currency"] = stated
    for position in range(len(stated)):
        own = written.get(position, {})
        if stated[position] is not None and not own and not standing.currencies:
            continue
        above = [(name, currency) for name, currency in standing.currencies.items() if filled[name][position] is not None]
        for name, currency in (*((name, str(reading.parsed.currency)) for name, reading in own.items()), *above):
            if stated[position] is None:
                stated[position] = currency
            elif stated[position] != currency:
                reported = readings[name][position].text or None
                problem = Problem("currency_disagrees", {"text": reported if name in own else currency, "stated": stated[position]})
                yield position, _finding(section, standing, position, section.field(name), problem, reported)
        amount = next((field for field in amounts if filled[field.name][position] is not None), None)
        if amount and stated[position] is None:
            reported = readings[amount.name][position].text or None
            yield position, _finding(section, standing, position, amount, Problem("currency_missing", {}), reported)


def _thing_keys(section: Section, standing: Standing, filled: Mapping[str, Sequence[Any]], subject: Subject) -> list[str]:
    """What each row speaks of, across periods: its ref; else its natural key; else the row itself."""
    refs = filled.get(section.ref.name) if section.ref else None
    parts = [_key_parts(section, name, filled, subject.period) for name in section.natural_key]

    def key(position: int) -> str:
        if refs and (ref := refs[position]):
            return f"ref:{fold(str(ref))}"
        named = [part(position) for part in parts]
        if named and (all(named) or section.natural_key_may_be_partial):
            return "key:" + "|".join(named)
        return f"row:{subject.submission_id}/{standing.sheet}/{standing.numbers[position]}"

    return [key(position) for position in range(len(standing.numbers))]


def _key_parts(section: Section, name: str, filled: Mapping[str, Sequence[Any]], period: Period | None) -> Callable[[int], str]:
    if name == OWN_PERIOD:
        return lambda _: period.period_id if period else ""
    column = filled.get(f"{name}_edtf" if section.field(name).type == "date" else name)
    return lambda position: fold(str(column[position] or "")) if column else ""


def _finding(section: Section, standing: Standing, position: int, field: Field, problem: Problem, text: str | None) -> Finding:
    shown = None if field.is_personal else text
    where = (section.name, standing.sheet, standing.cell(position, field.name), standing.numbers[position])
    return Finding(severity_of(problem.rule), problem.rule, *where, field.name, shown, problem.params)
