"""What only the sheets of a report together show: the same thing on two rows, and a name written in two ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.sections import fold, load_sections

if TYPE_CHECKING:
    import pandas as pd

THING_BEFORE = "place of the thing before"
TWICE = "A ref names one thing, so of two rows with the same ref only the last counts, and what the other says is lost."
ALIKE = "An organisation written in two ways is counted as two, and is not found by its name."

# Whose names the sheets share.
NAMES: Mapping[str, str] = {
    "engagements": "employer_name",
    "trainings": "organiser_name",
    "equipment": "recipient_name",
    "grants": "grantee_name",
    "services": "provider_name",
    "household_support": "host_institution",
}
# Below this likeness (0 to 100), and in shorter names, two names are rather those of two.
_ALIKE = 90
_SHORTEST = 8

CellOf = Callable[[str, int, str], str]
"""Where a field of a row stands, as sheet!cell: by section, the row's position in its frame, and the field."""


@dataclass
class _Name:
    """A name in one report: by section, the positions of the rows that have it."""

    rows: dict[str, list[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.rows.values())

    @property
    def first(self) -> tuple[str, int]:
        section, rows = next(iter(self.rows.items()))
        return section, rows[0]


def compare_rows(frames: Mapping[str, pd.DataFrame], cell_of: CellOf) -> dict[str, dict[str, list[str | None]]]:
    """The columns that the cross-sheet rules judge: the place (sheet!cell) of what contradicts a row, else None.

    Args:
        frames: By section, its rows with ``submission``, a number that rows of one report share, and ``thing_key``.
        cell_of: Where a field of a row stands.

    Returns:
        By section, column → one entry a row.
    """
    columns: dict[str, dict[str, list[str | None]]] = {section: {} for section in frames}
    for section, frame in frames.items():
        if ref := load_sections()[section].ref:
            columns[section][THING_BEFORE] = _find_things_before(section, frame, ref.name, cell_of)
        if section in NAMES:
            columns[section][f"{NAMES[section]} elsewhere"] = [None] * len(frame)
    for names in _collect_names(frames).values():
        for odd, usual in _find_names_alike(names):
            section, row = odd.first
            other, other_row = usual.first
            columns[section][f"{NAMES[section]} elsewhere"][row] = cell_of(other, other_row, NAMES[other])
    return columns


def _find_things_before(section: str, frame: pd.DataFrame, ref: str, cell_of: CellOf) -> list[str | None]:
    things = frame[["submission", "thing_key"]]
    is_repeated = things.duplicated(keep=False) & frame[ref].notna()
    first: dict[tuple[int, str], int] = {}
    places: list[str | None] = [None] * len(frame)
    repeated = things[is_repeated]
    rows = is_repeated.to_numpy(bool).nonzero()[0].tolist()
    for row, submission, key in zip(rows, repeated["submission"].tolist(), repeated["thing_key"].tolist(), strict=True):
        before = first.setdefault((submission, key), row)
        if before != row:
            places[row] = cell_of(section, before, ref)
    return places


def _collect_names(frames: Mapping[str, pd.DataFrame]) -> dict[int, dict[str, _Name]]:
    """By report, its names as they are compared."""
    found: dict[int, dict[str, _Name]] = {}
    for section, frame in frames.items():
        if section in NAMES:
            # as plain Python values, which a column gives at once many times as fast as one by one
            for row, (submission, text) in enumerate(zip(frame["submission"].tolist(), frame[NAMES[section]].tolist(), strict=True)):
                if isinstance(text, str) and len(text) >= _SHORTEST:
                    found.setdefault(submission, {}).setdefault(fold(text), _Name()).rows.setdefault(section, []).append(row)
    return found


def _find_names_alike(names: Mapping[str, _Name]) -> Iterator[tuple[_Name, _Name]]:
    """Pairs of names on different sheets that are alike but not the same, the rarer first.

    Compared are neighbours in the alphabet, read forwards and backwards: a slip leaves one end as it was, and the work grows with the names,
    not with their square.
    """
    from rapidfuzz import fuzz

    told: set[frozenset[str]] = set()
    for order in (sorted(names), sorted(names, key=lambda name: name[::-1])):
        for one, other in pairwise(order):
            is_elsewhere = not set(names[one].rows) & set(names[other].rows)
            if is_elsewhere and _digits(one) == _digits(other) and frozenset((one, other)) not in told and fuzz.ratio(one, other) >= _ALIKE:
                told.add(frozenset((one, other)))
                odd, usual = sorted((names[one], names[other]), key=lambda name: name.count)
                yield odd, usual


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
