"""Many files read at once, each in a process that may be killed, while this one judges and records those that were read before."""

import gc
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from ingest.confinement import CallLost, call_confined
from ingest.entries import Receipt
from ingest.findings import Finding, severity_of
from ingest.interpret import Draft, interpret, submission_id_of
from ingest.languages import language_of_texts
from ingest.layouts import Layouts, load_layouts
from ingest.personal import find_personal_data, scrub_finding
from ingest.places import Place, Places
from ingest.preflight import LARGEST_FILE, FileRefused
from ingest.readers import Contents, Sheet, read_contents, read_sheets
from ingest.registry import Registry
from munimon.progress import Tally

# For fewer files, loading the library that judges the rows before any row is there may be in vain.
_MANY_FILES = 16
# What a draft of a file that is refused as a whole is called in its submission's id.
REFUSED_WHOLE = "refused"
_RULE_OF_LOSS = {"memory": "reading_too_large", "time": "reading_too_long", "crash": "reading_failed"}


class Known(NamedTuple):
    """What the meaning of a file depends on: the folder of reference tables with its version, and the names that people decided (text, code).

    ``allowed`` are the programmes whose reports may hold personal data; None where the files were let in before.
    """

    reference: Path
    version: str
    answers: tuple[tuple[str, str], ...]
    allowed: frozenset[str] | None = None


class Readings:
    """Files being read, as many at once as there are cores, while this process goes on with those that were read before.

    Used as a context; what was not begun when it is left by an error is not read.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1)

    def __enter__(self) -> "Readings":
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def begin(self, known: Known, files: Sequence[tuple[bytes, Receipt, int]]) -> list[Future[list[Draft]]]:
        """Begin to interpret files.

        Args:
            known: What their meaning depends on.
            files: Content and receipt of each, and the how-maniest time it is taken in.

        Returns:
            Of each file, in order, its drafts. A file that cannot be used gives one refused draft that says why.
        """
        return [self._threads.submit(self._read, known, file) for file in files]

    def _read(self, known: Known, file: tuple[bytes, Receipt, int]) -> list[Draft]:
        drafts = _read_confined(known, file)
        self._tally.add(files=1, rows=sum(draft.count_rows() for draft in drafts), findings=sum(len(draft.findings) for draft in drafts))
        return drafts


def await_drafts(readings: Sequence[Future[list[Draft]]]) -> list[list[Draft]]:
    """The drafts of files whose reading was begun, in order."""
    if len(readings) >= _MANY_FILES:
        # it takes seconds, and the files are being read meanwhile
        _load_judge()
    return [reading.result() for reading in readings]


@cache
def _load_judge() -> None:
    import great_expectations  # noqa: F401

    # its million objects stay, and are not looked through for garbage again and again, 0.2 s each time
    gc.freeze()


def _read_confined(known: Known, file: tuple[bytes, Receipt, int]) -> list[Draft]:
    content, receipt, attempt = file
    if len(content) > LARGEST_FILE:
        # not even handed on: it is known without reading it
        finding = _finding("file_too_large", {"name": receipt.file_name, "limit": f"{LARGEST_FILE >> 20} MB"})
        return [_refuse(receipt, attempt, [finding])]
    try:
        drafts: list[Draft] = call_confined(read_and_interpret, known, *file)
    except CallLost as lost:
        return [_refuse(receipt, attempt, [_finding(_RULE_OF_LOSS[lost.loss], {"reason": lost.why})])]
    return drafts


def read_apart(content: bytes, name: str) -> list[Sheet]:
    """The sheets of a file, read in a confined process.

    Raises:
        FileRefused: If it cannot be used.
    """
    try:
        answer: list[Sheet] | FileRefused = call_confined(_read_or_refuse, content, name)
    except CallLost as lost:
        raise FileRefused(_RULE_OF_LOSS[lost.loss], reason=lost.why) from lost
    if isinstance(answer, FileRefused):
        raise answer
    return answer


def _read_or_refuse(content: bytes, name: str) -> list[Sheet] | FileRefused:
    try:
        return read_sheets(content, name)
    except FileRefused as refused:
        return refused


def read_and_interpret(known: Known, content: bytes, receipt: Receipt, attempt: int) -> list[Draft]:
    """Read one file and say what it reports; the work of a confined process.

    A file with personal data gives one refused draft, unless all programmes that it reports on may send them.
    """
    try:
        contents = read_contents(content, receipt.file_name)
    except FileRefused as refused:
        return [_refuse(receipt, attempt, [_finding(refused.rule, refused.params)])]
    try:
        drafts = interpret(contents, receipt, attempt, _places(known), _load(known.reference, known.version)[1])
    except FileRefused as refused:
        drafts = [_refuse(receipt, attempt, [_finding(refused.rule, refused.params), *refused.beside], _language_told(contents))]
    if known.allowed is None:
        return drafts
    try:
        personal, language = find_personal_data(content, contents, (rows for draft in drafts for rows in draft.rows))
    except FileRefused as refused:
        return [_refuse(receipt, attempt, [_finding(refused.rule, refused.params)])]
    if not personal:
        return drafts
    programmes = {draft.place.programme_id or "" for draft in drafts}
    if programmes <= known.allowed:
        drafts[0].findings.append(_finding("personal_data_allowed", {"programme": sorted(programmes)}))
        return drafts
    return [
        _refuse(receipt, attempt, personal, drafts[0].language or language or _language_told(contents), drafts[0].place if len(drafts) == 1 else None)
    ]


def _language_told(contents: Contents) -> str | None:
    return language_of_texts(cell for sheet in contents.sheets for row in sheet.rows for cell in row)


def _finding(rule: str, params: Mapping[str, object]) -> Finding:
    return Finding(severity_of(rule), rule, params=params)


def _refuse(receipt: Receipt, attempt: int, findings: list[Finding], language: str | None = None, place: Place | None = None) -> Draft:
    """The draft of a file that is refused as a whole; of what it is about, only what the reference tables know is told."""
    # why a reader broke down may quote the file
    findings = [scrub_finding(finding) for finding in findings]
    about = Place(
        (REFUSED_WHOLE,),
        municipality_code=place.municipality_code if place else None,
        programme_id=place.programme_id if place else None,
        period=place.period if place else None,
        is_refused=True,
        findings=tuple(findings),
    )
    return Draft(about, "not_said", language, REFUSED_WHOLE, submission_id_of(receipt, REFUSED_WHOLE, attempt), findings=findings)


@lru_cache(maxsize=1)
def _places(known: Known) -> Places:
    """Kept from file to file, since it remembers the names that it found."""
    return Places(_load(known.reference, known.version)[0], dict(known.answers))


@lru_cache(maxsize=1)
def _load(reference: Path, version: str) -> tuple[Registry, Layouts]:
    """The reference tables of a version; the folder alone does not tell, since its tables change."""
    return Registry.load(reference), load_layouts(reference)
