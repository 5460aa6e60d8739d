"""Make the file that one audience reads out of a build file."""

from pathlib import Path
from typing import Literal, get_args

import duckdb

from munimon.disk import flush

Audience = Literal["coordinator"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
SCHEMA = "marts"


class BuildUnusable(Exception):
    """A build that must not be published: a fault of ours, not of what a municipality sent."""


def write_audience_file(build: Path, target: Path) -> None:
    """Write what the coordinating body may read, all of schema ``marts``, into a new DuckDB file.

    A view becomes a table: its definition names the build file and models that do not travel with it. Comments on tables and columns are kept.

    Args:
        build: A closed build file; it is only read.
        target: The file to write; it must not exist yet. When this returns it is closed, whole and on the disk.

    Raises:
        BuildUnusable: If the build has nothing in ``marts``, or the written file was not closed cleanly.
    """
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"attach {quote_text(str(build))} as build (read_only)")
        relations = _list_relations(connection)
        if not relations:
            raise BuildUnusable(f"{build.name}: there is nothing in schema {SCHEMA}")
        connection.execute(f"create schema {SCHEMA}")
        for name, comment in relations:
            table = f"{SCHEMA}.{quote_name(name)}"
            connection.execute(f"create table {table} as select * from build.{table}")  # noqa: S608 (the catalogue's own names, quoted)
            if comment:
                connection.execute(f"comment on table {table} is {quote_text(comment)}")
            for column, meaning in _list_column_comments(connection, name):
                connection.execute(f"comment on column {table}.{quote_name(column)} is {quote_text(meaning)}")
        connection.execute("detach build")
        connection.execute("checkpoint")
    if target.with_name(target.name + ".wal").exists():
        raise BuildUnusable(f"{target.name}: not closed, its .wal is still there")
    flush(target)


def quote_name(name: str) -> str:
    """A table's or column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """A text as SQL. Parameters would do too, but the engine imports pandas (2 s) to look whether one is a frame."""
    return "'" + text.replace("'", "''") + "'"


def _list_relations(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None]]:
    return connection.execute(
        """
        select table_name, comment from duckdb_tables() where database_name = 'build' and schema_name = ?
        union all
        select view_name, comment from duckdb_views() where database_name = 'build' and schema_name = ?
        order by 1
        """,
        [SCHEMA, SCHEMA],
    ).fetchall()


def _list_column_comments(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    return connection.execute(
        """
        select column_name, comment from duckdb_columns()
        where database_name = 'build' and schema_name = ? and table_name = ? and comment is not null
        order by column_index
        """,
        [SCHEMA, table],
    ).fetchall()
