"""Which row of one report is which row of another: the one that speaks of the same thing, whichever row of the sheet it stands in."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.sections import Section, raw_columns
from ingest.things import name_thing

# A text that stands in more rows than these tells no row from another.
_COMMON = 50


# What is read of every row at once; what a field says is looked up where two rows differ.
_NAMES = ("source_sheet", "source_row", "source_column", "thing_key", "as_reported")


@dataclass(frozen=True, eq=False)
class KeptRow:
    """A row of a report as raw keeps it.

    `place` is its sheet and its row's number there, `columns` field → the letter of its column on that sheet (empty where that is not known).
    `thing` is the key of what it speaks of, None where nothing tells it from other rows but its place. `content` is all that it says, what is
    personal with it, so that two rows can be compared.
    """

    section: Section
    table: pa.Table
    at: int
    columns: Mapping[str, str]
    place: tuple[str, int]
    source_column: str | None
    thing: str | None
    content: tuple[str, ...]

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Field → the text in its cell, none of personal fields."""
        texts: Mapping[str, str] = json.loads(self.content[0])
        return texts

    @property
    def name(self) -> str:
        """What it speaks of, as its sender knows it."""
        return name_thing(self.section, self.texts, *self.place)

    def says(self, field_name: str) -> tuple[Any, ...]:
        """What it says of a field, typed: the same however it is written."""
        names = (field_name, f"{field_name}_qualifier", f"{field_name}_edtf")
        return tuple(self._values[name] for name in names if name in self._values)

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        values: Mapping[str, Any] = self.table.slice(self.at, 1).to_pylist()[0]
        return values

    def cell(self, field_name: str) -> str | None:
        """The A1 name of the cell that holds a field; None where it stands in no column of its own."""
        letter = self.columns.get(field_name) or (self.source_column if field_name == "value" else None)
        return f"{letter}{self.place[1]}" if letter else None


def read_rows(raw: Path, section: Section, batch_id: str, submission_id: str, sheet: str | None, columns: Mapping[str, str]) -> list[KeptRow]:
    """The rows of a submission in a section, in the order in which they stood; none where it has none.

    Args:
        sheet: The sheet on which ``columns``, field → letter, hold.
    """
    file = raw / section.name / f"{batch_id}.parquet"
    if not file.exists():
        return []
    # a batch written before the section gained a field does not hold it
    known = set(pq.read_schema(file).names)
    names = [*_NAMES, *(name for name in raw_columns(section) if name in known)]
    table = pq.read_table(file, columns=[*names, "submission_id"], filters=pc.field("submission_id") == submission_id).combine_chunks()
    personal = [field.name for field in section.fields if field.is_personal and field.name in known]
    rows = zip(*(table.column(name).to_pylist() for name in (*_NAMES, *personal)), strict=True)
    return [
        KeptRow(
            section, table, at, columns if own == sheet else {}, (own, number), column, None if key.startswith("row:") else key, (texts, *persons)
        )
        for at, (own, number, column, key, texts, *persons) in enumerate(rows)
    ]


@dataclass(frozen=True)
class Matched:
    """Rows of two reports: those of one thing together, and those that only one of them has."""

    pairs: Sequence[tuple[KeptRow, KeptRow]]
    dropped: Sequence[KeptRow]
    added: Sequence[KeptRow]

    def moved(self) -> Iterator[tuple[KeptRow, KeptRow]]:
        """The pairs whose rows stand elsewhere among the others: on another sheet, or in another order. A row put in between moves none."""
        sheets = Counter((before.place[0], after.place[0]) for before, after in self.pairs)
        usual: dict[str, str] = {}
        for (old, new), _ in sheets.most_common():
            usual.setdefault(old, new)
        in_place = [pair for pair in self.pairs if usual[pair[0].place[0]] == pair[1].place[0]]
        steady = {id(in_place[at][0]) for at in _longest_rise([after.at for _, after in in_place])}
        return (pair for pair in self.pairs if id(pair[0]) not in steady)


