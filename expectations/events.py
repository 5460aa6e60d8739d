"""Events: held within the period, and nobody represents two municipalities."""

from expectations.rules import AtMost, ByPeriodEnd, NoneOther, Rule
from expectations.sheets import THING_BEFORE, TWICE

SUITE: tuple[Rule, ...] = (
    AtMost(
        "attending_municipalities",
        "attendees",
        "Each municipality that attended sent at least one person; usually the two columns are exchanged.",
        name="more_municipalities_than_attendees",
        name_if_qualified="more_municipalities_than_attendees",
    ),
    ByPeriodEnd("held_on"),
    NoneOther("event_ref", THING_BEFORE, TWICE, "ref_repeated"),
)
