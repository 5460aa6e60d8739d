"""Hostile and broken files: each is refused in one line that says what is wrong, within the memory that reading may take; honest ones are read."""

import pytest

from tests.ingest.hostile_files import BROKEN, HONEST, HOSTILE, Hostile
from tests.ingest.measuring import take_in

# What no process that opens or reads a file may exceed, in MB.
MOST_MEMORY = 300


def named(file: Hostile) -> str:
    return file.what


@pytest.mark.parametrize("file", [*BROKEN, *(file for file in HOSTILE if file.rule)], ids=named)
def test_it_is_refused_in_one_line_and_in_little_memory(file: Hostile) -> None:
    taken = take_in(file.name, file.make())

    assert taken.rules == [file.rule]
    assert [len(draft.findings) for draft in taken.drafts] == [1]
    assert taken.memory < MOST_MEMORY


@pytest.mark.parametrize("file", [*HONEST, *(file for file in HOSTILE if not file.rule)], ids=named)
def test_what_is_only_odd_is_read_in_little_memory(file: Hostile) -> None:
    taken = take_in(file.name, file.make())

    assert (taken.rules, [sum(len(rows) for rows in draft.rows) for draft in taken.drafts]) == ([], [file.rows])
    assert taken.memory < MOST_MEMORY
