"""Many files read at once: each in one of as many processes as there are cores, while this one loads the library that judges the rows."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from ingest.entries import Receipt
from ingest.findings import Finding, severity_of
from ingest.interpret import Draft, interpret
from ingest.layouts import Layouts, load_layouts
from ingest.places import Place, Places
from ingest.preflight import FileRefused
from ingest.registry import Registry
from munimon.results import Progress

# For fewer files, starting processes costs more than it saves.
_FEW_FILES = 16

_known: tuple[Places, Layouts] | None = None


def read_files(reference: Path, answers: Mapping[str, str], files: Sequence[tuple[bytes, Receipt]], progress: Progress) -> list[list[Draft]]:
    """Interpret every file.

    Args:
        reference: The folder of reference tables.
        answers: The names that people have decided, text → municipality code.
        files: Content and receipt of each.

    Returns:
        The drafts of each file, in order. A file that cannot be used gives one refused draft that says why.
    """
    progress("reading the files", 0, len(files))
    if len(files) < _FEW_FILES:
        known = Places(Registry.load(reference), answers), load_layouts(reference)
        return [_told(progress, done, len(files), _interpret(file, *known)) for done, file in enumerate(files, start=1)]
    # spawned, not forked: a fork in a process with threads may stand still
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _prepare_process, (reference, dict(answers))) as pool:
        readings = pool.map(_interpret_there, files, chunksize=8)
        import great_expectations  # noqa: F401  # takes seconds, and the files are being read meanwhile

        return [_told(progress, done, len(files), drafts) for done, drafts in enumerate(readings, start=1)]


def _told(progress: Progress, done: int, total: int, drafts: list[Draft]) -> list[Draft]:
    progress("reading the files", done, total)
    return drafts


def _prepare_process(reference: Path, answers: Mapping[str, str]) -> None:
    global _known
    _known = Places(Registry.load(reference), answers), load_layouts(reference)


def _interpret_there(file: tuple[bytes, Receipt]) -> list[Draft]:
    if _known is None:
        raise RuntimeError("the process was not prepared")
    return _interpret(file, *_known)


def _interpret(file: tuple[bytes, Receipt], places: Places, layouts: Layouts) -> list[Draft]:
    content, receipt = file
    try:
        return interpret(content, receipt, places, layouts)
    except FileRefused as refused:
        finding = Finding(severity_of(refused.rule), refused.rule, params=refused.params)
        place = Place(("refused",), is_refused=True, findings=(finding,))
        return [Draft(place, "not_said", None, "refused", findings=[finding])]
