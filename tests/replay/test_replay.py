"""Two clocks: whatever is reported, corrected, answered, approved, withdrawn and changed in the tables, and whenever it is published on the way,
the last build finds all that was published again, by as-of; and says why figures differ.

A few histories and publications here; `make replay` lives through others for as long as one likes.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from munimon import pipeline
from munimon.settings import Home
from publish.changes import PARTS, Selection, read_changes
from publish.connections import connect
from tests.replay.archive import Archive, Publication, Table
from tests.replay.histories import DAYS, History, TableChange, When, histories, table_changes
from tests.replay.timed import TIMED
from tests.replay.warned import TOLD_ANEW_IN_PART, WARNED

pytestmark = pytest.mark.slow

IS_LONG = bool(os.environ.get("MUNIMON_REPLAY"))
EFFORT = settings(deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
HISTORIES, PUBLISHED_AFTER = (90, [1, 3, 5, 7, 9]) if IS_LONG else (30, [5, 9])
# From this day on no table changes, so that the last builds take over the ones before.
QUIET_FROM = DAYS - 4


# Whatever else is drawn: on the way a programme moves, below the other and back, and is asked for by the year, with other days, and until June.
PROGRAMMES_CHANGED = [TableChange(day, "programme", number) for day, number in ((4, 8), (5, 3), (6, 2), (7, 4), (8, 6), (9, 0))]
# And what is too much of a change is judged otherwise, once for all programmes and once for one.
LIMITS_CHANGED = [TableChange(day, "limit", number) for day, number in ((3, 4), (6, 5), (9, 8))]


# What is published so many days after the last report: the last quarter's and the year's reports have fallen due, and no one said a word.
AFTER_THE_END = 40


def draw_histories() -> tuple[list[History], list[TableChange], dict[int, int]]:
    """Gathered first, each a life of its own in the same home: one build serves them all; and how many days after a day something is published."""
    gathered: list[tuple[History, list[TableChange], list[int]]] = []

    @settings(EFFORT, max_examples=HISTORIES, derandomize=not IS_LONG)
    @given(history=histories(), changes=table_changes(), waits=st.lists(st.integers(0, 20), min_size=DAYS, max_size=DAYS))
    def gather(history: History, changes: list[TableChange], waits: list[int]) -> None:
        gathered.append((history, changes, waits))

    gather()
    _, changes, waits = gathered[-1]
    # after the fifth day the second quarter's reports fall due before anything else is entered
    waits[5] = max(waits[5], 13)
    kept = [change for change in changes + PROGRAMMES_CHANGED + LIMITS_CHANGED if change.day < QUIET_FROM]
    return [history for history, _, _ in gathered] + WARNED + TOLD_ANEW_IN_PART + TIMED, kept, {day: waits[day] for day in PUBLISHED_AFTER}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with pytest.MonkeyPatch.context() as clock:
        archive = Archive(Home(tmp_path_factory.mktemp("replay") / "home"), clock)
        archive.live(*draw_histories())
        archive.publish(When(DAYS - 1, 9).moment + timedelta(days=AFTER_THE_END))
        yield archive


def differences(published: Table, found: Table) -> list[str]:
    """Rows that are not alike, as text: first those that were published and are not found, then those that are found and were not published."""
    columns, rows = published
    assert columns == found[0]
    lines: list[str] = []
    for sign, these in (("-", rows - found[1]), ("+", found[1] - rows)):
        told = ([f"{name}={value}" for name, value in zip(columns, row, strict=True) if value is not None] for row in these)
        lines += [f"{sign} {', '.join(cells)}" for cells in told]
    return sorted(lines, key=lambda line: line[1:])


def test_last_build_finds_all_that_was_published_again(archive: Archive) -> None:
    lost: list[str] = []
    for publication in archive.publications[:-1]:
        found = archive.read(as_of=publication.moment)
        for table, rows in publication.tables.items():
            if lines := differences(rows, found[table]):
                lost += [f"{table} as of {publication.moment}, {len(lines)} rows:", *lines[:12]]
    assert not lost, "\n".join(lost)


def test_what_was_added_to_the_build_before_is_what_building_anew_makes(archive: Archive) -> None:
    assert not archive.is_built_anew()
    added = archive.read_whole()
    pipeline.build(archive.home, full_refresh=True)

    assert archive.is_built_anew()
    anew = archive.read_whole()
    assert added.keys() == anew.keys()
    lines = [f"{table}: {line}" for table, rows in anew.items() for line in differences(rows, added[table])[:12]]
    assert not lines, "\n".join(lines)


def test_something_was_published_and_changed_each_time(archive: Archive) -> None:
    """Else the test above would prove nothing."""
    current = [figures_of(publication) for publication in archive.publications]
    assert len(current) == len(PUBLISHED_AFTER) + 2
    *changed, with_time_alone = (len(before.items() ^ after.items()) for before, after in pairwise(current))
    assert min(changed) > 100 and with_time_alone > 20


def test_builds_warned_of_everything_they_can_and_took_some_of_each_back(archive: Archive) -> None:
    """Else the tests above would prove nothing of warnings."""
    columns, rows = archive.read()["fct_build_warnings"]
    rule, section, recorded_to = (columns.index(name) for name in ("rule", "section", "recorded_to"))
    told = {(row[rule], row[section] == "observations", row[recorded_to] is None) for row in rows}
    of_observations = ("amount_to_date_fell", "part_above_whole", "periods_cross", "unit_of_other_measure")
    of_others = (
        "amount_to_date_fell",
        "jump_against_last_period",
        "municipality_not_participating",
        "rate_missing",
        "reported_elsewhere",
        "rows_may_count_twice",
        "rows_may_repeat",
    )
    assert told == {(rule, rules is of_observations, stands) for rules in (of_observations, of_others) for rule in rules for stands in (True, False)}


def figures_of(publication: Publication) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The totals that were current: what a total is of → the parts that add up, and its value."""
    columns, rows = publication.tables["indicator_totals"]
    key = [columns.index(name) for name in ("indicator_code", "place_code", "programme_id", "period_id", "sex", "community")]
    told = [columns.index(name) for name in (*PARTS, "value")]
    end = columns.index("recorded_to")
    return {tuple(row[place] for place in key): tuple(row[place] for place in told) for row in rows if row[end] is None}


