"""Fields of every type, and what their cells may say."""

from ingest.sections import load_sections
from ingest.values import Parsed, Problem

SECTIONS = load_sections()
COUNT = SECTIONS["trainings"].field("completed_persons")
HOUSEHOLDS = SECTIONS["household_support"].field("households")
HOURS = SECTIONS["trainings"].field("hours")
AMOUNT = SECTIONS["grants"].field("awarded_amount")
NUMBER = SECTIONS["observations"].field("value")
DATE = SECTIONS["engagements"].field("started_on")
YEAR = SECTIONS["local_plans"].field("valid_from_year")
SEX = SECTIONS["engagements"].field("sex")
TEXT = SECTIONS["trainings"].field("title")
REF = SECTIONS["trainings"].field("training_ref")
PERSONAL = next(field for section in SECTIONS.values() for field in section.fields if field.is_personal)
ALL_TYPES = (COUNT, HOURS, AMOUNT, NUMBER, DATE, YEAR, SEX, TEXT, REF)
BLANK, UNKNOWN = Parsed(is_blank=True), Parsed(is_unknown=True)


def exact(value, **more):
    return Parsed(value=value, qualifier="exact", **more)


def refused(rule, **params):
    return Parsed(problem=Problem(rule, params))
