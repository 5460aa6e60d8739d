"""What the tests of totals are told about, in one home: figures above municipalities, programmes and periods. All figures are synthetic."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from munimon import pipeline
from munimon.reference import copy_reference
from munimon.results import SubmissionResult
from munimon.settings import Home
from tests.end_to_end.post import WHOLE, Post, Rows, engagement

Ask = Callable[..., Rows]
IN_PLANS = ("Скопје", "Чаир", "Центар", "Битола")
ZZZ, COVID, SKGO, PLANS = "RS-GIZ-ZZZ", "RS-SIPRU-COVID", "RS-SKGO-IPA2020", "MK-LSP"
# An observation becomes a measure, and an indicator, by rows alone.
STOCK = {
    "section": "observations", "field": "value", "unit": "persons", "kind": "stock", "counted_by": "period", "over_periods": "latest",
    "over_municipalities": "sum", "over_programmes": "sum", "has_qualifier": "true", "filter_field": "measure_code",
}  # fmt: skip
OTHERWISE = {
    "pupils": {},
    "roma_pupils": {},
    "attendance": {"unit": "share"},
    "meals": {"kind": "flow", "over_periods": "sum", "unit": "meals"},
    "trees": {"kind": "cumulative", "unit": "trees"},
}
MEASURES = [STOCK | {"measure_code": code, "title": code, "filter_code": code} | otherwise for code, otherwise in OTHERWISE.items()]
INDICATORS = [
    {"indicator_code": "trees_planted", "unit": "trees", "numerator_measure": "trees"},
    {"indicator_code": "meals_served", "unit": "meals", "numerator_measure": "meals"},
    {"indicator_code": "pupils", "unit": "persons", "numerator_measure": "pupils"},
    {"indicator_code": "attendance", "unit": "share", "numerator_measure": "attendance"},
    {"indicator_code": "meals_per_pupil", "unit": "meals", "numerator_measure": "meals", "denominator_measure": "pupils"},
    {"indicator_code": "roma_among_pupils", "unit": "share", "numerator_measure": "roma_pupils", "denominator_measure": "pupils",
     "whole_measure": "pupils"},
]  # fmt: skip
MEALS = {"measure_code": "meals", "source_id": "kuhinja"}
# From April 2024 on everybody who enrolled is trained; and all of the history by that definition, beside it.
TRAINED = {"indicator_code": "persons_trained", "unit": "persons", "definition_version": "2", "numerator_measure": "enrolled_persons"}
REDEFINED = [TRAINED | {"valid_from": "2024-04-01"}, TRAINED | {"indicator_code": "persons_trained_restated"}]
TARGETS = [{"indicator_code": "persons_engaged", "programme_id": SKGO, "baseline": "3", "target": "11", "source": "plan"}]


def add_rows(home: Home, table: str, rows: list[dict[str, str]]) -> None:
    path = home.reference / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        names = next(csv.reader(lines))
    with path.open("a", encoding="utf-8", newline="") as out:
        csv.DictWriter(out, names, lineterminator="\n").writerows(rows)


def end_definition(home: Home, indicator: str, last_day: str) -> None:
    """The row of an indicator holds until a day and no longer."""
    path = home.reference / "indicators.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"valid_to": last_day} if row["indicator_code"] == indicator else row for row in rows)


def person(ref: str, who: str, **more: object) -> dict[str, object]:
    return engagement(ref, 1, person_ref=who, **more)


def observed(pupils: int, roma_pupils: int | None = None) -> list[dict[str, object]]:
    counted = {"pupils": pupils, "roma_pupils": roma_pupils}
    return [{"measure_code": code, "source_id": "škole", "value": value} for code, value in counted.items() if value is not None]


def claimed(source: str, pupils: int) -> dict[str, object]:
    return {"measure_code": "pupils", "source_id": source, "value": pupils}


def tell(post: Post) -> dict[str, SubmissionResult]:
    """All that is received; the submissions whose findings are looked at, by name."""
    two_known = [person("A-1", "P-1", sex="female"), person("A-2", "P-2", sex="male")]
    post.receive(
        "2024-04-10",
        post.report("Aleksinac", "engagements", engagement("A", 10), *two_known, programme=ZZZ),
        post.report("Aleksinac", "engagements", engagement("B", 6), person("B-1", "P-1"), programme=COVID),
        post.report("Beočin", "engagements", *two_known, programme=ZZZ),
        post.report("Beočin", "engagements", person("B-2", "P-2"), person("B-3", "P-3", sex="female"), programme=COVID),
        post.report("Beograd", "engagements", engagement("A", 2), programme=SKGO),
        post.report("GO Novi Beograd", "engagements", engagement("A", 5), programme=SKGO),
        post.report("Скопје", "engagements", engagement("A", 4), programme=PLANS),
        post.report("Чаир", "engagements", engagement("A", 3), programme=PLANS),
        post.report(None, "participations", *({"municipality": name, "role": "supported", "since": "2024"} for name in IN_PLANS), programme=PLANS),
        post.report("Čačak", "observations", *observed(200, 20), MEALS | {"value": 500}),
    )
    # meals of two quarters, then of the year; of a half-year and the quarter after it
    for day, period, served in (("2024-04-10", "2024-Q1", 10), ("2024-07-10", "2024-Q2", 12), ("2024-11-20", "2024", 40)):
        post.receive(day, post.report("Raška", "observations", MEALS | {"value": served}, period=period))
    for day, period, served in (("2024-04-10", "2024-Q1", 10), ("2024-07-10", "2024-H1", 30), ("2024-10-10", "2024-Q3", 5)):
        post.receive(day, post.report("Tutin", "observations", MEALS | {"value": served}, period=period))
    # trees planted to date; the last figure is lower than the one before
    trees = {"measure_code": "trees", "source_id": "zelenilo"}
    for day, period, planted in (("2024-04-10", "2024-Q1", 50), ("2024-07-10", "2024-Q2", 90), ("2024-10-10", "2024-Q3", 80)):
        post.receive(day, post.report("Požega", "observations", trees | {"value": planted}, period=period))
    # the reference is of the support, and not of a household; the plan may be one and the same
    helped, plan = {"support_ref": "H-1", "households": 5}, {"plan_type": "social_plan", "valid_from_year": 2024, "valid_to_year": 2026}
    post.receive(
        "2024-04-10",
        post.report("Blace", "household_support", helped, programme=ZZZ),
        post.report("Blace", "household_support", helped | {"households": 3}, programme=COVID),
        post.report("Blace", "local_plans", plan, programme=ZZZ, statement="adds"),
        post.report("Blace", "local_plans", plan, programme=COVID, statement="adds"),
    )
    # two sources on the pupils of one municipality, a part above its whole in another
    post.receive(
        "2024-04-10",
        post.report("Kikinda", "observations", claimed("novine", 8), programme=SKGO),
        post.report("Kanjiža", "observations", claimed("škole", 5), claimed("novine", 5), programme=SKGO),
        post.report("Sečanj", "observations", *observed(20, 30), programme=SKGO),
    )
    post.receive("2024-05-10", post.report("Kikinda", "observations", claimed("škole", 11), programme=SKGO, statement="adds"))
    (contradiction,) = post.receive(
        "2024-04-11", post.report("Ruma", "engagements", engagement("A-1", 5, engaged_women=7), engagement("A-2", 3, engaged_women=1))
    )
    household = {"support_ref": "H-1", "households": 5}
    grant = {"grant_ref": "G-1", "awarded_on": "15.2.2024.", "currency": "RSD", "awarded_amount": "100.000,00"}
    post.receive(
        "2024-04-12",
        post.report("Ub", "household_support", household),
        post.report("Ub", "household_support", {"support_ref": "H-2", "households": 3}, period="2023-12/2024-02"),
        post.report("Ub", "household_support", {"support_ref": "H-3", "households": 2}, period="not stated"),
        post.report("Ub", "grants", grant, grant | {"grant_ref": "G-2", "awarded_on": "15.2.2016."}, grant | {"grant_ref": "G-3", "currency": None}),
    )
    # what donors pay in their own currencies: by a day, in words beside the amount, by a year, and of a year without rates
    donated = (("G-1", "15.2.2024.", "10.000 $", None), ("G-2", "10.1.2024.", "5.000,50 švajcarskih franaka", None))
    donated += (("G-3", "2024", 1200, "funti"), ("G-4", "15.2.2016.", 500, "USD"))
    names = ("grant_ref", "awarded_on", "awarded_amount", "currency")
    post.receive("2024-04-12", post.report("Ljig", "grants", *(dict(zip(names, each, strict=True)) for each in donated)))
    training = {"training_ref": "T-1", "enrolled_persons": 10, "completed_persons": 8, "started_on": "1.2.2024.", "ended_on": "20.2.2024."}
    later = {"training_ref": "T-2", "enrolled_persons": 12, "completed_persons": 9, "started_on": "2.5.2024.", "ended_on": "20.5.2024."}
    post.receive("2024-07-09", post.report("Vranje", "trainings", training, later, period="2024-Q2"))
    # of how many they are is stated by nobody
    post.receive("2024-07-09", post.report("Ruma", "trainings", training | {"enrolled_persons": None, "completed_persons": 30}, period="2024-Q2"))
    post.receive("2024-07-10", post.report("Vrbas", "observations", *observed(100), period="2024-Q2"))
    post.receive("2024-07-11", post.report("Ub", "household_support", household | {"households": 6}, period="2024-H1"))
    post.receive("2024-10-10", post.report("Čačak", "observations", *observed(180, 27), MEALS | {"value": 400}, period="2024-Q3"))
    return {"contradiction": contradiction}


def tell_of_overlapping_periods(post: Post) -> None:
    """Rows that nothing tells from others but the period of their report, and the same of periods that cross."""
    chairs, cohort = {"item_name": "Stolica", "quantity": 4}, {"engaged_persons": 10, "engaged_women": 4, "started_on": "15.2.2024."}
    post.receive("2024-04-12", post.report("Ada", "equipment", chairs), post.report("Bor", "engagements", cohort))
    post.receive("2024-07-12", post.report("Bor", "engagements", {"engaged_persons": 5}, period="2024-Q2"))
    post.receive("2024-07-12", post.report("Kula", "household_support", {"households": 30}, period="2024-H1"))
    post.receive("2024-07-12", post.report("Bač", "observations", MEALS | {"value": 30}, period="2024-H1"))
    post.receive("2024-08-12", post.report("Bač", "observations", MEALS | {"value": 20}, period="2024-05/2024-07"))
    post.receive("2024-10-12", post.report("Kula", "household_support", {"households": 40}, period="2024-04/2024-09"))
    post.receive(
        "2024-11-21",
        post.report("Ada", "equipment", chairs, chairs | {"quantity": 5}, period="2024"),
        post.report("Bor", "engagements", cohort, {"engaged_persons": 6, "started_on": "20.5.2024."}, period="2024"),
    )


def tell_of_rows_without_a_name(post: Post) -> None:
    """Laptops by their refs in the quarters and without one in the year; a person with a code, and no ref of the work, in a quarter and the year."""
    for day, period, laptops in (
        ("2024-04-12", "2024-Q1", [{"equipment_ref": "L-1", "quantity": 8}]),
        ("2024-07-12", "2024-Q2", [{"equipment_ref": "L-2", "quantity": 9}]),
        ("2024-11-21", "2024", [{"quantity": 10}, {"quantity": 7}]),
    ):
        told = [{"item_name": "Laptop"} | laptop for laptop in laptops]
        post.receive(day, post.report("Lajkovac", "equipment", *told, period=period, programme=SKGO))
    one, other = ({"person_ref": code, "engaged_persons": 1} for code in ("P-1", "P-2"))
    post.receive("2024-04-12", post.report("Lučani", "engagements", one))
    post.receive("2024-11-21", post.report("Lučani", "engagements", other, one, period="2024"))


def tell_in_other_units(post: Post) -> None:
    meals, attendance = (
        MEALS | {"value": 7, "unit": "items"},
        {"measure_code": "attendance", "source_id": "škole", "value": "12,5", "unit": "percent"},
    )
    post.receive("2024-04-12", post.report("Bela Palanka", "observations", MEALS | {"value": 10}, attendance))
    post.receive("2024-07-12", post.report("Bela Palanka", "observations", meals, period="2024-Q2"))


def tell_totals(folder: Path) -> tuple[Home, dict[str, SubmissionResult]]:
    """The home in which all of it is built and published, and the submissions whose findings are looked at, by name."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        post = Post(folder, monkeypatch)
        copy_reference(post.home)
        add_rows(post.home, "measures", MEASURES)
        every = {"definition_version": "1", "scale": "1", "level": "outcome", "direction": "increasing"}
        every |= {"numerator_sex": "all", "numerator_community": "all"}
        add_rows(post.home, "indicators", [every | row | {"title": row["indicator_code"], "definition": "counted at school"} for row in INDICATORS])
        add_rows(post.home, "targets", TARGETS)
        submissions = tell(post)
        tell_of_overlapping_periods(post)
        tell_of_rows_without_a_name(post)
        tell_in_other_units(post)
        post.on("2024-12-01")
        end_definition(post.home, "persons_trained", "2024-03-31")
        add_rows(post.home, "indicators", [every | row | {"title": row["indicator_code"], "definition": "all who enrolled"} for row in REDEFINED])
        post.on("2025-01-10")
        pipeline.build(post.home)
    return post.home, submissions


def totals(ask: Ask, indicator: str, where: str, columns: str) -> list[tuple[object, ...]]:
    """The current totals of an indicator, as numbers where they are ones, ordered by what is shown."""
    asked = f"select {columns} from marts.indicator_totals where indicator_code = '{indicator}' and {where} and {WHOLE} order by all"
    return [tuple(row.values()) for row in ask(asked)]
