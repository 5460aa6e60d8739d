"""Two clocks: any history of reports, corrections, answers and withdrawals gives the facts that the rules call for, as of any moment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.dbt.simulation import PERIODS, History, Interval, Row, State, Submission, as_of, is_known, moment_at
from tests.dbt.warehouse import Warehouse, make_warehouse

MODELS = ("fct_grants", "fct_quarantined_rows", "fct_submission_sections")
DATED_BACK = ("dated back", "dated back, dated back", "dated back, withdrawn", "answered, dated back", "dated back, answered")

# Two reports of a period: the later one turns out, on the fourth day, to have been sent before the other.
SENT_BEFORE_AFTER_ALL = History(
    (
        Submission("s0", "2024-Q1", 1, "file 0", "data", (State(1, None, True, "received", None),), (Row(2, "ref:a", False),)),
        Submission(
            "s1",
            "2024-Q1",
            2,
            "file 1",
            "data",
            (State(2, 4, True, "received", "corrected"), State(4, None, True, "corrected", None, 0)),
            (Row(2, "ref:a", False),),
        ),
    )
)


@st.composite
def submissions(draw: st.DrawFn, number: int) -> Submission:
    """A report that may wait for an answer, be answered to replace or to add, be handed in again as sent earlier, and be withdrawn."""
    came = draw(st.integers(0, 12))
    said = draw(st.sampled_from(["data", "data", "data", "data", "data", "nothing", "not_known"]))
    life = draw(st.sampled_from(["stays", "stays", "stays", "answered", "withdrawn", "answered, withdrawn", "waited", *DATED_BACK]))
    sent = draw(st.integers(0, 8))
    replaces = draw(st.booleans())
    cause = "question_answered" if life == "waited" else "received"
    states = [State(came, None, replaces, cause, None)]
    for happened in life.split(", "):
        later = states[-1].recorded_from + draw(st.integers(1, 4))
        if happened == "answered":
            states[-1] = replace(states[-1], recorded_to=later, to_cause="question_answered")
            states.append(State(later, None, not replaces, "question_answered", None, states[-1].sent))
        if happened == "dated back":
            last = states[-1]
            states[-1] = replace(last, recorded_to=later, to_cause="corrected")
            known = sent if last.sent is None else last.sent
            states.append(State(later, None, last.replaces, "corrected", None, known - draw(st.integers(1, 6))))
        if happened == "withdrawn":
            states[-1] = replace(states[-1], recorded_to=later, to_cause="withdrawn")
    thing = st.sampled_from(["ref:a", "ref:a", "ref:a", "ref:b", None])
    things = draw(st.lists(st.tuples(thing, st.sampled_from([False, False, True])), min_size=1, max_size=3))
    return Submission(
        submission_id=f"s{number}",
        period_id=draw(st.sampled_from(["2024-Q1", "2024-Q1", "2024-Q1", "2024-Q1", "2024-Q2", *PERIODS])),
        sent=sent,
        file_sha256=draw(st.sampled_from([f"file {number}", f"file {number}", "the same file"])),
        said=said,
        states=tuple(states),
        rows=tuple(Row(place, key, is_quarantined) for place, (key, is_quarantined) in enumerate(things, 2)) if said == "data" else (),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    return History(tuple(draw(submissions(number)) for number in range(draw(st.integers(2, 5)))))


@st.composite
def orderly_histories(draw: st.DrawFn) -> History:
    """Reports that come in the order of sending, one row each, and stay: the ordinary life of a thing."""
    days = sorted(draw(st.sets(st.integers(0, 12), min_size=2, max_size=4)))
    reports = []
    for number, day in enumerate(days):
        state = State(day, None, draw(st.booleans()), "received", None)
        period_id = draw(st.sampled_from(["2024-Q1", "2024-Q2"]))
        reports.append(Submission(f"s{number}", period_id, day, f"file {number}", "data", (state,), (Row(2, "ref:a", False),)))
    return History(tuple(reports))


def write_histories(folder: Path, cases: dict[str, History]) -> Warehouse:
    """Each history as a municipality of its own; a grant's amount tells which row it was."""
    given_submissions, rows, sections, states = [], [], [], []
    for code, history in cases.items():
        for one in history.submissions:
            submission_id = f"{code}/{one.submission_id}"
            start, end = PERIODS[one.period_id]
            given_submissions.append(
                {
                    "submission_id": submission_id,
                    "programme_id": "SAMPLE",
                    "municipality_code": code,
                    "period_id": one.period_id,
                    "period_start": start,
                    "period_end": end,
                    "file_sha256": one.file_sha256,
                    "sent_at": moment_at(one.sent),
                    "recorded_at": moment_at(one.states[0].recorded_from),
                }
            )
            sections.append({"submission_id": submission_id, "section": "grants", "said": one.said})
            states.extend(
                {
                    "submission_id": submission_id,
                    "replaces": state.replaces,
                    "from_cause": state.from_cause,
                    "to_cause": state.to_cause,
                    "sent_at": moment_at(one.sent if state.sent is None else state.sent),
                    "recorded_from": moment_at(state.recorded_from),
                    "recorded_to": None if state.recorded_to is None else moment_at(state.recorded_to),
                }
                for state in one.states
            )
            for row in one.rows:
                own = {} if row.thing is None else {"thing_key": row.thing}
                rows.append({"submission_id": submission_id, "source_row": row.number, "is_quarantined": row.is_quarantined, **own})
    return make_warehouse(folder, submissions=given_submissions, rows={"grants": rows}, sections=sections, states=states)


