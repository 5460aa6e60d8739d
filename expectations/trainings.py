"""Trainings: who finished is among those who enrolled, and a training has a plausible length."""

from expectations.rules import AtMost, Between, ByPeriodEnd, NoneOther, NotBefore, Rule
from expectations.sheets import ALIKE, THING_BEFORE, TWICE

_PART = "A part of the persons cannot be larger than all of them."
_COMPLETED = "Nobody completes a training without having enrolled in it."
_WHOLE_ROW = "A row said to be of one sex or community cannot count persons of the other."

SUITE: tuple[Rule, ...] = (
    AtMost("enrolled_women", "enrolled_persons", _PART),
    AtMost("enrolled_roma", "enrolled_persons", _PART),
    AtMost("completed_persons", "enrolled_persons", _COMPLETED),
    AtMost("completed_women", "completed_persons", _PART),
    AtMost("completed_women", "enrolled_women", _COMPLETED),
    AtMost("completed_roma", "completed_persons", _PART),
    AtMost("completed_roma", "enrolled_roma", _COMPLETED),
    NotBefore("ended_on", "started_on", "A training cannot end before it began; the usual cause is a wrong year or day and month exchanged."),
    Between("enrolled_women", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("sex", "male")),
    Between("completed_women", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("sex", "male")),
    Between("enrolled_roma", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("community", "other")),
    Between("completed_roma", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("community", "other")),
    ByPeriodEnd("started_on"),
    NoneOther("training_ref", THING_BEFORE, TWICE, "ref_repeated"),
    NoneOther("organiser_name", "organiser_name elsewhere", ALIKE, "name_spelled_otherwise"),
)
