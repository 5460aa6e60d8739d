"""Make the file that one audience reads out of a build file."""

import shutil
from pathlib import Path
from typing import Literal, get_args

import duckdb

from munimon.disk import flush

Audience = Literal["coordinator"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
SCHEMA = "marts"
# What views in `marts` read that is no mart itself.
PARTS = "marts_parts"


class BuildUnusable(Exception):
    """A build that must not be published: a fault of ours, not of what a municipality sent."""


def write_audience_file(build: Path, target: Path) -> None:
    """Make the file that the coordinating body may read: all of schema ``marts`` of a build, and what its views read.

    The build is copied as a whole and the rest is dropped: writing ten million rows anew takes as long as building them. Comments on tables and
    columns stay, and so do views over the marts.

    Args:
        build: A closed build file; it is only read.
        target: The file to write; it must not exist yet. When this returns it is closed, whole and on the disk.

    Raises:
        BuildUnusable: If the build has nothing in ``marts``, a view there reads from elsewhere, or the written file was not closed cleanly.
    """
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
    if target.with_name(target.name + ".wal").exists():
        raise BuildUnusable(f"{target.name}: not closed, its .wal is still there")
    flush(target)


def quote_name(name: str) -> str:
    """A table's or column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """A text as SQL. Parameters would do too, but the engine imports pandas (2 s) to look whether one is a frame."""
    return "'" + text.replace("'", "''") + "'"
