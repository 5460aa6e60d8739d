"""Local plans: validity and milestones in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.rules import AtMost, Between, ByPeriodEnd, NotBefore, Rule

if TYPE_CHECKING:
    import pandas as pd

_LONG = "Local plans run for three to seven years; more than ten is usually a mistyped year."
_MAPPED = "A plan rests on the needs mapped before it; the other order is usually a wrong year."


def _count_years_covered(frame: pd.DataFrame) -> pd.Series[float]:
    """Years from the first to the last year of validity, both counted."""
    return frame["valid_to_year"].astype(float) - frame["valid_from_year"].astype(float) + 1


def _count_years_beyond(frame: pd.DataFrame) -> pd.Series[float]:
    """The stated duration less the years covered: 0 where they agree, -1 where only whole years between two days are meant."""
    return frame["duration_years"].astype(float) - _count_years_covered(frame)


SUITE: tuple[Rule, ...] = (
    AtMost("valid_from_year", "valid_to_year", "A plan cannot expire before it is in force.", name="plan_ends_before_it_starts"),
    NotBefore("adopted_on", "needs_mapped_on", _MAPPED, name="adopted_before_needs_mapped"),
    Between("valid_to_year", 1, 10, _LONG, name="unusual_plan_length", measure=_count_years_covered),
    Between("duration_years", -1, 0, "Plan years are said twice and must agree.", name="duration_disagrees", measure=_count_years_beyond),
    ByPeriodEnd("adopted_on"),
)
