"""Social services: users and their margins, and the time a service ran."""

from expectations.rules import AtMost, Between, ByPeriodEnd, NoneOther, NotBefore, OwnCurrency, Rule
from expectations.sheets import ALIKE, THING_BEFORE, TWICE

_PART = "A part of the users cannot be larger than all of them."
_WHOLE_ROW = "A row said to be of one sex or community cannot count persons of the other."

SUITE: tuple[Rule, ...] = (
    AtMost("users_women", "users", _PART),
    AtMost("users_roma", "users", _PART),
    NotBefore("ended_on", "started_on", "A service cannot end before it began; the usual cause is a wrong year or day and month exchanged."),
    Between("users_women", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("sex", "male")),
    Between("users_roma", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("community", "other")),
    ByPeriodEnd("started_on"),
    OwnCurrency(),
    NoneOther("service_ref", THING_BEFORE, TWICE, "ref_repeated"),
    NoneOther("provider_name", "provider_name elsewhere", ALIKE, "name_spelled_otherwise"),
)
