"""Small histories of reports as workbooks and CSV files, and the same history received in another order: what must come to the same in the end."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ingest.entries import Entry, Receipt
from ingest.ledger import Ledger
from ingest.ledger_export import export_ledger
from ingest.receiving import Handed, receive
from ingest.registry import Registry
from munimon import pipeline
from munimon.results import keep_quiet
from munimon.settings import Home
from tests.dbt.warehouse import REFERENCE, Warehouse
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


@dataclass(frozen=True)
class Report:
    """One file of a municipality. ``rows`` are (ref, persons as typed); ``decision`` answers whether it replaces, should that be asked."""

    number: int
    period: str
    sent: int
    sender: str
    statement: str
    said: str
    rows: tuple[tuple[str | None, object], ...]
    is_csv: bool
    is_unclear: bool
    is_withdrawn: bool
    decision: str | None


@dataclass(frozen=True)
class History:
    """All that one municipality sent, and whether the name that was not clear is answered in the end."""

    reports: tuple[Report, ...]
    is_name_answered: bool


@st.composite
def reports(draw: st.DrawFn, number: int, is_unclear: bool) -> Report:
    said = draw(st.sampled_from(["data"] * 6 + ["nothing", "blank"]))
    row = st.tuples(st.sampled_from(["A", "A", "B", "B", "C", None]), st.sampled_from([1, 2, 3, "oko 30", "mnogo"]))
    rows = draw(st.lists(row, min_size=1, max_size=3, unique_by=lambda each: each[0] or object())) if said == "data" else []
    return Report(
        number=number,
        period=draw(st.sampled_from(["2024-Q1", "2024-Q1", "2024-Q1", "2024-Q2", "nije navedeno"])),
        sent=draw(st.integers(0, 6)),
        sender=draw(st.sampled_from(["office one", "office one", "office two"])),
        statement=draw(st.sampled_from(["replaces", "adds", "not_said", "not_said"])),
        said=said,
        rows=tuple(rows),
        is_csv=draw(st.booleans()),
        is_unclear=is_unclear,
        is_withdrawn=draw(st.sampled_from([False, False, False, True])),
        decision=draw(st.sampled_from([None, "replaces", "adds"])),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    unclear = draw(st.sampled_from([(), (), (), (), (), (), (), (), (), (0,), (0, 1)]))
    return History(tuple(draw(reports(number, number in unclear)) for number in range(draw(st.integers(2, 4)))), draw(st.booleans()))


def generate_histories(count: int, number: int | None = None) -> list[History]:
    """Histories for one run, gathered first: each is a municipality's, and one run of the models serves them all. A number gives other ones."""
    gathered: list[History] = []

    def gather(history: History) -> None:
        gathered.append(history)

    options: dict[str, Any] = {"derandomize": True} if number is None else {}
    check = settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), **options)
    gathering = check(given(history=histories())(gather))
    (gathering if number is None else seed(number)(gathering))()
    return gathered


# What happens to one report, in the order of a municipality's events.
Event = tuple[str, Report]


def as_sent(history: History, random: Random) -> list[Event]:
    """Each report on the day it was sent, taken back at once where it is taken back."""
    return [event for report in sorted(history.reports, key=lambda each: each.sent) for event in _events_of(report)]


def in_reverse(history: History, random: Random) -> list[Event]:
    """The last sent first, and only then what is taken back."""
    ordered = sorted(history.reports, key=lambda each: -each.sent)
    return [*(("arrives", each) for each in ordered), *(("is withdrawn", each) for each in ordered if each.is_withdrawn)]


def at_random(history: History, random: Random) -> list[Event]:
    """In any order, what is taken back some time after it came."""
    events = [event for report in history.reports for event in _events_of(report)]
    random.shuffle(events)
    told = [event for event in events if event[0] == "arrives"]
    for report in (report for kind, report in events if kind == "is withdrawn"):
        told.insert(random.randint(told.index(("arrives", report)) + 1, len(told)), ("is withdrawn", report))
    return told


def _events_of(report: Report) -> list[Event]:
    return [("arrives", report), *([("is withdrawn", report)] if report.is_withdrawn else [])]


ORDERS: Mapping[str, Callable[[History, Random], list[Event]]] = {"as sent": as_sent, "in reverse": in_reverse, "at random": at_random}
# What the ledger's clock shows round by round: it may stand, and it may run backwards.
CLOCKS: Mapping[str, Callable[[int], datetime]] = {
    "as sent": lambda step: MIDNIGHT + timedelta(days=10 + step),
    "in reverse": lambda step: MIDNIGHT + timedelta(days=50),
    "at random": lambda step: MIDNIGHT + timedelta(days=100 - step),
}


@dataclass(frozen=True)
class Played:
    """A home after all histories have happened in it; ``cases`` tells whose each submission is."""

    home: Home
    cases: Mapping[str, int]


