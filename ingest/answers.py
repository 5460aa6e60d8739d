"""The wording of the answer to a report, and how its sheet is known again when it comes back in the corrected workbook."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from ingest.sections import read_strict_yaml

if TYPE_CHECKING:
    from ingest.readers import Sheet


@cache
def load_words() -> Mapping[str, Mapping[str, str]]:
    """The sentences around the findings, by key and language."""
    words: Mapping[str, Mapping[str, str]] = read_strict_yaml(resources.files(__package__).joinpath("feedback.yml").read_text(encoding="utf-8"))
    return words


def is_name_of_answer(name: str) -> bool:
    """Whether a sheet of that name may be one that we put before a sender's sheets."""
    return any(name in load_words()[key].values() for key in ("sheet_name", "receipt_name"))


def is_our_answer(sheet: Sheet) -> bool:
    """Whether a sheet is the list of findings or the receipt that an earlier answer put before the sender's sheets: by its name and its title.

    A sheet of the sender's own that has only the name is theirs.
    """
    return is_name_of_answer(sheet.name) and any(sheet.cell(1, 1) in load_words()[key].values() for key in ("title", "receipt_title"))