def match_rows(before: Sequence[KeptRow], after: Sequence[KeptRow]) -> Matched:
    """Match the rows of a section.

    A row that names its thing is matched by it. Of the others, rows that say the same are one. Of what is then left, rows are one that have most
    of their cells alike, unless each has a ref of its own, and rows without a thing that follow the same row, or stand in the same place.
    """
    rules: tuple[Callable[[KeptRow], Hashable | None], ...] = (
        lambda row: row.thing and (row.thing, row.content),
        lambda row: row.thing,
        lambda row: None if row.thing else row.content,
    )
    pairs: list[tuple[KeptRow, KeptRow]] = []
    old, new = list(before), list(after)
    for rule in rules:
        old, new = _take(pairs, old, new, _equal(old, new, rule))
    old, new = _take(pairs, old, new, _alike(old, new))
    old, new = _take(pairs, old, new, _following(pairs, old, new))
    old, new = _take(pairs, old, new, _equal(old, new, lambda row: None if row.thing else row.place))
    return Matched(sorted(pairs, key=lambda pair: pair[0].at), old, new)


def _take(
    pairs: list[tuple[KeptRow, KeptRow]], old: list[KeptRow], new: list[KeptRow], found: Iterable[tuple[KeptRow, KeptRow]]
) -> tuple[list[KeptRow], list[KeptRow]]:
    """Enter pairs that were found; returns what is left of both."""
    entered = list(found)
    pairs += entered
    taken = {id(row) for pair in entered for row in pair}
    return [row for row in old if id(row) not in taken], [row for row in new if id(row) not in taken]


def _equal(old: Sequence[KeptRow], new: Sequence[KeptRow], key_of: Callable[[KeptRow], Hashable | None]) -> Iterator[tuple[KeptRow, KeptRow]]:
    """Rows of the same key, the first with the first; a row without one is left."""
    waiting: dict[Hashable, list[KeptRow]] = defaultdict(list)
    for row in reversed(new):
        waiting[key_of(row)].append(row)
    for row in old:
        if (key := key_of(row)) is not None and waiting[key]:
            yield row, waiting[key].pop()


def _alike(old: Sequence[KeptRow], new: Sequence[KeptRow]) -> Iterator[tuple[KeptRow, KeptRow]]:
    """Rows that have at least half of their cells alike, the likest first come first; two that have refs of their own are two things."""
    holding: dict[tuple[str, str], list[KeptRow]] = defaultdict(list)
    for row in new:
        for text in row.texts.items():
            holding[text].append(row)
    taken: set[int] = set()
    for row in old:
        shared: Counter[int] = Counter()
        rows: dict[int, KeptRow] = {}
        for text in row.texts.items():
            for other in holding[text] if len(holding[text]) <= _COMMON else ():
                shared[id(other)] += 1
                rows[id(other)] = other
        for key, count in shared.most_common():
            other = rows[key]
            if count * 2 >= max(len(row.texts), len(other.texts)) and key not in taken and not (_has_ref(row) and _has_ref(other)):
                taken.add(key)
                yield row, other
                break


def _following(pairs: Sequence[tuple[KeptRow, KeptRow]], old: Sequence[KeptRow], new: Sequence[KeptRow]) -> Iterator[tuple[KeptRow, KeptRow]]:
    """Rows without a thing that come next after the same row, or after one that was found so."""
    came_after = {before.at: after.at for before, after in pairs}
    left = {row.at: row for row in new if not row.thing}
    for row in old:
        if not row.thing and (other := left.get(came_after.get(row.at - 1, -2) + 1)):
            came_after[row.at] = other.at
            yield row, other


def _has_ref(row: KeptRow) -> bool:
    return (row.thing or "").startswith("ref:")


def _longest_rise(numbers: Sequence[int]) -> Iterator[int]:
    """The positions of a longest part of the numbers that rises, from the last to the first."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for position, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1], last[length : length + 1] = [number], [position]
    at = last[-1] if last else None
    while at is not None:
        yield at
        at = before[at]
