"""Who of the sample sends what, and when: on time, late, never, wrong, corrected."""

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ingest.registry import Municipality, Registry
from ingest.sections import load_report_sheet
from ingest.templates import write_report
from munimon.sample.things import PLANS, QUARTERS, Place, Rows, first_day, last_day
from munimon.sample.words import SYNTHETIC, UNREADABLE
from munimon.settings import shipped

PROGRAMME_ID = "SAMPLE"
DUE_DAYS = 15

_SERBIAN, _MACEDONIAN = 36, 24
# How the offices of a country write; a municipality keeps to its language.
_LANGUAGES = {"RS": ("sr-Latn", "sr-Latn", "sr-Latn", "sr-Cyrl"), "MK": ("mk", "mk", "mk", "mk", "en")}
_ALBANIAN = {"Tetovo", "Gostivar", "Debar", "Struga", "Lipkovo", "Želino"}

Sections = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class SampleFile:
    """A workbook of the sample: when and by whom it was sent, and when it is taken to have been received (UTC)."""

    path: Path
    sent_at: datetime
    sent_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Report:
    """A report before it is written: the file it becomes, and what stands in it."""

    file: SampleFile
    language: str
    municipality: tuple[str, str] | str
    period: str
    statement: str | None
    rows: Sections
    said: Mapping[str, str]


@dataclass(frozen=True)
class _Office:
    """A municipality with what it has to report and how reliably it does."""

    place: Place
    plans: Mapping[str, Rows]
    missing: float
    late: float


def write_sample(folder: Path, seed: int = 2024) -> list[SampleFile]:
    """Write the sample's workbooks into the folder.

    Returns:
        One entry a workbook, in the order in which they were received.
    """
    # A workbook takes 50 ms; spawned, since a fork of a process with threads may stand still.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        files = list(pool.map(_write, plan_reports(folder, seed), chunksize=16))
    return sorted(files, key=lambda file: (file.recorded_at, file.path))


def plan_reports(folder: Path, seed: int) -> list[Report]:
    """All reports of the sample as they will be written into the folder: the coordinating body's, then those of each municipality in turn."""
    registry = Registry.load(shipped() / "data" / "reference")
    offices = [_open_office(place, seed) for place in _choose_places(registry, random.Random(f"{seed}/places"))]
    reports = [_list_participants(folder, [office.place for office in offices])]
    for office in offices:
        for quarter in range(QUARTERS):
            reports.extend(_report_quarter(folder, office, quarter, random.Random(f"{seed}/{office.place.code}/{quarter}")))
    return reports


def _choose_places(registry: Registry, rng: random.Random) -> Iterator[Place]:
    """60 municipalities; no parts of cities, so that none is counted with the city it belongs to."""
    known = sorted(registry.municipalities.values(), key=lambda each: each.code)
    whole = [each for each in known if not each.parent_code]
    albanian = [each for each in whole if each.name_latn in _ALBANIAN]
    chosen = rng.sample([each for each in whole if each.country_code == "RS"], _SERBIAN)
    chosen += albanian
    chosen += rng.sample([each for each in whole if each.country_code == "MK" and each not in albanian], _MACEDONIAN - len(albanian))
    for each in sorted(chosen, key=lambda each: each.code):
        language = "sq" if each in albanian else rng.choice(_LANGUAGES[each.country_code])
        yield Place(each.code, _name_in(each, language), language, "RSD" if each.country_code == "RS" else "MKD", _size(each))


def _name_in(municipality: Municipality, language: str) -> str:
    return municipality.name_cyrl if language in ("sr-Cyrl", "mk") else municipality.name_latn


def _size(municipality: Municipality) -> int:
    return sum((municipality.population or 0) > bound for bound in (0, 15_000, 40_000, 90_000))


def _open_office(place: Place, seed: int) -> _Office:
    rng = random.Random(f"{seed}/{place.code}")
    plans = {section: plan(rng, place) for section, (likely, plan) in PLANS.items() if rng.random() < likely}
    if not plans:
        plans = {"trainings": PLANS["trainings"][1](rng, place)}
    return _Office(place, plans, missing=rng.choice((0.0, 0.1, 0.2, 0.4)), late=rng.choice((0.02, 0.1, 0.2, 0.6)))


