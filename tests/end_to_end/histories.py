"""Small histories of reports as workbooks and CSV files, and the order in which they are received: any must come to the same in the end.

A history is drawn as small things (reports, and the order of what happens), so that one that fails shrinks to the fewest of them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb
from hypothesis import strategies as st

from ingest.closing import judge_findings
from ingest.entries import Entry, Receipt
from ingest.ledger import Ledger
from ingest.ledger_export import export_ledger
from ingest.receiving import Handed, receive
from ingest.registry import Registry
from munimon import pipeline
from munimon.results import keep_quiet
from munimon.settings import Home
from tests.dbt.warehouse import Warehouse, make_warehouse
from tests.ingest.files import xlsx

# Model → what of its rows must be the same in the end; when we came to know it is another matter.
QUERIES = {
    "fct_engagements": "municipality_code, period_id, first_period_id, source_row, engagement_ref, engaged_persons, engaged_persons_qualifier",
    "fct_quarantined_rows": "section, source_row",
    "fct_submission_sections": "section, said",
}
OF_SERBIA = ("RS", "municipality")
HEADINGS = ("Oznaka angažovanja", "Angažovana lica")
STATEMENTS = {"replaces": "zamenjuje raniji", "adds": "dopunjuje raniji", "not_said": ""}
SAID = {"nothing": "nema aktivnosti", "blank": ""}
MIDNIGHT = datetime(2024, 4, 8, tzinfo=UTC)
MOST_PLACES = 60
TURNS = st.integers(0, 9)


@dataclass(frozen=True)
class Sending:
    """A file is handed in, as sent on that day by that sender; in the other order it is its ``turn`` that says when."""

    day: int
    sender: str
    turn: int


@dataclass(frozen=True)
class Report:
    """One file of a municipality. ``rows`` are (ref, persons as typed); ``decision`` answers whether it replaces, should that be asked.

    ``sendings`` are at least one: the same file may be handed in again as sent at another time or by somebody else. ``withdrawn`` is the turn at
    which it is withdrawn, in the other order; None where it stays.
    """

    period: str
    sendings: tuple[Sending, ...]
    statement: str
    said: str
    rows: tuple[tuple[str | None, object], ...]
    is_csv: bool
    is_unclear: bool
    withdrawn: int | None
    decision: str | None


# What happens to the how-maniest report: it is handed in so, or it is withdrawn.
Event = tuple[int, Sending | None]


@dataclass(frozen=True)
class History:
    """All that one municipality sent, and whether the name that was not clear is answered in the end.

    ``place`` is the how-maniest municipality it is; no other history of the same home has it.
    """

    place: int
    reports: tuple[Report, ...]
    is_name_answered: bool

    def as_sent(self) -> list[Event]:
        """Each file on the day it was sent, taken back at once where it is taken back."""
        return self._events(lambda sending: sending.day, lambda report: report.sendings[0].day)

    def otherwise(self) -> list[Event]:
        """Each at its turn; what is taken back is so once it came, or later."""
        return self._events(lambda sending: sending.turn, lambda report: max(report.withdrawn or 0, report.sendings[0].turn))

    def _events(self, sent: Callable[[Sending], int], withdrawn: Callable[[Report], int]) -> list[Event]:
        numbered = list(enumerate(self.reports))
        told = [(sent(sending), 0, (number, sending)) for number, report in numbered for sending in report.sendings]
        taken_back = [(withdrawn(report), 1, (number, None)) for number, report in numbered if report.withdrawn is not None]
        return [event for _, _, event in sorted([*told, *taken_back], key=lambda each: each[:2])]


@st.composite
def reports(draw: st.DrawFn) -> Report:
    said = draw(st.sampled_from(["data"] * 6 + ["nothing", "blank"]))
    row = st.tuples(st.sampled_from(["A", "A", "B", "B", "C", None]), st.sampled_from([1, 2, 3, "oko 30", "mnogo"]))
    rows = draw(st.lists(row, min_size=1, max_size=3, unique_by=lambda each: each[0] or object())) if said == "data" else []
    withdrawn = draw(st.one_of(st.none(), st.none(), st.none(), TURNS))
    sending = st.builds(Sending, st.integers(0, 6), st.sampled_from(["office one", "office one", "office two"]), TURNS)
    # what is handed in again after it was withdrawn is another report
    most = draw(st.sampled_from([1, 1, 1, 3])) if withdrawn is None else 1
    return Report(
        period=draw(st.sampled_from(["2024-Q1", "2024-Q1", "2024-Q1", "2024-Q2", "nije navedeno"])),
        sendings=tuple(draw(st.lists(sending, min_size=1, max_size=most))),
        statement=draw(st.sampled_from(["replaces", "adds", "not_said", "not_said"])),
        said=said,
        rows=tuple(rows),
        is_csv=draw(st.booleans()),
        is_unclear=draw(st.sampled_from([False] * 12 + [True])),
        withdrawn=withdrawn,
        decision=draw(st.sampled_from([None, "replaces", "adds"])),
    )


def histories() -> st.SearchStrategy[list[History]]:
    """Histories that one home can hold."""
    sent = st.lists(reports(), min_size=1, max_size=4).map(tuple)
    history = st.builds(History, st.integers(0, MOST_PLACES - 1), sent, st.booleans())
    return st.lists(history, min_size=1, max_size=12, unique_by=lambda each: each.place)


@dataclass(frozen=True)
class Played:
    """A home after all histories have happened in it; ``cases`` tells whose each submission is."""

    home: Home
    cases: Mapping[str, int]


def play(
    home: Home,
    histories: Sequence[History],
    events: Sequence[Sequence[Event]],
    clock: Callable[[int], datetime],
    tell_time: Callable[[datetime], None],
) -> Played:
    """Let the events of all histories happen, the first of each first; then answer what is asked.

    Args:
        home: Where they are received.
        histories: Each of another municipality.
        events: What happens, by history and in order.
        clock: What the ledger's clock shows in the how-maniest round.
        tell_time: Sets that clock.
    """
    names = [_names(home.reference)[history.place] for history in histories]
    ids: dict[tuple[int, int], str] = {}
    rounds = max(map(len, events))
    for step in range(rounds):
        tell_time(clock(step))
        happening = [(case, *told[step]) for case, told in enumerate(events) if step < len(told)]
        arriving = [(case, number, sending) for case, number, sending in happening if sending]
        handed = [_handed(histories[case].reports[number], number, names[case], sending) for case, number, sending in arriving]
        received = receive(home, handed, keep_quiet) if arriving else []
        for (case, number, _), one in zip(arriving, received, strict=True):
            (ids[case, number],) = one.submission_ids
        for case, number, sending in happening:
            if not sending:
                pipeline.withdraw(home, ids[case, number], "sent by mistake")
    tell_time(clock(rounds))
    places = {submission_id: place for place, submission_id in ids.items()}
    # the names first: what they let in may be asked about in its turn
    _answer(home, "municipality", lambda case, _: names[case] if histories[case].is_name_answered else None, places)
    _answer(home, "replace_or_add", lambda case, number: histories[case].reports[number].decision, places)
    return Played(home, {submission_id: case for submission_id, (case, _) in places.items()})


def _answer(home: Home, kind: str, answer_of: Callable[[int, int], str | None], places: Mapping[str, tuple[int, int]]) -> None:
    for question in pipeline.questions(home):
        if question.kind == kind and (answer := answer_of(*places[question.submission_ids[0]])):
            pipeline.answer(home, question.question_id, answer)


def _handed(report: Report, number: int, municipality: str, sending: Sending) -> Handed:
    content = _content(replace(report, sendings=(), withdrawn=None, decision=None), number, municipality)
    suffix = "csv" if report.is_csv and report.said == "data" else "xlsx"
    receipt = Receipt(hashlib.sha256(content).hexdigest(), f"{number}.{suffix}", MIDNIGHT + timedelta(days=sending.day), sending.sender)
    return Handed(content, receipt, Entry.now())


@cache
def _content(report: Report, number: int, municipality: str) -> bytes:
    """The bytes of a file, the same whenever it is sent; an unclear name is one that only a person can tell."""
    first = [
        ["Opština", f"{municipality} i okolina" if report.is_unclear else municipality],
        ["Program", "SAMPLE"],
        ["Period", report.period],
        ["Ovaj izveštaj", STATEMENTS[report.statement]],
        ["Delovodni broj", str(number)],
    ]
    table = [list(HEADINGS), *map(list, report.rows)]
    if report.said != "data":
        return xlsx(None, None, Izveštaj=[*first, ["Angažovani radnici", SAID[report.said]]], **{"Angažovani radnici": table[:1]})
    if not report.is_csv:
        return xlsx(None, None, Izveštaj=first, **{"Angažovani radnici": table})
    lines = [";".join(map(str, (f"{label}: {value}", ""))) for label, value in first if value]
    return "\r\n".join([*lines, *(";".join(str(cell or "") for cell in row) for row in table)]).encode("cp1250")


@cache
def _names(reference: Path) -> list[str]:
    """The municipalities of Serbia, which their plain names tell."""
    return sorted(place.name_latn for place in Registry.load(reference).municipalities.values() if (place.country_code, place.level) == OF_SERBIA)


class Models:
    """The models that the end is told by, compiled by dbt once and run by DuckDB itself for each home: dbt alone takes seconds to start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        warehouse: Warehouse = make_warehouse(folder)
        warehouse.run_dbt("build", "--exclude-resource-type", "test", "unit_test", "--select", *(f"+{model}" for model in QUERIES))
        self._built = warehouse.build_file
        nodes = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
        manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        # in the order in which dbt ran them, each after those that it reads
        ran = sorted((node for node in nodes if node["unique_id"].startswith("model.")), key=lambda node: node["timing"][-1]["completed_at"])
        # views read what is there when they are asked
        self._tables = [
            f'create or replace table "{node["schema"]}"."{node["alias"]}" as {node["compiled_code"]}'
            for node in (manifest[each["unique_id"]] for each in ran)
            if node["config"]["materialized"] == "table"
        ]

    def query(self, home: Home) -> dict[str, list[dict[str, object]]]:
        """By model, the rows that stand, with their submission."""
        shutil.rmtree(self._folder / "raw")
        shutil.copytree(home.raw, self._folder / "raw")
        export_ledger(Ledger(home.ledger), home.raw, self._folder / "ledger")
        with duckdb.connect(str(self._built)) as connection:
            for table in self._tables:
                connection.execute(table)
            asked = {model: f"select submission_id, {columns} from marts.{model} where recorded_to is null" for model, columns in QUERIES.items()}
            return {model: connection.execute(query).to_arrow_table().to_pylist() for model, query in asked.items()}


