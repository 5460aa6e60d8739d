"""Municipalities whose reports show something wrong beside each other, each kind of it for a while, some of it since the last build."""

from __future__ import annotations

from tests.replay.histories import WORKBOOK, Cell, History, Report, Row, When


def report(day: int, section: str, period: str, *rows: dict[str, Cell]) -> Report:
    given: tuple[Row, ...] = tuple(tuple(sorted(row.items())) for row in rows)
    return Report(When(day, 0), WORKBOOK, section, period, given, "data", "replaces", "office one", 0)


def history(place: str, *reports: Report, programme: str = "REPLAY-QUARTERLY") -> History:
    return History(place, programme, tuple(sorted(reports, key=lambda report: report.when)), (), ())


def _grants(*spent: int, **more: Cell) -> list[dict[str, Cell]]:
    return [
        {"grant_ref": f"U-{number}", "awarded_amount": 9000, "spent_amount": amount, "currency": "EUR"} | more for number, amount in enumerate(spent)
    ]


def _observed(unit: str | None = None, **values: int) -> list[dict[str, Cell]]:
    return [{"measure_code": code, "source_id": "popis", "value": value, "unit": unit} for code, value in values.items()]


COURSE = {"training_ref": "Z", "title": "Obuka Z", "started_on": "15.2.2024.", "enrolled_persons": 20, "completed_persons": 10}
TABLETS = {"equipment_ref": "Z", "item_name": "Tablet", "delivered_on": "15.2.2024.", "quantity": 7}

WARNED = [
    history(
        "Ub",
        # what was spent to date falls twice: one figure is put right, and one before the other is since the last build
        report(0, "grants", "2024-Q1", *_grants(500, 500)),
        report(3, "grants", "2024-Q2", *_grants(400, 300)),
        report(6, "grants", "2024-Q2", *_grants(400, 600)),
        report(11, "grants", "2024-Q1", *_grants(500, 700)),
        report(12, "grants", "2024-Q3", *_grants(100, 650)),
        # a figure jumps until the one before it is put right, and another one stays so
        report(1, "engagements", "2024-Q1", {"engagement_ref": "Z", "engaged_persons": 2}),
        report(4, "engagements", "2024-Q2", {"engagement_ref": "Y", "engaged_persons": 12}),
        report(11, "engagements", "2024-Q1", {"engagement_ref": "Z", "engaged_persons": 11}),
        report(1, "events", "2024-Q1", {"event_ref": "Z", "title": "Sajam", "attendees": 3}),
        report(2, "events", "2024-Q2", {"event_ref": "Y", "title": "Sajam", "attendees": 60}),
        # trees that were planted are fewer, for a while and for good
        report(0, "observations", "2024-Q1", *({"measure_code": "trees", "source_id": source, "value": 50} for source in ("popis", "šume"))),
        report(2, "observations", "2024-Q2", *({"measure_code": "trees", "source_id": source, "value": 40} for source in ("popis", "šume"))),
        report(
            10,
            "observations",
            "2024-Q2",
            *({"measure_code": "trees", "source_id": source, "value": value} for source, value in (("popis", 60), ("šume", 40))),
        ),
        report(2, "trainings", "2024-Q1", COURSE),
        report(5, "equipment", "2024-Q1", TABLETS),
    ),
    history(
        "Blace",
        # what Ub reports too: no longer, and only since the last build
        report(4, "trainings", "2024-Q1", COURSE),
        report(7, "trainings", "2024-Q1", COURSE | {"completed_persons": 11}),
        report(11, "equipment", "2024-Q1", TABLETS),
        # no rate is known of that year; the one amount turns out to be in euro
        report(
            2,
            "grants",
            "2024-Q1",
            *_grants(10, awarded_on="1.5.2016.", currency="RSD"),
            {"grant_ref": "Y", "awarded_amount": 5, "currency": "RSD", "awarded_on": "1.5.2016."},
        ),
        report(
            10,
            "grants",
            "2024-Q1",
            *_grants(10, awarded_on="1.5.2016."),
            {"grant_ref": "Y", "awarded_amount": 5, "currency": "RSD", "awarded_on": "1.5.2016."},
        ),
        report(12, "participations", "2024-Q1", {"component": "jobs", "role": "supported"}),
    ),
    history(
        "Ražanj",
        # more Roma than pupils, and periods that lie across each other: put right, and told since the last build
        report(1, "observations", "2024-Q1", *_observed(roma_pupils=30, pupils=20, meals=10)),
        report(2, "observations", "2023-12/2024-02", *_observed(meals=4)),
        report(10, "observations", "2024-Q1", *_observed(roma_pupils=30, pupils=40, meals=10)),
        report(11, "observations", "2023-12/2024-02", *_observed(pupils=40)),
        report(11, "observations", "2024-Q2", *_observed(roma_pupils=30, pupils=20, meals=7)),
        report(12, "observations", "2024-05/2024-08", *_observed(meals=9)),
        # of pieces nobody says how many persons they are
        report(3, "observations", "2024-Q3", *_observed("kom", meals=5, pupils=9)),
        report(11, "observations", "2024-Q3", *_observed("kom", meals=5), *_observed(pupils=9)),
        # tables of the quarter that may be those of the year, until they have a name; households that have none
        report(2, "equipment", "2024-Q1", {"item_name": "Sto", "quantity": 3}),
        report(3, "equipment", "2024", {"item_name": "Sto", "quantity": 5}),
        report(11, "equipment", "2024", {"equipment_ref": "R", "item_name": "Sto", "quantity": 5}),
        report(2, "household_support", "2024-Q1", {"households": 3}),
        report(3, "household_support", "2024-H1", {"households": 5}),
    ),
    history("Blace", report(12, "equipment", "2024", TABLETS), programme="REPLAY-YEARLY"),
    history(
        "Rača",
        # courses with a ref in the quarters, and of the year: with one in the end, or without
        report(1, "trainings", "2024-Q1", {"training_ref": "R", "completed_persons": 8}),
        report(4, "trainings", "2024-Q2", {"training_ref": "S", "completed_persons": 9}),
        report(5, "trainings", "2024", {"completed_persons": 17}),
        report(11, "trainings", "2024", {"training_ref": "S", "completed_persons": 17}),
        report(2, "events", "2024-Q1", {"event_ref": "R", "attendees": 3}),
        report(12, "events", "2024", {"attendees": 4}),
    ),
]

# Of a whole and its part, told in one report, only the part is told anew since the last build: what the whole bounded then stays what it was.
TOLD_ANEW_IN_PART = [
    history(
        "Bor",
        report(1, "engagements", "2024-Q1", {"engagement_ref": "Z", "retained_persons": 3}, {"engagement_ref": "Y", "engaged_persons": 10}),
        report(11, "engagements", "2024-Q2", {"engagement_ref": "Z", "retained_persons": 3}),
    )
]
