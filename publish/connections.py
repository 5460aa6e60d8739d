"""Connections that can read what is published and nothing else on this machine."""

from datetime import UTC, datetime

import duckdb

from munimon.settings import Home
from publish.files import SCHEMA, Audience, quote_name
from publish.pointer import Published

# ``read_only`` alone still lets SQL read any file, write with COPY and see Python variables (measured on duckdb 1.5 and 2.0). Without a folder for
# temporary files a greedy query ends with an error instead of filling the disk.
_LOCKS = (
    "TimeZone = 'UTC'",
    "temp_directory = ''",
    "allow_community_extensions = false",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "python_enable_replacements = false",
    "enable_external_access = false",
    "lock_configuration = true",
)
# When a row of a mart became known: the first of these that a table has decides whether an earlier moment can see it.
_KNOWN_SINCE = ("recorded_from", "changed_at", "recorded_at")
# A table that shows only what is so now is shown as of a moment from the table of its whole history.
_HISTORY = "_history"
# What a row says about its end, which reads as null at a moment before it.
_SAID_OF_THE_END = ("recorded_to", "to_cause")


def connect(home: Home, audience: Audience = "coordinator", as_of: datetime | None = None) -> duckdb.DuckDBPyConnection:
    """Open the build being served, with its tables in schema ``marts``; the connection stays with that build when a newer one is published.

    Each connection is an engine of its own, with its own cache: keep one and take cursors of it where many queries run.

    Args:
        home: The home folder.
        audience: Whose file to read.
        as_of: An aware moment. The marts are then shown as known at that moment: later rows are absent, a later ``recorded_to`` is null. Tables that
            carry no such clock (dimensions) stay as they are now; those with a history beside them show what was so then.

    Raises:
        NothingPublished: If nothing is published yet.
        PointerBroken: If the pointer names a build that is not there.
    """
    connection = duckdb.connect(":memory:")
    try:
        _attach_current_file(connection, home, audience)
        if as_of is None:
            connection.execute("use published")
        else:
            _create_views_as_of(connection, as_of)
        for lock in _LOCKS:
            connection.execute(f"set {lock}")
    except BaseException:
        connection.close()
        raise
    return connection


def _attach_current_file(connection: duckdb.DuckDBPyConnection, home: Home, audience: Audience) -> None:
    published = Published(home.published)
    file = published.current_file(audience)
    path = str(file).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as published (read_only)")
    except duckdb.IOException:
        # Five publications may pass between the look at the pointer and this; anything else is a fault to be seen.
        if published.current_file(audience) == file:
            raise
        _attach_current_file(connection, home, audience)


def _create_views_as_of(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    moment = f"timestamp '{as_of.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"
    connection.execute(f"create schema {SCHEMA}")
    tables = connection.execute(
        """
        select table_name, list(column_name order by column_index) from duckdb_columns()
        where database_name = 'published' and schema_name = ? group by table_name order by table_name
        """,
        [SCHEMA],
    ).fetchall()
    named = {table for table, _ in tables}
    for table, columns in tables:
        name = f"{SCHEMA}.{quote_name(table)}"
        if table + _HISTORY in named:
            history = f"published.{SCHEMA}.{quote_name(table + _HISTORY)}"
            names = ", ".join(map(quote_name, columns))
            known = f"recorded_from <= {moment} and (recorded_to is null or recorded_to > {moment})"
            connection.execute(f"create view {name} as select {names} from {history} where {known}")  # noqa: S608 (the catalogue's own names)
            continue
        since = next((column for column in _KNOWN_SINCE if column in columns), None)
        ends = [column for column in _SAID_OF_THE_END if {"recorded_to", column} <= set(columns)]
        shown = [f"case when recorded_to <= {moment} then {column} end as {column}" for column in ends]
        replaced = f"replace ({', '.join(shown)})" if shown else ""
        condition = f"where {since} <= {moment}" if since else ""
        connection.execute(f"create view {name} as select * {replaced} from published.{name} {condition}")  # noqa: S608 (the catalogue's own names)
