"""The marts as they were known at a moment."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from munimon.settings import Home
from publish.connections import connect
from tests.publish.conftest import publish_build

FACTS = """
    create table marts.dim_measures as select 'persons_engaged' as measure_code;
    create table marts.fct_engagements as from (values
        (1, timestamp '2024-04-01', timestamp '2024-07-01', 'received', 'corrected'),
        (2, timestamp '2024-07-01', null, 'corrected', null),
        (3, timestamp '2024-05-01', timestamp '2024-05-01', 'late', 'late')
    ) as facts (engagement_id, recorded_from, recorded_to, from_cause, to_cause);
    create table marts.indicator_changes as
        from (values (timestamp '2024-04-01', 5), (timestamp '2024-07-01', -1)) as changes (changed_at, numerator);
    create table marts.fct_findings as from (values (timestamp '2024-06-01', 'blank')) as findings (recorded_at, rule);
"""


@pytest.fixture
def published(home: Home) -> Home:
    """A home with one correction: statement 1 was replaced by statement 2 on the first of July."""
    publish_build(home, "build-0", FACTS)
    return home


def show_engagements(home: Home, as_of: datetime) -> list[tuple[object, ...]]:
    with connect(home, as_of=as_of) as connection:
        return connection.execute("select engagement_id, recorded_to, from_cause, to_cause from marts.fct_engagements order by 1").fetchall()


def test_as_of_a_moment_before_the_correction_the_first_statement_is_current(published: Home) -> None:
    assert show_engagements(published, datetime(2024, 6, 30, tzinfo=UTC)) == [
        (1, None, "received", None),
        (3, datetime(2024, 5, 1), "late", "late"),
    ]


def test_as_of_the_moment_of_the_correction_it_has_happened(published: Home) -> None:
    assert show_engagements(published, datetime(2024, 7, 1, tzinfo=UTC)) == [
        (1, datetime(2024, 7, 1), "received", "corrected"),
        (2, None, "corrected", None),
        (3, datetime(2024, 5, 1), "late", "late"),
    ]


def test_as_of_takes_the_moment_in_any_time_zone(published: Home) -> None:
    an_hour_before_in_utc = datetime(2024, 7, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert [row[0] for row in show_engagements(published, an_hour_before_in_utc)] == [1, 3]


def test_changes_and_findings_of_later_are_absent(published: Home) -> None:
    with connect(published, as_of=datetime(2024, 5, 15, tzinfo=UTC)) as connection:
        assert connection.execute("select numerator from marts.indicator_changes").fetchall() == [(5,)]
        assert connection.execute("from marts.fct_findings").fetchall() == []


def test_before_the_first_entry_facts_are_empty_and_dimensions_are_not(published: Home) -> None:
    with connect(published, as_of=datetime(2020, 1, 1, tzinfo=UTC)) as connection:
        assert connection.execute("from marts.fct_engagements").fetchall() == []
        assert connection.execute("from marts.indicator_changes").fetchall() == []
        assert connection.execute("from marts.dim_measures").fetchall() == [("persons_engaged",)]


def test_without_a_moment_everything_is_shown_as_it_is_now(published: Home) -> None:
    with connect(published) as connection:
        assert connection.execute("select engagement_id, recorded_to from marts.fct_engagements order by 1").fetchall() == [
            (1, datetime(2024, 7, 1)),
            (2, None),
            (3, datetime(2024, 5, 1)),
        ]


def test_a_table_of_what_is_so_now_is_shown_as_of_a_moment_from_its_history(home: Home) -> None:
    publish_build(
        home,
        "build-0",
        """
        create table marts.fct_submissions as select 's1' as submission_id, 'withdrawn' as status, timestamp '2024-04-01' as recorded_at;
        create table marts.fct_submissions_history as from (values
            ('s1', 'accepted', timestamp '2024-04-01', timestamp '2024-04-01', timestamp '2024-07-01'),
            ('s1', 'withdrawn', timestamp '2024-04-01', timestamp '2024-07-01', null)
        ) as history (submission_id, status, recorded_at, recorded_from, recorded_to);
        """,
    )

    def show(as_of: datetime) -> list[tuple[object, ...]]:
        with connect(home, as_of=as_of) as connection:
            return connection.execute("from marts.fct_submissions").fetchall()

    received = datetime(2024, 4, 1)
    assert show(datetime(2024, 3, 31, tzinfo=UTC)) == []
    assert show(datetime(2024, 6, 30, tzinfo=UTC)) == [("s1", "accepted", received)]
    assert show(datetime(2024, 7, 1, tzinfo=UTC)) == [("s1", "withdrawn", received)]


def test_donors_are_served_approved_figures_and_what_names_them_alone(home: Home) -> None:
    publish_build(
        home,
        "build-0",
        """
        create table marts.dim_measures as select 'persons_engaged' as measure_code;
        create table marts.fct_findings as select 'blank' as rule;
        create view marts.indicator_values as from (values (1, true), (2, false), (3, null)) as figures (numerator, is_approved);
        """,
    )
    with connect(home, "donor") as connection:
        assert connection.execute("select table_name from duckdb_tables() order by 1").fetchall() == [("dim_measures",), ("indicator_values",)]
        assert connection.execute("select numerator from marts.indicator_values").fetchall() == [(1,)]
