"""Municipalities of whom time alone changes what is known: reports fall due, people leave and plans end, on days on which nothing is entered."""

from __future__ import annotations

from tests.replay.warned import history, report

TIMED = [
    history(
        place,
        report(0, "participations", "2024", {"component": "jobs", "role": "supported"}),
        # gone by the first silent day, gone by the last, and there still
        report(
            1,
            "engagements",
            "2024-Q1",
            *(
                {"engagement_ref": ref, "engaged_persons": 3, "started_on": "1.2.2024.", "ended_on": ended_on}
                for ref, ended_on in (("S-1", "12.7.2024."), ("S-2", "20.1.2025."), ("S-3", None))
            ),
        ),
        report(2, "local_plans", "2024-Q1", {"plan_type": "social_plan", "valid_from_year": 2021, "valid_to_year": 2024}),
        programme=programme,
    )
    for place in ("Ljig", "Lučani")
    for programme in ("REPLAY-QUARTERLY", "REPLAY-YEARLY")
] + [
    # overdue when the build before the last was published, and handed in since
    history(
        "Lebane",
        report(0, "participations", "2024", {"component": "jobs", "role": "supported"}),
        report(12, "engagements", "2024-Q2", {"engagement_ref": "S-1", "engaged_persons": 3}),
        programme="REPLAY-STEADY",
    )
]