def read_by_case(warehouse: Warehouse, table: str) -> dict[str, list[dict[str, Any]]]:
    by_case = defaultdict(list)
    for row in warehouse.query(f"select * from marts.{table} order by all"):
        case, row["submission_id"] = row["submission_id"].split("/", 1)
        by_case[case].append(row)
    return by_case


def shown(interval: Interval) -> tuple[object, ...]:
    end = None if interval.recorded_to is None else moment_at(interval.recorded_to)
    return (interval.submission_id, interval.row, moment_at(interval.recorded_from), end)


def check_facts(history: History, facts: list[dict[str, Any]]) -> None:
    expected = {shown(interval): interval for interval in history.facts()}
    built = {(row["submission_id"], row["source_row"], row["recorded_from"], row["recorded_to"]): row for row in facts}
    assert built.keys() == expected.keys(), history
    assert len(built) == len(facts), history
    for key, interval in expected.items():
        row = built[key]
        if interval.recorded_from == interval.recorded_to:
            assert row["from_cause"] == row["to_cause"], (history, row)
            continue
        assert row["first_period_id"] == interval.first_period_id, (history, row)
        assert interval.from_cause in (None, row["from_cause"]), (history, row)
        assert interval.recorded_to is None or interval.to_cause in (None, row["to_cause"]), (history, row)
        assert (row["to_cause"] is None) == (row["recorded_to"] is None), (history, row)


def without_case(rows: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    """Rows without the municipality's code, which is the case's name here."""
    return sorted(({name: value.replace(code, "case") if isinstance(value, str) else value for name, value in row.items()} for row in rows), key=repr)


def generate_histories(count: int) -> list[tuple[History, int]]:
    """Histories, each with a moment to look back to; gathered first, for one run of dbt serves them all."""
    cases: list[tuple[History, int]] = []

    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(history=st.one_of(histories(), histories(), orderly_histories()), moment=st.integers(0, 14))
    def gather(history: History, moment: int) -> None:
        cases.append((history, moment))

    gather()
    return [*cases, (SENT_BEFORE_AFTER_ALL, 3)]


@pytest.fixture(scope="module")
def cases() -> list[tuple[History, int]]:
    return generate_histories(500)


@pytest.fixture(scope="module")
def built(cases: list[tuple[History, int]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The rows of each model by case: each history whole, as the ledger stood at its moment, and all at once."""
    whole = {f"case-{number}": history for number, (history, _) in enumerate(cases)}
    cut = {f"case-{number}-cut": history.until(moment) for number, (history, moment) in enumerate(cases)}
    at_once = {f"case-{number}-at-once": history.at_once() for number, (history, _) in enumerate(cases)}
    warehouse = write_histories(tmp_path_factory.mktemp("histories") / "warehouse", whole | cut | at_once)
    warehouse.run_dbt("build", "--exclude-resource-type", "test", "unit_test", "--select", *(f"+{model}" for model in MODELS))
    return {model: read_by_case(warehouse, model) for model in MODELS}


def test_facts_of_any_history_are_those_its_rules_call_for(cases: list[tuple[History, int]], built: dict[str, Any]) -> None:
    for number, (history, moment) in enumerate(cases):
        check_facts(history, built["fct_grants"][f"case-{number}"])
        check_facts(history.until(moment), built["fct_grants"][f"case-{number}-cut"])


def test_quarantined_rows_and_sections_of_any_history_stand_when_its_rules_say_so(cases: list[tuple[History, int]], built: dict[str, Any]) -> None:
    for number, (history, _) in enumerate(cases):
        quarantined, sections = built["fct_quarantined_rows"][f"case-{number}"], built["fct_submission_sections"][f"case-{number}"]
        for moment in range(24):
            at = moment_at(moment)
            incomplete = {(row["submission_id"], row["source_row"]) for row in quarantined if is_known(row, at)}
            assert incomplete == history.quarantined(moment), (history, moment)
            assert {row["submission_id"] for row in sections if is_known(row, at)} == history.standing(moment), (history, moment)


def test_a_report_that_was_sent_before_another_gives_way_to_it_from_the_moment_on_at_which_that_is_known(
    cases: list[tuple[History, int]], built: dict[str, Any]
) -> None:
    facts = built["fct_grants"][f"case-{cases.index((SENT_BEFORE_AFTER_ALL, 3))}"]
    stood = [(row["submission_id"], row["recorded_from"], row["recorded_to"], row["from_cause"], row["to_cause"]) for row in facts]
    assert sorted(stood, key=lambda row: row[1]) == [
        ("s0", moment_at(1), moment_at(2), "received", "corrected"),
        ("s1", moment_at(2), moment_at(4), "corrected", "corrected"),
        ("s0", moment_at(4), None, "corrected", None),
    ]


@pytest.mark.parametrize("model", MODELS)
def test_last_build_holds_as_of_any_moment_what_was_built_then(model: str, cases: list[tuple[History, int]], built: dict[str, Any]) -> None:
    for number, (history, moment) in enumerate(cases):
        then = as_of(built[model][f"case-{number}"], moment_at(moment))
        cut = built[model][f"case-{number}-cut"]
        assert without_case(then, f"case-{number}") == without_case(cut, f"case-{number}-cut"), (history, moment)


def test_order_and_days_of_arrival_do_not_matter_to_what_is_known_in_the_end(cases: list[tuple[History, int]], built: dict[str, Any]) -> None:
    for number, (history, _) in enumerate(cases):
        ends = [
            {(row["submission_id"], row["source_row"], row["first_period_id"]) for row in built["fct_grants"][code] if row["recorded_to"] is None}
            for code in (f"case-{number}", f"case-{number}-at-once")
        ]
        assert ends[0] == ends[1], history
