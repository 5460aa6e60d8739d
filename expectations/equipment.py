"""Equipment: delivered within the period, paid in the country's currency, to recipients that are written alike everywhere."""

from expectations.rules import ByPeriodEnd, NoneOther, OwnCurrency, Rule
from expectations.sheets import ALIKE, THING_BEFORE, TWICE

SUITE: tuple[Rule, ...] = (
    ByPeriodEnd("delivered_on"),
    OwnCurrency(),
    NoneOther("equipment_ref", THING_BEFORE, TWICE, "ref_repeated"),
    NoneOther("recipient_name", "recipient_name elsewhere", ALIKE, "name_spelled_otherwise"),
)