def play(
    home: Home,
    histories: Sequence[History],
    order: Callable[[History, Random], list[Event]],
    clock: Callable[[int], datetime],
    tell_time: Callable[[datetime], None],
) -> Played:
    """Let the events of all histories happen, the first of each first; then answer what is asked.

    Args:
        home: Where they are received: the n-th history is that of the n-th municipality.
        histories: At most ``most_histories``.
        order: The events of a history.
        clock: What the ledger's clock shows in the how-maniest round.
        tell_time: Sets that clock.
    """
    names = _names(home.reference)
    told = [order(history, Random(number)) for number, history in enumerate(histories)]
    ids: dict[tuple[int, int], str] = {}
    rounds = max(map(len, told))
    for step in range(rounds):
        tell_time(clock(step))
        happening = [(case, *events[step]) for case, events in enumerate(told) if step < len(events)]
        arriving = [(case, report) for case, kind, report in happening if kind == "arrives"]
        received = receive(home, [_handed(report, names[case]) for case, report in arriving], keep_quiet) if arriving else []
        for (case, report), one in zip(arriving, received, strict=True):
            (ids[case, report.number],) = one.submission_ids
        for case, kind, report in happening:
            if kind == "is withdrawn":
                pipeline.withdraw(home, ids[case, report.number], "sent by mistake")
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


def _handed(report: Report, municipality: str) -> Handed:
    content = _content(report, municipality)
    suffix = "csv" if report.is_csv and report.said == "data" else "xlsx"
    receipt = Receipt(hashlib.sha256(content).hexdigest(), f"{report.number}.{suffix}", MIDNIGHT + timedelta(days=report.sent), report.sender)
    return Handed(content, receipt, Entry.now())


@cache
def _content(report: Report, municipality: str) -> bytes:
    """The bytes of a file, the same whenever it is sent; an unclear name is one that only a person can tell."""
    first = [
        ["Opština", f"{municipality} i okolina" if report.is_unclear else municipality],
        ["Program", "SAMPLE"],
        ["Period", report.period],
        ["Ovaj izveštaj", STATEMENTS[report.statement]],
        ["Delovodni broj", str(report.number)],
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


def most_histories() -> int:
    """How many histories one home can hold."""
    return len(_names(REFERENCE))


def state_of(played: Played, folder: Path) -> list[list[str]]:
    """What is known in the end, by history: the facts and quarantined rows that count, what sections say, statuses, open questions.

    The models run in ``folder``: the same for every home, since dbt reads them anew where a path changes.
    """
    home, ledger = played.home, Ledger(played.home.ledger)
    shutil.rmtree(folder / "raw", ignore_errors=True)
    shutil.copytree(home.raw, folder / "raw")
    export_ledger(ledger, home.raw, folder / "ledger")
    warehouse = Warehouse(folder)
    if not (folder / "reference").exists():
        (folder / "reference").mkdir()
        for table in REFERENCE.glob("*.csv"):
            shutil.copy(table, folder / "reference")
    warehouse.run_dbt("build", "--exclude-resource-type", "test", "unit_test", "--select", *(f"+{model}" for model in QUERIES))
    known: dict[int, list[str]] = defaultdict(list)
    for model, columns in QUERIES.items():
        for row in warehouse.query(f"select submission_id, {columns} from marts.{model} where recorded_to is null"):
            known[played.cases[row.pop("submission_id")]].append(f"{model}: {row}")
    for row in ledger.select("select * from current_submissions"):
        rows = "" if row["status"] == "withdrawn" else f", {row['accepted_rows']} rows and {row['quarantined_rows']} quarantined"
        known[played.cases[row["submission_id"]]].append(f"{row['submission_id']} is {row['status']} of {row['municipality_code']}{rows}")
    for question in pipeline.questions(home):
        known[played.cases[question.submission_ids[0]]].append(f"{question.kind} of {question.text}: {question.answer or 'open'}")
    return [sorted(known[case]) for case in sorted(known)]


def difference(
    folder: Path, histories: Sequence[History], orders: Sequence[str], tell_time: Callable[[datetime], None]
) -> tuple[History, str, list[str], list[str]] | None:
    """The shortest history that ends otherwise in another order than in the first: with that order, and what each end has that the other has not."""
    ends = {}
    for name in orders:
        played = play(Home(folder / name), histories, ORDERS[name], CLOCKS[name], tell_time)
        ends[name] = state_of(played, folder / "warehouse")
    first = ends[orders[0]]
    assert len(first) == len(histories), "some history left no trace"
    found = [
        (history, name, sorted(set(one) - set(other)), sorted(set(other) - set(one)))
        for name, end in ends.items()
        for history, one, other in zip(histories, first, end, strict=True)
        if one != other
    ]
    return min(found, key=lambda each: len(repr(each[0])), default=None)
