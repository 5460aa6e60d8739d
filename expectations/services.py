"""Social services: users and their margins, and the time a service ran."""

from expectations.rules import AtMost, Between, NotBefore, Rule, judge_amount

_PART = "A part of the users cannot be larger than all of them."
_WHOLE_ROW = "A row said to be of one sex or community cannot count persons of the other."

SUITE: tuple[Rule, ...] = (
    AtMost("users_women", "users", _PART),
    AtMost("users_roma", "users", _PART),
    NotBefore("ended_on", "started_on", "A service cannot end before it began; the usual cause is a wrong year or day and month exchanged."),
    Between("users_women", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("sex", "male")),
    Between("users_roma", 0, 0, _WHOLE_ROW, name="contradicts_row", only=("community", "other")),
    Between("users", 0, 20_000, "One local service with more than 20,000 users is usually the population it could serve."),
    *judge_amount("funding_amount", 10, 5_000_000, "Yearly funding of a local service; outside the range it is usually another currency."),
)
