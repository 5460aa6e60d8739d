"""The answer to the sender of a report: which cell, why, and how to mend it, as a workbook and as plain text."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

from ingest.accounts import Account, group_mistakes, open_account
from ingest.feedback_workbook import write_marked, write_own
from ingest.landing import Landing
from ingest.preflight import inspect
from ingest.spreadsheet_package import WorkbookNotMarked
from munimon.settings import Home

# An e-mail that names more mistakes than these is not read to its end.
_MISTAKES_TOLD = 25


def write_feedback(home: Home, submission_id: str, target: Path, language: str | None = None) -> Path:
    """Write the answer to a submission as a workbook: its own with the cells in question marked and explained, and a list of them before its sheets.

    A file of a kind that cannot be written into, or that cannot be opened, is answered with a workbook of ours that says so.

    Args:
        target: The file to write; an existing one is replaced. Its ending becomes that of the content: a workbook with macros stays .xlsm.
        language: One of the five; None for that of the report.

    Returns:
        The file that was written.

    Raises:
        SubmissionUnknown: If there is no such submission.
        OriginalDamaged: If the file as received is missing or changed.
        MunimonError: If the language is none of the five.
    """
    account = open_account(home, submission_id, language)
    landing = Landing(home.landing)
    if account.status == "refused" and not landing.path(account.file_sha256).exists():
        # a file that was refused as a whole is not kept
        return write_own(b"", account, target, _tell_of_refused(account, "not_kept"))
    content = landing.read(account.file_sha256)
    if not account.could_be_opened:
        return write_own(b"", account, target, _tell_of_refused(account, "not_opened"))
    kind = inspect(content, account.file_name).kind
    if kind == "xlsx":
        try:
            return write_marked(content, account, target, [*account.received(), account.what_next()])
        except WorkbookNotMarked:
            # read with patience, but not written into: what we do not understand we might break
            pass
    said = account.say("not_marked", kind={"text": "csv", "archive": "zip"}.get(kind, kind))
    return write_own(content, account, target, [*account.received(), said, account.what_next(is_marked=False)])


def feedback_text(home: Home, submission_id: str, language: str | None = None) -> str:
    """The answer to a submission as plain text, short enough for an e-mail; without greeting, ending with a line break.

    Args:
        language: One of the five; None for that of the report.

    Raises:
        SubmissionUnknown: If there is no such submission.
        MunimonError: If the language is none of the five.
    """
    account = open_account(home, submission_id, language)
    told = ("\n".join([*each.received(), "", *_tell_mistakes(each), each.what_next()]) + "\n" for each in _in_each_language(account))
    return "\n".join(told)


def _in_each_language(account: Account) -> list[Account]:
    return [replace(account, language=language) for language in account.languages]


def _tell_of_refused(account: Account, why: str) -> list[str]:
    """What is said of a file that nobody could look into; of several languages each also says what is wrong, which the list says in the first."""
    told: list[str] = []
    for each in _in_each_language(account):
        mistakes = [mistake.text for mistake in group_mistakes(each)] if each.language != account.language else []
        told += [*each.received(), *mistakes, each.say(why), each.what_next(is_marked=False)]
    return told


def _tell_mistakes(account: Account) -> list[str]:
    mistakes = list(group_mistakes(account))
    lines: list[str] = []
    for severity, each in groupby(islice(mistakes, _MISTAKES_TOLD), key=lambda mistake: mistake.severity):
        count = sum(mistake.count for mistake in mistakes if mistake.severity == severity)
        lines += [account.say(f"{severity}s", count=count), *(f"- {mistake.text}" for mistake in each), ""]
    if untold := sum(mistake.count for mistake in mistakes[_MISTAKES_TOLD:]):
        lines += [account.say("not_all", count=untold), ""]
    return lines
