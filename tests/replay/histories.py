"""What a programme may live through in two years, as Hypothesis draws it: reports, late and corrected, decisions, and tables that change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.replay.edits import EDITS

Cell = str | int | None
Row = tuple[tuple[str, Cell], ...]

# An event happens on one of these days, three weeks apart, so that quarters end and reports fall due on the way.
DAYS = 14
FIRST_DAY = datetime(2024, 3, 20, tzinfo=UTC)

PROGRAMMES = ("REPLAY-QUARTERLY", "REPLAY-QUARTERLY", "REPLAY-YEARLY", "REPLAY")
# Cities with their city municipalities, municipalities of two countries, and a name that means several places.
PLACES = (
    "Kruševac", "Raška", "Užice", "Tutin", "Ada", "Vranje", "Šid", "Beograd", "GO Novi Beograd", "GO Obrenovac", "Niš", "Niška Banja",
    "Скопје", "Чаир", "Центар", "Битола", "Штип", "Велес", "Прилеп", "Kavadarci", "Palilula", "Čačak", "Kikinda", "Svrljig",
)  # fmt: skip
PERIODS = ("2024-Q1", "2024-Q1", "2024-Q1", "2024-Q2", "2024-Q2", "2024-Q3", "2024-H1", "2024", "2023-12/2024-02", "not-stated", "jun - septembar")
# How a report is handed over: our workbook, a CSV, or a form whose amounts are those of the quarter.
WORKBOOK, TABLE, QUARTERLY = "workbook", "csv", "quarterly"


@dataclass(frozen=True, order=True)
class When:
    """A moment of the ledger's clock; events may share one, decisions come after the reports of their moment."""

    day: int
    hour: int

    @property
    def moment(self) -> datetime:
        return FIRST_DAY + timedelta(days=21 * self.day, hours=9 + self.hour)


@dataclass(frozen=True)
class Report:
    when: When
    form: str
    section: str
    period: str
    rows: tuple[Row, ...]
    said: str
    statement: str | None
    sender: str
    days_on_the_way: int


@dataclass(frozen=True)
class Again:
    """A report is handed in again, as sent so many days after it was received (mostly before)."""

    when: When
    number: int
    days_after: int


@dataclass(frozen=True)
class Decision:
    """What the coordinating body decides; ``number`` picks one of the reports, questions or approvals that there are then."""

    when: When
    kind: str
    number: int
    answer: str


@dataclass(frozen=True)
class History:
    """What happens to one municipality in one programme."""

    place: str
    programme: str
    reports: tuple[Report, ...]
    decisions: tuple[Decision, ...]
    again: tuple[Again, ...]


@dataclass(frozen=True)
class TableChange:
    """A reference table is edited before what happens on a day."""

    day: int
    kind: str
    number: int


def rows_of(**fields: st.SearchStrategy[Cell]) -> st.SearchStrategy[tuple[Row, ...]]:
    """One to three rows in which each field is stated now and then."""
    row = st.fixed_dictionaries({}, optional=fields).map(lambda stated: tuple(sorted(stated.items())))
    return st.lists(row.filter(bool), min_size=1, max_size=3).map(tuple)


def dates() -> st.SearchStrategy[Cell]:
    return st.sampled_from(["15.2.2024.", "31.3.2024.", "1.4.2024.", "20.5.2024.", "mart 2024", "2024", "maj 2025", None, "sredinom godine"])


def counts(top: int) -> st.SearchStrategy[Cell]:
    return st.one_of(st.integers(0, top), st.integers(0, top), st.sampled_from(["oko 7", "najmanje 3", "najviše 9", "deset ili dvanaest", None]))


def refs(letter: str) -> st.SearchStrategy[Cell]:
    return st.sampled_from([f"{letter}-1", f"{letter}-1", f"{letter}-2", None])


AMOUNTS = st.sampled_from([0, 500, 1000, "1.234,50", 90000, None])
CURRENCIES = st.sampled_from(["RSD", "EUR", "MKD", "USD", None])
SEXES, COMMUNITIES = st.sampled_from(["female", "male", None, None]), st.sampled_from(["roma", "other", None, None])

