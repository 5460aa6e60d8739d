"""What only reports beside each other show, as the published build found it."""

from collections.abc import Iterator

from ingest.findings import Finding, read_params
from munimon.settings import Home
from publish.connections import connect
from publish.pointer import NothingPublished


def read_build_warnings(home: Home, submission_id: str) -> list[Finding]:
    """The warnings of the published build about one submission, by sheet, row and rule; none where nothing is published yet.

    They are no part of the ledger: the next build judges anew.
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
        # a build that is older than the table has none
        if not connection.execute("select 1 from duckdb_tables() where table_name = 'fct_build_warnings'").fetchone():
            return
        rows = connection.execute(
            """
            select submission_id, rule, section, sheet, cell, source_row, field, params
            from marts.fct_build_warnings
            where $submission_id is null or submission_id = $submission_id
            order by submission_id, sheet, source_row, rule, field
            """,
            {"submission_id": submission_id},
        ).fetchall()
    for key, rule, section, sheet, cell, row, field, params in rows:
        yield key, Finding("warning", rule, section, sheet, cell, row, field, None, read_params(params))
