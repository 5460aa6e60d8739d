"""Many files read at once, each in a process that may be killed, while this one loads the library that judges the rows."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from ingest.confinement import CallLost, call_confined
from ingest.entries import Receipt
from ingest.findings import Finding, severity_of
from ingest.interpret import Draft, interpret
from ingest.layouts import Layouts, load_layouts
from ingest.places import Place, Places
from ingest.preflight import FileRefused
from ingest.registry import Registry
from munimon.results import Progress

# For fewer files, loading the library that judges the rows before any row is there may be in vain.
_MANY_FILES = 16
_RULE_OF_LOSS = {"memory": "reading_too_large", "time": "reading_too_long", "crash": "reading_failed"}


class Known(NamedTuple):
    """What the meaning of a file depends on: the folder of reference tables with its version, and the names that people decided (text, code)."""

    reference: Path
    version: str
    answers: tuple[tuple[str, str], ...]


def read_files(known: Known, files: Sequence[tuple[bytes, Receipt]], progress: Progress) -> list[list[Draft]]:
    """Interpret every file.

    Args:
        known: What their meaning depends on.
        files: Content and receipt of each.
        progress: Told of every file.

    Returns:
        The drafts of each file, in order. A file that cannot be used gives one refused draft that says why.
    """
    progress("reading the files", 0, len(files))
    with ThreadPoolExecutor(max(1, min(os.cpu_count() or 1, len(files)))) as threads:
        readings = threads.map(partial(_read_confined, known), files)
        if len(files) >= _MANY_FILES:
            import great_expectations  # noqa: F401  # takes seconds, and the files are being read meanwhile

        return [_told(progress, done, len(files), drafts) for done, drafts in enumerate(readings, start=1)]


def _told(progress: Progress, done: int, total: int, drafts: list[Draft]) -> list[Draft]:
    progress("reading the files", done, total)
    return drafts


def _read_confined(known: Known, file: tuple[bytes, Receipt]) -> list[Draft]:
    try:
        drafts: list[Draft] = call_confined(read_and_interpret, known, *file)
    except CallLost as lost:
        return [_refused(_RULE_OF_LOSS[lost.loss], {"name": file[1].file_name, "reason": lost.why})]
    return drafts


def read_and_interpret(known: Known, content: bytes, receipt: Receipt) -> list[Draft]:
    """Read one file and say what it reports; the work of a confined process."""
    try:
        return interpret(content, receipt, _places(known), _load(known.reference, known.version)[1])
    except FileRefused as refused:
        return [_refused(refused.rule, refused.params)]


def _refused(rule: str, params: Mapping[str, object]) -> Draft:
    finding = Finding(severity_of(rule), rule, params=params)
    place = Place(("refused",), is_refused=True, findings=(finding,))
    return Draft(place, "not_said", None, "refused", findings=[finding])


@lru_cache(maxsize=1)
def _places(known: Known) -> Places:
    """Kept from file to file, since it remembers the names that it found."""
    return Places(_load(known.reference, known.version)[0], dict(known.answers))


@lru_cache(maxsize=1)
def _load(reference: Path, version: str) -> tuple[Registry, Layouts]:
    """The reference tables of a version; the folder alone does not tell, since its tables change."""
    return Registry.load(reference), load_layouts(reference)