def state_of(played: Played, models: Models) -> list[list[str]]:
    """What is known in the end, by history: the facts and quarantined rows that count, what sections say, statuses, findings, open questions."""
    home, ledger = played.home, Ledger(played.home.ledger)
    known: dict[int, list[str]] = defaultdict(list)
    for model, rows in models.query(home).items():
        for row in rows:
            known[played.cases[str(row.pop("submission_id"))]].append(f"{model}: {row}")
    submissions = {row["submission_id"]: row for row in ledger.select("select * from current_submissions")}
    for submission_id, row in submissions.items():
        rows = "" if row["status"] == "withdrawn" else f", {row['accepted_rows']} rows and {row['quarantined_rows']} quarantined"
        sent = f"sent at {row['sent_at']} by {row['sent_by']}"
        known[played.cases[submission_id]].append(f"{submission_id} {sent} is {row['status']} of {row['municipality_code']}{rows}")
    findings = {row["finding_id"]: row for row in ledger.select("select * from current_findings")}
    for case in judge_findings(ledger, home.raw):
        if case.finding_id in findings and submissions[case.submission_id]["status"] != "withdrawn":
            finding = findings[case.finding_id]
            found = f"{finding['severity']} {finding['rule']} {finding['cell']} {finding['params']}, closed by {case.closed_by}"
            known[played.cases[case.submission_id]].append(f"{case.submission_id} has {found}")
    for question in pipeline.questions(home):
        known[played.cases[question.submission_ids[0]]].append(f"{question.kind} of {question.text}: {question.answer or 'open'}")
    return [sorted(known[case]) for case in sorted(known)]


