"""What the last build knew, kept beside the builds, so that the next one only adds what was gained since.

What we know is only ever added to, so a build may take over all rows of the last one where that was made by the same models and tables, and the
ledger still says the same of all moments up to then. Wherever that does not hold, everything is built anew: the two ways end alike.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from munimon.disk import write_whole
from munimon.settings import shipped

# What each table of the ledger's export says happened, and when: what the last build knew is what happened up to the last of these moments.
_MOMENTS = {
    "submissions": ("recorded_at",),
    "submission_states": ("recorded_from", "recorded_to"),
    "submission_statuses": ("recorded_from", "recorded_to"),
    "findings": ("recorded_from", "recorded_to"),
    "approvals": ("approved_at", "approved_to"),
    "reference_changes": ("recorded_at",),
    "build_days": ("recorded_at",),
}
# Tables of intervals, as they were known at the end of the last build: when a row begins, and what is not yet known of its end.
_INTERVALS = {
    "submission_states": ("recorded_from", "recorded_to", ("recorded_to", "to_cause")),
    "approvals": ("approved_at", "approved_to", ("approved_to",)),
}
_TOUCHED = """
create temporary table touched as
select distinct programme_id, municipality_code
from (select * from {before}.submissions union all by name select * from {now}.submissions)
where submission_id in (
    select submission_id from {now}.submissions where recorded_at > $known_until
    union all
    select submission_id from {now}.submission_states where recorded_from > $known_until or recorded_to > $known_until
    union all
    select submission_id from {now}.submission_statuses where recorded_from > $known_until or recorded_to > $known_until
)
"""
_OF_PLACES = """
select {columns} from {{ledger}}.{table} as told
where submission_id in (
    select submission_id from {{ledger}}.submissions as submissions
    where {negated} exists (
        from touched
        where
            touched.programme_id is not distinct from submissions.programme_id
            and touched.municipality_code is not distinct from submissions.municipality_code
    )
)
"""


@dataclass(frozen=True)
class LastBuild:
    """The folder of the last build: its file with all it was made of, the ledger's export that it was made from, and the hash of all else."""

    folder: Path

    @property
    def file(self) -> Path:
        """The DuckDB file dbt wrote."""
        return self.folder / "build.duckdb"

    @property
    def _hash(self) -> Path:
        return self.folder / "made_of.sha256"

    def keep(self, build_file: Path, inputs: Path, made_of: str) -> None:
        """Make a build, made from ``inputs``, the last one. Half of one is none: the hash is written last and forgotten first."""
        self.forget()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        build_file.rename(self.file)
        (inputs / "ledger").rename(self.folder / "ledger")
        write_whole(self._hash, made_of.encode())

    def forget(self) -> None:
        """Let the next build take nothing over."""
        self._hash.unlink(missing_ok=True)

    def take_over(self, inputs: Path, made_of: str) -> bool:
        """Move the last build to ``inputs``, to be added to, and tell dbt what it need not read again, if its rows still hold.

        From then on there is no last build, until the new one is kept: what was left half done is made anew.

        Args:
            inputs: The folder of what the build will be made of, with the ledger's whole export.
            made_of: The hash of all else in it.

        Returns:
            Whether it was taken over; else ``inputs`` is as it was, for everything to be made anew.
        """
        if not self._hash.exists() or self._hash.read_text() != made_of:
            return False
        with closing(duckdb.connect()) as connection:
            _attach(connection, "before", self.folder / "ledger")
            _attach(connection, "now", inputs / "ledger")
            known_until = _known_until(connection)
            if known_until is None or not _still_holds(connection, known_until):
                return False
            read = _of_places("submissions", "submission_id, batch_id", touched=True).format(ledger="now")
            _write(connection, read, inputs / "ledger" / "rows_read.parquet")
            _write(connection, f"select cast('{known_until}' as timestamp) as known_until", inputs / "ledger" / "last_build.parquet")
        self.forget()
        self.file.rename(inputs / "build.duckdb")
        return True


def hash_of_inputs(inputs: Path, raw: Path) -> str:
    """The hash of all that a build is made of, beside reports and decisions: the engine, models, tables over time, and the columns of the ledger's.

    And where raw lies, as a build's views name the files they read. To be taken before dbt runs, which writes over the tables.
    """
    digest = hashlib.sha256(f"{duckdb.__version__}\n{raw}\n".encode())
    project = shipped() / "dbt_project"
    digest.update((project / "dbt_project.yml").read_bytes())
    for folder in (project / "models", project / "macros", inputs / "reference", inputs / "ledger" / "reference"):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{file.relative_to(folder)}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    for table in sorted((inputs / "ledger").glob("*.parquet")):
        digest.update(f"{table.name}\n{pq.read_schema(table)}\n".encode())
    return digest.hexdigest()


def _attach(connection: duckdb.DuckDBPyConnection, name: str, ledger: Path) -> None:
    connection.execute(f"create schema {name}")
    for table in (*_MOMENTS, "submission_sections"):
        file = str(ledger / f"{table}.parquet").replace("'", "''")
        connection.execute(f"create view {name}.{table} as select * from read_parquet('{file}')")  # noqa: S608 (our own names, the path quoted)


def _known_until(connection: duckdb.DuckDBPyConnection) -> str | None:
    latest = [f"(select max({moment}) from before.{table})" for table, moments in _MOMENTS.items() for moment in moments]  # noqa: S608 (our own names)
    row = connection.execute(f"select cast(greatest({', '.join(latest)}) as varchar)").fetchone()
    return row[0] if row else None


def _still_holds(connection: duckdb.DuckDBPyConnection, known_until: str) -> bool:
    """Whether the ledger says now what it said then of all up to then; places of which something new is known are read anew."""
    connection.execute(_TOUCHED.format(before="before", now="now"), {"known_until": known_until})
    return all(_is_same(connection, *comparison) for comparison in _comparisons(known_until))


def _is_same(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> bool:
    query = f"select 1 from (({one} except all {other}) union all ({other} except all {one})) limit 1"  # noqa: S608 (our own selects)
    return connection.execute(query).fetchone() is None


def _comparisons(known_until: str) -> Iterator[tuple[str, str]]:
    """Pairs of selects that must have the same rows."""
    moment = f"cast('{known_until}' as timestamp)"
    for table, (begin, end, said_of_end) in _INTERVALS.items():
        shown = ", ".join(f"case when {end} <= {moment} then {column} end as {column}" for column in said_of_end)
        yield f"select * from before.{table}", f"select * replace ({shown}) from now.{table} where {begin} <= {moment}"  # noqa: S608 (our own names)
    yield "select * from before.build_days", f"select * from now.build_days where recorded_at <= {moment}"  # noqa: S608 (our own name)
    # an answer gives a report its place; that it was sent earlier is told by its states, from the moment on at which it became known
    told = "select submission_id, programme_id, period_id, period_start, period_end, amounts, file_sha256 from"
    yield f"{told} before.submissions", f"{told} now.submissions where recorded_at <= {moment}"
    for table in ("submissions", "submission_sections"):
        select = _of_places(table, "*", touched=False)
        yield select.format(ledger="before"), select.format(ledger="now")


def _of_places(table: str, columns: str, touched: bool) -> str:
    return _OF_PLACES.format(table=table, columns=columns, negated="" if touched else "not")


def _write(connection: duckdb.DuckDBPyConnection, select: str, file: Path) -> None:
    target = str(file).replace("'", "''")
    connection.execute(f"copy ({select}) to '{target}' (format parquet)")
