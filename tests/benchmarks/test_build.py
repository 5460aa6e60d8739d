"""The comparison of what a build costs, on a history of ten thousand rows."""

from benchmarks.build import Cost, Run, as_table, measure
from munimon.settings import Home
from publish.connections import connect

SECTIONS = (
    "grants",
    "engagements",
    "trainings",
    "equipment",
    "services",
    "local_plans",
    "household_support",
    "participations",
    "events",
    "observations",
)


def test_a_history_of_every_section_is_built_sent_straight_and_asked(tmp_path):
    home = Home(tmp_path / "home")
    cost = measure(home, 10_000)

    assert 8_000 < cost.rows < 12_000
    assert min(cost.build.cpu, cost.straight.cpu, cost.added.cpu, cost.published, cost.as_of, cost.place) > 0
    assert cost.build.peak > 100
    with connect(home) as connection:
        assert [section for section in SECTIONS if not connection.execute(f"select 1 from marts.fct_{section} limit 1").fetchall()] == []
        # corrected, restated and told later: what is known of a thing has changed, and its indicators with it
        causes = connection.execute("select distinct cause from marts.indicator_changes where cause in ('received', 'late', 'corrected')").fetchall()
        assert sorted(causes) == [("corrected",), ("late",), ("received",)]
        assert connection.execute("select count(*) from marts.indicator_totals where value is null").fetchall() > [(0,)]


def test_the_table_tells_what_lies_beyond_start_up_as_a_multiple_of_the_limit():
    small = Cost(9_627, Run(20, 25, 300), Run(2, 2, 200), Run(19, 22, 310), 16, 30, 20)
    large = Cost(994_835, Run(60, 85, 2000), Run(30, 50, 1900), Run(25, 30, 900), 210, 60, 25)

    assert as_table([small, large]).splitlines()[2:] == [
        "| 9,627 | 20 (25) | 2 (2) | – | 19 (22) | 310 | 16 | 30 | 20 |",
        "| 994,835 | 60 (85) | 30 (50) | 1.25 | 25 (30) | 2000 | 210 | 60 | 25 |",
    ]
