"""What the versions of statements must come to, worked out moment by moment from the rules alone: slow, and plain enough to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

PERIODS = {
    "not-stated": (None, None),
    "XXXX-06/XXXX-09": (None, None),
    "2024-Q1": ("2024-01-01", "2024-03-31"),
    "2024-Q2": ("2024-04-01", "2024-06-30"),
    "2024": ("2024-01-01", "2024-12-31"),
}
MIDNIGHT = datetime(2024, 4, 12)


def moment_at(number: int) -> datetime:
    """Moments are small numbers here: days after 12 April 2024, so that reports on the first quarter (due on the 15th) are late from 4 on."""
    return MIDNIGHT + timedelta(days=number)


@dataclass(frozen=True)
class State:
    """An interval in which a submission is usable, and known to be sent at a moment; None: as was said first."""

    recorded_from: int
    recorded_to: int | None
    replaces: bool
    from_cause: str
    to_cause: str | None
    sent: int | None = None

    def covers(self, moment: int) -> bool:
        return self.recorded_from <= moment and (self.recorded_to is None or moment < self.recorded_to)


@dataclass(frozen=True)
class Row:
    number: int
    thing: str | None
    is_quarantined: bool


@dataclass(frozen=True)
class Submission:
    submission_id: str
    period_id: str
    sent: int
    file_sha256: str
    said: str
    states: tuple[State, ...]
    rows: tuple[Row, ...]

    def state(self, moment: int) -> State | None:
        return next((state for state in self.states if state.covers(moment)), None)

    def turn(self, moment: int) -> tuple[str, str, int, str]:
        """Its place among all that is usable at a moment, by what is then known of its sending."""
        start, end = PERIODS[self.period_id]
        state = self.state(moment)
        sent = self.sent if state is None or state.sent is None else state.sent
        return (end or "", start or "", sent, self.submission_id)

    @property
    def is_late(self) -> bool:
        return self.period_id == "2024-Q1" and self.sent > 3

    def key_of(self, row: Row) -> str:
        return row.thing or f"row:{self.submission_id}/grants/{row.number}"


@dataclass(frozen=True)
class Interval:
    """A statement (submission, row) as what we knew; None as a cause: more than one thing happened then, any of their causes will do."""

    submission_id: str
    row: int
    first_period_id: str | None
    recorded_from: int
    recorded_to: int | None
    from_cause: str | None
    to_cause: str | None


@dataclass(frozen=True)
class History:
    """All that was sent of one programme and municipality, and when it was usable."""

    submissions: tuple[Submission, ...]

    def moments(self) -> list[int]:
        return sorted(
            {end for one in self.submissions for state in one.states for end in (state.recorded_from, state.recorded_to) if end is not None}
        )

    def until(self, moment: int) -> History:
        """The same, as the ledger stood at that moment."""
        known = []
        for one in self.submissions:
            states = tuple(
                replace(state, recorded_to=None, to_cause=None) if state.recorded_to is not None and state.recorded_to > moment else state
                for state in one.states
                if state.recorded_from <= moment
            )
            if states:
                known.append(replace(one, states=states))
        return History(tuple(known))

    def at_once(self) -> History:
        """The same in the end, had all that is still usable come together on the first day."""
        usable = [one for one in self.submissions if one.states[-1].recorded_to is None]
        return History(tuple(replace(one, states=(replace(one.states[-1], recorded_from=0, from_cause="received"),)) for one in usable))

    def replacing(self, one: Submission, moment: int) -> Iterator[Submission]:
        """The usable submissions that replace another at a moment."""
        for other in self.submissions:
            state = other.state(moment)
            if (
                state is not None
                and state.replaces
                and other.said in ("data", "nothing")
                and other.period_id == one.period_id != "not-stated"
                and other.file_sha256 != one.file_sha256
                and other.turn(moment) > one.turn(moment)
            ):
                yield other

    def stands(self, one: Submission, moment: int, thing: str | None = None) -> bool:
        """Whether what a submission says stands; of a thing, also where the row that would replace it is quarantined."""
        if one.said == "not_known" or one.state(moment) is None:
            return False
        return all(
            thing is not None and any(row.is_quarantined and row.thing == thing for row in other.rows) for other in self.replacing(one, moment)
        )

    def statements(self, thing: str, moment: int) -> list[tuple[Submission, Row]]:
        """The good statements on a thing that stand, the least first."""
        return sorted(
            (
                (one, row)
                for one in self.submissions
                for row in one.rows
                if not row.is_quarantined and one.key_of(row) == thing and self.stands(one, moment, row.thing)
            ),
            key=lambda statement: (statement[0].turn(moment), statement[1].number),
        )

    def things(self) -> list[str]:
        return sorted({one.key_of(row) for one in self.submissions for row in one.rows})

    def facts(self) -> list[Interval]:
        """Every row the fact table must have, in no order."""
        facts: list[Interval] = []
        moments = self.moments()
        for thing in self.things():
            known = [(moment, self._known(thing, moment)) for moment in moments]
            before: tuple[str, int, str] | None = None
            open_at = 0
            open_cause: str | None = None
            for moment, now in [*known, (None, None)]:
                if now == before and moment is not None:
                    continue
                cause = self._cause(thing, moment) if moment is not None else None
                if before is not None:
                    facts.append(Interval(*before, open_at, moment, open_cause, cause))
                before, open_at, open_cause = now, moment or 0, cause
            facts.extend(self._hidden(thing))
        return facts

    def _known(self, thing: str, moment: int) -> tuple[str, int, str] | None:
        standing = self.statements(thing, moment)
        return (standing[-1][0].submission_id, standing[-1][1].number, standing[0][0].period_id) if standing else None

    def _hidden(self, thing: str) -> Iterator[Interval]:
        """An empty interval for each statement that was not the live one when it came."""
        for one in self.submissions:
            if one.said == "not_known" or not one.states:
                continue
            came = one.states[0].recorded_from
            known = self._known(thing, came)
            for row in one.rows:
                if not row.is_quarantined and one.key_of(row) == thing and (known is None or known[:2] != (one.submission_id, row.number)):
                    yield Interval(one.submission_id, row.number, None, came, came, None, None)

    def _cause(self, thing: str, moment: int) -> str | None:
        """Why what is known of a thing changed: known for sure where one submission alone changed at that moment."""
        changed = [one for one in self.submissions for state in one.states if moment in (state.recorded_from, state.recorded_to)]
        if len({one.submission_id for one in changed}) != 1:
            return None
        one = changed[0]
        state = one.state(moment)
        if state is None:
            return "withdrawn"
        if state.from_cause != "received":
            return state.from_cause
        before, now = self.statements(thing, moment - 1), self.statements(thing, moment)
        takes_place = bool(before and now) and now[-1][0] is one and before[-1][0].period_id == one.period_id
        if takes_place or self._replaced_by(one, moment):
            return "corrected"
        return "late" if one.is_late else "received"

    def _replaced_by(self, one: Submission, moment: int) -> bool:
        return any(
            one in self.replacing(other, moment)
            and other.said != "not_known"
            and other.state(moment) is not None
            and other.state(moment - 1) is not None
            for other in self.submissions
        )

    def quarantined(self, moment: int) -> set[tuple[str, int]]:
        """The quarantined rows whose totals are incomplete at a moment."""
        found = set()
        for one in self.submissions:
            for row in one.rows:
                if row.is_quarantined and self.stands(one, moment):
                    good = self.statements(one.key_of(row), moment)
                    if not any((other.turn(moment), better.number) > (one.turn(moment), row.number) for other, better in good):
                        found.add((one.submission_id, row.number))
        return found

    def standing(self, moment: int) -> set[str]:
        """The submissions whose section stands, not_known ones included."""
        return {
            one.submission_id for one in self.submissions if self.stands(one, moment) or (one.said == "not_known" and one.state(moment) is not None)
        }


def is_known(row: dict[str, object], moment: datetime) -> bool:
    """Whether a row with recorded_from and recorded_to held at a moment."""
    return row["recorded_from"] <= moment and (row["recorded_to"] is None or moment < row["recorded_to"])  # type: ignore[operator]


def as_of(rows: Iterable[dict[str, object]], moment: datetime) -> list[dict[str, object]]:
    """The rows as they would have been built then: later ones are absent, a later end and its cause are not known."""
    return [
        {**row, "recorded_to": None, "to_cause": None} if row["recorded_to"] is not None and row["recorded_to"] > moment else row  # type: ignore[operator]
        for row in rows
        if row["recorded_from"] <= moment  # type: ignore[operator]
    ]
