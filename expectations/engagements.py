"""Engaged workers: parts within wholes, outcomes within what is known, time in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.rules import AtMost, Between, ByPeriodEnd, NoneOther, NotBefore, Rule, count_union, divide
from expectations.sheets import ALIKE, THING_BEFORE, TWICE

if TYPE_CHECKING:
    import pandas as pd

_MARGINS = ("engaged_persons", "engaged_women", "engaged_roma", "engaged_roma_women")
_PART = "A part of the engaged persons cannot be larger than all of them."
_BOTH = "Roma women are counted among the women and among the Roma."
_KNOWN = "An outcome can be known only for somebody who was engaged."
_KEPT = "Retention is kept ÷ outcome known: somebody who was kept on is somebody whose outcome is known."
_KEPT_ENGAGED = "Where the outcomes known are not stated, kept on is still a part of the engaged."
_WHOLE_ROW = "A row said to be of one sex or community cannot count persons of the other."


def _days_between(frame: pd.DataFrame) -> pd.Series[float]:
    """Days worked per person beyond the longest the engagement can have lasted, in days; unknown where its dates are in the wrong order."""
    import pandas as pd

    lasted = (pd.to_datetime(frame["ended_on_latest"]) - pd.to_datetime(frame["started_on_earliest"])).dt.days + 1
    return divide("days_worked", "engaged_persons")(frame) - lasted.where(lasted > 0)


SUITE: tuple[Rule, ...] = (
    AtMost("engaged_women", "engaged_persons", _PART),
    AtMost("engaged_roma", "engaged_persons", _PART),
    AtMost("engaged_roma_women", "engaged_women", _BOTH),
    AtMost("engaged_roma_women", "engaged_roma", _BOTH),
    AtMost("outcome_known_persons", "engaged_persons", _KNOWN),
    AtMost("outcome_known_women", "outcome_known_persons", _PART),
    AtMost("outcome_known_women", "engaged_women", _KNOWN),
    AtMost("outcome_known_roma", "outcome_known_persons", _PART),
    AtMost("outcome_known_roma", "engaged_roma", _KNOWN),
    AtMost("retained_persons", "outcome_known_persons", _KEPT),
    AtMost("retained_persons", "engaged_persons", _KEPT_ENGAGED),
    AtMost("retained_women", "retained_persons", _PART),
    AtMost("retained_women", "outcome_known_women", _KEPT),
    AtMost("retained_women", "engaged_women", _KEPT_ENGAGED),
    AtMost("retained_roma", "retained_persons", _PART),
    AtMost("retained_roma", "outcome_known_roma", _KEPT),
    AtMost("retained_roma", "engaged_roma", _KEPT_ENGAGED),
    NotBefore("ended_on", "started_on", "An engagement cannot end before it began; the usual cause is a wrong year or day and month exchanged."),
    Between("engaged_women", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("sex", "male")),
    Between("engaged_roma", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("community", "other")),
    Between(
        "engaged_roma_women",
        None,
        0,
        "Women and Roma, with Roma women counted once, are still a part of all engaged persons.",
        name="parts_exceed_whole",
        measure=count_union(*_MARGINS),
        parts=_MARGINS,
        name_if_qualified="parts_may_exceed_whole",
    ),
    Between(
        "days_worked",
        None,
        0,
        "Nobody works more days than the engagement lasted; usually hours in the place of days.",
        name="more_days_than_the_engagement",
        measure=_days_between,
    ),
    ByPeriodEnd("started_on"),
    NoneOther("engagement_ref", THING_BEFORE, TWICE, "ref_repeated"),
    NoneOther("employer_name", "employer_name elsewhere", ALIKE, "name_spelled_otherwise"),
)
