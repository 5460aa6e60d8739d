"""What the notes below a table say of the figures that carry their marks, "3*" and "30¹"."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.heading_words import factor_named
from ingest.months import write_plain
from ingest.readers import CellValue
from ingest.values import cell_name

_ESTIMATED = re.compile(r"\b(?:procen|proceni|priblizn|okvirn|estimat|approximat|vleresi|perafers)")


class Note(NamedTuple):
    """A note of a sheet: its cell, by what it multiplies the figures that carry its mark ("u hiljadama dinara"), and whether it calls them estimates.

    What else it says may name a person, and is quoted nowhere.
    """

    cell: str
    factor: int | None
    is_of_estimate: bool


def find_note(rows: Sequence[Sequence[CellValue]], mark: str) -> Note | None:
    """The note with that mark: "* procena centra za socijalni rad"; None where the sheet has none."""
    beginning = re.compile(rf"\s*{re.escape(mark)}\)?(?!\*)[\s=:–-]*(?=[^\W\d_])")
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if isinstance(cell, str) and (found := beginning.match(cell)):
                said = cell[found.end() :]
                return Note(cell_name(number, column), factor_named(said), bool(_ESTIMATED.search(write_plain(said))))
    return None
