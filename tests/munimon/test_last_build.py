"""Whether a build may take the last one over, and what it then reads again.

That both ways end alike is proved by living through histories (tests/replay).
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.entries import Entry
from ingest.ledger import Ledger
from munimon import pipeline
from munimon.building import write_inputs
from munimon.last_build import LastBuild, hash_of_inputs
from munimon.reference import copy_reference
from munimon.results import IngestOptions
from munimon.settings import Home

SENT = datetime(2024, 4, 9, 8, tzinfo=UTC)


class Office:
    """A home that reports come to, and builds of it, made of files that dbt would read."""

    def __init__(self, folder: Path, clock: pytest.MonkeyPatch) -> None:
        self.folder, self.clock, self.home = folder, clock, Home(folder / "home")
        copy_reference(self.home)
        self.last = LastBuild(self.home.builds / "last")

    def receive(self, moment: str, place: str, persons: int, sent_at: datetime | None = None, sent_by: str | None = None) -> str:
        self.clock.setenv("MUNIMON_NOW", moment)
        file = self.folder / f"{place} {persons}.csv"
        file.write_text(f"engagement_ref,engaged_persons\nA-1,{persons}\n", encoding="utf-8")
        options = IngestOptions(municipality=place, programme="SAMPLE", period="2024-Q1", sent_at=sent_at, sent_by=sent_by)
        return pipeline.ingest(self.home, [file], options).submissions[0].submission_id

    def see_day(self, moment: str) -> None:
        """Enter what the first build of a day does."""
        self.clock.setenv("MUNIMON_NOW", moment)
        Ledger(self.home.ledger).record_build_day(Entry.now())

    def prepare(self, name: str) -> tuple[Path, str]:
        """What a build would be made of now, and its hash."""
        inputs = self.folder / name
        ledger = Ledger(self.home.ledger)
        write_inputs(self.home, ledger, ledger.record_reference(self.home.reference, Entry.now()), inputs)
        return inputs, hash_of_inputs(inputs, self.home.raw)

    def build(self) -> None:
        inputs, made_of = self.prepare("first")
        file = self.folder / "first.duckdb"
        file.write_bytes(b"what dbt wrote")
        self.last.keep(file, inputs, made_of)

    def is_taken_over(self, name: str = "second") -> bool:
        inputs, made_of = self.prepare(name)
        is_taken_over = self.last.take_over(inputs, made_of)
        assert (inputs / "build.duckdb").exists() == is_taken_over
        return is_taken_over

    def told_to_dbt(self) -> tuple[set[str], datetime | None]:
        """The submissions whose rows are read, and up to when all is known."""
        ledger = self.folder / "second" / "ledger"
        read = duckdb.execute("select submission_id from read_parquet(?)", [str(ledger / "rows_read.parquet")]).fetchall()
        ((known_until,),) = duckdb.execute("select known_until from read_parquet(?)", [str(ledger / "last_build.parquet")]).fetchall()
        return {submission_id for (submission_id,) in read}, known_until


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def test_without_a_last_build_everything_is_read(office):
    first = office.receive("2024-04-09T10:00", "Kruševac", 5)

    assert not office.is_taken_over()
    assert office.told_to_dbt() == ({first}, None)


def test_only_what_a_place_with_something_new_reported_is_read_again(office):
    first = office.receive("2024-04-09T10:00", "Kruševac", 5)
    office.receive("2024-04-09T11:00", "Šid", 7)
    office.build()
    corrected = office.receive("2024-04-12T10:00", "Kruševac", 6)

    assert office.is_taken_over()
    assert office.told_to_dbt() == ({first, corrected}, datetime(2024, 4, 9, 11))


def test_what_a_place_withdrew_or_answered_is_something_new(office):
    office.receive("2024-04-09T10:00", "Kruševac", 5)
    withdrawn = office.receive("2024-04-09T11:00", "Šid", 7)
    unclear = office.receive("2024-04-09T12:00", "Palilula", 3)
    office.build()
    office.clock.setenv("MUNIMON_NOW", "2024-04-13T10:00")
    pipeline.withdraw(office.home, withdrawn, "sent by mistake")
    pipeline.answer(office.home, pipeline.questions(office.home)[0].question_id, "71323")

    assert office.is_taken_over()
    assert office.told_to_dbt() == ({withdrawn, unclear}, datetime(2024, 4, 9, 12))


@pytest.mark.parametrize(("sent_at", "sent_by"), [(datetime(2024, 4, 8, tzinfo=UTC), None), (SENT, "an office")], ids=["earlier", "by another"])
def test_a_report_that_was_sent_earlier_than_was_known_is_something_new_of_its_place(office, sent_at, sent_by):
    dated_back = office.receive("2024-04-09T10:00", "Kruševac", 5, SENT, "office")
    office.receive("2024-04-09T11:00", "Šid", 7)
    office.build()
    office.receive("2024-04-11T10:00", "Kruševac", 5, sent_at, sent_by)

    assert office.is_taken_over()
    assert office.told_to_dbt() == ({dated_back}, datetime(2024, 4, 9, 11))


def test_nothing_new_reads_nothing(office):
    office.receive("2024-04-09T10:00", "Kruševac", 5)
    office.build()

    assert office.is_taken_over()
    assert office.told_to_dbt() == (set(), datetime(2024, 4, 9, 10))


def test_a_day_that_came_without_a_report_is_known_and_reads_nothing(office):
    office.receive("2024-04-09T10:00", "Kruševac", 5)
    office.see_day("2024-04-10T09:00")
    office.build()
    office.see_day("2024-04-11T09:00")

    assert office.is_taken_over()
    assert office.told_to_dbt() == (set(), datetime(2024, 4, 10, 9))


def test_a_day_is_entered_by_its_first_build_alone(office):
    for moment in ("2024-04-10T09:00", "2024-04-10T23:59", "2024-04-11T00:00+02:00", "2024-04-11T00:00"):
        office.see_day(moment)

    days = Ledger(office.home.ledger).select("select day, recorded_at, is_back_filled from build_days")
    assert days == [
        {"day": "2024-04-10", "recorded_at": "2024-04-10T09:00:00.000000", "is_back_filled": 1},
        {"day": "2024-04-11", "recorded_at": "2024-04-11T00:00:00.000000", "is_back_filled": 1},
    ]


def change_a_table(office):
    table = office.home.reference / "programmes.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("quarter", "month", 1), encoding="utf-8")


def move_the_home(office):
    office.home = Home(office.home.folder.rename(office.folder / "moved"))
    office.last = LastBuild(office.home.builds / "last")


CHANGES = {
    "a report entered with a date before the build": lambda office: office.receive("2024-04-08T10:00", "Šid", 7),
    "a day entered with a date before the build": lambda office: office.see_day("2024-04-08T10:00"),
    "a report entered at the very moment of the last one": lambda office: office.receive("2024-04-09T10:00", "Šid", 7),
    "a report dated back at the very moment of the last one": lambda office: office.receive(
        "2024-04-09T10:00", "Kruševac", 5, datetime(2024, 4, 8, tzinfo=UTC)
    ),
    "a table changed": change_a_table,
    "the home moved": move_the_home,
    "a build that took it over was not finished": lambda office: office.is_taken_over("unfinished"),
    "a run killed before the build was kept whole": lambda office: (office.last.folder / "made_of.sha256").unlink(),
    "the models changed": lambda office: (office.last.folder / "made_of.sha256").write_text("another"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_where_the_last_build_does_not_hold_everything_is_read(office, change):
    office.receive("2024-04-09T10:00", "Kruševac", 5)
    office.build()
    change(office)
    office.clock.setenv("MUNIMON_NOW", "2024-04-12T10:00")
    new = office.receive("2024-04-12T10:00", "Kruševac", 6)

    assert not office.is_taken_over()
    read, known_until = office.told_to_dbt()
    assert new in read and len(read) == Ledger(office.home.ledger).select("select count(*) as number from submissions")[0]["number"]
    assert known_until is None
