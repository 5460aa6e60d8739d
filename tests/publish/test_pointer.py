"""What a reader may rely on while builds are published under it."""

import threading
from datetime import UTC, datetime

import duckdb
import pytest

from munimon.settings import Home
from publish.connections import connect
from publish.files import BuildUnusable
from publish.pointer import NothingPublished, PointerBroken, Published
from tests.publish.conftest import make_build, publish_build


def test_before_the_first_build_a_reader_is_told_what_to_run(home: Home) -> None:
    with pytest.raises(NothingPublished, match=r"^.*/published: nothing is published yet; run `munimon build`$"):
        connect(home)


def test_readers_see_whole_builds_in_order_and_the_newest_at_the_end(home: Home) -> None:
    publish_build(home, "build-00", "create table marts.figures as select 0 as build from range(1000)")
    seen, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            with connect(home) as connection:
                seen.append(connection.execute("select count(*), min(build), max(build) from marts.figures").fetchone())

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 12):
        publish_build(home, f"build-{number:02}", f"create table marts.figures as select {number} as build from range(1000)")
    done.set()
    for reader in readers:
        reader.join()

    assert {rows for rows, _, _ in seen} == {1000}
    assert all(oldest == newest for _, oldest, newest in seen)
    with connect(home) as connection:
        assert connection.execute("select distinct build from marts.figures").fetchall() == [(11,)]


def test_one_reader_never_goes_back_to_an_older_build(home: Home) -> None:
    seen = []
    for number in range(3):
        publish_build(home, f"build-{number}", f"create table marts.figures as select {number} as build")
        with connect(home) as connection:
            seen += connection.execute("select build from marts.figures").fetchall()
    assert seen == [(0,), (1,), (2,)]


def test_a_connection_stays_with_its_build_even_when_that_build_is_forgotten(home: Home) -> None:
    publish_build(home, "build-0", "create table marts.figures as select range as build from range(100000)")
    with connect(home) as connection:
        for number in range(1, 8):
            publish_build(home, f"build-{number}", "create table marts.figures as select -1 as build")
        assert not (home.published / "build-0").exists()
        assert connection.execute("select count(*), max(build) from marts.figures").fetchone() == (100000, 99999)


def test_the_last_five_builds_are_kept(home: Home) -> None:
    for number in range(7):
        publish_build(home, f"build-{number}", "create table marts.figures as select 1 as build")
    assert Published(home.published).list_builds() == ["build-2", "build-3", "build-4", "build-5", "build-6"]
    assert sorted(path.name for path in home.published.iterdir()) == ["CURRENT", "build-2", "build-3", "build-4", "build-5", "build-6"]
    assert sorted(path.name for path in (home.published / "build-6").iterdir()) == ["coordinator.duckdb", "donor.duckdb"]


def test_publishing_the_same_build_again_only_moves_the_pointer_back(home: Home) -> None:
    first = make_build(home, "build-0", "create table marts.figures as select 0 as build")
    publish_build(home, "build-0-later", "create table marts.figures as select 1 as build")
    Published(home.published).publish(first)
    Published(home.published).publish(first)
    assert Published(home.published).current_build() == "build-0"


def test_a_build_without_marts_is_not_published_and_leaves_nothing_behind(home: Home) -> None:
    publish_build(home, "build-0", "create table marts.figures as select 0 as build")
    with pytest.raises(BuildUnusable, match=r"^build-1\.duckdb: there is nothing in schema marts$"):
        publish_build(home, "build-1", "")
    assert sorted(path.name for path in home.published.iterdir()) == ["CURRENT", "build-0"]
    assert Published(home.published).current_build() == "build-0"


def test_a_pointer_to_a_build_that_is_gone_is_named(home: Home) -> None:
    publish_build(home, "build-0", "create table marts.figures as select 0 as build")
    (home.published / "CURRENT").write_text("build-9")
    with pytest.raises(PointerBroken, match=r"build-9/coordinator\.duckdb: CURRENT names this build, but it is not there; run `munimon build`$"):
        connect(home)


def test_the_published_file_holds_the_marts_alone_with_their_views_and_their_comments(home: Home) -> None:
    publish_build(
        home,
        "build-0",
        """
        create schema staging;
        create table staging.stg_things as select 'secret' as person;
        create schema marts_parts;
        create table marts_parts.int_flows as select 2 as thing_id, 8 as value, timestamp '2024-02-01' as recorded_from;
        create table marts.fct_things as select 1 as thing_id, 7 as value, timestamp '2024-01-01' as recorded_from;
        comment on table marts.fct_things is 'One row per thing; a coordinator''s.';
        comment on column marts.fct_things.thing_id is 'Key.';
        create view marts.fct_measures as select * from marts.fct_things union all select * from marts_parts.int_flows;
        """,
    )
    (home.builds / "build-0.duckdb").unlink()
    with duckdb.connect(str(home.published / "build-0" / "coordinator.duckdb"), read_only=True) as connection:
        assert connection.execute("select table_schema, table_name from information_schema.tables order by all").fetchall() == [
            ("marts", "fct_measures"),
            ("marts", "fct_things"),
            ("marts_parts", "int_flows"),
        ]
        assert connection.execute("select comment from duckdb_tables() where schema_name = 'marts'").fetchall() == [
            ("One row per thing; a coordinator's.",)
        ]
        assert connection.execute("select comment from duckdb_columns() where column_name = 'thing_id' and table_name = 'fct_things'").fetchall() == [
            ("Key.",)
        ]
    with connect(home) as connection:
        assert connection.execute("select thing_id, value from marts.fct_measures order by all").fetchall() == [(1, 7), (2, 8)]
    with connect(home, as_of=datetime(2024, 1, 15, tzinfo=UTC)) as connection:
        assert connection.execute("select thing_id, value from marts.fct_measures").fetchall() == [(1, 7)]


def test_a_view_on_what_is_not_published_stops_the_publication(home: Home) -> None:
    with pytest.raises(BuildUnusable, match=r"build-0\.duckdb: view marts\.fct_measures reads what is not published"):
        publish_build(
            home,
            "build-0",
            "create schema staging; create table staging.stg_more as select 7; create view marts.fct_measures as from staging.stg_more",
        )
