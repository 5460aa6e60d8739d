"""Grants: money is spent out of what was disbursed, and disbursed out of what was awarded."""

from expectations.rules import AtMost, Rule, judge_amount

_TO_DATE = "Amounts are to date, so the later step never exceeds the earlier one: absorption and execution are shares."
_RANGE = "Grants of these programmes lie between small grants to associations and municipal infrastructure; outside it is usually another currency."

SUITE: tuple[Rule, ...] = (
    AtMost("disbursed_amount", "awarded_amount", _TO_DATE),
    AtMost("spent_amount", "disbursed_amount", _TO_DATE),
    AtMost("spent_amount", "awarded_amount", _TO_DATE),
    *judge_amount("awarded_amount", 100, 5_000_000, _RANGE),
    *judge_amount("disbursed_amount", 0, 5_000_000, _RANGE),
    *judge_amount("spent_amount", 0, 5_000_000, _RANGE),
)
