"""What changed between two moments, by cause: the parts sum to the whole difference."""

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from munimon.settings import Home
from publish.changes import PARTS, Selection, read_changes
from publish.connections import connect
from tests.publish.conftest import publish_build

TOTALS = """
    create table marts.indicator_totals (
        indicator_code varchar, definition_version integer, level varchar, place_code varchar, programme_id varchar, period_id varchar, sex varchar,
        community varchar, value double, numerator decimal(38, 4), denominator decimal(38, 4), numerator_unpaired decimal(38, 4),
        whole decimal(38, 4), known_rows bigint, reported_rows bigint, is_approved boolean, from_cause varchar, to_cause varchar,
        recorded_from timestamp, recorded_to timestamp
    );
"""


def day(number: int) -> datetime:
    return datetime(2024, 4, number, tzinfo=UTC)


def row(numerator: int | None, denominator: int | None, causes: str, begins: int, ends: int | None, approved: bool = False) -> str:
    began, _, ended = causes.partition(" ")
    known = "null" if numerator is None else f"{numerator}"
    value = f"{numerator} / {denominator}" if numerator is not None and denominator else "null"
    return f"""
        insert into marts.indicator_totals values ('rate', 1, 'all', 'all', 'all', 'to-date', 'all', 'all', {value}, {known}, {denominator or "null"},
        {known}, 100, {0 if numerator is None else 1}, 1, {approved}, '{began}', {f"'{ended}'" if ended else "null"}, timestamp '2024-04-{begins:02}',
        {f"timestamp '2024-04-{ends:02}'" if ends else "null"});
    """


def told(home: Home, since: int, until: int, **selection: str) -> list[tuple[object, ...]]:
    with connect(home) as connection:
        answer = read_changes(connection, Selection(**selection), day(since), day(until))
    shown = ["cause", "numerator_change", "denominator_change", "approved_change", "value_before", "value_after"]
    return [tuple(dict(zip(answer.columns, each, strict=True))[name] for name in shown) for each in answer.rows]


@pytest.fixture
def published(home: Home) -> Home:
    """A ratio that was corrected, partly late at the same moment, approved, withdrawn, and received again."""
    rows = [
        row(2, 10, "received corrected", 2, 5),
        row(4, 10, "corrected late", 5, 5),
        row(5, 16, "late approval_released", 5, 7),
        row(5, 16, "approval_released withdrawn", 7, 9, approved=True),
        row(None, None, "received", 12, None),
    ]
    publish_build(home, "build-0", TOTALS + "".join(rows))
    return home


def test_parts_by_cause_sum_to_the_whole_difference_with_the_values_beside_it(published: Home) -> None:
    assert told(published, 2, 7) == [
        ("approval_released", Decimal(0), Decimal(0), 1, None, None),
        ("corrected", Decimal(2), Decimal(0), 0, None, None),
        ("late", Decimal(1), Decimal(6), 0, None, None),
        ("all", Decimal(3), Decimal(6), 1, 0.2, 0.3125),
    ]


def test_what_was_withdrawn_is_taken_away_and_what_is_not_known_adds_nothing(published: Home) -> None:
    assert told(published, 7, 20) == [
        ("received", None, None, 0, None, None),
        ("withdrawn", Decimal(-5), Decimal(-16), -1, None, None),
        ("all", Decimal(-5), Decimal(-16), -1, 0.3125, None),
    ]


def test_what_was_unknown_and_still_is_has_not_changed_by_zero(published: Home) -> None:
    assert told(published, 9, 20) == [("received", None, None, 0, None, None), ("all", None, None, 0, None, None)]


def test_nothing_changed_gives_no_row_and_neither_does_another_selection(published: Home) -> None:
    assert told(published, 5, 6) == []
    assert told(published, 1, 20, place="RS") == []


def test_donors_see_a_figure_come_with_its_approval_and_go_with_its_withdrawal(published: Home) -> None:
    with connect(published, "donor") as connection:
        answer = read_changes(connection, Selection(), day(1), day(8)), read_changes(connection, Selection(), day(8), day(20))
    assert [[(each[6], each[7]) for each in part.rows] for part in answer] == [
        [("approval_released", Decimal(5)), ("all", Decimal(5))],
        [("withdrawn", Decimal(-5)), ("all", Decimal(-5))],
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(["received", "late", "corrected", "withdrawn", "rate_changed"]),
            st.one_of(st.none(), st.tuples(st.one_of(st.none(), st.integers(0, 9)), st.integers(1, 20))),
        ),
        min_size=1,
        max_size=8,
    ),
    moments=st.tuples(st.integers(1, 28), st.integers(1, 28)).map(sorted),
)
def test_parts_sum_to_the_difference_of_any_history(steps, moments) -> None:
    """A step is so many days after the one before, and gives the figure a numerator and denominator, leaves it unknown, or takes it away."""
    rows, begins, ends = [], 1, None
    for number, (later, cause, figure) in enumerate(steps):
        begins += later
        ends, ended_by = (begins + steps[number + 1][0], steps[number + 1][1]) if number + 1 < len(steps) else (None, "")
        if figure is not None:
            rows.append(row(figure[0], figure[1] if figure[0] is not None else None, f"{cause} {ended_by}".strip(), begins, ends))
    with duckdb.connect() as connection:
        connection.execute("create schema marts; " + TOTALS + "".join(rows))
        answer = read_changes(connection, Selection(), day(moments[0]), day(moments[1]))
        figures = [
            connection.execute(
                f"""
                select {", ".join(f"coalesce(sum({part}), 0)" for part in PARTS)} from marts.indicator_totals
                where recorded_from <= $1 and (recorded_to is null or recorded_to > $1)
                """,
                [day(moment).replace(tzinfo=None)],
            ).fetchone()
            for moment in moments
        ]
    difference = [after - before for before, after in zip(*figures, strict=True)]
    changes = [dict(zip(answer.columns, each, strict=True)) for each in answer.rows]
    sums = [sum(change[f"{part}_change"] or 0 for change in changes if change["cause"] != "all") for part in PARTS]
    assert sums == difference
    assert [[change[f"{part}_change"] or 0 for part in PARTS] for change in changes if change["cause"] == "all"] in ([difference], [])
