"""What SQL can reach: one SELECT on the marts, and nothing else on this machine."""

import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from munimon.settings import Home
from publish.connections import connect
from publish.queries import Answer, QueryRefused, query
from tests.publish.conftest import publish_build


@pytest.fixture
def published(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one mart, and files beside it that a query might try to read."""
    publish_build(home, "build-0", "create table marts.figures as select 1 as figure, date '2024-05-01' as held_on")
    monkeypatch.chdir(home.folder)
    Path("file.csv").write_text("a,b\n1,2\n")
    Path("file.txt").write_text("secret")
    return home


ESCAPES = [
    "select * from read_text('file.txt')",
    "select * from read_blob('file.txt')",
    "select * from read_csv('file.csv')",
    "select * from read_csv_auto('file.csv')",
    "select * from read_parquet('file.parquet')",
    "select * from read_json('file.json')",
    "select * from sniff_csv('file.csv')",
    "select * from parquet_metadata('file.parquet')",
    "select * from read_duckdb('other.duckdb')",
    "select * from glob('*')",
    "from 'file.csv'",
    "select * from 'http://127.0.0.1:1/file.csv'",
    "select * from read_csv('https://127.0.0.1:1/file.csv')",
    "select (select content from read_text('file.txt'))",
    "with stolen as (select * from read_text('file.txt')) select * from stolen",
    "select * from marts.figures, lateral (select * from glob('*'))",
    "select * from query('select * from read_text(''file.txt'')')",
    "select * from json_execute_serialized_sql(json_serialize_sql('select * from read_text(''file.txt'')'))",
    "select * from enable_logging(storage_path = 'log')",
    "select * from pandas_scan(1)",
    "select * from python_variable",
    "select getenv('HOME')",
    "select * from duckdb_secrets()",
    "select * from duckdb_settings()",
    "select * from which_secret('s3://a', 's3')",
    "copy marts.figures to 'out.csv'",
    "copy (select 1) to 'out.csv'",
    "export database 'out'",
    "import database 'out'",
    "attach 'other.duckdb'",
    "attach ':memory:' as other",
    "detach published",
    "use memory",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset enable_external_access",
    "pragma enable_external_access = true",
    "pragma database_list",
    "install httpfs",
    "load httpfs",
    "load 'file.txt'",
    "create table marts.other as select 1",
    "create table other as select 1",
    "create secret (type s3)",
    "create macro f() as 1",
    "insert into marts.figures values (2, null)",
    "update marts.figures set figure = 2",
    "delete from marts.figures",
    "truncate marts.figures",
    "drop table marts.figures",
    "alter table marts.figures add column a integer",
    "prepare p as select 1",
    "execute p",
    "call pragma_version()",
    "explain analyze select 1",
    "begin transaction",
    "checkpoint",
    "vacuum",
    "select 1; select 2",
    "select 1; copy marts.figures to 'out.csv'",
    "",
    "-- nothing",
]


@pytest.mark.parametrize("as_of", [None, datetime(2030, 1, 1, tzinfo=UTC)], ids=["now", "as of"])
@pytest.mark.parametrize("escape", ESCAPES)
def test_sql_reaches_nothing_but_the_marts(published: Home, escape: str, as_of: datetime | None) -> None:
    python_variable = duckdb.sql("select 'secret' as a").arrow()
    before = sorted(os.walk(published.folder))
    with connect(published, as_of=as_of) as connection:
        with pytest.raises(QueryRefused) as refusal:
            query(connection, escape)
        assert query(connection, "from marts.figures").rows == ((1, datetime(2024, 5, 1).date()),)
    assert "\n" not in str(refusal.value)
    assert sorted(os.walk(published.folder)) == before
    del python_variable


@pytest.mark.parametrize(
    "escape",
    [
        "select * from read_text('file.txt')",
        "copy marts.figures to 'out.csv'",
        "attach 'other.duckdb'",
        "set lock_configuration = false",
        "load httpfs",
    ],
)
def test_the_connection_itself_is_locked_even_without_the_rule_of_one_select(published: Home, escape: str) -> None:
    with connect(published) as connection, pytest.raises(duckdb.Error):
        connection.execute(escape)


def test_the_published_file_cannot_be_written_through_the_connection(published: Home) -> None:
    with connect(published) as connection, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        connection.execute("delete from marts.figures")


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("select figure from marts.figures", ((1,),)),
        ("with figures as (select figure + 1 as more from marts.figures) from figures", ((2,),)),
        ("from marts.figures select held_on;", ((datetime(2024, 5, 1).date(),),)),
        ("values (1)", ((1,),)),
        ("select unnest([1, 2])", ((1,), (2,))),
        ("select * from range(2)", ((0,), (1,))),
        ("select table_name from duckdb_tables()", (("figures",),)),
        ("select table_name from information_schema.tables", (("figures",),)),
        ("select column_name from (describe marts.figures)", (("figure",), ("held_on",))),
    ],
)
def test_what_an_analyst_needs_is_one_select(published: Home, statement: str, rows: tuple[tuple[object, ...], ...]) -> None:
    with connect(published) as connection:
        assert query(connection, statement).rows == rows


def test_columns_keep_their_names_and_order(published: Home) -> None:
    with connect(published) as connection:
        assert query(connection, "select held_on, figure as f from marts.figures where false") == Answer(("held_on", "f"), ())


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("drop table marts.figures", "sql: one SELECT is taken and nothing else, this is DROP; write one SELECT"),
        ("select 1; select 2", "sql: one SELECT is taken and nothing else, this is SELECT + SELECT; write one SELECT"),
        ("", "sql: one SELECT is taken and nothing else, this is nothing; write one SELECT"),
        ("/* Ђ */ pragma database_list", "sql: one SELECT is taken and nothing else, this is PRAGMA; write one SELECT"),
        ("from glob('*')", "sql: function 'glob' is not allowed after FROM; select from the tables of schema marts"),
        ("selec 1", 'sql: Parser Error: syntax error at or near "selec"'),
        ("select 1 / 'a'", "sql: Conversion Error: Could not convert string 'a' to DOUBLE"),
        ("from marts.figure", 'sql: Catalog Error: Table with name figure does not exist! Did you mean "figures"?'),
    ],
)
def test_an_error_is_one_line_that_says_what_is_wrong(published: Home, statement: str, message: str) -> None:
    with connect(published) as connection, pytest.raises(QueryRefused) as refusal:
        query(connection, statement)
    assert str(refusal.value) == message


def test_a_query_without_end_is_stopped(published: Home) -> None:
    with connect(published) as connection:
        with pytest.raises(QueryRefused, match=r"^sql: stopped after 0\.2 seconds; ask for less, or for fewer rows$"):
            query(connection, "select count(*) from range(100000000) a, range(100000000) b where a.range % 7 = b.range % 11", seconds=0.2)
        assert query(connection, "select 1").rows == ((1,),)
