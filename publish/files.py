"""Make the file that one audience reads out of a build file."""

import shutil
from pathlib import Path
from typing import Literal, get_args

import duckdb

from munimon.disk import flush
from munimon.settings import MunimonError

# coordinator: the coordinating body, who sees everything; donor: only figures that were approved, while they are, and what names them
Audience = Literal["coordinator", "donor"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
SCHEMA = "marts"
# What views in `marts` read that is no mart itself.
PARTS = "marts_parts"
_APPROVED = "is_approved"
# What names things, and can be read by everybody.
_NAMING = ("dim_", "bridge_")


class BuildUnusable(Exception):
    """A build that must not be published: a fault of ours, not of what a municipality sent."""


def audience_named(text: str) -> Audience:
    """The audience of that name.

    Raises:
        MunimonError: If there is none.
    """
    for audience in AUDIENCES:
        if audience == text:
            return audience
    raise MunimonError(f"--audience: '{text}' is not known; use {', '.join(AUDIENCES)}")


def write_audience_file(build: Path, target: Path, audience: Audience = "coordinator") -> None:
    """Make the file that an audience may read: of schema ``marts`` of a build, with what its views read.

    For the coordinating body the build is copied as a whole and the rest is dropped: writing ten million rows anew takes as long as building them.
    Comments on columns stay, and so do views over the marts.

    Args:
        build: A closed build file; it is only read.
        target: The file to write; it must not exist yet. When this returns it is closed, whole and on the disk.

    Raises:
        BuildUnusable: If the build has nothing in ``marts``, a view there reads from elsewhere, or the written file was not closed cleanly.
    """
    if audience == "donor":
        _write_what_is_approved(build, target)
    else:
        _copy_marts(build, target)
    if target.with_name(target.name + ".wal").exists():
        raise BuildUnusable(f"{target.name}: not closed, its .wal is still there")
    flush(target)


def quote_name(name: str) -> str:
    """A table's or column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """A text as SQL. Parameters would do too, but the engine imports pandas (2 s) to look whether one is a frame."""
    return "'" + text.replace("'", "''") + "'"


def _copy_marts(build: Path, target: Path) -> None:
    shutil.copyfile(build, target)
    with duckdb.connect(str(target)) as connection:
        schemas = [
            name
            for (name,) in connection.execute(
                "select schema_name from duckdb_schemas() where database_name = current_database() and not internal and schema_name <> 'main'"
            ).fetchall()
        ]
        if SCHEMA not in schemas or not connection.execute("select 1 from information_schema.tables where table_schema = ?", [SCHEMA]).fetchall():
            raise BuildUnusable(f"{build.name}: there is nothing in schema {SCHEMA}")
        for schema in schemas:
            if schema not in (SCHEMA, PARTS):
                connection.execute(f"drop schema {quote_name(schema)} cascade")
        for (view,) in connection.execute("select view_name from duckdb_views() where schema_name = ?", [SCHEMA]).fetchall():
            try:
                connection.execute(f"select * from {SCHEMA}.{quote_name(view)} limit 0")  # noqa: S608 (the catalogue's own names, quoted)
            except duckdb.Error as missing:
                raise BuildUnusable(f"{build.name}: view {SCHEMA}.{view} reads what is not published: {missing}") from missing
        connection.execute("checkpoint")


def _write_what_is_approved(build: Path, target: Path) -> None:
    """What names things, and figures while they are approved, in a file of its own: in a copy, what was deleted could still be read."""
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"attach {quote_text(str(build))} as build (read_only)")
        columns = connection.execute(
            """
            select table_name, column_name, comment from duckdb_columns()
            where database_name = 'build' and schema_name = ? order by table_name, column_index
            """,
            [SCHEMA],
        ).fetchall()
        approvable = {table for table, column, _ in columns if column == _APPROVED}
        shown = sorted({table for table, _, _ in columns if table in approvable or table.startswith(_NAMING)})
        connection.execute(f"create schema {SCHEMA}")
        for name in shown:
            table = f"{SCHEMA}.{quote_name(name)}"
            condition = f"where {_APPROVED}" if name in approvable else ""
            connection.execute(f"create table {table} as select * from build.{table} {condition}")  # noqa: S608 (the catalogue's own names, quoted)
        for name, column, meaning in columns:
            if name in shown and meaning:
                connection.execute(f"comment on column {SCHEMA}.{quote_name(name)}.{quote_name(column)} is {quote_text(meaning)}")
        connection.execute("detach build")
        connection.execute("checkpoint")
