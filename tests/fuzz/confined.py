"""What the fuzzer has done in a confined process, as ingest does it: there a reader may come down, and only our own code may not."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ingest.archives import NamedFile, files_of
from ingest.confinement import CallLost, call_confined
from ingest.entries import Receipt
from ingest.findings import full_message
from ingest.interpret import Draft
from ingest.mails import mails_in, reports_in
from ingest.preflight import FileRefused
from ingest.reading import Known, read_and_interpret
from ingest.sections import LANGUAGES

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
# How a call is lost by a fault of Python code, instead of by a reader's abort or a limit.
_OUR_FAULT = re.compile(r"\w+ at \S+\.py:\d+")


def outcome_of(function: Callable[..., str], *arguments: object) -> str:
    """What became of a file: the rule that refused it, or what its process was lost by. A fault of our own code is an AssertionError."""
    try:
        outcome: str = call_confined(function, *arguments)
    except CallLost as lost:
        assert not (lost.loss == "crash" and _OUR_FAULT.fullmatch(lost.why)), lost.why
        return f"lost: {lost.loss}"
    return outcome


def read_file(content: bytes, name: str) -> str:
    """Reads a file as ingest does, up to what would be stored."""
    drafts = read_and_interpret(_known(), content, Receipt("0" * 64, name, datetime(2024, 4, 1, tzinfo=UTC)), 0)
    hold(drafts)
    return drafts[0].findings[0].rule if drafts[0].is_refused and drafts[0].findings else "read"


def open_mail(content: bytes) -> str:
    """Opens a mail, or each mail of a mailbox."""
    try:
        attached = [report for mail in mails_in(content) or [content] for report in reports_in(mail)]
    except FileRefused as refused:
        return refused.rule
    assert all(report.name and "/" not in report.name and isinstance(report.content, bytes) for report in attached)
    return "read" if attached else "nothing attached"


def unpack(content: bytes, name: str) -> str:
    """Takes a zip or a mail apart into the files in it."""
    found = list(files_of(NamedFile(name, content)))
    assert found
    return "read" if len(found) > 1 or found[0].content != content else "as it came"


def hold(drafts: list[Draft]) -> None:
    """Everything in the drafts can be stored: rows in raw, findings and their messages as UTF-8."""
    for draft in drafts:
        for rows in draft.rows:
            rows.values.validate(full=True)
            assert len(rows) == len(rows.numbers) > 0
        for finding in draft.findings:
            for language in LANGUAGES:
                full_message(finding, language).encode()
            json.dumps(finding.params, default=str).encode()
            (finding.value_as_reported or "").encode()


@cache
def _known() -> Any:
    return Known(REFERENCE, "fuzzed", (), frozenset())
