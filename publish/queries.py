"""One SELECT, and nothing else: what analysts may ask of the published marts."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from munimon.settings import MunimonError
from publish.files import quote_text

# Functions that may stand in FROM. Any other is refused by name before it runs: ``enable_logging`` changes the engine from within a
# SELECT in spite of the locked configuration and ends the process, ``pandas_scan`` reads raw memory, ``query`` hides either in a text
# (measured on duckdb 1.5.5).
_TABLE_FUNCTIONS = frozenset(
    {
        "duckdb_columns",
        "duckdb_constraints",
        "duckdb_functions",
        "duckdb_schemas",
        "duckdb_tables",
        "duckdb_views",
        "generate_series",
        "json_each",
        "json_tree",
        "pragma_table_info",
        "range",
        "repeat",
        "unnest",
    }
)


class QueryRefused(MunimonError):
    """The SQL is not one SELECT on the published marts, or the engine could not run it."""


@dataclass(frozen=True)
class Answer:
    """The rows a query gave, as Python values: exact integers and decimals, dates, timestamps in UTC."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def query(connection: duckdb.DuckDBPyConnection, sql: str, seconds: float = 600) -> Answer:
    """Run one SELECT (or WITH, FROM, VALUES, DESCRIBE, SUMMARIZE) on a connection made by ``publish.connections.connect``.

    Args:
        connection: The connection.
        sql: One statement.
        seconds: The query is stopped after this long.

    Raises:
        QueryRefused: If it is anything else, uses a function that reaches beyond the marts, fails, or takes too long. The message is one line.
    """
    try:
        _refuse_all_but_a_select(connection, sql)
        alarm = threading.Timer(seconds, connection.interrupt)
        alarm.daemon = True
        alarm.start()
        try:
            connection.execute(sql)
            return Answer(tuple(column[0] for column in connection.description or ()), tuple(connection.fetchall()))
        finally:
            alarm.cancel()
    except duckdb.InterruptException:
        raise QueryRefused(f"sql: stopped after {seconds:g} seconds; ask for less, or for fewer rows") from None
    except duckdb.OutOfMemoryException:
        raise QueryRefused("sql: the query needs more memory than there is; ask for less, or for fewer rows") from None
    except duckdb.Error as error:
        raise QueryRefused(f"sql: {_first_words(error)}") from None


def _refuse_all_but_a_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    kinds = [statement.type.name for statement in statements]
    # The engine rewrites many a PRAGMA into a SELECT before anybody sees it.
    if kinds == ["SELECT"] and _find_first_word(sql) == "pragma":
        kinds = ["PRAGMA"]
    if kinds != ["SELECT"]:
        raise QueryRefused(f"sql: one SELECT is taken and nothing else, this is {' + '.join(kinds) or 'nothing'}; write one SELECT")
    tree = connection.execute(f"select json_serialize_sql({quote_text(statements[0].query)})").fetchone()
    for function in sorted(set(_find_table_functions(json.loads(tree[0] if tree else "null")))):
        if function not in _TABLE_FUNCTIONS:
            raise QueryRefused(f"sql: function '{function}' is not allowed after FROM; select from the tables of schema marts")


def _find_first_word(sql: str) -> str:
    start, _ = duckdb.tokenize(sql)[0]
    return sql.encode()[start:].decode().split(maxsplit=1)[0].lower()


def _find_table_functions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "TABLE_FUNCTION":
            yield node["function"]["function_name"].lower()
        for entry in node.values():
            yield from _find_table_functions(entry)
    elif isinstance(node, list):
        for entry in node:
            yield from _find_table_functions(entry)


def _first_words(error: duckdb.Error) -> str:
    """The engine's message without the excerpt of the statement that follows it, on one line."""
    return " ".join(str(error).split("\n\nLINE ")[0].split())
