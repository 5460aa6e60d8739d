"""The lives of the sample's things: what a municipality would report of each of them, quarter by quarter."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ingest.sections import load_code_lists
from munimon.sample.words import ABOUT, AT_LEAST, COUNCIL, EXAMPLE, SYNTHETIC

QUARTERS = 8
FIRST_YEAR = 2024

Rows = dict[int, list[dict[str, Any]]]
"""Rows by quarter, counted from 0."""

_UNITS_PER_EUR = {"EUR": 1, "RSD": 117, "MKD": 61}
_UNIT_COST_EUR = {
    "tablet": 190,
    "laptop": 640,
    "multifunction_printer": 310,
    "furniture": 120,
    "tools": 85,
    "household_appliance": 270,
    "vehicle": 14_500,
}


@dataclass(frozen=True)
class Place:
    """A municipality of the sample: how it writes, in which money, and how large its programme is (1 to 4)."""

    code: str
    name: str
    language: str
    currency: str
    size: int


def first_day(quarter: int) -> date:
    """The first day of a quarter counted from 0."""
    return date(FIRST_YEAR + quarter // 4, quarter % 4 * 3 + 1, 1)


def last_day(quarter: int) -> date:
    """The last day of a quarter counted from 0."""
    return first_day(quarter + 1) - timedelta(days=1)


def plan_engagements(rng: random.Random, place: Place) -> Rows:
    """Cohorts of workers, reported from the quarter they begin to the one after they end; what became of them is known in part."""
    rows: Rows = defaultdict(list)
    for number in range(1, rng.randint(2, 4) + 1):
        start, lasts = rng.randrange(QUARTERS - 1), rng.randint(2, 3)
        employer = rng.choice(("public_utility", "civil_society", "private_company", "social_enterprise"))
        started = _day(rng, start)
        ended = _day(rng, start + lasts - 1, after=started)
        persons = rng.randint(3, 9 * place.size)
        women, roma = _part(rng, persons, 0.25, 0.65), _part(rng, persons, 0.1, 0.7)
        both = _part(rng, min(women, roma), 0.2, 0.8)
        margins = {"engaged_women": women, "engaged_roma": roma, "engaged_roma_women": max(both, women + roma - persons)}
        stated = {name: value for name, value in margins.items() if rng.random() < 0.85}
        known = _part(rng, persons, 0.5, 1.0)
        known_women, known_roma = _part_of(rng, women, known, persons), _part_of(rng, roma, known, persons)
        kept = _part(rng, known, 0.15, 0.6)
        outcome = {
            "outcome_known_persons": known,
            "outcome_known_women": known_women,
            "outcome_known_roma": known_roma,
            "retained_persons": kept,
            "retained_women": _part_of(rng, known_women, kept, max(known, 1)),
            "retained_roma": _part_of(rng, known_roma, kept, max(known, 1)),
        }
        is_followed_up = rng.random() < 0.8
        for quarter in range(start, min(start + lasts + 1, QUARTERS)):
            is_over = ended <= last_day(quarter)
            worked = (min(ended, last_day(quarter)) - started).days * 5 / 7 * persons
            rows[quarter].append(
                {
                    "engagement_ref": f"A-{number:02}",
                    "employer_name": _name(place, "employer_types", employer, number),
                    "employer_type": employer,
                    "employer_count": 1,
                    "started_on": started,
                    "engaged_persons": persons,
                    "days_worked": int(worked * 0.95),
                    **stated,
                    **({"ended_on": ended} if is_over else {}),
                    **(outcome if is_over and is_followed_up and quarter == start + lasts else {}),
                }
            )
    return rows


def plan_trainings(rng: random.Random, place: Place) -> Rows:
    """One to two trainings in some quarters, over by the time they are reported."""
    rows: Rows = defaultdict(list)
    for quarter in range(QUARTERS):
        for number in range(1, rng.choice((0, 0, 1, 1, 2)) + 1):
            kind = rng.choice(("active_job_search", "cv_writing", "business_plan", "vocational", "digital_skills", "womens_empowerment"))
            started = _day(rng, quarter)
            enrolled = rng.randint(8, 12 * place.size)
            women = enrolled if kind == "womens_empowerment" else _part(rng, enrolled, 0.3, 0.7)
            roma, completed = _part(rng, enrolled, 0.1, 0.6), _part(rng, enrolled, 0.6, 1.0)
            completed_women = completed if women == enrolled else _part_of(rng, women, completed, enrolled)
            rows[quarter].append(
                {
                    "training_ref": f"O-{quarter + 1}-{number}",
                    "title": _name(place, "training_types", kind, quarter + 1),
                    "training_type": kind,
                    "started_on": started,
                    "ended_on": min(started + timedelta(days=rng.randint(0, 30)), last_day(quarter)),
                    "hours": rng.choice((8, 16, 24, 40, 120)),
                    "enrolled_persons": enrolled,
                    "completed_persons": completed,
                    **({"enrolled_women": women, "completed_women": completed_women} if rng.random() < 0.9 else {}),
                    **({"enrolled_roma": roma, "completed_roma": _part_of(rng, roma, completed, enrolled)} if rng.random() < 0.7 else {}),
                }
            )
    return rows


def plan_grants(rng: random.Random, place: Place) -> Rows:
    """Grants reported every quarter from their award until they are spent, amounts to date."""
    rows: Rows = defaultdict(list)
    for number in range(1, rng.randint(2, 5) + 1):
        start, grantee = rng.randrange(QUARTERS - 1), rng.choice(("civil_society", "entrepreneur", "cooperative", "social_enterprise"))
        currency = "EUR" if rng.random() < 0.2 else place.currency
        awarded = rng.randint(10, 60 * place.size) * 100 * _UNITS_PER_EUR[currency]
        awarded_on = _day(rng, start)
        disbursed, spent = 0.0, 0.0
        for quarter in range(start, min(start + 4, QUARTERS)):
            disbursed = min(1.0, disbursed + rng.uniform(0.2, 0.5))
            spent = min(disbursed, spent + rng.uniform(0.1, 0.4))
            rows[quarter].append(
                {
                    "grant_ref": f"G-{number:02}",
                    "grantee_name": _name(place, "grantee_types", grantee, number),
                    "grantee_type": grantee,
                    "purpose_type": "self_employment" if grantee == "entrepreneur" else "social_services",
                    "awarded_on": awarded_on,
                    "currency": currency,
                    "awarded_amount": awarded,
                    "disbursed_amount": round(awarded * disbursed, 2),
                    "spent_amount": round(awarded * spent, 2),
                }
            )
    return rows


def plan_equipment(rng: random.Random, place: Place) -> Rows:
    """A delivery in some quarters, with its cost in the local currency or in euros; sometimes the cost is not stated."""
    rows: Rows = defaultdict(list)
    for quarter in range(QUARTERS):
        if rng.random() < 0.35:
            item = rng.choice(tuple(_UNIT_COST_EUR))
            currency = "EUR" if rng.random() < 0.3 else place.currency
            cost = round(_UNIT_COST_EUR[item] * rng.uniform(0.8, 1.3) * _UNITS_PER_EUR[currency], 2)
            recipient = rng.choice(("school", "social_work_centre", "local_government", "civil_society"))
            rows[quarter].append(
                {
                    "equipment_ref": f"OP-{quarter + 1}",
                    "item_name": _name(place, "equipment_types", item, quarter + 1),
                    "equipment_type": item,
                    "quantity": 1 if item == "vehicle" else rng.randint(1, 8 * place.size),
                    "delivered_on": _day(rng, quarter),
                    "recipient_name": _name(place, "recipient_types", recipient, 1),
                    "recipient_type": recipient,
                    **({"unit_cost": cost, "currency": currency} if rng.random() < 0.85 else {}),
                }
            )
    return rows


def plan_services(rng: random.Random, place: Place) -> Rows:
    """One or two services that grow over the quarters, funding to date."""
    rows: Rows = defaultdict(list)
    for number, kind in enumerate(rng.sample(("home_care", "day_care", "personal_assistance", "mobile_team"), rng.randint(1, 2)), start=1):
        start, users, funding = rng.randrange(5), rng.randint(6, 15 * place.size), 0
        started = _day(rng, start)
        for quarter in range(start, QUARTERS):
            users += rng.randint(0, place.size)
            funding += rng.randint(20, 60) * 100 * _UNITS_PER_EUR[place.currency]
            rows[quarter].append(
                {
                    "service_ref": f"U-{number:02}",
                    "service_type": kind,
                    "provider_name": _name(place, "provider_types", "civil_society", number),
                    "provider_type": "civil_society",
                    "started_on": started,
                    "users": users,
                    "users_women": _part(rng, users, 0.45, 0.75),
                    **({"users_roma": _part(rng, users, 0.05, 0.4)} if rng.random() < 0.6 else {}),
                    "funding_amount": funding,
                    "currency": place.currency,
                }
            )
    return rows


def plan_household_support(rng: random.Random, place: Place) -> Rows:
    """A group of households now and then; their number is not always counted exactly, amounts and hours not always stated."""
    rows: Rows = defaultdict(list)
    for quarter in range(QUARTERS):
        if rng.random() < 0.4:
            households = rng.randint(4, 10 * place.size)
            agreed = households * rng.randint(10, 40)
            how = rng.random()
            said = f"{ABOUT[place.language]} {households}" if how < 0.2 else f"{AT_LEAST[place.language]} {households}" if how < 0.3 else households
            arrears = {"arrears_settled_amount": households * rng.randint(60, 220) * _UNITS_PER_EUR[place.currency], "currency": place.currency}
            rows[quarter].append(
                {
                    "support_ref": f"D-{quarter + 1}",
                    "utility_type": rng.choice(("electricity", "communal_services", "electricity_and_communal")),
                    "households": said,
                    "household_group": rng.choice(("roma", "social_assistance", "single_parent")),
                    **(arrears if rng.random() < 0.8 else {}),
                    **({"hours_agreed": agreed, "hours_worked": _part(rng, agreed, 0.5, 1.0)} if rng.random() < 0.75 else {}),
                    "host_institution": _name(place, "provider_types", "public_institution", 1),
                }
            )
    return rows


def plan_local_plans(rng: random.Random, place: Place) -> Rows:
    """A plan whose needs are mapped first and which is adopted some quarters later."""
    mapped = rng.randrange(4)
    adopted = mapped + rng.randint(2, 3)
    year = first_day(adopted).year
    kind = rng.choice(("local_social_plan", "social_protection_plan", "roma_inclusion_plan"))
    mapping = {"plan_type": kind, "title": _name(place, "plan_types", kind, 1), "needs_mapped_on": f"{first_day(mapped):%Y-%m}"}
    adoption = {
        "valid_from_year": year,
        "valid_to_year": year + 3,
        "duration_years": 4,
        "adopted_on": _day(rng, adopted),
        "adopted_by": COUNCIL[place.language],
    }
    return {mapped: [mapping], adopted: [mapping | adoption]}


def plan_events(rng: random.Random, place: Place) -> Rows:
    """An event now and then."""
    rows: Rows = defaultdict(list)
    for quarter in range(QUARTERS):
        if rng.random() < 0.35:
            attendees = rng.randint(15, 90)
            rows[quarter].append(
                {
                    "event_ref": f"S-{quarter + 1}",
                    "event_type": rng.choice(("workshop", "job_fair", "public_debate", "social_dialogue")),
                    "held_on": _day(rng, quarter),
                    "place": place.name,
                    "attendees": f"{ABOUT[place.language]} {attendees}" if rng.random() < 0.4 else attendees,
                }
            )
    return rows


def plan_observations(rng: random.Random, place: Place) -> Rows:
    """A figure that fits no other section, once a year."""
    return {
        quarter: [
            {
                "measure_code": "households_without_water_supply",
                "source_id": "SAMPLE-SURVEY",
                "value": rng.randint(5, 120),
                "unit": "households",
                "note": SYNTHETIC[place.language],
            }
        ]
        for quarter in (3, 7)
    }


PLANS: Mapping[str, tuple[float, Callable[[random.Random, Place], Rows]]] = {
    "grants": (0.6, plan_grants),
    "engagements": (0.85, plan_engagements),
    "trainings": (0.7, plan_trainings),
    "equipment": (0.45, plan_equipment),
    "services": (0.35, plan_services),
    "local_plans": (0.5, plan_local_plans),
    "household_support": (0.3, plan_household_support),
    "events": (0.3, plan_events),
    "observations": (0.1, plan_observations),
}
"""By section: how likely a municipality's part of the programme includes it, and what it then reports."""


def _part(rng: random.Random, whole: int, low: float, high: float) -> int:
    return int(whole * rng.uniform(low, high) + 0.5)


def _part_of(rng: random.Random, group: int, chosen: int, whole: int) -> int:
    """How many of a group are among the chosen, were these chosen from the whole by lot: never more than either."""
    return min(chosen, sum(rng.random() < chosen / whole for _ in range(group)))


def _day(rng: random.Random, quarter: int, after: date | None = None) -> date:
    """A working day of a quarter, after another day where one is given."""
    first = max(first_day(quarter), after + timedelta(days=20)) if after else first_day(quarter)
    day = first + timedelta(days=rng.randint(2, max(2, (last_day(quarter) - first).days)))
    return day - timedelta(days=max(0, day.isoweekday() - 5))


def _name(place: Place, code_list: str, code: str, number: int) -> str:
    """A name that says what it is and that it is an example: "Primer 3 – Zadruga"."""
    return f"{EXAMPLE[place.language]} {number} – {load_code_lists()[code_list].codes[code][place.language]}"