def _report_quarter(folder: Path, office: _Office, quarter: int, rng: random.Random) -> Iterator[Report]:
    """The report of a quarter, if it is ever sent, and the one that corrects it, if any does."""
    if rng.random() < office.missing:
        return
    right = {section: rows.get(quarter, []) for section, rows in office.plans.items()}
    said = {section: _say_nothing(rng) for section, rows in right.items() if not rows}
    days = rng.randint(DUE_DAYS + 1, 80) if rng.random() < office.late else rng.randint(3, DUE_DAYS - 1)
    sent_on = last_day(quarter) + timedelta(days=days)
    first, is_wrong = (_spoil(right, office.place, rng), True) if rng.random() < 0.07 else (right, False)
    yield _address(folder, office.place, quarter, 1, first, said, sent_on, "replaces", rng)
    if rng.random() < (0.7 if is_wrong else 0.04):
        corrected = right if is_wrong else _revise(right)
        statement = "replaces" if rng.random() < 0.85 else None
        yield _address(folder, office.place, quarter, 2, corrected, said, sent_on + timedelta(days=rng.randint(10, 70)), statement, rng)


def _say_nothing(rng: random.Random) -> str:
    return "nothing" if rng.random() < 0.85 else "not_known"


def _spoil(right: Sections, place: Place, rng: random.Random) -> Sections:
    """The same report with one of the mistakes that are made; without a row to make it in, the report as it is."""
    filled = [section for section, rows in right.items() if rows and section in ("engagements", "trainings", "grants", "equipment")]
    if not filled:
        return right
    section = rng.choice(filled)
    row = dict(right[section][0])
    match section:
        case "engagements" if rng.random() < 0.5:
            row["engaged_women"] = row["engaged_persons"] + 2
        case "engagements":
            row["ended_on"] = row["started_on"] - timedelta(days=30)
        case "trainings":
            row["completed_persons"] = UNREADABLE[place.language]
        case "grants":
            row["spent_amount"] = row["awarded_amount"] * 10
        case _:
            row["equipment_type"] = UNREADABLE[place.language]
    return {**right, section: [row, *right[section][1:]]}


def _revise(right: Sections) -> Sections:
    """The same report after a second count: one person more was trained or engaged."""
    revised = {section: [dict(row) for row in rows] for section, rows in right.items()}
    for row in revised.get("trainings", []):
        row["enrolled_persons"] += 1
    for row in revised.get("engagements", []):
        row["engaged_persons"] += 1
    return revised


def _address(
    folder: Path,
    place: Place,
    quarter: int,
    version: int,
    rows: Sections,
    said: Mapping[str, str],
    sent_on: date,
    statement: str | None,
    rng: random.Random,
) -> Report:
    """The report with its cover. Now and then a name is mistyped, which a person settles, or the period left out: nothing can be used."""
    period = f"{first_day(quarter).year}-Q{quarter % 4 + 1}"
    name = f"sample-{period}-{place.code}" + ("" if version == 1 else f"-v{version}")
    sent_at = datetime.combine(sent_on, time(rng.randint(7, 15), rng.randrange(60)), UTC)
    received_at = sent_at + timedelta(hours=rng.randint(1, 90))
    slip = rng.random()
    return Report(
        SampleFile(folder / f"{name}.xlsx", sent_at, f"{place.code.lower()}@sample.example", received_at),
        place.language,
        place.name[:2] + place.name[3:] if slip < 0.01 else (place.code, place.name),
        "" if slip > 0.985 else period,
        statement,
        rows,
        said,
    )


def _list_participants(folder: Path, places: Sequence[Place]) -> Report:
    """The coordinating body's own table of who takes part, sent as the programme begins."""
    language = "sr-Latn"
    sent_at = datetime.combine(first_day(0), time(9), UTC)
    rows = [
        {"municipality": f"{place.name} ({place.code})", "role": "supported", "since": first_day(0), "until": last_day(QUARTERS - 1)}
        for place in places
    ]
    return Report(
        SampleFile(folder / "sample-participations.xlsx", sent_at, "coordinator@sample.example", sent_at),
        language,
        load_report_sheet().whole_programme.labels[language],
        f"{first_day(0):%Y-%m}/{last_day(QUARTERS - 1):%Y-%m}",
        "replaces",
        {"participations": rows},
        {},
    )


def _write(report: Report) -> SampleFile:
    write_report(
        report.file.path,
        language=report.language,
        municipality=report.municipality,
        programme=(PROGRAMME_ID, SYNTHETIC[report.language]),
        period=report.period,
        statement=report.statement,
        reported_on=report.file.sent_at.date(),
        rows=report.rows,
        said=report.said,
        sections=tuple(report.rows),
    )
    return report.file
