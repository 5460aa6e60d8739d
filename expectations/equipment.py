"""Equipment: plausible quantities and unit costs."""

from expectations.rules import Between, Rule, judge_amount

SUITE: tuple[Rule, ...] = (
    Between("quantity", 1, 5000, "More than 5,000 pieces of one item is usually its cost in the wrong column; no piece at all is no delivery."),
    *judge_amount("unit_cost", 1, 50_000, "The cost of one piece; outside the range it is usually the cost of all pieces, or another currency."),
)
