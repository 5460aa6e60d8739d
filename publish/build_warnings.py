"""What only reports beside each other show, as the published build found it."""

from collections.abc import Iterator

from ingest.findings import Finding, read_params
from munimon.settings import Home
from publish.connections import connect
from publish.pointer import NothingPublished


def read_build_warnings(home: Home, submission_id: str) -> list[Finding]:
    """What the published build warns of now about one submission, by sheet, row and rule; none where nothing is published yet.

    It is no part of the ledger: builds judge what stands beside each other, and keep what they warned of before.
    """
    return [finding for _, finding in _read(home, submission_id)]


def read_all_build_warnings(home: Home) -> dict[str, list[Finding]]:
    """The same by submission."""
    warnings: dict[str, list[Finding]] = {}
    for key, finding in _read(home, None):
        warnings.setdefault(key, []).append(finding)
    return warnings


def count_build_warnings(home: Home) -> int:
    """How many warnings the published build has; 0 where nothing is published yet."""
    return sum(1 for _ in _read(home, None))


def _read(home: Home, submission_id: str | None) -> Iterator[tuple[str, Finding]]:
    try:
        connection = connect(home)
    except NothingPublished:
        return
    with connection:
        # a build that is older than the table, or than its past, has none
        known = "select 1 from duckdb_columns() where table_name = 'fct_build_warnings' and column_name = 'recorded_to'"
        if not connection.execute(known).fetchone():
            return
        rows = connection.execute(
            """
            select submission_id, rule, section, sheet, cell, source_row, field, params
            from marts.fct_build_warnings
            where recorded_to is null and ($submission_id is null or submission_id = $submission_id)
            order by submission_id, sheet, source_row, rule, field
            """,
            {"submission_id": submission_id},
        ).fetchall()
    for key, rule, section, sheet, cell, row, field, params in rows:
        yield key, Finding("warning", rule, section, sheet, cell, row, field, None, read_params(params))