class Ends:
    """What histories come to, each in the two orders; a history that was received once is known, so that shrinking looks at it once."""

    def __init__(self, folder: Path, tell_time: Callable[[datetime], None]) -> None:
        self._homes, self._models, self._tell_time = folder / "homes", Models(folder / "models"), tell_time
        self._known: dict[History, tuple[list[str], list[str]]] = {}

    def of(self, histories: Sequence[History]) -> list[tuple[list[str], list[str]]]:
        """What is known in the end of each history: received as sent, and otherwise by a clock that runs backwards."""
        if new := [history for history in histories if history not in self._known]:
            as_sent = self._end(new, [history.as_sent() for history in new], lambda step: MIDNIGHT + timedelta(days=10 + step))
            otherwise = self._end(new, [history.otherwise() for history in new], lambda step: MIDNIGHT + timedelta(days=100 - step))
            self._known |= dict(zip(new, zip(as_sent, otherwise, strict=True), strict=True))
        return [self._known[history] for history in histories]

    def _end(self, histories: Sequence[History], events: Sequence[Sequence[Event]], clock: Callable[[int], datetime]) -> list[list[str]]:
        shutil.rmtree(self._homes, ignore_errors=True)
        end = state_of(play(Home(self._homes), histories, events, clock, self._tell_time), self._models)
        assert len(end) == len(histories), "some history left no trace"
        return end
