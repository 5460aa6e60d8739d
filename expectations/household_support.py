"""Household support: arrears settled against community work."""

from expectations.rules import AtMost, NoneOther, OwnCurrency, Rule
from expectations.sheets import ALIKE, THING_BEFORE, TWICE

SUITE: tuple[Rule, ...] = (
    AtMost(
        "hours_worked",
        "hours_agreed",
        "Households may work more than was agreed, but it is rare: usually the two columns are exchanged.",
        name="more_hours_than_agreed",
        name_if_qualified="more_hours_than_agreed",
    ),
    OwnCurrency(),
    NoneOther("support_ref", THING_BEFORE, TWICE, "ref_repeated"),
    NoneOther("host_institution", "host_institution elsewhere", ALIKE, "name_spelled_otherwise"),
)
