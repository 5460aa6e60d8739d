"""Grants: money is spent out of what was disbursed, and disbursed out of what was awarded."""

from expectations.rules import AtMost, ByPeriodEnd, NoneOther, OwnCurrency, Rule
from expectations.sheets import ALIKE, THING_BEFORE, TWICE

_TO_DATE = "Amounts are to date, so the later step never exceeds the earlier one: absorption and execution are shares."
# What a form gives by period, one period may hold more of than the period before it gave.
_ONLY_TO_DATE = ("amounts", "to_date")

SUITE: tuple[Rule, ...] = (
    AtMost("disbursed_amount", "awarded_amount", _TO_DATE, only=_ONLY_TO_DATE),
    AtMost("spent_amount", "disbursed_amount", _TO_DATE, only=_ONLY_TO_DATE),
    AtMost("spent_amount", "awarded_amount", _TO_DATE, only=_ONLY_TO_DATE),
    ByPeriodEnd("awarded_on"),
    OwnCurrency(),
    NoneOther("grant_ref", THING_BEFORE, TWICE, "ref_repeated"),
    NoneOther("grantee_name", "grantee_name elsewhere", ALIKE, "name_spelled_otherwise"),
)