SECTIONS = {
    "engagements": rows_of(
        engagement_ref=refs("A"), person_ref=st.sampled_from(["P-1", "P-2", None]), employer_name=st.sampled_from(["JKP Vodovod", "JKP Čistoća"]),
        started_on=dates(), ended_on=dates(), engaged_persons=st.one_of(st.just(1), counts(12)),
        engaged_women=counts(5), engaged_roma=counts(4), days_worked=counts(90),
        outcome_known_persons=counts(6), outcome_known_women=counts(3), retained_persons=counts(3), sex=SEXES, community=COMMUNITIES,
    ),
    "grants": rows_of(
        grant_ref=refs("G"), awarded_on=dates(), currency=CURRENCIES, awarded_amount=AMOUNTS, disbursed_amount=AMOUNTS, spent_amount=AMOUNTS
    ),
    "trainings": rows_of(
        training_ref=refs("T"), title=st.sampled_from(["Obuka A", "Obuka B"]), started_on=dates(), ended_on=dates(), enrolled_persons=counts(20),
        enrolled_women=counts(9), completed_persons=counts(15), completed_women=counts(7), sex=SEXES, community=COMMUNITIES,
    ),
    "equipment": rows_of(
        equipment_ref=refs("E"), item_name=st.sampled_from(["Tablet", "Laptop"]), quantity=counts(20), unit_cost=AMOUNTS, currency=CURRENCIES,
        delivered_on=dates(),
    ),
    "services": rows_of(
        service_ref=refs("S"), started_on=dates(), ended_on=dates(), users=counts(30), users_women=counts(9), funding_amount=AMOUNTS,
        currency=CURRENCIES,
    ),
    "household_support": rows_of(
        support_ref=refs("H"), households=counts(30), arrears_settled_amount=AMOUNTS, currency=CURRENCIES, hours_worked=counts(9)
    ),
    "local_plans": rows_of(
        plan_type=st.sampled_from(["social_plan", None]), valid_from_year=st.sampled_from([2021, 2024, 2025]), duration_years=st.integers(1, 4),
        valid_to_year=st.sampled_from([2023, 2024, 2026]),
    ),
    "participations": rows_of(
        component=st.sampled_from(["jobs", "housing"]), role=st.just("supported"), since=st.sampled_from(["2023", "1.4.2024.", None]),
        until=st.sampled_from(["30.6.2024.", "2025", None]),
    ),
    "events": rows_of(event_ref=refs("D"), held_on=dates(), title=st.just("Konferencija"), attendees=counts(60)),
    "observations": rows_of(
        measure_code=st.sampled_from(["pupils", "roma_pupils", "meals", "meals", "trees"]), source_id=st.sampled_from(["popis", "škole"]),
        value=counts(90), unit=st.sampled_from(["persons", "percent", None, None]),
    ),
}  # fmt: skip
# The quarterly form knows a grant by its ref.
QUARTERLY_ROWS = rows_of(grant_ref=st.sampled_from(["G-1", "G-2"]), awarded_amount=st.sampled_from([900, 1000, None]), disbursed_amount=AMOUNTS)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    form = draw(st.sampled_from([WORKBOOK] * 6 + [TABLE, QUARTERLY, QUARTERLY]))
    section = "grants" if form == QUARTERLY else draw(st.sampled_from(["engagements", "observations", *SECTIONS]))
    said = draw(st.sampled_from(["data"] * 8 + ["nothing", "not_known"])) if form == WORKBOOK else "data"
    rows = draw(QUARTERLY_ROWS if form == QUARTERLY else SECTIONS[section])
    return Report(
        when=When(draw(st.integers(0, DAYS - 1)), draw(st.integers(0, 2))),
        form=form,
        section=section,
        period=draw(st.sampled_from(PERIODS[:6] if form == QUARTERLY else PERIODS)),
        rows=rows if said == "data" else (),
        said=said,
        statement=draw(st.sampled_from(["replaces", "replaces", "adds", None])),
        sender=draw(st.sampled_from(["office one", "office two"])),
        days_on_the_way=draw(st.integers(0, 30)),
    )


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    return Decision(
        when=When(draw(st.integers(0, DAYS - 1)), draw(st.integers(2, 4))),
        kind=draw(st.sampled_from(["withdraw", "answer", "answer", "take the answer back", "approve", "approve", "revoke"])),
        number=draw(st.integers(0, 9)),
        answer=draw(st.sampled_from(["replaces", "adds"])),
    )


@st.composite
def handed_in_again(draw: st.DrawFn, number: int, report: Report) -> Again:
    when = When(draw(st.integers(report.when.day, DAYS - 1)), draw(st.integers(0, 2)))
    return Again(when, number, draw(st.sampled_from([-90, -60, -45, -40, -31, -25, -10, 10])))


@st.composite
def histories(draw: st.DrawFn) -> History:
    given = tuple(sorted(draw(st.lists(reports(), min_size=2, max_size=6)), key=lambda report: report.when))
    again = [draw(handed_in_again(number, report)) for number, report in enumerate(given) if draw(st.integers(0, 2)) == 0]
    return History(
        place=draw(st.sampled_from(PLACES)),
        programme=draw(st.sampled_from(PROGRAMMES)),
        reports=given,
        decisions=tuple(sorted(draw(st.lists(decisions(), max_size=4)), key=lambda decision: decision.when)),
        again=tuple(again),
    )


def table_changes() -> st.SearchStrategy[list[TableChange]]:
    return st.lists(st.builds(TableChange, st.integers(1, DAYS - 1), st.sampled_from(sorted(EDITS)), st.integers(0, 9)), min_size=8, max_size=14)
