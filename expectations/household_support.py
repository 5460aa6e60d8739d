"""Household support: arrears settled against community work."""

from expectations.rules import AtMost, Between, Rule, divide, judge_amount

SUITE: tuple[Rule, ...] = (
    AtMost(
        "hours_worked",
        "hours_agreed",
        "Households may work more than was agreed, but it is rare: usually the two columns are exchanged.",
        name="more_hours_than_agreed",
        name_if_qualified="more_hours_than_agreed",
    ),
    Between("households", 1, 5000, "More than 5,000 households is usually persons, or all households of the municipality."),
    Between(
        "hours_worked",
        0,
        2100,
        "Hours are of all households of the row together; more than a working year for each is usually another row's total.",
        name="unusual_hours_per_household",
        measure=divide("hours_worked", "households"),
    ),
    *judge_amount("arrears_settled_amount", 1, 2_000_000, "Arrears of a group of households; outside the range it is usually another currency."),
)