def test_parts_by_cause_sum_to_the_difference_between_what_was_published(archive: Archive) -> None:
    chance = random.Random(2024)
    with connect(archive.home) as connection:
        for before, after in pairwise(archive.publications):
            published = figures_of(before), figures_of(after)
            selections = sorted({key[1:] for figures in published for key in figures})
            for place, programme, period, sex, community in chance.sample(selections, min(120, len(selections))):
                selection = Selection("all", place, programme, period, sex, community)
                answer = read_changes(connection, selection, before.moment, after.moment)
                rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
                indicators = {key[0] for figures in published for key in figures if key[1:] == (place, programme, period, sex, community)}
                for indicator in indicators:
                    was, now = (figures.get((indicator, place, programme, period, sex, community), (None,) * 7) for figures in published)
                    difference = [(late or 0) - (early or 0) for early, late in zip(was[:-1], now[:-1], strict=True)]
                    own = [row for row in rows if row["indicator_code"] == indicator]
                    by_cause = [sum(row[f"{part}_change"] or 0 for row in own if row["cause"] != "all") for part in PARTS]
                    assert by_cause == difference, (indicator, selection, before.moment, after.moment, own)
                    whole = [row for row in own if row["cause"] == "all"]
                    assert [[row[f"{part}_change"] or 0 for part in PARTS] for row in whole] in ([difference], [])
                    assert [(row["value_before"], row["value_after"]) for row in whole] in ([(was[-1], now[-1])], [])
                    assert whole or was[-1] == now[-1]
