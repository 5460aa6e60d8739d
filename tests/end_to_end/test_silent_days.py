"""A report is overdue, and who has left is no more at work, on the day after, whether or not anything came in. All figures are synthetic."""

from collections.abc import Callable, Iterator

import pytest

from ingest.ledger import Ledger
from munimon import pipeline
from munimon.reference import copy_reference
from munimon.settings import Home
from tests.end_to_end.post import WHOLE, Post, Rows, ask_published, engagement

Ask = Callable[..., Rows]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Two municipalities take part; one reports on the first quarter, which is due on 15 April. Nothing comes on the days of the builds."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        post = Post(tmp_path_factory.mktemp("silent"), monkeypatch)
        copy_reference(post.home)
        supported = [{"municipality": name, "role": "supported", "since": "2024"} for name in ("Raška", "Tutin")]
        post.receive("2024-01-10", post.report(None, "participations", *supported, period="2024"))
        post.receive("2024-04-09", post.report("Raška", "engagements", engagement("A", 8, ended_on="15.4.2024."), engagement("B", 5)))
        for moment in ("2024-04-15T07:00", "2024-04-16T07:00", "2024-04-16T19:00"):
            post.on(moment)
            pipeline.build(post.home)
        yield post.home


@pytest.fixture
def ask(home: Home) -> Ask:
    return lambda query, as_of=None: ask_published(home, query, as_of)


def test_a_report_is_overdue_on_the_day_after_it_was_due(ask: Ask) -> None:
    query = "select municipality_code = {Raška} as is_of_raška, cast(due_on as varchar) as due_on, is_received, is_on_time from marts.fct_reporting"
    received = {"is_of_raška": True, "due_on": "2024-04-15", "is_received": True, "is_on_time": True}
    overdue = {"is_of_raška": False, "due_on": "2024-04-15", "is_received": False, "is_on_time": False}

    assert ask(query, "2024-04-15T23:59") == [received]
    assert ask(query, "2024-04-16T06:59") == [received]
    assert ask(f"{query} order by is_received") == ask(f"{query} order by is_received", "2024-04-16T07:00") == [overdue, received]


def test_completeness_falls_and_persons_leave_with_the_day(ask: Ask) -> None:
    def told(as_of: str | None = None) -> list[tuple[object, ...]]:
        rows = ask(
            "select indicator_code, cast(numerator as integer) as numerator, cast(denominator as integer) as denominator from marts.indicator_totals"
            " where level = 'programme' and programme_id = 'SAMPLE' and period_id = 'to-date'"
            f" and indicator_code in ('reporting_rate', 'persons_active') and {WHOLE} order by 1",
            as_of,
        )
        return [tuple(row.values()) for row in rows]

    assert told("2024-04-15T23:59") == [("persons_active", 13, None), ("reporting_rate", 1, 1)]
    assert told() == told("2024-04-16T07:00") == [("persons_active", 5, None), ("reporting_rate", 1, 2)]


def test_each_day_on_which_something_was_built_is_entered_once(home: Home) -> None:
    days = Ledger(home.ledger).select("select recorded_at, is_back_filled from build_days order by day")
    assert days == [{"recorded_at": f"2024-04-{day}T07:00:00.000000", "is_back_filled": 1} for day in (15, 16)]
